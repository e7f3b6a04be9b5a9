//! Edges: a place for each name that leaves its module.

use super::{project, shown};
use expect_test::{Expect, expect};
use std::fmt::Write;

/// Compares the edges of a fixture, and how many paths lead nowhere, with `expected`.
#[track_caller]
fn check(fixture: &str, expected: &Expect) {
    let project = project(fixture);
    let mut out = String::new();
    for edge in project.edges.iter() {
        let from = project.module_path(edge.from);
        let through: Vec<_> = edge.through().iter().map(|(module, _)| project.module_path(*module)).collect();
        let through = if through.is_empty() { String::new() } else { format!(" through {}", through.join(", ")) };
        let test = if edge.test { ", test" } else { "" };
        writeln!(out, "{from}: {} is {}{through} {:?}{test}", edge.path, shown(&project, &edge.to), edge.kind).unwrap();
    }
    writeln!(out, "unresolved: {}", project.unresolved.values().sum::<usize>()).unwrap();
    expected.assert_eq(&out);
}

#[test]
fn every_form_that_leaves_its_module_is_an_edge() {
    check(
        "
//- src/lib.rs
pub mod shell { pub struct Db; pub fn go() {} pub trait Port {} pub mod facade { pub use super::Db; } }
pub mod core {
    use crate::shell::{Db, go as start};
    pub use crate::shell::facade::Db as Public;
    fn f<T: crate::shell::Port>(x: super::shell::Db) { crate::shell::go(); std::fs::read(\"x\"); format!(\"{}\", crate::shell::go()); }
    impl crate::shell::Port for Own {}
    struct Own;
    fn g(own: self::Own, db: Db) -> crate::core::Own { start(); self::f(db) }
    #[cfg(test)] mod tests { use super::*; use crate::shell::Db; }
}
",
        &expect![[r"
            shell::facade: super::Db is app::shell::Db Reexport
            core: crate::shell::Db is app::shell::Db Use
            core: crate::shell::go is app::shell::go Use
            core: crate::shell::facade::Db is app::shell::Db through shell::facade Reexport
            core: crate::shell::Port is app::shell::Port Path(Bound)
            core: super::shell::Db is app::shell::Db Path(Type)
            core: crate::shell::go is app::shell::go Path(Expression)
            core: std::fs::read is outside std: fs::read Path(Expression)
            core: crate::shell::go is app::shell::go Path(Expression)
            core: crate::shell::Port is app::shell::Port Path(Impl)
            core::tests: super is mod app::core Use, test
            core::tests: crate::shell::Db is app::shell::Db Use, test
            unresolved: 0
        "]],
    );
}

#[test]
fn what_an_alias_stands_for_is_an_edge_of_its_own_kind() {
    check(
        "
//- src/lib.rs
pub mod shell { pub struct Db; pub trait Port { type Row; } pub const ROWS: usize = 2; pub mod row { pub struct Row; } }
pub mod core {
    pub type Open = crate::shell::Db;
    type Ports<T: crate::shell::Port> = Vec<Box<dyn crate::shell::Port<Row = crate::shell::row::Row>>>;
    type Of<T> = <T as crate::shell::Port>::Row;
    type Rows = [crate::shell::row::Row; crate::shell::ROWS];
    struct Own;
    impl Iterator for Own {
        type Item = crate::shell::Db;
        fn next(&mut self) -> Option<crate::shell::Db> { type Inner = crate::shell::row::Row; None }
    }
    trait Made { type Of: crate::shell::Port; }
}
pub mod user { fn f(db: crate::core::Open) {} }
",
        &expect![[r#"
            core: crate::shell::Db is app::shell::Db Path(Alias)
            core: crate::shell::Port is app::shell::Port Path(Bound)
            core: crate::shell::Port is app::shell::Port Path(Alias)
            core: crate::shell::row::Row is app::shell::row::Row Path(Alias)
            core: crate::shell::Port is app::shell::Port Path(Alias)
            core: crate::shell::row::Row is app::shell::row::Row Path(Alias)
            core: crate::shell::ROWS is app::shell::ROWS Path(Expression)
            core: crate::shell::Db is app::shell::Db Path(Alias)
            core: crate::shell::Db is app::shell::Db Path(Type)
            core: crate::shell::row::Row is app::shell::row::Row Path(Alias)
            core: crate::shell::Port is app::shell::Port Path(Bound)
            user: crate::core::Open is app::core::Open Path(Type)
            unresolved: 0
        "#]],
    );
}

#[test]
fn of_several_blocks_with_a_name_none_is_guessed() {
    check(
        "
//- src/lib.rs
mod a; mod b; mod c; mod kinds;
//- src/kinds.rs
pub struct Fault; pub struct Near; pub struct Inherent; pub struct Priced;
pub trait Scale<T> { fn scale(of: T) -> Self; }
pub trait Price { fn price(&self) -> u8 { 1 } }
impl Price for Priced {}
#[derive(Debug, Error)] pub struct Derived(#[from] u8);
impl Inherent { pub fn from(of: u8) -> Self { Inherent } }
//- src/a.rs
use crate::kinds::*;
pub struct A;
impl From<A> for Fault { fn from(of: A) -> Self { Fault } }
impl Scale<A> for Near { fn scale(of: A) -> Self { Near } }
impl Scale<u8> for Near { fn scale(of: u8) -> Self { Near } }
pub trait Hidden { fn price(&self) -> u8; }
impl Hidden for Priced { fn price(&self) -> u8 { 2 } }
impl From<A> for Inherent { fn from(of: A) -> Self { Inherent } }
impl From<A> for Derived { fn from(of: A) -> Self { Derived(0) } }
//- src/b.rs
pub struct B;
impl From<B> for crate::kinds::Fault { fn from(of: B) -> Self { crate::kinds::Fault } }
//- src/c.rs
use crate::kinds::{Fault, Near, Inherent, Price, Priced, Scale};
pub fn fault() -> Fault { Fault::from(crate::b::B) }
pub fn near() -> Near { Near::scale(1) }
pub fn price() -> u8 { Priced::price(&Priced) }
pub fn inherent() -> Inherent { Inherent::from(1) }
pub fn derived() -> crate::kinds::Derived { crate::kinds::Derived::from(1) }
",
        &expect![[r#"
            a: crate::kinds is mod app::kinds Use
            b: crate::kinds::Fault is app::kinds::Fault Path(Type)
            b: crate::kinds::Fault is app::kinds::Fault Path(Expression)
            c: crate::kinds::Fault is app::kinds::Fault Use
            c: crate::kinds::Near is app::kinds::Near Use
            c: crate::kinds::Inherent is app::kinds::Inherent Use
            c: crate::kinds::Price is app::kinds::Price Use
            c: crate::kinds::Priced is app::kinds::Priced Use
            c: crate::kinds::Scale is app::kinds::Scale Use
            c: Fault::from is app::kinds::Fault Path(Expression)
            c: crate::b::B is app::b::B Path(Expression)
            c: Near::scale is app::kinds::Near Path(Expression)
            c: Near::scale is app::a Path(Expression)
            c: Priced::price is app::kinds::Priced Path(Expression)
            c: Inherent::from is app::kinds::Inherent Path(Expression)
            c: crate::kinds::Derived is app::kinds::Derived Path(Type)
            c: crate::kinds::Derived::from is app::kinds::Derived Path(Expression)
            unresolved: 0
        "#]],
    );
}

#[test]
fn what_the_body_of_a_macro_names_is_an_edge_of_whoever_calls_it() {
    check(
        "
//- src/lib.rs
mod helpers; mod shell; mod domain; mod near;
mod renamed { fn price() { crate::helpers::unlock!(); } }
//- src/shell.rs
pub struct Db; pub fn go() {}
//- src/helpers.rs
macro_rules! open { () => { { $crate::helpers::closer!(); $crate::shell::Db } } }
macro_rules! closer { () => { super::shell::go() } }
pub(crate) use {closer, open, open as unlock};
//- src/domain.rs
use crate::helpers::open;
macro_rules! mine { () => { $crate::shell::Db } }
fn price() { let a = mine!(); let b = mine!(); open!(); }
#[test]
fn tested() { mine!(); }
//- src/near.rs
macro_rules! uncalled { () => { $crate::shell::Db } }
macro_rules! given { ($path:path) => { $path } }
macro_rules! own { () => { $crate::near::Own; Self::new(); std::mem::take } }
struct Own;
fn price() { given!(Own); let open = !true; println!(); own!(); }
#[cfg(test)]
mod tests { fn tested() { crate::helpers::open!(); } }
",
        &expect![[r#"
            domain: crate::helpers::open is app::helpers::open through helpers Use
            domain: mine is app::shell::Db through domain Path(Macro)
            domain: open is app::shell::Db through helpers Path(Macro)
            domain: open is app::shell::go through helpers, helpers Path(Macro)
            renamed: crate::helpers::unlock is app::helpers::open through helpers Path(Macro)
            renamed: crate::helpers::unlock is app::shell::Db through helpers Path(Macro)
            renamed: crate::helpers::unlock is app::shell::go through helpers, helpers Path(Macro)
            near: own is outside std: mem::take through near Path(Macro)
            unresolved: 0
        "#]],
    );
}

#[test]
fn the_body_of_a_macro_of_another_crate_names_what_its_crate_has() {
    check(
        "
//- Cargo.toml
[workspace]
members = [\"base\", \"user\"]
//- base/Cargo.toml
[package]
name = \"base\"
edition = \"2021\"
//- base/src/lib.rs
pub mod shell { pub struct Db; }
#[macro_export]
macro_rules! open { () => { $crate::shell::Db } }
#[macro_export]
macro_rules! given { () => { crate::own::Db } }
//- user/Cargo.toml
[package]
name = \"user\"
edition = \"2021\"
[dependencies]
base = { path = \"../base\" }
//- user/src/lib.rs
pub mod a { pub fn one() { let db = base::open!(); } }
pub mod b { use base::open; pub fn two() { let db = open!(); } }
pub mod c { macro_rules! own { () => { base::open!() } } pub fn three() { let db = own!(); } }
pub mod d { pub fn four() { let db = base::given!(); } }
pub mod own { pub struct Db; }
",
        &expect![[r#"
            a: base::open is base::open Path(Macro)
            a: base::open is base::shell::Db through base Path(Macro)
            b: base::open is base::open Use
            b: open is base::shell::Db through base Path(Macro)
            c: own is base::shell::Db through c, base Path(Macro)
            d: base::given is base::given Path(Macro)
            d: base::given is user::own::Db through base Path(Macro)
            unresolved: 0
        "#]],
    );
}

#[test]
fn what_a_crate_adds_to_a_type_is_nothing_to_crates_that_do_not_depend_on_it() {
    check(
        "
//- Cargo.toml
[workspace]
members = [\"adds\", \"base\", \"user\"]
//- adds/Cargo.toml
[package]
name = \"adds\"
edition = \"2021\"
[dependencies]
base = { path = \"../base\" }
//- adds/src/lib.rs
pub struct Leaf;
impl PartialEq<Leaf> for base::node::Node { fn eq(&self, of: &Leaf) -> bool { true } }
//- base/Cargo.toml
[package]
name = \"base\"
edition = \"2021\"
//- base/src/lib.rs
pub mod node { #[derive(PartialEq)] pub struct Node; }
pub mod nodes { pub fn one() -> bool { crate::node::Node::eq(&crate::node::Node, &crate::node::Node) } }
//- user/Cargo.toml
[package]
name = \"user\"
edition = \"2021\"
[dependencies]
adds = { path = \"../adds\" }
base = { path = \"../base\" }
//- user/src/lib.rs
pub fn two() -> bool { base::node::Node::eq(&base::node::Node, &adds::Leaf) }
",
        &expect![[r#"
            adds: base::node::Node is base::node::Node Path(Type)
            nodes: crate::node::Node::eq is base::node::Node Path(Expression)
            nodes: crate::node::Node is base::node::Node Path(Expression)
            nodes: crate::node::Node is base::node::Node Path(Expression)
            user: base::node::Node::eq is base::node::Node Path(Expression)
            user: base::node::Node::eq is adds Path(Expression)
            user: base::node::Node is base::node::Node Path(Expression)
            user: adds::Leaf is adds::Leaf Path(Expression)
            unresolved: 0
        "#]],
    );
}

#[test]
fn a_macro_call_is_no_meaning_of_a_name_besides_the_modules_that_stand_in_it() {
    check(
        "
//- src/lib.rs
macro_rules! cfg_rt { ($($item:item)*) => { $( #[cfg(feature = \"rt\")] $item )* } }
macro_rules! cfg_not_rt { ($($item:item)*) => { $( #[cfg(not(feature = \"rt\"))] $item )* } }
cfg_rt! { pub mod runtime; }
cfg_not_rt! { pub(crate) mod runtime; }
pub mod user { use crate::runtime; fn f() { runtime::go() } }
//- src/runtime.rs
pub fn go() {}
",
        &expect![[r#"
            user: crate::runtime is mod app::runtime Use
            user: crate::runtime is mod app::runtime Use
            user: runtime::go is app::runtime::go Path(Expression)
            user: runtime::go is app::runtime::go Path(Expression)
            unresolved: 0
        "#]],
    );
}

#[test]
fn a_name_that_a_macro_makes_up_is_held_by_the_module_that_re_exports_have_it_from() {
    check(
        "
//- src/lib.rs
pub mod codes { #[outside::map] fn code() {} }
pub mod registry { pub use crate::codes::Rule; pub use crate::facade::Again; }
pub mod facade { pub use crate::registry::Again; }
pub mod user {
    use crate::registry::Rule;
    use crate::registry::Again;
    fn f() { crate::registry::Rule::all(); crate::codes::Other::all() }
}
",
        &expect![[r#"
            registry: crate::codes::Rule is mod app::codes Reexport
            user: crate::registry::Rule is mod app::codes through registry Use
            user: crate::registry::Rule::all is mod app::codes through registry Path(Expression)
            user: crate::codes::Other::all is mod app::codes Path(Expression)
            unresolved: 7
        "#]],
    );
}

#[test]
fn a_derive_takes_no_name_from_the_trait_that_a_glob_brings_in() {
    check(
        "
//- Cargo.toml
[workspace]
members = [\"app\", \"derives\"]
//- app/Cargo.toml
[package]
name = \"app\"
edition = \"2021\"
[dependencies]
derives = { path = \"../derives\" }
//- app/src/lib.rs
pub mod query { pub use derives::Data; pub use self::fetch::*; pub mod fetch { pub trait Data {} } }
pub mod user {
    use crate::query::Data;
    #[derive(Data, crate::query::Data)] struct Own;
    fn f<T: crate::query::Data>() {}
}
//- derives/Cargo.toml
[package]
name = \"derives\"
edition = \"2021\"
[lib]
proc-macro = true
//- derives/src/lib.rs
#[proc_macro_derive(Data)] pub fn derive_data(input: TokenStream) -> TokenStream { input }
",
        &expect![[r#"
            query: derives::Data is derives::derive_data Reexport
            query: self::fetch is mod app::query::fetch Reexport
            user: crate::query::Data is derives::derive_data through query Use
            user: crate::query::Data is app::query::fetch::Data through query Use
            user: crate::query::Data is derives::derive_data through query Path(Attribute)
            user: crate::query::Data is app::query::fetch::Data through query Path(Bound)
            unresolved: 0
        "#]],
    );
}

#[test]
fn the_type_that_a_call_makes_is_told_from_the_derive_of_its_name() {
    check(
        "
//- Cargo.toml
[workspace]
members = [\"app\", \"derives\"]
//- app/Cargo.toml
[package]
name = \"app\"
edition = \"2021\"
[dependencies]
derives = { path = \"../derives\" }
//- app/src/lib.rs
macro_rules! define_label { ($name:ident) => { pub trait $name {} } }
pub mod set { pub use derives::{Label, Other}; define_label!(Label); }
pub mod schedule { pub use crate::set::*; }
pub mod user {
    use crate::schedule::{Label, Other};
    fn f<T: crate::schedule::Label>() {}
}
//- derives/Cargo.toml
[package]
name = \"derives\"
edition = \"2021\"
[lib]
proc-macro = true
//- derives/src/lib.rs
#[proc_macro_derive(Label)] pub fn derive_label(input: TokenStream) -> TokenStream { input }
#[proc_macro_derive(Other)] pub fn derive_other(input: TokenStream) -> TokenStream { input }
",
        &expect![[r#"
            set: derives::Label is derives::derive_label Reexport
            set: derives::Other is derives::derive_other Reexport
            schedule: crate::set is mod app::set Reexport
            user: crate::schedule::Label is derives::derive_label through schedule, set Use
            user: crate::schedule::Label is app::set through schedule Use
            user: crate::schedule::Other is derives::derive_other through schedule, set Use
            user: crate::schedule::Label is app::set through schedule Path(Bound)
            unresolved: 0
        "#]],
    );
}

#[test]
fn what_a_call_declares_is_passed_on_by_globs() {
    check(
        "
//- src/lib.rs
pub mod system {
    pub mod flags { bitflags::bitflags! { pub struct Flags: u8 { const A = 1; } } }
    pub mod silent { bitflags::bitflags! { Hidden } }
    mod own { bitflags::bitflags! { struct Mask: u8 { const B = 2; } } }
    mod masks { pub struct Mask; }
    pub use flags::*;
    pub use silent::*;
    pub use own::*;
    pub use masks::*;
}
pub mod user { use crate::system::Flags; use crate::system::Hidden; use crate::system::Mask; }
",
        &expect![[r#"
            system: flags is mod app::system::flags Reexport
            system: silent is mod app::system::silent Reexport
            system: own is mod app::system::own Reexport
            system: masks is mod app::system::masks Reexport
            user: crate::system::Flags is app::system::flags through system Use
            user: crate::system::Hidden is mod app::system Use
            user: crate::system::Mask is app::system::masks::Mask through system Use
            unresolved: 1
        "#]],
    );
}

#[test]
fn a_macro_that_imports_from_its_own_crate_makes_no_name_that_it_is_given() {
    check(
        "
//- src/lib.rs
pub trait Of {}
macro_rules! check { ($t:ty) => { const _: () = { use $crate::Of; fn is<T: Of>() {} }; } }
check!(std::fs::File);
pub fn tell(failure: std::io::Error) {}
",
        &expect![[r#"
            app: std::fs::File is outside std: fs::File Path(Expression)
            app: std::io::Error is outside std: io::Error Path(Type)
            unresolved: 0
        "#]],
    );
}

#[test]
fn globs_of_a_crate_bring_in_the_macros_that_it_exports() {
    check(
        "
//- Cargo.toml
[workspace]
members = [\"app\", \"syntax\"]
//- app/Cargo.toml
[package]
name = \"app\"
edition = \"2021\"
[dependencies]
syntax = { path = \"../syntax\" }
//- app/src/lib.rs
pub mod lexer { pub use syntax::*; }
pub mod parser { use crate::lexer::T; use crate::lexer::P; fn f() { crate::lexer::T![;]; } }
pub mod user { use syntax::*; fn f(of: self::T) { self::T![;] } }
//- syntax/Cargo.toml
[package]
name = \"syntax\"
edition = \"2021\"
//- syntax/src/lib.rs
mod kind { #[macro_export] macro_rules! T { (;) => { 1 } } macro_rules! P { (;) => { 1 } } }
",
        &expect![[r#"
            lexer: syntax is mod syntax Reexport
            parser: crate::lexer::T is syntax::kind::T through lexer Use
            parser: crate::lexer::P is mod app::lexer Use
            parser: crate::lexer::T is syntax::kind::T through lexer Path(Macro)
            user: syntax is mod syntax Use
            user: self::T is syntax::kind::T through user Path(Macro)
            unresolved: 2
        "#]],
    );
}

#[test]
fn a_name_that_globs_bring_in_has_a_meaning_under_each_cfg() {
    check(
        "
//- src/lib.rs
pub mod lock {
    #[cfg(not(feature = \"std\"))] pub use no_std_lock::*;
    #[cfg(feature = \"std\")] pub use std_lock::*;
    mod no_std_lock { pub struct Mutex; pub struct Poisoned; }
    mod std_lock { pub struct Mutex; }
    fn f(mutex: self::Mutex) {}
}
pub mod plain { pub use one::*; pub use two::*; mod one { pub struct Same; } mod two { pub struct Same; } }
pub mod user { use crate::lock::Mutex; use crate::lock::Poisoned; use crate::plain::Same; }
",
        &expect![[r#"
            lock: no_std_lock is mod app::lock::no_std_lock Reexport
            lock: std_lock is mod app::lock::std_lock Reexport
            lock: self::Mutex is app::lock::no_std_lock::Mutex through lock Path(Type)
            lock: self::Mutex is app::lock::std_lock::Mutex through lock Path(Type)
            plain: one is mod app::plain::one Reexport
            plain: two is mod app::plain::two Reexport
            user: crate::lock::Mutex is app::lock::no_std_lock::Mutex through lock Use
            user: crate::lock::Mutex is app::lock::std_lock::Mutex through lock Use
            user: crate::lock::Poisoned is app::lock::no_std_lock::Poisoned through lock Use
            user: crate::plain::Same is app::plain::one::Same through plain Use
            unresolved: 0
        "#]],
    );
}

#[test]
fn what_leads_nowhere_is_counted() {
    check(
        "
//- src/lib.rs
use crate::missing::A;
use self::B;
use outside_and_unknown::C;
fn f() { crate::also::missing(); super::above(); local::thing(); T::associated(); crate::f(); }
",
        &expect![[r"
            unresolved: 4
        "]],
    );
}

#[test]
fn what_a_glob_of_an_outside_package_may_bring_in_is_no_name_of_the_project() {
    check(
        "
//- Cargo.toml
[package]
name = \"app\"
edition = \"2021\"
[dependencies]
glam = \"1\"
//- src/lib.rs
pub use glam::prelude::*;
pub mod prelude { pub use crate::Vec3; pub use crate::inner::Missing; }
pub mod inner { pub struct Here; }
",
        &expect![[r#"
            app: glam::prelude is outside glam: prelude Reexport
            prelude: crate::Vec3 is mod app Reexport
            prelude: crate::inner::Missing is mod app::inner Reexport
            unresolved: 1
        "#]],
    );
}

#[test]
fn imports_of_a_body_make_edges_for_that_body_alone() {
    check(
        "
//- src/lib.rs
pub mod shell { pub mod db { pub struct Db; } }
pub mod core {
    fn one() { use crate::shell::db; db::Db::open(); }
    fn two() { db::Db::open(); }
}
",
        &expect![[r"
            core: crate::shell::db is mod app::shell::db Use
            core: db::Db::open is app::shell::db::Db Path(Expression)
            unresolved: 0
        "]],
    );
}

#[test]
fn a_macro_without_a_path_is_an_edge_where_macro_use_lets_it_out() {
    check(
        "
//- src/lib.rs
#[macro_use] mod shell { #[macro_use] pub mod db { macro_rules! save { () => {} } } pub mod mail { macro_rules! send { () => {} } } }
mod core { fn f() { save!(); send!(); } }
mod own { macro_rules! save { () => {} } mod inner { fn f() { save!() } } }
",
        &expect![[r#"
            core: save is app::shell::db::save Path(Macro)
            unresolved: 0
        "#]],
    );
}

#[test]
fn a_private_macro_does_not_hide_an_exported_one() {
    check(
        "
//- src/lib.rs
mod core { fn f() { crate::save!() } }
mod shell { #[macro_export] macro_rules! save { () => {} } }
mod util { macro_rules! save { () => {} } }
",
        &expect![[r#"
            core: crate::save is app::shell::save Path(Macro)
            unresolved: 0
        "#]],
    );
}

#[test]
fn a_name_with_a_meaning_for_each_cfg_is_an_edge_to_each() {
    check(
        "
//- src/lib.rs
pub mod unix { pub struct Handle; }
pub mod windows { pub struct Handle; pub fn open() {} }
pub mod os {
    #[cfg(unix)] pub use crate::unix::Handle;
    #[cfg(windows)] pub use crate::windows::Handle;
    #[cfg(not(any(unix, windows)))] pub struct Handle;
    pub mod open { pub fn with() {} }
    pub use crate::windows::open;
}
pub mod user {
    use crate::os::Handle;
    fn f(handle: crate::os::Handle) { crate::os::open::with() }
}
",
        &expect![[r#"
            os: crate::unix::Handle is app::unix::Handle Reexport
            os: crate::windows::Handle is app::windows::Handle Reexport
            os: crate::windows::open is app::windows::open Reexport
            user: crate::os::Handle is app::os::Handle Use
            user: crate::os::Handle is app::unix::Handle through os Use
            user: crate::os::Handle is app::windows::Handle through os Use
            user: crate::os::Handle is app::os::Handle Path(Type)
            user: crate::os::Handle is app::unix::Handle through os Path(Type)
            user: crate::os::Handle is app::windows::Handle through os Path(Type)
            user: crate::os::open::with is app::os::open::with Path(Expression)
            unresolved: 0
        "#]],
    );
}

#[test]
fn what_a_macro_quotes_of_its_callers_crate_is_an_edge_of_the_caller() {
    check(
        r##"
//- Cargo.toml
[workspace]
members = ["app", "macros"]
//- macros/Cargo.toml
[package]
name = "macros"
edition = "2021"
[lib]
proc-macro = true
//- macros/src/lib.rs
mod saved;
use crate::saved::expand;
#[proc_macro_derive(Saved)] pub fn saved(input: TokenStream) -> TokenStream { expand(input) }
#[proc_macro_derive(Sent)] pub fn sent(input: TokenStream) -> TokenStream { quote! { impl #name { fn go() { crate::shell::mail::send(); crate::core::Own } } } }
#[proc_macro] pub fn ask(input: TokenStream) -> TokenStream { answer(input) }
fn answer(input: TokenStream) -> TokenStream { quote! { crate::shell::ask::#input } }
//- macros/src/saved.rs
use crate::MINE;
pub fn expand(input: TokenStream) -> TokenStream { quote! { impl crate::shell::Row for #name { const A: crate::shell::db::Kind = crate::shell::db::Kind::#name; } } }
//- app/Cargo.toml
[package]
name = "app"
edition = "2021"
[dependencies]
macros = { path = "../macros" }
//- app/src/lib.rs
pub mod shell { pub use self::db::Row; pub mod db { pub trait Row {} pub enum Kind {} } pub mod mail { pub fn send() {} } pub mod ask {} }
pub mod core { #[derive(Clone, macros::Saved)] pub struct Order; pub struct Own; }
pub mod more { use macros::Sent; #[derive(Sent)] pub struct Note; fn f() { macros::ask!(a) } }
pub mod plain { #[derive(Clone)] pub struct Saved; }
pub mod tools { pub use macros::Sent as Mailed; }
pub mod renamed { use crate::tools::*; #[derive(Mailed)] pub struct Note; }
"##,
        &expect![[r#"
            shell: self::db::Row is app::shell::db::Row Reexport
            core: macros::Saved is macros::saved Path(Attribute)
            core: macros::Saved is app::shell::db::Row through saved, shell Path(Attribute)
            core: macros::Saved is app::shell::db::Kind through saved Path(Attribute)
            more: macros::Sent is macros::sent Use
            more: Sent is app::shell::mail::send through macros Path(Attribute)
            more: Sent is app::core::Own through macros Path(Attribute)
            more: macros::ask is macros::ask Path(Macro)
            more: macros::ask is mod app::shell::ask through macros Path(Macro)
            tools: macros::Sent is macros::sent Reexport
            renamed: crate::tools is mod app::tools Use
            renamed: Mailed is app::shell::mail::send through tools, macros Path(Attribute)
            renamed: Mailed is app::core::Own through tools, macros Path(Attribute)
            macros: crate::saved::expand is macros::saved::expand Use
            saved: crate::MINE is mod macros Use
            unresolved: 1
        "#]],
    );
}

#[test]
fn a_macro_of_the_module_is_none_that_a_glob_brings_in() {
    check(
        "
//- src/lib.rs
pub mod util { pub use std::mem::swap as base; pub fn swap() {} pub use swap as own; }
pub mod user { use crate::util::*; macro_rules! own { () => {} } fn f() { own!() } }
",
        &expect![[r#"
            util: std::mem::swap is outside std: mem::swap Reexport
            user: crate::util is mod app::util Use
            unresolved: 0
        "#]],
    );
}

#[test]
fn no_name_leaves_a_module_for_a_file_that_it_includes() {
    check(
        "
//- src/lib.rs
pub mod core;
pub mod shell { pub fn go() {} }
//- src/core.rs
include!(\"core/a.rs\");
include!(\"core/b.rs\");
mod inner { pub fn c1() { super::a1(); } }
pub fn top() { b1() }
//- src/core/a.rs
pub fn a1() { b1(); crate::core::b1(); crate::core::top(); crate::shell::go() }
//- src/core/b.rs
use crate::core::a1 as first;
pub fn b1() { first(); inner::c1() }
",
        &expect![[r#"
            core: include is mod app::core::a Path(Macro)
            core: include is mod app::core::b Path(Macro)
            core::inner: super::a1 is app::core::a::a1 Path(Expression)
            core::a: crate::shell::go is app::shell::go Path(Expression)
            core::b: inner::c1 is app::core::inner::c1 Path(Expression)
            unresolved: 0
        "#]],
    );
}

#[test]
fn an_included_file_with_a_role_of_its_own_is_named_still() {
    check(
        "
//- src/lib.rs
include!(\"core/a.rs\");
include!(\"shell/b.rs\");
//- src/core/a.rs
pub fn a1() { crate::b1() }
//- src/shell/b.rs
pub fn b1() { crate::a1() }
//- baton.toml
version = 1
[[role]]
name = \"core\"
paths = [\"src/core/**\"]
[[role]]
name = \"shell\"
paths = [\"src/shell/**\"]
",
        &expect![[r#"
            a: crate::b1 is app::b::b1 Path(Expression)
            app: include is mod app::a Path(Macro)
            app: include is mod app::b Path(Macro)
            b: crate::a1 is app::a::a1 Path(Expression)
            unresolved: 0
        "#]],
    );
}

#[test]
fn a_block_that_carries_a_supertrait_as_a_bound_uses_no_other() {
    // The block for `Bare` alone uses one of the shell's.
    check(
        "
//- src/lib.rs
pub mod core;
pub mod shell;
//- src/core.rs
pub trait Port {}
pub trait Sup: Port {}
pub struct Carrying<T>(T);
pub struct Bare<T>(T);
impl<T> Sup for Carrying<T> where Carrying<T>: Port {}
impl<T> Sup for Vec<T> where Self: Port {}
impl<T> Sup for Bare<T> {}
//- src/shell.rs
use crate::core::{Bare, Carrying, Port};
impl<T> Port for Carrying<T> {}
impl<T> Port for Vec<T> {}
impl<T> Port for Bare<T> {}
//- baton.toml
version = 1
[[role]]
name = \"core\"
paths = [\"src/core.rs\"]
[[role]]
name = \"shell\"
paths = [\"src/shell.rs\"]
",
        &expect![[r#"
            core:  is app::shell Call
            shell: crate::core::Bare is app::core::Bare Use
            shell: crate::core::Carrying is app::core::Carrying Use
            shell: crate::core::Port is app::core::Port Use
            unresolved: 0
        "#]],
    );
}
