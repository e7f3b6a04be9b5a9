//! Imports: what they bring in, what shadows what, and what only blocks see.

use super::paths::{check, means};
use super::{project, shown};
use crate::link::{ModuleId, Space};
use crate::source::Span;

#[test]
fn groups_renames_and_reexports_are_followed() {
    let project = project(
        "
//- src/lib.rs
pub mod shell;
pub mod facade { pub use crate::shell::{db::{self, Db as Database}, Clock}; }
pub mod user { use crate::facade::{db, Database, Clock as Time}; use super::facade as f; }
//- src/shell.rs
pub mod db { pub struct Db; }
pub use self::time::Clock;
mod time { pub struct Clock; }
",
    );
    check(
        &project,
        "app::user",
        &[
            ("Database", "app::shell::db::Db"),
            ("db::Db", "app::shell::db::Db"),
            ("Time", "app::shell::time::Clock"),
            ("f::Clock", "app::shell::time::Clock"),
            ("Clock", "unknown"),
        ],
    );
}

#[test]
fn whoever_reexports_stands_on_the_way() {
    let project = project(
        "
//- src/lib.rs
pub mod deep { pub struct D; }
pub mod facade { pub use crate::deep::D; }
pub mod prelude { pub use crate::facade::*; }
pub mod user { use crate::prelude::D; }
",
    );
    let user = project.modules.iter().position(|module| module.path == "user").unwrap();
    let resolved = project.names().import(ModuleId(user as u32), 0);
    assert_eq!(shown(&project, &resolved.target), "app::deep::D");
    let through: Vec<_> = resolved.through.iter().map(|(module, _)| project.module_path(*module)).collect();
    assert_eq!(through, ["prelude", "facade"]);
}

#[test]
fn globs_bring_in_what_can_be_seen() {
    let project = project(
        "
//- src/lib.rs
pub mod a {
    pub struct Public;
    pub(crate) struct Shared;
    struct Private;
    use crate::b::Hidden;
    pub use crate::b::Passed;
    mod inner { use super::*; }
}
pub mod b { pub struct Hidden; pub struct Passed; }
pub mod user { use crate::a::*; }
",
    );
    check(
        &project,
        "app::user",
        &[
            ("Public", "app::a::Public"),
            ("Shared", "app::a::Shared"),
            ("Passed", "app::b::Passed"),
            ("Private", "unknown"),
            ("Hidden", "unknown"),
        ],
    );
    check(&project, "app::a::inner", &[("Private", "app::a::Private"), ("Hidden", "app::b::Hidden")]);
}

#[test]
fn names_shadow_globs_and_globs_shadow_crates() {
    let project = project(
        "
//- src/lib.rs
pub mod a { pub struct X; pub struct Y; pub mod core { pub struct Z; } }
pub mod b { pub struct X; }
pub mod user { use crate::a::*; use crate::b::X; struct Y; }
",
    );
    check(&project, "app::user", &[("X", "app::b::X"), ("Y", "app::user::Y"), ("core::Z", "app::a::core::Z")]);
}

#[test]
fn globs_reach_through_globs_and_enums() {
    let project = project(
        "
//- src/lib.rs
pub mod a { pub use self::b::*; pub mod b { pub mod c { pub enum E { One } } } }
pub mod user { use crate::a::*; use c::E::*; }
",
    );
    check(&project, "app::user", &[("c::E", "app::a::b::c::E"), ("One", "app::a::b::c::E"), ("Two", "unknown")]);
}

#[test]
fn many_globs_do_not_tire() {
    let modules: Vec<_> = (0..100).map(|n| format!("pub mod m{n} {{ use crate::*; }} pub use m{n}::*;\n")).collect();
    let modules = modules.concat();
    let project = project(&format!("{modules} pub mod last {{ pub struct Found; }} pub use last::*;"));
    check(&project, "app::m0", &[("Found", "app::last::Found"), ("Missing", "unknown")]);
}

#[test]
fn imports_of_each_other_end() {
    let project = project(
        "
//- src/lib.rs
pub mod a { pub use crate::b::X; pub use crate::b::*; pub use self::Me; }
pub mod b { pub use crate::a::X; pub use crate::a::*; pub struct Real; }
pub mod c { pub use self::c::*; pub use c; }
",
    );
    check(&project, "app::a", &[("X", "unknown"), ("Me", "unknown"), ("Real", "app::b::Real"), ("Missing", "unknown")]);
    check(&project, "app::c", &[("c::X", "unknown")]);
}

