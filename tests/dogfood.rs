//! Baton on Baton: this repository has no finding and no baseline, and its green is not an accident.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    reason = "the program is run on files; a step that fails is a test that fails"
)]

#[path = "hard/project.rs"]
mod project;

use baton_core::config::{self, Config};
use baton_core::finding::Level;
use baton_lints::LINTS;
use project::{Project, Run, baton};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// What of the repository is copied: all that the configuration names, and what it excludes.
const PARTS: [&str; 11] = [
    "Cargo.toml",
    "baton.toml",
    "src",
    "core",
    "lints",
    "runtime",
    "xtask",
    "benches",
    "tests",
    "fuzz",
    "fixtures/checkout",
];

#[test]
fn this_repository_has_no_finding() {
    let document = check(root());
    assert_eq!(document["findings"], json!([]));
    let summary = &document["summary"];
    assert_eq!(summary["findings"], json!({"deny": 0, "warn": 0}));
    assert_eq!((&summary["unparsed"], &document["unjudged"]), (&json!(0), &Value::Null));
}

#[test]
fn nothing_is_suppressed_and_there_is_no_baseline() {
    let summary = &check(root())["summary"];
    assert_eq!((&summary["suppressed"], &summary["baselined"]), (&json!(0), &json!(0)));
    let names = fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let baselines: Vec<_> = names.filter(|name| name.contains("baseline")).collect();
    assert!(baselines.is_empty(), "{baselines:?}");
}

#[test]
fn the_pages_of_its_folders_are_current() {
    let run = Run::of(baton(root()).args(["inventory", "--check"]));
    assert_eq!(run.code, Some(0), "`cargo run -- inventory` writes them\n{}{}", run.out, run.err);
}

#[test]
fn every_rule_is_denied_and_judged_something() {
    let config = configuration();
    for lint in LINTS {
        assert_eq!(config.level(lint), Level::Deny, "{}", lint.name);
    }
    let document = check(root());
    let rules = document["rules"].as_array().unwrap();
    // There is no database here, no task in the background, no registry, and nothing that outlives a run.
    let absent = [
        "faulty-suppression",
        "missing-recreation-test",
        "transaction-outside-owner",
        "unbounded-shutdown",
        "unmet-requirement",
        "unregistered-operation",
        "unstoppable-task",
    ];
    let judged = |rule: &&Value| {
        rule["judged"].as_u64() > Some(0) || rule["rule"].as_str().is_some_and(|name| absent.contains(&name))
    };
    let names: Vec<_> = rules.iter().filter(judged).map(|rule| rule["rule"].as_str().unwrap()).collect();
    let all: Vec<_> = LINTS.iter().map(|lint| lint.name).collect();
    assert_eq!(names, all);
}

#[test]
fn every_folder_with_code_has_a_role() {
    let config = configuration();
    let roles: BTreeSet<_> = config.roles.iter().map(|role| role.name.as_str()).collect();
    let built_in = BTreeSet::from(["core", "entry", "orchestrator", "shell"]);
    assert!(roles.is_superset(&built_in), "{roles:?}");
    let document = check(root());
    let assigned = document["rules"].as_array().unwrap().iter().find(|rule| rule["rule"] == "unassigned-module");
    assert!(assigned.unwrap()["judged"].as_u64() > Some(50), "{assigned:?}");
}

