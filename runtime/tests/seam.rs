//! The seam, on the engine in memory: what is recorded is handed back, what is new is done, and in which order a failed
//! run is undone.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use baton_runtime::{
    Category, Cause, DecisionId, Effect, EffectState, Interrupt, Kind, Layer, MemoryEngine, Never, Orchestrator,
    RetryPolicy, RunContext, RunError, RunId, RunOptions, Runtime, RuntimeError, SimpleError, StepError,
};
use common::{Scripted, World};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

fn runtime(engine: &MemoryEngine, scripted: Scripted) -> Runtime {
    Runtime::builder().engine(engine.clone()).register(scripted).unwrap().build().unwrap()
}

fn id(text: &str) -> RunId {
    RunId::new(text).unwrap()
}

fn options(text: &str) -> RunOptions {
    RunOptions::new().run_id(id(text))
}

fn error(category: Category, message: &str) -> SimpleError {
    SimpleError::new(category, message)
}

#[tokio::test]
async fn a_step_whose_await_returned_never_runs_again() {
    let (engine, world) = (MemoryEngine::new(), World::default());
    let asked = world.clone();
    let ask = Scripted::new(move |cx, input| {
        let world = asked.clone();
        Box::pin(async move {
            let first: u32 = cx
                .step("first")
                .run(|_| async {
                    world.note("first");
                    Ok::<_, StepError<SimpleError>>(input + 1)
                })
                .await?;
            let approved: bool = cx.decision("approve", &"may I?").await?;
            cx.step("second")
                .run(|attempt| async move { Ok(format!("{first} {approved} {}", attempt.idempotency_key())) })
                .await
        })
    });
    let runtime = runtime(&engine, ask);
    let stopped = runtime.run_with::<Scripted>(options("r"), 1).await.unwrap_err();
    let RunError::Interrupted(Interrupt::Suspended(pending)) = stopped else { panic!("{stopped}") };
    assert_eq!(pending.question.decode::<String>().unwrap(), "may I?");
    assert_eq!(runtime.inspect(&id("r")).await.unwrap().pending, [*pending.clone()]);

    // Without an answer it waits on; the question is not asked anew.
    assert!(runtime.resume::<Scripted>(&id("r")).await.unwrap_err().is_interrupted());
    assert_eq!(runtime.inspect(&id("r")).await.unwrap().entries, 2);

    runtime.decide(&id("r"), &pending.id, &true).await.unwrap();
    let again = runtime.decide(&id("r"), &pending.id, &false).await;
    assert!(matches!(again, Err(RuntimeError::AlreadyDecided { .. })), "{again:?}");
    assert_eq!(runtime.resume::<Scripted>(&id("r")).await.unwrap(), "2 true r/2/second");
    assert_eq!(world.take(), ["first"], "three executions, one effect");

    // A finished run hands its result back, to whoever asks in whatever way.
    assert_eq!(runtime.run_with::<Scripted>(options("r"), 1).await.unwrap(), "2 true r/2/second");
    let other = runtime.run_with::<Scripted>(options("r"), 2).await;
    assert!(matches!(other, Err(RunError::Runtime(RuntimeError::RunExists(_)))), "{other:?}");
    assert!(world.take().is_empty());
}

#[tokio::test]
async fn an_answer_to_nothing_is_refused() {
    let engine = MemoryEngine::new();
    let runtime = runtime(&engine, Scripted::new(|cx, _| Box::pin(async { Ok(cx.decision("a", &1).await?) })));
    let _ = runtime.run_with::<Scripted>(options("r"), 1).await;
    for wrong in ["0/b", "1/a"] {
        let result = runtime.decide(&id("r"), &wrong.parse::<DecisionId>().unwrap(), &1).await;
        assert!(matches!(result, Err(RuntimeError::NoSuchDecision { .. })), "{wrong}: {result:?}");
    }
    let missing = runtime.decide(&id("s"), &"0/a".parse().unwrap(), &1).await;
    assert!(matches!(missing, Err(RuntimeError::RunNotFound(_))));
}

