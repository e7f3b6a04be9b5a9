//! The report for programs. The field names and their order are a promise: fields are added at
//! the end of objects, never renamed or moved.

use super::range::Range;
use super::{clean, fault};
use crate::error::Failure;
use baton_core::finding::{Evidence, Hop, Level, Trail};
use baton_core::policy::remedy;
use baton_core::report::{Judged, OrchestratorRow, Report, RuleRow};
use baton_core::source::Place;
use serde::Serialize;
use std::fmt::Write;

/// The version of this format. It changes when a promise is broken, and only then.
pub(super) const SCHEMA: u32 = 1;

/// The whole report.
pub(super) fn json(report: &Report) -> Result<String, Failure> {
    document(&Document::of(report))
}

/// A value in the form that all JSON of this program has.
pub(super) fn document(value: &impl Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(value).map_err(|error| fault(&error))?;
    let mut text = escape(text);
    text.push('\n');
    Ok(text)
}

/// A value in one line, for readers that measure what they are given.
pub(super) fn compact(value: &impl Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string(value).map_err(|error| fault(&error))?;
    let mut text = escape(text);
    text.push('\n');
    Ok(text)
}

/// Spells out what a terminal would obey or hide. Such characters stand only inside strings,
/// where `\u202e` means the same to every reader of JSON.
fn escape(text: String) -> String {
    // The writer has escaped the control characters of ASCII, and breaks lines of its own.
    let is_safe = |c| matches!(c, '\n' | ' '..='~') || clean::Shown::of(c) == clean::Shown::Plain(c);
    if text.chars().all(is_safe) {
        return text;
    }
    let mut out = String::with_capacity(text.len() + 64);
    for c in text.chars() {
        if is_safe(c) {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out
}

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    tool: Tool,
    summary: SummaryObject,
    rules: Vec<RuleObject>,
    orchestrators: Vec<OrchestratorObject<'a>>,
    findings: Vec<FindingObject<'a>>,
    notices: &'a [String],
    unjudged: Option<&'a str>,
}

/// Who wrote a document.
#[derive(Serialize, schemars::JsonSchema)]
pub(super) struct Tool {
    name: &'static str,
    version: &'static str,
}

impl Tool {
    /// This program.
    pub(super) const THIS: Self = Self { name: "baton", version: env!("CARGO_PKG_VERSION") };
}

#[derive(Serialize)]
struct SummaryObject {
    files: usize,
    lines: usize,
    modules: usize,
    edges: usize,
    unparsed: usize,
    findings: Counts,
    suppressed: usize,
    baselined: usize,
    /// Findings that were there before; only where new ones alone are asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    known: Option<usize>,
}

#[derive(Serialize)]
struct Counts {
    deny: usize,
    warn: usize,
}

#[derive(Serialize)]
struct RuleObject {
    rule: &'static str,
    judged: usize,
    findings: usize,
}

#[derive(Serialize)]
struct OrchestratorObject<'a> {
    item: &'a str,
    file: &'a str,
    line: u32,
    end_line: u32,
    dependencies: usize,
    collaborators: &'a [String],
    findings: usize,
    layer: Option<&'a str>,
    kind: Option<&'a str>,
}

#[derive(Serialize)]
struct FindingObject<'a> {
    rule: &'static str,
    level: Level,
    message: &'a str,
    help: &'a str,
    #[serde(flatten)]
    range: Range<'a>,
    item: &'a str,
    fingerprint: &'a str,
    evidence: Vec<EvidenceObject<'a>>,
    chain: Vec<HopObject<'a>>,
    trails: Vec<TrailObject<'a>>,
    fix: Option<FixObject<'a>>,
}

/// The one certain remedy: what takes the place of which text.
#[derive(Serialize)]
struct FixObject<'a> {
    #[serde(flatten)]
    range: Range<'a>,
    text: String,
}

