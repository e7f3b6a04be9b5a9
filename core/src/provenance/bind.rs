//! What variables hold: patterns, and the parameters of functions.

use super::walk::Walk;
use super::{Nature, Origin, Owner, Provenance, Value, Way, technical};
use crate::facts::body::{Body, Expr, ExprId, PatternId, PatternKind};
use crate::facts::types::last_segment;
use crate::facts::{Receiver, Type, TypeKind};
use crate::link::RoleKind;
use smol_str::SmolStr;

impl<'p> Walk<'_, 'p> {
    /// Brings the variables of a pattern into scope, which is matched with the value of an expression.
    pub(super) fn bind_from(&mut self, pattern: PatternId, value: Value, from: ExprId) {
        let body: &'p Body = self.body;
        match (&body.pattern(pattern).kind, parts_of(body, from)) {
            // The parts of a tuple that is written here come from where each comes from.
            (PatternKind::Sequence(patterns), Some(parts)) if patterns.len() == parts.len() => {
                for (pattern, part) in patterns.iter().zip(parts) {
                    let value = self.out.value(*part);
                    self.bind_from(*pattern, value, *part);
                }
            }
            _ => self.bind(pattern, value, Some(from)),
        }
    }

    pub(super) fn bind(&mut self, id: PatternId, value: Value, from: Option<ExprId>) {
        let body: &'p Body = self.body;
        let pattern = body.pattern(id);
        if let Some(from) = from {
            if matches!(body.expr(from), Expr::Range(..)) {
                return self.bind(id, Value::new(Origin::Technical), None);
            }
            if is_enumerated(body, from) {
                return self.bind_enumerated(id, value);
            }
        }
        match &pattern.kind {
            PatternKind::Binding(name, inner) => {
                let bound = self.named_value(name, id, value);
                let bound = self.with_assigned(id, bound);
                self.declare(name.clone(), bound, Some(id), from);
                if let Some(inner) = inner {
                    self.bind(*inner, value, from);
                }
            }
            PatternKind::TupleStruct(path, parts) => {
                let inside = Self::inside(path, value);
                for part in parts {
                    self.bind(*part, inside, from);
                }
            }
            PatternKind::Struct(path, parts) => {
                let inside = Self::inside(path, value);
                let core = self.role_of(path) == Some(RoleKind::Core);
                for (name, part) in parts {
                    let value = self.field_value(name, inside, core);
                    self.bind(*part, value, from);
                }
            }
            PatternKind::Sequence(parts) => {
                for part in parts {
                    let value =
                        if self.is_technical_part_of_tuple(*part) { Value::new(Origin::Technical) } else { value };
                    self.bind(*part, value, from);
                }
            }
            PatternKind::Or(parts) => {
                for part in parts {
                    self.bind(*part, value, from);
                }
            }
            PatternKind::Reference(inner) => self.bind(*inner, value, from),
            _ => {}
        }
    }

    /// Binds what `enumerate` yields: a position, and an element.
    pub(super) fn bind_enumerated(&mut self, id: PatternId, value: Value) {
        let body: &'p Body = self.body;
        match &body.pattern(id).kind {
            PatternKind::Sequence(parts) => {
                for (number, part) in parts.iter().enumerate() {
                    let value = if number == 0 { Value::new(Origin::Technical) } else { value };
                    self.bind(*part, value, None);
                }
            }
            PatternKind::Reference(inner) => self.bind_enumerated(*inner, value),
            _ => self.bind(id, value, None),
        }
    }

    /// Whether a number that is taken out of a tuple is technical by its name. It is no part of a domain
    /// value, and what else is in the tuple says nothing about it.
    fn is_technical_part_of_tuple(&self, part: PatternId) -> bool {
        let PatternKind::Binding(name, None) = &self.body.pattern(part).kind else { return false };
        let may_count =
            |ty| matches!(Nature::of(self.owner.project, ty), Nature::Number | Nature::Period | Nature::Other);
        self.owner.technical.is_name(name) && self.out.types.binding(part).is_none_or(may_count)
    }

    /// What a variable of that name holds: its name may say that it is technical.
    fn named_value(&mut self, name: &SmolStr, id: PatternId, value: Value) -> Value {
        let nature = self.out.types.binding(id).map_or(Nature::Other, |ty| Nature::of(self.owner.project, ty));
        let countable =
            matches!(nature, Nature::Number | Nature::Period | Nature::Other | Nature::Flag | Nature::Moment);
        let named = match value.origin {
            // What is known to be of the domain stays so, unless it counts tries or places in a list.
            Origin::Domain => self.owner.technical.is_part_of_core(name) || technical::is_index(name),
            _ => self.owner.technical.is_name(name),
        };
        let technical = nature == Nature::Technical || (countable && named && !self.binds_many_of_core(id));
        let origin = match value.origin {
            Origin::Collaborator | Origin::Unknown | Origin::Test => value.origin,
            _ if nature == Nature::Failure => Origin::Failure,
            _ if technical => Origin::Technical,
            other => other,
        };
        let step = match origin {
            Origin::Unknown | Origin::Literal => value.step,
            _ => Some(self.step_at(self.body.pattern(id).span, Way::Bound(name.clone()), value.step)),
        };
        Value { origin, step }
    }

    /// Whether a variable holds several values of the core: those are of the domain, whatever they are called.
    fn binds_many_of_core(&self, id: PatternId) -> bool {
        self.out.types.binding(id).is_some_and(|ty| Nature::holds_core(self.owner.project, ty))
    }

    /// What stands behind a variant or tuple struct: of an `Option` or `Result` the thing itself, of
    /// everything else a part.
    fn inside(path: &str, value: Value) -> Value {
        let origin = match (last_segment(path), value.origin) {
            ("Err", _) => Origin::Failure,
            ("Some" | "Ok" | "Ready" | "Continue" | "Break", origin) => origin,
            (_, Origin::Received | Origin::Decision) => Origin::Domain,
            (_, origin) => origin,
        };
        Value { origin, ..value }
    }

    fn field_value(&self, name: &SmolStr, value: Value, core: bool) -> Value {
        let technical = &self.owner.technical;
        let is_technical = if core { technical.is_part_of_core(name) } else { technical.is_name(name) };
        let origin = match value.origin {
            Origin::Unknown | Origin::Failure => value.origin,
            _ if is_technical => Origin::Technical,
            Origin::Received | Origin::Decision | Origin::Domain => Origin::Domain,
            other => other,
        };
        Value { origin, step: value.step }
    }
}

