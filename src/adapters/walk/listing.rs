//! What stands in one folder, as far as a walk cares.

use super::SkipReason;
use std::ffi::OsString;
use std::fs::{self, FileType};
use std::io;
use std::path::Path;

/// The names in a folder, sorted, and what they say about it.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each stands for one name that a folder may hold")]
pub(super) struct Listing {
    /// Everything that could be a folder, a source or a manifest.
    pub(super) entries: Vec<(OsString, Kind)>,
    /// It holds a `Cargo.toml`.
    pub(super) has_manifest: bool,
    /// It holds a `.gitignore`.
    pub(super) has_gitignore: bool,
    /// It holds a `.ignore`.
    pub(super) has_ignore: bool,
    has_rust: bool,
    is_cache: bool,
    is_package_copy: bool,
}

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A regular file, or a link to one.
    File,
    /// A folder.
    Folder,
    /// A link that nobody has looked behind.
    Link,
    /// A link to a folder.
    LinkedFolder,
    /// A link to nothing.
    DeadLink,
    /// A pipe, a socket or a device.
    Special,
    /// What no walk needs.
    Other,
}

impl Kind {
    fn of(kind: FileType) -> Self {
        if kind.is_dir() {
            Self::Folder
        } else if kind.is_file() {
            Self::File
        } else if kind.is_symlink() {
            Self::Link
        } else {
            Self::Special
        }
    }

    /// Whether there may be sources below it.
    pub(super) fn is_folder(self) -> bool {
        matches!(self, Self::Folder | Self::LinkedFolder)
    }
}

impl Listing {
    /// Lists `folder`.
    pub(super) fn read(folder: &Path) -> io::Result<Self> {
        let mut listing = Self::default();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            listing.add(entry.file_name(), Kind::of(entry.file_type()?));
        }
        // The order of the system is none; that of the links decides which fall under the limit.
        listing.entries.sort_unstable();
        Ok(listing)
    }

    fn add(&mut self, name: OsString, kind: Kind) {
        let bytes = name.as_encoded_bytes();
        match bytes {
            b"Cargo.toml" => self.has_manifest = true,
            b".gitignore" => self.has_gitignore = true,
            b".ignore" => self.has_ignore = true,
            b"CACHEDIR.TAG" => self.is_cache = true,
            b".cargo-checksum.json" | b".cargo_vcs_info.json" => self.is_package_copy = true,
            _ => {}
        }
        let is_rust = bytes.ends_with(b".rs");
        self.has_rust |= is_rust;
        if is_rust || bytes == b"Cargo.toml" || matches!(kind, Kind::Folder | Kind::Link) {
            self.entries.push((name, kind));
        }
    }

    /// Why a folder with this listing is not part of the project, if so. `path` is its path below
    /// the root; `in_sources` says whether it lies in a folder called `src`.
    pub(super) fn reason_to_skip(&self, path: &str, in_sources: bool) -> Option<SkipReason> {
        let name = path.rsplit('/').next().unwrap_or(path);
        // A folder of vendored packages holds nothing but them. A package, a module or a domain
        // may well be called `vendor`, and is the project's own.
        let holds_packages = !in_sources && !self.has_manifest && !self.has_rust;
        if self.is_cache {
            Some(SkipReason::BuildOutput)
        } else if self.is_package_copy || (holds_packages && matches!(name, "vendor" | "third_party")) {
            Some(SkipReason::Vendored)
        } else {
            None
        }
    }
}
