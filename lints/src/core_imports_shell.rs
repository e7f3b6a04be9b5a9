//! # core-imports-shell
//!
//! ## What it does
//!
//! Reports each place where code with the role core reaches a module, an item or an outside crate
//! with the role shell, orchestrator or entry: `use` in every form, paths in expressions, types,
//! bounds, attributes and macro arguments, `impl Trait for`, renamed crates, `include!`, and methods,
//! operators and conversions that the shell adds to a type, as far as signatures tell which type
//! that is. A name that leads through re-exports is followed to what it means, and the finding
//! shows each hop.
//!
//! Code without a role is followed item by item: what counts is what the used item itself names in its
//! signature, fields, body and `impl` blocks, to any depth. Blocks of crates that the core's crate does
//! not depend on are none of it. The body of a macro is charged to those who call it, and so is what a
//! procedural macro of the project quotes from `crate`, and what `macro_rules!` of another crate name
//! so. Such a finding shows the shortest way, a line for each hop, and names the one to cut. All core
//! code that one bad edge concerns is one finding.
//!
//! All that one module names of one shell module or one outside package is one finding too, with every
//! place shown. What an import brings in is reported at the import, not at each use of its name.
//!
//! ## Why
//!
//! A core that knows its shell cannot be tested, reused or understood without it. All other
//! promises of the pattern stand on this one.
//!
//! ## Bad
//!
//! ```rust,ignore
//! // src/core/price.rs
//! use crate::shell::db::PriceTable;
//!
//! pub fn price(order: &Order, table: &PriceTable) -> Money { table.lookup(order) }
//! ```
//!
//! ## Good
//!
//! ```rust,ignore
//! // src/core/price.rs
//! pub fn price(order: &Order, rates: &Rates) -> Money { rates.of(order) }
//! ```
//!
//! The orchestrator asks the shell for the rates and hands them to the core.
//!
//! ## Options
//!
//! - `indirect`: what is followed through code without a role. `"item"`, the default, is what the used
//!   item itself names; `"module"` is all that its module names.
//!
//! ## Limits
//!
//! Names are resolved without macro expansion, and types follow from signatures alone. Not seen are: a
//! method on a value whose type no signature tells, or a conversion to a type that only a later use tells;
//! `Send`, `Sync`, a bound of an outside function that no table has, such as `RangeBounds`, or a value that
//! is copied by being used twice or by a `*`, that only an `impl` of the shell makes possible;
//! `<T as Trait>::NAME` where `T` is a parameter; methods in the length of an array or the number of a
//! variant; a `DerefMut` that only a conversion of references needs; paths that a procedural macro makes up
//! or quotes without `crate` or `::` in front, that a macro of another file puts together from pieces, or
//! that one puts into a module of its own; `self` and `super` in the body of a macro; an `impl` or a type
//! that a macro of another file makes, and methods in what a macro makes; what an included file names whose
//! name does not end in `.rs`; in functions of neutral code, `<T as Trait>::NAME` and any but the first of
//! several imports of one name under different `cfg`. Of a neutral type all `impl` blocks count, also where
//! one method alone is used, of a neutral trait those for types of outside crates, of a macro all arms and
//! all that it is given, of a procedural one the quotes in all functions that it leads to, and of an import
//! the first of the types, macros and values that it brings in under one name. Only the nearest way from an
//! item to the shell is reported. Glob imports of outside crates say nothing about their names. A `mod`
//! declaration is no import. Test code is not judged, nor code that no `cfg` lets exist.

use baton_core::facts::{Import, ItemKind, PathKind};
use baton_core::finding::{BrokenImport, Evidence, Finding, Hop, Level};
use baton_core::graph::reach::{Grain, Hop as ReachHop, Node, Reach};
use baton_core::link::{Edge, EdgeKind, ModuleId, Project, RoleKind, Target, Use};
use baton_core::lint::{Check, Lint, OptionDefault, OptionSpec, Options, Verdict};
use baton_core::source::Place;
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

/// The lint.
pub static LINT: Lint = Lint {
    name: "core-imports-shell",
    level: Level::Deny,
    summary: "Core code names the shell, an orchestrator or a crate that counts as shell.",
    source: include_str!("core_imports_shell.rs"),
    options: &[OptionSpec {
        name: "indirect",
        default: OptionDefault::Choice(&["item", MODULE]),
        summary: "What is followed through code without a role: what the used item names, or its whole module.",
    }],
    check: Check::Whole(check),
};

const MODULE: &str = "module";

fn check(project: &Project, options: &Options) -> Verdict {
    let mut verdict = Verdict::default();
    let mut first = BTreeMap::new();
    let mut known: BTreeMap<(ModuleId, Unit), usize> = BTreeMap::new();
    // What the bodies of macros name is followed item by item.
    let is_asked = |edge: &&Edge| !edge.test && !edge.is_from_body() && is_core(project, edge);
    let mut edges: Vec<&Edge> = project.edges.iter().filter(is_asked).collect();
    // A file that several targets compile says the same thing once. One place may name several things.
    edges.retain(|edge| *first.entry(edge.place).or_insert(edge.from) == edge.from);
    verdict.judged = edges.len();
    for &edge in &edges {
        let Some(leak) = leak(project, &edge.to, edge.through()) else { continue };
        if is_said_elsewhere(project, edge) {
            continue;
        }
        let dependency = (edge.from, leak.unit.clone());
        if let Some(&finding) = known.get(&dependency) {
            verdict.findings[finding].evidence.push(again(project, edge, &leak));
            verdict.findings[finding].imports.push(leak.import(edge.place, &edge.to));
        } else {
            known.insert(dependency, verdict.findings.len());
            verdict.findings.push(finding(project, edge, &leak));
        }
    }
    let grain = if options.word("indirect") == MODULE { Grain::Modules } else { Grain::Items };
    verdict.findings.extend(Indirect::new(project, grain, &edges).findings());
    verdict
}

/// What a module depends on: all that it names of one module or one outside package is one dependency.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Unit {
    Module(ModuleId),
    Package(SmolStr),
}

