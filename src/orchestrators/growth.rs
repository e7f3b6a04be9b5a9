//! How a baseline has grown since the history left that of another branch.

use super::load::{Fault, LoadError, Request};
use crate::adapters::clock::Clock;
use crate::adapters::forge::Forge;
use crate::adapters::git::{Repository, Resolved};
use crate::error::Failure;
use crate::render;
use baton_core::config::{BASELINE, Baseline, Growth};
use baton_lints::LINTS;
use std::path::Path;

/// What became of a baseline, with what a reader should know about it.
pub(super) struct Grown {
    pub(super) growth: Option<Growth>,
    pub(super) notice: Option<String>,
}

/// How the baseline of the project at `root` differs from what it was: at the revision that the request names, or where
/// a forge says that this branch is to be merged. Without either, nobody wants to know.
///
/// # Errors
///
/// There is no such revision, or what the baseline was cannot be read.
pub(super) fn growth(request: &Request, root: &Path, baseline: &Baseline) -> Result<Grown, LoadError> {
    if let Some(revision) = &request.since {
        let repository = Repository::around(root)?;
        let departure = repository.departure(revision)?;
        return grown(&repository, revision, &departure, root, baseline);
    }
    let bases = Forge::bases();
    let Some(best) = bases.first() else { return Ok(Grown { growth: None, notice: None }) };
    match resolve(&bases, root) {
        Ok((repository, base, departure)) => grown(&repository, &base, &departure, root, baseline),
        // The run was not asked to look there, so it does not fail for that.
        Err(failure) => Ok(Grown { growth: None, notice: render::growth_unknown(baseline, best, &failure) }),
    }
}

/// The first of the revisions that exists.
fn resolve(bases: &[String], root: &Path) -> Result<(Repository, String, Resolved), Failure> {
    let repository = Repository::around(root)?;
    let mut first = None;
    for base in bases {
        match repository.departure(base) {
            Ok(departure) => return Ok((repository, base.clone(), departure)),
            Err(failure) => first = first.or(Some(failure)),
        }
    }
    Err(first.unwrap_or_else(|| Failure::new("no revision is named", "")))
}

fn grown(
    repository: &Repository,
    revision: &str,
    departure: &Resolved,
    root: &Path,
    baseline: &Baseline,
) -> Result<Grown, LoadError> {
    let text = repository.text(&departure.commit, &root.join(BASELINE))?;
    let before = text.map(|text| Baseline::parse(&text, LINTS, &Clock.today()).map_err(|errors| (errors, text)));
    let before = before.transpose().map_err(|(errors, text)| {
        LoadError::Faults(errors.into_iter().map(|error| Fault::of_config(error, &text)).collect())
    });
    let before = before.map_err(|error| super::since::told(error, revision))?;
    let growth = before.as_ref().and_then(|before| baseline.growth(before));
    let notice = growth.as_ref().map(|growth| render::growth(growth, revision, &departure.short, departure.is_common));
    Ok(Grown { growth, notice })
}
