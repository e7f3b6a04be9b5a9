//! A line per finding: `path:line:column: level[rule] message`.

use super::{clean, tally};
use baton_core::report::{Judged, Report};
use std::fmt::Write;

/// The whole report.
pub(super) fn concise(report: &Report) -> String {
    let mut out = String::new();
    for Judged { finding, level, .. } in &report.findings {
        if let Some(file) = report.file(finding.place.file) {
            let at = file.lines.line_column(&file.text, finding.place.span.start);
            let _ = write!(out, "{}:{}:{}: ", clean::line(&file.path), at.line, at.column);
        }
        let _ = writeln!(out, "{}[{}] {}", level.name(), finding.rule, clean::line(&finding.message));
    }
    for notice in &report.notices {
        let _ = writeln!(out, "note: {}", clean::line(notice));
    }
    out.push_str(&tally::tally(report));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::testing;
    use expect_test::expect;

    #[test]
    fn a_line_per_finding_then_the_notices_and_the_tally() {
        expect![[r"
            src/domain/a.rs:2:5: deny[core-imports-shell] `domain::a` reaches `utils::cache`
            src/domain/a.rs:1:1: warn[impure-core] two␊lines and \u{202e}a trick
            note: skipped 3 generated files
            judged 2 files, 2 modules, 3 edges, 1 orchestrator; core-imports-shell: 1 of 3; impure-core: 1 of 2; 1 error, 1 warning
        "]]
        .assert_eq(&concise(&testing::report()));
    }
}
