//! Reads one file as text, within a limit.
#![expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "this adapter reads files")]

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The largest file that is read, in bytes. Sources beyond it are data written as code.
pub const LIMIT: u64 = 8 * 1024 * 1024;

/// Reads the files of one project.
#[derive(Clone, Debug)]
pub struct Reader {
    root: PathBuf,
}

/// Why a file could not be read as text. Nothing in it depends on where the project lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// The bytes are not UTF-8.
    NotUtf8 {
        /// The text up to the first byte that fits nowhere.
        before: String,
    },
    /// The file is larger than the limit.
    TooLarge {
        /// Its size.
        bytes: u64,
        /// The limit, in bytes.
        limit: u64,
    },
    /// The system refused, for the reason given in words.
    Io(String),
}

impl Reader {
    /// A reader of the project at `root`.
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// The text of the file at `path`, relative to the root.
    ///
    /// # Errors
    ///
    /// The file is no text, too large, or cannot be opened.
    pub fn read(&self, path: &str) -> Result<String, ReadError> {
        self.read_given(&self.root.join(path))
    }

    /// The text of the file at `path`, if there is one.
    ///
    /// # Errors
    ///
    /// As of [`Reader::read`], for a file that is there.
    pub fn read_if_there(&self, path: &str) -> Result<Option<String>, ReadError> {
        if !fs::exists(self.root.join(path)).unwrap_or(true) {
            return Ok(None);
        }
        self.read(path).map(Some)
    }

    /// The text of a file that the user named, wherever it is.
    ///
    /// # Errors
    ///
    /// The same as of [`Reader::read`].
    pub fn read_given(&self, path: &Path) -> Result<String, ReadError> {
        let metadata = fs::metadata(path).map_err(|error| ReadError::io(&error))?;
        // Opening a pipe would wait for someone to write into it.
        if !metadata.is_file() {
            return Err(ReadError::Io("not a regular file".to_owned()));
        }
        let bytes = metadata.len();
        if bytes > LIMIT {
            return Err(ReadError::TooLarge { bytes, limit: LIMIT });
        }
        let file = File::open(path).map_err(|error| ReadError::io(&error))?;
        let mut content = Vec::with_capacity(bytes as usize + 1);
        // The file may have grown since it was measured.
        file.take(LIMIT + 1).read_to_end(&mut content).map_err(|error| ReadError::io(&error))?;
        if content.len() as u64 > LIMIT {
            return Err(ReadError::TooLarge { bytes: content.len() as u64, limit: LIMIT });
        }
        text_of(content)
    }
}

/// Bytes as text.
///
/// # Errors
///
/// They are not UTF-8.
pub(super) fn text_of(bytes: Vec<u8>) -> Result<String, ReadError> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let mut bytes = error.into_bytes();
        bytes.truncate(at);
        ReadError::NotUtf8 { before: String::from_utf8_lossy(&bytes).into_owned() }
    })
}

impl ReadError {
    /// The kind of the error, in words: its own text may name paths of this machine.
    fn io(error: &io::Error) -> Self {
        Self::Io(error.kind().to_string())
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotUtf8 { before } => write!(f, "not UTF-8 text: byte {} fits nowhere", before.len()),
            Self::TooLarge { bytes, limit } => write!(f, "{bytes} bytes, over the limit of {limit}"),
            Self::Io(why) => f.write_str(why),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content: &[u8]) -> Result<String, ReadError> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.rs"), content).unwrap();
        Reader::new(folder.path()).read("a.rs")
    }

    #[test]
    fn text_comes_as_it_is() {
        assert_eq!(read(b""), Ok(String::new()));
        assert_eq!(read("\u{feff}a\r\nß".as_bytes()), Ok("\u{feff}a\r\nß".to_owned()));
    }

    #[test]
    fn other_bytes_are_told_with_their_place() {
        assert_eq!(read(b"fn a\xff"), Err(ReadError::NotUtf8 { before: "fn a".to_owned() }));
        assert_eq!(read(b"\xff\xfea\0"), Err(ReadError::NotUtf8 { before: String::new() }), "UTF-16");
    }

    #[test]
    fn the_limit_is_the_last_size_that_is_read() {
        let size = LIMIT as usize;
        assert_eq!(read(&vec![b' '; size]).map(|text| text.len()), Ok(size));
        assert_eq!(read(&vec![b' '; size + 1]), Err(ReadError::TooLarge { bytes: LIMIT + 1, limit: LIMIT }));
    }

    #[test]
    fn a_refusal_does_not_name_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let reader = Reader::new(folder.path());
        assert_eq!(reader.read("missing.rs"), Err(ReadError::Io("entity not found".to_owned())));
        assert_eq!(reader.read("."), Err(ReadError::Io("not a regular file".to_owned())));
    }
}
