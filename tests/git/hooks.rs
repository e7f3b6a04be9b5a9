//! Hooks that git and the program pre-commit run by themselves, before real commits.

use crate::repository::{LEAK, PROJECT, PURE, Repository};
use std::io::Write;
use std::path::{Path, PathBuf};

const SAYS: &str = "core module `core::price` imports `shell::rates::Rates`";

/// Commits what is staged, with those arguments: whether that was done, and what was said.
fn commit(repository: &Repository, arguments: &[&str]) -> (bool, String) {
    repository.at("").try_git(&[&["commit", "--quiet", "-m", "change"], arguments].concat())
}

#[track_caller]
fn install(repository: &Repository) -> String {
    let run = repository.baton(&["hook", "install"]);
    assert_eq!(run.code, 0, "{}", run.err);
    run.err
}

#[test]
fn a_commit_with_a_finding_is_refused() {
    let repository = Repository::with_project();
    assert_eq!(install(&repository).lines().count(), 1);
    repository.stage("src/core/price.rs", LEAK);
    repository.write("src/core/price.rs", PURE);
    let (is_done, said) = commit(&repository, &[]);
    assert!(!is_done && said.contains(SAYS), "{said}");
    repository.git(&["add", "--all"]);
    repository.write("src/core/price.rs", LEAK);
    let (is_done, said) = commit(&repository, &["--allow-empty"]);
    assert!(is_done, "{said}");
}

#[test]
fn commits_that_stage_by_themselves_are_seen() {
    let repository = Repository::with_project();
    install(&repository);
    repository.write("src/core/price.rs", LEAK);
    repository.write("README.md", "Prices.\n");
    for arguments in [&["--all"][..], &["src/core/price.rs"], &["--only", "src/core/price.rs"], &["--include", "src"]] {
        let (is_done, said) = commit(&repository, arguments);
        assert!(!is_done && said.contains(SAYS), "{arguments:?}: {said}");
    }
    let (is_done, said) = repository.at("src/core").try_git(&["commit", "--all", "--message", "from a folder"]);
    assert!(!is_done && said.contains(SAYS), "{said}");
    repository.stage("src/core/price.rs", LEAK);
    repository.git(&["add", "--intent-to-add", "README.md"]);
    let (is_done, said) = commit(&repository, &["--only", "README.md"]);
    assert!(is_done, "what stays staged is not in this commit: {said}");
}

#[test]
fn the_first_commit_is_checked() {
    let repository = Repository::empty();
    for (path, text) in PROJECT {
        repository.stage(path, text);
    }
    install(&repository);
    repository.stage("src/core/price.rs", LEAK);
    let (is_done, said) = commit(&repository, &[]);
    assert!(!is_done && said.contains(SAYS), "{said}");
    repository.stage("src/core/price.rs", PURE);
    let (is_done, said) = commit(&repository, &[]);
    assert!(is_done, "{said}");
}

#[test]
fn a_hook_is_installed_once_and_removed_without_a_trace() {
    let repository = Repository::with_project();
    let hook = repository.path().join(".git/hooks/pre-commit");
    assert!(install(&repository).contains("pre-commit`: it checks what is staged"), "it says where");
    let text = std::fs::read_to_string(&hook).unwrap();
    assert!(install(&repository).contains("already"));
    assert_eq!(std::fs::read_to_string(&hook).unwrap(), text);
    let run = repository.at("src/core").baton(&["hook", "uninstall"]);
    assert_eq!((run.code, hook.exists()), (0, false), "{}", run.err);
    let run = repository.baton(&["hook", "uninstall"]);
    assert_eq!(run.code, 0);
    assert!(run.err.contains("nothing of Baton"), "{}", run.err);
}

#[test]
fn a_hook_of_others_is_not_touched() {
    let repository = Repository::with_project();
    let theirs = "#!/bin/sh\nexit 0\n";
    repository.write(".git/hooks/pre-commit", theirs);
    let run = repository.baton(&["hook", "install"]);
    assert!(run.failure().contains("a hook of somebody else"), "{}", run.err);
    assert!(run.err.contains("baton check --staged || exit"), "{}", run.err);
    assert_eq!(repository.read(".git/hooks/pre-commit"), theirs);
}

#[test]
fn a_folder_of_hooks_is_used_where_the_repository_has_one() {
    let repository = Repository::with_project();
    repository.git(&["config", "core.hooksPath", "tools/my hooks"]);
    install(&repository);
    assert!(repository.path().join("tools/my hooks/pre-commit").exists());
    repository.stage("src/core/price.rs", LEAK);
    assert!(!commit(&repository, &[]).0);

    let shared = Repository::with_project();
    let settings = shared.beside("settings");
    std::fs::write(&settings, format!("[core]\n\thooksPath = {}\n", shared.beside("hooks").display())).unwrap();
    let here = shared.at("").with("GIT_CONFIG_GLOBAL", &settings);
    let run = here.baton(&["hook", "install"]);
    assert!(run.failure().contains("is set for all repositories"), "{}", run.err);
    assert!(!shared.beside("hooks").exists());
}

