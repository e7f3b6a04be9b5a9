//! Recovery: for each kind of trouble, what is tried, how often, and what a person is asked in the end.

use crate::context::RunContext;
use crate::error::{DomainError, Failure, RunError, RuntimeError};
use crate::payload::Payload;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;

/// The kinds of trouble of a [`RecoveryTable`]: an enum without data.
pub trait Trouble: Copy + Ord + fmt::Debug + Send + Sync + 'static {}

impl<T: Copy + Ord + fmt::Debug + Send + Sync + 'static> Trouble for T {}

/// What a person can choose from: an enum that is written as JSON.
pub trait Choice: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static {}

impl<T: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static> Choice for T {}

/// A row of a recovery table: what is tried, how often, and what a person is asked after that.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Row<F, C> {
    fixer: Option<F>,
    attempts: u32,
    question: Option<Question<C>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Question<C> {
    text: &'static str,
    options: Vec<EscalationOption<C>>,
}

impl<F, C> Row<F, C> {
    /// Tries again as it is, this often.
    pub const fn retry(attempts: u32) -> Self {
        Self { fixer: None, attempts, question: None }
    }

    /// Calls a fixer and tries again, this often.
    pub const fn fix(fixer: F, attempts: u32) -> Self {
        Self { fixer: Some(fixer), attempts, question: None }
    }

    /// Hands the failure on at once.
    pub const fn give_up() -> Self {
        Self::retry(0)
    }

    /// Asks a person at once. Each option is a choice and what it is called.
    ///
    /// A question without options does not build:
    ///
    /// ```compile_fail,E0080
    /// let row = baton_runtime::Row::<(), bool>::ask("what now?", []);
    /// ```
    pub fn ask<const N: usize>(question: &'static str, options: [(C, &'static str); N]) -> Self {
        Self::give_up().then_ask(question, options)
    }

    /// Asks a person when all attempts are used up. Without it, the failure is handed on then.
    pub fn then_ask<const N: usize>(mut self, question: &'static str, options: [(C, &'static str); N]) -> Self {
        const { assert!(N > 0, "a question needs an answer that can be given") };
        let option = |(choice, label): (C, &'static str)| EscalationOption { choice, label: label.to_owned() };
        self.question = Some(Question { text: question, options: options.into_iter().map(option).collect() });
        self
    }
}

/// What happened, as a fixer is told it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Incident<T, E> {
    /// What kind of trouble it is.
    pub trouble: T,
    /// The failure.
    pub failure: Failure<E>,
    /// Which attempt to recover from this kind of trouble this is, from 1.
    pub attempt: u32,
}

