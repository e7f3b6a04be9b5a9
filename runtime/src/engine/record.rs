//! What is recorded: the header of a run, its entries, answers, and how it ended.

use crate::definition::Definition;
use crate::error::Stuck;
use crate::id::{DecisionId, Name, RequestId, RunId, Sequence, TenantId};
use crate::payload::Payload;
use crate::trace::TraceContext;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::time::SystemTime;

/// What a run begins with. It never changes afterwards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RunHeader {
    /// The run.
    pub run: RunId,
    /// The name of the orchestrator.
    pub orchestrator: String,
    /// Its version.
    pub version: u32,
    /// The steps that it declared, by which a change is found and shown.
    pub definition: Definition,
    /// On whose behalf.
    pub tenant: TenantId,
    /// For which request.
    pub request: RequestId,
    /// In which trace.
    pub trace: TraceContext,
    /// When no new step may begin any more.
    pub deadline: Option<SystemTime>,
    /// What else the caller wants the run to know.
    pub metadata: BTreeMap<String, String>,
    /// The input of the orchestrator.
    pub input: Payload,
}

impl RunHeader {
    /// A header with a new request id and trace, and without deadline and metadata.
    pub fn new(run: RunId, orchestrator: impl Into<String>, version: u32, input: Payload) -> Self {
        Self {
            run,
            orchestrator: orchestrator.into(),
            version,
            definition: Definition::default(),
            tenant: TenantId::default(),
            request: RequestId::generate(),
            trace: TraceContext::generate(),
            deadline: None,
            metadata: BTreeMap::new(),
            input,
        }
    }

    /// Whether both are the same run of the same orchestrator with the same input, whoever asks for it.
    pub(crate) fn is_repetition_of(&self, other: &Self) -> bool {
        self.run == other.run
            && self.orchestrator == other.orchestrator
            && self.version == other.version
            && self.input == other.input
    }
}

/// What an entry records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EntryKind {
    /// That a step that may run at most once was begun.
    Start,
    /// How a step ended, well or not.
    Step,
    /// A value that would come out differently next time: a time, a random number.
    Value,
    /// When a sleep ends.
    Timer,
    /// A question.
    Decision,
    /// Which branch was taken.
    Branch,
    /// That another orchestrator was called.
    Child,
    /// What a part of the application or of this crate keeps in the run: a transition, a version of an artifact.
    Note,
    /// How the undoing of a step ended.
    Undo,
}

impl EntryKind {
    /// A step has up to three records in one place: that it began, how it ended, how it was undone.
    const fn slot(self) -> u8 {
        match self {
            Self::Start => 0,
            Self::Undo => 2,
            _ => 1,
        }
    }
}

impl fmt::Display for EntryKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Start => "start",
            Self::Step => "step",
            Self::Value => "value",
            Self::Timer => "timer",
            Self::Decision => "decision",
            Self::Branch => "branch",
            Self::Child => "child",
            Self::Note => "note",
            Self::Undo => "undo",
        })
    }
}

/// Which record of a run: its place decides, and name and kind have to agree with what is recorded there.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct EntryKey {
    /// Where in the run.
    pub sequence: Sequence,
    /// What is recorded.
    pub kind: EntryKind,
    /// What it is called.
    pub name: Name,
}

impl EntryKey {
    /// The key of another record in the same place.
    #[must_use]
    pub fn with_kind(&self, kind: EntryKind) -> Self {
        Self { sequence: self.sequence.clone(), kind, name: self.name.clone() }
    }

    pub(crate) fn place(&self) -> (Sequence, u8) {
        (self.sequence.clone(), self.kind.slot())
    }

    pub(crate) fn what(&self) -> String {
        format!("{} `{}`", self.kind, self.name)
    }
}

/// A record of one operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Which.
    pub key: EntryKey,
    /// Its value.
    pub data: Payload,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Finish {
    /// With an output.
    Completed(Payload),
    /// With a [`Failure`](crate::Failure), and everything that had to be was undone.
    Failed(Payload),
    /// With a failure, and something could not be undone.
    Stuck(Stuck),
}

/// One line of a journal.
// Payloads are raw text, which serde hands through in externally tagged enums alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Record {
    /// The first line.
    Header(Box<RunHeader>),
    /// An operation.
    Entry(Entry),
    /// An answer that came from outside.
    Answer {
        /// To which question.
        decision: DecisionId,
        /// The answer.
        data: Payload,
    },
    /// The last line.
    Finished(Finish),
}
