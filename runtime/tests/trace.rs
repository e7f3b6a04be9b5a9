//! What is told to whoever collects traces. It is the only test of its program, because callsites of `tracing` are the
//! program's, and a thread without a collector would race for them.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use baton_runtime::{MemoryEngine, RunId, RunOptions, Runtime, SimpleError, StepError};
use common::{Scripted, World};
use std::sync::atomic::{AtomicU64, Ordering};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Writes down the spans that are opened.
struct Spans(World, AtomicU64);

impl Subscriber for Spans {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.0.note(span.metadata().name());
        Id::from_u64(self.1.fetch_add(1, Ordering::Relaxed))
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, _: &Event<'_>) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// Two steps and a question.
fn build(engine: &MemoryEngine) -> Runtime {
    let scripted = Scripted::new(|cx, _| {
        Box::pin(async {
            for name in ["a", "b"] {
                cx.step(name).run(|_| async { Ok::<_, StepError<SimpleError>>(()) }).await?;
            }
            Ok(cx.decision("go", &()).await?)
        })
    });
    Runtime::builder().engine(engine.clone()).register(scripted).unwrap().build().unwrap()
}

#[test]
fn a_step_that_is_handed_back_leaves_no_span() {
    let (engine, spans) = (MemoryEngine::new(), World::default());
    let tokio = tokio::runtime::Builder::new_current_thread().build().unwrap();
    tracing::subscriber::with_default(Spans(spans.clone(), AtomicU64::new(1)), || {
        for expected in [&["step", "step"][..], &[]] {
            let options = RunOptions::new().run_id(RunId::new("r").unwrap());
            let result = tokio.block_on(build(&engine).run_with::<Scripted>(options, 1));
            assert!(result.unwrap_err().is_interrupted());
            assert_eq!(spans.take(), expected);
        }
    });
}
