//! What a run found, ready to be rendered: the one model behind every output format.

use crate::builds::Builds;
use crate::config::Accepted;
use crate::finding::{Finding, Level};
use crate::source::{FileId, LineIndex, Place};
use std::collections::{BTreeMap, BTreeSet};

/// The result of a whole check. Renderers read it and nothing else.
#[derive(Debug, Default)]
pub struct Report {
    /// Every file that was read, in the order of [`FileId`].
    pub files: Vec<ReportedFile>,
    /// The names of the crates that messages put before paths: none if there is one package.
    pub crates: BTreeSet<String>,
    /// What was counted.
    pub summary: Summary,
    /// How many of the edges are of each kind, by the kind's name.
    pub edge_kinds: BTreeMap<&'static str, usize>,
    /// The files with paths that begin at a module of the project and lead to nothing that it declares,
    /// and how many each has; sorted by file.
    pub unresolved: Vec<(String, usize)>,
    /// One row per lint that ran, in the order of the registry.
    pub rules: Vec<RuleRow>,
    /// Every orchestrator, sorted by file and line.
    pub orchestrators: Vec<OrchestratorRow>,
    /// The findings, sorted by file, line, column and rule.
    pub findings: Vec<Judged>,
    /// The findings that the sources ask not to hear of, in the same order.
    pub suppressed: Vec<Suppressed>,
    /// The findings that the baseline accepts, in the same order.
    pub accepted: Vec<Judged>,
    /// What the baseline accepts and no rule that ran says any more, in the order of the file.
    pub gone: Vec<Accepted>,
    /// Things a reader should know that are not findings: what was skipped, which roles were inferred.
    pub notices: Vec<String>,
    /// Why the run judged nothing, if that is so: such a run is never clean.
    pub unjudged: Option<String>,
    /// What cargo builds of which file, for formats that speak as cargo does.
    pub builds: Builds,
}

/// A file as the report needs it.
#[derive(Debug)]
pub struct ReportedFile {
    /// Relative to the project root, with `/`.
    pub path: String,
    /// Its text; empty where it could not be read.
    pub text: String,
    /// The lines of `text`.
    pub lines: LineIndex,
}

/// The counts of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files read.
    pub files: usize,
    /// Lines in them.
    pub lines: usize,
    /// Modules in the module trees.
    pub modules: usize,
    /// Places where one module names another, or an outside crate.
    pub edges: usize,
    /// Files that did not parse.
    pub unparsed: usize,
    /// Findings that deny.
    pub deny: usize,
    /// Findings that warn.
    pub warn: usize,
    /// Findings that a comment allows.
    pub suppressed: usize,
    /// Findings that the baseline accepts.
    pub baselined: usize,
    /// Findings that are not reported because they were there before; `None` where all are asked for.
    pub known: Option<usize>,
}

/// What one lint did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleRow {
    /// The lint's name.
    pub rule: &'static str,
    /// How many things it judged.
    pub judged: usize,
    /// How many findings it has.
    pub findings: usize,
}

/// One orchestrator in the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrchestratorRow {
    /// Its path without the crate, `application::book::CheckoutBookService`.
    pub item: String,
    /// Its definition: the type's item, or the function, with its body.
    pub place: Place,
    /// How many collaborators it receives.
    pub dependencies: usize,
    /// The collaborators' types or traits.
    pub collaborators: Vec<String>,
    /// How many findings stand in it.
    pub findings: usize,
    /// The layer that it declares.
    pub layer: Option<String>,
    /// How it says that it works.
    pub kind: Option<String>,
}

/// A finding with what the policy decided about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// What the lint said.
    pub finding: Finding,
    /// The level that the configuration gives it.
    pub level: Level,
    /// Identifies the finding across edits that only move it: no line number goes into it.
    pub fingerprint: String,
}

/// A finding that the sources ask not to hear of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppressed {
    /// What the lint said.
    pub finding: Finding,
    /// Why it is not to be said.
    pub reason: String,
}

impl Report {
    /// The report, which knows what cargo builds of its files.
    #[must_use]
    pub fn built(self, builds: Builds) -> Self {
        Self { builds, ..self }
    }

    /// The file of that number.
    pub fn file(&self, id: FileId) -> Option<&ReportedFile> {
        self.files.get(id.0 as usize)
    }
}
