//! The Code Quality report of GitLab, which a merge request shows beside the lines that it changes.
//!
//! <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>

use super::range::Range;
use super::{Format, json};
use crate::error::Failure;
use baton_core::finding::Level;
use baton_core::report::{Judged, Report};
use serde::Serialize;

/// How a merge request comes to show findings, unless what is written already does that.
pub fn gitlab_hint(written: &[Format]) -> &'static str {
    if written.contains(&Format::Gitlab) {
        return "";
    }
    "note: a merge request shows findings if `--output gitlab=gl-code-quality-report.json` writes a report and \
     `artifacts: reports: codequality` in `.gitlab-ci.yml` names it\n"
}

/// The whole report.
pub(super) fn gitlab(report: &Report) -> Result<String, Failure> {
    let issues: Vec<_> = report.findings.iter().map(|judged| Issue::of(report, judged)).collect();
    json::document(&issues)
}

/// One finding.
#[derive(Serialize)]
struct Issue<'a> {
    description: &'a str,
    check_name: &'static str,
    /// Tells findings apart from each other, and those of a branch from those of its target: the report's
    /// own does both, because it is unique and knows no line.
    fingerprint: &'a str,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

impl<'a> Issue<'a> {
    fn of(report: &'a Report, judged: &'a Judged) -> Self {
        let range = Range::of(report, judged.finding.place);
        Self {
            description: &judged.finding.message,
            check_name: judged.finding.rule,
            fingerprint: &judged.fingerprint,
            severity: if judged.level == Level::Deny { "major" } else { "minor" },
            location: Location { path: range.file, lines: Lines { begin: range.line, end: range.end_line } },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::testing;
    use expect_test::expect;

    #[test]
    fn an_issue_per_finding() {
        expect![[r#"
            [
              {
                "description": "`domain::a` reaches `utils::cache`",
                "check_name": "core-imports-shell",
                "fingerprint": "0123456789abcdef",
                "severity": "major",
                "location": {
                  "path": "src/domain/a.rs",
                  "lines": {
                    "begin": 2,
                    "end": 2
                  }
                }
              },
              {
                "description": "two\nlines and \u202ea trick",
                "check_name": "impure-core",
                "fingerprint": "0123456789abcdef",
                "severity": "minor",
                "location": {
                  "path": "src/domain/a.rs",
                  "lines": {
                    "begin": 1,
                    "end": 1
                  }
                }
              }
            ]
        "#]]
        .assert_eq(&gitlab(&testing::report()).unwrap());
    }

    #[test]
    fn texts_of_others_arrive_as_they_are() {
        let report = testing::hostile();
        let text = gitlab(&report).unwrap();
        assert!(!text.contains('\u{202e}'), "what a terminal would obey is spelled out");
        let issues: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(issues[0]["description"], report.findings[0].finding.message.as_str());
        assert_eq!(issues[0]["location"]["path"], report.files[0].path.as_str());
        assert_eq!(issues[0]["location"]["lines"]["begin"], 2, "lines survive CRLF");
    }

    #[test]
    fn an_empty_report_is_an_empty_list() {
        assert_eq!(gitlab(&Report::default()).unwrap(), "[]\n");
    }
}
