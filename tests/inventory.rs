//! `baton inventory`: the pages of the sample project are the committed ones, people's text survives
//! whatever happens, and what is wrong with a page is said before any page is touched.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    reason = "the program is run on files; a step that fails is a test that fails"
)]

#[path = "hard/project.rs"]
mod project;

use project::{Project, Run, baton};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

const SAMPLE: &str = "fixtures/inventory";
const PAGE: &str = "src/hoc/orchestrator/FOLDER.md";

fn sample_root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/inventory"))
}

/// The files below a folder, by their paths in it.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
            if path.is_dir() {
                if name != "target" {
                    open.push(path);
                }
            } else {
                found.insert(name, fs::read(path).unwrap());
            }
        }
    }
    found
}

fn has_ending(path: &str, ending: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == ending)
}

fn pages(folder: &Path) -> BTreeMap<String, String> {
    let pages = files(folder).into_iter().filter(|(path, _)| has_ending(path, "md"));
    pages.map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap())).collect()
}

/// A copy of the sample, with its pages or without.
fn sample(with_pages: bool) -> Project {
    let project = Project::new([]);
    for (path, bytes) in files(sample_root()) {
        if (with_pages || !has_ending(&path, "md")) && path != "Cargo.lock" {
            project.write(&path, bytes);
        }
    }
    project
}

fn inventory(folder: &Path, arguments: &[&str]) -> Run {
    Run::of(baton(folder).arg("inventory").args(arguments))
}

/// Puts another text in the place of one in a file.
fn replace(project: &Project, path: &str, old: &str, new: &str) {
    let text = fs::read_to_string(project.root().join(path)).unwrap();
    assert!(text.contains(old), "{path} has no {old:?}");
    project.write(path, text.replacen(old, new, 1));
}

/// A change that every page of the sample shows.
fn change_all(project: &Project) {
    replace(project, "baton.toml", "layer = \"L4\"", "layer = \"L40\"");
}

#[test]
fn the_pages_of_the_sample_are_the_committed_ones() {
    let project = sample(false);
    let run = inventory(project.root(), &[]);
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (Some(0), "", "wrote 18 pages; 0 current\n"));
    let (made, committed) = (pages(project.root()), pages(sample_root()));
    assert_eq!(made.keys().collect::<Vec<_>>(), committed.keys().collect::<Vec<_>>());
    for (path, page) in &made {
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            fs::write(sample_root().join(path), page).unwrap();
        } else {
            assert_eq!(page, &committed[path], "{path}; UPDATE_EXPECT=1 writes it to {SAMPLE}");
        }
    }
}

#[test]
fn the_page_has_the_sections_and_columns_of_a_folder_summary() {
    let page = &pages(sample_root())[PAGE];
    let sections: Vec<&str> = page.lines().filter(|line| line.starts_with('#')).collect();
    let expected = [
        "# Orchestrator — Folder Summary",
        "## 1. Purpose",
        "## 2. What Belongs Here",
        "## 3. What Must NOT Be Here",
        "## 4. Script Inventory",
        "### Coordinators Subfolder (`coordinators/`)",
        "## 5. Assessment",
        "## 6. L5 Pairing Aggregate",
        "## 7. Dependencies",
    ];
    assert_eq!(sections, expected);
    let has = |line: &str| assert!(page.lines().any(|other| other == line), "no line {line:?}");
    has("**Path:** `src/hoc/orchestrator/`\\");
    has("**Layer:** L4\\");
    has("**Scripts:** 12 + 3 coordinators");
    has("| Script | Purpose | Kind | Transaction | Cross-domain | Verdict |");
    has("| [execution.rs](execution.md) | Module: execution | port | Forbidden | no | OK |");
    has(
        "| [operation_registry.rs](operation_registry.md) | Operation Registry (L4 Orchestrator) | registry | OWNS COMMIT | no | OK |",
    );
    has("| Script | Purpose | Cross-domain | Reference |");
    has(
        "| [`coordinators/mod.rs`](coordinators/mod.md) | Cross-domain mediators, decided in PIN-504 (Loop Model C4 pattern). | — | PIN-504 |",
    );
    has("**Correct:** 12/12 scripts pass all governance checks, 3/3 in `coordinators/`.");
    has("| Script | Serves Domains | Wired L5 Consumers | Gaps |");
    assert_eq!(page.lines().filter(|line| line.ends_with(" | _none_ | 0 | 0 |")).count(), 12);
}

