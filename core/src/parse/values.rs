//! The values of constants and statics.

use super::Need;
use super::names::Collector;
use crate::facts::{Type, Value};
use smol_str::SmolStr;
use syn::Expr;

impl Collector<'_> {
    /// The value of a constant or static whose expression was visited before; `None` where nobody asked for it, and
    /// where nothing in it can use what it does not name.
    pub(super) fn initial_value(&mut self, name: SmolStr, ty: &Type, expr: &Expr) -> Option<Value> {
        if self.need != Need::Bodies || self.in_test() || is_plain(expr) {
            return None;
        }
        let body = super::bodies::value(&self.places, &mut self.calls, expr);
        Some(Value { item: 0, name, ty: ty.clone(), body })
    }

    /// Notes values of the item that was pushed last.
    pub(super) fn push_values(&mut self, values: impl IntoIterator<Item = Value>) {
        let scope = self.scope();
        let item = (scope.items.len() as u32).saturating_sub(1);
        scope.values.extend(values.into_iter().map(|value| Value { item, ..value }));
    }
}

/// Whether a value is data alone, or a path: tables of these may be long.
fn is_plain(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(_) | Expr::Path(_) => true,
        Expr::Array(array) => array.elems.iter().all(is_literal),
        _ => is_literal(expr),
    }
}

fn is_literal(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(_) => true,
        Expr::Array(array) => array.elems.iter().all(is_literal),
        Expr::Tuple(tuple) => tuple.elems.iter().all(is_literal),
        // `&1` may become an object.
        Expr::Reference(reference) => matches!(&*reference.expr, Expr::Array(_)) && is_literal(&reference.expr),
        Expr::Unary(negated) => is_literal(&negated.expr),
        Expr::Paren(paren) => is_literal(&paren.expr),
        Expr::Group(group) => is_literal(&group.expr),
        _ => false,
    }
}
