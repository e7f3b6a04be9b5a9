//! The types of everything in one function's body.

mod asked;
mod calls;
mod choice;
mod closures;
mod control;
mod format;
mod hints;
mod macros;
mod meaning;
mod mutable;
mod needs;
mod operators;
mod patterns;

use super::Types;
use super::lower::Site;
use super::methods::Callee;
use super::ty::Ty;
use crate::facts::Value;
use crate::facts::body::{Body, Expr, ExprId, LiteralKind, PatternId};
use crate::link::{FunctionRef, ItemRef, ModuleId};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

/// How deeply expressions may nest: what is deeper is unknown.
const MOST_NESTED: u32 = 400;

/// The types of everything in one function's body. They are kept for everyone who asks, so each type
/// that occurs is stored once.
#[derive(Clone, Debug, Default)]
pub struct BodyTypes {
    /// Every type that occurs.
    distinct: Box<[Ty]>,
    /// The type of each expression, by its number in `distinct`.
    types: Box<[u32]>,
    /// The same of the variable that each pattern binds.
    bindings: Box<[Option<u32>]>,
    /// Sorted by expression.
    callees: Box<[(ExprId, Callee)]>,
    uses: Box<[(ExprId, ItemRef)]>,
}

impl BodyTypes {
    /// The type of an expression.
    pub fn ty(&self, id: ExprId) -> &Ty {
        const UNKNOWN: &Ty = &Ty::Unknown;
        self.types.get(id.index()).and_then(|number| self.distinct.get(*number as usize)).unwrap_or(UNKNOWN)
    }

    /// The type of the variable that a pattern binds; `None` if it binds none.
    pub fn binding(&self, id: PatternId) -> Option<&Ty> {
        self.distinct.get((*self.bindings.get(id.index())?)? as usize)
    }

    /// What a call or a method call calls, or what function or constructor a path means; `None` for
    /// everything else.
    pub fn callee(&self, id: ExprId) -> Option<&Callee> {
        let at = self.callees.binary_search_by_key(&id, |(of, _)| *of).ok()?;
        self.callees.get(at).map(|(_, callee)| callee)
    }

    /// The project's `impl` blocks that expressions use without naming them, each once per
    /// expression and sorted: those of operators, indexing and `*`, of `?` and `into`, of `for`, and
    /// of what format strings show.
    pub fn uses(&self) -> &[(ExprId, ItemRef)] {
        &self.uses
    }
}

/// What a walk through a body has found so far.
struct Found {
    types: Vec<Ty>,
    bindings: Vec<Option<Ty>>,
    callees: Vec<Option<Callee>>,
    uses: Vec<(ExprId, ItemRef)>,
    /// What the constant that a path means asks for.
    of_constant: Vec<ItemRef>,
}

impl Found {
    fn of_body(body: &Body) -> Self {
        Self {
            types: vec![Ty::Unknown; body.nodes().len()],
            bindings: vec![None; body.patterns().len()],
            callees: vec![None; body.nodes().len()],
            uses: Vec::new(),
            of_constant: Vec::new(),
        }
    }

    /// All that was found, in the form that is kept.
    fn packed(mut self, body: &Body) -> BodyTypes {
        self.uses.sort_unstable();
        self.uses.dedup();
        let mut distinct = Distinct::default();
        let types = self.types.into_iter().map(|ty| distinct.number(ty)).collect();
        let bindings = self.bindings.into_iter().map(|ty| ty.map(|ty| distinct.number(ty))).collect();
        let callees = body.nodes().zip(self.callees).filter_map(|((id, _), callee)| Some((id, callee?))).collect();
        BodyTypes { distinct: distinct.all.into(), types, bindings, callees, uses: self.uses.into() }
    }
}

/// Types with numbers.
#[derive(Default)]
struct Distinct {
    all: Vec<Ty>,
    /// Where each is, once there are many.
    numbers: FxHashMap<Ty, u32>,
    /// The number that was asked for last.
    last: u32,
}

impl Distinct {
    /// Up to how many types comparing costs less than looking up.
    const FEW: usize = 24;

