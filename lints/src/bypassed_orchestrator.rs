//! # bypassed-orchestrator
//!
//! ## What it does
//!
//! Reports entry code that calls an adapter or an engine itself instead of an orchestrator: a call,
//! in a function with the role entry, of a function that has one of the roles in `targets`. A call
//! that leads there through functions without a role counts too, and the finding shows each hop. All
//! that one function calls in one module is one finding, and so is each function without a role that
//! entry code calls to get there, with every place shown.
//!
//! Without a declared role `entry`, nothing is judged.
//!
//! An entry point may put the program together, and that is not reported:
//!
//! - making things and handing them on: associated functions that return their own type, such as
//!   `new`, `connect`, `from_env`, `builder`, setters; struct literals; functions named for the part of
//!   the program that they make, such as `create_pool`, `routes`, `init_logging`; functions that return
//!   an `impl Trait` or `dyn Trait`; conversions, `clone`, and what implements an outside trait;
//! - naming things: imports, types in signatures, a function that is passed on and not called, as in
//!   `get(handler)`;
//! - of the shell, starting and stopping things, such as `run`, `serve`, `run_migrations`, `shutdown`,
//!   `ping`; and functions that neither touch the world nor wait for it, such as those of data that
//!   travels over the wire.
//!
//! In the shell a function counts that is `async`, implements a trait of the project, or works with
//! files, the network, processes, or a crate that does. In all other targets every function counts that
//! makes nothing. A port counts like the adapters behind it: a trait that only targets implement. What
//! belongs to an orchestrator is none, wherever it stands, and who implements a port may call another
//! implementation of it.
//!
//! A composition root that does more than that can have a role of its own, under any name, below the
//! role `entry`; then it is not judged.
//!
//! ## Why
//!
//! An operation that goes past its orchestrator goes past what the orchestrator guarantees: the order
//! of steps, the transaction, retries, logging, permissions. The next handler copies it, and soon
//! nobody can say where a thing is done.
//!
//! ## Bad
//!
//! ```rust,ignore
//! // src/entry/http.rs
//! async fn cancel(State(app): State<App>, Path(id): Path<Id>) -> Response {
//!     let order = app.orders.find(id).await?;
//!     app.orders.save(order.cancelled()).await?;
//!     app.mail.send(order.customer).await
//! }
//! ```
//!
//! ## Good
//!
//! ```rust,ignore
//! // src/entry/http.rs
//! async fn cancel(State(app): State<App>, Path(id): Path<Id>) -> Response {
//!     app.cancellation.run(id).await
//! }
//!
//! // src/main.rs
//! let orders = PgOrders::connect(&settings.database).await?;
//! let cancellation = Cancellation::new(Arc::new(orders), Arc::new(SmtpMail::new(&settings.mail)));
//! ```
//!
//! ## Options
//!
//! - `targets`, by default `["shell", "engine", "adapter"]`: the roles that only orchestrators call. A
//!   name that `baton.toml` gives and no `[[role]]` has is an error, and so is a list without names.
//!
//! ## Limits
//!
//! Types are known as far as the project's own signatures tell. Not seen are: calls on a value whose
//! type is not known; outside crates that count as shell, called without an adapter; functions that are
//! passed on and called elsewhere.
//! Whether a function makes, starts or does something is told by what it returns and by its name.
//! Test code is not judged.

use baton_core::facts::body::{Body, Expr, ExprId};
use baton_core::facts::{Parameter, Type, TypeKind};
use baton_core::finding::{BrokenImport, Evidence, Finding, Hop, Level};
use baton_core::link::{FunctionRef, ItemRef, ModuleId, Project, RoleKind, Target};
use baton_core::lint::{Check, Lint, OptionDefault, OptionSpec, Options, Verdict};
use baton_core::source::Span;
use baton_core::types::{Callee, Ty, Types};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The lint.
pub static LINT: Lint = Lint {
    name: "bypassed-orchestrator",
    level: Level::Deny,
    summary: "Entry code calls an adapter or an engine without an orchestrator.",
    source: include_str!("bypassed_orchestrator.rs"),
    options: &[OptionSpec {
        name: "targets",
        default: OptionDefault::Roles(&["shell", "engine", "adapter"]),
        summary: "the roles that only orchestrators call",
    }],
    check: Check::Whole(check),
};

