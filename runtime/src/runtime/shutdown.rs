//! Ending everything, each part with its own limit of time.

use super::Runtime;
use crate::background::panic_of;
use crate::id::RunId;
use crate::panics;
use crate::registry::Part;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout, timeout_at};

/// How long an aborted task is waited for. One that blocks its thread never notices.
const AFTER_ABORT: Duration = Duration::from_millis(100);

/// What came of a shutdown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShutdownReport {
    /// Runs that were dropped where they were, because their step in flight took too long. They can be resumed, and so can
    /// those that stopped in time.
    pub dropped_runs: Vec<RunId>,
    /// The parts that were in use, in the order in which they were shut down.
    pub parts: Vec<PartReport>,
}

impl ShutdownReport {
    /// Whether everything ended by itself and in time.
    pub fn is_clean(&self) -> bool {
        self.dropped_runs.is_empty() && self.parts.iter().all(|part| part.failures.is_empty())
    }
}

/// What came of the shutdown of one part.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PartReport {
    /// The name of the orchestrator.
    pub name: &'static str,
    /// What went wrong.
    pub failures: Vec<PartFailure>,
}

/// What went wrong in the shutdown of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PartFailure {
    /// Its hook took too long and was dropped.
    HookTimedOut,
    /// Its hook panicked and said this.
    HookPanicked(String),
    /// A background task took too long and was aborted.
    TaskTimedOut,
    /// A background task took too long, and does not react to being aborted: it blocks its thread.
    TaskHangs,
    /// A background task had panicked and said this.
    TaskPanicked(String),
}

impl Runtime {
    /// Ends everything. No run begins any more; those that are being executed stop before their next step, and nothing of
    /// that is recorded, so that they can be resumed. Steps in flight have until `limit` to end and to be recorded. Then the
    /// parts are shut down in the reverse order of their registration, each within its own
    /// [limit](crate::Orchestrator::SHUTDOWN_LIMIT).
    ///
    /// ```
    /// # use baton_runtime::{MemoryEngine, Runtime};
    /// # use std::time::Duration;
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
    /// let runtime = Runtime::builder().engine(MemoryEngine::new()).build()?;
    /// let report = runtime.shutdown(Duration::from_secs(30)).await;
    /// assert!(report.is_clean(), "{report:?}");
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    pub async fn shutdown(&self, limit: Duration) -> ShutdownReport {
        self.inner.shutdown.cancel();
        let mut report = ShutdownReport::default();
        if timeout(limit, self.inner.active.all_ended()).await.is_err() {
            report.dropped_runs = self.inner.active.list();
            self.inner.abort.cancel();
            // Dropping takes a moment; a step that blocks its thread is left to itself.
            let _ = timeout(AFTER_ABORT, self.inner.active.all_ended()).await;
        }
        for part in self.inner.registry.parts().iter().rev().filter(|part| part.was_started()) {
            report.parts.push(shut_down(part).await);
        }
        report
    }
}

async fn shut_down(part: &Part) -> PartReport {
    let orchestrator = part.orchestrator.as_ref();
    let end = Instant::now() + orchestrator.shutdown_limit();
    part.background.stop();
    let mut failures = Vec::new();
    match timeout_at(end, panics::caught(async { orchestrator.shutdown_dyn().await })).await {
        Ok(Ok(())) => {}
        Ok(Err(message)) => failures.push(PartFailure::HookPanicked(message)),
        Err(_) => failures.push(PartFailure::HookTimedOut),
    }
    let mut tasks = part.background.take();
    let mut panics = tasks.panics;
    while let Ok(Some(ended)) = timeout_at(end, tasks.running.join_next()).await {
        panics.extend(panic_of(ended));
    }
    failures.extend(panics.into_iter().map(PartFailure::TaskPanicked));
    failures.extend(abort(tasks.running).await);
    PartReport { name: orchestrator.name(), failures }
}

/// Aborts what has not ended in time, and tells each.
async fn abort<T: 'static>(mut running: JoinSet<T>) -> Vec<PartFailure> {
    let late = running.len();
    running.abort_all();
    let end = Instant::now() + AFTER_ABORT;
    while let Ok(Some(_)) = timeout_at(end, running.join_next()).await {}
    let hanging = running.len();
    let failure = |at| if at < hanging { PartFailure::TaskHangs } else { PartFailure::TaskTimedOut };
    (0..late).map(failure).collect()
}
