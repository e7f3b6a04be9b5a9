//! Symbolic links to folders: followed like folders, until they lead back.

use super::listing::Kind;
use super::{Folder, SkipReason};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How many links to folders one walk follows. Few projects have ten; a tangle of links that
/// lead to each other would otherwise grow without end before any of them closes a loop.
pub(super) const LINK_LIMIT: usize = 1000;

/// The real folders in which the links stand that led to a folder.
pub(super) type Chain = Vec<Arc<Path>>;

/// A link to a folder.
pub(super) struct Link {
    /// Where it stands, relative to the root.
    pub(super) path: String,
    folder: Folder,
}

impl Link {
    /// The link that stands in `parent` and leads to `folder`.
    pub(super) fn new(parent: &Folder, mut folder: Folder) -> Self {
        folder.chain.push(Arc::from(parent.real.as_path()));
        Self { path: folder.path.clone(), folder }
    }

    /// The folder behind the link; or the link's path, if it leads to a folder that holds it or
    /// one of the links that led to it.
    pub(super) fn resolve(&self) -> Result<Folder, (String, SkipReason)> {
        let Ok(real) = fs::canonicalize(&self.folder.full) else {
            return Err((self.path.clone(), SkipReason::DeadLink));
        };
        if self.folder.chain.iter().any(|passed| passed.starts_with(&real)) {
            return Err((self.path.clone(), SkipReason::LinkLoop));
        }
        Ok(self.folder.at(real))
    }
}

/// What is behind the link at `path`. A dead one matters only where its name promises a source.
pub(super) fn target_kind(path: &Path, name: &[u8]) -> Kind {
    let is_source = name.ends_with(b".rs") || name == b"Cargo.toml";
    match fs::metadata(path) {
        Ok(target) if target.is_dir() => Kind::LinkedFolder,
        Ok(target) if target.is_file() => Kind::File,
        Ok(_) if is_source => Kind::Special,
        Err(_) if is_source => Kind::DeadLink,
        Ok(_) | Err(_) => Kind::Other,
    }
}

impl Folder {
    /// This folder, which is really at `real`.
    fn at(&self, real: PathBuf) -> Self {
        Self {
            path: self.path.clone(),
            full: self.full.clone(),
            real,
            rules: self.rules.clone(),
            chain: self.chain.clone(),
            in_sources: self.in_sources,
        }
    }
}
