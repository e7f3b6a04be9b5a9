//! Gates: a state is left and entered only if its checks pass, and what doesn't pass is mended a few times before a person
//! is asked.

use crate::checks::Checks;
use crate::context::RunContext;
use crate::error::{DomainError, RunError, RuntimeError};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;

/// How often a gate is mended if nothing is said.
const MAXIMUM_FIXES: u32 = 3;

/// The states of a [`GatedMachine`]: an enum without data, as a rule.
pub trait GateState: Copy + PartialEq + fmt::Debug + Serialize + DeserializeOwned + Send + Sync + 'static {}

impl<T: Copy + PartialEq + fmt::Debug + Serialize + DeserializeOwned + Send + Sync + 'static> GateState for T {}

/// What a state asks before it is left or entered: named [`Checks`], and how often to mend what fails.
#[must_use]
pub struct Gate<T> {
    name: &'static str,
    checks: Checks<T, String>,
    /// Whether there is a check at all; an open gate leaves no record.
    open: bool,
    maximum_fixes: u32,
}

impl<T> Gate<T> {
    /// A gate without checks, and at most 3 fixes. Fixes are counted by the name, so each gate has one of its own.
    pub fn new(name: &'static str) -> Self {
        Self { name, checks: Checks::new(), open: true, maximum_fixes: MAXIMUM_FIXES }
    }

    /// A gate that everything passes.
    pub fn open() -> Self {
        Self::new("open")
    }

    /// Adds a check, as [`Checks::check`] does. All of them are asked.
    pub fn check<R: fmt::Display>(
        mut self,
        name: &'static str,
        check: impl Fn(&T) -> Result<(), R> + Send + Sync + 'static,
    ) -> Self {
        self.checks = self.checks.check(name, move |value| check(value).map_err(|reason| reason.to_string()));
        self.open = false;
        self
    }

    /// How often [`Gates::fix`] is called before the transition is escalated; with 0, never.
    pub const fn maximum_fixes(mut self, maximum: u32) -> Self {
        self.maximum_fixes = maximum;
        self
    }
}

/// The states of something, and what has to be true for it to go from one to another.
///
/// ```
/// # use baton_runtime::{
/// #     Gate, GateFailure, GatedMachine, Gates, Kind, Layer, MemoryEngine, Orchestrator, RunContext, RunError, Runtime,
/// #     SimpleError, Transition,
/// # };
/// # use serde::{Deserialize, Serialize};
/// #[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
/// enum Stage {
///     Draft,
///     Published,
/// }
///
/// struct Publishing;
///
/// impl Gates for Publishing {
///     type State = Stage;
///     type Subject = String;
///     type Error = SimpleError;
///
///     fn exit(&self, stage: Stage) -> Gate<String> {
///         match stage {
///             Stage::Draft => Gate::new("complete").check("no gaps", |text: &String| {
///                 if text.contains("TODO") { Err("there is a TODO") } else { Ok(()) }
///             }),
///             Stage::Published => Gate::open(),
///         }
///     }
///
///     async fn fix(
///         &self,
///         cx: &RunContext<'_>,
///         _failure: &GateFailure,
///         text: &mut String,
///     ) -> Result<(), RunError<SimpleError>> {
///         *text = cx.step("fill gaps").run(|_| async { Ok(text.replace("TODO", "done")) }).await?;
///         Ok(())
///     }
/// }
///
/// struct Publish;
///
/// impl Orchestrator for Publish {
/// #   const NAME: &'static str = "publish";
/// #   const LAYER: Layer = Layer::Domain;
/// #   const KIND: Kind = Kind::Feedback;
/// #   type Input = String;
/// #   type Output = String;
/// #   type Error = SimpleError;
///     // …
///     async fn orchestrate(&self, cx: &RunContext<'_>, mut text: String) -> Result<String, RunError<SimpleError>> {
///         let mut machine = GatedMachine::new(&Publishing, Stage::Draft);
///         match machine.transition(cx, Stage::Published, &mut text).await? {
///             Transition::Moved { fixes, .. } => Ok(format!("{text} after {fixes} fix")),
///             Transition::Escalated(failure) => Ok(cx.decision("what now?", &failure).await?),
///         }
///     }
/// }
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let runtime = Runtime::builder().engine(MemoryEngine::new()).register(Publish)?.build()?;
/// assert_eq!(runtime.run::<Publish>("all TODO".to_owned()).await?, "all done after 1 fix");
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
pub trait Gates: Send + Sync {
    /// The states.
    type State: GateState;
    /// What the checks look at and the fixes change. It has to be the same whenever the body comes here, so it is changed
    /// only with what steps return.
    type Subject: Send + Sync;
    /// How work and fixes fail.
    type Error: DomainError;

