//! `cargo xtask new-lint`, run on a copy of the registry: what it makes, and that it makes all or nothing.
//!
//! That the lint compiles is tested where the template is: the tests of `xtask` compile it.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "this test reads and writes a copy of the sources")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use tempfile::TempDir;
use xtask::disk;
use xtask::scaffold::{self, Name, REGISTRY};

const NAME: &str = "leaky-adapter";

#[test]
fn a_lint_its_fixtures_and_its_lines_are_made() {
    let copy = copy();
    let before = tree(copy.path());
    let said = new_lint(&copy, NAME).unwrap();
    assert!(said.contains("lints/src/leaky_adapter.rs"), "{said}");
    let after = tree(copy.path());
    let made: Vec<_> = after.keys().filter(|path| !before.contains_key(*path)).map(String::as_str).collect();
    assert_eq!(
        made,
        [
            "fixtures/leaky-adapter/fires/Cargo.toml",
            "fixtures/leaky-adapter/fires/baton.toml",
            "fixtures/leaky-adapter/fires/expected.txt",
            "fixtures/leaky-adapter/fires/src/lib.rs",
            "fixtures/leaky-adapter/silent/Cargo.toml",
            "fixtures/leaky-adapter/silent/baton.toml",
            "fixtures/leaky-adapter/silent/expected.txt",
            "fixtures/leaky-adapter/silent/src/lib.rs",
            "lints/src/leaky_adapter.rs",
        ]
    );
    let changed: Vec<_> = before.iter().filter(|(path, text)| after[*path] != **text).map(|(path, _)| path).collect();
    assert_eq!(changed, [REGISTRY]);
    assert_eq!(added(&before[REGISTRY], &after[REGISTRY]), ["pub mod leaky_adapter;", "    &leaky_adapter::LINT,"]);
}

#[test]
fn the_registry_stays_sorted_wherever_the_lint_goes() {
    for name in ["aaa", "mute-port", "zzz"] {
        let copy = copy();
        new_lint(&copy, name).unwrap();
        let registry = fs::read_to_string(copy.path().join(REGISTRY)).unwrap();
        let listed = |prefix: &str, suffix: &str| -> Vec<String> {
            let inner = |line: &str| line.strip_prefix(prefix)?.strip_suffix(suffix).map(str::to_owned);
            registry.lines().filter_map(inner).collect()
        };
        let (modules, lints) = (listed("pub mod ", ";"), listed("    &", "::LINT,"));
        assert_eq!(modules, lints, "{name}");
        assert!(modules.is_sorted() && modules.len() == baton_lints::LINTS.len() + 1, "{modules:?}");
    }
}

#[test]
fn a_bad_name_and_one_that_exists_change_nothing() {
    let copy = copy();
    fs::create_dir_all(copy.path().join("fixtures/half-made")).unwrap();
    fs::write(copy.path().join("lints/src/orphan.rs"), "").unwrap();
    let before = tree(copy.path());
    let refused = [
        ("Swallowed_Error", "joined by hyphens"),
        ("../escape", "joined by hyphens"),
        ("match", "no module can be called"),
        ("unlinked-file", "already has a lint"),
        ("half-made", "`fixtures/half-made` already exists"),
        ("orphan", "`lints/src/orphan.rs` already exists"),
    ];
    for (name, why) in refused {
        let refusal = new_lint(&copy, name).unwrap_err();
        assert!(refusal.contains(why), "{name}: {refusal}");
        assert_eq!(tree(copy.path()), before, "{name}");
    }
}

#[test]
fn what_fails_half_way_is_undone() {
    let copy = copy();
    let registry = fs::read_to_string(copy.path().join(REGISTRY)).unwrap();
    let plan = scaffold::plan(&Name::new(NAME).unwrap(), &registry, &[]).unwrap();
    // The registry is written last, and no file can take the place of a folder.
    fs::remove_file(copy.path().join(REGISTRY)).unwrap();
    fs::create_dir_all(copy.path().join(REGISTRY).join("in-the-way")).unwrap();
    let refusal = disk::create(copy.path(), &plan).unwrap_err();
    assert!(refusal.0.contains(REGISTRY), "{refusal}");
    assert_eq!(tree(copy.path()), BTreeMap::new());
}

#[test]
fn what_an_interrupted_run_left_is_named_and_kept() {
    let copy = copy();
    fs::write(copy.path().join("lints/src/.lib.rs.new"), "").unwrap();
    let before = tree(copy.path());
    let refusal = new_lint(&copy, NAME).unwrap_err();
    assert!(refusal.contains(".lib.rs.new` is in the way"), "{refusal}");
    assert_eq!(tree(copy.path()), before);
}

#[test]
fn a_word_that_is_no_command_shows_the_usage() {
    let copy = copy();
    for words in [&["new-lint"][..], &["new-lint", "a", "b"], &["new-lnit", "a"], &[]] {
        let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        let refusal = xtask::run(copy.path(), &words).unwrap_err();
        assert!(refusal.0.starts_with("usage: cargo xtask"), "{words:?}: {refusal}");
    }
}

/// A folder with what the command reads.
fn copy() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let registry = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(REGISTRY)).unwrap();
    fs::create_dir_all(folder.path().join("lints/src")).unwrap();
    fs::create_dir_all(folder.path().join("fixtures")).unwrap();
    fs::write(folder.path().join(REGISTRY), registry).unwrap();
    folder
}

fn new_lint(copy: &TempDir, name: &str) -> Result<String, String> {
    xtask::run(copy.path(), &["new-lint".to_owned(), name.to_owned()]).map_err(|refusal| refusal.0)
}

/// Every file with its text, by its path from `root`.
fn tree(root: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let shown = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                files.insert(shown, fs::read_to_string(&path).unwrap());
            }
        }
    }
    files
}

/// The lines of `after` that `before` does not have.
fn added<'a>(before: &str, after: &'a str) -> Vec<&'a str> {
    after.lines().filter(|line| !before.lines().any(|old| old == *line)).collect()
}
