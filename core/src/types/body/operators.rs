//! Operators, `?`, indexing and iteration.

use super::{SUFFIXES, Ty, Walk};
use crate::facts::body::{BinaryOperator, Expr, ExprId, UnaryOperator};
use crate::link::ItemRef;
use crate::types::MOST_LEVELS;
use crate::types::lower::Site;
use crate::types::traits::standard;
use crate::types::unify::Substitution;

impl Walk<'_, '_> {
    pub(super) fn unary(&mut self, id: ExprId, operator: UnaryOperator, operand: ExprId, expected: &Ty) -> Ty {
        let hint = if operator == UnaryOperator::Dereference { &Ty::Unknown } else { expected };
        let operand = self.hinted(operand, hint);
        let path = match operator {
            UnaryOperator::Dereference => {
                let Some((ty, block)) = self.types.dereferenced(&operand) else {
                    return if let Ty::Pointer(inner) = operand { Ty::clone(&inner) } else { Ty::Unknown };
                };
                self.use_all(id, block.into_iter().collect());
                return ty;
            }
            UnaryOperator::Negate => "ops::Neg",
            UnaryOperator::Not => "ops::Not",
        };
        if operand.referent().is_number() || *operand.referent() == Ty::primitive("bool") {
            return operand.referent().clone();
        }
        self.operated(id, &operand, path, None)
    }

    pub(super) fn binary(
        &mut self,
        id: ExprId,
        operator: BinaryOperator,
        left: ExprId,
        right: ExprId,
        expected: &Ty,
    ) -> Ty {
        let boolean = Ty::primitive("bool");
        if operator == BinaryOperator::Logic {
            self.expr(left, &boolean);
            self.expr(right, &boolean);
            return boolean;
        }
        let ours = self.free(left);
        let hint = if ours.referent().is_number() && self.is_literal(right) { ours.referent() } else { &Ty::Unknown };
        let theirs = self.expr(right, hint);
        if ours.is_open_number() && theirs.referent().is_number() && self.is_literal(left) {
            self.out.types[left.index()] = theirs.referent().clone();
        }
        match operator {
            BinaryOperator::Equality => {
                self.compared(id, &ours, &theirs, "cmp::PartialEq");
                boolean
            }
            BinaryOperator::Order => {
                self.compared(id, &ours, &theirs, "cmp::PartialOrd");
                boolean
            }
            _ => {
                let symbol = self.body.symbol(id).unwrap_or(' ');
                self.calculated(id, symbol, &ours, &theirs, expected)
            }
        }
    }

    fn is_literal(&self, id: ExprId) -> bool {
        match self.body.expr(id) {
            Expr::Literal(..) => true,
            Expr::Unary(UnaryOperator::Negate, inner) => self.is_literal(*inner),
            _ => false,
        }
    }

    fn calculated(&mut self, id: ExprId, symbol: char, ours: &Ty, theirs: &Ty, expected: &Ty) -> Ty {
        let Some(path) = trait_of(symbol) else { return Ty::Unknown };
        let (left, right) = (ours.referent(), theirs.referent());
        let plain = |ty: &Ty| ty.is_number() || *ty == Ty::primitive("bool");
        if plain(left) && (plain(right) || right.is_unknown()) {
            let shift = matches!(symbol, '<' | '>');
            let result = if shift { left.clone() } else { left.merged(right) };
            return if result.is_open_number() { result.merged(expected) } else { result };
        }
        self.operated(id, ours, path, Some(theirs))
    }

    /// Uses the project's comparison. References are compared by what they refer to, and what only holds
    /// others by what it holds.
    pub(super) fn compared(&mut self, id: ExprId, ours: &Ty, theirs: &Ty, path: &'static str) {
        let (left, right) = (ours.held(), theirs.held());
        if left.is_empty() || left.len() != right.len() {
            self.operated(id, ours, path, Some(theirs));
            return;
        }
        for (left, right) in left.iter().zip(right) {
            self.compared(id, left, right, path);
        }
    }

    /// What the operator of a trait yields. Uses the project's block for it.
    fn operated(&mut self, id: ExprId, ours: &Ty, path: &'static str, theirs: Option<&Ty>) -> Ty {
        let found = self.operator(ours, path, theirs);
        match found.or_else(|| self.operator_of_literal(ours, path, theirs)) {
            Some((block, output)) => {
                self.use_all(id, block.into_iter().collect());
                output
            }
            None => Ty::Unknown,
        }
    }

    pub(super) fn operator(
        &mut self,
        ours: &Ty,
        path: &'static str,
        theirs: Option<&Ty>,
    ) -> Option<(Option<ItemRef>, Ty)> {
        let of = standard(path);
        for number in self.types.blocks_with(ours, &of) {
            let block = self.types.block(number);
            let Some(bound) = block.of_trait.clone() else { continue };
            let item = block.item;
            let Some(fitted) = self.types.fitted(number, ours) else { continue };
            let mut substitution = Substitution::clone(&fitted);
            let operand = bound.arguments.first().unwrap_or(ours);
            if theirs.is_some_and(|theirs| !self.types.unify(operand, theirs, &mut substitution)) {
                continue;
            }
            let block = self.types.impl_block(item)?;
            let written = block.types.iter().find(|(name, _)| name == "Output");
            let output = match written {
                Some((_, written)) => {
                    let ty = self.types.lower(Site::item(item), written);
                    self.types.closed(&ty, &substitution)
                }
                None => Ty::Unknown,
            };
            return Some((self.types.own_block(number), output));
        }
        let bounds = self.types.all_bounds(ours);
        let bound = bounds.iter().find(|bound| bound.of == of)?;
        Some((None, bound.binding("Output").cloned().unwrap_or_else(|| self.types.project(ours, Some(&of), "Output"))))
    }