/// A recovery table: a row for each kind of trouble.
///
/// [`row`](Self::row) is a `match` over the enum, so that a kind of trouble without a row does not build:
///
/// ```compile_fail,E0004
/// # use baton_runtime::{Failure, Incident, Never, RecoveryTable, Row, RunContext, RunError};
/// # struct Rules;
/// #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
/// enum Trouble {
///     Validation,
///     Ambiguous,
/// }
/// # impl RecoveryTable for Rules {
/// #   type Trouble = Trouble;
/// #   type Fixer = ();
/// #   type Choice = bool;
/// #   type Subject = ();
/// #   type Error = Never;
/// #   fn classify(&self, _: &Failure<Never>) -> Trouble { Trouble::Ambiguous }
/// #   async fn fix(&self, _: &RunContext<'_>, _: (), _: &Incident<Trouble, Never>, _: &mut ()) -> Result<(), RunError<Never>> { Ok(()) }
/// fn row(&self, trouble: Trouble) -> Row<(), bool> {
///     match trouble {
///         Trouble::Validation => Row::fix((), 3),
///     }
/// }
/// # }
/// ```
///
/// A whole one, with a person who answers:
///
/// ```
/// # use baton_runtime::{
/// #     Category, Failure, Incident, Interrupt, Kind, Layer, MemoryEngine, Orchestrator, Recovered, RecoveryTable, RecoveryLoop,
/// #     Row, RunContext, RunError, RunId, RunOptions, Runtime, SimpleError,
/// # };
/// # use serde::{Deserialize, Serialize};
/// #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
/// enum Trouble {
///     Validation,
///     Other,
/// }
///
/// #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
/// enum Choice {
///     Accept,
///     Stop,
/// }
///
/// struct Rules;
///
/// impl RecoveryTable for Rules {
///     type Trouble = Trouble;
///     type Fixer = &'static str;
///     type Choice = Choice;
///     type Subject = u32;
///     type Error = SimpleError;
///
///     fn row(&self, trouble: Trouble) -> Row<&'static str, Choice> {
///         match trouble {
///             Trouble::Validation => Row::fix("rounder", 1)
///                 .then_ask("Take it as it is?", [(Choice::Accept, "Take it"), (Choice::Stop, "Stop here")]),
///             Trouble::Other => Row::give_up(),
///         }
///     }
///
///     fn classify(&self, failure: &Failure<SimpleError>) -> Trouble {
///         match failure.category() {
///             Category::Validation => Trouble::Validation,
///             _ => Trouble::Other,
///         }
///     }
///
///     async fn fix(
///         &self,
///         cx: &RunContext<'_>,
///         fixer: &'static str,
///         _: &Incident<Trouble, SimpleError>,
///         number: &mut u32,
///     ) -> Result<(), RunError<SimpleError>> {
///         *number = cx.step(fixer).run(|_| async { Ok(*number / 10 * 10) }).await?;
///         Ok(())
///     }
/// }
///
/// struct Accounting;
///
/// impl Orchestrator for Accounting {
/// #   const NAME: &'static str = "accounting";
/// #   const LAYER: Layer = Layer::Domain;
/// #   const KIND: Kind = Kind::Adaptive;
/// #   type Input = u32;
/// #   type Output = String;
/// #   type Error = SimpleError;
///     // …
///     async fn orchestrate(&self, cx: &RunContext<'_>, mut number: u32) -> Result<String, RunError<SimpleError>> {
///         let mut recovery = RecoveryLoop::new(&Rules);
///         loop {
///             let booked = cx.step("book").run(|_| async move {
///                 if number % 100 == 0 { Ok(()) } else { Err(SimpleError::new(Category::Validation, "odd"))? }
///             });
///             let Err(error) = booked.await else { return Ok(format!("booked {number}")) };
///             match recovery.handle(cx, error, &mut number).await? {
///                 Recovered::Again => {}
///                 Recovered::Chosen(Choice::Accept) => return Ok(format!("accepted {number}")),
///                 Recovered::Chosen(Choice::Stop) => return Ok("stopped".to_owned()),
///             }
///         }
///     }
/// }
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let runtime = Runtime::builder().engine(MemoryEngine::new()).register(Accounting)?.build()?;
/// let run = RunId::new("one")?;
/// let waits = runtime.run_with::<Accounting>(RunOptions::new().run_id(run.clone()), 123).await;
/// let Err(RunError::Interrupted(Interrupt::Suspended(pending))) = waits else { panic!("it did not ask") };
/// runtime.decide(&run, &pending.id, &Choice::Accept).await?;
/// assert_eq!(runtime.resume::<Accounting>(&run).await?, "accepted 120");
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
pub trait RecoveryTable: Send + Sync {
    /// The kinds of trouble.
    type Trouble: Trouble;
    /// Those who mend: an enum, as a rule.
    type Fixer: Send;
    /// What people can choose.
    type Choice: Choice;
    /// What fixers change. It is changed only with what steps return, so that it is the same on every execution.
    type Subject: Send;
    /// The error of the body.
    type Error: DomainError;

    /// What is done about this kind of trouble.
    fn row(&self, trouble: Self::Trouble) -> Row<Self::Fixer, Self::Choice>;

    /// Which kind of trouble a failure is.
    fn classify(&self, failure: &Failure<Self::Error>) -> Self::Trouble;

    /// Mends something, in a branch of the run: if it fails, what it did is undone, and the attempt is used up.
    fn fix(
        &self,
        cx: &RunContext<'_>,
        fixer: Self::Fixer,
        incident: &Incident<Self::Trouble, Self::Error>,
        subject: &mut Self::Subject,
    ) -> impl Future<Output = Result<(), RunError<Self::Error>>> + Send;
}

/// What to do after a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Recovered<C> {
    /// Try again.
    Again,
    /// All attempts are used up, and this is what a person chose.
    Chosen(C),
}

/// What a person is asked, as the question of a [decision](RunContext::decision) has it. Programs that don't know the type
/// of the choices read it as `Escalation<Payload>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Escalation<C> {
    /// The kind of trouble.
    pub trouble: String,
    /// The question.
    pub question: String,
    /// What happened.
    pub failure: String,
    /// How many attempts to recover were made.
    pub attempts: u32,
    /// Why the last fix failed, if it did.
    pub last_fix: Option<String>,
    /// What can be answered.
    pub options: Vec<EscalationOption<C>>,
    /// The last answer, if it was none of the options; then the question is asked again.
    pub refused: Option<Payload>,
}

