//! Which of several functions is meant, that blocks of one trait with other arguments give a type.

use super::{Ty, Walk};
use crate::types::methods::Found;
use crate::types::ty::{Bound, Parameter};
use crate::types::unify::{Substitution, may_be_one};

impl Walk<'_, '_> {
    /// Of several functions those that return what their place asks for: `let net: u16 = price.convert();`.
    pub(super) fn retain_yielding(&mut self, fitting: &mut Vec<Found>, expected: &Ty) {
        if fitting.len() < 2 || !expected.is_known() {
            return;
        }
        let yields = |this: &mut Self, found: &Found| {
            let Some(signature) = this.types.signature(found.function) else { return false };
            let mut substitution = this.types.begin(found);
            this.types.unify(&signature.output, expected, &mut substitution)
        };
        let yielding: Vec<Found> = fitting.iter().filter(|found| yields(self, found)).cloned().collect();
        // What none of them returns is converted afterwards.
        if !yielding.is_empty() {
            *fitting = yielding;
        }
    }

    /// Whether what is passed has the associated types that a function asks for, as far as they are known:
    /// `I: IntoIterator<Item = u8>`.
    pub(super) fn has_associated(&mut self, found: &Found, parameters: &[Ty], into: &Substitution) -> bool {
        parameters.iter().all(|parameter| {
            let Ty::Parameter(own) = parameter else { return true };
            let of_function = (own.owner, own.function) == (found.function.item, Some(found.function.index));
            match into.get(own).cloned() {
                Some(value) if of_function => self.has_bindings(own, &value, into),
                _ => true,
            }
        })
    }

    fn has_bindings(&mut self, parameter: &Parameter, value: &Ty, into: &Substitution) -> bool {
        let bounds = self.types.bounds_of_parameter(parameter);
        let telling = bounds.iter().filter(|bound| !bound.of.is_function());
        let mut all = telling.flat_map(|bound: &Bound| bound.bindings.iter().map(move |binding| (bound, binding)));
        all.all(|(bound, (name, wanted))| {
            let wanted = self.types.closed(wanted, into);
            let given = self.types.project(value, Some(&bound.of), name);
            !given.is_known() || matches!(given, Ty::Impl(_) | Ty::Dyn(_)) || may_be_one(&wanted, &given)
        })
    }
}
