//! Which code is test code, and where every path stands in the grammar.

use super::check_with;
use crate::facts::{Item, ItemKind, Scope};
use crate::source::Span;
use expect_test::{Expect, expect};

/// Draws which items and functions are test code.
#[track_caller]
fn check_tests(text: &str, expected: &Expect) {
    let mark = |span: Span, test: bool| (span, if test { "test" } else { "-" }.to_owned());
    let of_item = |item: &Item| {
        let functions = match &item.kind {
            ItemKind::Impl(block) => &block.functions[..],
            ItemKind::Trait(declared) => &declared.functions[..],
            _ => &[],
        };
        let mut marks = vec![mark(item.name_span, item.test)];
        marks.extend(functions.iter().map(|function| mark(function.name_span, function.test)));
        marks
    };
    check_with(text, |scope| scope.items.iter().flat_map(of_item).collect(), expected);
}

/// Draws the paths that the code names, besides its imports.
#[track_caller]
fn check_paths(text: &str, expected: &Expect) {
    check_with(text, paths, expected);
}

fn paths(scope: &Scope) -> Vec<(Span, String)> {
    let paths = scope.paths.iter().map(|used| {
        let test = if used.test { ", test" } else { "" };
        (used.span, format!("{} {:?}{test}", used.path, used.kind))
    });
    paths.collect()
}

