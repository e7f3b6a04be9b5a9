//! Packages, members, editions, dependencies and features.

use super::check;
use expect_test::expect;

#[test]
fn an_empty_tree_has_no_packages() {
    check("", &expect![[""]]);
}

#[test]
fn a_lone_package_is_its_own_workspace_and_its_path_dependencies_belong_to_it() {
    check(
        r#"
//- Cargo.toml
[package]
name = "whole-thing"
[dependencies]
part = { path = "part" }
[workspace-like-key]
//- src/lib.rs
//- part/Cargo.toml
[package]
name = "part"
edition = "2021"
//- part/src/lib.rs
//- tests/data/stray/Cargo.toml
[package]
name = "stray"
edition = "2018"
//- tests/data/stray/src/lib.rs
"#,
        &expect![[r#"
            Cargo.toml: whole-thing 2015
              library whole_thing: src/lib.rs
              Normal part = part in `part`
            part/Cargo.toml: part 2021
              library part: part/src/lib.rs
            tests/data/stray/Cargo.toml: stray 2018, no member
              library stray: tests/data/stray/src/lib.rs
        "#]],
    );
}

#[test]
fn globs_plain_paths_and_path_dependencies_make_members_and_exclude_takes_plain_paths_only() {
    check(
        r#"
//- Cargo.toml
[workspace]
members = ["crates/*", "./x/", "crates/out/kept", "deep/**/leaf", "{b}*"]
exclude = ["crates/out", "crates/g*"]
//- crates/a/Cargo.toml
[package]
name = "a"
[dependencies]
drawn = { path = "../../drawn" }
own = { path = "../../own" }
//- crates/a/inner/Cargo.toml
[package]
name = "inner"
//- crates/g1/Cargo.toml
[package]
name = "g1"
//- crates/out/Cargo.toml
[package]
name = "out"
//- crates/out/kept/Cargo.toml
[package]
name = "kept"
//- deep/p/q/leaf/Cargo.toml
[package]
name = "leaf"
//- drawn/Cargo.toml
[package]
name = "drawn"
[dev-dependencies]
further = { path = "sub/further" }
//- drawn/sub/further/Cargo.toml
[package]
name = "further"
//- own/Cargo.toml
[package]
name = "own"
[workspace]
//- x/Cargo.toml
[package]
name = "x"
//- {b}1/Cargo.toml
[package]
name = "braces"
//- fuzz/Cargo.toml
[package]
name = "fuzz"
"#,
        &expect![[r#"
            crates/a/Cargo.toml: a 2015
              Normal drawn = drawn in `drawn`
              Normal own = own in `own`
            crates/a/inner/Cargo.toml: inner 2015, no member
            crates/g1/Cargo.toml: g1 2015
            crates/out/Cargo.toml: out 2015, no member
            crates/out/kept/Cargo.toml: kept 2015
            deep/p/q/leaf/Cargo.toml: leaf 2015
            drawn/Cargo.toml: drawn 2015
              Dev further = further in `drawn/sub/further`
            drawn/sub/further/Cargo.toml: further 2015
            fuzz/Cargo.toml: fuzz 2015, no member
            own/Cargo.toml: own 2015, no member
            x/Cargo.toml: x 2015
            {b}1/Cargo.toml: braces 2015
        "#]],
    );
}

#[test]
fn without_a_root_manifest_every_topmost_one_is_a_root() {
    check(
        r#"
//- ws/Cargo.toml
[workspace]
members = ["in", "../side"]
[workspace.package]
edition = "2024"
//- ws/in/Cargo.toml
[package]
name = "in"
edition.workspace = true
//- ws/unlisted/Cargo.toml
[package]
name = "unlisted"
//- side/Cargo.toml
[package]
name = "side"
workspace = "../ws"
edition.workspace = true
[dependencies]
far = { path = "../far/away" }
//- far/away/Cargo.toml
[package]
name = "far"
workspace = "../../ws"
edition = { workspace = true }
//- far/away/nested/Cargo.toml
[package]
name = "nested"
edition.workspace = true
"#,
        &expect![[r#"
            far/away/Cargo.toml: far 2024
            far/away/nested/Cargo.toml: nested 2024, no member
            side/Cargo.toml: side 2024
              Normal far = far in `far/away`
            ws/in/Cargo.toml: in 2024
            ws/unlisted/Cargo.toml: unlisted 2015, no member
        "#]],
    );
}

#[test]
fn a_workspace_that_lists_a_package_wins_over_a_nearer_one_that_does_not() {
    check(
        r#"
//- Cargo.toml
[workspace]
members = ["tool/made/*"]
package.edition = "2021"
//- tool/Cargo.toml
[package]
name = "tool"
[workspace]
package.edition = "2018"
//- tool/made/one/Cargo.toml
[package]
name = "one"
edition.workspace = true
//- tool/own/Cargo.toml
[package]
name = "own"
edition.workspace = true
"#,
        &expect![[r#"
            tool/Cargo.toml: tool 2015, no member
            tool/made/one/Cargo.toml: one 2021
            tool/own/Cargo.toml: own 2018, no member
        "#]],
    );
}

#[test]
fn an_independent_workspace_below_the_root_is_read_but_is_no_member() {
    check(
        r#"
//- Cargo.toml
[workspace]
members = ["app"]
//- app/Cargo.toml
[package]
name = "app"
//- demo/Cargo.toml
[workspace]
members = ["one"]
package.edition = "2021"
//- demo/one/Cargo.toml
[package]
name = "one"
edition.workspace = true
"#,
        &expect![[r#"
            app/Cargo.toml: app 2015
            demo/one/Cargo.toml: one 2021, no member
        "#]],
    );
}

#[test]
fn dependencies_of_all_kinds_and_spellings() {
    check(
        r#"
//- Cargo.toml
[package]
name = "app"
edition = "2021"
[dependencies]
serde-json = "1"
new-name = { package = "old-name", version = "1" }
local-key = { path = "crates/real", package = "real-package" }
real-package = { path = "crates/real" }
outside = { path = "../sibling" }
[dev_dependencies]
dev = "1"
[build-dependencies]
cc = { version = "1", optional = true }
[target.'cfg(unix)'.dependencies]
nix = "1"
[target.wasm32-unknown-unknown.dev-dependencies]
wasm = "1"
//- crates/real/Cargo.toml
[package]
name = "real-package"
[lib]
name = "shown"
//- crates/real/src/lib.rs
//- src/main.rs
"#,
        &expect![[r#"
            Cargo.toml: app 2021
              binary app: src/main.rs
              Normal local_key = real-package in `crates/real`
              Normal new_name = old-name
              Normal outside = outside in `../sibling`
              Normal shown = real-package in `crates/real`
              Normal serde_json = serde-json
              Dev dev = dev
              Build cc = cc optional
              Normal nix = nix for cfg(unix)
              Dev wasm = wasm for wasm32-unknown-unknown
              features cc
            crates/real/Cargo.toml: real-package 2015
              library shown: crates/real/src/lib.rs
            ! Cargo.toml: the dependency `outside` in `../sibling` lies outside the project, and counts as a package from outside
        "#]],
    );
}

#[test]
fn inherited_dependencies_keep_rename_and_the_path_of_the_workspace() {
    check(
        r#"
//- Cargo.toml
[workspace]
members = ["a/b", "lib"]
[workspace.dependencies]
short = { path = "lib", package = "long-name" }
long-name = { path = "lib" }
log = "0.4"
//- a/b/Cargo.toml
[package]
name = "b"
[dependencies]
short.workspace = true
long-name = { workspace = true }
log = { workspace = true, optional = true }
//- lib/Cargo.toml
[package]
name = "long-name"
//- lib/src/lib.rs
"#,
        &expect![[r#"
            a/b/Cargo.toml: b 2015
              Normal log = log optional
              Normal long_name = long-name in `lib`
              Normal short = long-name in `lib`
              features log
            lib/Cargo.toml: long-name 2015
              library long_name: lib/src/lib.rs
        "#]],
    );
}

#[test]
fn a_patch_leads_into_the_tree_but_only_for_what_comes_from_crates_io() {
    check(
        r#"
//- Cargo.toml
[workspace]
members = ["a"]
[patch.crates-io]
b = { path = "b" }
//- a/Cargo.toml
[package]
name = "a"
[dependencies]
b = "1"
bee = { package = "b", git = "https://example.org/b" }
//- b/Cargo.toml
[package]
name = "b"
[lib]
name = "b_lib"
//- b/src/lib.rs
"#,
        &expect![[r#"
            a/Cargo.toml: a 2015
              Normal b_lib = b in `b`
              Normal bee = b
            b/Cargo.toml: b 2015, no member
              library b_lib: b/src/lib.rs
        "#]],
    );
}

#[test]
fn optional_dependencies_are_features_unless_a_feature_names_them() {
    check(
        r#"
//- Cargo.toml
[package]
name = "app"
[features]
default = ["fast"]
fast = ["dep:rayon", "serde?/derive"]
[dependencies]
rayon = { version = "1", optional = true }
serde = { version = "1", optional = true }
plain = "1"
"#,
        &expect![[r#"
            Cargo.toml: app 2015
              Normal plain = plain
              Normal rayon = rayon optional
              Normal serde = serde optional
              features default fast serde
        "#]],
    );
}

#[test]
fn an_unknown_edition_is_the_newest_known() {
    check(
        "//- Cargo.toml\n[package]\nname = \"new\"\nedition = \"2027\"\n",
        &expect![[r#"
        Cargo.toml: new 2024
        ! Cargo.toml: the edition is none of the known ones; read as 2024
    "#]],
    );
}

#[test]
fn keys_that_do_not_decide_what_the_code_is_are_never_faults() {
    check(
        r#"
//- Cargo.toml
cargo-features = 7
[package]
name = "odd"
version = []
metadata.workspace = true
unknown = { key = true }
[profile]
release = "fast"
[dependencies]
a = 1
b = { path = 2 }
[workspace]
members = "all"
exclude = 3
"#,
        &expect![[r#"
            Cargo.toml: odd 2015
              Normal a = a
              Normal b = b
        "#]],
    );
}