    /// The operator of a number whose type nothing says: it is any of those that take what stands beside it.
    fn operator_of_literal(
        &mut self,
        ours: &Ty,
        path: &'static str,
        theirs: Option<&Ty>,
    ) -> Option<(Option<ItemRef>, Ty)> {
        if !ours.is_open_number() || !theirs.is_some_and(Ty::is_known) {
            return None;
        }
        let numbers = SUFFIXES.iter().map(|suffix| Ty::primitive(suffix));
        let mut possible = numbers.filter(|number| number.is_float() == ours.is_float());
        possible.find_map(|number| self.operator(&number, path, theirs))
    }

    pub(super) fn assign(&mut self, id: ExprId, operator: Option<BinaryOperator>, left: ExprId, right: ExprId) -> Ty {
        let place = self.free(left);
        self.use_mutable(left);
        if operator.is_none() {
            let value = self.expr(right, &place);
            self.assigned(left, &value);
            return Ty::unit();
        }
        let hint = if place.is_number() { place.clone() } else { Ty::Unknown };
        let value = if self.is_literal(right) { self.expr(right, &hint) } else { self.free(right) };
        if let Some(path) = self.body.symbol(id).and_then(assigning_trait) {
            // `a += b` needs a block of its own; one of `Add` does not do.
            self.operated(id, &place, path, Some(&value));
        }
        Ty::unit()
    }

    /// What an assignment says of a variable that was declared without a value.
    fn assigned(&mut self, left: ExprId, value: &Ty) {
        let Expr::Path(path) = self.body.expr(left) else { return };
        let Some(local) = self.locals.iter_mut().rev().find(|local| local.name == *path) else { return };
        if !local.ty.is_known() {
            local.ty = local.ty.merged(value);
            if let Some(pattern) = local.pattern {
                self.out.bindings[pattern.index()] = Some(local.ty.clone());
            }
        }
    }

    pub(super) fn index(&mut self, id: ExprId, base: ExprId, position: ExprId) -> Ty {
        let mut at = self.free(base);
        let position = self.free(position);
        let range = position.as_std().is_some_and(|(path, _)| path.starts_with("ops::Range"));
        for _ in 0..MOST_LEVELS {
            match &at {
                Ty::List(_) if range => return at,
                Ty::Primitive(name) if name == "str" && range => return at,
                Ty::List(element) => return Ty::clone(element),
                _ => {}
            }
            self.use_keys(id, &at);
            if let Some((block, output)) = self.operator(&at, "ops::Index", Some(&position)) {
                self.use_all(id, block.into_iter().collect());
                return output;
            }
            let Some((next, block)) = self.types.dereferenced(&at) else { return Ty::Unknown };
            self.use_all(id, block.into_iter().collect());
            at = next;
        }
        Ty::Unknown
    }

    pub(super) fn attempt(&mut self, id: ExprId, inner: ExprId, expected: &Ty) -> Ty {
        let returned = self.returned();
        let wanted = match returned.as_std() {
            Some(("result::Result", _)) if !expected.is_unknown() => {
                Ty::std("result::Result", vec![expected.clone(), Ty::Unknown])
            }
            Some(("option::Option", _)) if !expected.is_unknown() => Ty::std("option::Option", vec![expected.clone()]),
            _ => Ty::Unknown,
        };
        let tried = self.hinted(inner, &wanted);
        match tried.as_std() {
            Some(("result::Result", [value, error])) => {
                if let Some(("result::Result", [_, outer])) = returned.as_std()
                    && error != outer
                {
                    self.use_conversion_into(id, error, outer);
                }
                value.clone()
            }
            Some(("option::Option", [value])) => value.clone(),
            _ => Ty::Unknown,
        }
    }

    /// Uses the project's block that gives a type the first of some traits that it has from one.
    pub(super) fn use_first(&mut self, id: ExprId, ty: &Ty, paths: &[&'static str]) {
        if !self.is_asked_for_uses() {
            return;
        }
        let mut blocks = Vec::new();
        self.types.first_with(ty, paths, &mut blocks);
        self.use_all(id, blocks);
    }
}

/// The trait of an operator.
const fn trait_of(symbol: char) -> Option<&'static str> {
    Some(match symbol {
        '+' => "ops::Add",
        '-' => "ops::Sub",
        '*' => "ops::Mul",
        '/' => "ops::Div",
        '%' => "ops::Rem",
        '&' => "ops::BitAnd",
        '|' => "ops::BitOr",
        '^' => "ops::BitXor",
        '<' => "ops::Shl",
        '>' => "ops::Shr",
        _ => return None,
    })
}

/// The trait of an operator that assigns.
const fn assigning_trait(symbol: char) -> Option<&'static str> {
    Some(match symbol {
        '+' => "ops::AddAssign",
        '-' => "ops::SubAssign",
        '*' => "ops::MulAssign",
        '/' => "ops::DivAssign",
        '%' => "ops::RemAssign",
        '&' => "ops::BitAndAssign",
        '|' => "ops::BitOrAssign",
        '^' => "ops::BitXorAssign",
        '<' => "ops::ShlAssign",
        '>' => "ops::ShrAssign",
        _ => return None,
    })
}
