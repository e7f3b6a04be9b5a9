//! The module trees of targets: which file is which module.

use super::{Project, project};
use crate::link::ModuleId;
use expect_test::{Expect, expect};
use std::fmt::Write;

/// Compares the trees, the files outside them and the faults of a fixture with `expected`.
#[track_caller]
fn check(fixture: &str, expected: &Expect) {
    expected.assert_eq(&draw(&project(fixture)));
}

fn draw(project: &Project) -> String {
    let mut out = String::new();
    for krate in &project.crates {
        writeln!(out, "{} {}", krate.kind.name(), krate.name).unwrap();
        draw_module(project, krate.root, 1, &mut out);
    }
    for file in project.files.iter().filter(|file| !file.linked) {
        writeln!(out, "not linked: {}{}", file.path, if file.test { ", test" } else { "" }).unwrap();
    }
    for fault in &project.faults {
        writeln!(out, "fault in {}: {}", project.file(fault.place.file).path, fault.message).unwrap();
    }
    out
}

fn draw_module(project: &Project, id: ModuleId, depth: usize, out: &mut String) {
    let module = project.module(id);
    let path = &project.file(module.file).path;
    let name = if module.path.is_empty() { "crate" } else { &module.name };
    let inline = if module.scope.0 > 0 { ", inline" } else { "" };
    let test = if module.test { ", test" } else { "" };
    writeln!(out, "{:indent$}{name}: {path}{inline}{test}", "", indent = depth * 2).unwrap();
    for (_, child) in &module.children {
        draw_module(project, *child, depth + 1, out);
    }
}

