//! # unstoppable-task
//!
//! ## What it does
//!
//! Reports tasks and threads that an orchestrator's code spawns and that nothing can end: what runs
//! there comes to a `loop` or `while true`, also in a function that it calls, and that loop has no way
//! out. Each of these is one:
//!
//! - a `break` or `return` in the loop, such as that of a branch of `select!` that waits for a signal, or
//!   behind the check of a flag or of a channel that is closed
//! - `?` behind what receives from a channel
//! - a `select!`, a limit of time or a `run_until_cancelled` around the loop
//! - a handle that the orchestrator's code aborts, that is returned or handed on, or a `JoinSet`, which
//!   ends its tasks when it is dropped
//!
//! A loop with a condition has an end: `while let Some(job) = jobs.recv().await` ends when the channel is
//! closed, and `while !stopped.load(…)` when the flag is set.
//!
//! ## Why
//!
//! A task that cannot be told to stop is killed in the middle of what it does when the process ends,
//! goes on with the old collaborators when the orchestrator is made again, and keeps every test that
//! starts it from ending cleanly.
//!
//! ## Bad
//!
//! ```rust,ignore
//! tokio::spawn(async move {
//!     loop {
//!         interval.tick().await;
//!         orders.expire().await;
//!     }
//! });
//! ```
//!
//! ## Good
//!
//! ```rust,ignore
//! tokio::spawn(async move {
//!     loop {
//!         tokio::select! {
//!             () = stop.cancelled() => break,
//!             _ = interval.tick() => orders.expire().await,
//!         }
//!     }
//! });
//! ```
//!
//! ## Options
//!
//! None.
//!
//! ## Limits
//!
//! Any `break` or `return` of the loop counts, also one that no signal leads to, because what leads
//! there is not known: a loop that only ends on an error is not reported. Nor are endless
//! `for` loops, such as those over `listener.incoming()`, and loops inside macros that are not read as
//! code. Calls are followed where it is known which function is meant, through ports not at all, and into
//! 50 functions for each task.

use baton_core::facts::body::{Body, Expr, ExprId, LeaveKind, LiteralKind, LoopKind, PatternKind};
use baton_core::facts::types::last_segment;
use baton_core::finding::{Evidence, Finding, Level};
use baton_core::link::{FunctionRef, Orchestrator, Project};
use baton_core::lint::{Check, Lint, Options, Verdict};
use baton_core::source::{Place, Span};
use baton_core::tasks::{self, Spawn, Spawning};
use baton_core::types::{Callee, Types};
use std::collections::BTreeSet;

/// The lint.
pub static LINT: Lint = Lint {
    name: "unstoppable-task",
    level: Level::Warn,
    summary: "An orchestrator spawns a task that nothing can stop.",
    source: include_str!("unstoppable_task.rs"),
    options: &[],
    check: Check::Whole(check),
};

/// How many functions that a task calls are looked into, directly and through each other.
const MOST_CALLED: usize = 50;

fn check(project: &Project, _: &Options) -> Verdict {
    let mut verdict = Verdict::default();
    let mut search = Search { project, types: Types::new(project) };
    let mut spawning = Spawning::new(project);
    for (orchestrator, function) in project.orchestrator_code() {
        let Some(body) = project.function(function).and_then(|declared| declared.body.as_ref()) else { continue };
        if !spawning.is_in(function) {
            continue;
        }
        let types = search.types.of_body(function);
        for spawn in tasks::spawns(body, types) {
            verdict.judged += 1;
            if spawn.in_set || search.is_held(orchestrator, function, body, &spawn) {
                continue;
            }
            let work = body.node(origin(body, spawn.work)).span;
            if let Some(endless) = search.endless(function, work, &mut BTreeSet::new()) {
                verdict.findings.push(finding(project, function, body, &spawn, endless));
            }
        }
    }
    verdict
}

