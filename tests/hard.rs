//! Hard input, end to end: each ends with a finding or an error that names its place, the program
//! never crashes, and what stands beside the hard part is judged as ever.
//!
//! What can be committed is in `fixtures/hard`; the rest is made here. Every project of these tests
//! holds the package `beside`, whose core imports its shell: a run that does not say so has judged
//! nothing.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    reason = "the program is run on files; a step that fails is a test that fails"
)]

#[cfg(unix)]
#[path = "hard/files.rs"]
mod files;
#[path = "hard/generate.rs"]
mod generate;
#[path = "hard/project.rs"]
mod project;

use project::{Project, Run, baton};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// The files of every project: all is core, but for the shell of `beside`.
const FILES: [(&str, &str); 5] = [
    (
        "baton.toml",
        "version = 1\n\
         [[role]]\nname = \"core\"\npaths = [\"**\"]\n\
         [[role]]\nname = \"shell\"\npaths = [\"beside/src/shell.rs\"]\n",
    ),
    ("beside/Cargo.toml", "[package]\nname = \"beside\"\nversion = \"0.1.0\"\nedition = \"2024\"\n"),
    ("beside/src/lib.rs", "pub mod core;\npub mod shell;\n"),
    ("beside/src/core.rs", IMPORT),
    ("beside/src/shell.rs", "pub struct Clock;\n"),
];

const MANIFEST: (&str, &str) =
    ("hard/Cargo.toml", "[package]\nname = \"hard\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");

/// What is wrong with `beside`, and what the program says about it, but for the crate before paths: it is said where
/// several packages have one.
const IMPORT: &str = "use crate::shell::Clock;\n";
const IMPORTED: &str =
    "beside/src/core.rs:1:19: deny[core-imports-shell] core module `core` imports `shell::Clock`, which is shell";

/// What is to be said about a project, besides [`IMPORTED`].
enum Says {
    /// Findings and notes: exit code 1, and the rest is judged.
    Findings(&'static [&'static str]),
    /// An error in a manifest, without which nobody knows what belongs to what: exit code 2.
    Error(&'static str),
}
use Says::{Error, Findings};

/// Every folder of `fixtures/hard`.
const FIXTURES: &[(&str, Says)] = &[
    ("attribute-far-from-shebang", Findings(&[])),
    ("attribute-like-shebang", Findings(&[])),
    ("brace-closed-twice", Findings(&["hard/src/lib.rs:1:14: deny[does-not-parse] syntax error: a bracket, "])),
    ("brace-unbalanced", Findings(&["hard/src/broken.rs:1:12: deny[does-not-parse] syntax error: a bracket, "])),
    ("byte-order-mark", Findings(&[])),
    ("comment-without-end", Findings(&["hard/src/lib.rs:2:1: deny[does-not-parse] syntax error: a bracket, "])),
    ("empty", Findings(&[])),
    ("front-matter", Findings(&[])),
    ("front-matter-without-end", Findings(&["hard/src/main.rs:1:1: deny[does-not-parse] syntax error: expected "])),
    ("line-ends-crlf", Findings(&["hard/src/lib.rs:3:1: deny[faulty-suppression] there is no rule `no-such-rule`"])),
    ("line-ends-mixed", Findings(&[])),
    ("lone-carriage-return", Findings(&["hard/src/lib.rs:1:1: deny[does-not-parse] syntax error: a bracket, "])),
    (
        "manifest-empty",
        Error("hard/Cargo.toml:1:1: the manifest has neither a `[package]` nor a `[workspace]` section"),
    ),
    ("manifest-member-missing", Error("hard/Cargo.toml:3:23: the member `hard/absent` has no `Cargo.toml`")),
    ("manifest-not-toml", Error("hard/Cargo.toml:1:9: this is not valid TOML: unclosed table, expected `]`")),
    ("manifest-not-utf-8", Error("hard/Cargo.toml:2:14: this is not UTF-8 text")),
    (
        "manifest-target-missing",
        Error("hard/Cargo.toml:8:8: the root file `hard/src/absent.rs` of the binary does not exist"),
    ),
    (
        "manifest-unknown-edition",
        Findings(&["note: hard/Cargo.toml: the edition is none of the known ones; read as 2024"]),
    ),
    ("manifest-without-name", Error("hard/Cargo.toml:1:1: the package has no name")),
    ("manifest-without-target", Findings(&["hard/src/other.rs:1:1: warn[unlinked-file] no target reaches this file"])),
    ("manifest-wrong-type", Error("hard/Cargo.toml:2:8: the package's name is no text, or empty")),
    ("mark-and-shebang", Findings(&[])),
    ("module-cycle", Findings(&["hard/src/b.rs:2:5: deny[does-not-parse] module `a` is hard/src/a.rs again, "])),
    (
        "module-is-itself",
        Findings(&["hard/src/lib.rs:2:5: deny[does-not-parse] module `again` is hard/src/lib.rs again, "]),
    ),
    ("module-missing", Findings(&["hard/src/lib.rs:1:5: deny[does-not-parse] module `absent` has no file: neither "])),
    (
        "module-outside-package",
        Findings(&[
            "hard/src/lib.rs:2:5: deny[does-not-parse] module `elsewhere` has no file: empty/src/lib.rs is not there",
            "hard/src/lib.rs:5:5: deny[does-not-parse] module `outside` has no file: ../",
        ]),
    ),
    ("module-shared", Findings(&[])),
    ("module-twice", Findings(&[])),
    ("module-unlinked", Findings(&["hard/src/orphan.rs:1:1: warn[unlinked-file] no target reaches this file"])),
    (
        "not-utf-8",
        Findings(&["hard/src/latin.rs:1:6: deny[does-not-parse] this file cannot be read: not UTF-8 text: byte 5 "]),
    ),
    ("nul-byte", Findings(&[])),
    ("only-comments", Findings(&[])),
    (
        "packages-of-one-name",
        Error("hard/b/Cargo.toml:2:8: the package name `twin` is taken by `hard/a/Cargo.toml` in the same workspace"),
    ),
    ("shebang", Findings(&[])),
    ("string-without-end", Findings(&["hard/src/lib.rs:1:21: deny[does-not-parse] syntax error: a bracket, "])),
    ("unicode-names", Findings(&[])),
    ("white-space", Findings(&[])),
];

