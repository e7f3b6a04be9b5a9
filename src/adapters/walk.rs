//! Lists the sources of a project: its `.rs` files and its `Cargo.toml`s.
//!
//! What a folder is shows in its own entries (an ignore file, a cache tag, the mark of a vendored
//! package), which walkdir yields before its others: every folder is listed once, and no file is
//! asked for by name. Only what lies below the root decides what is skipped: a project under a
//! folder called `target`, `vendor` or `.hidden` is a project like any other.
//!
//! What is absent: settings of the machine. A user's global git excludes and the environment
//! change nothing here, so that a project yields the same list everywhere.
#![expect(clippy::disallowed_methods, reason = "this adapter looks at the disk")]

mod entry;
mod ignores;
mod skipped;
#[cfg(test)]
mod tests;
mod tree;

pub use skipped::{SkipReason, Skipped};
pub(super) use tree::{Tree, TreeEntry, TreeKind, scan_tree};

use crate::error::Failure;
use entry::{Entry, Kind, Role};
use ignore::gitignore::Gitignore;
use ignores::Rules;
use std::fs;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// How many links to folders one walk follows. Few projects have ten. walkdir ends every loop, but
/// among n folders that all link to each other there are more than n! ways that close none.
const LINK_LIMIT: usize = 1000;

/// Walks one project.
#[derive(Clone, Debug)]
pub struct Walker {
    root: PathBuf,
}

/// What a walk found. All paths are relative to the root, with `/`, and every list is sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scan {
    /// The `.rs` files.
    pub rust_files: Vec<String>,
    /// The `Cargo.toml`s.
    pub manifests: Vec<String>,
    /// The `.md` files: pages of the inventory, and whatever else is written down.
    pub pages: Vec<String>,
    /// What should have been listed and could not be.
    pub unreadable: Vec<Unreadable>,
    /// What was left out, and why.
    pub skipped: Vec<Skipped>,
    /// Ignore files with a line that is no pattern; the other lines count.
    pub faulty_ignore_files: Vec<String>,
}

/// A folder or file that stands in the project and could not be listed or opened.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unreadable {
    /// Its path, with a replacement character where it is not UTF-8.
    pub path: String,
    /// Why, in words that are the same on every machine.
    pub why: String,
}

impl Walker {
    /// A walker of the project at `root`.
    ///
    /// # Errors
    ///
    /// There is no such folder, or it may not be entered.
    pub fn new(root: &Path) -> Result<Self, Failure> {
        let found = fs::canonicalize(root).and_then(|root| fs::read_dir(&root).map(|_| root));
        match found {
            Ok(root) => Ok(Self { root }),
            Err(error) => Err(Failure::new(
                format!("cannot list the folder `{}`: {}", root.display(), error.kind()),
                "give the path of a project's folder",
            )),
        }
    }

    /// Lists the project. Nothing stops a walk: what cannot be listed is part of the answer.
    pub fn scan(&self) -> Scan {
        let mut walk = Walk::new(&self.root, &OnDisk);
        let entries = WalkDir::new(&self.root).min_depth(1).follow_links(true);
        let mut entries = entries.sort_by(entry::order).into_iter();
        while let Some(next) = entries.next() {
            let leave = match next {
                Ok(found) => walk.visit(&Entry::found(&found)),
                Err(error) => walk.fail(&error),
            };
            for _ in 0..leave {
                entries.skip_current_dir();
            }
        }
        walk.scan.sort();
        walk.scan
    }
}

impl Scan {
    fn sort(&mut self) {
        self.rust_files.sort_unstable();
        self.manifests.sort_unstable();
        self.pages.sort_unstable();
        self.unreadable.sort_unstable();
        self.skipped.sort_unstable();
        self.faulty_ignore_files.sort_unstable();
    }
}

/// A walk under way.
struct Walk<'a> {
    root: &'a Path,
    world: &'a dyn World,
    scan: Scan,
    rules: Rules,
    /// The folders that the walk is in, from the root down.
    folders: Vec<Folder>,
    /// How many links to folders were followed.
    followed: usize,
}

