//! The way of somebody who has read the README and nothing else.

use crate::repository::Repository;
use std::fs;
use std::path::Path;

/// The commands that the README gives for a project of one's own, without what it says about them.
fn commands() -> Vec<Vec<String>> {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let lines = readme.lines().filter(|line| line.starts_with("baton "));
    let words = |line: &str| line.split('#').next().unwrap().split_whitespace().skip(1).map(str::to_owned).collect();
    lines.map(words).collect()
}

/// Copies the files of a folder, but for a configuration.
fn copy(from: &Path, path: &str, repository: &Repository) {
    for entry in fs::read_dir(from.join(path)).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{path}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            copy(from, &format!("{path}/"), repository);
        } else if path != "baton.toml" {
            repository.write(&path, &fs::read_to_string(entry.path()).unwrap());
        }
    }
}

#[test]
fn the_commands_of_the_readme_lead_from_nothing_to_a_hook() {
    let repository = Repository::empty();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/checkout"), "", &repository);
    repository.commit("first");
    let ran: Vec<_> = commands()
        .iter()
        .map(|words| {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let run = repository.baton(&words);
            (words.join(" "), run.code)
        })
        .collect();
    let expected = [("init", 0), ("check", 1), ("baseline create", 0), ("hook install", 0)];
    assert_eq!(ran, expected.map(|(words, code)| (words.to_owned(), code)));
    repository.git(&["add", "--all"]);
    let (is_done, said) = repository.at("").try_git(&["commit", "--quiet", "-m", "a configuration and a baseline"]);
    assert!(is_done, "{said}");
    let price = repository.read("src/core/price.rs");
    repository.stage("src/core/price.rs", &format!("{price}\npub fn home() {{ std::env::var(\"HOME\").ok(); }}\n"));
    let (is_done, said) = repository.at("").try_git(&["commit", "--quiet", "-m", "one more"]);
    assert!(!is_done && said.contains("impure-core"), "{said}");
}