/// The value of a variable that is spawned, if that is what is spawned.
fn origin(body: &Body, work: ExprId) -> ExprId {
    let Expr::Path(name) = body.expr(work) else { return work };
    let values = body.nodes().filter_map(|(_, node)| match &node.expr {
        Expr::Let(pattern, Some(value), _) => match &body.pattern(*pattern).kind {
            PatternKind::Binding(bound, None) if bound == name => Some(*value),
            _ => None,
        },
        _ => None,
    });
    values.last().unwrap_or(work)
}

struct Search<'p> {
    project: &'p Project,
    types: Types<'p>,
}

impl Search<'_> {
    /// The first loop without a way out in a part of a function, or in what that part calls.
    fn endless(&mut self, function: FunctionRef, part: Span, seen: &mut BTreeSet<FunctionRef>) -> Option<Place> {
        let body = self.project.function(function)?.body.as_ref()?;
        let types = self.types.of_body(function);
        // Another branch of a `select!` drops what it waits for, and so ends it.
        let is_limited = |span: Span| tasks::is_limited(body, span, |_, _| true) || is_raced(body, part, span);
        for (_, node) in body.nodes().filter(|(_, node)| part.contains(node.span)) {
            let Expr::Loop(kind, inner) = &node.expr else { continue };
            let keyword = match kind {
                LoopKind::Forever => "loop",
                LoopKind::While(condition) if is_true(body, *condition) => "while",
                _ => continue,
            };
            if !has_exit(body, body.node(*inner).span) && !is_limited(node.span) {
                let span = Span::new(node.span.start, node.span.start + keyword.len() as u32);
                return Some(self.project.place(function.item.module, span));
            }
        }
        for (id, node) in body.nodes().filter(|(_, node)| part.contains(node.span)) {
            let Some(Callee::Function(called)) = types.callee(id) else { continue };
            let Some(declared) = self.project.function(*called) else { continue };
            // What the task itself spawns is judged where it stands.
            let mut tasks =
                tasks::spawned(body, types).into_iter().filter(|task| part.contains(*task) && part != *task);
            let nested = tasks.any(|task| task.contains(node.span));
            if nested || seen.len() >= MOST_CALLED || is_limited(node.span) || !seen.insert(*called) {
                continue;
            }
            if let Some(found) = self.endless(*called, declared.span, seen) {
                return Some(found);
            }
        }
        None
    }

    /// Whether somebody has the handle and may end the task with it.
    fn is_held(&mut self, orchestrator: &Orchestrator, function: FunctionRef, body: &Body, spawn: &Spawn) -> bool {
        match fate(body, spawn.call) {
            Fate::Dropped => false,
            Fate::HandedOn => true,
            Fate::Kept => tasks::holds_handle(&self.types.output(function)) || self.aborts(orchestrator),
        }
    }

    /// Whether an orchestrator's code aborts anything.
    fn aborts(&self, orchestrator: &Orchestrator) -> bool {
        let bodies = orchestrator.code.iter().filter_map(|function| self.project.function(*function)?.body.as_ref());
        let is_abort = |name: &str| name.starts_with("abort");
        bodies.into_iter().any(|body| tasks::names_call(body, Span::new(0, u32::MAX), &is_abort))
    }
}

/// What becomes of the handle that a call returns.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Dropped,
    /// In a variable or field, or in a list.
    Kept,
    /// Somebody else has it.
    HandedOn,
}

