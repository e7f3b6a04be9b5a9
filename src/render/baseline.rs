//! A baseline that accepts what was found.

use super::clean;
use super::tally::count;
use crate::error::Failure;
use baton_core::config::BASELINE;
use baton_core::report::Report;
use std::fmt::Write;

const HEADER: &str = "\
# Findings that are accepted for now. No other is; `baton baseline prune` takes out those that are gone.
# An entry may have a `reason`, an `owner`, and the last day of its acceptance, `until = 2026-12-31`.
version = 1
";

/// The text of a baseline that accepts every finding of a report. Entries are sorted by rule and item, so that
/// those of two branches seldom meet.
pub fn baseline(report: &Report) -> String {
    let mut entries: Vec<(&str, &str, &str, &str)> = Vec::new();
    for judged in &report.findings {
        let finding = &judged.finding;
        let file = report.file(finding.place.file).map_or("", |file| file.path.as_str());
        let item = if finding.item.is_empty() { file } else { finding.item.as_str() };
        entries.push((finding.rule, item, &finding.message, &judged.fingerprint));
    }
    entries.sort_unstable();
    let mut out = HEADER.to_owned();
    for (rule, item, says, fingerprint) in entries {
        let _ = writeln!(out, "\n[[finding]]\nrule = {}\nitem = {}", quoted(rule), quoted(item));
        let _ = writeln!(out, "says = {}\nfingerprint = {}", quoted(says), quoted(fingerprint));
    }
    out
}

/// That there is no baseline yet.
///
/// # Errors
///
/// There is one: another would accept what came since.
pub fn no_baseline(text: Option<&str>) -> Result<(), Failure> {
    let hint = "`baton baseline prune` takes out what is gone; to begin anew, remove the file first";
    text.map_or(Ok(()), |_| Err(Failure::new(format!("there is a baseline already, `{BASELINE}`"), hint)))
}

/// The text of the baseline.
///
/// # Errors
///
/// There is none.
pub fn some_baseline(text: Option<&str>) -> Result<&str, Failure> {
    let hint = "`baton baseline create` writes one that accepts what is found today";
    text.ok_or_else(|| Failure::new(format!("there is no baseline, `{BASELINE}`"), hint))
}

/// What a new baseline accepts, in a line.
pub fn baseline_created(report: &Report) -> String {
    format!("{BASELINE} accepts {}\n", count(report.findings.len(), "finding"))
}

/// What was taken out of the baseline, and what is left, in a line.
pub fn baseline_pruned(report: &Report) -> String {
    let left = report.accepted.len();
    format!("took out {}; {left} left\n", count(report.gone.len(), "finding"))
}

/// What a baseline accepts and what of it is gone, in a line.
pub fn baseline_checked(report: &Report) -> String {
    let accepted = count(report.accepted.len(), "finding");
    match report.gone.len() {
        0 => format!("{BASELINE} accepts {accepted}, and each is there\n"),
        1 => format!("{BASELINE} accepts {accepted}, and one that is gone: `baton baseline prune` takes it out\n"),
        gone => {
            format!("{BASELINE} accepts {accepted}, and {gone} that are gone: `baton baseline prune` takes them out\n")
        }
    }
}

/// A string of TOML. What an editor would obey or hide is spelt as a number.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if clean::Shown::of(c) == clean::Shown::Plain(c) && c != '\t' => out.push(c),
            c => {
                let _ = write!(out, "\\U{:08X}", c as u32);
            }
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::testing::report;
    use baton_core::config::Baseline;
    use expect_test::expect;

    #[test]
    fn a_baseline_accepts_what_was_found() {
        let mut report = report();
        report.findings[1].fingerprint = "fedcba9876543210".to_owned();
        let text = baseline(&report);
        expect![[r##"
            # Findings that are accepted for now. No other is; `baton baseline prune` takes out those that are gone.
            # An entry may have a `reason`, an `owner`, and the last day of its acceptance, `until = 2026-12-31`.
            version = 1

            [[finding]]
            rule = "core-imports-shell"
            item = "domain::a::price"
            says = "`domain::a` reaches `utils::cache`"
            fingerprint = "0123456789abcdef"

            [[finding]]
            rule = "impure-core"
            item = "src/domain/a.rs"
            says = "two\U0000000Alines and \U0000202Ea trick"
            fingerprint = "fedcba9876543210"
        "##]]
        .assert_eq(&text);
        let read = Baseline::parse(&text, baton_lints::LINTS, "2026-01-01").unwrap();
        assert_eq!(read.entries.len(), report.findings.len());
    }

    #[test]
    fn strings_are_quoted() {
        assert_eq!(quoted("a\"b\\c\nd"), "\"a\\\"b\\\\c\\U0000000Ad\"");
    }
}