#[test]
fn a_second_run_and_any_number_of_threads_change_nothing() {
    let project = sample(false);
    inventory(project.root(), &["--threads", "1"]);
    let first = files(project.root());
    for threads in ["1", "2", "8"] {
        let run = inventory(project.root(), &["--threads", threads]);
        assert_eq!((run.code, run.err.as_str()), (Some(0), "wrote 0 pages; 18 current\n"));
        assert_eq!(files(project.root()), first);
    }
    let run = inventory(project.root(), &["--check"]);
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (Some(0), "", "18 pages: all current\n"));
}

#[test]
fn drift_is_told_with_a_diff_and_nothing_is_written() {
    let project = sample(true);
    replace(&project, "src/hoc/orchestrator/pool_manager.rs", "(GAP-172)", "(GAP-173)");
    let before = files(project.root());
    let run = inventory(project.root(), &["--check"]);
    assert_eq!(run.code, Some(1));
    assert_eq!(run.err, "2 pages are out of date: run `baton inventory`\n");
    for line in [
        "--- a/src/hoc/orchestrator/FOLDER.md",
        "+++ b/src/hoc/orchestrator/FOLDER.md",
        "-| [pool_manager.rs](pool_manager.md) | Connection Pool Manager (GAP-172) | types | Forbidden | no | OK |",
        "+| [pool_manager.rs](pool_manager.md) | Connection Pool Manager (GAP-173) | types | Forbidden | no | OK |",
    ] {
        assert!(run.out.lines().any(|other| other == line), "no line {line:?} in\n{}", run.out);
    }
    assert_eq!(files(project.root()), before);
    let run = inventory(project.root(), &[]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), "wrote 2 pages; 16 current\n"));
    assert_eq!(inventory(project.root(), &["--check"]).code, Some(0));
}

#[test]
fn moved_lines_are_no_drift() {
    let project = sample(true);
    replace(&project, "src/hoc/orchestrator/execution.rs", "/// Why a run", "// A remark.\n\n\n/// Why a run");
    assert_eq!(inventory(project.root(), &["--check"]).code, Some(0));
}

#[test]
fn notes_of_people_survive_and_edited_parts_are_told() {
    let project = sample(true);
    let note = "\nA note, kept by hand.\n\n";
    replace(&project, PAGE, "<!-- baton:begin belongs", &format!("{note}<!-- baton:begin belongs"));
    change_all(&project);
    let run = inventory(project.root(), &[]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), "wrote 18 pages; 0 current\n"));
    let page = pages(project.root())[PAGE].clone();
    assert!(page.contains(note) && page.contains("**Layer:** L40"));

    replace(&project, PAGE, "- contexts that", "- my own words about contexts that");
    replace(&project, "baton.toml", "layer = \"L40\"", "layer = \"L4\"");
    let edited = fs::read(project.root().join(PAGE)).unwrap();
    let run = inventory(project.root(), &[]);
    assert_eq!(run.code, Some(1));
    assert!(
        run.err.contains("src/hoc/orchestrator/FOLDER.md:20: the generated part `belongs` was edited by hand\n"),
        "{}",
        run.err
    );
    assert!(run.err.ends_with("wrote 17 pages; 0 current; left 1 alone\n"), "{}", run.err);
    assert_eq!(fs::read(project.root().join(PAGE)).unwrap(), edited, "what somebody wrote is still there");
    assert_eq!(inventory(project.root(), &["--check"]).code, Some(1));
    assert_eq!(inventory(project.root(), &["--force"]).code, Some(0));
    let page = pages(project.root())[PAGE].clone();
    assert!(page.contains(note) && page.contains("**Layer:** L4\\") && !page.contains("my own words"));
}

#[test]
fn pages_that_nobody_asks_for_go_unless_people_wrote_on_them() {
    let project = sample(true);
    fs::remove_file(project.root().join("src/hoc/orchestrator/coordinators/logs_coordinator.rs")).unwrap();
    replace(&project, "src/hoc/orchestrator/coordinators/mod.rs", "pub mod logs_coordinator;\n", "");
    let left = "src/hoc/orchestrator/coordinators/logs_coordinator.md";
    let run = inventory(project.root(), &["--check"]);
    assert_eq!(run.code, Some(1));
    assert!(run.out.contains(&format!("--- a/{left}\n+++ /dev/null\n")), "{}", run.out);
    let mut noted = fs::read_to_string(project.root().join(left)).unwrap();
    noted.push_str("\nWhy we had it.\n");
    project.write(left, &noted);
    let run = inventory(project.root(), &[]);
    assert_eq!(run.code, Some(1));
    assert!(run.err.contains("somebody wrote on it"), "{}", run.err);
    assert_eq!(fs::read_to_string(project.root().join(left)).unwrap(), noted);
    project.write(left, noted.replace("\nWhy we had it.\n", ""));
    let run = inventory(project.root(), &[]);
    assert!(run.code == Some(0) && run.err.contains("removed 1"), "{run:?}");
    assert!(!project.root().join(left).exists());
}

