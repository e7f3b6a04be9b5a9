use super::*;
use crate::render::testing::{file, finding, judged, place, report};
use expect_test::expect;

#[test]
#[expect(clippy::too_many_lines, reason = "the document is shown whole")]
fn a_whole_report() {
    expect![[r#"
        {
          "schema": 1,
          "tool": {
            "name": "baton",
            "version": "0.1.0"
          },
          "summary": {
            "files": 2,
            "lines": 4,
            "modules": 2,
            "edges": 3,
            "unparsed": 0,
            "findings": {
              "deny": 1,
              "warn": 1
            },
            "suppressed": 0,
            "baselined": 0
          },
          "rules": [
            {
              "rule": "core-imports-shell",
              "judged": 3,
              "findings": 1
            },
            {
              "rule": "impure-core",
              "judged": 2,
              "findings": 1
            }
          ],
          "orchestrators": [
            {
              "item": "domain::a::price",
              "file": "src/domain/a.rs",
              "line": 1,
              "end_line": 3,
              "dependencies": 2,
              "collaborators": [
                "Cache"
              ],
              "findings": 1,
              "layer": "domain",
              "kind": null
            }
          ],
          "findings": [
            {
              "rule": "core-imports-shell",
              "level": "deny",
              "message": "`domain::a` reaches `utils::cache`",
              "help": "take the cache's answer as a parameter",
              "file": "src/domain/a.rs",
              "line": 2,
              "column": 5,
              "end_line": 2,
              "end_column": 25,
              "item": "domain::a::price",
              "fingerprint": "0123456789abcdef",
              "evidence": [
                {
                  "kind": "call",
                  "file": "src/domain/a.rs",
                  "line": 2,
                  "column": 5,
                  "end_line": 2,
                  "end_column": 18,
                  "why": "named here"
                }
              ],
              "chain": [
                {
                  "from": "domain::a",
                  "to": "shared",
                  "file": "src/domain/a.rs",
                  "line": 2
                },
                {
                  "from": "shared",
                  "to": "utils::cache",
                  "file": "src/shared.rs",
                  "line": 1
                }
              ],
              "trails": [],
              "fix": null
            },
            {
              "rule": "impure-core",
              "level": "warn",
              "message": "two\nlines and \u202ea trick",
              "help": "",
              "file": "src/domain/a.rs",
              "line": 1,
              "column": 1,
              "end_line": 1,
              "end_column": 3,
              "item": "",
              "fingerprint": "0123456789abcdef",
              "evidence": [],
              "chain": [],
              "trails": [],
              "fix": null
            }
          ],
          "notices": [
            "skipped 3 generated files"
          ],
          "unjudged": null
        }
    "#]]
    .assert_eq(&json(&report()).unwrap());
}

#[test]
fn columns_count_characters_and_texts_survive_as_they_are() {
    let message = "a \u{1b}[2J and \u{202e}\u{e0041}\u{7f} ß漢";
    let report = Report {
        files: vec![file("a.rs", "ß\r\né漢 = x;\r\n")],
        findings: vec![judged(finding("a-rule", place(0, 4, 9), message), Level::Deny)],
        ..Report::default()
    };
    let text = json(&report).unwrap();
    assert!(text.contains(r"a \u001b[2J and \u202e\udb40\udc41\u007f ß漢"), "{text}");
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let found = &value["findings"][0];
    assert_eq!(found["message"], message);
    let range = ["line", "column", "end_line", "end_column"].map(|key| found[key].as_u64().unwrap());
    assert_eq!(range, [2, 1, 2, 3]);
}

#[test]
fn a_file_that_could_not_be_read_still_has_a_place() {
    let report = Report {
        files: vec![file("a.rs", "")],
        findings: vec![judged(finding("a-rule", place(0, 5, 5), "unreadable"), Level::Deny)],
        ..Report::default()
    };
    let value: serde_json::Value = serde_json::from_str(&json(&report).unwrap()).unwrap();
    assert_eq!(value["findings"][0]["file"], "a.rs");
    assert_eq!(value["findings"][0]["end_column"], 1);
}
