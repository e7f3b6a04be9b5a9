//! A durable step here and in steno, which records that a node begins and how it ends, beside a plain append and
//! `fdatasync`. Each of steno's events is synced, as a step here is, where the thread is: the least that it can cost.
//!
//! `cargo run --release` in this folder. It takes turns, so that what else the machine does meets all three.

use baton_runtime::{Kind, Layer, LocalEngine, Never, Orchestrator, RunContext, RunError, Runtime, StepError};
use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Instant;
use steno::{
    ActionContext, ActionError, ActionRegistry, DagBuilder, Node, SagaCachedState, SagaCreateParams, SagaDag, SagaId,
    SagaName, SagaNodeEvent, SagaType, SecStore, new_action_noop_undo,
};

const STEPS: u32 = 100;
const TURNS: usize = 30;

struct Steps;

impl Orchestrator for Steps {
    const NAME: &'static str = "steps";
    const LAYER: Layer = Layer::Domain;
    const KIND: Kind = Kind::Sequential;
    type Input = ();
    type Output = ();
    type Error = Never;

    async fn orchestrate(&self, cx: &RunContext<'_>, (): ()) -> Result<(), RunError<Never>> {
        for step in 0..STEPS {
            cx.step("work").run(|_| async move { Ok::<_, StepError<Never>>(step) }).await?;
        }
        Ok(())
    }
}

/// One file per saga, synced at each event.
#[derive(Debug)]
struct SyncedStore {
    folder: PathBuf,
    files: Mutex<HashMap<SagaId, File>>,
}

#[async_trait::async_trait]
impl SecStore for SyncedStore {
    async fn saga_create(&self, params: SagaCreateParams) -> Result<(), anyhow::Error> {
        let mut file = OpenOptions::new().append(true).create(true).open(self.folder.join(params.id.to_string()))?;
        file.write_all(serde_json::to_string(&params)?.as_bytes())?;
        file.sync_all()?;
        self.files.lock().unwrap().insert(params.id, file);
        Ok(())
    }

    async fn record_event(&self, event: SagaNodeEvent) {
        let mut files = self.files.lock().unwrap();
        let file = files.get_mut(&event.saga_id).unwrap();
        file.write_all(format!("{}\n", serde_json::to_string(&event).unwrap()).as_bytes()).unwrap();
        file.sync_data().unwrap();
    }

    async fn saga_update(&self, _: SagaId, _: SagaCachedState) {}
}

#[derive(Debug)]
struct Saga;

impl SagaType for Saga {
    type ExecContextType = ();
}

async fn work(_: ActionContext<Saga>) -> Result<u32, ActionError> {
    Ok(7)
}

fn dag(registry: &mut ActionRegistry<Saga>) -> Arc<SagaDag> {
    let action = new_action_noop_undo("work", work);
    registry.register(Arc::clone(&action));
    let mut builder = DagBuilder::new(SagaName::new("steps"));
    for step in 0..STEPS {
        builder.append(Node::action(format!("n{step}"), format!("step {step}"), action.as_ref()));
    }
    Arc::new(SagaDag::new(builder.build().unwrap(), serde_json::Value::Null))
}

fn floor(path: &Path) -> f64 {
    let line = [b'x'; 107];
    let mut file = OpenOptions::new().append(true).create(true).open(path).unwrap();
    file.write_all(&line).unwrap();
    file.sync_all().unwrap();
    let before = Instant::now();
    for _ in 0..STEPS {
        file.write_all(&line).unwrap();
        file.sync_data().unwrap();
    }
    before.elapsed().as_secs_f64()
}

fn report(what: &str, mut turns: Vec<f64>) {
    turns.sort_by(f64::total_cmp);
    let each = |at: usize| turns[at] * 1e6 / f64::from(STEPS);
    println!("{what}   median {:.1} µs   tenth {:.1} µs a step", each(TURNS / 2), each(TURNS / 10));
}

#[tokio::main]
async fn main() {
    let place = std::env::var_os("BATON_BENCH_FOLDER").map_or_else(std::env::temp_dir, PathBuf::from);
    let folder = tempfile::tempdir_in(place).unwrap();
    let engine = LocalEngine::open(folder.path().join("runs")).unwrap();
    let runtime = Runtime::builder().engine(engine).register(Steps).unwrap().build().unwrap();
    let sagas = folder.path().join("sagas");
    std::fs::create_dir(&sagas).unwrap();
    let store = SyncedStore { folder: sagas, files: Mutex::default() };
    let sec = steno::sec(slog::Logger::root(slog::Discard, slog::o!()), Arc::new(store));
    let mut registry = ActionRegistry::new();
    let dag = dag(&mut registry);
    let registry = Arc::new(registry);
    let (mut floors, mut ours, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
    for turn in 0..TURNS {
        floors.push(floor(&folder.path().join(format!("floor{turn}"))));
        let before = Instant::now();
        runtime.run::<Steps>(()).await.unwrap();
        ours.push(before.elapsed().as_secs_f64());
        let before = Instant::now();
        let id = SagaId::new_v4();
        let saga = sec.saga_create(id, Arc::new(()), Arc::clone(&dag), Arc::clone(&registry)).await.unwrap();
        sec.saga_start(id).await.unwrap();
        saga.await.kind.unwrap();
        theirs.push(before.elapsed().as_secs_f64());
    }
    report("floor", floors);
    report("baton-runtime, with its run's beginning and end", ours);
    report("steno, synced, with its saga's beginning and end", theirs);
}
