//! The projects that an editor has open, and what is shown of each.

use super::client::Client;
use super::diagnostics::{self, ByFile};
use super::documents::Documents;
use super::say;
use crate::error::Failure;
use baton_core::report::Report;
use gen_lsp_types::{Diagnostic, Uri};
use lsp_server::Message;
use std::collections::BTreeMap;
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
    /// The root of the project that each open folder is in.
    folders: BTreeMap<PathBuf, PathBuf>,
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
        for (root, project) in &mut self.open {
            project.is_due |= path.starts_with(root) || root.starts_with(path) || project.report.is_none();
        }
    }

    pub(super) fn open_folder(&mut self, folder: &Path, root: &Path) {
        self.folders.insert(folder.to_owned(), root.to_owned());
    }

    /// Forgets a folder, and its project if nothing else of it is open. What was shown of that is cleared.
    pub(super) fn close_folder(&mut self, folder: &Path, documents: &Documents) -> Vec<Message> {
        let Some(root) = self.folders.remove(folder) else { return Vec::new() };
        let is_open = self.folders.values().any(|other| *other == root) || documents.of_project(&root).next().is_some();
        if is_open {
            return Vec::new();
        }
        let project = self.open.remove(&root).unwrap_or_default();
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
                let uri = |path: &str| documents.uri(root, path);
                let files = diagnostics::of_report(&report, client, &uri);
                (Some(report), files, None)
            }
            Look::Faults(files) => (None, files, None),
            Look::Failed(failure) => (None, ByFile::new(), Some(failure)),
        };
        let files = self.of_this_alone(root, files);
        let by_uri = files.into_iter().map(|(path, all)| (documents.uri(root, &path).0, all)).collect();
        let Some(project) = self.open.get_mut(root) else { return messages };
        messages.extend(project.show(by_uri, versions));
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
    /// those that are open, whose editors want to know for which version.
    fn show(&mut self, new: BTreeMap<String, Vec<Diagnostic>>, versions: &BTreeMap<String, i32>) -> Vec<Message> {
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
        let gone = before.keys().chain(versions.keys()).filter(|uri| !self.shown.contains_key(*uri));
        let gone: std::collections::BTreeSet<&String> = gone.collect();
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
