//! `--since`: what is new, told by judging both states whole.

use crate::repository::{LEAK, PROJECT, PURE, Repository};

const FOUND: [&str; 1] = ["src/core/price.rs: core-imports-shell"];
const NONE: [&str; 0] = [];
const CLOCK: &str = "pub fn now() -> std::time::SystemTime {\n    std::time::SystemTime::now()\n}\n";

/// A repository whose first commit has a leak.
fn with_leak() -> Repository {
    let repository = Repository::with_project();
    repository.write("src/core/price.rs", LEAK);
    repository.commit("leak");
    repository
}

#[test]
fn what_was_there_is_not_new_wherever_it_stands_now() {
    let repository = with_leak();
    assert_eq!(repository.since("HEAD"), NONE);
    repository.write("src/core/price.rs", &format!("//! Prices.\n\n{PURE}\n{}", LEAK.replace("fn price", "fn dear")));
    assert_eq!(repository.since("HEAD"), NONE, "the import is the old one, further down");
    assert_eq!(repository.since("HEAD~1"), FOUND);
    let run = repository.baton(&["check", "--since", "HEAD"]);
    assert!(run.out.contains("1 known before; clean"), "{}", run.out);
    let json = repository.baton(&["check", "--since", "HEAD", "--format", "json"]).out;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["summary"]["known"], 1);
}

#[test]
fn a_change_in_one_file_is_new_in_another_one() {
    let repository = Repository::with_project();
    repository.write("src/lib.rs", "pub mod core;\npub mod shell;\npub mod facade;\n");
    repository.write("src/facade.rs", "pub struct Rates;\n");
    repository.write("src/core/price.rs", "use crate::facade::Rates;\npub fn price(_: Rates) {}\n");
    repository.commit("a facade without a leak");
    repository.write("src/facade.rs", "pub use crate::shell::rates::Rates;\n");
    assert_eq!(repository.since("HEAD"), FOUND, "nobody touched a line of that file");
}

#[test]
fn of_several_findings_that_say_the_same_those_beyond_the_old_number_are_new() {
    let repository = Repository::with_project();
    let uses = |number: usize| {
        let calls = "    let _ = std::time::SystemTime::now();\n".repeat(number);
        format!("pub fn price() {{\n{calls}}}\n")
    };
    repository.write("src/core/price.rs", &uses(1));
    repository.commit("one");
    let all = |number: usize| {
        repository.write("src/core/price.rs", &uses(number));
        (repository.baton(&["check", "--format", "concise"]).findings().len(), repository.since("HEAD").len())
    };
    let (one, new_of_one) = all(1);
    let (three, new_of_three) = all(3);
    assert_eq!((new_of_one, new_of_three), (0, three - one));
}

#[test]
fn files_and_folders_are_followed_when_they_are_renamed() {
    let repository = with_leak();
    repository.git(&["mv", "src/core/price.rs", "src/core/cost.rs"]);
    repository.write("src/core/mod.rs", "pub mod cost;\n");
    assert_eq!(repository.since("HEAD"), NONE, "with git");
    assert_eq!(repository.baton(&["check", "--format", "concise"]).findings().len(), 1);
    repository.write("src/core/cost.rs", &format!("{LEAK}\n{CLOCK}"));
    assert_eq!(repository.since("HEAD"), ["src/core/cost.rs: impure-core"], "what was added is new");

    std::fs::rename(repository.path().join("src/shell"), repository.path().join("src/outside")).unwrap();
    let config = repository.read("baton.toml").replace("src/shell/**", "src/outside/**");
    repository.write("baton.toml", &config);
    repository.write("src/lib.rs", "pub mod core;\npub mod outside;\n");
    repository.write("src/core/cost.rs", &LEAK.replace("shell::", "outside::"));
    assert_eq!(repository.since("HEAD"), NONE, "the other end, without git, and the configuration with it");
}

