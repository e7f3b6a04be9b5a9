//! Filling in type parameters: matching a declared type with a known one.

use super::ty::{Associated, Bound, Named, Outside, Parameter, Trait, Ty};
use super::{MOST_LEVELS, Types};
use crate::facts::Generics;
use crate::link::ItemRef;
use smol_str::SmolStr;
use std::sync::Arc;

/// What is known of the parameters of the items and functions that are being used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Substitution {
    /// Whose parameters are to be filled in.
    owners: Vec<(ItemRef, Option<u32>)>,
    values: Vec<(Parameter, Ty)>,
}

impl Substitution {
    pub(super) fn new(owners: &[(ItemRef, Option<u32>)]) -> Self {
        Self { owners: owners.to_vec(), values: Vec::new() }
    }

    /// The parameters of an item, each with its argument.
    pub(super) fn of_item(item: ItemRef, generics: &Generics, arguments: &[Ty]) -> Self {
        let mut substitution = Self::new(&[(item, None)]);
        for ((name, _), argument) in generics.parameters.iter().zip(arguments) {
            substitution.set(Parameter { owner: item, function: None, name: name.clone() }, argument.clone());
        }
        substitution
    }

    pub(super) fn open(&mut self, owner: ItemRef, function: Option<u32>) {
        self.owners.push((owner, function));
    }

    pub(super) fn is_open(&self, parameter: &Parameter) -> bool {
        self.owners.contains(&(parameter.owner, parameter.function))
    }

    pub(super) fn get(&self, parameter: &Parameter) -> Option<&Ty> {
        self.values.iter().find(|(own, _)| own == parameter).map(|(_, ty)| ty)
    }

    pub(super) fn set(&mut self, parameter: Parameter, ty: Ty) {
        if ty.is_unknown() {
            return;
        }
        match self.values.iter_mut().find(|(own, _)| *own == parameter) {
            Some((_, known)) => *known = known.merged(&ty),
            None => self.values.push((parameter, ty)),
        }
    }

    pub(super) fn values(&self) -> &[(Parameter, Ty)] {
        &self.values
    }
}

impl Ty {
    /// Whether a parameter or an associated type stands in it.
    pub(super) fn is_generic(&self) -> bool {
        match self {
            Self::Parameter(_) | Self::Associated(_) => true,
            Self::Unknown | Self::Never | Self::Primitive(_) => false,
            Self::Item(named) => named.arguments.iter().any(Self::is_generic),
            Self::Outside(outside) => outside.arguments.iter().any(Self::is_generic),
            Self::Reference(inner) | Self::Pointer(inner) | Self::List(inner) => inner.is_generic(),
            Self::Tuple(parts) => parts.iter().any(Self::is_generic),
            Self::Dyn(bounds) | Self::Impl(bounds) => bounds.iter().any(|bound| {
                bound.arguments.iter().any(Self::is_generic) || bound.bindings.iter().any(|(_, ty)| ty.is_generic())
            }),
            Self::Function(function) => {
                function.parameters.iter().any(Self::is_generic) || function.output.is_generic()
            }
        }
    }
}

