//! Lists the sources of a project: its `.rs` files and its `Cargo.toml`s.
//!
//! What a folder is shows in its own listing (an ignore file, a cache tag, the mark of a vendored
//! package), so every folder is listed once and no file is asked for by name. Only what lies
//! below the root decides what is skipped: a project under a folder called `target`, `vendor` or
//! `.hidden` is a project like any other.
//!
//! What is absent: settings of the machine. A user's global git excludes and the environment
//! change nothing here, so that a project yields the same list everywhere.
#![expect(clippy::disallowed_methods, reason = "this adapter lists folders")]

mod ignores;
mod links;
mod listing;
mod skipped;
#[cfg(test)]
mod tests;

pub use skipped::{SkipReason, Skipped};

use crate::error::Failure;
use ignores::Rules;
use links::{Chain, LINK_LIMIT, Link};
use listing::{Kind, Listing};
use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};

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

/// A folder that is about to be listed.
struct Folder {
    /// Relative to the root, without a trailing `/`; empty for the root.
    path: String,
    /// Where it is on this machine.
    full: PathBuf,
    /// The same with every link resolved.
    real: PathBuf,
    /// The ignore rules of the folders above it.
    rules: Rules,
    /// The links that led here.
    chain: Chain,
    /// Whether a folder above is called `src`: there, `vendor` is a word of the project's own.
    in_sources: bool,
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
        let mut walk = Walk::default();
        let rules = Rules::above(&self.root, &mut walk.scan);
        walk.folders.push(Folder {
            path: String::new(),
            full: self.root.clone(),
            real: self.root.clone(),
            rules,
            chain: Chain::default(),
            in_sources: false,
        });
        walk.run();
        walk.scan.sort();
        walk.scan
    }
}

impl Scan {
    fn sort(&mut self) {
        self.rust_files.sort_unstable();
        self.manifests.sort_unstable();
        self.unreadable.sort_unstable();
        self.skipped.sort_unstable();
        self.faulty_ignore_files.sort_unstable();
    }
}

/// A walk under way.
#[derive(Default)]
struct Walk {
    scan: Scan,
    /// Folders that no link leads to, or that lie within the link that is being followed.
    folders: Vec<Folder>,
    /// Links to folders, followed one by one after everything else, so that the limit on them
    /// always falls on the same ones.
    links: VecDeque<Link>,
}

impl Walk {
    fn run(&mut self) {
        let mut followed = 0;
        loop {
            while let Some(folder) = self.folders.pop() {
                self.enter(folder);
            }
            let Some(link) = self.links.pop_front() else { return };
            match link.resolve() {
                Ok(_) if followed == LINK_LIMIT => self.skip(link.path, SkipReason::TooManyLinks),
                Ok(folder) => {
                    followed += 1;
                    self.folders.push(folder);
                }
                Err((path, reason)) => self.skip(path, reason),
            }
        }
    }

    fn skip(&mut self, path: String, reason: SkipReason) {
        self.scan.skipped.push(Skipped { path, reason });
    }

    fn enter(&mut self, mut folder: Folder) {
        let listing = match Listing::read(&folder.full) {
            Ok(listing) => listing,
            Err(error) => {
                let path = if folder.path.is_empty() { ".".to_owned() } else { folder.path };
                self.scan.unreadable.push(Unreadable { path, why: error.kind().to_string() });
                return;
            }
        };
        if !folder.path.is_empty()
            && let Some(reason) = listing.reason_to_skip(&folder.path, folder.in_sources)
        {
            self.skip(folder.path, reason);
            return;
        }
        folder.rules = folder.rules.enter(&folder.full, &folder.path, &listing, &mut self.scan);
        for (name, kind) in &listing.entries {
            self.sort_in(&folder, &listing, name.as_encoded_bytes(), name, *kind);
        }
    }

    /// Decides about one entry of `folder`.
    fn sort_in(&mut self, folder: &Folder, listing: &Listing, bytes: &[u8], name: &std::ffi::OsStr, kind: Kind) {
        let full = folder.full.join(name);
        // A link is asked what it points to only if it could matter.
        let kind = if kind == Kind::Link { links::target_kind(&full, bytes) } else { kind };
        let is_source = bytes.ends_with(b".rs") || bytes == b"Cargo.toml";
        if kind == Kind::Other || (!kind.is_folder() && !is_source) {
            return;
        }
        let path = join(&folder.path, &name.to_string_lossy());
        if bytes.starts_with(b".") {
            // Git's own folder is not part of the project that lies around it.
            if bytes != b".git" {
                self.skip(path, SkipReason::Hidden);
            }
        } else if kind.is_folder() && bytes == b"node_modules" {
            self.skip(path, SkipReason::NodeModules);
        } else if kind.is_folder() && bytes == b"target" && listing.has_manifest {
            self.skip(path, SkipReason::BuildOutput);
        } else if folder.rules.ignore(&full, kind.is_folder()) {
            self.skip(path, SkipReason::Ignored);
        } else if name.to_str().is_none() {
            self.scan.unreadable.push(Unreadable { path, why: "the name is not UTF-8".to_owned() });
        } else {
            self.take(folder, path, full, bytes, kind);
        }
    }

    fn take(&mut self, folder: &Folder, path: String, full: PathBuf, name: &[u8], kind: Kind) {
        match kind {
            Kind::File if name == b"Cargo.toml" => self.scan.manifests.push(path),
            Kind::File => self.scan.rust_files.push(path),
            Kind::Folder => self.folders.push(folder.child(path, full, name)),
            Kind::LinkedFolder => self.links.push_back(Link::new(folder, folder.child(path, full, name))),
            Kind::DeadLink => self.skip(path, SkipReason::DeadLink),
            Kind::Special => {
                self.scan.unreadable.push(Unreadable { path, why: "not a regular file".to_owned() });
            }
            Kind::Link | Kind::Other => {}
        }
    }
}

impl Folder {
    /// The folder at `path` in this one.
    fn child(&self, path: String, full: PathBuf, name: &[u8]) -> Self {
        // Only the last part is new: without links above, both paths are the same.
        let real = if self.chain.is_empty() {
            full.clone()
        } else {
            full.file_name().map_or_else(|| self.real.clone(), |name| self.real.join(name))
        };
        Self {
            path,
            full,
            real,
            rules: self.rules.clone(),
            chain: self.chain.clone(),
            in_sources: self.in_sources || name == b"src",
        }
    }
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}
