//! Which versions there are, and which of them are stale. Pure: what it knows, it was told.

use super::content::ContentHash;
use super::graph::ArtifactGraph;
use crate::id::IdempotencyKey;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// One version of one artifact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ArtifactRef {
    /// The name of the artifact.
    pub artifact: String,
    /// Which version, from 1.
    pub version: u32,
    /// Its content.
    pub content: ContentHash,
}

impl fmt::Display for ArtifactRef {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}` version {}", self.artifact, self.version)
    }
}

/// Where a version comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Provenance {
    /// The name of the agent, or of the orchestrator if its body made it.
    pub producer: String,
    /// The key of the step that made it, by which it is found among the records of its run.
    pub step: IdempotencyKey,
    /// Everything that was read, in the order of the keys.
    pub inputs: Vec<ArtifactRef>,
    /// When, in milliseconds since 1970.
    pub made_at: u64,
}

/// A version of an artifact. It never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ArtifactVersion {
    /// Which.
    #[serde(flatten)]
    pub id: ArtifactRef,
    /// How many bytes its content has.
    pub size: u64,
    /// The versions of what it depends on that it was made from. A version that revises an earlier one has those of that
    /// one, as far as they were not read anew.
    pub dependencies: Vec<ArtifactRef>,
    /// Where it comes from.
    pub provenance: Provenance,
}

/// Whether the newest version of an artifact can be relied on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Freshness {
    /// It was made from what is newest, and that is fresh.
    Fresh,
    /// There is none.
    Missing,
    /// Somebody [said](crate::Artifacts::invalidate) that it doesn't hold.
    Invalidated,
    /// What it depends on has a newer version with another content.
    Outdated {
        /// What it was made from.
        used: ArtifactRef,
        /// The newest version of that.
        newest: u32,
    },
    /// What it depends on is not fresh.
    StaleDependency {
        /// Which artifact.
        artifact: String,
    },
}

impl Freshness {
    /// Whether it is [`Fresh`](Self::Fresh).
    pub fn is_fresh(&self) -> bool {
        *self == Self::Fresh
    }
}

impl fmt::Display for Freshness {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fresh => formatter.write_str("it is fresh"),
            Self::Missing => formatter.write_str("there is none"),
            Self::Invalidated => formatter.write_str("it was invalidated"),
            Self::Outdated { used, newest } => {
                write!(formatter, "it was made from {used}, and there is version {newest}")
            }
            Self::StaleDependency { artifact } => write!(formatter, "it depends on `{artifact}`, which is not fresh"),
        }
    }
}

/// All versions that were committed, by name.
#[derive(Debug, Default)]
pub(super) struct Catalog {
    versions: BTreeMap<String, BTreeMap<u32, ArtifactVersion>>,
    invalid: BTreeSet<(String, u32)>,
    /// The highest version that was handed out, committed or not.
    reserved: BTreeMap<String, u32>,
}

impl Catalog {
    /// Takes a version in. The same one twice is one.
    pub(super) fn insert(&mut self, version: ArtifactVersion) {
        let ArtifactRef { artifact, version: number, .. } = &version.id;
        let reserved = self.reserved.entry(artifact.clone()).or_default();
        *reserved = (*reserved).max(*number);
        self.versions.entry(artifact.clone()).or_default().insert(*number, version);
    }

    /// A version that nobody else is given.
    pub(super) fn reserve(&mut self, artifact: &str) -> u32 {
        let reserved = self.reserved.entry(artifact.to_owned()).or_default();
        *reserved = reserved.saturating_add(1);
        *reserved
    }

    pub(super) fn newest(&self, artifact: &str) -> Option<&ArtifactVersion> {
        self.versions.get(artifact)?.last_key_value().map(|(_, version)| version)
    }

    pub(super) fn version(&self, artifact: &str, number: u32) -> Option<&ArtifactVersion> {
        self.versions.get(artifact)?.get(&number)
    }

    /// All versions of an artifact, oldest first.
    pub(super) fn all(&self, artifact: &str) -> impl Iterator<Item = &ArtifactVersion> {
        self.versions.get(artifact).into_iter().flat_map(BTreeMap::values)
    }

    pub(super) fn invalidate(&mut self, artifact: &str, number: u32) {
        self.invalid.insert((artifact.to_owned(), number));
    }

    /// How each artifact stands. Each is looked at after what it depends on, so there is nothing to go round in.
    pub(super) fn freshness(&self, graph: &ArtifactGraph) -> BTreeMap<&'static str, Freshness> {
        let mut found = BTreeMap::new();
        for name in graph.order() {
            let freshness = self.judge(name, &found);
            found.insert(*name, freshness);
        }
        found
    }

    fn judge(&self, name: &str, found: &BTreeMap<&'static str, Freshness>) -> Freshness {
        let Some(version) = self.newest(name) else { return Freshness::Missing };
        if self.invalid.contains(&(name.to_owned(), version.id.version)) {
            return Freshness::Invalidated;
        }
        for used in &version.dependencies {
            let newest = self.newest(&used.artifact).map(|newest| &newest.id);
            // A newer version with the same content changes nothing.
            if let Some(newest) = newest.filter(|newest| newest.content != used.content) {
                return Freshness::Outdated { used: used.clone(), newest: newest.version };
            }
            if !found.get(used.artifact.as_str()).is_some_and(Freshness::is_fresh) {
                return Freshness::StaleDependency { artifact: used.artifact.clone() };
            }
        }
        Freshness::Fresh
    }
}