/// A dependency on something that the core must not know.
struct Leak {
    kind: RoleKind,
    unit: Unit,
    /// The module whose re-export it is, where what is re-exported is none.
    reexport: Option<ModuleId>,
}

fn is_core(project: &Project, edge: &Edge) -> bool {
    project.module(edge.from).has_role(RoleKind::Core)
}

/// What a name leads to that the core must not know, if it does.
fn leak(project: &Project, to: &Target, through: &[(ModuleId, Place)]) -> Option<Leak> {
    let end = project.target_role(to).filter(|role| role.kind.is_outer());
    if let Some(role) = end {
        let unit = match to {
            Target::Module(module) => Unit::Module(*module),
            Target::Item(item) => Unit::Module(item.module),
            Target::Outside(package, _) => Unit::Package(package.clone()),
            Target::Unknown => return None,
        };
        return Some(Leak { kind: role.kind, unit, reexport: None });
    }
    // What a path passes through counts as well as where it ends.
    through.iter().find_map(|&(module, _)| {
        let role = project.module(module).role.filter(|role| role.kind.is_outer())?;
        Some(Leak { kind: role.kind, unit: Unit::Module(module), reexport: Some(module) })
    })
}

impl Leak {
    /// What it is, as it is shown to a module.
    fn what(&self, project: &Project, reader: ModuleId, to: &Target) -> String {
        match self.reexport {
            None => format!("`{}`", project.shown(reader, to)),
            Some(module) => format!("the re-export in `{}`", project.shown(reader, &Target::Module(module))),
        }
    }

    /// The import that is to be cut, at a place that names `to`.
    fn import(&self, place: Place, to: &Target) -> BrokenImport {
        BrokenImport { place, to: self.reexport.map_or_else(|| to.clone(), Target::Module) }
    }
}

/// Whether the core says the same at another place, which is the one to mend: an import of this
/// module that the path begins with, or a core module's re-export that it leads through.
fn is_said_elsewhere(project: &Project, edge: &Edge) -> bool {
    let says = |module: ModuleId, is_it: &dyn Fn(&Import) -> bool| {
        let imports = project.scope(module).imports.iter().enumerate();
        imports.filter(|(_, import)| is_it(import)).any(|(index, _)| {
            let target = project.names().import(module, index).target;
            target == edge.to || project.target_role(&target).is_some_and(|role| role.kind.is_outer())
        })
    };
    let core = |module: ModuleId| project.module(module).has_role(RoleKind::Core);
    let mut hops = edge.through().iter().filter(|&&(module, _)| module != edge.from && core(module));
    if hops.any(|&(module, place)| says(module, &|import| import.span == place.span)) {
        return true;
    }
    let EdgeKind::Path(_) = edge.kind else { return false };
    let first = edge.path.split("::").next().unwrap_or_default();
    says(edge.from, &|import| import.name.as_deref() == Some(first) && !import.test)
}

/// A place where the core names an item, or something of a module, that may lead to the shell.
struct Root<'a> {
    from: ModuleId,
    place: Place,
    kind: EdgeKind,
    node: Node,
    through: &'a [(ModuleId, Place)],
}

/// A root with the shortest way from it to the shell.
type Way<'a> = (&'a Root<'a>, Vec<ReachHop<'a>>);

/// What the core reaches through neutral code.
struct Indirect<'a> {
    project: &'a Project,
    /// In the order of their places.
    roots: Vec<Root<'a>>,
    reach: Reach,
}

impl<'a> Indirect<'a> {
    fn new(project: &'a Project, grain: Grain, edges: &[&'a Edge]) -> Self {
        let is_passable = |node: Node| {
            let module = project.module(node.module());
            // What the body of a macro names is charged to those who call it.
            let is_macro = |item| matches!(project.item(item).kind, ItemKind::MacroRules(_));
            module.is_neutral() || matches!(node, Node::Item(item) if module.is_core() && is_macro(item))
        };
        let mut roots: Vec<Root<'a>> = edges.iter().filter_map(|edge| root(project, grain, edge)).collect();
        roots.extend(macro_calls(project));
        roots.retain(|root| is_passable(root.node));
        roots.sort_by_key(|root| (root.place, root.from, root.node));
        let mut first = BTreeMap::new();
        roots.retain(|root| *first.entry(root.place).or_insert(root.from) == root.from);
        let leaves = |by: &Use| leak(project, &by.to, &by.through).is_some();
        let asked = roots.iter().map(|root| (project.module(root.from).krate, root.node));
        let reach = Reach::new(project, grain, asked, is_passable, leaves);
        Self { project, roots, reach }
    }

    /// One finding for each place where neutral code leads into the shell, with all core code that
    /// it concerns.
    fn findings(&self) -> Vec<Finding> {
        let mut bridges: BTreeMap<(Node, Unit), Vec<Way<'_>>> = BTreeMap::new();
        for root in &self.roots {
            let Some(way) = self.reach.way(self.project.module(root.from).krate, root.node) else { continue };
            let Some(&(last, by)) = way.last() else { continue };
            let Some(leak) = leak(self.project, &by.to, &by.through) else { continue };
            bridges.entry((last, leak.unit)).or_default().push((root, way));
        }
        bridges.into_values().filter_map(|roots| self.finding(&roots)).collect()
    }

    fn finding(&self, roots: &[Way<'_>]) -> Option<Finding> {
        let project = self.project;
        let (root, way) = roots.iter().min_by_key(|(root, way)| (way.len(), root.place))?;
        let &(last, by) = way.last()?;
        let leak = leak(project, &by.to, &by.through)?;
        let what = leak.what(project, root.from, &by.to);
        let from = project.module_name(root.from);
        let bridge = project.shown(root.from, &last.target());
        let modules: BTreeSet<ModuleId> = roots.iter().map(|(root, _)| root.from).collect();
        let others = match modules.len() {
            1 => String::new(),
            2 => ", and so does 1 other core module".to_owned(),
            more => format!(", and so do {} other core modules", more - 1),
        };
        let evidence = roots.iter().filter(|(other, _)| other.place != root.place).map(|(other, _)| Evidence {
            kind: "place",
            place: other.place,
            why: format!(
                "{} `{}`",
                project.verb(other.kind, &other.node.target()),
                project.shown(other.from, &other.node.target())
            ),
        });
        let role = role_name(leak.kind);
        Some(Finding {
            rule: LINT.name,
            level: None,
            message: format!("core module `{from}` reaches {what}, which is {role}, through `{bridge}`{others}"),
            help: format!(
                "cut `{bridge}` -> {what}: let `{bridge}` take a value or a trait instead, or move it to the shell"
            ),
            place: root.place,
            item: project.module_path(root.from),
            evidence: evidence.collect(),
            chain: self.chain(root, way),
            imports: vec![leak.import(by.place, &by.to)],
            trails: Vec::new(),
            fix: None,
        })
    }

    fn chain(&self, root: &Root<'_>, way: &[ReachHop<'_>]) -> Vec<Hop> {
        let project = self.project;
        let from = project.module_name(root.from);
        let mut hops = project.hops_to(root.from, from, &root.node.target(), root.through, root.place);
        for (node, by) in way {
            let from = project.shown(root.from, &node.target());
            hops.extend(project.hops_to(root.from, from, &by.to, &by.through, by.place));
        }
        hops
    }
}

