//! What a call needs beside the function it calls: the project's conversions, and the blocks that give
//! a type what the function asks of it.

use super::{Ty, Walk};
use crate::facts::body::ExprId;
use crate::types::MOST_LEVELS;
use crate::types::lower::Site;
use crate::types::methods::{Found, Via};
use crate::types::outside::Library;
use crate::types::ty::{Bound, Outside};
use crate::types::unify::{Substitution, may_be_one};
use std::sync::Arc;

/// What is known of a call.
pub(super) struct Call<'c> {
    /// The types of what is passed, the receiver first.
    pub(super) passed: &'c [Ty],
    pub(super) output: &'c Ty,
    pub(super) substitution: &'c Substitution,
}

impl Walk<'_, '_> {
    /// Uses the project's blocks that a call needs without naming them.
    pub(super) fn use_needs(&mut self, id: ExprId, found: &Found, call: &Call<'_>) {
        if !self.is_asked_for_uses() {
            return;
        }
        if Library::has(found.function.item) {
            self.use_conversion(id, found, call);
            if let Some(declared) = self.types.function(found.function) {
                self.use_asked(id, &declared.name, found, call);
            }
        }
        self.use_bounds(id, found, call);
    }

    /// Uses the project's conversion that a call such as `into` or `parse` leads to, and what a call of the standard
    /// library asks of the values.
    fn use_conversion(&mut self, id: ExprId, found: &Found, call: &Call<'_>) {
        let Some(declared) = self.types.function(found.function) else { return };
        let output = call.output;
        let from = call.passed.first().unwrap_or(&Ty::Unknown);
        let (of, target) = match (declared.name.as_str(), &found.via) {
            ("take", Via::Path) => return self.use_trait(id, output, "default::Default"),
            (_, Via::Path) => return,
            ("into", _) => return self.use_conversion_into(id, from, output),
            ("try_into", _) => ("convert::TryFrom", succeeded(output)),
            ("parse", _) => ("str::FromStr", succeeded(output)),
            ("to_string", _) => ("fmt::Display", from.referent().clone()),
            ("collect", _) => ("iter::FromIterator", gathered(output).clone()),
            ("sum", _) => ("iter::Sum", gathered(output).clone()),
            ("product", _) => ("iter::Product", gathered(output).clone()),
            (name, _) => return self.use_of_value(id, name, &found.self_type, from, output),
        };
        if let Some(block) = self.types.conversion(from, &target, of) {
            self.use_block(id, block);
        }
    }

    /// Uses the blocks of what a value holds that a method of the standard library asks for.
    fn use_of_value(&mut self, id: ExprId, name: &str, of: &Ty, from: &Ty, output: &Ty) {
        match (name, of.as_std()) {
            ("default" | "unwrap_or_default", _) => self.use_trait(id, output, "default::Default"),
            ("or_default", _) => self.use_trait(id, output.referent(), "default::Default"),
            ("clone" | "to_vec", _) => self.use_trait(id, from.referent(), "clone::Clone"),
            ("to_owned", _) if *of != Ty::primitive("str") => self.use_trait(id, of, "clone::Clone"),
            ("cloned", Some(_)) => self.use_trait(id, output, "clone::Clone"),
            ("cloned", None) => {
                // A copy of a reference is one to the same value.
                if let Ty::Reference(item) = self.types.project(of, None, "Item")
                    && !matches!(*item, Ty::Reference(_))
                {
                    self.use_trait(id, &item, "clone::Clone");
                }
            }
            ("expect" | "unwrap", Some(("result::Result", [_, error]))) => self.show(id, error, "fmt::Debug"),
            ("expect_err" | "unwrap_err", Some(("result::Result", [value, _]))) => self.show(id, value, "fmt::Debug"),
            ("contains" | "dedup" | "ends_with" | "starts_with", _) => {
                if let Some(element) = element(of) {
                    self.compared(id, element, element, "cmp::PartialEq");
                }
            }
            ("binary_search" | "is_sorted" | "push" | "sort" | "sort_unstable", _) => {
                if let Some(element) = element(of).filter(|_| name != "push" || of.is_std("collections::BinaryHeap")) {
                    self.compared(id, element, element, "cmp::Ord");
                }
            }
            ("max" | "min", None) if matches!(of, Ty::Impl(_)) => {
                let item = self.types.project(of, None, "Item");
                self.compared(id, &item, &item, "cmp::Ord");
            }
            _ => {}
        }
    }

