//! What macro calls hide: items, modules, names.

use super::{Need, Parsed, check_with, facts, parse_file};
use crate::facts::{ItemKind, PathKind, Scope};
use crate::source::{LineIndex, Span};
use expect_test::{Expect, expect};

/// Draws the items, imports and paths of a text.
#[track_caller]
fn check(text: &str, expected: &Expect) {
    check_with(text, everything, expected);
}

fn everything(scope: &Scope) -> Vec<(Span, String)> {
    let items = scope.items.iter().map(|item| {
        let kind = match &item.kind {
            ItemKind::Module(module) if module.inline.is_none() => "mod with a file",
            ItemKind::Module(_) => "mod",
            ItemKind::Struct(_) => "struct",
            ItemKind::Function(_) => "fn",
            ItemKind::Static(inner) if inner.thread_local => "static of a thread",
            ItemKind::Static(_) => "static",
            ItemKind::MacroRules(_) => "macro",
            _ => "other",
        };
        (item.name_span, format!("{kind}{}", if item.test { ", test" } else { "" }))
    });
    let imports = scope.imports.iter().map(|import| (import.span, format!("use {}", import.path)));
    let paths = scope.paths.iter().map(|used| {
        let kind =
            if used.kind == PathKind::MacroArgument { "argument".to_owned() } else { format!("{:?}", used.kind) };
        (used.span, format!("{} {kind}", used.path))
    });
    items.chain(imports).chain(paths).collect()
}