/// A folder whose entries are being looked at.
#[derive(Default)]
struct Folder {
    /// Relative to the root, without a trailing `/`; empty for the root.
    path: String,
    /// Whether it holds a `Cargo.toml`.
    has_manifest: bool,
    /// Whether it or a folder above is called `src`: there, `vendor` is a word of the project's own.
    in_sources: bool,
    /// Whether it is named like a folder of vendored packages, and no manifest or source in it
    /// says otherwise: a package, a module or a domain may well be called `vendor`.
    seems_vendored: bool,
}

impl<'a> Walk<'a> {
    fn new(root: &'a Path, world: &'a dyn World) -> Self {
        let mut scan = Scan::default();
        let rules = Rules::above(root, world, &mut scan);
        Self { root, world, scan, rules, folders: vec![Folder::default()], followed: 0 }
    }

    /// Decides about one entry. The answer is how many folders are done with, from the innermost
    /// that walkdir is in: a folder that it yields, it is in already.
    fn visit(&mut self, entry: &Entry<'_>) -> usize {
        self.folders.truncate(entry.depth);
        self.rules.leave(entry.depth);
        let entered = usize::from(entry.kind.is_entered());
        let Some(folder) = self.folders.last_mut() else { return entered };
        if let Some(reason) = folder.learn(entry) {
            let path = folder.path.clone();
            self.skip(path, reason);
            return entered + 1;
        }
        if entry.role == Role::IgnoreFile {
            self.rules.enter(entry, &folder.path, self.world, &mut self.scan);
        }
        if !entry.kind.is_folder() && !entry.is_source() {
            self.note_page(entry);
            return 0;
        }
        let path = join(&folder.path, &entry.name.to_string_lossy());
        match self.reason_to_skip(entry) {
            Some(reason) => self.skip(path, reason),
            None if entry.name.to_str().is_none() => self.report(path, "the name is not UTF-8"),
            None => return self.take(entry, path),
        }
        entered
    }

    /// Takes note of a text in Markdown. One that is left out is nobody's loss.
    fn note_page(&mut self, entry: &Entry<'_>) {
        let is_page = entry.role == Role::Page && entry.kind == Kind::File;
        if let (true, Some(folder), Some(name)) = (is_page, self.folders.last(), entry.name.to_str())
            && self.reason_to_skip(entry).is_none()
        {
            self.scan.pages.push(join(&folder.path, name));
        }
    }

    fn reason_to_skip(&self, entry: &Entry<'_>) -> Option<SkipReason> {
        let is_folder = entry.kind.is_folder();
        match entry.name.as_encoded_bytes() {
            [b'.', ..] => Some(SkipReason::Hidden),
            b"node_modules" if is_folder => Some(SkipReason::NodeModules),
            b"target" if is_folder && self.folders.last().is_some_and(|folder| folder.has_manifest) => {
                Some(SkipReason::BuildOutput)
            }
            _ if self.rules.ignore(entry.full, is_folder) => Some(SkipReason::Ignored),
            _ => None,
        }
    }

    /// Takes up what is part of the project, unless it is a link that is not followed.
    fn take(&mut self, entry: &Entry<'_>, path: String) -> usize {
        match entry.kind {
            Kind::File if entry.role == Role::Manifest => self.scan.manifests.push(path),
            Kind::File => self.scan.rust_files.push(path),
            Kind::Special => self.report(path, "not a regular file"),
            Kind::DeadLink => self.skip(path, SkipReason::DeadLink),
            Kind::LinkLoop => self.skip(path, SkipReason::LinkLoop),
            Kind::LinkedFolder if self.world.leads_out(entry.full, self.root) => {
                self.skip(path, SkipReason::LinkLoop);
                return 1;
            }
            Kind::LinkedFolder if self.followed == LINK_LIMIT => {
                self.skip(path, SkipReason::TooManyLinks);
                return 1;
            }
            Kind::LinkedFolder | Kind::Folder => {
                self.followed += usize::from(entry.kind == Kind::LinkedFolder);
                let folder = Folder::new(path, entry, self.folders.last());
                self.folders.push(folder);
            }
        }
        0
    }

