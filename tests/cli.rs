//! What users and their scripts hold on to: exit codes, streams, options and the fields of the JSON.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    reason = "the program is run on files; a step that fails is a test that fails"
)]

#[path = "hard/project.rs"]
mod project;

use project::{Project, Run, baton};
use serde_json::{Value, json};
use std::fmt::Write;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A project with one finding in `src/core/price.rs` and one warning, `src/orphan.rs`.
const FILES: [(&str, &str); 8] = [
    ("baton.toml", CONFIG),
    ("Cargo.toml", MANIFEST),
    ("src/lib.rs", "pub mod core;\npub mod shell;\n"),
    ("src/core/mod.rs", "pub mod price;\npub mod tax;\n"),
    ("src/core/price.rs", "use crate::shell::Table;\n"),
    ("src/core/tax.rs", "pub fn tax() {}\n"),
    ("src/shell.rs", "pub struct Table;\n"),
    ("src/orphan.rs", "fn orphan() {}\n"),
];

const MANIFEST: &str = "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
const CONFIG: &str = "\
version = 1
[[role]]
name = \"core\"
paths = [\"src/core/**\"]
[[role]]
name = \"shell\"
paths = [\"src/shell.rs\"]
";

const PRICE: &str =
    "src/core/price.rs:1:19: deny[core-imports-shell] core module `core::price` imports `shell::Table`, which is shell";
const ORPHAN: &str = "src/orphan.rs:1:1: warn[unlinked-file] no target reaches this file: the compiler never sees it";

#[test]
fn exit_codes_tell_clean_from_findings_from_failures() {
    let project = Project::new(FILES);
    assert_eq!(run(&project, "check").code, Some(1), "a finding that is denied");
    project.write("src/core/price.rs", "");
    assert_eq!(run(&project, "check").code, Some(0), "a warning alone");
    assert_eq!(run(&project, "check --deny-warnings").code, Some(1), "a warning, denied");
    fs::remove_file(project.root().join("src/orphan.rs")).unwrap();
    let clean = run(&project, "check --deny-warnings --format concise");
    assert_eq!((clean.code, clean.err.as_str()), (Some(0), ""));
    assert!(clean.out.starts_with("judged 5 files, ") && clean.out.ends_with("; clean\n"), "{}", clean.out);
    for answer in ["--help", "--version", "check --help", "rules", "explain core-imports-shell"] {
        let run = run(&project, answer);
        assert!(run.code == Some(0) && run.err.is_empty() && !run.out.is_empty(), "{answer}: {run:?}");
    }
}

#[test]
fn what_cannot_be_understood_is_a_failure_that_says_so() {
    let project = Project::new(FILES);
    let slips = [
        ("", "Usage: baton"),
        ("chek", "similar subcommand exists: 'check'"),
        ("check --deny-warning", "a similar argument exists: '--deny-warnings'"),
        (
            "check --format xml",
            "[possible values: full, concise, json, github, gitlab, sarif, markdown, junit, agent, cargo]",
        ),
        ("check --threads 0", "--threads"),
        ("check --output xml=a", "there is no format `xml`"),
        ("explain core-import-shell", "did you mean `core-imports-shell`?"),
        ("explain nothing-like-it", "`baton rules` lists all rules"),
        ("check no/such/folder", "cannot find `no/such/folder`"),
        ("check --config no.toml", "cannot read the configuration `no.toml`"),
        ("check --output json=no/such/folder/a.json", "cannot write `no/such/folder/a.json`"),
    ];
    for (arguments, says) in slips {
        let run = run(&project, arguments);
        assert!(run.code == Some(2) && run.err.contains(says), "{arguments}: {run:?}");
    }
}

#[test]
fn a_wrong_configuration_is_shown_at_its_place() {
    let role = |lines: &str| format!("version = 1\n[[role]]\nname = \"core\"\n{lines}");
    let faults = [
        (String::new(), "1:1", "the version of the format is missing", "begin with `version = 1`"),
        ("version = \n".to_owned(), "1:11", "not valid TOML", ""),
        ("version = 2\n".to_owned(), "1:11", "version 2 of the format is unknown", "this program reads `version = 1`"),
        ("version = 1\n[sorce]\n".to_owned(), "2:2", "unknown key `sorce`", "did you mean `source`?"),
        (role("path = [\"**\"]\n"), "4:1", "unknown key `path`", "did you mean `paths`?"),
        (role("paths = [\"src/[a\"]\n"), "4:10", "bad glob", "write `[*]` for a plain `*`"),
        (role("paths = [\"src/kore/**\"]\n"), "4:10", "`src/kore/**` matches no file", "did you mean `src/core/**`?"),
        (
            role("modules = [\"crate::kore\"]\n"),
            "4:12",
            "`crate::kore` matches no module",
            "did you mean `crate::core`?",
        ),
        (role(""), "2:1", "a role without `paths`, `modules` or `crates`", "`paths = [\"**\"]` is everywhere"),
        (
            role("paths = [\"src/shell.rs\"]\n[[role]]\nname = \"shell\"\npaths = [\"**\"]\n"),
            "3:8",
            "role `core` has no code",
            "move this one down",
        ),
        (
            format!("{CONFIG}[rules]\nunlinked-files = \"deny\"\n"),
            "9:1",
            "unknown rule",
            "did you mean `unlinked-file`?",
        ),
        (format!("{CONFIG}[rules]\nunlinked-file = \"denny\"\n"), "9:17", "unknown level", "did you mean `deny`?"),
        (format!("{CONFIG}[source]\nexclude = [\"gen/**\"]\n"), "9:12", "`gen/**` matches no file", ""),
        (
            format!("{CONFIG}[inventory]\nfile = \"a\"\n"),
            "9:8",
            "`a` is not the name of a page",
            "write `file = \"FOLDER.md\"`",
        ),
        (format!("{CONFIG}[domains]\npaths = [\"src/co*\"]\n"), "9:9", "only one domain, `core`", "nothing can cross"),
        (
            format!(
                "{CONFIG}[domains]\npaths = [\"src/*\"]\n[[domains.allow]]\nfrom = \"shell\"\nto = \"core\"\nreason = \"r\"\n"
            ),
            "10:1",
            "no code of `shell` names `core`",
            "remove the section",
        ),
        (
            format!("{CONFIG}[[folder]]\npath = \"src/sell.rs\"\ntransaction = \"owner\"\n"),
            "9:8",
            "`src/sell.rs` matches no file or folder",
            "did you mean `src/shell.rs`?",
        ),
    ];
    let project = Project::new(FILES);
    for (config, place, message, help) in faults {
        project.write("baton.toml", &config);
        let run = run(&project, "check");
        let shown = run.err.starts_with("error: ") && run.err.contains(&format!("┌─ baton.toml:{place}\n"));
        assert!(run.code == Some(2) && run.out.is_empty() && shown, "{config}: {run:?}");
        assert!(run.err.contains(message) && run.err.contains(help), "{config}: {run:?}");
    }
}

#[test]
fn two_configurations_are_one_too_many() {
    let project = Project::new(FILES);
    project.write("Cargo.toml", format!("{MANIFEST}[package.metadata.baton]\nversion = 1\n"));
    let run = run(&project, "check");
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("two configurations: `baton.toml` and the metadata in `Cargo.toml`"), "{}", run.err);
}

#[test]
fn a_role_without_code_that_can_be_judged_is_a_fault() {
    let core = "version = 1\n[[role]]\nname = \"core\"\npaths = [\"src/core/**\"]\n";
    let files = |lib: &'static str, rule: &'static str| {
        [("Cargo.toml", MANIFEST), ("src/lib.rs", lib), ("src/core/mod.rs", rule), ("baton.toml", core)]
    };
    let cases = [
        ("all of it generated", files("pub mod core;\n", "// @generated\n")),
        ("all of it test code", files("#[cfg(test)]\nmod core;\n", "pub fn a() {}\n")),
        ("reached by no target", files("", "pub fn a() {}\n")),
    ];
    for (case, files) in cases {
        let run = run(&Project::new(files), "check");
        assert_eq!(run.code, Some(2), "{case}: {run:?}");
        assert!(run.err.contains("role `core` has no code to judge"), "{case}: {}", run.err);
    }
    let sound = run(&Project::new(files("pub mod core;\n", "pub fn a() {}\n")), "check");
    assert_eq!(sound.code, Some(0), "{sound:?}");
}

#[test]
fn an_excluded_module_is_not_missing() {
    let files = [("Cargo.toml", MANIFEST), ("src/lib.rs", "pub mod core;\nmod gen_a;\nmod lost;\n")];
    let project = Project::new(files.into_iter().chain([("src/core.rs", ""), ("src/gen_a.rs", "not rust")]));
    let role = "[[role]]\nname = \"core\"\npaths = [\"src/core.rs\"]\n";
    project.write("baton.toml", format!("version = 1\n[source]\nexclude = [\"src/gen_*.rs\"]\n{role}"));
    let run = run(&project, "check --format concise");
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.out.contains("module `lost` has no file") && !run.out.contains("gen_a"), "{}", run.out);
}

