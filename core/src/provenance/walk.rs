//! The way through a body.

use super::bind::Origins;
use super::{Local, Nature, Origin, Owner, Provenance, Step, StepId, Value, Way, stronger, technical};
use crate::facts::body::{BinaryOperator, Body, Expr, ExprId, LoopKind, PatternId, UnaryOperator};
use crate::facts::types::last_segment;
use crate::facts::{Function, ItemKind};
use crate::link::{FunctionRef, RoleKind, Space, Target};
use crate::source::Span;
use crate::types::{BodyTypes, Ty};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

/// How deeply expressions may nest: the values of what is deeper are unknown.
const MOST_NESTED: u32 = 400;

/// Goes through a body.
pub(super) struct Walk<'w, 'p> {
    pub(super) owner: &'w Owner<'p>,
    pub(super) out: Provenance<'p>,
    pub(super) body: &'p Body,
    /// The variables in scope, the innermost last.
    pub(super) scope: Vec<(SmolStr, usize)>,
    /// What is assigned to variables after they were bound, as the round before saw it.
    assigned: FxHashMap<PatternId, Origin>,
    nested: u32,
    /// What the call that is being looked at hands to closures.
    pub(super) hands: Value,
    /// Whether closures of the call that is being looked at are handed positions beside elements.
    pub(super) enumerated: bool,
    /// What `self` is.
    of_self: Origin,
}

/// Looks at a body: once, and again where variables are assigned, because what a loop's end assigns
/// its beginning may use.
pub(super) fn of<'p>(
    owner: &Owner<'p>,
    function: FunctionRef,
    declared: &'p Function,
    body: &'p Body,
    types: &'p BodyTypes,
) -> Provenance<'p> {
    let first = round(owner, function, declared, body, types, FxHashMap::default());
    let mut out = if first.assigned.is_empty() {
        first.out
    } else {
        let Walk { out, assigned, .. } = first;
        round(owner, function, declared, body, out.types, assigned).out
    };
    out.find_fates();
    out
}

fn round<'w, 'p>(
    owner: &'w Owner<'p>,
    function: FunctionRef,
    declared: &'p Function,
    body: &'p Body,
    types: &'p BodyTypes,
    assigned: FxHashMap<PatternId, Origin>,
) -> Walk<'w, 'p> {
    let out = Provenance {
        project: owner.project,
        function,
        declared,
        body,
        types,
        technical: owner.technical,
        values: vec![Value::default(); body.nodes().len()],
        steps: Vec::new(),
        locals: Vec::new(),
        named: FxHashMap::default(),
        parents: super::context::parents(body),
        bound: FxHashMap::default(),
        fates: Vec::new(),
        passed: Vec::new(),
    };
    let mut walk = Walk {
        owner,
        out,
        body,
        scope: Vec::new(),
        assigned,
        nested: 0,
        hands: Value::default(),
        enumerated: false,
        of_self: owner.of_self(function),
    };
    walk.parameters();
    if let Some(root) = body.root() {
        walk.expr(root);
    }
    walk
}

