//! A repository for one test, of which the settings of this machine know nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// The core imports the shell here, if nothing else is said: one finding of `core-imports-shell`.
pub(crate) const LEAK: &str =
    "use crate::shell::rates::Rates;\n\npub fn price(rates: &Rates) -> u32 {\n    rates.0\n}\n";
/// The same without.
pub(crate) const PURE: &str = "pub fn price(rate: u32) -> u32 {\n    rate\n}\n";

const CONFIG: &str = "version = 1\n\n[[role]]\nname = \"core\"\npaths = [\"src/core/**\"]\n\n[[role]]\nname = \"shell\"\npaths = [\"src/shell/**\"]\n";

/// A small project without findings.
pub(crate) const PROJECT: [(&str, &str); 7] = [
    ("Cargo.toml", "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n"),
    ("baton.toml", CONFIG),
    ("src/lib.rs", "pub mod core;\npub mod shell;\n"),
    ("src/core/mod.rs", "pub mod price;\n"),
    ("src/core/price.rs", PURE),
    ("src/shell/mod.rs", "pub mod rates;\n"),
    ("src/shell/rates.rs", "pub struct Rates(pub u32);\n"),
];

/// A repository in a folder of its own.
pub(crate) struct Repository {
    folder: TempDir,
    /// The folder in it that commands run in.
    here: PathBuf,
}

/// What a run of Baton came to.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Repository {
    /// A repository without commits and files.
    pub(crate) fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let here = fs::canonicalize(folder.path()).unwrap().join("work");
        fs::create_dir(&here).unwrap();
        let repository = Self { folder, here };
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository
    }

    /// A repository whose first commit holds the project.
    pub(crate) fn with_project() -> Self {
        let repository = Self::empty();
        for (path, text) in PROJECT {
            repository.write(path, text);
        }
        repository.commit("first");
        repository
    }

    /// The same repository, seen from another folder.
    pub(crate) fn at(&self, folder: impl AsRef<Path>) -> Here<'_> {
        Here { repository: self, folder: self.here.join(folder), variables: Vec::new() }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.here
    }

    /// A path beside the work tree, for other clones and worktrees.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        fs::canonicalize(self.folder.path()).unwrap().join(name)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let full = self.here.join(path);
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        fs::write(full, text).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.here.join(path)).unwrap()
    }

    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.here.join(path)).unwrap();
    }

    /// Writes and stages a file.
    pub(crate) fn stage(&self, path: &str, text: &str) {
        self.write(path, text);
        self.git(&["add", "--force", "--", path]);
    }

    /// Takes a file out of the index, and leaves it on the disk.
    pub(crate) fn unstage(&self, path: &str) {
        self.git(&["rm", "--quiet", "--force", "--cached", path]);
    }

    pub(crate) fn commit(&self, message: &str) -> String {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--no-verify", "--allow-empty", "-m", message]);
        self.git(&["rev-parse", "HEAD"])
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        self.at("").git(arguments)
    }

    pub(crate) fn baton(&self, arguments: &[&str]) -> Run {
        self.at("").baton(arguments)
    }

    /// The findings of `check --staged`, a line for each.
    #[track_caller]
    pub(crate) fn staged(&self) -> Vec<String> {
        self.baton(&["check", "--staged", "--format", "concise"]).findings()
    }

    /// What is new since that revision, a line for each finding.
    #[track_caller]
    pub(crate) fn since(&self, revision: &str) -> Vec<String> {
        self.baton(&["check", "--since", revision, "--format", "concise"]).findings()
    }
}

/// A folder in a repository, or of another one, with what commands see there.
pub(crate) struct Here<'r> {
    repository: &'r Repository,
    folder: PathBuf,
    variables: Vec<(String, String)>,
}

impl Here<'_> {
    /// The same with a variable.
    pub(crate) fn with(mut self, name: &str, value: impl AsRef<Path>) -> Self {
        self.variables.push((name.to_owned(), value.as_ref().to_string_lossy().into_owned()));
        self
    }

    #[track_caller]
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let output = self.output("git", arguments);
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "git {arguments:?}: {out}{err}");
        out.trim_end().to_owned()
    }

    /// What git says where it may fail, with all of its words.
    pub(crate) fn try_git(&self, arguments: &[&str]) -> (bool, String) {
        let output = self.output("git", arguments);
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&said).into_owned())
    }

    pub(crate) fn baton(&self, arguments: &[&str]) -> Run {
        let output = self.output(env!("CARGO_BIN_EXE_baton"), arguments);
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Run { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }

    pub(crate) fn output(&self, program: &str, arguments: &[&str]) -> Output {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&self.folder);
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GITHUB_BASE_REF", "GITHUB_ACTIONS"] {
            command.env_remove(name);
        }
        let nowhere = self.repository.beside("nowhere");
        command.env("GIT_CONFIG_GLOBAL", &nowhere).env("GIT_CONFIG_NOSYSTEM", "1").env("HOME", &nowhere);
        for who in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{who}_NAME"), "A").env(format!("GIT_{who}_EMAIL"), "a@example.org");
        }
        // Hooks find the program where users have it.
        let programs = Path::new(env!("CARGO_BIN_EXE_baton")).parent().unwrap();
        let path = std::env::var_os("PATH").unwrap();
        let paths = std::iter::once(programs.to_owned()).chain(std::env::split_paths(&path));
        command.env("PATH", std::env::join_paths(paths).unwrap());
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.output().unwrap()
    }
}

impl Run {
    /// The lines of findings, by file and rule; the exit code has to fit.
    #[track_caller]
    pub(crate) fn findings(&self) -> Vec<String> {
        let lines: Vec<_> =
            self.out.lines().filter(|line| line.contains(": deny[") || line.contains(": warn[")).collect();
        let expected = i32::from(lines.iter().any(|line| line.contains(": deny[")));
        assert_eq!(self.code, expected, "{}{}", self.out, self.err);
        lines.into_iter().map(short).collect()
    }

    /// That the run failed with code 2, and how.
    #[track_caller]
    pub(crate) fn failure(&self) -> &str {
        assert_eq!(self.code, 2, "{}{}", self.out, self.err);
        &self.err
    }
}

/// `src/core/price.rs: core-imports-shell`
fn short(line: &str) -> String {
    let (place, rest) = line.split_once(": ").unwrap();
    let file = place.split(':').next().unwrap();
    let rule = rest.split(['[', ']']).nth(1).unwrap();
    format!("{file}: {rule}")
}
