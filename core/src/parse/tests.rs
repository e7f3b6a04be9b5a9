//! What the parser says of small texts, drawn under them.

mod bodies;
mod imports;
mod items;
mod macros;
mod marks;
mod patterns;
mod show;
mod texts;

use super::{Need, Parsed, parse_file};
use crate::facts::{FileFacts, Scope};
use crate::source::{LineIndex, Span};
use expect_test::Expect;
use std::fmt::Write;

/// The facts of a text that parses.
#[track_caller]
fn facts(text: &str) -> FileFacts {
    match parse_file(text, &LineIndex::new(text), Need::Bodies) {
        Parsed::Facts(facts) => facts,
        other => panic!("{other:?}"),
    }
}

/// Compares what `marks` finds in each scope of `text`, drawn under the text, with `expected`.
#[track_caller]
fn check_with(text: &str, marks: impl Fn(&Scope) -> Vec<(Span, String)>, expected: &Expect) {
    let marks = facts(text).scopes.iter().flat_map(marks).collect();
    expected.assert_eq(&draw(text, marks));
}

/// The lines that have marks, each with its marks under it and without its indentation.
fn draw(text: &str, mut marks: Vec<(Span, String)>) -> String {
    marks.sort_by_key(|(span, _)| *span);
    let index = LineIndex::new(text);
    let mut out = String::new();
    let mut drawn = 0;
    for (span, label) in marks {
        assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?} {label}");
        let start = index.line_column(text, span.start);
        let end = index.line_column(text, span.end);
        let line = text.lines().nth(start.line as usize - 1).unwrap_or_default();
        let margin = line.chars().take_while(|&character| character == ' ').count();
        if drawn != start.line {
            drawn = start.line;
            writeln!(out, "{}", line.trim_start_matches(' ')).unwrap();
        }
        let last = if end.line == start.line { end.column } else { line.chars().count() as u32 + 1 };
        let (indent, width) = (start.column as usize - 1 - margin, last.saturating_sub(start.column).max(1) as usize);
        writeln!(out, "{:indent$}{} {label}", "", "^".repeat(width)).unwrap();
    }
    out
}