#[test]
fn linked_worktrees_share_the_hook_and_check_their_own_index() {
    let repository = Repository::with_project();
    let tree = repository.beside("tree");
    repository.git(&["worktree", "add", "--quiet", "-b", "other", tree.to_str().unwrap()]);
    let run = repository.at(&tree).baton(&["hook", "install"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(repository.path().join(".git/hooks/pre-commit").exists());
    std::fs::write(tree.join("src/core/price.rs"), LEAK).unwrap();
    let (is_done, said) = repository.at(&tree).try_git(&["commit", "--quiet", "--all", "-m", "leak"]);
    assert!(!is_done && said.contains(SAYS), "{said}");
    let (is_done, said) = commit(&repository, &["--allow-empty"]);
    assert!(is_done, "{said}");
}

#[test]
fn several_projects_of_a_repository_have_a_line_each() {
    let repository = Repository::empty();
    for (path, text) in PROJECT {
        repository.write(&format!("one/{path}"), text);
        repository.write(&format!("it's two/{path}"), text);
    }
    for folder in ["one", "it's two", "one"] {
        assert_eq!(repository.at(folder).baton(&["hook", "install"]).code, 0);
    }
    repository.git(&["add", "--all"]);
    let (is_done, said) = commit(&repository, &[]);
    assert!(is_done, "{said}");
    repository.stage("it's two/src/core/price.rs", LEAK);
    let (is_done, said) = commit(&repository, &[]);
    assert!(!is_done && said.contains(SAYS), "{said}");
    assert_eq!(repository.at("it's two").baton(&["hook", "uninstall"]).code, 0);
    assert!(commit(&repository, &[]).0, "the other one is in order");
}

#[test]
fn no_repository_is_told() {
    let repository = Repository::with_project();
    let nowhere = repository.beside("nowhere");
    std::fs::create_dir(&nowhere).unwrap();
    let run = repository.at(&nowhere).baton(&["hook", "install"]);
    assert!(run.failure().contains("lies in no git repository"), "{}", run.err);
}

/// The program pre-commit, which `.ci/run` puts into an environment of its own.
fn pre_commit() -> Option<PathBuf> {
    let named = std::env::var_os("BATON_PRE_COMMIT").map(PathBuf::from);
    let usual = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pre-commit/bin/pre-commit");
    named.or(Some(usual)).filter(|program| program.exists())
}

#[test]
fn the_program_pre_commit_runs_the_hook() {
    let Some(program) = pre_commit() else {
        // The standard streams of tests that pass are not shown; this one is.
        let said = writeln!(std::io::stderr(), "\nLEFT OUT: hooks of pre-commit; `.ci/run` installs the program");
        return said.unwrap();
    };
    let program = program.to_str().unwrap();
    let hooks = Repository::empty();
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join(".pre-commit-hooks.yaml");
    hooks.write(".pre-commit-hooks.yaml", &std::fs::read_to_string(manifest).unwrap());
    let revision = hooks.commit("hooks");

    let repository = Repository::with_project();
    let source = hooks.path().display();
    let config = format!("repos:\n- repo: '{source}'\n  rev: {revision}\n  hooks:\n  - id: baton-system\n");
    repository.write(".pre-commit-config.yaml", &config);
    repository.commit("with hooks");
    let cache = repository.beside("cache");
    let run = |arguments: &[&str]| {
        let output = repository.at("").with("PRE_COMMIT_HOME", &cache).output(program, arguments);
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&said).into_owned())
    };
    let (is_installed, said) = run(&["install"]);
    assert!(is_installed, "{said}");
    let commit = |arguments: &[&str]| {
        let here = repository.at("").with("PRE_COMMIT_HOME", &cache);
        here.try_git(&[&["commit", "-m", "change"], arguments].concat())
    };

    repository.stage("src/core/price.rs", LEAK);
    repository.write("src/core/price.rs", PURE);
    let (is_done, said) = commit(&[]);
    assert!(!is_done && said.contains(SAYS), "{said}");
    assert_eq!(repository.read("src/core/price.rs"), PURE, "what is not staged comes back");
    let (is_done, said) = commit(&["--all"]);
    assert!(is_done || said.contains("nothing to commit"), "{said}");
    repository.write("src/core/price.rs", LEAK);
    let (is_done, said) = commit(&["--all"]);
    assert!(!is_done && said.contains(SAYS), "{said}");
    repository.git(&["checkout", "--quiet", "HEAD", "--", "src"]);
    repository.git(&["rm", "--quiet", "src/core/price.rs"]);
    let (is_done, said) = commit(&[]);
    assert!(!is_done && said.contains("module `price` has no file"), "a file that only went: {said}");
    repository.git(&["checkout", "--quiet", "HEAD", "--", "src"]);
    let (is_clean, said) = run(&["run", "--all-files"]);
    assert!(is_clean && said.contains("Passed"), "{said}");

    let run = repository.baton(&["hook", "install"]);
    assert!(run.failure().contains(".pre-commit-config.yaml"), "{}", run.err);
}

#[test]
fn a_commit_without_rust_is_not_held_up() {
    let repository = Repository::empty();
    let said = install(&repository);
    assert!(said.contains("nothing can be judged yet") && said.contains("no Rust file was found"), "{said}");
    repository.stage("README.md", "Prices.\n");
    repository.write("src/main.rs", "fn main() {}\n");
    let (is_done, said) = commit(&repository, &[]);
    assert!(is_done && said.contains("nothing is staged that is Rust"), "{said}");
    let all = repository.baton(&["check"]);
    assert_eq!(all.code, 2, "what is there and has no role is another matter: {}", all.err);
}

#[test]
fn a_branch_without_the_project_is_not_held_up() {
    let repository = Repository::empty();
    for (path, text) in PROJECT {
        repository.write(&format!("it's/{path}"), text);
    }
    repository.commit("first");
    let run = repository.at("it's").baton(&["hook", "install"]);
    assert_eq!(run.code, 0, "{}", run.err);
    repository.stage("it's/src/core/price.rs", LEAK);
    let (is_done, said) = commit(&repository, &[]);
    assert!(!is_done && said.contains(SAYS), "{said}");
    repository.git(&["rm", "--quiet", "-r", "--force", "it's"]);
    let (is_done, said) = commit(&repository, &[]);
    assert!(is_done, "{said}");
}