#[test]
fn a_run_that_judged_nothing_is_not_clean() {
    let unknown = Project::new([("Cargo.toml", MANIFEST), ("src/lib.rs", "pub mod a;\n"), ("src/a.rs", "")]);
    let no_orchestrator = Project::new(FILES);
    let role = "[[role]]\nname = \"orchestrator\"\npaths = [\"src/lib.rs\"]\n";
    no_orchestrator.write("baton.toml", format!("{CONFIG}{role}"));
    let cases = [
        (Project::new([]), "no Rust file was found"),
        (unknown, "no folder's name tells one"),
        (no_orchestrator, "the role `orchestrator` is declared, but nothing there receives a collaborator"),
    ];
    for (project, why) in &cases {
        let concise = run(project, "check --format concise");
        assert_eq!(concise.code, Some(2), "{concise:?}");
        let last = concise.out.lines().last().unwrap_or_default();
        assert!(last.contains("; nothing was judged: ") && last.ends_with(why), "{last}");
        assert!(concise.err.starts_with("error: nothing was judged: ") && concise.err.contains(why), "{}", concise.err);
        let json = run(project, "check --format json");
        assert!(document(&json)["unjudged"].as_str().unwrap().ends_with(why));
    }
}

#[test]
fn paths_restrict_what_is_reported_and_not_what_is_judged() {
    let project = Project::new(FILES);
    let whole = run(&project, "check --format concise");
    assert_eq!(found(&whole), [PRICE, ORPHAN]);
    let cases: [(&str, &[&str], i32); 7] = [
        (".", &[PRICE, ORPHAN], 1),
        ("src/core", &[PRICE], 1),
        ("src/core/price.rs", &[PRICE], 1),
        ("src/core/tax.rs", &[], 0),
        ("src/core/tax.rs src/orphan.rs", &[ORPHAN], 0),
        ("src/shell.rs src", &[PRICE, ORPHAN], 1),
        ("src/core/../core/mod.rs", &[], 0),
    ];
    for (paths, expected, code) in cases {
        let part = run(&project, &format!("check --format concise {paths}"));
        assert_eq!((found(&part), part.code), (expected.to_vec(), Some(code)), "{paths}");
        // The same files, modules and edges were judged for it.
        let judged = |run: &Run| run.out.lines().last().and_then(|line| line.split(';').next().map(str::to_owned));
        assert_eq!(judged(&part), judged(&whole), "{paths}");
    }
    let below = Run::of(baton(&project.root().join("src/core")).args(["check", "--format", "concise", "."]));
    assert_eq!(found(&below), [PRICE], "paths begin where the program does, and are shown from the root");
}