    /// What has to be true before this state is left.
    fn exit(&self, state: Self::State) -> Gate<Self::Subject>;

    /// What has to be true before this state is entered; nothing if it isn't said. It is asked after [`work`](Self::work),
    /// so it checks what the transition has made.
    fn entry(&self, state: Self::State) -> Gate<Self::Subject> {
        let _ = state;
        Gate::open()
    }

    /// Whether there is a way from one state to another; between all of them if nothing is said.
    fn allows(&self, from: Self::State, to: Self::State) -> bool {
        let _ = (from, to);
        true
    }

    /// What a transition does between the two gates; nothing if it isn't said. If the transition is escalated and tried
    /// again, this is done again.
    fn work(
        &self,
        cx: &RunContext<'_>,
        from: Self::State,
        to: Self::State,
        subject: &mut Self::Subject,
    ) -> impl Future<Output = Result<(), RunError<Self::Error>>> + Send {
        let _ = (cx, from, to, subject);
        std::future::ready(Ok(()))
    }

    /// Mends what failed, in a branch of the run: if it fails, what it did is undone, and it counts as a fix that didn't
    /// help. Afterwards the gate is asked anew.
    fn fix(
        &self,
        cx: &RunContext<'_>,
        failure: &GateFailure,
        subject: &mut Self::Subject,
    ) -> impl Future<Output = Result<(), RunError<Self::Error>>> + Send;
}

/// Which of the two gates between two states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GateSide {
    /// That of the state which is left.
    Exit,
    /// That of the state which is entered.
    Entry,
}

/// A check of a gate that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FailedCheck {
    /// Which.
    pub check: String,
    /// What is wrong.
    pub reason: String,
}

impl FailedCheck {
    fn new(check: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { check: check.into(), reason: reason.into() }
    }
}

impl fmt::Display for FailedCheck {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.check, self.reason)
    }
}

/// A gate that doesn't let through. It can be the question of a [decision](RunContext::decision) as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GateFailure {
    /// Its name.
    pub gate: String,
    /// Whether the state could not be left or not be entered.
    pub side: GateSide,
    /// What failed, in the order of the checks; at least one.
    pub failed: Vec<FailedCheck>,
    /// How many fixes were made since the gate last let through.
    pub fixes: u32,
    /// How many may be made.
    pub maximum_fixes: u32,
    /// Why the last fix failed, if it did.
    pub last_fix: Option<String>,
}

impl GateFailure {
    /// Whether this check is among those that failed.
    pub fn has(&self, check: &str) -> bool {
        self.failed.iter().any(|failed| failed.check == check)
    }
}

impl fmt::Display for GateFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "gate `{}` after {} of {} fixes: ", self.gate, self.fixes, self.maximum_fixes)?;
        for (at, failed) in self.failed.iter().enumerate() {
            write!(formatter, "{}{failed}", if at > 0 { "; " } else { "" })?;
        }
        match &self.last_fix {
            Some(reason) => write!(formatter, "; the last fix failed: {reason}"),
            None => Ok(()),
        }
    }
}

/// What came of a transition.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Transition<S> {
    /// The machine is in the new state, and that is recorded.
    Moved {
        /// Where it was.
        from: S,
        /// Where it is.
        to: S,
        /// How many fixes it took.
        fixes: u32,
    },
    /// The machine is where it was. Somebody has to decide.
    Escalated(GateFailure),
}

/// A move that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Move<S> {
    /// From where.
    pub from: S,
    /// To where.
    pub to: S,
    /// How many fixes it took.
    pub fixes: u32,
}

/// A machine that goes from state to state through [`Gates`].
///
/// A transition asks the exit gate, does the work, asks the entry gate, records the move, and moves. Where a gate fails, it
/// is mended and asked anew, up to its number of fixes. What a gate said, that a fix begins and that the machine moved is
/// recorded each, so a run that is resumed goes on where it was, with the fixes counted that it had begun.
///
/// The body makes the machine, and it lives as long as the body.
pub struct GatedMachine<'g, G: Gates> {
    gates: &'g G,
    state: G::State,
    fixes: BTreeMap<&'static str, u32>,
    moves: Vec<Move<G::State>>,
}

impl<'g, G: Gates> GatedMachine<'g, G> {
    /// A machine in its first state. The gate into it is not asked.
    pub const fn new(gates: &'g G, state: G::State) -> Self {
        Self { gates, state, fixes: BTreeMap::new(), moves: Vec::new() }
    }