#[test]
fn the_orchestrators_are_found_with_what_they_receive() {
    let document = check(root());
    let all = document["orchestrators"].as_array().unwrap().iter();
    // The runtime crate measures itself with some that are not of the linter.
    let orchestrators = all.filter(|found| found["item"].as_str().unwrap().starts_with("orchestrators::"));
    let found: Vec<_> = orchestrators.map(|found| (found["item"].clone(), found["collaborators"].clone())).collect();
    let expected = [
        (json!("orchestrators::baseline::Baseline"), json!(["Terminal", "Writer"])),
        (json!("orchestrators::cargo_check::CargoCheck"), json!(["Terminal", "Cargo"])),
        (json!("orchestrators::check::Check"), json!(["Terminal"])),
        (json!("orchestrators::ci::Ci"), json!(["Terminal", "Writer"])),
        (json!("orchestrators::configure::Configure"), json!(["Terminal"])),
        (json!("orchestrators::graph::Graph"), json!(["Terminal", "Writer"])),
        (json!("orchestrators::hook::Hook"), json!(["Terminal", "Hooks"])),
        (json!("orchestrators::init::Init"), json!(["Terminal", "Writer"])),
        (json!("orchestrators::inventory::Inventory"), json!(["Terminal", "Writer"])),
        (json!("orchestrators::load::load"), json!(["Terminal"])),
        (json!("orchestrators::load::load_from"), json!(["Origin", "Terminal"])),
        (json!("orchestrators::load::load_known"), json!(["Origin", "Terminal"])),
        (json!("orchestrators::load::load_bare"), json!(["Terminal"])),
        (json!("orchestrators::load::load_earlier"), json!(["Origin", "Terminal"])),
        (json!("orchestrators::load::load_as_it_was"), json!(["Origin", "Terminal"])),
        (json!("orchestrators::mend::Mend"), json!(["Terminal"])),
        (json!("orchestrators::present::Present"), json!(["Terminal", "Writer"])),
        (json!("orchestrators::present::ended"), json!(["Terminal"])),
        (json!("orchestrators::serve::Serve"), json!(["Editor"])),
        (json!("orchestrators::since::before"), json!(["Terminal"])),
        (json!("orchestrators::site::Site"), json!(["Terminal"])),
        (json!("orchestrators::watch::Watch"), json!(["Terminal", "Writer"])),
        (json!("orchestrators::why::Why"), json!(["Terminal"])),
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_copy_with_faults_is_not_green() {
    let project = Project::new([]);
    for part in PARTS {
        copy(part, &project);
    }
    assert_eq!(check(project.root())["findings"], json!([]), "the copy is as clean as the repository");
    add(&project, "src/render/mod.rs", "use crate::adapters::read::Reader;\n");
    add(&project, "lints/Cargo.toml", "[dependencies.walkdir]\nworkspace = true\n");
    add(&project, "lints/src/lib.rs", "fn list() { walkdir::WalkDir::new(\".\"); }\n");
    add(&project, "lints/src/unlinked_file.rs", "use crate::does_not_parse::LINT as OTHER;\n");
    add(&project, "src/cli/mod.rs", "fn shout() { Terminal::new(ColorMode::Auto).err(\"\"); }\n");
    add(&project, "core/Cargo.toml", "[dependencies.rayon]\nworkspace = true\n");
    add(&project, "core/src/lib.rs", "fn ask(_: &rayon::ThreadPool) {}\n");
    add(&project, "src/lib.rs", "mod helper;\n");
    add(&project, "src/helper.rs", "fn help() {}\n");
    add(&project, "src/cli/orphan.rs", "fn orphan() {}\n");
    add(&project, "xtask/src/disk.rs", "fn {\n");
    let load = "src/orchestrators/load.rs";
    add(&project, load, "pub struct Hoard<'a> { terminal: &'a Terminal, seen: std::sync::Mutex<Vec<u32>> }\n");
    add(&project, load, "impl<'a> Hoard<'a> { pub fn new(terminal: &'a Terminal) -> Self { todo!() } }\n");
    add(&project, load, "impl Hoard<'_> { pub fn run(&self) { self.seen.lock().unwrap().push(1); } }\n");
    let document = check(project.root());
    let findings = document["findings"].as_array().unwrap().iter();
    let found: Vec<_> = findings
        .map(|finding| format!("{} {}", finding["file"].as_str().unwrap(), finding["rule"].as_str().unwrap()))
        .collect();
    let expected = [
        "core/src/lib.rs core-imports-shell",
        "lints/src/lib.rs core-imports-shell",
        "lints/src/unlinked_file.rs undeclared-cross-domain-import",
        "src/cli/mod.rs bypassed-orchestrator",
        "src/cli/orphan.rs unlinked-file",
        "src/helper.rs unassigned-module",
        "src/orchestrators/load.rs stateful-orchestrator",
        "src/render/mod.rs contract",
        "src/render/mod.rs core-imports-shell",
        "xtask/src/disk.rs does-not-parse",
    ];
    assert_eq!(found, expected);
}

/// What the program says about a project; its exit code says the same.
fn check(root: &Path) -> Value {
    let run = Run::of(baton(root).args(["check", "--format", "json"]));
    assert_eq!(run.err, "");
    let document: Value = serde_json::from_str(&run.out).unwrap();
    let has_findings = document["findings"] != json!([]);
    assert_eq!(run.code, Some(i32::from(has_findings)), "{}", document["findings"]);
    document
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn configuration() -> Config {
    config::parse("baton.toml", &fs::read_to_string(root().join("baton.toml")).unwrap(), LINTS).unwrap()
}

/// Copies the manifests, configurations and sources at `path` in the repository.
fn copy(path: &str, project: &Project) {
    let from = root().join(path);
    if from.is_dir() {
        for entry in fs::read_dir(&from).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            // What cargo has built, in the packages that are no members.
            if name != "target" {
                copy(&format!("{path}/{name}"), project);
            }
        }
    } else if from.extension().is_some_and(|extension| extension == "rs" || extension == "toml") {
        project.write(path, fs::read(&from).unwrap());
    }
}

/// Adds a line to the end of a file of the copy, which is made if it is not there.
fn add(project: &Project, path: &str, line: &str) {
    let text = fs::read_to_string(project.root().join(path)).unwrap_or_default();
    project.write(path, text + line);
}
