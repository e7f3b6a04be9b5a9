//! What a function does, as a small tree: the expressions that lints ask about, and no more.
//!
//! The nodes of one body lie in one list, children before their parents, so a lint that looks
//! for a kind of expression anywhere reads the list from front to back and needs no recursion.

use crate::facts::types::Type;
use crate::source::Span;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// The body of one function, constant or closure.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Body {
    nodes: Vec<Node>,
    patterns: Vec<Pattern>,
    /// What few expressions and patterns have beside their parts, sorted by number.
    written: Vec<(ExprId, Written)>,
    symbols: Vec<(ExprId, char)>,
    annotations: Vec<(PatternId, Type)>,
    /// The patterns that bind a reference with `ref`.
    references: Vec<PatternId>,
    /// The parameters of the function that are more than a name, by their position behind `self`.
    parameters: Vec<(u32, PatternId)>,
}

/// The types that an expression writes beside its parts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Written {
    /// The `T` of `<T as Trait>::f`.
    pub qualified: Option<Type>,
    /// `f::<A>`, `a.m::<A>()`, `Vec::<A>::new`; for a closure what it says that it returns.
    pub types: Vec<Type>,
    /// Whether the types belong to the last name of the path rather than to the one before.
    pub on_last: bool,
}

/// An expression: its number in the list of the body it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ExprId(u32);

/// A pattern: its number in the list of the body it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PatternId(u32);

/// An expression with its place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Node {
    /// What it is.
    pub expr: Expr,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of expression. Parentheses leave no trace but in the place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Expr {
    /// `a::b`, `self`
    Path(SmolStr),
    /// A literal, as written.
    Literal(LiteralKind, SmolStr),
    /// `f(a)`, and tuple structs and variants
    Call(ExprId, Vec<ExprId>),
    /// `a.m(b)`
    MethodCall(ExprId, SmolStr, Vec<ExprId>),
    /// `a.b`, `a.0`
    Field(ExprId, SmolStr),
    /// `a[b]`
    Index(ExprId, ExprId),
    /// `-a`, `!a`, `*a`
    Unary(UnaryOperator, ExprId),
    /// `a + b`, `a < b`
    Binary(BinaryOperator, ExprId, ExprId),
    /// `a = b`, and `a += b` with its operator
    Assign(Option<BinaryOperator>, ExprId, ExprId),
    /// `if c { } else { }`
    If(ExprId, ExprId, Option<ExprId>),
    /// `match a { }`
    Match(ExprId, Vec<Arm>),
    /// The condition `let p = a`
    LetCondition(PatternId, ExprId),
    /// `let p: T = a else { };` without the type, which [`Expr::Typed`] holds around the value
    Let(PatternId, Option<ExprId>, Option<ExprId>),
    /// `loop`, `while`, `for`
    Loop(LoopKind, ExprId),
    /// `{ a; b }`: its statements; also `unsafe`, `const` and labelled blocks
    Block(Vec<ExprId>, bool),
    /// `async { }`, `async move { }`: the block
    Async(ExprId),
    /// `|p| a`
    Closure(Vec<PatternId>, ExprId),
    /// `S { f: a, ..b }`
    Struct(SmolStr, Vec<(SmolStr, ExprId)>, Option<ExprId>),
    /// `(a, b)`
    Tuple(Vec<ExprId>),
    /// `[a, b]`, `[a; n]`
    Array(Vec<ExprId>),
    /// `a..b`
    Range(Option<ExprId>, Option<ExprId>),
    /// `a as T`, `let p: T = a`
    Typed(ExprId, Box<Type>),
    /// `a?`
    Try(ExprId),
    /// `a.await`
    Await(ExprId),
    /// `return a`, `break a`, `yield a`
    Leave(LeaveKind, Option<ExprId>),
    /// `continue`
    Continue,
    /// `&a`, `&mut a`
    Reference(bool, ExprId),
    /// `m!(a, b)` where the arguments are expressions
    Macro(SmolStr, Vec<ExprId>),
    /// `m!(…)` with arguments that are not expressions: nothing may be concluded about them
    OpaqueMacro(SmolStr),
    /// An item, `_`, or syntax that the parser does not know
    Other,
}

