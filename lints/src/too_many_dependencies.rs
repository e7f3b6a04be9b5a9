//! # too-many-dependencies
//!
//! ## What it does
//!
//! Counts what each orchestrator receives, and reports those with more than four collaborators. A
//! collaborator is something with behaviour that is injected: a port (`Arc<dyn T>`, a generic
//! parameter bound by a trait, `impl T`), a concrete adapter, a client, a pool, a clock, another
//! orchestrator, a closure or function pointer. Numbers, texts, paths, durations, ids, enums,
//! configuration values and signals for shutdown are not.
//!
//! The widest constructor counts; setters like `with_clock(self, …)` add to it; derived
//! constructors and builders count as the struct's fields; a function counts its parameters. A
//! struct that only hands collaborators on by visible fields counts as what it holds. Where no
//! constructor receives any collaborator, those that the fields hold count.
//!
//! ## Why
//!
//! An orchestrator with many collaborators does several jobs. The pattern sets the limit at four,
//! logger included, because a sequence over more than four parties is no longer read at a glance.
//!
//! ## Bad
//!
//! ```rust,ignore
//! impl Checkout {
//!     pub fn new(
//!         orders: Arc<dyn Orders>,
//!         stock: Arc<dyn Stock>,
//!         payments: Arc<dyn Payments>,
//!         invoices: Arc<dyn Invoices>,
//!         mail: Arc<dyn Mail>,
//!     ) -> Self { /* … */ }
//! }
//! ```
//!
//! ## Good
//!
//! ```rust,ignore
//! impl Checkout {
//!     pub fn new(orders: Arc<dyn Orders>, stock: Arc<dyn Stock>, payments: Arc<dyn Payments>) -> Self { /* … */ }
//! }
//!
//! impl Billing {
//!     pub fn new(invoices: Arc<dyn Invoices>, mail: Arc<dyn Mail>) -> Self { /* … */ }
//! }
//! ```
//!
//! ## Options
//!
//! - `max`: how many collaborators are allowed. Default 4.
//! - `count_telemetry`: whether loggers and metrics count. Default true, as in the pattern's own
//!   example.
//!
//! ## Limits
//!
//! Types of outside crates are judged by their package and name, because their sources are not
//! read. A type that a macro makes up is judged by its name alone. What a service locator hands
//! out at run time is not seen.

use baton_core::finding::{Evidence, Finding, Level};
use baton_core::link::{Collaborator, Orchestrator, Project};
use baton_core::lint::{Check, Lint, OptionDefault, OptionSpec, Options, Verdict};
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// The lint.
pub static LINT: Lint = Lint {
    name: "too-many-dependencies",
    level: Level::Deny,
    summary: "An orchestrator receives more collaborators than one job needs.",
    source: include_str!("too_many_dependencies.rs"),
    options: &[
        OptionSpec { name: "max", default: OptionDefault::Number(4), summary: "how many collaborators are allowed" },
        OptionSpec {
            name: "count_telemetry",
            default: OptionDefault::Switch(true),
            summary: "whether loggers and metrics count",
        },
    ],
    check: Check::Whole(check),
};

fn check(project: &Project, options: &Options) -> Verdict {
    let max = options.number("max") as usize;
    let telemetry = options.switch("count_telemetry");
    let findings = project.orchestrators.iter().filter_map(|orchestrator| {
        let counted = orchestrator.collaborators.iter();
        let counted: Vec<_> = counted.filter(|collaborator| telemetry || !collaborator.telemetry).collect();
        (counted.len() > max).then(|| finding(orchestrator, &counted, max))
    });
    Verdict { judged: project.orchestrators.len(), findings: findings.collect() }
}

fn finding(orchestrator: &Orchestrator, counted: &[&Collaborator], max: usize) -> Finding {
    let name = &orchestrator.path;
    let constructor = orchestrator.widest.map(|widest| &orchestrator.constructors[widest]);
    let by = match constructor {
        _ if orchestrator.is_function => String::new(),
        Some(constructor) if !constructor.collaborators.is_empty() => format!(" through `{}`", constructor.name),
        _ => " in its fields".to_owned(),
    };
    let number = counted.len();
    let noun = if number == 1 { "collaborator" } else { "collaborators" };
    Finding {
        rule: LINT.name,
        level: None,
        message: format!("`{name}` receives {number} {noun}{by}, more than {max}"),
        help: help(orchestrator),
        place: orchestrator.name_place,
        item: name.clone(),
        evidence: counted.iter().enumerate().map(|(number, collaborator)| evidence(number + 1, collaborator)).collect(),
        chain: Vec::new(),
        imports: Vec::new(),
        trails: Vec::new(),
        fix: None,
    }
}

fn evidence(number: usize, collaborator: &Collaborator) -> Evidence {
    let Collaborator { why, bundle, cfg, .. } = collaborator;
    let from = bundle.as_ref().map(|bundle| format!(", in the bundle `{bundle}`")).unwrap_or_default();
    let only = if cfg.is_empty() { String::new() } else { format!(", under cfg({cfg})") };
    Evidence { kind: "collaborator", place: collaborator.place, why: format!("{number}: {why}{from}{only}") }
}

