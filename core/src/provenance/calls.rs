//! What calls return.

use super::walk::{Walk, is_constant_name};
use super::{Nature, Origin, Value, Way, technical};
use crate::facts::body::{Body, Expr, ExprId, PatternId, UnaryOperator};
use crate::facts::types::last_segment;
use crate::facts::{ItemKind, TypeKind};
use crate::link::{FunctionRef, RoleKind};
use crate::types::{Callee, Ty};
use smol_str::{SmolStr, format_smolstr};

/// Methods that say whether something holds of their receiver.
pub(super) const TESTS: &[&str] = &[
    "all", "any", "contains", "contains_key", "ends_with", "eq", "eq_ignore_ascii_case", "ge", "gt", "is_empty", "is_err",
    "is_err_and", "is_match", "is_none", "is_none_or", "is_ok", "is_ok_and", "is_some", "is_some_and", "is_subset",
    "is_superset", "is_disjoint", "le", "lt", "matches", "ne", "starts_with", "is_alphabetic", "is_numeric", "is_alphanumeric",
    "is_ascii", "is_positive", "is_negative", "is_zero", "is_nan", "is_finite",
];

/// Methods of the standard library that hand a closure the error.
const OF_FAILURE: &[&str] = &["inspect_err", "map_err", "or_else", "unwrap_or_else"];

