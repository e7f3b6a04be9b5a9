//! The baseline: what is found today is accepted, what comes since fails, and the list only gets shorter.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    reason = "the program is run on files; a step that fails is a test that fails"
)]

#[path = "hard/project.rs"]
mod project;

use project::{Project, Run, baton};
use serde_json::Value;
use std::fs;

const CONFIG: &str = "version = 1\n[[role]]\nname = \"core\"\npaths = [\"src/core.rs\"]\n";
const NOW: &str = "pub fn now() -> std::time::SystemTime {\n    std::time::SystemTime::now()\n}\n";

/// A project whose core reads the clock in one function and the environment in another.
fn project() -> Project {
    Project::new([
        ("Cargo.toml", "[package]\nname = \"app\"\nedition = \"2024\"\n"),
        ("baton.toml", CONFIG),
        ("src/lib.rs", "pub mod core;\n"),
        ("src/core.rs", &format!("{NOW}pub fn home() -> Option<String> {{\n    std::env::var(\"HOME\").ok()\n}}\n")),
    ])
}

fn run(project: &Project, arguments: &[&str]) -> Run {
    Run::of(baton(project.root()).args(arguments))
}

fn summary(project: &Project) -> Value {
    let document: Value = serde_json::from_str(&run(project, &["check", "--format", "json"]).out).unwrap();
    document["summary"].clone()
}

fn text(project: &Project) -> String {
    fs::read_to_string(project.root().join("baton-baseline.toml")).unwrap()
}

/// Puts another text in the place of one in the core.
fn edit(project: &Project, old: &str, new: &str) {
    let code = fs::read_to_string(project.root().join("src/core.rs")).unwrap();
    assert!(code.contains(old), "{code}");
    project.write("src/core.rs", code.replacen(old, new, 1));
}

#[test]
fn what_is_found_today_is_accepted_and_what_comes_since_fails() {
    let project = project();
    assert_eq!(run(&project, &["check"]).code, Some(1));
    let created = run(&project, &["baseline", "create"]);
    assert_eq!((created.code, created.err.as_str()), (Some(0), "baton-baseline.toml accepts 2 findings\n"));
    assert_eq!(run(&project, &["ci"]).code, Some(0));
    assert_eq!(summary(&project)["baselined"], 2);
    edit(&project, "pub fn home", "pub fn later() { std::thread::yield_now(); }\npub fn home");
    edit(&project, "later() { std::thread::yield_now()", "later() { println!(\"\")");
    let grown = run(&project, &["check", "--format", "concise"]);
    assert_eq!(grown.code, Some(1), "{}", grown.out);
    assert_eq!(grown.out.lines().filter(|line| line.contains("[impure-core]")).count(), 1, "{}", grown.out);
    let again = run(&project, &["baseline", "create"]);
    assert!(again.code == Some(2) && again.err.contains("there is a baseline already"), "{again:?}");
}

#[test]
fn moving_and_formatting_code_changes_nothing() {
    let project = project();
    run(&project, &["baseline", "create"]);
    let before = text(&project);
    edit(&project, NOW, "");
    let code = fs::read_to_string(project.root().join("src/core.rs")).unwrap();
    let spaced = NOW.replace("std::time::SystemTime::now()", "std::time::SystemTime::now(  )");
    project.write("src/core.rs", format!("// A remark.\n\n{code}\n\n{spaced}"));
    let ci = run(&project, &["ci"]);
    assert_eq!(ci.code, Some(0), "{}{}", ci.out, ci.err);
    assert!(!before.contains("line ="), "{before}");
}

#[test]
fn fixing_one_and_adding_another_fails_and_what_is_gone_is_pruned() {
    let project = project();
    run(&project, &["baseline", "create"]);
    let noted = text(&project).replacen("[[finding]]\n", "# ours\n[[finding]]\nreason = \"soon\"\n", 1);
    project.write("baton-baseline.toml", noted);
    edit(&project, "    std::env::var(\"HOME\").ok()\n", "    None\n");
    assert_eq!(run(&project, &["check"]).code, Some(0), "a check lets it be");
    let ci = run(&project, &["ci"]);
    assert_eq!(ci.code, Some(1), "a pipeline does not");
    assert!(ci.out.contains("`baton baseline prune`"), "{}", ci.out);
    let pruned = run(&project, &["baseline", "prune"]);
    assert_eq!((pruned.code, pruned.err.as_str()), (Some(0), "took out 1 finding; 1 left\n"));
    assert_eq!(run(&project, &["ci"]).code, Some(0));
    assert!(text(&project).contains("# ours\n"));
    edit(&project, "    None\n", "    std::env::var(\"USER\").ok()\n");
    assert_eq!(run(&project, &["check"]).code, Some(1));
}

#[test]
fn what_was_accepted_until_a_day_fails_after_it() {
    let project = project();
    run(&project, &["baseline", "create"]);
    let created = text(&project);
    project.write("baton-baseline.toml", created.replace("[[finding]]\n", "[[finding]]\nuntil = 2999-12-31\n"));
    assert_eq!(run(&project, &["ci"]).code, Some(0));
    project.write("baton-baseline.toml", created.replace("[[finding]]\n", "[[finding]]\nuntil = 2001-01-01\n"));
    let over = run(&project, &["ci", "--format", "concise"]);
    assert_eq!(over.code, Some(1));
    assert_eq!(over.out.lines().filter(|line| line.contains("[impure-core]")).count(), 2, "{}", over.out);
}

#[test]
fn a_faulty_baseline_is_an_error_with_its_place() {
    let project = project();
    project.write(
        "baton-baseline.toml",
        "version = 1\n[[finding]]\nrule = \"impure-cor\"\nitem = \"a\"\nfingerprint = \"1\"\n",
    );
    let run = run(&project, &["check"]);
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("there is no rule `impure-cor`\n  ┌─ baton-baseline.toml:3:8\n"), "{}", run.err);
}

#[test]
fn what_is_accepted_can_be_explained() {
    let project = project();
    run(&project, &["baseline", "create"]);
    let entry = text(&project).lines().find(|line| line.starts_with("fingerprint")).unwrap().to_owned();
    let explained = run(&project, &["check", "--explain-finding", entry.split('"').nth(1).unwrap()]);
    assert!(explained.code == Some(0) && explained.out.contains("src/core.rs"), "{explained:?}");
}
