//! What functions return.

use super::methods::{
    TESTS, is_calculation, is_clock, is_closure_method, is_data, is_guard, is_mapping, is_statement, is_transparent,
    name_of,
};
use super::walk::{Walk, is_constant_name};
use super::{Nature, Origin, Value, Way};
use crate::facts::body::{Expr, ExprId, UnaryOperator};
use crate::facts::types::last_segment;
use crate::facts::{ItemKind, PathType, Type, TypeKind};
use crate::link::{FunctionRef, RoleKind};
use crate::types::Ty;
use smol_str::SmolStr;

impl Walk<'_, '_> {
    /// Whether what a function returns is technical: by its type, or a number by the function's name.
    fn is_technical_result(&self, id: ExprId, name: &str) -> bool {
        if self.out.nature(id) == Nature::Technical {
            return true;
        }
        // A limit of time brings what it is set to.
        if name == "timeout" {
            return false;
        }
        // Who waits for it and what may fail on the way say nothing about what comes.
        let ty = settled(self.out.types.ty(id));
        match Nature::of(self.owner.project, ty) {
            Nature::Number | Nature::Period | Nature::Flag | Nature::Moment | Nature::Other => {
                let whole = matches!(ty, Ty::Unknown | Ty::Primitive(_) | Ty::Outside(_));
                whole && self.owner.technical.is_name(name) && !Nature::holds_core(self.owner.project, ty)
            }
            _ => false,
        }
    }

    pub(super) fn received(&mut self, id: ExprId, name: &str) -> Value {
        let name = last_segment(name);
        let number = Nature::of(self.owner.project, settled(self.out.types.ty(id))) == Nature::Number;
        if is_clock(name) && !number {
            let step = Some(self.step(id, Way::Clock, None));
            return Value { origin: Origin::Clock, step };
        }
        // How many rows a statement has changed says whether it worked.
        let technical = self.is_technical_result(id, name) || (number && is_statement(name));
        let origin = if technical { Origin::Technical } else { Origin::Received };
        let step = Some(self.step(id, Way::Port(name.into()), None));
        Value { origin, step }
    }

    /// What a method of a trait of the project returns: of data it is a part, of a collaborator a thing.
    pub(super) fn of_port(&mut self, id: ExprId, name: &SmolStr, on: Value) -> Value {
        match on.origin {
            Origin::Domain | Origin::Received | Origin::Decision => {
                let step = Some(self.step(id, Way::Core(name.clone()), on.step));
                Value { origin: Origin::Decision, step }
            }
            Origin::Technical => on,
            _ => self.received(id, name),
        }
    }

    /// What a function of the project returns.
    pub(super) fn of_function(
        &mut self,
        id: ExprId,
        function: FunctionRef,
        path: &str,
        on: Option<Value>,
        passed: Value,
    ) -> Value {
        let project = self.owner.project;
        let name: SmolStr = last_segment(path).into();
        let role = project.module(function.item.module).role_kind();
        let of_core = role == Some(RoleKind::Core) && on.is_some_and(|on| is_data(on.origin));
        let technical = if of_core { self.owner.technical.is_part_of_core(&name) } else { true };
        if technical && self.is_technical_result(id, &name) {
            return Value { origin: Origin::Technical, step: on.and_then(|on| on.step) };
        }
        if self.owner.code.contains(&function) {
            let asked = on.filter(|on| is_data(on.origin)).unwrap_or_default();
            return self.of_helper(id, name, passed.joined(asked));
        }
        match (role, on) {
            (Some(RoleKind::Core), on) => self.of_core(id, function, name, on),
            (Some(RoleKind::Other | RoleKind::Shell) | None, Some(on))
                if is_data(on.origin) && !self.may_reach_world(function) =>
            {
                self.part(id, name, on)
            }
            (Some(RoleKind::Other) | None, None) if !self.may_reach_world(function) => {
                let origin = match self.out.nature(id) {
                    Nature::Flag if is_data(passed.origin) => Origin::Decision,
                    nature if nature.is_scalar() || nature == Nature::Flag || !is_data(passed.origin) => passed.origin,
                    _ => Origin::Received,
                };
                let step = Some(self.step(id, Way::Helper(name), passed.step));
                Value { origin, step }
            }
            (_, Some(on)) if on.origin == Origin::Technical => on,
            _ => self.received(id, &name),
        }
    }

