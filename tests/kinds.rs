//! The kinds of dependencies that Rust code can have, one small project each in `fixtures/kinds`:
//! ways of the core to depend on the shell, and code that only looks like one of them.
//!
//! The compiler says which is which: every project compiles, a leak doesn't without the code of
//! the shell, and a near miss does. `fixtures/kinds/README.md` says how a case is written.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::panic,
    clippy::unwrap_used,
    reason = "cargo and the program are run on files; a step that fails is a test that fails"
)]

#[path = "kinds/build.rs"]
mod build;
#[path = "kinds/case.rs"]
mod case;
#[path = "hard/project.rs"]
mod project;

use case::{Case, Line};
use project::{Project, Run, baton};
use rayon::prelude::*;
use serde_json::Value;
use std::collections::BTreeSet;

const RULE: &str = "core-imports-shell";

/// How many cases there are at least: fewer means that some were not read.
const LEAKS: usize = 400;
const NEAR_MISSES: usize = 120;

#[test]
fn every_case_says_what_it_shows_and_where() {
    let cases = case::all();
    let mut titles = BTreeSet::new();
    let mut names = BTreeSet::new();
    for case in &cases {
        let is_marked = !case.marked.is_empty() || !case.alternatives.is_empty();
        assert_eq!(is_marked, case.is_leak, "{}: only a leak has marks, and each has one", case.name);
        assert!(case.title.ends_with('.') && titles.insert(&case.title), "{}: `{}`", case.name, case.title);
        assert!(names.insert(&case.name), "a leak and a near miss are both {}", case.name);
    }
    let leaks = cases.iter().filter(|case| case.is_leak).count();
    let near_misses = cases.len() - leaks;
    assert!(leaks >= LEAKS && near_misses >= NEAR_MISSES, "only {leaks} leaks, {near_misses} near misses");
    for edition in ["2015", "2018", "2021", "2024"] {
        let of_it = cases.iter().filter(|case| case.edition == edition);
        assert!(of_it.count() > 5, "hardly a case is of edition {edition}");
    }
}

#[test]
fn every_case_compiles() {
    let cases = case::all();
    let errors = build::errors(cases.iter().map(|case| (case, case.files.clone())), true);
    let shown: String = errors.values().map(String::as_str).collect();
    assert!(errors.is_empty(), "{} cases don't compile: {:?}\n{shown}", errors.len(), errors.keys());
}

#[test]
fn without_the_shell_no_leak_compiles_and_every_near_miss_does() {
    let cases = case::all();
    let errors = build::errors(cases.iter().map(|case| (case, case.without_shell())), false);
    let says = |case: &Case| match errors.get(&case.name) {
        None if case.is_leak => Some(format!("{} is no leak: it compiles", case.name)),
        Some(error) if !case.is_leak => Some(format!("{} is no near miss: {error}", case.name)),
        _ => None,
    };
    let wrong: Vec<String> = cases.iter().filter_map(says).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_leak_is_found_and_nothing_else() {
    let cases = case::all();
    let wrong: Vec<String> = cases.par_iter().filter(|case| !case.is_limit).flat_map_iter(mismatches).collect();
    let count = |what| wrong.iter().filter(|line| line.starts_with(what)).count();
    let (missed, alarms) = (count("missed"), count("false alarm"));
    let of = cases.len();
    assert!(
        wrong.is_empty(),
        "of {of} cases {missed} leaks are missed, {alarms} alarms are false\n{}",
        wrong.join("\n")
    );
}

/// A limit that no longer is one moves to the leaks, and out of the rule's page.
#[test]
fn what_is_said_not_to_be_seen_is_not_seen() {
    let cases = case::all();
    let limits = cases.iter().filter(|case| case.is_limit);
    let seen: Vec<&str> =
        limits.clone().filter(|case| mismatches(case).is_empty()).map(|case| case.name.as_str()).collect();
    assert!(limits.count() > 0 && seen.is_empty(), "seen by now: {seen:?}");
}

/// What the program says otherwise about a case, a line each.
fn mismatches(case: &Case) -> Vec<String> {
    let Case { name, title, .. } = case;
    let files = case.files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    let project = Project::new(files);
    let run = Run::of(baton(project.root()).args(["check", "--format", "json", "--threads", "1"]));
    let Ok(document) = serde_json::from_str::<Value>(&run.out) else {
        return vec![format!("no answer: {name} ends with {:?}: {}", run.code, run.err)];
    };
    let findings = document["findings"].as_array().unwrap();
    let unread = findings.iter().filter(|finding| finding["rule"] == "does-not-parse");
    let mut wrong: Vec<_> = unread.map(|finding| format!("unread: {name}: {}", finding["message"])).collect();
    let findings: Vec<_> = findings.iter().filter(|finding| finding["rule"] == RULE).collect();
    let found: BTreeSet<Line> = findings.iter().flat_map(|finding| lines(finding)).collect();
    let show = |(path, line): &Line| format!("{path}:{line}");
    let missing = case.marked.difference(&found).map(show);
    let either = !case.alternatives.is_empty() && case.alternatives.is_disjoint(&found);
    let missing: Vec<_> =
        missing.chain(either.then(|| case.alternatives.iter().map(show)).into_iter().flatten()).collect();
    if !missing.is_empty() {
        let missing = missing.join(" or ");
        wrong.push(format!("missed: {name}, {missing}: {title}"));
    }
    let is_expected = |line: &Line| case.marked.contains(line) || case.alternatives.contains(line);
    for finding in findings.iter().filter(|finding| !lines(finding).iter().any(is_expected)) {
        let (place, message) = (show(&lines(finding)[0]), &finding["message"]);
        wrong.push(format!("false alarm: {name}, {place}: {message}: {title}"));
    }
    wrong
}

/// The lines of a finding: its own first, then those that prove it.
fn lines(finding: &Value) -> Vec<Line> {
    let evidence = finding["evidence"].as_array().unwrap();
    let places = std::iter::once(finding).chain(evidence);
    let line = |place: &Value| {
        let line = usize::try_from(place["line"].as_u64().unwrap()).unwrap();
        (place["file"].as_str().unwrap().to_owned(), line)
    };
    places.map(line).collect()
}
