//! A line per finding for programs that change code by themselves: where, what is wrong, what to do.

use super::range::Range;
use super::{clean, tally};
use baton_core::report::{Judged, Report};
use std::fmt::Write;

/// The whole report. The last line is the outcome alone, because silence would not tell a clean project from
/// one that nobody judged.
pub(super) fn agent(report: &Report) -> String {
    let mut out = String::new();
    for Judged { finding, .. } in &report.findings {
        let range = Range::of(report, finding.place);
        if !range.file.is_empty() {
            let _ = write!(out, "{}:{}:{} ", clean::line(range.file), range.line, range.column);
        }
        let _ = write!(out, "{}: {}", finding.rule, clean::line(&finding.message));
        if !finding.help.is_empty() {
            let _ = write!(out, " -> {}", clean::line(&one_line(&finding.help)));
        }
        out.push('\n');
    }
    for notice in &report.notices {
        let _ = writeln!(out, "note: {}", clean::line(notice));
    }
    let _ = writeln!(out, "{}", tally::outcome(report));
    out
}

/// A help of several lines as one.
fn one_line(help: &str) -> String {
    help.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::testing;
    use expect_test::expect;

    #[test]
    fn a_line_per_finding_then_the_outcome() {
        expect![[r#"
            src/domain/a.rs:2:5 core-imports-shell: `domain::a` reaches `utils::cache` -> take the cache's answer as a parameter
            src/domain/a.rs:1:1 impure-core: two␊lines and \u{202e}a trick
            note: skipped 3 generated files
            1 error, 1 warning
        "#]].assert_eq(&agent(&testing::report()));
    }

    #[test]
    fn no_text_of_others_begins_a_line() {
        expect![[r#"
            src/a,b:c%20 (d)#é.rs:2:14 impure-core: 100% <b onclick="x">&amp;]]>--␍␊::error::a|b `c` *d* [e](javascript:f) @g #1 \u{202e}\u{fffe}␀␛[31m -> first ::warning::second
            note: a␊::error::b
            1 error
        "#]].assert_eq(&agent(&testing::hostile()));
    }

    #[test]
    fn clean_and_unjudged_are_told_apart() {
        assert_eq!(agent(&Report::default()), "clean\n");
        let unjudged = Report { unjudged: Some("no role".to_owned()), ..Report::default() };
        assert_eq!(agent(&unjudged), "nothing was judged: no role\n");
    }
}