#[test]
fn copies_of_pages_and_pages_of_other_projects_are_nobody_s_to_remove() {
    let project = sample(true);
    let page = fs::read_to_string(project.root().join(PAGE)).unwrap();
    project.write("docs/archive.md", &page);
    project.write("docs/how-to.md", format!("A page looks so:\n\n```\n{page}```\n"));
    for (path, bytes) in files(sample_root()) {
        if path != "Cargo.lock" {
            project.write(&format!("tools/inner/{path}"), bytes);
        }
    }
    let before = files(project.root());
    let run = inventory(project.root(), &[]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), "wrote 0 pages; 18 current\n"));
    project.write("other.toml", "version = 1\n[[folder]]\npath = \"src/entry\"\n[inventory]\nindex = \"OTHER.md\"\n");
    let run = inventory(project.root(), &["--config", "other.toml"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    let after = files(project.root());
    assert!(before.iter().all(|(path, bytes)| after.get(path) == Some(bytes)));
}

#[cfg(unix)]
#[test]
fn a_tree_behind_a_link_in_the_project_is_one_tree() {
    let project = sample(false);
    fs::create_dir(project.root().join("real")).unwrap();
    std::os::unix::fs::symlink("real", project.root().join("docs")).unwrap();
    replace(&project, "baton.toml", "[rules]", "[inventory]\nout = \"docs/folders\"\n[rules]");
    let first = inventory(project.root(), &[]);
    assert_eq!((first.code, first.err.as_str()), (Some(0), "wrote 18 pages; 0 current\n"));
    let second = inventory(project.root(), &[]);
    assert_eq!((second.code, second.err.as_str()), (Some(0), "wrote 0 pages; 18 current\n"));
}

#[test]
fn the_last_contract_takes_its_pages_with_it() {
    let project = sample(true);
    let config = fs::read_to_string(project.root().join("baton.toml")).unwrap();
    let (before, rest) = config.split_once("[[folder]]").unwrap();
    project.write("baton.toml", format!("{before}[rules]{}", rest.split_once("[rules]").unwrap().1));
    let run = inventory(project.root(), &[]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), "wrote 0 pages; 0 current; removed 18\n"));
    assert!(pages(project.root()).is_empty());
}

#[test]
fn a_page_that_people_had_before_is_told_of() {
    let project = sample(false);
    project.write(PAGE, "# Ours\n");
    let run = inventory(project.root(), &[]);
    let told = format!("{PAGE}: what stood there stays, and the generated parts were put below it\n");
    assert!(run.err.starts_with(&told), "{}", run.err);
    assert!(pages(project.root())[PAGE].starts_with("# Ours\n<!-- baton:begin title"));
}

/// Makes a copy of the sample in which every page is out of date, spoils it, and expects a failure that
/// says `message` and leaves all as it was.
#[track_caller]
fn refused(spoil: impl Fn(&Project), arguments: &[&str], message: &str) {
    let project = sample(true);
    change_all(&project);
    spoil(&project);
    let before = files(project.root());
    let run = inventory(project.root(), arguments);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.err.contains(message), "{}", run.err);
    assert_eq!(files(project.root()), before, "nothing was written");
}

