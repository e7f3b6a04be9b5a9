//! The cases of `fixtures/kinds`, read from their texts.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;

const FOLDER: &str = "fixtures/kinds";

/// What goes when the shell does: its folders and files, and those of orchestrators.
const SHELL: [&str; 5] = ["src/shell/", "src/shell.rs", "src/app/", "shell/", "app/"];

/// The roles of a case that has no `baton.toml`, as far as it has code for them.
const ROLES: [(&str, [&str; 3]); 3] = [
    ("core", ["src/core/", "src/core.rs", "core/"]),
    ("shell", ["src/shell/", "src/shell.rs", "shell/"]),
    ("orchestrator", ["src/app/", "src/app.rs", "app/"]),
];

/// The folders that hold a package each, in a case of several packages.
const PACKAGES: [&str; 8] = ["app", "core", "facade", "macros", "prelude", "shell", "text", "util"];

pub(crate) type Files = BTreeMap<String, String>;

/// A place in a file: its path and the number of a line.
pub(crate) type Line = (String, usize);

/// One way to depend on the shell, or one that only looks like it.
pub(crate) struct Case {
    pub(crate) name: String,
    /// What it shows.
    pub(crate) title: String,
    pub(crate) edition: String,
    pub(crate) is_leak: bool,
    /// Whether it is a leak that is known not to be seen.
    pub(crate) is_limit: bool,
    pub(crate) files: Files,
    /// The lines where a finding must stand.
    pub(crate) marked: BTreeSet<Line>,
    /// The lines of which one must hold a finding.
    pub(crate) alternatives: BTreeSet<Line>,
    shell: Vec<String>,
}

impl Case {
    /// A case by its text.
    fn new(name: &str, text: &str, folder: &str) -> Self {
        let is_leak = folder != "near-misses";
        let (head, body) = text.split_at(text.find("//- ").unwrap_or(text.len()));
        let mut head = head.lines().map(|line| line.strip_prefix("//! ").unwrap_or_default());
        let title = head.next().unwrap_or_default().to_owned();
        let mut case = Self {
            name: name.to_owned(),
            title,
            edition: "2024".to_owned(),
            is_leak,
            is_limit: folder == "limits",
            files: Files::new(),
            marked: BTreeSet::new(),
            alternatives: BTreeSet::new(),
            shell: SHELL.map(str::to_owned).to_vec(),
        };
        for line in head {
            match line.split_once(": ") {
                Some(("edition", edition)) => edition.clone_into(&mut case.edition),
                Some(("shell", path)) => case.shell.push(path.to_owned()),
                _ => panic!("{name}: `{line}` is neither an edition nor a shell"),
            }
        }
        case.files = split(name, body);
        case.complete();
        case.read_marks();
        case
    }

    /// Adds the manifests, the configuration and the root that the text leaves out.
    fn complete(&mut self) {
        let packages: BTreeSet<&str> = PACKAGES.into_iter().filter(|folder| self.has(&format!("{folder}/"))).collect();
        let is_single = packages.is_empty();
        for folder in &packages {
            let path = format!("{folder}/Cargo.toml");
            let given = self.files.remove(&path).unwrap_or_default();
            self.files.insert(path, self.manifest(&format!("app-{folder}"), given));
        }
        let given = self.files.remove("Cargo.toml").unwrap_or_default();
        let root = match given {
            given if is_single => self.manifest("app", given),
            given if given.contains("[workspace]") => given,
            given => {
                let members: Vec<_> = packages.iter().map(|folder| format!("{folder:?}")).collect();
                format!("[workspace]\nresolver = \"3\"\nmembers = [{}]\n{given}", members.join(", "))
            }
        };
        self.files.insert("Cargo.toml".to_owned(), root);
        if is_single && !self.has("src/lib.rs") && !self.has("src/main.rs") {
            self.files.insert("src/lib.rs".to_owned(), declarations(&self.files, "src/"));
        }
        if !self.has("baton.toml") {
            self.files.insert("baton.toml".to_owned(), self.roles());
        }
    }

    fn has(&self, path: &str) -> bool {
        self.files.keys().any(|other| other.starts_with(path))
    }

