//! Who is told what happens in runs.

use crate::effect::Effect;
use crate::error::EffectState;
use crate::id::{DecisionId, Name, RunId, Sequence};
use std::time::Duration;

/// Is told what happens, in the order in which it happens, by the task that does it: it must return quickly and must not
/// block. A panic in it is the panic of the run.
pub trait RunObserver: Send + Sync + 'static {
    /// Something happened. Match what is of interest and leave the rest, because events are added over time.
    fn observe(&self, event: &RunEvent<'_>);
}

/// Something that happened in a run.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RunEvent<'a> {
    /// The run.
    pub run: &'a RunId,
    /// The name of its orchestrator.
    pub orchestrator: &'a str,
    /// Whether it is handed back from the records: it happened in an earlier execution already.
    pub replayed: bool,
    /// What.
    pub kind: RunEventKind<'a>,
}

/// What happened in a run.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum RunEventKind<'a> {
    /// An execution begins.
    Started,
    /// A step begins.
    #[non_exhaustive]
    StepStarted {
        /// Where.
        sequence: &'a Sequence,
        /// Which.
        name: &'a Name,
        /// What it does to the world.
        effect: Effect,
        /// Its number and the number of all, where both are known.
        progress: Option<Progress>,
    },
    /// An attempt failed and another one follows.
    #[non_exhaustive]
    StepRetried {
        /// Where.
        sequence: &'a Sequence,
        /// Which.
        name: &'a Name,
        /// The attempt that failed, from 1.
        attempt: u32,
        /// How long is waited for the next one.
        wait: Duration,
    },
    /// A step is recorded.
    #[non_exhaustive]
    StepFinished {
        /// Where.
        sequence: &'a Sequence,
        /// Which.
        name: &'a Name,
        /// What is known of its effect if it failed.
        failed: Option<EffectState>,
        /// Its number and the number of all, where both are known.
        progress: Option<Progress>,
    },
    /// A branch is left for another one, or has won.
    #[non_exhaustive]
    BranchChosen {
        /// Where.
        sequence: &'a Sequence,
        /// The branch that is taken now, or has succeeded.
        name: &'a Name,
    },
    /// A step was undone, or could not be.
    #[non_exhaustive]
    Undone {
        /// Where.
        sequence: &'a Sequence,
        /// Which step.
        name: &'a Name,
        /// Whether it could not.
        failed: bool,
    },
    /// The run waits for an answer.
    #[non_exhaustive]
    Suspended {
        /// To which question.
        decision: &'a DecisionId,
    },
    /// The execution ends.
    #[non_exhaustive]
    Ended {
        /// How.
        ending: Ending,
    },
}

/// How an execution ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ending {
    /// The run succeeded.
    Completed,
    /// The run failed, and what had to be undone was.
    Failed,
    /// The run failed, and something could not be undone.
    Stuck,
    /// The run can be resumed: it waits, was cancelled, or the runtime shuts down.
    Interrupted,
    /// The runtime could not go on; the run can be resumed once the reason is gone.
    Broken,
}

/// Step N of M.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Which, from 1.
    pub step: usize,
    /// Of how many.
    pub total: usize,
}