/// What a tuple is made of: one that is written here, or what is waited for together, as in
/// `try_join!(orders.find(id), customers.get(id))?`.
fn parts_of(body: &Body, at: ExprId) -> Option<&[ExprId]> {
    match body.expr(at) {
        Expr::Tuple(parts) => Some(parts),
        Expr::Macro(name, parts) if matches!(last_segment(name), "join" | "try_join") => Some(parts),
        Expr::Try(inner) => parts_of(body, *inner).filter(|_| !matches!(body.expr(*inner), Expr::Tuple(_))),
        _ => None,
    }
}

/// Whether a chain of calls on an iterator yields positions beside its elements.
pub(super) fn is_enumerated(body: &Body, at: ExprId) -> bool {
    match body.expr(at) {
        Expr::MethodCall(_, name, _) if name == "enumerate" => true,
        Expr::MethodCall(receiver, name, _) if name == "zip" => matches!(body.expr(*receiver), Expr::Range(..)),
        Expr::MethodCall(receiver, name, _) => {
            let keeps = ["filter", "inspect", "peekable", "rev", "skip", "skip_while", "step_by", "take", "take_while"];
            keeps.contains(&name.as_str()) && is_enumerated(body, *receiver)
        }
        _ => false,
    }
}

/// How the parameters of a function are to be taken.
#[derive(Clone, Copy)]
pub(super) enum Origins {
    /// They set up the orchestrator.
    Settings,
    /// They are what it is asked for.
    Request,
}

