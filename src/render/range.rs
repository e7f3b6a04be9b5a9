//! Places as people and programs count them.

use baton_core::report::Report;
use baton_core::source::Place;
use serde::Serialize;

/// A place as people count: from 1, in characters. The end is one past the last character.
#[derive(Serialize)]
pub(super) struct Range<'a> {
    pub(super) file: &'a str,
    pub(super) line: u32,
    pub(super) column: u32,
    pub(super) end_line: u32,
    pub(super) end_column: u32,
}

impl<'a> Range<'a> {
    /// The range of a place. A file that is not there has no path, and nothing in it.
    pub(super) fn of(report: &'a Report, place: Place) -> Self {
        let Some(file) = report.file(place.file) else {
            return Self { file: "", line: 1, column: 1, end_line: 1, end_column: 1 };
        };
        let start = file.lines.line_column(&file.text, place.span.start);
        let end = file.lines.line_column(&file.text, place.span.end.max(place.span.start));
        Self { file: &file.path, line: start.line, column: start.column, end_line: end.line, end_column: end.column }
    }
}
