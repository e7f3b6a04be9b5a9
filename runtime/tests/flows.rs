//! Branches, fallbacks, pipelines and children: what runs, what is undone, and what a resumed run does not do again.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use baton_runtime::{
    Attempt, Category, Definition, Effect, Kind, Layer, MemoryEngine, Orchestrator, OrchestratorInfo, Pipeline,
    Progress, RetryPolicy, RunContext, RunError, RunEvent, RunEventKind, RunId, RunObserver, RunOptions, Runtime,
    RuntimeError, SimpleError, StepError, Undo,
};
use common::{Scripted, World};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

type Outcome<T> = Result<T, RunError<SimpleError>>;

fn build(engine: &MemoryEngine, orchestrator: impl Orchestrator) -> Runtime {
    Runtime::builder().engine(engine.clone()).register(orchestrator).unwrap().build().unwrap()
}

fn id() -> RunId {
    RunId::new("r").unwrap()
}

fn options() -> RunOptions {
    RunOptions::new().run_id(id())
}

fn down() -> SimpleError {
    SimpleError::new(Category::Dependency, "down")
}

fn gone() -> SimpleError {
    SimpleError::new(Category::NotFound, "gone")
}

/// A step that is noted, can be undone, and fails if told to.
async fn work(cx: &RunContext<'_>, world: &World, name: &'static str, fails: bool) -> Outcome<String> {
    let undone = world.clone();
    cx.step(name)
        .retry(RetryPolicy::never())
        .compensate(move |undo: Undo<String>| {
            undone.note(format!("undo {}", undo.step_key));
            async { Ok(()) }
        })
        .run(|_| async move {
            world.note(name);
            if fails { Err(StepError::Terminal(down())) } else { Ok(name.to_uppercase()) }
        })
        .await
}

fn branches(world: &World, fails: &'static str) -> Scripted {
    let world = world.clone();
    Scripted::new(move |cx, _| {
        let world = world.clone();
        Box::pin(async move {
            work(cx, &world, "before", false).await?;
            let mut parallel = cx.parallel("both");
            for (name, seconds) in [("slow", 5), ("quick", 1)] {
                let world = world.clone();
                parallel = parallel.branch(name, move |cx| async move {
                    tokio::time::sleep(Duration::from_secs(seconds)).await;
                    work(&cx, &world, name, fails == name).await?;
                    work(&cx, &world, "more", false).await
                });
            }
            let both = parallel.run().await;
            if let Err(error) = both {
                world.note("told");
                return Err(error);
            }
            cx.decision::<()>("go", &()).await?;
            Ok(both?.join(" "))
        })
    })
}

#[tokio::test(start_paused = true)]
async fn branches_run_side_by_side_and_keep_their_places() {
    let (engine, world) = (MemoryEngine::new(), World::default());
    let before = tokio::time::Instant::now();
    assert!(
        build(&engine, branches(&world, "")).run_with::<Scripted>(options(), 1).await.unwrap_err().is_interrupted()
    );
    assert_eq!(before.elapsed().as_secs(), 5, "side by side");
    assert_eq!(world.take(), ["before", "quick", "more", "slow", "more"]);
    let runtime = build(&engine, branches(&world, ""));
    runtime.decide(&id(), &"2/go".parse().unwrap(), &()).await.unwrap();
    assert_eq!(runtime.resume::<Scripted>(&id()).await.unwrap(), "MORE MORE");
    assert!(world.take().is_empty(), "nothing runs again, though the order of the records is another one");
}

#[tokio::test(start_paused = true)]
async fn a_failed_branch_undoes_all_of_them_in_reverse_before_the_caller_is_told() {
    let world = World::default();
    let runtime = build(&MemoryEngine::new(), branches(&world, "quick"));
    let failed = runtime.run_with::<Scripted>(options(), 1).await.unwrap_err();
    assert_eq!(failed.to_string(), "step `quick`: down");
    let expected =
        ["before", "quick", "slow", "more", "undo r/1.0.1/more", "undo r/1.0.0/slow", "told", "undo r/0/before"];
    assert_eq!(world.take(), expected, "`quick` provably had no effect");
}

fn quote(world: &World, primary: &Arc<AtomicU32>, strict: bool) -> Scripted {
    let (world, primary) = (world.clone(), Arc::clone(primary));
    Scripted::new(move |cx, _| {
        let (world, primary) = (world.clone(), Arc::clone(&primary));
        Box::pin(async move {
            let (first, second) = (world.clone(), world.clone());
            let fails = primary.load(Ordering::Relaxed) == 0;
            let quote = cx
                .fallback("quote")
                .branch("exchange", move |cx| async move {
                    work(&cx, &first, "open", false).await?;
                    work(&cx, &first, "ask", fails).await
                })
                .branch("cache", move |cx| async move { work(&cx, &second, "look up", false).await })
                .only_if(move |failure| !strict && failure.category() == Category::Dependency)
                .run()
                .await?;
            cx.decision::<()>("go", &()).await?;
            Ok(quote)
        })
    })
}