impl Types<'_> {
    /// The type with what is known of its parameters filled in; the rest stays as it is.
    pub(super) fn filled(&mut self, ty: &Ty, by: &Substitution) -> Ty {
        self.apply(ty, by, false)
    }

    /// The same; open parameters of which nothing is known become unknown.
    pub(super) fn closed(&mut self, ty: &Ty, by: &Substitution) -> Ty {
        self.apply(ty, by, true)
    }

    fn apply(&mut self, ty: &Ty, by: &Substitution, close: bool) -> Ty {
        if !ty.is_generic() {
            return ty.clone();
        }
        match ty {
            Ty::Parameter(parameter) => match by.get(parameter) {
                Some(value) => value.clone(),
                None if close && by.is_open(parameter) => Ty::Unknown,
                None => ty.clone(),
            },
            Ty::Associated(associated) => self.apply_associated(associated, by, close),
            Ty::Item(named) => {
                let arguments = self.apply_all(&named.arguments, by, close);
                Ty::Item(Arc::new(Named { arguments, ..Named::clone(named) }))
            }
            Ty::Outside(outside) => {
                let arguments = self.apply_all(&outside.arguments, by, close);
                Ty::Outside(Arc::new(Outside { arguments, ..Outside::clone(outside) }))
            }
            Ty::Reference(inner) => Ty::reference(self.apply(inner, by, close)),
            Ty::Pointer(inner) => Ty::Pointer(Arc::new(self.apply(inner, by, close))),
            Ty::List(inner) => Ty::List(Arc::new(self.apply(inner, by, close))),
            Ty::Tuple(parts) => Ty::Tuple(self.apply_all(parts, by, close).into()),
            Ty::Dyn(bounds) => Ty::Dyn(bounds.iter().map(|bound| self.apply_bound(bound, by, close)).collect()),
            Ty::Impl(bounds) => Ty::Impl(bounds.iter().map(|bound| self.apply_bound(bound, by, close)).collect()),
            Ty::Function(function) => {
                let parameters = self.apply_all(&function.parameters, by, close);
                Ty::function(parameters, self.apply(&function.output, by, close))
            }
            Ty::Unknown | Ty::Never | Ty::Primitive(_) => ty.clone(),
        }
    }

    fn apply_associated(&mut self, associated: &Associated, by: &Substitution, close: bool) -> Ty {
        let of = self.apply(&associated.of, by, close);
        if of.is_unknown() {
            return Ty::Unknown;
        }
        if let Ty::Parameter(parameter) = &of
            && by.is_open(parameter)
            && by.get(parameter).is_none()
        {
            // Nothing is known of it yet, so its bounds would answer in the words of the declaration.
            return Ty::Associated(Arc::new(Associated { of, ..associated.clone() }));
        }
        let found = self.project(&of, associated.in_trait.as_ref(), &associated.name);
        if close && found.is_generic() && !matches!(found, Ty::Associated(_)) {
            self.apply(&found, by, close)
        } else {
            found
        }
    }

    fn apply_all(&mut self, types: &[Ty], by: &Substitution, close: bool) -> Vec<Ty> {
        types.iter().map(|ty| self.apply(ty, by, close)).collect()
    }

    pub(super) fn apply_bound(&mut self, bound: &Bound, by: &Substitution, close: bool) -> Bound {
        let arguments = self.apply_all(&bound.arguments, by, close);
        let bindings = bound.bindings.iter().map(|(name, ty)| (name.clone(), self.apply(ty, by, close))).collect();
        Bound { of: bound.of.clone(), arguments, bindings }
    }

    /// Matches a declared type with a known one and notes what its parameters must be. Says whether
    /// the two can be one type.
    pub(super) fn unify(&mut self, declared: &Ty, known: &Ty, into: &mut Substitution) -> bool {
        match (declared, known) {
            (Ty::Unknown, _) | (_, Ty::Unknown | Ty::Never) => true,
            (Ty::Parameter(parameter), _) if into.is_open(parameter) => {
                if let Some(value) = into.get(parameter) {
                    if !may_be_one(value, known) {
                        return false;
                    }
                    if value == known {
                        return true;
                    }
                }
                into.set(Parameter::clone(parameter), known.clone());
                self.unify_bounds(parameter, known, into);
                true
            }
            (Ty::Associated(_), _) => {
                let meant = self.filled(declared, into);
                matches!(meant, Ty::Associated(_)) || self.unify(&meant, known, into)
            }
            (Ty::Reference(a), Ty::Reference(b)) | (Ty::Pointer(a), Ty::Pointer(b)) | (Ty::List(a), Ty::List(b)) => {
                self.unify(a, b, into)
            }
            (Ty::Tuple(a), Ty::Tuple(b)) => a.len() == b.len() && self.unify_all(a, b, into),
            (Ty::Item(a), Ty::Item(b)) => a.item == b.item && self.unify_all(&a.arguments, &b.arguments, into),
            (Ty::Outside(a), Ty::Outside(b)) => {
                a.package == b.package && a.path == b.path && self.unify_all(&a.arguments, &b.arguments, into)
            }
            (Ty::Function(a), Ty::Function(b)) => {
                self.unify_all(&a.parameters, &b.parameters, into) && self.unify(&a.output, &b.output, into)
            }
            (Ty::Dyn(a), Ty::Dyn(b)) => match (a.first(), b.first()) {
                (Some(a), Some(b)) if a.of == b.of => {
                    self.unify_all(&a.arguments, &b.arguments, into);
                    self.unify_bindings(a, known, into);
                    true
                }
                _ => false,
            },
            (Ty::Impl(bounds), _) => {
                for bound in bounds.iter() {
                    self.unify_bound(bound, known, into);
                }
                true
            }
            _ => may_be_one(declared, known),
        }
    }

    fn unify_all(&mut self, declared: &[Ty], known: &[Ty], into: &mut Substitution) -> bool {
        let mut fits = true;
        for (declared, known) in declared.iter().zip(known) {
            fits &= self.unify(declared, known, into);
        }
        fits
    }

    /// What the bounds of a parameter say once it is known: of `I: Iterator<Item = T>`, what `T` is.
    fn unify_bounds(&mut self, parameter: &Parameter, known: &Ty, into: &mut Substitution) {
        let bounds = self.bounds_of_parameter(parameter);
        for bound in bounds.iter() {
            self.unify_bound(bound, known, into);
        }
    }

    fn unify_bound(&mut self, bound: &Bound, known: &Ty, into: &mut Substitution) {
        if self.depth >= MOST_LEVELS || (bound.arguments.is_empty() && bound.bindings.is_empty()) {
            return;
        }
        self.depth += 1;
        if bound.of.is_function() {
            if let Some(Ty::Function(function)) = self.callable(known) {
                self.unify_all(&bound.arguments, &function.parameters, into);
                if let Some(output) = bound.binding("Output") {
                    self.unify(output, &function.output, into);
                }
            }
        } else {
            if !bound.arguments.is_empty()
                && let Some(found) = self.bound_of(known, &bound.of)
            {
                self.unify_all(&bound.arguments, &found.arguments, into);
            }
            self.unify_bindings(bound, known, into);
        }
        self.depth -= 1;
    }

    fn unify_bindings(&mut self, bound: &Bound, known: &Ty, into: &mut Substitution) {
        for (name, declared) in &bound.bindings {
            let value = self.project(known, Some(&bound.of), name);
            if !matches!(value, Ty::Associated(_)) {
                self.unify(declared, &value, into);
            }
        }
    }

    /// What a value takes and returns when it is called, if it can be.
    pub(super) fn callable(&mut self, ty: &Ty) -> Option<Ty> {
        match ty {
            Ty::Function(_) => Some(ty.clone()),
            Ty::Reference(inner) => self.callable(inner),
            Ty::Outside(outside)
                if matches!(
                    outside.path.as_str(),
                    "boxed::Box" | "sync::Arc" | "rc::Rc" | "panic::AssertUnwindSafe"
                ) =>
            {
                self.callable(outside.arguments.first()?)
            }
            Ty::Dyn(_) | Ty::Impl(_) | Ty::Parameter(_) => {
                let bounds = self.all_bounds(ty);
                let bound = bounds.iter().find(|bound| bound.of.is_function())?;
                let mut output = bound.binding("Output").cloned().unwrap_or_default();
                if bound.of.name().starts_with("Async") {
                    output = Ty::future(output);
                }
                Some(Ty::function(bound.arguments.clone(), output))
            }
            _ => None,
        }
    }

    /// Matches a parameter with what is passed, also where the language takes references off.
    pub(super) fn unify_argument(&mut self, declared: &Ty, passed: &Ty, into: &mut Substitution) {
        let mut trial = into.clone();
        if self.unify(declared, passed, &mut trial) {
            *into = trial;
            return;
        }
        let (Ty::Reference(wanted), Ty::Reference(given)) = (declared, passed) else { return };
        let mut at = Ty::clone(given);
        for _ in 0..MOST_LEVELS {
            let Some((next, _)) = self.dereferenced(&at) else { return };
            let mut trial = into.clone();
            if self.unify(wanted, &next, &mut trial) {
                *into = trial;
                return;
            }
            at = next;
        }
    }
}

