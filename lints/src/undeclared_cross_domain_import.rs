//! # undeclared-cross-domain-import
//!
//! ## What it does
//!
//! Reports code of one domain that names another domain: its modules, its items, or what it
//! re-exports. Every form counts that names something: `use`, paths in expressions, types and
//! bounds, `impl Trait for`, macros, re-exports. All that one module names of one other domain is
//! one finding, with every place shown; what an import brings in is shown at the import, not at each
//! use of its name.
//!
//! What a domain is says `[domains]` in the configuration: each folder or file that one of its
//! `paths` matches, by the name of the folder. Code outside of every domain may name all of them,
//! and all of them may name it: that is where coordinators and a shared kernel live.
//!
//! A crossing that is meant is declared, in one of two ways:
//!
//! - `#[baton::orchestrator(cross_domain = ["billing"])]` on a type, a function or a `mod`
//!   declaration lets that code name `billing`: the type with its `impl` blocks, all that is in the
//!   module. Under `#[cfg_attr(any(), …)]` it needs no crate that brings the attribute.
//! - `[[domains.allow]]` in the configuration lets all code of one domain name another, or that of
//!   every domain with `from = "*"`.
//!
//! A declaration in the source that no code uses, or that names no other domain, is reported too. In
//! the configuration that is an error.
//!
//! ## Why
//!
//! Domains that import each other are one domain with several folders: none can be changed, tested
//! or handed to another team alone. Where two have to work together, one place should know both, so
//! that it can be found.
//!
//! ## Bad
//!
//! ```rust,ignore
//! // src/domains/orders/place.rs
//! use crate::domains::billing::Invoice;
//!
//! pub fn place(order: Order) -> Invoice { Invoice::of(&order) }
//! ```
//!
//! ## Good
//!
//! ```rust,ignore
//! // src/orchestrators/checkout.rs
//! let placed = orders::place(order);
//! let invoice = billing::invoice(placed.total);
//! ```
//!
//! ```toml
//! [domains]
//! paths = ["src/domains/*"]
//!
//! [[domains.allow]]
//! from = "orders"
//! to = "customers"
//! reason = "an order belongs to a customer, and the two are changed by one team"
//! ```
//!
//! ## Options
//!
//! None. What crosses is said in `[domains]` and in the source.
//!
//! ## Limits
//!
//! An import in a module that holds declared code counts as that code's, whoever else in the module
//! uses its name; paths elsewhere in the module do not. Names are resolved without types: a method
//! called on a value of another domain is not seen where nothing names its type, nor what an alias or
//! a type of the shared kernel holds inside. A domain is a folder or a file; inline modules of one
//! file cannot be told apart. The declaration of a module stands on its `mod` line, and is not read
//! from the module's own file. Test code is not judged.

use baton_core::config::suggestion;
use baton_core::finding::{BrokenImport, Evidence, Finding, Fix, Level};
use baton_core::link::{Crossing, DomainId, EdgeKind, Marked, ModuleId, Project, Target};
use baton_core::lint::{Check, Lint, Options, Verdict};
use baton_core::source::Place;
use std::collections::{BTreeMap, BTreeSet};

/// The lint.
pub static LINT: Lint = Lint {
    name: "undeclared-cross-domain-import",
    level: Level::Deny,
    summary: "Code of one domain names another without a declaration, or declares what it does not do.",
    source: include_str!("undeclared_cross_domain_import.rs"),
    options: &[],
    check: Check::Whole(check),
};

