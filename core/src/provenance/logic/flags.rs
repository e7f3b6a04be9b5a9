//! Flags of domain values that decide.

use super::{Evidence, Strength};
use crate::facts::body::{BinaryOperator, Expr, ExprId, LoopKind, UnaryOperator};
use crate::facts::types::last_segment;
use crate::link::RoleKind;
use crate::provenance::methods::{is_data, name_of};
use crate::provenance::{Fate, Nature, Origin, Outcome, Provenance, Way};
use crate::types::Ty;
use smol_str::SmolStr;

impl Provenance<'_> {
    pub(super) fn flag(&self, id: ExprId) -> Option<Evidence> {
        if !self.is_condition(id) {
            return None;
        }
        let value = self.value(id);
        let Fate::Decides(outcome, _) = self.fate(id) else { return None };
        if self.tells_result(id, outcome) {
            return None;
        }
        let strength = match self.body.expr(id) {
            Expr::Field(base, _) if value.origin == Origin::Domain => self.of_field(*base, outcome)?,
            // Whether a letter is a digit takes text apart.
            Expr::MethodCall(base, name, _) if name.starts_with("is_ascii") && self.nature(*base) == Nature::Text => {
                return None;
            }
            // A method that shows a flag is no more than the flag.
            Expr::MethodCall(base, _, arguments) if value.origin == Origin::Domain && arguments.is_empty() => {
                self.of_field(*base, outcome)?
            }
            Expr::MethodCall(base, _, arguments) if value.origin == Origin::Decision => {
                // When it is asked is no more of its business.
                let plain = |argument: &ExprId| matches!(self.value(*argument).origin, Origin::Clock);
                let asks = arguments.iter().all(plain) && is_data(self.value(*base).origin);
                (asks && outcome == Outcome::Refuses).then_some(Strength::Weak)?
            }
            Expr::Path(_) if value.origin == Origin::Domain => {
                // A flag that the caller passes is what it asks for.
                let from_field = self.local(id).is_some_and(|local| local.from.is_some());
                (from_field && outcome == Outcome::Refuses).then_some(Strength::Strong)?
            }
            _ => return None,
        };
        let what = match outcome {
            Outcome::Refuses => "refuses",
            Outcome::Selects | Outcome::Skips => "takes elements",
            Outcome::Chooses => "chooses",
            _ => "acts",
        };
        Some(self.evidence("guard", strength, id, value, format!("{what} by {}", self.said(value))))
    }

    /// A result that is told by a flag is a result. An entity of the core is none, whatever its flag is
    /// called; what the caller says of how something went is one, unless it is refused by it.
    fn tells_result(&self, id: ExprId, outcome: Outcome) -> bool {
        let named = name_of(self.body, id).map(SmolStr::as_str);
        let handed_in = self.way(self.value(id)).first().is_some_and(|step| matches!(step.way, Way::Parameter(_)));
        if handed_in && !matches!(outcome, Outcome::Refuses | Outcome::Selects) {
            return is_success(named);
        }
        let entity = self.flagged(id).is_some_and(|base| self.nature(base) == Nature::Core && !self.is_result(base));
        is_success(named) && !entity
    }

    /// What a flag is asked of, or taken out of.
    fn flagged(&self, id: ExprId) -> Option<ExprId> {
        match self.body.expr(id) {
            Expr::Field(base, _) | Expr::MethodCall(base, ..) => Some(*base),
            _ => {
                let from = self.local(id)?.from?;
                let shown = matches!(self.body.expr(from), Expr::Field(..) | Expr::MethodCall(..));
                if shown { self.flagged(from) } else { Some(from) }
            }
        }
    }

    /// Whether a type says by its name that it tells how something went.
    fn is_result(&self, at: ExprId) -> bool {
        matches!(self.types.ty(at).referent(), Ty::Item(named)
            if ["Outcome", "Output", "Reply", "Response", "Result"].iter().any(|end| named.name.ends_with(end)))
    }

    /// What a flag of a value proves, by what depends on it. What a request asks for is no rule.
    fn of_field(&self, base: ExprId, outcome: Outcome) -> Option<Strength> {
        let core = matches!(self.nature(base), Nature::Core);
        match outcome {
            Outcome::Refuses | Outcome::Selects if self.is_shell_type(base) => Some(Strength::Weak),
            Outcome::Refuses | Outcome::Selects => Some(Strength::Strong),
            Outcome::Chooses | Outcome::Acts if core => Some(Strength::Strong),
            Outcome::Skips if core => Some(Strength::Weak),
            _ => None,
        }
    }

    /// Whether a value is of a type that the shell declares.
    pub(super) fn is_shell_type(&self, at: ExprId) -> bool {
        self.types
            .ty(at)
            .referent()
            .item()
            .is_some_and(|item| self.project.module(item.module).has_role(RoleKind::Shell))
    }

    /// Whether an expression is a condition by itself, or a part of one.
    fn is_condition(&self, id: ExprId) -> bool {
        // Where it stands is known at once, and rules out nearly all.
        let Some(decides) = self.decides_by_place(id) else { return false };
        match self.nature(id) {
            Nature::Flag => true,
            Nature::Other => decides && matches!(self.body.expr(id), Expr::Field(..)),
            _ => false,
        }
    }

    /// Whether an expression stands where only a condition can, if it stands where one can.
    fn decides_by_place(&self, id: ExprId) -> Option<bool> {
        let mut at = id;
        while let Some(parent) = self.parent(at) {
            let is_it = match self.body.expr(parent) {
                Expr::Unary(UnaryOperator::Not | UnaryOperator::Dereference, _)
                | Expr::Binary(BinaryOperator::Logic, ..) => {
                    at = parent;
                    continue;
                }
                Expr::If(condition, ..) => *condition == at,
                Expr::Loop(LoopKind::While(head), _) => *head == at,
                Expr::Match(_, arms) => arms.iter().any(|arm| arm.guard == Some(at)),
                Expr::Closure(..) => true,
                Expr::Let(..) => return Some(false),
                Expr::Macro(name, arguments) => {
                    matches!(last_segment(name), "assert" | "debug_assert" | "ensure") && arguments.first() == Some(&at)
                }
                Expr::MethodCall(receiver, name, _) => *receiver == at && matches!(name.as_str(), "then" | "then_some"),
                _ => false,
            };
            return is_it.then_some(true);
        }
        None
    }
}

/// Whether a flag says by its name whether something went well.
fn is_success(name: Option<&str>) -> bool {
    matches!(name, Some("is_error" | "is_failure" | "is_success" | "is_successful" | "ok" | "success" | "succeeded"))
}
