//! Completions as shells have them, and manual pages as `man` shows them. A shell that is not installed is not asked,
//! and that is said.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "the program is run; a step that fails is a test that fails"
)]

#[expect(dead_code, reason = "no project is needed here")]
#[path = "hard/project.rs"]
mod project;

use project::{Run, baton};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

fn is_there(program: &str) -> bool {
    let asked = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    let found = asked.is_ok_and(|status| status.success());
    if !found {
        eprintln!("`{program}` is not installed: not tested");
    }
    found
}

/// What a shell says once it has read the script that completes for it.
#[track_caller]
fn said(shell: &str, commands: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let script = Run::of(baton(folder.path()).args(["completions", shell]));
    assert_eq!((script.code, script.err.as_str()), (Some(0), ""));
    fs::write(folder.path().join("script"), script.out).unwrap();
    let run = Run::of(Command::new(shell).args(["-c", commands]).current_dir(folder.path()));
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{}", run.out);
    run.out
}

#[test]
fn bash_completes_commands_options_formats_and_rules() {
    if !is_there("bash") {
        return;
    }
    let complete = |words: &str| {
        let last = words.split(' ').count() - 1;
        let commands = format!(
            "source ./script; COMP_WORDS=({words}); COMP_CWORD={last}
             _baton baton \"${{COMP_WORDS[{last}]}}\" \"${{COMP_WORDS[{}]}}\"; echo \"${{COMPREPLY[*]}}\"",
            last - 1
        );
        said("bash", &commands).trim_end().to_owned()
    };
    assert_eq!(complete("baton cargo"), "cargo-check");
    assert_eq!(complete("baton check --deny"), "--deny-warnings");
    assert_eq!(complete("baton check --format sar"), "sarif");
    assert_eq!(complete("baton explain core-"), "core-imports-shell");
    assert_eq!(complete("baton baseline pr"), "prune");
}

#[test]
fn zsh_takes_the_script_and_registers_it() {
    if is_there("zsh") {
        let commands = "autoload -Uz compinit; compinit -u -d ./dump; source ./script; echo $_comps[baton]";
        assert_eq!(said("zsh", commands), "_baton\n");
    }
}

#[test]
fn fish_completes_options_and_rules() {
    if is_there("fish") {
        let commands = "source ./script; complete -C 'baton check --deny'; complete -C 'baton explain core-'";
        assert_eq!(said("fish", commands), "--deny-warnings\tLet warnings fail the run\ncore-imports-shell\n");
    }
}

#[test]
fn a_manual_page_is_one_for_man() {
    let here = Path::new(".");
    let page = Run::of(baton(here).args(["man", "check"]));
    assert_eq!(page.code, Some(0));
    assert!(page.out.contains(".SH SYNOPSIS") && page.out.contains("\\-\\-format"), "{}", page.out);
    let unknown = Run::of(baton(here).args(["man", "chek"]));
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.err.contains("did you mean `check`?"), "{}", unknown.err);
    if is_there("man") {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("baton-check.1");
        fs::write(&path, page.out).unwrap();
        let shown =
            Run::of(Command::new("man").arg("--warnings").arg(&path).env("MANPAGER", "cat").env("MANWIDTH", "80"));
        assert_eq!((shown.code, shown.err.as_str()), (Some(0), ""));
        assert!(shown.out.contains("baton-check - Lint the project"), "{}", shown.out);
    }
}
