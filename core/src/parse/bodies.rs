//! Function bodies as the small tree of [`Body`].
//!
//! Spans are put together from the children's, because asking the parser for the span of a
//! large expression walks all its tokens.

mod patterns;

use super::attributes::{is_test, is_test_statement};
use super::macros::{Arguments, Branch, arguments};
use super::places::Places;
use crate::facts::body::{
    Arm, BinaryOperator, Body, Expr, ExprId, LeaveKind, LiteralKind, LoopKind, UnaryOperator, Written,
};
use crate::source::Span;
use quote::ToTokens;
use rustc_hash::FxHashMap;
use smol_str::{SmolStr, ToSmolStr};
use syn::{BinOp, Lit, Member, Pat, Stmt, UnOp};

/// The body of a function. `calls` holds the arguments of the macro calls that were read before.
pub(super) fn body(
    places: &Places<'_>,
    calls: &mut FxHashMap<u32, Arguments>,
    sig: &syn::Signature,
    block: &syn::Block,
) -> Body {
    let mut builder = Builder { places, calls, body: Body::default() };
    builder.parameters(sig);
    builder.block(block);
    builder.body.shrink();
    builder.body
}

/// The value of a constant or static.
pub(super) fn value(places: &Places<'_>, calls: &mut FxHashMap<u32, Arguments>, expr: &syn::Expr) -> Body {
    let mut builder = Builder { places, calls, body: Body::default() };
    builder.expr(expr);
    builder.body.shrink();
    builder.body
}

struct Builder<'a> {
    places: &'a Places<'a>,
    calls: &'a mut FxHashMap<u32, Arguments>,
    body: Body,
}

