//! The import graph as text that other programs draw, and as a picture.

mod dot;
mod json;
mod mermaid;
mod svg;
#[cfg(test)]
mod testing;
mod why;

pub(super) use mermaid::flowchart;
pub(super) use svg::{Frame, InPage, svg as picture};
pub use why::{Question, why, why_json};

use super::tally::count;
use crate::error::Failure;
use baton_core::graph::{Arrow, View};
use baton_core::report::Report;
use baton_core::source::Place;
use std::collections::BTreeSet;
use std::fmt::Write;

/// How a graph is written down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GraphFormat {
    /// A flowchart for Mermaid, which forges draw inside of Markdown.
    #[default]
    Mermaid,
    /// For Graphviz.
    Dot,
    /// For programs.
    Json,
    /// A picture.
    Svg,
}

impl GraphFormat {
    /// All formats.
    pub const ALL: [Self; 4] = [Self::Mermaid, Self::Dot, Self::Json, Self::Svg];

    /// The name that the command line uses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mermaid => "mermaid",
            Self::Dot => "dot",
            Self::Json => "json",
            Self::Svg => "svg",
        }
    }

    /// One line about it.
    pub const fn summary(self) -> &'static str {
        match self {
            Self::Mermaid => "A flowchart that forges draw inside of Markdown",
            Self::Dot => "For Graphviz",
            Self::Json => "For programs",
            Self::Svg => "A picture",
        }
    }

    /// The format that a file with that extension holds.
    pub fn of_extension(extension: &str) -> Option<Self> {
        match extension {
            "mmd" | "mermaid" => Some(Self::Mermaid),
            "dot" | "gv" => Some(Self::Dot),
            "json" => Some(Self::Json),
            "svg" => Some(Self::Svg),
            _ => None,
        }
    }
}

/// The view in `format`. `report` has the texts that its places lie in.
///
/// # Errors
///
/// The writer of that format failed, which is a fault of this program, or the graph is too large
/// for a picture.
pub fn graph(view: &View, report: &Report, format: GraphFormat) -> Result<String, Failure> {
    match format {
        GraphFormat::Mermaid => Ok(mermaid::mermaid(view)),
        GraphFormat::Dot => Ok(dot::dot(view, report)),
        GraphFormat::Json => json::json(view, report),
        GraphFormat::Svg => picture(view, report, Frame::Alone),
    }
}

/// How many arrows forges draw in a flowchart before they refuse: the default of Mermaid.
const MERMAID_ARROWS: usize = 500;

/// What a reader of the graph should know, a line each.
pub fn graph_notes(view: &View, report: &Report, format: GraphFormat) -> String {
    let mut notes = String::new();
    let (unparsed, arrows) = (report.summary.unparsed, view.arrows.len());
    if unparsed > 0 {
        let files = count(unparsed, "file");
        let _ = writeln!(notes, "note: {files} did not parse, and what they import is not shown");
    }
    if format == GraphFormat::Mermaid && arrows > MERMAID_ARROWS {
        let _ = writeln!(notes, "note: forges draw at most {MERMAID_ARROWS} arrows, and these are {arrows}: {COARSER}");
    }
    notes
}

/// What to do about a graph that is too large.
const COARSER: &str = "group by crate or role, set a lower `--depth`, or give the path of a part";

/// What stands at an arrow: how many places, and which rules how many of them break.
fn label(arrow: &Arrow) -> String {
    let rules: BTreeSet<_> = arrow.violations.iter().map(|violation| violation.rule).collect();
    let rules: Vec<_> = rules.into_iter().collect();
    match arrow.violations.len() {
        0 => arrow.places.to_string(),
        1 => format!("{} breaks {}", share(arrow), rules.join(", ")),
        _ => format!("{} break {}", share(arrow), rules.join(", ")),
    }
}

/// How many of the places of an arrow break a rule.
fn share(arrow: &Arrow) -> String {
    let broken = arrow.violations.len();
    if broken == arrow.places { broken.to_string() } else { format!("{broken} of {}", arrow.places) }
}

/// A place as people write it: the file and the line.
fn shown(report: &Report, place: Place) -> (&str, u32) {
    report
        .file(place.file)
        .map_or(("", 1), |file| (file.path.as_str(), file.lines.line_column(&file.text, place.span.start).line))
}
