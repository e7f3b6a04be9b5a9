//! What a step costs, beside a plain append and `fdatasync` of the same bytes in the same run of this program.
//!
//! `cargo bench -p baton-runtime` takes some minutes. `-- RUNS` recovers that many open runs instead of 10 000. The folder is
//! the system's for temporary files, or that of `BATON_BENCH_FOLDER`; it must not lie in memory. `BATON_BENCH=one,memory`
//! picks parts out of `one`, `many`, `memory` and `recovery`.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark")]

use baton_runtime::{
    Durability, Kind, Layer, LocalEngine, MemoryEngine, Never, Orchestrator, RunContext, RunError, RunId, RunOptions,
    Runtime, StepError, SystemFiles,
};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// Steps of one run that is measured by itself.
const STEPS: u32 = 100;
/// How often both sides of a comparison take turns, so that what else the machine does meets both.
const TURNS: usize = 30;
const ROUNDS: usize = 7;
const CONCURRENT: usize = 64;
const STEPS_EACH: u32 = 200;

/// Notes how long each of its steps takes, in seconds.
#[derive(Clone, Default)]
struct Steps(Arc<Mutex<Vec<f64>>>);

impl Orchestrator for Steps {
    const NAME: &'static str = "steps";
    const LAYER: Layer = Layer::Domain;
    const KIND: Kind = Kind::Sequential;
    type Input = u32;
    type Output = ();
    type Error = Never;

    async fn orchestrate(&self, cx: &RunContext<'_>, steps: u32) -> Result<(), RunError<Never>> {
        let mut times = Vec::with_capacity(usize::try_from(steps).unwrap());
        for step in 0..steps {
            let before = Instant::now();
            cx.step("work").run(|_| async move { Ok::<_, StepError<Never>>(step) }).await?;
            times.push(before.elapsed().as_secs_f64());
        }
        self.0.lock().unwrap().extend(times);
        Ok(())
    }
}

/// A run that waits at its only question.
struct Waits;

impl Orchestrator for Waits {
    const NAME: &'static str = "waits";
    const LAYER: Layer = Layer::Domain;
    const KIND: Kind = Kind::Sequential;
    type Input = ();
    type Output = ();
    type Error = Never;

    async fn orchestrate(&self, cx: &RunContext<'_>, (): ()) -> Result<(), RunError<Never>> {
        for step in 0..10 {
            cx.step("work").run(|_| async move { Ok::<_, StepError<Never>>(step) }).await?;
        }
        Ok(cx.decision("go", &()).await?)
    }
}

fn folder() -> tempfile::TempDir {
    let place = std::env::var_os("BATON_BENCH_FOLDER").map_or_else(std::env::temp_dir, PathBuf::from);
    tempfile::tempdir_in(place).unwrap()
}

fn tokio() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap()
}

/// The line that a step of [`Steps`] leaves in its journal, or one as long.
const LINE: &[u8] = b"00000059 5e0f3c11 {\"entry\":{\"key\":{\"sequence\":[100],\"kind\":\"step\",\"name\":\"work\"},\"data\":{\"Ok\":100}}}\n";

/// How long each append takes, in seconds.
fn append(path: &Path, times: u32) -> Vec<f64> {
    let mut file: File = OpenOptions::new().append(true).create(true).open(path).unwrap();
    file.write_all(LINE).unwrap();
    file.sync_all().unwrap();
    let mut each = Vec::new();
    for _ in 0..times {
        let before = Instant::now();
        file.write_all(LINE).unwrap();
        file.sync_data().unwrap();
        each.push(before.elapsed().as_secs_f64());
    }
    each
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The tenth part of all values lies below: what it costs where nobody else is in the way.
fn tenth(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 10]
}

fn one_run(flavor: &str, tokio: &tokio::runtime::Runtime, is_spawned: bool) {
    let (folder, steps) = (folder(), Steps::default());
    let engine = LocalEngine::open(folder.path().join("runs")).unwrap();
    let runtime = Runtime::builder().engine(engine).register(steps.clone()).unwrap().build().unwrap();
    let mut floor = Vec::new();
    for turn in 0..TURNS {
        floor.extend(append(&folder.path().join(format!("floor{turn}")), STEPS));
        if is_spawned {
            let runtime = runtime.clone();
            tokio.block_on(tokio.spawn(async move { runtime.run::<Steps>(STEPS).await })).unwrap().unwrap();
        } else {
            tokio.block_on(runtime.run::<Steps>(STEPS)).unwrap();
        }
    }
    let mut ours = std::mem::take(&mut *steps.0.lock().unwrap());
    for (what, measure) in [("median", median as fn(&mut [f64]) -> f64), ("tenth", tenth)] {
        let (floor, ours) = (measure(&mut floor) * 1e6, measure(&mut ours) * 1e6);
        println!(
            "a durable step, {flavor}, {what}   floor {floor:.1} µs   ours {ours:.1} µs   ratio {:.2}",
            ours / floor
        );
    }
}

