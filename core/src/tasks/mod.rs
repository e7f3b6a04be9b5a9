//! What code does with tasks and threads: where it spawns them, and where it waits for them.
//!
//! A call is one by the function it means, of the standard library or of a crate that runs tasks, or by
//! the type it is made on. What is not known to be one is none.

use crate::facts::body::{Body, Expr, ExprId};
use crate::facts::types::last_segment;
use crate::link::{FunctionRef, ModuleId, Project};
use crate::source::Span;
use crate::types::{BodyTypes, Callee, Ty};

/// A call that spawns a task or a thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spawn {
    /// The call.
    pub call: ExprId,
    /// What is spawned: a future, a closure, or a call that makes one.
    pub work: ExprId,
    /// What is called, as people say it: `tokio::spawn`.
    pub name: String,
    /// Whether it goes into a set that ends its tasks when it is dropped.
    pub in_set: bool,
}

/// A place that waits until a task, a thread or whoever answers is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// The expression that waits.
    pub at: ExprId,
    /// What is waited for, as people say it: "a task".
    pub what: &'static str,
}

/// What [`Wait::what`] says of threads.
pub const THREAD: &str = "a thread";

/// The crates that run tasks.
const RUNTIMES: &[&str] = &[
    "actix-rt",
    "actix-web",
    "async-executor",
    "async-global-executor",
    "async-std",
    "glommio",
    "monoio",
    "rayon",
    "smol",
    "std",
    "tauri",
    "tokio",
    "tokio-util",
];

/// Types that hold tasks and end them when they are dropped.
const SETS: &[&str] = &["JoinMap", "JoinSet"];

/// Finds the functions that may spawn, so that nobody needs the types of the others.
#[derive(Debug)]
pub struct Spawning<'p> {
    project: &'p Project,
    /// The module that was asked about last, and the names of its own under which it knows what spawns.
    renamed: Option<(ModuleId, Vec<&'p str>)>,
}

impl<'p> Spawning<'p> {
    /// Ask about the functions of one module after each other: what it imports is looked through once.
    pub const fn new(project: &'p Project) -> Self {
        Self { project, renamed: None }
    }

    /// Whether a body calls anything that may spawn: something that is called so, or that the module
    /// knows by a name of its own.
    pub fn is_in(&mut self, function: FunctionRef) -> bool {
        let body = self.project.function(function).and_then(|declared| declared.body.as_ref());
        let Some(body) = body else { return false };
        let renamed = self.renamed(function.item.module);
        body.nodes().any(|(_, node)| match &node.expr {
            Expr::MethodCall(_, name, _) => is_spawning(name),
            Expr::Path(path) => is_spawning(last_segment(path)) || renamed.contains(&path.as_str()),
            _ => false,
        })
    }

    fn renamed(&mut self, module: ModuleId) -> &[&'p str] {
        let known = self.renamed.take().filter(|(of, _)| *of == module);
        let find = || {
            let imports = self.project.scope(module).imports.iter();
            let spawning = imports.filter(|import| is_spawning(last_segment(&import.path)));
            (module, spawning.filter_map(|import| import.name.as_deref()).collect())
        };
        &self.renamed.insert(known.unwrap_or_else(find)).1
    }
}

/// The calls in a body that spawn something. What is awaited on the spot runs in the foreground.
pub fn spawns(body: &Body, types: &BodyTypes) -> Vec<Spawn> {
    let awaited: Vec<ExprId> = body
        .nodes()
        .filter_map(|(_, node)| match node.expr {
            Expr::Await(inner) => Some(inner),
            _ => None,
        })
        .collect();
    let calls = body.nodes().filter(|(id, _)| !awaited.contains(id));
    calls.filter_map(|(id, _)| spawn(body, types, id)).collect()
}

fn spawn(body: &Body, types: &BodyTypes, call: ExprId) -> Option<Spawn> {
    let (work, owner) = match body.expr(call) {
        Expr::Call(_, arguments) => (arguments.first(), None),
        Expr::MethodCall(receiver, name, arguments) if is_spawning(name) => {
            (arguments.first(), outside(types.ty(*receiver)))
        }
        _ => return None,
    };
    let work = *work?;
    let set = owner.is_some_and(|(_, name)| SETS.contains(&name));
    match types.callee(call) {
        Some(Callee::Outside(package, path)) => {
            let known = RUNTIMES.contains(&package.as_str()) && is_spawning(last_segment(path));
            // The standard library spawns threads, and processes, which are something else.
            let process = path.starts_with("process::") || path.starts_with("thread::Scope");
            (known && !process).then(|| Spawn { call, work, name: format!("{package}::{path}"), in_set: set })
        }
        _ if set => Some(Spawn { call, work, name: "JoinSet::spawn".to_owned(), in_set: set }),
        _ => None,
    }
}

fn is_spawning(name: &str) -> bool {
    matches!(name, "spawn" | "spawn_blocking" | "spawn_local" | "spawn_on" | "spawn_pinned")
}

/// The parts of a body that run in what it spawns.
pub fn spawned(body: &Body, types: &BodyTypes) -> Vec<Span> {
    spawns(body, types).iter().map(|spawn| body.node(spawn.work).span).collect()
}

/// The places in a body that wait for a task, for a thread, or for somebody at the other end of a channel.
pub fn waits(body: &Body, types: &BodyTypes) -> Vec<Wait> {
    body.nodes().filter_map(|(id, _)| Some(Wait { at: id, what: waited(body, types, id)? })).collect()
}