#[tokio::test]
async fn times_and_random_values_are_the_same_on_every_execution() {
    let (engine, world) = (MemoryEngine::new(), World::default());
    let noted = world.clone();
    let runtime = runtime(
        &engine,
        Scripted::new(move |cx, _| {
            let world = noted.clone();
            Box::pin(async move {
                world.note(format!("{:?} {} {}", cx.now().await?, cx.uuid().await?, cx.value("dice", || 4).await?));
                Ok(cx.decision("go", &()).await?)
            })
        }),
    );
    for _ in 0..3 {
        let _ = runtime.run_with::<Scripted>(options("r"), 1).await;
    }
    let seen = world.take();
    assert!(seen.len() == 3 && seen[0] == seen[1] && seen[1] == seen[2], "{seen:?}");
}

#[tokio::test(start_paused = true)]
async fn a_step_is_tried_again_until_its_error_says_otherwise() {
    let attempts = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&attempts);
    let engine = MemoryEngine::new();
    let runtime = runtime(
        &engine,
        Scripted::new(move |cx, fails| {
            let attempts = Arc::clone(&counted);
            Box::pin(async move {
                let policy = RetryPolicy::default().without_jitter().maximum_attempts(4);
                cx.step("flaky")
                    .retry(policy)
                    .run(|attempt| {
                        attempts.fetch_add(1, Ordering::Relaxed);
                        async move {
                            if attempt.number <= fails {
                                Err(error(Category::Dependency, "down"))?;
                            } else if fails == 0 {
                                Err(error(Category::Validation, "no"))?;
                            }
                            Ok(attempt.number.to_string())
                        }
                    })
                    .await
            })
        }),
    );
    let before = tokio::time::Instant::now();
    assert_eq!(runtime.run::<Scripted>(2).await.unwrap(), "3");
    assert_eq!(before.elapsed().as_secs(), 3, "one second and two");
    let exhausted = runtime.run::<Scripted>(9).await.unwrap_err();
    let RunError::Failed(failure) = exhausted else { panic!("{exhausted}") };
    assert_eq!((failure.attempts, failure.effect), (4, EffectState::Unknown));
    attempts.store(0, Ordering::Relaxed);
    let terminal = runtime.run::<Scripted>(0).await.unwrap_err();
    assert_eq!(terminal.error().unwrap().message, "no");
    assert_eq!(attempts.load(Ordering::Relaxed), 1, "a terminal error is not tried again");
}

/// Promise 3.
#[tokio::test(start_paused = true)]
async fn the_idempotency_key_is_the_same_on_every_attempt_and_after_a_restart() {
    let (engine, world) = (MemoryEngine::new(), World::default());
    let noted = world.clone();
    let build = |hanging: bool| {
        let world = noted.clone();
        runtime(
            &engine,
            Scripted::new(move |cx, _| {
                let world = world.clone();
                Box::pin(async move {
                    let undone = world.clone();
                    cx.step("pay")
                        .compensate(move |undo| {
                            undone.note(format!("{} undoes {}", undo.attempt.idempotency_key(), undo.step_key));
                            async { Ok(()) }
                        })
                        .run(|attempt| {
                            world.note(attempt.idempotency_key().as_str());
                            async move {
                                match attempt.number {
                                    3 if hanging => std::future::pending().await,
                                    _ => Err::<u32, _>(StepError::Retryable(error(Category::Dependency, "down"))),
                                }
                            }
                        })
                        .await?;
                    Ok(String::new())
                })
            }),
        )
    };
    assert!(hangs(build(true).run_with::<Scripted>(options("r"), 1)).await, "the third attempt hangs");
    assert_eq!(world.take(), ["r/0/pay"; 3]);
    let failed = build(false).resume::<Scripted>(&id("r")).await.unwrap_err();
    assert_eq!(failed.to_string(), "step `pay`: down (after 5 attempts)");
    let mut seen = world.take();
    assert_eq!(seen.pop().unwrap(), "r/0/pay:undo undoes r/0/pay");
    assert_eq!(seen, ["r/0/pay"; 5]);
}

