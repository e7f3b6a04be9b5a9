//! The ignore rules in force in a folder: those of git and of `.ignore` files, from the folder
//! itself up to the top of the repository.

use super::entry::Entry;
use super::{Scan, World, join};
use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::fs;
use std::path::{Path, PathBuf};

/// The rules that apply where the walk is.
#[derive(Default)]
pub(super) struct Rules {
    /// Those of git, the nearest last.
    git: Vec<Level>,
    /// Those of `.ignore` files, the nearest last.
    own: Vec<Level>,
}

/// One ignore file.
struct Level {
    /// How deep the file is below the root; 0 if it is above.
    depth: usize,
    rules: Gitignore,
}

impl Rules {
    /// The rules that hold at `root` because of the repository it lies in. Where they ignore the
    /// root itself, none: whoever names a folder wants it looked at.
    pub(super) fn above(root: &Path, world: &dyn World, scan: &mut Scan) -> Self {
        let mut rules = Self::default();
        let Some(top) = world.top(root) else { return rules };
        rules.git.extend(exclude(&top, scan).map(|rules| Level { depth: 0, rules }));
        let mut between: Vec<&Path> = root.ancestors().take_while(|at| at.starts_with(&top)).collect();
        between.reverse();
        for pair in between.windows(2) {
            for name in [".gitignore", ".ignore"] {
                rules.add(0, &pair[0].join(name), &above_name(name), world, scan);
            }
            if rules.ignore(pair[1], true) {
                return Self::default();
            }
        }
        rules
    }

    /// Adds those of the ignore file `entry`, which is in the folder `path`.
    pub(super) fn enter(&mut self, entry: &Entry<'_>, path: &str, world: &dyn World, scan: &mut Scan) {
        self.add(entry.depth, entry.full, &join(path, &entry.name.to_string_lossy()), world, scan);
    }

    /// Drops those of folders that are over once the walk is at something that is `depth` deep.
    pub(super) fn leave(&mut self, depth: usize) {
        for levels in [&mut self.git, &mut self.own] {
            while levels.last().is_some_and(|level| level.depth > depth) {
                levels.pop();
            }
        }
    }

    /// Adds those of `file`, if there is one. `shown` names it to a reader.
    fn add(&mut self, depth: usize, file: &Path, shown: &str, world: &dyn World, scan: &mut Scan) {
        let (rules, error) = world.rules(file);
        note(error.as_ref(), shown, scan);
        if !rules.is_empty() {
            let levels = if file.ends_with(".ignore") { &mut self.own } else { &mut self.git };
            levels.push(Level { depth, rules });
        }
    }

    /// Whether the rules ignore what is at `path`. The nearest file that has a matching line
    /// decides, with its last such line; every `.ignore` goes before every `.gitignore`.
    pub(super) fn ignore(&self, path: &Path, is_folder: bool) -> bool {
        let mut levels = self.own.iter().rev().chain(self.git.iter().rev());
        let verdict = levels.find_map(|level| match level.rules.matched(path, is_folder) {
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
