//! Reads and writes the files of the repository.
//!
//! A new lint is staged beside its place and moved there in one step per file. What fails on the
//! way undoes the steps before it, so nothing half-made is left.
#![expect(clippy::disallowed_methods, reason = "this module is the file system's adapter")]

use crate::Refusal;
use crate::scaffold::{Plan, REGISTRY};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The text of the file `path` below `root`.
///
/// # Errors
///
/// It cannot be read.
pub fn read(root: &Path, path: &str) -> Result<String, Refusal> {
    fs::read_to_string(root.join(path)).map_err(|error| refusal("read", path, &error))
}

/// Whether there is a folder.
pub fn is_folder(path: &Path) -> bool {
    path.is_dir()
}

/// The files directly in the folder `path` below `root`, by their path from `root`, sorted.
/// A folder that is not there holds none.
///
/// # Errors
///
/// The folder cannot be listed.
pub fn list(root: &Path, path: &str) -> Result<Vec<String>, Refusal> {
    let entries = match fs::read_dir(root.join(path)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(refusal("list", path, &error)),
    };
    let names: Result<Vec<_>, _> = entries.map(|entry| entry.map(|entry| entry.file_name())).collect();
    let names = names.map_err(|error| refusal("list", path, &error))?;
    let mut paths: Vec<_> = names.iter().map(|name| format!("{path}/{}", name.to_string_lossy())).collect();
    paths.sort();
    Ok(paths)
}

/// The manifests and Rust files of a project, by their paths with `/`. What cargo builds and what is
/// hidden is left out.
///
/// # Errors
///
/// A folder or file cannot be read.
pub fn sources(project: &Path) -> Result<BTreeMap<String, String>, Refusal> {
    let mut sources = BTreeMap::new();
    let mut open = vec![String::new()];
    while let Some(folder) = open.pop() {
        let failed = |error: io::Error| refusal("read", &format!("{}/{folder}", project.display()), &error);
        for entry in fs::read_dir(project.join(&folder)).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            let kind = entry.file_type().map_err(failed)?;
            let is_source = name == "Cargo.toml" || entry.path().extension().is_some_and(|extension| extension == "rs");
            if kind.is_dir() && name != "target" && !name.starts_with('.') {
                open.push(path);
            } else if kind.is_file() && is_source {
                sources.insert(path.clone(), read(project, &path)?);
            }
        }
    }
    Ok(sources)
}

/// What `cargo modules dependencies` prints of a target, the arguments for which are `target`.
///
/// # Errors
///
/// The program is not installed, or fails.
#[expect(clippy::disallowed_types, reason = "this adapter runs the program that Baton is compared with")]
pub fn cargo_modules(project: &Path, package: &str, target: &[String]) -> Result<String, Refusal> {
    let mut command = std::process::Command::new("cargo-modules");
    command.args(["modules", "dependencies", "--package", package]).args(target);
    // Without the standard library it would not see what stands inside of a `Vec` or an `Option`.
    command.args(["--all-features", "--layout", "dot"]);
    let output = command.arg("--manifest-path").arg(project.join("Cargo.toml")).output().map_err(|error| {
        let help = "install it with `cargo install cargo-modules --version 0.27.0 --locked`";
        Refusal(format!("cannot run `cargo-modules`: {error}; {help}"))
    })?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Refusal(format!("`cargo-modules` failed: {}", said.trim_end())));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// What Baton says of a checkout as JSON, with that configuration. The configuration lies at the
/// checkout's root for as long as Baton runs, because its patterns are relative to it.
///
/// # Errors
///
/// The checkout has a configuration of its own, or Baton could not do its work.
#[expect(clippy::disallowed_types, reason = "this adapter runs the program that is measured")]
pub fn baton(root: &Path, checkout: &Path, config: &str) -> Result<String, Refusal> {
    let place = checkout.join("baton.toml");
    let shown = place.display().to_string();
    if place.symlink_metadata().is_ok() {
        return Err(Refusal(format!("`{shown}` is in the way: a checkout to measure has no configuration of its own")));
    }
    fs::write(&place, config).map_err(|error| refusal("write", &shown, &error))?;
    let mut cargo = std::process::Command::new("cargo");
    cargo.args(["run", "--quiet", "--release", "--bin", "baton", "--", "check", "--format", "json"]).arg(checkout);
    let output = cargo.current_dir(root).output();
    fs::remove_file(&place).map_err(|error| refusal("remove", &shown, &error))?;
    let output = output.map_err(|error| Refusal(format!("cannot run `cargo`: {error}")))?;
    if !matches!(output.status.code(), Some(0 | 1)) {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Refusal(format!("baton failed on `{}`: {}", checkout.display(), said.trim_end())));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The configuration that `baton init` proposes for a checkout.
///
/// # Errors
///
/// Baton could not do its work.
#[expect(clippy::disallowed_types, reason = "this adapter runs the program that is measured")]
pub fn proposal(root: &Path, checkout: &Path) -> Result<String, Refusal> {
    let mut cargo = std::process::Command::new("cargo");
    cargo.args(["run", "--quiet", "--bin", "baton", "--", "init", "--stdout"]).arg(checkout);
    let output = cargo.current_dir(root).output();
    let output = output.map_err(|error| Refusal(format!("cannot run `cargo`: {error}")))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Refusal(format!("baton failed on `{}`: {}", checkout.display(), said.trim_end())));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Does `work` on a thread with a stack of that many bytes.
///
/// # Errors
///
/// The system gives no thread, or the work stopped.
pub fn on_stack<T: Send>(bytes: usize, work: impl FnOnce() -> T + Send) -> Result<T, Refusal> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(bytes).spawn_scoped(scope, work);
        let thread = thread.map_err(|error| Refusal(format!("cannot start a thread: {error}")))?;
        thread.join().map_err(|_| Refusal("the work stopped half-way".to_owned()))
    })
}

