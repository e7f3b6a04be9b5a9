//! What a body sees of the run it works in.

use crate::engine::{BoxFuture, EngineRun, EntryKey, EntryKind, Recorded, Work};
use crate::error::{Interrupt, RunError, RuntimeError};
use crate::id::{Name, RequestId, RunId, Sequence, TenantId};
use crate::lock;
use crate::observer::{RunEvent, RunEventKind, RunObserver};
use crate::orchestrator::Orchestrator;
use crate::payload::Payload;
use crate::registry::Registry;
use crate::step::Step;
use crate::trace::TraceContext;
use crate::undo::Undoable;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};
use tokio_util::sync::CancellationToken;

/// The run that a body works in: who asked, how deep, until when, and every operation that is recorded.
///
/// A clone is the same place in the same run. A context is handed on by argument and never stored, so that it is plain
/// which run a piece of code belongs to.
#[derive(Clone)]
pub struct RunContext<'a> {
    run: &'a dyn EngineRun,
    shared: Arc<Shared>,
    scope: Arc<Scope>,
}

/// What all contexts of one execution share.
pub(crate) struct Shared {
    pub(crate) registry: Arc<Registry>,
    pub(crate) observers: Arc<[Arc<dyn RunObserver>]>,
    pub(crate) maximum_depth: u32,
    /// Cancelled with the run, or with the whole runtime.
    pub(crate) cancellation: CancellationToken,
    /// Cancelled with the whole runtime.
    pub(crate) shutdown: CancellationToken,
    /// What the runtime could not go on with, once it has told the body.
    pub(crate) fault: Mutex<Option<String>>,
}

/// One branch of a run: it numbers its operations by itself, and is unwound by itself.
pub(crate) struct Scope {
    path: Sequence,
    next: AtomicU32,
    /// The orchestrators from the run down to here.
    chain: Vec<&'static str>,
    undos: Mutex<Vec<Undoable>>,
    /// What every later operation meets again, once one was stopped.
    stopped: Mutex<Option<Interrupt>>,
    /// The innermost branch that this is, for traces.
    branch: Option<Name>,
}

impl Scope {
    fn new(path: Sequence, chain: Vec<&'static str>) -> Self {
        let (next, undos, stopped) = (AtomicU32::new(0), Mutex::default(), Mutex::default());
        Self { path, next, chain, undos, stopped, branch: None }
    }
}

impl<'a> RunContext<'a> {
    pub(crate) fn new(run: &'a dyn EngineRun, shared: Shared, orchestrator: &'static str) -> Self {
        let scope = Scope::new(Sequence::root(), vec![orchestrator]);
        Self { run, shared: Arc::new(shared), scope: Arc::new(scope) }
    }

    /// On whose behalf the run works.
    pub fn tenant(&self) -> &TenantId {
        &self.run.header().tenant
    }

    /// The request that the run answers.
    pub fn request(&self) -> &RequestId {
        &self.run.header().request
    }

    /// The run.
    pub fn run_id(&self) -> &RunId {
        &self.run.header().run
    }

    /// The trace that the run belongs to. What is sent to a service is a [child](TraceContext::child) of it.
    pub fn trace(&self) -> TraceContext {
        self.run.header().trace
    }

    /// What the caller wanted the run to know.
    pub fn metadata(&self) -> &BTreeMap<String, String> {
        &self.run.header().metadata
    }

