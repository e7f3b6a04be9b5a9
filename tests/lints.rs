//! Every lint end to end: the real program on a small project that fires and one that is silent.
//!
//! `UPDATE_EXPECT=1` writes what the program says into the `expected.txt` of each project.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    reason = "the program is run on files; a step that fails is a test that fails"
)]

use baton_core::lint::Lint;
use baton_lints::LINTS;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folders of `fixtures` that belong to no rule.
const OTHERS: &[&str] = &["checkout", "hard", "inventory", "kinds", "pattern"];

/// The projects of a rule: one that it fires on, one near it where it does not.
const KINDS: &[&str] = &["fires", "silent"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn fixture(lint: &Lint, kind: &str) -> PathBuf {
    root().join("fixtures").join(lint.name).join(kind)
}

/// The projects of all rules.
fn fixtures() -> impl Iterator<Item = PathBuf> {
    LINTS.iter().flat_map(|lint| KINDS.iter().map(|kind| fixture(lint, kind)))
}

/// The names of what lies in a folder of the repository.
fn names(folder: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(root().join(folder)).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// What the program says about a project: a line per finding, and one that tells what was judged.
fn output(project: &Path) -> String {
    let mut baton = Command::new(env!("CARGO_BIN_EXE_baton"));
    let run = baton.args(["check", "--format", "concise", "--color", "never"]).current_dir(project).output().unwrap();
    let errors = String::from_utf8_lossy(&run.stderr);
    assert!(matches!(run.status.code(), Some(0 | 1)), "{}: {errors}", project.display());
    String::from_utf8(run.stdout).unwrap()
}

/// How many findings of a rule an output holds.
fn count(output: &str, rule: &str) -> usize {
    output.lines().filter(|line| line.contains(&format!("[{rule}] "))).count()
}

/// How many lints had nothing to judge.
fn idle(output: &str) -> usize {
    let number = output.split("; nothing to judge for ").nth(1).and_then(|rest| rest.split(' ').next());
    number.map_or(0, |number| number.parse().unwrap())
}

#[test]
fn a_lint_is_one_file_one_line_of_the_registry_and_one_folder_of_fixtures() {
    let registered: BTreeSet<String> = LINTS.iter().map(|lint| lint.name.to_owned()).collect();
    let files =
        names("lints/src").into_iter().filter(|file| !matches!(file.as_str(), "lib.rs" | "testing.rs" | "FOLDER.md"));
    let files: BTreeSet<String> = files.map(|file| file.trim_end_matches(".rs").replace('_', "-")).collect();
    assert_eq!(files, registered);
    let folders: BTreeSet<String> =
        names("fixtures").into_iter().filter(|folder| !OTHERS.contains(&folder.as_str())).collect();
    assert_eq!(folders, registered);
    for lint in LINTS {
        let kinds = names(&format!("fixtures/{}", lint.name));
        assert!(kinds.iter().eq(KINDS), "{}: {kinds:?}", lint.name);
    }
}

#[test]
fn every_lint_fires_on_its_one_project_and_not_on_the_other() {
    for lint in LINTS {
        let found = |kind| count(&output(&fixture(lint, kind)), lint.name);
        assert!(found("fires") > 0, "{} does not fire", lint.name);
        assert_eq!(found("silent"), 0, "{} is not silent", lint.name);
    }
}

#[test]
fn every_lint_runs_on_every_project_and_says_what_is_expected() {
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    for project in fixtures() {
        let said = output(&project);
        // The last line counts what each lint judged, and how many had nothing to judge: one that is off is not in it.
        let busy = LINTS.iter().filter(|lint| said.contains(&format!("; {}: ", lint.name))).count();
        assert_eq!(busy + idle(&said), LINTS.len(), "a lint is off in {}", project.display());
        let path = project.join("expected.txt");
        if update {
            fs::write(&path, &said).unwrap();
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(said, expected, "{}: UPDATE_EXPECT=1 accepts what is said", path.display());
    }
}
