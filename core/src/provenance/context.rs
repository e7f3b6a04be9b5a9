//! What becomes of a value: whether code decides by it, keeps it, or only tells it to someone.

use super::methods::{TESTS, name_of};
use super::{Origin, Provenance};
use crate::facts::body::{Body, Expr, ExprId, LeaveKind, LiteralKind, LoopKind, PatternId, PatternKind};
use crate::facts::types::last_segment;
use crate::types::Ty;

/// What becomes of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// Nothing.
    Dropped,
    /// It is logged, counted, traced.
    Told,
    /// It is stored, passed on or returned.
    Kept,
    /// The way that the code goes depends on it.
    Decides(Outcome, ExprId),
}

/// What depends on a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Whether something is logged.
    Tells,
    /// Whether the rest is left out, with nothing chosen instead.
    Leaves,
    /// Whether an element of a loop is passed over.
    Skips,
    /// Whether something is done.
    Acts,
    /// Which elements are taken.
    Selects,
    /// Which value comes out.
    Chooses,
    /// Whether there is an error.
    Refuses,
}

/// The expression around each expression.
pub(super) fn parents(body: &Body) -> Vec<Option<ExprId>> {
    let mut parents = vec![None; body.nodes().len()];
    for (id, node) in body.nodes() {
        each_child(&node.expr, &mut |child| parents[child.index()] = Some(id));
    }
    parents
}

/// Calls `visit` with each expression right inside an expression, in source order.
fn each_child(expr: &Expr, visit: &mut dyn FnMut(ExprId)) {
    match expr {
        Expr::Path(_) | Expr::Literal(..) | Expr::Continue | Expr::OpaqueMacro(_) | Expr::Other => {}
        Expr::Field(inner, _)
        | Expr::Unary(_, inner)
        | Expr::LetCondition(_, inner)
        | Expr::Async(inner)
        | Expr::Closure(_, inner)
        | Expr::Typed(inner, _)
        | Expr::Try(inner)
        | Expr::Await(inner)
        | Expr::Reference(_, inner) => visit(*inner),
        Expr::Index(left, right) | Expr::Binary(_, left, right) | Expr::Assign(_, left, right) => {
            visit(*left);
            visit(*right);
        }
        Expr::Call(first, parts) | Expr::MethodCall(first, _, parts) => {
            visit(*first);
            parts.iter().copied().for_each(visit);
        }
        Expr::If(condition, then, otherwise) => {
            visit(*condition);
            visit(*then);
            otherwise.iter().copied().for_each(visit);
        }
        Expr::Match(value, arms) => {
            visit(*value);
            arms.iter().flat_map(|arm| arm.guard.into_iter().chain([arm.body])).for_each(visit);
        }
        Expr::Let(_, first, second) | Expr::Range(first, second) => {
            first.iter().chain(second).copied().for_each(visit);
        }
        Expr::Loop(kind, inner) => {
            if let LoopKind::While(head) | LoopKind::For(_, head) = kind {
                visit(*head);
            }
            visit(*inner);
        }
        Expr::Block(parts, _) | Expr::Tuple(parts) | Expr::Array(parts) | Expr::Macro(_, parts) => {
            parts.iter().copied().for_each(visit);
        }
        Expr::Struct(_, fields, rest) => {
            fields.iter().map(|(_, value)| *value).chain(*rest).for_each(visit);
        }
        Expr::Leave(_, value) => value.iter().copied().for_each(visit),
    }
}

/// Macros that write to a log.
const LOGS: &[&str] = &[
    "trace",
    "debug",
    "info",
    "warn",
    "error",
    "log",
    "event",
    "span",
    "trace_span",
    "debug_span",
    "info_span",
    "warn_span",
    "error_span",
    "println",
    "eprintln",
    "print",
    "eprint",
    "dbg",
    "counter",
    "gauge",
    "histogram",
    "increment_counter",
];

/// Methods by which numbers are counted and shown.
const METERS: &[&str] = &[
    "increment",
    "record",
    "observe",
    "inc",
    "inc_by",
    "dec",
    "set_position",
    "set_message",
    "set_length",
    "absolute",
    "counter",
    "gauge",
    "histogram",
    "incr",
    "timing",
    "emit_metric",
    "record_metric",
    "debug",
    "info",
    "warn",
    "error",
    "trace",
    "log",
];

/// Methods whose closure says which elements are meant.
pub(super) const SELECTS: &[&str] = &[
    "filter",
    "find",
    "partition",
    "position",
    "retain",
    "rposition",
    "skip_while",
    "take_while",
    "filter_map",
    "find_map",
    "map_while",
    "retain_mut",
];

