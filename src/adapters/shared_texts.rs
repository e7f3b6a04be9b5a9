//! Reads and writes the texts of a project that people write in too, its pages and its sources: nothing of theirs
//! may be lost, and nothing outside of the project may be touched.
#![expect(clippy::disallowed_methods, reason = "this adapter reads and writes files")]

use super::write::{Writer, is_unfinished};
use crate::error::Failure;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Texts of one project.
#[derive(Clone, Debug)]
pub struct SharedTexts {
    root: PathBuf,
    /// What people call such a text.
    noun: &'static str,
    /// What they can do about one that lies elsewhere.
    elsewhere: &'static str,
}

impl SharedTexts {
    /// The pages of the project at `root`, a path without links.
    pub fn pages(root: &Path) -> Self {
        let elsewhere = "exclude the folder under `[source]`, or give it no `[[folder]]`";
        Self { root: root.to_owned(), noun: "page", elsewhere }
    }

    /// The source files of the project at `root`, a path without links.
    pub fn sources(root: &Path) -> Self {
        let elsewhere = "exclude the folder under `[source]`, or change the file by hand";
        Self { root: root.to_owned(), noun: "file", elsewhere }
    }

    /// The text at a path, by its path relative to the root; `None` where there is none.
    ///
    /// # Errors
    ///
    /// What is there is a link, a folder or no text, lies outside of the project behind a link, or cannot be read.
    pub fn read(&self, path: &str) -> Result<Option<String>, Failure> {
        let full = self.root.join(path);
        self.stays_inside(path, &full)?;
        let metadata = match fs::symlink_metadata(&full) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.refused("read", path, &error)),
        };
        if metadata.is_symlink() {
            let hint = "replace the link by a file: what it leads to may belong to somebody else";
            return Err(Failure::new(format!("the {} `{path}` is a link", self.noun), hint));
        }
        if !metadata.is_file() {
            let hint = "move it away, or choose another name with `file` under `[inventory]`";
            return Err(Failure::new(format!("the {} `{path}` is no file", self.noun), hint));
        }
        let bytes = fs::read(&full).map_err(|error| self.refused("read", path, &error))?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            let line = error.as_bytes()[..at].split(|byte| *byte == b'\n').count();
            Failure::new(
                format!("the {} `{path}` is not UTF-8, in line {line}", self.noun),
                "save it as UTF-8; it was not touched",
            )
        })?;
        Ok(Some(text))
    }

    /// Where a text really lies: the same for two paths that lead to one file, behind links or by the case of
    /// letters.
    pub fn real(&self, path: &str) -> PathBuf {
        let full = self.root.join(path);
        let beside = || Some(fs::canonicalize(full.parent()?).ok()?.join(full.file_name()?));
        fs::canonicalize(&full).ok().or_else(beside).unwrap_or(full)
    }

    /// Writes a text whole or not at all, if it still is what it was when somebody looked. Its folder is
    /// made where it is missing.
    ///
    /// # Errors
    ///
    /// Somebody else wrote on it meanwhile, the folder may not be written to, or the disk is full.
    pub fn write(&self, path: &str, before: Option<&str>, text: &str) -> Result<(), Failure> {
        self.is_unchanged(path, before)?;
        let full = self.root.join(path);
        if let Some(folder) = full.parent() {
            fs::create_dir_all(folder).map_err(|error| self.refused("make the folder of", path, &error))?;
            sweep(folder, full.file_name().unwrap_or_default());
        }
        Writer
            .write(&full, text)
            .map_err(|failure| Failure::new(format!("the {} is as it was: {failure}", self.noun), failure.hint))
    }

    /// Removes a text, if it still is what it was when somebody looked.
    ///
    /// # Errors
    ///
    /// Somebody else wrote on it meanwhile, or the folder may not be written to.
    pub fn remove(&self, path: &str, before: Option<&str>) -> Result<(), Failure> {
        self.is_unchanged(path, before)?;
        fs::remove_file(self.root.join(path)).map_err(|error| self.refused("remove", path, &error))
    }

    fn is_unchanged(&self, path: &str, before: Option<&str>) -> Result<(), Failure> {
        if self.read(path)?.as_deref() == before {
            return Ok(());
        }
        Err(Failure::new(
            format!("somebody wrote on the {} `{path}` meanwhile", self.noun),
            "it was not touched: run it again",
        ))
    }

    fn refused(&self, what: &str, path: &str, error: &io::Error) -> Failure {
        Failure::new(
            format!("cannot {what} the {} `{path}`: {}", self.noun, error.kind()),
            "the folder has to be readable and writable",
        )
    }

    /// Whether a text would lie in the project: a folder may be a link to another place.
    fn stays_inside(&self, path: &str, full: &Path) -> Result<(), Failure> {
        let folders = full.ancestors().skip(1);
        let existing = folders
            .take_while(|folder| folder.starts_with(&self.root))
            .find_map(|folder| fs::canonicalize(folder).ok());
        if existing.is_none_or(|folder| folder.starts_with(&self.root)) {
            return Ok(());
        }
        let message = format!("the {} `{path}` would lie outside of the project, behind a link", self.noun);
        Err(Failure::new(message, self.elsewhere))
    }
}

