//! Whether something serves a technical end: a page, a pause, a retry, a log.

use crate::facts::body::{Expr, ExprId, PatternKind};
use crate::facts::types::last_segment;
use crate::provenance::methods::name_of;
use crate::provenance::{Fate, Provenance};
use crate::types::Callee;

/// Functions that wait.
const WAITS: &[&str] =
    &["sleep", "sleep_until", "timeout", "timeout_at", "interval", "interval_at", "delay_for", "with_capacity"];

impl Provenance<'_> {
    /// Whether nothing comes of the value of an expression but something technical.
    pub(super) fn is_technical_end(&self, id: ExprId) -> bool {
        matches!(self.fate(id), Fate::Told) || self.ends_technical(id)
    }

    fn ends_technical(&self, id: ExprId) -> bool {
        let mut at = id;
        while let Some(parent) = self.parent(at) {
            match self.body.expr(parent) {
                Expr::Let(pattern, _, _) => {
                    return matches!(&self.body.pattern(*pattern).kind,
                        PatternKind::Binding(name, _) if self.technical.is_end(name));
                }
                Expr::Assign(_, target, _) => {
                    return name_of(self.body, *target).is_some_and(|name| self.technical.is_end(name));
                }
                Expr::Struct(_, fields, _) => {
                    let field = fields.iter().find(|(_, value)| *value == at);
                    return field.is_some_and(|(name, _)| self.technical.is_name(name));
                }
                Expr::Call(callee, arguments) if *callee != at => {
                    let name = name_of(self.body, *callee).map(|name| last_segment(name)).unwrap_or_default();
                    if WAITS.contains(&name)
                        || self.technical.is_name(name)
                        || self.is_technical_parameter(parent, at, arguments)
                    {
                        return true;
                    }
                }
                Expr::MethodCall(receiver, name, arguments)
                    if *receiver != at
                        && (WAITS.contains(&name.as_str()) || self.is_technical_parameter(parent, at, arguments)) =>
                {
                    return true;
                }
                Expr::Index(base, _) if *base != at => return true,
                Expr::Block(..) | Expr::Closure(..) | Expr::If(..) | Expr::Match(..) | Expr::Loop(..) => return false,
                _ => {}
            }
            at = parent;
        }
        false
    }

    /// Whether the function that is called says by a parameter's name that it is technical.
    fn is_technical_parameter(&self, call: ExprId, argument: ExprId, arguments: &[ExprId]) -> bool {
        self.parameter_name(call, argument, arguments).is_some_and(|name| self.technical.is_name(&name))
    }

    /// The name of the parameter that takes an argument.
    pub(super) fn parameter_name(
        &self,
        call: ExprId,
        argument: ExprId,
        arguments: &[ExprId],
    ) -> Option<smol_str::SmolStr> {
        let position = arguments.iter().position(|one| *one == argument)?;
        let function = match self.types.callee(call)? {
            Callee::Function(function) | Callee::Trait { function, .. } => *function,
            _ => return None,
        };
        let declared = self.project.function(function)?;
        declared.parameters.get(position).map(|parameter| parameter.name.clone())
    }
}
