//! The inventory: what is in each folder and file of a project, made from its sources, its contracts and
//! what the rules found.
//!
//! [`inventory`] makes the model; how a page says it is the renderers' business. [`page`] keeps what people
//! wrote on a page apart from what is generated there.

mod boundary;
mod code;
mod files;
mod folders;
mod kind;
mod links;
mod model;
pub mod page;
mod picture;
mod plan;
mod requirements;
mod words;

pub use model::{
    Assessment, DependencyEntry, DomainsEntry, FileEntry, FindingEntry, FolderEntry, ForbiddenEntry, Holder,
    ImportGroup, Inventory, MissingEntry, Neighbour, OrchestratorEntry, Pairing, PublicItem, Standing, SubfolderEntry,
    TransactionEntry, TransactionOperation,
};
pub use page::{Edited, PageFault, Part};
pub use plan::{Objection, Planned};
pub use requirements::{UNMET, Unmet, unmet};

use crate::link::Project;
use crate::report::{Judged, Report};
use files::Files;
use folders::Folders;

/// The inventory of a project. `report` has to hold all findings of the project, whatever was asked for.
pub fn inventory(project: &Project, report: &Report) -> Inventory {
    let findings: Vec<FindingEntry> = report.findings.iter().map(|judged| finding(report, judged)).collect();
    let files = Files::new(project, report);
    let entries = files.all(&findings);
    let paths = entries.iter().map(|file| file.folder.as_str()).collect();
    let folders = Folders { project, report, files: &files, entries: &entries, findings: &findings, paths }.all();
    Inventory { folders, files: entries, findings }
}

fn finding(report: &Report, judged: &Judged) -> FindingEntry {
    let finding = &judged.finding;
    let file = report.file(finding.place.file);
    let at = |offset: u32| {
        file.map_or((1, 1), |file| {
            let place = file.lines.line_column(&file.text, offset);
            (place.line, place.column)
        })
    };
    let ((line, column), (end_line, end_column)) = (at(finding.place.span.start), at(finding.place.span.end));
    FindingEntry {
        rule: finding.rule,
        level: judged.level,
        message: finding.message.clone(),
        help: finding.help.clone(),
        file: file.map(|file| file.path.clone()).unwrap_or_default(),
        line,
        column,
        end_line,
        end_column,
        item: finding.item.clone(),
        fingerprint: judged.fingerprint.clone(),
    }
}
