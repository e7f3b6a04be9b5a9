//! The examples of the runtime are applications that Baton has no complaint about: those that say what is what, in a
//! `baton.toml` beside their sources, are checked as projects of their own.
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "this test builds projects and runs the program"
)]

use std::fs;
use std::path::Path;
use std::process::Command;

const MANIFEST: &str = r#"
[package]
name = "example"
version = "0.1.0"
edition = "2024"

[dependencies]
baton-runtime = { version = "0.1", features = ["macros"] }
serde = { version = "1", features = ["derive"] }
tempfile = "3"
thiserror = "2"
tokio = "1"
"#;

#[test]
fn the_examples_of_the_runtime_are_clean() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("runtime/examples");
    let mut checked = Vec::new();
    for example in fs::read_dir(examples).unwrap().map(|entry| entry.unwrap().path()) {
        let settings = example.join("baton.toml");
        if !settings.exists() {
            continue;
        }
        let project = tempfile::tempdir().unwrap();
        let sources = project.path().join("src");
        fs::create_dir(&sources).unwrap();
        fs::write(project.path().join("Cargo.toml"), MANIFEST).unwrap();
        fs::copy(settings, project.path().join("baton.toml")).unwrap();
        for source in fs::read_dir(&example).unwrap().map(|entry| entry.unwrap().path()) {
            if source.extension().is_some_and(|extension| extension == "rs") {
                fs::copy(&source, sources.join(source.file_name().unwrap())).unwrap();
            }
        }
        let output = Command::new(env!("CARGO_BIN_EXE_baton")).arg("check").current_dir(&project).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && said.contains("clean"), "{}:\n{said}", example.display());
        // A rule that found none to judge is not named.
        assert!(said.contains("stateful-orchestrator: 0 of "), "no orchestrator was found:\n{said}");
        checked.push(example);
    }
    assert!(!checked.is_empty(), "no example says what is what");
}