#[test]
fn names_come_across_crates() {
    let project = project(
        "
//- Cargo.toml
[workspace]
members = [\"app\", \"engine\", \"derive\"]
//- app/Cargo.toml
[package]
name = \"app\"
edition = \"2021\"
[dependencies]
engine = { path = \"../engine\" }
//- app/src/lib.rs
use engine::{prelude::*, Fuel as F, run};
//- engine/Cargo.toml
[package]
name = \"engine\"
edition = \"2021\"
[dependencies]
derive = { path = \"../derive\" }
serde = \"1\"
//- engine/src/lib.rs
mod fuel { pub struct Fuel; }
pub use fuel::Fuel;
pub use derive::Burn;
pub use serde;
pub mod prelude { pub use crate::Fuel; pub(crate) struct Secret; pub use serde::Serialize; }
#[macro_export] macro_rules! run { () => {} }
//- derive/Cargo.toml
[package]
name = \"derive\"
edition = \"2021\"
[lib]
proc-macro = true
//- derive/src/lib.rs
#[proc_macro_derive(Burn, attributes(hot))]
pub fn derive_burn(x: TokenStream) -> TokenStream { x }
",
    );
    check(
        &project,
        "app",
        &[
            ("F", "engine::fuel::Fuel"),
            ("Fuel", "engine::fuel::Fuel"),
            ("Serialize", "outside serde: Serialize"),
            ("engine::serde::Deserialize", "outside serde: Deserialize"),
            ("Secret", "unknown"),
            ("engine::Burn", "derive::derive_burn"),
        ],
    );
    assert_eq!(means(&project, "app", "run", Space::Macros), "engine::run");
    assert!(project.unresolved.is_empty());
}

#[test]
fn macros_can_be_imported() {
    let project = project(
        "
//- src/lib.rs
mod a { macro_rules! local { () => {} } pub(crate) use local; }
mod b { use crate::a::local; }
",
    );
    assert_eq!(means(&project, "app::b", "local", Space::Macros), "app::a::local");
    assert!(project.unresolved.is_empty());
}

#[test]
fn what_a_body_imports_is_seen_in_its_block_only() {
    let text = "pub mod shell { pub struct Db; pub struct Log; }
pub struct Db;
fn one() {
    use crate::shell::Db;
    fn nested() { Db::at_nested(); }
    if true { use crate::shell::Log; Log::at_inner(); }
    Db::at_one(); Log::at_outer();
}
fn two() { Db::at_two(); Log::at_two(); }
fn three() { struct Db; { enum E { V } use E::*; V::at_block(); } V::at_outer(); Db::at_three(); }
fn four() { use crate::shell::*; Log::at_four(); }
";
    let project = project(text);
    let at = |path: &str| {
        let start = text.find(path).unwrap() as u32;
        let place = Span::new(start, start + path.len() as u32);
        let resolved = project.names().resolve_at(ModuleId(0), path, Space::Types, place);
        let here =
            if let crate::link::Target::Item(item) = &resolved.target { project.item(*item).block } else { None };
        format!("{}{}", shown(&project, &resolved.target), if here.is_some() { " in a body" } else { "" })
    };
    assert_eq!(at("Db::at_one"), "app::shell::Db");
    assert_eq!(at("Db::at_nested"), "app::shell::Db", "blocks inside see it too");
    assert_eq!(at("Log::at_inner"), "app::shell::Log");
    assert_eq!(at("Log::at_outer"), "unknown", "blocks around do not");
    assert_eq!(at("Db::at_two"), "app::Db", "nor do other functions");
    assert_eq!(at("Log::at_two"), "unknown");
    assert_eq!(at("V::at_block"), "app::E in a body");
    assert_eq!(at("V::at_outer"), "unknown");
    assert_eq!(at("Db::at_three"), "app::Db in a body", "items of a body shadow those of the module");
    assert_eq!(at("Log::at_four"), "app::shell::Log");
    check(&project, "app", &[("crate::Log", "unknown"), ("crate::Db", "app::Db")]);
}

#[test]
fn impls_belong_to_the_type_that_their_block_sees() {
    let project = project(
        "
//- src/lib.rs
pub struct S;
impl S { fn outer(&self) {} }
fn f() { struct S; impl S { fn inner(&self) {} } }
pub mod other { use super::S; impl S { fn from_other(&self) {} } impl crate::Missing { fn lost(&self) {} } }
pub type Alias = S;
impl Alias { fn by_alias(&self) {} }
#[cfg(test)] impl S { fn tested(&self) {} }
",
    );
    let of = |in_body: bool| {
        let items = project.scope(ModuleId(0)).items.iter();
        let index = items.clone().position(|item| item.name == "S" && item.block.is_some() == in_body).unwrap();
        let item = crate::link::ItemRef { module: ModuleId(0), index: index as u32 };
        let functions = project.impls(item).flat_map(|(_, block)| &block.functions);
        functions.map(|function| function.name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(of(false), ["outer", "by_alias", "from_other"]);
    assert_eq!(of(true), ["inner"]);
}

#[test]
fn a_macro_of_the_project_makes_what_its_crate_quotes() {
    let project = project(
        "
//- Cargo.toml
[workspace]
members = [\"app\", \"derive\", \"plain\"]
//- app/Cargo.toml
[package]
name = \"app\"
edition = \"2021\"
[dependencies]
derive = { path = \"../derive\" }
plain = { path = \"../plain\" }
//- app/src/lib.rs
pub mod codes { #[derive::table] fn build() {} pub struct Own; }
pub mod kinds { use derive::Kinds as K; #[derive(Clone, K)] pub struct Base; }
pub mod registry { pub use crate::codes::Rule; }
pub mod bare { fn build() {} }
pub mod other { #[plain::table] #[test_case::table] fn build() {} }
//- derive/Cargo.toml
[package]
name = \"derive\"
edition = \"2021\"
[lib]
proc-macro = true
//- derive/src/lib.rs
mod rules;
#[proc_macro_attribute]
pub fn table(_: TokenStream, item: TokenStream) -> TokenStream { rules::expand(item) }
#[proc_macro_derive(Kinds)]
pub fn kinds(item: TokenStream) -> TokenStream { rules::expand(item) }
//- derive/src/rules.rs
pub fn expand(item: TokenStream) -> TokenStream { quote! { #item pub enum Rule { A } pub struct #name; } }
pub struct Plan;
//- plain/Cargo.toml
[package]
name = \"plain\"
edition = \"2021\"
[lib]
proc-macro = true
//- plain/src/lib.rs
#[proc_macro_attribute]
pub fn table(_: TokenStream, item: TokenStream) -> TokenStream { item }
",
    );
    check(
        &project,
        "app",
        &[
            ("crate::codes::Rule", "app::codes::build"),
            ("crate::registry::Rule", "app::codes::build"),
            ("crate::kinds::Rule", "app::kinds::Base"),
            ("crate::codes::Own", "app::codes::Own"),
            ("crate::codes::Plan", "unknown"),
            ("crate::codes::name", "unknown"),
            ("crate::bare::Rule", "unknown"),
            ("crate::other::Rule", "unknown"),
        ],
    );
    assert!(project.unresolved.is_empty());
}

#[test]
fn of_macros_of_one_name_the_last_before_the_call_is_meant() {
    let text = "
macro_rules! rate { () => { 1 } }
pub mod before { fn f() { rate!() } }
macro_rules! rate { () => { 2 } }
pub mod after { fn f() { rate!() } }
fn f() { macro_rules! rate { () => { 3 } } rate!() }
fn g() { rate!() }
";
    let project = project(&format!("//- src/lib.rs{text}"));
    let mut called = Vec::new();
    for (id, _) in project.modules() {
        for used in &project.scope(id).paths {
            let item = project.names().macro_item(id, &used.path, used.span).unwrap();
            let position = text.match_indices("macro_rules").position(|(at, _)| {
                let name = at + "macro_rules! ".len() - 1;
                name == project.item(item).name_span.start as usize
            });
            called.push((project.module_path(id), position.unwrap() + 1));
        }
    }
    let called: Vec<_> = called.iter().map(|(module, position)| format!("{module} {position}")).collect();
    assert_eq!(called, ["app 3", "app 2", "before 1", "after 2"]);
}
