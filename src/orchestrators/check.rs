//! `check`: loads the project, links it, runs the lints and makes the report.

use super::load::{Fault, LoadError, Loaded, Request, load};
use crate::adapters::pool;
use crate::adapters::terminal::Terminal;
use crate::error::Failure;
use baton_core::config::{Config, ConfigError};
use baton_core::finding::Level;
use baton_core::link::{self, Draft, Project, SourceFile};
use baton_core::policy::{self, Said};
use baton_core::report::Report;
use baton_lints::LINTS;
use rayon::prelude::*;

/// What came of a check.
#[derive(Debug)]
pub enum Outcome {
    /// The report.
    Report(Box<Report>),
    /// Why there is none: faults in the configuration or in manifests.
    Faults(Vec<Fault>),
}

/// Sequences the loading of a project, its linking, and the lints.
#[derive(Clone, Copy, Debug)]
pub struct Check<'a> {
    terminal: &'a Terminal,
}

impl<'a> Check<'a> {
    /// An orchestrator that shows its progress on `terminal`.
    pub const fn new(terminal: &'a Terminal) -> Self {
        Self { terminal }
    }

    /// Checks the project that the request is about.
    ///
    /// # Errors
    ///
    /// The tool could not do its work.
    pub fn run(&self, request: &Request) -> Result<Outcome, Failure> {
        let checked = pool::run(request.threads, || load(request, self.terminal).and_then(judge))?;
        match checked {
            Ok(report) => Ok(Outcome::Report(Box::new(report))),
            Err(LoadError::Failure(failure)) => Err(failure),
            Err(LoadError::Faults(faults)) => Ok(Outcome::Faults(faults)),
        }
    }
}

/// Links the project and runs every lint that is on.
fn judge(loaded: Loaded) -> Result<Report, LoadError> {
    let Loaded { files, texts, workspace, config, config_text, notices, within } = loaded;
    let empty = without_files(&within, &files);
    if !empty.is_empty() && empty.len() == within.len() {
        let hint = "give Rust files, or folders that hold some; what is excluded or ignored is not read";
        return Err(Failure::new(format!("no source file was read in {}", empty.join(", ")), hint).into());
    }
    let faults = |errors: Vec<ConfigError>| {
        LoadError::Faults(errors.into_iter().map(|error| Fault::of_config(error, &config_text)).collect())
    };
    let draft = Draft::new(files, &workspace, &config).map_err(faults)?;
    let modules: Vec<_> = draft.modules().collect();
    let links = modules.into_par_iter().map(|module| draft.links_of(module)).collect();
    let project = draft.finish(links);
    let unused = link::unused(&project);
    if !unused.is_empty() {
        return Err(faults(unused));
    }
    let asked = |path: &str| within.is_empty() || within.iter().any(|folder| is_within(path, folder));
    let mut report = policy::report(&project, texts, lint(&project, &config), &config, &asked);
    report.notices.extend(link::role_notices(&project));
    report.notices.extend(notices);
    report.notices.extend(empty.iter().map(|path| format!("no source file was read in {path}")));
    report.unjudged = link::unjudged(&project);
    // The process is about to end: taking the facts of every file apart would be work for nobody.
    std::mem::forget(project);
    Ok(report)
}

/// The paths that were asked for and hold no file that was read: there is nothing to judge in them.
fn without_files(within: &[String], files: &[SourceFile]) -> Vec<String> {
    let holds = |folder: &String| files.iter().any(|file| is_within(&file.path, folder));
    within.iter().filter(|folder| !holds(folder)).map(|folder| format!("`{folder}`")).collect()
}

fn is_within(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Runs the lints side by side; the result is in the order of the registry.
fn lint(project: &Project, config: &Config) -> Vec<Said> {
    let enabled: Vec<_> = LINTS.iter().copied().filter(|lint| config.level(lint) != Level::Allow).collect();
    enabled.into_par_iter().map(|lint| Said { lint, verdict: (lint.check)(project, &config.options(lint)) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_core::link::Content;

    #[test]
    fn a_path_without_files_is_told() {
        let file = |path: &str| SourceFile { path: path.to_owned(), content: Content::Generated };
        let files = [file("src/core/price.rs"), file("src/lib.rs")];
        let empty = |paths: &[&str]| {
            let within: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
            without_files(&within, &files)
        };
        assert_eq!(empty(&["src", "src/core", "src/lib.rs"]), Vec::<String>::new());
        assert_eq!(empty(&["docs", "src", "src/cor", "baton.toml"]), ["`docs`", "`src/cor`", "`baton.toml`"]);
    }
}
