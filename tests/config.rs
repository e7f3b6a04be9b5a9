//! `baton config`, and what configurations say besides roles: files and presets that they extend, overrides, and
//! the schema, which knows every key that the reader knows.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    reason = "the program is run on files; a step that fails is a test that fails"
)]

#[path = "hard/project.rs"]
mod project;

use baton_core::config::{self, PRESETS, schema};
use baton_lints::LINTS;
use project::{Project, Run, baton};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const MANIFEST: &str = "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";

/// A project whose core reads the clock in two files.
fn shop(config: &str) -> Project {
    Project::new([
        ("Cargo.toml", MANIFEST),
        ("baton.toml", config),
        ("src/lib.rs", "pub mod domain;\npub mod adapters;\n"),
        ("src/domain/mod.rs", "pub mod legacy;\npub mod price;\n"),
        ("src/domain/legacy.rs", "pub fn now() -> std::time::Instant { std::time::Instant::now() }\n"),
        ("src/domain/price.rs", "pub fn at() -> std::time::Instant { std::time::Instant::now() }\n"),
        ("src/adapters.rs", "pub fn read() -> String { std::fs::read_to_string(\"a\").unwrap_or_default() }\n"),
    ])
}

const ROLES: &str = "version = 1\n[[role]]\nname = \"core\"\npaths = [\"src/domain/**\"]\n";

fn run(project: &Project, words: &str) -> Run {
    let words: Vec<&str> = words.split(' ').collect();
    Run::of(baton(project.root()).args(words))
}

/// The places of findings, with their levels.
fn findings(project: &Project) -> Vec<String> {
    let run = run(project, "check --format json");
    let report: Value = serde_json::from_str(&run.out).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    let shown = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
    findings.map(|one| format!("{} {} {}", shown(one, "file"), shown(one, "level"), shown(one, "rule"))).collect()
}

#[test]
fn an_override_changes_levels_and_options_for_its_files_alone() {
    let project = shop(ROLES);
    let both = ["src/domain/legacy.rs deny impure-core", "src/domain/price.rs deny impure-core"];
    assert_eq!(findings(&project), both);
    let with = |text: &str| project.write("baton.toml", format!("{ROLES}{text}"));
    with("[[override]]\npaths = [\"src/domain/legacy.rs\"]\nrules = { impure-core = \"warn\" }\n");
    assert_eq!(findings(&project), [both[0].replace("deny", "warn"), both[1].to_owned()]);
    with("[[override]]\npaths = [\"src/domain/legacy.rs\"]\nrules = { impure-core = \"allow\" }\n");
    assert_eq!(findings(&project), [both[1]]);
    with("[[override]]\npaths = [\"src/domain/legacy.rs\"]\nrules.impure-core.allow = [\"std::time::Instant::now\"]\n");
    assert_eq!(findings(&project), [both[1]], "an option");
    with(
        "[rules]\nimpure-core = \"allow\"\n[[override]]\npaths = [\"src/domain/**\"]\nrules.impure-core = \"deny\"\n\
         [[override]]\npaths = [\"src/domain/price.rs\"]\nrules.impure-core = \"warn\"\n",
    );
    assert_eq!(findings(&project), [both[0].to_owned(), both[1].replace("deny", "warn")], "the last that matches wins");
}

#[test]
fn an_override_that_speaks_of_nothing_is_an_error() {
    let project =
        shop(&format!("{ROLES}[[override]]\npaths = [\"src/domian/**\"]\nrules = {{ impure-core = \"warn\" }}\n"));
    let missed = run(&project, "check");
    assert_eq!(missed.code, Some(2));
    assert!(
        missed.err.contains("`src/domian/**` matches no file") && missed.err.contains("baton.toml:6:10"),
        "{}",
        missed.err
    );
    assert!(missed.err.contains("did you mean `src/domain/**`?"), "{}", missed.err);
    project.write("baton.toml", format!("{ROLES}[[override]]\npaths = [\"src\"]\nrules = {{ impure = \"warn\" }}\n"));
    let unknown = run(&project, "config check");
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.err.contains("unknown rule `impure`"), "{}", unknown.err);
    project.write(
        "baton.toml",
        format!("{ROLES}[[override]]\npaths = [\"src\"]\nrules = {{ impure-core = {{ allow = [\"no::such\"] }} }}\n"),
    );
    assert_eq!(run(&project, "check").code, Some(2), "what its options speak of has to exist");
}

