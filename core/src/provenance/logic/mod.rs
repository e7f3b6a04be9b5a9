//! What of an orchestrator's code is business logic, by graded evidence.
//!
//! Evidence is what an expression does with a value of a certain [`Origin`](super::Origin): it
//! calculates with domain data, compares it, sorts and sums it, chooses by it, writes into it, or puts
//! a constant of its own beside it. Control flow alone is none. Each kind has its own file here, and
//! [`decisions`] puts what belongs to one statement together.

mod aggregation;
mod arithmetic;
mod comparison;
mod constants;
mod decision;
mod flags;
mod purpose;
mod tables;
mod wording;
mod writes;

pub use decision::{Decision, decisions};

use super::context::SELECTS;
use super::methods::{TESTS, is_calculation};
use super::walk::is_constant_name;
use super::{Origin, Provenance, Step, Value, Way};
use crate::facts::body::{Body, Expr, ExprId, LiteralKind, PatternId, PatternKind, UnaryOperator};
use crate::facts::types::last_segment;
use crate::source::Span;

/// How much a piece of evidence proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// It may be business logic.
    Weak,
    /// It is.
    Strong,
}

/// A place that does with a value what only the core should.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// A short stable word: `arithmetic`, `comparison`, `aggregation`, `table`, `write`, `guard`,
    /// `constant`, `default`.
    pub kind: &'static str,
    /// How much it proves.
    pub strength: Strength,
    /// Where.
    pub span: Span,
    /// What happens there, and why that counts.
    pub why: String,
    /// The expression.
    pub at: ExprId,
    /// The value that makes it evidence.
    pub value: Value,
}

/// Whether a body has anything that could be evidence, or calls functions of its own side: what it
/// passes to them says where their parameters come from. Typing a body costs far more than this look.
pub(super) fn may_hold(body: &Body) -> bool {
    body.nodes().any(|(_, node)| match &node.expr {
        Expr::Binary(..)
        | Expr::Assign(..)
        | Expr::If(..)
        | Expr::Index(..)
        | Expr::Let(_, _, Some(_))
        | Expr::Unary(UnaryOperator::Negate, _) => true,
        Expr::Literal(LiteralKind::Integer | LiteralKind::Float, text) => !matches!(text.as_str(), "0" | "1"),
        Expr::Match(_, arms) => arms.iter().any(|arm| arm.guard.is_some() || !is_outcome(body, arm.pattern)),
        Expr::Struct(_, _, rest) => rest.is_some(),
        Expr::Path(path) => is_constant_name(last_segment(path)),
        Expr::Call(callee, arguments) => !arguments.is_empty() && is_telling_call(body, *callee),
        Expr::MethodCall(receiver, name, arguments) => {
            (body.is_self(*receiver) && !arguments.is_empty())
                || is_telling_method(name)
                || SELECTS.contains(&name.as_str()) && arguments.iter().any(|by| asks_flag(body, *by))
        }
        Expr::LetCondition(pattern, _) => !is_outcome(body, *pattern),
        Expr::Macro(name, _) => matches!(last_segment(name), "matches" | "assert" | "debug_assert" | "ensure"),
        _ => false,
    })
}

/// Whether a closure may say which elements are meant by a flag alone: `|order| order.is_gift`.
fn asks_flag(body: &Body, at: ExprId) -> bool {
    match body.expr(at) {
        Expr::Closure(_, inner) | Expr::Unary(_, inner) => asks_flag(body, *inner),
        Expr::Block(statements, true) => statements.last().is_some_and(|last| asks_flag(body, *last)),
        Expr::Field(..) | Expr::MethodCall(..) => true,
        _ => false,
    }
}

/// Whether a pattern only asks whether something is there, or worked.
fn is_outcome(body: &Body, pattern: PatternId) -> bool {
    match &body.pattern(pattern).kind {
        PatternKind::TupleStruct(path, parts) => {
            let outcome = matches!(last_segment(path), "Ok" | "Err" | "Some");
            outcome && parts.iter().all(|part| is_outcome(body, *part))
        }
        PatternKind::Path(path) => last_segment(path) == "None",
        PatternKind::Binding(name, None) => name == "None" || !name.starts_with(char::is_uppercase),
        PatternKind::Wild => true,
        PatternKind::Reference(inner) => is_outcome(body, *inner),
        _ => false,
    }
}

/// Whether a call is one of the module's own functions, calculates, or changes what it is given.
fn is_telling_call(body: &Body, callee: ExprId) -> bool {
    let Expr::Path(path) = body.expr(callee) else { return false };
    let last = last_segment(path);
    let own = !path.contains(':') && path.starts_with(char::is_lowercase);
    own || is_calculation(last) || matches!(last, "replace" | "swap" | "take")
}

fn is_telling_method(name: &str) -> bool {
    TESTS.contains(&name)
        || is_calculation(name)
        || aggregation::is_aggregation(name)
        || writes::CHANGES.contains(&name)
        || matches!(name, "then" | "then_some" | "unwrap_or" | "get")
}

impl Provenance<'_> {
    fn evidence(&self, kind: &'static str, strength: Strength, at: ExprId, value: Value, why: String) -> Evidence {
        Evidence { kind, strength, span: self.body.node(at).span, why, at, value }
    }

    /// What a value is, in words: its name, and where it came from.
    pub fn said(&self, value: Value) -> String {
        let way = self.way(value);
        let told = |step: &&&Step| match &step.way {
            Way::Bound(_) | Way::Calculated => false,
            // The part of a tuple has no name.
            Way::Field(name) => !name.starts_with(|first: char| first.is_ascii_digit()),
            _ => true,
        };
        let Some(last) = way.iter().rev().find(told) else { return noun(value.origin).to_owned() };
        match (&last.way, way.iter().find(told).map(|first| &first.way)) {
            (Way::Field(name), Some(Way::Parameter(of) | Way::Setting(of))) => format!("`{name}` of `{of}`"),
            (Way::Field(name), Some(Way::Core(of))) => format!("`{name}` of what the core's `{of}` returned"),
            (Way::Field(name), Some(Way::Port(of) | Way::Helper(of))) => format!("`{name}` of what `{of}` returned"),
            (Way::Field(name) | Way::Parameter(name), _) => format!("`{name}`"),
            (Way::Port(name) | Way::Helper(name), _) => format!("what `{name}` returned"),
            (Way::Core(name), _) => format!("what the core's `{name}` returned"),
            (Way::Setting(name), _) => format!("the setting `{name}`"),
            (Way::Constant(name), _) => format!("the constant `{name}`"),
            (Way::Clock, _) => "the clock".to_owned(),
            (Way::Bound(_) | Way::Calculated, _) => noun(value.origin).to_owned(),
        }
    }
}

/// What a value of that origin is called.
pub const fn noun(origin: Origin) -> &'static str {
    match origin {
        Origin::Unknown => "something unknown",
        Origin::Collaborator => "a collaborator",
        Origin::Failure => "an error",
        Origin::Test => "a condition",
        Origin::Literal => "a literal",
        Origin::Constant => "a constant",
        Origin::Configuration => "a setting",
        Origin::Clock => "the clock",
        Origin::Size => "a number of elements",
        Origin::Technical => "a technical value",
        Origin::Decision => "what the core said",
        Origin::Received => "what a port returned",
        Origin::Domain => "domain data",
    }
}
