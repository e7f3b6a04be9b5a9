//! An engine in memory in which one thing goes wrong.

use crate::engine::{
    BoxFuture, Engine, EngineRun, EntryKey, EntryKind, Finish, MemoryEngine, Recorded, RunHeader, RunInfo, Work,
};
use crate::error::{Cause, EffectState, Failure, Never, RuntimeError};
use crate::id::{DecisionId, RunId};
use crate::lock;
use crate::payload::Payload;
use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// What goes wrong at an operation that is done for the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mishap {
    CrashBefore,
    CrashAfter,
    CrashRecorded,
    FailInstead,
    FailAfter,
}

/// What was done, and what is to go wrong with which of it.
#[derive(Default)]
pub(super) struct Plan {
    done: Vec<EntryKey>,
    mishaps: Vec<(usize, Mishap)>,
}

/// Wraps the engine in memory. Clones share everything.
#[derive(Clone)]
pub(super) struct Mishaps {
    inner: MemoryEngine,
    plan: Arc<Mutex<Plan>>,
    /// Cancelled when the process "crashes".
    crashed: CancellationToken,
}

impl Mishaps {
    pub(super) fn new(mishaps: Vec<(usize, Mishap)>) -> Self {
        Self::over(MemoryEngine::new(), mishaps)
    }

    pub(super) fn over(inner: MemoryEngine, mishaps: Vec<(usize, Mishap)>) -> Self {
        let plan = Plan { done: Vec::new(), mishaps };
        Self { inner, plan: Arc::new(Mutex::new(plan)), crashed: CancellationToken::new() }
    }

    /// The engine after the process was started again: the same runs, and nothing more goes wrong.
    pub(super) fn restarted(&self) -> Self {
        let mut restarted = Self::over(self.inner.clone(), Vec::new());
        restarted.plan = Arc::clone(&self.plan);
        lock(&self.plan).mishaps.clear();
        restarted
    }

    /// The operations that were done, in their order.
    pub(super) fn done(&self) -> Vec<EntryKey> {
        lock(&self.plan).done.clone()
    }

    /// Runs something until the process "crashes".
    pub(super) async fn until_crash<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        self.crashed.run_until_cancelled(work).await
    }

    /// Counts an operation that is done now, and says what goes wrong with it.
    fn begin(&self, key: &EntryKey) -> Option<Mishap> {
        let mut plan = lock(&self.plan);
        let index = plan.done.len();
        plan.done.push(key.clone());
        plan.mishaps.iter().find(|(at, _)| *at == index).map(|(_, mishap)| *mishap)
    }

    async fn crash(&self) {
        self.crashed.cancel();
        pending::<()>().await;
    }

    fn wrap(&self, run: Arc<dyn EngineRun>) -> Arc<dyn EngineRun> {
        Arc::new(MishapRun { run, engine: self.clone() })
    }
}

impl Engine for Mishaps {
    fn create(&self, header: RunHeader) -> BoxFuture<'_, Result<Arc<dyn EngineRun>, RuntimeError>> {
        Box::pin(async { Ok(self.wrap(self.inner.create(header).await?)) })
    }

    fn open<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<Arc<dyn EngineRun>, RuntimeError>> {
        Box::pin(async { Ok(self.wrap(self.inner.open(run).await?)) })
    }

    fn open_runs(&self) -> BoxFuture<'_, Result<Vec<RunId>, RuntimeError>> {
        self.inner.open_runs()
    }

    fn inspect<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<RunInfo, RuntimeError>> {
        self.inner.inspect(run)
    }

    fn answer<'a>(
        &'a self,
        run: &'a RunId,
        decision: &'a DecisionId,
        answer: Payload,
    ) -> BoxFuture<'a, Result<(), RuntimeError>> {
        self.inner.answer(run, decision, answer)
    }

    fn remove<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<(), RuntimeError>> {
        self.inner.remove(run)
    }
}

struct MishapRun {
    run: Arc<dyn EngineRun>,
    engine: Mishaps,
}

/// A step or an undo that failed, whatever the application's type of errors is.
fn failure(key: &EntryKey, effect: EffectState) -> Result<Payload, RuntimeError> {
    let step = (key.kind == EntryKind::Step).then(|| key.name.to_string());
    let failure = Failure::<Never> { step, cause: Cause::TimedOut(Duration::ZERO), effect, attempts: 1 };
    Payload::encode(&Err::<(), _>(failure))
}

impl EngineRun for MishapRun {
    fn header(&self) -> &RunHeader {
        self.run.header()
    }

    fn finished(&self) -> Option<Finish> {
        self.run.finished()
    }

    fn record<'a>(&'a self, key: EntryKey, work: Work<'a>) -> BoxFuture<'a, Result<Recorded, RuntimeError>> {
        Box::pin(async move {
            let mut mishap = None;
            let work = Box::pin(async {
                mishap = self.engine.begin(&key);
                match mishap {
                    Some(Mishap::CrashBefore) => {
                        self.engine.crash().await;
                        work.await
                    }
                    Some(Mishap::FailInstead) => failure(&key, EffectState::NotApplied),
                    Some(Mishap::CrashAfter) => {
                        let done = work.await;
                        self.engine.crash().await;
                        done
                    }
                    Some(Mishap::FailAfter) => {
                        work.await?;
                        failure(&key, EffectState::Unknown)
                    }
                    Some(Mishap::CrashRecorded) | None => work.await,
                }
            });
            let mut recorded = self.run.record(key.clone(), work).await?;
            if mishap == Some(Mishap::CrashRecorded) {
                self.engine.crash().await;
            }
            // What is recorded is not what the work returned.
            recorded.replayed |= matches!(mishap, Some(Mishap::FailInstead | Mishap::FailAfter));
            Ok(recorded)
        })
    }

    fn sleep(&self, key: EntryKey, duration: Duration) -> BoxFuture<'_, Result<(), RuntimeError>> {
        self.run.sleep(key, duration)
    }

    fn decide(&self, key: EntryKey, question: Payload) -> BoxFuture<'_, Result<Payload, RuntimeError>> {
        self.run.decide(key, question)
    }

    fn finish(&self, finish: Finish) -> BoxFuture<'_, Result<(), RuntimeError>> {
        self.run.finish(finish)
    }

    fn is_replaying(&self) -> bool {
        self.run.is_replaying()
    }
}
