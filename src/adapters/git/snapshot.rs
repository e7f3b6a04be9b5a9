//! One state of a repository: its index, or the tree of a commit, submodules included.
#![expect(clippy::disallowed_methods, reason = "this adapter looks for the repositories of submodules")]

use super::blobs::{Blobs, Content};
use super::listing::{self, Listed, Mode};
use super::program::Program;
use super::repository::Repository;
use super::sources::GitSources;
use super::tree::{Blob, Folder, Found};
use crate::adapters::locate::{Located, Mark, root_among};
use crate::adapters::read::ReadError;
use crate::adapters::sources::{Origin, Sources};
use crate::error::Failure;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// What a repository holds in one state.
#[derive(Debug)]
pub struct Snapshot {
    pub(super) repository: Repository,
    pub(super) tree: Folder,
    /// The readers of the repository itself and of its submodules.
    stores: Vec<Mutex<Blobs>>,
    /// The submodules whose recorded commits are not on this machine, by their paths.
    pub(super) absent: Vec<String>,
    /// What the state is called.
    name: String,
}

impl Snapshot {
    /// What is staged in a repository: what the next commit would hold.
    ///
    /// # Errors
    ///
    /// A merge is under way in it, or git failed.
    pub fn staged(repository: Repository) -> Result<Self, Failure> {
        let listed = listing::index(&repository.git)?;
        Self::of(repository, listed, "the index".to_owned())
    }

    /// What a commit holds. `name` is what people call it.
    ///
    /// # Errors
    ///
    /// Git failed.
    pub fn commit(repository: Repository, commit: &str, name: &str) -> Result<Self, Failure> {
        let listed = listing::commit(&repository.git, commit)?;
        Self::of(repository, listed, format!("`{name}`"))
    }

    fn of(repository: Repository, listed: Vec<Listed>, name: String) -> Result<Self, Failure> {
        let git = repository.git.clone();
        let mut snapshot = Self { repository, tree: Folder::default(), stores: Vec::new(), absent: Vec::new(), name };
        snapshot.add(&git, listed, &[])?;
        Ok(snapshot)
    }

    /// Adds what a repository holds, below the folder `prefix`, which is empty or ends with `/`.
    fn add(&mut self, git: &Program, listed: Vec<Listed>, prefix: &[u8]) -> Result<(), Failure> {
        let mut blobs = Blobs::new(git)?;
        let links: Vec<&str> =
            listed.iter().filter(|entry| entry.mode == Mode::Link).map(|entry| entry.object.as_str()).collect();
        let mut targets = blobs.read(&links).into_iter();
        let store = self.stores.len();
        self.stores.push(Mutex::new(blobs));
        let mut submodules = Vec::new();
        for mut entry in listed {
            entry.path = [prefix, &entry.path].concat();
            let target = if entry.mode == Mode::Link { targets.next() } else { None };
            if entry.mode == Mode::Submodule {
                submodules.push((entry.path.clone(), entry.object.clone()));
            }
            self.tree.add(entry, store, target.and_then(Result::ok));
        }
        for (path, commit) in submodules {
            self.add_submodule(&path, &commit)?;
        }
        Ok(())
    }

    fn add_submodule(&mut self, path: &[u8], commit: &str) -> Result<(), Failure> {
        let shown = String::from_utf8_lossy(path).into_owned();
        let folder = self.repository.top.join(&shown);
        // Without a repository of its own, git would answer for the one around it.
        if !folder.join(".git").exists() {
            self.absent.push(shown);
            return Ok(());
        }
        let git = Program::in_folder(&folder);
        if !git.ask(&["cat-file", "-e", &format!("{commit}^{{commit}}")])?.is_success {
            self.absent.push(shown);
            return Ok(());
        }
        let listed = listing::commit(&git, commit)?;
        self.add(&git, listed, &[path, b"/"].concat())
    }

    /// What those files hold, in their order.
    pub(super) fn contents(&self, blobs: &[&Blob]) -> Vec<Content> {
        let mut contents: Vec<Content> = blobs.iter().map(|_| Err(unknown())).collect();
        for (number, store) in self.stores.iter().enumerate() {
            let (places, objects): (Vec<usize>, Vec<&str>) = blobs
                .iter()
                .enumerate()
                .filter(|(_, blob)| blob.store == number)
                .map(|(place, blob)| (place, blob.object.as_str()))
                .unzip();
            let Ok(mut store) = store.lock() else { continue };
            for (place, content) in places.into_iter().zip(store.read(&objects)) {
                contents[place] = content;
            }
        }
        contents
    }

    /// What one file holds.
    pub(super) fn content(&self, blob: &Blob) -> Content {
        self.contents(&[blob]).pop().unwrap_or_else(|| Err(unknown()))
    }

    /// The file at a path below the top.
    pub(super) fn file(&self, path: &str) -> Option<&Blob> {
        match self.tree.find(path)?.0 {
            Found::File(blob) => Some(blob),
            Found::Folder(_) => None,
        }
    }

    /// What a text file says that may show where a project begins.
    fn text(&self, path: &str) -> Option<String> {
        let bytes = self.content(self.file(path)?).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }
}

impl Origin for Snapshot {
    fn project_of(&self, start: &Path) -> Result<Located, Failure> {
        let path = self.repository.inside(start)?;
        let Some((found, _)) = self.tree.find(&path) else {
            let hint = "give a path that git knows in that state; `git add` stages what is new";
            return Err(Failure::new(format!("there is no `{}` in {}", start.display(), self.name), hint));
        };
        let folder = match found {
            Found::Folder(_) => path.as_str(),
            Found::File(_) => path.rsplit_once('/').map_or("", |(folder, _)| folder),
        };
        let folders: Vec<&Path> = Path::new(folder).ancestors().collect();
        let at = |folder: &Path, name: &str| match folder.to_str() {
            Some("") | None => name.to_owned(),
            Some(folder) => format!("{}/{name}", folder.replace('\\', "/")),
        };
        let shows = |folder: &Path, mark: Mark<'_>| match mark {
            Mark::File(name) => self.file(&at(folder, name)).is_some(),
            Mark::Text(name, is_it) => self.text(&at(folder, name)).is_some_and(|text| is_it(&text)),
        };
        let (root, has_config) = root_among(&folders, &shows).unwrap_or((Path::new(folder), false));
        let inside = Path::new(&path).strip_prefix(root).unwrap_or(Path::new(""));
        let inside: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
        Ok(Located { root: below(&self.repository.top, root), has_config, inside: inside.join("/") })
    }

    fn sources(&self, root: &Path) -> Result<Box<dyn Sources + '_>, Failure> {
        Ok(Box::new(GitSources::new(self, root)?))
    }
}

/// `top` without the slash that joining an empty path would add.
fn below(top: &Path, path: &Path) -> PathBuf {
    if path.as_os_str().is_empty() { top.to_owned() } else { top.join(path) }
}

fn unknown() -> ReadError {
    ReadError::Io("git does not have its content".to_owned())
}