#[tokio::test]
async fn the_branch_that_won_is_recorded_and_a_resumed_run_never_switches() {
    let (engine, world, primary) = (MemoryEngine::new(), World::default(), Arc::new(AtomicU32::new(0)));
    let runtime = build(&engine, quote(&world, &primary, false));
    assert!(runtime.run_with::<Scripted>(options(), 1).await.unwrap_err().is_interrupted());
    assert_eq!(world.take(), ["open", "ask", "undo r/0.0.0/open", "look up"], "undone before the next one is tried");
    // The exchange is up again, and the predicate would say no now.
    primary.store(1, Ordering::Relaxed);
    let runtime = build(&engine, quote(&world, &primary, true));
    runtime.decide(&id(), &"1/go".parse().unwrap(), &()).await.unwrap();
    assert_eq!(runtime.resume::<Scripted>(&id()).await.unwrap(), "LOOK UP");
    assert!(world.take().is_empty());
}

#[tokio::test]
async fn a_failure_that_the_predicate_refuses_ends_the_fallback() {
    let (world, primary) = (World::default(), Arc::new(AtomicU32::new(0)));
    let runtime = build(&MemoryEngine::new(), quote(&world, &primary, true));
    let failed = runtime.run_with::<Scripted>(options(), 1).await.unwrap_err();
    assert_eq!(failed.to_string(), "step `ask`: down");
    assert_eq!(world.take(), ["open", "ask", "undo r/0.0.0/open"]);
}

#[tokio::test]
async fn a_branch_that_won_and_fails_now_is_a_changed_definition() {
    let engine = MemoryEngine::new();
    let body = |fails: bool| {
        Scripted::new(move |cx, _| {
            Box::pin(async move {
                cx.fallback("f")
                    .branch("a", move |_| async move { if fails { Err(down())? } else { Ok(String::new()) } })
                    .branch("b", |_| async { Ok(String::new()) })
                    .run()
                    .await?;
                Ok(cx.decision("go", &()).await?)
            })
        })
    };
    let _ = build(&engine, body(false)).run_with::<Scripted>(options(), 1).await;
    let Err(RunError::Runtime(RuntimeError::Drift(drift))) = build(&engine, body(true)).resume::<Scripted>(&id()).await
    else {
        panic!()
    };
    assert_eq!((&*drift.recorded, &*drift.now), ("branch `a` won", "branch `a` was left for the next one"));
}

#[derive(Clone, Debug, Default)]
struct Order {
    log: Vec<String>,
}

type Failed = StepError<SimpleError>;

async fn ok(world: Arc<World>, order: Arc<Order>, attempt: Attempt) -> Result<usize, Failed> {
    world.note(format!("{} sees {}", attempt.idempotency_key(), order.log.len()));
    Ok(order.log.len())
}

async fn fail(_: Arc<World>, _: Arc<Order>, _: Attempt) -> Result<usize, Failed> {
    Err(StepError::Terminal(gone()))
}

async fn undo(world: Arc<World>, order: Arc<Order>, undo: Undo<usize>) -> Result<(), Failed> {
    world.note(format!("undo {} of {:?} saw {}", undo.step_key, undo.output, order.log.len()));
    Ok(())
}

fn log(name: &'static str) -> impl Fn(&mut Order, usize) + Send + Sync {
    move |order, value| order.log.push(format!("{name}={value}"))
}

/// An orchestrator that is a pipeline.
struct Declared {
    pipeline: Pipeline<World, Order, SimpleError>,
    world: Arc<World>,
}

impl Orchestrator for Declared {
    const NAME: &'static str = "declared";
    const LAYER: Layer = Layer::Domain;
    const KIND: Kind = Kind::Sequential;
    type Input = ();
    type Output = Vec<String>;
    type Error = SimpleError;

    async fn orchestrate(&self, cx: &RunContext<'_>, (): ()) -> Outcome<Vec<String>> {
        let order = self.pipeline.run(cx, &self.world, Order::default()).await?;
        cx.decision::<()>("go", &()).await?;
        Ok(order.log)
    }

    fn definition(&self) -> Definition {
        self.pipeline.definition()
    }
}

