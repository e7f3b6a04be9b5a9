//! Checks: named questions about a value, asked when somebody wants to know and not before.

use crate::error::{Category, DomainError};
use serde::{Deserialize, Serialize};
use std::error::Error;
use std::fmt;

type Function<'f, T> = Box<dyn Fn(&T) -> Result<(), String> + Send + Sync + 'f>;

/// Named checks of a value, in the order in which they were added.
///
/// A check is a pure function of the value: it asks nobody, changes nothing and says the same whenever it is asked. What
/// has to ask the outside world is a [step](crate::RunContext::step) whose result is checked. Checks are evaluated by
/// [`fail_fast`](Self::fail_fast) and [`collect_all`](Self::collect_all), every time anew.
///
/// ```
/// use baton_runtime::Checks;
///
/// struct Order {
///     lines: Vec<u32>,
///     email: String,
/// }
///
/// let checks = Checks::new()
///     .check("has lines", |order: &Order| if order.lines.is_empty() { Err("nothing is ordered") } else { Ok(()) })
///     .check("can be reached", |order: &Order| {
///         order.email.contains('@').then_some(()).ok_or_else(|| format!("`{}` is no address", order.email))
///     });
/// let order = Order { lines: Vec::new(), email: "ada".to_owned() };
/// assert_eq!(checks.fail_fast(&order).unwrap_err().to_string(), "has lines: nothing is ordered");
/// assert_eq!(checks.collect_all(&order).unwrap_err().failed.len(), 2);
/// ```
#[must_use = "checks say nothing until they are asked"]
pub struct Checks<'f, T: ?Sized> {
    checks: Vec<(&'static str, Function<'f, T>)>,
}

impl<'f, T: ?Sized> Checks<'f, T> {
    /// No checks, which every value passes.
    pub const fn new() -> Self {
        Self { checks: Vec::new() }
    }

    /// Adds a check. Its error says what is wrong with the value.
    pub fn check<R: fmt::Display>(
        mut self,
        name: &'static str,
        check: impl Fn(&T) -> Result<(), R> + Send + Sync + 'f,
    ) -> Self {
        self.checks.push((name, Box::new(move |value| check(value).map_err(|reason| reason.to_string()))));
        self
    }

    /// The names of the checks, in their order.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.checks.iter().map(|(name, _)| *name)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.checks.is_empty()
    }

    /// Asks until one fails, for checks that rest on those before them.
    ///
    /// # Errors
    /// The first check that failed. Those after it were not asked.
    pub fn fail_fast(&self, value: &T) -> Result<(), FailedCheck> {
        self.failures(value).next().map_or(Ok(()), Err)
    }

    /// Asks all, so that somebody can mend everything at once.
    ///
    /// # Errors
    /// Every check that failed, in their order.
    pub fn collect_all(&self, value: &T) -> Result<(), FailedChecks> {
        let failed: Vec<_> = self.failures(value).collect();
        if failed.is_empty() { Ok(()) } else { Err(FailedChecks { failed }) }
    }

    fn failures(&self, value: &T) -> impl Iterator<Item = FailedCheck> {
        self.checks.iter().filter_map(move |(name, check)| {
            let reason = check(value).err()?;
            Some(FailedCheck { check: (*name).to_owned(), reason })
        })
    }
}

impl<T: ?Sized> Default for Checks<'_, T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: ?Sized> fmt::Debug for Checks<'_, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.names()).finish()
    }
}

/// A check that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FailedCheck {
    /// Which.
    pub check: String,
    /// What is wrong.
    pub reason: String,
}

impl FailedCheck {
    /// A failure that no [`Checks`] found.
    pub fn new(check: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { check: check.into(), reason: reason.into() }
    }
}

impl fmt::Display for FailedCheck {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.check, self.reason)
    }
}

impl Error for FailedCheck {}

impl DomainError for FailedCheck {
    fn category(&self) -> Category {
        Category::Validation
    }
}

/// All checks that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FailedChecks {
    /// At least one.
    pub failed: Vec<FailedCheck>,
}

impl fmt::Display for FailedChecks {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, failed) in self.failed.iter().enumerate() {
            if at > 0 {
                formatter.write_str("; ")?;
            }
            failed.fmt(formatter)?;
        }
        Ok(())
    }
}

impl Error for FailedChecks {}

impl DomainError for FailedChecks {
    fn category(&self) -> Category {
        Category::Validation
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[test]
    fn checks_are_asked_when_asked_for_and_in_order() {
        let asked = AtomicU32::new(0);
        let count = |value: &u32| {
            asked.fetch_add(1, Ordering::Relaxed);
            if *value > 2 { Ok(()) } else { Err(format!("{value} is not more than 2")) }
        };
        let checks = Checks::new().check("first", count).check("second", count).check("third", |_| Ok::<_, String>(()));
        assert_eq!(asked.load(Ordering::Relaxed), 0, "adding asks nothing");
        assert_eq!(checks.fail_fast(&1), Err(FailedCheck::new("first", "1 is not more than 2")));
        assert_eq!(asked.load(Ordering::Relaxed), 1, "the second is not asked");
        let all = checks.collect_all(&1).unwrap_err();
        assert_eq!(all.to_string(), "first: 1 is not more than 2; second: 1 is not more than 2");
        assert_eq!(checks.collect_all(&3), Ok(()), "the same checks, asked anew");
        assert_eq!(asked.load(Ordering::Relaxed), 5);
    }

    #[test]
    fn a_failed_check_does_not_make_a_step_try_again() {
        assert!(!FailedCheck::new("a", "b").category().is_transient());
    }
}
