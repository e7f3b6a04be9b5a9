//! The files of a project in a state that git keeps.

use super::snapshot::Snapshot;
use super::tree::{Blob, Folder, Found, Node};
use crate::adapters::locate::CONFIG;
use crate::adapters::read::{ReadError, Reader, text_of};
use crate::adapters::sources::Sources;
use crate::adapters::walk::{Scan, SkipReason, Skipped, Tree, TreeEntry, TreeKind, scan_tree};
use crate::error::Failure;
use baton_core::config::BASELINE;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;

/// The files below one folder of a snapshot.
#[derive(Debug)]
pub(super) struct GitSources<'s> {
    snapshot: &'s Snapshot,
    /// The project's root below the top, empty or ending with `/`.
    prefix: String,
    scan: Scan,
    /// What was read ahead, in one go.
    known: BTreeMap<&'s Blob, Result<String, ReadError>>,
}

impl<'s> GitSources<'s> {
    /// The files of the project at `root`.
    pub(super) fn new(snapshot: &'s Snapshot, root: &Path) -> Result<Self, Failure> {
        let inside = snapshot.repository.inside(root)?;
        let prefix = if inside.is_empty() { inside } else { inside + "/" };
        let mut scan = scan_tree(&InTree(snapshot), root, &snapshot.repository.top, prefix.trim_end_matches('/'));
        let absent = snapshot.absent.iter().filter_map(|path| path.strip_prefix(&prefix));
        scan.skip(absent.map(|path| Skipped { path: path.to_owned(), reason: SkipReason::Submodule }));
        let mut sources = Self { snapshot, prefix, scan, known: BTreeMap::new() };
        sources.read_ahead();
        Ok(sources)
    }

    /// Reads what a check reads of every project. Asking git for each file by itself would have it wait as often.
    fn read_ahead(&mut self) {
        let own = [CONFIG, BASELINE].map(str::to_owned);
        let paths = self.scan.rust_files.iter().chain(&self.scan.manifests).chain(&own);
        let mut blobs: Vec<&Blob> = paths.filter_map(|path| self.blob(path)).collect();
        blobs.sort_unstable();
        blobs.dedup();
        let texts = self.snapshot.contents(&blobs).into_iter().map(|content| content.and_then(text_of));
        self.known = blobs.into_iter().zip(texts).collect();
    }

    fn blob(&self, path: &str) -> Option<&'s Blob> {
        self.snapshot.file(&format!("{}{path}", self.prefix))
    }

    fn text(&self, blob: &Blob) -> Result<String, ReadError> {
        match self.known.get(blob) {
            Some(known) => known.clone(),
            None => self.snapshot.content(blob).and_then(text_of),
        }
    }
}

impl Sources for GitSources<'_> {
    fn scan(&self) -> Scan {
        self.scan.clone()
    }

    fn read(&self, path: &str) -> Result<String, ReadError> {
        match self.blob(path) {
            Some(blob) => self.text(blob),
            None => Err(ReadError::Io("git does not know it".to_owned())),
        }
    }

    fn read_if_there(&self, path: &str) -> Result<Option<String>, ReadError> {
        self.blob(path).map(|blob| self.text(blob)).transpose()
    }

    fn read_given(&self, path: &Path) -> Result<String, ReadError> {
        // What lies outside of the repository is the same in all of its states.
        let Ok(inside) = self.snapshot.repository.inside(path) else {
            return Reader::new(Path::new("")).read_given(path);
        };
        match self.snapshot.file(&inside) {
            Some(blob) => self.text(blob),
            None => Err(ReadError::Io("git does not know it: `git add` it first".to_owned())),
        }
    }
}

/// A snapshot as a walk looks at it.
struct InTree<'s>(&'s Snapshot);

impl InTree<'_> {
    fn entry(&self, folder: &str, name: &OsString, node: &Node) -> TreeEntry {
        let kind = match node {
            Node::File(_) => TreeKind::File,
            Node::Folder(_) => TreeKind::Folder,
            Node::Link(_) => match name.to_str().and_then(|name| self.0.tree.find(&format!("{folder}/{name}"))) {
                Some((Found::File(_), _)) => TreeKind::File,
                Some((Found::Folder(_), real)) => TreeKind::LinkedFolder(real.iter().collect()),
                None => TreeKind::DeadLink,
            },
        };
        TreeEntry { name: name.clone(), kind }
    }
}

impl Tree for InTree<'_> {
    fn entries(&self, folder: &Path) -> Vec<TreeEntry> {
        let Some(path) = folder.to_str().map(|path| path.replace('\\', "/")) else { return Vec::new() };
        let Some((Found::Folder(Folder(entries)), _)) = self.0.tree.find(&path) else { return Vec::new() };
        entries.iter().map(|(name, node)| self.entry(&path, name, node)).collect()
    }

    fn text(&self, path: &Path) -> Option<String> {
        let blob = self.0.file(&path.to_str()?.replace('\\', "/"))?;
        let bytes = self.0.content(blob).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }
}