    /// Uses the project's blocks that give a type a trait which it has if what it holds does.
    pub(super) fn use_trait(&mut self, id: ExprId, ty: &Ty, path: &'static str) {
        let mut blocks = Vec::new();
        self.types.held_with(ty, path, &mut blocks);
        self.use_all(id, blocks);
    }

    /// Uses the project's block that converts a value, or lets it become an object in a box.
    pub(super) fn use_conversion_into(&mut self, id: ExprId, from: &Ty, target: &Ty) {
        if !self.is_asked_for_uses() {
            return;
        }
        if let Some(("boxed::Box", [Ty::Dyn(bounds)])) = target.as_std() {
            self.use_object(id, from, bounds);
        } else if let Some(block) = self.types.conversion(from, target, "convert::From") {
            self.use_block(id, block);
        }
    }

    /// Uses the project's blocks that give what is passed to a function the traits that it asks for, and its block.
    fn use_bounds(&mut self, id: ExprId, found: &Found, call: &Call<'_>) {
        let (Some(declared), Some(signature)) =
            (self.types.function(found.function), self.types.signature(found.function))
        else {
            return;
        };
        let mut blocks = Vec::new();
        let site = Site::function(found.function);
        self.types.asked_of_parameters(site, &declared.generics, call.substitution, &mut blocks);
        if let Via::Block(number) = found.via {
            self.types.asked_by_block(number, call.substitution, &mut blocks);
        }
        self.use_all(id, blocks);
        let passed = call.passed.iter().rev().zip(signature.parameters.iter().rev());
        for (value, parameter) in passed {
            let Ty::Impl(bounds) = parameter.referent() else { continue };
            let value = if matches!(parameter, Ty::Reference(_)) { value.referent() } else { value };
            for bound in bounds.iter() {
                let bound = self.types.apply_bound(bound, call.substitution, true);
                self.use_bound(id, value, &bound);
            }
        }
    }

    /// Uses the project's blocks by which a type fulfils a bound.
    pub(super) fn use_bound(&mut self, id: ExprId, ty: &Ty, bound: &Bound) {
        if self.is_asked_for_uses() {
            let mut blocks = Vec::new();
            self.types.fulfil(ty, bound, &mut blocks);
            self.use_all(id, blocks);
        }
    }

    /// Uses the project's blocks that a type asks for by the bounds of its declaration.
    pub(super) fn use_arguments(&mut self, id: ExprId, ty: &Ty) {
        if self.is_asked_for_uses() {
            let mut blocks = Vec::new();
            self.types.asked_of_arguments(ty, &mut blocks);
            self.use_all(id, blocks);
        }
    }

    /// Uses the project's blocks by which a value becomes what a function says to return by its traits alone.
    pub(super) fn use_hidden(&mut self, id: ExprId, ty: &Ty, returned: &Ty) {
        match (ty, returned) {
            (_, Ty::Impl(bounds)) => {
                for bound in bounds.iter() {
                    self.use_bound(id, ty, bound);
                }
            }
            (Ty::Outside(own), Ty::Outside(wanted)) if own.path == wanted.path => {
                for (own, wanted) in own.arguments.iter().zip(&wanted.arguments) {
                    self.use_hidden(id, own, wanted);
                }
            }
            (Ty::Tuple(own), Ty::Tuple(wanted)) => {
                for (own, wanted) in own.iter().zip(wanted.iter()) {
                    self.use_hidden(id, own, wanted);
                }
            }
            _ => {}
        }
    }

