//! The pattern's own example of a checkout is clean, and each of its anti-patterns is found by its rule.

#![expect(
    clippy::disallowed_types,
    clippy::unwrap_used,
    reason = "the program is run on files; a step that fails is a test that fails"
)]

use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// The rules that the program finds broken in a project, each with the file.
fn found(project: &str) -> BTreeSet<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/pattern").join(project);
    let mut baton = Command::new(env!("CARGO_BIN_EXE_baton"));
    let run = baton.args(["check", "--format", "json"]).current_dir(folder).output().unwrap();
    let document: Value = serde_json::from_slice(&run.stdout).unwrap();
    let findings = document["findings"].as_array().unwrap();
    let text = |finding: &Value, field: &str| finding[field].as_str().unwrap().to_owned();
    findings.iter().map(|finding| (text(finding, "rule"), text(finding, "file"))).collect()
}

#[test]
fn the_example_is_clean() {
    assert_eq!(found("right"), BTreeSet::new());
}

#[test]
fn each_anti_pattern_is_found_by_its_rule() {
    let expected = [
        ("business-logic-in-orchestrator", "src/shell/orchestrators/calculating.rs"),
        ("too-many-dependencies", "src/shell/orchestrators/crowded.rs"),
        ("stateful-orchestrator", "src/shell/orchestrators/remembering.rs"),
        ("mixed-errors", "src/core/workflows/errors.rs"),
        ("core-imports-shell", "src/core/workflows/reaching.rs"),
        ("core-imports-shell", "src/core/workflows/retrying.rs"),
        ("error-strategy-in-core", "src/core/workflows/retrying.rs"),
    ];
    let expected: BTreeSet<_> = expected.iter().map(|(rule, file)| ((*rule).to_owned(), (*file).to_owned())).collect();
    assert_eq!(found("wrong"), expected);
}
