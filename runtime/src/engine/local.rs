//! The engine on files: one journal a run, in one folder, on one machine.

mod files;
mod format;
mod journal;
mod own_thread;
mod writers;

pub use files::{FileLayer, LogFile, SystemFiles};
pub use journal::Durability;

use super::BoxFuture;
use super::journal::{History, Journal, JournalEngine, JournalStore, OpenJournal};
use super::record::RunHeader;
use crate::error::RuntimeError;
use crate::id::RunId;
use crate::lock;
use journal::{FileJournal, OnLostSync};
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use writers::Writers;

/// Keeps each run in a file of its own, so that it survives a crash of the process, of the system and of the power.
///
/// Below its folder there is `open/` with the journals of runs that are not over, and `done/` with the others. A journal
/// is text, one line a record. Several processes may share a folder on a local file system; each run is executed by one of
/// them at a time, which a lock on its file sees to.
///
/// ```
/// use baton_runtime::LocalEngine;
///
/// let folder = tempfile::tempdir()?;
/// let engine = LocalEngine::open(folder.path().join("runs"))?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
pub type LocalEngine = JournalEngine<FileJournals>;

impl LocalEngine {
    /// Opens a folder, which is made if need be.
    ///
    /// # Errors
    /// [`RuntimeError::Io`].
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, RuntimeError> {
        Self::open_with(folder, Durability::default(), SystemFiles)
    }

    /// Opens a folder with another durability, or on another file layer, which is for tests.
    ///
    /// # Errors
    /// [`RuntimeError::Io`].
    pub fn open_with(
        folder: impl Into<PathBuf>,
        durability: Durability,
        files: impl FileLayer,
    ) -> Result<Self, RuntimeError> {
        Ok(Self::over(FileJournals::open(&folder.into(), durability, Arc::new(files))?))
    }
}

/// Journals as files.
pub struct FileJournals(Arc<Folder>);

struct Folder {
    open: PathBuf,
    done: PathBuf,
    durability: Durability,
    files: Arc<dyn FileLayer>,
    writers: Writers,
    /// Runs whose last sync failed. What the system's cache says of them may never reach the device, so nothing of it is
    /// believed for as long as this process lives.
    lost: Arc<Mutex<BTreeSet<RunId>>>,
}

const EXTENSION: &str = ".journal";
const NEW: &str = ".new";

/// Names the action and the path in an error of the system.
fn io_error<'p>(action: &'static str, path: &'p Path) -> impl FnOnce(io::Error) -> RuntimeError + use<'p> {
    move |source| RuntimeError::Io { action, path: path.to_owned(), source }
}

fn file_name(run: &RunId) -> String {
    // Windows takes no colon in a name, and no id has a per cent sign.
    format!("{}{EXTENSION}", run.as_str().replace(':', "%3A"))
}

fn run_of(name: &str) -> Option<RunId> {
    RunId::new(name.strip_suffix(EXTENSION)?.replace("%3A", ":")).ok()
}

impl FileJournals {
    fn open(folder: &Path, durability: Durability, files: Arc<dyn FileLayer>) -> Result<Self, RuntimeError> {
        let (open, done) = (folder.join("open"), folder.join("done"));
        for path in [&open, &done] {
            files.create_folder(path).map_err(io_error("create", path))?;
        }
        files.sync_folder(folder).map_err(io_error("sync", folder))?;
        if let Some(parent) = folder.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            files.sync_folder(parent).map_err(io_error("sync", parent))?;
        }
        let folder = Folder { open, done, durability, files, writers: Writers::default(), lost: Arc::default() };
        folder.remove_leftovers()?;
        Ok(Self(Arc::new(folder)))
    }

    /// Does something with the folder where it may block.
    async fn with<T: Send + 'static>(
        &self,
        run: &RunId,
        work: impl FnOnce(&Folder, &RunId) -> Result<T, RuntimeError> + Send + 'static,
    ) -> Result<T, RuntimeError> {
        let (folder, run) = (Arc::clone(&self.0), run.clone());
        self.0.writers.run(move || work(&folder, &run)).await
    }
}