    /// Uses the project's blocks by which a value becomes an object of a trait.
    fn use_object(&mut self, id: ExprId, ty: &Ty, bounds: &[Bound]) {
        // A pointer to an object lends that, so it becomes none itself.
        let lends_object = matches!(ty.as_std(), Some((_, [Ty::Dyn(_), ..])));
        // Of `Vec<u8>` and `Vec<i32>`, `vec![1]` does not tell which it is.
        let is_told = matches!(ty, Ty::Item(_) | Ty::Function(_) | Ty::Primitive(_)) || ty.is_settled();
        if is_told && !lends_object {
            for bound in bounds {
                self.use_bound(id, ty, bound);
            }
        }
    }

    /// What a value becomes where a reference to another type is asked for: the project's blocks may dereference it.
    pub(super) fn coerced(&mut self, id: ExprId, ty: &Ty, expected: &Ty) -> Option<Ty> {
        let (given, wanted) = match (ty, expected) {
            (Ty::Reference(given), Ty::Reference(wanted)) => (given, wanted),
            (Ty::Outside(given), Ty::Outside(wanted)) => {
                if let ([given], [Ty::Dyn(bounds)]) = (&*given.arguments, &*wanted.arguments) {
                    self.use_object(id, given, bounds);
                }
                return None;
            }
            // A value has no such type itself: it is behind a pointer that a call makes.
            (_, Ty::Dyn(bounds)) => {
                self.use_object(id, ty, bounds);
                return None;
            }
            _ => return None,
        };
        if let Ty::Dyn(bounds) = &**wanted {
            self.use_object(id, given, bounds);
            return None;
        }
        let may_be_own = match &**given {
            Ty::Item(_) | Ty::Reference(_) => true,
            Ty::Outside(outside) => matches!(outside.arguments.first(), Some(Ty::Item(_) | Ty::Outside(_))),
            _ => false,
        };
        let is_type = !matches!(**wanted, Ty::Impl(_) | Ty::Parameter(_) | Ty::Unknown);
        if !may_be_own || !is_type || may_be_one(wanted, given) {
            return None;
        }
        let mut at = Ty::clone(given);
        let mut blocks = Vec::new();
        for _ in 0..MOST_LEVELS {
            let (next, block) = self.types.dereferenced(&at)?;
            blocks.extend(block);
            if may_be_one(wanted, &next) {
                break;
            }
            at = next;
        }
        if blocks.is_empty() {
            return None;
        }
        self.use_all(id, blocks);
        Some(expected.clone())
    }
}

/// What a body has to yield where its function returns that. A body that yields an `impl Trait` yields a type of its
/// own, of which the trait says little.
pub(super) fn opened(returned: &Ty) -> Ty {
    let all = |types: &[Ty]| types.iter().map(opened).collect::<Vec<_>>();
    match returned {
        Ty::Impl(_) => Ty::Unknown,
        Ty::Outside(outside) => {
            let arguments = all(&outside.arguments);
            Ty::Outside(Arc::new(Outside { arguments, ..Outside::clone(outside) }))
        }
        Ty::Tuple(parts) => Ty::Tuple(all(parts).into()),
        _ => returned.clone(),
    }
}

/// What a list holds.
fn element(ty: &Ty) -> Option<&Ty> {
    match (ty, ty.as_std()) {
        (Ty::List(element), _) => Some(element),
        (_, Some(("vec::Vec" | "collections::VecDeque" | "collections::BinaryHeap", [element]))) => Some(element),
        _ => None,
    }
}

/// What a `Result` holds when all is well.
fn succeeded(ty: &Ty) -> Ty {
    match ty.as_std() {
        Some(("result::Result", [value, ..])) => value.clone(),
        _ => Ty::Unknown,
    }
}

/// What items are gathered in, where a failing one ends it.
pub(super) fn gathered(ty: &Ty) -> &Ty {
    match ty.as_std() {
        Some(("result::Result" | "option::Option", [value, ..])) => gathered(value),
        _ => ty,
    }
}
