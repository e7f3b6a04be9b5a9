//! The catalogue of lints, and the page of one.

use baton_core::lint::{Lint, OptionDefault};
use std::fmt::Write;

/// A line per lint: its name, the level it has by itself, and what it is about.
pub fn catalogue(lints: &[&Lint]) -> String {
    let width = lints.iter().map(|lint| lint.name.len()).max().unwrap_or(0);
    let mut out = String::new();
    for lint in lints {
        let _ = writeln!(out, "{:<width$}  {:<5}  {}", lint.name, lint.level.name(), lint.summary);
    }
    out
}

/// The page of a lint: its documentation, then what holds when `baton.toml` says nothing.
pub fn page(lint: &Lint) -> String {
    let mut out = format!("{}\n\nBy default: level = {:?}", lint.page().trim_end(), lint.level.name());
    for option in lint.options {
        let _ = write!(out, ", {} = {}", option.name, value(option.default));
    }
    out.push('\n');
    out
}

/// A default as `baton.toml` would spell it.
fn value(default: OptionDefault) -> String {
    match default {
        OptionDefault::Number(number) => number.to_string(),
        OptionDefault::Switch(on) => on.to_string(),
        OptionDefault::Crates(texts)
        | OptionDefault::Paths(texts)
        | OptionDefault::Names(texts)
        | OptionDefault::Roles(texts) => format!("{texts:?}"),
        OptionDefault::Choice(words) => match words.split_first() {
            Some((first, rest)) if !rest.is_empty() => format!("{first:?} (or {})", quoted(rest)),
            Some((first, _)) => format!("{first:?}"),
            None => "\"\"".to_owned(),
        },
    }
}

fn quoted(words: &[&str]) -> String {
    let words: Vec<_> = words.iter().map(|word| format!("{word:?}")).collect();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_core::finding::Level;
    use baton_core::lint::{Check, OptionSpec, Verdict};
    use expect_test::expect;

    const PLAIN: Lint = Lint {
        name: "impure-core",
        level: Level::Deny,
        summary: "the core does something",
        source: "//! # impure-core\n//!\n//! ## What it does\n//! Looks.\n\nuse std;\n",
        options: &[],
        check: Check::Whole(|_, _| Verdict::default()),
    };

    const RICH: Lint = Lint {
        name: "core-imports-shell",
        level: Level::Warn,
        summary: "the core names the shell",
        options: &[
            OptionSpec { name: "max", default: OptionDefault::Number(4), summary: "how many" },
            OptionSpec { name: "indirect", default: OptionDefault::Choice(&["item", "module"]), summary: "how far" },
            OptionSpec { name: "allow", default: OptionDefault::Paths(&["a"]), summary: "what not" },
        ],
        ..PLAIN
    };

    #[test]
    fn the_catalogue_has_a_line_per_lint() {
        expect![[r"
            impure-core         deny   the core does something
            core-imports-shell  warn   the core names the shell
        "]]
        .assert_eq(&catalogue(&[&PLAIN, &RICH]));
    }

    #[test]
    fn a_page_ends_with_what_can_be_set() {
        expect![[r#"
            # impure-core

            ## What it does
            Looks.

            By default: level = "warn", max = 4, indirect = "item" (or "module"), allow = ["a"]
        "#]]
        .assert_eq(&page(&RICH));
        assert!(page(&PLAIN).ends_with("Looks.\n\nBy default: level = \"deny\"\n"));
    }
}
