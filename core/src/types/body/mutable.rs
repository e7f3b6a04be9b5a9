//! Places that are changed: what changes them may be given by other blocks than what reads them.

use super::{Ty, Walk};
use crate::facts::Receiver;
use crate::facts::body::{Body, Expr, ExprId, UnaryOperator};
use crate::link::{FunctionRef, ItemRef};
use crate::types::MOST_LEVELS;
use crate::types::methods::Found;
use crate::types::traits::standard;

impl<'p> Walk<'_, 'p> {
    /// Uses the project's blocks by which a place is changed, once its parts have types: `a[b] = c` needs `IndexMut`,
    /// `*a = c` needs `DerefMut`.
    pub(super) fn use_mutable(&mut self, mut place: ExprId) {
        if !self.is_asked_for_uses() {
            return;
        }
        let body: &'p Body = self.body;
        loop {
            let base = match body.expr(place) {
                Expr::Field(base, name) => {
                    let from = self.out.types[base.index()].clone();
                    self.use_mutable_way(place, &from, &mut |this, at| match at {
                        Ty::Tuple(_) => true,
                        Ty::Item(named) => this.types.fields_of(named.item, None).iter().any(|(own, _)| own == name),
                        _ => false,
                    });
                    base
                }
                Expr::Index(base, position) => {
                    let from = self.out.types[base.index()].clone();
                    let position = self.out.types[position.index()].clone();
                    let indexed = self.use_mutable_way(place, &from, &mut |this, at| {
                        matches!(at, Ty::List(_)) || this.operator(at, "ops::Index", Some(&position)).is_some()
                    });
                    if let Some(ty) = indexed {
                        self.use_index_mut(place, &ty, &position);
                    }
                    base
                }
                Expr::Unary(UnaryOperator::Dereference, base) => {
                    let from = self.out.types[base.index()].clone();
                    self.use_first(place, &from, &["ops::DerefMut"]);
                    base
                }
                _ => return,
            };
            place = *base;
        }
    }

    fn use_index_mut(&mut self, place: ExprId, of: &Ty, position: &Ty) {
        // Where the position has no known type, nothing tells two blocks apart.
        if !position.is_known() && self.own_blocks(of, "ops::IndexMut").len() > 1 {
            return;
        }
        let found = self.operator(of, "ops::IndexMut", Some(position));
        self.use_all(place, found.and_then(|(block, _)| block).into_iter().collect());
    }

    /// The same for the receiver of a method that takes `&mut self`.
    pub(super) fn use_mutable_receiver(&mut self, id: ExprId, receiver: ExprId, of: &Ty, found: &Found) {
        let declared = self.types.function(found.function);
        if declared.is_some_and(|function| function.receiver == Some(Receiver::Mutable)) {
            if !found.derefs.is_empty() {
                self.use_mutable_way(id, of, &mut |_, at| *at == found.self_type);
            }
            self.use_mutable(receiver);
        }
    }

    /// Dereferences a type until `is_there`, and uses the blocks that do so for a change. The type it ends with.
    fn use_mutable_way(
        &mut self,
        id: ExprId,
        from: &Ty,
        is_there: &mut dyn FnMut(&mut Self, &Ty) -> bool,
    ) -> Option<Ty> {
        let mut at = from.clone();
        let mut passed = Vec::new();
        for _ in 0..MOST_LEVELS {
            if is_there(self, &at) {
                for ty in &passed {
                    self.use_first(id, ty, &["ops::DerefMut"]);
                }
                return Some(at);
            }
            let (next, _) = self.types.dereferenced(&at)?;
            passed.push(at);
            at = next;
        }
        None
    }

    /// Uses the project's block that makes what a `for` goes through iterable. Types do not tell `&T` from `&mut T`, so
    /// of the blocks for both the expression tells which is meant.
    pub(super) fn use_iteration(&mut self, id: ExprId, iterated: ExprId, ty: &Ty) {
        if !self.is_asked_for_uses() {
            return;
        }
        let mut fitting = self.own_blocks(ty, "iter::IntoIterator");
        if fitting.len() > 1 {
            let project = self.types.project;
            let role = |block: &ItemRef| project.module(block.module).role;
            if let Some(mutable) = self.lends_mutably(iterated) {
                fitting.retain(|block| self.types.impl_block(*block).is_some_and(|block| block.mutable == mutable));
            } else if fitting.iter().any(|block| role(block) != role(&fitting[0])) {
                return;
            }
        }
        match fitting.first() {
            Some(block) => self.use_block(id, *block),
            None => self.use_first(id, ty, &["iter::Iterator"]),
        }
    }

    /// Whether an expression yields `&mut T`, if it says so.
    fn lends_mutably(&self, id: ExprId) -> Option<bool> {
        match self.body.expr(id) {
            Expr::Reference(mutable, _) => Some(*mutable),
            Expr::Path(name) => {
                let is_parameter = self.locals.iter().rev().find(|local| local.name == *name)?.pattern.is_none();
                let function = FunctionRef { item: self.site.owner, index: self.site.function? };
                let parameters = &self.types.function(function)?.parameters;
                let parameter = parameters.iter().find(|parameter| parameter.name == *name && is_parameter)?;
                Some(parameter.mutable)
            }
            _ => None,
        }
    }

    /// The project's blocks that give a type a trait.
    fn own_blocks(&mut self, ty: &Ty, path: &'static str) -> Vec<ItemRef> {
        let blocks = self.types.blocks_with(ty, &standard(path));
        let fitting = blocks.into_iter().filter(|number| self.types.fitted(*number, ty).is_some()).collect::<Vec<_>>();
        fitting.into_iter().filter_map(|number| self.types.own_block(number)).collect()
    }
}