    /// Where the machine is.
    pub const fn state(&self) -> G::State {
        self.state
    }

    /// The moves that it made, oldest first.
    pub fn moves(&self) -> &[Move<G::State>] {
        &self.moves
    }

    /// How many fixes were made of this gate since it last let through.
    pub fn fixes(&self, gate: &str) -> u32 {
        self.fixes.get(gate).copied().unwrap_or(0)
    }

    /// Lets a gate be mended as often again, because somebody decided so after an escalation.
    pub fn forgive(&mut self, gate: &str) {
        self.fixes.remove(gate);
    }

    /// Goes to another state, if the gates let through. A way that [`Gates::allows`] doesn't know is escalated at once.
    ///
    /// # Errors
    /// What [`Gates::work`] fails with, [`RunError::Interrupted`], [`RunError::Stuck`] if a fix failed and could not be undone, and
    /// [`RunError::Runtime`] if something cannot be recorded. The machine is where it was.
    pub async fn transition(
        &mut self,
        cx: &RunContext<'_>,
        to: G::State,
        subject: &mut G::Subject,
    ) -> Result<Transition<G::State>, RunError<G::Error>> {
        let (gates, from) = (self.gates, self.state);
        if !gates.allows(from, to) {
            return Ok(Transition::Escalated(no_way(from, to)));
        }
        let left = match self.pass(cx, &gates.exit(from), GateSide::Exit, subject).await? {
            Passed::After(fixes) => fixes,
            Passed::Not(failure) => return Ok(Transition::Escalated(failure)),
        };
        gates.work(cx, from, to, subject).await?;
        let entered = match self.pass(cx, &gates.entry(to), GateSide::Entry, subject).await? {
            Passed::After(fixes) => fixes,
            Passed::Not(failure) => return Ok(Transition::Escalated(failure)),
        };
        let made = Move { from, to, fixes: left.saturating_add(entered) };
        let made = cx.note("move", async || Ok(made)).await?.value;
        self.state = made.to;
        self.moves.push(made);
        Ok(Transition::Moved { from: made.from, to: made.to, fixes: made.fixes })
    }

    /// Asks a gate and mends what fails until it lets through or may not be mended any more.
    async fn pass(
        &mut self,
        cx: &RunContext<'_>,
        gate: &Gate<G::Subject>,
        side: GateSide,
        subject: &mut G::Subject,
    ) -> Result<Passed, RunError<G::Error>> {
        if gate.open {
            return Ok(Passed::After(0));
        }
        let mut last_fix = None;
        loop {
            let failed = ask(cx, gate, subject).await?;
            let fixes = self.fixes(gate.name);
            if failed.is_empty() {
                self.fixes.remove(gate.name);
                return Ok(Passed::After(fixes));
            }
            let (gate_name, maximum_fixes) = (gate.name.to_owned(), gate.maximum_fixes);
            let failure =
                GateFailure { gate: gate_name, side, failed, fixes, maximum_fixes, last_fix: last_fix.take() };
            if fixes >= gate.maximum_fixes {
                return Ok(Passed::Not(failure));
            }
            // Counted before it begins: a fix that the process dies in was one.
            let (number, branch) = cx.branch_at(format!("fix {}", gate.name), &fixes.saturating_add(1)).await?;
            self.fixes.insert(gate.name, number);
            let fixed = self.gates.fix(&branch, &failure, subject).await;
            match branch.settle(cx, fixed).await {
                Ok(()) => {}
                Err(RunError::Failed(reason)) => last_fix = Some(reason.to_string()),
                Err(error) => return Err(error),
            }
        }
    }
}

enum Passed {
    After(u32),
    Not(GateFailure),
}

/// What a gate says, recorded, so that it has been said once for good.
async fn ask<T: Sync>(cx: &RunContext<'_>, gate: &Gate<T>, subject: &T) -> Result<Vec<FailedCheck>, RuntimeError> {
    let said = cx.note(format!("gate {}", gate.name), || async {
        let Err(violations) = gate.checks.all(subject) else { return Ok(Vec::new()) };
        Ok(violations.0.into_iter().map(|violation| FailedCheck::new(violation.check, violation.error)).collect())
    });
    Ok(said.await?.value)
}

fn no_way<S: fmt::Debug>(from: S, to: S) -> GateFailure {
    let failed = vec![FailedCheck::new("way", format!("there is none from {from:?} to {to:?}"))];
    GateFailure { gate: "way".to_owned(), side: GateSide::Exit, failed, fixes: 0, maximum_fixes: 0, last_fix: None }
}