/// An answer that a person can give.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EscalationOption<C> {
    /// What is answered with.
    pub choice: C,
    /// What it is called.
    pub label: String,
}

/// Recovers from failures by a [`RecoveryTable`] table, for one thing that is tried until it works.
///
/// Attempts are counted for each kind of trouble, and each is recorded before it begins: a process that dies in one has
/// used it up, and not more. Kinds that take turns don't renew each other, so it ends after as many attempts as the rows
/// have together.
pub struct RecoveryLoop<'r, R: RecoveryTable> {
    rules: &'r R,
    attempts: BTreeMap<R::Trouble, u32>,
}

impl<'r, R: RecoveryTable> RecoveryLoop<'r, R> {
    /// Nothing was tried yet.
    pub const fn new(rules: &'r R) -> Self {
        Self { rules, attempts: BTreeMap::new() }
    }

    /// How many attempts were made at this kind of trouble.
    pub fn attempts(&self, trouble: R::Trouble) -> u32 {
        self.attempts.get(&trouble).copied().unwrap_or(0)
    }

    /// Lets this kind of trouble be tried as often again, because somebody chose that.
    pub fn forgive(&mut self, trouble: R::Trouble) {
        self.attempts.remove(&trouble);
    }

    /// Does what the table says about a failure: calls the fixer, or asks a person, who may take days.
    ///
    /// # Errors
    /// The failure itself, if its attempts are used up and nobody is to be asked. What is no failure is handed on as it is:
    /// [`RunError::Interrupted`], also while nobody has answered, [`RunError::Stuck`] and [`RunError::Runtime`].
    pub async fn handle(
        &mut self,
        cx: &RunContext<'_>,
        error: RunError<R::Error>,
        subject: &mut R::Subject,
    ) -> Result<Recovered<R::Choice>, RunError<R::Error>> {
        let failure = match error {
            RunError::Failed(failure) => failure,
            error => return Err(error),
        };
        let trouble = self.rules.classify(&failure);
        let mut incident = Incident { trouble, failure, attempt: self.attempts(trouble) };
        let mut last_fix = None;
        loop {
            let row = self.rules.row(trouble);
            if incident.attempt >= row.attempts {
                let Some(question) = row.question else { return Err(RunError::Failed(incident.failure)) };
                let what = incident.failure.to_string();
                return Ok(Recovered::Chosen(self.ask(cx, trouble, question, what, last_fix).await?));
            }
            let name = format!("recover {trouble:?}");
            let (attempt, branch) = cx.branch_at(name, &incident.attempt.saturating_add(1)).await?;
            self.attempts.insert(trouble, attempt);
            incident.attempt = attempt;
            let fixed = match row.fixer {
                Some(fixer) => self.rules.fix(&branch, fixer, &incident, subject).await,
                None => Ok(()),
            };
            match branch.settle(cx, fixed).await {
                Ok(()) => return Ok(Recovered::Again),
                Err(RunError::Failed(reason)) => last_fix = Some(reason.to_string()),
                Err(error) => return Err(error),
            }
        }
    }

    /// Asks a person about trouble that no step failed with, such as a [gate](crate::Transition::Escalated) that doesn't
    /// let through. `what` says what happened. None if the row of this trouble has no question.
    ///
    /// # Errors
    /// [`RuntimeError::Interrupted`] while nobody has answered.
    pub async fn escalate(
        &self,
        cx: &RunContext<'_>,
        trouble: R::Trouble,
        what: impl fmt::Display,
    ) -> Result<Option<R::Choice>, RuntimeError> {
        let what = what.to_string();
        match self.rules.row(trouble).question {
            Some(question) => self.ask(cx, trouble, question, what, None).await.map(Some),
            None => Ok(None),
        }
    }

    async fn ask(
        &self,
        cx: &RunContext<'_>,
        trouble: R::Trouble,
        question: Question<R::Choice>,
        failure: String,
        last_fix: Option<String>,
    ) -> Result<R::Choice, RuntimeError> {
        let mut escalation = Escalation {
            trouble: format!("{trouble:?}"),
            question: question.text.to_owned(),
            failure,
            attempts: self.attempts(trouble),
            last_fix,
            options: question.options,
            refused: None,
        };
        loop {
            // The first answer to a question counts, so one that is of no use must not be taken for the choice.
            let answer: Payload = cx.decision(format!("escalate {trouble:?}"), &escalation).await?;
            match answer.decode::<R::Choice>() {
                Ok(choice) if escalation.options.iter().any(|option| option.choice == choice) => return Ok(choice),
                _ => escalation.refused = Some(answer),
            }
        }
    }
}
