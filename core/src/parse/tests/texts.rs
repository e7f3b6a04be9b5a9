//! Texts as they come: encodings, line ends, syntax errors; and what holds for every text.

use super::{check_with, draw, facts};
use crate::facts::{Body, FileFacts, Function, ItemKind, Scope};
use crate::parse::{Need, Parsed, parse_file};
use crate::source::{LineIndex, Span};
use expect_test::{Expect, expect};
use std::collections::BTreeSet;

/// Draws the names of items and the paths of a text.
#[track_caller]
fn check(text: &str, expected: &Expect) {
    check_with(text, names, expected);
}

fn names(scope: &Scope) -> Vec<(Span, String)> {
    let items = scope.items.iter().map(|item| (item.name_span, format!("item {}", item.name)));
    items.chain(scope.paths.iter().map(|used| (used.span, used.path.to_string()))).collect()
}

#[test]
fn characters_of_several_bytes_move_no_span() {
    check(
        "fn größe() { let x = \"→ ünï\"; /* ∞ */ a::b(x, c::Ünit) }
struct Após(d::E);
",
        &expect![[r#"
            fn größe() { let x = "→ ünï"; /* ∞ */ a::b(x, c::Ünit) }
               ^^^^^ item größe
                                                  ^^^^ a::b
                                                          ^^^^^^^ c::Ünit
            struct Após(d::E);
                   ^^^^ item Após
                        ^^^^ d::E
        "#]],
    );
}

#[test]
fn line_ends_of_windows_move_no_span() {
    check(
        "struct A;\r\nfn f() {\r\n    a::b()\r\n}\r\n",
        &expect![[r"
            struct A;
                   ^ item A
            fn f() {
               ^ item f
            a::b()
            ^^^^ a::b
        "]],
    );
}

#[test]
fn a_byte_order_mark_and_a_shebang_move_no_span() {
    check(
        "\u{feff}struct A; fn f() { a::b() }\n",
        &expect![[r#"
            ﻿struct A; fn f() { a::b() }
                    ^ item A
                          ^ item f
                                ^^^^ a::b
        "#]],
    );
    check(
        "\u{feff}#!/usr/bin/env cargo\nfn f() { a::b() }\nstruct A;\n",
        &expect![[r"
        fn f() { a::b() }
           ^ item f
                 ^^^^ a::b
        struct A;
               ^ item A
    "]],
    );
    check(
        "#!/usr/bin/env cargo\nfn f() { a::b() }\n",
        &expect![[r"
        fn f() { a::b() }
           ^ item f
                 ^^^^ a::b
    "]],
    );
}

#[test]
fn raw_names_are_the_names() {
    check(
        "fn r#match(r#type: r#try::Type) { r#try::call() }",
        &expect![[r"
        fn r#match(r#type: r#try::Type) { r#try::call() }
           ^^^^^^^ item match
                           ^^^^^^^^^^^ try::Type
                                          ^^^^^^^^^^^ try::call
    "]],
    );
}

/// Draws why a text has no facts.
#[track_caller]
fn check_failure(text: &str, expected: &Expect) {
    let Parsed::Failed(failure) = parse_file(text, &LineIndex::new(text), Need::Bodies) else { panic!("it parses") };
    assert!(!failure.help.is_empty());
    expected.assert_eq(&draw(text, vec![(failure.span, failure.message)]));
}

#[test]
fn syntax_errors_say_where() {
    check_failure(
        "fn f() {\n    let = 1;\n}\n",
        &expect![[r"
                let = 1;
                    ^ syntax error: expected one of: identifier, `::`, `<`, `_`, literal, `const`, `ref`, `mut`, `&`, parentheses, square brackets, `..`, `const`
        "]],
    );
    check_failure(
        "fn f() {\n",
        &expect![[r"
            fn f() {
                   ^ syntax error: a bracket, string or comment is not closed, or closed twice, or a character fits nowhere
        "]],
    );
    check_failure(
        "struct S {\n    a b\n}\n",
        &expect![[r"
                a b
                  ^ syntax error: expected `:`
        "]],
    );
    check_failure(
        "é é é\n",
        &expect![[r"
        é é é
          ^ syntax error: expected `!`
    "]],
    );
}

#[test]
fn nothing_is_a_file_without_facts() {
    assert_eq!(facts("").scopes, [Scope::default()]);
    assert_eq!(facts("// a comment\n").scopes, [Scope::default()]);
}

#[test]
fn generated_files_are_left_alone() {
    let parsed = |text: &str| parse_file(text, &LineIndex::new(text), Need::Names);
    assert_eq!(parsed("// @generated\nfn f( {"), Parsed::Generated);
    assert!(matches!(parsed("fn f() { \"@generated\" }"), Parsed::Facts(_)));
}

#[test]
fn bodies_are_kept_for_those_who_ask() {
    let text = "fn f() { a::b() } impl S { fn g() { c::d() } }";
    let Parsed::Facts(without) = parse_file(text, &LineIndex::new(text), Need::Names) else { panic!("no facts") };
    let with = facts(text);
    assert!(functions(&without).iter().all(|function| function.body.is_none()));
    assert!(functions(&with).iter().all(|function| function.body.is_some()));
    assert_eq!(without.scopes[0].paths, with.scopes[0].paths, "the names are the same");
}

/// Files of this crate, and hard ones: each with all that a language has to offer.
const TEXTS: &[&str] = &[
    include_str!("../bodies.rs"),
    include_str!("../items.rs"),
    include_str!("../macros.rs"),
    include_str!("../names.rs"),
    include_str!("../../facts/body.rs"),
    include_str!("../../facts/mod.rs"),
    include_str!("../../lexer/token.rs"),
    include_str!("../../link/names/walk.rs"),
    include_str!("../../link/roles.rs"),
    include_str!("../../link/tree.rs"),
    include_str!("../../config/pattern.rs"),
    include_str!("../../manifest/targets.rs"),
    include_str!("../../source.rs"),
    "\u{feff}#!/bin/sh\r\nfn größe(é: a::É) -> Result<ß::Á, Box<dyn ö::Ü>> {\r\n    println!(\"→ {}\", é.ß()?);\r\n    ж::з()\r\n}\r\n",
];

#[test]
fn facts_survive_being_written_and_read() {
    for text in TEXTS {
        let facts = facts(text);
        let written = serde_json::to_string(&facts).unwrap();
        assert_eq!(serde_json::from_str::<FileFacts>(&written).unwrap(), facts);
    }
}

#[test]
fn spans_hold_what_they_name() {
    for text in TEXTS {
        let facts = facts(text);
        let read = |span: Span| text.get(span.start as usize..span.end as usize).unwrap_or_else(|| panic!("{span:?}"));
        for scope in &facts.scopes {
            for item in &scope.items {
                let whole = read(item.span);
                let name = if item.name.is_empty() { "impl" } else { item.name.as_str() };
                assert_eq!(read(item.name_span).trim_start_matches("r#"), name);
                assert!(whole.contains(name), "{whole}");
            }
            for import in &scope.imports {
                assert!(!read(import.span).is_empty(), "{import:?}");
            }
            for used in &scope.paths {
                let last = used.path.rsplit("::").next().unwrap();
                assert!(read(used.span).contains(last), "{used:?}");
            }
        }
        for function in functions(&facts) {
            assert_eq!(read(function.name_span).trim_start_matches("r#"), function.name);
            assert!(read(function.span).contains(function.name.as_str()));
            for parameter in &function.parameters {
                assert!(read(parameter.span).contains(parameter.name.as_str()), "{parameter:?}");
            }
            for (_, node) in function.body.iter().flat_map(Body::nodes) {
                assert!(node.span == Span::default() || function.span.contains(node.span), "{node:?}");
                read(node.span);
            }
        }
    }
}

/// The paths of several segments that a file names, at each place in it, test code apart.
fn named(facts: &FileFacts) -> BTreeSet<(Span, String)> {
    let paths = facts.scopes.iter().flat_map(|scope| &scope.paths).filter(|used| !used.test);
    paths.filter(|used| used.path.contains("::")).map(|used| (used.span, used.path.to_string())).collect()
}

#[test]
fn an_outline_names_what_the_bodies_name() {
    for text in TEXTS {
        let of = |need| match parse_file(text, &LineIndex::new(text), need) {
            Parsed::Facts(facts) => facts,
            other => panic!("{other:?}"),
        };
        let (outline, whole) = (of(Need::Outline), of(Need::Names));
        // Tokens do not say where the arguments of a turbofish end, so its path ends before it.
        let plain = |(span, _): &&(Span, String)| !text[span.start as usize..span.end as usize].contains('<');
        let missed: Vec<_> = named(&whole).difference(&named(&outline)).filter(plain).cloned().collect();
        assert!(missed.is_empty(), "{missed:?}");
        let imports =
            |facts: &FileFacts| facts.scopes.iter().flat_map(|scope| scope.imports.clone()).collect::<Vec<_>>();
        assert_eq!(imports(&whole), imports(&outline));
    }
}

#[test]
fn an_outline_takes_no_word_of_a_macro_for_an_import() {
    let text = "fn f() {
    use a::b;
    if p.at(T![use]) { expect![use] }
    quote! { use #name; use c::#d; e::f() }
    { use g::h; }
}
";
    let Parsed::Facts(facts) = parse_file(text, &LineIndex::new(text), Need::Outline) else { panic!("it parses") };
    let imports: Vec<_> = facts.scopes[0].imports.iter().map(|import| import.path.as_str()).collect();
    assert_eq!(imports, ["a::b", "g::h"]);
    assert_eq!(facts.scopes[0].paths.iter().filter(|used| used.path == "e::f").count(), 1);
}

/// Every function of a file, associated ones too.
fn functions(facts: &FileFacts) -> Vec<&Function> {
    let mut found = Vec::new();
    for item in facts.scopes.iter().flat_map(|scope| &scope.items) {
        match &item.kind {
            ItemKind::Function(function) => found.push(&**function),
            ItemKind::Impl(block) => found.extend(&block.functions),
            ItemKind::Trait(declared) => found.extend(&declared.functions),
            _ => {}
        }
    }
    found
}
