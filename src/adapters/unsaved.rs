//! Files as an editor shows them: on the disk, with the texts of open buffers in front.
#![expect(clippy::disallowed_methods, reason = "this adapter asks where links lead, and which files exist")]

use super::locate::Located;
use super::read::ReadError;
use super::sources::{Disk, Origin, Sources};
use super::walk::Scan;
use crate::error::Failure;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The texts of buffers, by absolute paths.
pub type Buffers = BTreeMap<PathBuf, String>;

/// The disk with these buffers in front of it.
pub fn unsaved(buffers: Buffers) -> Box<dyn Origin> {
    Box::new(Unsaved { buffers })
}

/// The disk with buffers in front of it.
#[derive(Debug)]
struct Unsaved {
    buffers: Buffers,
}

impl Origin for Unsaved {
    fn project_of(&self, start: &Path) -> Result<Located, Failure> {
        Disk.project_of(start)
    }

    fn sources(&self, root: &Path) -> Result<Box<dyn Sources>, Failure> {
        let inside = |(path, text): (&PathBuf, &String)| Some((path_in(root, path)?, text.clone()));
        let texts = self.buffers.iter().filter_map(inside).collect();
        Ok(Box::new(UnsavedSources { root: root.to_owned(), disk: Disk.sources(root)?, texts }))
    }
}

#[derive(Debug)]
struct UnsavedSources {
    root: PathBuf,
    disk: Box<dyn Sources>,
    /// By paths relative to the root.
    texts: BTreeMap<String, String>,
}

impl Sources for UnsavedSources {
    /// A buffer of a file that is on no disk yet is a file of the project. What the disk has and the walk left out
    /// stays out.
    fn scan(&self) -> Scan {
        let mut scan = self.disk.scan();
        let is_new = |path: &&String| {
            let path = self.root.join(path);
            path.extension().is_some_and(|extension| extension == "rs") && !path.exists()
        };
        for path in self.texts.keys().filter(is_new) {
            if let Err(at) = scan.rust_files.binary_search(path) {
                scan.rust_files.insert(at, path.clone());
            }
        }
        scan
    }

    fn read(&self, path: &str) -> Result<String, ReadError> {
        self.texts.get(path).cloned().map_or_else(|| self.disk.read(path), Ok)
    }

    fn read_if_there(&self, path: &str) -> Result<Option<String>, ReadError> {
        match self.texts.get(path) {
            Some(text) => Ok(Some(text.clone())),
            None => self.disk.read_if_there(path),
        }
    }

    fn read_given(&self, path: &Path) -> Result<String, ReadError> {
        let text = path_in(&self.root, path).and_then(|path| self.texts.get(&path));
        text.cloned().map_or_else(|| self.disk.read_given(path), Ok)
    }
}

/// The path in the project at `root`, with `/`. Editors know files by the links that led them there.
fn path_in(root: &Path, path: &Path) -> Option<String> {
    let relative = match path.strip_prefix(root) {
        Ok(relative) => relative.to_owned(),
        Err(_) => resolved(path)?.strip_prefix(root).ok()?.to_owned(),
    };
    Some(relative.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/"))
}

/// The path without links. The file itself need not exist.
fn resolved(path: &Path) -> Option<PathBuf> {
    fs::canonicalize(path).ok().or_else(|| Some(fs::canonicalize(path.parent()?).ok()?.join(path.file_name()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buffers_go_before_the_disk_and_new_files_are_listed() {
        let folder = tempfile::tempdir().unwrap();
        let root = fs::canonicalize(folder.path()).unwrap();
        fs::write(root.join("a.rs"), "disk").unwrap();
        fs::write(root.join(".gitignore"), "ignored.rs\n").unwrap();
        fs::write(root.join("ignored.rs"), "disk").unwrap();
        let buffer = |name: &str| (root.join(name), "buffer".to_owned());
        let buffers = [buffer("a.rs"), buffer("b.rs"), buffer("ignored.rs"), buffer("new.txt")];
        let unsaved = unsaved(buffers.into_iter().collect());
        let sources = unsaved.sources(&root).unwrap();
        assert_eq!(sources.scan().rust_files, ["a.rs", "b.rs"]);
        assert_eq!(sources.read("a.rs").unwrap(), "buffer");
        assert_eq!(sources.read_given(&root.join("b.rs")).unwrap(), "buffer");
        assert_eq!(sources.read_if_there("c.rs").unwrap(), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_buffer_is_found_by_a_link_to_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        let top = fs::canonicalize(folder.path()).unwrap();
        fs::create_dir(top.join("real")).unwrap();
        std::os::unix::fs::symlink("real", top.join("alias")).unwrap();
        let buffers = [(top.join("alias/new.rs"), "buffer".to_owned())].into_iter().collect();
        let origin = unsaved(buffers);
        let sources = origin.sources(&top.join("real")).unwrap();
        assert_eq!(sources.read("new.rs").unwrap(), "buffer");
    }
}