fn fate(body: &Body, call: ExprId) -> Fate {
    for (_, node) in body.nodes() {
        match &node.expr {
            Expr::Block(statements, valued) if statements.contains(&call) => {
                let yielded = *valued && statements.last() == Some(&call);
                return if yielded { Fate::Kept } else { Fate::Dropped };
            }
            Expr::Let(pattern, Some(value), _) if *value == call => {
                let dropped = matches!(body.pattern(*pattern).kind, PatternKind::Wild);
                return if dropped { Fate::Dropped } else { Fate::Kept };
            }
            Expr::Call(callee, arguments) if arguments.contains(&call) => {
                return match body.expr(*callee) {
                    Expr::Path(path) if last_segment(path) == "Some" => Fate::Kept,
                    Expr::Path(path) if last_segment(path) == "drop" => Fate::Dropped,
                    _ => Fate::HandedOn,
                };
            }
            Expr::MethodCall(_, name, arguments) if arguments.contains(&call) => {
                let kept = matches!(name.as_str(), "push" | "push_back" | "insert" | "replace" | "extend");
                return if kept { Fate::Kept } else { Fate::HandedOn };
            }
            // `tokio::spawn(…).abort_handle()`, `.map(…)`
            Expr::MethodCall(receiver, ..) if *receiver == call => return Fate::HandedOn,
            _ => {}
        }
    }
    Fate::Kept
}

fn is_true(body: &Body, condition: ExprId) -> bool {
    matches!(body.expr(condition), Expr::Literal(LiteralKind::Boolean, text) if text == "true")
}

/// Whether a loop with that inside can be left.
fn has_exit(body: &Body, inside: Span) -> bool {
    let within = || body.nodes().filter(move |(_, node)| inside.contains(node.span));
    // What a closure or another task returns does not leave the loop.
    let apart: Vec<Span> = within()
        .filter(|(_, node)| matches!(node.expr, Expr::Closure(..) | Expr::Async(_)))
        .map(|(_, node)| node.span)
        .collect();
    let nested: Vec<Span> =
        within().filter(|(_, node)| matches!(node.expr, Expr::Loop(..))).map(|(_, node)| node.span).collect();
    let is_in = |places: &[Span], span: Span| places.iter().any(|place| place.contains(span));
    within().filter(|(_, node)| !is_in(&apart, node.span)).any(|(_, node)| match &node.expr {
        Expr::Leave(LeaveKind::Return, _) => true,
        // With a label a `break` is longer than the word.
        Expr::Leave(LeaveKind::Break, value) => {
            let labelled = value.is_none() && node.span.end - node.span.start > "break".len() as u32;
            labelled || !is_in(&nested, node.span)
        }
        Expr::Try(inner) => receives(body, *inner),
        Expr::Call(callee, _) => matches!(body.expr(*callee), Expr::Path(path) if last_segment(path) == "exit"),
        _ => false,
    })
}

/// Whether an expression receives from a channel, which fails when that is closed.
fn receives(body: &Body, id: ExprId) -> bool {
    match body.expr(id) {
        Expr::Await(inner) => receives(body, *inner),
        Expr::MethodCall(inner, name, _) => {
            matches!(name.as_str(), "recv" | "try_recv" | "recv_async" | "changed" | "next" | "upgrade")
                || receives(body, *inner)
        }
        _ => false,
    }
}

/// Whether a part of a body waits in a `select!`, outside of a loop or call in it, for a future that it
/// has in a variable: what runs in that is dropped when another branch is done.
fn is_raced(body: &Body, part: Span, within: Span) -> bool {
    let around = |span: Span| part.contains(span) && !within.contains(span);
    body.nodes().filter(|(_, node)| around(node.span)).any(|(_, node)| match &node.expr {
        Expr::Macro(path, branches) if last_segment(path) == "select" && branches.len() > 1 => {
            branches.iter().any(|branch| match body.expr(*branch) {
                Expr::If(condition, ..) => awaits_variable(body, *condition),
                _ => false,
            })
        }
        _ => false,
    })
}

fn awaits_variable(body: &Body, condition: ExprId) -> bool {
    let Expr::LetCondition(_, value) = body.expr(condition) else { return false };
    let Expr::Await(future) = body.expr(*value) else { return false };
    match body.expr(*future) {
        Expr::Path(_) => true,
        Expr::Reference(_, inner) => matches!(body.expr(*inner), Expr::Path(_)),
        _ => false,
    }
}

