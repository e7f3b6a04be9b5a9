//! Where pages lie, and the index by which they are found.

use super::site::{Page, SiteError};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::{fs, io};

/// The pages of the site, each a file.
pub(crate) struct Pages {
    folder: PathBuf,
}

impl Pages {
    /// Pages in a folder that is there.
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Writes a page. The same page for the same key is no conflict: it was written before a crash.
    pub(crate) fn write(&self, page: &Page, key: &str) -> Result<(), SiteError> {
        let (path, text) = (self.folder.join(&page.name), format!("{key}\n{}\n", page.text));
        match fs::read_to_string(&path) {
            Ok(there) if there == text => Ok(()),
            Ok(_) => Err(SiteError::Exists(page.name.clone())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                fs::write(path, text).map_err(|error| disk(&error))
            }
            Err(error) => Err(disk(&error)),
        }
    }

    /// Removes a page, if it is there.
    pub(crate) fn remove(&self, name: &str) -> Result<(), SiteError> {
        match fs::remove_file(self.folder.join(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(disk(&error)),
            _ => Ok(()),
        }
    }

    /// Removes a page if it was written for this key, and leaves that of anybody else alone.
    pub(crate) fn take_back(&self, name: &str, key: &str) -> Result<(), SiteError> {
        let text = fs::read_to_string(self.folder.join(name)).unwrap_or_default();
        if text.lines().next() == Some(key) { self.remove(name) } else { Ok(()) }
    }

    /// Whether there is a page of this name.
    pub(crate) fn has(&self, name: &str) -> Result<bool, SiteError> {
        self.folder.join(name).try_exists().map_err(|error| disk(&error))
    }

    /// The names of all pages, sorted.
    pub(crate) fn names(&self) -> Result<Vec<String>, SiteError> {
        let entries = fs::read_dir(&self.folder).map_err(|error| disk(&error))?;
        let names: io::Result<BTreeSet<_>> =
            entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect();
        Ok(names.map_err(|error| disk(&error))?.into_iter().collect())
    }
}

fn disk(error: &io::Error) -> SiteError {
    SiteError::Disk(error.to_string())
}

/// Which words are on which page. It takes a while to be made, so it is made when somebody needs it.
#[derive(Default)]
pub(crate) struct Index {
    found: Mutex<BTreeSet<(String, String)>>,
}

impl Index {
    /// An index, if there can be one.
    pub(crate) fn open(possible: bool) -> Result<Self, io::Error> {
        if possible { Ok(Self::default()) } else { Err(io::Error::other("its server does not answer")) }
    }

    pub(crate) fn add(&self, name: &str, words: &[String]) {
        let entries = words.iter().map(|word| (name.to_owned(), word.clone()));
        self.found.lock().unwrap_or_else(PoisonError::into_inner).extend(entries);
    }

    pub(crate) fn forget(&self, name: &str) {
        self.found.lock().unwrap_or_else(PoisonError::into_inner).retain(|(page, _)| page != name);
    }
}