/// Removes what a run that was killed has left beside a text: what it had written of the new one. A run
/// needs a moment for each, so what is older than a minute belongs to none.
fn sweep(folder: &Path, page: &OsStr) {
    const MINUTE: Duration = Duration::from_secs(60);
    let is_old = |entry: &fs::DirEntry| {
        let modified = entry.metadata().and_then(|metadata| metadata.modified());
        modified.is_ok_and(|modified| modified.elapsed().is_ok_and(|age| age > MINUTE))
    };
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if is_unfinished(&entry.file_name(), page) && is_old(&entry) {
            // It is in nobody's way if it stays.
            drop(fs::remove_file(entry.path()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(result: Result<Option<String>, Failure>) -> String {
        result.unwrap_err().message
    }

    #[test]
    fn pages_are_made_with_their_folders_and_read_back() {
        let root = tempfile::tempdir().unwrap();
        let pages = SharedTexts::pages(&fs::canonicalize(root.path()).unwrap());
        assert_eq!(pages.read("docs/a/FOLDER.md"), Ok(None));
        pages.write("docs/a/FOLDER.md", None, "text").unwrap();
        assert_eq!(pages.read("docs/a/FOLDER.md"), Ok(Some("text".to_owned())));
        let meanwhile = "somebody wrote on the page `docs/a/FOLDER.md` meanwhile";
        assert_eq!(pages.write("docs/a/FOLDER.md", Some("other"), "new").unwrap_err().message, meanwhile);
        assert_eq!(pages.remove("docs/a/FOLDER.md", Some("other")).unwrap_err().message, meanwhile);
        pages.remove("docs/a/FOLDER.md", Some("text")).unwrap();
        assert_eq!(pages.read("docs/a/FOLDER.md"), Ok(None));
    }

    #[test]
    #[expect(clippy::disallowed_types, reason = "a file is made old")]
    fn what_a_killed_run_left_is_swept_away() {
        let root = tempfile::tempdir().unwrap();
        let pages = SharedTexts::pages(&fs::canonicalize(root.path()).unwrap());
        for name in [".FOLDER.md.1234.tmp", ".FOLDER.md.new.tmp", ".OTHER.md.1234.tmp", ".FOLDER.md.77.tmp"] {
            fs::write(root.path().join(name), "half a pa").unwrap();
        }
        let old = fs::File::options().write(true).open(root.path().join(".FOLDER.md.1234.tmp")).unwrap();
        old.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
        pages.write("FOLDER.md", None, "text").unwrap();
        let mut names: Vec<_> = fs::read_dir(root.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, [".FOLDER.md.77.tmp", ".FOLDER.md.new.tmp", ".OTHER.md.1234.tmp", "FOLDER.md"]);
    }

    #[test]
    fn what_is_no_text_is_left_alone() {
        let root = tempfile::tempdir().unwrap();
        let pages = SharedTexts::pages(&fs::canonicalize(root.path()).unwrap());
        fs::write(root.path().join("latin.md"), b"a\nb\xe4").unwrap();
        fs::create_dir(root.path().join("folder.md")).unwrap();
        assert_eq!(message(pages.read("latin.md")), "the page `latin.md` is not UTF-8, in line 2");
        assert_eq!(message(pages.read("folder.md")), "the page `folder.md` is no file");
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        use std::os::unix::fs::symlink;
        let (root, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let pages = SharedTexts::pages(&fs::canonicalize(root.path()).unwrap());
        fs::write(other.path().join("theirs.md"), "text").unwrap();
        symlink(other.path().join("theirs.md"), root.path().join("link.md")).unwrap();
        symlink(other.path(), root.path().join("out")).unwrap();
        assert_eq!(message(pages.read("link.md")), "the page `link.md` is a link");
        let expected = "the page `out/theirs.md` would lie outside of the project, behind a link";
        assert_eq!(message(pages.read("out/theirs.md")), expected);
        fs::create_dir(root.path().join("real")).unwrap();
        symlink("real", root.path().join("linked")).unwrap();
        assert_eq!(pages.real("linked/a.md"), pages.real("real/a.md"));
    }
}