    /// A manifest with a package; what is given of it may be the dependencies alone.
    fn manifest(&self, name: &str, given: String) -> String {
        if given.contains("[package]") {
            return given;
        }
        format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"{}\"\n{given}", self.edition)
    }

    fn roles(&self) -> String {
        let mut text = "version = 1\n".to_owned();
        for (role, places) in ROLES {
            let there = places.iter().filter(|place| self.has(place));
            let paths: Vec<_> = there
                .map(|place| if place.ends_with('/') { format!("\"{place}**\"") } else { format!("{place:?}") })
                .collect();
            if !paths.is_empty() {
                let _ = write!(text, "\n[[role]]\nname = \"{role}\"\npaths = [{}]\n", paths.join(", "));
            }
        }
        text
    }

    fn read_marks(&mut self) {
        for (path, text) in &self.files {
            for (index, line) in text.lines().enumerate() {
                let Some((_, mark)) = line.split_once("//~ ") else { continue };
                let place = (path.clone(), index + 1);
                match mark.trim_end() {
                    "leak" => drop(self.marked.insert(place)),
                    "either" => drop(self.alternatives.insert(place)),
                    "shell" => {}
                    other => panic!("{}: `{other}` is no mark", self.name),
                }
            }
        }
    }

    /// The files without the code of the shell: its files are empty, and the lines of others that
    /// go with it are blank.
    pub(crate) fn without_shell(&self) -> Files {
        let is_shell = |path: &str| self.shell.iter().any(|place| path.starts_with(place));
        let emptied = self.files.iter().map(|(path, text)| {
            let text = match path {
                path if path.ends_with("Cargo.toml") => text.clone(),
                path if is_shell(path) => String::new(),
                _ => text.lines().map(|line| if line.ends_with("//~ shell") { "\n" } else { line }).fold(
                    String::new(),
                    |mut text, line| {
                        text.push_str(line);
                        text.push('\n');
                        text
                    },
                ),
            };
            (path.clone(), text)
        });
        emptied.collect()
    }

    /// Whether some of its code is built for tests alone.
    pub(crate) fn has_tests(&self) -> bool {
        let is_test = |path: &str| ["tests/", "benches/", "examples/"].iter().any(|folder| path.contains(folder));
        let mut files = self.files.iter();
        files.any(|(path, text)| {
            is_test(path) || text.contains("#[test]") || text.contains("(test") || text.contains(", test")
        })
    }
}

/// All cases, sorted by name: first the leaks, then those that are not seen, then the near misses.
pub(crate) fn all() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER);
    let mut cases = Vec::new();
    for folder in ["leaks", "limits", "near-misses"] {
        let entries = fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path());
        let mut paths: Vec<_> = entries.collect();
        paths.sort();
        for path in paths {
            let name = path.file_stem().unwrap().to_str().unwrap();
            cases.push(Case::new(name, &fs::read_to_string(&path).unwrap(), folder));
        }
    }
    cases
}

/// The files of a text: `//- path` begins each.
fn split(name: &str, text: &str) -> Files {
    let mut files = Files::new();
    let mut open = None;
    for line in text.lines() {
        if let Some(path) = line.strip_prefix("//- ") {
            assert!(!files.contains_key(path), "{name}: two files are {path}");
            open = Some(files.entry(path.to_owned()).or_default());
        } else if let Some(file) = open.as_mut() {
            file.push_str(line);
            file.push('\n');
        }
    }
    files
}

/// The modules of the files below a folder, except those that a `mod.rs` or `name.rs` declares.
fn declarations(files: &Files, folder: &str) -> String {
    let rust = files.keys().filter(|path| Path::new(path).extension().is_some_and(|extension| extension == "rs"));
    let below = rust.filter_map(|path| path.strip_prefix(folder));
    let names: BTreeSet<&str> = below.filter_map(|rest| rest.split(['/', '.']).next()).collect();
    let mut out = String::new();
    for name in names {
        let inner = format!("{folder}{name}/");
        let file = [format!("{folder}{name}.rs"), format!("{inner}mod.rs")];
        if file.iter().any(|path| files.contains_key(path)) {
            let _ = writeln!(out, "pub mod {name};");
        } else {
            let _ = writeln!(out, "pub mod {name} {{\n{}}}", declarations(files, &inner));
        }
    }
    out
}
