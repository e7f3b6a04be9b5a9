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
    TransactionEntry, TransactionOperation, WaivedEntry,
};
pub use page::{Edited, PageFault, Part};
pub use plan::{Objection, Planned};
pub use requirements::{UNMET, Unmet, unmet};

use crate::link::Project;
use crate::report::{Judged, Report};
use files::Files;
use folders::Folders;
use requirements::is_below;
use std::collections::BTreeSet;

/// What an inventory is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Every folder and file.
    Everything,
    /// The governed folders and what lies in them and below: what has a page.
    Governed,
}

/// The inventory of a project. `report` has to hold all findings of the project, whatever was asked for.
pub fn inventory(project: &Project, report: &Report, extent: Extent) -> Inventory {
    let governed = project.governed_folders();
    let is_asked = |path: &str| match extent {
        Extent::Everything => true,
        Extent::Governed => governed.keys().any(|folder| is_below(path, folder)),
    };
    let findings: Vec<FindingEntry> = report.findings.iter().map(|judged| finding(report, judged)).collect();
    let files = Files::new(project, report);
    let entries = files.all(&findings, &is_asked);
    let paths = entries.iter().map(|file| file.folder.as_str()).collect();
    let folders = Folders { project, report, files: &files, entries: &entries, findings: &findings, paths };
    let folders = match extent {
        Extent::Everything => folders.all(),
        Extent::Governed => folders.governed(),
    };
    let packages: BTreeSet<&String> = project.crates.iter().map(|krate| &krate.package).collect();
    Inventory { packages: packages.into_iter().cloned().collect(), folders, files: entries, findings }
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
