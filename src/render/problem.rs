//! What kept the tool from its work: faults in a configuration or a manifest, in the look of
//! findings, and failures that have no place in a text.

use super::snippet::{Block, Mark, Source};
use super::{Style, clean};
use crate::error::Failure;
use baton_core::source::{LineIndex, Span};
use std::fmt::Write;

/// A fault at a place in a text that is no source: `baton.toml`, `Cargo.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Problem<'a> {
    /// The file, relative to the project root.
    pub path: &'a str,
    /// Its text.
    pub text: &'a str,
    /// Where in it.
    pub span: Span,
    /// What is wrong, in one line.
    pub message: &'a str,
    /// What to do about it; empty for nothing.
    pub help: &'a str,
}

/// All problems, one after the other, in the order given.
///
/// # Errors
///
/// The writer failed, which is a fault of this program.
pub fn problems(problems: &[Problem<'_>], style: Style) -> Result<String, Failure> {
    let mut out = String::new();
    for problem in problems {
        let lines = LineIndex::new(problem.text);
        let source = Source { path: problem.path, text: problem.text, lines: &lines };
        let mark = Mark { source, span: problem.span, message: "", is_primary: true };
        let help = Some(problem.help).filter(|help| !help.is_empty());
        let block = Block {
            is_error: true,
            code: "",
            message: problem.message,
            marks: vec![mark],
            notes: help.map(|help| format!("help: {help}")).into_iter().collect(),
        };
        block.render(style, &mut out)?;
    }
    Ok(out)
}

/// That a run judged something.
///
/// # Errors
///
/// It did not, for the reason given.
pub fn something_judged(unjudged: Option<&str>) -> Result<(), Failure> {
    let hint = "`baton init` proposes roles for a project's folders, and `baton.toml` declares them";
    unjudged.map_or(Ok(()), |why| Err(Failure::new(format!("nothing was judged: {why}"), hint)))
}

/// A failure: its message, and its hint on a line of its own.
pub fn failure(failure: &Failure, style: Style) -> String {
    let (on, off) = match style {
        Style::Plain => ("", ""),
        Style::Colored => ("\x1b[1m\x1b[91m", "\x1b[0m"),
    };
    let mut out = format!("{on}error{off}: {}\n", clean::line(&failure.message));
    if !failure.hint.is_empty() {
        let _ = writeln!(out, "  = help: {}", clean::line(&failure.hint));
    }
    out
}

/// What a watch says when it waits for a change of the project at `root`.
pub fn watching(root: &str) -> String {
    format!("watching `{}`; ctrl-c ends\n", clean::line(root))
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn a_problem_looks_like_a_finding() {
        let text = "version = 1\r\n[rules]\r\nimpure-cor = \"deny\"\r\n";
        let first = Problem {
            path: "baton.toml",
            text,
            span: Span::new(22, 32),
            message: "there is no rule `impure-cor`",
            help: "did you mean `impure-core`?",
        };
        let second = Problem { path: "b.toml", text: "", span: Span::new(0, 0), message: "no version", help: "" };
        expect![[r#"
            error: there is no rule `impure-cor`
              ┌─ baton.toml:3:1
              │
            3 │ impure-cor = "deny"
              │ ^^^^^^^^^^
              │
              = help: did you mean `impure-core`?

            error: no version
              ┌─ b.toml:1:1
              │
            1 │
              │ ^

        "#]]
        .assert_eq(&problems(&[first, second], Style::Plain).unwrap());
    }

    #[test]
    fn a_failure_is_cleaned_and_hints_only_where_there_is_something_to_say() {
        let plain = |failure_: &Failure| failure(failure_, Style::Plain);
        assert_eq!(plain(&Failure::new("no `\x1b[2J`", "look")), "error: no `␛[2J`\n  = help: look\n");
        assert_eq!(plain(&Failure::new("full", "")), "error: full\n");
        assert!(failure(&Failure::new("full", ""), Style::Colored).contains("\x1b[0m: full"));
    }
}
