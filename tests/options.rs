//! What the options of lints speak of has to exist: the built program says where it does not.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    reason = "the program is run on files; a step that fails is a test that fails"
)]

#[path = "hard/project.rs"]
mod project;

use project::{Project, Run, baton};

const MANIFEST: &str = "\
[package]
name = \"shop\"
version = \"0.1.0\"
edition = \"2024\"
[dependencies]
uuid = \"1\"
serde_json = \"1\"
our-retry = \"1\"
";

const CONFIG: &str = "\
version = 1
[[role]]
name = \"core\"
paths = [\"src/core/**\"]
[rules]
";

/// Code of the core that names `uuid`, `std::env`, a moment and a value of JSON.
const TAX: &str = "\
use std::time::Instant;
pub struct Ledger;
pub fn tax() -> serde_json::Value { uuid::Uuid::new_v4(); std::env::var(\"A\"); todo!() }
pub fn took(from: Instant) -> u64 { from.elapsed().as_secs() }
";

fn checked(rules: &str) -> Run {
    let project = Project::new([
        ("Cargo.toml", MANIFEST),
        ("src/lib.rs", "pub mod core;\n"),
        ("src/core/mod.rs", "pub mod tax;\n"),
        ("src/core/tax.rs", TAX),
        ("baton.toml", &format!("{CONFIG}{rules}\n")),
    ]);
    Run::of(baton(project.root()).arg("check"))
}

#[test]
fn options_that_speak_of_nothing_are_shown_at_their_place() {
    let faults = [
        ("impure-core.allow = [\"std:env::var\"]", "`std:env::var` is not a path", "such as `std::env::var`"),
        ("impure-core.allow = [\"uuid::*::new_v4\"]", "`uuid::*::new_v4` is not a path", "a `*` at its end"),
        (
            "impure-core.allow = [\"uuid::Uuid::new_v5\"]",
            "nothing in the project is called",
            "did you mean `uuid::Uuid::new_v4`?",
        ),
        ("impure-core.allow = [\"std::fs::*\"]", "nothing in the project is called `std::fs::*`", ""),
        (
            "impure-core.allow = [\"uid::Uuid::new_v4\"]",
            "no package of the project depends on `uid`",
            "did you mean `uuid::Uuid::new_v4`?",
        ),
        (
            "impure-core.crates = [\"our-rtery\"]",
            "no package of the project depends on `our-rtery`",
            "did you mean `our-retry`?",
        ),
        ("impure-core.crates = [\"our::retry\"]", "`our::retry` is not the name of a crate", "as `Cargo.toml` does"),
        ("mixed-errors.allow = [\"anyhow\"]", "no package of the project depends on `anyhow`", ""),
        (
            "mixed-errors.infrastructure = [\"serde_json::Eror\"]",
            "nothing in the project is called `serde_json::Eror`",
            "",
        ),
        ("mixed-errors.infrastructure = [\"\"]", "an empty text", "remove it"),
        (
            "implicit-core-interface.allow = [\"serde_json::Valeu\"]",
            "nothing in the project",
            "did you mean `serde_json::Value`?",
        ),
        (
            "implicit-core-interface.allow = [\"core::tax::Legder\"]",
            "`core::tax::Legder`",
            "did you mean `core::tax::Ledger`?",
        ),
        ("error-strategy-in-core.crates = [\"backon\"]", "no package of the project depends on `backon`", ""),
        ("error-strategy-in-core.crates = [\"our-retry\", \"our-retry\"]", "`our-retry` stands twice", "remove one"),
    ];
    for (rules, says, help) in faults {
        let run = checked(rules);
        assert!(run.code == Some(2) && run.err.contains("baton.toml:6:"), "{rules}: {run:?}");
        assert!(run.err.contains(says) && run.err.contains(help), "{rules}: {}", run.err);
    }
}

#[test]
fn options_that_speak_of_what_is_there_are_fine() {
    let fine = [
        "impure-core.allow = [\"uuid::Uuid::new_v4\", \"Uuid::new_v4\", \"uuid\", \"std::env::*\", \"std::time::Instant::elapsed\"]",
        "impure-core.crates = [\"our-retry\", \"our_retry\"]",
        "mixed-errors = { allow = [\"our-retry\"], infrastructure = [\"serde_json::*\", \"uuid\"] }",
        "implicit-core-interface.allow = [\"serde_json::Value\", \"core::tax::took\", \"shop::core::tax::Ledger\", \"std::time::Instant\"]",
        "error-strategy-in-core.crates = [\"our_retry\"]",
    ];
    for rules in fine {
        let run = checked(rules);
        assert!(run.code.is_some_and(|code| code < 2) && run.err.is_empty(), "{rules}: {run:?}");
    }
}