    fn number(&mut self, ty: Ty) -> u32 {
        // Neighbours often share a type, and comparing costs less than looking for it.
        if self.all.get(self.last as usize) == Some(&ty) {
            return self.last;
        }
        self.last = if self.all.len() < Self::FEW { self.number_of_few(ty) } else { self.number_of_many(ty) };
        self.last
    }

    /// Most bodies have few types, and most types differ at first sight.
    fn number_of_few(&mut self, ty: Ty) -> u32 {
        let known = self.all.iter().position(|known| *known == ty);
        known.unwrap_or_else(|| {
            self.all.push(ty);
            self.all.len() - 1
        }) as u32
    }

    fn number_of_many(&mut self, ty: Ty) -> u32 {
        if self.numbers.is_empty() {
            self.numbers = self.all.iter().cloned().zip(0..).collect();
        }
        let next = self.all.len() as u32;
        *self.numbers.entry(ty).or_insert_with_key(|ty| {
            self.all.push(ty.clone());
            next
        })
    }
}

/// Goes through a body.
struct Walk<'w, 'p> {
    types: &'w mut Types<'p>,
    body: &'p Body,
    site: Site,
    out: Found,
    locals: Vec<Local>,
    /// What a `return` yields, in the function and in each closure and `async` block that is open.
    returns: Vec<Ty>,
    /// What each open loop was left with.
    breaks: Vec<Ty>,
    nested: u32,
}

/// A variable that is in scope.
struct Local {
    name: SmolStr,
    ty: Ty,
    pattern: Option<PatternId>,
}

/// An argument of a call.
#[derive(Clone)]
enum Argument {
    Expr(ExprId),
    Known(Ty),
}

/// The types of a function's body.
pub(super) fn of(types: &mut Types<'_>, function: FunctionRef) -> BodyTypes {
    let Some(declared) = types.function(function) else { return BodyTypes::default() };
    let (Some(body), Some(signature)) = (&declared.body, types.signature(function)) else {
        return BodyTypes::default();
    };
    let Some(root) = body.root() else { return BodyTypes::default() };
    let output = if declared.is_async { types.awaited(&signature.output) } else { signature.output.clone() };
    let own = signature.receiver.iter().map(|ty| (SmolStr::new_static("self"), ty));
    let named = declared.parameters.iter().map(|parameter| parameter.name.clone()).zip(&signature.parameters);
    let locals = own.chain(named).map(|(name, ty)| Local { name, ty: ty.clone(), pattern: None }).collect();
    let wanted = needs::opened(&output);
    let site = Site::function(function);
    types.enter(site);
    let returns = vec![output];
    let out = Found::of_body(body);
    let mut walk = Walk { types, body, site, out, locals, returns, breaks: Vec::new(), nested: 0 };
    for (position, pattern) in body.parameters() {
        let ty = signature.parameters.get(*position as usize).cloned().unwrap_or_default();
        walk.bind(*pattern, &ty);
    }
    let ty = walk.expr(root, &wanted);
    let output = walk.returned();
    walk.use_hidden(last_of(body, root), &ty, &output);
    walk.out.packed(body)
}

/// The types of the value of a constant or static.
pub(super) fn of_value<'p>(types: &mut Types<'p>, item: ItemRef, value: &'p Value) -> BodyTypes {
    let body = &value.body;
    let Some(root) = body.root() else { return BodyTypes::default() };
    let site = Site::item(item);
    types.enter(site);
    let wanted = types.lower(site, &value.ty);
    let out = Found::of_body(body);
    let (locals, returns) = (Vec::new(), Vec::new());
    let mut walk = Walk { types, body, site, out, locals, returns, breaks: Vec::new(), nested: 0 };
    walk.expr(root, &wanted);
    walk.out.packed(body)
}

/// The expression that says what a body yields.
fn last_of(body: &Body, mut id: ExprId) -> ExprId {
    while let Expr::Block(statements, true) = body.expr(id)
        && let Some(last) = statements.last()
    {
        id = *last;
    }
    id
}

