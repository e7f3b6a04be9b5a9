//! Undoing: what a failed run does about the steps that had an effect.

use crate::context::RunContext;
use crate::effect::Effect;
use crate::engine::{BoxFuture, EntryKey, EntryKind};
use crate::error::{DomainError, Failure, RunError, RuntimeError, SimpleError, StepError, Stuck, UndoReport};
use crate::id::IdempotencyKey;
use crate::observer::RunEventKind;
use crate::payload::Payload;
use crate::retry::RetryPolicy;
use crate::step::{Attempt, Plan, attempt_all};
use serde::de::DeserializeOwned;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

/// What an undo is told about the step that it undoes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Undo<T> {
    /// What the step returned; none if its outcome is unknown, so that there may be nothing to undo.
    pub output: Option<T>,
    /// The step's own key, by which its effect can be found outside.
    pub step_key: IdempotencyKey,
    /// The attempt to undo, with a key of its own.
    pub attempt: Attempt,
}

type UndoResult = Result<(), StepError<SimpleError>>;

/// An undo without its types.
pub(crate) type UndoAction =
    Arc<dyn Fn(Option<Payload>, IdempotencyKey, Attempt) -> BoxFuture<'static, UndoResult> + Send + Sync>;

/// A step that had an effect, or may have had one, and how it is undone.
pub(crate) struct Undoable {
    pub(crate) key: EntryKey,
    pub(crate) output: Option<Payload>,
    pub(crate) action: UndoAction,
    pub(crate) retry: RetryPolicy,
    pub(crate) timeout: Option<Duration>,
}

/// Takes the types off an undo.
pub(crate) fn erase<T, E, F, Fut>(undo: F) -> UndoAction
where
    T: DeserializeOwned + Send + 'static,
    E: DomainError,
    F: Fn(Undo<T>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<(), StepError<E>>> + Send + 'static,
{
    Arc::new(move |output, step_key, attempt| {
        let output = match output.map(|output| output.decode::<T>()).transpose() {
            Ok(output) => output,
            Err(error) => {
                let error = SimpleError::new(crate::Category::Internal, error.to_string());
                return Box::pin(std::future::ready(Err(StepError::Terminal(error))));
            }
        };
        let undone = undo(Undo { output, step_key, attempt });
        Box::pin(async move { undone.await.map_err(|error| error.map(|error| simple(&error))) })
    })
}

fn simple<E: DomainError>(error: &E) -> SimpleError {
    SimpleError::new(error.category(), error.to_string())
}

impl RunContext<'_> {
    /// Ends this branch of a run: if it failed, what it did is undone; if it succeeded, the parent may undo it later.
    pub(crate) async fn settle<T, E>(
        &self,
        parent: &RunContext<'_>,
        result: Result<T, RunError<E>>,
    ) -> Result<T, RunError<E>>
    where
        E: DomainError,
    {
        match result {
            Ok(value) => {
                parent.append_undos(self.take_undos());
                Ok(value)
            }
            Err(error) => {
                let error = self.unwind(error).await;
                if let RunError::Interrupted(interrupt) = &error {
                    // Even if the body drops the error, its run was stopped and not ended.
                    parent.stop(interrupt.clone());
                }
                Err(error)
            }
        }
    }

    /// Undoes what this branch did, in reverse, if the error says that it failed.
    pub(crate) async fn unwind<E: DomainError>(&self, error: RunError<E>) -> RunError<E> {
        let (failure, mut before) = match &error {
            RunError::Failed(failure) => (failure.to_string(), Vec::new()),
            RunError::Stuck(stuck) => (stuck.failure.clone(), stuck.undos.clone()),
            RunError::Interrupted(_) | RunError::Runtime(_) => return error,
        };
        match self.undo_all().await {
            Err(interrupted) => interrupted.into(),
            Ok(undos) => {
                before.extend(undos);
                if before.iter().all(|undo| undo.failure.is_none()) {
                    return error;
                }
                RunError::Stuck(Box::new(Stuck { failure, undos: before }))
            }
        }
    }

    async fn undo_all(&self) -> Result<Vec<UndoReport>, RuntimeError> {
        let mut undos = self.take_undos();
        // By place and not by time: branches finish in any order, and the next execution has to do the same.
        undos.sort_by(|a, b| b.key.sequence.cmp(&a.key.sequence));
        let mut reports = Vec::with_capacity(undos.len());
        for undo in undos {
            reports.push(self.undo(undo).await?);
        }
        Ok(reports)
    }

    async fn undo(&self, undo: Undoable) -> Result<UndoReport, RuntimeError> {
        let Undoable { key: step, output, action, retry, timeout } = undo;
        let key = step.with_kind(EntryKind::Undo);
        self.check(&key)?;
        let step_key = IdempotencyKey::new(self.run_id(), &step.sequence, &step.name);
        let plan = Plan { effect: Effect::Idempotent, retry, timeout, deadline: None };
        let work = Box::pin({
            let (key, step_key) = (&key, &step_key);
            async move {
                let action = |attempt| action(output.clone(), step_key.clone(), attempt);
                Payload::encode(&attempt_all::<(), SimpleError, _, _>(self, key, &plan, action).await?)
            }
        });
        let recorded = self.record(key.clone(), work).await?;
        let outcome: Result<(), Failure<SimpleError>> = recorded.payload.decode()?;
        let failed = outcome.is_err();
        self.observe(recorded.replayed, RunEventKind::Undone { sequence: &key.sequence, name: &key.name, failed });
        let failure = outcome.err().map(|failure| Failure { step: None, ..failure }.to_string());
        Ok(UndoReport { step: step.name.to_string(), key: step_key, failure })
    }
}