fn finding(project: &Project, function: FunctionRef, body: &Body, spawn: &Spawn, endless: Place) -> Finding {
    let path = project.function_path(function);
    let call = body.node(spawn.call).span;
    let end = body.node(spawn.work).span.start.saturating_sub(1).max(call.start + 1);
    let why = "nothing leaves this loop".to_owned();
    Finding {
        rule: LINT.name,
        level: None,
        message: format!("`{path}` spawns a task with `{}` that nothing can stop", spawn.name),
        help: "wait in the loop for a signal as well, as in `tokio::select! { _ = stop.cancelled() => break, … }`, or keep the handle and abort the task on shutdown".to_owned(),
        place: project.place(function.item.module, Span::new(call.start, end)),
        item: path,
        evidence: vec![Evidence { kind: "loop", place: endless, why }],
        chain: Vec::new(),
        imports: Vec::new(),
        trails: Vec::new(),
        fix: None,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::needless_raw_string_hashes, reason = "the command that updates the snapshots writes them")]

    use super::LINT;
    use crate::testing::{check, judged, piece};
    use expect_test::{Expect, expect};

    const AROUND: &str = "
        //- dependencies tokio tokio-util
        //- src/core/ports.rs
        pub trait Orders { async fn expire(&self) -> Result<(), u8>; }
    ";

    /// A project with an orchestrator that has these methods.
    fn orchestrator(code: &str) -> String {
        let code = piece(code);
        let imports = "use crate::core::ports::*;\nuse std::sync::{Arc, Mutex};\nuse tokio::{sync::*, task::{JoinHandle, JoinSet}};\nuse tokio_util::sync::CancellationToken;";
        let head = "pub struct Expiry { orders: Arc<dyn Orders>, task: Mutex<Option<JoinHandle<()>>> }\nimpl Expiry {";
        let new = "pub fn new(orders: Arc<dyn Orders>) -> Self { Self { orders, task: Mutex::new(None) } }";
        format!("{AROUND}//- src/app/expiry.rs\n{imports}\n{head}\n{new}\n{code}\n}}")
    }

    #[track_caller]
    fn says(code: &str, expected: &Expect) {
        check(&LINT, &orchestrator(code), expected);
    }

    #[test]
    fn loops_without_a_way_out() {
        says(
            "
            pub fn start(&self) {
                let orders = self.orders.clone();
                tokio::spawn(async move { loop { orders.expire().await; } });
                let handle = std::thread::spawn(|| { while true { std::thread::sleep(second()); } });
                let work = async move { loop { orders.expire().await?; for one in [1, 2] { if one > 1 { break; } } } };
                let _ = tokio::spawn(work);
                *self.task.lock().unwrap() = Some(tokio::spawn(watch(self.orders.clone())));
                tokio::spawn(async move { loop { tokio::spawn(async { return; }); let a = || { return 1; }; } });
            }
            }
            async fn watch(orders: Arc<dyn Orders>) { inner(orders).await }
            async fn inner(orders: Arc<dyn Orders>) { loop { orders.expire().await; } }
            fn second() -> std::time::Duration { std::time::Duration::from_secs(1) }
            pub struct Other;
            impl Other {
                pub fn start() { tokio::spawn(async { loop {} }); }
            ",
            &expect![[r#"
                //- src/app/expiry.rs
                    tokio::spawn(async move { loop { orders.expire().await; } });
                    ^^^^^^^^^^^^ `app::expiry::Expiry::start` spawns a task with `tokio::spawn` that nothing can stop
                                              ---- nothing leaves this loop
                    let handle = std::thread::spawn(|| { while true { std::thread::sleep(second()); } });
                                 ^^^^^^^^^^^^^^^^^^ `app::expiry::Expiry::start` spawns a task with `std::thread::spawn` that nothing can stop
                                                         ----- nothing leaves this loop
                    let _ = tokio::spawn(work);
                            ^^^^^^^^^^^^ `app::expiry::Expiry::start` spawns a task with `tokio::spawn` that nothing can stop
                    let work = async move { loop { orders.expire().await?; for one in [1, 2] { if one > 1 { break; } } } };
                                            ---- nothing leaves this loop
                    *self.task.lock().unwrap() = Some(tokio::spawn(watch(self.orders.clone())));
                                                      ^^^^^^^^^^^^ `app::expiry::Expiry::start` spawns a task with `tokio::spawn` that nothing can stop
                async fn inner(orders: Arc<dyn Orders>) { loop { orders.expire().await; } }
                                                          ---- nothing leaves this loop
                    tokio::spawn(async move { loop { tokio::spawn(async { return; }); let a = || { return 1; }; } });
                    ^^^^^^^^^^^^ `app::expiry::Expiry::start` spawns a task with `tokio::spawn` that nothing can stop
                                              ---- nothing leaves this loop
                help: wait in the loop for a signal as well, as in `tokio::select! { _ = stop.cancelled() => break, … }`, or keep the handle and abort the task on shutdown
            "#]],
        );
    }

    #[test]
    fn loops_that_a_signal_leaves() {
        says(
            "
            pub fn start(&self, stop: CancellationToken, mut jobs: mpsc::Receiver<u8>, flag: Arc<std::sync::atomic::AtomicBool>) {
                let orders = self.orders.clone();
                tokio::spawn(async move {
                    loop { tokio::select! { _ = stop.cancelled() => break, _ = orders.expire() => {} } }
                });
                tokio::spawn(async move { while let Some(job) = jobs.recv().await { orders.expire().await; } });
                tokio::spawn(async move { loop { match jobs.recv().await { Some(_) => {} None => return } } });
                tokio::spawn(async move { while !flag.load(Relaxed) { orders.expire().await; } });
                tokio::spawn(async move { loop { let job = jobs.recv().await?; } });
                tokio::spawn(async move { 'all: loop { for job in [1] { break 'all; } } });
                tokio::spawn(async move { stop.run_until_cancelled(watch(orders)).await });
                tokio::spawn(async move { tokio::select! { _ = watch(orders) => {} _ = stop.cancelled() => {} } });
                tokio::spawn(async move {
                    let work = watch(orders);
                    tokio::select! { _ = work => {} _ = stop.cancelled() => {} }
                });
                tokio::spawn(async move { orders.expire().await; });
            }
            }
            async fn watch(orders: Arc<dyn Orders>) { loop { orders.expire().await; }
            ",
            &expect![[""]],
        );
    }

    #[test]
    fn tasks_that_somebody_can_abort() {
        says(
            "
            pub fn start(&self) { *self.task.lock().unwrap() = Some(tokio::spawn(async { loop {} })); }
            pub fn stop(&self) { if let Some(task) = self.task.lock().unwrap().take() { task.abort(); } }
            pub fn returned(&self) -> JoinHandle<()> { let task = tokio::spawn(async { loop {} }); task }
            pub fn registered(&self, list: &mut JoinSet<()>) {
                list.spawn(async { loop {} });
                register(tokio::spawn(async { loop {} }));
                tokio::spawn(async { loop {} });
            }
            }
            fn register(task: JoinHandle<()>) {
            ",
            &expect![[r#"
                //- src/app/expiry.rs
                    tokio::spawn(async { loop {} });
                    ^^^^^^^^^^^^ `app::expiry::Expiry::registered` spawns a task with `tokio::spawn` that nothing can stop
                                         ---- nothing leaves this loop
                help: wait in the loop for a signal as well, as in `tokio::select! { _ = stop.cancelled() => break, … }`, or keep the handle and abort the task on shutdown
            "#]],
        );
    }

    #[test]
    fn spawns_are_what_is_judged() {
        assert_eq!(judged(&LINT, &orchestrator("pub fn start(&self) { tokio::spawn(async {}); self.new(); }")), 1);
    }
}
