//! Facts as short text.

use crate::facts::body::{Arm, Body, Expr, ExprId, LoopKind, PatternId, PatternKind};
use crate::facts::{Bound, Field, Generics, PathType, Type, TypeKind};

pub(super) fn ty(of: &Type) -> String {
    match &of.kind {
        TypeKind::Path(inner) => path(inner),
        TypeKind::Reference(inner) => format!("&{}", ty(inner)),
        TypeKind::Pointer(inner) => format!("*{}", ty(inner)),
        TypeKind::Tuple(parts) => format!("({})", types(parts)),
        TypeKind::List(inner) => format!("[{}]", ty(inner)),
        TypeKind::Dyn(inner) => format!("dyn {}", bounds(inner)),
        TypeKind::Impl(inner) => format!("impl {}", bounds(inner)),
        TypeKind::Function(..) => "fn".to_owned(),
        TypeKind::Projection(inner, name) => format!("<{}>::{name}", ty(inner)),
        TypeKind::Unknown => "?".to_owned(),
    }
}

fn types(of: &[Type]) -> String {
    of.iter().map(ty).collect::<Vec<_>>().join(", ")
}

pub(super) fn path(of: &PathType) -> String {
    let mut arguments: Vec<String> = of.arguments.iter().map(ty).collect();
    arguments.extend(of.bindings.iter().map(|(name, bound)| format!("{name} = {}", ty(bound))));
    if arguments.is_empty() { of.path.to_string() } else { format!("{}<{}>", of.path, arguments.join(", ")) }
}

pub(super) fn bounds(of: &[Bound]) -> String {
    of.iter().map(path).collect::<Vec<_>>().join(" + ")
}

pub(super) fn generics(of: &Generics) -> String {
    let mut parts: Vec<_> = of.parameters.iter().map(|(name, bound)| format!("{name}: {}", bounds(bound))).collect();
    parts.extend(of.predicates.iter().map(|(of, bound)| format!("where {}: {}", ty(of), bounds(bound))));
    if parts.is_empty() { String::new() } else { format!("<{}>", parts.join(", ")) }
}

pub(super) fn fields(of: &[Field]) -> String {
    if of.is_empty() {
        return String::new();
    }
    let fields: Vec<_> = of.iter().map(|field| format!("{}: {}", field.name, ty(&field.ty))).collect();
    format!("{{{}}}", fields.join(", "))
}