#[test]
fn what_is_wrong_with_one_page_is_said_before_any_is_written() {
    refused(
        |project| replace(project, PAGE, "<!-- baton:end belongs -->\n", ""),
        &[],
        "the part `must-not` begins inside of `belongs`, which has no end\n   ┌─ src/hoc/orchestrator/FOLDER.md:25:1",
    );
    refused(
        |project| {
            replace(project, PAGE, "- contexts", "<<<<<<< HEAD\n- contexts\n=======\n- other\n>>>>>>> b\n- contexts");
        },
        &["--force"],
        "a merge left both sides of a conflict here",
    );
    refused(
        |project| replace(project, "FOLDERS.md", "<!-- baton:begin title", "<!-- baton:begin titel!"),
        &["--force"],
        "this marker is damaged",
    );
    let utf16: Vec<u8> = "# Orchestrator".encode_utf16().flat_map(u16::to_le_bytes).chain([0xff, 0xfe]).collect();
    refused(|project| project.write(PAGE, &utf16), &[], "the page `src/hoc/orchestrator/FOLDER.md` is not UTF-8");
    refused(
        |project| {
            fs::remove_file(project.root().join(PAGE)).unwrap();
            fs::create_dir(project.root().join(PAGE)).unwrap();
        },
        &[],
        "the page `src/hoc/orchestrator/FOLDER.md` is no file",
    );
    refused(
        |project| {
            replace(
                project,
                "baton.toml",
                "[rules]",
                "[[folder]]\npath = \"./src/hoc/orchestrator/\"\npurpose = \"a\"\n[rules]",
            );
        },
        &[],
        "`./src/hoc/orchestrator/` has a section already",
    );
    refused(
        |project| replace(project, "baton.toml", "[rules]", "[[folder]]\npath = \"src/hoc/orchestrators\"\n[rules]"),
        &[],
        "`src/hoc/orchestrators` matches no file or folder",
    );
    refused(
        |project| replace(project, "baton.toml", "[rules]", "[inventory]\nfile = \"Execution.md\"\n[rules]"),
        &[],
        "two pages would be called `src/hoc/orchestrator/execution.md`",
    );
}

#[cfg(unix)]
#[test]
fn a_page_that_is_a_link_is_not_followed() {
    refused(
        |project| {
            let page = project.root().join(PAGE);
            fs::rename(&page, project.root().join("elsewhere.md")).unwrap();
            std::os::unix::fs::symlink("../../../elsewhere.md", &page).unwrap();
        },
        &["--force"],
        "the page `src/hoc/orchestrator/FOLDER.md` is a link",
    );
}

#[test]
fn pages_may_lie_in_a_tree_of_their_own() {
    let project = sample(false);
    replace(&project, "baton.toml", "[rules]", "[inventory]\nout = \"docs/folders\"\nfiles = false\n[rules]");
    let run = inventory(project.root(), &[]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), "wrote 2 pages; 0 current\n"));
    let made = pages(project.root());
    let paths: Vec<&str> = made.keys().map(String::as_str).collect();
    assert_eq!(paths, ["docs/folders/README.md", "docs/folders/src/hoc/orchestrator/FOLDER.md"]);
    assert!(made[paths[0]].contains("](src/hoc/orchestrator/FOLDER.md)"));
    assert!(made[paths[1]].contains("[execution.rs](../../../../../src/hoc/orchestrator/execution.rs)"));
    assert_eq!(inventory(project.root(), &["--check"]).code, Some(0));
}

#[test]
fn every_link_of_a_page_leads_somewhere() {
    for (path, page) in pages(sample_root()) {
        let folder = sample_root().join(&path).parent().unwrap().to_owned();
        for target in page.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()) {
            assert!(folder.join(target).exists(), "{path} links to {target}");
        }
    }
}

#[test]
fn without_a_contract_there_is_nothing_to_write() {
    let project = Project::new([("Cargo.toml", "[package]\nname = \"a\"\n"), ("src/lib.rs", "")]);
    let run = inventory(project.root(), &[]);
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("no folder here has a contract") && run.err.contains("[[folder]]"), "{}", run.err);
}

#[test]
fn json_has_the_whole_model_and_its_schema_says_so() {
    let run = inventory(sample_root(), &["--format", "json"]);
    assert_eq!(run.code, Some(0));
    let document: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(document["schema"], 1);
    let folders = document["folders"].as_array().unwrap();
    let folder = folders.iter().find(|folder| folder["path"] == "src/hoc/orchestrator").unwrap();
    assert_eq!((&folder["governed"], &folder["layer"]), (&true.into(), &"L4".into()));
    assert_eq!(folder["assessment"]["missing"].as_array().unwrap().len(), 1);
    let files = document["files"].as_array().unwrap();
    let file = files.iter().find(|file| file["name"] == "operation_registry.rs").unwrap();
    assert_eq!((&file["kind"], &file["transaction"]["standing"]), (&"registry".into(), &"owns".into()));
    let schema = baton::render::inventory_schema().unwrap();
    let published = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/inventory.schema.json"));
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(published, &schema).unwrap();
    }
    assert!(fs::read_to_string(published).unwrap() == schema, "UPDATE_EXPECT=1 writes it");
    let schema = serde_json::from_str(&schema).unwrap();
    assert_eq!(jsonschema::validate(&schema, &document).map_err(|error| error.to_string()), Ok(()));
    let mut broken = document.clone();
    broken["files"][0]["name"] = 1.into();
    assert!(jsonschema::validate(&schema, &broken).is_err());
    let combined = inventory(sample_root(), &["--check", "--format", "json"]);
    assert!(combined.code == Some(2) && combined.err.contains("--check"), "{combined:?}");
}

