//! `check --watch` as people use it: a process that runs while files change. Nothing here waits for a time: each step
//! waits for what the program says.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    clippy::panic,
    reason = "the program is run on files; a step that fails is a test that fails"
)]

#[expect(dead_code, reason = "the program is not run to its end here")]
#[path = "hard/project.rs"]
mod project;

use project::{Project, baton};
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

/// How long a line may take before a test fails. It is never waited for where all is well.
const PATIENCE: Duration = Duration::from_secs(60);

const CONFIG: &str = "\
version = 1
[[role]]
name = \"core\"
paths = [\"src/core.rs\"]
[[role]]
name = \"shell\"
paths = [\"src/shell.rs\"]
";

const FILES: [(&str, &str); 5] = [
    ("baton.toml", CONFIG),
    ("Cargo.toml", "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n"),
    ("src/lib.rs", "pub mod core;\npub mod shell;\n"),
    ("src/core.rs", "pub fn price() {}\n"),
    ("src/shell.rs", "pub struct Table;\n"),
];

const LEAK: &str = "use crate::shell::Table;\n";
const FOUND: &str = "imports `shell::Table`";

struct Watched {
    child: Child,
    out: Receiver<String>,
    err: Receiver<String>,
}

fn lines(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(stream).lines() {
            if sender.send(line.unwrap()).is_err() {
                return;
            }
        }
    });
    receiver
}

#[track_caller]
fn until(lines: &Receiver<String>, right: impl Fn(&str) -> bool) -> String {
    let mut seen = Vec::new();
    loop {
        match lines.recv_timeout(PATIENCE) {
            Ok(line) if right(&line) => return line,
            Ok(line) => seen.push(line),
            Err(error) => panic!("{error}: {seen:#?}"),
        }
    }
}

impl Watched {
    fn new(project: &Project, arguments: &[&str]) -> Self {
        let mut command = baton(project.root());
        command.args(["check", "--watch", "--format", "concise"]).args(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (out, err) = (lines(child.stdout.take().unwrap()), lines(child.stderr.take().unwrap()));
        Self { child, out, err }
    }

    #[track_caller]
    fn out(&self, right: impl Fn(&str) -> bool) -> String {
        until(&self.out, right)
    }

    #[track_caller]
    fn err(&self, right: impl Fn(&str) -> bool) -> String {
        until(&self.err, right)
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        // A test that fails leaves no process behind.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn is_clean(line: &str) -> bool {
    line.ends_with("; clean")
}

#[test]
fn each_change_is_checked_and_a_broken_configuration_ends_nothing() {
    let project = Project::new(FILES);
    let watched = Watched::new(&project, &[]);
    let first = watched.out(is_clean);
    assert!(!first.contains('\x1b'), "what is no screen is not cleared: {first:?}");
    watched.err(|line| line.starts_with("watching `"));
    project.write("src/core.rs", LEAK);
    watched.out(|line| line.contains(FOUND));
    // A folder that is new, with a file in it.
    project.write("src/core.rs", "pub mod new;\n");
    project.write("src/core/new.rs", LEAK);
    watched.out(|line| line.contains("unassigned") || line.contains("judged 4 files"));
    fs::remove_dir_all(project.root().join("src/core")).unwrap();
    project.write("src/core.rs", "");
    watched.out(is_clean);
    project.write("baton.toml", CONFIG.replace("shell.rs", "shel.rs"));
    watched.err(|line| line.contains("`src/shel.rs` matches no file"));
    watched.err(|line| line.starts_with("watching `"));
    project.write("src/core.rs", LEAK);
    project.write("baton.toml", CONFIG);
    watched.out(|line| line.contains(FOUND));
    // Manifests count, and what an editor replaces rather than writes.
    project.write("Cargo.toml", "[package\n");
    watched.err(|line| line.contains("Cargo.toml:1"));
    project.write("new.toml", FILES[1].1);
    fs::rename(project.root().join("new.toml"), project.root().join("Cargo.toml")).unwrap();
    watched.out(|line| line.contains(FOUND));
}

#[test]
fn a_configuration_elsewhere_is_watched_too() {
    let project = Project::new(FILES);
    fs::remove_file(project.root().join("baton.toml")).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let config = fs::canonicalize(elsewhere.path()).unwrap().join("strict.toml");
    fs::write(&config, CONFIG).unwrap();
    let watched = Watched::new(&project, &["--config", config.to_str().unwrap()]);
    watched.out(is_clean);
    watched.err(|line| line.starts_with("watching `"));
    fs::write(&config, "version = 2\n").unwrap();
    watched.err(|line| line.contains("version 2 of the format is unknown"));
}

#[test]
fn ctrl_c_ends_it_cleanly() {
    if !cfg!(unix) {
        eprintln!("there is no signal to send on this system: not tested");
        return;
    }
    let project = Project::new(FILES);
    let mut watched = Watched::new(&project, &["--output", "json=report.json"]);
    watched.err(|line| line.starts_with("watching `"));
    let sent = Command::new("kill").args(["-INT", &watched.child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    assert_eq!(watched.child.wait().unwrap().code(), Some(0));
    let left = fs::read_dir(project.root()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut left: Vec<String> = left.collect();
    left.sort();
    assert_eq!(left, ["Cargo.toml", "baton.toml", "report.json", "src"]);
}
