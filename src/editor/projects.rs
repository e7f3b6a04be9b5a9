//! The projects that an editor has open, and what is shown of each.

use super::client::Client;
use super::diagnostics::{self, ByFile};
use super::documents::Documents;
use super::say;
use super::uri::uri_of;
use crate::error::Failure;
use baton_core::report::Report;
use gen_lsp_types::{Diagnostic, Uri};
use lsp_server::Message;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What came of a check.
#[derive(Debug)]
pub enum Look {
    /// A report.
    Report(Box<Report>),
    /// What is wrong with the texts that say how to read the project.
    Faults(ByFile),
    /// The check could not be made.
    Failed(Failure),
}

/// All projects, by their roots.
#[derive(Debug, Default)]
pub(super) struct Projects {
    open: BTreeMap<PathBuf, Project>,
    /// The open folders, as the editor spells them, with the root of the project that each is in, and where in there.
    folders: BTreeMap<PathBuf, (PathBuf, String)>,
}

#[derive(Debug, Default)]
struct Project {
    /// Whether something changed since it was looked at.
    is_due: bool,
    report: Option<Box<Report>>,
    /// The diagnostics that the editor shows, by the addresses of files.
    shown: BTreeMap<String, Vec<Diagnostic>>,
    /// What the last report noted besides findings.
    notices: Vec<String>,
    /// Why the last check could not be made.
    failure: Option<Failure>,
}

impl Projects {
    pub(super) fn is_due(&self) -> bool {
        self.open.values().any(|project| project.is_due)
    }

    pub(super) fn next_due(&mut self) -> Option<PathBuf> {
        let (root, project) = self.open.iter_mut().find(|(_, project)| project.is_due)?;
        project.is_due = false;
        Some(root.clone())
    }

    /// The project at `root` has to be looked at. It need not have been known.
    pub(super) fn touch(&mut self, root: &Path) {
        self.open.entry(root.to_owned()).or_default().is_due = true;
    }

    /// Something changed at a path: whatever project is around it has to be looked at, and one that has failed may
    /// have failed because of what lies elsewhere.
    pub(super) fn touch_around(&mut self, path: &Path) {
        let spelled: Vec<PathBuf> = self.open.keys().map(|root| self.spelled(root)).collect();
        for ((root, project), spelled) in self.open.iter_mut().zip(spelled) {
            let is_around = |root: &Path| path.starts_with(root) || root.starts_with(path);
            project.is_due |= is_around(root) || is_around(&spelled) || project.report.is_none();
        }
    }

    pub(super) fn open_folder(&mut self, folder: &Path, root: &Path, inside: &str) {
        self.folders.insert(folder.to_owned(), (root.to_owned(), inside.to_owned()));
    }

    /// The root of a project as the editor spells it, which may lead there by a link.
    fn spelled(&self, root: &Path) -> PathBuf {
        let folder = self.folders.iter().find(|(_, (other, _))| other == root);
        let spelled = folder.and_then(|(folder, (_, inside))| {
            let depth = Path::new(inside).iter().count();
            folder.ends_with(inside).then(|| folder.ancestors().nth(depth)).flatten()
        });
        spelled.unwrap_or(root).to_owned()
    }

    /// Forgets a folder, and its project if nothing else of it is open. What was shown of that is cleared.
    pub(super) fn close_folder(&mut self, folder: &Path, documents: &Documents) -> Vec<Message> {
        let Some((root, _)) = self.folders.remove(folder) else { return Vec::new() };
        let is_folder = self.folders.values().any(|(other, _)| *other == root);
        if is_folder || documents.of_project(&root).next().is_some() {
            return Vec::new();
        }
        let project = self.open.remove(&root).unwrap_or_default();
        // A project around it speaks for its files from now on.
        self.touch_around(&root);
        project.shown.into_keys().map(|uri| say::diagnostics(Uri(uri), None, Vec::new())).collect()
    }

    /// The last report on a project.
    pub(super) fn report(&self, root: &Path) -> Option<&Report> {
        self.open.get(root)?.report.as_deref()
    }