/// An expression, its kind first.
pub(super) fn expr(body: &Body, id: ExprId) -> String {
    let one = |id: &ExprId| expr(body, *id);
    let list = |ids: &[ExprId]| ids.iter().map(one).collect::<Vec<_>>().join(", ");
    let maybe = |id: &Option<ExprId>| id.as_ref().map_or_else(|| "-".to_owned(), one);
    match body.expr(id) {
        Expr::Path(path) => path.to_string(),
        Expr::Literal(kind, text) => format!("{kind:?}({text})"),
        Expr::Call(callee, arguments) => format!("call({}; {})", one(callee), list(arguments)),
        Expr::MethodCall(receiver, name, arguments) => format!("{}.{name}({})", one(receiver), list(arguments)),
        Expr::Field(base, name) => format!("{}.{name}", one(base)),
        Expr::Index(base, at) => format!("{}[{}]", one(base), one(at)),
        Expr::Unary(operator, inner) => format!("{operator:?}({})", one(inner)),
        Expr::Binary(operator, left, right) => format!("{operator:?}({}, {})", one(left), one(right)),
        Expr::Assign(None, left, right) => format!("set({}, {})", one(left), one(right)),
        Expr::Assign(Some(operator), left, right) => format!("set {operator:?}({}, {})", one(left), one(right)),
        Expr::If(condition, then, otherwise) => {
            format!("if({}, {}, {})", one(condition), one(then), maybe(otherwise))
        }
        Expr::Match(value, arms) => {
            let arms: Vec<_> = arms.iter().map(|one| arm(body, one)).collect();
            format!("match({}; {})", one(value), arms.join(", "))
        }
        Expr::LetCondition(bound, value) => format!("is({}, {})", pattern(body, *bound), one(value)),
        Expr::Let(bound, value, otherwise) => {
            format!("let({}, {}, {})", pattern(body, *bound), maybe(value), maybe(otherwise))
        }
        Expr::Loop(LoopKind::Forever, inner) => format!("loop({})", one(inner)),
        Expr::Loop(LoopKind::While(condition), inner) => format!("while({}, {})", one(condition), one(inner)),
        Expr::Loop(LoopKind::For(bound, of), inner) => {
            format!("for({}, {}, {})", pattern(body, *bound), one(of), one(inner))
        }
        Expr::Block(statements, valued) => format!("{{{}{}}}", list(statements), if *valued { "" } else { ";" }),
        Expr::Async(inner) => format!("async{}", one(inner)),
        Expr::Closure(parameters, inner) => {
            let parameters: Vec<_> = parameters.iter().map(|one| pattern(body, *one)).collect();
            format!("|{}| {}", parameters.join(", "), one(inner))
        }
        Expr::Struct(path, fields, rest) => {
            let fields: Vec<_> = fields.iter().map(|(name, value)| format!("{name}: {}", one(value))).collect();
            format!("{path}{{{}; {}}}", fields.join(", "), maybe(rest))
        }
        Expr::Tuple(parts) => format!("({})", list(parts)),
        Expr::Array(parts) => format!("[{}]", list(parts)),
        Expr::Range(start, end) => format!("range({}, {})", maybe(start), maybe(end)),
        Expr::Typed(inner, of) => format!("typed({}, {})", one(inner), ty(of)),
        Expr::Try(inner) => format!("try({})", one(inner)),
        Expr::Await(inner) => format!("await({})", one(inner)),
        Expr::Leave(kind, value) => format!("{kind:?}({})", maybe(value)),
        Expr::Continue => "Continue".to_owned(),
        Expr::Reference(mutable, inner) => format!("{}({})", if *mutable { "refmut" } else { "ref" }, one(inner)),
        Expr::Macro(path, arguments) => format!("{path}!({})", list(arguments)),
        Expr::OpaqueMacro(path) => format!("{path}!(?)"),
        Expr::Other => "?".to_owned(),
    }
}

fn arm(body: &Body, arm: &Arm) -> String {
    let guard = arm.guard.map_or_else(String::new, |guard| format!(" if {}", expr(body, guard)));
    format!("{}{guard} => {}", pattern(body, arm.pattern), expr(body, arm.body))
}

/// A pattern, its kind first.
pub(super) fn pattern(body: &Body, id: PatternId) -> String {
    let one = |id: &PatternId| pattern(body, *id);
    let list = |ids: &[PatternId]| ids.iter().map(one).collect::<Vec<_>>().join(", ");
    match &body.pattern(id).kind {
        PatternKind::Binding(name, None) => format!("bind {name}"),
        PatternKind::Binding(name, Some(inner)) => format!("bind {name} @ {}", one(inner)),
        PatternKind::Path(path) => path.to_string(),
        PatternKind::TupleStruct(path, parts) => format!("{path}({})", list(parts)),
        PatternKind::Struct(path, fields) => {
            let fields: Vec<_> = fields.iter().map(|(name, inner)| format!("{name}: {}", one(inner))).collect();
            format!("{path}{{{}}}", fields.join(", "))
        }
        PatternKind::Sequence(parts) => format!("[{}]", list(parts)),
        PatternKind::Or(cases) => cases.iter().map(one).collect::<Vec<_>>().join(" | "),
        PatternKind::Literal(kind, text) => format!("{kind:?}({text})"),
        PatternKind::Range => "range".to_owned(),
        PatternKind::Reference(inner) => format!("&{}", one(inner)),
        PatternKind::Wild => "_".to_owned(),
        PatternKind::Other => "?".to_owned(),
    }
}
