//! One entry of a folder, as far as a walk cares.

use std::cmp::Ordering;
use std::ffi::OsStr;
use std::path::Path;
use walkdir::DirEntry;

/// Something that stands in a folder.
pub(super) struct Entry<'a> {
    /// Where it is on this machine.
    pub(super) full: &'a Path,
    /// Its name.
    pub(super) name: &'a OsStr,
    /// How many folders it is below the root: 1 for what stands in the root.
    pub(super) depth: usize,
    /// What its name says.
    pub(super) role: Role,
    /// What it is.
    pub(super) kind: Kind,
}

/// What the name of an entry says. The entries of a folder are looked at in this order, so that
/// what decides about the folder comes before what it decides about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// The folder is a cache.
    CacheTag,
    /// The folder is the copy of a package from a registry.
    PackageMark,
    /// It holds ignore rules.
    IgnoreFile,
    /// It is a `Cargo.toml`.
    Manifest,
    /// It is a Rust source.
    Rust,
    /// It is a text in Markdown, which may be a page of the inventory.
    Page,
    /// Nothing.
    Other,
}

/// What an entry is, behind a link if it is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A link to a folder.
    LinkedFolder,
    /// A link to a folder that the walk is in.
    LinkLoop,
    /// A link to nothing.
    DeadLink,
    /// A pipe, a socket or a device.
    Special,
}

impl<'a> Entry<'a> {
    /// The entry at `full`.
    pub(super) fn new(full: &'a Path, depth: usize, kind: Kind) -> Self {
        let name = full.file_name().unwrap_or_default();
        Self { full, name, depth, role: Role::of(name), kind }
    }

    /// What walkdir found.
    pub(super) fn found(entry: &'a DirEntry) -> Self {
        let file_type = entry.file_type();
        let kind = if file_type.is_file() {
            Kind::File
        } else if !file_type.is_dir() {
            Kind::Special
        } else if entry.path_is_symlink() {
            Kind::LinkedFolder
        } else {
            Kind::Folder
        };
        Self::new(entry.path(), entry.depth(), kind)
    }

    /// Whether it is named like something that a walk lists.
    pub(super) fn is_source(&self) -> bool {
        matches!(self.role, Role::Manifest | Role::Rust)
    }
}

impl Role {
    pub(super) fn of(name: &OsStr) -> Self {
        match name.as_encoded_bytes() {
            b"CACHEDIR.TAG" => Self::CacheTag,
            b".cargo-checksum.json" | b".cargo_vcs_info.json" => Self::PackageMark,
            b".gitignore" | b".ignore" => Self::IgnoreFile,
            b"Cargo.toml" => Self::Manifest,
            name if name.ends_with(b".rs") => Self::Rust,
            name if name.ends_with(b".md") => Self::Page,
            _ => Self::Other,
        }
    }
}

impl Kind {
    /// Whether it leads to a folder.
    pub(super) fn is_folder(self) -> bool {
        self.is_entered() || self == Self::LinkLoop
    }

    /// Whether walkdir goes on with what is in it, unless told otherwise.
    pub(super) fn is_entered(self) -> bool {
        matches!(self, Self::Folder | Self::LinkedFolder)
    }
}

/// The order in which the entries of one folder are looked at. The order of the system is none;
/// that of the links decides which fall under the limit.
pub(super) fn order(one: &DirEntry, other: &DirEntry) -> Ordering {
    let (one, other) = (one.file_name(), other.file_name());
    Role::of(one).cmp(&Role::of(other)).then_with(|| one.cmp(other))
}
