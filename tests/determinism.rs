//! The output depends on the project alone: not on the number of threads, not on where the project
//! lies or the program was started, and not on the order in which the file system lists the files.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    reason = "the program is run on files; a step that fails is a test that fails"
)]

#[path = "hard/project.rs"]
mod project;

use project::{Project, Run, baton};
use std::fs;
use std::path::Path;
use std::process::Command;

const THREADS: [usize; 3] = [1, 2, 8];

/// How many modules of each role the made project has.
const MODULES: usize = 75;

const CONFIG: &str = "\
version = 1

[[role]]
name = \"core\"
paths = [\"shop/src/core/**\"]

[[role]]
name = \"shell\"
paths = [\"shop/src/shell/**\"]

[[role]]
name = \"orchestrator\"
paths = [\"shop/src/flows/**\"]

[rules]
unassigned-module = \"warn\"
";

#[test]
fn any_number_of_threads_says_the_same_about_this_repository() {
    let said = same_for_all_threads(Path::new(env!("CARGO_MANIFEST_DIR")));
    assert!(said.concise.contains("judged "), "{said:?}");
}

#[test]
fn any_number_of_threads_says_the_same_about_many_findings() {
    let project = Project::new(borrowed(&files()));
    let said = same_for_all_threads(project.root());
    assert_eq!(said.code, Some(1), "{}", said.concise);
    for rule in ["core-imports-shell", "does-not-parse", "stateful-orchestrator", "too-many-dependencies"] {
        let findings = said.concise.lines().filter(|line| line.contains(&format!("deny[{rule}] "))).count();
        assert!(findings >= MODULES / 5, "only {findings} of {rule}");
    }
    for rule in ["unlinked-file", "unassigned-module"] {
        assert!(said.concise.contains(&format!("warn[{rule}] ")), "{rule} found nothing");
    }
}

#[test]
fn the_order_in_which_files_were_made_says_nothing() {
    let files = files();
    let said = |project: Project| Said::of(baton(project.root()));
    let forwards = said(Project::new(borrowed(&files)));
    assert_eq!(forwards.code, Some(1), "{}", forwards.concise);
    assert_same(&forwards, &said(Project::new(borrowed(&files).rev())), "backwards");
    // Every seventh file, then the ones behind them, and so on.
    let shuffled = (0..7).flat_map(|first| borrowed(&files).skip(first).step_by(7));
    assert_same(&forwards, &said(Project::new(shuffled)), "shuffled");
}

#[test]
fn the_folder_of_the_project_says_nothing() {
    let files = files();
    let near = Project::new(borrowed(&files));
    let far: Vec<_> = files.iter().map(|(path, text)| (format!("a folder/größe/src/{path}"), text.clone())).collect();
    let far = Project::new(borrowed(&far));
    let root = far.root().join("a folder/größe/src");
    let said = Said::of(baton(near.root()));
    assert_eq!(said.code, Some(1), "{}", said.concise);
    let name = near.root().to_string_lossy();
    assert!(said.texts().iter().all(|text| !text.contains(&*name)), "the folder is named");
    assert_same(&said, &Said::of(baton(&root)), "in another folder");
    let mut outside = baton(far.root());
    outside.arg("check").arg(&root);
    assert_same(&said, &Said::by(outside), "from outside");
}

/// What the program says about a project, in all formats.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    code: Option<i32>,
    full: String,
    concise: String,
    json: String,
}

impl Said {
    /// What a check of the folder says that the command is to run in.
    fn of(mut baton: Command) -> Self {
        baton.arg("check");
        Self::by(baton)
    }

    /// What that check says.
    fn by(mut check: Command) -> Self {
        let reports = tempfile::tempdir().unwrap();
        for format in ["concise", "json"] {
            check.arg("--output").arg(format!("{format}={}", reports.path().join(format).display()));
        }
        let Run { code, out, err } = Run::of(&mut check);
        assert_eq!(err, "");
        let read = |format| fs::read_to_string(reports.path().join(format)).unwrap();
        Self { code, full: out, concise: read("concise"), json: read("json") }
    }

    const fn texts(&self) -> [&String; 3] {
        [&self.full, &self.concise, &self.json]
    }
}

/// What is said, after it has been the same for all numbers of threads.
fn same_for_all_threads(root: &Path) -> Said {
    let [one, more @ ..] = THREADS.map(|threads| {
        let mut check = baton(root);
        check.args(["check", "--threads", &threads.to_string()]);
        Said::by(check)
    });
    for (said, threads) in more.iter().zip(&THREADS[1..]) {
        assert_same(&one, said, &format!("{threads} threads"));
    }
    one
}

/// Asserts that the same was said, and shows the first lines that differ.
#[track_caller]
fn assert_same(expected: &Said, said: &Said, what: &str) {
    let texts = expected.texts().into_iter().zip(said.texts());
    let mut lines = texts.flat_map(|(a, b)| a.lines().zip(b.lines()));
    assert!(
        expected == said,
        "{what}: {:?}, codes {:?} and {:?}",
        lines.find(|(a, b)| a != b),
        expected.code,
        said.code
    );
}

fn borrowed(files: &[(String, String)]) -> impl DoubleEndedIterator<Item = (&str, &str)> {
    files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
}

/// A project of about 300 files: each core module imports the shell, each flow has too many
/// collaborators and keeps a state, some files are broken, and some belong to nothing.
fn files() -> Vec<(String, String)> {
    let mut files = vec![
        ("baton.toml".to_owned(), CONFIG.to_owned()),
        ("Cargo.toml".to_owned(), "[workspace]\nmembers = [\"*\"]\n".to_owned()),
        ("shop/src/lib.rs".to_owned(), "pub mod core;\npub mod flows;\npub mod shell;\n".to_owned()),
    ];
    for package in ["other", "shop"] {
        let text = format!("[package]\nname = \"{package}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
        files.push((format!("{package}/Cargo.toml"), text));
    }
    for (folder, text) in [("core", core as fn(usize) -> String), ("flows", flow), ("shell", shell)] {
        files.push((format!("shop/src/{folder}/mod.rs"), modules()));
        files.extend((0..MODULES).map(|number| (format!("shop/src/{folder}/part_{number:02}.rs"), text(number))));
    }
    files.push(("other/src/lib.rs".to_owned(), modules()));
    files.extend((0..MODULES).map(|number| (format!("other/src/part_{number:02}.rs"), other(number))));
    files.extend((0..5).map(|number| (format!("other/src/orphan_{number}.rs"), "fn orphan() {}\n".to_owned())));
    files
}

fn modules() -> String {
    let modules: Vec<_> = (0..MODULES).map(|number| format!("pub mod part_{number:02};\n")).collect();
    modules.concat()
}

fn core(number: usize) -> String {
    let next = (number + 1) % MODULES;
    format!(
        "use crate::shell::part_{number:02}::{{Port, Table as Größe}};\n\
         pub struct Price<T: Port>(pub T);\n\
         pub fn total(table: &Größe) -> u32 {{ crate::shell::part_{next:02}::read() + table.rows }}\n"
    )
}

fn flow(number: usize) -> String {
    let ports: Vec<_> = (0..6).map(|port| format!("port_{port}: Box<dyn Port{port}>")).collect();
    let names: Vec<_> = (0..6).map(|port| format!("port_{port}")).collect();
    let imports: Vec<_> = (0..6)
        .map(|port| format!("use crate::shell::part_{:02}::Port as Port{port};\n", (number + port) % MODULES))
        .collect();
    let (imports, ports, names) = (imports.concat(), ports.join(", "), names.join(", "));
    format!(
        "{imports}pub struct Flow {{ {ports}, seen: std::sync::Mutex<Vec<u32>> }}\n\
         impl Flow {{\n    \
             pub fn new({ports}) -> Self {{ Self {{ {names}, seen: std::sync::Mutex::default() }} }}\n    \
             pub fn run(&self) {{ self.port_0.call(); self.seen.lock().unwrap().push(1); }}\n\
         }}\n"
    )
}

fn shell(number: usize) -> String {
    format!(
        "pub trait Port {{ fn call(&self); }}\n\
         pub struct Table {{ pub rows: u32 }}\n\
         pub fn read() -> u32 {{ {number} }}\n"
    )
}

/// Of a package without a role; every fifth file is broken.
fn other(number: usize) -> String {
    if number.is_multiple_of(5) {
        format!("pub fn broken({number} {{\n")
    } else {
        format!("pub fn part() -> u32 {{ {number} }}\n")
    }
}
