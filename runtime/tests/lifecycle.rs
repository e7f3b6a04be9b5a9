//! Background tasks, shutting down, recovering.
//!
//! `RUSTFLAGS="--cfg tokio_unstable" cargo test -p baton-runtime --test lifecycle --target-dir target/unstable` adds the
//! module [`unhandled`], which is about what tokio does with panics that nobody has caught.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods, reason = "parts that misbehave on purpose")]

mod common;

use baton_runtime::{
    Background, Interrupt, Kind, Layer, MemoryEngine, Never, Orchestrator, PartFailure, RunContext, RunError, RunId,
    RunOptions, Runtime, SimpleError, StepError,
};
use common::{Scripted, World};
use std::future::pending;
use std::time::Duration;

/// A part whose background work and hook behave as told.
struct Watch<const N: usize> {
    world: World,
    task: &'static str,
    hook: &'static str,
}

impl<const N: usize> Orchestrator for Watch<N> {
    const NAME: &'static str = ["first", "second", "third"][N];
    const LAYER: Layer = Layer::Infrastructure;
    const KIND: Kind = Kind::Monitoring;
    const SHUTDOWN_LIMIT: Duration = Duration::from_millis(300);
    type Input = ();
    type Output = ();
    type Error = Never;

    async fn orchestrate(&self, _: &RunContext<'_>, (): ()) -> Result<(), RunError<Never>> {
        Ok(())
    }

    fn start(&self, background: &Background) {
        self.world.note(format!("start {}", Self::NAME));
        let (world, task) = (self.world.clone(), self.task);
        background.spawn(move |stop| async move {
            match task {
                "panics" => panic!("out of order"),
                "hangs" => pending().await,
                "blocks" => std::thread::sleep(Duration::from_secs(1)),
                _ => stop.cancelled().await,
            }
            world.note(format!("end {}", Self::NAME));
        });
    }

    async fn shutdown(&self) {
        self.world.note(format!("hook {}", Self::NAME));
        match self.hook {
            "panics" => panic!("no hook"),
            "hangs" => pending().await,
            _ => {}
        }
    }
}

fn watch<const N: usize>(world: &World, task: &'static str, hook: &'static str) -> Watch<N> {
    Watch { world: world.clone(), task, hook }
}

