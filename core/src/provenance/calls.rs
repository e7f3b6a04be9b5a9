//! Calls: their arguments, and the closures among these.

use super::bind::is_enumerated;
use super::methods::is_transparent;
use super::walk::Walk;
use super::{Nature, Origin, Value};
use crate::facts::body::{Body, Expr, ExprId, PatternId};
use crate::facts::types::last_segment;
use crate::link::{FunctionRef, RoleKind};
use crate::types::Callee;
use smol_str::SmolStr;

/// Methods of the standard library that hand a closure the error.
const OF_FAILURE: &[&str] = &["inspect_err", "map_err", "or_else", "unwrap_or_else"];

impl<'p> Walk<'_, 'p> {
    pub(super) fn call(&mut self, id: ExprId, callee: ExprId, arguments: &[ExprId]) -> Value {
        let body: &'p Body = self.body;
        let Expr::Path(path) = body.expr(callee) else {
            let called = self.expr(callee);
            return self.arguments(arguments, called).joined(called);
        };
        let called = if path.contains("::") { Value::default() } else { self.expr(callee) };
        // `Box::new(|order| …)` hands on what the call around it does.
        let hands = match self.role_of_called(id) {
            Some(RoleKind::Core) => Value::new(Origin::Decision),
            _ if self.is_of_shell(id) => Value::new(Origin::Received),
            _ => self.hands,
        };
        let passed = self.arguments(arguments, hands);
        let name = last_segment(path).to_owned();
        if matches!(name.as_str(), "Some" | "Ok") {
            return passed;
        }
        if name == "Err" {
            return Value::new(Origin::Failure);
        }
        if called.origin == Origin::Collaborator {
            return self.received(id, path);
        }
        let known = self.out.types.callee(id).cloned();
        match known {
            Some(Callee::Function(function)) => {
                self.note_passed(function, arguments);
                self.of_function(id, function, path, None, passed)
            }
            Some(Callee::Trait { .. }) => self.received(id, path),
            Some(Callee::Constructor(..)) if passed.origin == Origin::Unknown => Value::new(Origin::Literal),
            Some(Callee::Constructor(..)) => passed,
            Some(Callee::Outside(package, outside)) => {
                self.of_outside(id, &package, &outside, Value::default(), passed)
            }
            _ => self.of_outside(id, "", path, Value::default(), passed),
        }
    }

    pub(super) fn method(&mut self, id: ExprId, receiver: ExprId, name: &SmolStr, arguments: &[ExprId]) -> Value {
        let on = self.expr(receiver);
        let callee = self.out.types.callee(id).cloned();
        let hands = match on.origin {
            Origin::Collaborator => Value::new(Origin::Received),
            _ => on,
        };
        self.enumerated = is_enumerated(self.body, receiver);
        let passed = self.method_arguments(name, arguments, hands);
        if self.is_own(receiver) {
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
        let enumerated = std::mem::take(&mut self.enumerated);
        let yielded = self.scoped(|this| {
            for (position, parameter) in parameters.iter().enumerate() {
                let value = hands.get(position).or(hands.last()).copied().unwrap_or_default();
                let value = match value.origin {
                    Origin::Unknown | Origin::Literal => this.by_type(*parameter, value),
                    _ => value,
                };
                if enumerated { this.bind_enumerated(*parameter, value) } else { this.bind(*parameter, value, None) }
            }
            this.expr(inner)
        });
        self.hands = around;
        yielded
    }

    /// A parameter of which only the type is known: whoever calls the closure has received it.
    fn by_type(&self, parameter: PatternId, value: Value) -> Value {
        let nature = self.out.types.binding(parameter).map(|ty| Nature::of(self.owner.project, ty));
        if matches!(nature, Some(Nature::Core | Nature::Own)) { Value::new(Origin::Received) } else { value }
    }

    fn note_passed(&mut self, function: FunctionRef, arguments: &[ExprId]) {
        if self.owner.code.contains(&function) {
            let origins = arguments.iter().map(|argument| self.out.value(*argument).origin).collect();
            self.out.passed.push((function, origins));
        }
    }

    /// The role of the function that is called; one of the core hands closures what it says.
    fn role_of_called(&self, id: ExprId) -> Option<RoleKind> {
        match self.out.types.callee(id) {
            Some(Callee::Function(function)) => self.owner.project.module(function.item.module).role_kind(),
            _ => None,
        }
    }

    fn is_of_shell(&self, id: ExprId) -> bool {
        match self.out.types.callee(id) {
            Some(Callee::Function(function)) => {
                let role = self.owner.project.module(function.item.module).role_kind();
                !self.owner.code.contains(function) && role != Some(RoleKind::Core)
            }
            Some(Callee::Trait { .. }) => true,
            _ => false,
        }
    }
}