#[test]
fn paths_without_a_source_are_no_clean_run() {
    let project = Project::new(FILES.into_iter().chain([("notes/a.txt", ""), ("gen/a.rs", "")]));
    project.write("baton.toml", format!("{CONFIG}[source]\nexclude = [\"gen/**\"]\n"));
    for path in ["notes", "gen", "gen/a.rs", "Cargo.toml"] {
        let run = run(&project, &format!("check {path}"));
        let says = format!("error: no source file was read in `{path}`\n");
        assert!(run.code == Some(2) && run.out.is_empty() && run.err.starts_with(&says), "{path}: {run:?}");
    }
    let one_of_two = run(&project, "check --format concise notes src/core/tax.rs");
    assert_eq!((one_of_two.code, found(&one_of_two)), (Some(0), vec!["note: no source file was read in `notes`"]));
}

#[test]
fn a_given_configuration_goes_before_the_one_of_the_project() {
    let project = Project::new(FILES);
    let elsewhere = Project::new([("strict.toml", CONFIG)]);
    elsewhere
        .write("strict.toml", format!("{CONFIG}[rules]\nunlinked-file = \"deny\"\ncore-imports-shell = \"allow\"\n"));
    let path = elsewhere.root().join("strict.toml");
    let given = Run::of(baton(project.root()).args(["check", "--format", "concise", "--config"]).arg(&path));
    assert_eq!(found(&given), [ORPHAN.replace("warn", "deny")]);
    fs::remove_file(project.root().join("baton.toml")).unwrap();
    let only = Run::of(baton(project.root()).args(["check", "--format", "concise", "--config"]).arg(&path));
    assert_eq!(only, given, "its patterns are relative to the project, not to itself");
}