    fn part(&mut self, id: ExprId, name: SmolStr, on: Value) -> Value {
        if self.out.nature(id) == Nature::Flag {
            let step = Some(self.step(id, Way::Core(name), on.step));
            return Value { origin: Origin::Decision, step };
        }
        let step = Some(self.step(id, Way::Field(name), on.step));
        Value { origin: Origin::Domain, step }
    }

    /// Functions that may fail or wait are taken to reach the world.
    fn may_reach_world(&self, function: FunctionRef) -> bool {
        self.owner.project.function(function).is_none_or(|declared| {
            declared.is_async
                || declared
                    .output
                    .as_ref()
                    .and_then(|output| output.path())
                    .is_some_and(|path| path.last().ends_with("Result"))
        })
    }

    fn of_helper(&mut self, id: ExprId, name: SmolStr, passed: Value) -> Value {
        let origin = match self.out.nature(id) {
            // Whether its decision is one that belongs here is judged where it is made.
            Nature::Flag => Origin::Decision,
            _ if self.is_enum(id) => Origin::Decision,
            Nature::Technical => Origin::Technical,
            Nature::Failure => Origin::Failure,
            Nature::Number | Nature::Text | Nature::Moment | Nature::Period => passed.origin,
            _ => Origin::Received,
        };
        // What a helper loads is not a part of what it is asked for.
        let from = if is_data(origin) && origin != passed.origin { None } else { passed.step };
        let step = Some(self.step(id, Way::Helper(name), from));
        Value { origin, step }
    }

    /// Whether a method is called on something called `status`.
    fn asks_status(&self, id: ExprId) -> bool {
        let Expr::MethodCall(receiver, ..) = self.body.expr(id) else { return false };
        name_of(self.body, *receiver).is_some_and(|name| name.ends_with("status"))
    }

    fn of_core(&mut self, id: ExprId, function: FunctionRef, name: SmolStr, on: Option<Value>) -> Value {
        if let Some(on) = on.filter(|on| is_data(on.origin))
            && self.is_accessor(function)
        {
            let step = Some(self.step(id, Way::Field(name), on.step));
            return Value { origin: Origin::Domain, step };
        }
        let step = Some(self.step(id, Way::Core(name), None));
        let origin = match self.out.nature(id) {
            Nature::Failure => Origin::Failure,
            _ if self.makes_itself(function) => Origin::Received,
            _ => Origin::Decision,
        };
        Value { origin, step }
    }

    /// Whether a method only shows a field of its receiver.
    fn is_accessor(&self, function: FunctionRef) -> bool {
        let Some(declared) = self.owner.project.function(function) else { return false };
        let Some(body) = declared.body.as_ref().filter(|_| declared.parameters.is_empty()) else { return false };
        let Some(Expr::Block(statements, true)) = body.root().map(|root| body.expr(root)) else { return false };
        let [only] = statements.as_slice() else { return false };
        let mut at = *only;
        loop {
            at = match body.expr(at) {
                Expr::MethodCall(inner, name, arguments) if arguments.is_empty() && is_transparent(name) => *inner,
                Expr::Field(inner, _) if body.is_self(*inner) => return true,
                Expr::Reference(_, inner) | Expr::Unary(UnaryOperator::Dereference, inner) | Expr::Field(inner, _) => {
                    *inner
                }
                _ => return false,
            };
        }
    }

    /// Whether an associated function makes a value of its own type.
    fn makes_itself(&self, function: FunctionRef) -> bool {
        let project = self.owner.project;
        let Some(output) = project.function(function).and_then(|declared| declared.output.as_ref()) else {
            return false;
        };
        let ItemKind::Impl(block) = &project.item(function.item).kind else { return false };
        let own = block.self_type.referent().path().map(PathType::last).unwrap_or_default();
        names(output, own)
    }