impl Folder {
    /// A process that ended while it made a journal leaves one that nobody knows of.
    fn remove_leftovers(&self) -> Result<(), RuntimeError> {
        for name in self.files.list(&self.open).map_err(io_error("list", &self.open))? {
            if !name.to_str().is_some_and(|name| name.ends_with(NEW)) {
                continue;
            }
            let path = self.open.join(name);
            match self.files.open(&path).and_then(|file| file.try_lock()) {
                Ok(true) => self.remove_new(&path)?,
                Ok(false) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(io_error("open", &path)(error)),
            }
        }
        Ok(())
    }

    /// Removes what a journal was called while it was made. Another process may have taken it for a leftover before its
    /// maker could lock it, or have seen it before its maker removed it.
    fn remove_new(&self, path: &Path) -> Result<(), RuntimeError> {
        match self.files.remove(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(io_error("remove", path)(error)),
            _ => Ok(()),
        }
    }

    fn sync(&self, folder: &Path) -> Result<(), RuntimeError> {
        match self.durability {
            Durability::Synced => self.files.sync_folder(folder).map_err(io_error("sync", folder)),
            Durability::Buffered => Ok(()),
        }
    }

    /// Opens the journal of a run wherever it is.
    fn find(&self, run: &RunId) -> Result<(PathBuf, Box<dyn LogFile>), RuntimeError> {
        let name = file_name(run);
        // It may move from one to the other between two looks, and never back.
        for folder in [&self.open, &self.done] {
            let path = folder.join(&name);
            match self.files.open(&path) {
                Ok(file) => return Ok((path, file)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(io_error("open", &path)(error)),
            }
        }
        Err(RuntimeError::RunNotFound(run.clone()))
    }

    /// Finds a journal and takes it.
    fn take(&self, run: &RunId) -> Result<(PathBuf, Box<dyn LogFile>), RuntimeError> {
        loop {
            let (path, file) = self.find(run)?;
            if !file.try_lock().map_err(io_error("lock", &path))? {
                return Err(RuntimeError::RunBusy(run.clone()));
            }
            // Whoever had it before may have moved or removed it meanwhile.
            if file.is_at(&path).map_err(io_error("look at", &path))? {
                return Ok((path, file));
            }
        }
    }

    fn journal(&self, run: &RunId, file: Box<dyn LogFile>, next: u64) -> Arc<dyn Journal> {
        let lost = Arc::clone(&self.lost);
        let on_lost_sync: OnLostSync = Arc::new(move |run| {
            lock(&lost).insert(run.clone());
        });
        Arc::new(FileJournal::new(run.clone(), file, next, self.durability, on_lost_sync, self.writers.clone()))
    }

    fn create(&self, header: &RunHeader) -> Result<Arc<dyn Journal>, RuntimeError> {
        let run = &header.run;
        let exists = || RuntimeError::RunExists(run.clone());
        if self.find(run).is_ok() {
            return Err(exists());
        }
        let name = file_name(run);
        let (path, done) = (self.open.join(&name), self.done.join(&name));
        // It gets its name when it is whole, so that nobody ever sees half a header.
        let new = self.open.join(format!("{name}.{}{NEW}", uuid::Uuid::new_v4().simple()));
        let file = self.files.create(&new).map_err(io_error("create", &new))?;
        let written = self.write_header(file.as_ref(), header, &new);
        let named = written.and_then(|()| match self.files.link(&new, &path) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(exists()),
            Err(error) => Err(io_error("create", &path)(error)),
        });
        self.remove_new(&new)?;
        named?;
        if self.files.open(&done).is_ok() {
            // Another one was begun and ended since the first look.
            self.files.remove(&path).map_err(io_error("remove", &path))?;
            return Err(exists());
        }
        self.sync(&self.open)?;
        Ok(self.journal(run, file, 1))
    }

