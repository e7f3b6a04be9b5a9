//! The file layer: what the engine asks of the system, behind a trait, so that tests can let it fail.

use std::ffi::OsString;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

/// What the engine on files asks of the system. All calls block, and none may wait for a task: a call may come from a
/// thread that polls tasks itself.
///
/// Names that a call makes, moves or takes away are durable once [`sync_folder`](Self::sync_folder) has returned for the
/// folders they are in, and the bytes of a file once [`LogFile::sync`] has.
#[expect(clippy::missing_errors_doc, reason = "the errors are those of the system")]
pub trait FileLayer: Send + Sync + 'static {
    /// Makes a folder and those above it.
    fn create_folder(&self, path: &Path) -> io::Result<()>;
    /// Makes a file that does not exist yet.
    fn create(&self, path: &Path) -> io::Result<Box<dyn LogFile>>;
    /// Opens a file that exists.
    fn open(&self, path: &Path) -> io::Result<Box<dyn LogFile>>;
    /// Gives a file a second name that must not exist yet.
    fn link(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Moves a name.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Takes a name away.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// The names in a folder.
    fn list(&self, path: &Path) -> io::Result<Vec<OsString>>;
    /// Waits until the names in a folder are durable.
    fn sync_folder(&self, path: &Path) -> io::Result<()>;
}

/// A file that is only appended to. All calls block, and none may wait for a task.
#[expect(clippy::missing_errors_doc, reason = "the errors are those of the system")]
pub trait LogFile: Send + Sync {
    /// Takes the file for this handle alone, until it is dropped. Says whether it could.
    fn try_lock(&self) -> io::Result<bool>;
    /// Whether the file still has this name.
    fn is_at(&self, path: &Path) -> io::Result<bool>;
    /// All bytes.
    fn read(&self) -> io::Result<Vec<u8>>;
    /// Writes all bytes behind the others.
    fn append(&self, bytes: &[u8]) -> io::Result<()>;
    /// Drops what is behind the first `length` bytes.
    fn truncate(&self, length: u64) -> io::Result<()>;
    /// Waits until what was written is durable.
    fn sync(&self) -> io::Result<()>;
}

/// The system's files.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemFiles;

impl FileLayer for SystemFiles {
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        std::fs::create_dir_all(path)
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn LogFile>> {
        Ok(Box::new(SystemFile(OpenOptions::new().read(true).append(true).create_new(true).open(path)?)))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn LogFile>> {
        Ok(Box::new(SystemFile(OpenOptions::new().read(true).append(true).open(path)?)))
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::hard_link(from, to)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        std::fs::remove_file(path)
    }

    fn list(&self, path: &Path) -> io::Result<Vec<OsString>> {
        std::fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.file_name())).collect()
    }

    #[cfg(unix)]
    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        File::open(path)?.sync_all()
    }

    #[cfg(not(unix))]
    fn sync_folder(&self, _: &Path) -> io::Result<()> {
        // Windows opens no folders as files; its file systems keep names in a journal of their own.
        Ok(())
    }
}

struct SystemFile(File);

impl LogFile for SystemFile {
    fn try_lock(&self) -> io::Result<bool> {
        match self.0.try_lock() {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    #[cfg(unix)]
    fn is_at(&self, path: &Path) -> io::Result<bool> {
        use std::os::unix::fs::MetadataExt;
        let own = self.0.metadata()?;
        match std::fs::metadata(path) {
            Ok(there) => Ok(own.dev() == there.dev() && own.ino() == there.ino()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    #[cfg(not(unix))]
    fn is_at(&self, path: &Path) -> io::Result<bool> {
        // An open file can't be renamed there.
        std::fs::exists(path)
    }

    fn read(&self) -> io::Result<Vec<u8>> {
        let mut file = &self.0;
        file.seek(SeekFrom::Start(0))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn append(&self, bytes: &[u8]) -> io::Result<()> {
        (&self.0).write_all(bytes)
    }

    fn truncate(&self, length: u64) -> io::Result<()> {
        self.0.set_len(length)
    }

    fn sync(&self) -> io::Result<()> {
        self.0.sync_data()
    }
}