/// What to do: where the operations fall into groups that share no collaborator, the split is known.
fn help(orchestrator: &Orchestrator) -> String {
    let groups = groups(orchestrator);
    if groups.len() < 2 {
        return "split it by operation, or put what always goes together behind one port".to_owned();
    }
    let parts: Vec<String> = groups
        .iter()
        .map(|group| {
            let operations: Vec<_> = group.operations.iter().map(|name| format!("`{name}`")).collect();
            let fields: Vec<_> = group.fields.iter().map(|name| format!("`{name}`")).collect();
            format!("{} with {}", operations.join(", "), fields.join(", "))
        })
        .collect();
    format!("its operations share no collaborator, so it is {} orchestrators: {}", groups.len(), parts.join("; "))
}

struct Group {
    operations: Vec<SmolStr>,
    fields: BTreeSet<SmolStr>,
}

/// The operations grouped by the collaborators they share, directly or through a third.
fn groups(orchestrator: &Orchestrator) -> Vec<Group> {
    let collaborators: BTreeSet<&SmolStr> = orchestrator.collaborators.iter().map(|one| &one.name).collect();
    let mut groups: Vec<Group> = Vec::new();
    for operation in &orchestrator.operations {
        let used = operation.fields.iter().filter(|field| collaborators.contains(field));
        let mut joined = Group { operations: vec![operation.name.clone()], fields: used.cloned().collect() };
        if joined.fields.is_empty() {
            continue;
        }
        let (touching, apart): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|group| !group.fields.is_disjoint(&joined.fields));
        for group in touching.into_iter().rev() {
            joined.operations.splice(0..0, group.operations);
            joined.fields.extend(group.fields);
        }
        groups = apart;
        groups.push(joined);
    }
    groups
}

#[cfg(test)]
mod tests {
    #![expect(clippy::needless_raw_string_hashes, reason = "the command that updates the snapshots writes them")]

    use super::LINT;
    use crate::testing::{check, check_evidence, piece};
    use expect_test::{Expect, expect};

    /// Ports, values and adapters; one collaborator is too many, so that the findings list all.
    const AROUND: &str = r#"
        //- baton.toml
        version = 1
        rules.too-many-dependencies = { max = 0 }
        //- dependencies sqlx reqwest tokio uuid serde tokio-util
        //- src/core/ports.rs
        pub trait Orders { fn find(&self, id: u64); }
        pub trait Stock { async fn take(&self); }
        pub trait Payments: Send { fn pay(&self); }
        pub trait Mail { fn send(&self); }
        pub trait Clock { fn now() -> u64; }
        pub trait Logger { fn log(&self, line: &str); }
        pub trait Ports { type Orders: Orders; type Letters: Mail; type Id: Copy; }
        pub trait Marker {}
        //- src/core/values.rs
        pub struct OrderId(pub u64);
        pub enum Currency { Euro, Franc }
        pub struct Limits { pub most: u32, pub names: Vec<String> }
        pub struct RetryPolicy { pub times: u32 }
        pub struct Money(u64);
        impl Money { pub fn plus(&self, other: &Self) -> Self { Money(self.0 + other.0) } }
        //- src/shell/db.rs
        use crate::core::ports::Orders;
        pub struct SqlOrders { pool: sqlx::PgPool }
        impl Orders for SqlOrders { fn find(&self, id: u64) {} }
        pub struct FileStore { folder: std::path::PathBuf }
        impl FileStore { pub fn save(&self) { std::fs::write(&self.folder, "x"); } }
    "#;

    /// The imports of every orchestrator below.
    const IMPORTS: &str = "
        use crate::core::{ports::{self, *}, values::*};
        use crate::shell::db::{FileStore, SqlOrders};
        use std::{sync::Arc, marker::PhantomData, path::{Path, PathBuf}, time::Duration};
    ";

    /// What counts in `code`, in a project with the code of [`AROUND`].
    #[track_caller]
    fn counts(code: &str, expected: &Expect) {
        let code = format!("{}{}", piece(IMPORTS), piece(code));
        check_evidence(&LINT, &format!("{AROUND}//- src/app/checkout.rs\n{code}"), expected);
    }

    /// What counts among the parameters of a constructor.
    #[track_caller]
    fn receives(parameters: &str, expected: &Expect) {
        let constructor = format!("pub fn new(\n{}) -> Self {{ Checkout }}", piece(parameters));
        counts(&format!("pub struct Checkout;\nimpl Checkout {{ {constructor} pub fn run(&self) {{}} }}"), expected);
    }

