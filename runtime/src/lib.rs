#![doc = include_str!("../README.md")]

mod background;
mod checks;
mod context;
mod definition;
mod effect;
mod engine;
mod error;
mod flow;
mod id;
mod join;
mod lazy;
mod observer;
mod orchestrator;
mod panics;
mod payload;
mod pipeline;
mod registry;
mod retry;
mod runtime;
mod step;
#[cfg(feature = "testing")]
pub mod testing;
mod trace;
mod undo;

pub use background::Background;
pub use checks::{Checks, Violation, Violations};
pub use context::{Noted, RunContext};
pub use definition::Definition;
pub use effect::Effect;
pub use engine::{
    BoxFuture, Durability, Engine, EngineRun, Entry, EntryKey, EntryKind, FileJournals, FileLayer, Finish, History,
    Journal, JournalEngine, JournalStore, LocalEngine, LogFile, MemoryEngine, MemoryJournals, OpenJournal, Record,
    Recorded, RunHeader, RunInfo, SystemFiles, Work,
};
pub use error::{
    Category, Cause, DomainError, Drift, EffectState, Failure, Interrupt, Never, PendingDecision, RunError,
    RuntimeError, SimpleError, StepError, Stuck, UndoReport,
};
pub use flow::{Fallback, Parallel};
pub use id::{DecisionId, IdempotencyKey, MAXIMUM_ID_LENGTH, Name, RequestId, RunId, Sequence, TenantId};
pub use lazy::{Dependency, Lazy, MissingDependencies, MissingDependency, verify_all};
pub use observer::{Ending, Progress, RunEvent, RunEventKind, RunObserver};
pub use orchestrator::{DynOrchestrator, ErasedError, Kind, Layer, Orchestrator, OrchestratorInfo};
pub use payload::Payload;
pub use pipeline::{DefinitionErrors, Nothing, Pipeline, PipelineBuilder};
pub use retry::RetryPolicy;
pub use runtime::{PartFailure, PartReport, Recovery, RunOptions, Runtime, RuntimeBuilder, ShutdownReport};
pub use step::{Attempt, CompensatedStep, Step};
pub use tokio_util::sync::CancellationToken;
pub use trace::TraceContext;
pub use undo::Undo;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Takes a lock. What is behind these locks is changed in single assignments, so it is whole even if a holder panicked.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