#[test]
fn ci_wants_current_pages() {
    let project = sample(true);
    replace(&project, "baton.toml", "[rules]", "[rules]\nunmet-requirement = \"allow\"");
    let ci = || Run::of(baton(project.root()).arg("ci"));
    let run = ci();
    assert_eq!((run.code, run.err.as_str()), (Some(0), "18 pages: all current\n"), "{}", run.out);
    replace(&project, "src/hoc/orchestrator/pool_manager.rs", "(GAP-172)", "(GAP-173)");
    let before = files(project.root());
    let run = ci();
    assert_eq!(run.code, Some(1));
    assert!(run.err.ends_with("2 pages are out of date: run `baton inventory`\n"), "{}", run.err);
    assert_eq!(files(project.root()), before);
    // Warnings fail a pipeline.
    let warned = Run::of(baton(sample_root()).args(["ci", "--format", "concise"]));
    assert_eq!(warned.code, Some(1));
    assert!(warned.out.contains("warn[unmet-requirement]"), "{}", warned.out);
}

/// Each page of a project is what it was or what it should be.
fn whole(project: &Project, old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) {
    let now = pages(project.root());
    assert_eq!(now.keys().collect::<Vec<_>>(), old.keys().collect::<Vec<_>>());
    for (path, page) in now {
        assert!(page == old[&path] || page == new[&path], "{path} is neither old nor new:\n{page}");
    }
}

#[test]
fn a_killed_run_leaves_each_page_whole() {
    let (project, done) = (sample(true), sample(true));
    let old = pages(project.root());
    change_all(&project);
    change_all(&done);
    inventory(done.root(), &[]);
    let new = pages(done.root());
    for step in 0..40 {
        let mut child =
            baton(project.root()).arg("inventory").stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        sleep(Duration::from_micros(500 * step));
        drop(child.kill());
        child.wait().unwrap();
        whole(&project, &old, &new);
    }
    assert_eq!(inventory(project.root(), &[]).code, Some(0));
    assert_eq!(pages(project.root()), new);
}

/// Stops a run at its `nth` call of the system, or lets that call fail.
fn injected(folder: &Path, call: &str, what: &str, nth: usize) -> Run {
    let mut command = Command::new("strace");
    let inject = format!("inject={call}:{what}:when={nth}");
    command.args(["-f", "-o", "/dev/null", "-e", &format!("trace={call}"), "-e", &inject]);
    command.arg(env!("CARGO_BIN_EXE_baton")).args(["inventory", "--threads", "1"]).current_dir(folder);
    Run::of(&mut command)
}

#[test]
fn a_run_stopped_at_any_write_leaves_each_page_whole() {
    let (project, done) = (sample(true), sample(true));
    let tried = Command::new("strace").arg("-V").output();
    if !tried.is_ok_and(|run| run.status.success()) {
        // Past the test harness, which keeps to itself what a test that passes prints.
        let _ = writeln!(std::io::stderr(), "LEFT OUT: runs stopped at each write, because there is no strace");
        return;
    }
    let old = pages(project.root());
    change_all(&project);
    change_all(&done);
    inventory(done.root(), &[]);
    let new = pages(done.root());
    for nth in 1..=old.len() {
        for (path, page) in &old {
            project.write(path, page);
        }
        let run = injected(project.root(), "rename", "signal=KILL", nth);
        assert_eq!(run.code, None, "stopped at rename {nth}");
        whole(&project, &old, &new);
        let renewed = pages(project.root()).iter().filter(|(path, page)| **page == new[*path]).count();
        assert!(renewed == nth || renewed == nth - 1, "{renewed} pages are new after rename {nth}");
    }
    let unfinished = |path: &String| has_ending(path, "tmp");
    for path in files(project.root()).keys().filter(|path| unfinished(path)) {
        fs::remove_file(project.root().join(path)).unwrap();
    }
    for error in ["error=EACCES", "error=ENOSPC"] {
        for (path, page) in &old {
            project.write(path, page);
        }
        let run = injected(project.root(), "rename", error, 3);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.err.contains("the page is as it was: cannot write"), "{}", run.err);
        whole(&project, &old, &new);
        assert!(!files(project.root()).keys().any(unfinished), "nothing is left lying around");
    }
    assert_eq!(inventory(project.root(), &[]).code, Some(0));
    assert_eq!(pages(project.root()), new);
}
