//! Reports to render in tests.

use baton_core::builds::Builds;
use baton_core::finding::{Evidence, Finding, Hop, Level};
use baton_core::report::{Judged, OrchestratorRow, Report, ReportedFile, RuleRow, Summary};
use baton_core::source::{FileId, LineIndex, Place, Span};

/// A file of a report.
pub(super) fn file(path: &str, text: &str) -> ReportedFile {
    ReportedFile { path: path.to_owned(), text: text.to_owned(), lines: LineIndex::new(text) }
}

/// A place in the file of that number.
pub(super) fn place(file: u32, start: u32, end: u32) -> Place {
    Place::new(FileId(file), Span::new(start, end))
}

/// A finding that says no more than it must.
pub(super) fn finding(rule: &'static str, place: Place, message: &str) -> Finding {
    Finding {
        rule,
        level: None,
        message: message.to_owned(),
        help: String::new(),
        place,
        item: String::new(),
        evidence: Vec::new(),
        chain: Vec::new(),
        imports: Vec::new(),
        trails: Vec::new(),
        fix: None,
    }
}

/// The finding with a level.
pub(super) fn judged(finding: Finding, level: Level) -> Judged {
    Judged { finding, level, fingerprint: "0123456789abcdef".to_owned() }
}

/// A report with a bit of everything.
pub(crate) fn report() -> Report {
    let first = Finding {
        help: "take the cache's answer as a parameter".to_owned(),
        item: "domain::a::price".to_owned(),
        evidence: vec![Evidence { kind: "call", place: place(0, 17, 30), why: "named here".to_owned() }],
        chain: vec![
            Hop { from: "domain::a".into(), to: "shared".into(), place: place(0, 17, 30) },
            Hop { from: "shared".into(), to: "utils::cache".into(), place: place(1, 0, 9) },
        ],
        ..finding("core-imports-shell", place(0, 17, 37), "`domain::a` reaches `utils::cache`")
    };
    let second = finding("impure-core", place(0, 0, 2), "two\nlines and \u{202e}a trick");
    Report {
        files: vec![
            file("src/domain/a.rs", "fn price() {\n    shared::cache::get();\n}\n"),
            file("src/shared.rs", "use cache;\n"),
        ],
        summary: Summary { files: 2, lines: 4, modules: 2, edges: 3, deny: 1, warn: 1, ..Summary::default() },
        edge_kinds: [("macro argument", 1), ("use", 2)].into(),
        unresolved: vec![("src/domain/a.rs".to_owned(), 1), ("src/shared.rs".to_owned(), 12)],
        rules: vec![
            RuleRow { rule: "core-imports-shell", judged: 3, findings: 1 },
            RuleRow { rule: "impure-core", judged: 2, findings: 1 },
        ],
        orchestrators: vec![OrchestratorRow {
            item: "domain::a::price".to_owned(),
            place: place(0, 0, 40),
            dependencies: 2,
            collaborators: vec!["Cache".to_owned()],
            findings: 1,
            layer: Some("domain".to_owned()),
            kind: None,
        }],
        findings: vec![judged(first, Level::Deny), judged(second, Level::Warn)],
        suppressed: Vec::new(),
        accepted: Vec::new(),
        gone: Vec::new(),
        notices: vec!["skipped 3 generated files".to_owned()],
        unjudged: None,
        crates: std::collections::BTreeSet::new(),
        builds: Builds::default(),
    }
}

/// A report whose texts try to be something else in every format: a path with marks of addresses and of
/// commands, a message with markup, breaks and invisible characters, and a source with CRLF beyond ASCII.
pub(crate) fn hostile() -> Report {
    let text = "// ß\r\nlet é = \"𝒳\"; drop(é);\r\n";
    let start = text.find("drop").unwrap_or_default() as u32;
    let trap =
        "100% <b onclick=\"x\">&amp;]]>--\r\n::error::a|b `c` *d* [e](javascript:f) @g #1 \u{202e}\u{fffe}\0\x1b[31m";
    let finding = Finding {
        help: "first\n::warning::second".to_owned(),
        item: "a::<b>`c`".to_owned(),
        evidence: vec![Evidence { kind: "call", place: place(0, start, start + 4), why: trap.to_owned() }],
        chain: vec![Hop { from: "a|b".into(), to: "`c`<d>".into(), place: place(0, start, start + 4) }],
        ..finding("impure-core", place(0, start, start + 8), trap)
    };
    Report {
        files: vec![file("src/a,b:c%20 (d)#é.rs", text)],
        summary: Summary { files: 1, lines: 2, modules: 1, deny: 1, ..Summary::default() },
        rules: vec![RuleRow { rule: "impure-core", judged: 1, findings: 1 }],
        findings: vec![judged(finding, Level::Deny)],
        notices: vec!["a\n::error::b".to_owned()],
        ..Report::default()
    }
}