    /// Takes note of what walkdir could not look at.
    fn fail(&mut self, error: &walkdir::Error) -> usize {
        let depth = error.depth();
        let kind = match error.path() {
            Some(_) if error.loop_ancestor().is_some() => Some(Kind::LinkLoop),
            Some(path) if path.is_symlink() && !path.exists() => Some(Kind::DeadLink),
            _ => None,
        };
        if let (Some(path), Some(kind)) = (error.path(), kind) {
            return self.visit(&Entry::new(path, depth, kind));
        }
        self.folders.truncate(depth);
        let path = match (self.folders.last(), error.path().and_then(Path::file_name)) {
            (Some(folder), Some(name)) => join(&folder.path, &name.to_string_lossy()),
            (Some(folder), None) if !folder.path.is_empty() => folder.path.clone(),
            _ => ".".to_owned(),
        };
        let why = error.io_error().map_or_else(String::new, |error| error.kind().to_string());
        self.report(path, &why);
        0
    }

    fn skip(&mut self, path: String, reason: SkipReason) {
        // Git's own folder is not part of the project that lies around it.
        if reason != SkipReason::Hidden || path.rsplit('/').next() != Some(".git") {
            self.scan.skipped.push(Skipped { path, reason });
        }
    }

    fn report(&mut self, path: String, why: &str) {
        self.scan.unreadable.push(Unreadable { path, why: why.to_owned() });
    }
}

impl Folder {
    /// The folder that is `entry` of the folder `parent`.
    fn new(path: String, entry: &Entry<'_>, parent: Option<&Self>) -> Self {
        let in_sources = entry.name == "src" || parent.is_some_and(|parent| parent.in_sources);
        let seems_vendored = !in_sources && (entry.name == "vendor" || entry.name == "third_party");
        Self { path, has_manifest: false, in_sources, seems_vendored }
    }

    /// Takes note of what `entry`, which is in this folder, says about it: why it is not part of
    /// the project, if so.
    fn learn(&mut self, entry: &Entry<'_>) -> Option<SkipReason> {
        let is_root = self.path.is_empty();
        self.has_manifest |= entry.role == Role::Manifest;
        self.seems_vendored &= !entry.is_source();
        match entry.role {
            Role::CacheTag if !is_root => Some(SkipReason::BuildOutput),
            Role::PackageMark if !is_root => Some(SkipReason::Vendored),
            Role::Other | Role::Page if self.seems_vendored => Some(SkipReason::Vendored),
            _ => None,
        }
    }
}

/// What a walk asks for besides the entries that it is shown.
trait World {
    /// Where the repository begins that the root lies in.
    fn top(&self, root: &Path) -> Option<PathBuf>;

    /// The rules of an ignore file, none if it is not there, and what is wrong with them.
    fn rules(&self, file: &Path) -> (Gitignore, Option<ignore::Error>);

    /// Whether a link to a folder leads to one that holds it or the whole project.
    fn leads_out(&self, link: &Path, root: &Path) -> bool;
}

/// The disk.
struct OnDisk;

impl World for OnDisk {
    fn top(&self, root: &Path) -> Option<PathBuf> {
        root.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_owned)
    }

    fn rules(&self, file: &Path) -> (Gitignore, Option<ignore::Error>) {
        Gitignore::new(file)
    }

    /// walkdir ends a loop only where it comes by a folder that it is in, and would first list what lies
    /// around those.
    fn leads_out(&self, link: &Path, root: &Path) -> bool {
        let Ok(target) = fs::canonicalize(link) else { return false };
        let parent = link.parent().and_then(|parent| fs::canonicalize(parent).ok());
        root.starts_with(&target) || parent.is_some_and(|parent| parent.starts_with(&target))
    }
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}