    fn write_header(&self, file: &dyn LogFile, header: &RunHeader, path: &Path) -> Result<(), RuntimeError> {
        // Who took it for a leftover has it, or has removed it by now.
        let is_ours =
            file.try_lock().map_err(io_error("lock", path))? && file.is_at(path).map_err(io_error("look at", path))?;
        if !is_ours {
            return Err(RuntimeError::RunBusy(header.run.clone()));
        }
        file.append(&format::first_line(header)?).map_err(io_error("write", path))?;
        match self.durability {
            Durability::Synced => file.sync().map_err(io_error("sync", path)),
            Durability::Buffered => Ok(()),
        }
    }

    fn load(&self, run: &RunId) -> Result<OpenJournal, RuntimeError> {
        if lock(&self.lost).contains(run) {
            let reason = "an earlier write or sync failed; restart the process, on a device that works".to_owned();
            return Err(RuntimeError::Poisoned { run: run.clone(), reason });
        }
        let (path, file) = self.take(run)?;
        let bytes = file.read().map_err(io_error("read", &path))?;
        let parsed = format::parse(&path, &bytes)?;
        if parsed.history.header.run != *run {
            // A file system that takes two spellings for one name.
            return Err(RuntimeError::RunNotFound(run.clone()));
        }
        if parsed.good < bytes.len() as u64 {
            file.truncate(parsed.good).map_err(io_error("truncate", &path))?;
        }
        if self.durability == Durability::Synced {
            // What a process made and did not live to sync is only in memory, and is about to be relied on.
            file.sync().map_err(io_error("sync", &path))?;
            if path.starts_with(&self.open) {
                self.sync(&self.open)?;
            }
        }
        let journal = self.journal(run, file, parsed.next);
        Ok(OpenJournal { journal, history: parsed.history })
    }

    fn close(&self, run: &RunId) -> Result<(), RuntimeError> {
        let name = file_name(run);
        let (open, done) = (self.open.join(&name), self.done.join(&name));
        match self.files.rename(&open, &done) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(io_error("move", &open)(error)),
        }
        self.sync(&self.done)?;
        self.sync(&self.open)
    }

    fn remove(&self, run: &RunId) -> Result<(), RuntimeError> {
        let (path, _locked) = self.take(run)?;
        self.files.remove(&path).map_err(io_error("remove", &path))?;
        let folder = if path.starts_with(&self.open) { &self.open } else { &self.done };
        self.sync(folder)
    }

    fn open_runs(&self) -> Result<Vec<RunId>, RuntimeError> {
        let names = self.files.list(&self.open).map_err(io_error("list", &self.open))?;
        let mut runs: Vec<_> = names.iter().filter_map(|name| run_of(name.to_str()?)).collect();
        runs.sort_unstable();
        Ok(runs)
    }
}

impl JournalStore for FileJournals {
    fn create<'a>(&'a self, header: &'a RunHeader) -> BoxFuture<'a, Result<Arc<dyn Journal>, RuntimeError>> {
        let (folder, header) = (Arc::clone(&self.0), header.clone());
        Box::pin(self.0.writers.run(move || folder.create(&header)))
    }

    fn open<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<OpenJournal, RuntimeError>> {
        Box::pin(self.with(run, Folder::load))
    }

    fn read<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<History, RuntimeError>> {
        Box::pin(self.with(run, |folder, run| {
            let (path, file) = folder.find(run)?;
            let bytes = file.read().map_err(io_error("read", &path))?;
            Ok(format::parse(&path, &bytes)?.history)
        }))
    }

    fn open_runs(&self) -> BoxFuture<'_, Result<Vec<RunId>, RuntimeError>> {
        let folder = Arc::clone(&self.0);
        Box::pin(self.0.writers.run(move || folder.open_runs()))
    }

    fn close<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<(), RuntimeError>> {
        Box::pin(self.with(run, Folder::close))
    }

    fn remove<'a>(&'a self, run: &'a RunId) -> BoxFuture<'a, Result<(), RuntimeError>> {
        Box::pin(self.with(run, Folder::remove))
    }
}
