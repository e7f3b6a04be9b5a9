//! What several tests need: an orchestrator out of a closure, and a count of effects.
#![allow(dead_code, reason = "each test uses a part of it")]

use baton_runtime::{BoxFuture, Kind, Layer, Orchestrator, RunContext, RunError, SimpleError};
use std::sync::{Arc, Barrier, Mutex};

pub(crate) type Body =
    Box<dyn for<'a> Fn(&'a RunContext<'a>, u32) -> BoxFuture<'a, Result<String, RunError<SimpleError>>> + Send + Sync>;

/// An orchestrator whose body is a closure.
pub(crate) struct Scripted(pub(crate) Body);

impl Scripted {
    pub(crate) fn new<F>(body: F) -> Self
    where
        F: for<'a> Fn(&'a RunContext<'a>, u32) -> BoxFuture<'a, Result<String, RunError<SimpleError>>>
            + Send
            + Sync
            + 'static,
    {
        Self(Box::new(body))
    }
}

impl Orchestrator for Scripted {
    const NAME: &'static str = "scripted";
    const LAYER: Layer = Layer::Domain;
    const KIND: Kind = Kind::Sequential;
    type Input = u32;
    type Output = String;
    type Error = SimpleError;

    async fn orchestrate(&self, cx: &RunContext<'_>, input: u32) -> Result<String, RunError<SimpleError>> {
        (self.0)(cx, input).await
    }
}

/// What happened in the world, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct World(Arc<Mutex<Vec<String>>>);

impl World {
    pub(crate) fn note(&self, what: impl Into<String>) {
        self.0.lock().unwrap().push(what.into());
    }

    /// What happened since this was last asked.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    pub(crate) fn count(&self, what: &str) -> usize {
        self.0.lock().unwrap().iter().filter(|noted| *noted == what).count()
    }
}

/// Runs something on the second worker of two while the first one is kept busy: the first one of a runtime with many threads
/// is not told from that of a runtime with one.
pub(crate) fn on_second_worker(run: impl Future<Output = ()> + Send + 'static) {
    let tokio = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    // Each task holds a worker until the other one has one too.
    let (both, end) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(2)));
    for _ in 0..2 {
        let (both, end) = (Arc::clone(&both), Arc::clone(&end));
        tokio.spawn(async move {
            both.wait();
            if tokio::runtime::worker_index() == Some(0) {
                end.wait();
            }
        });
    }
    let ended = tokio.block_on(tokio.spawn(run));
    end.wait();
    ended.unwrap();
}