fn check(project: &Project, _: &Options) -> Verdict {
    let declarations: Vec<Marked> =
        project.marked().into_iter().filter(|one| !one.mark.cross_domain.is_empty()).collect();
    let crossings = project.crossings();
    let is_meant = |crossing: &Crossing<'_>| {
        crossing.from.is_none_or(|from| project.may_cross(from, crossing.to))
            || declarations.iter().any(|one| declares(project, one, crossing))
    };
    let undeclared: Vec<&Crossing<'_>> = crossings.iter().filter(|crossing| !is_meant(crossing)).collect();
    let imported: BTreeSet<(ModuleId, DomainId, &str)> =
        undeclared.iter().filter_map(|crossing| imported(project, crossing)).collect();
    let mut together: BTreeMap<(ModuleId, DomainId), Vec<&Crossing<'_>>> = BTreeMap::new();
    for crossing in undeclared {
        // What an import brings in is said at the import, and not at each use of its name.
        let first = crossing.edge.path.split("::").next().unwrap_or_default();
        if !(crossing.edge.is_path() && imported.contains(&(crossing.edge.from, crossing.to, first))) {
            together.entry((crossing.edge.from, crossing.to)).or_default().push(crossing);
        }
    }
    let marked = project.marked();
    let mut findings: Vec<Finding> =
        together.values().filter_map(|crossings| finding(project, &marked, crossings)).collect();
    findings.extend(declarations.iter().flat_map(|one| useless(project, one, &crossings)));
    Verdict { judged: judged(project), findings }
}

/// The name that a crossing brings into its module, if it is an import.
fn imported<'p>(project: &'p Project, crossing: &Crossing<'_>) -> Option<(ModuleId, DomainId, &'p str)> {
    let edge = crossing.edge;
    let mut imports = project.scope(edge.from).imports.iter();
    let import = imports.find(|import| !edge.is_path() && import.span == edge.place.span)?;
    Some((edge.from, crossing.to, import.name.as_deref()?))
}

/// How many places of domains' code name something of another module.
fn judged(project: &Project) -> usize {
    let inside = project.edges.iter().filter(|edge| !edge.test && project.domain_of(edge.from).is_some());
    inside.map(|edge| edge.place).collect::<BTreeSet<Place>>().len()
}

/// Whether a declaration is about a crossing: in the code that it speaks of, or an import beside it.
fn declares(project: &Project, declaration: &Marked, crossing: &Crossing<'_>) -> bool {
    is_about(project, declaration, crossing)
        && declaration.mark.cross_domain.iter().any(|name| name == project.domain_name(crossing.to))
}

/// Whether a declaration could be about a crossing, whatever it says.
fn is_about(project: &Project, declaration: &Marked, crossing: &Crossing<'_>) -> bool {
    let edge = crossing.edge;
    let beside = edge.kind == EdgeKind::Use && edge.from == declaration.module;
    beside || declaration.covers(project, edge.from, edge.place.span)
}

