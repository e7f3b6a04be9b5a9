//! `--statistics`: a row per lint, and what the edges are.

use super::tally::count;
use baton_core::finding::Level;
use baton_core::report::Report;
use std::cmp::Reverse;
use std::fmt::Write;

/// A table of every lint that ran: how much it judged, and what it found by level; then how many
/// edges there are of each kind, and how many names could not be resolved, in
/// which files.
pub fn statistics(report: &Report) -> String {
    let width = report.rules.iter().map(|row| row.rule.len()).max().unwrap_or(0).max("rule".len());
    let mut out = format!("{:<width$} {:>9} {:>7} {:>7}\n", "rule", "judged", "deny", "warn");
    for row in &report.rules {
        let of = |level| {
            let findings = report.findings.iter();
            findings.filter(|judged| judged.finding.rule == row.rule && judged.level == level).count()
        };
        let (deny, warn) = (of(Level::Deny), of(Level::Warn));
        let _ = writeln!(out, "{:<width$} {:>9} {deny:>7} {warn:>7}", row.rule, row.judged);
    }
    let summary = &report.summary;
    let _ = writeln!(out, "{} files, {} lines", summary.files, summary.lines);
    let kinds: Vec<_> = report.edge_kinds.iter().map(|(kind, number)| format!("{number} {kind}")).collect();
    let kinds = if kinds.is_empty() { String::new() } else { format!(": {}", kinds.join(", ")) };
    let _ = writeln!(out, "{}{kinds}", count(summary.edges, "edge"));
    let names = report.unresolved.iter().map(|(_, names)| names).sum();
    let _ = writeln!(out, "{} of the project could not be resolved", count(names, "name"));
    let mut by_file: Vec<_> = report.unresolved.iter().collect();
    by_file.sort_by_key(|(path, names)| (Reverse(*names), path));
    for (path, names) in by_file {
        let _ = writeln!(out, "{names:>9} in {path}");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::testing;
    use expect_test::expect;

    #[test]
    fn a_row_per_lint_even_if_it_found_nothing() {
        let mut report = testing::report();
        report.findings.truncate(1);
        expect![[r#"
            rule                  judged    deny    warn
            core-imports-shell         3       1       0
            impure-core                2       0       0
            2 files, 4 lines
            3 edges: 1 macro argument, 2 use
            13 names of the project could not be resolved
                   12 in src/shared.rs
                    1 in src/domain/a.rs
        "#]]
        .assert_eq(&statistics(&report));
    }
}
