//! Blocks, branches and loops.

use super::needs::opened;
use super::{Ty, Walk};
use crate::facts::body::{Arm, Expr, ExprId, LeaveKind, LoopKind, PatternId};

impl Walk<'_, '_> {
    pub(super) fn control(&mut self, id: ExprId, expected: &Ty) -> Ty {
        match self.body.expr(id) {
            Expr::Block(statements, valued) => self.block(statements, *valued, expected),
            Expr::If(condition, then, otherwise) => self.branch(*condition, *then, *otherwise, expected),
            Expr::Match(value, arms) => self.match_expr(*value, arms, expected),
            Expr::LetCondition(pattern, value) => {
                let hint = self.matched_hint(*value, *pattern);
                let value = self.hinted(*value, &hint);
                self.bind(*pattern, &value);
                Ty::primitive("bool")
            }
            Expr::Let(pattern, value, diverge) => {
                self.let_statement(*pattern, *value, *diverge);
                Ty::unit()
            }
            Expr::Loop(kind, inner) => self.repeat(id, kind, *inner, expected),
            Expr::Leave(kind, value) => {
                self.leave(*kind, *value);
                Ty::Never
            }
            Expr::Continue => Ty::Never,
            Expr::Async(inner) => self.async_block(*inner, expected),
            _ => Ty::Unknown,
        }
    }

    fn block(&mut self, statements: &[ExprId], valued: bool, expected: &Ty) -> Ty {
        self.scoped(|this| {
            let mut leaves = false;
            for (at, statement) in statements.iter().enumerate() {
                if valued && at + 1 == statements.len() {
                    return this.expr(*statement, expected);
                }
                leaves |= this.free(*statement) == Ty::Never;
            }
            if leaves { Ty::Never } else { Ty::unit() }
        })
    }

    fn let_statement(&mut self, pattern: PatternId, value: Option<ExprId>, diverge: Option<ExprId>) {
        let annotated = match self.body.annotation(pattern) {
            Some(written) => self.types.lower(self.site, written),
            None => Ty::Unknown,
        };
        let ty = match value {
            Some(value) => {
                let ty = self.hinted(value, &annotated);
                self.coerced(value, &ty, &annotated).unwrap_or(ty)
            }
            None => annotated,
        };
        if let Some(diverge) = diverge {
            self.free(diverge);
        }
        self.bind(pattern, &ty);
    }

    fn branch(&mut self, condition: ExprId, then: ExprId, otherwise: Option<ExprId>, expected: &Ty) -> Ty {
        let yielded = self.scoped(|this| {
            this.expr(condition, &Ty::primitive("bool"));
            this.branch_value(then, expected)
        });
        match otherwise {
            Some(otherwise) => {
                let hint = expected.merged(&yielded);
                join(&yielded, &self.branch_value(otherwise, &hint))
            }
            None => Ty::unit(),
        }
    }

    /// The value of one of several branches. What an earlier one yields is a hint and no more.
    fn branch_value(&mut self, id: ExprId, hint: &Ty) -> Ty {
        let hint = if *hint == Ty::Never { &Ty::Unknown } else { hint };
        self.hinted(id, hint)
    }

    fn match_expr(&mut self, value: ExprId, arms: &[Arm], expected: &Ty) -> Ty {
        let hints = arms.iter().map(|arm| self.matched_hint(value, arm.pattern));
        let hint = hints.fold(Ty::Unknown, |known, hint| known.merged(&hint));
        let value = self.hinted(value, &hint);
        let mut joined = Ty::Never;
        for arm in arms {
            let yielded = self.scoped(|this| {
                this.bind(arm.pattern, &value);
                if let Some(guard) = arm.guard {
                    this.expr(guard, &Ty::primitive("bool"));
                }
                let hint = expected.merged(if joined == Ty::Never { &Ty::Unknown } else { &joined });
                this.branch_value(arm.body, &hint)
            });
            joined = join(&joined, &yielded);
        }
        joined
    }

    fn repeat(&mut self, id: ExprId, kind: &LoopKind, inner: ExprId, expected: &Ty) -> Ty {
        self.breaks.push(Ty::Never);
        self.scoped(|this| {
            match kind {
                LoopKind::Forever => {}
                LoopKind::While(condition) => {
                    this.expr(*condition, &Ty::primitive("bool"));
                }
                LoopKind::For(pattern, iterated) => {
                    let ty = this.free(*iterated);
                    this.use_iteration(id, *iterated, &ty);
                    let item = this.types.iterated(&ty);
                    this.bind(*pattern, &item);
                }
            }
            this.free(inner);
        });
        let left = self.breaks.pop().unwrap_or_default();
        if *kind == LoopKind::Forever {
            left.merged(if left == Ty::Never { &left } else { expected })
        } else {
            Ty::unit()
        }
    }

    fn leave(&mut self, kind: LeaveKind, value: Option<ExprId>) {
        match kind {
            LeaveKind::Return => {
                let returned = self.returned();
                if let Some(value) = value {
                    let ty = self.expr(value, &opened(&returned));
                    self.use_hidden(value, &ty, &returned);
                }
            }
            LeaveKind::Break => {
                let left = value.map_or_else(Ty::unit, |value| self.free(value));
                if let Some(joined) = self.breaks.last_mut() {
                    *joined = join(joined, &left);
                }
            }
            LeaveKind::Yield => {
                if let Some(value) = value {
                    self.free(value);
                }
            }
        }
    }

    fn async_block(&mut self, inner: ExprId, expected: &Ty) -> Ty {
        let wanted = self.types.awaited(expected);
        self.returns.push(wanted.clone());
        let breaks = std::mem::take(&mut self.breaks);
        let output = self.expr(inner, &wanted);
        self.breaks = breaks;
        self.returns.pop();
        Ty::future(output)
    }
}

/// The type of several branches: the first that is known, with what it leaves open from the others.
fn join(first: &Ty, second: &Ty) -> Ty {
    match (first, second) {
        (Ty::Never, _) => second.clone(),
        (_, Ty::Never) => first.clone(),
        _ => first.merged(second),
    }
}
