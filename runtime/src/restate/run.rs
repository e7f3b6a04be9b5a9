//! One run over the journal of a Restate server.

use super::RunRequest;
use super::turns::Turns;
use crate::engine::{BoxFuture, EngineRun, EntryKey, Finish, Recorded, RunHeader, Work};
use crate::error::{Drift, Interrupt, PendingDecision, RunError, RuntimeError};
use crate::id::{DecisionId, RunId};
use crate::lock;
use crate::orchestrator::ErasedError;
use crate::payload::Payload;
use crate::runtime::Runtime;
use restate_sdk::prelude::{
    ContextPromises, ContextSideEffects, ContextTimers, ContextWriteState, HandlerError, Json, RunFuture,
    TerminalError, WorkflowContext,
};
use serde::{Deserialize, Serialize};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Duration;

/// The server refuses messages above 32 MiB. The rest is for what it puts around a value.
const LARGEST: usize = 32 * 1024 * 1024 - 64 * 1024;

/// The key of a question, in the state of the workflow and as the name of the promise that its answer keeps.
pub(super) fn question_key(id: &DecisionId) -> String {
    format!("question {id}")
}

/// What is recorded for one operation.
#[derive(Serialize, Deserialize)]
struct Kept {
    key: EntryKey,
    data: Payload,
    /// The size of what the operation returned, in bytes, if it was too large to be kept. It is recorded so that an
    /// operation with an effect is not repeated each time the server tries again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    too_large: Option<usize>,
}

impl Kept {
    fn new(key: EntryKey, data: Payload) -> Self {
        let size = data.as_json().len();
        if size > LARGEST {
            return Self { key, data: Payload::null(), too_large: Some(size) };
        }
        Self { key, data, too_large: None }
    }
}

fn too_large(what: &str, size: usize) -> RuntimeError {
    RuntimeError::Engine(format!(
        "{what} is {size} bytes of JSON, and Restate takes {LARGEST}: keep the content in an artifact store, and hand on \
         a reference to it"
    ))
}

pub(super) struct RestateRun<'c> {
    context: &'c WorkflowContext<'c>,
    header: RunHeader,
    turns: Turns,
    replaying: AtomicBool,
    cancelled: AtomicBool,
    finish: Mutex<Option<Finish>>,
}

impl<'c> RestateRun<'c> {
    /// Takes up a run: its header is recorded first, and everything after it is replayed against that.
    pub(super) async fn begin(
        context: &'c WorkflowContext<'c>,
        runtime: &Runtime,
        request: RunRequest,
    ) -> Result<Self, HandlerError> {
        let refused = |error: RuntimeError| TerminalError::new_with_code(400, error.to_string());
        let run = RunId::new(context.key()).map_err(refused)?;
        let begun = AtomicBool::new(false);
        let header = {
            let begun = &begun;
            let context: &WorkflowContext<'_> = context;
            let record = context.run(move || async move {
                begun.store(true, Ordering::Relaxed);
                Ok(Json(request.header(runtime, run).map_err(refused)?))
            });
            record.name("header").await?.into_inner()
        };
        let replaying = AtomicBool::new(!begun.into_inner());
        let (turns, cancelled, finish) = (Turns::default(), AtomicBool::new(false), Mutex::new(None));
        Ok(Self { context, header, turns, replaying, cancelled, finish })
    }

    /// Executes it.
    pub(super) async fn drive(&self, runtime: &Runtime) -> Result<Payload, RunError<ErasedError>> {
        self.turns.give_to(runtime.drive(self)).await
    }

    pub(super) fn take_finish(&self) -> Option<Finish> {
        lock(&self.finish).take()
    }

    /// Whether somebody cancelled it at the server.
    pub(super) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// The only error that the server hands to an operation by itself is that the run was cancelled.
    fn refused(&self, error: &TerminalError) -> RuntimeError {
        if error.code() == 409 {
            self.cancelled.store(true, Ordering::Relaxed);
            return Interrupt::Cancelled.into();
        }
        RuntimeError::Engine(error.to_string())
    }
}

impl EngineRun for RestateRun<'_> {
    fn header(&self) -> &RunHeader {
        &self.header
    }

    /// The server does not call for runs that are over.
    fn finished(&self) -> Option<Finish> {
        None
    }

    fn record<'a>(&'a self, key: EntryKey, work: Work<'a>) -> BoxFuture<'a, Result<Recorded, RuntimeError>> {
        Box::pin(async move {
            let _turn = self.turns.turn().await;
            let context: &'a WorkflowContext<'a> = self.context;
            let worked = AtomicBool::new(false);
            let failed = Mutex::new(None);
            let recorded = {
                let (worked, failed, key) = (&worked, &failed, key.clone());
                let context: &WorkflowContext<'_> = context;
                let name = format!("{} {} {}", key.sequence, key.kind, key.name);
                let record = context.run(move || async move {
                    worked.store(true, Ordering::Relaxed);
                    self.replaying.store(false, Ordering::Relaxed);
                    match work.await {
                        Ok(data) => Ok(Json(Kept::new(key, data))),
                        Err(error) => {
                            // Nothing may be recorded: this never ends, and is dropped instead.
                            *lock(failed) = Some(error);
                            std::future::pending().await
                        }
                    }
                });
                let mut record = pin!(record.name(name));
                poll_fn(|task| match record.as_mut().poll(task) {
                    Poll::Ready(recorded) => Poll::Ready(Ok(recorded)),
                    Poll::Pending => lock(failed).take().map_or(Poll::Pending, |error| Poll::Ready(Err(error))),
                })
                .await?
            };
            let kept = recorded.map_err(|error| self.refused(&error))?.into_inner();
            if kept.key != key {
                return Err(Drift::at(&self.header.run, &key.sequence, kept.key.what(), key.what()).into());
            }
            match kept.too_large {
                Some(size) => Err(too_large(&format!("the result of {}", key.what()), size)),
                None => Ok(Recorded { payload: kept.data, replayed: !worked.into_inner() }),
            }
        })
    }

    fn sleep(&self, _: EntryKey, duration: Duration) -> BoxFuture<'_, Result<(), RuntimeError>> {
        Box::pin(async move {
            let _turn = self.turns.turn().await;
            self.context.sleep(duration).await.map_err(|error| self.refused(&error))
        })
    }

    fn decide(&self, key: EntryKey, question: Payload) -> BoxFuture<'_, Result<Payload, RuntimeError>> {
        Box::pin(async move {
            let _turn = self.turns.turn().await;
            let id = DecisionId { sequence: key.sequence, name: key.name };
            let name = question_key(&id);
            let context: &WorkflowContext<'_> = self.context;
            context.set(&name, Json(PendingDecision::new(id, question)));
            let answer = context.promise::<Json<Payload>>(&name).await.map_err(|error| self.refused(&error))?;
            context.clear(&name);
            Ok(answer.into_inner())
        })
    }

    fn finish(&self, finish: Finish) -> BoxFuture<'_, Result<(), RuntimeError>> {
        Box::pin(async move {
            let size = match &finish {
                Finish::Completed(output) | Finish::Failed(output) => output.as_json().len(),
                Finish::Stuck(_) => 0,
            };
            if size > LARGEST {
                return Err(too_large("the output of the run", size));
            }
            *lock(&self.finish) = Some(finish);
            Ok(())
        })
    }

    /// How much the server has recorded is not to be had from it. A run that was called again replays until it comes to an
    /// operation that has to be done.
    fn is_replaying(&self) -> bool {
        self.replaying.load(Ordering::Relaxed)
    }
}
