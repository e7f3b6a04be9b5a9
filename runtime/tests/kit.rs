//! The testing kit: it passes what is right, and each tool finds the fault that it is for.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use baton_runtime::testing::{
    Replay, Scenario, SimulatedFiles, Trouble, assert_recreatable, crash_sweep, engine_conformance, fail_each_step,
    fail_each_undo, repeat_each_step, store_conformance, verify_replay,
};
use baton_runtime::{
    Attempt, BoxFuture, Category, Definition, Durability, FileLayer, History, Journal, JournalStore, Kind, Layer,
    LocalEngine, MemoryEngine, MemoryJournals, OpenJournal, Orchestrator, Payload, Pipeline, Record, RunContext,
    RunError, RunHeader, RunId, RunOptions, Runtime, RuntimeError, SimpleError, StepError, Undo,
};
use common::{Scripted, World};
use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

/// A service that knows what is booked, by idempotency key.
#[derive(Clone, Default)]
struct Bookings(Arc<Mutex<BTreeSet<String>>>);

type Failed = StepError<SimpleError>;

async fn book(bookings: Arc<Bookings>, _: Arc<()>, attempt: Attempt) -> Result<String, Failed> {
    let key = attempt.idempotency_key().to_string();
    bookings.0.lock().unwrap().insert(key.clone());
    Ok(key)
}

async fn cancel(bookings: Arc<Bookings>, _: Arc<()>, undo: Undo<String>) -> Result<(), Failed> {
    bookings.0.lock().unwrap().remove(undo.step_key.as_str());
    Ok(())
}

struct Trip {
    bookings: Arc<Bookings>,
    pipeline: Pipeline<Bookings, (), SimpleError>,
}

impl Trip {
    fn new(bookings: &Bookings) -> Self {
        fn nothing(_: &mut (), _: String) {}
        let pipeline = Pipeline::builder("trip")
            .step("flight", book, nothing)
            .compensate(cancel)
            .parallel("on site", |group| {
                group.step("hotel", book, nothing).compensate(cancel).step("car", book, nothing).compensate(cancel)
            })
            .step("dinner", book, nothing)
            .compensate(cancel)
            .build();
        Self { bookings: Arc::new(bookings.clone()), pipeline: pipeline.unwrap() }
    }
}

impl Orchestrator for Trip {
    const NAME: &'static str = "trip";
    const LAYER: Layer = Layer::Domain;
    const KIND: Kind = Kind::Sequential;
    type Input = ();
    type Output = ();
    type Error = SimpleError;

    async fn orchestrate(&self, cx: &RunContext<'_>, (): ()) -> Result<(), RunError<SimpleError>> {
        if cx.decision::<bool>("go", &"shall I?").await? {
            self.pipeline.run(cx, &self.bookings, ()).await
        } else {
            Err(SimpleError::new(Category::Cancelled, "no"))?
        }
    }

    fn definition(&self) -> Definition {
        self.pipeline.definition()
    }
}

fn trips() -> Scenario<Bookings> {
    Scenario::new(Bookings::default, |bookings| Runtime::builder().register(Trip::new(bookings)))
        .answer(|_| Payload::encode(&true).ok())
}

#[tokio::test]
async fn a_trip_survives_all_sweeps() {
    let scenario = trips();
    let cases = crash_sweep::<Trip, _>(&scenario, &(), |case, bookings, result| {
        assert!(result.is_ok() && bookings.0.lock().unwrap().len() == 4, "{case}: {result:?}");
    });
    assert_eq!(cases.await.unwrap(), 12, "four steps, three boundaries each");
    let cases = repeat_each_step::<Trip, _>(&scenario, &(), |case, bookings, result| {
        assert!(result.is_ok() && bookings.0.lock().unwrap().len() == 4, "{case}: {result:?}");
    });
    assert_eq!(cases.await.unwrap(), 4);
    let cases = fail_each_step::<Trip, _>(&scenario, &(), |case, bookings, result| {
        assert!(matches!(result, Err(RunError::Failed(_))), "{case}: {result:?}");
        assert!(bookings.0.lock().unwrap().is_empty(), "{case}: all is undone");
    });
    assert_eq!(cases.await.unwrap(), 8);
    let cases = fail_each_undo::<Trip, _>(&scenario, &(), |case, bookings, result| {
        let Err(RunError::Stuck(stuck)) = result else { panic!("{case}: {result:?}") };
        assert_eq!(stuck.failed().count(), 1, "{case}");
        assert_eq!(bookings.0.lock().unwrap().len(), 1, "{case}: the others are undone");
        assert!(case.trouble == Trouble::FailsWithoutEffect && case.after.is_some());
    });
    // The flight alone; flight, hotel and car, for either of the latter; all four.
    assert_eq!(cases.await.unwrap(), 1 + 3 + 3 + 4);
    let bookings = Bookings::default();
    let no_answer =
        Scenario::new(move || bookings.clone(), |bookings| Runtime::builder().register(Trip::new(bookings)));
    let cases = crash_sweep::<Trip, _>(&no_answer, &(), |case, _, result| panic!("{case}: {result:?}"));
    assert_eq!(cases.await.unwrap(), 0, "a question without an answer ends the run before its first step");
}