fn check(project: &Project, options: &Options) -> Verdict {
    let mut verdict = Verdict::default();
    let is_entry = |function: &FunctionRef| role(project, function.item.module) == Some(RoleKind::Entry);
    let entries: Vec<FunctionRef> = project.functions().into_iter().filter(is_entry).collect();
    if entries.is_empty() {
        return verdict;
    }
    let targets = options.texts("targets");
    let mut calls = Calls {
        project,
        types: Types::new(project),
        targets,
        ports: ports(project, targets),
        orchestrators: project.orchestrators.iter().map(|one| one.item).collect(),
        known: BTreeMap::new(),
    };
    let mut findings: BTreeMap<Fault, Finding> = BTreeMap::new();
    for entry in entries {
        for call in calls.of(entry) {
            verdict.judged += 1;
            for reached in calls.reached(entry, &call) {
                findings
                    .entry(reached.fault(entry))
                    .and_modify(|known| {
                        known.evidence.extend(again(project, known, entry, &reached));
                        known.imports.push(reached.import());
                    })
                    .or_insert_with(|| finding(project, entry, &reached));
            }
        }
    }
    verdict.findings = findings.into_values().collect();
    verdict
}

fn role(project: &Project, module: ModuleId) -> Option<RoleKind> {
    project.module(module).role_kind()
}

/// The role of whoever implements the traits that only targets implement.
fn ports<'p>(project: &'p Project, targets: &[String]) -> BTreeMap<ItemRef, &'p str> {
    let mut found: BTreeMap<ItemRef, Option<&str>> = BTreeMap::new();
    let orchestrators: BTreeSet<ItemRef> = project.orchestrators.iter().map(|one| one.item).collect();
    // What entry code implements, it hands in itself.
    let outside = |function: &FunctionRef| role(project, function.item.module) != Some(RoleKind::Entry);
    for function in project.functions().into_iter().filter(outside) {
        let Some(port) = project.implemented(function) else { continue };
        let name = project.module(function.item.module).role.map(|role| project.roles.name(role));
        let own = project.owner(function).is_some_and(|owner| orchestrators.contains(&owner));
        let name = name.filter(|name| !own && targets.iter().any(|target| target == name));
        found.entry(port).and_modify(|known| *known = known.and(name)).or_insert(name);
    }
    found.into_iter().filter_map(|(port, name)| Some((port, name?))).collect()
}

/// A call of a function of the project.
#[derive(Clone, Copy, Debug)]
struct Call {
    function: FunctionRef,
    span: Span,
}

/// An operation that entry code gets to.
struct Reached {
    /// Its function.
    function: FunctionRef,
    /// What it is, as people say it.
    what: String,
    /// The function without a role that entry code calls to get there.
    through: Option<FunctionRef>,
    /// The calls that lead there, with who makes each.
    hops: Vec<Hop>,
}

/// What is one fault, however often it shows: entry code that works with one module of a target, or
/// a function without a role that does and that entry code calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    Direct(FunctionRef, ModuleId),
    Through(FunctionRef),
}

impl Reached {
    fn fault(&self, entry: FunctionRef) -> Fault {
        self.through.map_or(Fault::Direct(entry, self.function.item.module), Fault::Through)
    }

    /// The call in entry code that leads there.
    fn import(&self) -> BrokenImport {
        let called = self.through.unwrap_or(self.function);
        BrokenImport { place: self.hops[0].place, to: Target::Item(called.item) }
    }
}

