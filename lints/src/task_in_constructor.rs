//! # task-in-constructor
//!
//! ## What it does
//!
//! Reports constructors of orchestrators that spawn a task or a thread: associated functions that
//! return the type, also in `Result`, `Arc` and the like, free functions of the module that make it,
//! and `Default`. What a constructor calls of the type's own functions and of the module's private ones
//! belongs to it, and the finding shows the calls that lead there.
//!
//! Spawning is what `tokio::spawn`, `spawn_blocking`, `std::thread::spawn`, `JoinSet::spawn`,
//! `Handle::spawn`, `rayon::spawn` and the like of other runtimes do.
//!
//! ## Why
//!
//! The pattern asks that an orchestrator can be made at any point, and made again. One that starts
//! work by being made needs a runtime to exist, works twice where it is made twice, and leaves its
//! task behind when it is dropped.
//!
//! ## Bad
//!
//! ```rust,ignore
//! pub fn new(orders: Arc<dyn Orders>) -> Self {
//!     let inner = orders.clone();
//!     tokio::spawn(async move { watch(inner).await });
//!     Self { orders }
//! }
//! ```
//!
//! ## Good
//!
//! ```rust,ignore
//! pub fn new(orders: Arc<dyn Orders>) -> Self {
//!     Self { orders }
//! }
//!
//! pub fn start(&self, tasks: &TaskTracker, stop: CancellationToken) {
//!     tasks.spawn(watch(self.orders.clone(), stop));
//! }
//! ```
//!
//! ## Options
//!
//! None.
//!
//! ## Limits
//!
//! A function whose name says that it starts something, with `start`, `spawn`, `launch` or `run` as its
//! first word, is not taken for a constructor, whatever it returns. Nor is a task reported that the
//! constructor itself waits for, or a closure that it only keeps. What functions of other types and
//! modules spawn is not seen, nor are calls on a value whose type is not known, nor what a macro
//! spawns. Orchestrators that are functions have no constructor.

use baton_core::facts::body::{Body, Expr, ExprId};
use baton_core::facts::types::last_segment;
use baton_core::finding::{Finding, Hop, Level};
use baton_core::link::{FunctionRef, Orchestrator, Project};
use baton_core::lint::{Check, Lint, Options, Verdict};
use baton_core::source::{Place, Span};
use baton_core::tasks;
use baton_core::types::{Callee, Types};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The lint.
pub static LINT: Lint = Lint {
    name: "task-in-constructor",
    level: Level::Deny,
    summary: "A constructor of an orchestrator spawns a task or a thread.",
    source: include_str!("task_in_constructor.rs"),
    options: &[],
    check: Check::Whole(check),
};

fn check(project: &Project, _: &Options) -> Verdict {
    let mut verdict = Verdict::default();
    let mut search = Search { project, types: Types::new(project) };
    // Two constructors that share a helper spawn in one place.
    let mut found: BTreeMap<Place, Finding> = BTreeMap::new();
    for orchestrator in project.orchestrators.iter().filter(|one| !one.is_function) {
        for constructor in constructors(project, orchestrator) {
            verdict.judged += 1;
            for spawned in search.spawned(orchestrator, constructor) {
                found.entry(spawned.place).or_insert_with(|| search.finding(constructor, spawned));
            }
        }
    }
    verdict.findings = found.into_values().collect();
    verdict
}

/// The functions that make an orchestrator.
fn constructors(project: &Project, orchestrator: &Orchestrator) -> Vec<FunctionRef> {
    let is_default = |function: &FunctionRef| {
        let declared = project.function(*function);
        declared.is_some_and(|declared| declared.name == "default" && declared.receiver.is_none())
    };
    let own = orchestrator.constructors.iter().filter_map(|constructor| constructor.function);
    let defaults = orchestrator.code.iter().copied().filter(is_default);
    let all: BTreeSet<FunctionRef> = own.chain(defaults).collect();
    all.into_iter().filter(|function| !says_so(project, *function)).collect()
}

/// Whether a function says by its name that it starts something.
fn says_so(project: &Project, function: FunctionRef) -> bool {
    let first = |name: &str| matches!(name.split('_').next(), Some("launch" | "run" | "spawn" | "start"));
    project.function(function).is_some_and(|declared| first(&declared.name))
}

/// A place that spawns, and the calls that lead there.
struct Spawned {
    place: Place,
    name: String,
    hops: Vec<Hop>,
}

struct Search<'p> {
    project: &'p Project,
    types: Types<'p>,
}

