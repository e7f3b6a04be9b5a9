//! Numbers that are chosen here and given to the core, and defaults that mean something.

use super::{Evidence, Strength};
use crate::facts::body::{BinaryOperator, Expr, ExprId, LiteralKind, UnaryOperator};
use crate::facts::types::last_segment;
use crate::facts::{ItemKind, StaticItem, StructItem, Type};
use crate::link::{ItemRef, ModuleId, RoleKind, Space, Target};
use crate::provenance::technical::{is_identifier, is_settings};
use crate::provenance::{Nature, Origin, Provenance, Way};
use crate::types::Callee;

impl Provenance<'_> {
    pub(super) fn constant(&self, id: ExprId) -> Vec<Evidence> {
        match self.body.expr(id) {
            Expr::Struct(path, fields, _) if self.is_core_type(path) && !is_settings(last_segment(path)) => {
                let chosen = fields.iter().filter(|(name, value)| self.may_hold_policy(name) && self.is_policy(*value));
                chosen.map(|(name, value)| self.chosen(*value, &format!("chooses `{name}` of a core value"))).collect()
            }
            Expr::Call(_, arguments) | Expr::MethodCall(_, _, arguments) => self.given_to_core(id, arguments),
            Expr::If(condition, ..) => self.chosen_between(id, *condition).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    fn chosen(&self, at: ExprId, why: &str) -> Evidence {
        self.evidence("constant", Strength::Strong, at, self.value(at), why.to_owned())
    }

    fn may_hold_policy(&self, name: &str) -> bool {
        !self.technical.is_name(name)
            && !is_identifier(name)
            && !matches!(name, "version" | "schema_version" | "revision")
    }

    fn given_to_core(&self, id: ExprId, arguments: &[ExprId]) -> Vec<Evidence> {
        let core = |module| self.project.module(module).has_role(RoleKind::Core);
        let taker = match self.types.callee(id) {
            Some(Callee::Function(function)) if core(function.item.module) => {
                let declared = self.project.function(*function);
                declared.map(|declared| declared.name.to_string()).unwrap_or_default()
            }
            Some(Callee::Constructor(item, _)) if self.is_project_core(*item) => {
                self.project.item(*item).name.to_string()
            }
            _ => return Vec::new(),
        };
        let chosen = arguments.iter().filter(|argument| {
            let named = self.parameter_name(id, **argument, arguments);
            named.is_none_or(|name| self.may_hold_policy(&name)) && self.is_policy(**argument)
        });
        chosen
            .map(|argument| self.chosen(*argument, &format!("gives the core's `{taker}` a number that it chooses")))
            .collect()
    }

    fn is_project_core(&self, item: ItemRef) -> bool {
        (item.module.0 as usize) < self.project.modules.len()
            && self.project.module(item.module).has_role(RoleKind::Core)
            && !is_settings(&self.project.item(item).name)
    }

    pub(super) fn is_core_type(&self, path: &str) -> bool {
        let module = self.function.item.module;
        match self.project.names().type_item(module, path) {
            Target::Item(item) => self.is_project_core(item),
            _ => false,
        }
    }

    /// Whether an expression is a number or length of time that means something: a literal other than
    /// 0 and 1, a constant that the core doesn't declare, or what is put together from such.
    fn is_policy(&self, at: ExprId) -> bool {
        match self.body.expr(at) {
            Expr::Literal(LiteralKind::Integer | LiteralKind::Float, _) => !self.is_trivial(at),
            Expr::Binary(BinaryOperator::Sum | BinaryOperator::Product, left, right) => {
                let written = |at: ExprId| matches!(self.value(at).origin, Origin::Literal | Origin::Constant);
                written(*left) && written(*right) && (self.is_policy(*left) || self.is_policy(*right))
            }
            Expr::Path(path) => self.value(at).origin == Origin::Constant && self.is_own_number(path),
            Expr::Unary(UnaryOperator::Negate, inner) | Expr::Typed(inner, _) | Expr::Reference(_, inner) => {
                self.is_policy(*inner)
            }
            Expr::Call(callee, arguments) => {
                let wraps = matches!(self.body.expr(*callee), Expr::Path(path) if last_segment(path) == "Some");
                let length = self.nature(at) == Nature::Period || self.names_length(*callee);
                (wraps || length) && arguments.iter().any(|argument| self.is_policy(*argument))
            }
            _ => false,
        }
    }

    fn names_length(&self, callee: ExprId) -> bool {
        matches!(self.body.expr(callee), Expr::Path(path) if path.rsplit("::").nth(1).is_some_and(|holder| {
            holder == "Duration" || holder == "TimeDelta"
        }))
    }

    /// Whether a constant is a number or length of time that this side of the project declares.
    fn is_own_number(&self, path: &str) -> bool {
        let module = self.function.item.module;
        let found = self.project.names().resolve(module, path, Space::Values).target;
        let Target::Item(item) = found else { return false };
        let outer = self.project.module(item.module).role.is_none_or(|role| role.kind != RoleKind::Core);
        let number = match &self.project.item(item).kind {
            ItemKind::Constant(ty) | ItemKind::Static(StaticItem { ty, mutable: false, .. }) => {
                ty.referent().path().is_some_and(|path| {
                    let number = matches!(path.last(), "Duration" | "TimeDelta" | "Decimal");
                    number || path.path.starts_with(['u', 'i', 'f']) || self.is_core_struct(item.module, &path.path)
                })
            }
            _ => false,
        };
        outer && number && !self.technical.is_name(last_segment(path))
    }

    /// Whether a path names a struct of the core: a constant of that type is a value of the domain. One that
    /// wraps a text is a name.
    fn is_core_struct(&self, module: ModuleId, path: &str) -> bool {
        match self.project.names().type_item(module, path) {
            Target::Item(item) => {
                let of_text = |fields: &StructItem| {
                    !fields.fields.is_empty() && fields.fields.iter().all(|field| is_text(&field.ty))
                };
                self.is_project_core(item)
                    && matches!(&self.project.item(item).kind, ItemKind::Struct(fields) if !of_text(fields))
            }
            _ => false,
        }
    }

    /// `if core_says { 0.5 } else { CAUTIOUS }`: a number that is chosen by what is known of the domain.
    fn chosen_between(&self, id: ExprId, condition: ExprId) -> Option<Evidence> {
        let Expr::If(_, then, Some(otherwise)) = self.body.expr(id) else { return None };
        let about = self.value(condition);
        let known = match about.origin {
            Origin::Decision | Origin::Domain | Origin::Received => true,
            Origin::Test => self
                .way(about)
                .iter()
                .any(|step| matches!(step.way, Way::Field(_) | Way::Core(_) | Way::Port(_) | Way::Parameter(_))),
            _ => false,
        };
        if !known || self.is_technical_end(id) {
            return None;
        }
        let chosen = [*then, *otherwise]
            .into_iter()
            .filter_map(|branch| self.tail(branch))
            .find(|tail| self.is_policy(*tail))?;
        Some(self.chosen(chosen, "a number that is chosen here by what is known of the domain"))
    }

    /// The value that a branch ends with.
    pub(super) fn tail(&self, branch: ExprId) -> Option<ExprId> {
        match self.body.expr(branch) {
            Expr::Block(statements, true) => self.tail(*statements.last()?),
            Expr::Block(..) => None,
            _ => Some(branch),
        }
    }

    /// `rate.unwrap_or(0.2)`: a default of domain data that is neither nothing nor one. Of what a port
    /// returned only a named number counts: how the world is asked has many defaults.
    pub(super) fn default(&self, id: ExprId) -> Option<Evidence> {
        let Expr::MethodCall(receiver, name, arguments) = self.body.expr(id) else { return None };
        let default = match (name.as_str(), arguments.first()?) {
            ("unwrap_or" | "map_or", default) => *default,
            ("unwrap_or_else", closure) => match self.body.expr(*closure) {
                Expr::Closure(_, inner) => self.tail(*inner)?,
                _ => return None,
            },
            _ => return None,
        };
        let value = self.value(*receiver);
        let named = matches!(self.body.expr(default), Expr::Path(_));
        let known = value.origin == Origin::Domain || value.origin == Origin::Received && named;
        if !known || !self.is_policy(default) || self.is_technical_end(id) {
            return None;
        }
        let why = format!("chooses what holds without {}", self.said(value));
        Some(self.evidence("default", Strength::Weak, id, value, why))
    }
}

/// `String`, `&'static str`, `Cow<'static, str>`
fn is_text(ty: &Type) -> bool {
    ty.referent().path().is_some_and(|path| match path.last() {
        "String" | "str" => true,
        "Cow" | "Box" | "Arc" => path.arguments.iter().any(is_text),
        _ => false,
    })
}