    /// Whether a call hands out what is behind a lock: what it returns is a guard, or it is called like one
    /// that does and asks a lock, or what it returns is not known.
    fn opens_lock(&self, id: ExprId, name: &str) -> bool {
        let made = self.out.types.ty(id);
        let of_lock = || matches!(self.body.expr(id), Expr::MethodCall(receiver, ..) if self.kept(*receiver).is_some());
        matches!(made.referent(), Ty::Outside(outside) if outside.path.ends_with("Guard"))
            || is_guard(name) && (made.is_unknown() || of_lock())
    }

    /// What a function of an outside crate returns, or one that nobody knows.
    pub(super) fn of_outside(&mut self, id: ExprId, package: &str, path: &str, on: Value, passed: Value) -> Value {
        let name = last_segment(path);
        match name {
            _ if is_clock(name) && path.contains("Instant") => return Value::new(Origin::Technical),
            _ if is_clock(name) => {
                let step = Some(self.step(id, Way::Clock, None));
                return Value { origin: Origin::Clock, step };
            }
            // `Money::default()` is written down as much as `Money(0)` is.
            "default" if on.origin == Origin::Unknown && path.contains("::") => return Value::new(Origin::Literal),
            "elapsed" if is_data(on.origin) => return on,
            "len" | "count" if is_data(on.origin) => return Value { origin: Origin::Size, step: on.step },
            "elapsed" | "new_v4" | "now_v7" | "new_v7" | "random" | "spawn" | "len" | "count" | "capacity" => {
                return Value::new(Origin::Technical);
            }
            _ if TESTS.contains(&name) && is_data(on.origin) => return Value { origin: Origin::Test, step: on.step },
            _ => {}
        }
        let world = ["fs::", "env::", "process::", "net::", "thread::", "io::"];
        let of_world = package == "std" && world.iter().any(|module| path.starts_with(module));
        if of_world {
            return Value::new(Origin::Technical);
        }
        // What is behind a lock of a collaborator is the collaborator.
        if on.origin == Origin::Collaborator && self.opens_lock(id, name) {
            return on;
        }
        if self.out.nature(id) == Nature::Technical {
            return Value::new(Origin::Technical);
        }
        if on.origin == Origin::Collaborator {
            return if is_transparent(name) { on } else { self.received(id, name) };
        }
        if self.is_technical_result(id, name) && !is_constant_name(name) {
            return Value::new(Origin::Technical);
        }
        // What came of a process or a reply is the world's own.
        if matches!(name, "success" | "is_success" | "code" | "is_server_error" | "is_client_error")
            && self.asks_status(id)
        {
            return Value::new(Origin::Technical);
        }
        if is_mapping(name) && passed.origin != Origin::Unknown {
            return passed;
        }
        // A number that something outside works out is as much of the domain as what it is worked out from.
        match (on.origin, passed.origin) {
            (Origin::Literal, Origin::Unknown) => on,
            (Origin::Unknown | Origin::Literal, _) => passed,
            _ if is_closure_method(name) => Value { origin: on.origin, step: on.step },
            (Origin::Configuration | Origin::Technical | Origin::Clock, origin)
                if is_data(origin) && is_calculation(name) =>
            {
                passed
            }
            _ => on,
        }
    }
}

/// What comes of a value once it is awaited and has not failed.
fn settled(ty: &Ty) -> &Ty {
    match ty {
        Ty::Outside(outside) => match (outside.path.as_str(), outside.arguments.first()) {
            ("result::Result" | "option::Option" | "pin::Pin" | "boxed::Box", Some(inner)) => settled(inner),
            _ => ty,
        },
        Ty::Impl(bounds) | Ty::Dyn(bounds) => {
            let outputs = bounds.iter().flat_map(|bound| &bound.bindings);
            outputs.into_iter().find(|(name, _)| name == "Output").map_or(ty, |(_, output)| settled(output))
        }
        _ => ty,
    }
}

/// Whether a type is one of that name, or holds it first.
fn names(ty: &Type, own: &str) -> bool {
    match &ty.kind {
        TypeKind::Path(path) => {
            path.path == "Self" || path.last() == own || path.arguments.first().is_some_and(|inner| names(inner, own))
        }
        _ => false,
    }
}
