//! Steps: effects that are done once, as far as that is possible, and remembered.

use crate::context::RunContext;
use crate::effect::Effect;
use crate::engine::{EntryKey, EntryKind};
use crate::error::{Category, Cause, DomainError, EffectState, Failure, RunError, RuntimeError, StepError};
use crate::id::{IdempotencyKey, Name, RunId, Sequence};
use crate::observer::{Progress, RunEventKind};
use crate::panics;
use crate::payload::Payload;
use crate::retry::RetryPolicy;
use crate::undo::{self, Undo, UndoAction, Undoable};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::future::Future;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

/// One attempt of a step, as the step sees it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Attempt {
    /// Which, from 1. It counts anew after a restart.
    pub number: u32,
    operation: Arc<Operation>,
}

#[derive(Debug)]
struct Operation {
    run: RunId,
    key: EntryKey,
    cancellation: CancellationToken,
}

impl Attempt {
    /// What an outside system tells repetitions of this effect by. It is the same on every attempt, after every restart
    /// and on every engine. An undo has one of its own.
    pub fn idempotency_key(&self) -> IdempotencyKey {
        let EntryKey { sequence, kind, name } = &self.operation.key;
        if *kind == EntryKind::Undo {
            return IdempotencyKey::new(&self.operation.run, sequence, &Name::from(format!("{name}:undo")));
        }
        IdempotencyKey::new(&self.operation.run, sequence, name)
    }

    /// The place of the step in its run.
    pub fn sequence(&self) -> &Sequence {
        &self.operation.key.sequence
    }

    /// What is cancelled when the run is, or when the runtime shuts down. A long step watches it and returns
    /// [`StepError::Interrupted`].
    pub fn cancellation(&self) -> &CancellationToken {
        &self.operation.cancellation
    }
}

/// How a step is carried out.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) effect: Effect,
    pub(crate) retry: RetryPolicy,
    pub(crate) timeout: Option<Duration>,
    pub(crate) deadline: Option<SystemTime>,
}

/// A step that is about to be run. Its place in the run is taken already.
#[must_use = "a step does nothing until `run` is awaited"]
pub struct Step<'c, 'a> {
    cx: &'c RunContext<'a>,
    key: EntryKey,
    plan: Plan,
    progress: Option<Progress>,
}

impl<'c, 'a> Step<'c, 'a> {
    pub(crate) fn new(cx: &'c RunContext<'a>, key: EntryKey) -> Self {
        let plan =
            Plan { effect: Effect::default(), retry: RetryPolicy::default(), timeout: None, deadline: cx.deadline() };
        Self { cx, key, plan, progress: None }
    }

    /// What the step does to the world; [`Effect::Idempotent`] if nothing is said.
    pub fn effect(mut self, effect: Effect) -> Self {
        self.plan.effect = effect;
        self
    }

