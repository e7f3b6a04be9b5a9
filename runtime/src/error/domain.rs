//! The application's errors: what a step says about its effect, and what a run ends with.

use super::runtime::{Interrupt, RuntimeError};
use crate::id::IdempotencyKey;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::error::Error;
use std::fmt;
use std::time::Duration;

/// What kind of trouble an error is, for whoever has to react without knowing the type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Category {
    /// The input is wrong.
    Validation,
    /// Something that is named does not exist.
    NotFound,
    /// The state of the world contradicts.
    Conflict,
    /// The caller may not.
    Permission,
    /// Too much was asked for in too short a time.
    RateLimited,
    /// It took too long.
    Timeout,
    /// A service that is needed does not do its work.
    Dependency,
    /// It was called off.
    Cancelled,
    /// A fault of the application.
    Internal,
}

impl Category {
    /// Whether `?` in a step makes an error of this category retryable: trouble that may be gone a moment later.
    pub const fn is_transient(self) -> bool {
        matches!(self, Self::RateLimited | Self::Timeout | Self::Dependency)
    }
}

impl fmt::Display for Category {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Validation => "validation",
            Self::NotFound => "not found",
            Self::Conflict => "conflict",
            Self::Permission => "permission",
            Self::RateLimited => "rate limited",
            Self::Timeout => "timeout",
            Self::Dependency => "dependency",
            Self::Cancelled => "cancelled",
            Self::Internal => "internal",
        })
    }
}

/// An error of the application: it can be recorded, and comes back as the same value when a run is resumed.
///
/// ```
/// use baton_runtime::{Category, DomainError};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Debug, thiserror::Error, Serialize, Deserialize)]
/// enum CheckoutError {
///     #[error("the card was declined")]
///     Declined,
///     #[error("the bank does not answer")]
///     BankDown,
/// }
///
/// impl DomainError for CheckoutError {
///     fn category(&self) -> Category {
///         match self {
///             Self::Declined => Category::Conflict,
///             Self::BankDown => Category::Dependency,
///         }
///     }
/// }
/// ```
pub trait DomainError: Error + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// What kind of trouble it is. `?` in a step decides by it whether to try again.
    fn category(&self) -> Category {
        Category::Internal
    }
}

/// The error of what cannot fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Never {}

impl fmt::Display for Never {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

impl Error for Never {}

impl DomainError for Never {}

/// A category and a sentence: an error for applications that need no type of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SimpleError {
    /// What kind of trouble it is.
    pub category: Category,
    /// What happened.
    pub message: String,
}

impl SimpleError {
    /// An error of this category that says `message`.
    pub fn new(category: Category, message: impl Into<String>) -> Self {
        Self { category, message: message.into() }
    }
}

impl fmt::Display for SimpleError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl Error for SimpleError {}

impl DomainError for SimpleError {
    fn category(&self) -> Category {
        self.category
    }
}

/// What one attempt of a step ends with if it fails: the error, and what is known about its effect.
///
/// `?` on a [`DomainError`] makes it [`Retryable`](Self::Retryable) if its category is
/// [transient](Category::is_transient), and [`Terminal`](Self::Terminal) otherwise.
#[derive(Debug)]
#[non_exhaustive]
pub enum StepError<E> {
    /// Another attempt may succeed. If none does, the effect counts as unknown.
    Retryable(E),
    /// Another attempt would fail the same way, and there provably was no effect.
    Terminal(E),
    /// There may have been an effect, and another attempt must not be made.
    OutcomeUnknown(E),
    /// The attempt gave up because the run was cancelled or the runtime shuts down. Nothing is recorded, and the step
    /// runs again when the run is resumed.
    Interrupted,
}

impl<E> StepError<E> {
    /// The same with another type of error.
    pub fn map<F>(self, map: impl FnOnce(E) -> F) -> StepError<F> {
        match self {
            Self::Retryable(error) => StepError::Retryable(map(error)),
            Self::Terminal(error) => StepError::Terminal(map(error)),
            Self::OutcomeUnknown(error) => StepError::OutcomeUnknown(map(error)),
            Self::Interrupted => StepError::Interrupted,
        }
    }
}

impl<E: DomainError> From<E> for StepError<E> {
    fn from(error: E) -> Self {
        if error.category().is_transient() { Self::Retryable(error) } else { Self::Terminal(error) }
    }
}

