//! Targets: declared, implied, switched off, and where old editions look.

use super::check;
use expect_test::expect;

#[test]
fn folders_imply_targets() {
    check(
        r#"
//- Cargo.toml
[package]
name = "my-app"
edition = "2021"
//- benches/speed.rs
//- build.rs
//- examples/demo.rs
//- examples/large/main.rs
//- examples/large/part.rs
//- src/bin/.hidden.rs
//- src/bin/one-more.rs
//- src/bin/two/main.rs
//- src/bin/three/not_main.rs
//- src/lib.rs
//- src/main.rs
//- src/other.rs
//- tests/api.rs
//- tests/common/mod.rs
//- tests/suite/main.rs
"#,
        &expect![[r#"
            Cargo.toml: my-app 2021
              library my_app: src/lib.rs
              binary my_app: src/main.rs
              binary one_more: src/bin/one-more.rs
              binary two: src/bin/two/main.rs
              example demo: examples/demo.rs
              example large: examples/large/main.rs
              test api: tests/api.rs
              test suite: tests/suite/main.rs
              benchmark speed: benches/speed.rs
              build script build_script_build: build.rs
        "#]],
    );
}

#[test]
fn declared_targets_replace_the_implied_ones_of_their_name_or_path() {
    check(
        r#"
//- Cargo.toml
[package]
name = "app"
edition = "2021"
build = "build/main.rs"
[lib]
name = "core_lib"
path = "lib/root.rs"
proc-macro = true
[[bin]]
name = "renamed"
path = "src/main.rs"
[[bin]]
name = "one"
[[test]]
name = "deep"
path = "tests/all/deep.rs"
[[example]]
path = "demo/nameless.rs"
//- build.rs
//- build/main.rs
//- demo/nameless.rs
//- lib/root.rs
//- src/bin/one.rs
//- src/bin/two.rs
//- src/lib.rs
//- src/main.rs
//- tests/all/deep.rs
//- tests/implied.rs
"#,
        &expect![[r#"
            Cargo.toml: app 2021
              procedural macro core_lib: lib/root.rs
              binary one: src/bin/one.rs
              binary renamed: src/main.rs
              binary two: src/bin/two.rs
              example nameless: demo/nameless.rs
              test deep: tests/all/deep.rs
              test implied: tests/implied.rs
              build script build_script_main: build/main.rs
        "#]],
    );
}

#[test]
fn discovery_can_be_switched_off() {
    check(
        r#"
//- Cargo.toml
[package]
name = "app"
edition = "2021"
autolib = false
autobins = false
autoexamples = false
autotests = false
autobenches = false
build = false
[[bin]]
name = "kept"
//- benches/b.rs
//- build.rs
//- examples/e.rs
//- src/bin/kept.rs
//- src/bin/gone.rs
//- src/lib.rs
//- src/main.rs
//- tests/t.rs
"#,
        &expect![[r#"
            Cargo.toml: app 2021
              binary kept: src/bin/kept.rs
        "#]],
    );
}

#[test]
fn edition_2015_discovers_nothing_beside_declarations_and_looks_in_old_places() {
    check(
        r#"
//- Cargo.toml
[package]
name = "old-one"
[lib]
crate_type = ["proc-macro"]
name = "legacy"
[[bin]]
name = "foo"
[[bench]]
name = "bench"
//- src/bench.rs
//- src/bin/implied.rs
//- src/legacy.rs
//- src/main.rs
//- tests/still_found.rs
"#,
        &expect![[r#"
            Cargo.toml: old-one 2015
              procedural macro legacy: src/legacy.rs
              binary foo: src/main.rs
              test still_found: tests/still_found.rs
              benchmark bench: src/bench.rs
        "#]],
    );
}

#[test]
fn a_missing_test_or_example_is_a_notice() {
    check(
        r#"
//- Cargo.toml
[package]
name = "app"
edition = "2021"
build = "gone.rs"
[[test]]
name = "a"
[[example]]
name = "b"
path = "b.rs"
[[bin]]
name = "above"
path = "../above.rs"
[[bin]]
name = "template"
path = "src/main.rs.in"
//- src/lib.rs
"#,
        &expect![[r#"
            Cargo.toml: app 2021
              library app: src/lib.rs
            ! Cargo.toml: the root file `gone.rs` of the build script does not exist
            ! Cargo.toml: the test `a` has no file `tests/a.rs` or `tests/a/main.rs`
            ! Cargo.toml: the root file `b.rs` of the example does not exist
            ! Cargo.toml: the root file `../above.rs` of the binary is outside what is read
            ! Cargo.toml: the root file `src/main.rs.in` of the binary is outside what is read
        "#]],
    );
}
