//! A project in a folder of its own, which is gone when the test ends, and the program run on it.
//!
//! A plain module: tests include it with `#[path = "hard/project.rs"] mod project;`.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

/// What the environment could say about colours: a test says it itself.
const COLOURS: [&str; 4] = ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TERM"];

/// By what a runner of a forge is known: these tests may run on one themselves.
const FORGES: [&str; 2] = ["GITHUB_ACTIONS", "GITLAB_CI"];

/// A project that a test has made.
pub(crate) struct Project {
    folder: TempDir,
}

/// How the program ended, and what it said.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Run {
    /// The exit code; none if a signal ended the program.
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Project {
    /// A project of these files, written in this order: a path with `/` and a text each.
    pub(crate) fn new<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap() };
        for (path, text) in files {
            project.write(path, text);
        }
        project
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file, and the folders that it needs.
    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
}

impl Run {
    /// Runs a command to its end.
    pub(crate) fn of(command: &mut Command) -> Self {
        let Output { status, stdout, stderr } = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: status.code(), out: text(stdout), err: text(stderr) }
    }
}

/// The program, to be run in that folder without what the environment says about colours and forges.
pub(crate) fn baton(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_baton"));
    for name in COLOURS.into_iter().chain(FORGES) {
        command.env_remove(name);
    }
    command.current_dir(folder);
    command
}
