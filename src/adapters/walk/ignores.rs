//! The ignore rules in force in a folder: those of git and of `.ignore` files, from the folder
//! itself up to the top of the repository.

use super::listing::Listing;
use super::{Scan, join};
use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// All rules that apply to the entries of one folder. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Rules {
    /// The nearest folder with rules.
    nearest: Option<Arc<Level>>,
    /// `.git/info/exclude`, which every other rule goes before.
    exclude: Option<Arc<Gitignore>>,
}

/// The ignore files of one folder.
struct Level {
    gitignore: Option<Gitignore>,
    ignore: Option<Gitignore>,
    above: Option<Arc<Level>>,
}

impl Rules {
    /// The rules that hold at `root` because of the repository it lies in. Where they ignore the
    /// root itself, none: whoever names a folder wants it looked at.
    pub(super) fn above(root: &Path, scan: &mut Scan) -> Self {
        let Some(top) = root.ancestors().find(|folder| folder.join(".git").exists()) else {
            return Self::default();
        };
        let mut rules = Self { nearest: None, exclude: exclude(top, scan).map(Arc::new) };
        let mut between: Vec<&Path> = root.ancestors().skip(1).take_while(|at| at.starts_with(top)).collect();
        between.reverse();
        for (number, &folder) in between.iter().enumerate() {
            let gitignore = read(folder, ".gitignore", &above_name(".gitignore"), scan);
            let ignore = read(folder, ".ignore", &above_name(".ignore"), scan);
            rules = rules.with(gitignore, ignore);
            let next = between.get(number + 1).copied().unwrap_or(root);
            if rules.ignore(next, true) {
                return Self::default();
            }
        }
        rules
    }

    /// The rules in `folder`, which is in a folder with these rules and at `path` below the root.
    pub(super) fn enter(&self, folder: &Path, path: &str, listing: &Listing, scan: &mut Scan) -> Self {
        if !listing.has_gitignore && !listing.has_ignore {
            return self.clone();
        }
        let mut of = |name| read(folder, name, &join(path, name), scan);
        let gitignore = if listing.has_gitignore { of(".gitignore") } else { None };
        let ignore = if listing.has_ignore { of(".ignore") } else { None };
        self.with(gitignore, ignore)
    }

    fn with(&self, gitignore: Option<Gitignore>, ignore: Option<Gitignore>) -> Self {
        if gitignore.is_none() && ignore.is_none() {
            return self.clone();
        }
        let level = Level { gitignore, ignore, above: self.nearest.clone() };
        Self { nearest: Some(Arc::new(level)), exclude: self.exclude.clone() }
    }

    /// Whether the rules ignore what is at `path`. The nearest file that has a matching line
    /// decides, with its last such line; every `.ignore` goes before every `.gitignore`.
    pub(super) fn ignore(&self, path: &Path, is_folder: bool) -> bool {
        let levels = || std::iter::successors(self.nearest.as_deref(), |level| level.above.as_deref());
        let files = levels().filter_map(|level| level.ignore.as_ref());
        let files = files.chain(levels().filter_map(|level| level.gitignore.as_ref()));
        let mut files = files.chain(self.exclude.as_deref());
        let verdict = files.find_map(|file| match file.matched(path, is_folder) {
            Match::None => None,
            Match::Ignore(_) => Some(true),
            Match::Whitelist(_) => Some(false),
        });
        verdict.unwrap_or(false)
    }
}

/// How a file above the root is called: where it is would depend on the machine.
fn above_name(name: &str) -> String {
    format!("{name} (above the project)")
}

/// The rules in the file `name` of `folder`, if there is any. `shown` names it to a reader.
fn read(folder: &Path, name: &str, shown: &str, scan: &mut Scan) -> Option<Gitignore> {
    let (rules, error) = Gitignore::new(folder.join(name));
    note(error.as_ref(), shown, scan);
    (!rules.is_empty()).then_some(rules)
}

/// What git ignores in the repository at `top` without a file in the tree saying so.
fn exclude(top: &Path, scan: &mut Scan) -> Option<Gitignore> {
    let path = git_folder(top).join("info/exclude");
    if !path.is_file() {
        return None;
    }
    let mut builder = GitignoreBuilder::new(top);
    let error = builder.add(path);
    note(error.as_ref(), ".git/info/exclude", scan);
    builder.build().ok().filter(|rules| !rules.is_empty())
}

/// The folder that holds what all worktrees of the repository at `top` share.
fn git_folder(top: &Path) -> PathBuf {
    let git = top.join(".git");
    // In a second worktree `.git` is a file that names a folder, which names the shared one.
    let Ok(text) = fs::read_to_string(&git) else { return git };
    let Some(folder) = text.strip_prefix("gitdir:") else { return git };
    let folder = top.join(folder.trim());
    match fs::read_to_string(folder.join("commondir")) {
        Ok(common) => folder.join(common.trim()),
        Err(_) => folder,
    }
}

fn note(error: Option<&ignore::Error>, shown: &str, scan: &mut Scan) {
    if error.is_some_and(|error| !error.is_io()) {
        scan.faulty_ignore_files.push(shown.to_owned());
    }
}