impl<'p> Walk<'_, 'p> {
    const fn module(&self) -> ModuleId {
        self.site.module()
    }

    /// The type of an expression, in a place that asks for a type.
    fn expr(&mut self, id: ExprId, expected: &Ty) -> Ty {
        let ty = self.hinted(id, expected);
        let ty = self.coerced(id, &ty, expected).unwrap_or_else(|| ty.merged(expected));
        self.out.types[id.index()] = ty.clone();
        ty
    }

    /// The same, in a place that converts what it gets: the type it asks for is only a hint.
    fn hinted(&mut self, id: ExprId, expected: &Ty) -> Ty {
        if self.nested >= MOST_NESTED {
            return Ty::Unknown;
        }
        self.nested += 1;
        let ty = self.kind(id, expected);
        self.nested -= 1;
        self.out.types[id.index()] = ty.clone();
        ty
    }

    /// The type of an expression, in a place that asks for none.
    fn free(&mut self, id: ExprId) -> Ty {
        self.hinted(id, &Ty::Unknown)
    }

    fn kind(&mut self, id: ExprId, expected: &Ty) -> Ty {
        let body: &'p Body = self.body;
        match body.expr(id) {
            Expr::Path(path) => self.path(id, path, expected),
            Expr::Literal(kind, text) => literal(*kind, text),
            Expr::Call(callee, arguments) => self.call(id, *callee, arguments, expected),
            Expr::MethodCall(receiver, name, arguments) => self.method_call(id, *receiver, name, arguments, expected),
            Expr::Field(base, name) => {
                let base = self.free(*base);
                let (ty, derefs) = self.types.find_field(&base, name);
                self.use_all(id, derefs);
                ty
            }
            Expr::Index(base, position) => self.index(id, *base, *position),
            Expr::Unary(operator, operand) => self.unary(id, *operator, *operand, expected),
            Expr::Binary(operator, left, right) => self.binary(id, *operator, *left, *right, expected),
            Expr::Assign(operator, left, right) => self.assign(id, *operator, *left, *right),
            Expr::Reference(mutable, inner) => {
                let wanted = match expected {
                    Ty::Reference(wanted) => Ty::clone(wanted),
                    _ => Ty::Unknown,
                };
                let ty = self.hinted(*inner, &wanted);
                if *mutable {
                    self.use_mutable(*inner);
                }
                Ty::reference(ty)
            }
            Expr::Typed(inner, written) => {
                let ty = self.types.lower(self.site, written);
                // A conversion with `as` ends behind its type, which a `let` writes before the value.
                if body.node(id).span.end == written.span.end && written.span.end != 0 {
                    let value = self.free(*inner);
                    self.coerced(id, &value, &ty);
                    return if ty.is_unknown() { value } else { ty };
                }
                let value = self.expr(*inner, &ty);
                ty.merged(&value)
            }
            Expr::Try(inner) => self.attempt(id, *inner, expected),
            Expr::Await(inner) => {
                let wanted = if expected.is_unknown() { Ty::Unknown } else { Ty::future(expected.clone()) };
                let future = self.hinted(*inner, &wanted);
                if matches!(future, Ty::Item(_)) {
                    self.use_first(id, &future, &["future::IntoFuture", "future::Future"]);
                }
                self.types.awaited(&future)
            }
            Expr::Struct(path, fields, rest) => self.structure(id, path, fields, *rest, expected),
            Expr::Macro(path, arguments) => self.macro_call(id, path, arguments, expected),
            Expr::OpaqueMacro(path) => self.opaque_macro(id, path),
            Expr::Closure(parameters, inner) => self.closure(id, parameters, *inner, expected),
            _ => self.list(id, expected),
        }
    }

    fn list(&mut self, id: ExprId, expected: &Ty) -> Ty {
        let body: &'p Body = self.body;
        match body.expr(id) {
            Expr::Tuple(parts) => {
                let wanted = |at: usize| match expected {
                    Ty::Tuple(wanted) => wanted.get(at).cloned().unwrap_or_default(),
                    _ => Ty::Unknown,
                };
                Ty::Tuple(parts.iter().enumerate().map(|(at, part)| self.expr(*part, &wanted(at))).collect())
            }
            Expr::Array(parts) => {
                let wanted = match expected.referent() {
                    Ty::List(inner) => Ty::clone(inner),
                    _ => Ty::Unknown,
                };
                let element = self.elements(parts, &wanted);
                self.use_repeated(id, parts, "marker::Copy");
                Ty::List(element.into())
            }
            Expr::Range(start, end) => {
                let start_type = start.map(|start| self.free(start));
                let end_type = end.map(|end| self.expr(end, &start_type.clone().unwrap_or_default()));
                let path = match (&start_type, &end_type) {
                    (Some(_), Some(_)) => "ops::Range",
                    (Some(_), None) => "ops::RangeFrom",
                    (None, Some(_)) => "ops::RangeTo",
                    (None, None) => return Ty::std("ops::RangeFull", Vec::new()),
                };
                let bound = start_type.unwrap_or_default().merged(&end_type.unwrap_or_default());
                Ty::std(path, vec![bound])
            }
            _ => self.control(id, expected),
        }
    }

    /// The type of the elements of a list. A length may be among them, so the first says the type.
    fn elements(&mut self, parts: &[ExprId], wanted: &Ty) -> Ty {
        let mut element = wanted.clone();
        for (at, part) in parts.iter().enumerate() {
            let ty = self.hinted(*part, &element);
            self.coerced(*part, &ty, wanted);
            if at == 0 || !element.is_known() {
                element = if at == 0 { ty.merged(wanted) } else { element.merged(&ty) };
            }
        }
        element
    }

    /// Whether someone will ask what the body uses without naming it.
    fn is_asked_for_uses(&self) -> bool {
        self.types.project.bodies().with_uses()
    }

    fn use_block(&mut self, id: ExprId, block: ItemRef) {
        self.out.uses.push((id, block));
    }

    fn use_all(&mut self, id: ExprId, blocks: Vec<ItemRef>) {
        self.out.uses.extend(blocks.into_iter().map(|block| (id, block)));
    }

    fn note(&mut self, id: ExprId, callee: Callee) {
        self.out.callees[id.index()] = Some(callee);
    }

    /// Runs `inside` with the variables that it introduces in scope, and takes them out again.
    fn scoped<T>(&mut self, inside: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.locals.len();
        let result = inside(self);
        self.locals.truncate(outer);
        result
    }

    /// The type that a closure, function or `async` block has to return.
    fn returned(&self) -> Ty {
        self.returns.last().cloned().unwrap_or_default()
    }
}