/// What is known about the effect of a step that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EffectState {
    /// There provably was none.
    NotApplied,
    /// There may have been one. Unwinding includes the step.
    Unknown,
}

/// Why a step failed in the end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Cause<E> {
    /// The application's error.
    Error(E),
    /// The last attempt took longer than it may.
    TimedOut(Duration),
    /// The deadline of the run had passed before the first attempt.
    DeadlineExceeded,
    /// The last attempt panicked and said this.
    Panicked(String),
    /// A step that may run at most once was begun, and how it ended was never recorded.
    Unfinished,
}

/// A failure that is part of the run's history: recorded, and the same on every replay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Failure<E> {
    /// Which step failed; none if the body returned an error by itself.
    pub step: Option<String>,
    /// Why.
    pub cause: Cause<E>,
    /// What is known about the effect.
    pub effect: EffectState,
    /// How many attempts were made since the process began on the step.
    pub attempts: u32,
}

impl<E> Failure<E> {
    /// The application's error, if it was one.
    pub const fn error(&self) -> Option<&E> {
        match &self.cause {
            Cause::Error(error) => Some(error),
            _ => None,
        }
    }

    /// The same failure with another type of error.
    pub fn map<F>(self, map: impl FnOnce(E) -> F) -> Failure<F> {
        match self.try_map(|error| Ok::<_, Never>(map(error))) {
            Ok(failure) => failure,
            Err(never) => match never {},
        }
    }

    pub(crate) fn try_map<F, X>(self, map: impl FnOnce(E) -> Result<F, X>) -> Result<Failure<F>, X> {
        let cause = match self.cause {
            Cause::Error(error) => Cause::Error(map(error)?),
            Cause::TimedOut(limit) => Cause::TimedOut(limit),
            Cause::DeadlineExceeded => Cause::DeadlineExceeded,
            Cause::Panicked(message) => Cause::Panicked(message),
            Cause::Unfinished => Cause::Unfinished,
        };
        Ok(Failure { step: self.step, cause, effect: self.effect, attempts: self.attempts })
    }
}

impl<E: DomainError> Failure<E> {
    /// What kind of trouble it is.
    pub fn category(&self) -> Category {
        match &self.cause {
            Cause::Error(error) => error.category(),
            Cause::TimedOut(_) | Cause::DeadlineExceeded => Category::Timeout,
            Cause::Panicked(_) | Cause::Unfinished => Category::Internal,
        }
    }
}

impl<E: fmt::Display> fmt::Display for Failure<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(step) = &self.step {
            write!(formatter, "step `{step}`: ")?;
        }
        match &self.cause {
            Cause::Error(error) => error.fmt(formatter)?,
            Cause::TimedOut(limit) => write!(formatter, "it took longer than {limit:?}")?,
            Cause::DeadlineExceeded => formatter.write_str("the deadline of the run has passed")?,
            Cause::Panicked(message) => write!(formatter, "it panicked: {message}")?,
            Cause::Unfinished => formatter.write_str("it was begun, and how it ended is unknown")?,
        }
        if self.attempts > 1 {
            write!(formatter, " (after {} attempts)", self.attempts)?;
        }
        Ok(())
    }
}

/// How the undoing of one step ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UndoReport {
    /// Which step.
    pub step: String,
    /// The step's own key, by which its effect can be found outside.
    pub key: IdempotencyKey,
    /// Why it could not be undone; none if it was.
    pub failure: Option<String>,
}

/// A run that failed and could not be undone as a whole: somebody has to look. All undos were tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Stuck {
    /// Why the run failed.
    pub failure: String,
    /// Every undo in the order in which it was tried, those that worked among them.
    pub undos: Vec<UndoReport>,
}

impl Stuck {
    /// What could not be undone.
    pub fn failed(&self) -> impl Iterator<Item = &UndoReport> {
        self.undos.iter().filter(|undo| undo.failure.is_some())
    }
}

impl fmt::Display for Stuck {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}; {} of {} undos failed:", self.failure, self.failed().count(), self.undos.len())?;
        for UndoReport { step, key, failure } in self.failed() {
            write!(formatter, " `{step}` ({key}): {}", failure.as_deref().unwrap_or_default())?;
        }
        Ok(())
    }
}

