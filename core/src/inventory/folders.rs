//! The entries of folders.

use super::files::{Files, folder_of};
use super::model::{
    Assessment, FileEntry, FindingEntry, FolderEntry, ForbiddenEntry, Holder, Neighbour, SubfolderEntry,
};
use super::picture::picture;
use super::requirements::{UNMET, breaches_in, count, is_below, missing};
use super::words::{first_sentence, telling_name, title};
use crate::config::{Decider, FolderRule};
use crate::link::Project;
use crate::report::Report;
use crate::source::FileId;
use std::collections::{BTreeMap, BTreeSet};

/// What all entries of folders are made from.
pub(super) struct Folders<'p> {
    pub(super) project: &'p Project,
    pub(super) report: &'p Report,
    pub(super) files: &'p Files<'p>,
    pub(super) entries: &'p [FileEntry],
    pub(super) findings: &'p [FindingEntry],
    /// The folders that files lie in.
    pub(super) paths: BTreeSet<&'p str>,
}

impl<'p> Folders<'p> {
    /// Every folder with code that is no test, sorted by path; those that have a page are among them.
    pub(super) fn all(&self) -> Vec<FolderEntry> {
        let mut paths = self.paths.clone();
        paths.extend(self.project.governed_folders().keys());
        self.entries(paths)
    }

    /// The folders that have a page, sorted by path.
    pub(super) fn governed(&self) -> Vec<FolderEntry> {
        self.entries(self.project.governed_folders().into_keys().collect())
    }

    fn entries(&self, paths: BTreeSet<&'p str>) -> Vec<FolderEntry> {
        let governed = self.project.governed_folders();
        let ids: BTreeMap<&str, FileId> =
            self.project.files.iter().zip(0..).map(|(file, number)| (file.path.as_str(), FileId(number))).collect();
        paths.into_iter().map(|path| self.entry(path, &governed, &ids)).collect()
    }

    fn entry(
        &self,
        path: &'p str,
        governed: &BTreeMap<&'p str, &'p FolderRule>,
        ids: &BTreeMap<&'p str, FileId>,
    ) -> FolderEntry {
        let rule = governed.get(path).copied();
        let inner = |file: &FileEntry| {
            governed.keys().any(|other| *other != path && is_below(other, path) && is_below(&file.path, other))
        };
        let members: Vec<&FileEntry> =
            self.entries.iter().filter(|file| is_below(&file.path, path) && !inner(file)).collect();
        let module_file = module_file(path, ids);
        let own = members.iter().copied().filter(|file| self.home(file) == path);
        let own: Vec<&FileEntry> = own.filter(|file| !is_own_module(file, module_file)).collect();
        let roles: BTreeSet<&Option<String>> = own.iter().map(|file| &file.role).collect();
        FolderEntry {
            path: path.to_owned(),
            governed: rule.is_some(),
            title: rule.and_then(|rule| rule.title.clone()).unwrap_or_else(|| title(telling_name(path))),
            layer: rule.and_then(|rule| rule.layer.clone()),
            role: if roles.len() == 1 { roles.into_iter().next().cloned().flatten() } else { None },
            purpose: rule.and_then(|rule| rule.purpose.clone()).or_else(|| self.docs(module_file, ids)),
            belongs: rule.map(|rule| rule.belongs.clone()).unwrap_or_default(),
            forbidden: rule.map(|rule| self.forbidden(&members, rule)).unwrap_or_default(),
            module_file: module_file.map(str::to_owned),
            subfolders: self.subfolders(path, governed, ids),
            assessment: self.assessment(path, rule, &own, &members),
            paired_layer: rule.and_then(|rule| rule.paired.as_ref()).map(|paired| paired.layer.clone()),
            inbound: self.neighbours(path, &members, |file| self.files.links.inbound(file).collect(), ids, false),
            outbound: self.neighbours(path, &members, |file| self.files.links.outbound(file).collect(), ids, true),
            picture: picture(self.project, self.report, path, &members),
            files: own.iter().map(|file| file.path.clone()).collect(),
        }
    }

