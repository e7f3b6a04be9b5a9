use super::*;
use crate::graph::end;
use crate::link::tests::project;
use expect_test::{Expect, expect};
use std::fmt::Write;

const SHOP: &str = "
//- Cargo.toml
[package]
name = \"shop\"
edition = \"2024\"
[dependencies]
sqlx = \"1\"
//- src/lib.rs
pub mod core;
pub mod prelude;
pub mod util;
pub mod shell;
//- src/core.rs
pub mod price;
pub mod tax;
//- src/core/price.rs
use crate::util::cache::Cache;
use crate::prelude::Clock;
//- src/core/tax.rs
use super::price;
//- src/prelude.rs
pub use crate::util::time::Clock;
//- src/util.rs
pub mod cache;
pub mod time;
//- src/util/cache.rs
use crate::shell::Pool;
use crate::shell::Row;
pub struct Cache;
//- src/util/time.rs
pub struct Clock;
//- src/shell.rs
use sqlx::Any;
pub struct Pool;
pub struct Row;
#[cfg(test)]
mod tests { use crate::core::tax; }
";

/// Compares the chain from each of the first names to the second with `expected`.
#[track_caller]
fn check(fixture: &str, questions: &[(&str, &str)], expected: &Expect) {
    let project = project(fixture);
    let graph = ImportGraph::new(&project);
    let mut out = String::new();
    for (from, to) in questions {
        let end = |name| end(&project, &graph, name).unwrap();
        let Some(answer) = why(&project, &graph, &end(from), &end(to)) else {
            let _ = writeln!(out, "{from} is {to}");
            continue;
        };
        let Answer { starts, modules, imports, chain } = answer;
        let _ = writeln!(out, "{from} to {to}: {starts} starts, {modules} modules, {imports} imports");
        for hop in chain.into_iter().flatten() {
            let Place { file, span } = hop.place;
            let reexport = if hop.reexport { " re-export" } else { "" };
            let path = &project.file(file).path;
            let _ = writeln!(out, "    {} -> {} {path} {}{reexport}", hop.from, hop.to, span.start);
        }
    }
    expected.assert_eq(&out);
}

#[test]
fn the_shortest_chain_has_a_place_for_each_hop() {
    check(
        SHOP,
        &[("core", "sqlx"), ("core::tax", "shell"), ("shell", "sqlx")],
        &expect![[r#"
            core to sqlx: 3 starts, 6 modules, 6 imports
                core::price -> util::cache src/core/price.rs 24
                util::cache -> shell src/util/cache.rs 18
                shell -> sqlx src/shell.rs 10
            core::tax to shell: 1 starts, 3 modules, 5 imports
                core::tax -> core::price src/core/tax.rs 11
                core::price -> util::cache src/core/price.rs 24
                util::cache -> shell src/util/cache.rs 18
            shell to sqlx: 1 starts, 1 modules, 1 imports
                shell -> sqlx src/shell.rs 10
        "#]],
    );
}

#[test]
fn reexports_on_the_way_are_hops_and_can_be_the_goal() {
    check(
        SHOP,
        &[("core", "util::time"), ("core", "prelude"), ("prelude", "util")],
        &expect![[r#"
        core to util::time: 3 starts, 2 modules, 2 imports
            core::price -> prelude src/core/price.rs 51
            prelude -> util::time src/prelude.rs 27 re-export
        core to prelude: 3 starts, 2 modules, 2 imports
            core::price -> prelude src/core/price.rs 51
        prelude to util: 1 starts, 1 modules, 1 imports
            prelude -> util::time src/prelude.rs 27 re-export
    "#]],
    );
}

#[test]
fn an_item_is_reached_where_it_is_named() {
    check(
        SHOP,
        &[("core", "shell::Row"), ("core", "prelude::Clock")],
        &expect![[r#"
        core to shell::Row: 3 starts, 4 modules, 5 imports
            core::price -> util::cache src/core/price.rs 24
            util::cache -> shell src/util/cache.rs 42
        core to prelude::Clock: 3 starts, 2 modules, 2 imports
            core::price -> prelude src/core/price.rs 51
            prelude -> util::time src/prelude.rs 27 re-export
    "#]],
    );
}

#[test]
fn where_there_is_no_chain_it_says_how_much_it_searched() {
    check(
        SHOP,
        &[("shell", "core"), ("util", "core"), ("sqlx", "core")],
        &expect![[r#"
        shell to core: 1 starts, 1 modules, 1 imports
        util to core: 3 starts, 4 modules, 3 imports
        sqlx to core: 1 starts, 0 modules, 0 imports
    "#]],
    );
}

#[test]
fn an_end_inside_the_other_counts_as_the_goal() {
    check(
        SHOP,
        &[("core", "core::price"), ("core::price", "core"), ("core", "src/core"), ("shop", "shop")],
        &expect![[r#"
        core to core::price: 2 starts, 2 modules, 1 imports
            core::tax -> core::price src/core/tax.rs 11
        core::price to core: 1 starts, 4 modules, 5 imports
        core to src/core: 1 starts, 1 modules, 0 imports
        shop is shop
    "#]],
    );
}

#[test]
fn modules_of_other_crates_go_by_their_crate() {
    let workspace = "
//- Cargo.toml
[workspace]
members = [\"a\", \"b\"]
//- a/Cargo.toml
[package]
name = \"a\"
edition = \"2024\"
[dependencies]
b = { path = \"../b\" }
//- a/src/lib.rs
mod inner;
//- a/src/inner.rs
use b::Thing;
//- b/Cargo.toml
[package]
name = \"b\"
edition = \"2024\"
//- b/src/lib.rs
mod deep;
pub use deep::Thing;
//- b/src/deep.rs
pub struct Thing;
";
    check(
        workspace,
        &[("inner", "b::deep"), ("b", "a")],
        &expect![[r#"
            inner to b::deep: 1 starts, 1 modules, 1 imports
                a::inner -> b a/src/inner.rs 7
                b -> b::deep b/src/lib.rs 24 re-export
            b to a: 2 starts, 2 modules, 1 imports
        "#]],
    );
}
