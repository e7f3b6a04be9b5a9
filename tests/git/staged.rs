//! `check --staged`: what the index holds, and nothing else.

use crate::repository::{LEAK, PURE, Repository};
use std::path::Path;

const FOUND: [&str; 1] = ["src/core/price.rs: core-imports-shell"];
const NONE: [&str; 0] = [];

#[test]
fn what_is_staged_counts_and_not_what_lies_on_the_disk() {
    let repository = Repository::with_project();
    repository.stage("src/core/price.rs", LEAK);
    repository.write("src/core/price.rs", PURE);
    assert_eq!(repository.staged(), FOUND, "staged, and mended on the disk only");
    repository.git(&["add", "--all"]);
    repository.write("src/core/price.rs", LEAK);
    assert_eq!(repository.staged(), NONE, "mended in the index, and broken on the disk");
    let checked = repository.baton(&["check", "--format", "concise"]);
    assert_eq!(checked.findings(), FOUND, "the disk is what is checked otherwise");
}

#[test]
fn of_a_file_that_is_staged_in_part_that_part_counts() {
    let repository = Repository::with_project();
    let both = format!("{LEAK}\npub fn now() -> std::time::SystemTime {{\n    std::time::SystemTime::now()\n}}\n");
    repository.stage("src/core/price.rs", LEAK);
    repository.write("src/core/price.rs", &both);
    assert_eq!(repository.staged(), FOUND, "the clock is not staged");
    let checked = repository.baton(&["check", "--format", "concise"]).findings();
    assert_eq!(checked.len(), 2, "{checked:?}");
}

#[test]
fn files_that_come_and_go_on_one_side_only() {
    let repository = Repository::with_project();
    repository.stage("src/core/mod.rs", "pub mod gone;\npub mod price;\n");
    repository.stage("src/core/gone.rs", LEAK);
    repository.remove("src/core/gone.rs");
    assert_eq!(repository.staged(), ["src/core/gone.rs: core-imports-shell"], "staged, then deleted");

    repository.unstage("src/core/gone.rs");
    repository.stage("src/core/mod.rs", "pub mod price;\n");
    repository.write("src/core/new.rs", LEAK);
    assert_eq!(repository.staged(), NONE, "nobody has added it");

    repository.git(&["add", "--intent-to-add", "src/core/new.rs"]);
    repository.stage("src/core/empty.rs", "");
    let run = repository.baton(&["check", "--staged", "--format", "json"]);
    assert!(run.out.contains("core/empty.rs"), "an empty file is a file: {}", run.out);
    assert!(!run.out.contains("core/new.rs"), "the next commit would not hold it: {}", run.out);

    repository.unstage("src/core/price.rs");
    let found = ["src/core/empty.rs: unlinked-file", "src/core/mod.rs: does-not-parse"];
    assert_eq!(repository.staged(), found, "deleted in the index, still on the disk");
}

#[test]
fn the_configuration_is_that_of_the_index() {
    let repository = Repository::with_project();
    repository.stage("src/core/price.rs", LEAK);
    let config = repository.read("baton.toml");
    let off = format!("{config}\n[rules]\ncore-imports-shell = \"allow\"\n");

    repository.write("baton.toml", &off);
    assert_eq!(repository.staged(), FOUND, "changed on the disk only");
    repository.stage("baton.toml", &off);
    repository.write("baton.toml", "no configuration at all");
    assert_eq!(repository.staged(), NONE, "changed in the index");

    repository.unstage("baton.toml");
    repository.write("baton.toml", &off);
    assert_eq!(repository.staged(), FOUND, "deleted in the index: roles are inferred again");
    repository.stage("baton.toml", "version = 2");
    repository.write("baton.toml", &config);
    assert!(repository.baton(&["check", "--staged"]).failure().contains("baton.toml"));
    repository.remove("baton.toml");
    repository.stage("baton.toml", &off);
    repository.remove("baton.toml");
    assert_eq!(repository.staged(), NONE, "new in the index, not on the disk");
}

#[test]
fn manifests_and_the_baseline_are_those_of_the_index() {
    let repository = Repository::with_project();
    repository.stage("src/core/price.rs", LEAK);
    repository.baton(&["baseline", "create"]);
    assert_eq!(repository.staged(), FOUND, "the baseline is not staged");
    repository.git(&["add", "--all"]);
    repository.remove("baton-baseline.toml");
    assert_eq!(repository.staged(), NONE);

    repository.unstage("baton-baseline.toml");
    repository.write("Cargo.toml", "broken");
    assert_eq!(repository.staged(), FOUND);
    repository.git(&["add", "--all"]);
    assert!(repository.baton(&["check", "--staged"]).failure().contains("Cargo.toml"));
}