#[test]
fn every_fixture_is_in_the_table_and_in_the_list() {
    let entries = fs::read_dir(fixtures()).unwrap().map(Result::unwrap);
    let folders = entries.filter(|entry| entry.file_type().unwrap().is_dir());
    let mut folders: Vec<_> = folders.map(|entry| entry.file_name().into_string().unwrap()).collect();
    folders.sort();
    let table: Vec<_> = FIXTURES.iter().map(|(folder, _)| *folder).collect();
    assert_eq!(folders, table);
    let list = fs::read_to_string(fixtures().join("README.md")).unwrap();
    let unlisted: Vec<_> = table.iter().filter(|folder| !list.contains(&format!("\n| `{folder}` | "))).collect();
    assert!(unlisted.is_empty(), "README.md leaves out {unlisted:?}");
}

#[test]
fn every_fixture_is_a_finding_or_an_error_with_its_place() {
    for (folder, says) in FIXTURES {
        let project = Project::new(FILES);
        copy(&fixtures().join(folder), &project, "hard");
        let run = concise(&project);
        match says {
            Findings(begin) => assert_findings(folder, &run, begin),
            Error(error) => {
                assert_eq!(run.code, Some(2), "{folder}: {run:?}");
                assert_eq!(errors(&run), [*error], "{folder}");
            }
        }
        for format in ["full", "json"] {
            let other = Run::of(baton(project.root()).args(["check", "--format", format]));
            assert_eq!((other.code, other.err), (run.code, run.err.clone()), "{folder} as {format}");
        }
    }
}

#[test]
fn what_stands_before_the_code_moves_no_place() {
    let heads = [
        ("nothing", "", "1:19"),
        ("a byte-order mark, which is a character of the first line", "\u{feff}", "1:20"),
        ("a shebang", "#!/usr/bin/env run\n", "2:19"),
        ("a mark and a shebang", "\u{feff}#!/usr/bin/env run\r\n", "2:19"),
        ("an attribute that looks like a shebang", "#![allow(dead_code)]\n", "2:19"),
        ("line ends of Windows, also in a string", "const A: &str = \"a\r\nb\";\r\n", "3:19"),
        ("a carriage return that ends no line", "// a\r b\n", "2:19"),
        ("a front matter", "---\n[package]\n---\n", "4:19"),
        ("a shebang and a front matter", "#!/usr/bin/env run\n---cargo\n[package]\n---\n", "5:19"),
        ("a NUL", "// \0\n", "2:19"),
        ("characters of two, three and four bytes", "/* ßé字😀 */ ", "1:30"),
        ("a tab, which is one character", "\t", "1:20"),
        ("separators that end no line", "\u{2028}\u{85}\n", "2:19"),
        ("comments in comments", &format!("{}\n", generate::nested_comments()), "2:19"),
    ];
    for (what, head, place) in heads {
        let project = Project::new(FILES);
        project.write("hard/src/lib.rs", "");
        project.write("beside/src/core.rs", format!("{head}{IMPORT}"));
        let run = concise(&project);
        let expected = IMPORTED.replace("1:19", place);
        assert!(run.code == Some(1) && lines(&run)[0] == expected, "{what}: {expected}\n{run:?}");
    }
}