#[tokio::test]
async fn background_work_starts_on_first_use_and_ends_in_reverse_order() {
    let world = World::default();
    let builder = Runtime::builder().engine(MemoryEngine::new()).register(watch::<0>(&world, "", "")).unwrap();
    let builder = builder.register(watch::<1>(&world, "", "")).unwrap();
    let runtime = builder.register(watch::<2>(&world, "", "")).unwrap().build().unwrap();
    assert!(world.take().is_empty());
    for _ in 0..2 {
        runtime.run::<Watch<0>>(()).await.unwrap();
        runtime.run::<Watch<1>>(()).await.unwrap();
    }
    assert_eq!(world.take(), ["start first", "start second"]);
    let report = runtime.shutdown(Duration::from_secs(1)).await;
    assert!(report.is_clean(), "{report:?}");
    assert_eq!(world.take(), ["hook second", "end second", "hook first", "end first"], "the third was never used");
    let late = runtime.run::<Watch<2>>(()).await.unwrap_err();
    assert!(matches!(late, RunError::Interrupted(Interrupt::ShuttingDown)));
    assert!(world.take().is_empty(), "nothing is started any more");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_hangs_or_panics_is_told_and_keeps_nobody_from_ending() {
    for (task, hook, expected) in [
        ("hangs", "", PartFailure::TaskTimedOut),
        ("blocks", "", PartFailure::TaskHangs),
        ("panics", "", PartFailure::TaskPanicked("out of order".to_owned())),
        ("", "panics", PartFailure::HookPanicked("no hook".to_owned())),
        ("", "hangs", PartFailure::HookTimedOut),
    ] {
        let world = World::default();
        let builder = Runtime::builder().engine(MemoryEngine::new()).register(watch::<0>(&world, "", "")).unwrap();
        let runtime = builder.register(watch::<1>(&world, task, hook)).unwrap().build().unwrap();
        runtime.run::<Watch<0>>(()).await.unwrap();
        runtime.run::<Watch<1>>(()).await.unwrap();
        tokio::time::sleep(Duration::from_millis(20)).await;
        let report = runtime.shutdown(Duration::from_secs(1)).await;
        let failures: Vec<_> = report.parts.iter().map(|part| (part.name, part.failures.clone())).collect();
        assert_eq!(failures, [("second", vec![expected]), ("first", vec![])], "{task} {hook}");
        assert!(!report.is_clean() && world.count("end first") == 1);
    }
}

/// One step that is quick, one that takes as long as its input says, one more.
fn slow(world: &World) -> Scripted {
    let world = world.clone();
    Scripted::new(move |cx, seconds| {
        let world = world.clone();
        Box::pin(async move {
            for name in ["quick", "slow", "after"] {
                cx.step(name)
                    .run(|_| async {
                        world.note(name);
                        if name == "slow" {
                            tokio::time::sleep(Duration::from_secs(u64::from(seconds))).await;
                        }
                        Ok::<_, StepError<SimpleError>>(())
                    })
                    .await?;
            }
            Ok("done".to_owned())
        })
    })
}

fn build(engine: &MemoryEngine, scripted: Scripted) -> Runtime {
    Runtime::builder().engine(engine.clone()).register(scripted).unwrap().build().unwrap()
}

fn options(run: &str) -> RunOptions {
    RunOptions::new().run_id(RunId::new(run).unwrap())
}

/// Promise 12.
#[tokio::test(start_paused = true)]
async fn a_shutdown_records_steps_that_end_in_time_and_nothing_else_and_leaves_runs_resumable() {
    for (limit, dropped, again) in [(10, false, vec!["after"]), (2, true, vec!["slow", "after"])] {
        let (engine, world) = (MemoryEngine::new(), World::default());
        let runtime = build(&engine, slow(&world));
        let running = tokio::spawn({
            let runtime = runtime.clone();
            async move { runtime.run_with::<Scripted>(options("r"), 5).await }
        });
        while world.count("slow") == 0 {
            tokio::task::yield_now().await;
        }
        let report = runtime.shutdown(Duration::from_secs(limit)).await;
        assert_eq!(!report.dropped_runs.is_empty(), dropped);
        let stopped = running.await.unwrap().unwrap_err();
        assert!(matches!(stopped, RunError::Interrupted(Interrupt::ShuttingDown)), "{stopped}");
        let info = runtime.inspect(&RunId::new("r").unwrap()).await.unwrap();
        assert!(info.finished.is_none() && info.entries == if dropped { 1 } else { 2 });
        assert_eq!(world.take(), ["quick", "slow"]);

        let recovery = build(&engine, slow(&world)).recover().await.unwrap();
        assert_eq!(recovery.completed, 1, "{recovery:?}");
        assert_eq!(world.take(), again);
    }
}

#[tokio::test(start_paused = true)]
async fn a_step_that_watches_the_token_gives_up_and_is_not_recorded() {
    let (engine, world) = (MemoryEngine::new(), World::default());
    let noted = world.clone();
    let watches = Scripted::new(move |cx, _| {
        let world = noted.clone();
        Box::pin(async move {
            cx.step("long")
                .run(|attempt| {
                    world.note("long");
                    async move {
                        let work = tokio::time::sleep(Duration::from_secs(3600));
                        attempt.cancellation().run_until_cancelled(work).await.ok_or(StepError::Interrupted)?;
                        Ok::<_, StepError<SimpleError>>("done".to_owned())
                    }
                })
                .await
        })
    });
    let runtime = build(&engine, watches);
    let running = tokio::spawn({
        let runtime = runtime.clone();
        async move { runtime.run_with::<Scripted>(options("r"), 1).await }
    });
    while world.count("long") == 0 {
        tokio::task::yield_now().await;
    }
    let run = RunId::new("r").unwrap();
    assert!(runtime.cancel(&run));
    assert!(matches!(running.await.unwrap(), Err(RunError::Interrupted(Interrupt::Cancelled))));
    assert_eq!(runtime.inspect(&run).await.unwrap().entries, 0);
    assert_eq!(runtime.resume::<Scripted>(&run).await.unwrap(), "done");
    assert_eq!(world.count("long"), 2);
}

#[tokio::test]
async fn recovery_goes_on_with_all_runs_and_tells_what_became_of_each() {
    let (engine, world) = (MemoryEngine::new(), World::default());
    let mixed = |broken: bool| {
        let world = world.clone();
        Scripted::new(move |cx, which| {
            let world = world.clone();
            Box::pin(async move {
                cx.step(if broken { "x" } else { "a" }).run(|_| async { Ok::<_, StepError<SimpleError>>(()) }).await?;
                if which == 0 {
                    cx.decision::<()>("go", &()).await?;
                }
                assert!(which != 1 || world.count("up") > 0, "a fault that is mended later");
                Ok(String::new())
            })
        })
    };
    for (run, which) in [("waits", 0), ("broken", 1), ("over", 2)] {
        let _ = build(&engine, mixed(false)).run_with::<Scripted>(options(run), which).await;
    }
    world.note("up");
    let recovery = build(&engine, mixed(false)).recover().await.unwrap();
    assert_eq!((recovery.completed, recovery.interrupted, recovery.broken.len()), (1, 1, 0), "{recovery:?}");
    let drifted = build(&engine, mixed(true)).recover().await.unwrap();
    assert_eq!(drifted.broken.len(), 1, "{drifted:?}");
    assert_eq!(drifted.broken[0].0.as_str(), "waits");
}

#[tokio::test]
async fn a_runtime_that_is_dropped_leaves_no_task_behind() {
    let world = World::default();
    let runtime = Runtime::builder().engine(MemoryEngine::new()).register(watch::<0>(&world, "hangs", "")).unwrap();
    let runtime = runtime.build().unwrap();
    runtime.run::<Watch<0>>(()).await.unwrap();
    let alive = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
    assert_eq!(alive(), 1);
    drop(runtime);
    tokio::task::yield_now().await;
    assert_eq!(alive(), 0);
}

/// On a runtime that ends with the first panic that gets out of a task.
#[cfg(tokio_unstable)]
mod unhandled {
    use super::*;
    use baton_runtime::testing::SimulatedFiles;
    use baton_runtime::{Category, Durability, LocalEngine, RetryPolicy, Undo};
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use tokio::runtime::{Builder, Handle, UnhandledPanic};

    /// Runs a test, after which no task may be left.
    fn guarded<F: Future<Output = ()>>(test: F) {
        let mut tokio = Builder::new_current_thread();
        tokio.enable_all().unhandled_panic(UnhandledPanic::ShutdownRuntime);
        tokio.build().unwrap().block_on(async {
            test.await;
            // What was aborted is dropped when its turn comes.
            for _ in 0..10 {
                tokio::task::yield_now().await;
            }
            assert_eq!(Handle::current().metrics().num_alive_tasks(), 0, "tasks are left behind");
            tokio::spawn(async {}).await.unwrap();
        });
    }

    fn once() -> RetryPolicy {
        RetryPolicy::default().maximum_attempts(1)
    }

    async fn branch(cx: RunContext<'_>, fault: u32) -> Result<(), RunError<SimpleError>> {
        let step = cx.step("second").retry(once());
        step.run(|_| async move {
            assert!(fault != 2, "in a branch");
            Ok::<_, StepError<SimpleError>>(())
        })
        .await
    }

    /// A run that does as its input says, in a step, in a branch or in an undo.
    fn faulty() -> Scripted {
        Scripted::new(|cx, fault| {
            Box::pin(async move {
                let undo = move |_: Undo<()>| async move {
                    assert!(fault != 3, "in an undo");
                    Ok::<_, StepError<SimpleError>>(())
                };
                cx.step("first").compensate(undo).undo_retry(once()).run(|_| async { Ok(()) }).await?;
                let left = |cx| branch(cx, fault);
                let right = |cx| branch(cx, fault);
                cx.parallel("branches").branch("left", left).branch("right", right).run().await?;
                assert!(fault != 1, "in the body");
                cx.decision::<()>("go", &()).await?;
                if fault == 3 {
                    return Err(SimpleError::new(Category::Internal, "undone").into());
                }
                Ok("done".to_owned())
            })
        })
    }

    #[test]
    fn a_panic_that_gets_out_of_a_task_ends_such_a_runtime() {
        let ended = catch_unwind(AssertUnwindSafe(|| {
            guarded(async {
                tokio::spawn(async { panic!("nobody catches it") });
            });
        }));
        assert!(ended.is_err());
    }

    #[test]
    fn a_task_that_is_left_behind_is_seen() {
        let left = catch_unwind(AssertUnwindSafe(|| {
            guarded(async {
                tokio::spawn(pending::<()>());
            });
        }));
        assert!(left.is_err());
    }

    #[test]
    fn parts_that_panic_or_hang_leave_no_task_behind() {
        for (task, hook) in [("", ""), ("hangs", ""), ("panics", ""), ("", "panics"), ("panics", "panics")] {
            guarded(async {
                let world = World::default();
                let builder = Runtime::builder().engine(MemoryEngine::new());
                let runtime = builder.register(watch::<0>(&world, task, hook)).unwrap().build().unwrap();
                runtime.run::<Watch<0>>(()).await.unwrap();
                tokio::time::sleep(Duration::from_millis(5)).await;
                let report = runtime.shutdown(Duration::from_secs(1)).await;
                assert_eq!(report.is_clean(), task.is_empty() && hook.is_empty(), "{report:?}");
            });
        }
    }

    #[test]
    fn runs_that_panic_are_dropped_or_cancelled_leave_no_task_behind() {
        for fault in 0..4 {
            guarded(async {
                let engine = LocalEngine::open_with("/runs", Durability::Synced, SimulatedFiles::new()).unwrap();
                let runtime = Runtime::builder().engine(engine).register(faulty()).unwrap().build().unwrap();
                let begin = |run| runtime.run_with::<Scripted>(options(run), fault);
                // Given up in the middle of a record.
                for wait in 0..5 {
                    let mut run = Box::pin(begin("dropped"));
                    for _ in 0..wait {
                        if tokio::time::timeout(Duration::from_millis(1), &mut run).await.is_ok() {
                            break;
                        }
                    }
                }
                let running = tokio::spawn({
                    let runtime = runtime.clone();
                    async move { runtime.run_with::<Scripted>(options("cancelled"), fault).await }
                });
                tokio::task::yield_now().await;
                runtime.cancel(&RunId::new("cancelled").unwrap());
                assert!(running.await.unwrap().is_err());
                let ended = begin("suspended").await.unwrap_err();
                assert_eq!(ended.is_interrupted(), fault == 0 || fault == 3, "{ended}");
                let recovery = runtime.recover().await.unwrap();
                assert_eq!(recovery.broken.is_empty(), fault != 1, "{recovery:?}");
                let id = RunId::new("suspended").unwrap();
                if let Some(question) = runtime.inspect(&id).await.unwrap().pending.first() {
                    let answered = runtime.decide_and_resume::<Scripted>(&id, &question.id, &()).await;
                    assert_eq!(answered.is_ok(), fault == 0, "{answered:?}");
                }
                runtime.shutdown(Duration::from_secs(1)).await;
            });
        }
    }
}