async fn hangs<T>(run: impl Future<Output = T>) -> bool {
    tokio::time::timeout(Duration::from_secs(3600), run).await.is_err()
}

#[tokio::test(start_paused = true)]
async fn timeouts_and_panics_are_failed_attempts() {
    let engine = MemoryEngine::new();
    let runtime = runtime(
        &engine,
        Scripted::new(|cx, which| {
            Box::pin(async move {
                cx.step("slow")
                    .retry(RetryPolicy::never())
                    .timeout(Duration::from_secs(5))
                    .run(|_| async move {
                        assert!(which == 0, "told you");
                        tokio::time::sleep(Duration::from_secs(6)).await;
                        Ok(String::new())
                    })
                    .await
            })
        }),
    );
    for (input, cause) in [(0, Cause::TimedOut(Duration::from_secs(5))), (1, Cause::Panicked("told you".to_owned()))] {
        let Err(RunError::Failed(failure)) = runtime.run::<Scripted>(input).await else { panic!() };
        assert_eq!((failure.cause, failure.effect), (cause, EffectState::Unknown));
    }
}

#[tokio::test]
async fn what_is_begun_at_most_once_and_never_ended_is_not_repeated() {
    let (engine, world) = (MemoryEngine::new(), World::default());
    let noted = world.clone();
    let stuck = Arc::new(AtomicBool::new(true));
    let hang = Arc::clone(&stuck);
    let runtime = runtime(
        &engine,
        Scripted::new(move |cx, _| {
            let (world, hang) = (noted.clone(), Arc::clone(&hang));
            Box::pin(async move {
                let undone = world.clone();
                cx.step("launch")
                    .effect(Effect::AtMostOnce)
                    .compensate(move |undo| {
                        undone.note(format!("undo {:?}", undo.output));
                        async { Ok(()) }
                    })
                    .run(|_| async {
                        world.note("launch");
                        if hang.load(Ordering::Relaxed) {
                            std::future::pending::<()>().await;
                        }
                        Ok(String::new())
                    })
                    .await
            })
        }),
    );
    let run = runtime.run_with::<Scripted>(options("r"), 1);
    assert!(tokio::time::timeout(Duration::from_millis(20), run).await.is_err());
    stuck.store(false, Ordering::Relaxed);
    let Err(RunError::Failed(failure)) = runtime.resume::<Scripted>(&id("r")).await else { panic!() };
    assert_eq!((failure.cause, failure.effect), (Cause::Unfinished, EffectState::Unknown));
    assert_eq!(world.take(), ["launch", "undo None"]);
}

fn saga(world: &World, fail_undo: &'static str) -> Scripted {
    let world = world.clone();
    Scripted::new(move |cx, _| {
        let world = world.clone();
        Box::pin(async move {
            for name in ["a", "b", "c"] {
                let undone = world.clone();
                cx.step(name)
                    .compensate(move |undo| {
                        undone.note(format!("undo {name} {:?}", undo.output));
                        async move {
                            if name == fail_undo { Err(error(Category::Permission, "may not"))? } else { Ok(()) }
                        }
                    })
                    .undo_retry(RetryPolicy::never())
                    .run(|_| async {
                        world.note(name);
                        if name == "c" { Err(StepError::OutcomeUnknown(error(Category::Timeout, "?"))) } else { Ok(7) }
                    })
                    .await?;
            }
            Ok(String::new())
        })
    })
}

#[tokio::test]
async fn unwinding_goes_in_reverse_and_includes_the_unknown_step() {
    let (engine, world) = (MemoryEngine::new(), World::default());
    let runtime = runtime(&engine, saga(&world, ""));
    let failed = runtime.run_with::<Scripted>(options("r"), 1).await.unwrap_err();
    assert_eq!(failed.to_string(), "step `c`: ?");
    assert_eq!(world.take(), ["a", "b", "c", "undo c None", "undo b Some(7)", "undo a Some(7)"]);
    let replayed = runtime.resume::<Scripted>(&id("r")).await.unwrap_err();
    assert_eq!(replayed.error(), failed.error(), "the same error on every replay");
    assert!(world.take().is_empty());
}

