//! What readings say about services: pure functions over values.

use baton_runtime::{Category, DomainError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What each service answered last, in milliseconds; none if it didn't.
pub(crate) type Readings = BTreeMap<String, Option<u32>>;

/// What is said about all of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Verdict {
    /// Nothing has been read yet.
    Unknown,
    /// All answer, and quickly.
    Healthy,
    /// This one has to be looked after, for this reason.
    Ill(Illness),
}

/// What is wrong with a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Illness {
    pub(crate) service: String,
    pub(crate) reason: String,
}

/// How looking after services fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub(crate) enum FleetError {
    #[error("there is no service `{0}`")]
    Unheard(String),
}

impl DomainError for FleetError {
    fn category(&self) -> Category {
        match self {
            Self::Unheard(_) => Category::NotFound,
        }
    }
}

const SLOW: u32 = 500;

pub(crate) fn judge(readings: &Readings) -> Verdict {
    let ill = |(service, answered): (&String, &Option<u32>)| {
        let reason = match answered {
            None => "it doesn't answer".to_owned(),
            Some(milliseconds) if *milliseconds > SLOW => format!("it takes {milliseconds} ms"),
            Some(_) => return None,
        };
        Some(Illness { service: service.clone(), reason })
    };
    match readings.iter().find_map(ill) {
        Some(illness) => Verdict::Ill(illness),
        None if readings.is_empty() => Verdict::Unknown,
        None => Verdict::Healthy,
    }
}
