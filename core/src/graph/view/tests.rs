use super::*;
use crate::finding::{BrokenImport, Finding, Level};
use crate::link::tests::project;
use crate::report::Judged;
use expect_test::{Expect, expect};
use std::fmt::Write;

const SHOP: &str = "
//- Cargo.toml
[package]
name = \"shop\"
edition = \"2024\"
[dependencies]
sqlx = \"1\"
serde = \"1\"
//- src/lib.rs
pub mod core;
pub mod shell;
pub mod util;
//- src/core.rs
pub mod price;
pub mod tax;
//- src/core/price.rs
use super::tax::Tax;
use crate::shell::db::{Db, Pool};
use crate::util::Cents;
use serde::Serialize;
//- src/core/tax.rs
use std::fmt;
pub struct Tax;
#[cfg(test)]
mod tests { use crate::shell::db::Db; }
//- src/shell.rs
pub mod db;
pub mod web;
//- src/shell/db.rs
use sqlx::Pool as Inner;
pub struct Db;
pub struct Pool;
//- src/shell/web.rs
use super::db::Db;
use crate::core::price;
//- src/util.rs
pub struct Cents;
//- baton.toml
version = 1
[[role]]
name = \"core\"
paths = [\"src/core.rs\", \"src/core/**\"]
[[role]]
name = \"shell\"
paths = [\"src/shell.rs\", \"src/shell/**\"]
crates = [\"sqlx\"]
";

/// The report of a finding about every import of `core` that names the shell.
fn report(project: &Project) -> Report {
    let mut report = Report::default();
    let leaks = project.edges.iter().filter(|edge| {
        let from = project.module(edge.from).role.map(|role| role.kind);
        let to = project.target_role(&edge.to).map(|role| role.kind);
        !edge.test && from == Some(RoleKind::Core) && to == Some(RoleKind::Shell)
    });
    let imports = leaks.map(|edge| BrokenImport { place: edge.place, to: edge.to.clone() });
    report.findings.extend(about(imports.collect()));
    report
}

/// A finding about imports, if there are any.
fn about(imports: Vec<BrokenImport>) -> Option<Judged> {
    let finding = Finding {
        level: None,
        rule: "core-imports-shell",
        message: String::new(),
        help: String::new(),
        place: imports.first()?.place,
        item: String::new(),
        evidence: Vec::new(),
        chain: Vec::new(),
        imports,
        trails: Vec::new(),
        fix: None,
    };
    Some(Judged { finding, level: Level::Deny, fingerprint: String::new() })
}

/// Compares the part of a project that is shown with `expected`.
#[track_caller]
fn check(fixture: &str, selection: &Selection, folder: &str, expected: &Expect) {
    let project = project(fixture);
    let view = view(&project, &report(&project), selection, &|path| path.starts_with(folder));
    let mut out = format!("by {}\n", view.by.name());
    for group in &view.groups {
        let Group { name, outside, neighbour, modules, role } = group;
        let role = role.as_deref().unwrap_or_default();
        let kind = if *outside { "outside" } else { "" };
        let marks = [kind, if *neighbour { "neighbour" } else { "" }, role];
        let marks: Vec<_> = marks.into_iter().filter(|mark| !mark.is_empty()).collect();
        let _ = writeln!(out, "{name}: {modules} {}", marks.join(" "));
    }
    for Arrow { from, to, places, path, violations, .. } in &view.arrows {
        let name = |at: usize| &view.groups[at].name;
        let broken = if violations.is_empty() { String::new() } else { format!(", {} broken", violations.len()) };
        let _ = writeln!(out, "{} -> {}: {places} {path}{broken}", name(*from), name(*to));
    }
    expected.assert_eq(&out);
}

fn by(grouping: Grouping) -> Selection {
    Selection { by: Some(grouping), ..Selection::default() }
}

#[test]
fn roles_come_first_where_there_are_several() {
    check(
        SHOP,
        &Selection::default(),
        "",
        &expect![[r#"
        by role
        core: 3 core
        no role: 2 
        shell: 3 shell
        core -> no role: 1 crate::util::Cents
        core -> shell: 2 crate::shell::db::Db, 2 broken
        shell -> core: 1 crate::core::price
    "#]],
    );
}

#[test]
fn a_single_crate_without_roles_is_shown_by_module_one_level_deep() {
    let plain = SHOP.split("//- baton.toml").next().unwrap_or_default().replace("shell", "wire");
    check(
        &plain,
        &Selection::default(),
        "",
        &expect![[r#"
        by module
        core: 3 core
        shop: 1 
        util: 1 
        wire: 3 
        core -> util: 1 crate::util::Cents
        core -> wire: 2 crate::wire::db::Db
        wire -> core: 1 crate::core::price
    "#]],
    );
}

#[test]
fn modules_and_folders_are_cut_at_the_depth() {
    check(
        SHOP,
        &by(Grouping::Module),
        "",
        &expect![[r#"
        by module
        core: 1 core
        core::price: 1 core
        core::tax: 1 core
        shell: 1 shell
        shell::db: 1 shell
        shell::web: 1 shell
        shop: 1 
        util: 1 
        core::price -> core::tax: 1 super::tax::Tax
        core::price -> shell::db: 2 crate::shell::db::Db, 2 broken
        core::price -> util: 1 crate::util::Cents
        shell::web -> core::price: 1 crate::core::price
        shell::web -> shell::db: 1 super::db::Db
    "#]],
    );
    check(
        SHOP,
        &Selection { depth: Some(1), ..by(Grouping::Module) },
        "",
        &expect![[r#"
        by module
        core: 3 core
        shell: 3 shell
        shop: 1 
        util: 1 
        core -> shell: 2 crate::shell::db::Db, 2 broken
        core -> util: 1 crate::util::Cents
        shell -> core: 1 crate::core::price
    "#]],
    );
    check(
        SHOP,
        &by(Grouping::Folder),
        "",
        &expect![[r#"
        by folder
        src: 4 
        src/core: 2 core
        src/shell: 2 shell
        src/core -> src: 1 crate::util::Cents
        src/core -> src/shell: 2 crate::shell::db::Db, 2 broken
        src/shell -> src/core: 1 crate::core::price
    "#]],
    );
    check(
        SHOP,
        &Selection { depth: Some(1), ..by(Grouping::Folder) },
        "",
        &expect![[r#"
        by folder
        src: 8 
    "#]],
    );
    check(
        SHOP,
        &Selection { depth: Some(0), ..by(Grouping::Module) },
        "",
        &expect![[r#"
        by module
        shop: 8 
    "#]],
    );
}

#[test]
fn packages_from_outside_are_shown_when_asked_for_but_not_the_standard_library() {
    check(
        SHOP,
        &Selection { outside: true, ..by(Grouping::Role) },
        "",
        &expect![[r#"
        by role
        core: 3 core
        no role: 2 
        shell: 3 shell
        serde: 0 outside
        sqlx: 0 outside shell
        core -> no role: 1 crate::util::Cents
        core -> shell: 2 crate::shell::db::Db, 2 broken
        core -> serde: 1 serde::Serialize
        shell -> core: 1 crate::core::price
        shell -> sqlx: 1 sqlx::Pool
    "#]],
    );
}

#[test]
fn a_package_that_a_violation_leads_to_is_shown_unasked() {
    let leak = SHOP.replace("use serde::Serialize;", "use serde::Serialize;\nuse sqlx::Row;");
    check(
        &leak,
        &by(Grouping::Role),
        "",
        &expect![[r#"
            by role
            core: 3 core
            no role: 2 
            shell: 3 shell
            sqlx: 0 outside shell
            core -> no role: 1 crate::util::Cents
            core -> shell: 2 crate::shell::db::Db, 2 broken
            core -> sqlx: 1 sqlx::Row, 1 broken
            shell -> core: 1 crate::core::price
            shell -> sqlx: 1 sqlx::Pool
        "#]],
    );
}

#[test]
fn paths_select_modules_and_their_neighbours_when_asked_for() {
    let one_level = Selection { depth: Some(1), ..by(Grouping::Module) };
    check(
        SHOP,
        &by(Grouping::Module),
        "src/shell",
        &expect![[r#"
        by module
        shell: 1 shell
        shell::db: 1 shell
        shell::web: 1 shell
        shell::web -> shell::db: 1 super::db::Db
    "#]],
    );
    check(
        SHOP,
        &Selection { neighbours: true, ..one_level },
        "src/util",
        &expect![[r#"
        by module
        core: 1 neighbour core
        util: 1 
        core -> util: 1 crate::util::Cents
    "#]],
    );
    check(
        SHOP,
        &by(Grouping::Module),
        "docs",
        &expect![[r#"
        by module
    "#]],
    );
}

#[test]
fn a_workspace_is_shown_by_package_and_what_several_targets_compile_counts_once() {
    let workspace = "
//- Cargo.toml
[workspace]
members = [\"a\", \"b\"]
//- a/Cargo.toml
[package]
name = \"first-a\"
edition = \"2024\"
[dependencies]
second-b = { path = \"../b\" }
//- a/src/lib.rs
mod shared;
//- a/src/main.rs
mod shared;
fn main() { first_a::run(); }
//- a/src/shared.rs
use second_b::deep::Thing;
//- a/tests/all.rs
use second_b::deep::Thing;
//- b/Cargo.toml
[package]
name = \"second-b\"
edition = \"2024\"
//- b/src/lib.rs
pub mod deep { pub struct Thing; }
";
    check(
        workspace,
        &Selection::default(),
        "",
        &expect![[r#"
        by crate
        first-a: 3 
        second-b: 2 
        first-a -> second-b: 1 second_b::deep::Thing
    "#]],
    );
    check(
        workspace,
        &by(Grouping::Module),
        "",
        &expect![[r#"
            by module
            a/src/main.rs: 1 
            first_a: 1 
            first_a::shared: 1 
            second_b: 1 
            second_b::deep: 1 
            a/src/main.rs -> first_a: 1 first_a::run
            first_a::shared -> second_b::deep: 1 second_b::deep::Thing
        "#]],
    );
}