/// What a future panics with.
async fn panic_of<T>(work: impl Future<Output = T>) -> String {
    let mut work = Box::pin(AssertUnwindSafe(work));
    let caught = std::future::poll_fn(move |cx| {
        let poll = std::panic::catch_unwind(AssertUnwindSafe(|| Future::poll(work.as_mut(), cx)));
        match poll {
            Ok(poll) => poll.map(|_| None),
            Err(panic) => std::task::Poll::Ready(Some(panic)),
        }
    });
    let panic = caught.await.unwrap();
    panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .unwrap()
}

/// A step that counts and does not look at its key.
fn careless() -> Scenario<World> {
    Scenario::new(World::default, |world| {
        let world = world.clone();
        Runtime::builder().register(Scripted::new(move |cx, _| {
            let world = world.clone();
            Box::pin(async move {
                let step = cx.step("a").run(|_| async {
                    world.note("a");
                    Ok::<_, Failed>(String::new())
                });
                step.await
            })
        }))
    })
}

#[tokio::test]
async fn a_step_that_is_not_idempotent_is_found() {
    let scenario = careless();
    let found = panic_of(repeat_each_step::<Scripted, _>(&scenario, &1, |case, world, _| {
        assert_eq!(world.count("a"), 1, "{case}");
    }));
    assert!(found.await.contains("a crash after step `a` at 0"));
}

#[tokio::test]
async fn a_step_whose_effect_is_left_behind_is_found() {
    let scenario = careless();
    let found = panic_of(fail_each_step::<Scripted, _>(&scenario, &1, |case, world, _| {
        assert_eq!(world.count("a"), 0, "{case}");
    }));
    assert!(found.await.contains("an unknown outcome of step `a` at 0"));
}

/// An orchestrator that keeps a count for itself, or in its steps.
struct Counter {
    kept: AtomicU32,
    keeps: bool,
}

impl Orchestrator for Counter {
    const NAME: &'static str = "counter";
    const LAYER: Layer = Layer::Domain;
    const KIND: Kind = Kind::Sequential;
    type Input = u32;
    type Output = u32;
    type Error = SimpleError;

    async fn orchestrate(&self, cx: &RunContext<'_>, times: u32) -> Result<u32, RunError<SimpleError>> {
        let mut sum = 0;
        for _ in 0..times {
            let step = cx.step("count").run(|_| async {
                self.kept.fetch_add(1, Ordering::Relaxed);
                Ok::<_, Failed>(1)
            });
            sum += step.await?;
        }
        Ok(if self.keeps { self.kept.load(Ordering::Relaxed) } else { sum })
    }
}

#[tokio::test]
async fn an_orchestrator_that_keeps_what_its_run_needs_is_found() {
    assert_recreatable(|| Counter { kept: AtomicU32::new(0), keeps: false }, &3).await;
    let found = panic_of(assert_recreatable(|| Counter { kept: AtomicU32::new(0), keeps: true }, &3)).await;
    assert!(found.contains("`counter` is not the same after a crash after the record of step `count` at 0"), "{found}");
}

fn counted(steps: &'static [&'static str]) -> Scripted {
    Scripted::new(move |cx, _| {
        Box::pin(async move {
            for name in steps {
                cx.step(*name).run(|_| async { Ok::<_, Failed>(()) }).await?;
            }
            Ok(steps.len().to_string())
        })
    })
}