impl Builder<'_> {
    fn at(&self, id: ExprId) -> Span {
        self.body.node(id).span
    }

    fn block(&mut self, block: &syn::Block) -> ExprId {
        let statements: Vec<_> = block.stmts.iter().map(|statement| self.statement(statement)).collect();
        let valued = matches!(block.stmts.last(), Some(Stmt::Expr(_, None)));
        let span = self.places.span(block.brace_token.span.join());
        self.body.push(Expr::Block(statements, valued), span)
    }

    fn statement(&mut self, statement: &Stmt) -> ExprId {
        match statement {
            // Nothing of what tests do is what the function does.
            statement if is_test_statement(statement) => self.body.push(Expr::Other, Span::default()),
            Stmt::Local(local) => self.local(local),
            Stmt::Expr(expr, _) => self.expr(expr),
            Stmt::Macro(statement) => self.macro_call(&statement.mac),
            Stmt::Item(_) => self.body.push(Expr::Other, Span::default()),
        }
    }

    fn local(&mut self, local: &syn::Local) -> ExprId {
        let (pattern, ty) = match &local.pat {
            Pat::Type(typed) => (self.pattern(&typed.pat), Some(self.places.ty(&typed.ty))),
            pattern => (self.pattern(pattern), None),
        };
        if let (None, Some(ty)) = (&local.init, &ty) {
            self.body.annotate(pattern, ty.clone());
        }
        let mut diverge = None;
        let value = local.init.as_ref().map(|init| {
            let value = self.expr(&init.expr);
            diverge = init.diverge.as_ref().map(|(_, block)| self.expr(block));
            match ty {
                Some(ty) => {
                    let span = self.at(value);
                    self.body.push(Expr::Typed(value, Box::new(ty)), span)
                }
                None => value,
            }
        });
        let span = self.places.between(local.let_token.span, local.semi_token.span);
        self.body.push(Expr::Let(pattern, value, diverge), span)
    }

    fn expr(&mut self, expr: &syn::Expr) -> ExprId {
        match expr {
            syn::Expr::Paren(paren) => {
                let id = self.expr(&paren.expr);
                self.body.widen(id, self.places.span(paren.paren_token.span.join()));
                id
            }
            syn::Expr::Group(group) => self.expr(&group.expr),
            syn::Expr::Path(path) => {
                let (text, span) = self.places.path(&path.path);
                let id = self.body.push(Expr::Path(text), span);
                self.write(id, path.qself.as_ref().map(|itself| &*itself.ty), &path.path);
                id
            }
            syn::Expr::Lit(literal) => {
                let (kind, text, span) = self.literal(&literal.lit);
                self.body.push(Expr::Literal(kind, text), span)
            }
            syn::Expr::Call(call) => {
                let callee = self.expr(&call.func);
                let arguments = self.exprs(&call.args);
                let span = Span::new(self.at(callee).start, self.places.end(call.paren_token.span.close()));
                self.body.push(Expr::Call(callee, arguments), span)
            }
            syn::Expr::MethodCall(call) => {
                let receiver = self.expr(&call.receiver);
                let arguments = self.exprs(&call.args);
                let span = Span::new(self.at(receiver).start, self.places.end(call.paren_token.span.close()));
                let id = self.body.push(Expr::MethodCall(receiver, self.places.name(&call.method), arguments), span);
                if let Some(turbofish) = &call.turbofish {
                    let types = self.places.type_arguments(&turbofish.args);
                    self.body.write(id, Written { types, on_last: true, ..Written::default() });
                }
                id
            }
            syn::Expr::Macro(call) => self.macro_call(&call.mac),
            syn::Expr::Struct(literal) => self.struct_literal(literal),
            syn::Expr::Closure(closure) => self.closure(closure),
            _ => self.operator(expr),
        }
    }

    /// Expressions of one or two operands.
    fn operator(&mut self, expr: &syn::Expr) -> ExprId {
        match expr {
            syn::Expr::Field(field) => {
                let base = self.expr(&field.base);
                let (name, end) = self.member(&field.member);
                let span = Span::new(self.at(base).start, end);
                self.body.push(Expr::Field(base, name), span)
            }
            syn::Expr::Index(index) => {
                let base = self.expr(&index.expr);
                let position = self.expr(&index.index);
                let span = Span::new(self.at(base).start, self.places.end(index.bracket_token.span.close()));
                self.body.push(Expr::Index(base, position), span)
            }
            syn::Expr::Unary(unary) => self.unary(unary),
            syn::Expr::Binary(binary) => {
                let left = self.expr(&binary.left);
                let right = self.expr(&binary.right);
                let span = self.at(left).to(self.at(right));
                let made = match operator(&binary.op) {
                    (operator, true) => Expr::Assign(operator, left, right),
                    (Some(operator), false) => Expr::Binary(operator, left, right),
                    (None, false) => Expr::Other,
                };
                let id = self.body.push(made, span);
                if let (Some(BinaryOperator::Sum | BinaryOperator::Product | BinaryOperator::Bits), _) =
                    operator(&binary.op)
                    && let Some(symbol) = binary.op.to_token_stream().to_string().chars().next()
                {
                    self.body.push_symbol(id, symbol);
                }
                id
            }
            syn::Expr::Assign(assign) => {
                let left = self.expr(&assign.left);
                let right = self.expr(&assign.right);
                let span = self.at(left).to(self.at(right));
                self.body.push(Expr::Assign(None, left, right), span)
            }
            syn::Expr::Reference(reference) => {
                let inner = self.expr(&reference.expr);
                let span = Span::new(self.places.start(reference.and_token.span), self.at(inner).end);
                self.body.push(Expr::Reference(reference.mutability.is_some(), inner), span)
            }
            syn::Expr::RawAddr(raw) => {
                let inner = self.expr(&raw.expr);
                let span = Span::new(self.places.start(raw.and_token.span), self.at(inner).end);
                let mutable = matches!(raw.mutability, syn::PointerMutability::Mut(_));
                self.body.push(Expr::Reference(mutable, inner), span)
            }
            syn::Expr::Cast(cast) => {
                let inner = self.expr(&cast.expr);
                let ty = self.places.ty(&cast.ty);
                let span = Span::new(self.at(inner).start, ty.span.end);
                self.body.push(Expr::Typed(inner, Box::new(ty)), span)
            }
            syn::Expr::Try(attempt) => {
                let inner = self.expr(&attempt.expr);
                let span = Span::new(self.at(inner).start, self.places.end(attempt.question_token.span));
                self.body.push(Expr::Try(inner), span)
            }
            syn::Expr::Await(wait) => {
                let inner = self.expr(&wait.base);
                let span = Span::new(self.at(inner).start, self.places.end(wait.await_token.span));
                self.body.push(Expr::Await(inner), span)
            }
            _ => self.control(expr),
        }
    }

    fn unary(&mut self, unary: &syn::ExprUnary) -> ExprId {
        let (operator, token) = match unary.op {
            UnOp::Deref(token) => (UnaryOperator::Dereference, Some(token.span)),
            UnOp::Not(token) => (UnaryOperator::Not, Some(token.span)),
            UnOp::Neg(token) => (UnaryOperator::Negate, Some(token.span)),
            _ => (UnaryOperator::Not, None),
        };
        let operand = self.expr(&unary.expr);
        let start = token.map_or(self.at(operand).start, |token| self.places.start(token));
        let span = Span::new(start, self.at(operand).end);
        self.body.push(Expr::Unary(operator, operand), span)
    }

    /// Expressions that steer, and lists.
    fn control(&mut self, expr: &syn::Expr) -> ExprId {
        match expr {
            syn::Expr::Block(block) => self.block(&block.block),
            syn::Expr::Unsafe(block) => self.block(&block.block),
            syn::Expr::Const(block) => self.block(&block.block),
            syn::Expr::TryBlock(block) => self.block(&block.block),
            syn::Expr::Async(block) => {
                let inner = self.block(&block.block);
                let span = Span::new(self.places.start(block.async_token.span), self.at(inner).end);
                self.body.push(Expr::Async(inner), span)
            }
            syn::Expr::If(branch) => {
                let condition = self.expr(&branch.cond);
                let then = self.block(&branch.then_branch);
                let otherwise = branch.else_branch.as_ref().map(|(_, other)| self.expr(other));
                let end = self.at(otherwise.unwrap_or(then)).end;
                let span = Span::new(self.places.start(branch.if_token.span), end);
                self.body.push(Expr::If(condition, then, otherwise), span)
            }
            syn::Expr::Match(branches) => self.match_expr(branches),
            syn::Expr::Let(condition) => {
                let pattern = self.pattern(&condition.pat);
                let value = self.expr(&condition.expr);
                let span = Span::new(self.places.start(condition.let_token.span), self.at(value).end);
                self.body.push(Expr::LetCondition(pattern, value), span)
            }
            syn::Expr::Loop(repeat) => {
                let inner = self.block(&repeat.body);
                self.repeat(repeat.loop_token.span, LoopKind::Forever, inner)
            }
            syn::Expr::While(repeat) => {
                let condition = self.expr(&repeat.cond);
                let inner = self.block(&repeat.body);
                self.repeat(repeat.while_token.span, LoopKind::While(condition), inner)
            }
            syn::Expr::ForLoop(repeat) => {
                let pattern = self.pattern(&repeat.pat);
                let iterated = self.expr(&repeat.expr);
                let inner = self.block(&repeat.body);
                self.repeat(repeat.for_token.span, LoopKind::For(pattern, iterated), inner)
            }
            syn::Expr::Return(leave) => {
                let token = self.places.span(leave.return_token.span);
                self.leave(LeaveKind::Return, token, leave.expr.as_deref())
            }
            syn::Expr::Break(leave) => {
                let token = self.places.span(leave.break_token.span);
                let label = leave.label.as_ref().map(|label| self.places.span(label.ident.span()));
                self.leave(LeaveKind::Break, label.map_or(token, |label| token.to(label)), leave.expr.as_deref())
            }
            syn::Expr::Yield(leave) => {
                let token = self.places.span(leave.yield_token.span);
                self.leave(LeaveKind::Yield, token, leave.expr.as_deref())
            }
            syn::Expr::Continue(leave) => {
                let span = self.places.span(leave.continue_token.span);
                self.body.push(Expr::Continue, span)
            }
            _ => self.list(expr),
        }
    }

    fn list(&mut self, expr: &syn::Expr) -> ExprId {
        match expr {
            syn::Expr::Tuple(tuple) => {
                let parts = self.exprs(&tuple.elems);
                let span = self.places.span(tuple.paren_token.span.join());
                self.body.push(Expr::Tuple(parts), span)
            }
            syn::Expr::Array(array) => {
                let parts = self.exprs(&array.elems);
                let span = self.places.span(array.bracket_token.span.join());
                self.body.push(Expr::Array(parts), span)
            }
            syn::Expr::Repeat(repeat) => {
                let parts = vec![self.expr(&repeat.expr), self.expr(&repeat.len)];
                let span = self.places.span(repeat.bracket_token.span.join());
                self.body.push(Expr::Array(parts), span)
            }
            syn::Expr::Range(range) => {
                let start = range.start.as_ref().map(|bound| self.expr(bound));
                let end = range.end.as_ref().map(|bound| self.expr(bound));
                let limits = match &range.limits {
                    syn::RangeLimits::HalfOpen(token) => token.spans[0],
                    syn::RangeLimits::Closed(token) => token.spans[0],
                };
                let mut span = self.places.span(limits);
                for bound in [start, end].into_iter().flatten() {
                    span = span.to(self.at(bound));
                }
                self.body.push(Expr::Range(start, end), span)
            }
            // `_`, and syntax that the parser does not know: nothing may be concluded from it.
            _ => self.body.push(Expr::Other, Span::default()),
        }
    }

    fn exprs<'b>(&mut self, exprs: impl IntoIterator<Item = &'b syn::Expr>) -> Vec<ExprId> {
        exprs.into_iter().map(|expr| self.expr(expr)).collect()
    }

    fn repeat(&mut self, token: proc_macro2::Span, kind: LoopKind, inner: ExprId) -> ExprId {
        let span = Span::new(self.places.start(token), self.at(inner).end);
        self.body.push(Expr::Loop(kind, inner), span)
    }

    fn leave(&mut self, kind: LeaveKind, word: Span, value: Option<&syn::Expr>) -> ExprId {
        let value = value.map(|value| self.expr(value));
        let mut span = word;
        if let Some(value) = value {
            span = span.to(self.at(value));
        }
        self.body.push(Expr::Leave(kind, value), span)
    }

    fn match_expr(&mut self, branches: &syn::ExprMatch) -> ExprId {
        let value = self.expr(&branches.expr);
        let mut arms = Vec::with_capacity(branches.arms.len());
        for arm in branches.arms.iter().filter(|arm| !is_test(&arm.attrs)) {
            let (pattern, guard) = match &arm.pat {
                Pat::Guard(guarded) => (self.pattern(&guarded.pat), Some(self.expr(&guarded.guard))),
                pattern => (self.pattern(pattern), None),
            };
            arms.push(Arm { pattern, guard, body: self.expr(&arm.body) });
        }
        let span = self.places.between(branches.match_token.span, branches.brace_token.span.close());
        self.body.push(Expr::Match(value, arms), span)
    }

    fn struct_literal(&mut self, literal: &syn::ExprStruct) -> ExprId {
        let mut fields = Vec::with_capacity(literal.fields.len());
        for field in &literal.fields {
            let (name, _) = self.member(&field.member);
            fields.push((name, self.expr(&field.expr)));
        }
        let rest = literal.rest.as_ref().map(|rest| self.expr(rest));
        let (path, span) = self.places.path(&literal.path);
        let span = Span::new(span.start, self.places.end(literal.brace_token.span.close()));
        let id = self.body.push(Expr::Struct(path, fields, rest), span);
        self.write(id, literal.qself.as_ref().map(|itself| &*itself.ty), &literal.path);
        id
    }

    /// Notes the types in a path, if there are any.
    fn write(&mut self, id: ExprId, qualified: Option<&syn::Type>, path: &syn::Path) {
        let generic = path.segments.iter().any(|segment| !segment.arguments.is_none());
        if qualified.is_some() || generic {
            let written = Written {
                qualified: qualified.map(|ty| self.places.ty(ty)),
                types: self.places.path_type(path).arguments,
                on_last: path.segments.last().is_some_and(|last| !last.arguments.is_none()),
            };
            self.body.write(id, written);
        }
    }

    fn closure(&mut self, closure: &syn::ExprClosure) -> ExprId {
        let parameters = closure.inputs.iter().map(|input| self.pattern(input)).collect();
        let inner = self.expr(&closure.body);
        let span = Span::new(self.places.start(closure.inputs_begin.span), self.at(inner).end);
        let id = self.body.push(Expr::Closure(parameters, inner), span);
        if let syn::ReturnType::Type(_, ty) = &closure.output {
            self.body.write(id, Written { types: vec![self.places.ty(ty)], ..Written::default() });
        }
        id
    }

    fn macro_call(&mut self, call: &syn::Macro) -> ExprId {
        let (path, span) = self.places.path(&call.path);
        let close = match &call.delimiter {
            syn::MacroDelimiter::Paren(token) => token.span.close(),
            syn::MacroDelimiter::Brace(token) => token.span.close(),
            syn::MacroDelimiter::Bracket(token) => token.span.close(),
        };
        let span = Span::new(span.start, self.places.end(close));
        let made = match self.calls.remove(&span.start).unwrap_or_else(|| arguments(call)) {
            Arguments::Silent => Expr::Macro(path, Vec::new()),
            Arguments::Expressions(values, None) => Expr::Macro(path, self.exprs(&values)),
            Arguments::Expressions(values, Some(pattern)) => self.matches(path, &values, &pattern, span),
            Arguments::Branches(branches) => {
                Expr::Macro(path, branches.iter().map(|branch| self.branch(branch)).collect())
            }
            Arguments::Opaque => Expr::OpaqueMacro(path),
        };
        self.body.push(made, span)
    }

    /// A branch of a `select!` is what comes of it: `if let pattern = future.await { handler }`.
    fn branch(&mut self, branch: &Branch) -> ExprId {
        let mut conditions = Vec::with_capacity(2);
        if let Some((pattern, future)) = &branch.awaited {
            let pattern = self.pattern(pattern);
            let future = self.expr(future);
            let span = self.at(future);
            let value = self.body.push(Expr::Await(future), span);
            let span = self.body.pattern(pattern).span.to(span);
            conditions.push(self.body.push(Expr::LetCondition(pattern, value), span));
        }
        conditions.extend(branch.guard.as_ref().map(|guard| self.expr(guard)));
        let handler = self.expr(&branch.handler);
        let both = |this: &mut Self, left, right| {
            let span = this.at(left).to(this.at(right));
            this.body.push(Expr::Binary(BinaryOperator::Logic, left, right), span)
        };
        let condition = conditions.into_iter().reduce(|left, right| both(self, left, right));
        let Some(condition) = condition else { return handler };
        let span = self.at(condition).to(self.at(handler));
        self.body.push(Expr::If(condition, handler, None), span)
    }

    /// `matches!(value, pattern if guard)` is a condition with a pattern, and so is its tree.
    fn matches(&mut self, path: SmolStr, values: &[syn::Expr], pattern: &Pat, span: Span) -> Expr {
        let Some(value) = values.first() else { return Expr::Macro(path, Vec::new()) };
        let value = self.expr(value);
        let (pattern, guard) = match pattern {
            Pat::Guard(guarded) => (self.pattern(&guarded.pat), Some(self.expr(&guarded.guard))),
            pattern => (self.pattern(pattern), None),
        };
        let condition = self.body.push(Expr::LetCondition(pattern, value), span);
        Expr::Macro(path, std::iter::once(condition).chain(guard).collect())
    }

    fn member(&self, member: &Member) -> (SmolStr, u32) {
        match member {
            Member::Named(ident) => {
                let (name, span) = self.places.ident(ident);
                (name, span.end)
            }
            Member::Unnamed(index) => (index.index.to_smolstr(), self.places.end(index.span)),
        }
    }

    fn literal(&self, literal: &Lit) -> (LiteralKind, SmolStr, Span) {
        let kind = match literal {
            Lit::Int(_) => LiteralKind::Integer,
            Lit::Float(_) => LiteralKind::Float,
            Lit::Char(_) | Lit::Byte(_) => LiteralKind::Character,
            Lit::Bool(_) => LiteralKind::Boolean,
            _ => LiteralKind::Text,
        };
        let span = self.places.span(literal.span());
        (kind, self.places.text(span).into(), span)
    }
}

