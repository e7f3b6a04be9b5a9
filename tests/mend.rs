//! Sources that are changed on request: suppressions that are written, and remedies that are applied.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    reason = "the program is run on files; a step that fails is a test that fails"
)]

#[path = "hard/project.rs"]
mod project;

use project::{Project, Run, baton};
use std::fs;

const CONFIG: &str = "version = 1\n[[role]]\nname = \"core\"\npaths = [\"src/core/**\"]\n";

fn run(project: &Project, arguments: &[&str]) -> Run {
    Run::of(baton(project.root()).args(arguments))
}

fn text(project: &Project, path: &str) -> String {
    fs::read_to_string(project.root().join(path)).unwrap()
}

/// A project whose core reads the clock and the environment.
fn impure() -> Project {
    Project::new([
        ("Cargo.toml", "[package]\nname = \"app\"\nedition = \"2024\"\n"),
        ("baton.toml", CONFIG),
        ("src/lib.rs", "pub mod core;\n"),
        ("src/core/mod.rs", "pub mod a;\npub mod b;\n"),
        (
            "src/core/a.rs",
            "pub fn now() -> u64 {\n    let at = std::time::SystemTime::now();\n    at.elapsed().map_or(0, |age| age.as_secs())\n}\n",
        ),
        (
            "src/core/b.rs",
            "\u{feff}/// The home.\r\npub fn home() -> Option<String> { std::env::var(\"HOME\").ok() }\r\n",
        ),
    ])
}

#[test]
fn suppressions_are_written_and_the_run_is_clean_then() {
    let project = impure();
    let run = run(&project, &["check", "--add-allow", "until the port is there", "--format", "concise"]);
    assert_eq!(run.code, Some(0), "{}{}", run.out, run.err);
    assert!(run.err.starts_with("src/core/a.rs: "), "{}", run.err);
    assert!(run.err.contains("src/core/b.rs: 1 suppression added\n"), "{}", run.err);
    let b = "\u{feff}/// The home.\r\n// baton: allow(impure-core, reason = \"until the port is there\")\r\npub fn home() -> Option<String> { std::env::var(\"HOME\").ok() }\r\n";
    assert_eq!(text(&project, "src/core/b.rs"), b);
    let again = allow(&project, "until the port is there");
    assert_eq!((again.code, again.err.lines().next()), (Some(0), Some("there is nothing to suppress")));
}

fn allow(project: &Project, reason: &str) -> Run {
    run(project, &["check", "--add-allow", reason])
}

#[test]
fn only_what_was_asked_for_is_suppressed() {
    let project = impure();
    let before = text(&project, "src/core/a.rs");
    let run_on_b = run(&project, &["check", "src/core/b.rs", "--add-allow", "why"]);
    assert_eq!(run_on_b.code, Some(0), "{}", run_on_b.err);
    assert_eq!(text(&project, "src/core/a.rs"), before);
    let other = run(&project, &["check", "--add-allow", "why", "--only", "mixed-errors"]);
    assert_eq!(other.code, Some(1), "{}", other.err);
    assert_eq!(text(&project, "src/core/a.rs"), before);
}

#[test]
fn bad_requests_change_nothing() {
    let project = impure();
    let before = text(&project, "src/core/a.rs");
    for arguments in [
        ["check", "--add-allow", " ", "--format", "full"],
        ["check", "--add-allow", "two\nlines", "--format", "full"],
        ["check", "--add-allow", "a \"port\"", "--format", "full"],
        ["check", "--add-allow", "why", "--only", "impure-cor"],
        ["check", "--only", "impure-core", "--format", "full"],
        ["check", "--fix", "--add-allow", "why", "--statistics"],
    ] {
        assert_eq!(run(&project, &arguments).code, Some(2), "{arguments:?}");
        assert_eq!(text(&project, "src/core/a.rs"), before);
    }
    project.write("baton.toml", "version = 2\n");
    assert_eq!(allow(&project, "why").code, Some(2));
    assert_eq!(text(&project, "src/core/a.rs"), before);
}

#[cfg(unix)]
#[test]
fn a_file_behind_a_link_is_left() {
    let project = impure();
    let elsewhere = tempfile::tempdir().unwrap();
    let code = "pub fn now() { std::time::SystemTime::now(); }\n";
    fs::write(elsewhere.path().join("c.rs"), code).unwrap();
    std::os::unix::fs::symlink(elsewhere.path().join("c.rs"), project.root().join("src/core/c.rs")).unwrap();
    project.write("src/core/mod.rs", "pub mod c;\n");
    let run = run(&project, &["check", "src/core/c.rs", "--add-allow", "why"]);
    assert!(run.code == Some(2) && run.err.contains("the file `src/core/c.rs` is a link"), "{run:?}");
    assert_eq!(fs::read_to_string(elsewhere.path().join("c.rs")).unwrap(), code);
}

#[test]
fn what_is_not_needed_is_removed_and_what_is_missing_is_declared() {
    let orders = "#[baton::orchestrator(layer = \"application\", cross_domain = [\"shipping\"])]\npub struct Place;\nimpl Place {\n    pub fn run(_: crate::domains::billing::Invoice) {}\n}\n";
    let project = Project::new([
        ("Cargo.toml", "[package]\nname = \"app\"\nedition = \"2024\"\n"),
        ("baton.toml", &format!("{CONFIG}[domains]\npaths = [\"src/domains/*\"]\n")),
        ("src/lib.rs", "pub mod core;\npub mod domains;\n"),
        (
            "src/core/mod.rs",
            "// baton: allow(impure-core, reason = \"was needed\")\npub fn a() {}\n// baton: allow(impure-cor, reason = \"a slip\")\npub fn b() {}\n",
        ),
        ("src/domains/mod.rs", "pub mod billing;\npub mod orders;\npub mod shipping;\n"),
        ("src/domains/billing.rs", "pub struct Invoice;\n"),
        ("src/domains/shipping.rs", "pub struct Parcel;\n"),
        ("src/domains/orders.rs", orders),
    ]);
    let before = run(&project, &["check", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&before.out).unwrap();
    let fixes = document["findings"].as_array().unwrap().iter().filter(|finding| !finding["fix"].is_null());
    assert_eq!(fixes.count(), 3, "{}", before.out);
    assert!(before.out.contains("3 findings have one certain remedy"), "{}", before.out);
    let run = run(&project, &["check", "--fix", "--format", "concise"]);
    assert_eq!(run.code, Some(1), "{}", run.out);
    assert!(run.out.contains("there is no rule `impure-cor`"), "what is not certain stays: {}", run.out);
    assert_eq!(run.out.lines().filter(|line| line.contains("deny[")).count(), 1, "{}", run.out);
    let expected = orders.replace("[\"shipping\"]", "[\"billing\"]");
    assert_eq!(text(&project, "src/domains/orders.rs"), expected);
    let expected = "pub fn a() {}\n// baton: allow(impure-cor, reason = \"a slip\")\npub fn b() {}\n";
    assert_eq!(text(&project, "src/core/mod.rs"), expected);
}