/// Who calls what.
struct Calls<'p> {
    project: &'p Project,
    types: Types<'p>,
    targets: &'p [String],
    /// The traits that only targets implement, with the role of those.
    ports: BTreeMap<ItemRef, &'p str>,
    orchestrators: BTreeSet<ItemRef>,
    known: BTreeMap<FunctionRef, Vec<Call>>,
}

impl<'p> Calls<'p> {
    /// The calls in a function's body that are known to mean a function of the project.
    fn of(&mut self, function: FunctionRef) -> Vec<Call> {
        if let Some(known) = self.known.get(&function) {
            return known.clone();
        }
        let body = self.project.function(function).and_then(|declared| declared.body.as_ref());
        let calls = body.map(|body| self.find(function, body)).unwrap_or_default();
        self.known.insert(function, calls.clone());
        calls
    }

    fn find(&mut self, function: FunctionRef, body: &'p Body) -> Vec<Call> {
        let known = self.types.of_body(function);
        let mut found = Vec::new();
        for (id, node) in body.nodes().filter(|(_, node)| matches!(node.expr, Expr::Call(..) | Expr::MethodCall(..))) {
            let meant = match known.callee(id) {
                Some(Callee::Function(meant) | Callee::Trait { function: meant, .. }) => Some(*meant),
                Some(Callee::Outside(..) | Callee::Constructor(..) | Callee::Value) => None,
                Some(Callee::Unknown) | None => self.extracted(function, body, id),
            };
            found.extend(meant.map(|function| Call { function, span: node.span }));
        }
        found.sort_by_key(|call| call.span);
        found
    }

    /// The method that is called on a part of what a framework hands in: `State(app): State<App>`.
    fn extracted(&mut self, function: FunctionRef, body: &Body, call: ExprId) -> Option<FunctionRef> {
        let Expr::MethodCall(receiver, name, arguments) = body.expr(call) else { return None };
        let receiver = self.handed_in(function, body, *receiver)?;
        match self.types.method(&receiver, name, arguments.len(), function.item.module)?.callee {
            Callee::Function(meant) | Callee::Trait { function: meant, .. } => Some(meant),
            _ => None,
        }
    }

    fn handed_in(&mut self, function: FunctionRef, body: &Body, value: ExprId) -> Option<Ty> {
        match body.expr(value) {
            Expr::Path(name) => {
                let parameters = &self.project.function(function)?.parameters;
                let handed = |parameter: &Parameter| {
                    (parameter.name == *name || parameter.unwrapped == *name) && is_extractor(&parameter.ty)
                };
                let position = parameters.iter().position(handed)?;
                match self.types.parameter(function, position).referent() {
                    Ty::Outside(outside) => outside.arguments.first().cloned(),
                    _ => None,
                }
            }
            Expr::Field(base, name) => {
                let base = self.handed_in(function, body, *base)?;
                Some(self.types.field_of(&base, name))
            }
            Expr::MethodCall(base, name, _) if matches!(name.as_str(), "clone" | "as_ref" | "get_ref" | "inner") => {
                self.handed_in(function, body, *base)
            }
            Expr::Reference(_, inner) => self.handed_in(function, body, *inner),
            _ => None,
        }
        .filter(|ty| !ty.is_unknown())
    }

    /// The operations that a call in entry code leads to: itself, or those behind functions that have
    /// no role. Each comes once, by the shortest way.
    fn reached(&mut self, entry: FunctionRef, call: &Call) -> Vec<Reached> {
        let project = self.project;
        let hop = |from: FunctionRef, call: &Call| Hop {
            from: project.function_name(from),
            to: project.function_name(call.function),
            place: project.place(from.item.module, call.span),
        };
        let mut reached = Vec::new();
        let mut seen = BTreeSet::from([call.function]);
        let mut queue = VecDeque::from([(entry, *call, vec![hop(entry, call)])]);
        while let Some((caller, at, hops)) = queue.pop_front() {
            if let Some(what) = self.operation(caller, at.function) {
                let through = (hops.len() > 1).then_some(call.function);
                reached.push(Reached { function: at.function, what, through, hops });
            } else if role(project, at.function.item.module).is_none() {
                for next in self.of(at.function) {
                    if seen.insert(next.function) {
                        let hops = hops.iter().cloned().chain([hop(at.function, &next)]).collect();
                        queue.push_back((at.function, next, hops));
                    }
                }
            }
        }
        reached
    }