/// Methods that go on with their receiver's truth or value.
const CARRIES: &[&str] = &[
    "clone",
    "cloned",
    "copied",
    "as_ref",
    "unwrap",
    "expect",
    "unwrap_or",
    "unwrap_or_default",
    "unwrap_or_else",
    "not",
    "map",
    "map_err",
    "and_then",
    "ok",
    "into",
    "num_days",
    "num_hours",
    "num_seconds",
    "num_minutes",
    "num_milliseconds",
    "as_secs",
    "as_secs_f64",
    "as_millis",
    "abs",
    "round",
    "floor",
    "ceil",
    "to_string",
    "to_owned",
    "and",
    "or",
    "into_iter",
    "iter",
    "collect",
];

impl Provenance<'_> {
    /// Finds out what becomes of each variable, the last one first: what is bound from a variable is
    /// bound after it.
    pub(super) fn find_fates(&mut self) {
        self.fates = vec![None; self.locals.len()];
        for number in (0..self.locals.len()).rev() {
            let fate = self.locals[number].uses.iter().map(|used| self.fate(*used)).max();
            self.fates[number] = Some(fate.unwrap_or(Fate::Dropped));
        }
    }

    /// What becomes of the value of an expression.
    pub fn fate(&self, id: ExprId) -> Fate {
        let mut at = id;
        loop {
            let Some(parent) = self.parent(at) else { return self.returned() };
            match self.body.expr(parent) {
                Expr::If(condition, ..) if *condition == at => return Fate::Decides(self.outcome(parent), parent),
                Expr::Match(value, _) if *value == at => return Fate::Decides(Outcome::Acts, parent),
                Expr::Match(_, arms) if arms.iter().any(|arm| arm.guard == Some(at)) => {
                    return Fate::Decides(self.outcome(parent), parent);
                }
                Expr::Loop(LoopKind::While(head), _) if *head == at => return Fate::Decides(Outcome::Chooses, parent),
                Expr::Block(statements, valued) if !*valued || statements.last() != Some(&at) => return Fate::Dropped,
                Expr::Let(_, Some(value), _) | Expr::LetCondition(_, value) if *value == at => {
                    return self.fate_of_bound(at);
                }
                Expr::Assign(_, target, _) => return self.fate_of_assigned(*target),
                Expr::Macro(name, _) => match last_segment(name) {
                    name if LOGS.contains(&name) => return Fate::Told,
                    "assert" | "assert_eq" | "assert_ne" | "debug_assert" | "ensure" | "debug_assert_eq"
                    | "debug_assert_ne" => {
                        return Fate::Decides(Outcome::Refuses, parent);
                    }
                    "bail" | "panic" | "anyhow" | "unreachable" | "todo" => return Fate::Told,
                    _ => {}
                },
                Expr::MethodCall(receiver, name, _) => {
                    if let Some(fate) = self.fate_in_call(at, parent, *receiver, name) {
                        return fate;
                    }
                }
                Expr::Leave(LeaveKind::Return, _) => return self.returned(),
                Expr::Struct(..) | Expr::Tuple(_) | Expr::Array(_) | Expr::Index(..) | Expr::Range(..) => {
                    return Fate::Kept;
                }
                Expr::Call(callee, _) if *callee != at => {
                    let name = name_of(self.body, *callee).map(|name| last_segment(name)).unwrap_or_default();
                    if !matches!(name, "Ok" | "Some" | "ready") {
                        return Fate::Kept;
                    }
                }
                Expr::Loop(..) => return Fate::Kept,
                _ => {}
            }
            at = parent;
        }
    }

    fn fate_in_call(&self, at: ExprId, call: ExprId, receiver: ExprId, name: &str) -> Option<Fate> {
        if receiver == at {
            return match name {
                "then" | "then_some" => Some(Fate::Decides(Outcome::Chooses, call)),
                _ if CARRIES.contains(&name) || METERS.contains(&name) || TESTS.contains(&name) => None,
                _ => Some(Fate::Kept),
            };
        }
        if METERS.contains(&name) {
            return Some(Fate::Told);
        }
        if matches!(self.body.expr(at), Expr::Closure(..)) {
            return match name {
                _ if SELECTS.contains(&name) => Some(Fate::Decides(Outcome::Selects, call)),
                "all" | "any" | "is_none_or" | "is_ok_and" | "is_some_and" | "map" | "and_then" | "map_or"
                | "map_or_else" | "then" => None,
                _ => Some(Fate::Kept),
            };
        }
        Some(Fate::Kept)
    }

    /// A truth that a function returns decides for its caller.
    fn returned(&self) -> Fate {
        let flag = self.declared.output.as_ref().and_then(|output| output.path()).is_some_and(|path| {
            path.path == "bool"
                || (path.last() == "Result"
                    && path.arguments.first().and_then(|ty| ty.path()).is_some_and(|ty| ty.path == "bool"))
        });
        match self.body.root() {
            Some(root) if flag => Fate::Decides(Outcome::Chooses, root),
            _ => Fate::Kept,
        }
    }

    fn fate_of_bound(&self, value: ExprId) -> Fate {
        let bound = self.bound.get(&value).into_iter().flatten();
        bound.map(|number| self.fate_of_local(*number)).max().unwrap_or(Fate::Dropped)
    }

    fn fate_of_assigned(&self, target: ExprId) -> Fate {
        self.named.get(&target).map_or(Fate::Kept, |number| self.fate_of_local(*number))
    }

    /// What becomes of a variable; what was assigned to an earlier one is kept, as long as nobody
    /// knows better.
    fn fate_of_local(&self, number: usize) -> Fate {
        self.fates.get(number).copied().flatten().unwrap_or(Fate::Kept)
    }

    /// What depends on an `if`, or on the guard of a `match`.
    pub fn outcome(&self, id: ExprId) -> Outcome {
        match self.body.expr(id) {
            Expr::If(_, then, otherwise) => {
                let branches: Vec<ExprId> = std::iter::once(*then).chain(*otherwise).collect();
                let mut outcome = branches.iter().map(|branch| self.of_branch(*branch)).max().unwrap_or(Outcome::Tells);
                if outcome < Outcome::Chooses && otherwise.is_some() && self.is_used(id) && self.yields(*then) {
                    outcome = Outcome::Chooses;
                }
                // Where nothing follows but an error, the rest is refused.
                if outcome == Outcome::Leaves && otherwise.is_none() && self.else_fails(id) {
                    outcome = Outcome::Refuses;
                }
                outcome
            }
            Expr::Match(..) => Outcome::Chooses,
            _ => Outcome::Acts,
        }
    }

    /// Whether a block has nothing but an error of its own after a statement.
    fn else_fails(&self, statement: ExprId) -> bool {
        let Some(Expr::Block(statements, _)) = self.parent(statement).map(|block| self.body.expr(block)) else {
            return false;
        };
        matches!(statements.as_slice(), [.., before, last] if *before == statement && self.makes_error(*last))
    }

    fn is_used(&self, id: ExprId) -> bool {
        match self.fate(id) {
            Fate::Dropped | Fate::Told => false,
            Fate::Kept => true,
            Fate::Decides(outcome, _) => outcome > Outcome::Tells,
        }
    }

    /// Whether a branch has a value of its own.
    fn yields(&self, branch: ExprId) -> bool {
        match self.body.expr(branch) {
            Expr::Block(statements, true) => statements.last().is_some_and(|last| {
                !matches!(self.body.expr(*last), Expr::Leave(..) | Expr::Assign(..) | Expr::Loop(..))
                    && !self.tells(*last)
                    && *self.types.ty(*last) != Ty::unit()
            }),
            Expr::If(..) => true,
            _ => false,
        }
    }

    fn of_branch(&self, branch: ExprId) -> Outcome {
        if self.makes_error(branch) {
            return Outcome::Refuses;
        }
        match self.body.expr(branch) {
            Expr::Block(statements, _) => {
                let done = statements.iter().map(|statement| self.of_statement(*statement)).max();
                done.unwrap_or(Outcome::Tells)
            }
            Expr::If(condition, then, otherwise) => {
                let asked = if self.acts(*condition) { Outcome::Acts } else { Outcome::Tells };
                let then = self.of_branch(*then).max(asked);
                otherwise.map_or(then, |otherwise| self.of_branch(otherwise).max(then))
            }
            _ => self.of_statement(branch),
        }
    }

    fn of_statement(&self, id: ExprId) -> Outcome {
        match self.body.expr(id) {
            _ if self.tells(id) => Outcome::Tells,
            Expr::Leave(LeaveKind::Return | LeaveKind::Break, Some(value)) if self.is_chosen(*value) => {
                Outcome::Chooses
            }
            Expr::Assign(..) => Outcome::Chooses,
            Expr::If(..) | Expr::Block(..) => self.of_branch(id),
            Expr::Continue => Outcome::Skips,
            Expr::Leave(..) | Expr::Literal(..) | Expr::Path(_) | Expr::Tuple(_) | Expr::Field(..) => Outcome::Leaves,
            Expr::Let(_, Some(value), _) => self.of_statement(*value),
            Expr::Call(callee, arguments) if self.is_wrapper(*callee) && arguments.len() == 1 => {
                if self.is_chosen(arguments[0]) { Outcome::Chooses } else { Outcome::Leaves }
            }
            _ => Outcome::Acts,
        }
    }

    fn is_wrapper(&self, callee: ExprId) -> bool {
        matches!(self.body.expr(callee), Expr::Path(path) if matches!(last_segment(path), "Ok" | "Some"))
    }

    /// Whether a value that is left with was chosen here: a number, a truth, a text, a variant.
    fn is_chosen(&self, id: ExprId) -> bool {
        match self.body.expr(id) {
            Expr::Call(callee, arguments) if self.is_wrapper(*callee) => {
                arguments.iter().any(|one| self.is_chosen(*one))
            }
            Expr::Literal(LiteralKind::Text, text) => text.len() > 2,
            Expr::Literal(..) => true,
            Expr::Path(path) => path.contains("::") && !path.ends_with("::new"),
            _ => false,
        }
    }

    /// Whether an expression does nothing but write to a log or count.
    fn tells(&self, id: ExprId) -> bool {
        match self.body.expr(id) {
            Expr::Macro(name, _) | Expr::OpaqueMacro(name) => LOGS.contains(&last_segment(name)),
            Expr::MethodCall(receiver, name, _) => {
                METERS.contains(&name.as_str())
                    && (self.tells(*receiver)
                        || matches!(self.value(*receiver).origin, Origin::Collaborator | Origin::Technical))
            }
            Expr::Await(inner) | Expr::Try(inner) => self.tells(*inner),
            Expr::Block(statements, _) => statements.iter().all(|statement| self.tells(*statement)),
            Expr::If(condition, then, otherwise) => {
                !self.acts(*condition) && self.tells(*then) && otherwise.is_none_or(|otherwise| self.tells(otherwise))
            }
            Expr::Let(_, Some(value), _) => {
                let told = |used: &ExprId| self.fate(*used) == Fate::Told;
                !self.acts(*value) && self.bound_from(*value).flat_map(|local| &local.uses).all(told)
            }
            Expr::Tuple(parts) => parts.is_empty(),
            _ => false,
        }
    }

    /// Whether evaluating an expression does something outside: it calls a collaborator, or waits.
    pub(super) fn acts(&self, id: ExprId) -> bool {
        let here = match self.body.expr(id) {
            Expr::Await(_) => true,
            Expr::MethodCall(receiver, name, _) => {
                let meter = METERS.contains(&name.as_str());
                self.value(*receiver).origin == Origin::Collaborator
                    && !meter
                    && self.value(id).origin != Origin::Collaborator
            }
            Expr::Closure(..) => return false,
            _ => false,
        };
        let mut inside = false;
        each_child(self.body.expr(id), &mut |child| inside = inside || self.acts(child));
        here || inside
    }

    /// Whether a branch ends with an error of its own. Errors of decisions inside of it are theirs.
    pub fn makes_error(&self, id: ExprId) -> bool {
        match self.body.expr(id) {
            Expr::Block(statements, _) => statements.iter().any(|statement| self.makes_error(*statement)),
            Expr::Leave(LeaveKind::Return | LeaveKind::Break, Some(value)) => self.makes_error(*value),
            Expr::Try(inner) | Expr::Await(inner) | Expr::Async(inner) => self.makes_error(*inner),
            Expr::MethodCall(receiver, ..) => self.makes_error(*receiver),
            Expr::Macro(name, _) | Expr::OpaqueMacro(name) => matches!(last_segment(name), "bail" | "panic"),
            Expr::Call(callee, arguments) => {
                let named =
                    |wanted: &str| matches!(self.body.expr(*callee), Expr::Path(path) if last_segment(path) == wanted);
                let handed_on =
                    arguments.first().is_some_and(|argument| self.value(*argument).origin == Origin::Failure);
                (named("Err") && !handed_on) || (named("Ok") && arguments.iter().any(|inner| self.makes_error(*inner)))
            }
            _ => false,
        }
    }

    /// Whether a pattern stands for what is not there, or for what failed.
    pub(super) fn is_absence(&self, pattern: PatternId) -> bool {
        match &self.body.pattern(pattern).kind {
            PatternKind::TupleStruct(path, parts) => match last_segment(path) {
                "Err" => true,
                "Ok" | "Some" => parts.iter().any(|part| self.is_absence(*part)),
                _ => false,
            },
            PatternKind::Path(path) | PatternKind::Binding(path, None) => last_segment(path) == "None",
            // Where a part is asked what it is, that decides, whatever else is not there.
            PatternKind::Sequence(parts) => {
                let asks = |part: &PatternId| !self.is_absence(*part) && self.names_variant(*part);
                parts.iter().any(|part| self.is_absence(*part)) && !parts.iter().any(asks)
            }
            PatternKind::Or(parts) => parts.iter().any(|part| self.is_absence(*part)),
            _ => false,
        }
    }
}