impl Search<'_> {
    /// What a constructor spawns, itself or through the code that counts as the orchestrator's.
    fn spawned(&mut self, orchestrator: &Orchestrator, constructor: FunctionRef) -> Vec<Spawned> {
        let project = self.project;
        let mut found = Vec::new();
        let mut seen = BTreeSet::from([constructor]);
        let mut queue = VecDeque::from([(constructor, Vec::new())]);
        while let Some((function, hops)) = queue.pop_front() {
            let Some(body) = project.function(function).and_then(|declared| declared.body.as_ref()) else { continue };
            let types = self.types.of_body(function);
            let place = |span: Span| project.place(function.item.module, span);
            let later = kept(body);
            let is_later = |span: Span| later.iter().any(|closure| closure.contains(span));
            // What runs in a task is not the constructor's: the task is what counts.
            let tasks = tasks::spawned(body, types);
            let is_spawned = |span: Span| tasks.iter().any(|task| task.contains(span));
            // What is waited for is done when the constructor is.
            let in_front = tasks::waits(body, types).is_empty();
            for spawn in tasks::spawns(body, types).into_iter().filter(|_| in_front) {
                let span = body.node(spawn.call).span;
                if !is_later(span) {
                    let end = body.node(spawn.work).span.start;
                    let shown = Span::new(span.start, end.saturating_sub(1).max(span.start + 1));
                    found.push(Spawned { place: place(shown), name: spawn.name, hops: hops.clone() });
                }
            }
            for (id, node) in body.nodes() {
                let Some(Callee::Function(called)) = types.callee(id) else { continue };
                let own = orchestrator.code.contains(called) && !is_later(node.span) && !is_spawned(node.span);
                if own && seen.insert(*called) {
                    let hop = Hop {
                        from: project.function_path(function),
                        to: project.function_path(*called),
                        place: place(node.span),
                    };
                    queue.push_back((*called, hops.iter().cloned().chain([hop]).collect()));
                }
            }
        }
        found
    }

    fn finding(&self, constructor: FunctionRef, spawned: Spawned) -> Finding {
        let path = self.project.function_path(constructor);
        let through = spawned.hops.last().map(|hop| format!(" through `{}`", hop.to)).unwrap_or_default();
        Finding {
            rule: LINT.name,
            level: None,
            message: format!("the constructor `{path}` calls `{}`{through}", spawned.name),
            help: "start it in a method of its own, such as `start`, that takes a signal to stop and says who waits for the task".to_owned(),
            place: spawned.place,
            item: path,
            evidence: Vec::new(),
            chain: spawned.hops,
            imports: Vec::new(),
            trails: Vec::new(),
            fix: None,
        }
    }
}