/// Whether two types without open parameters may be the same.
pub(super) fn may_be_one(a: &Ty, b: &Ty) -> bool {
    match (a, b) {
        (Ty::Unknown | Ty::Never | Ty::Associated(_), _)
        | (_, Ty::Unknown | Ty::Never | Ty::Associated(_))
        | (Ty::Function(_), Ty::Function(_)) => true,
        (Ty::Primitive(x), Ty::Primitive(y)) => {
            let open = |own: &str, other: &Ty| {
                (own == "{integer}" && other.is_integer()) || (own == "{float}" && other.is_float())
            };
            x == y || open(x, b) || open(y, a)
        }
        (Ty::Item(a), Ty::Item(b)) => a.item == b.item && all_may_be_one(&a.arguments, &b.arguments),
        (Ty::Outside(a), Ty::Outside(b)) => {
            a.package == b.package && a.path == b.path && all_may_be_one(&a.arguments, &b.arguments)
        }
        (Ty::Reference(a), Ty::Reference(b)) | (Ty::Pointer(a), Ty::Pointer(b)) | (Ty::List(a), Ty::List(b)) => {
            may_be_one(a, b)
        }
        (Ty::Tuple(a), Ty::Tuple(b)) => a.len() == b.len() && all_may_be_one(a, b),
        _ => a == b,
    }
}

fn all_may_be_one(a: &[Ty], b: &[Ty]) -> bool {
    a.iter().zip(b).all(|(a, b)| may_be_one(a, b))
}

/// The associated type `name` of a type of which nothing closer is known.
pub(super) fn associated(of: &Ty, in_trait: Option<Trait>, name: &SmolStr) -> Ty {
    Ty::Associated(Arc::new(Associated { of: of.clone(), in_trait, name: name.clone() }))
}