#[test]
fn a_suppression_in_a_file_for_which_the_rule_is_off_is_no_fault() {
    let project =
        shop(&format!("{ROLES}[[override]]\npaths = [\"src/domain/legacy.rs\"]\nrules.impure-core = \"allow\"\n"));
    let text = "// baton: allow(impure-core, reason = \"old\")\npub fn now() -> std::time::Instant { std::time::Instant::now() }\n";
    project.write("src/domain/legacy.rs", text);
    assert_eq!(findings(&project), ["src/domain/price.rs deny impure-core"]);
}

#[test]
fn files_are_extended_and_faults_are_told_where_they_stand() {
    let project = shop("version = 1\nextends = \"config/base.toml\"\n[rules]\nimpure-core = \"warn\"\n");
    project.write("config/base.toml", format!("{ROLES}[rules]\nunlinked-file = \"allow\"\n"));
    let warned = ["src/domain/legacy.rs warn impure-core", "src/domain/price.rs warn impure-core"];
    assert_eq!(findings(&project), warned, "patterns are relative to the project");
    project.write("config/base.toml", ROLES.replace("domain", "domian"));
    let run = run(&project, "check");
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("config/base.toml:4:10"), "{}", run.err);
    assert!(run.err.contains("paths = [\"src/domian/**\"]"), "its line is shown: {}", run.err);
}

#[test]
fn what_cannot_be_extended_ends_with_2_and_its_place() {
    let project = shop("version = 1\nextends = \"no.toml\"\n");
    let missing = run(&project, "check");
    assert_eq!(missing.code, Some(2));
    assert!(
        missing.err.contains("baton.toml:2:11") && missing.err.contains("cannot read `no.toml`"),
        "{}",
        missing.err
    );
    project.write("baton.toml", "version = 1\nextends = \"../up.toml\"\n");
    assert!(run(&project, "check").err.contains("lies outside of the project"));
    project.write("baton.toml", "version = 1\nextends = \"a.toml\"\n");
    project.write("a.toml", "version = 1\nextends = \"baton.toml\"\n");
    let circle = run(&project, "config check");
    assert_eq!(circle.code, Some(2));
    assert!(circle.err.contains("a.toml:2:11") && circle.err.contains("extends itself"), "{}", circle.err);
}

#[test]
fn a_preset_fits_a_project_or_is_an_error() {
    let project = shop("version = 1\nextends = \"preset:hexagonal\"\n");
    assert_eq!(findings(&project).len(), 2, "`src/domain` is the core");
    assert_eq!(run(&project, "config check").code, Some(0), "patterns of a preset may match nothing");
    project.write("baton.toml", "version = 1\nextends = \"preset:functional-core\"\n");
    project.write("src/lib.rs", "pub mod adapter;\n");
    project.write("src/adapter.rs", "");
    let idle = run(&project, "check");
    assert_eq!(idle.code, Some(2));
    assert!(idle.err.contains("no role of `preset:functional-core` has any code"), "{}", idle.err);
    assert!(idle.err.contains("baton.toml:2:11"), "{}", idle.err);
}

#[test]
fn a_manifest_may_extend_too() {
    let project = shop("");
    fs::remove_file(project.root().join("baton.toml")).unwrap();
    let metadata =
        "[package.metadata.baton]\nversion = 1\nextends = [\"preset:clean\", \"preset:orchestrator-strict\"]\n";
    project.write("Cargo.toml", format!("{MANIFEST}{metadata}"));
    assert!(findings(&project).contains(&"src/domain/price.rs deny impure-core".to_owned()));
    let shown = run(&project, "config show");
    assert!(shown.out.contains("level = \"deny\" # preset:orchestrator-strict:"), "{}", shown.out);
    assert!(shown.out.contains("version = 1 # Cargo.toml:"), "{}", shown.out);
}

#[test]
fn the_strict_preset_names_every_rule() {
    let strict = config::preset("orchestrator-strict").unwrap();
    let config = config::parse("preset", strict.text, LINTS).unwrap();
    let named: BTreeSet<&str> = config.rules.keys().map(String::as_str).collect();
    let all: BTreeSet<&str> = LINTS.iter().map(|lint| lint.name).collect();
    assert_eq!(named, all);
}