#[test]
fn the_metadata_of_a_manifest_is_a_configuration() {
    let expected = run(&Project::new(FILES), "check --format concise");
    for section in ["workspace", "package"] {
        let project = Project::new(FILES.into_iter().skip(1));
        let header = format!("{section}.metadata.baton");
        let metadata = CONFIG.replace("version = 1", &format!("[{header}]\nversion = 1"));
        let metadata = metadata.replace("[[role]]", &format!("[[{header}.role]]"));
        let workspace = if section == "workspace" { "[workspace]\n" } else { "" };
        project.write("Cargo.toml", format!("{MANIFEST}{workspace}{metadata}"));
        assert_eq!(run(&project, "check --format concise"), expected, "{section}");
        project.write("Cargo.toml", format!("{MANIFEST}{workspace}{}", metadata.replace("paths", "pats")));
        let wrong = run(&project, "check");
        assert!(wrong.code == Some(2) && wrong.err.contains("┌─ Cargo.toml:"), "{section}: {wrong:?}");
    }
}

#[test]
fn a_report_in_a_file_is_whole_and_takes_nothing_from_what_is_printed() {
    let project = Project::new(FILES);
    let printed = run(&project, "check");
    let json = run(&project, "check --format json");
    project.write("report.json", "of yesterday");
    let mut yesterday = fs::File::open(project.root().join("report.json")).unwrap();
    assert_eq!(run(&project, "check --output json=report.json --output concise=report.txt"), printed);
    let read = |name| fs::read_to_string(project.root().join(name)).unwrap();
    assert_eq!(read("report.json"), json.out);
    assert_eq!(read("report.txt"), run(&project, "check --format concise").out);
    // Another file has taken the name: whoever was reading the old one reads it to its end.
    let mut text = String::new();
    yesterday.read_to_string(&mut text).unwrap();
    assert_eq!(text, "of yesterday");
    let mut names: Vec<_> = fs::read_dir(project.root()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["Cargo.toml", "baton.toml", "report.json", "report.txt", "src"]);
}

