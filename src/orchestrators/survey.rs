//! Loads and judges a project, and makes its inventory: what the pages, the site and `ci` begin with.

use super::link::{self, is_asked};
use super::load::{Fault, LoadError, Loaded};
use super::since::Earlier;
use crate::adapters::shared_texts::SharedTexts;
use crate::error::Failure;
use crate::render;
use baton_core::builds::Builds;
use baton_core::config::{FolderRule, InventoryRule};
use baton_core::inventory::{Extent, Inventory, PageFault, Planned, inventory};
use baton_core::policy;
use baton_core::report::Report;
use baton_core::source::{LineIndex, Span};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// A project that was judged, with its inventory.
pub(super) struct Survey {
    pub(super) report: Report,
    pub(super) inventory: Inventory,
    /// The files and folders that were asked for; empty for all.
    pub(super) within: Vec<String>,
    /// The root of the project.
    pub(super) root: PathBuf,
    rule: InventoryRule,
    /// Whether the configuration speaks of pages, be it by a section for them or by what it says of folders.
    speaks_of_pages: bool,
    /// The texts in the project that may be pages.
    candidates: Vec<String>,
    /// The fingerprints of findings that were there before, where only new ones are asked for.
    known: Option<BTreeSet<String>>,
}

/// Links and judges the whole project, and makes its inventory. The pages are about all that was found, whatever was
/// there `earlier`.
pub(super) fn survey(loaded: Loaded, extent: Extent, earlier: Option<&Earlier>) -> Result<Survey, LoadError> {
    let Loaded { files, texts, workspace, config, config_text, notices, root, pages, within, .. } = loaded;
    link::without_files(&within, &files)?;
    let project = link::link(files, &texts, &workspace, &config, &config_text)?;
    let report = policy::report(&project, texts, link::lint(&project, &config), &config, &|_| true);
    let notices = notices.into_iter().chain(earlier.map(|earlier| earlier.notice.clone()));
    let report = policy::noted(report, &project, notices);
    let builds = Builds::of(&project, &workspace, &root.to_string_lossy());
    let report = report.built(builds);
    let known = earlier.map(|earlier| earlier.before.known(&project, &report));
    let inventory = inventory(&project, &report, extent);
    std::mem::forget(project);
    let speaks_of_pages = config.inventory.declared || config.folders.iter().any(FolderRule::describes);
    Ok(Survey { report, inventory, within, root, rule: config.inventory, speaks_of_pages, candidates: pages, known })
}

impl Survey {
    /// Whether a folder was asked for, by itself, by a folder around it or by something in it.
    fn asks_for(&self, folder: &str) -> bool {
        let holds = |inside: &String| is_asked(inside, &[folder.to_owned()]);
        is_asked(folder, &self.within) || self.within.iter().any(holds)
    }

    /// What has to happen to each page that was asked for, and to those that nobody asks for any more.
    /// Nothing is written here, so whatever is wrong with one page, all are as they were.
    pub(super) fn plan(&self, existing: &SharedTexts, force: bool) -> Result<Vec<Planned>, LoadError> {
        let wanted = render::pages(&self.inventory, &self.rule, &|folder| self.asks_for(folder));
        let all = render::page_paths(&self.inventory, &self.rule);
        if let Some(twice) = twice(&all, existing) {
            let hint = "choose other names with `file`, `index` or `out` under `[inventory]`, or exclude the folder that is a link";
            return Err(Failure::new(format!("two pages would be called `{twice}`"), hint).into());
        }
        let mut faults = Vec::new();
        let mut plans = Vec::new();
        for page in wanted {
            let before = existing.read(&page.path)?;
            let text = before.clone().unwrap_or_default();
            match Planned::page(page.path.clone(), before, &page.parts, force) {
                Ok(plan) => plans.push(plan),
                Err(fault) => faults.push(place(page.path, text, fault)),
            }
        }
        let known: BTreeSet<PathBuf> = all.iter().map(|path| existing.real(path)).collect();
        for path in self.candidates.iter().filter(|path| is_asked(path, &self.within)) {
            // What cannot be read is no page of ours: those are always texts.
            let Ok(Some(text)) = existing.read(path) else { continue };
            if !render::is_page_at(path, &text, &self.rule) || known.contains(&existing.real(path)) {
                continue;
            }
            match Planned::left_over(path.clone(), text.clone(), force) {
                Ok(plan) => plans.extend(plan),
                Err(fault) => faults.push(place(path.clone(), text, fault)),
            }
        }
        plans.sort_by(|one, other| one.path.cmp(&other.path));
        if faults.is_empty() { Ok(plans) } else { Err(LoadError::Faults(faults)) }
    }

    /// The report on what was asked for.
    pub(super) fn take_report(&mut self) -> Report {
        let report = std::mem::take(&mut self.report);
        let report = policy::narrowed(report, &|path| is_asked(path, &self.within));
        match &self.known {
            Some(known) => policy::without_known(known, report),
            None => report,
        }
    }

    /// Whether somebody wants these pages to be current: the configuration speaks of pages, or some exist.
    pub(super) fn wants_pages(&self, plans: &[Planned]) -> bool {
        self.speaks_of_pages || plans.iter().any(|plan| plan.before.is_some())
    }
}

/// The first path that leads to a file which another one leads to as well. The case of letters makes no
/// difference on many systems.
fn twice<'p>(paths: &'p [String], existing: &SharedTexts) -> Option<&'p String> {
    let mut seen = BTreeSet::new();
    paths.iter().find(|path| !seen.insert(existing.real(path).to_string_lossy().to_lowercase()))
}

/// A damaged marker as a fault with its place.
fn place(path: String, text: String, fault: PageFault) -> Fault {
    let lines = LineIndex::new(&text);
    let start = lines.start(fault.line as usize);
    let end = start + text[start as usize..].lines().next().map_or(0, |line| line.len() as u32);
    let help = if fault.is_conflict {
        "keep either side of it whole, and run this again: what is generated is made anew"
    } else {
        "nobody can tell what belongs to whom here: mend the marker, or remove both markers of the part"
    };
    Fault { path, text, span: Span::new(start, end), message: fault.message, help: help.to_owned() }
}