/// What an operator does, and whether it assigns.
fn operator(operator: &BinOp) -> (Option<BinaryOperator>, bool) {
    use BinaryOperator::{Bits, Equality, Logic, Order, Product, Sum};
    match operator {
        BinOp::Add(_) | BinOp::Sub(_) => (Some(Sum), false),
        BinOp::Mul(_) | BinOp::Div(_) | BinOp::Rem(_) => (Some(Product), false),
        BinOp::And(_) | BinOp::Or(_) => (Some(Logic), false),
        BinOp::BitXor(_) | BinOp::BitAnd(_) | BinOp::BitOr(_) | BinOp::Shl(_) | BinOp::Shr(_) => (Some(Bits), false),
        BinOp::Eq(_) | BinOp::Ne(_) => (Some(Equality), false),
        BinOp::Lt(_) | BinOp::Le(_) | BinOp::Ge(_) | BinOp::Gt(_) => (Some(Order), false),
        BinOp::AddAssign(_) | BinOp::SubAssign(_) => (Some(Sum), true),
        BinOp::MulAssign(_) | BinOp::DivAssign(_) | BinOp::RemAssign(_) => (Some(Product), true),
        BinOp::BitXorAssign(_)
        | BinOp::BitAndAssign(_)
        | BinOp::BitOrAssign(_)
        | BinOp::ShlAssign(_)
        | BinOp::ShrAssign(_) => (Some(Bits), true),
        // An operator that the parser does not know yet.
        _ => (None, false),
    }
}
