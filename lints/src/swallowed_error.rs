//! # swallowed-error
//!
//! ## What it does
//!
//! Reports places in an orchestrator's code where a `Result` is dropped without a word:
//!
//! - `let _ = call();`, also with a name such as `_result` that nothing uses, and `drop(call());`
//! - `call().ok();` as a statement
//! - an arm for `Err` that does nothing, `Err(_) => {}`, also where it is `_ => {}`
//! - `if let Ok(x) = call() { … }` without an `else`, and `while let Ok(x) = call()`
//! - `unwrap_or_default()` right behind the call of a port, also written out as `unwrap_or(vec![])` or
//!   `unwrap_or_else(|_| Vec::new())`
//!
//! A word is enough: logging or counting the error, as in `inspect_err` and `map_err`, or a comment
//! that says why it does not matter. The comment has at least two words and stands in the same line,
//! inside the empty arm, or in the line above; there it has to speak of failing, with words such as
//! "ignore", "best effort", "may fail", "not", because what is done next is no reason.
//!
//! ## Why
//!
//! Orchestrators decide what happens when something fails: that is half of their work. An error that
//! is dropped leaves no trace, and whoever reads the code cannot tell whether that is meant.
//!
//! ## Bad
//!
//! ```rust,ignore
//! self.orders.save(&order).await?;
//! let _ = self.mail.send_receipt(&order).await;
//! ```
//!
//! ## Good
//!
//! ```rust,ignore
//! self.orders.save(&order).await?;
//! if let Err(error) = self.mail.send_receipt(&order).await {
//!     warn!(%error, "no receipt for {}", order.id);
//! }
//! ```
//!
//! ## Options
//!
//! None.
//!
//! ## Limits
//!
//! Only what is known to be a `Result` counts: by the project's own signatures, and by those of the
//! standard library and the crates that the linter knows. What an unknown call returns may be one.
//!
//! Not reported are errors that say nothing of the work: those of channels whose other end is gone,
//! of tasks that are waited for, of locks, of semaphores, of a limit of time, and of `write!`. Nor is
//! what undoes or cleans up after another failure: a statement in front of `return Err(…)`, `Err(…)` or
//! `bail!`, in an arm for `Err` or in a closure of `map_err`; that failure is the one that counts. Nor
//! is anything in `drop`, which can return nothing.
//!
//! `if let Ok(…)` is only reported for calls that do something: of the project's functions, of files, of
//! the network, of processes. To ask whether a text is a number is no failure, nor is what functions
//! called `parse…`, `from_…` or `try_from…` say. A block that leaves with `return`, `break` or
//! `continue` has an `else`: what stands behind it. Whether the reason in a comment is a
//! good one is not judged, and calls inside macros that are not read as expressions are not seen.

use baton_core::facts::body::{Arm, Body, Expr, ExprId, LeaveKind, LoopKind, PatternId, PatternKind};
use baton_core::facts::types::last_segment;
use baton_core::finding::{Evidence, Finding, Level};
use baton_core::link::{FunctionRef, Project, Target};
use baton_core::lint::{Check, Lint, Options, Verdict};
use baton_core::source::Span;
use baton_core::types::{BodyTypes, Callee, Ty, Types};

/// The lint.
pub static LINT: Lint = Lint {
    name: "swallowed-error",
    level: Level::Warn,
    summary: "An orchestrator drops an error without a word.",
    source: include_str!("swallowed_error.rs"),
    options: &[],
    check: Check::Whole(check),
};

/// Errors that say that nobody listens any more, waits any more, or holds a lock.
const SILENT_ERRORS: &[&str] = &[
    "AcquireError",
    "Canceled",
    "Infallible",
    "JoinError",
    "PoisonError",
    "RecvError",
    "RecvTimeoutError",
    "SendError",
    "SendTimeoutError",
    "SetError",
    "TryAcquireError",
    "TryLockError",
    "TryRecvError",
    "TrySendError",
];

/// Outside functions that return a `Result` with the value that they could not take, or an answer.
const ANSWERS: &[&str] = &[
    "binary_search",
    "binary_search_by",
    "binary_search_by_key",
    "compare_exchange",
    "compare_exchange_weak",
    "fetch_update",
    "join",
    "send",
    "set",
    "try_send",
    "try_unwrap",
];

