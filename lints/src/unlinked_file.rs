//! # unlinked-file
//!
//! ## What it does
//!
//! Reports Rust files of a package that no target reaches: no `mod` declaration leads to them, so
//! the compiler never sees them.
//!
//! ## Why
//!
//! Nobody compiles, tests or lints such a file, and its imports count for nothing. Most often a
//! `mod` line was forgotten, or the file was left behind when its module went.
//!
//! ## Bad
//!
//! ```text
//! src/lib.rs        mod price;
//! src/price.rs
//! src/old_price.rs  <- no module declares it
//! ```
//!
//! ## Good
//!
//! Declare the module, or delete the file. Files that are inputs of something else, such as
//! templates or test data, are left out by name:
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
//! Files below `tests`, `benches` and `examples` are not judged: they are often test data. A file
//! that only `include!` reads is reported, and so is one whose `mod` line a macro makes up.

use baton_core::finding::{Finding, Level};
use baton_core::link::{Content, Project};
use baton_core::lint::{Lint, Options, Verdict};
use baton_core::source::{FileId, Place, Span};

/// The lint.
pub static LINT: Lint = Lint {
    name: "unlinked-file",
    level: Level::Warn,
    summary: "No target reaches a file, so nothing compiles it.",
    source: include_str!("unlinked_file.rs"),
    options: &[],
    check,
};

fn check(project: &Project, _: &Options) -> Verdict {
    let candidates = project.files.iter().enumerate().filter(|(_, file)| file.packaged && !file.test);
    let candidates = candidates.filter(|(_, file)| matches!(file.content, Content::Facts(_)));
    let mut verdict = Verdict::default();
    for (number, file) in candidates {
        verdict.judged += 1;
        if !file.linked {
            verdict.findings.push(Finding {
                rule: LINT.name,
                message: "no target reaches this file: the compiler never sees it".to_owned(),
                help: "declare it with `mod` where it belongs, delete it, or exclude it under `[source]`".to_owned(),
                place: Place::new(FileId(number as u32), Span::default()),
                item: String::new(),
                evidence: Vec::new(),
                chain: Vec::new(),
            });
        }
    }
    verdict
}