/// Writes the `files` whose text differs, removes the `stale` ones, and says how many that were.
///
/// # Errors
///
/// A file cannot be written or removed. Running the command again does the rest.
pub fn update(root: &Path, files: &BTreeMap<String, String>, stale: &[String]) -> Result<usize, Refusal> {
    let mut changed = 0;
    for (path, text) in files {
        if fs::read_to_string(root.join(path)).is_ok_and(|there| there == *text) {
            continue;
        }
        write(&root.join(path), text).map_err(|error| refusal("write", path, &error))?;
        changed += 1;
    }
    for path in stale {
        fs::remove_file(root.join(path)).map_err(|error| refusal("remove", path, &error))?;
        changed += 1;
    }
    Ok(changed)
}

/// Makes the files of a new lint: all of them or none.
///
/// # Errors
///
/// One of them exists already, or cannot be written.
pub fn create(root: &Path, plan: &Plan) -> Result<(), Refusal> {
    for path in [&plan.lint.0, &plan.fixtures] {
        if root.join(path).symlink_metadata().is_ok() {
            return Err(Refusal(format!("`{path}` already exists")));
        }
    }
    let mut steps = [
        Step::new(root, &plan.fixtures, false),
        Step::new(root, &plan.lint.0, false),
        // Last, because it is what makes the others part of anything.
        Step::new(root, REGISTRY, true),
    ];
    if let Some(step) = steps.iter().find(|step| step.staged.symlink_metadata().is_ok()) {
        let staged = step.staged.display();
        return Err(Refusal(format!("`{staged}` is in the way: remove what an interrupted run left there")));
    }
    let done = stage(&steps, plan).and_then(|()| steps.iter_mut().try_for_each(Step::take));
    if done.is_err() {
        steps.iter().for_each(Step::undo);
    }
    steps.iter().for_each(Step::clean);
    done
}

/// One thing that is staged under a name of its own and then moved to its place.
struct Step {
    path: String,
    place: PathBuf,
    staged: PathBuf,
    replaces: bool,
    taken: bool,
}

impl Step {
    fn new(root: &Path, path: &str, replaces: bool) -> Self {
        let place = root.join(path);
        let name = place.file_name().unwrap_or_default().to_string_lossy();
        let staged = place.with_file_name(format!(".{name}.new"));
        Self { path: path.to_owned(), staged, place, replaces, taken: false }
    }

    fn take(&mut self) -> Result<(), Refusal> {
        fs::rename(&self.staged, &self.place).map_err(|error| refusal("write", &self.path, &error))?;
        self.taken = true;
        Ok(())
    }

    /// Takes back what was newly made. A replaced file is the last step, so it never needs this.
    fn undo(&self) {
        if self.taken && !self.replaces {
            remove(&self.place);
        }
    }

    fn clean(&self) {
        remove(&self.staged);
    }
}

fn stage(steps: &[Step; 3], plan: &Plan) -> Result<(), Refusal> {
    let [fixtures, lint, registry] = steps;
    let made = |step: &Step, result: io::Result<()>| result.map_err(|error| refusal("write", &step.path, &error));
    for (path, text) in &plan.fixture_files {
        made(fixtures, write(&fixtures.staged.join(path), text))?;
    }
    made(lint, write(&lint.staged, &plan.lint.1))?;
    made(registry, write(&registry.staged, &plan.registry))
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}

/// Removes a file or a folder that this module made. What is not there, or does not go, is left:
/// the error that led here is the one to tell.
fn remove(path: &Path) {
    drop(fs::remove_file(path).or_else(|_| fs::remove_dir_all(path)));
}

fn refusal(verb: &str, path: &str, error: &io::Error) -> Refusal {
    Refusal(format!("cannot {verb} `{path}`: {error}"))
}
