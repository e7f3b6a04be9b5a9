//! What the place of a value says of the values that it is made of.

use super::{Ty, Walk};
use crate::facts::body::{Body, Expr, ExprId, PatternId, PatternKind};
use smol_str::SmolStr;

impl<'p> Walk<'_, 'p> {
    /// The type that the receiver of a method has, if what comes out is `expected`: of `text.parse().unwrap()`
    /// the type of `text.parse()`. Asked only where something else would say nothing.
    pub(super) fn receiver_hint(&self, receiver: ExprId, name: &SmolStr, expected: &Ty) -> Ty {
        if expected.is_unknown() {
            return Ty::Unknown;
        }
        match name.as_str() {
            "collect" if self.is_mapped(receiver) => match item_of(expected) {
                Ty::Unknown => Ty::Unknown,
                item => Ty::that_is("iter::Iterator", "Item", item),
            },
            _ if !self.is_converted(receiver) => Ty::Unknown,
            "expect" | "unwrap" | "unwrap_or" | "unwrap_or_default" | "unwrap_or_else" => {
                match self.body.expr(receiver) {
                    Expr::MethodCall(_, before, _) if before == "ok" => {
                        Ty::std("option::Option", vec![expected.clone()])
                    }
                    _ => result_of(expected),
                }
            }
            "inspect" | "inspect_err" | "map_err" | "or" | "or_else" => match expected.as_std() {
                Some(("result::Result", [value, _])) => result_of(value),
                _ => Ty::Unknown,
            },
            "ok" => match expected.as_std() {
                Some(("option::Option", [value])) => result_of(value),
                _ => Ty::Unknown,
            },
            _ => Ty::Unknown,
        }
    }

    /// The same, where a closure says what type it takes: of `text.parse().map(|price: Price| …)`.
    pub(super) fn taken_hint(&mut self, receiver: ExprId, name: &SmolStr, arguments: &[ExprId]) -> Ty {
        let body: &'p Body = self.body;
        let takes = matches!(
            name.as_str(),
            "and_then" | "inspect" | "is_ok_and" | "is_some_and" | "map" | "map_or" | "map_or_else"
        );
        let Some(Expr::Closure(parameters, _)) = arguments.last().filter(|_| takes).map(|last| body.expr(*last)) else {
            return Ty::Unknown;
        };
        let ([parameter], true) = (parameters.as_slice(), self.is_converted(receiver)) else { return Ty::Unknown };
        let Some(annotated) = body.annotation(*parameter) else { return Ty::Unknown };
        let taken = self.types.lower(self.site, annotated);
        let taken = if name == "inspect" { taken.referent().clone() } else { taken };
        match body.expr(receiver) {
            Expr::MethodCall(_, before, _) if before == "ok" => Ty::std("option::Option", vec![taken]),
            _ => result_of(&taken),
        }
    }

    /// Whether a value is what a conversion made that only its place tells the target of, with its error changed
    /// or not.
    pub(super) fn is_converted(&self, mut id: ExprId) -> bool {
        let body: &'p Body = self.body;
        while let Expr::MethodCall(receiver, name, _) = body.expr(id) {
            match name.as_str() {
                "parse" | "try_into" => return true,
                "inspect" | "inspect_err" | "map_err" | "ok" | "or" | "or_else" => id = *receiver,
                _ => return false,
            }
        }
        false
    }

    /// The type of what a pattern is matched with, where the pattern alone tells it: `Ok(Version(number))`.
    pub(super) fn matched_hint(&mut self, value: ExprId, pattern: PatternId) -> Ty {
        if self.is_converted(value) { self.type_of_pattern(pattern) } else { Ty::Unknown }
    }

    fn type_of_pattern(&mut self, id: PatternId) -> Ty {
        let body: &'p Body = self.body;
        let pattern = body.pattern(id);
        let (path, parts) = match &pattern.kind {
            PatternKind::TupleStruct(path, parts) => (path, parts.as_slice()),
            PatternKind::Struct(path, _) | PatternKind::Path(path) => (path, [].as_slice()),
            _ => return Ty::Unknown,
        };
        let Some(shape) = self.shape(path, pattern.span, Vec::new(), &Ty::Unknown) else { return Ty::Unknown };
        let made = self.declared_type(shape.item);
        let mut substitution = self.types.arguments_of(shape.item, &shape.arguments);
        let fields = self.types.fields_of(shape.item, shape.variant);
        if fields.len() == parts.len() {
            for ((_, field), part) in fields.iter().zip(parts) {
                let part = self.type_of_pattern(*part);
                self.types.unify(field, &part, &mut substitution);
            }
        }
        self.types.closed(&made, &substitution)
    }

    fn is_mapped(&self, id: ExprId) -> bool {
        matches!(self.body.expr(id), Expr::MethodCall(_, name, _) if name == "map")
    }
}

fn result_of(value: &Ty) -> Ty {
    Ty::std("result::Result", vec![value.clone(), Ty::Unknown])
}

/// What is collected into a type of the standard library, for those that are collected from one type alone.
fn item_of(collection: &Ty) -> Ty {
    match collection.as_std() {
        Some(("result::Result", [inner, error])) => match item_of(inner) {
            Ty::Unknown => Ty::Unknown,
            item => Ty::std("result::Result", vec![item, error.clone()]),
        },
        Some(("option::Option", [inner])) => match item_of(inner) {
            Ty::Unknown => Ty::Unknown,
            item => Ty::std("option::Option", vec![item]),
        },
        Some((
            "vec::Vec"
            | "collections::BTreeSet"
            | "collections::BinaryHeap"
            | "collections::HashSet"
            | "collections::VecDeque",
            [item],
        )) => item.clone(),
        Some(("collections::BTreeMap" | "collections::HashMap", [key, value])) => {
            Ty::Tuple([key.clone(), value.clone()].into())
        }
        _ => Ty::Unknown,
    }
}
