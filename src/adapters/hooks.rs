//! Reads, writes and removes a hook: a program that git runs.
#![expect(clippy::disallowed_methods, reason = "this adapter reads and writes files")]

use super::write::Writer;
use crate::error::Failure;
use std::fs;
use std::io;
use std::path::Path;

/// The hooks in one folder.
#[derive(Clone, Copy, Debug)]
pub struct Hooks;

impl Hooks {
    /// The text of the hook at `path`; `None` where there is none.
    ///
    /// # Errors
    ///
    /// What is there is no text, or cannot be read.
    pub fn read(&self, path: &Path) -> Result<Option<String>, Failure> {
        match fs::read_to_string(path) {
            Ok(text) => Ok(Some(text)),
            // A link to nothing is somebody's all the same.
            Err(error) if error.kind() == io::ErrorKind::NotFound && !path.is_symlink() => Ok(None),
            Err(error) => Err(Failure::new(
                format!("there is a hook already that cannot be read, `{}`: {}", path.display(), error.kind()),
                "it was not touched: move it away, or let it run `baton check --staged`",
            )),
        }
    }

    /// Writes a hook that git may run. Its folder is made where it is missing.
    ///
    /// # Errors
    ///
    /// The folder may not be written to, or the disk is full.
    pub fn write(&self, path: &Path, text: &str) -> Result<(), Failure> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| refused("make the folder of", path, &error))?;
        }
        Writer.write_program(path, text)
    }

    /// Removes a hook.
    ///
    /// # Errors
    ///
    /// The folder may not be written to.
    pub fn remove(&self, path: &Path) -> Result<(), Failure> {
        fs::remove_file(path).map_err(|error| refused("remove", path, &error))
    }
}

fn refused(what: &str, path: &Path, error: &io::Error) -> Failure {
    Failure::new(
        format!("cannot {what} the hook `{}`: {}", path.display(), error.kind()),
        "the folder has to be writable",
    )
}