#[test]
fn a_configuration_that_is_named_comes_from_the_index_too() {
    let repository = Repository::with_project();
    repository.stage("src/core/price.rs", LEAK);
    let off = format!("{}\n[rules]\ncore-imports-shell = \"allow\"\n", repository.read("baton.toml"));
    repository.write("other.toml", &off);
    let arguments = ["check", "--staged", "--format", "concise", "--config", "other.toml"];
    assert!(repository.baton(&arguments).failure().contains("`git add` it first"));
    repository.stage("other.toml", &off);
    repository.write("other.toml", "broken");
    assert_eq!(repository.baton(&arguments).findings(), NONE);
}

#[test]
fn odd_names_are_names() {
    let repository = Repository::with_project();
    let text = "#[path = \"größe \\\"x\\\".rs\"]\npub mod größe;\npub mod price;\n";
    repository.stage("src/core/mod.rs", text);
    repository.stage("src/core/größe \"x\".rs", LEAK);
    repository.remove("src/core/größe \"x\".rs");
    assert_eq!(repository.staged(), ["src/core/größe \"x\".rs: core-imports-shell"]);
}

/// What is in a folder, copied.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

#[test]
fn where_all_is_staged_the_index_is_what_the_disk_is() {
    let repository = Repository::empty();
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let samples = ["checkout", "inventory", "pattern", "hard"];
    for sample in samples {
        copy(&fixtures.join(sample), &repository.path().join(sample));
    }
    repository.git(&["add", "--all", "--force"]);
    let mut compared = 0;
    for sample in samples {
        let folders = std::fs::read_dir(repository.path().join(sample)).unwrap();
        let folders = folders.map(|entry| entry.unwrap().path()).chain([repository.path().join(sample)]);
        for folder in folders.filter(|folder| folder.join("Cargo.toml").exists() || folder.join("src").exists()) {
            let folder = folder.to_str().unwrap();
            let disk = repository.baton(&["check", "--format", "json", folder]);
            let staged = repository.baton(&["check", "--staged", "--format", "json", folder]);
            assert_eq!((staged.code, &staged.out, &staged.err), (disk.code, &disk.out, &disk.err), "{folder}");
            compared += 1;
        }
    }
    assert!(compared > 8, "{compared}");
}

#[cfg(unix)]
#[test]
fn what_a_walk_leaves_out_it_leaves_out_in_the_index() {
    use std::os::unix::ffi::OsStrExt;
    let repository = Repository::with_project();
    for path in [
        "vendor/serde/src/lib.rs",
        "copies/syn/.cargo_vcs_info.json",
        "copies/syn/src/lib.rs",
        "out/CACHEDIR.TAG",
        "out/a.rs",
        "target/debug/b.rs",
        ".hidden/c.rs",
        "web/node_modules/d/build.rs",
        "src/shell/vendor/mod.rs",
        "kept/e.rs",
        "ignored/f.rs",
        "deep/er/g.rs",
    ] {
        repository.write(path, "");
    }
    repository.write(".gitignore", "ignored/\n*.bak\n{broken\n");
    repository.write("deep/.ignore", "er/\n");
    repository.write(".git/info/exclude", "kept/\n");
    let name = |bytes: &[u8]| repository.path().join(std::ffi::OsStr::from_bytes(bytes));
    std::fs::write(name(b"src/no-text-\xff.rs"), "").unwrap();
    for (target, link) in [("..", "src/up"), ("core", "src/heart"), ("nowhere.rs", "src/gone.rs"), ("itself", "itself")]
    {
        std::os::unix::fs::symlink(target, repository.path().join(link)).unwrap();
    }
    repository.git(&["add", "--all", "--force"]);
    let (disk, staged) = (repository.baton(&["check"]), repository.baton(&["check", "--staged"]));
    assert!(disk.out.contains("2 folders of vendored code"), "{}", disk.out);
    assert!(disk.out.contains("the name is not UTF-8"), "{}", disk.out);
    assert!(disk.out.contains("lead"), "{}", disk.out);
    assert_eq!((staged.code, staged.out, staged.err), (disk.code, disk.out, disk.err));
}

#[test]
fn line_ends_are_those_of_the_index() {
    let repository = Repository::with_project();
    repository.git(&["config", "core.autocrlf", "true"]);
    let crlf = LEAK.replace('\n', "\r\n");
    repository.stage("src/core/price.rs", &crlf);
    assert_eq!(repository.staged(), FOUND);
    let mark = |run: &[&str]| {
        let json: serde_json::Value = serde_json::from_str(&repository.baton(run).out).unwrap();
        json["findings"][0]["fingerprint"].as_str().unwrap().to_owned()
    };
    let staged = mark(&["check", "--staged", "--format", "json"]);
    assert_eq!(staged, mark(&["check", "--format", "json"]), "one finding, however its lines end");
    let sarif = repository.baton(&["check", "--staged", "--format", "sarif"]);
    assert!(!sarif.out.contains("\\r\\n"), "the index has no such line ends");
}