impl<'p> Walk<'_, 'p> {
    pub(super) fn call(&mut self, id: ExprId, callee: ExprId, arguments: &[ExprId]) -> Value {
        let body: &'p Body = self.body;
        let path = match body.expr(callee) {
            Expr::Path(path) => path.clone(),
            _ => {
                let called = self.expr(callee);
                return self.arguments(arguments, called).joined(called);
            }
        };
        let called = if path.contains("::") { Value::default() } else { self.expr(callee) };
        // `Box::new(|order| …)` hands on what the call around it does.
        let hands = if self.is_of_shell(id) { Value::new(Origin::Received) } else { self.hands };
        let passed = self.arguments(arguments, hands);
        let name = last_segment(&path).to_owned();
        if matches!(name.as_str(), "Some" | "Ok") {
            return passed;
        }
        if name == "Err" {
            return Value::new(Origin::Failure);
        }
        if called.origin == Origin::Collaborator {
            return self.received(id, &path);
        }
        let known = self.out.types.callee(id).cloned();
        match known {
            Some(Callee::Function(function)) => {
                self.note_passed(function, arguments);
                self.of_function(id, function, &path, None, passed)
            }
            Some(Callee::Trait { .. }) => self.received(id, &path),
            Some(Callee::Constructor(..)) => self.constructed(&path, passed),
            Some(Callee::Outside(package, outside)) => self.of_outside(id, &package, &outside, Value::default(), passed),
            _ => self.of_outside(id, "", &path, Value::default(), passed),
        }
    }

    pub(super) fn method(&mut self, id: ExprId, receiver: ExprId, name: &SmolStr, arguments: &[ExprId]) -> Value {
        let on = self.expr(receiver);
        let callee = self.out.types.callee(id).cloned();
        let hands = match on.origin {
            Origin::Collaborator => Value::new(Origin::Received),
            _ => on,
        };
        let passed = self.method_arguments(name, arguments, hands);
        if self.body.is_self(receiver) {
            return match callee {
                Some(Callee::Function(function)) => {
                    self.note_passed(function, arguments);
                    self.of_function(id, function, name, None, passed)
                }
                _ => self.received(id, name),
            };
        }
        match callee {
            Some(Callee::Function(function)) => {
                self.note_passed(function, arguments);
                self.of_function(id, function, name, Some(on), passed)
            }
            Some(Callee::Trait { .. }) => self.of_port(id, name, on),
            Some(Callee::Outside(package, path)) => self.of_outside(id, &package, &path, on, passed),
            _ if on.origin == Origin::Collaborator && !is_transparent(name) => self.received(id, name),
            _ => self.of_outside(id, "", name, on, passed),
        }
    }

    /// Evaluates arguments; closures among them are handed `hands`.
    fn arguments(&mut self, arguments: &[ExprId], hands: Value) -> Value {
        let around = std::mem::replace(&mut self.hands, hands);
        let all = self.all(arguments);
        self.hands = around;
        all
    }

    fn method_arguments(&mut self, name: &str, arguments: &[ExprId], hands: Value) -> Value {
        let body: &'p Body = self.body;
        let around = std::mem::replace(&mut self.hands, hands);
        let mut all = Value::default();
        for (position, argument) in arguments.iter().enumerate() {
            let value = match body.expr(*argument) {
                Expr::Closure(parameters, inner) => {
                    let failure = Value::new(Origin::Failure);
                    let first = if OF_FAILURE.contains(&name) || (name == "map_or_else" && position == 0) {
                        failure
                    } else if name == "fold" || name == "try_fold" || name == "scan" {
                        all
                    } else {
                        hands
                    };
                    let value = self.closure(parameters, *inner, &[first, hands]);
                    self.out.values[argument.index()] = value;
                    value
                }
                _ => self.expr(*argument),
            };
            all = all.joined(value);
        }
        self.hands = around;
        all
    }

    /// Goes through a closure whose parameters hold these values; the last one stands for all others.
    pub(super) fn closure(&mut self, parameters: &[PatternId], inner: ExprId, hands: &[Value]) -> Value {
        let around = std::mem::take(&mut self.hands);
        let yielded = self.scoped(|this| {
            for (position, parameter) in parameters.iter().enumerate() {
                let value = hands.get(position).or(hands.last()).copied().unwrap_or_default();
                let value = if value.origin == Origin::Unknown { this.by_type(*parameter) } else { value };
                this.bind(*parameter, value, None);
            }
            this.expr(inner)
        });
        self.hands = around;
        yielded
    }

    /// A parameter of which only the type is known: whoever calls the closure has received it.
    fn by_type(&self, parameter: PatternId) -> Value {
        let nature = self.out.types.binding(parameter).map(|ty| Nature::of(self.owner.project, ty));
        Value::new(if matches!(nature, Some(Nature::Core | Nature::Own)) { Origin::Received } else { Origin::Unknown })
    }

    fn note_passed(&mut self, function: FunctionRef, arguments: &[ExprId]) {
        if self.owner.code.contains(&function) {
            let origins = arguments.iter().map(|argument| self.out.value(*argument).origin).collect();
            self.out.passed.push((function, origins));
        }
    }

    /// Whether what a function returns is technical: by its type, or a number by the function's name.
    fn is_technical_result(&self, id: ExprId, name: &str) -> bool {
        match self.out.nature(id) {
            Nature::Technical => true,
            Nature::Number | Nature::Period | Nature::Flag | Nature::Moment | Nature::Other => {
                let whole = matches!(self.out.types.ty(id), Ty::Unknown | Ty::Primitive(_) | Ty::Outside(_));
                whole && self.owner.technical.is_name(name)
            }
            _ => false,
        }
    }

    fn received(&mut self, id: ExprId, name: &str) -> Value {
        let name = last_segment(name);
        let technical = self.is_technical_result(id, name);
        let origin = if technical { Origin::Technical } else { Origin::Received };
        let step = self.step(id, Way::Port(name.into()), None);
        Value { origin, step }
    }

    /// What a method of a trait of the project returns: of data it is a part, of a collaborator a thing.
    fn of_port(&mut self, id: ExprId, name: &SmolStr, on: Value) -> Value {
        match on.origin {
            Origin::Domain | Origin::Received | Origin::Decision => {
                let step = self.step(id, Way::Core(name.clone()), on.step);
                Value { origin: Origin::Decision, step }
            }
            Origin::Technical => on,
            _ => self.received(id, name),
        }
    }

    fn constructed(&self, path: &str, passed: Value) -> Value {
        let holder = path.rsplit_once("::").map_or(path, |(holder, _)| holder);
        let core = self.role_of(path).or_else(|| self.role_of(holder)) == Some(RoleKind::Core);
        match passed.origin {
            Origin::Unknown => Value::new(Origin::Literal),
            Origin::Literal | Origin::Constant | Origin::Configuration if core => passed,
            _ => passed,
        }
    }

    /// What a function of the project returns.
    fn of_function(&mut self, id: ExprId, function: FunctionRef, path: &str, on: Option<Value>, passed: Value) -> Value {
        let project = self.owner.project;
        let name: SmolStr = last_segment(path).into();
        let role = project.module(function.item.module).role.map(|role| role.kind);
        if self.is_technical_result(id, &name) {
            return Value { origin: Origin::Technical, step: on.and_then(|on| on.step) };
        }
        if self.owner.code.contains(&function) {
            return self.of_helper(id, name, passed);
        }
        match (role, on) {
            (Some(RoleKind::Core), on) => self.of_core(id, function, name, on, passed),
            (Some(RoleKind::Other) | None, Some(on)) if is_data(on.origin) => self.part(id, name, on),
            (Some(RoleKind::Other) | None, None) if !self.may_reach_world(function) => {
                let origin = match self.out.nature(id) {
                    Nature::Flag if is_data(passed.origin) => Origin::Decision,
                    nature if nature.is_scalar() || nature == Nature::Flag || !is_data(passed.origin) => passed.origin,
                    _ => Origin::Received,
                };
                let step = self.step(id, Way::Helper(name), passed.step);
                Value { origin, step }
            }
            (Some(RoleKind::Shell), Some(on)) if is_data(on.origin) => self.part(id, name, on),
            (_, Some(on)) if on.origin == Origin::Technical => on,
            _ => self.received(id, &name),
        }
    }

    fn part(&mut self, id: ExprId, name: SmolStr, on: Value) -> Value {
        if self.out.nature(id) == Nature::Flag {
            let step = self.step(id, Way::Core(name), on.step);
            return Value { origin: Origin::Decision, step };
        }
        let step = self.step(id, Way::Field(name), on.step);
        Value { origin: Origin::Domain, step }
    }

    /// Functions that may fail or wait are taken to reach the world.
    fn may_reach_world(&self, function: FunctionRef) -> bool {
        self.owner.project.function(function).is_none_or(|declared| {
            declared.is_async
                || declared.output.as_ref().and_then(|output| output.path()).is_some_and(|path| path.last().ends_with("Result"))
        })
    }

    fn of_helper(&mut self, id: ExprId, name: SmolStr, passed: Value) -> Value {
        let origin = match self.out.nature(id) {
            // Whether its decision is one that belongs here is judged where it is made.
            Nature::Flag => Origin::Decision,
            _ if self.is_enum(id) => Origin::Decision,
            Nature::Technical => Origin::Technical,
            Nature::Failure => Origin::Failure,
            Nature::Number | Nature::Text | Nature::Moment | Nature::Period => passed.origin.max(Origin::Unknown),
            _ => Origin::Received,
        };
        let step = self.step(id, Way::Helper(name), passed.step);
        Value { origin, step }
    }

    /// Whether the last step to a value is a field called `status`.
    fn is_status(&self, step: super::StepId) -> bool {
        matches!(&self.out.steps[step.0 as usize].way, Way::Field(name) | Way::Bound(name) | Way::Port(name) if name == "status")
    }

    fn of_core(&mut self, id: ExprId, function: FunctionRef, name: SmolStr, on: Option<Value>, passed: Value) -> Value {
        if let Some(on) = on.filter(|on| is_data(on.origin))
            && self.is_accessor(function)
        {
            let step = self.step(id, Way::Field(name), on.step);
            return Value { origin: Origin::Domain, step };
        }
        let from = on.and_then(|on| on.step).or(passed.step);
        let step = self.step(id, Way::Core(name), from);
        let origin = if self.makes_itself(function) { Origin::Received } else { Origin::Decision };
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
                Expr::Reference(_, inner) | Expr::Unary(UnaryOperator::Dereference, inner) => *inner,
                Expr::MethodCall(inner, name, arguments) if arguments.is_empty() && is_transparent(name) => *inner,
                Expr::Field(inner, _) if body.is_self(*inner) => return true,
                Expr::Field(inner, _) => *inner,
                _ => return false,
            };
        }
    }

    /// Whether an associated function makes a value of its own type.
    fn makes_itself(&self, function: FunctionRef) -> bool {
        let project = self.owner.project;
        let Some(output) = project.function(function).and_then(|declared| declared.output.as_ref()) else { return false };
        let ItemKind::Impl(block) = &project.item(function.item).kind else { return false };
        let own = block.self_type.referent().path().map(|path| path.last()).unwrap_or_default();
        fn names(ty: &crate::facts::Type, own: &str) -> bool {
            match &ty.kind {
                TypeKind::Path(path) => {
                    path.path == "Self" || path.last() == own || path.arguments.first().is_some_and(|inner| names(inner, own))
                }
                _ => false,
            }
        }
        names(output, own)
    }

    fn is_of_shell(&self, id: ExprId) -> bool {
        match self.out.types.callee(id) {
            Some(Callee::Function(function)) => {
                let role = self.owner.project.module(function.item.module).role.map(|role| role.kind);
                !self.owner.code.contains(function) && role != Some(RoleKind::Core)
            }
            Some(Callee::Trait { .. }) => true,
            _ => false,
        }
    }

    /// What a function of an outside crate returns, or one that nobody knows.
    fn of_outside(&mut self, id: ExprId, package: &str, path: &str, on: Value, passed: Value) -> Value {
        let name = last_segment(path);
        let full = format_smolstr!("{package}::{path}");
        match name {
            "now" | "now_utc" | "now_local" | "today" if path.contains("Instant") => return Value::new(Origin::Technical),
            "now" | "now_utc" | "now_local" | "today" => {
                let step = self.step(id, Way::Clock, None);
                return Value { origin: Origin::Clock, step };
            }
            "elapsed" if is_data(on.origin) => return on,
            "elapsed" | "new_v4" | "now_v7" | "new_v7" | "random" | "spawn" => return Value::new(Origin::Technical),
            "len" | "count" if is_data(on.origin) => return Value { origin: Origin::Size, step: on.step },
            "len" | "count" | "capacity" => return Value::new(Origin::Technical),
            _ if TESTS.contains(&name) && is_data(on.origin) => return Value { origin: Origin::Test, step: on.step },
            _ => {}
        }
        let world = ["std::fs::", "std::env::", "std::process::", "std::net::", "std::thread::", "std::io::"];
        if world.iter().any(|module| full.starts_with(module)) || self.out.nature(id) == Nature::Technical {
            return Value::new(Origin::Technical);
        }
        if on.origin == Origin::Collaborator {
            return if is_transparent(name) || self.out.types.ty(id).is_unknown() && is_guard(name) {
                self.behind_lock(id, on)
            } else {
                self.received(id, name)
            };
        }
        if self.is_technical_result(id, name) && !is_constant_name(name) {
            return Value::new(Origin::Technical);
        }
        // What came of a process or a reply is the world's own.
        if matches!(name, "success" | "is_success" | "code" | "is_server_error" | "is_client_error")
            && on.step.is_some_and(|step| self.is_status(step))
        {
            return Value::new(Origin::Technical);
        }
        if is_mapping(name) && passed.origin != Origin::Unknown {
            return passed;
        }
        // A number that something outside works out is as much of the domain as what it is worked out from.
        match (on.origin, passed.origin) {
            (Origin::Unknown | Origin::Literal, _) => passed,
            _ if is_closure_method(name) => Value { origin: on.origin, step: on.step },
            (Origin::Configuration | Origin::Technical | Origin::Clock, origin) if is_data(origin) && is_calculation(name) => passed,
            _ => on,
        }
    }

    /// What is behind a lock of the orchestrator: a collaborator's lock guards the collaborator.
    fn behind_lock(&self, _: ExprId, on: Value) -> Value {
        on
    }
}

