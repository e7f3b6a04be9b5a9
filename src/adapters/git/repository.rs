//! Finds repositories, and what revisions mean in them.
#![expect(clippy::disallowed_methods, reason = "this adapter looks for files and reads what hooks are told")]

use super::program::Program;
use crate::error::Failure;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// A repository with a work tree.
#[derive(Clone, Debug)]
pub struct Repository {
    /// Where its work tree begins, with every link resolved.
    pub(super) top: PathBuf,
    pub(super) git: Program,
}

/// What a revision stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// The commit's full name.
    pub commit: String,
    /// The commit's name, short enough for people.
    pub short: String,
    /// Whether it is where the history of `HEAD` left that of the revision, or else the revision itself,
    /// because no common commit is known.
    pub is_common: bool,
}

impl Repository {
    /// The repository that `start` lies in.
    ///
    /// # Errors
    ///
    /// There is none, or git cannot be run or does not want to read it.
    pub fn around(start: &Path) -> Result<Self, Failure> {
        let folder = nearest_folder(start);
        let arguments = ["rev-parse", "--show-toplevel", "--absolute-git-dir"];
        let is_told = env::var_os("GIT_DIR").is_some() || env::var_os("GIT_INDEX_FILE").is_some();
        let found = Program::in_folder(&folder).ask(&arguments)?;
        if !is_told {
            return if found.is_success { Self::in_folder(&found.line()) } else { Err(none(start, &found.complaint)) };
        }
        let told = Program::by_environment();
        let index = told.ask(&["rev-parse", "--absolute-git-dir", "--git-path", "index"])?.line();
        let (told_folder, index) = index.split_once('\n').unwrap_or_default();
        if !found.is_success {
            // A work tree whose repository lies elsewhere, which only the environment knows.
            let found = told.ask(&arguments)?;
            let Some((top, _)) = found.line().split_once('\n').map(|(top, rest)| (top.to_owned(), rest.to_owned()))
            else {
                return Err(none(start, &found.complaint));
            };
            return Ok(Self { top: real(Path::new(&top)), git: told });
        }
        let repository = Self::in_folder(&found.line())?;
        let own = found.line().split_once('\n').map(|(_, folder)| real(Path::new(folder)));
        // What a hook is told is about its own repository, and none of a submodule's or a neighbour's.
        let is_own = own.is_some_and(|own| own == real(Path::new(told_folder)));
        // What git says of it begins at the folder that it was asked in.
        let index = std::path::absolute(index).unwrap_or_else(|_| PathBuf::from(index));
        let git = if is_own { repository.git.with_index(OsString::from(index)) } else { repository.git };
        Ok(Self { git, ..repository })
    }

    fn in_folder(lines: &str) -> Result<Self, Failure> {
        let Some((top, _)) = lines.split_once('\n') else {
            return Err(Failure::new(format!("git says that the work tree is at `{lines}`"), "update git"));
        };
        let top = real(Path::new(top));
        Ok(Self { git: Program::in_folder(&top), top })
    }

    /// What `start` is called in the repository, with `/`; empty for the top. It need not exist on the disk.
    ///
    /// # Errors
    ///
    /// It lies outside.
    pub(super) fn inside(&self, start: &Path) -> Result<String, Failure> {
        let given = std::path::absolute(start).unwrap_or_else(|_| start.to_owned());
        let leads_back = given.components().any(|part| part == Component::ParentDir);
        let tops = given.ancestors().filter(|_| !leads_back);
        // A project calls its files as it reaches them, so a link inside it is no other place.
        let as_given = tops.filter(|at| real(at) == self.top).last().and_then(|top| given.strip_prefix(top).ok());
        let resolved = resolve(&given);
        let inside = as_given.or_else(|| resolved.strip_prefix(&self.top).ok()).ok_or_else(|| {
            let message = format!("`{}` lies outside of the repository `{}`", start.display(), self.top.display());
            Failure::new(message, "give a path in the repository")
        })?;
        let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
        Ok(parts.join("/"))
    }

    /// The commit that code is compared with: where the history of `HEAD` left that of `revision`.
    ///
    /// # Errors
    ///
    /// There is no such revision here.
    pub fn departure(&self, revision: &str) -> Result<Resolved, Failure> {
        let commit = self.commit(revision)?;
        let common = self.git.ask(&["merge-base", &commit, "HEAD"])?;
        let is_common = common.is_success && !common.line().is_empty();
        let commit = if is_common { common.line() } else { commit };
        let short = self.git.ask(&["rev-parse", "--short", &commit])?.line();
        Ok(Resolved { short: if short.is_empty() { commit.clone() } else { short }, commit, is_common })
    }

    /// The text of the file at `path` in a commit, if there is one.
    ///
    /// # Errors
    ///
    /// The path lies outside, or git failed.
    pub fn text(&self, commit: &str, path: &Path) -> Result<Option<String>, Failure> {
        let object = format!("{commit}:{}", self.inside(path)?);
        if !self.git.ask(&["cat-file", "-e", &object])?.is_success {
            return Ok(None);
        }
        let bytes = self.git.print(&["cat-file", "blob", &object])?;
        Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// The full name of the commit that a revision stands for.
    fn commit(&self, revision: &str) -> Result<String, Failure> {
        let peeled = format!("{revision}^{{commit}}");
        let is_option = revision.starts_with('-') || revision.is_empty();
        if !is_option {
            let found = self.git.ask(&["rev-parse", "--verify", "--quiet", &peeled])?;
            if found.is_success {
                return Ok(found.line());
            }
        }
        let is_empty = !self.git.ask(&["rev-parse", "--verify", "--quiet", "HEAD"])?.is_success;
        let is_shallow = self.git.ask(&["rev-parse", "--is-shallow-repository"])?.line() == "true";
        let hint = if is_empty {
            "the branch has no commit yet, so all of its code is new: leave out `--since`".to_owned()
        } else if is_shallow {
            "this clone is shallow: fetch more of the history, with `git fetch --unshallow`, `fetch-depth: 0` for \
             actions/checkout, or `GIT_DEPTH: 0` on GitLab"
                .to_owned()
        } else {
            "give a branch, a tag or a commit that `git log` shows; of a branch that only the server has, fetch it \
             first and write `origin/NAME`"
                .to_owned()
        };
        Err(Failure::new(format!("there is no commit `{revision}` in this repository"), hint))
    }
}

/// Why there is no repository to be read.
fn none(start: &Path, complaint: &str) -> Failure {
    if complaint.contains("not a git repository") {
        let message = format!("`{}` lies in no git repository", start.display());
        return Failure::new(
            message,
            "`--staged`, `--since` and hooks are about what git keeps: leave them out, or begin with `git init`",
        );
    }
    let said = complaint.lines().next().unwrap_or_default();
    let said = said.strip_prefix("fatal: ").unwrap_or(said);
    Failure::new(
        format!("git does not read the repository of `{}`: {said}", start.display()),
        "`git status` in that folder says more",
    )
}

/// The folder at `start` or nearest above it.
fn nearest_folder(start: &Path) -> PathBuf {
    let given = std::path::absolute(start).unwrap_or_else(|_| start.to_owned());
    given.ancestors().find(|at| at.is_dir()).map_or_else(|| PathBuf::from("."), Path::to_owned)
}

/// The path with every link resolved, as far as it exists.
fn resolve(path: &Path) -> PathBuf {
    for known in path.ancestors() {
        if let (Ok(real), Ok(rest)) = (fs::canonicalize(known), path.strip_prefix(known)) {
            return if rest.as_os_str().is_empty() { real } else { real.join(rest) };
        }
    }
    path.to_owned()
}

fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}
