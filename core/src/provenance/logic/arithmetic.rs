//! Calculations with domain data.

use super::{Evidence, Strength};
use crate::facts::body::{BinaryOperator, Expr, ExprId, LiteralKind, UnaryOperator};
use crate::facts::types::last_segment;
use crate::provenance::methods::{CALCULATIONS, is_data};
use crate::provenance::{Nature, Origin, Provenance, Value};

impl Provenance<'_> {
    pub(super) fn arithmetic(&self, id: ExprId) -> Option<Evidence> {
        let (left, right) = match self.body.expr(id) {
            Expr::Binary(BinaryOperator::Sum | BinaryOperator::Product | BinaryOperator::Bits, left, right) => {
                (*left, Some(*right))
            }
            Expr::Assign(Some(_), target, value) if self.write(id).is_none() => (*value, Some(*target)),
            Expr::Unary(UnaryOperator::Negate, inner) => (*inner, Some(*inner)),
            // `cmp::min(a, b)`, `u64::saturating_sub(a, b)`
            Expr::Call(callee, arguments)
                if arguments.len() == 2 && self.is_calculation(*callee) && !self.is_asked_outside(id, *callee) =>
            {
                (arguments[0], Some(arguments[1]))
            }
            Expr::MethodCall(receiver, name, arguments)
                if CALCULATIONS.contains(&name.as_str()) && !self.is_asked_outside(id, *receiver) =>
            {
                // Without an argument it is the largest of several, or only turns one thing into another.
                (*receiver, Some(*arguments.first()?))
            }
            _ => return None,
        };
        let right = right?;
        let flags = [left, right].into_iter().any(|side| self.nature(side) == Nature::Flag);
        if flags || self.inside_arithmetic(id) || self.is_text(left) || self.is_text(right) {
            return None;
        }
        let (one, other) = (self.value(left), self.value(right));
        // Seconds since the epoch are a way to write a moment down.
        let epoch = matches!(self.body.expr(right), Expr::Path(path) if path.ends_with("EPOCH"));
        if let Some(evidence) = self.chosen_moment(id, left, right).filter(|_| !epoch) {
            return Some(evidence);
        }
        let data = [(left, one), (right, other)].into_iter().find(|(at, value)| self.can_be_calculated(*at, *value));
        let (_, value) = data?;
        let technical = |value: Value| value.origin == Origin::Technical || epoch;
        if technical(one) || technical(other) || self.is_technical_end(id) {
            return None;
        }
        let why = format!("calculates with {}", self.said(value));
        Some(self.evidence("arithmetic", Strength::Strong, id, value, why))
    }

    /// `self.orders.add(&order).await?`: a collaborator that is called so does not calculate.
    fn is_asked_outside(&self, id: ExprId, asked: ExprId) -> bool {
        let awaited = self.parent(id).is_some_and(|parent| matches!(self.body.expr(parent), Expr::Await(_)));
        awaited || self.value(asked).origin == Origin::Collaborator
    }

    /// Whether a function is named that calculates: `f64::max`.
    pub(super) fn is_calculation(&self, callee: ExprId) -> bool {
        matches!(self.body.expr(callee), Expr::Path(path) if CALCULATIONS.contains(&last_segment(path)))
    }

    /// `now + 30 days`: how long something holds is chosen here.
    fn chosen_moment(&self, id: ExprId, left: ExprId, right: ExprId) -> Option<Evidence> {
        let clock = self.value(left).origin == Origin::Clock;
        let length = self.value(right);
        if !clock || !matches!(length.origin, Origin::Literal | Origin::Constant) || self.is_technical_end(id) {
            return None;
        }
        // A thousandth of a thousandth is the same moment in another unit.
        let is_scaled = matches!(self.body.expr(id), Expr::Binary(BinaryOperator::Product, ..));
        if is_scaled && self.counts_fractions(left) && self.is_unit(right) {
            return None;
        }
        let why = "chooses how long something holds: that is a rule".to_owned();
        Some(self.evidence("constant", Strength::Strong, id, self.value(id), why))
    }

    /// `now.timestamp_millis() as f64`
    fn counts_fractions(&self, at: ExprId) -> bool {
        match self.body.expr(at) {
            Expr::Typed(inner, _) => self.counts_fractions(*inner),
            Expr::MethodCall(_, name, _) => ["millis", "micros", "nanos"].iter().any(|unit| name.ends_with(unit)),
            _ => false,
        }
    }

    /// `1000.0`, `1_000_000`: from one unit of time to the next.
    fn is_unit(&self, at: ExprId) -> bool {
        let Expr::Literal(LiteralKind::Integer | LiteralKind::Float, text) = self.body.expr(at) else { return false };
        let digits = text.replace('_', "");
        let zeros = digits.strip_suffix(".0").unwrap_or(&digits).strip_prefix('1');
        zeros.is_some_and(|zeros| {
            !zeros.is_empty() && zeros.len().is_multiple_of(3) && zeros.bytes().all(|digit| digit == b'0')
        })
    }

    /// Whether a value is a number or moment of the domain.
    pub(super) fn can_be_calculated(&self, at: ExprId, value: Value) -> bool {
        match value.origin {
            Origin::Domain => !matches!(self.nature(at), Nature::Technical | Nature::Failure | Nature::Text),
            Origin::Received | Origin::Decision => {
                self.nature(at).is_scalar() || matches!(self.nature(at), Nature::Core | Nature::Own | Nature::Other)
            }
            _ => false,
        }
    }

    fn is_text(&self, at: ExprId) -> bool {
        self.nature(at) == Nature::Text || matches!(self.body.expr(at), Expr::Literal(LiteralKind::Text, _))
    }

    /// Whether an expression is an operand of another calculation, which is reported instead.
    fn inside_arithmetic(&self, id: ExprId) -> bool {
        let mut at = id;
        while let Some(parent) = self.parent(at) {
            match self.body.expr(parent) {
                Expr::Binary(BinaryOperator::Sum | BinaryOperator::Product | BinaryOperator::Bits, left, right) => {
                    return is_data(self.value(*left).origin) || is_data(self.value(*right).origin);
                }
                Expr::Assign(Some(_), _, value) if *value == at => return true,
                // Without an argument it only says the same in another unit.
                Expr::MethodCall(receiver, name, arguments)
                    if CALCULATIONS.contains(&name.as_str()) && !arguments.is_empty() =>
                {
                    return !self.is_asked_outside(parent, *receiver);
                }
                Expr::Typed(..) | Expr::Reference(..) | Expr::Unary(..) | Expr::Try(_) => at = parent,
                _ => return false,
            }
        }
        false
    }
}
