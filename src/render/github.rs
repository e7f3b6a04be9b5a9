//! Annotations of GitHub Actions: workflow commands, which its runner reads from the log of a step.
//!
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>

use super::range::Range;
use super::{clean, tally};
use baton_core::finding::Level;
use baton_core::report::{Judged, Report};
use std::fmt::Write;

/// How many annotations of each kind GitHub shows of one step.
const SHOWN: usize = 10;

/// The whole report: an annotation per finding, then what people read in the log.
pub(super) fn github(report: &Report) -> String {
    let mut out = annotations(report);
    for notice in &report.notices {
        let _ = writeln!(out, "note: {}", clean::line(notice));
    }
    out.push_str(&tally::tally(report));
    out
}

/// The annotations alone, to stand behind another report.
pub fn annotations(report: &Report) -> String {
    let mut out = String::new();
    for judged in &report.findings {
        annotation(report, judged, &mut out);
    }
    if let Some(why) = &report.unjudged {
        let _ = writeln!(out, "::error title=baton::{}", data(&format!("nothing was judged: {why}")));
    }
    out.push_str(&left_out(report));
    out
}

fn annotation(report: &Report, Judged { finding, level, .. }: &Judged, out: &mut String) {
    let range = Range::of(report, finding.place);
    let _ = write!(out, "::{} ", if *level == Level::Deny { "error" } else { "warning" });
    if !range.file.is_empty() {
        let _ = write!(out, "file={},line={},", property(range.file), range.line);
        // Where an annotation spans lines, the runner refuses columns.
        if range.line == range.end_line {
            let _ = write!(out, "col={},endColumn={},", range.column, range.end_column);
        }
        let _ = write!(out, "endLine={},", range.end_line);
    }
    let _ = write!(out, "title={}::{}", property(finding.rule), data(&finding.message));
    if !finding.help.is_empty() {
        // `%0A` is a line break inside of a message.
        let help = clean::lines(&finding.help);
        let help: Vec<_> = help.lines().map(data).collect();
        let _ = write!(out, "%0Ahelp: {}", help.join("%0A"));
    }
    out.push('\n');
}

/// What the annotations do not show, so that nobody takes ten for all.
fn left_out(report: &Report) -> String {
    let count = |level| report.findings.iter().filter(|judged| judged.level == level).count();
    let (errors, warnings) = (count(Level::Deny), count(Level::Warn));
    if errors <= SHOWN && warnings <= SHOWN {
        return String::new();
    }
    format!(
        "::notice title=baton::{} and {} were found. GitHub shows at most {SHOWN} annotations of each kind for a step; \
         the log of the step has all.\n",
        tally::count(errors, "error"),
        tally::count(warnings, "warning")
    )
}

/// A text as the message of a command, in one line.
fn data(text: &str) -> String {
    // Line breaks are pictures after cleaning, so only the sign of escapes is left to escape.
    clean::line(text).replace('%', "%25")
}

/// A text as the value of a property: there `:` and `,` mean something too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::testing;
    use expect_test::expect;

    #[test]
    fn an_annotation_per_finding_then_the_notices_and_the_tally() {
        expect![[r#"
            ::error file=src/domain/a.rs,line=2,col=5,endColumn=25,endLine=2,title=core-imports-shell::`domain::a` reaches `utils::cache`%0Ahelp: take the cache's answer as a parameter
            ::warning file=src/domain/a.rs,line=1,col=1,endColumn=3,endLine=1,title=impure-core::two␊lines and \u{202e}a trick
            note: skipped 3 generated files
            judged 2 files, 2 modules, 3 edges, 1 orchestrator; core-imports-shell: 1 of 3; impure-core: 1 of 2; 1 error, 1 warning
        "#]].assert_eq(&github(&testing::report()));
    }

    #[test]
    fn no_text_of_others_ends_a_property_or_begins_a_command() {
        expect![[r#"
            ::error file=src/a%2Cb%3Ac%2520 (d)#é.rs,line=2,col=14,endColumn=21,endLine=2,title=impure-core::100%25 <b onclick="x">&amp;]]>--␍␊::error::a|b `c` *d* [e](javascript:f) @g #1 \u{202e}\u{fffe}␀␛[31m%0Ahelp: first%0A::warning::second
            note: a␊::error::b
            judged 1 file, 1 module, 0 edges, 0 orchestrators; impure-core: 1 of 1; 1 error
        "#]].assert_eq(&github(&testing::hostile()));
    }

    #[test]
    fn what_spans_lines_has_no_columns() {
        let mut report = testing::report();
        report.findings.truncate(1);
        report.findings[0].finding.place = testing::place(0, 0, 37);
        expect![[r#"
            ::error file=src/domain/a.rs,line=1,endLine=2,title=core-imports-shell::`domain::a` reaches `utils::cache`%0Ahelp: take the cache's answer as a parameter
        "#]].assert_eq(&annotations(&report));
    }

    #[test]
    fn what_github_does_not_show_is_said_last() {
        let mut report = testing::report();
        let (error, warning) = (report.findings[0].clone(), report.findings[1].clone());
        report.findings = vec![error; SHOWN];
        assert!(!annotations(&report).contains("::notice"));
        report.findings.extend(vec![warning; SHOWN + 1]);
        let text = annotations(&report);
        assert_eq!(text.lines().count(), 2 * SHOWN + 2, "none is left out");
        let last = text.lines().last().unwrap_or_default();
        assert!(last.starts_with("::notice title=baton::10 errors and 11 warnings were found. "), "{last}");
    }

    #[test]
    fn an_empty_report_has_no_annotation_and_one_that_judged_nothing_an_error() {
        assert_eq!(annotations(&Report::default()), "");
        let unjudged = Report { unjudged: Some("no role".to_owned()), ..Report::default() };
        assert_eq!(annotations(&unjudged), "::error title=baton::nothing was judged: no role\n");
    }
}
