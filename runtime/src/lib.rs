#![doc = include_str!("../README.md")]

mod artifacts;
mod background;
#[cfg(feature = "progress")]
mod bars;
mod branch;
mod checks;
mod context;
mod definition;
mod effect;
mod engine;
mod error;
mod flow;
mod gates;
mod id;
mod join;
mod lazy;
#[cfg(feature = "metrics")]
mod measures;
mod observer;
mod orchestrator;
mod panics;
mod payload;
mod pipeline;
mod recovery;
mod registry;
#[cfg(feature = "restate")]
pub mod restate;
mod retry;
mod runtime;
mod step;
#[cfg(feature = "testing")]
pub mod testing;
mod trace;
mod undo;

pub use artifacts::{
    Agent, Artifact, ArtifactError, ArtifactGraph, ArtifactGraphBuilder, ArtifactKey, ArtifactRef, ArtifactSet,
    ArtifactStore, ArtifactValue, ArtifactVersion, Artifacts, ContentHash, FolderArtifacts, Freshness, GraphError,
    GraphErrors, MemoryArtifacts, NoContentHash, Produced, Provenance, StoreError,
};
/// With the feature `macros`. The linter reads it by the name `baton`:
///
/// ```
/// use baton_runtime as baton;
///
/// #[baton::orchestrator(layer = "application", cross_domain = ["billing"])]
/// struct Checkout;
/// ```
#[cfg(feature = "macros")]
pub use baton_macros::orchestrator;

pub use background::Background;
#[cfg(feature = "progress")]
pub use bars::ProgressBars;
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
pub use gates::{FailedCheck, Gate, GateFailure, GateSide, GateState, GatedMachine, Gates, Move, Transition};
pub use id::{DecisionId, IdempotencyKey, MAXIMUM_ID_LENGTH, Name, RequestId, RunId, Sequence, TenantId};
pub use lazy::{Dependency, Lazy, MissingDependencies, MissingDependency, verify_all};
#[cfg(feature = "metrics")]
pub use measures::MetricsObserver;
pub use observer::{Ending, Progress, RunEvent, RunEventKind, RunObserver};
pub use orchestrator::{DynOrchestrator, ErasedError, Kind, Layer, Orchestrator, OrchestratorInfo};
pub use payload::Payload;
pub use pipeline::{DefinitionErrors, Nothing, Pipeline, PipelineBuilder};
pub use recovery::{
    Choice, Escalation, EscalationOption, Incident, Recovered, RecoveryLoop, RecoveryTable, Row, Trouble,
};
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

/// The code in the book is code that runs.
#[cfg(doctest)]
mod book {
    #[doc = include_str!("../../docs/book/src/runtime.md")]
    struct First;
    #[doc = include_str!("../../docs/book/src/runtime-migration.md")]
    struct Migration;
    #[doc = include_str!("../../docs/book/src/runtime-testing.md")]
    struct Testing;
    #[doc = include_str!("../../docs/book/src/runtime-engines.md")]
    struct Engines;
    #[doc = include_str!("../../docs/book/src/runtime-agents.md")]
    struct Agents;
}
