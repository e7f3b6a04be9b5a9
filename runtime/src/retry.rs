//! When a step is tried again, and how long it waits before.

use crate::error::Category;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How often and how quickly a step is tried again. The names are those of Temporal.
///
/// Before attempt `n + 1` lies a random wait between zero and
/// `min(maximum_interval, initial_interval × backoff_coefficientⁿ⁻¹)`, the "full jitter" of
/// [Exponential Backoff and Jitter](https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
///
/// ```
/// use baton_runtime::{Category, RetryPolicy};
/// use std::time::Duration;
///
/// let policy = RetryPolicy::default()
///     .initial_interval(Duration::from_millis(200))
///     .maximum_attempts(4)
///     .non_retryable([Category::Permission]);
/// assert_eq!(policy.ceiling(1), Duration::from_millis(200));
/// assert_eq!(policy.ceiling(3), Duration::from_millis(800));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[must_use]
pub struct RetryPolicy {
    initial_interval: Duration,
    backoff_coefficient: f64,
    maximum_interval: Duration,
    maximum_attempts: u32,
    non_retryable: Vec<Category>,
    jitter: bool,
}

impl Default for RetryPolicy {
    /// 5 attempts, after at most 1, 2, 4 and 8 seconds.
    fn default() -> Self {
        Self {
            initial_interval: Duration::from_secs(1),
            backoff_coefficient: 2.0,
            maximum_interval: Duration::from_secs(100),
            maximum_attempts: 5,
            non_retryable: Vec::new(),
            jitter: true,
        }
    }
}

impl RetryPolicy {
    /// One attempt.
    pub fn never() -> Self {
        Self::default().maximum_attempts(1)
    }

    /// The ceiling of the first wait.
    pub const fn initial_interval(mut self, interval: Duration) -> Self {
        self.initial_interval = interval;
        self
    }

    /// By what each wait's ceiling is longer than the one before. What is below 1 or no number counts as 1.
    pub const fn backoff_coefficient(mut self, coefficient: f64) -> Self {
        self.backoff_coefficient = if coefficient >= 1.0 { coefficient } else { 1.0 };
        self
    }

    /// The ceiling of all waits.
    pub const fn maximum_interval(mut self, interval: Duration) -> Self {
        self.maximum_interval = interval;
        self
    }

    /// How often the step is tried, the first time included. Zero counts as one.
    pub const fn maximum_attempts(mut self, attempts: u32) -> Self {
        self.maximum_attempts = if attempts == 0 { 1 } else { attempts };
        self
    }

    /// Errors of these categories end the step whatever it says of them.
    pub fn non_retryable(mut self, categories: impl IntoIterator<Item = Category>) -> Self {
        self.non_retryable = categories.into_iter().collect();
        self
    }

    /// Waits as long as the ceiling says, which keeps a test's clock plain. Do it in production and all that failed
    /// together tries again together.
    pub const fn without_jitter(mut self) -> Self {
        self.jitter = false;
        self
    }

    /// The longest wait after attempt `attempt`, counted from 1. It saturates.
    pub fn ceiling(&self, attempt: u32) -> Duration {
        let exponent = i32::try_from(attempt.saturating_sub(1)).unwrap_or(i32::MAX);
        let seconds = self.initial_interval.as_secs_f64() * self.backoff_coefficient.powi(exponent);
        Duration::try_from_secs_f64(seconds).map_or(self.maximum_interval, |wait| wait.min(self.maximum_interval))
    }

    /// Whether there is an attempt after attempt `attempt`, which failed with an error of this category.
    pub fn allows(&self, attempt: u32, category: Category) -> bool {
        attempt < self.maximum_attempts && !self.non_retryable.contains(&category)
    }

    /// How long to wait after attempt `attempt`.
    pub(crate) fn wait(&self, attempt: u32) -> Duration {
        let ceiling = self.ceiling(attempt);
        if !self.jitter {
            return ceiling;
        }
        let (random, _) = uuid::Uuid::new_v4().as_u64_pair();
        // The upper half of a random UUID of version 4 has its version in bits 12 to 15, so the bits above are taken.
        #[expect(clippy::cast_precision_loss, reason = "32 bits fit into a float")]
        let share = (random >> 32) as f64 / f64::from(u32::MAX);
        ceiling.mul_f64(share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ceilings_grow_to_the_maximum_and_never_overflow() {
        let policy = RetryPolicy::default();
        let seconds: Vec<_> = (1..10).map(|attempt| policy.ceiling(attempt).as_secs()).collect();
        assert_eq!(seconds, [1, 2, 4, 8, 16, 32, 64, 100, 100]);
        assert_eq!(policy.ceiling(u32::MAX), Duration::from_secs(100));
        let endless = policy.maximum_interval(Duration::MAX).initial_interval(Duration::MAX);
        assert_eq!(endless.ceiling(7), Duration::MAX);
        assert!(endless.wait(7) <= Duration::MAX);
    }

    #[test]
    fn jitter_uses_the_whole_range() {
        let policy = RetryPolicy::default();
        let waits: Vec<_> = (0..200).map(|_| policy.wait(1).as_secs_f64()).collect();
        assert!(waits.iter().all(|wait| (0.0..=1.0).contains(wait)));
        assert!(waits.iter().any(|wait| *wait < 0.2) && waits.iter().any(|wait| *wait > 0.8), "{waits:?}");
    }

    #[test]
    fn attempts_and_categories_end_it() {
        let policy = RetryPolicy::default().maximum_attempts(2).non_retryable([Category::Permission]);
        assert!(policy.allows(1, Category::Dependency));
        assert!(!policy.allows(2, Category::Dependency));
        assert!(!policy.allows(1, Category::Permission));
    }

    #[test]
    fn nonsense_is_made_harmless() {
        let policy = RetryPolicy::default().maximum_attempts(0).backoff_coefficient(f64::NAN);
        assert!(!policy.allows(1, Category::Timeout));
        assert_eq!(policy.ceiling(9), Duration::from_secs(1));
    }
}