#[tokio::test]
async fn recorded_runs_are_held_against_the_orchestrators_of_today() {
    let engine = MemoryEngine::new();
    let build = |steps| Runtime::builder().engine(engine.clone()).register(counted(steps)).unwrap().build().unwrap();
    let id = RunId::new("r").unwrap();
    build(&["a", "b"]).run_with::<Scripted>(RunOptions::new().run_id(id.clone()), 1).await.unwrap();
    let history = engine.store().read(&id).await.unwrap();
    let mut open = history.clone();
    open.records.truncate(1);
    assert_eq!(verify_replay(&build(&["a", "b"]), history.clone()).await.unwrap(), Replay::Ended);
    assert_eq!(verify_replay(&build(&["a", "b"]), open.clone()).await.unwrap(), Replay::Open);
    assert_eq!(verify_replay(&build(&["a", "x"]), open).await.unwrap(), Replay::Open, "nothing of `x` is recorded");
    for (steps, place) in [(&["a", "x"][..], "operation 1"), (&["a"], "operation 1"), (&["a", "b", "c"], "the end")] {
        let Err(RuntimeError::Drift(drift)) = verify_replay(&build(steps), history.clone()).await else { panic!() };
        assert_eq!(drift.place, place, "{drift}");
    }
}

#[tokio::test]
async fn the_engines_and_stores_of_this_crate_do_what_they_must() {
    store_conformance(&MemoryJournals::default()).await;
    engine_conformance(&MemoryEngine::new()).await;
    let folder = tempfile::tempdir().unwrap();
    store_conformance(LocalEngine::open(folder.path().join("store")).unwrap().store()).await;
    engine_conformance(&LocalEngine::open(folder.path().join("engine")).unwrap()).await;
    for durability in [Durability::Synced, Durability::Buffered] {
        let simulated = |path: &str| LocalEngine::open_with(path, durability, SimulatedFiles::new()).unwrap();
        store_conformance(simulated("/store").store()).await;
        engine_conformance(&simulated("/engine")).await;
    }
    let files: &dyn FileLayer = &SimulatedFiles::new();
    assert!(files.list(std::path::Path::new("/none")).is_err());
}

/// A store that has one of a few faults.
struct Faulty {
    inner: MemoryJournals,
    fault: &'static str,
}

struct FaultyJournal(Arc<dyn Journal>, &'static str);

impl Journal for FaultyJournal {
    fn append<'a>(&'a self, record: &'a Record) -> BoxFuture<'a, Result<(), RuntimeError>> {
        Box::pin(async move {
            match self.1 {
                "loses" => return Ok(()),
                "doubles" => self.0.append(record).await?,
                _ => {}
            }
            self.0.append(record).await
        })
    }
}

impl JournalStore for Faulty {
    fn create<'a>(&'a self, header: &'a RunHeader) -> BoxFuture<'a, Result<Arc<dyn Journal>, RuntimeError>> {
        Box::pin(async move {
            let journal = self.inner.create(header).await?;
            Ok(Arc::new(FaultyJournal(journal, self.fault)) as Arc<dyn Journal>)
        })
    }

    fn open<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<OpenJournal, RuntimeError>> {
        Box::pin(async move {
            let mut opened = self.inner.open(run).await?;
            if self.fault == "turns" {
                opened.history.records.reverse();
            }
            Ok(opened)
        })
    }

    fn read<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<History, RuntimeError>> {
        self.inner.read(run)
    }

    fn open_runs(&self) -> BoxFuture<'_, Result<Vec<RunId>, RuntimeError>> {
        Box::pin(async { if self.fault == "hides" { Ok(Vec::new()) } else { self.inner.open_runs().await } })
    }

    fn close<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<(), RuntimeError>> {
        self.inner.close(run)
    }

    fn remove<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<(), RuntimeError>> {
        if self.fault == "keeps" { Box::pin(async { Ok(()) }) } else { self.inner.remove(run) }
    }
}

#[tokio::test]
async fn a_store_with_a_fault_is_told() {
    for (fault, told) in [
        ("loses", "records come back in order"),
        ("doubles", "records come back in order"),
        ("turns", "records come back in order"),
        ("hides", "open runs are sorted"),
        ("keeps", "removing nothing: it was accepted"),
    ] {
        let found = panic_of(store_conformance(&Faulty { inner: MemoryJournals::default(), fault })).await;
        assert!(found.contains(told), "{fault}: {found}");
    }
}
