//! Checks before the work: pure functions with names, which say no or nothing.

use std::fmt;

type Check<T, E> = Box<dyn Fn(&T) -> Result<(), E> + Send + Sync>;

/// Checks on a value, in order.
///
/// ```
/// use baton_runtime::Checks;
///
/// let checks = Checks::new()
///     .check("name", |name: &String| if name.is_empty() { Err("it is empty") } else { Ok(()) })
///     .check("length", |name| if name.len() > 3 { Err("it is too long") } else { Ok(()) });
/// assert!(checks.first(&"Ada".to_owned()).is_ok());
/// let violations = checks.all(&"Grace".to_owned()).unwrap_err();
/// assert_eq!(violations.to_string(), "length: it is too long");
/// ```
#[must_use]
pub struct Checks<T, E> {
    checks: Vec<(&'static str, Check<T, E>)>,
}

impl<T, E> Default for Checks<T, E> {
    fn default() -> Self {
        Self { checks: Vec::new() }
    }
}

impl<T, E> Checks<T, E> {
    /// No checks.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a check, which comes after those before it. It must depend on the value alone.
    pub fn check(mut self, name: &'static str, check: impl Fn(&T) -> Result<(), E> + Send + Sync + 'static) -> Self {
        self.checks.push((name, Box::new(check)));
        self
    }

    /// Stops at the first check that says no.
    ///
    /// # Errors
    /// What it says.
    pub fn first(&self, value: &T) -> Result<(), Violation<E>> {
        self.violations(value).next().map_or(Ok(()), Err)
    }

    /// Asks all checks.
    ///
    /// # Errors
    /// What those that say no say, in order.
    pub fn all(&self, value: &T) -> Result<(), Violations<E>> {
        let violations: Vec<_> = self.violations(value).collect();
        if violations.is_empty() { Ok(()) } else { Err(Violations(violations)) }
    }

    fn violations(&self, value: &T) -> impl Iterator<Item = Violation<E>> {
        self.checks.iter().filter_map(|(check, says)| says(value).err().map(|error| Violation { check, error }))
    }
}

/// What a check says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation<E> {
    /// Which check.
    pub check: &'static str,
    /// What it says.
    pub error: E,
}

impl<E: fmt::Display> fmt::Display for Violation<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.check, self.error)
    }
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for Violation<E> {}

/// What several checks say; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violations<E>(pub Vec<Violation<E>>);

impl<E: fmt::Display> fmt::Display for Violations<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, violation) in self.0.iter().enumerate() {
            if at > 0 {
                formatter.write_str("; ")?;
            }
            violation.fmt(formatter)?;
        }
        Ok(())
    }
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for Violations<E> {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[test]
    fn the_first_violation_ends_it_or_all_are_collected() {
        let asked = Arc::new(AtomicU32::new(0));
        let count = |fails| {
            let asked = Arc::clone(&asked);
            move |_: &u8| {
                asked.fetch_add(1, Ordering::Relaxed);
                if fails { Err("no") } else { Ok(()) }
            }
        };
        let checks = Checks::new().check("a", count(false)).check("b", count(true)).check("c", count(true));
        assert_eq!(checks.first(&0).unwrap_err().check, "b");
        assert_eq!(asked.swap(0, Ordering::Relaxed), 2, "`c` was not asked");
        assert_eq!(checks.all(&0).unwrap_err().to_string(), "b: no; c: no");
        assert_eq!(asked.load(Ordering::Relaxed), 3);
    }
}
