//! Places as SARIF says them.

use super::Message;
use crate::render::clean;
use baton_core::finding::{Finding, Trail};
use baton_core::report::{Report, ReportedFile};
use baton_core::source::{Place, Span};
use serde::Serialize;

/// A place, and what there is to say of it.
#[derive(Serialize)]
pub(super) struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<u32>,
    #[serde(rename = "physicalLocation", skip_serializing_if = "Option::is_none")]
    physical: Option<PhysicalLocation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    /// What the address is relative to: the root of the sources, which only the reader knows.
    uri_base_id: &'static str,
}

/// A part of one line. GitHub marks lines, and a mark over a whole function would hide what is meant.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: usize,
    end_column: usize,
}

/// The way from one place to another.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CodeFlow {
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
    thread_flows: [ThreadFlow; 1],
}

#[derive(Serialize)]
struct ThreadFlow {
    locations: Vec<ThreadFlowLocation>,
}

#[derive(Serialize)]
struct ThreadFlowLocation {
    location: Location,
}

impl Location {
    pub(super) fn of(report: &Report, place: Place) -> Self {
        let physical = report.file(place.file).map(|file| PhysicalLocation {
            artifact_location: ArtifactLocation { uri: clean::address(&file.path), uri_base_id: "%SRCROOT%" },
            region: Region::of(file, place.span),
        });
        Self { id: None, physical, message: None }
    }

    /// The same place with a number.
    pub(super) fn numbered(self, number: u32) -> Self {
        Self { id: Some(number), ..self }
    }

    /// The same place with something to say.
    pub(super) fn saying(self, text: &str) -> Self {
        Self { message: Some(Message::of(text)), ..self }
    }

    /// The line, if the place is in a file.
    pub(super) fn line(&self) -> Option<u32> {
        self.physical.as_ref().map(|physical| physical.region.start_line)
    }
}

impl Region {
    fn of(file: &ReportedFile, span: Span) -> Self {
        let start = file.lines.line_column(&file.text, span.start);
        let line_start = file.lines.start(start.line as usize) as usize;
        let line = file.text.get(line_start..).unwrap_or_default();
        let line = line.split(['\n', '\r']).next().unwrap_or_default();
        let column = |offset: u32| 1 + units_before(line, (offset as usize).saturating_sub(line_start));
        Self { start_line: start.line, start_column: column(span.start), end_column: column(span.end.max(span.start)) }
    }
}

/// How many UTF-16 code units stand in a line before a byte.
fn units_before(line: &str, byte: usize) -> usize {
    line.char_indices().take_while(|(at, _)| *at < byte).map(|(_, c)| c.len_utf16()).sum()
}

/// The ways that prove a finding: its chain of imports, and those of its values.
pub(super) fn code_flows(report: &Report, finding: &Finding) -> Vec<CodeFlow> {
    let hops = finding.chain.iter();
    let hops: Vec<_> = hops.map(|hop| (hop.place, format!("`{}` names `{}`", hop.from, hop.to))).collect();
    let chain = (!hops.is_empty()).then(|| CodeFlow::of(report, None, hops));
    let trails = finding.trails.iter().map(|trail| CodeFlow::of_trail(report, trail));
    chain.into_iter().chain(trails).collect()
}

impl CodeFlow {
    fn of_trail(report: &Report, trail: &Trail) -> Self {
        let steps = trail.steps.iter().map(|step| (step.place, step.what.clone()));
        let end = (trail.place, trail.why.clone());
        Self::of(report, Some(Message::of(&trail.why)), steps.chain([end]).collect())
    }

    fn of(report: &Report, message: Option<Message>, steps: Vec<(Place, String)>) -> Self {
        let locations = steps.into_iter().map(|(place, text)| Location::of(report, place).saying(&text));
        let locations = locations.map(|location| ThreadFlowLocation { location }).collect();
        Self { message, thread_flows: [ThreadFlow { locations }] }
    }
}