impl<'p> Walk<'_, 'p> {
    pub(super) fn expr(&mut self, id: ExprId) -> Value {
        if self.nested >= MOST_NESTED {
            return Value::default();
        }
        self.nested += 1;
        let value = self.kind(id);
        self.nested -= 1;
        self.out.values[id.index()] = value;
        value
    }

    fn kind(&mut self, id: ExprId) -> Value {
        let body: &'p Body = self.body;
        match body.expr(id) {
            Expr::Path(path) => self.path(id, path),
            Expr::Literal(..) => Value::new(Origin::Literal),
            Expr::Call(callee, arguments) => self.call(id, *callee, arguments),
            Expr::MethodCall(receiver, name, arguments) => self.method(id, *receiver, name, arguments),
            Expr::Field(base, name) => self.field(id, *base, name),
            Expr::Index(base, position) => {
                self.expr(*position);
                self.expr(*base)
            }
            Expr::Unary(UnaryOperator::Not | UnaryOperator::Negate | UnaryOperator::Dereference, inner)
            | Expr::Reference(_, inner)
            | Expr::Try(inner)
            | Expr::Await(inner)
            | Expr::Async(inner)
            | Expr::Typed(inner, _) => self.expr(*inner),
            Expr::Binary(operator, left, right) => self.binary(id, *operator, *left, *right),
            Expr::Assign(_, target, value) => self.assign(*target, *value),
            Expr::Closure(parameters, inner) => {
                let hands = self.hands;
                self.closure(parameters, *inner, &[hands])
            }
            Expr::Struct(path, fields, rest) => self.literal(path, fields, *rest),
            Expr::Tuple(parts) | Expr::Array(parts) => self.all(parts),
            Expr::Range(from, to) => {
                let parts: Vec<ExprId> = from.iter().chain(to).copied().collect();
                self.all(&parts)
            }
            Expr::Leave(_, value) => {
                if let Some(value) = value {
                    self.expr(*value);
                }
                Value::default()
            }
            Expr::Macro(name, arguments) => self.macro_call(name, arguments),
            Expr::OpaqueMacro(_) | Expr::Continue | Expr::Other => Value::default(),
            Expr::If(..)
            | Expr::Match(..)
            | Expr::LetCondition(..)
            | Expr::Let(..)
            | Expr::Loop(..)
            | Expr::Block(..) => self.control(id),
        }
    }

    fn control(&mut self, id: ExprId) -> Value {
        let body: &'p Body = self.body;
        match body.expr(id) {
            Expr::If(condition, then, otherwise) => self.scoped(|this| {
                this.expr(*condition);
                let then = this.expr(*then);
                otherwise.map_or(then, |otherwise| this.expr(otherwise).joined(then))
            }),
            Expr::Match(scrutinee, arms) => {
                let value = self.expr(*scrutinee);
                arms.iter().fold(Value::default(), |all, arm| {
                    let arm = self.scoped(|this| {
                        this.bind_from(arm.pattern, value, *scrutinee);
                        if let Some(guard) = arm.guard {
                            this.expr(guard);
                        }
                        this.expr(arm.body)
                    });
                    all.joined(arm)
                })
            }
            Expr::LetCondition(pattern, value) => {
                let matched = self.expr(*value);
                self.bind_from(*pattern, matched, *value);
                Value { origin: Origin::Test, step: matched.step }
            }
            Expr::Let(pattern, value, diverge) => {
                let bound = value.map(|value| self.expr(value)).unwrap_or_default();
                if let Some(diverge) = diverge {
                    self.scoped(|this| this.expr(*diverge));
                }
                match value {
                    Some(value) => self.bind_from(*pattern, bound, *value),
                    None => self.bind(*pattern, bound, None),
                }
                Value::default()
            }
            Expr::Loop(kind, inner) => self.scoped(|this| {
                match kind {
                    LoopKind::Forever => {}
                    LoopKind::While(condition) => {
                        this.expr(*condition);
                    }
                    LoopKind::For(pattern, iterated) => {
                        let value = this.expr(*iterated);
                        this.bind_from(*pattern, value, *iterated);
                    }
                }
                this.expr(*inner);
                Value::default()
            }),
            Expr::Block(statements, valued) => self.scoped(|this| {
                let mut last = Value::default();
                for statement in statements {
                    last = this.expr(*statement);
                }
                if *valued { last } else { Value::default() }
            }),
            _ => Value::default(),
        }
    }

    pub(super) fn scoped<T>(&mut self, inner: impl FnOnce(&mut Self) -> T) -> T {
        let depth = self.scope.len();
        let result = inner(self);
        self.scope.truncate(depth);
        result
    }

    /// Evaluates several expressions and says what is made of them all.
    pub(super) fn all(&mut self, parts: &[ExprId]) -> Value {
        parts.iter().fold(Value::default(), |all, part| {
            let value = self.expr(*part);
            all.joined(value)
        })
    }

    pub(super) fn step(&mut self, id: ExprId, way: Way, from: Option<StepId>) -> StepId {
        self.step_at(self.body.node(id).span, way, from)
    }

    pub(super) fn step_at(&mut self, span: Span, way: Way, from: Option<StepId>) -> StepId {
        let number = self.out.steps.len() as u32;
        self.out.steps.push(Step { span, way, from });
        StepId(number)
    }

    fn path(&mut self, id: ExprId, path: &SmolStr) -> Value {
        if let Some((_, number)) = self.scope.iter().rev().find(|(name, _)| name == path) {
            let number = *number;
            self.out.named.insert(id, number);
            self.out.locals[number].uses.push(id);
            return self.out.locals[number].value;
        }
        if path == "self" {
            return Value::new(self.of_self);
        }
        let last = last_segment(path);
        if self.out.types.callee(id).is_some() && !is_constant_name(last) {
            // A variant, or a function that is passed on.
            return Value::new(match last {
                "len" | "count" => Origin::Size,
                _ if starts_upper(last) => Origin::Literal,
                _ => Origin::Unknown,
            });
        }
        self.constant(id, path, last)
    }

    fn constant(&mut self, id: ExprId, path: &SmolStr, last: &str) -> Value {
        if !starts_upper(last) {
            return Value::default();
        }
        if !is_constant_name(last) {
            return Value::new(Origin::Literal);
        }
        let step = Some(self.step(id, Way::Constant(path.clone()), None));
        let origin = if self.owner.technical.is_name(last) { Origin::Technical } else { Origin::Constant };
        Value { origin, step }
    }

    fn field(&mut self, id: ExprId, base: ExprId, name: &SmolStr) -> Value {
        let value = self.expr(base);
        if self.is_own(base) {
            return self.own_field(id, name);
        }
        // A part of a tuple is no part of what is in the tuple.
        if name.starts_with(|first: char| first.is_ascii_digit())
            && matches!(self.out.types.ty(base).referent(), Ty::Tuple(_))
        {
            return value;
        }
        let nature = self.out.nature(id);
        let of_settings =
            matches!(self.out.types.ty(base).referent(), Ty::Item(named) if technical::is_settings(&named.name));
        let origin = match value.origin {
            Origin::Unknown | Origin::Test | Origin::Failure => return value,
            _ if self.is_technical_part(base, name) || nature == Nature::Technical => Origin::Technical,
            // Settings stay settings, wherever they were loaded from.
            _ if of_settings => Origin::Configuration,
            // A part of what the core said is said by it too, but for what can be calculated with.
            Origin::Decision if !nature.is_scalar() => Origin::Decision,
            Origin::Decision | Origin::Received | Origin::Domain | Origin::Size => Origin::Domain,
            other => other,
        };
        let step = Some(self.step(id, Way::Field(name.clone()), value.step));
        Value { origin, step }
    }

    /// Whether an expression is the orchestrator itself.
    pub(super) fn is_own(&self, id: ExprId) -> bool {
        self.of_self == Origin::Collaborator && self.body.is_self(id)
    }

    /// Whether a field or accessor of that name is technical, as part of what it is asked of.
    pub(super) fn is_technical_part(&self, base: ExprId, name: &str) -> bool {
        match self.out.nature(base) {
            Nature::Core => self.owner.technical.is_part_of_core(name),
            _ => self.owner.technical.is_name(name),
        }
    }

    /// A field of the orchestrator itself.
    fn own_field(&mut self, id: ExprId, name: &SmolStr) -> Value {
        if self.owner.collaborators.contains(name) {
            return Value::new(Origin::Collaborator);
        }
        let origin = match self.kept(id) {
            _ if self.owner.technical.is_name(name) => Origin::Technical,
            // What is behind a lock was put there by an earlier call, and is no setting.
            Some(Nature::Number | Nature::Moment | Nature::Text) => Origin::Domain,
            Some(Nature::Core | Nature::Own | Nature::Other) => Origin::Received,
            _ if self.out.nature(id) == Nature::Technical => Origin::Technical,
            _ => Origin::Configuration,
        };
        let step = Some(self.step(id, Way::Setting(name.clone()), None));
        Value { origin, step }
    }

    /// What a lock holds, if an expression is one.
    pub(super) fn kept(&self, id: ExprId) -> Option<Nature> {
        let mut at = self.out.types.ty(id).referent();
        loop {
            let Ty::Outside(outside) = at else { return None };
            let name = last_segment(&outside.path);
            let inner = outside.arguments.first()?;
            match name {
                "Arc" | "Rc" | "Box" => at = inner.referent(),
                "RwLock" | "Mutex" | "RefCell" | "Cell" => return Some(Nature::of(self.owner.project, inner)),
                _ => return None,
            }
        }
    }

    /// Whether an expression is of an enum of the project.
    pub(super) fn is_enum(&self, id: ExprId) -> bool {
        let Some(item) = self.out.types.ty(id).referent().item() else { return false };
        matches!(self.owner.project.item(item).kind, ItemKind::Enum(_))
    }

    fn binary(&mut self, id: ExprId, operator: BinaryOperator, left: ExprId, right: ExprId) -> Value {
        use BinaryOperator as B;
        let made = self.expr(left).joined(self.expr(right));
        match operator {
            B::Sum | B::Product | B::Bits => {
                let step = Some(self.step(id, Way::Calculated, made.step));
                Value { origin: made.origin, step }
            }
            B::Logic | B::Equality | B::Order => Value { origin: Origin::Test, step: made.step },
        }
    }

    fn assign(&mut self, target: ExprId, value: ExprId) -> Value {
        let assigned = self.expr(value);
        self.expr(target);
        if let Expr::Path(name) = self.body.expr(target)
            && let Some((_, number)) = self.scope.iter().rev().find(|(own, _)| own == name)
        {
            let local = &mut self.out.locals[*number];
            let origin = if self.owner.technical.is_name(name) { Origin::Technical } else { assigned.origin };
            let changed = stronger(local.value.origin, origin) != local.value.origin;
            if changed {
                local.value = Value { origin, step: assigned.step };
            }
            if let Some(pattern) = local.pattern.filter(|_| changed) {
                let known = self.assigned.entry(pattern).or_default();
                *known = stronger(*known, origin);
            }
        }
        Value::default()
    }

    fn literal(&mut self, path: &SmolStr, fields: &[(SmolStr, ExprId)], rest: Option<ExprId>) -> Value {
        let mut made = Value::default();
        for (_, value) in fields {
            made = made.joined(self.expr(*value));
        }
        if let Some(rest) = rest {
            made = made.joined(self.expr(rest));
        }
        match self.role_of(path) {
            Some(RoleKind::Core) => Value { origin: stronger(Origin::Received, made.origin), step: made.step },
            _ if made.origin == Origin::Unknown => Value::new(Origin::Literal),
            _ => made,
        }
    }

    /// The role of the type that a path in an expression names.
    pub(super) fn role_of(&self, path: &str) -> Option<RoleKind> {
        let module = self.out.function.item.module;
        let Target::Item(item) = self.owner.project.names().resolve(module, path, Space::Types).target else {
            return None;
        };
        self.owner.project.module(item.module).role_kind()
    }

    fn macro_call(&mut self, name: &SmolStr, arguments: &[ExprId]) -> Value {
        let made = self.scoped(|this| this.all(arguments));
        match last_segment(name) {
            "matches" => Value { origin: Origin::Test, step: made.step },
            "format" | "vec" | "dbg" | "json" | "join" | "try_join" => made,
            _ => Value::default(),
        }
    }

    /// The value that a variable has when it is bound, with what is assigned to it later.
    pub(super) fn with_assigned(&self, pattern: PatternId, value: Value) -> Value {
        match self.assigned.get(&pattern) {
            Some(origin) if stronger(value.origin, *origin) != value.origin => Value { origin: *origin, ..value },
            _ => value,
        }
    }

    fn parameters(&mut self) {
        let origins = Origins::of(self.owner, &self.out);
        for (position, parameter) in self.out.declared.parameters.iter().enumerate() {
            let name = if parameter.unwrapped.is_empty() { &parameter.name } else { &parameter.unwrapped };
            let origin = origins.of_parameter(self.owner, &self.out, position);
            let step = self.step_at(parameter.span, Way::Parameter(name.clone()), None);
            self.declare(name.clone(), Value { origin, step: Some(step) }, None, None);
        }
    }

    pub(super) fn declare(&mut self, name: SmolStr, value: Value, pattern: Option<PatternId>, from: Option<ExprId>) {
        if let Some(from) = from {
            self.out.bound.entry(from).or_default().push(self.out.locals.len());
        }
        self.out.locals.push(Local { name: name.clone(), value, pattern, from, uses: Vec::new() });
        self.scope.push((name, self.out.locals.len() - 1));
    }
}

/// `LIMIT`, `MAX_ITEMS`
pub(super) fn is_constant_name(name: &str) -> bool {
    starts_upper(name) && name.len() > 1 && !name.contains(|letter: char| letter.is_lowercase())
}

fn starts_upper(name: &str) -> bool {
    name.starts_with(|first: char| first.is_uppercase())
}