#[test]
fn a_syntax_error_in_a_body_is_found_wherever_rules_judge() {
    let body = "pub struct Clock;\npub fn now() {\n    let = 1;\n}\n";
    let error = "deny[does-not-parse] syntax error: ";
    for (file, role) in [("hard/src/lib.rs", "core"), ("beside/src/shell.rs", "shell")] {
        let project = Project::new(FILES.into_iter().chain([MANIFEST, ("hard/src/lib.rs", "")]));
        project.write(file, body);
        let run = concise(&project);
        let found = lines(&run).iter().any(|line| line.starts_with(&format!("{file}:3:9: {error}")));
        assert!(found && run.code == Some(1), "{role}: {run:?}");
    }
    // No rule asks what such a file does inside of its functions.
    let project = Project::new(FILES.into_iter().chain([MANIFEST, ("hard/src/lib.rs", body)]));
    forget_roles(&project);
    assert_findings("without a role", &concise(&project), &[]);
}

#[test]
fn seven_thousand_levels_of_each_kind_are_refused_or_read_to_the_end() {
    for with_role in [true, false] {
        let (project, names) = project_of(generate::nesting());
        if !with_role {
            forget_roles(&project);
        }
        let run = concise(&project);
        assert_eq!(run.code, Some(1), "{}", run.err);
        let lines = lines(&run);
        assert_eq!(
            (without_crate(lines[0]).as_str(), lines.len()),
            (IMPORTED, names.len() + 1),
            "one finding for each kind"
        );
        for (line, (file, name)) in lines[1..].iter().zip(&names) {
            let says = line.strip_prefix(file.as_str()).unwrap_or_default();
            let refused = says.contains("nested ") && says.ends_with(" can be parsed safely");
            // Some kinds are no Rust: operators that don't chain, and a brace that nobody opened.
            let fault = says.contains("cannot be chained") || says.contains("syntax error: a bracket");
            assert!(says.contains("deny[does-not-parse]") && (refused || fault || is_read(says)), "{name}: {line}");
        }
        let refused = lines.iter().filter(|line| line.contains(" can be parsed safely")).count();
        assert!(refused > 150, "only {refused} of {} are refused", names.len());
    }
}

#[test]
fn what_is_long_but_flat_is_read_to_the_end() {
    let (project, names) = project_of(generate::long());
    let run = concise(&project);
    assert_eq!(run.code, Some(1), "{}", run.err);
    let lines = lines(&run);
    assert_eq!((without_crate(lines[0]).as_str(), lines.len()), (IMPORTED, names.len() + 1));
    for (line, (file, name)) in lines[1..].iter().zip(&names) {
        assert!(line.starts_with(file.as_str()) && is_read(line), "{name}: {line}");
    }
}

#[test]
fn ten_megabytes_in_a_line_are_over_the_limit() {
    let project = Project::new(FILES.into_iter().chain([MANIFEST, ("hard/src/lib.rs", "mod code;\nmod text;\n")]));
    project.write("hard/src/code.rs", generate::ten_megabyte_code());
    project.write("hard/src/text.rs", generate::ten_megabyte_line());
    let expected = [
        "hard/src/code.rs:1:1: deny[does-not-parse] this file cannot be read: 9999990 bytes, over the limit of 8388608",
        "hard/src/text.rs:1:1: deny[does-not-parse] this file cannot be read: 10000026 bytes, over the limit of 8388608",
    ];
    assert_findings("ten megabytes", &concise(&project), &expected);
}

#[test]
fn a_finding_behind_seven_megabytes_is_shown_without_them() {
    let project = Project::new(FILES.into_iter().chain([MANIFEST, ("hard/src/lib.rs", "")]));
    let mut line = generate::ten_megabyte_line();
    line.replace_range(24..3_000_024, "");
    line.push_str(IMPORT);
    project.write("beside/src/core.rs", &line);
    let run = Run::of(baton(project.root()).arg("check"));
    assert_eq!(run.code, Some(1), "{}", run.err);
    assert!(run.out.contains("beside/src/core.rs:1:7000045\n"), "{}", run.out);
    assert!(run.out.len() < 4_000, "{} bytes are shown", run.out.len());
}