#[test]
fn both_states_are_judged_by_the_configuration_of_today() {
    let repository = Repository::empty();
    for (path, text) in PROJECT.iter().filter(|(path, _)| *path != "baton.toml") {
        repository.write(path, text);
    }
    repository.write("src/core/price.rs", LEAK);
    repository.commit("no configuration");
    let config = PROJECT.iter().find(|(path, _)| *path == "baton.toml").unwrap().1;
    let more = "\n[[role]]\nname = \"new\"\npaths = [\"src/new/**\"]\n\n[[contract]]\nname = \"apart\"\nkind = \"forbidden\"\nsource = [\"src/new/**\"]\nforbidden = [\"src/shell/**\"]\n\n[rules]\nerror-strategy-in-core = \"deny\"\n";
    repository.write("baton.toml", &format!("{config}{more}"));
    repository.write("src/new/mod.rs", "pub use crate::plain::word;\n");
    repository.write("src/plain.rs", "pub fn word() {}\n");
    repository.write("src/lib.rs", "pub mod core;\npub mod new;\npub mod plain;\npub mod shell;\n");
    assert_eq!(repository.since("HEAD"), NONE, "what it names was not there yet, and that is no fault");
    repository.write("src/new/mod.rs", "pub use crate::shell::rates::Rates;\n");
    assert_eq!(repository.since("HEAD"), ["src/new/mod.rs: contract"]);
}

#[test]
fn what_was_accepted_or_suppressed_there_was_not_reported() {
    let repository = Repository::with_project();
    let allowed = format!("// baton: allow(core-imports-shell, reason = \"for now\")\n{LEAK}");
    repository.write("src/core/price.rs", &allowed);
    repository.commit("suppressed");
    assert_eq!(repository.since("HEAD"), NONE);
    repository.write("src/core/price.rs", LEAK);
    assert_eq!(repository.since("HEAD"), FOUND, "the suppression is gone, the fault is not");
    repository.baton(&["baseline", "create"]);
    repository.commit("accepted");
    assert_eq!(repository.since("HEAD"), NONE);
    repository.remove("baton-baseline.toml");
    assert_eq!(repository.since("HEAD"), FOUND, "the acceptance is gone, the fault is not");
}

#[test]
fn a_branch_is_compared_with_where_it_left() {
    let repository = with_leak();
    repository.git(&["checkout", "--quiet", "-b", "work"]);
    repository.write("src/core/clock.rs", CLOCK);
    repository.write("src/core/mod.rs", "pub mod clock;\npub mod price;\n");
    repository.commit("clock");
    repository.git(&["checkout", "--quiet", "main"]);
    repository.write("src/core/price.rs", PURE);
    repository.commit("mended on main");
    repository.git(&["checkout", "--quiet", "work"]);
    let new = ["src/core/clock.rs: impure-core"];
    assert_eq!(repository.since("main"), new, "the branch is not to blame for what main has mended since");
    repository.git(&["checkout", "--quiet", "--detach"]);
    assert_eq!(repository.since("main"), new, "with a detached head");
}

#[test]
fn what_is_staged_can_be_compared_too() {
    let repository = with_leak();
    repository.stage("src/core/mod.rs", "pub mod clock;\npub mod price;\n");
    repository.stage("src/core/clock.rs", CLOCK);
    repository.write("src/core/clock.rs", "");
    let run = repository.baton(&["check", "--staged", "--since", "HEAD", "--format", "concise"]);
    assert_eq!(run.findings(), ["src/core/clock.rs: impure-core"]);
}

#[test]
fn ci_reports_what_is_new_as_well() {
    let repository = with_leak();
    let run = |arguments: &[&str]| repository.baton(arguments).code;
    assert_eq!((run(&["ci"]), run(&["ci", "--since", "HEAD"]), run(&["ci", "--since", "HEAD~1"])), (1, 0, 1));
}

#[test]
fn revisions_that_are_not_there_are_told() {
    let repository = with_leak();
    let fails = |revision: &str| {
        let option = format!("--since={revision}");
        let run = repository.baton(&["check", &option]);
        assert!(run.failure().contains("there is no commit"), "{revision}: {}", run.err);
        run.err
    };
    assert!(fails("nowhere").contains("origin/NAME"));
    fails("--all");
    fails("");
    fails("HEAD:src");

    let clone = repository.beside("clone");
    let from = format!("file://{}", repository.path().display());
    repository.git(&["clone", "--quiet", "--depth", "1", &from, clone.to_str().unwrap()]);
    let run = repository.at(&clone).baton(&["check", "--since", "HEAD~1"]);
    assert!(run.failure().contains("this clone is shallow"), "{}", run.err);
    assert!(run.err.contains("git fetch --unshallow"), "{}", run.err);

    let empty = Repository::empty();
    for (path, text) in PROJECT {
        empty.stage(path, text);
    }
    let run = empty.baton(&["check", "--since", "HEAD"]);
    assert!(run.failure().contains("no commit yet"), "{}", run.err);

    let nowhere = empty.beside("nowhere");
    std::fs::create_dir(&nowhere).unwrap();
    std::fs::write(nowhere.join("lib.rs"), "").unwrap();
    let run = empty.at(&nowhere).baton(&["check", "--since", "HEAD"]);
    assert!(run.failure().contains("lies in no git repository"), "{}", run.err);
}

