//! The examples of the runtime are applications that Baton has no complaint about. Each is a package with a `baton.toml`,
//! and is checked as it stands.
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "this test lists the examples and runs the program on them"
)]

use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn the_examples_of_the_runtime_are_clean() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut checked = Vec::new();
    for example in fs::read_dir(root.join("runtime/examples")).unwrap().map(|entry| entry.unwrap().file_name()) {
        let path = Path::new("runtime/examples").join(&example);
        let output =
            Command::new(env!("CARGO_BIN_EXE_baton")).arg("check").arg(&path).current_dir(root).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && said.contains("clean"), "{}:\n{said}", path.display());
        // A rule that found none to judge is not named.
        for rule in ["stateful-orchestrator", "unassigned-module", "core-imports-shell"] {
            assert!(said.contains(&format!("{rule}: 0 of ")), "`{rule}` judged nothing:\n{said}");
        }
        checked.push(example);
    }
    checked.sort();
    assert_eq!(checked, ["agents", "checkout", "coordinator", "monitoring"]);
}

/// Cargo leaves packages within a package out, so that a test that needs one would not build from the published crate.
#[test]
fn what_is_published_of_the_runtime_needs_no_example() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let list = ["package", "-p", "baton-runtime", "--list", "--allow-dirty", "--offline"];
    let output = Command::new(env!("CARGO")).args(list).current_dir(root).output().unwrap();
    let listed = String::from_utf8(output.stdout).unwrap();
    let tests: Vec<_> = listed.lines().filter(|path| path.starts_with("tests/")).collect();
    assert!(tests.contains(&"tests/threads.rs"), "{tests:?}");
    for test in tests {
        let text = fs::read_to_string(root.join("runtime").join(test)).unwrap();
        for outside in ["../examples", "mod example;", "../docs"] {
            assert!(!text.contains(outside), "`{test}` is published, and needs `{outside}`");
        }
    }
}

#[test]
fn an_example_that_breaks_a_rule_is_told() {
    let project = tempfile::tempdir().unwrap();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("runtime/examples/checkout");
    fs::create_dir(project.path().join("src")).unwrap();
    for file in ["Cargo.toml", "baton.toml"] {
        fs::copy(example.join(file), project.path().join(file)).unwrap();
    }
    for source in fs::read_dir(example.join("src")).unwrap().map(|entry| entry.unwrap().path()) {
        let mut text = fs::read_to_string(&source).unwrap();
        if source.ends_with("order.rs") {
            text.push_str("\npub(crate) fn now() -> std::time::SystemTime {\n    std::time::SystemTime::now()\n}\n");
        }
        fs::write(project.path().join("src").join(source.file_name().unwrap()), text).unwrap();
    }
    let output = Command::new(env!("CARGO_BIN_EXE_baton")).arg("check").arg(project.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("impure-core"));
}
