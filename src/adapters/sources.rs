//! Where the files of a project come from. Whoever reads a project asks here and never the disk, so all that
//! is known about it, from its configuration to its folders, is known of one and the same state.

use super::git::{Repository, Snapshot};
use super::locate::{Located, Locator};
use super::read::{ReadError, Reader};
use super::walk::{Scan, Walker};
use crate::error::Failure;
use std::fmt;
use std::path::Path;

/// Which state of a project is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// The files as they lie on the disk.
    #[default]
    Working,
    /// The files as the index of their git repository holds them: as the next commit would.
    Staged,
}

impl State {
    /// Whether it is what a commit will hold.
    pub const fn is_of_commit(self) -> bool {
        matches!(self, Self::Staged)
    }
}

/// Finds projects in one state of the world.
pub trait Origin: fmt::Debug + Sync {
    /// The project of the file or folder `start`, as [`Locator::project_of`] says it.
    ///
    /// # Errors
    ///
    /// There is nothing at `start`.
    fn project_of(&self, start: &Path) -> Result<Located, Failure>;

    /// The files of the project at `root`, which is a root that this origin has found.
    ///
    /// # Errors
    ///
    /// There is no such folder.
    fn sources(&self, root: &Path) -> Result<Box<dyn Sources + '_>, Failure>;
}

/// The files of one project. Paths are relative to its root, with `/`.
pub trait Sources: fmt::Debug + Sync {
    /// Lists the project. Nothing stops that: what cannot be listed is part of the answer.
    fn scan(&self) -> Scan;

    /// The text of a file.
    ///
    /// # Errors
    ///
    /// The file is no text, too large, or cannot be opened.
    fn read(&self, path: &str) -> Result<String, ReadError>;

    /// The text of a file, if there is one.
    ///
    /// # Errors
    ///
    /// As of [`Sources::read`], for a file that is there.
    fn read_if_there(&self, path: &str) -> Result<Option<String>, ReadError>;

    /// The text of a file that the user named, wherever it is.
    ///
    /// # Errors
    ///
    /// As of [`Sources::read`].
    fn read_given(&self, path: &Path) -> Result<String, ReadError>;
}

/// The origin of files in that state; `start` is a path in the project.
///
/// # Errors
///
/// There is no such state.
pub fn origin(state: State, start: &Path) -> Result<Box<dyn Origin>, Failure> {
    match state {
        State::Working => Ok(Box::new(Disk)),
        State::Staged => Ok(Box::new(Snapshot::staged(Repository::around(start)?)?)),
    }
}

/// The origin of files as a commit holds them. `name` is what people call it.
///
/// # Errors
///
/// Git failed.
pub fn commit(repository: Repository, commit: &str, name: &str) -> Result<Box<dyn Origin>, Failure> {
    Ok(Box::new(Snapshot::commit(repository, commit, name)?))
}

/// The files as they lie on the disk.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

#[derive(Debug)]
struct DiskSources {
    walker: Walker,
    reader: Reader,
}

impl Origin for Disk {
    fn project_of(&self, start: &Path) -> Result<Located, Failure> {
        Locator.project_of(start)
    }

    fn sources(&self, root: &Path) -> Result<Box<dyn Sources + '_>, Failure> {
        Ok(Box::new(DiskSources { walker: Walker::new(root)?, reader: Reader::new(root) }))
    }
}

impl Sources for DiskSources {
    fn scan(&self) -> Scan {
        self.walker.scan()
    }

    fn read(&self, path: &str) -> Result<String, ReadError> {
        self.reader.read(path)
    }

    fn read_if_there(&self, path: &str) -> Result<Option<String>, ReadError> {
        self.reader.read_if_there(path)
    }

    fn read_given(&self, path: &Path) -> Result<String, ReadError> {
        self.reader.read_given(path)
    }
}
