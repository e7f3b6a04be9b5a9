//! What keeps an artifact from being made or read.

use super::catalog::Freshness;
use super::store::StoreError;
use crate::error::{Category, DomainError, SimpleError, StepError};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What keeps an artifact from being made or read. It is an error of the application, because that is where the order of
/// agents is decided; an agent's own error says that it can be one by `From<ArtifactError>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Error)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ArtifactError {
    /// It doesn't exist.
    #[error("there is no artifact `{artifact}`")]
    Missing {
        /// Which.
        artifact: String,
    },
    /// It is not fresh.
    #[error("artifact `{artifact}` is stale: {freshness}")]
    Stale {
        /// Which.
        artifact: String,
        /// Why.
        freshness: Freshness,
    },
    /// It took longer than the lease lasts, so that somebody else may have made a new version.
    #[error("the lease on {} expired before the work was done", artifacts.join(", "))]
    LeaseExpired {
        /// On what.
        artifacts: Vec<String>,
    },
    /// The content cannot be written as JSON and read again.
    #[error("the content cannot be written as JSON and read again: {reason}")]
    NotJson {
        /// What serde says.
        reason: String,
    },
    /// The store could not do its work.
    #[error("the store failed: {reason}")]
    Store {
        /// What it says.
        reason: String,
        /// Whether it may be gone a moment later.
        transient: bool,
    },
}

impl DomainError for ArtifactError {
    fn category(&self) -> Category {
        match self {
            Self::Missing { .. } => Category::NotFound,
            Self::Stale { .. } | Self::LeaseExpired { .. } => Category::Conflict,
            Self::Store { transient: true, .. } => Category::Dependency,
            Self::NotJson { .. } | Self::Store { .. } => Category::Internal,
        }
    }
}

impl ArtifactError {
    pub(super) fn missing(artifact: impl Into<String>) -> Self {
        Self::Missing { artifact: artifact.into() }
    }

    /// As the end of an attempt. `before` says that nothing had been done yet.
    pub(super) fn end<E: DomainError + From<Self>>(self, before: bool) -> StepError<E> {
        let again = matches!(self, Self::LeaseExpired { .. } | Self::Store { transient: true, .. });
        let error = E::from(self);
        match (again, before) {
            (true, _) => StepError::Retryable(error),
            (false, true) => StepError::Terminal(error),
            (false, false) => StepError::OutcomeUnknown(error),
        }
    }
}

impl From<StoreError> for ArtifactError {
    fn from(error: StoreError) -> Self {
        Self::Store { transient: error.is_transient(), reason: error.to_string() }
    }
}

impl From<ArtifactError> for SimpleError {
    fn from(error: ArtifactError) -> Self {
        Self::new(error.category(), error.to_string())
    }
}