#[derive(Serialize)]
struct TrailObject<'a> {
    #[serde(flatten)]
    range: Range<'a>,
    why: &'a str,
    steps: Vec<TrailStepObject<'a>>,
}

#[derive(Serialize)]
struct TrailStepObject<'a> {
    #[serde(flatten)]
    range: Range<'a>,
    what: &'a str,
}

#[derive(Serialize)]
struct EvidenceObject<'a> {
    kind: &'static str,
    #[serde(flatten)]
    range: Range<'a>,
    why: &'a str,
}

#[derive(Serialize)]
struct HopObject<'a> {
    from: &'a str,
    to: &'a str,
    file: &'a str,
    line: u32,
}

impl<'a> Document<'a> {
    fn of(report: &'a Report) -> Self {
        let summary = &report.summary;
        Self {
            schema: SCHEMA,
            tool: Tool::THIS,
            summary: SummaryObject {
                files: summary.files,
                lines: summary.lines,
                modules: summary.modules,
                edges: summary.edges,
                unparsed: summary.unparsed,
                findings: Counts { deny: summary.deny, warn: summary.warn },
                suppressed: summary.suppressed,
                baselined: summary.baselined,
                known: summary.known,
            },
            rules: report.rules.iter().map(RuleObject::of).collect(),
            orchestrators: report.orchestrators.iter().map(|row| OrchestratorObject::of(report, row)).collect(),
            findings: report.findings.iter().map(|judged| FindingObject::of(report, judged)).collect(),
            notices: &report.notices,
            unjudged: report.unjudged.as_deref(),
        }
    }
}

impl RuleObject {
    fn of(row: &RuleRow) -> Self {
        Self { rule: row.rule, judged: row.judged, findings: row.findings }
    }
}

impl<'a> OrchestratorObject<'a> {
    fn of(report: &'a Report, row: &'a OrchestratorRow) -> Self {
        let range = Range::of(report, row.place);
        Self {
            item: &row.item,
            file: range.file,
            line: range.line,
            end_line: range.end_line,
            dependencies: row.dependencies,
            collaborators: &row.collaborators,
            findings: row.findings,
            layer: row.layer.as_deref(),
            kind: row.kind.as_deref(),
        }
    }
}

impl<'a> FindingObject<'a> {
    fn of(report: &'a Report, judged: &'a Judged) -> Self {
        let finding = &judged.finding;
        Self {
            rule: finding.rule,
            level: judged.level,
            message: &finding.message,
            help: &finding.help,
            range: Range::of(report, finding.place),
            item: &finding.item,
            fingerprint: &judged.fingerprint,
            evidence: finding.evidence.iter().map(|evidence| EvidenceObject::of(report, evidence)).collect(),
            chain: finding.chain.iter().map(|hop| HopObject::of(report, hop)).collect(),
            trails: finding.trails.iter().map(|trail| TrailObject::of(report, trail)).collect(),
            fix: remedy(report, judged).map(|(file, edit)| FixObject {
                range: Range::of(report, Place::new(file, edit.span)),
                text: edit.text,
            }),
        }
    }
}

impl<'a> EvidenceObject<'a> {
    fn of(report: &'a Report, evidence: &'a Evidence) -> Self {
        Self { kind: evidence.kind, range: Range::of(report, evidence.place), why: &evidence.why }
    }
}

impl<'a> TrailObject<'a> {
    fn of(report: &'a Report, trail: &'a Trail) -> Self {
        let steps = trail.steps.iter();
        let steps = steps.map(|step| TrailStepObject { range: Range::of(report, step.place), what: &step.what });
        Self { range: Range::of(report, trail.place), why: &trail.why, steps: steps.collect() }
    }
}

impl<'a> HopObject<'a> {
    fn of(report: &'a Report, hop: &'a Hop) -> Self {
        let range = Range::of(report, hop.place);
        Self { from: &hop.from, to: &hop.to, file: range.file, line: range.line }
    }
}

#[cfg(test)]
mod tests;
