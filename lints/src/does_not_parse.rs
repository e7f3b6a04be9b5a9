//! # does-not-parse
//!
//! ## What it does
//!
//! Reports every file that cannot be judged because it cannot be read as Rust: it does not parse,
//! is not UTF-8, cannot be opened, is larger than 8 MiB, or nests deeper than a parser can follow
//! safely. Module declarations that lead to no file, or back to a file they are part of, are
//! reported too. The other files are judged all the same.
//!
//! ## Why
//!
//! A linter that skips what it cannot read is green by accident: the file that breaks every rule
//! passes, as long as it is broken enough.
//!
//! ## Bad
//!
//! ```rust,ignore
//! pub fn price(order: &Order) -> Money {
//!     order.total( // the parenthesis never closes
//! }
//! ```
//!
//! ## Good
//!
//! ```rust,ignore
//! pub fn price(order: &Order) -> Money {
//!     order.total()
//! }
//! ```
//!
//! A file that is not meant to compile, such as a template, is left out by name:
//!
//! ```toml
//! [source]
//! exclude = ["templates/**"]
//! ```
//!
//! ## Options
//!
//! None.
//!
//! ## Limits
//!
//! The grammar is that of `syn`: syntax that only a nightly compiler accepts may be refused. A
//! module declaration under a `cfg` may have its file made by a build, so its absence is not
//! reported. The tokens inside a macro call are only checked to be balanced.

use baton_core::finding::{Finding, Level};
use baton_core::link::{Content, Project};
use baton_core::lint::{Lint, Options, Verdict};
use baton_core::source::{FileId, Place};

/// The lint.
pub static LINT: Lint = Lint {
    name: "does-not-parse",
    level: Level::Deny,
    summary: "A file cannot be read as Rust, so nothing in it is judged.",
    source: include_str!("does_not_parse.rs"),
    options: &[],
    check,
};

fn check(project: &Project, _: &Options) -> Verdict {
    let mut findings = Vec::new();
    for (number, file) in project.files.iter().enumerate() {
        if let Content::Failed(failure) = &file.content {
            let place = Place::new(FileId(number as u32), failure.span);
            findings.push(finding(failure.message.clone(), failure.help.clone(), place));
        }
    }
    for fault in &project.faults {
        findings.push(finding(fault.message.clone(), fault.help.clone(), fault.place));
    }
    Verdict { judged: project.files.len(), findings }
}

fn finding(message: String, help: String, place: Place) -> Finding {
    Finding { rule: LINT.name, message, help, place, item: String::new(), evidence: Vec::new(), chain: Vec::new() }
}