fn declared(world: &World, last_fails: bool) -> Declared {
    let pipeline = Pipeline::builder("declared")
        .step("a", ok, log("a"))
        .compensate(undo)
        .parallel("both", |group| {
            group.step("b", ok, log("b")).compensate(undo).step("c", ok, log("c")).compensate(undo)
        })
        .fallback("either", |group| group.step("d", fail, log("d")).step("e", ok, log("e")));
    let pipeline = if last_fails { pipeline.step("f", fail, log("f")) } else { pipeline.step("f", ok, log("f")) };
    Declared { pipeline: pipeline.build().unwrap(), world: Arc::new(world.clone()) }
}

#[derive(Clone, Default)]
struct Steps(Arc<Mutex<Vec<String>>>);

impl RunObserver for Steps {
    fn observe(&self, event: &RunEvent<'_>) {
        if let RunEventKind::StepStarted { name, progress: Some(Progress { step, total, .. }), .. } = event.kind {
            let again = if event.replayed { " again" } else { "" };
            self.0.lock().unwrap().push(format!("{step}/{total} {name}{again}"));
        }
    }
}

#[tokio::test]
async fn a_pipeline_runs_its_steps_and_says_which_of_how_many() {
    let (engine, world, steps) = (MemoryEngine::new(), World::default(), Steps::default());
    let build = || {
        let builder = Runtime::builder().engine(engine.clone()).observer(steps.clone());
        builder.register(declared(&world, false)).unwrap().build().unwrap()
    };
    assert!(build().run_with::<Declared>(options(), ()).await.unwrap_err().is_interrupted());
    let seen = std::mem::take(&mut *steps.0.lock().unwrap());
    assert_eq!(seen, ["1/5 a", "2/5 b", "3/5 c", "4/5 d", "4/5 e", "5/5 f"]);
    assert_eq!(
        world.take(),
        ["r/0/a sees 0", "r/1.0.0/b sees 1", "r/1.1.0/c sees 1", "r/2.2.0/e sees 3", "r/3/f sees 4"]
    );
    build().decide(&id(), &"4/go".parse().unwrap(), &()).await.unwrap();
    let state = build().resume::<Declared>(&id()).await.unwrap();
    assert_eq!(state, ["a=0", "b=1", "c=1", "e=3", "f=4"], "the state is made anew from what is recorded");
    assert!(world.take().is_empty());
    assert!(steps.0.lock().unwrap().iter().all(|step| step.ends_with("again")));
}

#[tokio::test]
async fn a_pipeline_is_undone_with_the_state_that_each_step_saw() {
    let world = World::default();
    let runtime = build(&MemoryEngine::new(), declared(&world, true));
    let failed = runtime.run_with::<Declared>(options(), ()).await.unwrap_err();
    assert_eq!(failed.error(), Some(&gone()));
    let undone: Vec<_> = world.take().into_iter().filter(|noted| noted.starts_with("undo")).collect();
    let expected =
        ["undo r/1.1.0/c of Some(1) saw 1", "undo r/1.0.0/b of Some(1) saw 1", "undo r/0/a of Some(0) saw 0"];
    assert_eq!(undone, expected);
}

#[tokio::test]
async fn a_changed_pipeline_refuses_to_resume_before_anything_runs() {
    let (engine, world) = (MemoryEngine::new(), World::default());
    let _ = build(&engine, declared(&world, false)).run_with::<Declared>(options(), ()).await;
    world.take();
    let pipeline = Pipeline::builder("declared").step("a", ok, log("a")).step("x", ok, log("x")).build().unwrap();
    let changed = Declared { pipeline, world: Arc::new(world.clone()) };
    let Err(RunError::Runtime(RuntimeError::Drift(drift))) = build(&engine, changed).resume::<Declared>(&id()).await
    else {
        panic!()
    };
    assert_eq!(
        drift.to_string(),
        "run `r` was begun by another definition; first difference at the definition: recorded step a: idempotent, with \
         undo, now step a: idempotent"
    );
    assert!(world.take().is_empty());
}

#[test]
fn all_mistakes_of_a_definition_are_told_at_once() {
    let errors = Pipeline::<World, Order, SimpleError>::builder("bad")
        .retry(RetryPolicy::never())
        .step("a", ok, log("a"))
        .effect(Effect::ReadOnly)
        .compensate(undo)
        .step("a/b", ok, log("a"))
        .step("a", ok, log("a"))
        .parallel("alone", |group| group.step("c", ok, log("c")))
        .fallback("outer", |group| {
            group
                .parallel("inner", |group| group.step("d", ok, log("d")).step("e", ok, log("e")))
                .timeout(Duration::ZERO)
        })
        .build()
        .err()
        .unwrap();
    assert_eq!(
        errors.errors,
        [
            "`retry` belongs to a step, and there is none before it",
            "the parallel group `alone` needs two steps at least, and has 1",
            "`timeout` belongs to a step, and there is none before it",
            "the group `inner` is inside of `outer`, and groups do not nest",
            "the fallback group `outer` needs two steps at least, and has 0",
            "the step `a` only reads, and has an undo",
            "`a/b` is no name: control characters and `/` are not allowed",
            "two parts are called `a`",
        ]
    );
    let empty = Pipeline::<World, Order, SimpleError>::builder("empty").build().err().unwrap();
    assert_eq!(empty.to_string(), "the pipeline `empty` cannot be built: it has no steps");
}