#[test]
fn what_exists_in_test_builds_alone_or_where_a_feature_is_for_tests_is_test_code() {
    check_tests(
        "#[cfg(test)] struct A;
#[cfg(all(test, unix))] struct B;
#[cfg(all(unix, any(test, all(test, windows))))] struct C;
#[cfg(any(test, feature = \"testing\"))] struct D;
#[cfg(any(test, feature = \"full\"))] struct NotD;
#[cfg(not(test))] struct NotE;
#[cfg_attr(test, derive(Debug))] struct NotF;
#[cfg(feature = \"test\")] struct NotG;
",
        &expect![[r##"
            #[cfg(test)] struct A;
                                ^ test
            #[cfg(all(test, unix))] struct B;
                                           ^ test
            #[cfg(all(unix, any(test, all(test, windows))))] struct C;
                                                                    ^ test
            #[cfg(any(test, feature = "testing"))] struct D;
                                                          ^ test
            #[cfg(any(test, feature = "full"))] struct NotD;
                                                       ^^^^ -
            #[cfg(not(test))] struct NotE;
                                     ^^^^ -
            #[cfg_attr(test, derive(Debug))] struct NotF;
                                                    ^^^^ -
            #[cfg(feature = "test")] struct NotG;
                                            ^^^^ -
        "##]],
    );
}

#[test]
fn test_functions_of_every_framework_are_test_code() {
    check_tests(
        "#[test] fn a() {}
#[tokio::test] async fn b() {}
#[tokio::test(flavor = \"multi_thread\")] async fn c() {}
#[rstest] fn d() {}
#[bench] fn e() {}
#[tokio::main] async fn not_f() {}
#[attest] fn not_g() {}
",
        &expect![[r#"
            #[test] fn a() {}
                       ^ test
            #[tokio::test] async fn b() {}
                                    ^ test
            #[tokio::test(flavor = "multi_thread")] async fn c() {}
                                                             ^ test
            #[rstest] fn d() {}
                         ^ test
            #[bench] fn e() {}
                        ^ test
            #[tokio::main] async fn not_f() {}
                                    ^^^^^ -
            #[attest] fn not_g() {}
                         ^^^^^ -
        "#]],
    );
}

#[test]
fn parents_make_their_children_test_code() {
    check_tests(
        "#[cfg(test)] mod tests { struct A; mod deeper { fn b() {} } }
mod production { #[cfg(test)] fn a() {} fn not_b() {} }
#[cfg(test)] impl A { fn c() {} }
impl A { #[cfg(test)] fn d() {} fn not_e() {} }
trait T { #[cfg(test)] fn f() {} fn not_g(); }
",
        &expect![[r"
            #[cfg(test)] mod tests { struct A; mod deeper { fn b() {} } }
                             ^^^^^ test
                                            ^ test
                                                   ^^^^^^ test
                                                               ^ test
            mod production { #[cfg(test)] fn a() {} fn not_b() {} }
                ^^^^^^^^^^ -
                                             ^ test
                                                       ^^^^^ -
            #[cfg(test)] impl A { fn c() {} }
                         ^^^^ test
                                     ^ test
            impl A { #[cfg(test)] fn d() {} fn not_e() {} }
            ^^^^ -
                                     ^ test
                                               ^^^^^ -
            trait T { #[cfg(test)] fn f() {} fn not_g(); }
                  ^ -
                                      ^ test
                                                ^^^^^ -
        "]],
    );
}

#[test]
fn a_file_can_be_test_code_as_a_whole() {
    assert!(super::facts("#![cfg(test)]\nfn a() {}").test);
    assert!(!super::facts("#![cfg(not(test))]\nfn a() {}").test);
    assert!(super::facts("#![cfg(test)]\nfn a() {}").scopes[0].items[0].test);
}

#[test]
fn statements_fields_and_arms_can_be_test_code() {
    check_paths(
        "struct S { #[cfg(test)] a: a::A, b: b::B }
fn f(x: X) {
    #[cfg(test)]
    c::call();
    #[cfg(test)]
    let y = d::call();
    #[cfg(test)]
    { e::call() }
    match x {
        #[cfg(test)]
        g::G => g::call(),
        h::H => h::call(),
    }
    #[cfg(test)]
    log::info!(\"{}\", i::call());
}
",
        &expect![[r#"
            struct S { #[cfg(test)] a: a::A, b: b::B }
                                       ^^^^ a::A Type, test
                                                ^^^^ b::B Type
            fn f(x: X) {
                    ^ X Type
            c::call();
            ^^^^^^^ c::call Expression, test
            let y = d::call();
                    ^^^^^^^ d::call Expression, test
            g::G => g::call(),
            ^^^^ g::G Pattern, test
                    ^^^^^^^ g::call Expression, test
            h::H => h::call(),
            ^^^^ h::H Pattern
                    ^^^^^^^ h::call Expression
            log::info!("{}", i::call());
            ^^^^^^^^^ log::info Macro, test
                             ^^^^^^^ i::call Expression, test
        "#]],
    );
}

#[test]
fn every_kind_of_path_is_told_apart() {
    check_paths(
        "#[derive(Clone, a::Derive)]
#[b::attribute]
struct S<T: c::Bound>(d::Type<e::Argument>) where T: f::Predicate;
impl g::Trait<h::Parameter> for S<i::I> {}
trait U: j::Super { type V: k::Of; }
fn f(x: &dyn l::Dyn, y: impl m::Impl<Item = n::Bound>) -> o::Output {
    p::call(q::CONSTANT);
    r::Struct { s: 1, ..t::default() };
    match x { u::Unit => 1, v::Tuple(_) => 2, w::Fields { .. } => 3 };
    aa::mac!(1);
    let z = <bb::Type as cc::Trait>::method();
    xs.iter().map(dd::convert::<ee::Turbofish>);
}
",
        &expect![[r#"
            #[derive(Clone, a::Derive)]
                     ^^^^^ Clone Attribute
                            ^^^^^^^^^ a::Derive Attribute
            #[b::attribute]
              ^^^^^^^^^^^^ b::attribute Attribute
            struct S<T: c::Bound>(d::Type<e::Argument>) where T: f::Predicate;
                        ^^^^^^^^ c::Bound Bound
                                  ^^^^^^^ d::Type Type
                                          ^^^^^^^^^^^ e::Argument Type
                                                              ^ T Type
                                                                 ^^^^^^^^^^^^ f::Predicate Bound
            impl g::Trait<h::Parameter> for S<i::I> {}
                 ^^^^^^^^ g::Trait Impl
                          ^^^^^^^^^^^^ h::Parameter Type
                                            ^ S Type
                                              ^^^^ i::I Type
            trait U: j::Super { type V: k::Of; }
                     ^^^^^^^^ j::Super Bound
                                        ^^^^^ k::Of Bound
            fn f(x: &dyn l::Dyn, y: impl m::Impl<Item = n::Bound>) -> o::Output {
                         ^^^^^^ l::Dyn Bound
                                         ^^^^^^^ m::Impl Bound
                                                        ^^^^^^^^ n::Bound Type
                                                                      ^^^^^^^^^ o::Output Type
            p::call(q::CONSTANT);
            ^^^^^^^ p::call Expression
                    ^^^^^^^^^^^ q::CONSTANT Expression
            r::Struct { s: 1, ..t::default() };
            ^^^^^^^^^ r::Struct Expression
                                ^^^^^^^^^^ t::default Expression
            match x { u::Unit => 1, v::Tuple(_) => 2, w::Fields { .. } => 3 };
                      ^^^^^^^ u::Unit Pattern
                                    ^^^^^^^^ v::Tuple Pattern
                                                      ^^^^^^^^^ w::Fields Pattern
            aa::mac!(1);
            ^^^^^^^ aa::mac Macro
            let z = <bb::Type as cc::Trait>::method();
                     ^^^^^^^^ bb::Type Type
                                 ^^^^^^^^^ cc::Trait Bound
            xs.iter().map(dd::convert::<ee::Turbofish>);
            ^^ xs Expression
                          ^^^^^^^^^^^ dd::convert Expression
                                        ^^^^^^^^^^^^^ ee::Turbofish Type
        "#]],
    );
}

#[test]
fn values_and_aliases_name_types_and_values() {
    check_paths(
        "const C: a::A = b::B;
static D: c::C = c::new();
type E = d::D;
",
        &expect![[r#"
            const C: a::A = b::B;
                     ^^^^ a::A Type
                            ^^^^ b::B Expression
            static D: c::C = c::new();
                      ^^^^ c::C Type
                             ^^^^^^ c::new Expression
            type E = d::D;
                     ^^^^ d::D Alias
        "#]],
    );
}

#[test]
fn strings_of_attributes_may_hold_paths() {
    check_paths(
        "struct S {
    #[serde(with = \"crate::dates\", default = \"self::zero\", rename = \"a::b\", skip_serializing_if = \"c::d\")]
    at: u8,
    #[doc = \"crate::not::a::path\"]
    #[cfg(feature = \"crate::x\")]
    other: u8,
}
",
        &expect![[r##"
            #[serde(with = "crate::dates", default = "self::zero", rename = "a::b", skip_serializing_if = "c::d")]
                           ^^^^^^^^^^^^^^ crate::dates Attribute
                                                     ^^^^^^^^^^^^ self::zero Attribute
                                                                                                          ^^^^^^ c::d Attribute
        "##]],
    );
}

#[test]
fn lone_names_are_told_once_and_locals_never() {
    check_paths(
        "fn f(a: Price, b: Price) -> Price {
    let c = a;
    helper(c, Self::x, Some(b), u64::MAX)
}
",
        &expect![[r"
            fn f(a: Price, b: Price) -> Price {
                    ^^^^^ Price Type
            helper(c, Self::x, Some(b), u64::MAX)
            ^^^^^^ helper Expression
                      ^^^^^^^ Self::x Expression
                                        ^^^^^^^^ u64::MAX Expression
        "]],
    );
}

#[test]
fn what_attributes_say_to_readers_names_nothing() {
    let text = "
#[expect(clippy::all, reason = \"crate::a\")]
#[deprecated(note = \"crate::b\")]
#[must_use = \"crate::c\"]
#[serde(with = \"crate::d\")]
fn f() {}
";
    let facts = super::facts(text);
    let paths: Vec<_> = facts.scopes[0].paths.iter().map(|used| used.path.as_str()).collect();
    assert_eq!(paths, ["crate::d"]);
}

#[test]
fn what_exists_never_is_no_more_code_than_that_of_tests() {
    check_tests(
        "#[cfg(any())] struct A;
#[cfg(false)] struct B;
#[cfg(not(all()))] struct C;
#[cfg(not(not(test)))] struct D;
#[cfg(not(any(not(test), windows)))] struct E;
#[cfg(all(unix, not(true)))] struct F;
#[cfg(not(all(test, unix)))] struct NotG;
#[cfg(not(any()))] struct NotH;
#[cfg(any(unix, false))] struct NotI;
",
        &expect![[r#"
            #[cfg(any())] struct A;
                                 ^ test
            #[cfg(false)] struct B;
                                 ^ test
            #[cfg(not(all()))] struct C;
                                      ^ test
            #[cfg(not(not(test)))] struct D;
                                          ^ test
            #[cfg(not(any(not(test), windows)))] struct E;
                                                        ^ test
            #[cfg(all(unix, not(true)))] struct F;
                                                ^ test
            #[cfg(not(all(test, unix)))] struct NotG;
                                                ^^^^ -
            #[cfg(not(any()))] struct NotH;
                                      ^^^^ -
            #[cfg(any(unix, false))] struct NotI;
                                            ^^^^ -
        "#]],
    );
}

#[test]
fn test_code_stands_wherever_attributes_may() {
    check_paths(
        "struct A<#[cfg(test)] T = a::A>(T);
fn f(#[cfg(test)] a: a::B, b: b::B) -> A { A { #[cfg(test)] a: a::C, b: b::C } }
fn g() { [#[cfg(test)] a::D, b::D]; (#[cfg(test)] a::e(), b::e()); let A { #[cfg(test)] a: a::F, .. } = b::f(); }
trait T { #[cfg(test)] type A: a::G; #[cfg(test)] const B: a::H; type C: b::H; }
impl I { #[cfg(test)] const A: a::I = a::I; }
extern \"C\" { #[cfg(test)] fn a(a: a::J); #[cfg(test)] static B: a::K; fn c(c: b::K); }
",
        &expect![[r#"
            struct A<#[cfg(test)] T = a::A>(T);
                                      ^^^^ a::A Type, test
                                            ^ T Type
            fn f(#[cfg(test)] a: a::B, b: b::B) -> A { A { #[cfg(test)] a: a::C, b: b::C } }
                                 ^^^^ a::B Type, test
                                          ^^^^ b::B Type
                                                   ^ A Type
                                                       ^ A Expression
                                                                           ^^^^ a::C Expression, test
                                                                                    ^^^^ b::C Expression
            fn g() { [#[cfg(test)] a::D, b::D]; (#[cfg(test)] a::e(), b::e()); let A { #[cfg(test)] a: a::F, .. } = b::f(); }
                                   ^^^^ a::D Expression, test
                                         ^^^^ b::D Expression
                                                              ^^^^ a::e Expression, test
                                                                      ^^^^ b::e Expression
                                                                                   ^ A Pattern
                                                                                                       ^^^^ a::F Pattern, test
                                                                                                                    ^^^^ b::f Expression
            trait T { #[cfg(test)] type A: a::G; #[cfg(test)] const B: a::H; type C: b::H; }
                                           ^^^^ a::G Bound, test
                                                                       ^^^^ a::H Type, test
                                                                                     ^^^^ b::H Bound
            impl I { #[cfg(test)] const A: a::I = a::I; }
                 ^ I Type
                                           ^^^^ a::I Type, test
                                                  ^^^^ a::I Expression, test
            extern "C" { #[cfg(test)] fn a(a: a::J); #[cfg(test)] static B: a::K; fn c(c: b::K); }
                                              ^^^^ a::J Type, test
                                                                            ^^^^ a::K Type, test
                                                                                          ^^^^ b::K Type
        "#]],
    );
}

#[test]
fn strings_behind_some_keys_are_code_in_any_attribute() {
    check_paths(
        "#[own(with = \"a::b\", rename = \"c::d\")] struct A { #[own(default = \"e::f\")] a: u32 }",
        &expect![[r##"
            #[own(with = "a::b", rename = "c::d")] struct A { #[own(default = "e::f")] a: u32 }
                         ^^^^^^ a::b Attribute
                                                                              ^^^^^^ e::f Attribute
        "##]],
    );
}