fn many_runs() {
    let (tokio, folder) = (tokio(), folder());
    let engine = LocalEngine::open(folder.path().join("runs")).unwrap();
    let runtime = Runtime::builder().engine(engine).register(Steps::default()).unwrap().build().unwrap();
    let (mut floor, mut ours) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let before = Instant::now();
        std::thread::scope(|scope| {
            for thread in 0..CONCURRENT {
                let path = folder.path().join(format!("floor{round}-{thread}"));
                scope.spawn(move || append(&path, STEPS_EACH));
            }
        });
        floor.push(before.elapsed().as_secs_f64());
        let before = Instant::now();
        tokio.block_on(async {
            let mut runs = tokio::task::JoinSet::new();
            for _ in 0..CONCURRENT {
                let runtime = runtime.clone();
                runs.spawn(async move { runtime.run::<Steps>(STEPS_EACH).await });
            }
            while let Some(ended) = runs.join_next().await {
                ended.unwrap().unwrap();
            }
        });
        ours.push(before.elapsed().as_secs_f64());
    }
    let steps = f64::from(STEPS_EACH * u32::try_from(CONCURRENT).unwrap());
    let (floor, ours) = (steps / median(&mut floor), steps / median(&mut ours));
    println!(
        "{CONCURRENT} runs, {STEPS_EACH} steps each   floor {floor:.0}/s   ours {ours:.0}/s   ratio {:.2}",
        floor / ours
    );
}

fn memory() {
    let (tokio, steps) = (tokio(), Steps::default());
    let runtime = Runtime::builder().engine(MemoryEngine::new()).register(steps.clone()).unwrap().build().unwrap();
    for _ in 0..ROUNDS {
        tokio.block_on(runtime.run::<Steps>(20_000)).unwrap();
    }
    let mut times = std::mem::take(&mut *steps.0.lock().unwrap());
    println!("a step in memory   median {:.0} ns   tenth {:.0} ns", median(&mut times) * 1e9, tenth(&mut times) * 1e9);
}

fn recovery(runs: u32) {
    let (tokio, folder) = (tokio(), folder());
    let open = |durability| LocalEngine::open_with(folder.path(), durability, SystemFiles).unwrap();
    let build = |engine| Runtime::builder().engine(engine).register(Waits).unwrap().build().unwrap();
    let runtime = build(open(Durability::Buffered));
    tokio.block_on(async {
        for run in 0..runs {
            let options = RunOptions::new().run_id(RunId::new(format!("run-{run:06}")).unwrap());
            assert!(runtime.run_with::<Waits>(options, ()).await.unwrap_err().is_interrupted());
        }
    });
    drop(runtime);
    let before_memory = peak_memory();
    let runtime = build(open(Durability::Synced));
    let before = Instant::now();
    let recovery = tokio.block_on(runtime.recover()).unwrap();
    let time = before.elapsed();
    assert_eq!(recovery.interrupted, usize::try_from(runs).unwrap());
    println!(
        "recovery of {runs} open runs of 11 operations   {time:.1?}, {:.0} µs each   peak memory {} MiB, {} MiB before",
        time.as_secs_f64() * 1e6 / f64::from(runs),
        peak_memory() / 1024,
        before_memory / 1024,
    );
}

/// The most memory that the process ever had, in KiB; 0 where the system does not say.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}

fn main() {
    let runs = std::env::args().find_map(|argument| argument.parse().ok());
    let wanted = std::env::var("BATON_BENCH").unwrap_or_default();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.split(',').any(|wanted| wanted == name);
    if is_wanted("one") {
        one_run("a task on many threads", &tokio(), true);
        one_run("`main` with many threads", &tokio(), false);
        let one_thread = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        one_run("one thread", &one_thread, false);
    }
    if is_wanted("many") {
        many_runs();
    }
    if is_wanted("memory") {
        memory();
    }
    if is_wanted("recovery") {
        recovery(runs.unwrap_or(10_000));
    }
}
