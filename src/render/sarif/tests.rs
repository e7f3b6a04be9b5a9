use super::*;
use crate::render::testing;
use baton_core::lint::{Check, Verdict};
use baton_core::report::Suppressed;
use expect_test::expect;
use serde_json::Value;

const CORE: Lint = Lint {
    name: "core-imports-shell",
    level: Level::Deny,
    summary: "the core imports the shell",
    source: "//! # core-imports-shell\n//!\n//! ## What it does\n//!\n//! Looks at\n//! imports.\n//!\n//! More.\n",
    options: &[],
    check: Check::Whole(|_, _| Verdict::default()),
};

const LINTS: &[&Lint] = &[&CORE, &Lint { name: "impure-core", level: Level::Allow, ..CORE }];

fn parsed(report: &Report) -> Value {
    serde_json::from_str(&sarif(report, LINTS).unwrap()).unwrap()
}

#[test]
fn a_rule_with_its_page() {
    let log: Value = serde_json::from_str(&sarif(&Report::default(), &LINTS[..1]).unwrap()).unwrap();
    expect![[r##"
        {
          "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
          "runs": [
            {
              "columnKind": "utf16CodeUnits",
              "invocations": [
                {
                  "executionSuccessful": true,
                  "toolExecutionNotifications": []
                }
              ],
              "results": [],
              "tool": {
                "driver": {
                  "name": "baton",
                  "rules": [
                    {
                      "defaultConfiguration": {
                        "enabled": true,
                        "level": "error"
                      },
                      "fullDescription": {
                        "text": "Looks at imports."
                      },
                      "help": {
                        "markdown": "# core-imports-shell\n\n## What it does\n\nLooks at\nimports.\n\nMore.\n",
                        "text": "# core-imports-shell\n\n## What it does\n\nLooks at\nimports.\n\nMore.\n"
                      },
                      "id": "core-imports-shell",
                      "shortDescription": {
                        "text": "the core imports the shell"
                      }
                    }
                  ],
                  "version": "0.1.0"
                }
              }
            }
          ],
          "version": "2.1.0"
        }"##]]
    .assert_eq(&serde_json::to_string_pretty(&log).unwrap());
}

#[test]
fn a_finding_with_its_evidence_and_its_chain() {
    let log = parsed(&testing::report());
    let result = log["runs"][0]["results"][0].as_object().unwrap();
    let lines: Vec<_> = result.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    expect![[r#"
        codeFlows: [{"threadFlows":[{"locations":[{"location":{"message":{"text":"`domain::a` names `shared`"},"physicalLocation":{"artifactLocation":{"uri":"src/domain/a.rs","uriBaseId":"%SRCROOT%"},"region":{"endColumn":18,"startColumn":5,"startLine":2}}}},{"location":{"message":{"text":"`shared` names `utils::cache`"},"physicalLocation":{"artifactLocation":{"uri":"src/shared.rs","uriBaseId":"%SRCROOT%"},"region":{"endColumn":10,"startColumn":1,"startLine":1}}}}]}]}]
        level: "error"
        locations: [{"physicalLocation":{"artifactLocation":{"uri":"src/domain/a.rs","uriBaseId":"%SRCROOT%"},"region":{"endColumn":25,"startColumn":5,"startLine":2}}}]
        message: {"text":"`domain::a` reaches `utils::cache`\ntake the cache's answer as a parameter"}
        partialFingerprints: {"baton/v1":"0123456789abcdef","primaryLocationLineHash":"d08f5c861e4db5af:1"}
        relatedLocations: [{"id":1,"message":{"text":"named here"},"physicalLocation":{"artifactLocation":{"uri":"src/domain/a.rs","uriBaseId":"%SRCROOT%"},"region":{"endColumn":18,"startColumn":5,"startLine":2}}}]
        ruleId: "core-imports-shell"
        ruleIndex: 0
        suppressions: []"#]].assert_eq(&lines.join("\n"));
    expect![[r#"[{"executionSuccessful":true,"toolExecutionNotifications":[{"level":"note","message":{"text":"skipped 3 generated files"}}]}]"#]].assert_eq(&log["runs"][0]["invocations"].to_string());
}

#[test]
fn columns_are_utf_16_and_texts_no_links() {
    let log = parsed(&testing::hostile());
    let result = &log["runs"][0]["results"][0];
    let physical = &result["locations"][0]["physicalLocation"];
    assert_eq!(physical["artifactLocation"]["uri"], "src/a%2Cb%3Ac%2520%20%28d%29%23%C3%A9.rs");
    assert_eq!(physical["region"], serde_json::json!({"startLine": 2, "startColumn": 15, "endColumn": 22}));
    let text = result["message"]["text"].as_str().unwrap();
    assert!(text.contains(r"\[e\](javascript:f)"), "{text}");
    assert!(!sarif(&testing::hostile(), LINTS).unwrap().contains('\u{202e}'));
}

#[test]
fn a_region_ends_with_its_line() {
    let mut report = testing::hostile();
    report.findings[0].finding.place = testing::place(0, 0, 40);
    let region = parsed(&report)["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"].take();
    assert_eq!(region, serde_json::json!({"startLine": 1, "startColumn": 1, "endColumn": 5}));
}

#[test]
fn what_a_comment_suppresses_is_there_with_the_reason() {
    let mut report = testing::report();
    let finding = report.findings.remove(0).finding;
    report.suppressed.push(Suppressed { finding, reason: "it is a test".to_owned() });
    let results = parsed(&report)["runs"][0]["results"].take();
    let suppressions: Vec<_> = results.as_array().unwrap().iter().map(|result| &result["suppressions"]).collect();
    let expected = serde_json::json!([[], [{"kind": "inSource", "justification": "it is a test"}]]);
    assert_eq!(serde_json::to_value(suppressions).unwrap(), expected);
    assert_eq!(results[1]["level"], "error");
}

#[test]
fn what_is_too_much_for_github_is_left_out_and_said() {
    let mut report = testing::report();
    report.findings.swap(0, 1);
    let cut = |most, bytes| -> Value { serde_json::from_str(&within(&report, LINTS, most, bytes).unwrap()).unwrap() };
    let whole = within(&report, LINTS, RESULTS, BYTES).unwrap().len();
    for log in [cut(1, BYTES), cut(RESULTS, whole + FRAME / 2)] {
        let run = &log["runs"][0];
        assert_eq!(run["results"].as_array().unwrap().len(), 1);
        assert_eq!(run["results"][0]["level"], "error", "the more severe one stays");
        let said = run["invocations"][0]["toolExecutionNotifications"][1]["message"]["text"].as_str().unwrap();
        assert!(said.starts_with("1 result of 2 left out"), "{said}");
    }
    assert!(within(&report, LINTS, RESULTS, whole).unwrap().len() < whole);
    assert_eq!(cut(RESULTS, 0)["runs"][0]["results"], serde_json::json!([]));
}
