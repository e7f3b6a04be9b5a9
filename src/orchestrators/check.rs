//! `check`: loads the project, links it, runs the lints and makes the report.

use super::link;
use super::load::{Fault, LoadError, Loaded, Request, load, load_known};
use super::since::{Earlier, before};
use crate::adapters::pool;
use crate::adapters::sources::Origin;
use crate::adapters::terminal::Terminal;
use crate::error::Failure;
use baton_core::builds::Builds;
use baton_core::link::{Memory, Project};
use baton_core::policy;
use baton_core::report::Report;

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
        outcome(pool::run(request.threads, || self.judge(request))?)
    }

    /// Checks the project once more: files that are as they were when it was checked with this memory are not parsed
    /// again. The memory is of one project.
    ///
    /// # Errors
    ///
    /// The tool could not do its work.
    pub fn again(&self, origin: &dyn Origin, request: &Request, memory: &mut Memory) -> Result<Outcome, Failure> {
        outcome(pool::run(request.threads, || {
            let loaded = load_known(origin, request, self.terminal, Some(memory))?;
            judged(loaded, None, Some(memory)).map(|(report, _)| report)
        })?)
    }

    fn judge(self, request: &Request) -> Result<Report, LoadError> {
        let loaded = load(request, self.terminal)?;
        let earlier = before(request, &loaded, self.terminal)?;
        judge(loaded, earlier.as_ref()).map(|report| policy::of_commit(report, request.state.is_of_commit()))
    }
}

fn outcome(checked: Result<Report, LoadError>) -> Result<Outcome, Failure> {
    match checked {
        Ok(report) => Ok(Outcome::Report(Box::new(report))),
        Err(LoadError::Failure(failure)) => Err(failure),
        Err(LoadError::Faults(faults)) => Ok(Outcome::Faults(faults)),
    }
}

/// Links the project, runs every lint that is on, and reports on the paths that were asked for, and on what is new
/// there if somebody knows what was before.
pub(super) fn judge(loaded: Loaded, earlier: Option<&Earlier>) -> Result<Report, LoadError> {
    let (report, project) = judged(loaded, earlier, None)?;
    // The process is about to end: taking the facts of every file apart would be work for nobody.
    std::mem::forget(project);
    Ok(report)
}

/// The report on a project that was loaded, and the project. A memory of an earlier look may spare work.
pub(super) fn judged(
    loaded: Loaded,
    earlier: Option<&Earlier>,
    memory: Option<&mut Memory>,
) -> Result<(Report, Project), LoadError> {
    let Loaded { files, texts, workspace, config, config_text, notices, within, root, .. } = loaded;
    let empty = link::without_files(&within, &files)?;
    let mut project = link::link_known(files, &texts, &workspace, &config, &config_text, memory)?;
    let asked = |path: &str| link::is_asked(path, &within);
    let said = link::lint(&project, &config);
    // Nobody asks for types any more, and the report takes room.
    project.forget_types();
    let report = policy::report(&project, texts, said, &config, &asked);
    let empty = empty.iter().map(|path| format!("no source file was read in {path}"));
    let notices = notices.into_iter().chain(empty).chain(earlier.map(|earlier| earlier.notice.clone()));
    let report = policy::noted(report, &project, notices);
    let report = match earlier {
        Some(Earlier { before, .. }) => policy::without_known(&before.known(&project, &report), report),
        None => report,
    };
    let builds = Builds::of(&project, &workspace, &root.to_string_lossy());
    Ok((report.built(builds), project))
}