#[tokio::test]
async fn a_failed_undo_leaves_the_run_stuck_and_the_others_undone() {
    let (engine, world) = (MemoryEngine::new(), World::default());
    let runtime = runtime(&engine, saga(&world, "b"));
    let Err(RunError::Stuck(stuck)) = runtime.run_with::<Scripted>(options("r"), 1).await else { panic!() };
    assert_eq!(world.take(), ["a", "b", "c", "undo c None", "undo b Some(7)", "undo a Some(7)"]);
    let failed: Vec<_> = stuck.failed().map(|undo| (undo.step.as_str(), undo.failure.as_deref().unwrap())).collect();
    assert_eq!(failed, [("b", "may not")]);
    let Err(RunError::Stuck(again)) = runtime.resume::<Scripted>(&id("r")).await else { panic!() };
    assert_eq!(again, stuck);
}

#[tokio::test]
async fn a_changed_body_is_refused_with_the_first_difference() {
    let engine = MemoryEngine::new();
    let body = |name: &'static str| {
        Scripted::new(move |cx, _| {
            Box::pin(async move {
                cx.step("a").run(|_| async { Ok::<_, StepError<SimpleError>>(()) }).await?;
                cx.step(name).run(|_| async { Ok::<_, StepError<SimpleError>>(()) }).await?;
                Ok(cx.decision("go", &()).await?)
            })
        })
    };
    let _ = runtime(&engine, body("b")).run_with::<Scripted>(options("r"), 1).await;
    let changed = runtime(&engine, body("c")).resume::<Scripted>(&id("r")).await.unwrap_err();
    let RunError::Runtime(RuntimeError::Drift(drift)) = changed else { panic!("{changed}") };
    assert_eq!((&*drift.place, &*drift.recorded, &*drift.now), ("operation 1", "step `b`", "step `c`"));

    // A body that drops the error does nothing else on records that don't fit it.
    let world = World::default();
    let noted = world.clone();
    let stubborn = Scripted::new(move |cx, _| {
        let world = noted.clone();
        Box::pin(async move {
            for name in ["a", "c", "d", "e"] {
                let step = cx.step(name).run(|_| async {
                    world.note(name);
                    Ok::<_, StepError<SimpleError>>(())
                });
                step.await.ok();
            }
            Ok(String::new())
        })
    });
    let stopped = runtime(&engine, stubborn).resume::<Scripted>(&id("r")).await.unwrap_err();
    assert!(matches!(stopped, RunError::Runtime(RuntimeError::Faulted(_))), "{stopped}");
    assert!(world.take().is_empty());

    // A body that stops asking for what is recorded has changed too.
    let shorter = Scripted::new(|_, _| Box::pin(async { Ok("done".to_owned()) }));
    let ended = runtime(&engine, shorter).resume::<Scripted>(&id("r")).await.unwrap_err();
    let RunError::Runtime(RuntimeError::Drift(drift)) = ended else { panic!("{ended}") };
    assert_eq!((&*drift.recorded, &*drift.now), ("step `a`", "the run is over"));
}

struct Edition<const N: u32>;

impl<const N: u32> Orchestrator for Edition<N> {
    const NAME: &'static str = "edition";
    const LAYER: Layer = Layer::Domain;
    const KIND: Kind = Kind::Sequential;
    const VERSION: u32 = N;
    type Input = ();
    type Output = ();
    type Error = Never;

    async fn orchestrate(&self, cx: &RunContext<'_>, (): ()) -> Result<(), RunError<Never>> {
        Ok(cx.decision("go", &()).await?)
    }
}

