//! JUnit's XML, which nearly every build server shows as results of tests: a suite per rule, and a failed
//! test per finding.

use super::range::Range;
use super::{clean, tally};
use baton_core::report::{Judged, Report, RuleRow};
use std::fmt::Write;

/// The whole report.
pub(super) fn junit(report: &Report) -> String {
    let suites: Vec<_> = report.rules.iter().map(|row| suite(report, row)).collect();
    let clean = report.rules.iter().filter(|row| of_rule(report, row).next().is_none()).count();
    let errors = usize::from(report.unjudged.is_some());
    let tests = report.findings.len() + clean + errors;
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        out,
        "<testsuites name=\"baton\" tests=\"{tests}\" failures=\"{}\" errors=\"{errors}\">",
        report.findings.len()
    );
    if let Some(why) = &report.unjudged {
        out.push_str(&unjudged(why));
    }
    out.extend(suites);
    out.push_str("</testsuites>\n");
    out
}

/// A rule: a failed test per finding, or one that passed.
fn suite(report: &Report, row: &RuleRow) -> String {
    let rule = xml(row.rule);
    let findings: Vec<_> = of_rule(report, row).collect();
    let mut out = format!(
        "  <testsuite name=\"{rule}\" tests=\"{}\" failures=\"{}\" errors=\"0\">\n",
        findings.len().max(1),
        findings.len()
    );
    if findings.is_empty() {
        // The name stays the same from run to run, because servers tell the history of a test by it.
        let judged = format!("<system-out>{} judged</system-out>", tally::count(row.judged, "thing"));
        let _ = writeln!(out, "    <testcase classname=\"{rule}\" name=\"no finding\">{judged}</testcase>");
    }
    for judged in findings {
        failure(report, judged, &mut out);
    }
    out.push_str("  </testsuite>\n");
    out
}

fn of_rule<'a>(report: &'a Report, row: &RuleRow) -> impl Iterator<Item = &'a Judged> {
    let rule = row.rule;
    report.findings.iter().filter(move |judged| judged.finding.rule == rule)
}

fn failure(report: &Report, Judged { finding, level, .. }: &Judged, out: &mut String) {
    let range = Range::of(report, finding.place);
    let (rule, file) = (xml(finding.rule), xml(range.file));
    let place = format!("{file}:{}:{}", range.line, range.column);
    let _ =
        writeln!(out, "    <testcase classname=\"{rule}\" name=\"{place}\" file=\"{file}\" line=\"{}\">", range.line);
    let message = xml(&finding.message);
    let _ = writeln!(out, "      <failure type=\"{}\" message=\"{message}\">{message}", level.name());
    let _ = writeln!(out, "at {place}");
    for evidence in &finding.evidence {
        let at = Range::of(report, evidence.place);
        let _ = writeln!(out, "{}:{}:{}: {}", xml(at.file), at.line, at.column, xml(&evidence.why));
    }
    let help: Vec<_> = finding.help.lines().map(xml).collect();
    if !help.is_empty() {
        let _ = writeln!(out, "help: {}", help.join("\n"));
    }
    out.push_str("</failure>\n    </testcase>\n");
}

/// A run that judged nothing has to be red, whatever reads it.
fn unjudged(why: &str) -> String {
    format!(
        "  <testsuite name=\"baton\" tests=\"1\" failures=\"0\" errors=\"1\">\n    \
         <testcase classname=\"baton\" name=\"judged\">\n      \
         <error type=\"unjudged\" message=\"nothing was judged: {}\"/>\n    </testcase>\n  </testsuite>\n",
        xml(why)
    )
}

/// A text in one line, as text or as the value of an attribute. XML has no way to say control characters and
/// two others, not even by their numbers; cleaned texts have none of them.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in clean::line(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::testing;
    use expect_test::expect;

    #[test]
    fn a_suite_per_rule_and_a_failure_per_finding() {
        let mut report = testing::report();
        report.rules.push(RuleRow { rule: "mixed-errors", judged: 7, findings: 0 });
        expect![[r#"
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites name="baton" tests="3" failures="2" errors="0">
              <testsuite name="core-imports-shell" tests="1" failures="1" errors="0">
                <testcase classname="core-imports-shell" name="src/domain/a.rs:2:5" file="src/domain/a.rs" line="2">
                  <failure type="deny" message="`domain::a` reaches `utils::cache`">`domain::a` reaches `utils::cache`
            at src/domain/a.rs:2:5
            src/domain/a.rs:2:5: named here
            help: take the cache&apos;s answer as a parameter
            </failure>
                </testcase>
              </testsuite>
              <testsuite name="impure-core" tests="1" failures="1" errors="0">
                <testcase classname="impure-core" name="src/domain/a.rs:1:1" file="src/domain/a.rs" line="1">
                  <failure type="warn" message="two␊lines and \u{202e}a trick">two␊lines and \u{202e}a trick
            at src/domain/a.rs:1:1
            </failure>
                </testcase>
              </testsuite>
              <testsuite name="mixed-errors" tests="1" failures="0" errors="0">
                <testcase classname="mixed-errors" name="no finding"><system-out>7 things judged</system-out></testcase>
              </testsuite>
            </testsuites>
        "#]]
        .assert_eq(&junit(&report));
    }

    #[test]
    fn no_text_of_others_is_markup_or_no_xml() {
        let text = junit(&testing::hostile());
        expect![[r#"
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites name="baton" tests="1" failures="1" errors="0">
              <testsuite name="impure-core" tests="1" failures="1" errors="0">
                <testcase classname="impure-core" name="src/a,b:c%20 (d)#é.rs:2:14" file="src/a,b:c%20 (d)#é.rs" line="2">
                  <failure type="deny" message="100% &lt;b onclick=&quot;x&quot;&gt;&amp;amp;]]&gt;--␍␊::error::a|b `c` *d* [e](javascript:f) @g #1 \u{202e}\u{fffe}␀␛[31m">100% &lt;b onclick=&quot;x&quot;&gt;&amp;amp;]]&gt;--␍␊::error::a|b `c` *d* [e](javascript:f) @g #1 \u{202e}\u{fffe}␀␛[31m
            at src/a,b:c%20 (d)#é.rs:2:14
            src/a,b:c%20 (d)#é.rs:2:14: 100% &lt;b onclick=&quot;x&quot;&gt;&amp;amp;]]&gt;--␍␊::error::a|b `c` *d* [e](javascript:f) @g #1 \u{202e}\u{fffe}␀␛[31m
            help: first
            ::warning::second
            </failure>
                </testcase>
              </testsuite>
            </testsuites>
        "#]].assert_eq(&text);
        let is_allowed = |c: char| matches!(c, '\n' | ' '..='\u{fffd}' | '\u{10000}'..) && c != '\u{7f}';
        assert!(text.chars().all(is_allowed));
    }

    #[test]
    fn an_empty_report_has_no_suite_and_one_that_judged_nothing_an_error() {
        expect![[r#"
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites name="baton" tests="0" failures="0" errors="0">
            </testsuites>
        "#]]
        .assert_eq(&junit(&Report::default()));
        let unjudged = Report { unjudged: Some("no <role>".to_owned()), ..Report::default() };
        expect![[r#"
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites name="baton" tests="1" failures="0" errors="1">
              <testsuite name="baton" tests="1" failures="0" errors="1">
                <testcase classname="baton" name="judged">
                  <error type="unjudged" message="nothing was judged: no &lt;role&gt;"/>
                </testcase>
              </testsuite>
            </testsuites>
        "#]]
        .assert_eq(&junit(&unjudged));
    }
}
