//! What observers are told about a run.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use baton_runtime::{
    Category, MemoryEngine, RetryPolicy, RunError, RunEvent, RunEventKind, RunId, RunObserver, RunOptions, Runtime,
    SimpleError, StepError,
};
use common::{Scripted, World};

/// Writes down every event in a few words.
struct Words(World);

impl RunObserver for Words {
    fn observe(&self, event: &RunEvent<'_>) {
        let words = match &event.kind {
            RunEventKind::Started => "started".to_owned(),
            RunEventKind::StepStarted { name, .. } => format!("{name} begins"),
            RunEventKind::StepRetried { name, attempt, .. } => format!("{name} failed {attempt}"),
            RunEventKind::StepFinished { name, failed: None, .. } => format!("{name} ends"),
            RunEventKind::StepFinished { name, failed: Some(effect), .. } => format!("{name} fails, {effect:?}"),
            RunEventKind::BranchChosen { name, .. } => format!("branch {name}"),
            RunEventKind::Undone { name, failed, .. } => format!("{name} undone, {}", !failed),
            RunEventKind::Suspended { decision, .. } => format!("waits for {decision}"),
            RunEventKind::Ended { ending, .. } => format!("{ending:?}"),
            _ => "something new".to_owned(),
        };
        let again = if event.replayed { " again" } else { "" };
        self.0.note(format!("{words}{again}"));
    }
}

/// A step that fails once, a fallback whose second branch wins, a question, and a failure at the end.
fn eventful() -> Scripted {
    let down = || SimpleError::new(Category::Dependency, "down");
    Scripted::new(move |cx, _| {
        Box::pin(async move {
            cx.step("flaky")
                .compensate(|_| async { Ok(()) })
                .run(|attempt| async move { if attempt.number == 1 { Err(down())? } else { Ok(()) } })
                .await?;
            cx.fallback("either")
                .branch("first", move |cx| async move {
                    cx.step("ask")
                        .retry(RetryPolicy::never())
                        .run(|_| async move { Err::<(), _>(StepError::Retryable(down())) })
                        .await
                })
                .branch("second", |_| async { Ok(()) })
                .run()
                .await?;
            if cx.decision("go", &()).await? {
                Ok(String::new())
            } else {
                Err(SimpleError::new(Category::Cancelled, "no"))?
            }
        })
    })
}

fn build(engine: &MemoryEngine, world: &World) -> Runtime {
    let builder = Runtime::builder().engine(engine.clone()).observer(Words(world.clone()));
    builder.register(eventful()).unwrap().build().unwrap()
}

fn options() -> RunOptions {
    RunOptions::new().run_id(RunId::new("r").unwrap())
}

#[tokio::test(start_paused = true)]
async fn observers_are_told_everything_in_its_order_and_what_is_only_replayed() {
    let (engine, world) = (MemoryEngine::new(), World::default());
    assert!(build(&engine, &world).run_with::<Scripted>(options(), 1).await.unwrap_err().is_interrupted());
    let expected = [
        "started",
        "flaky begins",
        "flaky failed 1",
        "flaky ends",
        "ask begins",
        "ask fails, Unknown",
        "branch first",
        "branch second",
        "waits for 2/go",
        "Interrupted",
    ];
    assert_eq!(world.take(), expected);
    let runtime = build(&engine, &world);
    let (run, decision) = (RunId::new("r").unwrap(), "2/go".parse().unwrap());
    let decided = runtime.decide_and_resume::<Scripted>(&run, &decision, &false);
    assert!(matches!(decided.await, Err(RunError::Failed(_))));
    let expected = [
        "started again",
        "flaky begins again",
        "flaky ends again",
        "ask begins again",
        "ask fails, Unknown again",
        "branch first again",
        "branch second again",
        "flaky undone, true",
        "Failed",
    ];
    assert_eq!(world.take(), expected);
}