#[tokio::test]
async fn a_run_of_another_version_is_refused() {
    let engine = MemoryEngine::new();
    let first = Runtime::builder().engine(engine.clone()).register(Edition::<1>).unwrap().build().unwrap();
    assert!(first.run_with::<Edition<1>>(options("r"), ()).await.unwrap_err().is_interrupted());
    let second = Runtime::builder().engine(engine).register(Edition::<2>).unwrap().build().unwrap();
    let refused = second.resume::<Edition<2>>(&id("r")).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "run `r` was begun by another definition; first difference at the version: recorded 1, now 2"
    );
}

#[tokio::test(start_paused = true)]
async fn what_an_earlier_attempt_may_have_done_is_not_forgotten() {
    let engine = MemoryEngine::new();
    let body = Scripted::new(|cx, _| {
        Box::pin(async {
            cx.step("pay")
                .run(|attempt| async move {
                    match attempt.number {
                        1 => Err(StepError::Retryable(error(Category::Timeout, "no answer"))),
                        _ => Err(StepError::Terminal(error(Category::Conflict, "paid already"))),
                    }
                })
                .await
        })
    });
    let Err(RunError::Failed(failure)) = runtime(&engine, body).run::<Scripted>(1).await else { panic!() };
    assert_eq!((failure.attempts, failure.effect), (2, EffectState::Unknown));
}

struct Nested;

impl Orchestrator for Nested {
    const NAME: &'static str = "nested";
    const LAYER: Layer = Layer::Application;
    const KIND: Kind = Kind::Hierarchical;
    type Input = u32;
    type Output = u32;
    type Error = Never;

    async fn orchestrate(&self, cx: &RunContext<'_>, input: u32) -> Result<u32, RunError<Never>> {
        assert_eq!(cx.depth() + input, 3);
        if input == 0 { Ok(cx.depth()) } else { cx.child::<Self>(input - 1).await }
    }
}

#[tokio::test]
async fn orchestrators_nest_up_to_a_limit() {
    let build = |depth| {
        let builder = Runtime::builder().engine(MemoryEngine::new()).maximum_depth(depth);
        builder.register(Nested).unwrap().build().unwrap()
    };
    assert_eq!(build(3).run::<Nested>(3).await.unwrap(), 3);
    let deep = build(2).run::<Nested>(3).await.unwrap_err();
    assert_eq!(deep.to_string(), "orchestrators are nested deeper than 2: nested → nested → nested → nested");
}

#[tokio::test]
async fn names_are_unique_and_an_engine_is_needed() {
    let twice = Runtime::builder().register(Nested).unwrap().register(Nested);
    assert!(matches!(twice.err(), Some(RuntimeError::Duplicate(name)) if name == "nested"));
    assert!(matches!(Runtime::builder().build().err(), Some(RuntimeError::Build(_))));
}

#[tokio::test]
async fn a_step_after_the_deadline_fails_and_cancelling_records_nothing() {
    let engine = MemoryEngine::new();
    let runtime = runtime(
        &engine,
        Scripted::new(|cx, _| {
            Box::pin(async {
                cx.step("a").run(|_| async { Ok::<_, StepError<SimpleError>>(String::new()) }).await?;
                cx.sleep(Duration::from_secs(3600)).await?;
                Ok(String::new())
            })
        }),
    );
    let late = options("late").deadline(SystemTime::UNIX_EPOCH);
    let Err(RunError::Failed(failure)) = runtime.run_with::<Scripted>(late, 1).await else { panic!() };
    assert_eq!((failure.cause, failure.effect), (Cause::DeadlineExceeded, EffectState::NotApplied));

    let running = tokio::spawn({
        let runtime = runtime.clone();
        async move { runtime.run_with::<Scripted>(options("r"), 1).await }
    });
    while runtime.inspect(&id("r")).await.map_or(0, |info| info.entries) < 2 {
        tokio::task::yield_now().await;
    }
    assert!(runtime.cancel(&id("r")) && !runtime.cancel(&id("nobody")));
    let cancelled = running.await.unwrap().unwrap_err();
    assert!(matches!(cancelled, RunError::Interrupted(Interrupt::Cancelled)), "{cancelled}");
    let info = runtime.inspect(&id("r")).await.unwrap();
    assert!(info.entries == 2 && info.finished.is_none());
}
