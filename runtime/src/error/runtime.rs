//! The runtime's own errors, and the reasons for which a run stops without being over.

use crate::artifacts::{ArtifactRef, StoreError};
use crate::id::{DecisionId, RunId, Sequence};
use crate::payload::Payload;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use thiserror::Error;

/// What went wrong in the runtime or below it. None of these is recorded: the run stays as it was and can be resumed once
/// the reason is gone.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RuntimeError {
    /// The run stopped without being over.
    #[error(transparent)]
    Interrupted(#[from] Interrupt),
    /// A text is no id or name.
    #[error("`{text}` is no {what}: {reason}")]
    InvalidId {
        /// What it should be.
        what: &'static str,
        /// The text.
        text: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A value cannot be written as JSON, or what was written is not what is asked for.
    #[error("{what} cannot be {action} as JSON: {reason}")]
    Json {
        /// Which value.
        what: String,
        /// `written` or `read`.
        action: &'static str,
        /// What serde says.
        reason: String,
    },
    /// No run has this id.
    #[error("run `{0}` does not exist")]
    RunNotFound(RunId),
    /// A run of this id exists already, of another orchestrator or with another input.
    #[error("run `{0}` exists already, with another orchestrator, version or input")]
    RunExists(RunId),
    /// Another runner, in this process or another one, has the run.
    #[error("run `{0}` is being run elsewhere")]
    RunBusy(RunId),
    /// The orchestrator differs from the one that wrote the run's records.
    #[error(transparent)]
    Drift(Box<Drift>),
    /// The records of a run are damaged in a way that no interrupted write explains. Nothing was changed.
    #[error("the journal {} is damaged at byte {offset}: {reason}", path.display())]
    Corrupt {
        /// The journal.
        path: PathBuf,
        /// Where the first bad record begins.
        offset: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// An earlier write to this journal failed. What is on the disk is unknown, so nothing more is written; open the run
    /// again to go on from what did get there.
    #[error("the journal of run `{run}` refuses writes after a failure: {reason}")]
    Poisoned {
        /// The run.
        run: RunId,
        /// The failure.
        reason: String,
    },
    /// The system refused something.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On which file or folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// An engine could not do its work, for a reason of its own.
    #[error("the engine failed: {0}")]
    Engine(String),
    /// The content of an artifact cannot be loaded.
    #[error("cannot load {artifact}: {source}")]
    Artifact {
        /// Which.
        artifact: Box<ArtifactRef>,
        /// What the store says.
        source: StoreError,
    },
    /// No orchestrator of this name or type is registered.
    #[error("no orchestrator `{0}` is registered")]
    NotRegistered(String),
    /// Two orchestrators have one name.
    #[error("an orchestrator `{0}` is registered already")]
    Duplicate(String),
    /// Orchestrators called each other deeper than allowed, which most often means that they call in a circle.
    #[error("orchestrators are nested deeper than {maximum}: {chain}")]
    TooDeep {
        /// The most that is allowed.
        maximum: u32,
        /// Who called whom, from the run downwards.
        chain: String,
    },
    /// The run has no such open question.
    #[error("run `{run}` does not wait for the decision `{decision}`")]
    NoSuchDecision {
        /// The run.
        run: RunId,
        /// The id or name that was answered.
        decision: String,
    },
    /// The question has an answer already, and the first one counts.
    #[error("the decision `{decision}` of run `{run}` has an answer already")]
    AlreadyDecided {
        /// The run.
        run: RunId,
        /// The decision.
        decision: DecisionId,
    },
    /// The body of an orchestrator or a hook panicked. The run stays as it was.
    #[error("`{place}` panicked: {message}")]
    Panicked {
        /// Which orchestrator or part.
        place: String,
        /// What the panic said.
        message: String,
    },
    /// An earlier operation of this execution met an error of the runtime, and the body went on. Nothing else is done.
    #[error("the run cannot go on after an error that its body dropped: {0}")]
    Faulted(String),
    /// The runtime was built without something that it needs.
    #[error("the runtime cannot be built: {0}")]
    Build(String),
}

impl From<Drift> for RuntimeError {
    fn from(drift: Drift) -> Self {
        Self::Drift(Box::new(drift))
    }
}

/// The first difference between the orchestrator as it is and the records of a run that an earlier one wrote.
///
/// A run goes on with the orchestrator that began it. Finish or remove it, or register the changed orchestrator with a
/// new `VERSION` and under a name of its own.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("run `{run}` was begun by another definition; first difference at {place}: recorded {recorded}, now {now}")]
pub struct Drift {
    /// The run.
    pub run: RunId,
    /// Where they differ: `the definition`, or a place in the run.
    pub place: String,
    /// What the records say.
    pub recorded: String,
    /// What the orchestrator does now.
    pub now: String,
}

impl Drift {
    pub(crate) fn at(run: &RunId, sequence: &Sequence, recorded: String, now: String) -> Self {
        Self { run: run.clone(), place: format!("operation {sequence}"), recorded, now }
    }
}

/// Why a run stopped without being over. Nothing about it is recorded, and the run can be resumed.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum Interrupt {
    /// A question waits for its answer.
    #[error("the run waits for the decision `{}`", .0.id)]
    Suspended(Box<PendingDecision>),
    /// Somebody cancelled the run.
    #[error("the run was cancelled")]
    Cancelled,
    /// The runtime shuts down.
    #[error("the runtime shuts down")]
    ShuttingDown,
}

/// A question that waits for an answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PendingDecision {
    /// Which question of the run.
    pub id: DecisionId,
    /// The question, as it was asked.
    pub question: Payload,
}

impl PendingDecision {
    /// A question that waits.
    pub const fn new(id: DecisionId, question: Payload) -> Self {
        Self { id, question }
    }
}