/// What an edge names and is followed, unless the edge is a leak by itself or says what another one says.
fn root<'a>(project: &Project, grain: Grain, edge: &'a Edge) -> Option<Root<'a>> {
    let Edge { from, to, kind, place, .. } = edge;
    let through = edge.through();
    let node = grain.node(to)?;
    let is_macro = *kind == EdgeKind::Path(PathKind::Macro);
    if is_macro || leak(project, &edge.to, through).is_some() || is_said_elsewhere(project, edge) {
        return None;
    }
    Some(Root { from: *from, place: *place, kind: *kind, node, through })
}

/// Every call of a macro of the project in the core, also of one that stands in the same module.
fn macro_calls<'a>(project: &Project) -> Vec<Root<'a>> {
    let mut calls = Vec::new();
    for (from, _) in project.modules().filter(|(_, module)| module.is_core()) {
        for used in project.scope(from).paths.iter().filter(|used| used.kind == PathKind::Macro && !used.test) {
            if let Some(item) = project.names().macro_item(from, &used.path, used.span) {
                let kind = EdgeKind::Path(PathKind::Macro);
                let place = project.place(from, used.span);
                calls.push(Root { from, place, kind, node: Node::Item(item), through: &[] });
            }
        }
    }
    calls
}

fn finding(project: &Project, edge: &Edge, leak: &Leak) -> Finding {
    let from = project.module_name(edge.from);
    let what = leak.what(project, edge.from, &edge.to);
    Finding {
        rule: LINT.name,
        level: None,
        message: format!("core module `{from}` {} {what}, which is {}", edge.verb(project), role_name(leak.kind)),
        help: help(leak.kind, &edge.to),
        place: edge.place,
        item: project.module_path(edge.from),
        evidence: Vec::new(),
        chain: project.hops(edge),
        imports: vec![leak.import(edge.place, &edge.to)],
        trails: Vec::new(),
        fix: None,
    }
}

/// A further place of a dependency that has been reported.
fn again(project: &Project, edge: &Edge, leak: &Leak) -> Evidence {
    Evidence {
        kind: "place",
        place: edge.place,
        why: format!("{} {}", edge.verb(project), leak.what(project, edge.from, &edge.to)),
    }
}

fn role_name(kind: RoleKind) -> &'static str {
    match kind {
        RoleKind::Orchestrator => "an orchestrator",
        RoleKind::Entry => "an entry point",
        _ => "shell",
    }
}

