//! How many crates an application takes in with this one.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;
use std::process::Command;

/// Those of the default features, this one not counted.
const MOST: usize = 45;

#[test]
fn the_default_tree_stays_small() {
    let mut command = Command::new(env!("CARGO"));
    command.args(["tree", "--package", "baton-runtime", "--edges", "normal,build", "--prefix", "none", "--locked"]);
    let output =
        command.args(["--offline", "--format", "{p}"]).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let crates: BTreeSet<_> =
        text.lines().map(|line| line.trim_end_matches(" (*)").trim_end_matches(" (proc-macro)")).collect();
    assert!(crates.len() > 10, "that is no tree: {text}");
    assert!(crates.len() - 1 <= MOST, "{} crates, more than {MOST}: {crates:#?}", crates.len() - 1);
}
