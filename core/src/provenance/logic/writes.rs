//! Writing into domain values.

use super::{Evidence, Strength};
use crate::facts::body::{Body, Expr, ExprId, PatternKind, UnaryOperator};
use crate::facts::types::last_segment;
use crate::provenance::methods::{is_data, is_transparent};
use crate::provenance::technical::{is_record, is_settings};
use crate::provenance::{Local, Nature, Origin, Provenance};
use crate::types::Ty;
use smol_str::SmolStr;

/// Methods by which the standard library's containers change.
pub(super) const CHANGES: &[&str] = &[
    "append",
    "clear",
    "extend",
    "get_or_insert",
    "get_or_insert_with",
    "insert",
    "push",
    "push_back",
    "push_str",
    "remove",
    "replace",
    "retain",
    "take",
    "truncate",
];

impl Provenance<'_> {
    pub(super) fn write(&self, id: ExprId) -> Option<Evidence> {
        if let Expr::Struct(path, fields, Some(rest)) = self.body.expr(id) {
            return self.changed_copy(id, path, fields, *rest);
        }
        if let Some(evidence) = self.changed(id) {
            return Some(evidence);
        }
        let Expr::Assign(_, target, value) = self.body.expr(id) else { return None };
        let Expr::Field(base, name) = self.body.expr(*target) else { return None };
        let root = self.local(root(self.body, *base)?)?;
        if !is_data(root.value.origin) || self.technical.is_name(name) || self.is_settings(*base) {
            return None;
        }
        let nature = self.nature(*base);
        let recorded =
            is_record(name) && matches!(self.value(*value).origin, Origin::Clock | Origin::Domain | Origin::Unknown);
        let strength = match nature {
            Nature::Core | Nature::Own | Nature::Other if recorded => Strength::Weak,
            Nature::Own if self.is_answer(*base) && !self.is_written_down(*value) => return None,
            // A value that this function puts together itself is its answer, or a request to others.
            Nature::Own | Nature::Other if self.is_built_here(root) => return None,
            Nature::Own if root.value.origin == Origin::Decision => return None,
            Nature::Core | Nature::Own => Strength::Strong,
            Nature::Other => Strength::Weak,
            _ => return None,
        };
        let why = format!("writes `{name}` of {}", self.said(root.value));
        Some(self.evidence("write", strength, id, root.value, why))
    }

    /// `mem::replace(&mut order.status, Status::Paid)`, `order.tags.push(tag)`
    fn changed(&self, id: ExprId) -> Option<Evidence> {
        let place = match self.body.expr(id) {
            Expr::Call(callee, arguments) => {
                let swaps = matches!(self.body.expr(*callee), Expr::Path(path)
                    if matches!(last_segment(path), "replace" | "swap" | "take"));
                let Expr::Reference(true, inner) = self.body.expr(*arguments.first().filter(|_| swaps)?) else {
                    return None;
                };
                *inner
            }
            // What is taken out to be used is moved, unless what is left goes on without it.
            Expr::MethodCall(receiver, name, _)
                if name == "take" && self.is_valued(id) && !self.goes_on_without(id, *receiver) =>
            {
                return None;
            }
            Expr::MethodCall(receiver, name, _) if CHANGES.contains(&name.as_str()) => *receiver,
            _ => return None,
        };
        let Expr::Field(base, name) = self.body.expr(place) else { return None };
        let root = self.local(root(self.body, *base)?)?;
        let core = self.nature(*base) == Nature::Core && is_data(root.value.origin);
        if !core || self.technical.is_part_of_core(name) || self.is_built_here(root) {
            return None;
        }
        let why = format!("changes `{name}` of {}", self.said(root.value));
        Some(self.evidence("write", Strength::Strong, id, root.value, why))
    }

    /// Whether the value that a part was taken out of is passed on whole later, and not together with the part.
    fn goes_on_without(&self, taken: ExprId, place: ExprId) -> bool {
        let Some(local) = root(self.body, place).and_then(|root| self.local(root)) else { return false };
        let after = self.body.node(taken).span.end;
        let later = |used: &&ExprId| self.body.node(**used).span.start >= after;
        let parts: Vec<ExprId> = std::iter::successors(Some(taken), |at| self.parent(*at))
            .flat_map(|at| self.bound_from(at))
            .flat_map(|part| part.uses.iter().copied())
            .collect();
        let mut passed = local.uses.iter().filter(later).filter_map(|used| self.passed_to(*used));
        passed.any(|call| !parts.iter().any(|part| self.is_inside(*part, call)))
    }

    /// The call or struct that a variable goes into whole.
    fn passed_to(&self, used: ExprId) -> Option<ExprId> {
        let parent = self.parent(used)?;
        match self.body.expr(parent) {
            Expr::Reference(_, _) => self.passed_to(parent),
            Expr::MethodCall(receiver, name, arguments) if *receiver == used => {
                (arguments.is_empty() && is_transparent(name)).then(|| self.passed_to(parent))?
            }
            Expr::MethodCall(..) | Expr::Call(..) | Expr::Struct(..) => Some(parent),
            _ => None,
        }
    }

    /// Whether something is done with an expression's value.
    fn is_valued(&self, id: ExprId) -> bool {
        match self.parent(id).map(|parent| (parent, self.body.expr(parent))) {
            Some((_, Expr::Block(statements, valued))) => *valued && statements.last() == Some(&id),
            Some((_, Expr::Let(pattern, ..))) => !matches!(self.body.pattern(*pattern).kind, PatternKind::Wild),
            Some(_) => true,
            None => false,
        }
    }

    /// `Order { status: Status::Paid, ..order }`
    fn changed_copy(&self, id: ExprId, path: &str, fields: &[(SmolStr, ExprId)], rest: ExprId) -> Option<Evidence> {
        let value = self.value(rest);
        let (name, _) = fields.iter().find(|(name, _)| !self.technical.is_name(name) && !is_record(name))?;
        // To what this function puts together itself, what it was given is one more part.
        let built = (self.builds(rest) || self.local(rest).is_some_and(|local| self.is_built_here(local)))
            && !fields.iter().any(|(_, value)| self.is_written_down(*value));
        if built || !is_data(value.origin) || !self.is_core_type(path) {
            return None;
        }
        let why = format!("writes `{name}` of a copy of {}", self.said(value));
        Some(self.evidence("write", Strength::Strong, id, value, why))
    }

    fn is_written_down(&self, value: ExprId) -> bool {
        matches!(self.value(value).origin, Origin::Literal | Origin::Constant)
    }

    /// Whether a type is made to be shown or sent: filling it in is mapping.
    fn is_answer(&self, base: ExprId) -> bool {
        matches!(self.types.ty(base).referent(), Ty::Item(named)
            if ["Dto", "DTO", "Reply", "Response", "View", "ViewModel"].iter().any(|end| named.name.ends_with(end)))
    }

    fn is_settings(&self, base: ExprId) -> bool {
        matches!(self.types.ty(base).referent(), Ty::Item(named) if is_settings(&named.name))
    }

    /// Whether a variable holds what this function put together itself.
    fn is_built_here(&self, local: &Local) -> bool {
        local.from.is_some_and(|from| self.builds(from))
    }

    fn builds(&self, at: ExprId) -> bool {
        let makes = |name: &str| {
            let first = name.split('_').next().unwrap_or(name);
            matches!(
                first,
                "new" | "default" | "with" | "builder" | "build" | "create" | "make" | "from" | "into" | "prepare"
            ) || name.starts_with("default_")
                || name == "try_new"
        };
        match self.body.expr(at) {
            Expr::Struct(..) => true,
            Expr::Call(callee, _) => {
                matches!(self.body.expr(*callee), Expr::Path(path) if makes(last_segment(path)))
            }
            Expr::MethodCall(receiver, name, _) => makes(name) || self.builds(*receiver),
            Expr::Try(inner) | Expr::Await(inner) | Expr::Typed(inner, _) => self.builds(*inner),
            _ => false,
        }
    }
}

/// The variable at the bottom of a place.
fn root(body: &Body, place: ExprId) -> Option<ExprId> {
    match body.expr(place) {
        Expr::Path(name) if name != "self" => Some(place),
        Expr::Field(inner, _)
        | Expr::Index(inner, _)
        | Expr::Reference(_, inner)
        | Expr::Unary(UnaryOperator::Dereference, inner) => root(body, *inner),
        _ => None,
    }
}

/// The variable that a write goes into, to put what is written into one together.
pub(super) fn written_variable<'a>(of: &'a Provenance<'_>, write: ExprId) -> Option<&'a str> {
    let Expr::Assign(_, target, _) = of.body.expr(write) else { return None };
    let local = of.local(root(of.body, *target)?)?;
    Some(local.name.as_str())
}