/// An arm of a `match`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Arm {
    /// What it matches.
    pub pattern: PatternId,
    /// Its `if` guard.
    pub guard: Option<ExprId>,
    /// What it yields.
    pub body: ExprId,
}

/// The kinds of literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LiteralKind {
    /// `1`
    Integer,
    /// `1.5`
    Float,
    /// `"a"`, also of bytes
    Text,
    /// `'a'`, `b'a'`
    Character,
    /// `true`
    Boolean,
}

/// The operators with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum UnaryOperator {
    /// `-`
    Negate,
    /// `!`
    Not,
    /// `*`
    Dereference,
}

/// The operators with two operands, by what they do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BinaryOperator {
    /// `+ -`
    Sum,
    /// `* / %`
    Product,
    /// `& | ^ << >>`
    Bits,
    /// `&& ||`
    Logic,
    /// `== !=`
    Equality,
    /// `< <= > >=`
    Order,
}

/// The loops.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum LoopKind {
    /// `loop`
    Forever,
    /// `while c`
    While(ExprId),
    /// `for p in a`
    For(PatternId, ExprId),
}

/// The ways to leave a block with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LeaveKind {
    /// `return`
    Return,
    /// `break`
    Break,
    /// `yield`
    Yield,
}

/// A pattern with its place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pattern {
    /// What it is.
    pub kind: PatternKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of pattern.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum PatternKind {
    /// `name`, `ref mut name @ p`; a lone capitalised name may be a constant instead
    Binding(SmolStr, Option<PatternId>),
    /// `a::B`
    Path(SmolStr),
    /// `a::B(p, q)`
    TupleStruct(SmolStr, Vec<PatternId>),
    /// `a::B { f: p, .. }`
    Struct(SmolStr, Vec<(SmolStr, PatternId)>),
    /// `(p, q)`, `[p, q]`
    Sequence(Vec<PatternId>),
    /// `p | q`
    Or(Vec<PatternId>),
    /// A literal or a constant block
    Literal(LiteralKind, SmolStr),
    /// `1..=5`
    Range,
    /// `&p`
    Reference(PatternId),
    /// `_`, `..`
    Wild,
    /// A macro, or syntax that the parser does not know
    Other,
}

impl ExprId {
    /// The number.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl PatternId {
    /// The number.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl Body {
    /// The whole body: the last expression, because children come before their parents.
    pub fn root(&self) -> Option<ExprId> {
        self.nodes.len().checked_sub(1).map(|last| ExprId(last as u32))
    }

