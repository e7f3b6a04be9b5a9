//! The generated pages of the book: one per rule and their catalogue. Pure.
//!
//! A rule's page is the documentation of its lint, the text that `baton explain` prints. Whatever
//! the table of lints knows besides, its level and options, is added from there and not written twice.

use crate::Refusal;
use baton_core::finding::Level;
use baton_core::lint::{Lint, OptionDefault};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The folder of the generated pages, relative to the repository.
pub const RULES: &str = "docs/book/src/rules";
/// The table of contents, whose list of rules is generated.
pub const SUMMARY: &str = "docs/book/src/SUMMARY.md";

const CATALOGUE: &str = "README.md";
const NOTE: &str = "<!-- Written by `cargo xtask book` from the lint's own file. Change it there. -->\n\n";

/// All generated pages apart from the table of contents, by their path from the repository.
pub fn pages(lints: &[&Lint]) -> BTreeMap<String, String> {
    let mut pages: BTreeMap<_, _> =
        lints.iter().map(|lint| (format!("{RULES}/{}.md", lint.name), page(lint))).collect();
    pages.insert(format!("{RULES}/{CATALOGUE}"), catalogue(lints));
    pages
}

/// The files of the folder of generated pages that are none: what a removed lint left behind.
pub fn stale(there: &[String], pages: &BTreeMap<String, String>) -> Vec<String> {
    there.iter().filter(|path| !pages.contains_key(*path)).cloned().collect()
}

/// The table of contents with a line per rule below that of their catalogue.
///
/// # Errors
///
/// The text has no line for the catalogue.
pub fn summary(text: &str, lints: &[&Lint]) -> Result<String, Refusal> {
    let of_rule = |line: &str| line.trim_start().starts_with("- [") && line.contains("](rules/");
    let is_catalogue = |line: &str| of_rule(line) && line.contains(&format!("](rules/{CATALOGUE})"));
    let mut out = String::new();
    let mut found = false;
    for line in text.lines().filter(|line| !of_rule(line) || is_catalogue(line)) {
        let _ = writeln!(out, "{line}");
        if is_catalogue(line) {
            found = true;
            for lint in lints {
                let _ = writeln!(out, "  - [{0}](rules/{0}.md)", lint.name);
            }
        }
    }
    if found { Ok(out) } else { Err(Refusal(format!("`{SUMMARY}` has no line that links `rules/{CATALOGUE}`"))) }
}

fn page(lint: &Lint) -> String {
    let mut out = format!("{NOTE}{}\n\n## In `baton.toml`\n\n", lint.page().trim_end());
    let _ = write!(out, "```toml\n[rules]\n{}\n```\n", setting(lint));
    out
}

/// What holds when `baton.toml` says nothing, as it would say it.
fn setting(lint: &Lint) -> String {
    let mut out = format!("{} = {{ level = {:?}", lint.name, lint.level.name());
    for option in lint.options {
        let _ = write!(out, ", {} = {}", option.name, value(option.default));
    }
    out.push_str(" }   # the default");
    out
}

fn value(default: OptionDefault) -> String {
    match default {
        OptionDefault::Number(number) => number.to_string(),
        OptionDefault::Switch(on) => on.to_string(),
        OptionDefault::Crates(texts)
        | OptionDefault::Paths(texts)
        | OptionDefault::Names(texts)
        | OptionDefault::Roles(texts) => format!("{texts:?}"),
        OptionDefault::Choice(words) => format!("{:?}", words.first().copied().unwrap_or_default()),
    }
}

fn catalogue(lints: &[&Lint]) -> String {
    let mut out = String::from("<!-- Written by `cargo xtask book` from the registry of lints. -->\n\n# The rules\n\n");
    out.push_str("| rule | by default | |\n|---|---|---|\n");
    for lint in lints {
        let _ = writeln!(out, "| [{0}]({0}.md) | {1} | {2} |", lint.name, lint.level.name(), lint.summary);
    }
    let _ = write!(
        out,
        "\n`{}` does not run, `{}` is reported, and `{}` is reported and fails the run. \
         Test code is judged by no rule unless its page says so.\n",
        Level::Allow.name(),
        Level::Warn.name(),
        Level::Deny.name()
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_core::lint::{Check, OptionSpec, Verdict};
    use expect_test::expect;

    const LINT: Lint = Lint {
        name: "impure-core",
        level: Level::Warn,
        summary: "The core does something.",
        source: "//! # impure-core\n//!\n//! ## What it does\n//!\n//! Looks.\n\nuse std;\n",
        options: &[
            OptionSpec { name: "max", default: OptionDefault::Number(4), summary: "how many" },
            OptionSpec { name: "allow", default: OptionDefault::Paths(&["a::b"]), summary: "what not" },
            OptionSpec { name: "indirect", default: OptionDefault::Choice(&["item", "module"]), summary: "how far" },
        ],
        check: Check::Whole(|_, _| Verdict::default()),
    };

    #[test]
    fn a_page_is_the_lints_documentation_and_its_defaults() {
        expect![[r#"
            <!-- Written by `cargo xtask book` from the lint's own file. Change it there. -->

            # impure-core

            ## What it does

            Looks.

            ## In `baton.toml`

            ```toml
            [rules]
            impure-core = { level = "warn", max = 4, allow = ["a::b"], indirect = "item" }   # the default
            ```
        "#]]
        .assert_eq(&page(&LINT));
    }

    #[test]
    fn the_contents_list_every_rule_below_the_catalogue() {
        let text = "- [Use](use.md)\n- [The rules](rules/README.md)\n  - [gone](rules/gone.md)\n- [More](more.md)\n";
        expect![[r"
            - [Use](use.md)
            - [The rules](rules/README.md)
              - [impure-core](rules/impure-core.md)
            - [More](more.md)
        "]]
        .assert_eq(&summary(text, &[&LINT]).unwrap());
        assert!(summary("- [Use](use.md)\n", &[&LINT]).is_err());
    }

    #[test]
    fn what_a_removed_rule_left_behind_is_stale() {
        let pages = pages(&[&LINT]);
        let there = [format!("{RULES}/gone.md"), format!("{RULES}/impure-core.md")];
        assert_eq!(stale(&there, &pages), [format!("{RULES}/gone.md")]);
    }
}
