//! What becomes of findings: their order, their fingerprints, what is counted.

use super::*;
use crate::config;
use crate::link::{SourceFile, link};
use crate::lint::Check;
use crate::manifest::Workspace;
use crate::parse::{Need, Parsed, parse_file};
use crate::source::{FileId, Span};
use std::sync::Arc;

const FIRST: Lint = lint("first");
const SECOND: Lint = lint("second");
static LINTS: [&Lint; 2] = [&FIRST, &SECOND];

const fn lint(name: &'static str) -> Lint {
    Lint {
        name,
        level: Level::Deny,
        summary: "",
        source: "",
        options: &[],
        check: Check::Whole(|_, _| Verdict::default()),
    }
}

/// A finding at the `nth` place where `code` stands in `text`.
fn finding(rule: &'static str, text: &str, code: &str, nth: usize, item: &str) -> Finding {
    let start = text.match_indices(code).nth(nth).unwrap().0 as u32;
    Finding {
        rule,
        level: None,
        message: "wrong".to_owned(),
        help: "right it".to_owned(),
        place: Place::new(FileId(0), Span::new(start, start + code.len() as u32)),
        item: item.to_owned(),
        evidence: Vec::new(),
        chain: Vec::new(),
        imports: Vec::new(),
        trails: Vec::new(),
        fix: None,
    }
}

/// The report of `findings` on files of these texts, all of them asked for.
fn report_on(files: &[(&str, &str)], findings: &[Finding], config: &Config, within: &dyn Fn(&str) -> bool) -> Report {
    let sources = files.iter().map(|(path, text)| {
        let content = match parse_file(text, &LineIndex::new(text), Need::Names) {
            Parsed::Facts(facts) => Content::Facts(Arc::new(facts)),
            Parsed::Generated => Content::Generated,
            Parsed::Failed(failure) => Content::Failed(failure),
        };
        SourceFile { path: (*path).to_owned(), content }
    });
    let project = link(sources.collect(), &Workspace::default(), &Config::default()).unwrap();
    let texts = files.iter().map(|(_, text)| ((*text).to_owned(), LineIndex::new(text))).collect();
    let said = LINTS.map(|lint| {
        let findings = findings.iter().filter(|finding| finding.rule == lint.name).cloned().collect();
        Said { lint, verdict: Verdict { judged: 7, findings } }
    });
    report(&project, texts, Vec::from(said), config, within)
}

/// The fingerprints of findings on one text, in the order of the report.
fn fingerprints(text: &str, findings: &[Finding]) -> Vec<String> {
    let report = report_on(&[("src/lib.rs", text)], findings, &Config::default(), &|_| true);
    report.findings.into_iter().map(|judged| judged.fingerprint).collect()
}

#[test]
fn a_second_package_makes_no_finding_a_new_one() {
    let crates = BTreeSet::from(["shop".to_owned(), "tool".to_owned()]);
    let plain = |message: &str| without_crates(message, &crates);
    let with = "core module `shop::domain` uses `impl Load for Vec in shop::infra`";
    assert_eq!(plain(with), "core module `domain` uses `impl Load for Vec in infra`");
    let without = "core module `shopper::domain` imports `shop` in `crate::shop::tool`";
    assert_eq!(plain(without), without, "no crate of the project stands before a path");
}

#[test]
fn findings_stand_in_the_order_of_files_lines_columns_and_rules() {
    let a = "fn a() {}\nfn b() {} fn c() {}\n";
    let at = |file, mut finding: Finding| {
        finding.place.file = FileId(file);
        finding
    };
    let findings = vec![
        at(1, finding("first", a, "fn a", 0, "")),
        finding("first", a, "fn c", 0, ""),
        finding("second", a, "fn b", 0, ""),
        finding("first", a, "fn b", 0, ""),
        finding("second", a, "fn a", 0, ""),
    ];
    let mut backwards = findings.clone();
    backwards.reverse();
    let order = |findings: &[Finding]| {
        let report = report_on(&[("src/a.rs", a), ("src/b.rs", a)], findings, &Config::default(), &|_| true);
        let places = report.findings.iter().map(|judged| {
            let finding = &judged.finding;
            format!("{} {} {}", finding.place.file.0, finding.place.span.start, finding.rule)
        });
        places.collect::<Vec<_>>()
    };
    let expected = ["0 0 second", "0 10 first", "0 10 second", "0 20 first", "1 0 first"];
    assert_eq!(order(&findings), expected);
    assert_eq!(order(&backwards), expected, "whatever order the lints found them in");
}