    /// When the step is tried again.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.plan.retry = policy;
        self
    }

    /// How long one attempt may take. It is dropped at its next `await` after that.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.plan.timeout = Some(limit);
        self
    }

    /// Tells observers which of how many it is.
    pub(crate) fn numbered(mut self, progress: Progress) -> Self {
        self.progress = Some(progress);
        self
    }

    /// How the step is undone if the run fails later, or if the step itself fails and may have had an effect.
    ///
    /// The undo outlives the body, so it owns what it needs. It must be idempotent, and it must do nothing if
    /// [`Undo::output`] is missing and there is nothing to undo.
    ///
    /// ```
    /// # use baton_runtime::{RetryPolicy, RunContext, RunError, SimpleError, StepError, Undo};
    /// # use std::{sync::Arc, time::Duration};
    /// # struct Bank;
    /// # impl Bank {
    /// #     async fn charge(&self, _key: &str) -> Result<u64, SimpleError> { Ok(1) }
    /// #     async fn refund(&self, _key: &str) -> Result<(), SimpleError> { Ok(()) }
    /// # }
    /// # async fn body(cx: &RunContext<'_>, bank: &Arc<Bank>) -> Result<(), RunError<SimpleError>> {
    /// let refunds = Arc::clone(bank);
    /// let receipt = cx
    ///     .step("charge")
    ///     .retry(RetryPolicy::default().maximum_attempts(3))
    ///     .timeout(Duration::from_secs(10))
    ///     .compensate(move |undo: Undo<u64>| {
    ///         let bank = Arc::clone(&refunds);
    ///         async move { Ok::<_, StepError<SimpleError>>(bank.refund(undo.step_key.as_str()).await?) }
    ///     })
    ///     .run(|attempt| async move { Ok(bank.charge(attempt.idempotency_key().as_str()).await?) })
    ///     .await?;
    /// # let _ = receipt;
    /// # Ok(())
    /// # }
    /// ```
    pub fn compensate<T, E, F, Fut>(self, undo: F) -> CompensatedStep<'c, 'a, T, E>
    where
        T: DeserializeOwned + Send + 'static,
        E: DomainError,
        F: Fn(Undo<T>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), StepError<E>>> + Send + 'static,
    {
        let (retry, timeout) = (RetryPolicy::default(), None);
        CompensatedStep { step: self, undo: undo::erase(undo), retry, timeout, types: PhantomData }
    }

    /// Runs the step, or hands back what is recorded of it. Once this returns, the step never runs again.
    ///
    /// # Errors
    /// [`RunError::Failed`] with the same failure on every replay; [`RunError::Interrupted`] and [`RunError::Runtime`],
    /// which are not recorded.
    pub async fn run<T, E, F, Fut>(self, action: F) -> Result<T, RunError<E>>
    where
        T: Serialize + DeserializeOwned + Send,
        E: DomainError,
        F: FnMut(Attempt) -> Fut + Send,
        Fut: Future<Output = Result<T, StepError<E>>> + Send,
    {
        let (outcome, _) = self.outcome(action).await?;
        outcome.map_err(RunError::Failed)
    }

    /// Records what the step ends with, and hands it back as it is recorded.
    async fn outcome<T, E, F, Fut>(&self, action: F) -> Result<(Result<T, Failure<E>>, Payload), RuntimeError>
    where
        T: Serialize + DeserializeOwned + Send,
        E: DomainError,
        F: FnMut(Attempt) -> Fut + Send,
        Fut: Future<Output = Result<T, StepError<E>>> + Send,
    {
        let Self { cx, key, plan, .. } = self;
        cx.check(key)?;
        let begun = plan.effect == Effect::AtMostOnce && {
            let start = key.with_kind(EntryKind::Start);
            cx.record(start, Box::pin(async { Ok(Payload::null()) })).await?.replayed
        };
        let mut fresh = None;
        let work = Box::pin(async {
            self.observe_start(false);
            let outcome = if begun {
                Err(unfinished(key))
            } else {
                attempt_all(cx, key, plan, action).instrument(span(cx, key)).await?
            };
            let payload = Payload::encode(&outcome)?;
            // What the body goes on with is what a replay would read, down to the fields that are not written; and what
            // cannot be read is noticed before it is recorded for good.
            fresh = Some(payload.decode::<Result<T, Failure<E>>>()?);
            Ok(payload)
        });
        let recorded = cx.record(key.clone(), work).await?;
        let outcome = if let Some(outcome) = fresh.filter(|_| !recorded.replayed) {
            outcome
        } else {
            self.observe_start(true);
            recorded.payload.decode()?
        };
        let failed = outcome.as_ref().err().map(|failure| failure.effect);
        let progress = self.progress;
        let kind = RunEventKind::StepFinished { sequence: &key.sequence, name: &key.name, failed, progress };
        cx.observe(recorded.replayed, kind);
        Ok((outcome, recorded.payload))
    }
}

impl Step<'_, '_> {
    fn observe_start(&self, replayed: bool) {
        let (sequence, name) = (&self.key.sequence, &self.key.name);
        let (effect, progress) = (self.plan.effect, self.progress);
        self.cx.observe(replayed, RunEventKind::StepStarted { sequence, name, effect, progress });
    }
}

/// The span of a step that is really done: one that is handed back leaves no trace a second time.
fn span(cx: &RunContext<'_>, key: &EntryKey) -> tracing::Span {
    let branch = cx.branch_name().map(Name::as_str);
    tracing::info_span!("step", run = %cx.run_id(), sequence = %key.sequence, name = key.name.as_str(), branch)
}

fn unfinished<E>(key: &EntryKey) -> Failure<E> {
    let step = Some(key.name.to_string());
    Failure { step, cause: Cause::Unfinished, effect: EffectState::Unknown, attempts: 0 }
}

/// A step that can be undone.
#[must_use = "a step does nothing until `run` is awaited"]
pub struct CompensatedStep<'c, 'a, T, E> {
    step: Step<'c, 'a>,
    undo: UndoAction,
    retry: RetryPolicy,
    timeout: Option<Duration>,
    types: PhantomData<fn() -> (T, E)>,
}

impl<T, E> CompensatedStep<'_, '_, T, E>
where
    T: Serialize + DeserializeOwned + Send + 'static,
    E: DomainError,
{
    /// When the undo is tried again; as often as a step if nothing is said.
    pub fn undo_retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// How long one attempt to undo may take.
    pub fn undo_timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(limit);
        self
    }

    /// [`Step::run`].
    ///
    /// # Errors
    /// Those of [`Step::run`].
    pub async fn run<F, Fut>(self, action: F) -> Result<T, RunError<E>>
    where
        F: FnMut(Attempt) -> Fut + Send,
        Fut: Future<Output = Result<T, StepError<E>>> + Send,
    {
        let Self { step, undo: action_of_undo, retry, timeout, .. } = self;
        let (outcome, payload) = step.outcome::<T, E, F, Fut>(action).await?;
        let may_have_had_an_effect = match &outcome {
            Ok(_) => step.plan.effect != Effect::ReadOnly,
            Err(failure) => failure.effect == EffectState::Unknown,
        };
        if may_have_had_an_effect {
            let output = payload.decode::<Result<Payload, serde::de::IgnoredAny>>()?.ok();
            step.cx.push_undo(Undoable { key: step.key, output, action: action_of_undo, retry, timeout });
        }
        outcome.map_err(RunError::Failed)
    }
}