#[cfg(unix)]
#[test]
fn links_are_followed_inside_of_the_repository() {
    let repository = Repository::with_project();
    repository.write("shared/price.rs", LEAK);
    repository.remove("src/core/price.rs");
    std::os::unix::fs::symlink("../../shared/price.rs", repository.path().join("src/core/price.rs")).unwrap();
    std::os::unix::fs::symlink("/etc", repository.path().join("src/outside")).unwrap();
    repository.git(&["add", "--all"]);
    repository.write("shared/price.rs", PURE);
    repository.remove("src/core/price.rs");
    let run = repository.baton(&["check", "--staged", "--format", "concise"]);
    assert!(run.findings().contains(&FOUND[0].to_owned()), "{}", run.out);
    std::os::unix::fs::symlink("../src", repository.path().join("src/loop")).unwrap();
    repository.git(&["add", "--all"]);
    assert_eq!(repository.baton(&["check", "--staged"]).code, repository.baton(&["check"]).code);
}

#[test]
fn ignored_files_are_left_out_in_the_index_as_on_the_disk() {
    let repository = Repository::with_project();
    repository.write(".gitignore", "made.rs\n");
    repository.stage("src/core/mod.rs", "pub mod made;\npub mod price;\n");
    repository.stage("src/core/made.rs", LEAK);
    repository.git(&["add", "--all"]);
    assert_eq!(repository.staged(), ["src/core/mod.rs: does-not-parse"], "nobody reads it, though git tracks it");
    let (staged, disk) = (repository.baton(&["check", "--staged"]), repository.baton(&["check"]));
    assert_eq!((staged.out, staged.err), (disk.out, disk.err), "the notices too");
    repository.unstage(".gitignore");
    assert_eq!(repository.staged(), ["src/core/made.rs: core-imports-shell"], "the rules are those of the index");
}