#[test]
fn statistics_stand_beside_the_report() {
    let project = Project::new(FILES);
    let json = run(&project, "check --format json");
    let more = run(&project, "check --format json --statistics");
    assert_eq!((more.out, more.code), (json.out, json.code));
    assert!(more.err.lines().any(|line| line.contains("unlinked-file")), "{}", more.err);
    let lost = "use crate::shell::Table;\nuse crate::nowhere::Lost;\n";
    project.write("src/core/tax.rs", lost);
    let counted = run(&project, "check --statistics").err;
    let names = "1 name of the project could not be resolved\n        1 in src/core/tax.rs\n";
    assert!(counted.ends_with(&format!("3 edges: 3 use\n{names}")), "{counted}");
}

#[test]
fn a_reader_that_goes_away_ends_the_run_quietly() {
    // A report that no pipe can hold.
    let modules: String = (0..3_000).fold(FILES[2].1.to_owned(), |mut text, number| {
        let _ = writeln!(text, "mod absent_{number};");
        text
    });
    let project = Project::new(FILES);
    project.write("src/lib.rs", modules);
    for format in ["full", "concise", "json"] {
        let mut check = baton(project.root());
        check.args(["check", "--format", format]).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = check.spawn().unwrap();
        let mut line = String::new();
        BufReader::with_capacity(64, child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(!line.is_empty());
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), errors.as_str()), (Some(1), ""), "{format}");
    }
}

#[test]
fn every_format_is_printed_and_written_at_once() {
    let project = Project::new(FILES);
    let formats = ["full", "concise", "json", "github", "gitlab", "sarif", "markdown", "junit", "agent"];
    let outputs: String = formats.iter().fold(String::new(), |mut text, format| {
        let _ = write!(text, " --output {format}={format}.txt");
        text
    });
    for format in formats {
        let run = run(&project, &format!("check --format {format}{outputs}"));
        assert_eq!((run.code, run.err.as_str()), (Some(1), ""), "{format}");
        assert_eq!(fs::read_to_string(project.root().join(format!("{format}.txt"))).unwrap(), run.out, "{format}");
        assert!(run.out.contains("core-imports-shell"), "{format}: {}", run.out);
    }
}

#[test]
fn ci_says_to_the_forge_what_it_shows() {
    let project = Project::new(FILES);
    let on = |forge: &str, arguments: &str| {
        Run::of(baton(project.root()).arg("ci").args(arguments.split_whitespace()).env(forge, "true"))
    };
    let plain = run(&project, "ci");
    assert!(plain.code == Some(1) && !plain.out.contains("::error") && plain.err.is_empty(), "{plain:?}");
    let github = on("GITHUB_ACTIONS", "");
    assert_eq!(github.code, Some(1));
    let annotations = github.out.strip_prefix(&plain.out).unwrap();
    assert!(annotations.starts_with("::error file=src/core/price.rs,line=1,"), "{annotations}");
    assert_eq!(annotations.lines().count(), 2);
    assert_eq!(on("GITHUB_ACTIONS", "--format full"), plain, "who asks for a format gets nothing else");
    let gitlab = on("GITLAB_CI", "");
    assert!(
        gitlab.out == plain.out && gitlab.err.contains("--output gitlab=gl-code-quality-report.json"),
        "{gitlab:?}"
    );
    assert_eq!(on("GITLAB_CI", "--output gitlab=report.json"), plain);
    assert_eq!(Run::of(baton(project.root()).arg("check").env("GITHUB_ACTIONS", "true")).out, plain.out);
}

#[test]
fn cargo_and_the_program_say_the_same() {
    let project = Project::new(FILES);
    for arguments in
        ["check", "check --format json src/core", "rules", "explain unlinked-file", "check --config no.toml"]
    {
        let mut cargo = Command::new(env!("CARGO_BIN_EXE_cargo-baton"));
        cargo.arg("baton").args(arguments.split_whitespace()).current_dir(project.root()).env("NO_COLOR", "1");
        assert_eq!(Run::of(&mut cargo), run(&project, arguments), "{arguments}");
    }
}