    /// The name of the orchestrator whose body this is.
    pub fn orchestrator(&self) -> &'static str {
        self.scope.chain.last().copied().unwrap_or_default()
    }

    /// How many orchestrators called each other to come here; 0 in the run's own.
    pub fn depth(&self) -> u32 {
        u32::try_from(self.scope.chain.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }

    /// The greatest depth that is allowed.
    pub fn maximum_depth(&self) -> u32 {
        self.shared.maximum_depth
    }

    /// When no new step may begin any more. Unwinding goes on after it.
    pub fn deadline(&self) -> Option<SystemTime> {
        self.run.header().deadline
    }

    /// Whether there are records that this execution has not come to yet: what is done now was done before. For logs and
    /// the like; a body that decides by it is not the same on its next execution.
    pub fn is_replaying(&self) -> bool {
        self.run.is_replaying()
    }

    /// What is cancelled when the run is, or when the runtime shuts down. A long step watches it and returns
    /// [`StepError::Interrupted`](crate::StepError::Interrupted).
    pub fn cancellation(&self) -> &CancellationToken {
        &self.shared.cancellation
    }

    /// Something that has an effect, or that is asked of the outside world.
    pub fn step(&self, name: impl Into<Name>) -> Step<'_, 'a> {
        Step::new(self, self.place(EntryKind::Step, name))
    }

    /// The time, recorded.
    ///
    /// # Errors
    /// A [`RuntimeError`] if it cannot be recorded.
    pub async fn now(&self) -> Result<SystemTime, RuntimeError> {
        self.value("now", SystemTime::now).await
    }

    /// A random UUID of version 4, recorded.
    ///
    /// # Errors
    /// A [`RuntimeError`] if it cannot be recorded.
    pub async fn uuid(&self) -> Result<String, RuntimeError> {
        self.value("uuid", || uuid::Uuid::new_v4().hyphenated().to_string()).await
    }

    /// A value that may come out differently next time, such as a random number or a setting: computed once and recorded.
    ///
    /// # Errors
    /// A [`RuntimeError`] if it cannot be recorded.
    pub async fn value<T, F>(&self, name: impl Into<Name>, compute: F) -> Result<T, RuntimeError>
    where
        T: Serialize + DeserializeOwned,
        F: FnOnce() -> T + Send,
    {
        let key = self.place(EntryKind::Value, name);
        self.check(&key)?;
        let recorded = self.record(key, Box::pin(async move { Payload::encode(&compute()) })).await?;
        recorded.payload.decode()
    }

    /// Keeps something in the run on behalf of a part of the application or of this crate: a transition, a version of an
    /// artifact. The work is done if nothing is recorded here yet, and what it returns is recorded.
    ///
    /// It is the plain form of a step, without attempts and undo, for parts that bring their own.
    ///
    /// ```
    /// # use baton_runtime::{RunContext, RuntimeError};
    /// # async fn body(cx: &RunContext<'_>, draft: String) -> Result<(), RuntimeError> {
    /// let version = cx.note("commit draft", || async { Ok(draft.len()) }).await?;
    /// if !version.replayed {
    ///     tracing::info!(version.value, "committed");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// What the work fails with, which is not recorded, and a [`RuntimeError`] if its result cannot be.
    pub async fn note<T, F, Fut>(&self, name: impl Into<Name>, work: F) -> Result<Noted<T>, RuntimeError>
    where
        T: Serialize + DeserializeOwned,
        F: FnOnce() -> Fut + Send,
        Fut: Future<Output = Result<T, RuntimeError>> + Send,
    {
        let key = self.place(EntryKind::Note, name);
        self.check(&key)?;
        let work = Box::pin(async move { Payload::encode(&work().await?) });
        let recorded = self.record(key, work).await?;
        Ok(Noted { value: recorded.payload.decode()?, replayed: recorded.replayed })
    }

    /// Waits until `duration` after the moment at which the run came here first, over restarts.
    ///
    /// # Errors
    /// [`RuntimeError::Interrupted`] as soon as the run is cancelled, and a [`RuntimeError`] if it cannot be recorded.
    pub async fn sleep(&self, duration: Duration) -> Result<(), RuntimeError> {
        let key = self.place(EntryKind::Timer, "sleep");
        self.check(&key)?;
        match self.shared.cancellation.run_until_cancelled(self.run.sleep(key, duration)).await {
            Some(result) => self.noted(result),
            None => Err(self.stop(self.interruption()).into()),
        }
    }

    /// Asks somebody outside and waits for the answer, for days if need be. An engine may end the execution meanwhile;
    /// [`Runtime::decide_and_resume`](crate::Runtime::decide_and_resume) records the answer and goes on with the run.
    ///
    /// ```
    /// use baton_runtime::{
    ///     Interrupt, Kind, Layer, MemoryEngine, Never, Orchestrator, RunContext, RunError, RunId, RunOptions, Runtime,
    /// };
    ///
    /// struct Approval;
    ///
    /// impl Orchestrator for Approval {
    ///     const NAME: &'static str = "approval";
    ///     const LAYER: Layer = Layer::Domain;
    ///     const KIND: Kind = Kind::Adaptive;
    ///     type Input = u32;
    ///     type Output = String;
    ///     type Error = Never;
    ///
    ///     async fn orchestrate(&self, cx: &RunContext<'_>, sum: u32) -> Result<String, RunError<Never>> {
    ///         let approved: bool = cx.decision("approve", &format!("May {sum} be paid?")).await?;
    ///         Ok(if approved { "paid" } else { "refused" }.to_owned())
    ///     }
    /// }
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
    /// let runtime = Runtime::builder().engine(MemoryEngine::new()).register(Approval)?.build()?;
    /// let run = RunId::new("invoice-7")?;
    /// let waits = runtime.run_with::<Approval>(RunOptions::new().run_id(run.clone()), 40).await;
    /// let Err(RunError::Interrupted(Interrupt::Suspended(pending))) = waits else { panic!() };
    /// assert_eq!(pending.question.decode::<String>()?, "May 40 be paid?");
    /// assert_eq!(runtime.decide_and_resume::<Approval>(&run, &pending.id, &true).await?, "paid");
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`RuntimeError::Interrupted`] while there is no answer: hand it on. A [`RuntimeError`] if it cannot be recorded, or if
    /// the answer is not of type `T`.
    pub async fn decision<T: DeserializeOwned>(
        &self,
        name: impl Into<Name>,
        question: &impl Serialize,
    ) -> Result<T, RuntimeError> {
        let key = self.place(EntryKind::Decision, name);
        let question = Payload::encode(question);
        self.check(&key)?;
        match self.shared.cancellation.run_until_cancelled(self.run.decide(key, question?)).await {
            Some(Ok(answer)) => answer.decode(),
            Some(Err(RuntimeError::Interrupted(interrupt))) => Err(self.stop(interrupt).into()),
            Some(Err(error)) => self.noted(Err(error)),
            None => Err(self.stop(self.interruption()).into()),
        }
    }

    /// Calls another orchestrator and waits for it. Its steps are part of this run. If it fails, what it did is undone
    /// before this returns; if it succeeds, what it did is undone with the rest if the caller fails later.
    ///
    /// # Errors
    /// What the other one fails with. [`RuntimeError::NotRegistered`] and [`RuntimeError::TooDeep`].
    pub async fn child<O: Orchestrator>(&self, input: O::Input) -> Result<O::Output, RunError<O::Error>> {
        let key = self.place(EntryKind::Child, O::NAME);
        self.check(&key)?;
        let mut chain = self.scope.chain.clone();
        chain.push(O::NAME);
        if self.depth() >= self.shared.maximum_depth {
            let maximum = self.shared.maximum_depth;
            return Err(RuntimeError::TooDeep { maximum, chain: chain.join(" → ") }.into());
        }
        let child = self.shared.registry.get::<O>()?;
        let version = Payload::encode(&O::VERSION)?;
        let path = key.sequence.clone();
        let recorded = self.record(key.clone(), Box::pin(async { Ok(version) })).await?;
        let version: u32 = recorded.payload.decode()?;
        if version != O::VERSION {
            let describe = |version: u32| format!("version {version} of `{}`", O::NAME);
            let drift = crate::error::Drift::at(self.run_id(), &path, describe(version), describe(O::VERSION));
            return Err(RuntimeError::from(drift).into());
        }
        let cx = self.with_scope(Scope::new(path, chain));
        let result = body(child.as_ref(), &cx, input).await;
        cx.settle(self, result).await
    }

    /// A context for a branch of this run, at a place of its own.
    pub(crate) fn branch(&self, path: Sequence, name: Name) -> Self {
        let scope = Scope::new(path, self.scope.chain.clone());
        self.with_scope(Scope { branch: Some(name), ..scope })
    }

    fn with_scope(&self, scope: Scope) -> Self {
        Self { run: self.run, shared: Arc::clone(&self.shared), scope: Arc::new(scope) }
    }

    /// The next place in this scope. It is taken when an operation is built, which is in the order of the source, and not
    /// when it ends.
    pub(crate) fn place(&self, kind: EntryKind, name: impl Into<Name>) -> EntryKey {
        let index = self.scope.next.fetch_add(1, Ordering::Relaxed);
        EntryKey { sequence: self.scope.path.child(index), kind, name: name.into() }
    }

    /// Whether an operation may begin.
    pub(crate) fn check(&self, key: &EntryKey) -> Result<(), RuntimeError> {
        key.name.check()?;
        self.check_fault()?;
        if let Some(interrupt) = &*lock(&self.scope.stopped) {
            return Err(interrupt.clone().into());
        }
        if self.shared.cancellation.is_cancelled() {
            return Err(self.stop(self.interruption()).into());
        }
        Ok(())
    }

    /// Whether the runtime can go on. A body that drops the error of one operation must not do the next one on records
    /// that don't fit it.
    pub(crate) fn check_fault(&self) -> Result<(), RuntimeError> {
        lock(&self.shared.fault).clone().map_or(Ok(()), |reason| Err(RuntimeError::Faulted(reason)))
    }

    /// Remembers an error of the runtime.
    pub(crate) fn noted<T>(&self, result: Result<T, RuntimeError>) -> Result<T, RuntimeError> {
        if let Err(error) = &result
            && !matches!(error, RuntimeError::Interrupted(_))
        {
            lock(&self.shared.fault).get_or_insert_with(|| error.to_string());
        }
        result
    }

    /// Records something, or hands back what is recorded.
    pub(crate) async fn record(&self, key: EntryKey, work: Work<'_>) -> Result<Recorded, RuntimeError> {
        self.noted(self.run.record(key, work).await)
    }

    /// Stops this branch of the run: every later operation of it meets the same.
    pub(crate) fn stop(&self, interrupt: Interrupt) -> Interrupt {
        lock(&self.scope.stopped).get_or_insert(interrupt).clone()
    }

    /// What stopped this branch, if anything did.
    pub(crate) fn stopped(&self) -> Option<Interrupt> {
        lock(&self.scope.stopped).clone()
    }

    /// Why the run is cancelled.
    pub(crate) fn interruption(&self) -> Interrupt {
        if self.shared.shutdown.is_cancelled() { Interrupt::ShuttingDown } else { Interrupt::Cancelled }
    }

    pub(crate) fn engine_run(&self) -> &'a dyn EngineRun {
        self.run
    }

    pub(crate) fn branch_name(&self) -> Option<&Name> {
        self.scope.branch.as_ref()
    }

    pub(crate) fn push_undo(&self, undo: Undoable) {
        lock(&self.scope.undos).push(undo);
    }

    pub(crate) fn take_undos(&self) -> Vec<Undoable> {
        std::mem::take(&mut lock(&self.scope.undos))
    }

    pub(crate) fn append_undos(&self, undos: Vec<Undoable>) {
        lock(&self.scope.undos).extend(undos);
    }

    pub(crate) fn observe(&self, replayed: bool, kind: RunEventKind<'_>) {
        if self.shared.observers.is_empty() {
            return;
        }
        let orchestrator = self.orchestrator();
        let event = RunEvent { run: self.run_id(), orchestrator, replayed, kind };
        for observer in self.shared.observers.iter() {
            observer.observe(&event);
        }
    }
}

/// The body of an orchestrator behind a pointer: one that calls itself would otherwise be a type within itself.
fn body<'b, O: Orchestrator>(
    orchestrator: &'b O,
    cx: &'b RunContext<'_>,
    input: O::Input,
) -> BoxFuture<'b, Result<O::Output, RunError<O::Error>>> {
    Box::pin(orchestrator.orchestrate(cx, input))
}

/// What [`RunContext::note`] hands back.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Noted<T> {
    /// The value.
    pub value: T,
    /// Whether it was recorded by an earlier execution.
    pub replayed: bool,
}