/// Whether something comes from the domain.
pub(super) const fn is_data(origin: Origin) -> bool {
    matches!(origin, Origin::Received | Origin::Decision | Origin::Domain)
}

/// Methods that hand on their receiver.
fn is_transparent(name: &str) -> bool {
    matches!(
        name,
        "clone" | "cloned" | "copied" | "as_ref" | "as_mut" | "as_deref" | "as_str" | "as_slice" | "borrow" | "borrow_mut" | "to_owned"
            | "to_string" | "into" | "iter" | "unwrap" | "expect" | "get" | "deref" | "inner" | "by_ref"
    )
}

fn is_guard(name: &str) -> bool {
    matches!(name, "lock" | "read" | "write" | "try_lock")
}

/// Methods that yield what their closure yields.
fn is_mapping(name: &str) -> bool {
    matches!(name, "map" | "filter_map" | "flat_map" | "and_then" | "map_or" | "map_or_else" | "then" | "find_map" | "then_some")
}

/// Methods whose result is no closer to the closure's than to the receiver.
fn is_closure_method(name: &str) -> bool {
    matches!(name, "filter" | "inspect" | "sort_by" | "sort_by_key" | "take_while" | "skip_while" | "map_err" | "ok_or_else" | "ok_or")
}

pub(super) fn is_calculation(name: &str) -> bool {
    CALCULATIONS.contains(&name)
}