/// How one attempt failed.
struct Failed<E> {
    cause: Cause<E>,
    effect: EffectState,
    category: Category,
    retryable: bool,
}

/// Tries until it succeeds or there is no reason to try again. Outer errors are not recorded.
pub(crate) async fn attempt_all<T, E, F, Fut>(
    cx: &RunContext<'_>,
    key: &EntryKey,
    plan: &Plan,
    mut action: F,
) -> Result<Result<T, Failure<E>>, RuntimeError>
where
    E: DomainError,
    F: FnMut(Attempt) -> Fut + Send,
    Fut: Future<Output = Result<T, StepError<E>>> + Send,
{
    let failure = |cause, effect, attempts| {
        let effect = if plan.effect == Effect::ReadOnly { EffectState::NotApplied } else { effect };
        Failure { step: Some(key.name.to_string()), cause, effect, attempts }
    };
    if remaining(plan.deadline) == Some(Duration::ZERO) {
        return Ok(Err(failure(Cause::DeadlineExceeded, EffectState::NotApplied, 0)));
    }
    let cancellation = cx.cancellation().clone();
    let operation = Arc::new(Operation { run: cx.run_id().clone(), key: key.clone(), cancellation });
    let mut number = 1;
    let mut effect = EffectState::NotApplied;
    loop {
        let attempt = Attempt { number, operation: Arc::clone(&operation) };
        let failed = match attempt_once(plan, || action(attempt)).await {
            Ok(Ok(value)) => return Ok(Ok(value)),
            Ok(Err(failed)) => failed,
            Err(Interrupted) => return Err(cx.stop(cx.interruption()).into()),
        };
        if failed.effect == EffectState::Unknown {
            // A later attempt that had no effect says nothing about an earlier one.
            effect = EffectState::Unknown;
        }
        let may_repeat = failed.retryable && plan.effect != Effect::AtMostOnce;
        let wait = plan.retry.wait(number);
        let in_time = remaining(plan.deadline).is_none_or(|remaining| wait < remaining);
        if !(may_repeat && in_time && plan.retry.allows(number, failed.category)) {
            return Ok(Err(failure(failed.cause, effect, number)));
        }
        let (sequence, name) = (&key.sequence, &key.name);
        cx.observe(false, RunEventKind::StepRetried { sequence, name, attempt: number, wait });
        if operation.cancellation.run_until_cancelled(tokio::time::sleep(wait)).await.is_none() {
            return Err(cx.stop(cx.interruption()).into());
        }
        number = number.saturating_add(1);
    }
}

/// The attempt gave up by itself, because it was asked to.
struct Interrupted;

async fn attempt_once<T, E, Fut>(
    plan: &Plan,
    action: impl FnOnce() -> Fut + Send,
) -> Result<Result<T, Failed<E>>, Interrupted>
where
    E: DomainError,
    Fut: Future<Output = Result<T, StepError<E>>> + Send,
{
    let limit = match (plan.timeout, remaining(plan.deadline)) {
        (Some(limit), Some(remaining)) => Some(limit.min(remaining)),
        (limit, remaining) => limit.or(remaining),
    };
    let future = panics::caught(async { action().await });
    let outcome = match limit {
        None => Ok(future.await),
        Some(limit) => tokio::time::timeout(limit, future).await.map_err(|_| limit),
    };
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(limit) => {
            let (effect, category) = (EffectState::Unknown, Category::Timeout);
            return Ok(Err(Failed { cause: Cause::TimedOut(limit), effect, category, retryable: true }));
        }
    };
    let (error, effect, retryable) = match outcome {
        Ok(Ok(value)) => return Ok(Ok(value)),
        Ok(Err(StepError::Interrupted)) => return Err(Interrupted),
        Ok(Err(StepError::Retryable(error))) => (error, EffectState::Unknown, true),
        Ok(Err(StepError::Terminal(error))) => (error, EffectState::NotApplied, false),
        Ok(Err(StepError::OutcomeUnknown(error))) => (error, EffectState::Unknown, false),
        Err(message) => {
            let (effect, category) = (EffectState::Unknown, Category::Internal);
            return Ok(Err(Failed { cause: Cause::Panicked(message), effect, category, retryable: true }));
        }
    };
    let category = error.category();
    Ok(Err(Failed { cause: Cause::Error(error), effect, category, retryable }))
}

/// How long it is until the deadline; zero once it has passed.
fn remaining(deadline: Option<SystemTime>) -> Option<Duration> {
    deadline.map(|deadline| deadline.duration_since(SystemTime::now()).unwrap_or_default())
}
