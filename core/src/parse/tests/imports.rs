//! `use` trees and `extern crate`: one import per leaf, with what it binds.

use super::check_with;
use crate::facts::{ImportKind, Scope, Visibility};
use crate::source::Span;
use expect_test::{Expect, expect};

#[track_caller]
fn check(text: &str, expected: &Expect) {
    check_with(text, imports, expected);
}

fn imports(scope: &Scope) -> Vec<(Span, String)> {
    let imports = scope.imports.iter().map(|import| {
        let kind = match import.kind {
            ImportKind::Name => String::new(),
            ImportKind::Glob => "::*".to_owned(),
            ImportKind::ExternCrate => " (crate)".to_owned(),
        };
        let name = import.name.as_ref().map_or_else(|| "nothing".to_owned(), |name| format!("`{name}`"));
        let visibility = match &import.visibility {
            Visibility::Private => String::new(),
            Visibility::Public => ", public".to_owned(),
            Visibility::Restricted(path) => format!(", seen in {path}"),
        };
        let block = import.block.map_or_else(String::new, |block| format!(", in {}..{}", block.start, block.end));
        let test = if import.test { ", test" } else { "" };
        (import.span, format!("{}{kind} as {name}{visibility}{block}{test}", import.path))
    });
    imports.collect()
}

#[test]
fn every_leaf_of_a_tree_is_an_import() {
    check(
        "use a;
use a::b;
use a::b::{c, d::e, f::{g, h}};
use a::{self, b};
use {crate::x, self::y, super::super::z};
",
        &expect![[r"
            use a;
                ^ a as `a`
            use a::b;
                   ^ a::b as `b`
            use a::b::{c, d::e, f::{g, h}};
                       ^ a::b::c as `c`
                             ^ a::b::d::e as `e`
                                    ^ a::b::f::g as `g`
                                       ^ a::b::f::h as `h`
            use a::{self, b};
                    ^^^^ a as `a`
                          ^ a::b as `b`
            use {crate::x, self::y, super::super::z};
                        ^ crate::x as `x`
                                 ^ self::y as `y`
                                                  ^ super::super::z as `z`
        "]],
    );
}

#[test]
fn renames_globs_and_leading_colons_are_kept_apart() {
    check(
        "use a::b as c;
use a::Trait as _;
use a::{self as d, r#type, e as r#move};
use a::*;
use a::{b::*, *};
use *;
use ::a::b;
use ::{c, d::*};
",
        &expect![[r"
            use a::b as c;
                   ^^^^^^ a::b as `c`
            use a::Trait as _;
                   ^^^^^^^^^^ a::Trait as nothing
            use a::{self as d, r#type, e as r#move};
                    ^^^^^^^^^ a as `d`
                               ^^^^^^ a::type as `type`
                                       ^^^^^^^^^^^ a::e as `move`
            use a::*;
                   ^ a::* as nothing
            use a::{b::*, *};
                       ^ a::b::* as nothing
                          ^ a::* as nothing
            use *;
                ^ ::* as nothing
            use ::a::b;
                     ^ ::a::b as `b`
            use ::{c, d::*};
                   ^ ::c as `c`
                         ^ ::d::* as nothing
        "]],
    );
}

#[test]
fn whoever_may_see_an_import_is_told() {
    check(
        "pub use a::b;
pub(crate) use a::c;
pub(super) use a::d;
pub(in crate::x) use a::e;
use a::f;
",
        &expect![[r"
            pub use a::b;
                       ^ a::b as `b`, public
            pub(crate) use a::c;
                              ^ a::c as `c`, seen in crate
            pub(super) use a::d;
                              ^ a::d as `d`, seen in super
            pub(in crate::x) use a::e;
                                    ^ a::e as `e`, seen in crate::x
            use a::f;
                   ^ a::f as `f`
        "]],
    );
}

#[test]
fn crates_are_imported_by_either_name() {
    check(
        "extern crate a;
extern crate b as c;
extern crate self as d;
pub extern crate e as _;
",
        &expect![[r"
            extern crate a;
            ^^^^^^^^^^^^^^^ a (crate) as `a`
            extern crate b as c;
            ^^^^^^^^^^^^^^^^^^^^ b (crate) as `c`
            extern crate self as d;
            ^^^^^^^^^^^^^^^^^^^^^^^ crate (crate) as `d`
            pub extern crate e as _;
                ^^^^^^^^^^^^^^^^^^^^ e (crate) as nothing, public
        "]],
    );
}

#[test]
fn imports_in_bodies_know_their_block_and_imports_of_modules_in_bodies_have_none() {
    check(
        "fn f() {
    use a::b;
    if x() { use a::c; }
    mod inner { use a::d; }
}
",
        &expect![[r"
                use a::b;
                       ^ a::b as `b`, in 7..77
                if x() { use a::c; }
                                ^ a::c as `c`, in 34..47
                mod inner { use a::d; }
                                   ^ a::d as `d`
        "]],
    );
}

#[test]
fn imports_of_tests_are_marked() {
    check(
        "#[cfg(test)]
use a::b;
#[cfg(feature = \"x\")]
use a::c;
#[cfg(test)]
mod tests { use super::*; }
",
        &expect![[r"
            use a::b;
                   ^ a::b as `b`, test
            use a::c;
                   ^ a::c as `c`
            mod tests { use super::*; }
                                   ^ super::* as nothing, test
        "]],
    );
}
