//! New code only: judges the state of a project at an earlier revision, so that what was found there is known.

use super::link;
use super::load::{LoadError, Loaded, Request, load_as_it_was, load_earlier};
use crate::adapters::git::Repository;
use crate::adapters::sources;
use crate::adapters::terminal::Terminal;
use crate::error::Failure;
use crate::render;
use baton_core::policy;
use baton_core::since::Before;

/// What was found at an earlier revision.
pub(super) struct Earlier {
    pub(super) before: Before,
    /// What a reader should know about the comparison.
    pub(super) notice: String,
}

/// What was found at the revision that the request names; `None` where all findings are asked for.
///
/// # Errors
///
/// There is no such revision, or the project could not be read there.
pub(super) fn before(request: &Request, today: &Loaded, terminal: &Terminal) -> Result<Option<Earlier>, LoadError> {
    let Some(revision) = &request.since else { return Ok(None) };
    let repository = Repository::around(request.start())?;
    let departure = repository.departure(revision)?;
    let origin = sources::commit(repository, &departure.commit, revision)?;
    let earlier = load_earlier(&*origin, today, terminal).and_then(judge);
    let mut before = earlier.map_err(|error| told(error, revision))?;
    // What was found then was there, even if it is called otherwise today. Where the configuration of then found
    // nothing because it was wrong, that of today has said all there is to say.
    let as_it_was = load_as_it_was(&*origin, request, today, terminal).and_then(|then| then.map(judge).transpose());
    if let Ok(Some(then)) = as_it_was {
        before = before.or(then);
    }
    Ok(Some(Earlier { before, notice: render::departure(revision, &departure.short, departure.is_common) }))
}

fn judge(earlier: Loaded) -> Result<Before, LoadError> {
    let Loaded { files, texts, workspace, config, config_text, .. } = earlier;
    let project = link::link(files, &texts, &workspace, &config, &config_text)?;
    let report = policy::report(&project, texts, link::lint(&project, &config), &config, &|_| true);
    let before = Before::new(&project, report);
    std::mem::forget(project);
    Ok(before)
}

/// What was wrong with a state that nobody can change any more.
pub(super) fn told(error: LoadError, revision: &str) -> LoadError {
    match error {
        LoadError::Faults(faults) => match faults.first() {
            Some(fault) => {
                let message =
                    format!("the project cannot be judged at `{revision}`: {}: {}", fault.path, fault.message);
                Failure::new(message, "compare with a revision at which the project is in order").into()
            }
            None => LoadError::Faults(faults),
        },
        failure @ LoadError::Failure(_) => failure,
    }
}
