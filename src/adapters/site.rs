//! The folder of a site: pages that this program alone writes, beside which there may be files of others.
#![expect(clippy::disallowed_methods, reason = "this adapter reads and writes files")]

use super::write::Writer;
use crate::error::Failure;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The folder of a site.
#[derive(Clone, Debug)]
pub struct SiteFolder {
    folder: PathBuf,
    /// The folder without links, once it exists.
    real: PathBuf,
}

impl SiteFolder {
    /// The site at `folder`, which is made if it is not there.
    ///
    /// # Errors
    ///
    /// Something that is no folder has the name, or the folder cannot be made.
    pub fn new(folder: &Path) -> Result<Self, Failure> {
        let refused = |error: io::Error| {
            let message = format!("cannot make the folder `{}` of the site: {}", folder.display(), error.kind());
            Failure::new(message, "give a folder that may be written to with `--output`")
        };
        fs::create_dir_all(folder).map_err(refused)?;
        let real = fs::canonicalize(folder).map_err(refused)?;
        Ok(Self { folder: folder.to_owned(), real })
    }

    /// Where it is, as the user called it.
    pub fn shown(&self) -> String {
        self.folder.display().to_string()
    }

    /// Whether nothing is in it.
    ///
    /// # Errors
    ///
    /// It cannot be listed.
    pub fn is_empty(&self) -> Result<bool, Failure> {
        let entries = fs::read_dir(&self.real).map_err(|error| self.refused("list", "", &error))?;
        Ok(entries.count() == 0)
    }

    /// The text of a file; `None` where there is none. What is no text reads as one that nobody writes.
    ///
    /// # Errors
    ///
    /// What is there is a link or a folder, lies behind a link, or cannot be read.
    pub fn read(&self, path: &str) -> Result<Option<String>, Failure> {
        let full = self.real.join(path);
        let metadata = match fs::symlink_metadata(&full) {
            Ok(metadata) => metadata,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Ok(None);
            }
            Err(error) => return Err(self.refused("read", path, &error)),
        };
        let is_inside = full.parent().and_then(|folder| fs::canonicalize(folder).ok());
        if !metadata.is_file() || is_inside.is_none_or(|folder| !folder.starts_with(&self.real)) {
            let message = format!("`{}` is no file of the site", self.folder.join(path).display());
            return Err(Failure::new(
                message,
                "it may belong to somebody else: move it away, or choose another folder",
            ));
        }
        let bytes = fs::read(&full).map_err(|error| self.refused("read", path, &error))?;
        Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// Makes a file have that text, whole or not at all, and says whether it had another one.
    ///
    /// # Errors
    ///
    /// What is there is no file of the site, the folder may not be written to, or the disk is full.
    pub fn write(&self, path: &str, text: &str) -> Result<bool, Failure> {
        if self.read(path)?.is_some_and(|existing| existing == text) {
            return Ok(false);
        }
        let full = self.real.join(path);
        if let Some(around) = full.parent() {
            // What is a link on the way leads elsewhere: nothing is made behind it.
            let existing = around.ancestors().find_map(|folder| fs::canonicalize(folder).ok());
            if existing.is_none_or(|folder| !folder.starts_with(&self.real)) {
                let message =
                    format!("`{}` would lie outside of the site, behind a link", self.folder.join(path).display());
                return Err(Failure::new(message, "remove the link, or choose another folder"));
            }
            fs::create_dir_all(around).map_err(|error| self.refused("make the folder of", path, &error))?;
        }
        Writer.write(&full, text)?;
        Ok(true)
    }

    /// Removes a file, and the folders around it that hold nothing any more.
    ///
    /// # Errors
    ///
    /// The folder may not be written to.
    pub fn remove(&self, path: &str) -> Result<(), Failure> {
        let full = self.real.join(path);
        fs::remove_file(&full).map_err(|error| self.refused("remove", path, &error))?;
        let around = full.ancestors().skip(1).take_while(|folder| *folder != self.real);
        for folder in around {
            // Where something is left, it is not ours.
            if fs::remove_dir(folder).is_err() {
                break;
            }
        }
        Ok(())
    }

    fn refused(&self, what: &str, path: &str, error: &io::Error) -> Failure {
        let message = format!("cannot {what} `{}`: {}", self.folder.join(path).display(), error.kind());
        Failure::new(message, "the folder of the site has to be readable and writable")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> (tempfile::TempDir, SiteFolder) {
        let around = tempfile::tempdir().unwrap();
        let site = SiteFolder::new(&around.path().join("target/site")).unwrap();
        (around, site)
    }

    #[test]
    fn files_are_written_only_when_they_change() {
        let (_around, site) = site();
        assert!(site.is_empty().unwrap());
        assert_eq!(site.read("a/b.html"), Ok(None));
        assert_eq!(site.write("a/b.html", "text"), Ok(true));
        assert_eq!(site.write("a/b.html", "text"), Ok(false));
        assert_eq!(site.write("a/b.html", "other"), Ok(true));
        assert_eq!(site.read("a/b.html"), Ok(Some("other".to_owned())));
        assert!(!site.is_empty().unwrap());
    }

    #[test]
    fn folders_go_with_their_last_file_and_others_stay() {
        let (around, site) = site();
        site.write("a/b/c.html", "").unwrap();
        site.write("a/d.html", "").unwrap();
        let theirs = around.path().join("target/site/a/theirs");
        fs::write(&theirs, "").unwrap();
        site.remove("a/b/c.html").unwrap();
        assert!(!theirs.with_file_name("b").exists());
        site.remove("a/d.html").unwrap();
        assert!(theirs.exists());
        fs::remove_file(&theirs).unwrap();
        site.write("a/d.html", "").unwrap();
        site.remove("a/d.html").unwrap();
        assert!(site.is_empty().unwrap(), "the site's own folder stays");
    }

    #[test]
    fn a_file_in_the_way_is_a_failure() {
        let (around, _site) = site();
        fs::write(around.path().join("file"), "").unwrap();
        assert!(SiteFolder::new(&around.path().join("file")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn links_lead_nowhere() {
        use std::os::unix::fs::symlink;
        let (around, site) = site();
        let folder = around.path().join("target/site");
        fs::write(around.path().join("theirs"), "text").unwrap();
        symlink(around.path().join("theirs"), folder.join("link.html")).unwrap();
        symlink(around.path(), folder.join("out")).unwrap();
        for path in ["link.html", "out/theirs", "out/new.html", "out/new/a.html"] {
            assert!(site.write(path, "ours").is_err(), "{path}");
        }
        assert_eq!(fs::read_to_string(around.path().join("theirs")).unwrap(), "text");
        assert!(!around.path().join("new").exists());
    }
}