#[test]
fn arguments_that_are_expressions_are_read_as_such() {
    check(
        "fn f() {
    format!(\"{}\", a::b());
    assert_eq!(c::D, e::f(), \"{}\", g::H);
    let x = matches!(i::j(), k::L | k::M(_) if n::o());
    let y = vec![p::Q::new(); r::N];
    tracing::info!(%s::t(), u = ?v::w(), \"said\");
    println!(\"{x}\", x = y::z());
}
",
        &expect![[r#"
            fn f() {
               ^ fn
            format!("{}", a::b());
            ^^^^^^ format Macro
                          ^^^^ a::b Expression
            assert_eq!(c::D, e::f(), "{}", g::H);
            ^^^^^^^^^ assert_eq Macro
                       ^^^^ c::D Expression
                             ^^^^ e::f Expression
                                           ^^^^ g::H Expression
            let x = matches!(i::j(), k::L | k::M(_) if n::o());
                    ^^^^^^^ matches Macro
                             ^^^^ i::j Expression
                                     ^^^^ k::L Pattern
                                            ^^^^ k::M Pattern
                                                       ^^^^ n::o Expression
            let y = vec![p::Q::new(); r::N];
                    ^^^ vec Macro
                         ^^^^^^^^^ p::Q::new Expression
                                      ^^^^ r::N Expression
            tracing::info!(%s::t(), u = ?v::w(), "said");
            ^^^^^^^^^^^^^ tracing::info Macro
                            ^^^^ s::t Expression
                                         ^^^^ v::w Expression
            println!("{x}", x = y::z());
            ^^^^^^^ println Macro
                                ^^^^ y::z Expression
        "#]],
    );
}

#[test]
fn arguments_of_other_macros_are_searched_for_paths() {
    check(
        "fn f() {
    tokio::select! {
        one = a::b() => c::d(one),
        _ = shutdown.e::<g::H>() => {}
    }
    json!({ \"a\": i::J, \"b\": [k::l()] });
    html! { <m::N o={p::q()} /> }
    routes![r::s, t::u];
    map! { \"a\" => v::w() };
}
",
        &expect![[r#"
            fn f() {
               ^ fn
            tokio::select! {
            ^^^^^^^^^^^^^ tokio::select Macro
            one = a::b() => c::d(one),
                  ^^^^ a::b Expression
                            ^^^^ c::d Expression
            _ = shutdown.e::<g::H>() => {}
                ^^^^^^^^ shutdown Expression
                             ^^^^ g::H Type
            json!({ "a": i::J, "b": [k::l()] });
            ^^^^ json Macro
                         ^^^^ i::J argument
                                     ^^^^ k::l argument
            html! { <m::N o={p::q()} /> }
            ^^^^ html Macro
                     ^^^^ m::N argument
                             ^^^^ p::q argument
            routes![r::s, t::u];
            ^^^^^^ routes Macro
                    ^^^^ r::s Expression
                          ^^^^ t::u Expression
            map! { "a" => v::w() };
            ^^^ map Macro
                          ^^^^ v::w argument
        "#]],
    );
}

#[test]
fn macros_that_quote_name_nothing() {
    check(
        "fn f() {
    stringify!(a::b);
    concat!(\"c::d\");
    include_str!(\"e.txt\");
    if cfg!(feature = \"f\") {}
}
include!(\"g.rs\");
",
        &expect![[r#"
            fn f() {
               ^ fn
            stringify!(a::b);
            ^^^^^^^^^ stringify Macro
            concat!("c::d");
            ^^^^^^ concat Macro
            include_str!("e.txt");
            ^^^^^^^^^^^ include_str Macro
            if cfg!(feature = "f") {}
               ^^^ cfg Macro
            include!("g.rs");
            ^^^^^^^ other
            ^^^^^^^ include Macro
        "#]],
    );
}

#[test]
fn items_in_macro_calls_are_items() {
    check(
        "cfg_if! {
    if #[cfg(unix)] {
        mod unix;
        pub use unix::Handle;
    } else if #[cfg(windows)] {
        mod windows;
    } else {
        compile_error!(\"neither\");
    }
}
cfg_rt! { mod runtime; pub fn spawn() { a::b() } }
cfg_test! { mod inline { mod inside; } }
",
        &expect![[r#"
            cfg_if! {
            ^^^^^^ other
            ^^^^^^ cfg_if Macro
            mod unix;
                ^^^^ mod with a file
            pub use unix::Handle;
                          ^^^^^^ use unix::Handle
            mod windows;
                ^^^^^^^ mod with a file
            compile_error!("neither");
            ^^^^^^^^^^^^^ compile_error Macro
            cfg_rt! { mod runtime; pub fn spawn() { a::b() } }
            ^^^^^^ other
            ^^^^^^ cfg_rt Macro
                          ^^^^^^^ mod with a file
                                          ^^^^^ fn
                                                    ^^^^ a::b Expression
            cfg_test! { mod inline { mod inside; } }
            ^^^^^^^^ other
            ^^^^^^^^ cfg_test Macro
                            ^^^^^^ mod
                                         ^^^^^^ mod with a file
        "#]],
    );
}

#[test]
fn statics_of_macros_are_statics() {
    check(
        "thread_local! {
    static A: Cell<u8> = Cell::new(1);
    pub static B: RefCell<a::B> = const { RefCell::new(a::B) };
}
thread_local!(static C: Cell<u8> = Cell::new(1));
own_thread_local! { static G: Cell<u8> = Cell::new(1) }
std::thread_local! { static D: Cell<u8> = const { Cell::new(1) } }
lazy_static! {
    static ref E: Mutex<u8> = Mutex::new(1);
    pub(crate) static ref F: c::D = c::D::new();
}
",
        &expect![[r#"
            thread_local! {
            ^^^^^^^^^^^^ other
            ^^^^^^^^^^^^ thread_local Macro
            static A: Cell<u8> = Cell::new(1);
                   ^ static of a thread
                      ^^^^ Cell Type
                                 ^^^^^^^^^ Cell::new Expression
            pub static B: RefCell<a::B> = const { RefCell::new(a::B) };
                       ^ static of a thread
                          ^^^^^^^ RefCell Type
                                  ^^^^ a::B Type
                                                  ^^^^^^^^^^^^ RefCell::new Expression
                                                               ^^^^ a::B Expression
            thread_local!(static C: Cell<u8> = Cell::new(1));
            ^^^^^^^^^^^^ other
            ^^^^^^^^^^^^ thread_local Macro
                                 ^ static of a thread
                                    ^^^^ Cell Type
                                               ^^^^^^^^^ Cell::new Expression
            own_thread_local! { static G: Cell<u8> = Cell::new(1) }
            ^^^^^^^^^^^^^^^^ other
            ^^^^^^^^^^^^^^^^ own_thread_local Macro
                                       ^ static of a thread
                                          ^^^^ Cell Type
                                                     ^^^^^^^^^ Cell::new Expression
            std::thread_local! { static D: Cell<u8> = const { Cell::new(1) } }
            ^^^^^^^^^^^^^^^^^ other
            ^^^^^^^^^^^^^^^^^ std::thread_local Macro
                                        ^ static of a thread
                                           ^^^^ Cell Type
                                                              ^^^^^^^^^ Cell::new Expression
            lazy_static! {
            ^^^^^^^^^^^ other
            ^^^^^^^^^^^ lazy_static Macro
            static ref E: Mutex<u8> = Mutex::new(1);
                       ^ static
                          ^^^^^ Mutex Type
                                      ^^^^^^^^^^ Mutex::new Expression
            pub(crate) static ref F: c::D = c::D::new();
                                  ^ static
                                     ^^^^ c::D Type
                                            ^^^^^^^^^ c::D::new Expression
        "#]],
    );
}

#[test]
fn statements_in_macro_calls_are_statements() {
    check(
        "fn f() {
    cfg_rt! { let a = b::c(); use d::e; fn nested() { f::g() } }
}
",
        &expect![[r"
            fn f() {
               ^ fn
            cfg_rt! { let a = b::c(); use d::e; fn nested() { f::g() } }
            ^^^^^^ cfg_rt Macro
                              ^^^^ b::c Expression
                                             ^ use d::e
                                                   ^^^^^^ fn
                                                              ^^^^ f::g Expression
        "]],
    );
}

#[test]
fn definitions_of_macros_keep_their_paths_to_themselves() {
    let facts = facts("macro_rules! m { ($t:ty) => { $crate::a::b(); std::fs::read(); x.c::<d::E>() } }");
    let ItemKind::MacroRules(found) = &facts.scopes[0].items[0].kind else { panic!("{facts:?}") };
    let paths: Vec<_> = found.paths.iter().map(|named| named.path.as_str()).collect();
    assert_eq!(paths, ["crate::a::b", "std::fs::read", "d::E"]);
    assert!(facts.scopes[0].paths.is_empty());
}

#[test]
fn tokens_that_nobody_can_read_say_their_imports_and_paths() {
    check(
        "fn f() {
    rules! { a => use b::{c, d::e}; e::f() }
    rules! { #[cfg(g)] use h::{i}; 0..j::k => .l::m }
    rules! { n => o::/* p */q // r
        ::r#s() }
    let t = builtin # offset_of(u::V, w);
    become x::y();
}
pub macro z() { a::b() }
",
        &expect![[r#"
            fn f() {
               ^ fn
            rules! { a => use b::{c, d::e}; e::f() }
            ^^^^^ rules Macro
                                  ^ use b::c
                                        ^ use b::d::e
                                            ^^^^ e::f argument
            rules! { #[cfg(g)] use h::{i}; 0..j::k => .l::m }
                                       ^ use h::i
                                              ^^^^ j::k argument
            rules! { n => o::/* p */q // r
                          ^^^^^^^^^^^^^^^^ o::q::s argument
            let t = builtin # offset_of(u::V, w);
                                        ^^^^ u::V argument
            become x::y();
                   ^^^^ x::y argument
            pub macro z() { a::b() }
                            ^^^^ a::b argument
        "#]],
    );
}

#[test]
fn quoted_code_begins_where_it_will_stand() {
    let text = "fn f() {
    quote! { crate::a::B; ::std::fs::read(); d::E; pub enum Kind { A } use super::g; struct #name; }
    quote::quote_spanned!(at=> impl self::h::I for J { const LIMIT: u8 = 0; });
    quoted! { crate::k::L; struct Other; }
    crate::m::n();
}
";
    for need in [Need::Outline, Need::Bodies] {
        let Parsed::Facts(facts) = parse_file(text, &LineIndex::new(text), need) else { panic!("{need:?}") };
        let scope = &facts.scopes[0];
        let mut rooted: Vec<_> = scope.paths.iter().map(|used| used.path.as_str()).collect();
        rooted.retain(|path| ["crate::", "self::", "super::"].iter().any(|root| path.starts_with(root)));
        assert_eq!(rooted, ["crate::k::L", "crate::m::n"], "{need:?}");
        assert!(scope.paths.iter().any(|used| used.path == "std::fs::read" || used.path == "::std::fs::read"));
        assert!(scope.imports.is_empty());
        assert_eq!(facts.quoted, ["Kind", "LIMIT"]);
    }
}

#[test]
fn macros_called_by_their_paths_in_tokens_are_called() {
    check(
        "fn f() { own!(a => b::c!(d), e::f != g::h); }
",
        &expect![[r#"
            fn f() { own!(a => b::c!(d), e::f != g::h); }
               ^ fn
                     ^^^ own Macro
                               ^^^^ b::c Macro
                                         ^^^^ e::f argument
                                                 ^^^^ g::h argument
        "#]],
    );
}

/// The paths that a file names by putting them together, and the types that its calls make.
fn made(text: &str) -> Vec<String> {
    let facts = facts(text);
    let mut made = Vec::new();
    for scope in &facts.scopes {
        made.extend(scope.paths.iter().filter(|used| used.path.contains("::")).map(|used| used.path.to_string()));
        let structs = scope.items.iter().filter(|item| matches!(item.kind, ItemKind::Struct(_)));
        made.extend(structs.map(|item| item.name.to_string()));
    }
    made
}

#[test]
fn paths_are_put_together_from_pieces() {
    let call = |body: &str| made(&format!("macro_rules! at {{ ($m:ident) => {{ {body} }} }} at!(shell);"));
    let found = ["crate::shell::load"];
    assert_eq!(call("fn a() { crate::$m::load() }"), found);
    assert_eq!(call("mod a { fn b() { crate::$m::load() } }"), found);
    assert_eq!(call("#[cfg(not(test))] mod a { fn b() { crate::$m::load() } }"), found);
    assert_eq!(call("#[test] fn a<A, B>() { crate::$m::none() } fn b() { crate::$m::load() }"), found);
    assert_eq!(call("const A: B = B { #[cfg(test)] c: crate::$m::none(), d: crate::$m::load() };"), found);
    for none in [
        "#[cfg(test)] mod a { fn b() { crate::$m::load() } }",
        "mod a { #![cfg(test)] fn b() { crate::$m::load() } }",
        "#[doc = stringify!(crate::$m::load)] fn a() {}",
        "fn a() { concat!(stringify!(crate::$m::load)) }",
        "mod a { fn b() { super::$m::load() } }",
    ] {
        assert_eq!(call(none), [""; 0], "{none}");
    }
    let whole =
        "macro_rules! at { ($m:ident :: $n:ident) => { crate::$m::$n() } } fn f() { at!(shell::load); shell::a() }";
    assert_eq!(made(whole), ["crate::shell::load", "shell::a"]);
}

#[test]
fn a_macro_is_known_where_it_is_in_scope() {
    const RULES: &str = "macro_rules! make { ($n:ident) => { pub struct $n; } }";
    assert_eq!(made(&format!("{RULES} make!(A); mod b {{ make!(B); }}")), ["A", "B"]);
    assert_eq!(made(&format!("#[macro_use] mod b {{ {RULES} }} make!(A);")), ["A"]);
    assert_eq!(made(&format!("{RULES} pub(crate) use make; make!(A);")), ["A"]);
    assert_eq!(made(&format!("mod b {{ {RULES} }} make!(A);")), [""; 0]);
    assert_eq!(made(&format!("fn b() {{ {RULES} }} make!(A);")), [""; 0]);
    assert_eq!(made(&format!("mod b {{ {RULES} }} {RULES} make!(A);")), ["A"]);
    assert_eq!(made(&format!("{RULES} macro_rules! make {{ () => {{}} }} make!(A);")), [""; 0]);
    assert!(!made(&format!("{RULES} use crate::other::make; make!(A);")).contains(&"A".to_owned()));
}