/// Methods that are handed the error.
const WORDS: &[&str] = &["inspect_err", "log_err", "map_err", "or_else", "tap_err", "unwrap_or_else"];

fn check(project: &Project, _: &Options) -> Verdict {
    let mut verdict = Verdict::default();
    let mut types = Types::new(project);
    for (_, function) in project.orchestrator_code() {
        let Some(declared) = project.function(function) else { continue };
        let Some(body) = &declared.body else { continue };
        verdict.judged += 1;
        if declared.name != "drop" && may_drop(body) {
            let search = Search { project, function, body, types: types.of_body(function), handlers: handlers(body) };
            verdict.findings.extend(search.findings());
        }
    }
    verdict
}

/// Whether a body has any of the forms by which a `Result` is dropped: what type it has needs to be known
/// only then.
fn may_drop(body: &Body) -> bool {
    let unnamed = |pattern: &PatternId| match &body.pattern(*pattern).kind {
        PatternKind::Wild => true,
        PatternKind::Binding(name, None) => name.starts_with('_'),
        _ => false,
    };
    body.nodes().any(|(_, node)| match &node.expr {
        Expr::Let(pattern, Some(_), _) => unnamed(pattern),
        Expr::LetCondition(pattern, _) => is_variant(body, *pattern, "Ok"),
        Expr::MethodCall(_, name, arguments) => name == "ok" || is_default(body, name, arguments),
        Expr::Path(path) => last_segment(path) == "drop",
        Expr::Match(_, arms) => arms.iter().any(|arm| {
            matches!(body.expr(arm.body), Expr::Block(statements, _) if statements.is_empty())
                || matches!(body.expr(arm.body), Expr::Tuple(parts) if parts.is_empty())
        }),
        _ => false,
    })
}

/// Whether a method puts something empty in the place of an error, and does not look at that.
fn is_default(body: &Body, name: &str, arguments: &[ExprId]) -> bool {
    match (name, arguments) {
        ("unwrap_or_default", []) => true,
        ("unwrap_or", [value]) => is_nothing(body, *value),
        ("unwrap_or_else", [closure]) => match body.expr(*closure) {
            Expr::Closure(parameters, value) => {
                let unseen = |parameter: &PatternId| body.pattern(*parameter).kind == PatternKind::Wild;
                parameters.iter().all(unseen) && is_nothing(body, *value)
            }
            _ => false,
        },
        _ => false,
    }
}

/// `Vec::new()`, `vec![]`, `Default::default()`
fn is_nothing(body: &Body, value: ExprId) -> bool {
    match body.expr(value) {
        Expr::Call(callee, arguments) if arguments.is_empty() => matches!(body.expr(*callee), Expr::Path(path) if {
            let mut names = path.rsplit("::");
            let (last, holder) = (names.next(), names.next());
            last == Some("default") || last == Some("new") && holder.is_some_and(|holder| EMPTY.contains(&holder))
        }),
        Expr::Macro(name, parts) => last_segment(name) == "vec" && parts.is_empty(),
        Expr::Block(statements, true) => matches!(statements.as_slice(), [only] if is_nothing(body, *only)),
        _ => false,
    }
}

/// Types whose `new()` is empty.
const EMPTY: &[&str] = &["BTreeMap", "BTreeSet", "HashMap", "HashSet", "String", "Vec", "VecDeque"];

/// Looks for dropped errors in one function.
struct Search<'p> {
    project: &'p Project,
    function: FunctionRef,
    body: &'p Body,
    types: &'p BodyTypes,
    /// Where another error is being handled.
    handlers: Vec<Span>,
}

/// How an error is dropped, and where.
struct Dropped {
    /// The expression that may fail.
    value: ExprId,
    place: Span,
    how: &'static str,
}

