//! Runs `git`, in one folder and for one repository.
#![expect(clippy::disallowed_types, reason = "this adapter runs a program")]

use crate::error::Failure;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// What git sets for hooks and reads back, and what says which repository is meant.
const OF_A_REPOSITORY: [&str; 6] =
    ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX", "GIT_IMPLICIT_WORK_TREE"];

/// How git is called.
#[derive(Clone, Debug)]
pub(super) struct Program {
    folder: PathBuf,
    /// Whether the environment says which repository is meant, rather than the folder.
    by_environment: bool,
    /// The index, if it is not the repository's usual one.
    index: Option<OsString>,
}

/// What git said.
#[derive(Debug)]
pub(super) struct Answer {
    /// Whether it ended well.
    pub(super) is_success: bool,
    /// What it printed.
    pub(super) out: Vec<u8>,
    /// What it complained about.
    pub(super) complaint: String,
}

impl Program {
    /// Git for the repository that `folder` lies in, whatever the environment says.
    pub(super) fn in_folder(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), by_environment: false, index: None }
    }

    /// Git for the repository that the environment names, as a hook or a user does.
    pub(super) fn by_environment() -> Self {
        Self { folder: PathBuf::from("."), by_environment: true, index: None }
    }

    /// The same with that index.
    pub(super) fn with_index(self, index: OsString) -> Self {
        Self { index: Some(index), ..self }
    }

    /// What git says to those arguments.
    ///
    /// # Errors
    ///
    /// There is no `git`, or it cannot be run.
    pub(super) fn ask<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Result<Answer, Failure> {
        let output = self.command().args(arguments).stdin(Stdio::null()).output().map_err(|error| not_run(&error))?;
        Ok(Answer {
            is_success: output.status.success(),
            out: output.stdout,
            complaint: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }

    /// What git prints.
    ///
    /// # Errors
    ///
    /// There is no `git`, or it could not do what was asked.
    pub(super) fn print<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Result<Vec<u8>, Failure> {
        let answer = self.ask(arguments)?;
        if answer.is_success { Ok(answer.out) } else { Err(answer.failure()) }
    }

    /// A git that is told what to do line by line.
    ///
    /// # Errors
    ///
    /// There is no `git`, or it cannot be run.
    pub(super) fn start(&self, arguments: &[&str]) -> Result<Child, Failure> {
        let mut command = self.command();
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        command.spawn().map_err(|error| not_run(&error))
    }

    fn command(&self) -> Command {
        let mut command = Command::new("git");
        if !self.by_environment {
            for name in OF_A_REPOSITORY {
                command.env_remove(name);
            }
            command.arg("-C").arg(&self.folder);
        }
        if let Some(index) = &self.index {
            command.env("GIT_INDEX_FILE", index);
        }
        // What is asked here changes nothing, so it has to wait for nobody; and complaints are read.
        command.env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C").env("LANGUAGE", "C");
        command
    }
}

impl Answer {
    /// What git printed, as a line.
    pub(super) fn line(&self) -> String {
        String::from_utf8_lossy(&self.out).trim_end_matches(['\n', '\r']).to_owned()
    }

    /// That it failed, in its own words.
    pub(super) fn failure(&self) -> Failure {
        let said = self.complaint.lines().find(|line| !line.trim().is_empty()).unwrap_or("it failed without a word");
        let said = said.strip_prefix("fatal: ").or_else(|| said.strip_prefix("error: ")).unwrap_or(said);
        Failure::new(format!("git says: {said}"), "make git read this repository; `git status` shows whether it does")
    }
}

fn not_run(error: &io::Error) -> Failure {
    Failure::new(
        format!("cannot run `git`: {}", error.kind()),
        "`--staged`, `--since` and hooks need git: install it, and put it in the PATH",
    )
}
