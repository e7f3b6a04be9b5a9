//! Tools of this repository: `cargo xtask new-lint NAME`, `cargo xtask book`,
//! `cargo xtask accuracy CORPUS CHECKOUTS`, `cargo xtask init-closeness CORPUS CHECKOUTS` and
//! `cargo xtask oracle PROJECT PACKAGE`.
//!
//! [`scaffold`] and [`book`] are pure: they say which files should hold which text. [`accuracy`] says
//! how often Baton is right, [`closeness`] how good its proposals are, [`oracle`] how far another
//! program agrees. [`disk`] reads, writes and runs programs. The tests of the root package call the
//! same functions, so what is checked is what the commands do.

pub mod accuracy;
pub mod book;
pub mod closeness;
pub mod disk;
pub mod oracle;
mod project;
pub mod scaffold;
#[cfg(test)]
mod template;
#[cfg(test)]
mod testing;

use baton_core::finding::Level;
use baton_lints::LINTS;
use std::fmt;
use std::path::Path;

/// Why a command did nothing: one sentence for whoever called it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal(pub String);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refusal {}

const USAGE: &str = "\
usage: cargo xtask new-lint NAME   makes a lint, its fixtures and its lines in the registry
       cargo xtask book            writes the generated pages of the book
       cargo xtask accuracy CORPUS CHECKOUTS
                                   measures Baton against labels, into docs/accuracy.md
       cargo xtask init-closeness CORPUS CHECKOUTS
                                   measures proposed configurations, into docs/book/src/init.md
       cargo xtask oracle PROJECT PACKAGE
                                   compares Baton's edges between modules with those of cargo-modules";

/// Does what the arguments ask for in the repository at `root`, and says what it did.
///
/// # Errors
///
/// The arguments ask for nothing that exists, or the command refused; nothing was changed then.
pub fn run(root: &Path, arguments: &[String]) -> Result<String, Refusal> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["new-lint", name] => new_lint(root, name),
        ["book"] => write_book(root),
        ["accuracy", corpus, checkouts] => accuracy::run(root, Path::new(corpus), Path::new(checkouts)),
        ["init-closeness", corpus, checkouts] => closeness::run(root, Path::new(corpus), Path::new(checkouts)),
        ["oracle", project, package] => oracle::run(Path::new(project), package),
        ["help" | "--help" | "-h"] => Ok(USAGE.to_owned()),
        _ => Err(Refusal(USAGE.to_owned())),
    }
}

fn new_lint(root: &Path, name: &str) -> Result<String, Refusal> {
    let name = scaffold::Name::new(name)?;
    let registry = disk::read(root, scaffold::REGISTRY)?;
    let off: Vec<_> = LINTS.iter().filter(|lint| lint.level == Level::Allow).map(|lint| lint.name).collect();
    let plan = scaffold::plan(&name, &registry, &off)?;
    disk::create(root, &plan)?;
    let (lint, fixtures) = (&plan.lint.0, &plan.fixtures);
    Ok(format!(
        "made {lint}, {fixtures} and the lines in {}\n\
         next: write the page and the check in {lint}, then its fixtures, then run `cargo xtask book`",
        scaffold::REGISTRY
    ))
}

fn write_book(root: &Path) -> Result<String, Refusal> {
    let summary = disk::read(root, book::SUMMARY)?;
    let mut pages = book::pages(LINTS);
    pages.insert(book::SUMMARY.to_owned(), book::summary(&summary, LINTS)?);
    let stale = book::stale(&disk::list(root, book::RULES)?, &pages);
    let changed = disk::update(root, &pages, &stale)?;
    Ok(match changed {
        0 => "the book is current".to_owned(),
        1 => "changed 1 page".to_owned(),
        several => format!("changed {several} pages"),
    })
}
