//! A configuration that is proposed, and what to say about it.

use super::clean;
use super::tally::count;
use crate::error::Failure;
use baton_core::propose::{Place, Proposal, ProposedRole};
use baton_core::report::Report;
use std::fmt::Write;

const HEADER: &str = "\
# What the parts of this project are, as `baton init` proposes it. It looked at names of folders, at what the code uses
# from outside, and at who knows whom; each line says what speaks for it. Read it, and correct what is wrong: a file
# belongs to the last role that matches it. `baton rules` lists what the roles are for.
version = 1

# Files that are not judged at all. What git ignores and what cargo builds is left out anyway.
# [source]
# exclude = [\"src/generated/**\"]
";

const ENTRY: &str = "
# Where calls come in: handlers, commands, `main`. Declared as a role of their own, the rule `bypassed-orchestrator`
# asks that they call orchestrators and no adapter by themselves.
# [[role]]
# name = \"entry\"
# paths = [\"src/main.rs\"]
";

const RULES: &str = "
# Levels and options of rules; `baton explain RULE` has them all.
# [rules]
# too-many-dependencies = { level = \"warn\", max = 5 }
# unassigned-module = \"warn\"
";

const TEMPLATE: &str = "
# No folder of this project says by its name or its code what it is. Roles make Baton's rules apply:
# [[role]]
# name = \"core\"
# paths = [\"src/domain/**\"]
#
# [[role]]
# name = \"shell\"
# paths = [\"src/adapters/**\"]
# crates = [\"sqlx\", \"reqwest\"]
#
# [[role]]
# name = \"orchestrator\"
# paths = [\"src/use_cases/**\"]
";

/// How many of several things are named before the rest is counted.
const NAMED: usize = 6;

/// The text of a configuration with the roles that are proposed.
pub fn proposed(proposal: &Proposal) -> String {
    let mut out = HEADER.to_owned();
    if proposal.is_empty() {
        out.push_str(TEMPLATE);
    }
    for role in &proposal.roles {
        let _ = write!(out, "\n# {}\n[[role]]\nname = \"{}\"\n", meaning(role.name), role.name);
        paths(&mut out, &role.places);
        if !role.crates.is_empty() {
            let _ = writeln!(
                out,
                "# Outside packages that the core must not know either.\ncrates = {}",
                list(&role.crates)
            );
        }
        if !role.types.is_empty() {
            let _ =
                writeln!(out, "# Without this line, every type and function there that receives collaborators is one.");
            let _ = writeln!(out, "types = {}", list(&role.types));
        }
    }
    if !proposal.is_empty() {
        out.push_str(ENTRY);
    }
    out.push_str(RULES);
    left(&mut out, proposal);
    out
}

fn meaning(role: &str) -> &'static str {
    match role {
        "core" => "The rules of the business: pure, and they know none of the others.",
        "shell" => "What touches the world.",
        _ => "What calls the core and the shell in order.",
    }
}

fn paths(out: &mut String, places: &[Place]) {
    if places.is_empty() {
        return;
    }
    out.push_str("paths = [\n");
    for place in places {
        for (number, pattern) in place.patterns.iter().enumerate() {
            let _ = write!(out, "    {},", quoted(pattern));
            if number == 0 {
                let _ = write!(out, " # {}: {}", count(place.files, "file"), clean::line(&place.why));
            }
            out.push('\n');
        }
    }
    out.push_str("]\n");
}

fn list(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    format!("[{}]", texts.join(", "))
}

fn quoted(text: &str) -> String {
    format!("{text:?}")
}

/// What has no role, for whoever goes on from here.
fn left(out: &mut String, proposal: &Proposal) {
    if proposal.left.is_empty() {
        return;
    }
    let files: usize = proposal.left.iter().map(|(_, files)| files).sum();
    let _ = writeln!(
        out,
        "\n# Without a role, and so judged by no role's rules: {} of {}.",
        files,
        count(proposal.files, "file")
    );
    for (folder, files) in proposal.left.iter().take(NAMED * 2) {
        let _ = writeln!(out, "#   {} ({files})", clean::line(if folder.is_empty() { "." } else { folder }));
    }
    if let Some(more) = proposal.left.len().checked_sub(NAMED * 2).filter(|more| *more > 0) {
        let _ = writeln!(out, "#   and {}", count(more, "more folder"));
    }
}

/// That there is no configuration yet.
///
/// # Errors
///
/// There is one in that file: somebody wrote it, and it stays.
pub fn no_configuration(existing: Option<&str>) -> Result<(), Failure> {
    let hint = "`baton init --stdout` prints what would be proposed; to begin anew, remove the present one first";
    let message = |file: &str| format!("the project has a configuration already, in `{file}`");
    existing.map_or(Ok(()), |file| Err(Failure::new(message(file), hint)))
}

/// What is proposed, what a check with it would find, and what to do next. `written` is the file that holds it
/// now, if it was written.
pub fn proposal_summary(proposal: &Proposal, report: &Report, written: Option<&str>) -> String {
    let mut out = String::new();
    for role in &proposal.roles {
        let _ = writeln!(out, "{}", clean::line(&summary_of(role)));
    }
    let files: usize = proposal.left.iter().map(|(_, files)| files).sum();
    if proposal.is_empty() {
        out.push_str("no folder says by its name or its code which role it has, so none is proposed\n");
    } else if files > 0 {
        let _ = writeln!(out, "without a role: {} of {}", files, count(proposal.files, "file"));
    }
    match written {
        Some(path) => {
            let _ = writeln!(out, "wrote {}", clean::line(path));
        }
        None => out.push_str("nothing was written\n"),
    }
    out.push_str(&next(proposal, report));
    out
}

fn summary_of(role: &ProposedRole) -> String {
    let patterns: Vec<&str> = role.places.iter().flat_map(|place| &place.patterns).map(String::as_str).collect();
    let mut text = format!("{}: {}", role.name, some(&patterns, ", "));
    if !role.crates.is_empty() {
        let crates: Vec<&str> = role.crates.iter().map(String::as_str).collect();
        let _ = write!(text, "; crates {}", some(&crates, ", "));
    }
    if !role.orchestrators.is_empty() {
        let _ = write!(text, "; {}", count(role.orchestrators.len(), "orchestrator"));
    }
    text
}

/// The first of several names, and how many more there are.
fn some(names: &[&str], between: &str) -> String {
    let shown = names.iter().take(NAMED).copied().collect::<Vec<_>>().join(between);
    match names.len().checked_sub(NAMED) {
        None | Some(0) => shown,
        Some(more) => format!("{shown} and {more} more"),
    }
}

fn next(proposal: &Proposal, report: &Report) -> String {
    if proposal.is_empty() {
        return "declare roles by hand: until one is declared, `baton check` has nothing to judge and ends with code 2\n".to_owned();
    }
    let found = report.findings.len();
    if found == 0 {
        return "`baton check` finds nothing with it\n".to_owned();
    }
    let rules = report.rules.iter().filter(|row| row.findings > 0);
    let mut rules: Vec<(usize, &str)> = rules.map(|row| (row.findings, row.rule)).collect();
    rules.sort_by_key(|(findings, rule)| (std::cmp::Reverse(*findings), *rule));
    let rules: Vec<String> = rules.iter().map(|(findings, rule)| format!("{rule} {findings}")).collect();
    let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
    format!(
        "`baton check` finds {} with it: {}\n`baton baseline create` accepts them for now, so that only new ones fail\n",
        count(found, "violation"),
        some(&rules, ", ")
    )
}
