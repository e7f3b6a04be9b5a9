//! What can be done with a site, what comes of it, and how it fails: values.

use baton_runtime::{Category, DomainError, MissingDependency};
use serde::{Deserialize, Serialize};

/// Everything that can be asked of the desk. What is added here does not build until the desk knows what to do with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Operation {
    /// Puts a page on the site.
    Publish(Page),
    /// Takes a page off the site, by its name.
    Withdraw(String),
    /// Says which pages there are.
    List,
}

/// A page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Page {
    pub(crate) name: String,
    pub(crate) text: String,
}

/// What the desk answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Answer {
    /// The page is on the site and found by this many words.
    Published(usize),
    /// The page is gone.
    Withdrawn,
    /// The names of all pages, sorted.
    Pages(Vec<String>),
}

/// How it fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub(crate) enum SiteError {
    #[error("there is a page `{0}` already")]
    Exists(String),
    #[error("there is no page `{0}`")]
    Absent(String),
    #[error("the disk refuses: {0}")]
    Disk(String),
    #[error(transparent)]
    Missing(#[from] MissingDependency),
}

impl DomainError for SiteError {
    fn category(&self) -> Category {
        match self {
            Self::Exists(_) => Category::Conflict,
            Self::Absent(_) => Category::NotFound,
            Self::Disk(_) => Category::Dependency,
            Self::Missing(missing) => missing.category(),
        }
    }
}

/// The words by which a page is found, each once.
pub(crate) fn words(page: &Page) -> Vec<String> {
    let mut words: Vec<_> = page.text.split_whitespace().map(str::to_lowercase).collect();
    words.sort_unstable();
    words.dedup();
    words
}