/// What an orchestrator ends with if it doesn't succeed.
///
/// `?` makes one of a [`DomainError`] (a failure without a step) and of a [`RuntimeError`].
#[derive(Debug)]
#[non_exhaustive]
pub enum RunError<E> {
    /// The application failed. It is recorded, and what has an undo is undone.
    Failed(Failure<E>),
    /// The run stopped without being over, and can be resumed. Hand it on: whatever else the body tries meets it again.
    Interrupted(Interrupt),
    /// The run failed and could not be undone as a whole.
    Stuck(Box<Stuck>),
    /// The runtime could not go on. Nothing is recorded.
    Runtime(RuntimeError),
}

impl<E> RunError<E> {
    /// The application's error, if it was one.
    pub const fn error(&self) -> Option<&E> {
        match self {
            Self::Failed(failure) => failure.error(),
            _ => None,
        }
    }

    /// Whether the run can be resumed as it is: it was suspended, cancelled or shut down.
    pub const fn is_interrupted(&self) -> bool {
        matches!(self, Self::Interrupted(_))
    }

    /// The same with another type of error, to hand the error of a child on as one's own.
    pub fn map<F>(self, map: impl FnOnce(E) -> F) -> RunError<F> {
        match self {
            Self::Failed(failure) => RunError::Failed(failure.map(map)),
            Self::Interrupted(interrupt) => RunError::Interrupted(interrupt),
            Self::Stuck(stuck) => RunError::Stuck(stuck),
            Self::Runtime(error) => RunError::Runtime(error),
        }
    }
}

impl<E: DomainError> From<E> for RunError<E> {
    fn from(error: E) -> Self {
        Self::Failed(Failure { step: None, cause: Cause::Error(error), effect: EffectState::NotApplied, attempts: 0 })
    }
}

impl<E> From<RuntimeError> for RunError<E> {
    fn from(error: RuntimeError) -> Self {
        match error {
            RuntimeError::Interrupted(interrupt) => Self::Interrupted(interrupt),
            error => Self::Runtime(error),
        }
    }
}

impl<E> From<Interrupt> for RunError<E> {
    fn from(interrupt: Interrupt) -> Self {
        Self::Interrupted(interrupt)
    }
}

impl<E: fmt::Display> fmt::Display for RunError<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(failure) => failure.fmt(formatter),
            Self::Interrupted(interrupt) => interrupt.fmt(formatter),
            Self::Stuck(stuck) => stuck.fmt(formatter),
            Self::Runtime(error) => error.fmt(formatter),
        }
    }
}

impl<E: Error> Error for RunError<E> {}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(error: SimpleError) -> Result<(), StepError<SimpleError>> {
        Err(error)?
    }

    fn body(error: SimpleError) -> Result<(), RunError<SimpleError>> {
        Err(error)?
    }

    #[test]
    fn the_category_says_whether_a_question_mark_tries_again() {
        let transient = SimpleError::new(Category::Dependency, "down");
        assert!(matches!(step(transient), Err(StepError::Retryable(_))));
        let lasting = SimpleError::new(Category::Validation, "no name");
        assert!(matches!(step(lasting), Err(StepError::Terminal(_))));
    }

    #[test]
    fn a_question_mark_keeps_the_two_worlds_apart() {
        let domain = body(SimpleError::new(Category::Conflict, "sold out")).unwrap_err();
        assert_eq!(domain.error().map(|error| error.message.as_str()), Some("sold out"));
        let interrupted: RunError<SimpleError> = RuntimeError::from(Interrupt::Cancelled).into();
        assert!(interrupted.is_interrupted());
    }

    #[test]
    fn a_failure_is_the_same_value_after_it_was_recorded() {
        let failure = Failure {
            step: Some("charge".to_owned()),
            cause: Cause::Error(SimpleError::new(Category::Conflict, "declined")),
            effect: EffectState::Unknown,
            attempts: 3,
        };
        let text = serde_json::to_string(&failure).unwrap();
        assert_eq!(serde_json::from_str::<Failure<SimpleError>>(&text).unwrap(), failure);
        assert_eq!(failure.to_string(), "step `charge`: declined (after 3 attempts)");
    }
}
