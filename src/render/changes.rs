//! What a run says about the sources that it changed.

use super::clean::line;
use baton_core::policy::{Change, Changes, Wish};
use baton_core::report::Report;
use std::fmt::Write;

/// A line about a file that was written.
pub fn changed(change: &Change, wish: &Wish) -> String {
    let what = match (wish, change.edits) {
        (Wish::Allow { .. }, 1) => "1 suppression added".to_owned(),
        (Wish::Allow { .. }, several) => format!("{several} suppressions added"),
        (Wish::Mend, 1) => "1 remedy applied".to_owned(),
        (Wish::Mend, several) => format!("{several} remedies applied"),
    };
    format!("{}: {what}\n", line(&change.path))
}

/// What was not done: each finding that cannot be suppressed, or that there was nothing to do at all.
pub fn unchanged(report: &Report, changes: &Changes, wish: &Wish, is_first: bool) -> String {
    let mut text = String::new();
    for judged in changes.left.iter().filter_map(|index| report.findings.get(*index)) {
        let path = report.file(judged.finding.place.file).map_or("", |file| &file.path);
        let _ = writeln!(
            text,
            "{}: no suppression covers what `{}` says there: {}",
            line(path),
            judged.finding.rule,
            line(&judged.finding.message)
        );
    }
    if is_first && changes.files.is_empty() && changes.left.is_empty() {
        text.push_str(match wish {
            Wish::Allow { .. } => "there is nothing to suppress\n",
            Wish::Mend => "no finding has one certain remedy\n",
        });
    }
    text
}