    /// If only an orchestrator should call a function: what it is.
    fn operation(&self, caller: FunctionRef, function: FunctionRef) -> Option<String> {
        let project = self.project;
        let declared = project.function(function)?;
        let role = project.module(function.item.module).role;
        let name = role.map(|role| project.roles.name(role)).filter(|name| self.targets.iter().any(|own| own == name));
        let port = project.owner(function).and_then(|owner| self.ports.get(&owner).copied());
        let implemented = project.implemented(function);
        let outside = project.is_of_trait(function) && implemented.is_none();
        let owner = project.owner(function).unwrap_or(function.item);
        // Who implements the same trait decorates what it calls.
        let decorates = implemented.or(Some(owner)).is_some_and(|port| project.implemented(caller) == Some(port));
        if outside || decorates || self.orchestrators.contains(&owner) || project.makes(function) {
            return None;
        }
        let shell = port.or(name)? == RoleKind::Shell.name();
        let acts = port.is_some()
            || implemented.is_some()
            || declared.is_async
            || declared.output.as_ref().is_some_and(is_future)
            || project.touches_world(function);
        if shell && (!acts || project.keeps_alive(function)) {
            return None;
        }
        let path = project.function_name(function);
        Some(match (name, port) {
            (Some(name), _) => format!("`{path}` of the role `{name}`"),
            (None, Some(port)) => format!("the port `{path}` of the role `{port}`"),
            (None, None) => return None,
        })
    }
}

/// Whether a type is one in which a web framework hands a handler what it works with.
fn is_extractor(ty: &Type) -> bool {
    ty.path().is_some_and(|path| matches!(path.last(), "State" | "Extension" | "Data" | "Inject" | "ThinData"))
}

fn is_future(ty: &Type) -> bool {
    match &ty.kind {
        TypeKind::Impl(bounds) | TypeKind::Dyn(bounds) => bounds.iter().any(|bound| bound.last() == "Future"),
        TypeKind::Path(path) => {
            matches!(path.last(), "BoxFuture" | "LocalBoxFuture") || path.arguments.iter().any(is_future)
        }
        _ => false,
    }
}

fn finding(project: &Project, entry: FunctionRef, reached: &Reached) -> Finding {
    let from = project.function_name(entry);
    let what = &reached.what;
    let (done, help) = match reached.through.map(|through| project.function_name(through)) {
        Some(through) => (
            format!("reaches {what} through `{through}`"),
            format!("let an orchestrator do it, and call that; if `{through}` is one, give its file the role"),
        ),
        None => (
            format!("calls {what}"),
            "let an orchestrator do it, and call that; to make an adapter here and hand it to an orchestrator is fine"
                .to_owned(),
        ),
    };
    Finding {
        rule: LINT.name,
        level: None,
        message: format!("entry code `{from}` {done} without an orchestrator"),
        help,
        place: reached.hops[0].place,
        item: project.function_path(entry),
        evidence: Vec::new(),
        chain: reached.hops.clone(),
        imports: vec![reached.import()],
        trails: Vec::new(),
        fix: None,
    }
}