    #[test]
    fn five_are_more_than_four() {
        let project = |parameters: &str| {
            format!(
                "
                //- src/core/ports.rs
                pub trait A {{ fn a(&self); }}
                pub trait B {{ fn b(&self); }}
                pub trait C {{ fn c(&self); }}
                pub trait D {{ fn d(&self); }}
                pub trait E {{ fn e(&self); }}
                //- src/app/checkout.rs
                use crate::core::ports::*;
                pub struct Checkout {{ a: Box<dyn A>, name: String }}
                impl Checkout {{
                    pub fn new({parameters}) -> Self {{ todo!() }}
                    pub fn run(&self) {{ self.a.a() }}
                }}
                "
            )
        };
        check(&LINT, &project("a: Box<dyn A>, b: &dyn B, c: impl C, d: Arc<dyn D>, name: String"), &expect![[r#""#]]);
        check(
            &LINT,
            &project("a: Box<dyn A>, b: &dyn B, c: impl C, d: Arc<dyn D>, e: Arc<dyn E>"),
            &expect![[r#"
                //- src/app/checkout.rs
                pub struct Checkout { a: Box<dyn A>, name: String }
                           ^^^^^^^^ `app::checkout::Checkout` receives 5 collaborators through `new`, more than 4
                    pub fn new(a: Box<dyn A>, b: &dyn B, c: impl C, d: Arc<dyn D>, e: Arc<dyn E>) -> Self { todo!() }
                               ------------- 1: `A`, a port of this project
                                              --------- 2: `B`, a port of this project
                                                         --------- 3: `C`, a port of this project
                                                                    ------------- 4: `D`, a port of this project
                                                                                   ------------- 5: `E`, a port of this project
                help: split it by operation, or put what always goes together behind one port
            "#]],
        );
    }

    #[test]
    fn ports_behind_every_kind_of_pointer() {
        receives(
            "
            orders: Arc<dyn Orders>,
            stock: Box<dyn Stock + Send + Sync>,
            payments: &'static dyn Payments,
            mail: Rc<RefCell<dyn ports::Mail>>,
            marker: Arc<dyn Marker>,
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                orders: Arc<dyn Orders>,
                ----------------------- 1: `Orders`, a port of this project
                stock: Box<dyn Stock + Send + Sync>,
                ----------------------------------- 2: `Stock`, a port of this project
                payments: &'static dyn Payments,
                ------------------------------- 3: `Payments`, a port of this project
                mail: Rc<RefCell<dyn ports::Mail>>,
                ---------------------------------- 4: `Mail`, a port of this project
            "#]],
        );
    }

    #[test]
    fn several_of_one_port_are_one() {
        receives(
            "
            orders: Vec<Arc<dyn Orders>>,
            stock: Option<Box<dyn Stock>>,
            payments: HashMap<String, Box<dyn Payments>>,
            mail: [Box<dyn Mail>; 2],
            names: Vec<Option<String>>,
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                orders: Vec<Arc<dyn Orders>>,
                ---------------------------- 1: `Orders`, a port of this project
                stock: Option<Box<dyn Stock>>,
                ----------------------------- 2: `Stock`, a port of this project
                payments: HashMap<String, Box<dyn Payments>>,
                -------------------------------------------- 3: `Payments`, a port of this project
                mail: [Box<dyn Mail>; 2],
                ------------------------ 4: `Mail`, a port of this project
            "#]],
        );
    }

    #[test]
    fn generic_parameters_by_their_bounds_wherever_they_stand() {
        counts(
            "
            pub struct Checkout<O, S, P, T>(O, S, P, T);
            impl<O: Orders, S, P, T> Checkout<O, S, P, T> where S: Stock + Send {
                pub fn new(
                    orders: O,
                    stock: Arc<S>,
                    payments: P,
                    mail: impl Mail + 'static,
                    name: impl Into<String>,
                    value: T,
                ) -> Self where P: Payments, T: Clone + serde::Serialize { todo!() }
                pub fn run(&self) {}
            }
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                        orders: O,
                        --------- 1: `Orders`, a port of this project
                        stock: Arc<S>,
                        ------------- 2: `Stock`, a port of this project
                        payments: P,
                        ----------- 3: `Payments`, a port of this project
                        mail: impl Mail + 'static,
                        --------------- 4: `Mail`, a port of this project
            "#]],
        );
    }

    #[test]
    fn bounds_of_the_struct_and_of_another_block() {
        counts(
            "
            pub struct Checkout<O: Orders, S, T> { orders: O, stock: S, value: T }
            impl<O: Orders, S, T> Checkout<O, S, T> {
                pub fn new(
                    orders: O,
                    stock: S,
                    value: T,
                ) -> Self { todo!() }
            }
            impl<O: Orders, X: Stock, T> Checkout<O, X, T> { pub fn run(&self) {} }
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                        orders: O,
                        --------- 1: `Orders`, a port of this project
                        stock: S,
                        -------- 2: `Stock`, a port of this project
            "#]],
        );
    }

    #[test]
    fn associated_types_by_their_bounds() {
        counts(
            "
            pub struct Checkout<P: Ports> { ports: PhantomData<P> }
            impl<P: Ports> Checkout<P> {
                pub fn new(
                    orders: P::Orders,
                    mail: Arc<<P as Ports>::Letters>,
                    id: P::Id,
                    other: <P as Ports>::Id,
                ) -> Self { todo!() }
                pub fn run(&self) {}
            }
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                        orders: P::Orders,
                        ----------------- 1: `Orders`, a port of this project
                        mail: Arc<<P as Ports>::Letters>,
                        -------------------------------- 2: `Mail`, a port of this project
            "#]],
        );
    }

    #[test]
    fn adapters_and_clients_are_told_by_what_they_do() {
        receives(
            "
            orders: SqlOrders,
            files: Arc<FileStore>,
            pool: sqlx::PgPool,
            http: reqwest::Client,
            money: Money,
            url: reqwest::Url,
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                orders: SqlOrders,
                ----------------- 1: `SqlOrders` holds a collaborator itself: `PgPool`
                files: Arc<FileStore>,
                --------------------- 2: `FileStore::save` touches the world: `std::fs::write`
                pool: sqlx::PgPool,
                ------------------ 3: `PgPool` of `sqlx` talks to something outside the process
                http: reqwest::Client,
                --------------------- 4: `Client` of `reqwest` talks to something outside the process
            "#]],
        );
    }

    #[test]
    fn behaviour_in_closures_and_function_pointers() {
        counts(
            "
            pub struct Checkout;
            impl Checkout {
                pub fn new<F>(
                    price: fn(u64) -> u64,
                    tax: Box<dyn Fn(u64) -> u64 + Send>,
                    round: F,
                    notify: impl FnMut(u64),
                    price_of: u64,
                ) -> Self where F: Fn(u64) -> u64 { Checkout }
                pub fn run(&self) {}
            }
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                        price: fn(u64) -> u64,
                        --------------------- 1: a function pointer carries behaviour
                        tax: Box<dyn Fn(u64) -> u64 + Send>,
                        ----------------------------------- 2: a closure carries behaviour
                        round: F,
                        -------- 3: a closure carries behaviour
                        notify: impl FnMut(u64),
                        ------------------ 4: a closure carries behaviour
            "#]],
        );
    }

    #[test]
    fn values_do_not_count() {
        receives(
            "
            orders: Arc<dyn Orders>,
            number: u64, text: String, borrowed: &str, flag: bool,
            path: PathBuf, folder: &Path, timeout: Duration,
            id: OrderId, uuid: uuid::Uuid, all: Vec<OrderId>, currency: Currency,
            limits: Limits, retries: RetryPolicy, money: Option<Money>,
            phantom: PhantomData<SqlOrders>,
            name: impl Into<String>, file: impl AsRef<Path>, body: impl serde::Serialize,
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                orders: Arc<dyn Orders>,
                ----------------------- 1: `Orders`, a port of this project
            "#]],
        );
    }

    #[test]
    fn signals_for_shutdown_do_not_count_and_channels_of_work_do() {
        receives(
            "
            jobs: tokio::sync::mpsc::Sender<OrderId>,
            token: tokio_util::sync::CancellationToken,
            shutdown: tokio::sync::broadcast::Receiver<OrderId>,
            done: tokio::sync::mpsc::Sender<()>,
            stop: std::sync::mpsc::Receiver<bool>,
            state: tokio::sync::watch::Receiver<u64>,
            answer: tokio::sync::oneshot::Sender<OrderId>,
            gate: Arc<tokio::sync::Notify>,
            permits: Arc<tokio::sync::Semaphore>,
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                jobs: tokio::sync::mpsc::Sender<OrderId>,
                ---------------------------------------- 1: a channel that hands work to another part
            "#]],
        );
    }

    #[test]
    fn the_parts_of_a_tuple_count_each() {
        counts(
            "
            pub struct Checkout;
            impl Checkout {
                pub fn new(both: (Arc<dyn Payments>, Arc<dyn Mail>), size: (u32, u32)) -> Self { Checkout }
                pub fn run(&self) {}
            }
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                    pub fn new(both: (Arc<dyn Payments>, Arc<dyn Mail>), size: (u32, u32)) -> Self { Checkout }
                               ---------------------------------------- 1: `Payments`, a port of this project
                               ---------------------------------------- 2: `Mail`, a port of this project
            "#]],
        );
    }

    #[test]
    fn other_orchestrators_count_once_each() {
        counts(
            "
            pub struct Billing { payments: Arc<dyn Payments>, mail: Arc<dyn Mail> }
            impl Billing { pub fn run(&self) {} }
            pub struct Report;
            impl Report { pub async fn print(&self) {} }
            pub struct Checkout;
            impl Checkout {
                pub fn new(billing: Arc<Billing>, report: Report) -> Self { Checkout }
                pub fn run(&self) {}
            }
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                pub struct Billing { payments: Arc<dyn Payments>, mail: Arc<dyn Mail> }
                                     --------------------------- 1: `Payments`, a port of this project
                                                                  ------------------- 2: `Mail`, a port of this project
                    pub fn new(billing: Arc<Billing>, report: Report) -> Self { Checkout }
                               --------------------- 1: `Billing` holds a collaborator itself: `Payments`
                                                      -------------- 2: `Report::print` is asynchronous: it waits for something outside
            "#]],
        );
    }

    #[test]
    fn the_widest_of_several_constructors_counts() {
        counts(
            "
            pub struct Checkout;
            impl Checkout {
                pub fn new(orders: Arc<dyn Orders>) -> Self { Checkout }
                pub fn with_stock(orders: Arc<dyn Orders>, stock: Arc<dyn Stock>) -> Self { Checkout }
                pub fn from_name(name: String) -> Self { Checkout }
                pub fn run(&self, orders: Arc<dyn Orders>, mail: Arc<dyn Mail>, clock: Arc<dyn Payments>) {}
            }
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                    pub fn with_stock(orders: Arc<dyn Orders>, stock: Arc<dyn Stock>) -> Self { Checkout }
                                      ----------------------- 1: `Orders`, a port of this project
                                                               --------------------- 2: `Stock`, a port of this project
            "#]],
        );
    }

    #[test]
    fn constructors_by_what_they_return() {
        counts(
            "
            pub struct A; impl A { pub fn run(&self) {}
                pub fn make(orders: Arc<dyn Orders>) -> Result<Self, String> { Ok(A) } }
            pub struct B; impl B { pub fn run(&self) {}
                pub fn make(orders: Arc<dyn Orders>) -> Arc<Self> { Arc::new(B) } }
            pub struct C; impl C { pub fn run(&self) {}
                pub fn make(orders: Arc<dyn Orders>) -> anyhow::Result<Box<C>> { Ok(Box::new(C)) } }
            pub struct D; impl D { pub fn run(&self) {}
                pub fn make(orders: Arc<dyn Orders>) -> impl Future<Output = Self> { async { D } } }
            pub struct E; impl E { pub fn run(&self) {}
                pub fn make(orders: Arc<dyn Orders>) -> u64 { 1 } }
            pub struct F; impl F { pub fn run(&self) {}
                pub fn make(orders: Arc<dyn Orders>) -> Vec<u64> { vec![] } }
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                    pub fn make(orders: Arc<dyn Orders>) -> Result<Self, String> { Ok(A) } }
                                ----------------------- 1: `Orders`, a port of this project
                    pub fn make(orders: Arc<dyn Orders>) -> Arc<Self> { Arc::new(B) } }
                                ----------------------- 1: `Orders`, a port of this project
                    pub fn make(orders: Arc<dyn Orders>) -> anyhow::Result<Box<C>> { Ok(Box::new(C)) } }
                                ----------------------- 1: `Orders`, a port of this project
                    pub fn make(orders: Arc<dyn Orders>) -> impl Future<Output = Self> { async { D } } }
                                ----------------------- 1: `Orders`, a port of this project
            "#]],
        );
    }

    #[test]
    fn derived_constructors_and_builders_count_the_fields() {
        counts(
            "
            #[derive(new)]
            pub struct A { orders: Arc<dyn Orders>, name: String }
            #[derive(Debug, TypedBuilder)]
            pub struct B { orders: Arc<dyn Orders> }
            #[derive(derive_builder::Builder)]
            pub struct C { orders: Arc<dyn Orders> }
            #[derive(Clone)]
            pub struct Value { orders: Vec<OrderId> }
            impl A { pub fn run(&self) {} }
            impl B { pub fn run(&self) {} }
            impl C { pub fn run(&self) {} }
            impl Value { pub fn run(&self) {} }
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                pub struct A { orders: Arc<dyn Orders>, name: String }
                               ----------------------- 1: `Orders`, a port of this project
                pub struct B { orders: Arc<dyn Orders> }
                               ----------------------- 1: `Orders`, a port of this project
                pub struct C { orders: Arc<dyn Orders> }
                               ----------------------- 1: `Orders`, a port of this project
            "#]],
        );
    }

    #[test]
    fn setters_add_to_the_constructor() {
        counts(
            "
            pub struct Checkout;
            impl Checkout {
                pub fn new(orders: Arc<dyn Orders>) -> Self { Checkout }
                pub fn with_mail(mut self, mail: Arc<dyn Mail>) -> Self { self }
                pub fn with_name(mut self, name: String) -> Self { self }
                pub fn with_orders(mut self, orders: Arc<dyn Orders>) -> Self { self }
                pub fn run(&self) {}
            }
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                    pub fn new(orders: Arc<dyn Orders>) -> Self { Checkout }
                               ----------------------- 1: `Orders`, a port of this project
                    pub fn with_mail(mut self, mail: Arc<dyn Mail>) -> Self { self }
                                               ------------------- 2: `Mail`, a port of this project
            "#]],
        );
    }

    #[test]
    fn a_conversion_is_a_constructor() {
        counts(
            "
            pub struct Checkout;
            impl From<Arc<dyn Orders>> for Checkout {
                fn from(orders: Arc<dyn Orders>) -> Self { Checkout }
            }
            impl Checkout { pub fn run(&self) {} }
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                    fn from(orders: Arc<dyn Orders>) -> Self { Checkout }
                            ----------------------- 1: `Orders`, a port of this project
            "#]],
        );
    }

    #[test]
    fn without_a_constructor_the_fields_count() {
        counts(
            "
            pub struct Checkout { pub orders: Arc<dyn Orders>, pub name: String }
            impl Checkout { pub fn run(&self) {} }
            pub fn make() -> u8 { Checkout { orders: todo!(), name: String::new() }.run(); 1 }
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                pub struct Checkout { pub orders: Arc<dyn Orders>, pub name: String }
                                          ----------------------- 1: `Orders`, a port of this project
            "#]],
        );
    }

    #[test]
    fn a_free_function_that_hides_the_type_is_its_constructor() {
        counts(
            "
            struct Checkout;
            impl Payments for Checkout { fn pay(&self) {} }
            pub fn checkout(orders: Arc<dyn Orders>, stock: Arc<dyn Stock>) -> impl Payments { Checkout {} }
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                pub fn checkout(orders: Arc<dyn Orders>, stock: Arc<dyn Stock>) -> impl Payments { Checkout {} }
                                ----------------------- 1: `Orders`, a port of this project
                                                         --------------------- 2: `Stock`, a port of this project
            "#]],
        );
    }

    #[test]
    fn parameters_and_fields_under_a_cfg_count_and_say_so() {
        counts(
            r#"
            pub struct Checkout;
            impl Checkout {
                pub fn new(
                    orders: Arc<dyn Orders>,
                    #[cfg(feature = "mail")] mail: Arc<dyn Mail>,
                ) -> Self { Checkout }
                pub fn run(&self) {}
            }
            pub struct Refund { #[cfg(unix)] stock: Arc<dyn Stock> }
            impl Refund { pub fn run(&self) {} }
            "#,
            &expect![[r#"
                //- src/app/checkout.rs
                        orders: Arc<dyn Orders>,
                        ----------------------- 1: `Orders`, a port of this project
                        #[cfg(feature = "mail")] mail: Arc<dyn Mail>,
                                                 ------------------- 2: `Mail`, a port of this project, under cfg(feature = "mail")
                pub struct Refund { #[cfg(unix)] stock: Arc<dyn Stock> }
                                                 --------------------- 1: `Stock`, a port of this project
            "#]],
        );
    }

    #[test]
    fn a_bundle_counts_as_what_it_holds_and_a_service_as_one() {
        counts(
            "
            pub struct Deps { pub orders: Arc<dyn Orders>, pub stock: Arc<dyn Stock>, pub limits: Limits }
            pub struct Service { payments: Arc<dyn Payments>, mail: Arc<dyn Mail> }
            pub struct Checkout;
            impl Checkout {
                pub fn new(deps: Deps, service: Arc<Service>) -> Self { Checkout }
                pub fn run(&self) {}
            }
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                pub struct Deps { pub orders: Arc<dyn Orders>, pub stock: Arc<dyn Stock>, pub limits: Limits }
                                      ----------------------- 1: `Orders`, a port of this project, in the bundle `Deps`
                                                                   --------------------- 2: `Stock`, a port of this project, in the bundle `Deps`
                    pub fn new(deps: Deps, service: Arc<Service>) -> Self { Checkout }
                                           --------------------- 3: `Service` holds a collaborator itself: `Payments`
            "#]],
        );
    }

    #[test]
    fn free_functions_receive_by_their_parameters() {
        counts(
            "
            pub async fn check_out<S: Stock>(
                orders: &dyn Orders,
                stock: &S,
                pay: impl Payments,
                id: OrderId,
            ) { helper(orders) }
            fn helper(orders: &dyn Orders) {}
            pub fn total(id: OrderId, money: Money) {}
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                    orders: &dyn Orders,
                    ------------------- 1: `Orders`, a port of this project
                    stock: &S,
                    --------- 2: `Stock`, a port of this project
                    pay: impl Payments,
                    ------------------ 3: `Payments`, a port of this project
            "#]],
        );
    }

    #[test]
    fn aliases_and_re_exports_are_followed() {
        counts(
            "
            pub type SharedOrders = Arc<dyn Orders>;
            type Locked<T> = Arc<tokio::sync::Mutex<T>>;
            type Number = u64;
            mod facade { pub use crate::core::ports::Stock as Shelf; }
            use facade::Shelf;
            pub struct Checkout;
            impl Checkout {
                pub fn new<P: Orders>(
                    orders: SharedOrders,
                    shelf: Arc<dyn Shelf>,
                    past: Locked<P>,
                    tries: Locked<u32>,
                    number: Number,
                ) -> Self { Checkout }
                pub fn run(&self) {}
            }
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                        orders: SharedOrders,
                        -------------------- 1: `Orders`, a port of this project
                        shelf: Arc<dyn Shelf>,
                        --------------------- 2: `Stock`, a port of this project
                        past: Locked<P>,
                        --------------- 3: `Orders`, a port of this project
            "#]],
        );
    }

    #[test]
    fn only_orchestrators_are_counted() {
        let code = "
            //- src/shell/handler.rs
            use crate::core::ports::*;
            pub struct DockerOrchestrator;
            impl DockerOrchestrator { pub fn new(orders: Arc<dyn Orders>) -> Self { todo!() } pub fn run(&self) {} }
            //- src/app/checkout.rs
            use crate::core::ports::*;
            #[cfg(test)]
            mod tests {
                pub struct Checkout;
                impl Checkout { pub fn new(orders: Arc<dyn Orders>) -> Self { todo!() } pub fn run(&self) {} }
            }
            pub struct Request { pub name: String }
            impl Request { pub fn new(name: String) -> Self { Request { name } } pub fn run(&self) {} }
        ";
        check(&LINT, &format!("{AROUND}{code}"), &expect![[r#""#]]);
    }

    #[test]
    fn an_impl_in_another_file_belongs_to_the_type() {
        let code = "
            //- src/app/checkout.rs
            pub struct Checkout;
            impl Checkout { pub fn run(&self) {} }
            //- src/app/wiring.rs
            use crate::core::ports::*;
            impl super::checkout::Checkout { pub fn new(orders: Arc<dyn Orders>) -> Self { todo!() } }
        ";
        check_evidence(
            &LINT,
            &format!("{AROUND}{code}"),
            &expect![[r#"
                //- src/app/wiring.rs
                impl super::checkout::Checkout { pub fn new(orders: Arc<dyn Orders>) -> Self { todo!() } }
                                                            ----------------------- 1: `Orders`, a port of this project
            "#]],
        );
    }

    /// A project whose limit is `options`, with a logger among two collaborators.
    fn with_options(options: &str) -> String {
        format!(
            "
            //- baton.toml
            version = 1
            rules.too-many-dependencies = {{ {options} }}
            //- src/core/ports.rs
            pub trait Orders {{ fn find(&self); }}
            pub trait Logger {{ fn log(&self); }}
            //- src/app/checkout.rs
            use crate::core::ports::*;
            pub struct Checkout;
            impl Checkout {{
                pub fn new(orders: Arc<dyn Orders>, logger: Arc<dyn Logger>) -> Self {{ Checkout }}
                pub fn run(&self) {{}}
            }}
            "
        )
    }

    #[test]
    fn the_limit_is_an_option() {
        check(&LINT, &with_options("max = 2"), &expect![[r#""#]]);
        check(
            &LINT,
            &with_options("max = 1"),
            &expect![[r#"
                //- src/app/checkout.rs
                pub struct Checkout;
                           ^^^^^^^^ `app::checkout::Checkout` receives 2 collaborators through `new`, more than 1
                    pub fn new(orders: Arc<dyn Orders>, logger: Arc<dyn Logger>) -> Self { Checkout }
                               ----------------------- 1: `Orders`, a port of this project
                                                        ----------------------- 2: `Logger`, a port of this project
                help: split it by operation, or put what always goes together behind one port
            "#]],
        );
    }

    #[test]
    fn telemetry_counts_unless_an_option_says_no() {
        check_evidence(
            &LINT,
            &with_options("max = 0, count_telemetry = false"),
            &expect![[r#"
                //- src/app/checkout.rs
                    pub fn new(orders: Arc<dyn Orders>, logger: Arc<dyn Logger>) -> Self { Checkout }
                               ----------------------- 1: `Orders`, a port of this project
            "#]],
        );
        check(&LINT, &with_options("max = 1, count_telemetry = false"), &expect![[r#""#]]);
    }

    /// A project with an orchestrator of these operations and two ports.
    fn with_operations(operations: &str) -> String {
        format!(
            "
            {AROUND}//- src/app/checkout.rs
            use crate::core::ports::*;
            pub struct Checkout {{ orders: Arc<dyn Orders>, mail: Arc<dyn Mail>, name: String }}
            impl Checkout {{
                pub fn new(orders: Arc<dyn Orders>, mail: Arc<dyn Mail>) -> Self {{ todo!() }}
                {operations}
            }}
            "
        )
    }

    #[test]
    fn operations_that_share_nothing_say_where_to_split() {
        check(
            &LINT,
            &with_operations(
                "pub fn find(&self) { self.orders.find(1); self.name.len(); }
                pub fn again(&self) { self.find() }
                pub fn send(&self) { self.mail.send(); self.name.len(); }",
            ),
            &expect![[r#"
                //- src/app/checkout.rs
                pub struct Checkout { orders: Arc<dyn Orders>, mail: Arc<dyn Mail>, name: String }
                           ^^^^^^^^ `app::checkout::Checkout` receives 2 collaborators through `new`, more than 0
                    pub fn new(orders: Arc<dyn Orders>, mail: Arc<dyn Mail>) -> Self { todo!() }
                               ----------------------- 1: `Orders`, a port of this project
                                                        ------------------- 2: `Mail`, a port of this project
                help: its operations share no collaborator, so it is 2 orchestrators: `find`, `again` with `orders`; `send` with `mail`
            "#]],
        );
    }

    #[test]
    fn one_operation_that_needs_both_holds_them_together() {
        check(
            &LINT,
            &with_operations(
                "pub fn find(&self) { self.orders.find(1) }
                pub fn send(&self) { self.mail.send() }
                pub fn both(&self) { self.find(); self.mail.send() }",
            ),
            &expect![[r#"
                //- src/app/checkout.rs
                pub struct Checkout { orders: Arc<dyn Orders>, mail: Arc<dyn Mail>, name: String }
                           ^^^^^^^^ `app::checkout::Checkout` receives 2 collaborators through `new`, more than 0
                    pub fn new(orders: Arc<dyn Orders>, mail: Arc<dyn Mail>) -> Self { todo!() }
                               ----------------------- 1: `Orders`, a port of this project
                                                        ------------------- 2: `Mail`, a port of this project
                help: split it by operation, or put what always goes together behind one port
            "#]],
        );
    }

    #[test]
    fn the_state_of_a_handler_is_a_bundle() {
        counts(
            "
            pub struct AppState { pub orders: Arc<dyn Orders>, pub(crate) nested: Arc<Nested>, pub name: String }
            pub struct Nested { pub stock: Arc<dyn Stock> }
            pub async fn handle(State(state): State<AppState>, Json(body): Json<Limits>) {}
            pub async fn shared(Extension(state): Extension<Arc<AppState>>) {}
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                pub struct AppState { pub orders: Arc<dyn Orders>, pub(crate) nested: Arc<Nested>, pub name: String }
                                          ----------------------- 1: `Orders`, a port of this project, in the bundle `AppState`
                pub struct Nested { pub stock: Arc<dyn Stock> }
                                        --------------------- 2: `Stock`, a port of this project, in the bundle `AppState`
                pub struct AppState { pub orders: Arc<dyn Orders>, pub(crate) nested: Arc<Nested>, pub name: String }
                                          ----------------------- 1: `Orders`, a port of this project, in the bundle `AppState`
                pub struct Nested { pub stock: Arc<dyn Stock> }
                                        --------------------- 2: `Stock`, a port of this project, in the bundle `AppState`
            "#]],
        );
    }

    #[test]
    fn outside_the_folders_of_orchestrators_ports_and_marks_tell() {
        let code = r#"
            //- src/core/service.rs
            use super::ports::*;
            pub struct Service { orders: Arc<dyn Orders> }
            impl Service { pub fn new(orders: Arc<dyn Orders>, stock: Arc<dyn Stock>) -> Self { todo!() } pub fn run(&self) {} }
            pub struct Table { orders: Vec<u64> }
            impl Table { pub fn new(orders: Vec<u64>) -> Self { todo!() } pub fn run(&self) {} }
            pub fn total(orders: &dyn Orders) {}
            //- src/loose.rs
            use crate::core::ports::*;
            pub struct Loose { stock: Box<dyn Stock> }
            impl Loose { pub async fn new(stock: Box<dyn Stock>) -> Self { todo!() } pub fn run(&self) {} }
            //- src/shell/made.rs
            #[baton::orchestrator]
            pub struct Marked { stock: Box<dyn crate::core::ports::Stock> }
            impl Marked { pub fn run(&self) {} }
        "#;
        check_evidence(
            &LINT,
            &format!("{AROUND}{code}"),
            &expect![[r#"
                //- src/core/service.rs
                impl Service { pub fn new(orders: Arc<dyn Orders>, stock: Arc<dyn Stock>) -> Self { todo!() } pub fn run(&self) {} }
                                          ----------------------- 1: `Orders`, a port of this project
                                                                   --------------------- 2: `Stock`, a port of this project
                //- src/loose.rs
                impl Loose { pub async fn new(stock: Box<dyn Stock>) -> Self { todo!() } pub fn run(&self) {} }
                                              --------------------- 1: `Stock`, a port of this project
                //- src/shell/made.rs
                pub struct Marked { stock: Box<dyn crate::core::ports::Stock> }
                                    ----------------------------------------- 1: `Stock`, a port of this project
            "#]],
        );
    }

    #[test]
    fn a_role_may_say_which_items_are_meant() {
        check(
            &LINT,
            r#"
            //- baton.toml
            version = 1
            rules.too-many-dependencies = { max = 0 }
            [[role]]
            name = "orchestrator"
            paths = ["src/app.rs"]
            types = ["*Flow"]
            functions = ["run_*"]
            //- src/ports.rs
            pub trait Orders { async fn find(&self); }
            //- src/app.rs
            use crate::ports::*;
            pub struct BuyFlow { orders: Box<dyn Orders> }
            impl BuyFlow { pub fn run(&self) {} }
            pub struct Buy { orders: Box<dyn Orders> }
            impl Buy { pub fn run(&self) {} }
            pub fn run_all(orders: &dyn Orders) {}
            pub fn stop_all(orders: &dyn Orders) {}
        "#,
            &expect![[r#"
                //- src/app.rs
                pub struct BuyFlow { orders: Box<dyn Orders> }
                           ^^^^^^^ `app::BuyFlow` receives 1 collaborator in its fields, more than 0
                                     ----------------------- 1: `Orders`, a port of this project
                pub fn run_all(orders: &dyn Orders) {}
                       ^^^^^^^ `app::run_all` receives 1 collaborator, more than 0
                               ------------------- 1: `Orders`, a port of this project
                help: split it by operation, or put what always goes together behind one port
            "#]],
        );
    }

    #[test]
    fn two_of_one_port_and_a_port_without_self_count_each() {
        counts(
            "
            pub struct Checkout<C, L>(C, L);
            impl<C: Clock, L: Logger> Checkout<C, L> {
                pub fn new(clock: C, logger: L, again: Arc<dyn Orders>, and: Arc<dyn Orders>) -> Self { todo!() }
                pub fn run(&self) {}
            }
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                    pub fn new(clock: C, logger: L, again: Arc<dyn Orders>, and: Arc<dyn Orders>) -> Self { todo!() }
                               -------- 1: `Clock`, a port of this project
                                         --------- 2: `Logger`, a port of this project
                                                    ---------------------- 3: `Orders`, a port of this project
                                                                            -------------------- 4: `Orders`, a port of this project
            "#]],
        );
    }
}
