//! Writes a file whole or not at all.
#![expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "this adapter writes files")]

use crate::error::Failure;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Writes reports.
#[derive(Clone, Copy, Debug, Default)]
pub struct Writer;

impl Writer {
    /// Writes `text` to `path`: into a file beside it first, which then takes its name, so that
    /// nobody ever reads half a report. What is no regular file, such as a device, is written to
    /// directly; a link stays, and the file it points to is replaced.
    ///
    /// # Errors
    ///
    /// The folder does not exist or may not be written to, or the disk is full.
    pub fn write(&self, path: &Path, text: &str) -> Result<(), Failure> {
        replace(path, text.as_bytes(), None).map_err(|error| refused(path, &error))
    }

    /// Writes a program, in the same way, and lets everybody run it.
    ///
    /// # Errors
    ///
    /// As of [`Writer::write`].
    pub fn write_program(&self, path: &Path, text: &str) -> Result<(), Failure> {
        replace(path, text.as_bytes(), for_programs()).map_err(|error| refused(path, &error))
    }
}

fn refused(path: &Path, error: &io::Error) -> Failure {
    let message = format!("cannot write `{}`: {}", path.display(), error.kind());
    Failure::new(message, "the folder has to exist and be writable")
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems have none")]
fn for_programs() -> Option<fs::Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(fs::Permissions::from_mode(0o755))
}

/// Elsewhere every file may be run.
#[cfg(not(unix))]
fn for_programs() -> Option<fs::Permissions> {
    None
}

impl Writer {
    /// Writes `text` to a new file at `path`, whole or not at all. What is there stays, whatever it is.
    ///
    /// # Errors
    ///
    /// Something is there, the folder may not be written to, or the disk is full.
    pub fn create(&self, path: &Path, text: &str) -> Result<(), Failure> {
        create(path, text.as_bytes()).map_err(|error| {
            let hint = match error.kind() {
                io::ErrorKind::AlreadyExists => "somebody wrote it, and it stays: remove it first",
                _ => "the folder has to be writable",
            };
            Failure::new(format!("cannot write `{}`: {}", path.display(), error.kind()), hint)
        })
    }
}

/// A link to a finished file takes the name only where it is free.
fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = beside(path)?;
    let linked = fill(&beside, bytes, None).and_then(|()| match fs::hard_link(&beside, path) {
        // Some file systems have no links.
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists && fs::symlink_metadata(path).is_err() => {
            fs::rename(&beside, path)
        }
        linked => linked,
    });
    // Where it was renamed there is nothing left to remove.
    drop(fs::remove_file(&beside));
    linked
}

/// Replaces a file; `permissions` are those it gets, if they are not those that it has.
fn replace(path: &Path, bytes: &[u8], permissions: Option<fs::Permissions>) -> io::Result<()> {
    let existing = match fs::metadata(path) {
        Ok(metadata) if !metadata.is_file() => return File::options().write(true).open(path)?.write_all(bytes),
        Ok(metadata) => Some(metadata.permissions()),
        Err(_) => None,
    };
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let beside = beside(&target)?;
    let written = fill(&beside, bytes, permissions.or(existing)).and_then(|()| fs::rename(&beside, &target));
    if written.is_err() {
        // The error that counts is the first one.
        drop(fs::remove_file(&beside));
    }
    written
}

fn fill(path: &Path, bytes: &[u8], permissions: Option<fs::Permissions>) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(bytes)?;
    if let Some(permissions) = permissions {
        file.set_permissions(permissions)?;
    }
    Ok(())
}

/// The name of the file that is written first: hidden, and of this process alone.
fn beside(target: &Path) -> io::Result<PathBuf> {
    let name = target.file_name().ok_or(io::ErrorKind::InvalidFilename)?;
    let mut hidden = OsString::from(".");
    hidden.push(name);
    hidden.push(format!(".{}.tmp", std::process::id()));
    Ok(target.with_file_name(hidden))
}

/// Whether a file of that name is what a process has written of `target` before it took that name.
pub(super) fn is_unfinished(name: &OsStr, target: &OsStr) -> bool {
    let (Some(name), Some(target)) = (name.to_str(), target.to_str()) else { return false };
    let process =
        name.strip_prefix('.').and_then(|rest| rest.strip_prefix(target)).and_then(|rest| rest.strip_prefix('.'));
    let process = process.and_then(|rest| rest.strip_suffix(".tmp"));
    process.is_some_and(|process| !process.is_empty() && process.bytes().all(|c| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_report_is_written_and_replaced_without_a_trace() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.json");
        Writer.write(&path, "a longer first text").unwrap();
        Writer.write(&path, "second").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "second");
        assert_eq!(names(folder.path()), ["report.json"]);
    }

    #[test]
    fn a_new_file_takes_no_place_that_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("baton.toml");
        Writer.create(&path, "ours").unwrap();
        let refused = Writer.create(&path, "another").unwrap_err();
        assert!(refused.message.contains("already exists"), "{refused}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "ours");
        assert_eq!(names(folder.path()), ["baton.toml"]);
        let missing = Writer.create(&folder.path().join("no/baton.toml"), "text");
        assert!(missing.is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_and_its_file_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        Writer.write(&link, "new").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }

    #[test]
    fn a_missing_folder_and_a_folder_in_the_way_are_failures() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Writer.write(&folder.path().join("missing/report"), "text").is_err());
        assert!(Writer.write(folder.path(), "text").is_err());
        assert_eq!(names(folder.path()), Vec::<String>::new());
    }
}