impl Origins {
    pub(super) fn of(owner: &Owner<'_>, of: &Provenance<'_>) -> Self {
        let declared = of.declared;
        // What makes another type is asked to, and sets nothing up.
        if owner.of_self(of.function) != Origin::Collaborator {
            return Self::Request;
        }
        let returns_self = declared.output.as_ref().is_some_and(holds_self);
        let makes = declared.receiver.is_none() && returns_self;
        let changes = declared.receiver == Some(Receiver::Value) && returns_self;
        let setter = declared.receiver == Some(Receiver::Mutable) && declared.name.starts_with("set_");
        if makes || changes || setter { Self::Settings } else { Self::Request }
    }

    pub(super) fn of_parameter(self, owner: &Owner<'_>, of: &Provenance<'_>, position: usize) -> Origin {
        let parameter = &of.declared.parameters[position];
        let name = if parameter.unwrapped.is_empty() { &parameter.name } else { &parameter.unwrapped };
        let hands_on = || owner.hands_on(name, &parameter.ty) && is_behaviour(&parameter.ty);
        if owner.collaborators.contains(name) && matches!(self, Self::Settings) || hands_on() {
            return Origin::Collaborator;
        }
        if owner.technical.is_name(name) && is_plain(&parameter.ty) {
            return Origin::Technical;
        }
        if matches!(self, Self::Settings) {
            return Origin::Configuration;
        }
        if let Some(passed) = owner.origin_of_parameter(of.function, position) {
            return passed;
        }
        match of_type(&parameter.ty) {
            Some(origin) => origin,
            // What the caller hands in to be filled keeps track of a run.
            None if parameter.mutable && owner.tracks_run(of.function, &parameter.ty) => Origin::Literal,
            None if matches!(name.as_str(), "now" | "today") => Origin::Clock,
            None => Origin::Domain,
        }
    }
}

/// Words by which the types of resources end that a function is handed.
const RESOURCES: &[&str] = &["Client", "Pool", "Connection", "Sender", "Receiver", "Token", "Transaction", "Handle"];

/// What the written type of a parameter says about it.
fn of_type(ty: &Type) -> Option<Origin> {
    match &ty.kind {
        TypeKind::Reference(inner) => of_type(inner),
        TypeKind::Dyn(_) | TypeKind::Impl(_) | TypeKind::Function(..) => Some(Origin::Collaborator),
        TypeKind::Path(path) => {
            let name = path.last();
            let wrapped = || path.arguments.first().and_then(of_type);
            match name {
                "Arc" | "Box" | "Rc" | "Option" | "Vec" => wrapped(),
                "Duration" | "TimeDelta" => Some(Origin::Configuration),
                "Instant" | "PathBuf" | "Path" | "File" => Some(Origin::Technical),
                _ if technical::is_failure(name) => Some(Origin::Failure),
                _ if technical::is_settings(name) => Some(Origin::Configuration),
                _ if RESOURCES.iter().any(|end| name.ends_with(end)) => Some(Origin::Technical),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Whether a type is a number, a truth, a text or a length of time, which its name may tell more about.
fn is_plain(ty: &Type) -> bool {
    match &ty.kind {
        TypeKind::Reference(inner) | TypeKind::List(inner) => is_plain(inner),
        TypeKind::Path(path) => match path.last() {
            "Option" => path.arguments.first().is_some_and(is_plain),
            "Duration" | "TimeDelta" | "Instant" | "SystemTime" | "DateTime" | "String" | "str" | "bool" | "char" => {
                true
            }
            name => name.starts_with(['u', 'i', 'f']) || name.starts_with("NonZero"),
        },
        TypeKind::Dyn(_) | TypeKind::Impl(_) => false,
        _ => true,
    }
}

fn is_behaviour(ty: &Type) -> bool {
    match &ty.kind {
        TypeKind::Reference(inner) => is_behaviour(inner),
        TypeKind::Path(path) => !matches!(
            path.path.as_str(),
            "u8" | "u16" | "u32" | "u64" | "i32" | "i64" | "f64" | "bool" | "str" | "String"
        ),
        _ => true,
    }
}

/// Whether a type is `Self`, also in `Result`, `Option`, `Arc` and `Box`.
fn holds_self(ty: &Type) -> bool {
    ty.referent().path().is_some_and(|path| {
        path.path == "Self"
            || (matches!(path.last(), "Result" | "Option" | "Arc" | "Box" | "Rc")
                && path.arguments.iter().any(holds_self))
    })
}