#[test]
fn without_a_common_commit_the_revision_itself_is_compared_with() {
    let repository = with_leak();
    repository.git(&["checkout", "--quiet", "--orphan", "other"]);
    repository.write("src/core/mod.rs", "pub mod clock;\npub mod price;\n");
    repository.write("src/core/clock.rs", CLOCK);
    repository.commit("another beginning");
    let run = repository.baton(&["check", "--since", "main", "--format", "concise"]);
    assert_eq!(run.findings(), ["src/core/clock.rs: impure-core"]);
    assert!(run.out.contains("no commit is known that it has in common"), "{}", run.out);
}

#[test]
fn a_state_that_could_not_be_judged_is_told() {
    let repository = with_leak();
    repository.write("Cargo.toml", "broken");
    repository.commit("broken");
    repository.git(&["checkout", "--quiet", "HEAD~1", "--", "Cargo.toml"]);
    let run = repository.baton(&["check", "--since", "HEAD"]);
    assert!(run.failure().contains("the project cannot be judged at `HEAD`: Cargo.toml"), "{}", run.err);
}

#[test]
fn a_project_that_was_not_there_is_all_new() {
    let repository = Repository::empty();
    repository.write("README.md", "");
    repository.commit("nothing");
    for (path, text) in PROJECT {
        repository.write(&format!("app/{path}"), text);
    }
    repository.write("app/src/core/price.rs", LEAK);
    let run = repository.at("app").baton(&["check", "--since", "HEAD", "--format", "concise"]);
    assert_eq!(run.findings(), FOUND);
}

#[test]
fn the_growth_of_a_baseline_is_shown_and_held() {
    let repository = with_leak();
    repository.baton(&["baseline", "create"]);
    repository.commit("accepted");
    let check = |arguments: &[&str]| {
        let run = repository.baton(&[&["baseline", "check"], arguments].concat());
        (run.code, run.out)
    };
    let (code, out) = check(&[]);
    assert_eq!((code, out.as_str()), (0, "baton-baseline.toml accepts 1 finding, and each is there\n"));
    let (code, out) = check(&["--since", "HEAD~1"]);
    assert_eq!((code, out.lines().count()), (0, 1), "a first baseline is no growth: {out}");

    repository.write("src/core/mod.rs", "pub mod clock;\npub mod price;\n");
    repository.write("src/core/clock.rs", CLOCK);
    repository.remove("baton-baseline.toml");
    repository.baton(&["baseline", "create"]);
    let (code, out) = check(&["--since", "HEAD"]);
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("the baseline has grown: 1 entry more than at commit"), "{out}");
    assert!(out.contains("2 instead of 1 (1 added, 0 taken out)\nadded: impure-core in `core::clock::now`"), "{out}");

    let ci = repository.baton(&["ci", "--since", "HEAD"]);
    assert_eq!(ci.code, 0, "{}", ci.out);
    assert!(ci.out.contains("the baseline has grown: 1 entry more"), "{}", ci.out);
    let forge = repository.at("").with("GITHUB_BASE_REF", "main").baton(&["ci"]);
    assert!(forge.out.contains("where the history left `main`, 2 instead of 1"), "{}", forge.out);
    let forge = repository.at("").with("CI_MERGE_REQUEST_DIFF_BASE_SHA", "123456").baton(&["ci"]);
    assert_eq!(forge.code, 0, "nobody asked to look there: {}", forge.out);
    assert!(forge.out.contains("whether the baseline has grown since `123456` is not known"), "{}", forge.out);

    repository.write("src/core/clock.rs", "pub fn now() {}\n");
    let (code, out) = check(&[]);
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("gone: impure-core in `core::clock::now`"), "{out}");
    repository.remove("baton-baseline.toml");
    assert!(repository.baton(&["baseline", "check"]).failure().contains("there is no baseline"));
}