    /// Takes up what came of a check: what has to be said about it.
    pub(super) fn looked(
        &mut self,
        root: &Path,
        versions: &BTreeMap<String, i32>,
        look: Look,
        client: Client,
        documents: &Documents,
    ) -> Vec<Message> {
        if !self.open.contains_key(root) {
            // It was closed meanwhile.
            return Vec::new();
        }
        let mut messages = Vec::new();
        let (report, files, failure) = match look {
            Look::Report(report) => {
                let uri = |path: &str| self.uri(root, path, documents);
                let files = diagnostics::of_report(&report, client, &uri);
                (Some(report), files, None)
            }
            Look::Faults(files) => (None, files, None),
            Look::Failed(failure) => (None, ByFile::new(), Some(failure)),
        };
        let files = self.of_this_alone(root, files);
        let by_uri = files.into_iter().map(|(path, all)| (self.uri(root, &path, documents).0, all)).collect();
        let others = self.open.iter().filter(|(other, _)| other.as_path() != root);
        let elsewhere: BTreeSet<String> = others.flat_map(|(_, project)| project.shown.keys().cloned()).collect();
        let Some(project) = self.open.get_mut(root) else { return messages };
        messages.extend(project.show(by_uri, versions, &elsewhere));
        if let Some(report) = &report {
            messages.extend(project.note(report));
        }
        messages.extend(
            failure
                .as_ref()
                .filter(|&new| project.failure.as_ref() != Some(new))
                .map(|failure| say::complaint(format!("Baton: {}\n{}", failure.message, failure.hint).trim_end())),
        );
        (project.report, project.failure) = (report, failure);
        messages
    }

    /// The address of a file of a project.
    pub(super) fn uri(&self, root: &Path, path: &str, documents: &Documents) -> Uri {
        documents.uri(root, path).unwrap_or_else(|| uri_of(&self.spelled(root).join(path)))
    }

    /// What no project inside of that one has to say itself.
    fn of_this_alone(&self, root: &Path, mut files: ByFile) -> ByFile {
        let inner: Vec<&PathBuf> =
            self.open.keys().filter(|other| other.as_path() != root && other.starts_with(root)).collect();
        files.retain(|path, _| !inner.iter().any(|other| root.join(path).starts_with(other)));
        files
    }
}

impl Project {
    /// Shows these diagnostics and no others: of files that have new ones, of those that have none any more, and of
    /// those that are open, whose editors want to know for which version. What another project shows stays.
    fn show(
        &mut self,
        new: BTreeMap<String, Vec<Diagnostic>>,
        versions: &BTreeMap<String, i32>,
        elsewhere: &BTreeSet<String>,
    ) -> Vec<Message> {
        let before = std::mem::replace(&mut self.shown, new);
        let mut messages = Vec::new();
        let say = |uri: &String, all: &[Diagnostic]| {
            say::diagnostics(Uri(uri.clone()), versions.get(uri).copied(), all.to_vec())
        };
        for (uri, all) in &self.shown {
            if before.get(uri) != Some(all) || versions.contains_key(uri) {
                messages.push(say(uri, all));
            }
        }
        let gone = before.keys().chain(versions.keys());
        let gone: BTreeSet<&String> =
            gone.filter(|uri| !self.shown.contains_key(*uri) && !elsewhere.contains(*uri)).collect();
        messages.extend(gone.into_iter().map(|uri| say(uri, &[])));
        messages
    }

    /// Says what a report notes besides findings, where that is new.
    fn note(&mut self, report: &Report) -> Vec<Message> {
        let unjudged = report.unjudged.iter().map(|why| format!("nothing was judged: {why}"));
        let notices: Vec<String> = report.notices.iter().cloned().chain(unjudged).collect();
        let new = notices.iter().filter(|notice| !self.notices.contains(notice)).map(|notice| say::log(notice));
        let messages = new.collect();
        self.notices = notices;
        messages
    }
}
