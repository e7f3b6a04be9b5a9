#![expect(clippy::needless_raw_string_hashes, reason = "the command that updates snapshots writes them")]

use super::*;
use crate::render::testing::{file, finding, judged, place, report};
use baton_core::finding::Evidence;
use expect_test::{Expect, expect};

/// Renders one denied finding at a span of `text`, with evidence at others, without the tally.
#[track_caller]
fn check(text: &str, span: (u32, u32), evidence: &[(u32, u32, &str)], expected: &Expect) {
    let evidence = evidence.iter().map(|&(start, end, why)| Evidence {
        kind: "operator",
        place: place(0, start, end),
        why: why.to_owned(),
    });
    let finding = Finding { evidence: evidence.collect(), ..finding("a-rule", place(0, span.0, span.1), "wrong") };
    let report =
        Report { files: vec![file("a.rs", text)], findings: vec![judged(finding, Level::Deny)], ..Report::default() };
    let text = full(&report, Style::Plain).unwrap();
    let end = text.rfind("judged ").unwrap();
    expected.assert_eq(&text[..end]);
}

#[test]
fn a_whole_report() {
    expect![[r#"
        error[core-imports-shell]: `domain::a` reaches `utils::cache`
          ┌─ src/domain/a.rs:2:5
          │
        2 │     shared::cache::get();
          │     ^^^^^^^^^^^^^^^^^^^^
          │     │
          │     named here
          │
          = in `domain::a::price`
          = domain::a -> shared  src/domain/a.rs:2
            shared -> utils::cache  src/shared.rs:1
          = help: take the cache's answer as a parameter

        warning[impure-core]: two␊lines and \u{202e}a trick
          ┌─ src/domain/a.rs:1:1
          │
        1 │ fn price() {
          │ ^^

        note: skipped 3 generated files
        judged 2 files, 2 modules, 3 edges, 1 orchestrator; core-imports-shell: 1 of 3; impure-core: 1 of 2; 1 error, 1 warning
    "#]].assert_eq(&full(&report(), Style::Plain).unwrap());
}

#[test]
fn colours_change_nothing_but_colours() {
    let colored = full(&report(), Style::Colored).unwrap();
    let mut plain = String::new();
    let mut rest = colored.as_str();
    while let Some((before, after)) = rest.split_once('\x1b') {
        plain.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    plain.push_str(rest);
    assert_ne!(colored, plain);
    assert_eq!(plain, full(&report(), Style::Plain).unwrap());
}

#[test]
fn evidence_is_labelled_and_merged_with_the_place_it_shares() {
    let text = "let total = price * rate + fee;\n";
    check(
        text,
        (12, 30),
        &[(18, 19, "multiplies"), (25, 26, "adds")],
        &expect![[r#"
        error[a-rule]: wrong
          ┌─ a.rs:1:13
          │
        1 │ let total = price * rate + fee;
          │             ^^^^^^^^^^^^^^^^^^
          │                   │      │
          │                   │      adds
          │                   multiplies

    "#]],
    );
    check(
        text,
        (12, 24),
        &[(12, 24, "multiplies"), (27, 30, "a fee")],
        &expect![[r#"
        error[a-rule]: wrong
          ┌─ a.rs:1:13
          │
        1 │ let total = price * rate + fee;
          │             ^^^^^^^^^^^^   --- a fee
          │             │
          │             multiplies

    "#]],
    );
}

#[test]
fn escape_sequences_and_directions_are_spelled_out() {
    check(
        "let a = \"\x1b[2J\u{202e}x\u{2066}\" + b;\n",
        (23, 24),
        &[(8, 22, "a text")],
        &expect![[r#"
        error[a-rule]: wrong
          ┌─ a.rs:1:20
          │
        1 │ let a = "␛[2J\u{202e}x\u{2066}" + b;
          │         ------------------------ ^
          │         │
          │         a text

    "#]],
    );
    check(
        "let a = \"é漢\" + b;\n",
        (16, 17),
        &[(8, 15, "a text")],
        &expect![[r#"
        error[a-rule]: wrong
          ┌─ a.rs:1:14
          │
        1 │ let a = "é漢" + b;
          │         ----- ^
          │         │
          │         a text

    "#]],
    );
}

#[test]
fn long_lines_are_cut_around_the_place() {
    let before = "x + ".repeat(50_000);
    let text = format!("let a = {before}y{};\n", " + z".repeat(50_000));
    let at = 8 + before.len() as u32;
    check(
        &text,
        (at, at + 1),
        &[(4, 5, "far left"), (at + 4, at + 300_000, "to the far right")],
        &expect![[r#"
        error[a-rule]: wrong
          ┌─ a.rs:1:200009
          │
        1 │ …x + x + x + x + x + x + x + x + x + x + y + z + z + z + z + z + z + z + z + z + z + z + z + z + z + z + z + z + z + z + z + z + z + z + z + z + z + z + z + z + …
          │ -                                        ^   -------------------------------------------------------------------------------------------------------------------- to the far right
          │ │
          │ far left

    "#]],
    );
    let fits = format!("let a = {};\n", "x".repeat(151));
    check(
        &fits,
        (4, 5),
        &[],
        &expect![[r#"
        error[a-rule]: wrong
          ┌─ a.rs:1:5
          │
        1 │ let a = xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx;
          │     ^

    "#]],
    );
}

#[test]
fn line_breaks_of_any_kind_and_empty_places() {
    check(
        "fn a() {}\r\n  b\r\n",
        (13, 14),
        &[],
        &expect![[r#"
        error[a-rule]: wrong
          ┌─ a.rs:2:3
          │
        2 │   b
          │   ^

    "#]],
    );
    check(
        "fn a() {}\r\n  b\r\n",
        (13, 16),
        &[],
        &expect![[r#"
        error[a-rule]: wrong
          ┌─ a.rs:2:3
          │
        2 │   b
          │   ^

    "#]],
    );
    check(
        "fn a() {}\n",
        (3, 3),
        &[],
        &expect![[r#"
        error[a-rule]: wrong
          ┌─ a.rs:1:4
          │
        1 │ fn a() {}
          │    ^

    "#]],
    );
    check(
        "fn a() {}\n",
        (9, 9),
        &[],
        &expect![[r#"
        error[a-rule]: wrong
          ┌─ a.rs:1:10
          │
        1 │ fn a() {}
          │          ^

    "#]],
    );
}

#[test]
fn the_end_of_a_text_and_an_empty_text_can_be_shown() {
    check(
        "fn a() {}\n",
        (10, 10),
        &[],
        &expect![[r#"
        error[a-rule]: wrong
          ┌─ a.rs:2:1
          │
        2 │
          │ ^

    "#]],
    );
    check(
        "fn a() {}",
        (9, 9),
        &[],
        &expect![[r#"
        error[a-rule]: wrong
          ┌─ a.rs:1:10
          │
        1 │ fn a() {}
          │          ^

    "#]],
    );
    check(
        "",
        (0, 0),
        &[],
        &expect![[r#"
        error[a-rule]: wrong
          ┌─ a.rs:1:1
          │
        1 │
          │ ^

    "#]],
    );
    check(
        "a\n",
        (70, 90),
        &[],
        &expect![[r#"
        error[a-rule]: wrong
          ┌─ a.rs:2:1
          │
        2 │
          │ ^

    "#]],
    );
    check(
        "é\n",
        (1, 1),
        &[],
        &expect![[r#"
        error[a-rule]: wrong
          ┌─ a.rs:1:1
          │
        1 │ é
          │ ^

    "#]],
    );
}

#[test]
fn spans_over_lines_show_both_ends() {
    let steps: Vec<_> = (0..20).map(|n| format!("    step({n});\n")).collect();
    let body = steps.concat();
    let text = format!("fn run() {{\n{body}}}\n");
    let end = text.len() as u32;
    check(
        &text,
        (0, end),
        &[(15, 22, "this one")],
        &expect![[r#"
        error[a-rule]: wrong
           ┌─ a.rs:1:1
           │
         1 │ ╭ fn run() {
         2 │ │     step(0);
           │ │     ------- this one
         3 │ │     step(1);
         4 │ │     step(2);
           · │
        21 │ │     step(19);
        22 │ │ }
           │ ╰─^

    "#]],
    );
    check(
        "fn a() {\n    b();\n}\n",
        (0, 20),
        &[],
        &expect![[r#"
        error[a-rule]: wrong
          ┌─ a.rs:1:1
          │
        1 │ ╭ fn a() {
        2 │ │     b();
        3 │ │ }
          │ ╰─^

    "#]],
    );
    check(
        "a\nb\nc\n",
        (0, 1),
        &[(4, 5, "two further down")],
        &expect![[r#"
        error[a-rule]: wrong
          ┌─ a.rs:1:1
          │
        1 │ a
          │ ^
        2 │ b
        3 │ c
          │ - two further down

    "#]],
    );
}

#[test]
fn marks_in_another_file_get_their_own_snippet() {
    let evidence = vec![Evidence { kind: "item", place: place(1, 4, 9), why: "defined here".to_owned() }];
    let finding = Finding { evidence, ..finding("a-rule", place(0, 0, 1), "wrong") };
    let report = Report {
        files: vec![file("a.rs", "a\n"), file("b\u{1b}.rs", "use cache;\n")],
        findings: vec![judged(finding, Level::Warn)],
        ..Report::default()
    };
    expect![[r#"
        warning[a-rule]: wrong
          ┌─ a.rs:1:1
          │
        1 │ a
          │ ^
          │
          ┌─ b␛.rs:1:5
          │
        1 │ use cache;
          │     ----- defined here

        judged 0 files, 0 modules, 0 edges, 0 orchestrators; clean
    "#]]
    .assert_eq(&full(&report, Style::Plain).unwrap());
}
