//! The format `cargo` and the command `cargo-check`, read by the library that programs read cargo's messages with and
//! compared with what cargo itself says.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    reason = "the program is run on files; a step that fails is a test that fails"
)]

#[path = "hard/project.rs"]
mod project;

use cargo_metadata::diagnostic::DiagnosticLevel;
use cargo_metadata::{CompilerMessage, Message, Metadata, MetadataCommand};
use project::{Project, Run, baton};
use std::fs;
use std::path::PathBuf;

const MANIFEST: &str = "\
[workspace]
members = [\"tool\"]
[workspace.package]
version = \"1.2.3\"
edition = \"2021\"
[package]
name = \"my-shop\"
version = \"0.2.0\"
edition = \"2024\"
[lib]
crate-type = [\"cdylib\", \"rlib\"]
doctest = false
[features]
extra = []
[[bin]]
name = \"a-bin\"
path = \"src/bin/a-bin.rs\"
required-features = [\"extra\"]
";

const CONFIG: &str = "\
version = 1
[[role]]
name = \"core\"
paths = [\"src/core.rs\", \"src/bin/**\", \"examples/**\", \"benches/**\", \"tests/**\", \"build.rs\", \"tool/**\"]
[[role]]
name = \"shell\"
paths = [\"src/shell.rs\"]
[rules]
does-not-parse = \"warn\"
";

/// Every target has a finding: the files that cannot be parsed are reported whatever their roles are.
const FILES: [(&str, &str); 12] = [
    ("Cargo.toml", MANIFEST),
    ("baton.toml", CONFIG),
    ("src/lib.rs", "pub mod core;\npub mod shell;\n"),
    ("src/core.rs", "/* ß𝒳 */ use crate::shell::Table;\npub fn price(_: Table) {}\n"),
    ("src/shell.rs", "pub struct Table;\n"),
    ("src/bin/a-bin.rs", "fn main( {}\n"),
    ("examples/ex-one.rs", "fn main( {}\n"),
    ("benches/speed.rs", "fn main( {}\n"),
    ("tests/it.rs", "fn main( {}\n"),
    ("build.rs", "fn main( {}\n"),
    ("tool/Cargo.toml", "[package]\nname = \"tool\"\nversion.workspace = true\nedition.workspace = true\n"),
    ("tool/src/main.rs", "fn main( {}\n"),
];

fn messages(text: &str) -> Vec<Message> {
    let all: Vec<Message> = Message::parse_stream(text.as_bytes()).map(Result::unwrap).collect();
    let unknown = all.iter().find(|message| matches!(message, Message::TextLine(_)));
    assert!(unknown.is_none(), "{unknown:?}");
    all
}

fn from_compiler(all: &[Message]) -> Vec<&CompilerMessage> {
    all.iter()
        .filter_map(|message| if let Message::CompilerMessage(one) = message { Some(one) } else { None })
        .collect()
}

fn is_of_baton(message: &CompilerMessage) -> bool {
    message.message.code.as_ref().is_some_and(|code| code.code.contains('-'))
}

fn run(project: &Project, arguments: &str) -> Run {
    Run::of(baton(project.root()).args(arguments.split(' ')).env("CARGO_TERM_COLOR", "never"))
}

fn root(project: &Project) -> PathBuf {
    fs::canonicalize(project.root()).unwrap()
}

#[test]
fn packages_and_targets_are_those_that_cargo_knows() {
    let project = Project::new(FILES);
    let run = run(&project, "check --format cargo");
    assert_eq!(run.code, Some(1), "{}", run.err);
    let all = messages(&run.out);
    let all = from_compiler(&all);
    let metadata: Metadata = MetadataCommand::new()
        .current_dir(root(&project))
        .no_deps()
        .other_options(["--offline".to_owned()])
        .exec()
        .unwrap();
    let known: Vec<_> = metadata
        .packages
        .iter()
        .flat_map(|package| package.targets.iter().map(move |target| (package, target)))
        .collect();
    for (package, target) in &known {
        let here = all.iter().find(|message| message.target.src_path == target.src_path);
        let here = here.unwrap_or_else(|| panic!("nothing about {}", target.src_path));
        assert_eq!(here.package_id, package.id);
        assert_eq!(here.target, **target);
    }
    assert_eq!(known.len(), 7, "of every kind there is one");
}

#[test]
fn the_hops_of_a_chain_are_notes_at_their_places() {
    let project = Project::new(FILES);
    project.write("src/lib.rs", "pub mod core;\npub mod shell;\npub mod shared;\n");
    project.write("src/shared.rs", "pub use crate::shell::Table;\n");
    project.write("src/core.rs", "use crate::shared::Table;\npub fn price(_: Table) {}\n");
    let out = run(&project, "check --format cargo src/core.rs").out;
    let all = messages(&out);
    let [message] = from_compiler(&all)[..] else { panic!("{out}") };
    let notes: Vec<_> = message.message.children.iter().filter(|one| one.level == DiagnosticLevel::Note).collect();
    let files: Vec<_> = notes.iter().map(|note| note.spans[0].file_name.rsplit('/').next().unwrap()).collect();
    assert_eq!(files, ["core.rs", "shared.rs"]);
}

#[test]
fn a_finding_has_places_as_the_compiler_counts_them() {
    let project = Project::new(FILES);
    let out = run(&project, "check --format cargo src/core.rs").out;
    let all = messages(&out);
    let [message] = from_compiler(&all)[..] else { panic!("{out}") };
    let told = &message.message;
    assert_eq!(told.level, DiagnosticLevel::Error);
    assert_eq!(told.code.as_ref().unwrap().code, "core-imports-shell");
    let span = told.spans.iter().find(|span| span.is_primary).unwrap();
    let file = root(&project).join("src/core.rs");
    assert_eq!(span.file_name, file.to_str().unwrap());
    let text = fs::read_to_string(&file).unwrap();
    assert_eq!(&text[span.byte_start as usize..span.byte_end as usize], "Table");
    // Two letters of the comment have six bytes.
    assert_eq!((span.line_start, span.column_start, span.column_end), (1, 28, 33));
    let shown: String = span.text[0].text.chars().skip(span.text[0].highlight_start - 1).collect();
    assert!(shown.starts_with("Table;"), "{shown}");
    let levels: Vec<DiagnosticLevel> = told.children.iter().map(|child| child.level).collect();
    assert_eq!(levels, [DiagnosticLevel::Help], "the lone hop of its chain is where the finding is");
    assert!(told.rendered.as_ref().unwrap().contains("^^^^^"));
    assert!(matches!(all.last(), Some(Message::BuildFinished(end)) if !end.success));
}

/// The same project with code that compiles.
fn compiling() -> Project {
    let project = Project::new(FILES);
    for (path, text) in FILES.into_iter().filter(|(_, text)| *text == "fn main( {}\n") {
        project.write(path, text.replace('(', "()"));
    }
    project
}

#[test]
fn cargo_and_baton_speak_in_one_stream_that_ends_once() {
    let project = compiling();
    project.write("src/shell.rs", "pub struct Table;\nfn unused() {}\n");
    let run_ = run(&project, "cargo-check -- --workspace --all-targets --offline");
    assert_eq!(run_.code, Some(1), "{}", run_.err);
    let all = messages(&run_.out);
    let told = from_compiler(&all);
    assert!(told.iter().any(|one| one.message.code.as_ref().unwrap().code == "dead_code"), "{}", run_.out);
    assert!(is_of_baton(told.last().unwrap()), "{}", run_.out);
    assert!(all.iter().any(|message| matches!(message, Message::CompilerArtifact(_))));
    let ends = all.iter().filter(|message| matches!(message, Message::BuildFinished(_))).count();
    assert!(ends == 1 && matches!(all.last(), Some(Message::BuildFinished(end)) if !end.success));
    // The package of both is the same one, under the same name.
    let dead = told.iter().find(|one| !is_of_baton(one)).unwrap();
    assert_eq!((&dead.package_id, &dead.target), (&told.last().unwrap().package_id, &told.last().unwrap().target));
}

#[test]
fn what_does_not_compile_is_found_by_cargo_and_the_rest_by_baton() {
    let project = compiling();
    project.write("src/shell.rs", "pub struct Table;\nfn broken() { missing() }\n");
    let broken = run(&project, "cargo-check -- --offline --lib");
    assert_eq!(broken.code, Some(1));
    let all = messages(&broken.out);
    let (ours, theirs): (Vec<&CompilerMessage>, Vec<_>) =
        from_compiler(&all).into_iter().partition(|one| is_of_baton(one));
    assert!(!ours.is_empty() && theirs.iter().any(|one| one.message.level == DiagnosticLevel::Error));
    // Arguments that cargo refuses are no findings.
    let refused = run(&project, "cargo-check -- --no-such-option");
    assert_eq!(refused.code, Some(2), "{}", refused.out);
    assert!(refused.err.contains("--no-such-option"));
}

#[test]
fn a_faulty_configuration_is_a_message_too_and_no_cargo_a_failure() {
    let project = compiling();
    project.write("baton.toml", CONFIG.replace("src/shell.rs", "src/shel.rs"));
    let faulty = run(&project, "cargo-check -- --offline --lib");
    assert_eq!(faulty.code, Some(2));
    let all = messages(&faulty.out);
    let fault = from_compiler(&all).into_iter().find(|one| one.message.message.contains("matches no file")).unwrap();
    assert_eq!(fault.message.spans[0].file_name, root(&project).join("baton.toml").to_str().unwrap());
    assert!(faulty.err.contains("matches no file"), "{}", faulty.err);
    let none = Run::of(baton(project.root()).arg("cargo-check").env("CARGO", "no-such-cargo"));
    assert_eq!(none.code, Some(2));
    assert!(none.err.contains("cannot start `no-such-cargo`"), "{}", none.err);
}
