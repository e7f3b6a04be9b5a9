//! Paths through modules and crates: where a name leads, without imports.

use super::{project, shown};
use crate::link::{ModuleId, Project, Space};

/// What `path` means at the root of the crate `app`, or in the module `from` of it.
pub(super) fn means(project: &Project, from: &str, path: &str, space: Space) -> String {
    let is_it = |module: &crate::link::Module| {
        let krate = &project.krate(module.krate).name;
        format!("{krate}::{}", module.path).trim_end_matches("::") == from
    };
    let at = project.modules.iter().position(is_it).unwrap_or_else(|| panic!("no module {from}"));
    shown(project, &project.names().resolve(ModuleId(at as u32), path, space).target)
}

/// Checks what several type paths mean in `from`.
#[track_caller]
pub(super) fn check(project: &Project, from: &str, expected: &[(&str, &str)]) {
    for (path, meaning) in expected {
        assert_eq!(means(project, from, path, Space::Types), *meaning, "{path} in {from}");
    }
}

#[test]
fn paths_begin_at_the_crate_the_module_or_its_parents() {
    let project = project(
        "
//- src/lib.rs
pub mod a { pub struct A; pub mod b { pub struct B; pub mod c {} } }
pub struct Root;
",
    );
    check(
        &project,
        "app::a::b",
        &[
            ("B", "app::a::b::B"),
            ("self::B", "app::a::b::B"),
            ("super::A", "app::a::A"),
            ("super::super::Root", "app::Root"),
            ("self::super::A", "app::a::A"),
            ("crate::a::A", "app::a::A"),
            ("$crate::a::A", "app::a::A"),
            ("crate", "mod app"),
            ("super", "mod app::a"),
            ("self::c::super::B", "app::a::b::B"),
            ("A", "unknown"),
            ("a::A", "unknown"),
            ("crate::a::Missing", "unknown"),
            ("super::super::super::Root", "unknown"),
        ],
    );
}

#[test]
fn what_belongs_to_an_item_leads_to_the_item() {
    let project = project(
        "
//- src/lib.rs
pub enum Choice { One, Two }
pub struct S; impl S { pub fn new() -> S { S } }
pub trait T { const C: u8; }
pub type Alias = Choice;
",
    );
    check(
        &project,
        "app",
        &[
            ("Choice::One", "app::Choice"),
            ("S::new", "app::S"),
            ("T::C", "app::T"),
            ("Alias::Two", "app::Alias"),
            ("crate::Choice::One", "app::Choice"),
        ],
    );
    let alias = project.names().type_item(ModuleId(0), "Alias");
    assert_eq!(shown(&project, &alias), "app::Choice", "a type is followed through its aliases");
}

#[test]
fn aliases_of_each_other_end() {
    let project = project("type A = B; type B = A; type C = Missing; type D = (u8, u8);");
    let of = |path| shown(&project, &project.names().type_item(ModuleId(0), path));
    assert_eq!(of("A"), "unknown");
    assert_eq!(of("C"), "unknown");
    assert_eq!(of("D"), "app::D", "no path stands behind it");
}

#[test]
fn outside_crates_are_known_by_their_manifest_names() {
    let project = project(
        "
//- Cargo.toml
[package]
name = \"app\"
edition = \"2021\"
[dependencies]
sqlx-core = \"1\"
db = { package = \"diesel\", version = \"2\" }
//- src/lib.rs
pub mod sqlx { pub struct Local; }
pub mod inner {}
",
    );
    check(
        &project,
        "app::inner",
        &[
            ("std::fs::read", "outside std: fs::read"),
            ("::std::fs", "outside std: fs"),
            ("sqlx_core::Pool", "outside sqlx-core: Pool"),
            ("db::Connection", "outside diesel: Connection"),
            ("diesel::Connection", "unknown"),
            ("sqlx::Local", "unknown"),
            ("unheard_of::X", "unknown"),
        ],
    );
    check(&project, "app", &[("sqlx::Local", "app::sqlx::Local")]);
}

#[test]
fn a_module_shadows_a_crate_of_its_name_where_it_is_declared() {
    let project = project("pub mod core { pub struct Rule; } pub mod other {}");
    check(&project, "app", &[("core::Rule", "app::core::Rule"), ("::core::fmt", "outside core: fmt")]);
    check(&project, "app::other", &[("core::Rule", "outside core: Rule"), ("crate::core::Rule", "app::core::Rule")]);
}

#[test]
fn crates_of_the_project_are_its_own_code() {
    let project = project(
        "
//- Cargo.toml
[workspace]
members = [\"app\", \"engine\"]
//- app/Cargo.toml
[package]
name = \"app\"
edition = \"2021\"
[dependencies]
motor = { path = \"../engine\", package = \"the-engine\" }
//- app/src/lib.rs
pub struct Own;
//- app/src/main.rs
fn main() {}
//- engine/Cargo.toml
[package]
name = \"the-engine\"
edition = \"2021\"
//- engine/src/lib.rs
pub mod fuel { pub struct Fuel; }
",
    );
    check(
        &project,
        "app",
        &[("motor::fuel::Fuel", "the_engine::fuel::Fuel"), ("the_engine::fuel", "unknown"), ("app::Own", "unknown")],
    );
    let main = project.crates.iter().position(|krate| krate.kind.name() == "binary").unwrap();
    let root = project.crates[main].root;
    let own = project.names().resolve(root, "app::Own", Space::Types).target;
    assert_eq!(shown(&project, &own), "app::Own", "a binary sees the library of its package");
}

#[test]
fn until_2018_imports_began_at_the_root() {
    let project = project(
        "
//- Cargo.toml
[package]
name = \"app\"
[dependencies]
log = \"1\"
//- src/lib.rs
extern crate log as logging;
pub mod a { pub struct A; }
pub mod b {
    use a::A;
    use logging::Level;
    pub mod a { pub struct Near; }
}
",
    );
    check(
        &project,
        "app::b",
        &[
            ("A", "app::a::A"),
            ("::a::A", "app::a::A"),
            ("a::Near", "app::b::a::Near"),
            ("Level", "outside log: Level"),
            ("::logging::Level", "outside log: Level"),
        ],
    );
}

#[test]
fn an_extern_crate_of_the_root_names_the_crate_everywhere() {
    let project = project(
        "
//- src/lib.rs
extern crate alloc as heap;
extern crate self as myself;
pub struct Root;
pub mod a {}
pub mod b { extern crate alloc as only_here; }
",
    );
    check(
        &project,
        "app::a",
        &[
            ("heap::vec::Vec", "outside alloc: vec::Vec"),
            ("::heap::vec", "outside alloc: vec"),
            ("myself::Root", "app::Root"),
            ("only_here::vec", "unknown"),
        ],
    );
    check(&project, "app::b", &[("only_here::vec", "outside alloc: vec")]);
}

#[test]
fn types_values_and_macros_of_one_name_are_told_apart() {
    let project = project(
        "
//- src/lib.rs
pub mod price;
pub use price::*;
pub mod other { pub fn lone() {} }
#[macro_export] macro_rules! price { () => {} }
//- src/price.rs
pub fn price() {}
",
    );
    assert_eq!(means(&project, "app", "price", Space::Types), "mod app::price");
    assert_eq!(means(&project, "app", "price", Space::Values), "app::price::price");
    assert_eq!(means(&project, "app", "crate::price", Space::Values), "app::price::price");
    assert_eq!(means(&project, "app", "crate::other::lone", Space::Types), "app::other::lone", "there is no other");
}
