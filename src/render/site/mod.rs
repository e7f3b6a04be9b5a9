//! The inventory as a site: one folder of pages that a browser shows from a disk, without a server or a network.
//!
//! Every page is whole without scripts. Scripts add the tree, the search and the choice of colours; they read
//! what they need from files that assign it to a variable, because a page from a disk may fetch nothing.

mod data;
mod file;
mod finding;
mod folder;
mod frame;
mod here;
mod html;
mod manifest;
mod overview;
mod picture;
mod route;
mod rule;
mod source;
mod words;

pub use manifest::{LeftOver, MANIFEST, Manifest};

use super::clean;
use super::tally::count;
use crate::error::Failure;
use baton_core::inventory::{FileEntry, FolderEntry, Inventory};
use baton_core::lint::Lint;
use baton_core::report::{Report, RuleRow};
use here::Here;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// A file of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteFile {
    /// Relative to the site's folder, with `/`.
    pub path: String,
    /// All of it.
    pub text: String,
}

/// A page of the site, before it is rendered.
#[derive(Clone, Copy, Debug)]
pub enum SitePage<'a> {
    /// The page over all of the project.
    Overview,
    /// The page of a folder.
    Folder(&'a FolderEntry),
    /// The page of a file.
    File(&'a FileEntry),
    /// The page of a rule.
    Rule(&'a RuleRow),
}

/// Everything that pages are made from.
pub struct Site<'a> {
    inventory: &'a Inventory,
    report: &'a Report,
    lints: BTreeMap<&'static str, &'static Lint>,
    files: BTreeMap<&'a str, &'a FileEntry>,
    folders: BTreeMap<&'a str, &'a FolderEntry>,
    /// The file of each module.
    modules: BTreeMap<&'a str, &'a str>,
    /// The findings that the page of a file shows, by their positions.
    on_files: BTreeSet<usize>,
}

impl<'a> Site<'a> {
    /// The site of an inventory. `report` has to be the one that the inventory was made from, and `lints` those
    /// that ran.
    pub fn new(inventory: &'a Inventory, report: &'a Report, lints: &[&'static Lint]) -> Self {
        let named = inventory.files.iter().filter(|file| !file.module.is_empty());
        Self {
            inventory,
            report,
            lints: lints.iter().map(|lint| (lint.name, *lint)).collect(),
            files: inventory.files.iter().map(|file| (file.path.as_str(), file)).collect(),
            folders: inventory.folders.iter().map(|folder| (folder.path.as_str(), folder)).collect(),
            modules: named.map(|file| (file.module.as_str(), file.path.as_str())).collect(),
            on_files: inventory.files.iter().flat_map(|file| file.findings.iter().copied()).collect(),
        }
    }

    /// All pages, in no order that means anything. They may be rendered side by side.
    pub fn pages(&self) -> Vec<SitePage<'a>> {
        let folders = self.inventory.folders.iter().map(SitePage::Folder);
        let files = self.inventory.files.iter().map(SitePage::File);
        let rules = self.report.rules.iter().map(SitePage::Rule);
        std::iter::once(SitePage::Overview).chain(folders).chain(files).chain(rules).collect()
    }

    /// One page.
    pub fn page(&self, page: SitePage<'a>) -> SiteFile {
        let path = match page {
            SitePage::Overview => route::OVERVIEW.to_owned(),
            SitePage::Folder(folder) => route::folder(&folder.path),
            SitePage::File(file) => route::file(&file.path),
            SitePage::Rule(rule) => route::rule(rule.rule),
        };
        let here = Here { site: self, page: path };
        let content = match page {
            SitePage::Overview => overview::content(&here),
            SitePage::Folder(folder) => folder::content(&here, folder),
            SitePage::File(file) => file::content(&here, file),
            SitePage::Rule(rule) => rule::content(&here, rule),
        };
        let text = frame::page(&here, content);
        SiteFile { path: here.page, text }
    }

    /// What the pages share: the style sheet, the scripts and their data.
    ///
    /// # Errors
    ///
    /// The writer of JSON failed, which is a fault of this program.
    pub fn shared(&self) -> Result<Vec<SiteFile>, Failure> {
        let file = |path: &str, text: String| SiteFile { path: path.to_owned(), text };
        Ok(vec![
            file(frame::STYLE, include_str!("assets/site.css").to_owned()),
            file(frame::THEME, include_str!("assets/theme.js").to_owned()),
            file(frame::TREE, include_str!("assets/tree.js").to_owned()),
            file(frame::SEARCH, include_str!("assets/search.js").to_owned()),
            file(frame::ICON, include_str!("assets/icon.svg").to_owned()),
            file(frame::DATA, data::pages(self)?),
            file(frame::ITEMS, data::items(self)?),
        ])
    }

    /// What the project is called, where it is one package.
    fn name(&self) -> Option<&'a str> {
        match self.inventory.packages.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    /// The entries of some files.
    fn entries<'p>(&'p self, paths: &'p [String]) -> impl Iterator<Item = &'a FileEntry> {
        paths.iter().filter_map(|path| self.files.get(path.as_str()).copied())
    }

    /// The nearest folder around a path that has a page.
    fn folder_around(&self, path: &str) -> Option<&'a FolderEntry> {
        let mut rest = path;
        while let Some((around, _)) = rest.rsplit_once('/') {
            if let Some(folder) = self.folders.get(around) {
                return Some(folder);
            }
            rest = around;
        }
        self.folders.get(".").copied().filter(|_| path != ".")
    }
}

/// Nothing, if the whole project was asked for. Pages of a part would lead nowhere.
///
/// # Errors
///
/// Only the paths in `within` were asked for.
pub fn whole_project(within: &[String]) -> Result<(), Failure> {
    if within.is_empty() {
        return Ok(());
    }
    let hint = "leave out the paths; tree and search lead to any part";
    Err(Failure::new("a site is about a whole project, and a part of it was asked for", hint))
}

/// What was done, in a line, and a line for each file of an earlier run that somebody changed and that is no longer
/// a page. `written` says for each file whether it had to be written.
pub fn site_written(folder: &str, written: &[bool], left_over: &LeftOver<'_>) -> String {
    let new = written.iter().filter(|was_written| **was_written).count();
    let mut parts = vec![format!("wrote {}", count(new, "file"))];
    if new < written.len() {
        parts.push(format!("{} current", written.len() - new));
    }
    if !left_over.ours.is_empty() {
        parts.push(format!("removed {}", left_over.ours.len()));
    }
    let folder = clean::line(folder);
    let mut out = format!("{}: {folder}/{}\n", parts.join("; "), route::OVERVIEW);
    for path in &left_over.changed {
        let _ = writeln!(out, "{folder}/{}: no page any more, and somebody changed it; it stays", clean::line(path));
    }
    out
}

#[cfg(test)]
mod tests;
