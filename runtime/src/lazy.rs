//! Dependencies that are made when they are first needed.

use crate::engine::BoxFuture;
use crate::error::{Category, DomainError};
use serde::{Deserialize, Serialize};
use std::error::Error;
use std::fmt;
use std::future::Future;
use tokio::sync::OnceCell;

type Make<T> = Box<dyn Fn() -> BoxFuture<'static, Result<T, Box<dyn Error + Send + Sync>>> + Send + Sync>;

/// A dependency that is made on first use, once. If making it fails, the next use tries again.
///
/// ```
/// use baton_runtime::{Lazy, verify_all};
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let router = Lazy::new("router", || async { "10.0.0.1".parse::<std::net::IpAddr>() });
/// // At start-up, so that what is missing is told before the first request.
/// verify_all([&router as &dyn baton_runtime::Dependency]).await?;
/// assert!(router.get().await?.is_ipv4());
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
pub struct Lazy<T> {
    name: &'static str,
    make: Make<T>,
    made: OnceCell<T>,
}

impl<T: Send + Sync + 'static> Lazy<T> {
    /// A dependency of this name, and how it is made.
    pub fn new<F, Fut, X>(name: &'static str, make: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<T, X>> + Send + 'static,
        X: Into<Box<dyn Error + Send + Sync>>,
    {
        let make: Make<T> = Box::new(move || {
            let made = make();
            Box::pin(async move { made.await.map_err(Into::into) })
        });
        Self { name, make, made: OnceCell::new() }
    }

    /// A dependency that is there already, as in a test.
    pub fn ready(name: &'static str, value: T) -> Self {
        let make: Make<T> = Box::new(|| Box::pin(std::future::ready(Err("it is made already".into()))));
        Self { name, make, made: OnceCell::new_with(Some(value)) }
    }

    /// The dependency. Those that ask while it is being made wait for the one that makes it.
    ///
    /// # Errors
    /// [`MissingDependency`] if it cannot be made now.
    pub async fn get(&self) -> Result<&T, MissingDependency> {
        let missing = |error: Box<dyn Error + Send + Sync>| MissingDependency {
            name: self.name.to_owned(),
            reason: error.to_string(),
        };
        self.made.get_or_try_init(|| async { (self.make)().await.map_err(missing) }).await
    }

    /// The dependency, if it was made.
    pub fn peek(&self) -> Option<&T> {
        self.made.get()
    }
}

/// A dependency cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MissingDependency {
    /// Which.
    pub name: String,
    /// Why.
    pub reason: String,
}

impl fmt::Display for MissingDependency {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the dependency `{}` is missing: {}", self.name, self.reason)
    }
}

impl Error for MissingDependency {}

impl DomainError for MissingDependency {
    fn category(&self) -> Category {
        Category::Dependency
    }
}

/// Something that can be looked after at start-up.
pub trait Dependency: Send + Sync {
    /// Makes it, if it isn't made.
    fn verify(&self) -> BoxFuture<'_, Result<(), MissingDependency>>;
}

impl<T: Send + Sync + 'static> Dependency for Lazy<T> {
    fn verify(&self) -> BoxFuture<'_, Result<(), MissingDependency>> {
        Box::pin(async { self.get().await.map(|_| ()) })
    }
}

/// Makes all dependencies, one after the other.
///
/// # Errors
/// All that cannot be made.
pub async fn verify_all<'d>(
    dependencies: impl IntoIterator<Item = &'d dyn Dependency>,
) -> Result<(), MissingDependencies> {
    let mut missing = Vec::new();
    for dependency in dependencies {
        missing.extend(dependency.verify().await.err());
    }
    if missing.is_empty() { Ok(()) } else { Err(MissingDependencies(missing)) }
}

/// Dependencies that cannot be made; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingDependencies(pub Vec<MissingDependency>);

impl fmt::Display for MissingDependencies {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        formatter.write_str(&texts.join("; "))
    }
}

impl Error for MissingDependencies {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    fn flaky(fails: u32) -> (Lazy<u32>, Arc<AtomicU32>) {
        let made = Arc::new(AtomicU32::new(0));
        let count = Arc::clone(&made);
        let lazy = Lazy::new("flaky", move || {
            let number = count.fetch_add(1, Ordering::Relaxed);
            async move {
                tokio::task::yield_now().await;
                if number < fails { Err("not yet") } else { Ok(number) }
            }
        });
        (lazy, made)
    }

    #[tokio::test]
    async fn it_is_made_once_for_all_who_ask_and_again_after_a_failure() {
        let (lazy, made) = flaky(1);
        assert_eq!(made.load(Ordering::Relaxed), 0, "not before it is needed");
        assert_eq!(lazy.get().await.unwrap_err().to_string(), "the dependency `flaky` is missing: not yet");
        let (first, second) = tokio::join!(lazy.get(), lazy.get());
        assert_eq!((first.unwrap(), second.unwrap()), (&1, &1));
        assert_eq!(made.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn all_that_are_missing_are_told() {
        let (first, _) = flaky(9);
        let (second, _) = flaky(9);
        let ready = Lazy::ready("ready", 1);
        let missing = verify_all([&first as &dyn Dependency, &ready, &second]).await.unwrap_err();
        assert_eq!(missing.0.len(), 2);
    }
}
