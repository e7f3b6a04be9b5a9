//! A check that knows an earlier one says what a check says that knows nothing.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::disallowed_types,
    reason = "projects are made for the tests; a step that fails is a test that fails"
)]

#[expect(dead_code, reason = "the program is not run here")]
#[path = "hard/project.rs"]
mod project;

use baton::adapters::sources::Disk;
use baton::adapters::terminal::{ColorMode, Terminal};
use baton::orchestrators::{Check, Outcome, Request};
use baton::render::{self, Format, Style};
use baton_core::link::Memory;
use baton_lints::LINTS;
use project::Project;
use std::fs;

const CONFIG: &str = "\
version = 1
[[role]]
name = \"core\"
paths = [\"src/core/**\"]
[[role]]
name = \"shell\"
paths = [\"src/shell.rs\"]
";

const FILES: [(&str, &str); 6] = [
    ("baton.toml", CONFIG),
    ("Cargo.toml", "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n"),
    ("src/lib.rs", "pub mod core;\npub mod shell;\npub mod util;\n"),
    ("src/core/mod.rs", "pub fn price() { crate::util::help(); }\n"),
    ("src/shell.rs", "pub struct Table;\nimpl Table { pub fn ask(&self) {} }\n"),
    // Neutral code between the two, whose bodies are read only as long as the core reaches it.
    ("src/util.rs", "pub fn help() { crate::shell::Table.ask(); std::time::Instant::now(); }\n"),
];

/// Changes of one file each, one after the other.
const CHANGES: [(&str, Option<&str>); 9] = [
    ("src/core/mod.rs", Some("pub fn price() {}\n")),
    ("src/core/mod.rs", Some("pub fn price() { crate::util::help(); let at = std::time::Instant::now(); }\n")),
    ("src/util.rs", Some("pub fn help() {}\n")),
    ("src/util.rs", Some("pub fn help() { crate::shell::Table.ask(); }\n")),
    ("src/core/mod.rs", Some("pub fn price( {}\n")),
    ("src/core/mod.rs", Some("pub mod new;\n")),
    ("src/core/new.rs", Some("use crate::shell::Table;\n")),
    ("baton.toml", Some("version = 1\n[[role]]\nname = \"core\"\npaths = [\"src/core/**\", \"src/util.rs\"]\n")),
    ("src/util.rs", None),
];

fn shown(outcome: Result<Outcome, baton::error::Failure>) -> String {
    match outcome {
        Ok(Outcome::Report(report)) => render::report(&report, LINTS, Format::Json, Style::Plain).unwrap(),
        other => format!("{other:?}"),
    }
}

#[test]
fn a_check_that_remembers_says_what_one_says_that_does_not() {
    let project = Project::new(FILES);
    let terminal = Terminal::new(ColorMode::Never);
    let request = Request { paths: vec![project.root().to_owned()], threads: 2, ..Request::default() };
    let check = Check::new(&terminal);
    let mut memory = Memory::default();
    let mut seen = Vec::new();
    let mut compare = |what: &str| {
        let (again, anew) = (shown(check.again(&Disk, &request, &mut memory)), shown(check.run(&request)));
        assert!(again == anew, "after {what}:\n{again}\n{anew}");
        seen.push(again);
    };
    compare("the first look");
    for (path, text) in CHANGES {
        match text {
            Some(text) => project.write(path, text),
            None => fs::remove_file(project.root().join(path)).unwrap(),
        }
        compare(path);
        compare("nothing");
    }
    // A fault in the configuration forgets nothing that is needed later.
    project.write("baton.toml", "version = 3\n");
    compare("a fault");
    project.write("baton.toml", CONFIG);
    compare("its end");
    seen.dedup();
    assert!(seen.len() > CHANGES.len(), "each change but the last few is seen: {}", seen.len());
}
