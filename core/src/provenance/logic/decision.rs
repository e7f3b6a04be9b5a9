//! From evidence to decisions: what belongs to one statement is one decision.

use super::writes::written_variable;
use super::{Evidence, Strength};
use crate::facts::body::{Expr, ExprId, LoopKind};
use crate::provenance::Provenance;
use crate::source::Span;
use std::collections::BTreeMap;

/// A decision that belongs to the core.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The smallest statement that holds it; of one with a block its head.
    pub span: Span,
    /// What proves it, in source order.
    pub evidence: Vec<Evidence>,
}

impl Decision {
    /// The strongest of its evidence.
    pub fn strength(&self) -> Strength {
        self.evidence.iter().map(|one| one.strength).max().unwrap_or(Strength::Weak)
    }
}

/// The decisions in a function's body, in source order.
pub fn decisions(of: &Provenance<'_>) -> Vec<Decision> {
    let mut grouped: BTreeMap<ExprId, Vec<Evidence>> = BTreeMap::new();
    for (id, _) in of.body.nodes() {
        for evidence in found(of, id) {
            grouped.entry(of.statement(id, evidence.kind == "constant")).or_default().push(evidence);
        }
    }
    let mut decisions: Vec<(ExprId, Decision)> = grouped
        .into_iter()
        .map(|(statement, mut evidence)| {
            evidence.sort_by_key(|one| (one.span, one.kind));
            (statement, Decision { span: of.shown(statement, &evidence), evidence })
        })
        .collect();
    decisions.sort_by_key(|(_, decision)| decision.span);
    together(of, decisions)
}

fn found(of: &Provenance<'_>, id: ExprId) -> Vec<Evidence> {
    // Most expressions are of these kinds, and none of them does anything with a value by itself.
    match of.body.expr(id) {
        Expr::Path(_) | Expr::Field(..) => return of.flag(id).into_iter().collect(),
        Expr::Literal(..) | Expr::Block(..) | Expr::Reference(..) | Expr::Try(_) | Expr::Await(_) => return Vec::new(),
        _ => {}
    }
    let single = [
        of.arithmetic(id),
        of.aggregation(id),
        of.comparison(id),
        of.flag(id),
        of.table(id),
        of.write(id),
        of.default(id),
    ];
    single.into_iter().flatten().chain(of.constant(id)).collect()
}

/// Puts writes into one value that follow each other together.
fn together(of: &Provenance<'_>, decisions: Vec<(ExprId, Decision)>) -> Vec<Decision> {
    let mut merged: Vec<(ExprId, Decision)> = Vec::new();
    for (statement, decision) in decisions {
        let variable = only_writes(of, &decision);
        if let Some((last, before)) = merged.last_mut()
            && variable.is_some()
            && only_writes(of, before) == variable
            && of.follows(*last, statement)
        {
            before.span = before.span.to(decision.span);
            before.evidence.extend(decision.evidence);
            *last = statement;
            continue;
        }
        merged.push((statement, decision));
    }
    merged.into_iter().map(|(_, decision)| decision).collect()
}

fn only_writes<'a>(of: &'a Provenance<'_>, decision: &Decision) -> Option<&'a str> {
    let writes = decision.evidence.iter().all(|one| one.kind == "write");
    writes.then(|| decision.evidence.last().and_then(|one| written_variable(of, one.at)))?
}

impl Provenance<'_> {
    /// The smallest statement around an expression; of a chain of `else if` the first `if`. A value that
    /// a branch yields belongs to what chooses between the branches.
    fn statement(&self, id: ExprId, yields: bool) -> ExprId {
        let mut at = id;
        while let Some(parent) = self.parent(at) {
            match self.body.expr(parent) {
                Expr::Block(statements, true) if yields && statements.as_slice() == [at] && self.is_branch(parent) => {
                    at = parent;
                }
                Expr::Block(..) => return at,
                Expr::Match(value, arms) if *value != at && arms.iter().any(|arm| arm.body == at) => return at,
                _ => at = parent,
            }
        }
        at
    }

    fn is_branch(&self, block: ExprId) -> bool {
        let parent = self.parent(block).map(|parent| self.body.expr(parent));
        matches!(parent, Some(Expr::If(condition, ..)) if *condition != block)
    }

    /// What to point at: a statement, the head of one that holds others, or its evidence.
    fn shown(&self, statement: ExprId, evidence: &[Evidence]) -> Span {
        let whole = self.body.node(statement).span;
        let cover = evidence.iter().map(|one| one.span).reduce(Span::to).unwrap_or(whole);
        match self.body.expr(statement) {
            _ if evidence.iter().any(|one| one.kind == "table") => cover,
            Expr::If(condition, ..) => Span::new(whole.start, self.body.node(*condition).span.end),
            Expr::Match(value, _) => Span::new(whole.start, self.body.node(*value).span.end),
            Expr::Loop(LoopKind::While(head) | LoopKind::For(_, head), _) => {
                Span::new(whole.start, self.body.node(*head).span.end)
            }
            _ if self.holds_block(statement) => evidence.first().map_or(whole, |one| one.span),
            _ => whole,
        }
    }

    fn holds_block(&self, statement: ExprId) -> bool {
        let span = self.body.node(statement).span;
        self.body.nodes().any(|(id, node)| {
            id != statement
                && matches!(node.expr, Expr::Block(..))
                && span.start <= node.span.start
                && node.span.end <= span.end
        })
    }

    fn follows(&self, one: ExprId, next: ExprId) -> bool {
        let Some(block) = self.parent(one).filter(|block| self.parent(next) == Some(*block)) else { return false };
        let Expr::Block(statements, _) = self.body.expr(block) else { return false };
        let at = |id: ExprId| statements.iter().position(|statement| *statement == id);
        matches!((at(one), at(next)), (Some(one), Some(next)) if next == one + 1)
    }
}