fn help(kind: RoleKind, target: &Target) -> String {
    match (kind, target) {
        (_, Target::Outside(package, _)) => {
            format!(
                "keep `{package}` in the shell: convert at the border, or declare a trait in the core that the shell implements"
            )
        }
        (RoleKind::Orchestrator | RoleKind::Entry, _) => {
            "let the caller pass in what is needed as a value: the core does not know who runs it".to_owned()
        }
        _ => "pass the value in as a parameter, or declare a trait in the core that the shell implements".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::needless_raw_string_hashes, reason = "the command that updates the snapshots writes them")]

    use super::LINT;
    use crate::testing::check;
    use expect_test::{Expect, expect};

    /// A shell, and neutral code beside it.
    const AROUND: &str = r"
        //- src/shell/db.rs
        pub struct Db;
        pub struct Table<T>(T);
        pub enum Speed { Fast(u8), Slow { by: u8 }, Off }
        pub trait Store { const SIZE: u8; fn get(&self); }
        pub const LIMIT: usize = 1;
        pub fn open() -> Db { Db }
        //- src/shell/mail.rs
        pub struct Mail;
        //- src/util/text.rs
        pub struct Db;
        pub fn open() -> Db { Db }
    ";

    /// What is said about `code` as a core module in a project with the code of [`AROUND`].
    #[track_caller]
    fn core(code: &str, expected: &Expect) {
        check(&LINT, &format!("{AROUND}\n//- src/core/price.rs\n{code}"), expected);
    }

    #[test]
    fn two_uses_at_one_place_are_both_judged() {
        check(
            &LINT,
            r#"
            //- src/core/price.rs
            pub struct Net(u32);
            pub struct Tax(u32);
            pub fn line(net: &Net, tax: &Tax) -> String { format!("{net} {tax}") }
            //- src/base.rs
            impl std::fmt::Display for crate::core::price::Net {
                fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { to.write_str("net") }
            }
            //- src/shell/text.rs
            impl std::fmt::Display for crate::core::price::Tax {
                fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { to.write_str("tax") }
            }
            "#,
            &expect![[r#"
                //- src/core/price.rs
                pub fn line(net: &Net, tax: &Tax) -> String { format!("{net} {tax}") }
                                                                      ^^^^^^^^^^^^^ core module `core::price` uses `impl std::fmt::Display for crate::core::price::Tax in shell::text`, which is shell
                help: pass the value in as a parameter, or declare a trait in the core that the shell implements
            "#]],
        );
    }

    /// A core that uses one function of a module, another of which reaches the shell.
    fn beside_the_shell(options: &str) -> String {
        format!(
            r#"
            //- baton.toml
            version = 1
            rules.core-imports-shell = {{ {options} }}
            [[role]]
            name = "core"
            paths = ["src/core/**"]
            [[role]]
            name = "shell"
            paths = ["src/shell/**"]
            //- src/core/price.rs
            use crate::util::round;
            use crate::text::trim;
            //- src/util.rs
            pub fn round(cents: u32) -> u32 {{ cents }}
            pub fn load() -> u32 {{ crate::store::read() }}
            //- src/store.rs
            pub fn read() -> u32 {{ crate::shell::db::read() }}
            //- src/text.rs
            pub fn trim() {{}}
            //- src/shell/db.rs
            pub fn read() -> u32 {{ 7 }}
            "#
        )
    }

    #[test]
    fn of_a_module_the_used_item_counts_or_all_of_it() {
        check(&LINT, &beside_the_shell(r#"indirect = "item""#), &expect![[r#""#]]);
        check(
            &LINT,
            &beside_the_shell(r#"indirect = "module""#),
            &expect![[r#"
            //- src/core/price.rs
            use crate::util::round;
                             ^^^^^ core module `core::price` reaches `shell::db::read`, which is shell, through `store`
                             ~~~~~ core::price -> util
            //- src/util.rs
            pub fn load() -> u32 { crate::store::read() }
                                   ~~~~~~~~~~~~~~~~~~ util -> store::read
            //- src/store.rs
            pub fn read() -> u32 { crate::shell::db::read() }
                                   ~~~~~~~~~~~~~~~~~~~~~~ store -> shell::db::read
            help: cut `store` -> `shell::db::read`: let `store` take a value or a trait instead, or move it to the shell
        "#]],
        );
    }

    #[test]
    fn use_declarations_in_every_form() {
        core(
            "
            use crate::shell::db::Db;
            use crate::shell::{db::{self, Table as T, open}, mail::*};
            use super::super::shell::mail::Mail as _;
            use {crate::shell::db::Store, std::fmt};
            pub use crate::shell::db::Speed::{self, Fast};
            fn price() { use crate::shell::db::LIMIT; }
            ",
            &expect![[r#"
                //- src/core/price.rs
                use crate::shell::db::Db;
                                      ^^ core module `core::price` imports `shell::db::Db`, which is shell
                use crate::shell::{db::{self, Table as T, open}, mail::*};
                                        ---- imports `shell::db`
                                              ---------- imports `shell::db::Table`
                                                          ---- imports `shell::db::open`
                use {crate::shell::db::Store, std::fmt};
                                       ----- imports `shell::db::Store`
                pub use crate::shell::db::Speed::{self, Fast};
                                                  ---- re-exports `shell::db::Speed`
                                                        ---- re-exports `shell::db::Speed`
                fn price() { use crate::shell::db::LIMIT; }
                                                   ----- imports `shell::db::LIMIT`
                use crate::shell::{db::{self, Table as T, open}, mail::*};
                                                                       ^ core module `core::price` imports `shell::mail`, which is shell
                use super::super::shell::mail::Mail as _;
                                               --------- imports `shell::mail::Mail`
                help: pass the value in as a parameter, or declare a trait in the core that the shell implements
            "#]],
        );
    }

    #[test]
    fn use_declarations_of_anything_else_are_fine() {
        core(
            "
            use crate::util::text::{self, Db, open as shell};
            use super::super::util::*;
            use std::{fmt, collections::BTreeMap as Store};
            use self::shell_like::Mail;
            use crate::util::made_by_a_macro;
            mod shell_like { pub struct Mail; }
            ",
            &expect![[r#""#]],
        );
    }

    #[test]
    fn names_that_a_macro_makes_up_in_a_module_of_the_shell() {
        check(
            &LINT,
            "
            //- src/shell/schema.rs
            diesel::table! { users (id) { id -> Integer } }
            //- src/util.rs
            diesel::table! { notes (id) { id -> Integer } }
            //- src/core/price.rs
            use crate::shell::schema::users;
            fn price() { crate::shell::schema::users::dsl::id.eq(crate::util::notes::id) }
            ",
            &expect![[r#"
                //- src/core/price.rs
                use crate::shell::schema::users;
                                          ^^^^^ core module `core::price` imports `shell::schema`, which is shell
                fn price() { crate::shell::schema::users::dsl::id.eq(crate::util::notes::id) }
                             ------------------------------------ names `shell::schema`
                help: pass the value in as a parameter, or declare a trait in the core that the shell implements
            "#]],
        );
    }

    #[test]
    fn paths_in_types_and_signatures() {
        core(
            "
            pub struct Price { db: crate::shell::db::Db, all: Vec<Option<crate::shell::db::Db>> }
            pub struct Pair(&'static crate::shell::db::Db, fn(crate::shell::db::Db));
            enum Choice { One(crate::shell::db::Db), Two = crate::shell::db::LIMIT as isize }
            type Alias = [u8; crate::shell::db::LIMIT];
            static DB: super::super::shell::db::Db = todo();
            fn price(one: crate::shell::db::Db) -> impl Fn(crate::shell::mail::Mail) { loop {} }
            ",
            &expect![[r#"
                //- src/core/price.rs
                pub struct Price { db: crate::shell::db::Db, all: Vec<Option<crate::shell::db::Db>> }
                                       ^^^^^^^^^^^^^^^^^^^^ core module `core::price` names `shell::db::Db`, which is shell
                                                                             -------------------- names `shell::db::Db`
                pub struct Pair(&'static crate::shell::db::Db, fn(crate::shell::db::Db));
                                         -------------------- names `shell::db::Db`
                                                                  -------------------- names `shell::db::Db`
                enum Choice { One(crate::shell::db::Db), Two = crate::shell::db::LIMIT as isize }
                                  -------------------- names `shell::db::Db`
                                                               ----------------------- names `shell::db::LIMIT`
                type Alias = [u8; crate::shell::db::LIMIT];
                                  ----------------------- names `shell::db::LIMIT`
                static DB: super::super::shell::db::Db = todo();
                           --------------------------- names `shell::db::Db`
                fn price(one: crate::shell::db::Db) -> impl Fn(crate::shell::mail::Mail) { loop {} }
                              -------------------- names `shell::db::Db`
                                                               ^^^^^^^^^^^^^^^^^^^^^^^^ core module `core::price` names `shell::mail::Mail`, which is shell
                help: pass the value in as a parameter, or declare a trait in the core that the shell implements
            "#]],
        );
    }

    #[test]
    fn generics_bounds_and_where_clauses() {
        core(
            "
            struct Price<T: crate::shell::db::Store = crate::shell::db::Db>(T);
            fn one<T>(it: T) where T: Into<crate::shell::mail::Mail>, crate::shell::mail::Mail: Send {}
            trait Rule: crate::shell::db::Store { type Out: Iterator<Item = crate::shell::mail::Mail>; }
            fn two(it: &dyn crate::shell::db::Store, or: impl crate::shell::db::Store) {}
            ",
            &expect![[r#"
                //- src/core/price.rs
                struct Price<T: crate::shell::db::Store = crate::shell::db::Db>(T);
                                ^^^^^^^^^^^^^^^^^^^^^^^ core module `core::price` names `shell::db::Store`, which is shell
                                                          -------------------- names `shell::db::Db`
                trait Rule: crate::shell::db::Store { type Out: Iterator<Item = crate::shell::mail::Mail>; }
                            ----------------------- names `shell::db::Store`
                fn two(it: &dyn crate::shell::db::Store, or: impl crate::shell::db::Store) {}
                                ----------------------- names `shell::db::Store`
                                                                  ----------------------- names `shell::db::Store`
                fn one<T>(it: T) where T: Into<crate::shell::mail::Mail>, crate::shell::mail::Mail: Send {}
                                               ^^^^^^^^^^^^^^^^^^^^^^^^ core module `core::price` names `shell::mail::Mail`, which is shell
                                                                          ------------------------ names `shell::mail::Mail`
                trait Rule: crate::shell::db::Store { type Out: Iterator<Item = crate::shell::mail::Mail>; }
                                                                                ------------------------ names `shell::mail::Mail`
                help: pass the value in as a parameter, or declare a trait in the core that the shell implements
            "#]],
        );
    }

    #[test]
    fn implementations() {
        core(
            "
            pub struct Price;
            impl crate::shell::db::Store for Price { const SIZE: u8 = 1; fn get(&self) {} }
            impl From<crate::shell::mail::Mail> for Price { fn from(_: u8) -> Self { Price } }
            impl Price for crate::shell::db::Db {}
            ",
            &expect![[r#"
                //- src/core/price.rs
                impl crate::shell::db::Store for Price { const SIZE: u8 = 1; fn get(&self) {} }
                     ^^^^^^^^^^^^^^^^^^^^^^^ core module `core::price` implements `shell::db::Store`, which is shell
                impl Price for crate::shell::db::Db {}
                               -------------------- names `shell::db::Db`
                impl From<crate::shell::mail::Mail> for Price { fn from(_: u8) -> Self { Price } }
                          ^^^^^^^^^^^^^^^^^^^^^^^^ core module `core::price` names `shell::mail::Mail`, which is shell
                help: pass the value in as a parameter, or declare a trait in the core that the shell implements
            "#]],
        );
    }

    #[test]
    fn paths_in_expressions_and_patterns() {
        core(
            "
            const SIZE: usize = crate::shell::db::LIMIT;
            fn price() {
                let db = crate::shell::db::open();
                let all = Vec::<crate::shell::db::Db>::new();
                let size = <crate::util::text::Db as crate::shell::db::Store>::SIZE;
                let each = [1].map(crate::shell::mail::Mail);
                match size { crate::shell::db::Speed::Fast(n) => n, crate::shell::db::LIMIT.. => 0 };
                if let crate::shell::db::Speed::Slow { by } = speed && by > crate::shell::db::LIMIT {}
            }
            ",
            &expect![[r#"
                //- src/core/price.rs
                const SIZE: usize = crate::shell::db::LIMIT;
                                    ^^^^^^^^^^^^^^^^^^^^^^^ core module `core::price` names `shell::db::LIMIT`, which is shell
                    let db = crate::shell::db::open();
                             ---------------------- names `shell::db::open`
                    let all = Vec::<crate::shell::db::Db>::new();
                                    -------------------- names `shell::db::Db`
                    let size = <crate::util::text::Db as crate::shell::db::Store>::SIZE;
                                                         ----------------------- names `shell::db::Store`
                    match size { crate::shell::db::Speed::Fast(n) => n, crate::shell::db::LIMIT.. => 0 };
                                 ----------------------------- names `shell::db::Speed`
                                                                        ----------------------- names `shell::db::LIMIT`
                    if let crate::shell::db::Speed::Slow { by } = speed && by > crate::shell::db::LIMIT {}
                           ----------------------------- names `shell::db::Speed`
                                                                                ----------------------- names `shell::db::LIMIT`
                    let each = [1].map(crate::shell::mail::Mail);
                                       ^^^^^^^^^^^^^^^^^^^^^^^^ core module `core::price` names `shell::mail::Mail`, which is shell
                help: pass the value in as a parameter, or declare a trait in the core that the shell implements
            "#]],
        );
    }

    #[test]
    fn arguments_of_macros_at_any_depth() {
        core(
            r#"
            fn price() {
                println!("{:?}", format!("{}", crate::shell::db::open()));
                assert_eq!(1, crate::shell::db::LIMIT, "{}", crate::shell::mail::Mail);
                let all = vec![crate::shell::db::LIMIT; 2];
                let fast = matches!(speed, crate::shell::db::Speed::Fast(n) if n > 1);
                odd!(a => crate::shell::db::open(), b);
                select! { x = crate::shell::db::open() => {} }
            }
            thread_local! { static DB: crate::shell::db::Db = const { todo() }; }
            "#,
            &expect![[r#"
                //- src/core/price.rs
                    println!("{:?}", format!("{}", crate::shell::db::open()));
                                                   ^^^^^^^^^^^^^^^^^^^^^^ core module `core::price` names `shell::db::open`, which is shell
                    assert_eq!(1, crate::shell::db::LIMIT, "{}", crate::shell::mail::Mail);
                                  ----------------------- names `shell::db::LIMIT`
                    let all = vec![crate::shell::db::LIMIT; 2];
                                   ----------------------- names `shell::db::LIMIT`
                    let fast = matches!(speed, crate::shell::db::Speed::Fast(n) if n > 1);
                                               ----------------------------- names `shell::db::Speed`
                    odd!(a => crate::shell::db::open(), b);
                              ---------------------- names `shell::db::open`
                    select! { x = crate::shell::db::open() => {} }
                                  ---------------------- names `shell::db::open`
                thread_local! { static DB: crate::shell::db::Db = const { todo() }; }
                                           -------------------- names `shell::db::Db`
                    assert_eq!(1, crate::shell::db::LIMIT, "{}", crate::shell::mail::Mail);
                                                                 ^^^^^^^^^^^^^^^^^^^^^^^^ core module `core::price` names `shell::mail::Mail`, which is shell
                help: pass the value in as a parameter, or declare a trait in the core that the shell implements
            "#]],
        );
    }

    #[test]
    fn attributes_derives_and_paths_in_their_texts() {
        core(
            r#"
            #[derive(Debug, crate::shell::db::MadeByAMacro)]
            #[serde(with = "crate::shell::db", default = "local")]
            pub struct Price {
                #[serde(serialize_with = "super::super::shell::db::open")]
                at: u8,
                #[validate(custom(function = crate::shell::db::open))]
                of: u8,
            }
            #[crate::shell::db::instrument]
            fn price() {}
            "#,
            &expect![[r#"
                //- src/core/price.rs
                #[derive(Debug, crate::shell::db::MadeByAMacro)]
                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ core module `core::price` names `shell::db`, which is shell
                #[serde(with = "crate::shell::db", default = "local")]
                               ------------------ names `shell::db`
                    #[serde(serialize_with = "super::super::shell::db::open")]
                                             ------------------------------- names `shell::db::open`
                    #[validate(custom(function = crate::shell::db::open))]
                                                 ---------------------- names `shell::db::open`
                #[crate::shell::db::instrument]
                  ---------------------------- names `shell::db`
                help: pass the value in as a parameter, or declare a trait in the core that the shell implements
            "#]],
        );
    }

    #[test]
    fn what_only_looks_like_a_name_of_the_shell_is_fine() {
        core(
            r#"
            //! See [`crate::shell::db::Db`].
            // use crate::shell::db::Db;
            /* crate::shell::db::open() */
            /// Like [crate::shell::db::open].
            #[doc = "crate::shell::db::open"]
            #[deprecated(note = "use crate::shell::db instead")]
            const TEXT: &str = "crate::shell::db::open()";
            const PATH: &str = stringify!(crate::shell::db::open);
            const WHERE: &str = concat!("crate::shell::db", 1);
            mod shell { pub mod db { pub struct Db; pub fn open() {} } }
            use shell::db::Db;
            fn price(db: self::shell::db::Db) { shell::db::open(); db.shell.db.open(); }
            fn other() { let shell = 1; let text = format!("{shell} crate::shell::db"); }
            "#,
            &expect![[r#""#]],
        );
    }

    #[test]
    fn a_local_name_hides_the_module_of_that_name_only_where_it_is_declared() {
        core(
            "
            use crate::shell;
            mod inner { mod shell { pub fn open() {} } fn price() { shell::open() } }
            fn price() { shell::db::open() }
            ",
            &expect![[r#"
                //- src/core/price.rs
                fn price() { shell::db::open() }
                             ^^^^^^^^^^^^^^^ core module `core::price` names `shell::db::open`, which is shell
                help: pass the value in as a parameter, or declare a trait in the core that the shell implements
            "#]],
        );
    }

    #[test]
    fn test_code_may_use_the_shell_through_any_parent() {
        core(
            r#"
            #[cfg(test)]
            use crate::shell::db::Db;
            #[cfg(all(test, unix))]
            mod tests { mod inner { use crate::shell::db::Db; fn f() { crate::shell::db::open(); } } }
            #[test]
            fn works() { use crate::shell::mail::Mail; crate::shell::db::open(); }
            #[cfg(test)]
            impl crate::shell::db::Store for u8 {}
            struct Price { #[cfg(test)] db: crate::shell::db::Db }
            fn price() {
                #[cfg(test)]
                let db = crate::shell::db::open();
                #[cfg(test)]
                { crate::shell::db::open(); }
                #[cfg(test)]
                crate::shell::db::open();
                #[cfg(test)]
                println!("{}", crate::shell::db::LIMIT);
            }
            "#,
            &expect![[r#""#]],
        );
    }

    #[test]
    fn a_file_that_only_a_test_module_reaches_is_test_code() {
        check(
            &LINT,
            r#"
            //- src/lib.rs
            mod shell { pub fn open() {} }
            mod core { mod price; }
            //- baton.toml
            version = 1
            [[role]]
            name = "core"
            paths = ["src/core/**"]
            [[role]]
            name = "shell"
            modules = ["crate::shell"]
            //- src/core/price.rs
            #[cfg(test)]
            #[path = "price_checks.rs"]
            mod checks;
            #[path = "price_rules.rs"]
            mod rules;
            #[cfg(test)]
            mod tests;
            //- src/core/price_checks.rs
            use crate::shell::open;
            //- src/core/price_rules.rs
            use crate::shell::open;
            //- src/core/price/tests.rs
            mod inner { use crate::shell::open; }
            "#,
            &expect![[r#"
                //- src/core/price_rules.rs
                use crate::shell::open;
                                  ^^^^ core module `core::price::rules` imports `shell::open`, which is shell
                help: pass the value in as a parameter, or declare a trait in the core that the shell implements
            "#]],
        );
    }

    #[test]
    fn code_that_some_other_build_than_a_test_has_is_judged() {
        core(
            r#"
            #[cfg(not(test))]
            use crate::shell::db::Db;
            #[cfg(any(test, feature = "x"))]
            use crate::shell::mail::Mail;
            "#,
            &expect![[r#"
                //- src/core/price.rs
                use crate::shell::db::Db;
                                      ^^ core module `core::price` imports `shell::db::Db`, which is shell
                use crate::shell::mail::Mail;
                                        ^^^^ core module `core::price` imports `shell::mail::Mail`, which is shell
                help: pass the value in as a parameter, or declare a trait in the core that the shell implements
            "#]],
        );
    }

    #[test]
    fn modules_behind_cfg_if_and_path_attributes_have_their_role() {
        check(
            &LINT,
            r#"
            //- src/lib.rs
            mod core { pub mod price; }
            cfg_if::cfg_if! {
                if #[cfg(unix)] { #[path = "shell/on_unix.rs"] mod system; } else { #[path = "other.rs"] mod system; }
            }
            #[path = "shell/odd.rs"]
            mod plain;
            #[path = "core/odd.rs"]
            mod loose;
            //- src/shell/on_unix.rs
            pub fn run() {}
            //- src/other.rs
            pub fn stop() {}
            //- src/shell/odd.rs
            //- src/core/odd.rs
            use crate::plain;
            //- src/core/price.rs
            use crate::loose;
            fn price() { crate::system::run(); crate::system::stop(); }
            "#,
            &expect![[r#"
                //- src/core/odd.rs
                use crate::plain;
                           ^^^^^ core module `loose` imports `plain`, which is shell
                //- src/core/price.rs
                fn price() { crate::system::run(); crate::system::stop(); }
                             ^^^^^^^^^^^^^^^^^^ core module `core::price` names `system::run`, which is shell
                                                   ------------------- names `system`
                help: pass the value in as a parameter, or declare a trait in the core that the shell implements
            "#]],
        );
    }

    /// Two packages of the project and two of a registry, one of them renamed.
    const PACKAGES: &str = r#"
        //- Cargo.toml
        [package]
        name = "app"
        edition = "2024"
        [dependencies]
        store = { package = "app-db", path = "db" }
        sqlx = "1"
        http = { package = "reqwest", version = "1" }
        serde = "1"
        //- db/Cargo.toml
        [package]
        name = "app-db"
        edition = "2024"
        //- db/src/lib.rs
        pub struct Db;
        //- baton.toml
        version = 1
        [[role]]
        name = "core"
        paths = ["src/core/**"]
        [[role]]
        name = "shell"
        paths = ["db/**"]
        crates = ["sqlx", "reqwest", "std"]
    "#;

    #[test]
    fn sibling_renamed_and_listed_crates() {
        let core = r"
            //- src/core/price.rs
            use store::Db;
            use sqlx::{Pool, query as q};
            use ::http::Client;
            extern crate sqlx as database;
            extern crate store;
            fn price(at: std::time::Instant) -> Result<http::Response, sqlx::Error> { database::run() }
        ";
        check(
            &LINT,
            &format!("{PACKAGES}{core}"),
            &expect![[r#"
                //- src/core/price.rs
                use store::Db;
                           ^^ core module `app::core::price` imports `app_db::Db`, which is shell
                extern crate store;
                ------------------- imports `app_db`
                use sqlx::{Pool, query as q};
                           ^^^^ core module `app::core::price` imports `sqlx::Pool`, which is shell
                                 ---------- imports `sqlx::query`
                extern crate sqlx as database;
                ------------------------------ imports `sqlx`
                fn price(at: std::time::Instant) -> Result<http::Response, sqlx::Error> { database::run() }
                                                                           ----------- names `sqlx::Error`
                use ::http::Client;
                            ^^^^^^ core module `app::core::price` imports `reqwest::Client`, which is shell
                fn price(at: std::time::Instant) -> Result<http::Response, sqlx::Error> { database::run() }
                                                           -------------- names `reqwest::Response`
                             ^^^^^^^^^^^^^^^^^^ core module `app::core::price` names `std::time::Instant`, which is shell
                help: keep `reqwest` in the shell: convert at the border, or declare a trait in the core that the shell implements
                help: keep `sqlx` in the shell: convert at the border, or declare a trait in the core that the shell implements
                help: keep `std` in the shell: convert at the border, or declare a trait in the core that the shell implements
                help: pass the value in as a parameter, or declare a trait in the core that the shell implements
            "#]],
        );
    }

    #[test]
    fn other_crates_and_local_names_of_listed_ones_are_fine() {
        let core = r"
            //- src/core/price.rs
            use serde::Serialize;
            mod sqlx { pub struct Pool; }
            use self::sqlx::Pool;
            fn price(pool: sqlx::Pool) -> core::time::Duration { let http = 1; reqwest::get(http) }
        ";
        check(&LINT, &format!("{PACKAGES}{core}"), &expect![[r#""#]]);
    }

    #[test]
    fn a_name_that_leads_through_re_exports_shows_each_hop() {
        check(
            &LINT,
            "
            //- src/shell/db.rs
            pub struct Db;
            pub use crate::core::tax::Tax;
            //- src/prelude.rs
            pub use crate::shell::db::Db;
            pub use crate::core::tax::Tax as Levy;
            //- src/core/tax.rs
            pub struct Tax;
            //- src/core/price.rs
            use crate::prelude::Db;
            use crate::shell::db::Tax;
            use crate::prelude::Levy;
            ",
            &expect![[r#"
                //- src/core/price.rs
                use crate::prelude::Db;
                                    ^^ core module `core::price` imports `shell::db::Db`, which is shell
                use crate::shell::db::Tax;
                                      --- imports the re-export in `shell::db`
                use crate::prelude::Db;
                                    ~~ core::price -> prelude
                //- src/prelude.rs
                pub use crate::shell::db::Db;
                                          ~~ prelude -> shell::db::Db
                help: pass the value in as a parameter, or declare a trait in the core that the shell implements
            "#]],
        );
    }

    #[test]
    fn a_glob_of_neutral_code_brings_what_it_re_exports() {
        check(
            &LINT,
            "
            //- src/shell/db.rs
            pub struct Db;
            //- src/prelude.rs
            pub use crate::shell::db::Db;
            pub struct Plain;
            //- src/core/price.rs
            use crate::prelude::*;
            fn price(db: Db, plain: Plain) {}
            ",
            &expect![[r#"
                //- src/core/price.rs
                fn price(db: Db, plain: Plain) {}
                             ^^ core module `core::price` names `shell::db::Db`, which is shell
                             ~~ core::price -> prelude
                //- src/prelude.rs
                pub use crate::shell::db::Db;
                                          ~~ prelude -> shell::db::Db
                help: pass the value in as a parameter, or declare a trait in the core that the shell implements
            "#]],
        );
    }

    #[test]
    fn a_macro_of_the_shell_counts_and_one_of_neutral_code_does_not() {
        check(
            &LINT,
            "
            //- src/shell/db.rs
            #[macro_export]
            macro_rules! save { () => {} }
            //- src/util.rs
            #[macro_export]
            macro_rules! trace { () => {} }
            //- src/core/price.rs
            fn price() { crate::save!(); crate::trace!(); }
            ",
            &expect![[r#"
                //- src/core/price.rs
                fn price() { crate::save!(); crate::trace!(); }
                             ^^^^^^^^^^^ core module `core::price` calls the macro `shell::db::save`, which is shell
                help: pass the value in as a parameter, or declare a trait in the core that the shell implements
            "#]],
        );
    }

    #[test]
    fn orchestrators_and_entry_points_are_named_as_what_they_are() {
        check(
            &LINT,
            r#"
            //- baton.toml
            version = 1
            [[role]]
            name = "core"
            paths = ["src/core/**"]
            [[role]]
            name = "orchestrator"
            paths = ["src/app/**"]
            [[role]]
            name = "entry"
            paths = ["src/cli.rs"]
            [[role]]
            name = "helpers"
            paths = ["src/util.rs"]
            //- src/app/checkout.rs
            pub struct Checkout;
            //- src/cli.rs
            pub fn main() {}
            //- src/util.rs
            pub fn help() {}
            //- src/core/price.rs
            fn price(by: crate::app::checkout::Checkout) { crate::cli::main(); crate::util::help() }
            "#,
            &expect![[r#"
                //- src/core/price.rs
                fn price(by: crate::app::checkout::Checkout) { crate::cli::main(); crate::util::help() }
                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ core module `core::price` names `app::checkout::Checkout`, which is an orchestrator
                                                               ^^^^^^^^^^^^^^^^ core module `core::price` names `cli::main`, which is an entry point
                help: let the caller pass in what is needed as a value: the core does not know who runs it
            "#]],
        );
    }

    #[test]
    fn only_the_core_is_judged_also_where_a_module_of_a_file_has_a_role_of_its_own() {
        check(
            &LINT,
            r#"
            //- baton.toml
            version = 1
            [[role]]
            name = "shell"
            paths = ["src/shell/**"]
            [[role]]
            name = "core"
            modules = ["crate::shop::rules"]
            //- src/shell/db.rs
            pub struct Db;
            //- src/shop.rs
            use crate::shell::db::Db;
            mod rules { use crate::shell::db::Db; fn price(_: super::Db) {} }
            mod other { use crate::shell::db::Db; }
            "#,
            &expect![[r#"
                //- src/shop.rs
                mod rules { use crate::shell::db::Db; fn price(_: super::Db) {} }
                                                  ^^ core module `shop::rules` imports `shell::db::Db`, which is shell
                                                                  --------- names `shell::db::Db`
                help: pass the value in as a parameter, or declare a trait in the core that the shell implements
            "#]],
        );
    }

    #[test]
    fn a_crate_by_its_own_name() {
        check(
            &LINT,
            "
            //- src/lib.rs
            extern crate self as own;
            mod core { mod price; }
            mod shell { pub mod db; }
            //- src/shell/db.rs
            pub struct Db;
            //- src/core/price.rs
            use own::shell::db::Db;
            ",
            &expect![[r#"
                //- src/core/price.rs
                use own::shell::db::Db;
                                    ^^ core module `core::price` imports `shell::db::Db`, which is shell
                help: pass the value in as a parameter, or declare a trait in the core that the shell implements
            "#]],
        );
    }

    #[test]
    fn paths_of_edition_2015_begin_at_the_root() {
        check(
            &LINT,
            r#"
            //- Cargo.toml
            [package]
            name = "app"
            //- src/shell/db.rs
            pub struct Db;
            pub fn open() {}
            //- src/util.rs
            pub fn open() {}
            //- src/core/price.rs
            use shell::db::Db;
            use util::open;
            fn price() { ::shell::db::open(); ::util::open(); }
            "#,
            &expect![[r#"
                //- src/core/price.rs
                use shell::db::Db;
                               ^^ core module `core::price` imports `shell::db::Db`, which is shell
                fn price() { ::shell::db::open(); ::util::open(); }
                             ----------------- names `shell::db::open`
                help: pass the value in as a parameter, or declare a trait in the core that the shell implements
            "#]],
        );
    }

    #[test]
    fn an_import_in_a_function_holds_only_there() {
        core(
            "
            fn one() { use crate::shell::db; db::open() }
            use crate::util::text as db;
            fn two() { db::open() }
            use crate::shell::mail;
            fn three() { use crate::util::text as mail; mail::open() }
            ",
            &expect![[r#"
                //- src/core/price.rs
                fn one() { use crate::shell::db; db::open() }
                                             ^^ core module `core::price` imports `shell::db`, which is shell
                use crate::shell::mail;
                                  ^^^^ core module `core::price` imports `shell::mail`, which is shell
                help: pass the value in as a parameter, or declare a trait in the core that the shell implements
            "#]],
        );
    }
}
