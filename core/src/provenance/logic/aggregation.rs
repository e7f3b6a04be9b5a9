//! What is made of many: sums, the best of several, an order.

use super::{Evidence, Strength};
use crate::facts::body::{Expr, ExprId};
use crate::provenance::methods::{is_data, is_identity, is_transparent, name_of};
use crate::provenance::technical::is_record;
use crate::provenance::{Fate, Nature, Origin, Provenance};

/// Methods that make one of many.
const SUMS: &[&str] = &["sum", "product"];
const BEST: &[&str] = &["max", "max_by", "max_by_key", "min", "min_by", "min_by_key", "reduce"];
const ORDERS: &[&str] = &[
    "sort_by",
    "sort_by_key",
    "sort_by_cached_key",
    "sort_unstable_by",
    "sort_unstable_by_key",
    "sorted_by",
    "sorted_by_key",
    "group_by",
    "chunk_by",
    "into_group_map_by",
];

/// Whether a method of that name makes one of many, or an order.
pub(super) fn is_aggregation(name: &str) -> bool {
    SUMS.contains(&name) || BEST.contains(&name) || ORDERS.contains(&name) || name == "fold"
}

impl Provenance<'_> {
    pub(super) fn aggregation(&self, id: ExprId) -> Option<Evidence> {
        let Expr::MethodCall(receiver, name, arguments) = self.body.expr(id) else { return None };
        let value = self.value(*receiver);
        let name = name.as_str();
        let sums = SUMS.contains(&name) && arguments.is_empty();
        let folds = name == "fold" && arguments.get(1).is_some_and(|with| self.is_calculation(*with));
        let best = folds || BEST.contains(&name) && self.is_of_many(name, arguments);
        let orders = ORDERS.contains(&name) && !arguments.is_empty();
        let collected =
            orders && value.origin != Origin::Technical && Nature::holds_core(self.project, self.types.ty(*receiver));
        let data = is_data(value.origin) || collected;
        if !data || !(sums || best || orders) || self.is_technical_end(id) {
            return None;
        }
        if !orders && self.fate(id) == Fate::Dropped {
            return None;
        }
        if (orders || best) && arguments.first().is_some_and(|key| self.is_plain_order(*key)) {
            return None;
        }
        let what = if sums {
            "adds up"
        } else if best {
            "takes the best of"
        } else {
            "puts in an order of its own"
        };
        let of = if is_data(value.origin) { self.said(value) } else { "values of the core".to_owned() };
        let why = format!("{what} {of}");
        let strength = if value.origin == Origin::Decision { Strength::Weak } else { Strength::Strong };
        Some(self.evidence("aggregation", strength, id, value, why))
    }

    /// `max()` of an iterator has no argument, `max(other)` of a number has one.
    fn is_of_many(&self, name: &str, arguments: &[ExprId]) -> bool {
        match name {
            "max" | "min" => arguments.is_empty(),
            _ => {
                arguments.iter().any(|argument| matches!(self.body.expr(*argument), Expr::Closure(..) | Expr::Path(_)))
            }
        }
    }

    /// `sort_by_key(|(name, _)| *name)`: the text by which an entry is known.
    fn is_part_of_entry(&self, key: ExprId) -> bool {
        match self.body.expr(key) {
            Expr::Unary(_, inner) | Expr::Reference(_, inner) => self.is_part_of_entry(*inner),
            Expr::MethodCall(inner, name, arguments) if arguments.is_empty() && is_transparent(name) => {
                self.is_part_of_entry(*inner)
            }
            Expr::Path(name) => self.local(key).is_some() && (is_identity(name) || self.nature(key) == Nature::Text),
            _ => false,
        }
    }

    /// Whether an order goes by names, identifiers or times of record: that serves the eye.
    fn is_plain_order(&self, key: ExprId) -> bool {
        let Expr::Closure(_, body) = self.body.expr(key) else { return false };
        if self.is_part_of_entry(*body) {
            return true;
        }
        let span = self.body.node(*body).span;
        let inside = |id: ExprId| {
            let at = self.body.node(id).span;
            at.start >= span.start && at.end <= span.end
        };
        let shows = |expr: &Expr| match expr {
            Expr::Field(..) => true,
            Expr::MethodCall(_, name, arguments) => arguments.is_empty() && !matches!(name.as_str(), "clone" | "cmp"),
            _ => false,
        };
        let mut fields = self.body.nodes().filter(|(id, node)| shows(&node.expr) && inside(*id));
        let mut any = false;
        let plain = fields.all(|(id, _)| {
            any = true;
            name_of(self.body, id).is_some_and(|name| {
                is_identity(name)
                    || is_record(name)
                    || self.technical.is_name(name)
                    || matches!(name.as_str(), "0" | "1" | "position" | "order")
            })
        });
        any && plain
    }
}
