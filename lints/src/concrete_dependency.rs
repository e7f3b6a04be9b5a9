//! # concrete-dependency
//!
//! ## What it does
//!
//! Reports orchestrators that name a concrete adapter or engine where a port stands for it: a struct or
//! enum in code with one of the roles in `targets` that implements a trait of the project. A field or
//! parameter of that type counts, and so does naming it anywhere in the orchestrator's code, as in
//! `PgOrders::connect(…)`. One finding per adapter, with every item that names it and the port.
//!
//! A trait is a port if an orchestrator receives it, if the core or the orchestrators declare it, or if it
//! looks like one: asynchronous, in a module `ports`, or named `…Repository`, `…Gateway`, `…Client` and the
//! like.
//!
//! With `demand_ports = true` an orchestrator may hold no adapter or engine at all: what it receives and
//! is a type in `targets`, or of an outside crate with the role shell, is reported also where nobody
//! wrote a port for it yet.
//!
//! ## Why
//!
//! An orchestrator that names `PgOrders` can only be tested with a database, and cannot be moved to
//! another one without being changed. The port was written so that it need not know.
//!
//! ## Bad
//!
//! ```rust,ignore
//! use crate::shell::db::PgOrders;
//!
//! pub struct Checkout {
//!     orders: PgOrders,
//! }
//! ```
//!
//! ## Good
//!
//! ```rust,ignore
//! use crate::core::ports::Orders;
//!
//! pub struct Checkout {
//!     orders: Arc<dyn Orders>,
//! }
//! ```
//!
//! ## Options
//!
//! - `targets`, by default `["shell", "engine", "adapter"]`: the roles of adapters and engines. A name that
//!   `baton.toml` gives and no `[[role]]` has is an error.
//! - `demand_ports`, by default `false`: whether an adapter counts that no port stands for.
//!
//! ## Limits
//!
//! Holding another orchestrator is fine, wherever that stands. Values are no adapters: types named
//! `…Error`, `…Config`, `…Request` and the like. What a macro names that is not read as code is not
//! seen, nor the default of a type parameter, nor what a function of another module does with an
//! adapter. Without a role in `targets` nothing can be found.

use baton_core::facts::ItemKind;
use baton_core::finding::{Evidence, Finding, Level};
use baton_core::link::{Collaborator, ItemRef, ModuleId, Orchestrator, Project, Target, Use};
use baton_core::lint::{Check, Lint, OptionDefault, OptionSpec, Options, Verdict};
use baton_core::source::Place;
use std::collections::{BTreeMap, BTreeSet};

/// The lint.
pub static LINT: Lint = Lint {
    name: "concrete-dependency",
    level: Level::Deny,
    summary: "An orchestrator names a concrete adapter or engine where a port stands for it.",
    source: include_str!("concrete_dependency.rs"),
    options: &[
        OptionSpec {
            name: "targets",
            default: OptionDefault::Roles(&["shell", "engine", "adapter"]),
            summary: "the roles of adapters and engines",
        },
        OptionSpec {
            name: "demand_ports",
            default: OptionDefault::Switch(false),
            summary: "whether an adapter counts that no port stands for",
        },
    ],
    check: Check::Whole(check),
};

fn check(project: &Project, options: &Options) -> Verdict {
    let adapters = Adapters {
        project,
        targets: options.texts("targets"),
        orchestrators: project.orchestrators.iter().map(|one| one.item).collect(),
    };
    let are_there = project.modules().any(|(module, _)| adapters.is_target_module(module));
    let mut findings = Vec::new();
    for orchestrator in &project.orchestrators {
        let named = if are_there { adapters.named(orchestrator) } else { BTreeMap::new() };
        findings.extend(named.iter().filter_map(|(adapter, places)| adapters.finding(orchestrator, *adapter, places)));
        if options.switch("demand_ports") {
            findings.extend(adapters.demanded(orchestrator, &named));
        }
    }
    Verdict { judged: project.orchestrators.len(), findings }
}

struct Adapters<'p> {
    project: &'p Project,
    targets: &'p [String],
    orchestrators: BTreeSet<ItemRef>,
}

