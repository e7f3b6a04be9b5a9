//! The report for people: every finding with the source under it.

use super::snippet::{Block, Mark, Source};
use super::{Style, clean, tally};
use crate::error::Failure;
use baton_core::finding::{Finding, Hop, Level};
use baton_core::report::{Judged, Report};
use baton_core::source::Place;
use std::fmt::Write;

/// The whole report.
pub(super) fn full(report: &Report, style: Style) -> Result<String, Failure> {
    let mut out = String::new();
    for judged in &report.findings {
        finding(report, judged, style, &mut out)?;
    }
    for notice in &report.notices {
        let _ = writeln!(out, "note: {}", clean::line(notice));
    }
    out.push_str(&tally::tally(report));
    Ok(out)
}

/// One finding.
pub(super) fn finding(report: &Report, judged: &Judged, style: Style, out: &mut String) -> Result<(), Failure> {
    block(report, judged).render(style, out)
}

fn block<'a>(report: &'a Report, judged: &'a Judged) -> Block<'a> {
    let finding = &judged.finding;
    Block {
        is_error: judged.level == Level::Deny,
        code: finding.rule,
        message: &finding.message,
        marks: marks(report, finding),
        notes: notes(report, judged),
    }
}

/// The finding's own place, then the evidence. Evidence at that very place says its word there.
fn marks<'a>(report: &'a Report, finding: &'a Finding) -> Vec<Mark<'a>> {
    let same = finding.evidence.iter().position(|evidence| evidence.place == finding.place);
    let message = same.map_or("", |index| finding.evidence[index].why.as_str());
    let mut marks = Vec::with_capacity(finding.evidence.len() + 1);
    marks.extend(mark(report, finding.place, message, true));
    for (index, evidence) in finding.evidence.iter().enumerate() {
        if Some(index) != same {
            marks.extend(mark(report, evidence.place, &evidence.why, false));
        }
    }
    marks
}

fn mark<'a>(report: &'a Report, place: Place, message: &'a str, is_primary: bool) -> Option<Mark<'a>> {
    let file = report.file(place.file)?;
    let source = Source { path: &file.path, text: &file.text, lines: &file.lines };
    Some(Mark { source, span: place.span, message, is_primary })
}

fn notes(report: &Report, judged: &Judged) -> Vec<String> {
    let finding = &judged.finding;
    let mut notes = Vec::new();
    if !finding.item.is_empty() {
        notes.push(format!("in `{}`", finding.item));
    }
    if !finding.chain.is_empty() {
        let hops: Vec<_> = finding.chain.iter().map(|hop| step(report, hop)).collect();
        notes.push(hops.join("\n"));
    }
    if !finding.help.is_empty() {
        notes.push(format!("help: {}", finding.help));
    }
    if !finding.trails.is_empty() {
        notes.push(format!(
            "why: the same check with `--explain-finding {}` shows where the values come from",
            judged.fingerprint
        ));
    }
    notes
}

fn step(report: &Report, hop: &Hop) -> String {
    let steps = format!("{} -> {}", hop.from, hop.to);
    match report.file(hop.place.file) {
        Some(file) => {
            let line = file.lines.line_column(&file.text, hop.place.span.start).line;
            format!("{steps}  {}:{line}", file.path)
        }
        None => steps,
    }
}

#[cfg(test)]
mod tests;