    /// The folder that a file is shown with: its own, or the one that it declares the modules of.
    fn home<'f>(&self, file: &'f FileEntry) -> &'f str {
        let stem = file.path.strip_suffix(".rs").unwrap_or(&file.path);
        if file.only_modules && self.paths.contains(stem) { stem } else { &file.folder }
    }

    fn docs(&self, module_file: Option<&str>, ids: &BTreeMap<&str, FileId>) -> Option<String> {
        self.files.docs(*ids.get(module_file?)?).filter(|docs| !docs.is_empty())
    }

    fn forbidden(&self, members: &[&FileEntry], rule: &FolderRule) -> Vec<ForbiddenEntry> {
        let paths: BTreeSet<&str> = members.iter().map(|file| file.path.as_str()).collect();
        let is_here = |file: FileId| paths.contains(self.project.file(file).path.as_str());
        let entries = rule.forbidden.iter().map(|entry| {
            let (held_by, findings) = match &entry.held_by {
                Some(Decider::Rule(name)) => (Some(Holder::Rule(name.clone())), count(self.report, name, &is_here)),
                Some(Decider::Contract(name)) => {
                    (Some(Holder::Contract(name.clone())), breaches_in(self.project, name, &is_here))
                }
                Some(Decider::Registry | Decider::CrossDomain) | None => (None, 0),
            };
            ForbiddenEntry { text: entry.text.clone(), held_by, findings }
        });
        entries.collect()
    }

    /// The folders below. Of those below a governed one only that is named.
    fn subfolders(
        &self,
        path: &str,
        governed: &BTreeMap<&'p str, &'p FolderRule>,
        ids: &BTreeMap<&'p str, FileId>,
    ) -> Vec<SubfolderEntry> {
        let mut below: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for file in self.entries.iter().filter(|file| self.home(file) != path && is_below(&file.path, path)) {
            let mut around = governed.keys().filter(|other| **other != path && is_below(other, path));
            let inside = around.find(|other| is_below(&file.path, other)).copied();
            below.entry(inside.unwrap_or_else(|| self.home(file))).or_default().push(file.path.clone());
        }
        let has_more = |path: &String| {
            let at = self.entries.binary_search_by(|file| file.path.cmp(path));
            !at.is_ok_and(|at| self.entries[at].only_modules)
        };
        let entries = below.into_iter().map(|(folder, mut files)| {
            // What declares the others comes first.
            files.sort_by_cached_key(|path| (has_more(path), path.clone()));
            let rule = governed.get(folder).copied();
            let docs = self.docs(module_file(folder, ids), ids);
            let docs = docs.map(|docs| first_sentence(&docs).to_owned());
            let start = if path == "." { 0 } else { path.len() + 1 };
            SubfolderEntry {
                path: folder.to_owned(),
                name: folder[start..].to_owned(),
                title: rule.and_then(|rule| rule.title.clone()).unwrap_or_else(|| title(telling_name(folder))),
                purpose: rule.and_then(|rule| rule.purpose.clone()).or(docs),
                governed: rule.is_some(),
                files,
            }
        });
        entries.collect()
    }

    fn assessment(
        &self,
        path: &str,
        rule: Option<&FolderRule>,
        own: &[&FileEntry],
        members: &[&FileEntry],
    ) -> Assessment {
        let paths: BTreeSet<&str> = members.iter().map(|file| file.path.as_str()).collect();
        let counted = || members.iter().filter(|file| file.counts());
        let standing = self.findings.iter().enumerate();
        let standing = standing.filter(|(_, one)| one.rule != UNMET && paths.contains(one.file.as_str()));
        Assessment {
            correct: own.iter().filter(|file| file.findings.is_empty()).count(),
            files: own.len(),
            correct_below: counted().filter(|file| file.findings.is_empty()).count(),
            files_below: counted().count(),
            findings: standing.map(|(number, _)| number).collect(),
            missing: rule.map(|rule| missing(self.project, self.report, path, rule)).unwrap_or_default(),
        }
    }

    /// The folders on the other side of the members' imports, and how many files of the importing side there
    /// are.
    fn neighbours(
        &self,
        path: &str,
        members: &[&FileEntry],
        links: impl Fn(FileId) -> Vec<FileId>,
        ids: &BTreeMap<&'p str, FileId>,
        own_side: bool,
    ) -> Vec<Neighbour> {
        let own: BTreeSet<&str> = members.iter().map(|file| file.folder.as_str()).chain([path]).collect();
        let mut found: BTreeMap<&str, BTreeSet<FileId>> = BTreeMap::new();
        for file in members.iter().filter_map(|file| ids.get(file.path.as_str())) {
            for other in links(*file) {
                let folder = folder_of(&self.project.file(other).path);
                if own.contains(folder) {
                    continue;
                }
                found.entry(folder).or_default().insert(if own_side { *file } else { other });
            }
        }
        found.into_iter().map(|(folder, files)| Neighbour { folder: folder.to_owned(), files: files.len() }).collect()
    }
}

/// The file of a folder's own module.
fn module_file<'p>(folder: &str, ids: &BTreeMap<&'p str, FileId>) -> Option<&'p str> {
    let inside = ["mod.rs", "lib.rs", "main.rs"].map(|name| format!("{folder}/{name}"));
    let candidates = inside.into_iter().chain([format!("{folder}.rs")]);
    candidates.into_iter().find_map(|path| ids.get_key_value(path.as_str()).map(|(path, _)| *path))
}

/// Whether a file is the folder's own module and holds nothing of its own: the folder's page speaks for it.
fn is_own_module(file: &FileEntry, module_file: Option<&str>) -> bool {
    !file.counts() && module_file == Some(file.path.as_str())
}
