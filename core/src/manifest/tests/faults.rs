//! Faults: errors with their places in members, notices elsewhere, and near misses of each.

use super::check;
use expect_test::expect;

#[test]
fn text_that_is_not_toml() {
    check(
        "//- Cargo.toml\n[package]\nname = \"a\nedition = \"2021\"\n",
        &expect![[r#"
        name = "a
                 ^ this is not valid TOML: invalid basic string, expected `"`
          at Cargo.toml:2:10, help: correct the manifest; cargo cannot read it either
    "#]],
    );
}

#[test]
fn text_that_is_not_toml_outside_the_workspace() {
    check(
        r#"
//- Cargo.toml
[package]
name = "a"
//- tests/data/Cargo.toml
[package
"#,
        &expect![[r#"
            Cargo.toml: a 2015
            ! tests/data/Cargo.toml: this is not valid TOML: unclosed table, expected `]`
        "#]],
    );
}

#[test]
fn members_that_are_not_there() {
    check(
        r#"
//- Cargo.toml
[workspace]
members = ["crates/one", "crates/tow", "libs/*", "nowhere"]
//- crates/one/Cargo.toml
[package]
name = "one"
//- crates/two/Cargo.toml
[package]
name = "two"
"#,
        &expect![[r#"
            members = ["crates/one", "crates/tow", "libs/*", "nowhere"]
                                     ^^^^^^^^^^^^ the member `crates/tow` has no `Cargo.toml`
              at Cargo.toml:2:26, help: did you mean `crates/two`?
            members = ["crates/one", "crates/tow", "libs/*", "nowhere"]
                                                   ^^^^^^^^ the member pattern `libs/*` matches no folder with a `Cargo.toml`
              at Cargo.toml:2:40, help: correct the pattern or remove it
            members = ["crates/one", "crates/tow", "libs/*", "nowhere"]
                                                             ^^^^^^^^^ the member `nowhere` has no `Cargo.toml`
              at Cargo.toml:2:50, help: correct the path, remove it, or add the manifest
        "#]],
    );
}

#[test]
fn a_member_outside_the_project_cannot_be_judged_and_one_kept_out_is_no_mistake() {
    check(
        r#"
//- Cargo.toml
[workspace]
members = ["../elsewhere", "crates/*"]
exclude = ["crates/only"]
//- crates/only/Cargo.toml
[package]
name = "only"
"#,
        &expect![[r#"
            crates/only/Cargo.toml: only 2015, no member
            ! Cargo.toml: the member `../elsewhere` lies outside the project and is left out
        "#]],
    );
}

#[test]
fn a_path_dependency_that_is_not_there_is_a_notice() {
    check(
        r#"
//- Cargo.toml
[workspace]
members = ["a", "b"]
[workspace.dependencies]
ghost = { path = "ghost" }
//- a/Cargo.toml
[package]
name = "a"
[dependencies]
ghost.workspace = true
b = { path = "../b" }
//- b/Cargo.toml
[package]
name = "b"
[dependencies]
ghost.workspace = true
sibling = { path = "../../sibling" }
[dev-dependencies]
log = "1"
"#,
        &expect![[r#"
            a/Cargo.toml: a 2015
              Normal b = b in `b`
              Normal ghost = ghost in `ghost`
            b/Cargo.toml: b 2015
              Normal ghost = ghost in `ghost`
              Normal sibling = sibling in `../sibling`
              Dev log = log
            ! Cargo.toml: the dependency `ghost` in `ghost` has no `Cargo.toml` there, and counts as a package from outside
            ! b/Cargo.toml: the dependency `sibling` in `../sibling` lies outside the project, and counts as a package from outside
        "#]],
    );
}

#[test]
fn two_members_of_one_name() {
    check(
        r#"
//- Cargo.toml
[workspace]
members = ["a", "b"]
//- a/Cargo.toml
[package]
name = "same"
//- b/Cargo.toml
[package]
name = "same"
"#,
        &expect![[r#"
            name = "same"
                   ^^^^^^ the package name `same` is taken by `a/Cargo.toml` in the same workspace
              at b/Cargo.toml:2:8, help: rename one of the two, or take one out of the workspace with `exclude`
        "#]],
    );
}

#[test]
fn two_packages_of_one_name_in_different_workspaces() {
    check(
        r#"
//- Cargo.toml
[workspace]
members = ["a"]
exclude = ["b"]
//- a/Cargo.toml
[package]
name = "same"
//- b/Cargo.toml
[package]
name = "same"
"#,
        &expect![[r#"
            a/Cargo.toml: same 2015
            b/Cargo.toml: same 2015, no member
        "#]],
    );
}

#[test]
fn values_that_the_workspace_does_not_define() {
    check(
        r#"
//- Cargo.toml
[workspace]
members = ["a"]
[workspace.package]
licence = "MIT"
[workspace.dependencies]
serde-json = "1"
//- a/Cargo.toml
[package]
name = "a"
edition.workspace = true
license.workspace = true
[dependencies]
serde_json = { workspace = true }
unrelated.workspace = true
[lints]
workspace = true
"#,
        &expect![[r#"
            edition.workspace = true
            ^^^^^^^ the workspace in `Cargo.toml` defines no `edition` for packages
              at a/Cargo.toml:3:1, help: add `edition` to `[workspace.package]` there, or write the value here
            license.workspace = true
            ^^^^^^^ the workspace in `Cargo.toml` defines no `license` for packages
              at a/Cargo.toml:4:1, help: it has `licence`: did you mean that? Or add `license` to `[workspace.package]` there
            serde_json = { workspace = true }
            ^^^^^^^^^^ the workspace in `Cargo.toml` defines no dependency `serde_json`
              at a/Cargo.toml:6:1, help: did you mean `serde-json`? Or add `serde_json` to `[workspace.dependencies]` there
            unrelated.workspace = true
            ^^^^^^^^^ the workspace in `Cargo.toml` defines no dependency `unrelated`
              at a/Cargo.toml:7:1, help: add `unrelated` to `[workspace.dependencies]` there, or write its version here
            [lints]
             ^^^^^ the workspace in `Cargo.toml` defines no lints
              at a/Cargo.toml:8:2, help: add `[workspace.lints]` there, or remove `lints` here
        "#]],
    );
}

#[test]
fn values_inherited_from_no_workspace() {
    check(
        r#"
//- Cargo.toml
[package]
name = "a"
version.workspace = true
[dependencies]
log.workspace = true
"#,
        &expect![[r#"
            version.workspace = true
            ^^^^^^^ `version` is inherited from a workspace, but this package is in none
              at Cargo.toml:3:1, help: add the package to the `members` of a workspace, or write the value here
            log.workspace = true
            ^^^ `log` is inherited from a workspace, but this package is in none
              at Cargo.toml:5:1, help: add the package to the `members` of a workspace, or write the value here
        "#]],
    );
}

#[test]
fn values_that_say_no_to_inheritance_or_are_defined() {
    check(
        r#"
//- Cargo.toml
[package]
name = "a"
edition.workspace = true
[dependencies]
log = { version = "0.4", workspace = false }
[lints]
workspace = true
[workspace]
package.edition = "2021"
lints = {}
"#,
        &expect![[r#"
            Cargo.toml: a 2021
              Normal log = log
        "#]],
    );
}

#[test]
fn a_package_without_a_name() {
    check(
        "//- Cargo.toml\n[package]\nversion = \"0.1.0\"\n",
        &expect![[r#"
        [package]
        ^^^^^^^^^ the package has no name
          at Cargo.toml:1:1, help: add `name = "…"` to the `[package]` section
    "#]],
    );
    check(
        "//- Cargo.toml\n[project]\nname = \"old-section\"\n",
        &expect![[r#"
        Cargo.toml: old-section 2015
    "#]],
    );
    check(
        "//- Cargo.toml\n[package]\nname = 3\n",
        &expect![[r#"
            name = 3
                   ^ the package's name is no text, or empty
              at Cargo.toml:2:8, help: write `name = "…"`
        "#]],
    );
    check(
        "//- Cargo.toml\n[package]\nname = \"\"\n",
        &expect![[r#"
            name = ""
                   ^^ the package's name is no text, or empty
              at Cargo.toml:2:8, help: write `name = "…"`
        "#]],
    );
}

#[test]
fn a_manifest_that_is_no_text_is_not_judged_by_its_first_part() {
    check(
        "//- Cargo.toml\n[package]\nname = \"a\" # Latin-1: \u{fffd}",
        &expect![[r#"
            name = "a" # Latin-1: �
                                  ^ this is not UTF-8 text
              at Cargo.toml:2:23, help: save the manifest as UTF-8
        "#]],
    );
}

#[test]
fn places_are_right_behind_a_byte_order_mark_and_windows_line_ends() {
    check(
        "//- Cargo.toml\n\u{feff}[package]\r\nname = \"é\"\r\nversion.workspace = true\r\n",
        &expect![[r#"
        version.workspace = true
        ^^^^^^^ `version` is inherited from a workspace, but this package is in none
          at Cargo.toml:3:1, help: add the package to the `members` of a workspace, or write the value here
    "#]],
    );
}

#[test]
fn a_manifest_that_is_neither_package_nor_workspace() {
    check(
        "//- Cargo.toml\n[dependencies]\nlog = \"1\"\n",
        &expect![[r#"
        [dependencies]
        ^ the manifest has neither a `[package]` nor a `[workspace]` section
          at Cargo.toml:1:1, help: add the section that is meant, or delete the file
    "#]],
    );
    check("//- Cargo.toml\n[workspace]\n", &expect![[""]]);
}

#[test]
fn a_library_or_program_without_its_file() {
    check(
        r#"
//- Cargo.toml
[package]
name = "a"
edition = "2021"
[lib]
path = "src/gone.rs"
[[bin]]
name = "b"
[[bin]]
name = "c"
path = "c.rs"
//- src/lib.rs
"#,
        &expect![[r#"
            path = "src/gone.rs"
                   ^^^^^^^^^^^^^ the root file `src/gone.rs` of the library does not exist
              at Cargo.toml:5:8, help: correct `path`, add the file, or remove the target; a file that is ignored or generated is not seen
            name = "b"
                   ^^^ the binary `b` has no file `src/bin/b.rs` or `src/bin/b/main.rs`
              at Cargo.toml:7:8, help: correct `path`, add the file, or remove the target; a file that is ignored or generated is not seen
            path = "c.rs"
                   ^^^^^^ the root file `c.rs` of the binary does not exist
              at Cargo.toml:10:8, help: correct `path`, add the file, or remove the target; a file that is ignored or generated is not seen
        "#]],
    );
    check(
        "//- Cargo.toml\n[package]\nname = \"a\"\n[lib]\nname = \"b\"\n//- src/main.rs\n",
        &expect![[r#"
        [lib]
        ^^^^^ the library has no file `src/lib.rs`
          at Cargo.toml:3:1, help: correct `path`, add the file, or remove the target; a file that is ignored or generated is not seen
    "#]],
    );
}

#[test]
fn every_fault_outside_the_workspace_is_a_notice() {
    check(
        r#"
//- Cargo.toml
[workspace]
members = ["ok"]
//- ok/Cargo.toml
[package]
name = "ok"
//- data/a/Cargo.toml
//- data/b/Cargo.toml
[package]
//- data/c/Cargo.toml
[package]
name = "c"
edition.workspace = true
[lib]
path = "gone.rs"
[dependencies]
log.workspace = true
//- data/d/Cargo.toml
[workspace]
members = ["gone", "x", "y"]
//- data/d/x/Cargo.toml
[package]
name = "same"
//- data/d/y/Cargo.toml
[package]
name = "same"
"#,
        &expect![[r#"
            data/c/Cargo.toml: c 2015, no member
              Normal log = log
            data/d/x/Cargo.toml: same 2015, no member
            data/d/y/Cargo.toml: same 2015, no member
            ok/Cargo.toml: ok 2015
            ! data/a/Cargo.toml: the manifest has neither a `[package]` nor a `[workspace]` section
            ! data/b/Cargo.toml: the package has no name
            ! data/c/Cargo.toml: the workspace in `Cargo.toml` defines no `edition` for packages
            ! data/c/Cargo.toml: the root file `data/c/gone.rs` of the library does not exist
            ! data/c/Cargo.toml: the workspace in `Cargo.toml` defines no dependency `log`
            ! data/d/Cargo.toml: the member `data/d/gone` has no `Cargo.toml`
            ! data/d/y/Cargo.toml: the package name `same` is taken by `data/d/x/Cargo.toml` in the same workspace
        "#]],
    );
}

#[test]
fn all_errors_are_reported_in_the_order_of_their_places() {
    check(
        r#"
//- Cargo.toml
[workspace]
members = ["z", "a", "gone"]
//- a/Cargo.toml
[package]
//- z/Cargo.toml
name = 
"#,
        &expect![[r#"
            members = ["z", "a", "gone"]
                                 ^^^^^^ the member `gone` has no `Cargo.toml`
              at Cargo.toml:2:22, help: correct the path, remove it, or add the manifest
            [package]
            ^^^^^^^^^ the package has no name
              at a/Cargo.toml:1:1, help: add `name = "…"` to the `[package]` section
            name = 
                   ^ this is not valid TOML: string values must be quoted, expected literal string
              at z/Cargo.toml:1:8, help: correct the manifest; cargo cannot read it either
        "#]],
    );
}
