//! Walks a tree that no disk holds, and decides about it as about one on a disk.

use super::entry::{Entry, Kind, Role};
use super::{Scan, Walk, World};
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::vec::IntoIter;

/// A tree of files. Paths are below its top.
pub(in crate::adapters) trait Tree {
    /// What stands in a folder, in any order.
    fn entries(&self, folder: &Path) -> Vec<TreeEntry>;

    /// What a file says, if there is one.
    fn text(&self, path: &Path) -> Option<String>;
}

/// What stands in a folder.
pub(in crate::adapters) struct TreeEntry {
    /// Its name.
    pub(in crate::adapters) name: OsString,
    /// What it is.
    pub(in crate::adapters) kind: TreeKind,
}

/// What an entry is, behind a link if it is one.
pub(in crate::adapters) enum TreeKind {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// A link to a folder, with the path without links that leads there.
    LinkedFolder(PathBuf),
    /// A link to nothing.
    DeadLink,
}

/// Lists the project at `root`, a folder on this machine that need not exist; the tree calls it `inside`, and its top
/// would be at `top`.
pub(in crate::adapters) fn scan_tree(tree: &dyn Tree, root: &Path, top: &Path, inside: &str) -> Scan {
    let world = InTree { tree, top };
    let mut walk = Walk::new(root, &world);
    let mut levels = vec![Level::new(tree, root.to_owned(), PathBuf::from(inside))];
    while let Some(level) = levels.last_mut() {
        let Some(entry) = level.entries.next() else {
            levels.pop();
            continue;
        };
        let full = level.full.join(&entry.name);
        let (kind, real) = match entry.kind {
            TreeKind::File => (Kind::File, None),
            TreeKind::DeadLink => (Kind::DeadLink, None),
            TreeKind::Folder => (Kind::Folder, Some(level.real.join(&entry.name))),
            TreeKind::LinkedFolder(real) if is_loop(&real, inside, &levels) => (Kind::LinkLoop, None),
            TreeKind::LinkedFolder(real) => (Kind::LinkedFolder, Some(real)),
        };
        let depth = levels.len();
        if let Some(real) = real {
            levels.push(Level::new(tree, full.clone(), real));
        }
        let leave = walk.visit(&Entry::new(&full, depth, kind));
        levels.truncate(levels.len() - leave);
    }
    walk.scan.sort();
    walk.scan
}

/// Whether a link to the folder `real` leads to one that the walk is in, or to one that holds the link or the whole
/// project.
fn is_loop(real: &Path, inside: &str, levels: &[Level]) -> bool {
    let holds_link = levels.last().is_some_and(|level| level.real.starts_with(real));
    holds_link || Path::new(inside).starts_with(real) || levels.iter().any(|level| level.real == real)
}

/// A folder that the walk is in.
struct Level {
    /// Where it would be on this machine.
    full: PathBuf,
    /// The path without links that leads there.
    real: PathBuf,
    entries: IntoIter<TreeEntry>,
}

impl Level {
    fn new(tree: &dyn Tree, full: PathBuf, real: PathBuf) -> Self {
        let mut entries = tree.entries(&real);
        // As on a disk: what decides about the folder comes before what it decides about.
        let place = |entry: &TreeEntry| (Role::of(&entry.name), entry.name.clone());
        entries.sort_by_cached_key(place);
        Self { full, real, entries: entries.into_iter() }
    }
}

/// What a walk asks for, answered by a tree.
struct InTree<'t> {
    tree: &'t dyn Tree,
    top: &'t Path,
}

impl World for InTree<'_> {
    fn top(&self, _root: &Path) -> Option<PathBuf> {
        Some(self.top.to_owned())
    }

    fn rules(&self, file: &Path) -> (Gitignore, Option<ignore::Error>) {
        let text = file.strip_prefix(self.top).ok().and_then(|path| self.tree.text(path)).unwrap_or_default();
        let mut builder = GitignoreBuilder::new(file.parent().unwrap_or(self.top));
        let lines = text.trim_start_matches('\u{feff}').lines();
        let faulty = lines.filter_map(|line| builder.add_line(Some(file.to_owned()), line).err()).last();
        match builder.build() {
            Ok(rules) => (rules, faulty),
            Err(error) => (Gitignore::empty(), Some(error)),
        }
    }

    /// Links that do come as loops already.
    fn leads_out(&self, _link: &Path, _root: &Path) -> bool {
        false
    }
}
