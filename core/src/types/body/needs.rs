//! What a call needs beside the function it calls: the project's conversions, and the blocks that give
//! a type what the function asks of it.

use super::{Ty, Walk};
use crate::facts::body::ExprId;
use crate::link::ItemRef;
use crate::types::methods::{Found, Via};
use crate::types::outside::Library;
use crate::types::traits::standard;
use crate::types::ty::{Bound, Parameter};
use crate::types::unify::Substitution;

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
        if Library::has(found.function.item) {
            self.use_conversion(id, found, call);
        } else {
            self.use_bounds(id, found, call);
        }
    }

    /// Uses the project's conversion that a call such as `into` or `parse` leads to.
    fn use_conversion(&mut self, id: ExprId, found: &Found, call: &Call<'_>) {
        let Some(declared) = self.types.function(found.function) else { return };
        let output = call.output;
        if matches!(found.via, Via::Path) {
            return;
        }
        let from = call.passed.first().cloned().unwrap_or_default();
        let (of, target) = match declared.name.as_str() {
            "into" => ("convert::From", output.clone()),
            "try_into" => ("convert::TryFrom", succeeded(output)),
            "parse" => ("str::FromStr", succeeded(output)),
            "to_string" => ("fmt::Display", from.referent().clone()),
            "collect" => ("iter::FromIterator", gathered(output)),
            "sum" => ("iter::Sum", gathered(output)),
            "product" => ("iter::Product", gathered(output)),
            _ => return,
        };
        if let Some(block) = self.conversion(&from, &target, of) {
            self.use_block(id, block);
        }
    }

    /// The project's block that gives `target` a trait like `From`, for a value of type `from`.
    pub(super) fn conversion(&mut self, from: &Ty, target: &Ty, of: &'static str) -> Option<ItemRef> {
        let of = standard(of);
        for number in self.types.blocks_with(target, &of) {
            let Some(bound) = self.types.block(number).of_trait.clone() else { continue };
            let Some(fitted) = self.types.fitted(number, target) else { continue };
            let mut substitution = Substitution::clone(&fitted);
            let fits = match bound.arguments.first() {
                Some(argument) if matches!(bound.of.name(), "From" | "TryFrom") => {
                    self.types.unify(argument, from, &mut substitution)
                }
                _ => true,
            };
            if fits && (!from.is_unknown() || bound.arguments.is_empty()) {
                return self.types.own_block(number);
            }
        }
        None
    }

    fn use_bounds(&mut self, _id: ExprId, _found: &Found, _call: &Call<'_>) {
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
fn gathered(ty: &Ty) -> Ty {
    match ty.as_std() {
        Some(("result::Result" | "option::Option", [value, ..])) => gathered(value),
        _ => ty.clone(),
    }
}