#[test]
fn the_effective_configuration_says_where_each_value_comes_from() {
    let project =
        shop("version = 1\nextends = [\"preset:hexagonal\", \"base.toml\"]\n[rules]\nimpure-core = \"warn\"\n");
    project.write("base.toml", "version = 1\n[rules]\ntoo-many-dependencies = { max = 9 }\nimpure-core = \"deny\"\n");
    let text = run(&project, "config show");
    assert_eq!(text.code, Some(0), "{}", text.err);
    let section = |name: &str| {
        let (_, rest) = text.out.split_once(&format!("[rules.{name}]\n")).unwrap();
        rest.split("\n\n").next().unwrap().to_owned()
    };
    assert!(section("impure-core").starts_with("level = \"warn\" # baton.toml:4\n"), "{}", text.out);
    assert_eq!(
        section("too-many-dependencies"),
        "level = \"deny\" # default\nmax = 9 # base.toml:3\ncount_telemetry = true # default"
    );
    assert!(text.out.contains("name = \"core\" # preset:hexagonal:"), "{}", text.out);
    // It is a configuration that means the same, without anything that is extended.
    let again = config::parse("baton.toml", &text.out, LINTS).unwrap();
    assert_eq!(again.options(lint("too-many-dependencies")).number("max"), 9);
    let json: Value = serde_json::from_str(&run(&project, "config show --format json").out).unwrap();
    let settings = json["settings"].as_array().unwrap();
    let max =
        settings.iter().find(|one| one["section"] == "rules.too-many-dependencies" && one["key"] == "max").unwrap();
    assert_eq!(max["value"], 9);
    assert_eq!(max["from"][0], serde_json::json!({ "kind": "extended", "file": "base.toml", "line": 3 }));
    assert_eq!(json["files"], serde_json::json!(["baton.toml", "preset:hexagonal", "base.toml"]));
    let bare = Project::new([("Cargo.toml", MANIFEST), ("src/lib.rs", "")]);
    assert!(run_in(bare.root(), &["config", "show"]).out.contains("There is no configuration"));
}

fn lint(name: &str) -> &'static baton_core::lint::Lint {
    LINTS.iter().find(|lint| lint.name == name).unwrap()
}

fn run_in(root: &Path, words: &[&str]) -> Run {
    Run::of(baton(root).args(words))
}

#[test]
fn checking_a_configuration_runs_no_rule() {
    let project = shop(ROLES);
    let fine = run(&project, "config check");
    assert_eq!((fine.code, fine.err.as_str()), (Some(0), ""));
    assert_eq!(fine.out, "baton.toml is in order: 1 role, 0 contracts, 0 rules, 0 orchestrators\n");
    project.write("baton.toml", "version = 1\n[rules]\nimpure-cor = \"deny\"\n[[role]]\nname = \"core\"\n");
    let wrong = run(&project, "config check");
    assert_eq!(wrong.code, Some(2));
    for place in ["baton.toml:3:1", "baton.toml:4:1"] {
        assert!(wrong.err.contains(place), "{}", wrong.err);
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn schema_text() -> String {
    let printed = run_in(root(), &["config", "schema"]);
    assert_eq!(printed.code, Some(0), "{}", printed.err);
    printed.out
}

#[test]
fn the_published_schema_is_current() {
    let published = root().join("docs/baton.schema.json");
    let schema = schema_text();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&published, &schema).unwrap();
    }
    assert!(fs::read_to_string(published).unwrap() == schema, "UPDATE_EXPECT=1 writes it");
}

/// The keys of an object's schema, and whether it takes no others.
fn keys_of(schema: &Value, object: &Value) -> (BTreeSet<String>, bool) {
    let object = object["$ref"].as_str().map_or(object, |name| schema.pointer(name.trim_start_matches('#')).unwrap());
    let keys = object["properties"].as_object().unwrap().keys().cloned().collect();
    (keys, object["additionalProperties"] == false)
}

#[test]
fn the_schema_has_the_keys_of_the_reader_and_no_others() {
    let schema: Value = serde_json::from_str(&schema_text()).unwrap();
    let definition = |name: &str| schema["$defs"][name].clone();
    let contracts: BTreeMap<String, Value> = definition("Contract")["oneOf"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (format!("contract {}", one["properties"]["kind"]["const"].as_str().unwrap()), one.clone()))
        .collect();
    let known = schema::keys();
    for (section, keys) in &known {
        let object = match *section {
            "" => schema.clone(),
            "source" => definition("Files"),
            "domains.allow" => definition("Allowance"),
            "contract.except" => definition("Exception"),
            "folder.forbidden" => definition("HeldText"),
            "folder.requires" => definition("DecidedText"),
            "folder.paired" => definition("NamedRole"),
            kind if contracts.contains_key(kind) => contracts[kind].clone(),
            name => definition(&format!("{}{}", name[..1].to_uppercase(), &name[1..])),
        };
        let expected: BTreeSet<String> = keys.iter().map(|key| (*key).to_owned()).collect();
        assert_eq!(keys_of(&schema, &object), (expected, true), "[{section}]");
    }
    assert_eq!(known.keys().filter(|name| name.starts_with("contract ")).count(), contracts.len());
    let rules = definition("Rules");
    let (names, _) = keys_of(&schema, &rules);
    assert_eq!(names, LINTS.iter().map(|lint| lint.name.to_owned()).collect());
    for lint in LINTS {
        let table = &rules["properties"][lint.name]["anyOf"][1];
        let expected = lint.options.iter().map(|option| option.name.to_owned()).chain(["level".to_owned()]).collect();
        assert_eq!(keys_of(&schema, table), (expected, true), "{}", lint.name);
    }
}