/// The one declaration that is about all crossings of a finding, if there is one and no other. To say there what
/// the code does is then all that is missing.
fn declaration(project: &Project, marked: &[Marked], crossings: &[&Crossing<'_>]) -> Option<Place> {
    let about = |one: &&Marked| crossings.iter().all(|crossing| is_about(project, one, crossing));
    let mut candidates = marked.iter().filter(about);
    let only = candidates.next()?;
    candidates.next().is_none().then_some(only.place)
}

fn finding(project: &Project, marked: &[Marked], crossings: &[&Crossing<'_>]) -> Option<Finding> {
    let (crossing, more) = crossings.split_first()?;
    let (edge, from) = (crossing.edge, crossing.from?);
    let module = project.module_name(edge.from);
    let (from, to) = (project.domain_name(from), project.domain_name(crossing.to));
    let fix = declaration(project, marked, crossings).map(|mark| Fix::AddDomain { mark, domain: to.to_owned() });
    Some(Finding {
        rule: LINT.name,
        level: None,
        message: format!("`{module}` of the domain `{from}` {} of the domain `{to}`", named(project, crossing)),
        help: format!(
            "let a coordinator outside of both call the two, or take a value, a trait or an event that `{from}` owns; a crossing that is meant is declared: `cross_domain = [\"{to}\"]` in the source, `[[domains.allow]]` in the configuration"
        ),
        place: edge.place,
        item: project.module_path(edge.from),
        evidence: more.iter().map(|crossing| again(project, crossing)).collect(),
        chain: project.hops(edge),
        imports: crossings.iter().map(|crossing| import(crossing)).collect(),
        trails: Vec::new(),
        fix,
    })
}

/// What is to be cut.
fn import(crossing: &Crossing<'_>) -> BrokenImport {
    let to = crossing.via.map_or_else(|| crossing.edge.to.clone(), Target::Module);
    BrokenImport { place: crossing.edge.place, to }
}

/// A further place of a crossing that has been reported.
fn again(project: &Project, crossing: &Crossing<'_>) -> Evidence {
    Evidence { kind: "place", place: crossing.edge.place, why: named(project, crossing) }
}

fn named(project: &Project, crossing: &Crossing<'_>) -> String {
    let edge = crossing.edge;
    let verb = edge.verb(project);
    let end = project.shown(edge.from, &edge.to);
    match crossing.via {
        Some(via) => {
            format!("{verb} `{end}` through the re-export in `{}`", project.shown(edge.from, &Target::Module(via)))
        }
        None => format!("{verb} `{end}`"),
    }
}

/// What is wrong with a declaration itself: each domain that it names for nothing.
fn useless(project: &Project, declaration: &Marked, crossings: &[Crossing<'_>]) -> Vec<Finding> {
    let own = project.domain_of(declaration.module);
    let names: Vec<&str> = project.domain_names().iter().map(String::as_str).collect();
    let wrong = declaration.mark.cross_domain.iter().filter_map(|name| {
        let (fault, help, removes) = match project.domain(name) {
            _ if !project.has_domains() => (
                format!("may name the domain `{name}`, and the configuration declares no domains"),
                "write `[domains]` with the `paths` of the domains, or remove `cross_domain`".to_owned(),
                false,
            ),
            None => {
                let near = suggestion(name, names.iter().copied()).map(|near| format!("did you mean `{near}`?"));
                let known = || {
                    format!("there are {}", names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "))
                };
                (
                    format!("may name the domain `{name}`, and there is none of that name"),
                    near.unwrap_or_else(known),
                    false,
                )
            }
            Some(domain) if Some(domain) == own => (
                format!("may name the domain `{name}`, which is its own"),
                format!("remove `{name}` from `cross_domain`"),
                true,
            ),
            Some(domain) => {
                let mut about = crossings.iter().filter(|crossing| crossing.to == domain);
                if about.any(|crossing| declares(project, declaration, crossing)) {
                    return None;
                }
                (
                    format!("may name the domain `{name}`, and names nothing of it"),
                    format!(
                        "remove `{name}` from `cross_domain`: a declaration that is not needed hides the next crossing"
                    ),
                    true,
                )
            }
        };
        Some(Finding {
            rule: LINT.name,
            level: None,
            message: format!("`{}` declares that it {fault}", declaration.path),
            help,
            place: declaration.place,
            item: declaration.path.clone(),
            evidence: Vec::new(),
            chain: Vec::new(),
            imports: Vec::new(),
            trails: Vec::new(),
            fix: removes.then(|| Fix::RemoveDomain { mark: declaration.place, domain: name.to_string() }),
        })
    });
    wrong.collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::needless_raw_string_hashes, reason = "the command that updates the snapshots writes them")]

    use super::LINT;
    use crate::testing::{check, judged};
    use expect_test::{Expect, expect};

    /// Three domains, and what all may use.
    const AROUND: &str = r#"
        //- baton.toml
        version = 1
        [domains]
        paths = ["src/domains/*"]
        //- src/domains/billing/mod.rs
        pub mod invoice;
        pub use invoice::Invoice;
        pub use crate::shared::Money;
        pub trait Charge { fn charge(&self); }
        #[macro_export]
        macro_rules! bill { () => {}; }
        pub const LIMIT: u8 = 1;
        pub fn bill() {}
        //- src/domains/billing/invoice.rs
        pub struct Invoice;
        impl Invoice { pub fn new() -> Self { Self } }
        //- src/domains/shipping.rs
        pub struct Parcel;
        //- src/shared.rs
        pub struct Money;
        pub use crate::domains::billing::Invoice as Bill;
    "#;

    /// What is said about `code` as a module of the domain `orders`.
    #[track_caller]
    fn orders(code: &str, expected: &Expect) {
        check(&LINT, &format!("{AROUND}\n//- src/domains/orders/place.rs\n{code}"), expected);
    }

    #[test]
    fn every_form_names_the_other_domain_and_a_module_says_it_once() {
        orders(
            "
            use crate::domains::billing::{self, invoice::Invoice};
            use super::super::shipping::*;
            pub use crate::domains::billing::LIMIT;
            pub struct Placed(crate::domains::billing::Invoice, billing::Invoice);
            impl crate::domains::billing::Charge for Placed { fn charge(&self) { crate::bill!(); } }
            fn place<T: crate::domains::billing::Charge>(_: T, _: Parcel) { Invoice::new(); }
            ",
            &expect![[r#"
                //- src/domains/orders/place.rs
                use crate::domains::billing::{self, invoice::Invoice};
                                              ^^^^ `domains::orders::place` of the domain `orders` imports `domains::billing` of the domain `billing`
                                                             ------- imports `domains::billing::invoice::Invoice`
                pub use crate::domains::billing::LIMIT;
                                                 ----- re-exports `domains::billing::LIMIT`
                pub struct Placed(crate::domains::billing::Invoice, billing::Invoice);
                                  -------------------------------- names `domains::billing::invoice::Invoice`
                impl crate::domains::billing::Charge for Placed { fn charge(&self) { crate::bill!(); } }
                     ------------------------------- implements `domains::billing::Charge`
                                                                                     ----------- calls the macro `domains::billing::bill`
                fn place<T: crate::domains::billing::Charge>(_: T, _: Parcel) { Invoice::new(); }
                            ------------------------------- names `domains::billing::Charge`
                use super::super::shipping::*;
                                            ^ `domains::orders::place` of the domain `orders` imports `domains::shipping` of the domain `shipping`
                help: let a coordinator outside of both call the two, or take a value, a trait or an event that `orders` owns; a crossing that is meant is declared: `cross_domain = ["billing"]` in the source, `[[domains.allow]]` in the configuration
                help: let a coordinator outside of both call the two, or take a value, a trait or an event that `orders` owns; a crossing that is meant is declared: `cross_domain = ["shipping"]` in the source, `[[domains.allow]]` in the configuration
            "#]],
        );
    }

    #[test]
    fn what_is_the_same_domain_or_none_is_free() {
        orders(
            "
            use crate::shared::Money;
            use crate::domains;
            use std::fmt;
            use super::cancel::Cancelled;
            use self::billing::Invoice;
            mod billing { pub struct Invoice; }
            // crate::domains::billing::Invoice
            fn place() { let _ = \"crate::domains::billing::Invoice\"; }
            #[cfg(test)]
            mod tests { use crate::domains::billing::Invoice; }
            //- src/domains/orders/cancel.rs
            pub struct Cancelled;
            //- src/orchestrators/checkout.rs
            use crate::domains::billing::Invoice;
            use crate::domains::shipping::Parcel;
            ",
            &expect![[""]],
        );
    }

    #[test]
    fn a_re_export_hides_nothing() {
        orders(
            "
            use crate::shared::Bill;
            use crate::domains::billing::Money;
            ",
            &expect![[r#"
                //- src/domains/orders/place.rs
                use crate::shared::Bill;
                                   ^^^^ `domains::orders::place` of the domain `orders` imports `domains::billing::invoice::Invoice` of the domain `billing`
                use crate::domains::billing::Money;
                                             ----- imports `shared::Money` through the re-export in `domains::billing`
                use crate::shared::Bill;
                                   ~~~~ domains::orders::place -> shared
                //- src/shared.rs
                pub use crate::domains::billing::Invoice as Bill;
                                                 ~~~~~~~~~~~~~~~ shared -> domains::billing
                //- src/domains/billing/mod.rs
                pub use invoice::Invoice;
                                 ~~~~~~~ domains::billing -> domains::billing::invoice::Invoice
                help: let a coordinator outside of both call the two, or take a value, a trait or an event that `orders` owns; a crossing that is meant is declared: `cross_domain = ["billing"]` in the source, `[[domains.allow]]` in the configuration
            "#]],
        );
    }

    #[test]
    fn a_domain_may_be_a_file_or_a_package() {
        check(
            &LINT,
            r#"
            //- Cargo.toml
            [workspace]
            members = ["crates/*"]
            //- baton.toml
            version = 1
            [domains]
            paths = ["crates/*"]
            //- crates/billing/Cargo.toml
            [package]
            name = "billing"
            //- crates/billing/src/lib.rs
            pub struct Invoice;
            //- crates/orders/Cargo.toml
            [package]
            name = "orders"
            [dependencies]
            billing = { path = "../billing" }
            //- crates/orders/src/lib.rs
            pub mod billing;
            pub fn place(_: ::billing::Invoice) {}
            //- crates/orders/src/billing.rs
            pub fn bill(_: ::billing::Invoice) {}
            //- src/lib.rs
            "#,
            &expect![[r#"
                //- crates/orders/src/billing.rs
                pub fn bill(_: ::billing::Invoice) {}
                               ^^^^^^^^^^^^^^^^^^ `orders::billing` of the domain `orders` names `billing::Invoice` of the domain `billing`
                //- crates/orders/src/lib.rs
                pub fn place(_: ::billing::Invoice) {}
                                ^^^^^^^^^^^^^^^^^^ `orders` of the domain `orders` names `billing::Invoice` of the domain `billing`
                help: let a coordinator outside of both call the two, or take a value, a trait or an event that `orders` owns; a crossing that is meant is declared: `cross_domain = ["billing"]` in the source, `[[domains.allow]]` in the configuration
            "#]],
        );
    }

    #[test]
    fn a_declaration_lets_its_own_code_cross_and_no_other() {
        orders(
            "
            use crate::domains::billing::Invoice;
            use crate::domains::shipping::Parcel;
            #[baton::orchestrator(cross_domain = [\"billing\", \"shipping\"])]
            pub struct Checkout { invoice: Invoice }
            impl Checkout {
                pub fn run(&self) { crate::domains::billing::bill(); }
                pub fn send(&self, _: Parcel) {}
            }
            pub fn pack(_: Parcel) {}
            ",
            &expect![[""]],
        );
        orders(
            "
            use crate::domains::billing::{bill, Charge as _};
            #[cfg_attr(any(), baton::orchestrator(cross_domain = [\"billing\"]))]
            pub fn checkout() { bill(); }
            ",
            &expect![[""]],
        );
        orders(
            "
            pub struct Checkout;
            impl Checkout {
                #[baton::orchestrator(cross_domain = [\"billing\"])]
                pub fn run(&self) { crate::domains::billing::bill(); }
                pub fn stop(&self) { crate::domains::billing::bill(); }
            }
            ",
            &expect![[r#"
                //- src/domains/orders/place.rs
                    pub fn stop(&self) { crate::domains::billing::bill(); }
                                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `domains::orders::place` of the domain `orders` names `domains::billing::bill` of the domain `billing`
                help: let a coordinator outside of both call the two, or take a value, a trait or an event that `orders` owns; a crossing that is meant is declared: `cross_domain = ["billing"]` in the source, `[[domains.allow]]` in the configuration
            "#]],
        );
    }

    #[test]
    fn a_module_may_be_declared_as_a_whole() {
        orders(
            "
            //- src/domains/orders/mod.rs
            pub mod place;
            #[cfg_attr(any(), baton::orchestrator(cross_domain = [\"billing\"]))]
            pub mod checkout;
            pub mod cancel;
            //- src/domains/orders/checkout.rs
            pub mod pay { pub fn run() { crate::domains::billing::bill(); } }
            //- src/domains/orders/cancel.rs
            pub mod pay { pub fn run() { crate::domains::billing::bill(); } }
            ",
            &expect![[r#"
                //- src/domains/orders/cancel.rs
                pub mod pay { pub fn run() { crate::domains::billing::bill(); } }
                                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `domains::orders::cancel::pay` of the domain `orders` names `domains::billing::bill` of the domain `billing`
                help: let a coordinator outside of both call the two, or take a value, a trait or an event that `orders` owns; a crossing that is meant is declared: `cross_domain = ["billing"]` in the source, `[[domains.allow]]` in the configuration
            "#]],
        );
    }

    #[test]
    fn a_declaration_that_is_not_needed_is_reported() {
        orders(
            "
            #[baton::orchestrator(cross_domain = [\"billing\", \"biling\", \"returns\", \"orders\"])]
            pub fn checkout() { crate::domains::billing::bill(); }
            #[baton::orchestrator(cross_domain = [\"shipping\"])]
            pub fn cancel() {}
            //- src/orchestrators/checkout.rs
            #[baton::orchestrator(cross_domain = [\"billing\", \"shipping\"])]
            pub fn run() { crate::domains::billing::bill(); }
            ",
            &expect![[r#"
                //- src/domains/orders/place.rs
                pub fn checkout() { crate::domains::billing::bill(); }
                       ^^^^^^^^ `domains::orders::place::checkout` declares that it may name the domain `biling`, and there is none of that name
                       ^^^^^^^^ `domains::orders::place::checkout` declares that it may name the domain `orders`, which is its own
                       ^^^^^^^^ `domains::orders::place::checkout` declares that it may name the domain `returns`, and there is none of that name
                pub fn cancel() {}
                       ^^^^^^ `domains::orders::place::cancel` declares that it may name the domain `shipping`, and names nothing of it
                //- src/orchestrators/checkout.rs
                pub fn run() { crate::domains::billing::bill(); }
                       ^^^ `orchestrators::checkout::run` declares that it may name the domain `shipping`, and names nothing of it
                help: did you mean `billing`?
                help: remove `orders` from `cross_domain`
                help: remove `shipping` from `cross_domain`: a declaration that is not needed hides the next crossing
                help: there are `billing`, `orders`, `shipping`
            "#]],
        );
        check(
            &LINT,
            "
            //- src/core/a.rs
            #[baton::orchestrator(cross_domain = [\"billing\"])]
            pub fn checkout() {}
            #[baton::orchestrator]
            pub fn cancel() {}
            ",
            &expect![[r#"
                //- src/core/a.rs
                pub fn checkout() {}
                       ^^^^^^^^ `core::a::checkout` declares that it may name the domain `billing`, and the configuration declares no domains
                help: write `[domains]` with the `paths` of the domains, or remove `cross_domain`
            "#]],
        );
    }

    #[test]
    fn the_configuration_may_allow_one_direction() {
        check(
            &LINT,
            r#"
            //- baton.toml
            version = 1
            [domains]
            paths = ["src/domains/*"]
            [[domains.allow]]
            from = "orders"
            to = "billing"
            reason = "an order is billed at once"
            //- src/domains/orders.rs
            use crate::domains::billing::Invoice;
            pub struct Order(Invoice);
            //- src/domains/billing.rs
            use crate::domains::orders::Order;
            pub struct Invoice;
            "#,
            &expect![[r#"
                //- src/domains/billing.rs
                use crate::domains::orders::Order;
                                            ^^^^^ `domains::billing` of the domain `billing` imports `domains::orders::Order` of the domain `orders`
                help: let a coordinator outside of both call the two, or take a value, a trait or an event that `billing` owns; a crossing that is meant is declared: `cross_domain = ["orders"]` in the source, `[[domains.allow]]` in the configuration
            "#]],
        );
    }

    #[test]
    fn the_configuration_may_let_everybody_name_one() {
        let everybody =
            "paths = [\"src/domains/*\"]\n[[domains.allow]]\nfrom = \"*\"\nto = \"billing\"\nreason = \"r\"";
        let around = AROUND.replace("paths = [\"src/domains/*\"]", everybody);
        let code = "//- src/domains/orders.rs\nuse crate::domains::{billing::Invoice, shipping::Parcel};\n//- src/domains/returns.rs\nuse crate::domains::billing::Invoice;";
        check(
            &LINT,
            &format!("{around}\n{code}"),
            &expect![[r#"
            //- src/domains/orders.rs
            use crate::domains::{billing::Invoice, shipping::Parcel};
                                                             ^^^^^^ `domains::orders` of the domain `orders` imports `domains::shipping::Parcel` of the domain `shipping`
            help: let a coordinator outside of both call the two, or take a value, a trait or an event that `orders` owns; a crossing that is meant is declared: `cross_domain = ["shipping"]` in the source, `[[domains.allow]]` in the configuration
        "#]],
        );
    }

    #[test]
    fn only_the_code_of_domains_is_judged() {
        let code = "//- src/domains/orders/place.rs\nuse crate::shared::Money;\nuse std::fmt;";
        assert_eq!(judged(&LINT, &format!("{AROUND}\n{code}")), 4, "two here, two in `billing`");
        assert_eq!(judged(&LINT, "//- src/core/a.rs\nuse crate::b::B;\n//- src/b.rs\npub struct B;"), 0);
    }
}
