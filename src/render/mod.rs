//! Renderers: pure functions from a report, or from what went wrong instead, to text.
//!
//! The same values give the same bytes, whatever the machine, the number of threads or the
//! terminal. Texts of others (sources, paths, messages that quote them) are cleaned of whatever a
//! terminal would obey or hide before they are shown; JSON spells the
//! same characters as numbers, so that its reader gets the text as it is.

mod agent;
mod baseline;
mod cargo;
mod catalogue;
mod changes;
pub(crate) mod clean;
mod concise;
mod config;
mod excerpt;
mod explain;
mod full;
mod github;
mod gitlab;
mod graph;
mod hook;
mod init;
mod inventory;
mod json;
mod junit;
mod line_hash;
mod markdown;
mod problem;
mod range;
mod sarif;
mod since;
mod site;
mod snippet;
mod statistics;
mod tally;
#[cfg(test)]
pub(crate) mod testing;

pub use baseline::{baseline, baseline_checked, baseline_created, baseline_pruned, no_baseline, some_baseline};
pub use cargo::{build_finished, cargo_faults, cargo_messages, is_build_finished};
pub use catalogue::{catalogue, page};
pub use changes::{changed, unchanged};
pub use config::{ConfigFormat, configuration, configuration_fine, configuration_schema};
pub use explain::explained;
pub use github::annotations;
pub use gitlab::gitlab_hint;
pub use graph::{GraphFormat, Question, graph, graph_notes, why, why_json};
pub use hook::{
    HookChange, hook_install_told, hook_installed, hook_outlook, hook_uninstall_told, hook_uninstalled, own_hooks,
};
pub use init::{no_configuration, proposal_summary, proposed};
pub use inventory::{
    InventoryFormat, Page, adopted, compared, differences, extent, inventory_json, inventory_schema, is_page_at,
    objections, page_paths, pages, some, written,
};
pub use problem::{Problem, failure, problems, something_judged, watching};
pub use since::{added_entries, departure, gone_entries, growth, growth_unknown};
pub use site::{LeftOver, MANIFEST, Manifest, Site, SiteFile, SitePage, site_written, whole_project};
pub use statistics::statistics;

use crate::error::Failure;
use baton_core::lint::Lint;
use baton_core::report::Report;

/// How a report is written down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Every finding with the source under it.
    #[default]
    Full,
    /// A line per finding.
    Concise,
    /// Everything, for programs.
    Json,
    /// Annotations of GitHub Actions.
    Github,
    /// The Code Quality report of GitLab.
    Gitlab,
    /// SARIF 2.1.0.
    Sarif,
    /// A comment on a pull request, or the summary of a job.
    Markdown,
    /// JUnit's XML.
    Junit,
    /// A line per finding, for programs that change code by themselves.
    Agent,
    /// The messages of the compiler, as cargo passes them on.
    Cargo,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 10] = [
        Self::Full,
        Self::Concise,
        Self::Json,
        Self::Github,
        Self::Gitlab,
        Self::Sarif,
        Self::Markdown,
        Self::Junit,
        Self::Agent,
        Self::Cargo,
    ];

    /// The name that the command line uses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Concise => "concise",
            Self::Json => "json",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::Sarif => "sarif",
            Self::Markdown => "markdown",
            Self::Junit => "junit",
            Self::Agent => "agent",
            Self::Cargo => "cargo",
        }
    }

    /// One line about it.
    pub const fn summary(self) -> &'static str {
        match self {
            Self::Full => "Every finding with the source under it",
            Self::Concise => "A line per finding",
            Self::Json => "Everything, for programs",
            Self::Github => "Annotations of GitHub Actions: workflow commands that its runner reads from the log",
            Self::Gitlab => "The Code Quality report of GitLab, JSON",
            Self::Sarif => "SARIF 2.1.0, for code scanning and editors",
            Self::Markdown => "A comment on a pull request, or the summary of a job",
            Self::Junit => "JUnit's XML, for build servers: a failed test per finding",
            Self::Agent => "A line per finding with what to do, for coding agents",
            Self::Cargo => "The JSON of `cargo check --message-format=json`, for rust-analyzer",
        }
    }

    /// The format of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// Whether text for people is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// Plain text.
    #[default]
    Plain,
    /// With the escape sequences that terminals know.
    Colored,
}

/// The report in `format`, with what `lints` say of themselves. Only [`Format::Full`] knows colours.
///
/// # Errors
///
/// The writer of that format failed, which is a fault of this program.
pub fn report(report: &Report, lints: &[&Lint], format: Format, style: Style) -> Result<String, Failure> {
    match format {
        Format::Full => full::full(report, style),
        Format::Concise => Ok(concise::concise(report)),
        Format::Json => json::json(report),
        Format::Github => Ok(github::github(report)),
        Format::Gitlab => gitlab::gitlab(report),
        Format::Sarif => sarif::sarif(report, lints),
        Format::Markdown => Ok(markdown::markdown(report)),
        Format::Junit => Ok(junit::junit(report)),
        Format::Agent => Ok(agent::agent(report)),
        Format::Cargo => cargo::cargo(report),
    }
}

/// The failure of a renderer: nothing that a user does leads there.
fn fault(what: &dyn std::fmt::Display) -> Failure {
    Failure::new(format!("the report could not be rendered: {what}"), "this is a bug in baton; please report it")
}