/// Configurations, each with whether it is a right one.
fn samples() -> Vec<(String, bool)> {
    let right = PRESETS.iter().map(|preset| preset.text.to_owned()).chain([
        fs::read_to_string(root().join("baton.toml")).unwrap(),
        fs::read_to_string(root().join("fixtures/inventory/baton.toml")).unwrap(),
        "version = 1\nextends = [\"preset:clean\", \"a.toml\"]\n".to_owned(),
        "version = 1\n[[override]]\npaths = [\"src/**\"]\nrules = { impure-core = \"warn\", too-many-dependencies = { max = 3 } }\n"
            .to_owned(),
        "version = 1\n[[contract]]\nname = \"a\"\nkind = \"acyclic\"\nwithin = [\"crate\"]\nlevel = \"warn\"\n".to_owned(),
    ]);
    let wrong = [
        "[rules]\n",
        "version = 2\n",
        "version = 1\nroles = []\n",
        "version = 1\n[[role]]\npaths = [\"src\"]\n",
        "version = 1\n[[role]]\nname = \"core\"\npath = [\"src\"]\n",
        "version = 1\n[[role]]\nname = \"core\"\npaths = \"src\"\n",
        "version = 1\n[rules]\nimpure-cor = \"deny\"\n",
        "version = 1\n[rules]\nimpure-core = \"error\"\n",
        "version = 1\n[rules]\ntoo-many-dependencies = { max = -1 }\n",
        "version = 1\n[rules]\ntoo-many-dependencies = { maxi = 1 }\n",
        "version = 1\n[[override]]\npaths = []\nrules = { impure-core = \"warn\" }\n",
        "version = 1\n[[override]]\npaths = [\"src\"]\nrules = { impure-cor = \"warn\" }\n",
        "version = 1\n[[contract]]\nname = \"a\"\nkind = \"layer\"\nlayers = [\"a\", \"b\"]\n",
        "version = 1\n[[contract]]\nname = \"a\"\nkind = \"layers\"\nlayers = [\"a\", \"b\"]\nsource = [\"a\"]\n",
        "version = 1\n[[folder]]\npath = \"src\"\ntransaction = \"onwer\"\n",
        "version = 1\nextends = 3\n",
    ];
    right.map(|text| (text, true)).chain(wrong.map(|text| (text.to_owned(), false))).collect()
}

#[test]
fn the_schema_takes_what_the_reader_takes() {
    let schema: Value = serde_json::from_str(&schema_text()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for (text, is_right) in samples() {
        let table: toml::Table = toml::from_str(&text).unwrap();
        let document = serde_json::to_value(table).unwrap();
        assert_eq!(validator.is_valid(&document), is_right, "{text}");
        let is_read = match config::parse("baton.toml", &text, LINTS) {
            Ok(_) => true,
            Err(errors) => errors.iter().all(|error| error.message.contains("is not at hand")),
        };
        assert_eq!(is_read, is_right, "{text}");
    }
}

/// The program `taplo`, which editors check TOML with, if it is installed.
fn taplo() -> Option<PathBuf> {
    let given = std::env::var_os("TAPLO").map(PathBuf::from);
    let program = given.unwrap_or_else(|| PathBuf::from("taplo"));
    let answers = Command::new(&program).arg("--version").output().is_ok_and(|output| output.status.success());
    answers.then_some(program)
}

#[test]
fn taplo_takes_what_the_reader_takes() {
    let Some(taplo) = taplo() else {
        eprintln!("taplo is absent, so nothing was checked with it: `pip install taplo` brings it, or set TAPLO");
        return;
    };
    let project = shop("");
    let schema = root().join("docs/baton.schema.json");
    for (number, (text, is_right)) in samples().into_iter().enumerate() {
        project.write("baton.toml", &text);
        let mut command = Command::new(&taplo);
        command.args(["lint", "--no-auto-config", "--schema"]).arg(format!("file://{}", schema.display()));
        let output = command.arg("baton.toml").current_dir(project.root()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.success(), is_right, "{number}\n{text}\n{said}");
    }
}