/// A further place of what has been reported: the call of an operation, or that of the function
/// without a role which makes it. A place is shown once.
fn again(project: &Project, known: &Finding, entry: FunctionRef, reached: &Reached) -> Option<Evidence> {
    let [first, .., last] = reached.hops.as_slice() else {
        let place = reached.hops.first()?.place;
        return Some(Evidence { kind: "call", place, why: format!("calls {}", reached.what) });
    };
    let evidence = if first.place == known.place {
        Evidence { kind: "call", place: last.place, why: format!("calls {}", reached.what) }
    } else {
        let from = project.function_name(entry);
        Evidence { kind: "entry", place: first.place, why: format!("`{from}` gets there too") }
    };
    known.evidence.iter().all(|other| other.place != evidence.place).then_some(evidence)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::needless_raw_string_hashes, reason = "the command that updates the snapshots writes them")]

    use super::LINT;
    use crate::testing::{check, judged, piece};
    use expect_test::{Expect, expect};

    const AROUND: &str = r#"
        //- dependencies axum actix-web sqlx reqwest
        //- baton.toml
        version = 1
        [[role]]
        name = "core"
        paths = ["src/core"]
        [[role]]
        name = "shell"
        paths = ["src/shell"]
        [[role]]
        name = "engine"
        paths = ["src/engine"]
        [[role]]
        name = "orchestrator"
        paths = ["src/app"]
        [[role]]
        name = "entry"
        paths = ["src/entry"]
        //- src/core/ports.rs
        pub trait Orders { async fn find(&self, id: u8) -> u8; }
        pub fn price() -> u8 { 1 }
        //- src/shell/db.rs
        use crate::core::ports::Orders;
        use sqlx::PgPool;
        pub struct PgOrders { pool: PgPool }
        impl PgOrders {
            pub async fn connect(url: &str) -> Result<Self, sqlx::Error> { loop {} }
            pub fn with_pool(pool: PgPool) -> Self { Self { pool } }
            pub fn pool(&self) -> PgPool { self.pool.clone() }
            pub async fn remove(&self, id: u8) {}
            pub async fn find_own(id: u8) -> Self { loop {} }
            pub async fn ping(&self) {}
        }
        impl Orders for PgOrders { async fn find(&self, id: u8) -> u8 { id } }
        impl Clone for PgOrders { fn clone(&self) -> Self { loop {} } }
        pub async fn create_pool(url: &str) -> PgPool { loop {} }
        pub async fn create_order(pool: &PgPool) {}
        pub async fn run_migrations(pool: &PgPool) {}
        pub fn boxed() -> Box<dyn Orders> { loop {} }
        //- src/shell/wire.rs
        pub struct Body { pub id: u8 }
        impl Body { pub fn total(&self) -> u8 { self.id } }
        //- src/engine/price.rs
        pub struct Engine;
        impl Engine { pub fn new() -> Self { Self } pub fn run(&self) -> u8 { 1 } }
        pub fn price(id: u8) -> u8 { id }
        //- src/app/checkout.rs
        use crate::core::ports::Orders;
        use std::sync::Arc;
        pub struct Checkout { orders: Arc<dyn Orders> }
        impl Checkout {
            pub fn new(orders: Arc<dyn Orders>) -> Self { Self { orders } }
            pub async fn run(&self, id: u8) -> u8 { crate::shell::db::create_order(&pool()).await; self.orders.find(id).await }
        }
    "#;

    /// What is said about `code` as entry code.
    #[track_caller]
    fn entry(code: &str, expected: &Expect) {
        check(&LINT, &format!("{AROUND}\n//- src/entry/http.rs\n{}", piece(code)), expected);
    }

    #[test]
    fn operations_of_adapters_and_engines_are_called_by_orchestrators() {
        entry(
            "
            use crate::core::ports::Orders;
            use crate::engine::price::{self, Engine};
            use crate::shell::db::{PgOrders, create_order};
            pub async fn cancel(orders: &PgOrders, id: u8) {
                let found = orders.find(id).await;
                orders.remove(id).await;
                PgOrders::find_own(id).await;
            }
            pub async fn local() {
                let orders = PgOrders::connect(\"url\").await?;
                create_order(&orders.pool()).await;
            }
            pub fn quote() { let engine = Engine::new(); engine.run(); price::price(1); }
            ",
            &expect![[r#"
                //- src/entry/http.rs
                    let found = orders.find(id).await;
                                ^^^^^^^^^^^^^^^ entry code `entry::http::cancel` calls `shell::db::PgOrders::find` of the role `shell` without an orchestrator
                    orders.remove(id).await;
                    ----------------- calls `shell::db::PgOrders::remove` of the role `shell`
                    PgOrders::find_own(id).await;
                    ---------------------- calls `shell::db::PgOrders::find_own` of the role `shell`
                    create_order(&orders.pool()).await;
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ entry code `entry::http::local` calls `shell::db::create_order` of the role `shell` without an orchestrator
                pub fn quote() { let engine = Engine::new(); engine.run(); price::price(1); }
                                                             ^^^^^^^^^^^^ entry code `entry::http::quote` calls `engine::price::Engine::run` of the role `engine` without an orchestrator
                                                                           --------------- calls `engine::price::price` of the role `engine`
                help: let an orchestrator do it, and call that; to make an adapter here and hand it to an orchestrator is fine
            "#]],
        );
    }

    #[test]
    fn putting_the_program_together_is_what_an_entry_point_is_for() {
        entry(
            "
            use crate::app::checkout::Checkout;
            use crate::shell::{db::{self, PgOrders}, wire::Body};
            use std::sync::Arc;
            pub async fn main() {
                let pool = db::create_pool(\"url\").await;
                db::run_migrations(&pool).await;
                let orders = PgOrders::with_pool(pool.clone());
                let other = PgOrders { pool: orders.pool() };
                other.ping().await;
                let boxed = db::boxed();
                let checkout = Checkout::new(Arc::new(orders.clone()));
                checkout.run(1).await;
                crate::core::ports::price();
                let engine = crate::engine::price::Engine::new();
                axum::Router::new().route(\"/\", axum::routing::get(db::create_order));
            }
            pub fn show(body: &Body) -> u8 { body.total() }
            #[cfg(test)]
            mod tests { async fn all(orders: &crate::shell::db::PgOrders) { orders.remove(1).await; } }
            ",
            &expect![""],
        );
    }

    #[test]
    fn what_a_framework_hands_in_is_looked_into() {
        entry(
            "
            use crate::app::checkout::Checkout;
            use crate::shell::db::PgOrders;
            use axum::extract::State;
            use actix_web::web;
            use std::sync::Arc;
            pub struct App { orders: Arc<PgOrders>, checkout: Arc<Checkout> }
            pub async fn cancel(State(app): State<App>) { app.orders.remove(1).await; app.checkout.run(1).await; }
            pub async fn shared(State(app): State<Arc<App>>) { app.orders.clone().remove(1).await; }
            pub async fn single(State(orders): State<PgOrders>) { orders.remove(1).await; }
            pub async fn data(app: web::Data<App>) { app.orders.remove(1).await; app.checkout.run(1).await; }
            ",
            &expect![[r#"
                //- src/entry/http.rs
                pub async fn cancel(State(app): State<App>) { app.orders.remove(1).await; app.checkout.run(1).await; }
                                                              ^^^^^^^^^^^^^^^^^^^^ entry code `entry::http::cancel` calls `shell::db::PgOrders::remove` of the role `shell` without an orchestrator
                pub async fn shared(State(app): State<Arc<App>>) { app.orders.clone().remove(1).await; }
                                                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ entry code `entry::http::shared` calls `shell::db::PgOrders::remove` of the role `shell` without an orchestrator
                pub async fn single(State(orders): State<PgOrders>) { orders.remove(1).await; }
                                                                      ^^^^^^^^^^^^^^^^ entry code `entry::http::single` calls `shell::db::PgOrders::remove` of the role `shell` without an orchestrator
                pub async fn data(app: web::Data<App>) { app.orders.remove(1).await; app.checkout.run(1).await; }
                                                         ^^^^^^^^^^^^^^^^^^^^ entry code `entry::http::data` calls `shell::db::PgOrders::remove` of the role `shell` without an orchestrator
                help: let an orchestrator do it, and call that; to make an adapter here and hand it to an orchestrator is fine
            "#]],
        );
    }

    #[test]
    fn functions_without_a_role_are_followed() {
        entry(
            "
            pub async fn cancel() { crate::util::cancel(1).await; crate::util::cancel(2).await; }
            pub async fn checkout() { crate::util::checkout(1).await; }
            pub async fn start() { crate::util::start().await; }
            //- src/util.rs
            use crate::shell::db::PgOrders;
            pub async fn cancel(id: u8) { deeper(id).await }
            async fn deeper(id: u8) { let orders = PgOrders::connect(\"url\").await?; orders.remove(id).await; }
            pub async fn checkout(id: u8) { crate::app::checkout::Checkout::new(make()).run(id).await; }
            pub async fn start() { let orders = PgOrders::connect(\"url\").await?; crate::util::start().await }
            ",
            &expect![[r#"
                //- src/entry/http.rs
                pub async fn cancel() { crate::util::cancel(1).await; crate::util::cancel(2).await; }
                                        ^^^^^^^^^^^^^^^^^^^^^^ entry code `entry::http::cancel` reaches `shell::db::PgOrders::remove` of the role `shell` through `util::cancel` without an orchestrator
                                                                      ---------------------- `entry::http::cancel` gets there too
                                        ~~~~~~~~~~~~~~~~~~~~~~ entry::http::cancel -> util::cancel
                //- src/util.rs
                pub async fn cancel(id: u8) { deeper(id).await }
                                              ~~~~~~~~~~ util::cancel -> util::deeper
                async fn deeper(id: u8) { let orders = PgOrders::connect("url").await?; orders.remove(id).await; }
                                                                                        ~~~~~~~~~~~~~~~~~ util::deeper -> shell::db::PgOrders::remove
                help: let an orchestrator do it, and call that; if `util::cancel` is one, give its file the role
            "#]],
        );
    }

    #[test]
    fn a_port_is_what_its_adapters_are() {
        entry(
            "
            use crate::core::ports::Orders;
            use crate::shell::db::PgOrders;
            use crate::util::{Clock, Pricing};
            use std::sync::Arc;
            pub struct App { orders: Arc<dyn Orders>, clock: Arc<dyn Clock>, pricing: Arc<dyn Pricing> }
            pub async fn show(app: &App) { app.orders.find(1).await; app.clock.now(); app.pricing.price(); }
            pub struct Cached { inner: PgOrders }
            impl Orders for Cached { async fn find(&self, id: u8) -> u8 { self.inner.find(id).await } }
            impl Pricing for Cached { fn price(&self) -> u8 { self.inner.remove(1) } }
            //- src/util.rs
            pub trait Clock { fn now(&self) -> u8; }
            pub trait Pricing { fn price(&self) -> u8; }
            //- src/shell/clock.rs
            pub struct System;
            impl crate::util::Clock for System { fn now(&self) -> u8 { 1 } }
            ",
            &expect![[r#"
                //- src/entry/http.rs
                pub async fn show(app: &App) { app.orders.find(1).await; app.clock.now(); app.pricing.price(); }
                                               ^^^^^^^^^^^^^^^^^^ entry code `entry::http::show` calls the port `core::ports::Orders::find` of the role `shell` without an orchestrator
                                                                         ^^^^^^^^^^^^^^^ entry code `entry::http::show` calls the port `util::Clock::now` of the role `shell` without an orchestrator
                impl Pricing for Cached { fn price(&self) -> u8 { self.inner.remove(1) } }
                                                                  ^^^^^^^^^^^^^^^^^^^^ entry code `entry::http::Cached::price` calls `shell::db::PgOrders::remove` of the role `shell` without an orchestrator
                help: let an orchestrator do it, and call that; to make an adapter here and hand it to an orchestrator is fine
            "#]],
        );
    }

    #[test]
    fn what_only_looks_like_the_shell_at_work_is_none() {
        entry(
            "
            use crate::shell::text::{self, Client};
            pub fn show(client: &Client) { text::checked(\"a\"); text::table(&[1]); client.name(); client.lines(2); text::load(\"a\"); client.send(1); }
            //- src/shell/text.rs
            use reqwest::Url;
            pub struct Client { inner: reqwest::Client }
            impl Client { pub fn name(&self) -> &str { loop {} } pub fn lines(&self, _: u8) -> u8 { 1 } pub fn send(&self, _: u8) {} }
            pub fn checked(text: &str) -> Option<Url> { Url::parse(text) }
            pub fn table(rows: &[u8]) -> String { format!(\"{rows:?}\") }
            pub fn load(path: &str) -> String { std::fs::read_to_string(path) }
            ",
            &expect![[r#"
                //- src/entry/http.rs
                pub fn show(client: &Client) { text::checked("a"); text::table(&[1]); client.name(); client.lines(2); text::load("a"); client.send(1); }
                                                                                                     ^^^^^^^^^^^^^^^ entry code `entry::http::show` calls `shell::text::Client::lines` of the role `shell` without an orchestrator
                                                                                                                      --------------- calls `shell::text::load` of the role `shell`
                                                                                                                                       -------------- calls `shell::text::Client::send` of the role `shell`
                help: let an orchestrator do it, and call that; to make an adapter here and hand it to an orchestrator is fine
            "#]],
        );
    }

    #[test]
    fn the_targets_are_an_option() {
        let with = |option: &str| {
            AROUND.replacen("//- src/core/ports.rs", &format!("[rules]\n{option}\n//- src/core/ports.rs"), 1)
        };
        let code =
            "//- src/entry/http.rs\npub fn quote() { crate::engine::price::price(1); crate::core::ports::price(); }";
        check(
            &LINT,
            &format!("{}\n{code}", with("bypassed-orchestrator.targets = [\"core\"]")),
            &expect![[r#"
                //- src/entry/http.rs
                pub fn quote() { crate::engine::price::price(1); crate::core::ports::price(); }
                                                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^ entry code `entry::http::quote` calls `core::ports::price` of the role `core` without an orchestrator
                help: let an orchestrator do it, and call that; to make an adapter here and hand it to an orchestrator is fine
            "#]],
        );
    }

    #[test]
    fn of_several_packages_each_side_has_its_crate() {
        check(
            &LINT,
            r#"
            //- Cargo.toml
            [workspace]
            members = ["app", "main"]
            //- baton.toml
            version = 1
            [[role]]
            name = "shell"
            paths = ["app/src"]
            [[role]]
            name = "entry"
            paths = ["main/src"]
            //- app/Cargo.toml
            [package]
            name = "app"
            edition = "2024"
            //- app/src/lib.rs
            pub mod orders;
            //- app/src/orders.rs
            pub async fn save() {}
            //- main/Cargo.toml
            [package]
            name = "main"
            edition = "2024"
            [dependencies]
            app = { path = "../app" }
            //- main/src/main.rs
            mod app;
            fn main() {}
            //- main/src/app.rs
            async fn post() { ::app::orders::save().await }
            "#,
            &expect![[r#"
                //- main/src/app.rs
                async fn post() { ::app::orders::save().await }
                                  ^^^^^^^^^^^^^^^^^^^^^ entry code `main::app::post` calls `app::orders::save` of the role `shell` without an orchestrator
                help: let an orchestrator do it, and call that; to make an adapter here and hand it to an orchestrator is fine
            "#]],
        );
    }

    #[test]
    fn only_calls_of_the_projects_functions_are_judged() {
        let code = "//- src/entry/http.rs\npub fn quote() { crate::engine::price::price(1); format(1); let a = 1; drop(a); }\nfn format(_: u8) {}";
        assert_eq!(judged(&LINT, &format!("{AROUND}\n{code}")), 2);
        assert_eq!(judged(&LINT, "//- src/core/a.rs\npub fn a() { b(); }\nfn b() {}"), 0, "no role `entry`");
    }
}