#[test]
fn the_environment_and_the_option_decide_about_colours() {
    let project = Project::new(FILES);
    let cases = [
        ("", "auto", false),
        ("CLICOLOR_FORCE", "auto", true),
        ("CLICOLOR_FORCE NO_COLOR", "auto", false),
        ("CLICOLOR_FORCE", "never", false),
        ("NO_COLOR", "always", true),
    ];
    let plain = run(&project, "check").out;
    for (environment, option, is_colored) in cases {
        let set = environment.split_whitespace().map(|name| (name, "1"));
        let run = Run::of(baton(project.root()).args(["check", "--color", option]).envs(set.clone()));
        assert_eq!(run.out.contains("\u{1b}["), is_colored, "{environment}, {option}");
        assert!(is_colored || run.out == plain, "{environment}, {option}");
        let wrong =
            Run::of(baton(project.root()).args(["check", "--config", "no.toml", "--color", option]).envs(set.clone()));
        assert_eq!(wrong.err.contains("\u{1b}["), is_colored, "errors, {environment}, {option}");
    }
}

#[test]
fn the_fields_of_the_json_are_those_that_are_promised() {
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/checkout");
    let document = document(&Run::of(baton(&checkout).args(["check", "--format", "json"])));
    let fields =
        ["findings", "notices", "orchestrators", "rules", "schema", "summary", "tool", "unjudged"].map(str::to_owned);
    assert_eq!(keys(&document), fields);
    assert_eq!(document["schema"], 1);
    assert_eq!(document["tool"], json!({"name": "baton", "version": env!("CARGO_PKG_VERSION")}));
    let sources = sources(&checkout.join("src"));
    let lines: usize = sources.iter().map(|path| fs::read_to_string(path).unwrap().lines().count()).sum();
    let summary = &document["summary"];
    let counts = json!({
        "files": sources.len(), "lines": lines, "modules": sources.len(), "edges": summary["edges"], "unparsed": 0,
        "findings": {"deny": 3, "warn": 0}, "suppressed": 0, "baselined": 0
    });
    assert_eq!(*summary, counts);
    assert!(summary["edges"].as_u64() > Some(0));
    let file = "src/shell/orchestrators/checkout.rs";
    let orchestrator = json!([{
        "item": "shell::orchestrators::checkout::Checkout", "file": file, "line": 11, "end_line": 48,
        "dependencies": 5, "collaborators": ["Orders", "Stock", "Payments", "Invoices", "Mail"], "findings": 2,
        "layer": null, "kind": null
    }]);
    assert_eq!(document["orchestrators"], orchestrator);
    // What the sample declares nothing for has nothing to judge.
    let undeclared = [
        "bypassed-orchestrator",
        "missing-recreation-test",
        "nondeterministic-orchestration",
        "transaction-outside-owner",
        "faulty-suppression",
        "unbounded-shutdown",
        "undeclared-cross-domain-import",
        "unmet-requirement",
        "unregistered-operation",
        "unstoppable-task",
    ];
    let rules = document["rules"].as_array().unwrap();
    for rule in rules {
        assert_eq!(keys(rule), ["findings", "judged", "rule"]);
        let name = rule["rule"].as_str().unwrap();
        let findings =
            document["findings"].as_array().unwrap().iter().filter(|finding| finding["rule"] == name).count();
        assert_eq!(rule["findings"], findings, "{rule}");
        assert_eq!(rule["judged"].as_u64() > Some(0), !undeclared.contains(&name), "{rule}");
    }
    assert_eq!((document["notices"].clone(), document["unjudged"].clone()), (json!([]), Value::Null));
}