#[cfg(unix)]
#[test]
fn odd_files_are_findings_or_notes() {
    let project = Project::new(FILES.into_iter().chain([MANIFEST, ("hard/src/lib.rs", "")]));
    let folder = project.root().join("hard/src");
    let is_named = files::non_utf8_path(&folder).is_ok();
    files::symlink_loop(&folder).unwrap();
    files::unreadable_file(&folder).unwrap();
    files::socket(&folder).unwrap();
    let mut expected = Vec::new();
    if is_named {
        expected
            .push("hard/src/odd_\u{fffd}.rs:1:1: deny[does-not-parse] this file cannot be read: the name is not UTF-8");
    }
    if files::is_readable(&folder) {
        println!("this user can read every file: that one who cannot is told so is not tested");
        expected.push("hard/src/secret.rs:1:1: warn[unlinked-file] no target reaches this file");
    } else {
        expected.push("hard/src/secret.rs:1:1: deny[does-not-parse] this file cannot be read: permission denied");
    }
    expected.extend([
        "hard/src/socket.rs:1:1: deny[does-not-parse] this file cannot be read: not a regular file",
        "note: skipped 1 link that leads back to itself: `hard/src/loop_a/b/back`",
        "note: skipped 1 link that leads nowhere: `hard/src/self.rs`",
    ]);
    assert_findings("odd files", &concise(&project), &expected);
}

fn concise(project: &Project) -> Run {
    Run::of(baton(project.root()).args(["check", "--format", "concise"]))
}

/// Asserts that a run found [`IMPORTED`] and what begins like this, in this order, and nothing else.
#[track_caller]
fn assert_findings(what: &str, run: &Run, begin: &[&str]) {
    assert_eq!(run.code, Some(1), "{what}: {run:?}");
    let lines = lines(run);
    let alike =
        lines.len() == begin.len() + 1 && lines[1..].iter().zip(begin).all(|(line, begin)| line.starts_with(begin));
    assert!(
        alike && without_crate(lines[0]) == IMPORTED,
        "{what}:\n{}\nexpected besides the first:\n{}",
        run.out,
        begin.join("\n")
    );
}

fn without_crate(line: &str) -> String {
    line.replace("`beside::", "`")
}

/// What a run found: all lines of the concise format but the last, which says what was judged.
fn lines(run: &Run) -> Vec<&str> {
    let mut lines: Vec<_> = run.out.lines().collect();
    lines.pop();
    lines
}

/// The errors of a run that could not do its work, in the form of concise findings.
fn errors(run: &Run) -> Vec<String> {
    let lines: Vec<_> = run.err.lines().collect();
    let pairs = lines.iter().zip(&lines[1..]);
    let errors = pairs.filter_map(|(first, second)| {
        let message = first.strip_prefix("error: ")?;
        let place = second.trim_start().strip_prefix("┌─ ")?;
        Some(format!("{place}: {message}"))
    });
    errors.collect()
}

/// A project with a file for each text, and the files with what is in them. At the end of each
/// stands a module without a file, so that what is said about a file shows whether it was read.
fn project_of(texts: Vec<(&'static str, String)>) -> (Project, Vec<(String, &'static str)>) {
    let project = Project::new(FILES.into_iter().chain([MANIFEST]));
    let mut modules = String::new();
    let mut names = Vec::new();
    for (number, (name, text)) in texts.into_iter().enumerate() {
        let file = format!("hard/src/text_{number:03}.rs");
        project.write(&file, format!("{text}\nmod absent;\n"));
        let _ = writeln!(modules, "mod text_{number:03};");
        names.push((file, name));
    }
    project.write("hard/src/lib.rs", modules);
    (project, names)
}

/// Whether a line says that a file of [`project_of`] was read to its end.
fn is_read(line: &str) -> bool {
    line.contains("module `absent` has no file")
}

/// Lets only `beside` have roles.
fn forget_roles(project: &Project) {
    project.write("baton.toml", FILES[0].1.replace("**", "beside/src/core.rs"));
}

/// A copy of a folder, as `to` in the project.
fn copy(folder: &Path, project: &Project, to: &str) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let to = format!("{to}/{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), project, &to);
        } else {
            project.write(&to, fs::read(entry.path()).unwrap());
        }
    }
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/hard")
}
