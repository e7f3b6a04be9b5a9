//! What the tests of the configuration share: a few lints, and complaints drawn under the text.

use super::{ConfigError, parse};
use crate::finding::Level;
use crate::lint::{Check, Lint, OptionDefault, OptionSpec, Verdict};
use crate::source::LineIndex;
use expect_test::Expect;
use std::fmt::Write;

/// A lint without options, and two that have one of each type between them.
pub(super) const LINTS: &[&Lint] = &[
    &lint("impure-core", &[]),
    &lint(
        "too-many-dependencies",
        &[
            OptionSpec { name: "max", default: OptionDefault::Number(4), summary: "" },
            OptionSpec { name: "count-telemetry", default: OptionDefault::Switch(true), summary: "" },
        ],
    ),
    &lint(
        "core-imports-shell",
        &[
            OptionSpec { name: "indirect", default: OptionDefault::Choice(&["item", "module"]), summary: "" },
            OptionSpec { name: "allow", default: OptionDefault::Paths(&[]), summary: "" },
            OptionSpec { name: "crates", default: OptionDefault::Crates(&[]), summary: "" },
            OptionSpec { name: "names", default: OptionDefault::Names(&[]), summary: "" },
            OptionSpec { name: "targets", default: OptionDefault::Roles(&["shell"]), summary: "" },
        ],
    ),
];

const fn lint(name: &'static str, options: &'static [OptionSpec]) -> Lint {
    Lint { name, level: Level::Deny, summary: "", source: "", options, check: Check::Whole(|_, _| Verdict::default()) }
}

/// Compares what is wrong with `text` as a `baton.toml` with `expected`.
#[track_caller]
pub(super) fn check(text: &str, expected: &Expect) {
    let errors = parse("baton.toml", text, LINTS).err().unwrap_or_default();
    assert!(errors.iter().all(|error| error.path == "baton.toml"));
    expected.assert_eq(&render(text, &errors));
}

/// The lines that have complaints, each with its complaints under it; `fine` without any.
pub(super) fn render(text: &str, errors: &[ConfigError]) -> String {
    if errors.is_empty() {
        return "fine".to_owned();
    }
    let index = LineIndex::new(text);
    let mut out = String::new();
    let mut drawn = 0;
    for error in errors {
        let start = index.line_column(text, error.span.start);
        let end = index.line_column(text, error.span.end);
        let line = text.lines().nth(start.line as usize - 1).unwrap_or_default().trim_start_matches('\u{feff}');
        if drawn != start.line {
            drawn = start.line;
            writeln!(out, "{line}").unwrap();
        }
        let last = if end.line == start.line { end.column } else { line.chars().count() as u32 + 1 };
        let (indent, width) = (start.column as usize - 1, last.saturating_sub(start.column).max(1) as usize);
        writeln!(out, "{:indent$}{} {}", "", "^".repeat(width), error.message).unwrap();
        if !error.help.is_empty() {
            writeln!(out, "{:indent$}help: {}", "", error.help).unwrap();
        }
    }
    out
}