#[test]
fn files_of_both_names_are_modules() {
    check(
        "
//- src/lib.rs
mod a;
mod b;
//- src/a.rs
mod inner;
//- src/a/inner.rs
mod deepest;
//- src/a/inner/deepest.rs
//- src/b/mod.rs
mod inner;
//- src/b/inner.rs
//- src/inner.rs
",
        &expect![[r"
            library app
              crate: src/lib.rs
                a: src/a.rs
                  inner: src/a/inner.rs
                    deepest: src/a/inner/deepest.rs
                b: src/b/mod.rs
                  inner: src/b/inner.rs
            not linked: src/inner.rs
        "]],
    );
}

#[test]
fn inline_modules_are_folders() {
    check(
        "
//- src/lib.rs
mod a { mod b { mod c; } mod d; }
mod f;
//- src/a/b/c.rs
//- src/a/d.rs
//- src/d.rs
//- src/f.rs
mod g { mod h; }
//- src/f/g/h.rs
",
        &expect![[r"
            library app
              crate: src/lib.rs
                a: src/lib.rs, inline
                  b: src/lib.rs, inline
                    c: src/a/b/c.rs
                  d: src/a/d.rs
                f: src/f.rs
                  g: src/f.rs, inline
                    h: src/f/g/h.rs
            not linked: src/d.rs
        "]],
    );
}

#[test]
fn a_path_is_relative_to_the_folder_of_its_file() {
    check(
        "
//- src/lib.rs
#[path = \"elsewhere/one.rs\"]
mod a;
mod b;
//- src/elsewhere/one.rs
mod beside;
//- src/elsewhere/beside.rs
//- src/b.rs
#[path = \"two.rs\"]
mod c;
#[path = \"../shared/three.rs\"]
mod d;
//- src/two.rs
//- shared/three.rs
",
        &expect![[r"
            library app
              crate: src/lib.rs
                a: src/elsewhere/one.rs
                  beside: src/elsewhere/beside.rs
                b: src/b.rs
                  c: src/two.rs
                  d: shared/three.rs
        "]],
    );
}

#[test]
fn a_path_inside_inline_modules_is_relative_to_their_folder() {
    // The reference, "The path attribute": in a file that is no `mod.rs` the folder begins with its name.
    check(
        "
//- src/lib.rs
mod root_inline { #[path = \"one.rs\"] mod a; }
mod b;
#[path = \"moved\"]
mod c { mod d; #[path = \"three.rs\"] mod e; }
//- src/root_inline/one.rs
//- src/b.rs
mod inline { #[path = \"two.rs\"] mod f; mod g; }
//- src/b/inline/two.rs
//- src/b/inline/g.rs
//- src/inline/two.rs
//- src/moved/d.rs
//- src/moved/three.rs
",
        &expect![[r"
            library app
              crate: src/lib.rs
                root_inline: src/lib.rs, inline
                  a: src/root_inline/one.rs
                b: src/b.rs
                  inline: src/b.rs, inline
                    f: src/b/inline/two.rs
                    g: src/b/inline/g.rs
                c: src/lib.rs, inline
                  d: src/moved/d.rs
                  e: src/moved/three.rs
            not linked: src/inline/two.rs
        "]],
    );
}

#[test]
fn alternatives_are_all_modules() {
    check(
        "
//- src/lib.rs
#[cfg_attr(unix, path = \"unix.rs\")]
#[cfg_attr(windows, path = \"windows.rs\")]
mod platform;
#[cfg_attr(wasm, path = \"wasm.rs\")]
mod clock;
#[cfg(unix)]
#[path = \"one.rs\"]
mod choice;
#[cfg(not(unix))]
#[path = \"other.rs\"]
mod choice;
//- src/unix.rs
//- src/windows.rs
//- src/wasm.rs
//- src/clock.rs
//- src/one.rs
//- src/other.rs
",
        &expect![[r"
            library app
              crate: src/lib.rs
                platform: src/unix.rs
                platform: src/windows.rs
                clock: src/wasm.rs
                clock: src/clock.rs
                choice: src/one.rs
                choice: src/other.rs
        "]],
    );
}

#[test]
fn modules_in_macro_calls_are_followed() {
    check(
        "
//- src/lib.rs
cfg_if::cfg_if! { if #[cfg(unix)] { mod unix; } else { mod other; } }
cfg_rt! { pub mod runtime; }
//- src/unix.rs
//- src/other.rs
//- src/runtime.rs
cfg_time! { mod inner; }
//- src/runtime/inner.rs
//- src/forgotten.rs
",
        &expect![[r"
            library app
              crate: src/lib.rs
                unix: src/unix.rs
                other: src/other.rs
                runtime: src/runtime.rs
                  inner: src/runtime/inner.rs
            not linked: src/forgotten.rs
        "]],
    );
}

#[test]
fn one_file_may_belong_to_several_targets_and_modules() {
    check(
        "
//- src/lib.rs
mod shared;
//- src/main.rs
mod shared;
#[cfg(test)]
mod only_tested;
//- src/shared.rs
//- src/only_tested.rs
mod below;
//- src/only_tested/below.rs
//- tests/end.rs
#[path = \"../src/shared.rs\"]
mod shared;
mod common;
//- tests/common/mod.rs
//- examples/one.rs
//- benches/two.rs
//- build.rs
//- tests/forgotten/case.rs
",
        &expect![[r"
            library app
              crate: src/lib.rs
                shared: src/shared.rs
            binary app
              crate: src/main.rs
                shared: src/shared.rs
                only_tested: src/only_tested.rs, test
                  below: src/only_tested/below.rs, test
            example one
              crate: examples/one.rs, test
            test end
              crate: tests/end.rs, test
                shared: src/shared.rs, test
                common: tests/common/mod.rs, test
            benchmark two
              crate: benches/two.rs, test
            build script build_script_build
              crate: build.rs
            not linked: tests/forgotten/case.rs, test
        "]],
    );
}

#[test]
fn files_that_only_tests_use_are_test_code() {
    let project = project(
        "
//- src/lib.rs
mod shared;
#[cfg(test)] mod helper;
mod whole;
//- src/shared.rs
//- src/helper.rs
//- src/whole.rs
#![cfg(test)]
mod below;
//- src/whole/below.rs
//- tests/end.rs
#[path = \"../src/shared.rs\"]
mod shared;
",
    );
    let tests: Vec<_> = project.files.iter().filter(|file| file.test).map(|file| file.path.as_str()).collect();
    assert_eq!(tests, ["src/helper.rs", "src/whole.rs", "src/whole/below.rs", "tests/end.rs"]);
}

#[test]
fn missing_files_and_cycles_are_faults() {
    check(
        "
//- src/lib.rs
mod missing;
#[path = \"gone.rs\"] mod gone;
#[cfg(unix)] mod made_by_a_build;
mod inline { mod missing; }
mod a;
//- src/a.rs
#[path = \"lib.rs\"] mod again;
#[path = \"a.rs\"] mod me;
",
        &expect![[r"
            library app
              crate: src/lib.rs
                inline: src/lib.rs, inline
                a: src/a.rs
            fault in src/lib.rs: module `missing` has no file: neither src/missing.rs nor src/missing/mod.rs is there
            fault in src/lib.rs: module `gone` has no file: src/gone.rs is not there
            fault in src/lib.rs: module `missing` has no file: neither src/inline/missing.rs nor src/inline/missing/mod.rs is there
            fault in src/a.rs: module `again` is src/lib.rs again, which it is part of: the module tree has no end
            fault in src/a.rs: module `me` is src/a.rs again, which it is part of: the module tree has no end
        "]],
    );
}

#[test]
fn workspaces_have_a_tree_for_each_target() {
    check(
        "
//- Cargo.toml
[workspace]
members = [\"one\", \"macros\"]
//- one/Cargo.toml
[package]
name = \"the-one\"
[lib]
path = \"code/root.rs\"
[[bin]]
name = \"tool\"
path = \"code/tool.rs\"
//- one/code/root.rs
mod r#type;
//- one/code/type.rs
//- one/code/tool.rs
//- macros/Cargo.toml
[package]
name = \"macros\"
[lib]
proc-macro = true
//- macros/src/lib.rs
mod expand;
//- macros/src/expand.rs
//- loose/file.rs
",
        &expect![[r"
            procedural macro macros
              crate: macros/src/lib.rs
                expand: macros/src/expand.rs
            library the_one
              crate: one/code/root.rs
                type: one/code/type.rs
            binary tool
              crate: one/code/tool.rs
            not linked: loose/file.rs
        "]],
    );
}

#[test]
fn files_that_include_each_other_are_parts_once() {
    let project = project(
        "
//- src/lib.rs
include!(\"a.rs\");
mod apart { include!(\"b.rs\"); }
//- src/a.rs
include!(\"a.rs\");
include!(\"b.rs\");
//- src/b.rs
include!(\"a.rs\");
include!(\"b.rs\");
",
    );
    // Each file is a part of the crate and of the other module.
    assert_eq!(project.modules.iter().filter(|module| module.included_in.is_some()).count(), 4);
}

#[test]
fn a_file_that_is_included_twice_by_each_of_many_is_judged_still() {
    let mut fixture = "//- src/lib.rs\ninclude!(\"f0.rs\");\n".to_owned();
    for number in 0..12 {
        let next = number + 1;
        writeln!(
            fixture,
            "//- src/f{number}.rs\nmod a {{ include!(\"f{next}.rs\"); }}\nmod b {{ include!(\"f{next}.rs\"); }}"
        )
        .unwrap();
    }
    fixture.push_str("//- src/f12.rs\npub struct Last;\n");
    let project = project(&fixture);
    assert!(project.files.iter().all(|file| file.linked));
    let parts = project.modules.iter().filter(|module| module.included_in.is_some());
    assert!(parts.count() < 200);
}