#[test]
fn a_fingerprint_survives_moving_and_reformatting() {
    let before = "fn f() { a + b }\n";
    let moved = "\n\n// A comment.\nfn g() {}\nfn f() {\n    a\n        + b\n}\n";
    let one = fingerprints(before, &[finding("first", before, "a + b", 0, "f")]);
    let other = fingerprints(moved, &[finding("first", moved, "a\n        + b", 0, "f")]);
    assert_eq!(one, other);
}

#[test]
fn a_fingerprint_tells_rules_items_code_and_messages_apart() {
    let text = "fn f() { a + b; a + c }\n";
    let base = finding("first", text, "a + b", 0, "f");
    let others = [
        finding("second", text, "a + b", 0, "f"),
        finding("first", text, "a + c", 0, "f"),
        finding("first", text, "a + b", 0, "g"),
        Finding { message: "another".to_owned(), ..base.clone() },
    ];
    let of = |finding: &Finding| fingerprints(text, std::slice::from_ref(finding));
    for other in &others {
        assert_ne!(of(&base), of(other), "{other:?}");
    }
    let elsewhere = Finding { help: "do otherwise".to_owned(), ..base.clone() };
    assert_eq!(of(&base), of(&elsewhere), "a better help is no other finding");
}

#[test]
fn a_finding_may_have_a_level_of_its_own() {
    let one = Finding { level: Some(Level::Warn), ..finding("first", "a\n", "a", 0, "f") };
    let report = report_on(&[("a.rs", "a\n")], &[one], &Config::default(), &|_| true);
    assert_eq!((report.summary.deny, report.summary.warn), (0, 1));
}

#[test]
fn equal_findings_are_told_apart_by_their_order() {
    let text = "fn f() { a + b; a + b; a + b }\n";
    let three = [0, 1, 2].map(|nth| finding("first", text, "a + b", nth, "f"));
    let found = fingerprints(text, &three);
    let [first, second, third] = &found[..] else { panic!("{found:?}") };
    assert_eq!([second, third], [&format!("{first}-1"), &format!("{first}-2")]);
    let alone = fingerprints(text, &[finding("first", text, "a + b", 0, "f")]);
    assert_eq!(alone, found[..1], "the first keeps its own");
}

#[test]
fn levels_come_from_the_configuration_and_are_counted() {
    let text = "fn a() {} fn b() {}\n";
    let config = config::parse("baton.toml", "version = 1\n[rules]\nsecond = \"warn\"\n", &LINTS).unwrap();
    let findings = vec![
        finding("first", text, "fn a", 0, ""),
        finding("first", text, "fn b", 0, ""),
        finding("second", text, "fn a", 0, ""),
    ];
    let report = report_on(&[("src/lib.rs", text), ("src/x.rs", "fn (")], &findings, &config, &|_| true);
    assert_eq!((report.summary.deny, report.summary.warn), (2, 1));
    assert_eq!((report.summary.files, report.summary.lines, report.summary.unparsed), (2, 2, 1));
    let rows: Vec<_> = report.rules.iter().map(|row| (row.rule, row.judged, row.findings)).collect();
    assert_eq!(rows, [("first", 7, 2), ("second", 7, 1)]);
}

#[test]
fn only_the_files_that_are_asked_for_have_findings() {
    let text = "fn a() {}\n";
    let mut other = finding("first", text, "fn a", 0, "");
    other.place.file = FileId(1);
    let findings = vec![finding("first", text, "fn a", 0, ""), other];
    let files = [("src/a.rs", text), ("src/b.rs", text)];
    let report = report_on(&files, &findings, &Config::default(), &|path| path == "src/b.rs");
    let paths: Vec<_> = report.findings.iter().map(|judged| judged.finding.place.file).collect();
    assert_eq!(paths, [FileId(1)]);
    assert_eq!(report.rules[0].findings, 1);
}