/// Methods that calculate.
pub(super) const CALCULATIONS: &[&str] = &[
    "abs_diff", "add", "checked_add", "checked_add_signed", "checked_div", "checked_mul", "checked_pow", "checked_rem", "checked_sub",
    "checked_add_days", "checked_sub_days", "checked_add_months", "checked_add_signed", "checked_sub_signed", "clamp", "div", "div_ceil", "div_euclid", "duration_since", "max",
    "min", "mul", "mul_add", "num_days", "overflowing_add", "overflowing_sub", "pow", "powf", "powi", "rem", "rem_euclid", "saturating_add",
    "saturating_mul", "saturating_pow", "saturating_sub", "signed_duration_since", "sqrt", "sub", "wrapping_add", "wrapping_mul", "wrapping_sub",
    "round_dp", "trunc_with_scale",
];

/// Whether a field or parameter tells things apart and says nothing about them.
pub(super) fn is_identity(name: &str) -> bool {
    technical::is_identifier(name)
}

/// The last name of an expression: of a field, a variable or a method.
pub(super) fn name_of(body: &Body, id: ExprId) -> Option<&SmolStr> {
    match body.expr(id) {
        Expr::Path(path) => Some(path),
        Expr::Field(_, name) => Some(name),
        Expr::MethodCall(receiver, name, arguments) if arguments.is_empty() && is_transparent(name) => name_of(body, *receiver),
        Expr::MethodCall(_, name, _) => Some(name),
        Expr::Reference(_, inner) | Expr::Unary(_, inner) | Expr::Try(inner) | Expr::Await(inner) | Expr::Typed(inner, _) => {
            name_of(body, *inner)
        }
        _ => None,
    }
}