/// The closures that are kept rather than called: in a field, in a variable, in a `Box`.
fn kept(body: &Body) -> Vec<Span> {
    let mut found = Vec::new();
    let mut keep = |id: ExprId| {
        if let Expr::Closure(..) = body.expr(id) {
            found.push(body.node(id).span);
        }
    };
    for (_, node) in body.nodes() {
        match &node.expr {
            Expr::Struct(_, fields, _) => {
                for (_, value) in fields {
                    keep(*value);
                }
            }
            Expr::Let(_, Some(value), _) => keep(*value),
            Expr::Call(callee, arguments) => {
                if matches!(body.expr(*callee), Expr::Path(path) if last_segment(path) == "new") {
                    for argument in arguments {
                        keep(*argument);
                    }
                }
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    #![expect(clippy::needless_raw_string_hashes, reason = "the command that updates the snapshots writes them")]

    use super::LINT;
    use crate::testing::{check, judged, piece};
    use expect_test::{Expect, expect};

    const AROUND: &str = "
        //- dependencies tokio rayon async-std
        //- src/core/ports.rs
        pub trait Orders { async fn watch(&self); }
    ";

    /// A project with an orchestrator that has these methods.
    fn orchestrator(code: &str) -> String {
        let code = piece(code);
        let imports = "use crate::core::ports::*;\nuse std::sync::Arc;\nuse tokio::task::JoinSet;";
        let head = "pub struct Watch { orders: Arc<dyn Orders> }\nimpl Watch {";
        format!(
            "{AROUND}//- src/app/watch.rs\n{imports}\n{head}\npub async fn run(&self) {{ self.orders.watch().await }}\n{code}\n}}"
        )
    }

    #[track_caller]
    fn says(code: &str, expected: &Expect) {
        check(&LINT, &orchestrator(code), expected);
    }

    #[test]
    fn a_constructor_that_spawns() {
        says(
            "
            pub fn new(orders: Arc<dyn Orders>) -> Self {
                let inner = orders.clone();
                tokio::spawn(async move { inner.watch().await });
                std::thread::spawn(|| {});
                Self { orders }
            }
            pub async fn connect(orders: Arc<dyn Orders>) -> Result<Arc<Self>, u8> {
                use tokio::task;
                let mut tasks = JoinSet::new();
                tasks.spawn(async {});
                let handle = task::spawn_blocking(|| 1);
                rayon::spawn(|| {});
                async_std::task::spawn(async {});
                std::thread::Builder::new().name(String::new()).spawn(|| {});
                Ok(Arc::new(Self { orders }))
            }
            ",
            &expect![[r#"
                //- src/app/watch.rs
                    tokio::spawn(async move { inner.watch().await });
                    ^^^^^^^^^^^^ the constructor `app::watch::Watch::new` calls `tokio::spawn`
                    std::thread::spawn(|| {});
                    ^^^^^^^^^^^^^^^^^^ the constructor `app::watch::Watch::new` calls `std::thread::spawn`
                    tasks.spawn(async {});
                    ^^^^^^^^^^^ the constructor `app::watch::Watch::connect` calls `tokio::task::JoinSet::spawn`
                    let handle = task::spawn_blocking(|| 1);
                                 ^^^^^^^^^^^^^^^^^^^^ the constructor `app::watch::Watch::connect` calls `tokio::task::spawn_blocking`
                    rayon::spawn(|| {});
                    ^^^^^^^^^^^^ the constructor `app::watch::Watch::connect` calls `rayon::spawn`
                    async_std::task::spawn(async {});
                    ^^^^^^^^^^^^^^^^^^^^^^ the constructor `app::watch::Watch::connect` calls `async-std::task::spawn`
                    std::thread::Builder::new().name(String::new()).spawn(|| {});
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ the constructor `app::watch::Watch::connect` calls `std::thread::Builder::spawn`
                help: start it in a method of its own, such as `start`, that takes a signal to stop and says who waits for the task
            "#]],
        );
    }

    #[test]
    fn a_helper_of_the_constructor_and_default_are_part_of_it() {
        says(
            "
            pub fn new(orders: Arc<dyn Orders>) -> Self {
                let made = Self { orders };
                made.begin();
                made
            }
            pub fn with(orders: Arc<dyn Orders>) -> Self { let made = Self { orders }; made.begin(); made }
            fn begin(&self) { watch(self.orders.clone()); }
            }
            fn watch(orders: Arc<dyn Orders>) { tokio::spawn(async move { orders.watch().await }); }
            impl Default for Watch {
                fn default() -> Self { std::thread::spawn(|| {}); todo!() }
            ",
            &expect![[r#"
                //- src/app/watch.rs
                fn watch(orders: Arc<dyn Orders>) { tokio::spawn(async move { orders.watch().await }); }
                                                    ^^^^^^^^^^^^ the constructor `app::watch::Watch::new` calls `tokio::spawn` through `app::watch::watch`
                    made.begin();
                    ~~~~~~~~~~~~ app::watch::Watch::new -> app::watch::Watch::begin
                fn begin(&self) { watch(self.orders.clone()); }
                                  ~~~~~~~~~~~~~~~~~~~~~~~~~~ app::watch::Watch::begin -> app::watch::watch
                    fn default() -> Self { std::thread::spawn(|| {}); todo!() }
                                           ^^^^^^^^^^^^^^^^^^ the constructor `app::watch::Watch::default` calls `std::thread::spawn`
                help: start it in a method of its own, such as `start`, that takes a signal to stop and says who waits for the task
            "#]],
        );
    }

    #[test]
    fn methods_start_what_runs() {
        says(
            "
            pub fn new(orders: Arc<dyn Orders>) -> Self { Self { orders } }
            pub fn start(&self) { let orders = self.orders.clone(); tokio::spawn(async move { orders.watch().await }); }
            pub fn spawn(orders: Arc<dyn Orders>) -> Self { tokio::spawn(async {}); Self { orders } }
            ",
            &expect![[""]],
        );
    }

    #[test]
    fn what_is_waited_for_or_only_kept_is_no_task() {
        says(
            "
            pub async fn new(orders: Arc<dyn Orders>) -> Self {
                tokio::task::spawn_blocking(|| 1).await;
                let later = || tokio::spawn(async {});
                let boxed = Box::new(|| tokio::spawn(async {}));
                std::process::Command::new(\"a\").spawn();
                Self { orders }
            }
            pub async fn joined(orders: Arc<dyn Orders>) -> Self {
                let handle = tokio::spawn(async { 1 });
                handle.await;
                Self { orders }
            }
            pub fn own(orders: Arc<dyn Orders>) -> Self { spawn(1); Self { orders } }
            }
            fn spawn(_: u8) {}
            pub struct Other;
            impl Other {
                pub fn new() -> Self { tokio::spawn(async {}); Self }
            ",
            &expect![[""]],
        );
    }

    #[test]
    fn constructors_are_what_is_judged() {
        let code = "pub fn new(orders: Arc<dyn Orders>) -> Self { Self { orders } } pub fn a(&self) {} pub fn b() {}";
        assert_eq!(judged(&LINT, &orchestrator(code)), 1);
    }
}