impl Search<'_> {
    fn findings(&self) -> Vec<Finding> {
        let mut dropped = Vec::new();
        for (id, node) in self.body.nodes() {
            match &node.expr {
                Expr::Block(statements, valued) => {
                    // The last is what the block yields, and somebody may look at it.
                    let dropping = statements.len() - usize::from(*valued);
                    for (at, statement) in statements.iter().take(dropping).enumerate() {
                        if !self.returns_error(&statements[at + 1..]) {
                            dropped.extend(self.of_statement(*statement));
                        }
                    }
                }
                Expr::If(condition, then, otherwise) => {
                    let empty = otherwise.is_none_or(|otherwise| self.is_empty(otherwise));
                    if empty && !self.leaves(*then) {
                        let place = Span::new(node.span.start, self.body.node(*condition).span.end);
                        dropped.extend(self.of_condition(*condition, place, "by an `if let Ok(…)` without an `else`"));
                    }
                }
                Expr::Loop(LoopKind::While(condition), _) => {
                    let place = Span::new(node.span.start, self.body.node(*condition).span.end);
                    dropped.extend(self.of_condition(*condition, place, "by a loop that it ends"));
                }
                Expr::Match(value, arms) => {
                    // The first arm that takes every error is the one that counts.
                    let catching = arms.iter().find(|arm| self.catches_all(arm));
                    dropped.extend(catching.and_then(|arm| self.of_arm(*value, arm)));
                }
                Expr::MethodCall(value, name, arguments) if is_default(self.body, name, arguments) => {
                    dropped.extend(self.of_default(id, *value));
                }
                _ => {}
            }
        }
        let facts = self.project.file(self.project.module(self.function.item.module).file).facts();
        dropped.retain(|one| {
            let handles = self.handlers.iter().any(|handler| handler.contains(one.place));
            !handles && !facts.is_some_and(|facts| facts.is_explained(one.place))
        });
        dropped.iter().map(|one| self.finding(one)).collect()
    }

    /// `let _ = a();`, `drop(a());`, `a().ok();`
    fn of_statement(&self, statement: ExprId) -> Option<Dropped> {
        let place = self.body.node(statement).span;
        let (value, how) = match self.body.expr(statement) {
            Expr::Let(pattern, Some(value), None) if self.is_unused(*pattern) => (*value, "by `let _ =`"),
            Expr::Call(callee, arguments) => match (self.body.expr(*callee), arguments.as_slice()) {
                (Expr::Path(path), [value]) if last_segment(path) == "drop" => (*value, "by `drop`"),
                _ => return None,
            },
            Expr::MethodCall(value, name, _) if name == "ok" => (*value, "by `.ok()`"),
            _ => return None,
        };
        let value = match self.body.expr(value) {
            Expr::MethodCall(inner, name, _) if name == "ok" => *inner,
            _ => value,
        };
        self.is_lost(value).then_some(Dropped { value, place, how })
    }

    /// `Ok(x) = a()`, also in a chain of conditions.
    fn of_condition(&self, condition: ExprId, place: Span, how: &'static str) -> Option<Dropped> {
        match self.body.expr(condition) {
            Expr::Binary(_, left, right) => {
                self.of_condition(*left, place, how).or_else(|| self.of_condition(*right, place, how))
            }
            Expr::LetCondition(pattern, value) if is_variant(self.body, *pattern, "Ok") => {
                (self.is_operation(*value) && self.is_lost(*value)).then_some(Dropped { value: *value, place, how })
            }
            _ => None,
        }
    }

    /// `Err(_) => {}`
    fn of_arm(&self, value: ExprId, arm: &Arm) -> Option<Dropped> {
        let place = self.body.pattern(arm.pattern).span.to(self.body.node(arm.body).span);
        let dropped = Dropped { value, place, how: "by an arm that does nothing" };
        (self.is_empty(arm.body) && self.is_lost(value)).then_some(dropped)
    }

    /// Whether an arm takes every error.
    fn catches_all(&self, arm: &Arm) -> bool {
        // A lone name with a capital is a constant: one error of several.
        let any = |inner: &PatternId| match &self.body.pattern(*inner).kind {
            PatternKind::Wild => true,
            PatternKind::Binding(name, None) => !name.starts_with(char::is_uppercase),
            _ => false,
        };
        let catches = match &self.body.pattern(arm.pattern).kind {
            PatternKind::TupleStruct(path, parts) => last_segment(path) == "Err" && parts.iter().all(any),
            PatternKind::Wild => true,
            _ => false,
        };
        catches && arm.guard.is_none()
    }

    /// `self.port.find().unwrap_or_default()`
    fn of_default(&self, call: ExprId, value: ExprId) -> Option<Dropped> {
        let port = matches!(self.types.callee(self.called(value)), Some(Callee::Trait { .. }));
        let place = self.body.node(call).span;
        let how = match self.body.expr(call) {
            Expr::MethodCall(_, name, _) if name == "unwrap_or_default" => "by `unwrap_or_default`",
            _ => "by something empty in its place",
        };
        (port && self.is_lost(value)).then_some(Dropped { value, place, how })
    }

    /// Whether a pattern binds nothing that is used.
    fn is_unused(&self, pattern: PatternId) -> bool {
        match &self.body.pattern(pattern).kind {
            PatternKind::Wild => true,
            PatternKind::Binding(name, None) if name.starts_with('_') => {
                self.body.nodes().all(|(_, node)| !matches!(&node.expr, Expr::Path(path) if path == name))
            }
            _ => false,
        }
    }

    /// Whether statements end in an error of their own, which is the one that counts.
    fn returns_error(&self, statements: &[ExprId]) -> bool {
        statements.iter().any(|statement| self.is_error(*statement))
    }

    fn is_error(&self, id: ExprId) -> bool {
        match self.body.expr(id) {
            Expr::Leave(LeaveKind::Return | LeaveKind::Break, Some(value)) | Expr::Try(value) => self.is_error(*value),
            Expr::Call(callee, _) => matches!(self.body.expr(*callee), Expr::Path(path) if last_segment(path) == "Err"),
            Expr::Macro(path, _) | Expr::OpaqueMacro(path) => last_segment(path) == "bail",
            _ => false,
        }
    }

    fn is_empty(&self, id: ExprId) -> bool {
        match self.body.expr(id) {
            Expr::Block(statements, _) => statements.is_empty(),
            Expr::Tuple(parts) => parts.is_empty(),
            _ => false,
        }
    }

    /// Whether a block ends with a `return`, `break` or `continue`.
    fn leaves(&self, block: ExprId) -> bool {
        match self.body.expr(block) {
            Expr::Block(statements, _) => statements.last().is_some_and(|last| self.leaves(*last)),
            Expr::Leave(..) | Expr::Continue => true,
            _ => *self.types.ty(block) == Ty::Never,
        }
    }

    /// Whether an expression yields a `Result` whose error says something of the work, and nobody has
    /// been handed it.
    fn is_lost(&self, id: ExprId) -> bool {
        let call = self.called(id);
        let said = match self.body.expr(call) {
            Expr::MethodCall(_, name, _) if WORDS.contains(&name.as_str()) => true,
            Expr::Macro(path, _) => matches!(last_segment(path), "write" | "writeln"),
            _ => {
                matches!(self.types.callee(call), Some(Callee::Outside(_, path)) if ANSWERS.contains(&last_segment(path)))
            }
        };
        !said && says_something(self.types.ty(id))
    }

    /// Whether a call does something that may fail, rather than ask whether a value is of some kind.
    fn is_operation(&self, id: ExprId) -> bool {
        match self.types.callee(self.called(id)) {
            Some(Callee::Function(function) | Callee::Trait { function, .. }) => {
                let name = self.project.function(*function).map(|declared| declared.name.as_str()).unwrap_or_default();
                !["parse", "from_", "try_from", "try_into"].iter().any(|start| name.starts_with(start))
            }
            Some(Callee::Outside(package, path)) => {
                self.project.is_world(&Target::Outside(package.clone(), path.clone()))
            }
            _ => false,
        }
    }

    /// The call behind `.await`, a type and references.
    fn called(&self, id: ExprId) -> ExprId {
        match self.body.expr(id) {
            Expr::Await(inner) | Expr::Typed(inner, _) | Expr::Reference(_, inner) => self.called(*inner),
            Expr::MethodCall(inner, name, _) if matches!(name.as_str(), "context" | "with_context") => {
                self.called(*inner)
            }
            _ => id,
        }
    }

    fn finding(&self, dropped: &Dropped) -> Finding {
        let call = self.called(dropped.value);
        let path = self.project.function_path(self.function);
        let mut evidence = Vec::new();
        let what = match self.types.callee(call) {
            Some(Callee::Function(function) | Callee::Trait { function, .. }) => {
                if let Some(declared) = self.project.function(*function) {
                    let place = self.project.place(function.item.module, declared.name_span);
                    let why = format!("`{}` returns `{}`", declared.name, self.types.ty(dropped.value));
                    evidence.push(Evidence { kind: "fallible", place, why });
                }
                format!("`{}`", self.project.function_path(*function))
            }
            Some(Callee::Outside(package, path)) => format!("`{package}::{path}`"),
            _ => match self.body.expr(call) {
                Expr::MethodCall(_, name, _) | Expr::Path(name) => format!("`{name}`"),
                _ => "a call".to_owned(),
            },
        };
        Finding {
            rule: LINT.name,
            level: None,
            message: format!("`{path}` drops the error of {what} without a word, {}", dropped.how),
            help: "return it with `?`, log or count it, or say in a comment why it does not matter".to_owned(),
            place: self.project.place(self.function.item.module, dropped.place),
            item: path,
            evidence,
            chain: Vec::new(),
            imports: Vec::new(),
            trails: Vec::new(),
            fix: None,
        }
    }
}