#[test]
fn a_submodule_is_what_the_index_says_it_is() {
    let library = Repository::empty();
    library.write("src/core/leak.rs", "pub fn now() -> std::time::SystemTime {\n    std::time::SystemTime::now()\n}\n");
    library.write("Cargo.toml", "[package]\nname = \"library\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
    library.write("src/core/mod.rs", "pub mod leak;\n");
    library.write("src/lib.rs", "pub mod core;\n");
    library.commit("with a leak");

    let repository = Repository::with_project();
    let from = library.path().to_str().unwrap();
    repository.git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", from, "libs/library"]);
    let config =
        repository.read("baton.toml").replace("\"src/core/**\"", "\"src/core/**\", \"libs/library/src/core/**\"");
    repository.stage("baton.toml", &config);
    repository.write("libs/library/src/core/leak.rs", "pub fn nothing() {}\n");
    assert_eq!(repository.staged(), ["libs/library/src/core/leak.rs: impure-core"]);

    let clone = repository.beside("clone");
    repository.commit("a submodule");
    let (from, to) = (repository.path().to_str().unwrap(), clone.to_str().unwrap());
    repository.git(&["clone", "--quiet", from, to]);
    let run = repository.at(&clone).baton(&["check", "--staged", "--format", "json"]);
    assert!(run.failure().contains("libs/library/src/core/**"), "it is not there, and the configuration speaks of it");
    let clone_config = repository.read("baton.toml").replace(", \"libs/library/src/core/**\"", "");
    std::fs::write(clone.join("baton.toml"), clone_config).unwrap();
    repository.at(&clone).git(&["add", "baton.toml"]);
    let run = repository.at(&clone).baton(&["check", "--staged"]);
    let said = run.out + &run.err;
    assert!(said.contains("skipped 1 submodule that is not here: `libs/library`"), "{said}");
}

#[test]
fn a_conflict_in_the_index_is_told() {
    let repository = Repository::with_project();
    repository.git(&["checkout", "--quiet", "-b", "other"]);
    repository.write("src/core/price.rs", LEAK);
    repository.commit("leak");
    repository.git(&["checkout", "--quiet", "main"]);
    repository.write("src/core/price.rs", "pub fn other() {}\n");
    repository.commit("other");
    let (is_merged, _) = repository.at("").try_git(&["merge", "other"]);
    assert!(!is_merged);
    let run = repository.baton(&["check", "--staged"]);
    assert!(run.failure().contains("the index has a merge conflict in `src/core/price.rs`"), "{}", run.err);
    repository.stage("src/core/price.rs", LEAK);
    assert_eq!(repository.staged(), FOUND);
}

#[test]
fn a_repository_without_commits_has_an_index() {
    let repository = Repository::empty();
    for (path, text) in crate::repository::PROJECT {
        repository.stage(path, text);
    }
    assert_eq!(repository.staged(), NONE);
    repository.stage("src/core/price.rs", LEAK);
    assert_eq!(repository.staged(), FOUND);
}

#[test]
fn a_project_may_lie_in_a_folder_of_its_repository() {
    let repository = Repository::empty();
    for (path, text) in crate::repository::PROJECT {
        repository.write(&format!("app/{path}"), text);
    }
    repository.write("baton.toml", "version = 1\n[rules]\ncore-imports-shell = \"allow\"\n");
    repository.stage("app/src/core/price.rs", LEAK);
    repository.git(&["add", "--all"]);
    let inside = repository.at("app/src").baton(&["check", "--staged", "--format", "concise"]);
    assert_eq!(inside.findings(), FOUND, "its paths begin at its root");
    let named = repository.baton(&["check", "--staged", "--format", "concise", "app"]);
    assert_eq!(named.findings(), FOUND);
    let part = repository.baton(&["check", "--staged", "--format", "concise", "app/src/shell"]);
    assert_eq!(part.findings(), NONE);
    let gone = repository.baton(&["check", "--staged", "app/src/nowhere"]);
    assert!(gone.failure().contains("there is no `app/src/nowhere` in the index"), "{}", gone.err);
}

#[test]
fn what_git_tells_a_hook_is_heard() {
    let repository = Repository::with_project();
    let index = repository.path().join(".git/other-index");
    std::fs::copy(repository.path().join(".git/index"), &index).unwrap();
    repository.write("src/core/price.rs", LEAK);
    repository.at("").with("GIT_INDEX_FILE", &index).git(&["add", "--all"]);
    let checked = |folder: &str, index: &str| {
        let here = repository.at(folder).with("GIT_INDEX_FILE", index);
        here.baton(&["check", "--staged", "--format", "concise"]).findings()
    };
    assert_eq!(repository.staged(), NONE);
    assert_eq!(checked("", index.to_str().unwrap()), FOUND);
    assert_eq!(checked("", ".git/other-index"), FOUND, "as git itself says it");
    let here = repository.at("src").with("GIT_INDEX_FILE", &index).with("GIT_DIR", repository.path().join(".git"));
    assert_eq!(here.baton(&["check", "--staged", "--format", "concise"]).findings(), FOUND, "where the hook went on");

    // A hook of one repository may check another one.
    let other = Repository::with_project();
    let here = repository.at("").with("GIT_INDEX_FILE", &index).with("GIT_DIR", ".git");
    let run = here.baton(&["check", "--staged", "--format", "concise", other.path().to_str().unwrap()]);
    assert_eq!(run.findings(), NONE);
}

#[test]
fn a_linked_worktree_has_an_index_of_its_own() {
    let repository = Repository::with_project();
    let tree = repository.beside("tree");
    repository.git(&["worktree", "add", "--quiet", "--detach", tree.to_str().unwrap()]);
    std::fs::write(tree.join("src/core/price.rs"), LEAK).unwrap();
    repository.at(&tree).git(&["add", "--all"]);
    let checked = repository.at(&tree).baton(&["check", "--staged", "--format", "concise"]);
    assert_eq!(checked.findings(), FOUND, "with a detached head");
    assert_eq!(repository.staged(), NONE);
}

#[test]
fn a_repository_may_lie_apart_from_its_work_tree() {
    let repository = Repository::with_project();
    repository.stage("src/core/price.rs", LEAK);
    let apart = repository.beside("apart.git");
    std::fs::rename(repository.path().join(".git"), &apart).unwrap();
    let here = repository.at("").with("GIT_DIR", &apart).with("GIT_WORK_TREE", repository.path());
    assert_eq!(here.baton(&["check", "--staged", "--format", "concise"]).findings(), FOUND);
    let run = repository.baton(&["check", "--staged"]);
    assert!(run.failure().contains("lies in no git repository"), "{}", run.err);
    assert!(run.err.contains("git init"), "{}", run.err);
}

#[test]
fn without_git_that_is_said() {
    let repository = Repository::with_project();
    let run = repository.at("").with("PATH", "").baton(&["check", "--staged"]);
    assert!(run.failure().contains("cannot run `git`"), "{}", run.err);
}