#[test]
fn the_fields_of_a_finding_are_those_that_are_promised() {
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/checkout");
    let document = document(&Run::of(baton(&checkout).args(["check", "--format", "json"])));
    let findings = document["findings"].as_array().unwrap();
    for finding in findings {
        let fields =
            "chain column end_column end_line evidence file fingerprint fix help item level line message rule trails";
        assert_eq!(keys(finding).join(" "), fields);
        assert_eq!(finding["level"], "deny");
        for text in ["message", "help", "item", "fingerprint"] {
            assert!(!finding[text].as_str().unwrap().is_empty(), "{text} of {finding}");
        }
        for evidence in finding["evidence"].as_array().unwrap() {
            assert_eq!(keys(evidence).join(" "), "column end_column end_line file kind line why");
        }
    }
    // Sorted by file, line, column and rule; the place is what the finding is about.
    let shown: Vec<_> =
        findings.iter().map(|finding| (finding["rule"].as_str().unwrap(), marked(&checkout, finding))).collect();
    let expected = [
        ("core-imports-shell", "RateTable"),
        ("too-many-dependencies", "Checkout"),
        ("stateful-orchestrator", "attempts: Mutex<HashMap<u64, u32>>"),
    ];
    assert_eq!(shown, expected.map(|(rule, text)| (rule, text.to_owned())));
    let places = |finding: &Value| {
        [&finding["file"], &finding["line"], &finding["column"], &finding["rule"]].map(Value::to_string)
    };
    assert!(findings.is_sorted_by_key(places));
    let chain = json!([
        {"from": "core::price", "to": "shell::rates::RateTable", "file": "src/core/price.rs", "line": 4}
    ]);
    assert_eq!((&findings[0]["chain"], &findings[0]["evidence"]), (&chain, &json!([])));
    let evidence = findings[1]["evidence"].as_array().unwrap();
    let evidence: Vec<_> = evidence.iter().map(|evidence| marked(&checkout, evidence)).collect();
    let parameters = ["orders: Arc<dyn Orders>", "stock: Arc<dyn Stock>", "payments: Arc<dyn Payments>"];
    assert_eq!((&evidence[..3], evidence.len()), (&parameters.map(str::to_owned)[..], 5));
    assert_eq!(findings[1]["chain"], json!([]));
}

#[test]
fn columns_count_characters_from_one() {
    let project = Project::new(FILES);
    project.write("src/core/price.rs", "/* größe 字😀 */ use crate::shell::Table as Größe;\r\n");
    let document = document(&run(&project, "check --format json"));
    let finding = &document["findings"][0];
    assert_eq!(finding["file"], "src/core/price.rs");
    assert_eq!(marked(project.root(), finding), "Table as Größe");
    assert_eq!((&finding["line"], &finding["column"], &finding["end_column"]), (&json!(1), &json!(34), &json!(48)));
    let concise = run(&project, "check --format concise");
    assert!(concise.out.starts_with("src/core/price.rs:1:34: "), "{}", concise.out);
}

/// Runs the program in the project, with these words as its arguments.
fn run(project: &Project, arguments: &str) -> Run {
    Run::of(baton(project.root()).args(arguments.split_whitespace()))
}

/// What the concise format found: all lines but the last, which says what was judged.
fn found(run: &Run) -> Vec<&str> {
    let mut lines: Vec<_> = run.out.lines().collect();
    lines.pop();
    lines
}

fn document(run: &Run) -> Value {
    serde_json::from_str(&run.out).unwrap()
}

/// The names of the fields of an object, sorted.
fn keys(object: &Value) -> Vec<String> {
    let mut keys: Vec<_> = object.as_object().unwrap().keys().cloned().collect();
    keys.sort();
    keys
}

/// The text at the place of a finding or of evidence, which is in one line.
fn marked(root: &Path, place: &Value) -> String {
    let number = |name: &str| usize::try_from(place[name].as_u64().unwrap()).unwrap();
    assert_eq!(place["line"], place["end_line"]);
    let text = fs::read_to_string(root.join(place["file"].as_str().unwrap())).unwrap();
    let line = text.lines().nth(number("line") - 1).unwrap();
    line.chars().skip(number("column") - 1).take(number("end_column") - number("column")).collect()
}

/// The files below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}