/// Whether a type is a `Result` with an error that says something of the work, here or inside.
fn says_something(ty: &Ty) -> bool {
    let Some(("result::Result", [value, error])) = ty.as_std() else { return false };
    let silent = match error.referent() {
        Ty::Outside(outside) => {
            let name = last_segment(&outside.path);
            // A limit of time that passes says something only of what it limits.
            SILENT_ERRORS.contains(&name)
                || name == "Elapsed"
                || (outside.package == "std" && outside.path == "fmt::Error")
        }
        _ => false,
    };
    !silent || says_something(value)
}

fn is_variant(body: &Body, pattern: PatternId, name: &str) -> bool {
    matches!(&body.pattern(pattern).kind, PatternKind::TupleStruct(path, _) if last_segment(path) == name)
}

/// The places that handle an error: arms for `Err`, what follows `if let Err(…)`, closures that are
/// handed one.
fn handlers(body: &Body) -> Vec<Span> {
    let mut found = Vec::new();
    for (_, node) in body.nodes() {
        match &node.expr {
            Expr::Match(_, arms) => {
                let failed = arms.iter().filter(|arm| is_variant(body, arm.pattern, "Err"));
                // An arm that does nothing handles nothing.
                let failed =
                    failed.filter(|arm| !matches!(body.expr(arm.body), Expr::Block(inside, _) if inside.is_empty()));
                found.extend(failed.map(|arm| body.node(arm.body).span));
            }
            Expr::If(condition, then, _) => {
                if let Expr::LetCondition(pattern, _) = body.expr(*condition)
                    && is_variant(body, *pattern, "Err")
                {
                    found.push(body.node(*then).span);
                }
            }
            Expr::MethodCall(_, name, arguments) if WORDS.contains(&name.as_str()) => {
                found.extend(arguments.iter().map(|argument| body.node(*argument).span));
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
        //- dependencies tokio anyhow tracing
        //- src/core/ports.rs
        pub struct Failed;
        pub trait Mail { async fn send(&self, id: u8) -> Result<(), Failed>; async fn count(&self) -> u8; }
        pub trait Orders { async fn find(&self, id: u8) -> Result<Option<u8>, Failed>; async fn all(&self) -> anyhow::Result<Vec<u8>>; }
        pub fn price(id: u8) -> Result<u8, Failed> { Ok(id) }
        pub fn parse_id(text: &str) -> Result<u8, Failed> { Err(Failed) }
    ";

    fn orchestrator(code: &str) -> String {
        let code = piece(code);
        let imports = "use crate::core::ports::*;\nuse std::sync::Arc;";
        let new = "pub fn new(mail: Arc<dyn Mail>, orders: Arc<dyn Orders>) -> Self { Self { mail, orders } }";
        let head = "pub struct Checkout { mail: Arc<dyn Mail>, orders: Arc<dyn Orders> }\nimpl Checkout {";
        format!("{AROUND}//- src/app/checkout.rs\n{imports}\n{head}\n{new}\n{code}\n}}")
    }

    /// What is said about these methods of an orchestrator.
    #[track_caller]
    fn says(code: &str, expected: &Expect) {
        check(&LINT, &orchestrator(code), expected);
    }

    #[test]
    fn a_result_that_is_dropped_by_a_statement() {
        says(
            "
            pub async fn run(&self, id: u8) -> Result<(), Failed> {
                let _ = self.mail.send(id).await;
                let _unused = price(id);
                drop(self.orders.find(id).await);
                self.mail.send(id).await.ok();
                let _ = self.mail.send(id).await.ok();
                Ok(())
            }
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                    let _ = self.mail.send(id).await;
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout::run` drops the error of `core::ports::Mail::send` without a word, by `let _ =`
                //- src/core/ports.rs
                pub trait Mail { async fn send(&self, id: u8) -> Result<(), Failed>; async fn count(&self) -> u8; }
                                          ---- `send` returns `Result<(), Failed>`
                //- src/app/checkout.rs
                    let _unused = price(id);
                    ^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout::run` drops the error of `core::ports::price` without a word, by `let _ =`
                //- src/core/ports.rs
                pub fn price(id: u8) -> Result<u8, Failed> { Ok(id) }
                       ----- `price` returns `Result<u8, Failed>`
                //- src/app/checkout.rs
                    drop(self.orders.find(id).await);
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout::run` drops the error of `core::ports::Orders::find` without a word, by `drop`
                //- src/core/ports.rs
                pub trait Orders { async fn find(&self, id: u8) -> Result<Option<u8>, Failed>; async fn all(&self) -> anyhow::Result<Vec<u8>>; }
                                            ---- `find` returns `Result<Option<u8>, Failed>`
                //- src/app/checkout.rs
                    self.mail.send(id).await.ok();
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout::run` drops the error of `core::ports::Mail::send` without a word, by `.ok()`
                //- src/core/ports.rs
                pub trait Mail { async fn send(&self, id: u8) -> Result<(), Failed>; async fn count(&self) -> u8; }
                                          ---- `send` returns `Result<(), Failed>`
                //- src/app/checkout.rs
                    let _ = self.mail.send(id).await.ok();
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout::run` drops the error of `core::ports::Mail::send` without a word, by `let _ =`
                //- src/core/ports.rs
                pub trait Mail { async fn send(&self, id: u8) -> Result<(), Failed>; async fn count(&self) -> u8; }
                                          ---- `send` returns `Result<(), Failed>`
                help: return it with `?`, log or count it, or say in a comment why it does not matter
            "#]],
        );
    }

    #[test]
    fn a_result_that_is_used_or_passed_on_is_not_dropped() {
        says(
            "
            pub async fn run(&self, id: u8) -> Option<u8> {
                let _ = self.mail.count().await;
                let _sent = self.mail.send(id).await;
                if _sent.is_err() { return None; }
                let found = self.orders.find(id).await.ok()?;
                let _ = async { self.mail.send(id).await };
                self.orders.find(id).await.ok()
            }
            ",
            &expect![[""]],
        );
    }

    #[test]
    fn branches_that_leave_out_the_error() {
        says(
            "
            pub async fn run(&self, id: u8) {
                if let Ok(Some(found)) = self.orders.find(id).await { price(found); }
                if id > 1 && let Ok(cost) = price(id) { self.mail.count().await; } else {}
                while let Ok(Some(found)) = self.orders.find(id).await {}
                match self.mail.send(id).await { Ok(()) => price(1), Err(_) => {} };
                match price(id) { Ok(1) => self.mail.count().await, _ => {} };
                let all = self.orders.all().await.unwrap_or_default();
                let all = self.orders.all().await.unwrap_or_else(|_| Vec::new());
                tokio::select! { Ok(()) = self.mail.send(id) => { self.mail.count().await; } }
                if let Ok(text) = std::fs::read_to_string(\"a\") { price(1); }
            }
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                    if let Ok(Some(found)) = self.orders.find(id).await { price(found); }
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout::run` drops the error of `core::ports::Orders::find` without a word, by an `if let Ok(…)` without an `else`
                //- src/core/ports.rs
                pub trait Orders { async fn find(&self, id: u8) -> Result<Option<u8>, Failed>; async fn all(&self) -> anyhow::Result<Vec<u8>>; }
                                            ---- `find` returns `Result<Option<u8>, Failed>`
                //- src/app/checkout.rs
                    if id > 1 && let Ok(cost) = price(id) { self.mail.count().await; } else {}
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout::run` drops the error of `core::ports::price` without a word, by an `if let Ok(…)` without an `else`
                //- src/core/ports.rs
                pub fn price(id: u8) -> Result<u8, Failed> { Ok(id) }
                       ----- `price` returns `Result<u8, Failed>`
                //- src/app/checkout.rs
                    while let Ok(Some(found)) = self.orders.find(id).await {}
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout::run` drops the error of `core::ports::Orders::find` without a word, by a loop that it ends
                //- src/core/ports.rs
                pub trait Orders { async fn find(&self, id: u8) -> Result<Option<u8>, Failed>; async fn all(&self) -> anyhow::Result<Vec<u8>>; }
                                            ---- `find` returns `Result<Option<u8>, Failed>`
                //- src/app/checkout.rs
                    match self.mail.send(id).await { Ok(()) => price(1), Err(_) => {} };
                                                                         ^^^^^^^^^^^^ `app::checkout::Checkout::run` drops the error of `core::ports::Mail::send` without a word, by an arm that does nothing
                //- src/core/ports.rs
                pub trait Mail { async fn send(&self, id: u8) -> Result<(), Failed>; async fn count(&self) -> u8; }
                                          ---- `send` returns `Result<(), Failed>`
                //- src/app/checkout.rs
                    match price(id) { Ok(1) => self.mail.count().await, _ => {} };
                                                                        ^^^^^^^ `app::checkout::Checkout::run` drops the error of `core::ports::price` without a word, by an arm that does nothing
                //- src/core/ports.rs
                pub fn price(id: u8) -> Result<u8, Failed> { Ok(id) }
                       ----- `price` returns `Result<u8, Failed>`
                //- src/app/checkout.rs
                    let all = self.orders.all().await.unwrap_or_default();
                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout::run` drops the error of `core::ports::Orders::all` without a word, by `unwrap_or_default`
                //- src/core/ports.rs
                pub trait Orders { async fn find(&self, id: u8) -> Result<Option<u8>, Failed>; async fn all(&self) -> anyhow::Result<Vec<u8>>; }
                                                                                                        --- `all` returns `Result<Vec<u8>, Error>`
                //- src/app/checkout.rs
                    let all = self.orders.all().await.unwrap_or_else(|_| Vec::new());
                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout::run` drops the error of `core::ports::Orders::all` without a word, by something empty in its place
                //- src/core/ports.rs
                pub trait Orders { async fn find(&self, id: u8) -> Result<Option<u8>, Failed>; async fn all(&self) -> anyhow::Result<Vec<u8>>; }
                                                                                                        --- `all` returns `Result<Vec<u8>, Error>`
                //- src/app/checkout.rs
                    tokio::select! { Ok(()) = self.mail.send(id) => { self.mail.count().await; } }
                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout::run` drops the error of `core::ports::Mail::send` without a word, by an `if let Ok(…)` without an `else`
                //- src/core/ports.rs
                pub trait Mail { async fn send(&self, id: u8) -> Result<(), Failed>; async fn count(&self) -> u8; }
                                          ---- `send` returns `Result<(), Failed>`
                //- src/app/checkout.rs
                    if let Ok(text) = std::fs::read_to_string("a") { price(1); }
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout::run` drops the error of `std::fs::read_to_string` without a word, by an `if let Ok(…)` without an `else`
                help: return it with `?`, log or count it, or say in a comment why it does not matter
            "#]],
        );
    }

    #[test]
    fn branches_that_answer_the_error() {
        says(
            "
            pub async fn run(&self, id: u8, text: &str) -> Result<u8, Failed> {
                if let Ok(Some(found)) = self.orders.find(id).await { price(found); } else { tracing::warn!(\"none\"); }
                if let Ok(Some(found)) = self.orders.find(id).await { return Ok(found); }
                if let Ok(id) = parse_id(text) { price(id); }
                if let Ok(number) = text.parse::<u8>() { price(number); }
                match self.mail.send(id).await { Ok(()) => {} Err(error) => tracing::warn!(\"{error}\"), }
                match self.mail.send(id).await { Err(Failed) => {} Ok(()) => {} }
                match self.orders.find(id).await { Ok(Some(1)) => {} Err(error) => return Err(error), _ => {} }
                let cost = price(id).unwrap_or_default();
                let all = self.orders.all().await.unwrap_or_else(|error| Vec::from(error));
                let all = self.orders.all().await.unwrap_or(vec![1]);
                let _ = self.mail.send(id).await.inspect_err(|error| tracing::warn!(\"{error}\"));
                price(id)
            }
            ",
            &expect![""],
        );
    }

    #[test]
    fn a_comment_that_gives_a_reason_is_a_word() {
        says(
            "
            pub async fn run(&self, id: u8) {
                // The receipt is best effort.
                let _ = self.mail.send(id).await;
                let _ = self.mail.send(id).await; // who ordered sees the page
                match self.mail.send(id).await {
                    Ok(()) => {}
                    Err(_) => {
                        // the next run sends it
                    }
                }
                // Send the receipt.
                let _ = self.mail.send(id).await;
                let _ = self.mail.send(id).await; // TODO
                // It may fail.

                self.mail.count().await;
                let _ = self.mail.send(id).await;
            }
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                    let _ = self.mail.send(id).await;
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout::run` drops the error of `core::ports::Mail::send` without a word, by `let _ =`
                //- src/core/ports.rs
                pub trait Mail { async fn send(&self, id: u8) -> Result<(), Failed>; async fn count(&self) -> u8; }
                                          ---- `send` returns `Result<(), Failed>`
                //- src/app/checkout.rs
                    let _ = self.mail.send(id).await; // TODO
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout::run` drops the error of `core::ports::Mail::send` without a word, by `let _ =`
                //- src/core/ports.rs
                pub trait Mail { async fn send(&self, id: u8) -> Result<(), Failed>; async fn count(&self) -> u8; }
                                          ---- `send` returns `Result<(), Failed>`
                //- src/app/checkout.rs
                    let _ = self.mail.send(id).await;
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout::run` drops the error of `core::ports::Mail::send` without a word, by `let _ =`
                //- src/core/ports.rs
                pub trait Mail { async fn send(&self, id: u8) -> Result<(), Failed>; async fn count(&self) -> u8; }
                                          ---- `send` returns `Result<(), Failed>`
                help: return it with `?`, log or count it, or say in a comment why it does not matter
            "#]],
        );
    }

    #[test]
    fn what_undoes_after_another_failure_is_left_alone() {
        says(
            "
            pub async fn run(&self, id: u8) -> Result<(), Failed> {
                if id == 0 {
                    let _ = self.mail.send(id).await;
                    return Err(Failed);
                }
                if let Err(error) = self.orders.find(id).await { let _ = self.mail.send(id).await; }
                match price(id) {
                    Ok(_) => { let _ = self.mail.send(id).await; }
                    Err(error) => { self.mail.send(id).await.ok(); }
                }
                let _ = self.mail.send(id).await;
                Err(Failed)
            }
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                        Ok(_) => { let _ = self.mail.send(id).await; }
                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout::run` drops the error of `core::ports::Mail::send` without a word, by `let _ =`
                //- src/core/ports.rs
                pub trait Mail { async fn send(&self, id: u8) -> Result<(), Failed>; async fn count(&self) -> u8; }
                                          ---- `send` returns `Result<(), Failed>`
                help: return it with `?`, log or count it, or say in a comment why it does not matter
            "#]],
        );
    }

    #[test]
    fn errors_that_say_nothing_of_the_work() {
        says(
            "
            pub async fn run(&self, sender: tokio::sync::mpsc::Sender<u8>, lock: std::sync::Mutex<u8>, id: u8) {
                use std::fmt::Write as _;
                let _ = sender.send(1).await;
                let (answer, asked) = tokio::sync::oneshot::channel::<u8>();
                let _ = answer.send(1);
                let _ = asked.await;
                let task = tokio::spawn(async { 1 });
                let _ = task.await;
                let _ = std::thread::spawn(|| 1).join();
                let _ = lock.lock();
                let mut text = String::new();
                let _ = write!(text, \"{id}\");
                let _ = tokio::time::timeout(std::time::Duration::from_secs(1), self.mail.count()).await;
                let _ = tokio::time::timeout(std::time::Duration::from_secs(1), self.mail.send(id)).await;
            }
            ",
            &expect![[r#"
                //- src/app/checkout.rs
                    let _ = tokio::time::timeout(std::time::Duration::from_secs(1), self.mail.send(id)).await;
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `app::checkout::Checkout::run` drops the error of `tokio::time::timeout` without a word, by `let _ =`
                help: return it with `?`, log or count it, or say in a comment why it does not matter
            "#]],
        );
    }

    #[test]
    fn only_orchestrators_are_judged_and_drop_can_return_nothing() {
        says(
            "
            pub async fn run(&self) {}
            }
            impl Drop for Checkout { fn drop(&mut self) { let _ = price(1); } }
            pub struct Other;
            impl Other { pub fn run(&self) { let _ = price(1); }
            ",
            &expect![[""]],
        );
        let code = "pub async fn run(&self, id: u8) -> Result<(), Failed> { self.mail.send(id).await?; price(id); self.mail.count().await; Ok(()) }";
        assert_eq!(judged(&LINT, &orchestrator(code)), 2, "each function of the orchestrator");
    }
}