/// The suffixes of numbers.
const SUFFIXES: &[&str] =
    &["u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "f32", "f64"];

fn literal(kind: LiteralKind, text: &str) -> Ty {
    match kind {
        LiteralKind::Integer | LiteralKind::Float => number(kind, text),
        LiteralKind::Boolean => Ty::primitive("bool"),
        LiteralKind::Character => Ty::primitive(if text.starts_with('b') { "u8" } else { "char" }),
        LiteralKind::Text if text.starts_with(['"', 'r']) => Ty::reference(Ty::primitive("str")),
        LiteralKind::Text if text.starts_with('b') => Ty::reference(Ty::List(Ty::primitive("u8").into())),
        LiteralKind::Text => Ty::Unknown,
    }
}

fn number(kind: LiteralKind, text: &str) -> Ty {
    let hexadecimal = text.starts_with("0x");
    let is_suffix = |suffix: &&&str| text.ends_with(**suffix) && !(hexadecimal && suffix.starts_with('f'));
    match SUFFIXES.iter().find(is_suffix) {
        Some(suffix) => Ty::primitive(suffix),
        None if kind == LiteralKind::Integer => Ty::primitive("{integer}"),
        None => Ty::primitive("{float}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_has_one_number_however_many_there_are() {
        let mut distinct = Distinct::default();
        let many = Distinct::FEW as u32 * 2;
        for _ in 0..2 {
            for number in 0..many {
                let ty = Ty::Primitive(format!("t{number}").into());
                assert_eq!(distinct.number(ty.clone()), number);
                assert_eq!(distinct.all[number as usize], ty);
            }
        }
        assert_eq!(distinct.all.len() as u32, many);
    }
}
