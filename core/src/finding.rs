//! Findings: what a lint says about a place. Values, never errors.

use crate::link::Target;
use crate::source::{FileId, Place};
use serde::Serialize;

/// How much a finding counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// The lint does not run.
    Allow,
    /// Reported; fails a run only with `--deny-warnings`.
    Warn,
    /// Reported; fails the run.
    Deny,
}

impl Level {
    /// The level of that name, as `baton.toml` spells it.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Allow, Self::Warn, Self::Deny].into_iter().find(|level| level.name() == name)
    }

    /// The name that `baton.toml` and the JSON report use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Warn => "warn",
            Self::Deny => "deny",
        }
    }
}

/// One thing that a lint found, with what to do instead and the evidence for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The lint's name.
    pub rule: &'static str,
    /// How much it counts, where that is not the lint's level.
    pub level: Option<Level>,
    /// What is wrong, in one line.
    pub message: String,
    /// What to do instead.
    pub help: String,
    /// Where.
    pub place: Place,
    /// The path of the item that holds the place, `domain::a::price`; empty where there is none.
    pub item: String,
    /// The places that prove it.
    pub evidence: Vec<Evidence>,
    /// The imports that lead from one end to the other, in order.
    pub chain: Vec<Hop>,
    /// The imports that are to be cut, for rules about imports: of a chain, most are right.
    pub imports: Vec<BrokenImport>,
    /// Where the values at the places that prove it came from, for rules that follow values.
    pub trails: Vec<Trail>,
    /// What mends it, where that is certain.
    pub fix: Option<Fix>,
}

/// The one remedy of a fault that has no other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fix {
    /// Remove the suppression at this place.
    RemoveSuppression(Place),
    /// Declare that code may name a domain.
    AddDomain {
        /// The place of the name of the code that has the declaration.
        mark: Place,
        /// The domain's name.
        domain: String,
    },
    /// Declare no longer that code may name a domain.
    RemoveDomain {
        /// The place of the name of the code that has the declaration.
        mark: Place,
        /// The domain's name.
        domain: String,
    },
}

impl Fix {
    /// The file that it changes.
    pub const fn file(&self) -> FileId {
        match self {
            Self::RemoveSuppression(place)
            | Self::AddDomain { mark: place, .. }
            | Self::RemoveDomain { mark: place, .. } => place.file,
        }
    }
}

/// An import that a rule forbids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenImport {
    /// Where.
    pub place: Place,
    /// What must not be imported: what the place names, or a module whose re-export of it that is.
    pub to: Target,
}

/// The way of a value to a place that proves a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trail {
    /// The place that proves the finding.
    pub place: Place,
    /// What happens there, and why that counts.
    pub why: String,
    /// Where the value came from, the first step first.
    pub steps: Vec<TrailStep>,
}

/// One step on the way of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrailStep {
    /// Where.
    pub place: Place,
    /// What happens to the value there.
    pub what: String,
}

/// A place that supports a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// What kind of evidence, a short stable word such as `collaborator` or `field`.
    pub kind: &'static str,
    /// Where.
    pub place: Place,
    /// What the place shows.
    pub why: String,
}

/// One step of a dependency chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    /// The importing module or item.
    pub from: String,
    /// What it reaches.
    pub to: String,
    /// Where it says so.
    pub place: Place,
}