impl Adapters<'_> {
    /// The types in the roles of adapters that an orchestrator's code names, with the places.
    fn named(&self, orchestrator: &Orchestrator) -> BTreeMap<ItemRef, Vec<Place>> {
        let project = self.project;
        let mut items: Vec<ItemRef> = vec![orchestrator.item];
        items.extend(orchestrator.code.iter().map(|function| function.item));
        items.sort_unstable();
        items.dedup();
        let mut found: BTreeMap<ItemRef, Vec<Place>> = BTreeMap::new();
        for used in items.into_iter().flat_map(|item| project.uses(item)) {
            if let Some(item) = self.meant(&used)
                && self.is_target(item)
            {
                found.entry(item).or_default().push(used.place);
            }
        }
        for places in found.values_mut() {
            places.sort_unstable();
            places.dedup();
        }
        found
    }

    /// The type that is named, behind an alias.
    fn meant(&self, used: &Use) -> Option<ItemRef> {
        let Target::Item(item) = used.to else { return None };
        let declared = self.project.item(item);
        match declared.kind {
            ItemKind::Struct(_) | ItemKind::Enum(_) => Some(item),
            ItemKind::Alias(_) => match self.project.names().type_item(item.module, &declared.name) {
                Target::Item(item) => Some(item),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether a type stands in the role of adapters and is no orchestrator itself.
    fn is_target(&self, item: ItemRef) -> bool {
        self.is_target_module(item.module) && !self.orchestrators.contains(&item)
    }

    fn is_target_module(&self, module: ModuleId) -> bool {
        let role = self.project.module(module).role.map(|role| self.project.roles.name(role));
        role.is_some_and(|role| self.targets.iter().any(|target| target == role))
    }

    fn finding(&self, orchestrator: &Orchestrator, adapter: ItemRef, places: &[Place]) -> Option<Finding> {
        let project = self.project;
        let port = project.ports_of(adapter).into_iter().find(|port| !self.is_own(orchestrator, *port))?;
        let shown = |item: ItemRef| project.shown(orchestrator.item.module, &Target::Item(item));
        let (first, others) = places.split_first()?;
        let (name, short) = (shown(port), &project.item(port).name);
        let mut evidence: Vec<Evidence> =
            others.iter().map(|&place| Evidence { kind: "use", place, why: "names it too".to_owned() }).collect();
        let declared = project.place(port.module, project.item(port).name_span);
        evidence.push(Evidence { kind: "port", place: declared, why: "the port that stands for it".to_owned() });
        Some(Finding {
            rule: LINT.name,
            level: None,
            message: format!(
                "`{}` depends on `{}`, for which there is the port `{name}`",
                orchestrator.path,
                shown(adapter)
            ),
            help: format!(
                "receive `Arc<dyn {short}>`, or a parameter bound by `{short}`, and make the adapter where the program is put together"
            ),
            place: *first,
            item: orchestrator.path.clone(),
            evidence,
            chain: Vec::new(),
            imports: Vec::new(),
            trails: Vec::new(),
            fix: None,
        })
    }

    /// Whether a port is one that the orchestrator itself implements: it decorates what it holds.
    fn is_own(&self, orchestrator: &Orchestrator, port: ItemRef) -> bool {
        self.project.ports_of(orchestrator.item).contains(&port)
    }

    /// What an orchestrator receives that nobody wrote a port for, apart from what is reported anyhow.
    fn demanded(&self, orchestrator: &Orchestrator, named: &BTreeMap<ItemRef, Vec<Place>>) -> Vec<Finding> {
        let without = orchestrator.collaborators.iter().filter(|one| one.port.is_none());
        without.filter_map(|one| self.demand(orchestrator, one, named)).collect()
    }

    fn demand(
        &self,
        orchestrator: &Orchestrator,
        one: &Collaborator,
        named: &BTreeMap<ItemRef, Vec<Place>>,
    ) -> Option<Finding> {
        let project = self.project;
        let inside = |place: &Place| place.file == one.place.file && one.ty.contains(place.span);
        let own = named.iter().find(|(_, places)| places.iter().any(inside)).map(|(item, _)| *item);
        let what = match own {
            Some(item) if project.ports_of(item).is_empty() => {
                project.shown(orchestrator.item.module, &Target::Item(item))
            }
            None if one.outside && self.is_shell_type(one) => one.shown.to_string(),
            _ => return None,
        };
        Some(Finding {
            rule: LINT.name,
            level: None,
            message: format!("`{}` receives `{what}` itself, and no port stands for it", orchestrator.path),
            help: "declare a trait for what the orchestrator needs of it, and receive that".to_owned(),
            place: one.place,
            item: orchestrator.path.clone(),
            evidence: Vec::new(),
            chain: Vec::new(),
            imports: Vec::new(),
            trails: Vec::new(),
            fix: None,
        })
    }

    /// Whether a collaborator's type is of a crate that counts as shell.
    fn is_shell_type(&self, one: &Collaborator) -> bool {
        let mut edges = self.project.edges_in(one.place.file).iter().filter(|edge| !edge.test);
        edges.any(|edge| match &edge.to {
            Target::Outside(package, path) => {
                self.project.roles.is_shell_crate(package) && path.rsplit("::").next() == Some(&one.shown)
            }
            _ => false,
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::needless_raw_string_hashes, reason = "the command that updates the snapshots writes them")]

    use super::LINT;
    use crate::testing::{check, judged, piece};
    use expect_test::{Expect, expect};

    const CONFIG: &str = "
        version = 1
        [[role]]
        name = \"core\"
        paths = [\"src/core\"]
        [[role]]
        name = \"shell\"
        paths = [\"src/shell\"]
        crates = [\"sqlx\"]
        [[role]]
        name = \"orchestrator\"
        paths = [\"src/app\"]
    ";

    fn project(rules: &str, code: &str) -> String {
        let around = "
            //- dependencies sqlx
            //- src/core/ports.rs
            pub trait Orders { fn find(&self, id: u8) -> u8; }
            pub trait Mail { fn send(&self); }
            //- src/shell/db.rs
            use crate::core::ports::{Mail, Orders};
            pub struct PgOrders;
            impl PgOrders { pub async fn connect() -> Self { Self } }
            impl Orders for PgOrders { fn find(&self, id: u8) -> u8 { id } }
            pub enum AnyMail { Smtp, Api }
            impl Mail for AnyMail { fn send(&self) {} }
            pub struct Cache;
            impl Cache { pub async fn get(&self) {} }
            pub struct MailError;
            impl Mail for MailError { fn send(&self) {} }
            pub type Db = PgOrders;
            //- src/lib.rs
            pub mod core { pub mod ports; } pub mod shell { pub mod db; } pub mod app { pub mod checkout; }
            //- src/app/checkout.rs
            use crate::core::ports::*;
            use std::sync::Arc;
        ";
        format!("//- baton.toml\n{CONFIG}\n[rules]\n{rules}\n{around}\n{}", piece(code))
    }

    #[track_caller]
    fn says(code: &str, expected: &Expect) {
        check(&LINT, &project("", code), expected);
    }

    #[test]
    fn an_adapter_is_named_where_a_port_stands_for_it() {
        says(
            "
            use crate::shell::db::{AnyMail, Db, PgOrders};
            pub struct Checkout { orders: PgOrders, mail: Option<Arc<AnyMail>> }
            impl Checkout {
                pub fn new(orders: PgOrders, mail: AnyMail) -> Self { Self { orders, mail: None } }
                pub fn run(&self) { self.orders.find(1); }
            }
            pub struct Cancel<O: Orders> { orders: O, mail: Arc<dyn Mail> }
            impl<O: Orders> Cancel<O> {
                pub async fn run(&self) { self.orders.find(1); helper().await; }
            }
            async fn helper() { crate::shell::db::PgOrders::connect().await; }
            pub fn bill(mail: &dyn Mail, orders: &Db) { mail.send(); }
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                pub struct Checkout { orders: PgOrders, mail: Option<Arc<AnyMail>> }
                                              ^^^^^^^^ `app::checkout::Checkout` depends on `shell::db::PgOrders`, for which there is the port `core::ports::Orders`
                    pub fn new(orders: PgOrders, mail: AnyMail) -> Self { Self { orders, mail: None } }
                                       -------- names it too
                //- src/core/ports.rs
                pub trait Orders { fn find(&self, id: u8) -> u8; }
                          ------ the port that stands for it
                //- src/app/checkout.rs
                pub struct Checkout { orders: PgOrders, mail: Option<Arc<AnyMail>> }
                                                                         ^^^^^^^ `app::checkout::Checkout` depends on `shell::db::AnyMail`, for which there is the port `core::ports::Mail`
                    pub fn new(orders: PgOrders, mail: AnyMail) -> Self { Self { orders, mail: None } }
                                                       ------- names it too
                //- src/core/ports.rs
                pub trait Mail { fn send(&self); }
                          ---- the port that stands for it
                //- src/app/checkout.rs
                async fn helper() { crate::shell::db::PgOrders::connect().await; }
                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Cancel` depends on `shell::db::PgOrders`, for which there is the port `core::ports::Orders`
                //- src/core/ports.rs
                pub trait Orders { fn find(&self, id: u8) -> u8; }
                          ------ the port that stands for it
                //- src/app/checkout.rs
                pub fn bill(mail: &dyn Mail, orders: &Db) { mail.send(); }
                                                      ^^ `app::checkout::bill` depends on `shell::db::PgOrders`, for which there is the port `core::ports::Orders`
                //- src/core/ports.rs
                pub trait Orders { fn find(&self, id: u8) -> u8; }
                          ------ the port that stands for it
                help: receive `Arc<dyn Mail>`, or a parameter bound by `Mail`, and make the adapter where the program is put together
                help: receive `Arc<dyn Orders>`, or a parameter bound by `Orders`, and make the adapter where the program is put together
            "#]],
        );
    }

    #[test]
    fn ports_values_and_types_without_a_port_are_no_adapters() {
        says(
            "
            use crate::shell::db::{Cache, MailError};
            pub struct Checkout { orders: Arc<dyn Orders>, cache: Cache, billing: crate::app::checkout::Billing }
            impl Checkout { pub fn run(&self) -> Result<u8, MailError> { Ok(self.orders.find(1)) } }
            pub struct Billing { mail: Arc<dyn Mail> }
            impl Billing { pub fn run(&self) { self.mail.send(); } }
            #[cfg(test)]
            mod tests { use super::*; fn made() { crate::shell::db::PgOrders::connect(); } }
            pub struct Plain;
            impl Plain { pub fn run(&self, orders: crate::shell::db::PgOrders) {} }
            ",
            &expect![[""]],
        );
    }

    #[test]
    fn a_decorator_holds_another_of_its_kind() {
        says(
            "
            pub struct Logged { inner: crate::shell::db::PgOrders, mail: Arc<dyn Mail> }
            impl Logged { pub fn run(&self) { self.mail.send(); } }
            impl Orders for Logged { fn find(&self, id: u8) -> u8 { self.inner.find(id) } }
            ",
            &expect![[""]],
        );
    }

    #[test]
    fn ports_are_demanded_where_the_option_says_so() {
        let code = "
            use crate::shell::db::{Cache, PgOrders};
            pub struct Checkout { orders: PgOrders, cache: Cache, pool: sqlx::PgPool }
            impl Checkout { pub fn run(&self) { self.orders.find(1); } }
        ";
        check(
            &LINT,
            &project("concrete-dependency.demand_ports = true", code),
            &expect![[r#"
            //- src/app/checkout.rs
            pub struct Checkout { orders: PgOrders, cache: Cache, pool: sqlx::PgPool }
                                          ^^^^^^^^ `app::checkout::Checkout` depends on `shell::db::PgOrders`, for which there is the port `core::ports::Orders`
            //- src/core/ports.rs
            pub trait Orders { fn find(&self, id: u8) -> u8; }
                      ------ the port that stands for it
            //- src/app/checkout.rs
            pub struct Checkout { orders: PgOrders, cache: Cache, pool: sqlx::PgPool }
                                                    ^^^^^^^^^^^^ `app::checkout::Checkout` receives `shell::db::Cache` itself, and no port stands for it
                                                                  ^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout` receives `PgPool` itself, and no port stands for it
            help: declare a trait for what the orchestrator needs of it, and receive that
            help: receive `Arc<dyn Orders>`, or a parameter bound by `Orders`, and make the adapter where the program is put together
        "#]],
        );
        assert_eq!(judged(&LINT, &project("", code)), 1);
    }

    #[test]
    fn the_targets_are_an_option() {
        let code = "
            pub struct Checkout { orders: crate::shell::db::PgOrders, mail: Arc<dyn Mail> }
            impl Checkout { pub fn run(&self) { self.orders.find(1); } }
        ";
        check(&LINT, &project("concrete-dependency.targets = [\"core\"]", code), &expect![[""]]);
    }
}
