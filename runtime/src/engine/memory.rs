//! The engine for tests and for runs that need not survive the process.

use super::journal::{JournalEngine, MemoryJournals};
use super::record::RunHeader;
use super::{BoxFuture, Engine, EngineRun, RunInfo};
use crate::error::RuntimeError;
use crate::id::{DecisionId, RunId};
use crate::payload::Payload;
use std::sync::Arc;

/// Keeps runs in memory, with all the semantics of a durable engine within one process.
///
/// Clones share their runs, so that a test can drop a runtime and build another one over what is left, as a restart would.
#[derive(Clone)]
pub struct MemoryEngine(Arc<JournalEngine<MemoryJournals>>);

impl MemoryEngine {
    /// An engine without runs.
    pub fn new() -> Self {
        Self(Arc::new(JournalEngine::new(MemoryJournals::default())))
    }
}

impl Default for MemoryEngine {
    fn default() -> Self {
        Self::new()
    }
}

impl Engine for MemoryEngine {
    fn create(&self, header: RunHeader) -> BoxFuture<'_, Result<Arc<dyn EngineRun>, RuntimeError>> {
        self.0.create(header)
    }

    fn open<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<Arc<dyn EngineRun>, RuntimeError>> {
        self.0.open(run)
    }

    fn open_runs(&self) -> BoxFuture<'_, Result<Vec<RunId>, RuntimeError>> {
        self.0.open_runs()
    }

    fn inspect<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<RunInfo, RuntimeError>> {
        self.0.inspect(run)
    }

    fn answer<'a>(
        &'a self,
        run: &'a RunId,
        decision: &'a DecisionId,
        answer: Payload,
    ) -> BoxFuture<'a, Result<(), RuntimeError>> {
        self.0.answer(run, decision, answer)
    }

    fn remove<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<(), RuntimeError>> {
        self.0.remove(run)
    }
}
