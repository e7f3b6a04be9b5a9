//! The seam between orchestrators and what makes them durable.
//!
//! An orchestrator's body runs again from its beginning whenever its run is resumed. Everything in it that has an effect
//! or may come out differently goes through an [`EngineRun`], which either does it and records the result, or hands back
//! what is recorded already. [`RunContext`](crate::RunContext) is written against these two traits alone, so the same
//! source runs on every engine.
//!
//! Most engines are a [`JournalEngine`] over a [`JournalStore`]: the replaying is done there, and the store only keeps
//! lines. An engine that replays by itself, such as a server, implements [`EngineRun`] instead and hands it to
//! [`Runtime::drive`](crate::Runtime::drive).

mod journal;
mod local;
mod memory;
mod record;
mod replay;

pub use journal::{History, Journal, JournalEngine, JournalStore, MemoryJournals, OpenJournal};
pub use local::{Durability, FileJournals, FileLayer, LocalEngine, LogFile, SystemFiles};
pub use memory::MemoryEngine;
pub use record::{Entry, EntryKey, EntryKind, Finish, Record, RunHeader};

use crate::error::{PendingDecision, RuntimeError};
use crate::id::{DecisionId, RunId};
use crate::payload::Payload;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// A future behind a pointer: the seam is used through trait objects.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What is done if nothing is recorded yet. An error ends it without a record.
pub type Work<'a> = BoxFuture<'a, Result<Payload, RuntimeError>>;

/// What a record says, and whether it had been there before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The value.
    pub payload: Payload,
    /// Whether it was recorded by an earlier execution, so that the work was not done now.
    pub replayed: bool,
}

/// Where runs are kept.
pub trait Engine: Send + Sync + 'static {
    /// Begins a run and takes it, durably: once this returns, the run is found after a crash.
    ///
    /// Errors: [`RuntimeError::RunExists`] if the id is taken.
    fn create(&self, header: RunHeader) -> BoxFuture<'_, Result<Arc<dyn EngineRun>, RuntimeError>>;

    /// Takes a run that exists. It is released when the last handle to it is dropped.
    ///
    /// Errors: [`RuntimeError::RunNotFound`], [`RuntimeError::RunBusy`] if somebody else has it, and
    /// [`RuntimeError::Corrupt`].
    fn open<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<Arc<dyn EngineRun>, RuntimeError>>;

    /// The ids of the runs that are not finished, sorted. It reads no more of a run than its id.
    fn open_runs(&self) -> BoxFuture<'_, Result<Vec<RunId>, RuntimeError>>;

    /// What is known about a run, without taking it.
    fn inspect<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<RunInfo, RuntimeError>>;

    /// Records the answer to a question that the run waits for. The first answer counts.
    ///
    /// Errors: [`RuntimeError::NoSuchDecision`], [`RuntimeError::AlreadyDecided`], and those of [`open`](Self::open).
    fn answer<'a>(
        &'a self,
        run: &'a RunId,
        decision: &'a DecisionId,
        answer: Payload,
    ) -> BoxFuture<'a, Result<(), RuntimeError>>;

    /// Forgets a run, finished or not.
    ///
    /// Errors: [`RuntimeError::RunNotFound`], [`RuntimeError::RunBusy`].
    fn remove<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<(), RuntimeError>>;
}

/// One run while it is being executed by one runner.
///
/// Calls come from several branches at once, and each key once per execution.
pub trait EngineRun: Send + Sync {
    /// What the run began with.
    fn header(&self) -> &RunHeader;

    /// How the run ended, if it has.
    fn finished(&self) -> Option<Finish>;

    /// Hands back what is recorded under `key`, or does the work, records its result durably and hands that back.
    ///
    /// The work must not be done if there is a record, and what this returns must be there after a crash. A record of
    /// another name or kind in this place is [`RuntimeError::Drift`].
    fn record<'a>(&'a self, key: EntryKey, work: Work<'a>) -> BoxFuture<'a, Result<Recorded, RuntimeError>>;

    /// Waits until `duration` after the moment at which this was first asked for, over restarts.
    fn sleep(&self, key: EntryKey, duration: Duration) -> BoxFuture<'_, Result<(), RuntimeError>>;

    /// Asks a question, durably, and hands back its answer. An engine may wait for the answer, or end the execution with
    /// [`Interrupt::Suspended`](crate::Interrupt::Suspended) and be opened again after it.
    fn decide(&self, key: EntryKey, question: Payload) -> BoxFuture<'_, Result<Payload, RuntimeError>>;

    /// Records how the run ended. A record that this execution never asked for is [`RuntimeError::Drift`].
    fn finish(&self, finish: Finish) -> BoxFuture<'_, Result<(), RuntimeError>>;

    /// Whether there are records that this execution has not come to yet.
    fn is_replaying(&self) -> bool;
}

/// What is known about a run.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RunInfo {
    /// What it began with.
    pub header: RunHeader,
    /// How it ended, if it has.
    pub finished: Option<Finish>,
    /// Questions without an answer, in the order of their places.
    pub pending: Vec<PendingDecision>,
    /// How many operations are recorded.
    pub entries: usize,
}

impl RunInfo {
    /// A run that has just begun.
    pub const fn new(header: RunHeader) -> Self {
        Self { header, finished: None, pending: Vec::new(), entries: 0 }
    }
}