    /// Every expression, children before their parents.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = (ExprId, &Node)> {
        self.nodes.iter().enumerate().map(|(number, node)| (ExprId(number as u32), node))
    }

    /// The node of that number; [`Expr::Other`] if it belongs to another body.
    pub fn node(&self, id: ExprId) -> &Node {
        const STRANGER: &Node = &Node { expr: Expr::Other, span: Span::new(0, 0) };
        self.nodes.get(id.0 as usize).unwrap_or(STRANGER)
    }

    /// Every pattern, those inside before those around them.
    pub fn patterns(&self) -> impl ExactSizeIterator<Item = PatternId> + use<> {
        (0..self.patterns.len()).map(|number| PatternId(number as u32))
    }

    /// The types that an expression writes beside its parts.
    pub fn written(&self, id: ExprId) -> Option<&Written> {
        self.written.binary_search_by_key(&id, |(id, _)| *id).ok().map(|at| &self.written[at].1)
    }

    /// The first character of an operator that calculates or works on bits: `+`, and for `<<=` the `<`.
    pub fn symbol(&self, id: ExprId) -> Option<char> {
        self.symbols.binary_search_by_key(&id, |(id, _)| *id).ok().map(|at| self.symbols[at].1)
    }

    /// The type behind the colon of a pattern: `|a: T|`, `let a: T;`.
    pub fn annotation(&self, id: PatternId) -> Option<&Type> {
        self.annotations.binary_search_by_key(&id, |(id, _)| *id).ok().map(|at| &self.annotations[at].1)
    }

    /// The types behind the colons of all patterns.
    pub fn annotations(&self) -> impl Iterator<Item = &Type> {
        self.annotations.iter().map(|(_, ty)| ty)
    }

    /// The parameters of the function that are more than a name, `State(app): State<App>`, by their position behind
    /// `self`.
    pub fn parameters(&self) -> &[(u32, PatternId)] {
        &self.parameters
    }

    /// Whether a pattern binds a reference to what it matches: `ref a`.
    pub fn is_reference(&self, id: PatternId) -> bool {
        self.references.binary_search(&id).is_ok()
    }

    /// The expression of that number.
    pub fn expr(&self, id: ExprId) -> &Expr {
        &self.node(id).expr
    }

    /// The pattern of that number; [`PatternKind::Other`] if it belongs to another body.
    pub fn pattern(&self, id: PatternId) -> &Pattern {
        const STRANGER: &Pattern = &Pattern { kind: PatternKind::Other, span: Span::new(0, 0) };
        self.patterns.get(id.0 as usize).unwrap_or(STRANGER)
    }

    /// Appends an expression, whose children must have been appended before.
    pub fn push(&mut self, expr: Expr, span: Span) -> ExprId {
        self.nodes.push(Node { expr, span });
        ExprId(self.nodes.len() as u32 - 1)
    }

    /// Gives an expression the place of the parentheses around it.
    pub fn widen(&mut self, id: ExprId, span: Span) {
        if let Some(node) = self.nodes.get_mut(id.index()) {
            node.span = span;
        }
    }

    /// Appends a pattern, whose children must have been appended before.
    pub fn push_pattern(&mut self, kind: PatternKind, span: Span) -> PatternId {
        self.patterns.push(Pattern { kind, span });
        PatternId(self.patterns.len() as u32 - 1)
    }

    /// Notes the types that the expression appended last writes beside its parts.
    pub fn write(&mut self, id: ExprId, written: Written) {
        self.written.push((id, written));
    }

    /// Notes the operator of the expression appended last.
    pub fn push_symbol(&mut self, id: ExprId, symbol: char) {
        self.symbols.push((id, symbol));
    }

    /// Notes the type of the pattern appended last.
    pub fn annotate(&mut self, id: PatternId, ty: Type) {
        self.annotations.push((id, ty));
    }

    /// Notes that the pattern appended last binds a reference.
    pub fn mark_reference(&mut self, id: PatternId) {
        self.references.push(id);
    }

    /// Notes that the pattern appended last is a parameter of the function.
    pub fn mark_parameter(&mut self, position: u32, id: PatternId) {
        self.parameters.push((position, id));
    }

    /// Gives back the room that growing left over. Bodies are kept to the end, and there are many.
    pub fn shrink(&mut self) {
        self.nodes.shrink_to_fit();
        self.patterns.shrink_to_fit();
        self.written.shrink_to_fit();
        self.symbols.shrink_to_fit();
        self.annotations.shrink_to_fit();
        self.references.shrink_to_fit();
        self.parameters.shrink_to_fit();
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// If `id` is a place inside `self` (`self.a`, `self.a.b[0]`, `(*self).a`): the name of the
    /// outermost field, and whether the place is that field itself.
    pub fn self_field(&self, id: ExprId) -> Option<(&SmolStr, bool)> {
        match self.expr(id) {
            Expr::Field(base, name) if self.is_self(*base) => Some((name, true)),
            Expr::Field(base, _) | Expr::Index(base, _) => self.self_field(*base).map(|(name, _)| (name, false)),
            Expr::Unary(UnaryOperator::Dereference, inner) | Expr::Reference(_, inner) => self.self_field(*inner),
            _ => None,
        }
    }

    /// Whether `id` is `self`, also behind `*` and `&`.
    pub fn is_self(&self, id: ExprId) -> bool {
        match self.expr(id) {
            Expr::Path(path) => path == "self",
            Expr::Unary(UnaryOperator::Dereference, inner) | Expr::Reference(_, inner) => self.is_self(*inner),
            _ => false,
        }
    }
}