/// A child that does something and then does as it is told.
struct Child(World);

impl Orchestrator for Child {
    const NAME: &'static str = "child";
    const LAYER: Layer = Layer::Domain;
    const KIND: Kind = Kind::Sequential;
    type Input = bool;
    type Output = String;
    type Error = SimpleError;

    async fn orchestrate(&self, cx: &RunContext<'_>, fails: bool) -> Outcome<String> {
        work(cx, &self.0, "child step", false).await?;
        if fails { Err(gone())? } else { Ok(cx.orchestrator().to_owned()) }
    }
}

fn with_child(world: &World) -> Runtime {
    let noted = world.clone();
    let parent = Scripted::new(move |cx, which| {
        let world = noted.clone();
        Box::pin(async move {
            work(cx, &world, "parent step", false).await?;
            let result = cx.child::<Child>(which == 1).await;
            world.note(format!("child: {}", result.is_ok()));
            match which {
                0 => Err(down())?,
                _ => Ok(result.unwrap_or_default()),
            }
        })
    });
    let builder = Runtime::builder().engine(MemoryEngine::new());
    builder.register(parent).unwrap().register(Child(world.clone())).unwrap().build().unwrap()
}

#[tokio::test]
async fn what_a_child_did_is_undone_when_it_fails_and_with_the_rest_when_the_parent_does() {
    let world = World::default();
    let runtime = with_child(&world);
    assert!(runtime.run_with::<Scripted>(options(), 0).await.is_err());
    let expected = ["parent step", "child step", "child: true", "undo r/1.0/child step", "undo r/0/parent step"];
    assert_eq!(world.take(), expected);
    let other = RunOptions::new().run_id(RunId::new("s").unwrap());
    assert_eq!(runtime.run_with::<Scripted>(other, 1).await.unwrap(), "", "the parent made do without it");
    assert_eq!(world.take(), ["parent step", "child step", "undo s/1.0/child step", "child: false"]);
    assert_eq!(runtime.run::<Scripted>(2).await.unwrap(), "child");
}

#[tokio::test]
async fn a_body_that_drops_an_interruption_is_not_over() {
    let engine = MemoryEngine::new();
    let drops = Scripted::new(|cx, _| {
        Box::pin(async {
            let answer = cx.decision::<String>("go", &()).await.unwrap_or_default();
            cx.step("after").run(|_| async { Ok::<_, StepError<SimpleError>>(()) }).await.ok();
            Ok(answer)
        })
    });
    let runtime = build(&engine, drops);
    assert!(runtime.run_with::<Scripted>(options(), 1).await.unwrap_err().is_interrupted());
    let info = runtime.inspect(&id()).await.unwrap();
    assert!(info.finished.is_none() && info.entries == 1, "the step after it recorded nothing");
    let result = runtime.decide_and_resume::<Scripted>(&id(), &info.pending[0].id, &"yes").await;
    assert_eq!(result.unwrap(), "yes");
}

#[test]
fn orchestrators_are_listed_by_name_and_by_layer() {
    let world = World::default();
    let builder = Runtime::builder().engine(MemoryEngine::new()).register(Child(world.clone())).unwrap();
    let runtime = builder.register(declared(&world, false)).unwrap().build().unwrap();
    let names = |infos: Vec<OrchestratorInfo>| infos.iter().map(|info| info.name).collect::<Vec<_>>();
    assert_eq!(names(runtime.list()), ["child", "declared"]);
    assert_eq!(names(runtime.get_by_layer(Layer::Domain)), ["child", "declared"]);
    assert!(runtime.get_by_layer(Layer::Infrastructure).is_empty());
    assert!(runtime.get::<Child>().is_ok());
    assert!(matches!(runtime.get::<Scripted>().err(), Some(RuntimeError::NotRegistered(name)) if name == "scripted"));
    assert_eq!(runtime.get_named("declared").unwrap().kind(), Kind::Sequential);
    assert_eq!(runtime.list()[1].fingerprint, declared(&world, false).pipeline.definition().fingerprint());
}