fn waited(body: &Body, types: &BodyTypes, id: ExprId) -> Option<&'static str> {
    match body.expr(id) {
        Expr::Await(inner) => awaited(body, types, *inner),
        Expr::MethodCall(receiver, name, arguments) if arguments.is_empty() => {
            let of = outside(types.ty(*receiver))?;
            match (name.as_str(), of) {
                ("join", ("std", "JoinHandle")) => Some(THREAD),
                ("recv", ("std", "Receiver")) => Some("an answer"),
                _ => None,
            }
        }
        _ => None,
    }
}

fn awaited(body: &Body, types: &BodyTypes, future: ExprId) -> Option<&'static str> {
    if let Some(what) = outside(types.ty(future)).and_then(handle) {
        return Some(what);
    }
    match body.expr(future) {
        Expr::MethodCall(receiver, name, _) => match (name.as_str(), outside(types.ty(*receiver))?.1) {
            ("join_next" | "join_next_with_id" | "join_all", "JoinSet" | "JoinMap") | ("wait", "TaskTracker") => {
                Some("its tasks")
            }
            ("recv", "Receiver" | "UnboundedReceiver") => Some("an answer"),
            _ => None,
        },
        Expr::Call(callee, arguments) => {
            let Expr::Path(path) = body.expr(*callee) else { return None };
            let all = matches!(last_segment(path), "join_all" | "try_join_all");
            let handles = arguments.iter().any(|argument| holds_handle(types.ty(*argument)));
            (all && handles).then_some("its tasks")
        }
        Expr::Reference(_, inner) => awaited(body, types, *inner),
        _ => None,
    }
}

fn handle((package, name): (&str, &str)) -> Option<&'static str> {
    match (package, name) {
        ("std", _) => None,
        (_, "JoinHandle") => Some("a task"),
        ("tokio", "Receiver") => Some("an answer"),
        _ => None,
    }
}

/// Whether a type is a handle of a task, or holds some.
pub fn holds_handle(ty: &Ty) -> bool {
    match ty.referent() {
        Ty::Outside(outside) => {
            matches!(last_segment(&outside.path), "JoinHandle" | "AbortHandle")
                || outside.arguments.iter().any(holds_handle)
        }
        Ty::Item(named) => named.arguments.iter().any(holds_handle),
        Ty::List(inner) => holds_handle(inner),
        Ty::Tuple(parts) => parts.iter().any(holds_handle),
        Ty::Impl(bounds) | Ty::Dyn(bounds) => {
            bounds.iter().flat_map(|bound| &bound.bindings).any(|(_, ty)| holds_handle(ty))
        }
        _ => false,
    }
}

/// The package and the name of an outside type, behind references and pointers that own it.
fn outside(ty: &Ty) -> Option<(&str, &str)> {
    match ty.referent() {
        Ty::Outside(outside) => {
            let name = last_segment(&outside.path);
            match (name, outside.arguments.first()) {
                ("Box" | "Arc" | "Rc" | "MutexGuard" | "OwnedMutexGuard" | "RwLockWriteGuard", Some(inner)) => {
                    self::outside(inner)
                }
                _ => Some((&outside.package, name)),
            }
        }
        _ => None,
    }
}

/// Whether a place lies in what is handed to a call that limits it by time or ends it from outside:
/// `timeout(limit, …)`, `token.run_until_cancelled(…)`, or a branch of a `select!` that `ends` accepts.
pub fn is_limited(body: &Body, place: Span, ends: impl Fn(&Body, Span) -> bool) -> bool {
    body.nodes().any(|(_, node)| {
        let inside = |argument: &ExprId| body.node(*argument).span.contains(place);
        match &node.expr {
            Expr::Call(callee, arguments) => match body.expr(*callee) {
                Expr::Path(path) => is_limit(last_segment(path)) && arguments.iter().any(inside),
                _ => false,
            },
            Expr::MethodCall(receiver, name, arguments) => {
                is_limit(name) && (inside(receiver) || arguments.iter().any(inside))
            }
            Expr::Macro(path, branches) if matches!(last_segment(path), "select" | "select_biased") => {
                let waiting = branches.iter().filter(|branch| !is_awaited_in(body, **branch, place));
                let awaited = branches.iter().any(|branch| is_awaited_in(body, *branch, place));
                awaited && waiting.into_iter().any(|branch| ends(body, body.node(*branch).span))
            }
            _ => false,
        }
    })
}

/// Whether a place lies in what a branch of a `select!` waits for, rather than in what it does then.
fn is_awaited_in(body: &Body, branch: ExprId, place: Span) -> bool {
    match body.expr(branch) {
        Expr::If(condition, ..) => body.node(*condition).span.contains(place),
        _ => false,
    }
}

fn is_limit(name: &str) -> bool {
    ["timeout", "cancel", "abort", "until", "deadline", "race"].iter().any(|word| name.contains(word))
        && !matches!(name, "cancelled" | "cancelled_owned" | "abort" | "cancel")
}

/// Whether something in a place is awaited that passes by itself: a limit of time.
pub fn waits_for_time(body: &Body, place: Span) -> bool {
    names_call(body, place, &|name| {
        matches!(name, "sleep" | "sleep_until" | "delay_for" | "after") || name.contains("timeout")
    })
}

/// Whether a call in a place has such a name.
pub fn names_call(body: &Body, place: Span, is: &dyn Fn(&str) -> bool) -> bool {
    body.nodes().filter(|(_, node)| place.contains(node.span)).any(|(_, node)| match &node.expr {
        Expr::Call(callee, _) => matches!(body.expr(*callee), Expr::Path(path) if is(last_segment(path))),
        Expr::MethodCall(_, name, _) => is(name),
        _ => false,
    })
}
