//! What traits say of a type: bounds, associated types, and whether a type has a trait.

use super::Types;
use super::impls::Head;
use super::lower::{Site, own_parameters};
use super::questions::{Answer, Question};
use super::ty::{Associated, Bound, Parameter, Trait, Ty};
use super::unify::{Substitution, associated};
use crate::facts::types::last_segment;
use crate::facts::{Generics, ItemKind, TraitItem};
use crate::link::{FunctionRef, ItemRef};
use smol_str::SmolStr;
use std::sync::Arc;

/// How many traits one type may have by bounds and their supertraits.
const MOST_BOUNDS: usize = 64;

impl<'p> Types<'p> {
    pub(super) fn trait_item(&self, item: ItemRef) -> Option<&'p TraitItem> {
        match &self.item(item)?.kind {
            ItemKind::Trait(declared) => Some(declared),
            _ => None,
        }
    }

    /// The type parameters of an item.
    pub(super) fn generics_of(&self, item: ItemRef) -> Option<&'p Generics> {
        match &self.item(item)?.kind {
            ItemKind::Struct(declared) => Some(&declared.generics),
            ItemKind::Enum(declared) => Some(&declared.generics),
            ItemKind::Trait(declared) => Some(&declared.generics),
            ItemKind::Impl(block) => Some(&block.generics),
            ItemKind::Alias(alias) => Some(&alias.generics),
            ItemKind::Function(function) => Some(&function.generics),
            _ => None,
        }
    }

    /// The bounds that a parameter is declared with.
    pub(super) fn bounds_of_parameter(&mut self, parameter: &Parameter) -> Arc<[Bound]> {
        // A bound that speaks of its own parameter must not ask for itself.
        let none = Answer::Bounds(Arc::new([]));
        let question = Question::Declared(parameter.clone());
        match self.ask(question, none, |this| Answer::Bounds(this.declared_bounds(parameter).into())) {
            Answer::Bounds(bounds) => bounds,
            _ => Arc::new([]),
        }
    }

    fn declared_bounds(&mut self, parameter: &Parameter) -> Vec<Bound> {
        let Parameter { owner, function, name } = parameter;
        let site = Site { owner: *owner, function: *function };
        let generics = match function {
            Some(index) => {
                self.function(FunctionRef { item: *owner, index: *index }).map(|function| &function.generics)
            }
            None => self.generics_of(*owner),
        };
        let Some(generics) = generics else { return Vec::new() };
        let mut found = Vec::new();
        if name == "Self" {
            let of = self.trait_of(*owner);
            found.push(Bound { of, arguments: own_parameters(*owner, generics), bindings: Vec::new() });
        }
        let written: Vec<_> = generics.bounds(name).collect();
        found.extend(written.into_iter().filter_map(|bound| self.lower_bound(site, bound)));
        found
    }

    /// The bounds of a type that is known by its bounds alone.
    fn own_bounds(&mut self, ty: &Ty) -> Vec<Bound> {
        match ty {
            Ty::Dyn(bounds) | Ty::Impl(bounds) => bounds.to_vec(),
            Ty::Parameter(parameter) => self.bounds_of_parameter(parameter).to_vec(),
            Ty::Associated(associated) => self.bounds_of_associated(associated),
            _ => Vec::new(),
        }
    }

    fn bounds_of_associated(&mut self, associated: &Associated) -> Vec<Bound> {
        let mut found = Vec::new();
        let bounds = self.all_bounds(&associated.of);
        for bound in bounds.iter() {
            let Some(declaration) = self.declaration(&bound.of) else { continue };
            let Some(declared) = self.trait_item(declaration) else { continue };
            let Some((_, bounds)) = declared.types.iter().find(|(name, _)| *name == associated.name) else { continue };
            let substitution = self.of_bound(declaration, &associated.of, bound);
            for bound in bounds {
                if let Some(lowered) = self.lower_bound(Site::item(declaration), bound) {
                    found.push(self.apply_bound(&lowered, &substitution, false));
                }
            }
        }
        if let Ty::Parameter(parameter) = &associated.of {
            found.extend(self.clauses(parameter, &associated.name));
        }
        found
    }

    /// What a `where T::Name: Bound` says.
    fn clauses(&mut self, parameter: &Parameter, name: &str) -> Vec<Bound> {
        let site = Site { owner: parameter.owner, function: parameter.function };
        let generics = match parameter.function {
            Some(index) => {
                self.function(FunctionRef { item: parameter.owner, index }).map(|function| &function.generics)
            }
            None => self.generics_of(parameter.owner),
        };
        let is_it = |path: &str| path.split_once("::") == Some((&parameter.name, name));
        let clauses = generics.into_iter().flat_map(|generics| &generics.predicates);
        let bounds = clauses.filter(|(ty, _)| ty.path().is_some_and(|path| is_it(&path.path)));
        bounds.flat_map(|(_, bounds)| bounds).filter_map(|bound| self.lower_bound(site, bound)).collect()
    }

    /// Every trait that a type has by its bounds, with supertraits.
    pub(super) fn all_bounds(&mut self, ty: &Ty) -> Arc<[Bound]> {
        if !matches!(ty, Ty::Dyn(_) | Ty::Impl(_) | Ty::Parameter(_) | Ty::Associated(_)) {
            return Arc::new([]);
        }
        let none = Answer::Bounds(Arc::new([]));
        match self.ask(Question::Bounds(ty.clone()), none, |this| Answer::Bounds(this.find_bounds(ty).into())) {
            Answer::Bounds(bounds) => bounds,
            _ => Arc::new([]),
        }
    }

    fn find_bounds(&mut self, ty: &Ty) -> Vec<Bound> {
        let own = self.own_bounds(ty);
        self.with_supertraits(ty, own)
    }

    /// Bounds of a type, with the supertraits of their traits.
    pub(super) fn with_supertraits(&mut self, ty: &Ty, mut found: Vec<Bound>) -> Vec<Bound> {
        let mut next = 0;
        while next < found.len() && found.len() < MOST_BOUNDS {
            let bound = found[next].clone();
            next += 1;
            let Some(declaration) = self.declaration(&bound.of) else { continue };
            let Some(declared) = self.trait_item(declaration) else { continue };
            if declared.supertraits.is_empty() {
                continue;
            }
            let substitution = self.of_bound(declaration, ty, &bound);
            for supertrait in &declared.supertraits {
                let Some(lowered) = self.lower_bound(Site::item(declaration), supertrait) else { continue };
                let mut applied = self.apply_bound(&lowered, &substitution, false);
                // `dyn Sub<Item = T>` may fix what the supertrait declares.
                applied.bindings.extend(bound.bindings.iter().cloned());
                if !found.iter().any(|known| known.of == applied.of) {
                    found.push(applied);
                }
            }
        }
        found
    }

    /// The parameters of a trait and its `Self`, as a bound says them.
    pub(super) fn of_bound(&self, declaration: ItemRef, self_type: &Ty, bound: &Bound) -> Substitution {
        let mut substitution = Substitution::new(&[(declaration, None)]);
        substitution.set(Parameter::of_self(declaration), self_type.clone());
        let generics = self.generics_of(declaration).into_iter().flat_map(|generics| &generics.parameters);
        for ((name, _), argument) in generics.zip(&bound.arguments) {
            substitution.set(Parameter { owner: declaration, function: None, name: name.clone() }, argument.clone());
        }
        substitution
    }

    /// The associated type `name` of a type; of a certain trait, if one is given.
    pub(super) fn project(&mut self, of: &Ty, in_trait: Option<&Trait>, name: &str) -> Ty {
        match of {
            Ty::Unknown | Ty::Never => return Ty::Unknown,
            Ty::Function(function) if name == "Output" => return function.output.clone(),
            Ty::Reference(inner) if name == "Target" && in_trait.is_none_or(|of| of.is_std("ops::Deref")) => {
                return Ty::clone(inner);
            }
            _ => {}
        }
        let open = matches!(of, Ty::Dyn(_) | Ty::Impl(_) | Ty::Parameter(_) | Ty::Associated(_));
        let otherwise = if open { associated(of, in_trait.cloned(), &name.into()) } else { Ty::Unknown };
        let question = Question::Associated(of.clone(), in_trait.cloned(), name.into());
        let found = self
            .ask(question, Answer::Type(otherwise), |this| Answer::Type(this.find_associated_type(of, in_trait, name)));
        match found {
            Answer::Type(ty) => ty,
            _ => Ty::Unknown,
        }
    }

    fn find_associated_type(&mut self, of: &Ty, in_trait: Option<&Trait>, name: &str) -> Ty {
        let mut declaring = None;
        let mut unbounded = false;
        match of {
            Ty::Dyn(_) | Ty::Impl(_) | Ty::Parameter(_) | Ty::Associated(_) => {
                let bounds = self.all_bounds(of);
                let fitting = || bounds.iter().filter(|bound| in_trait.is_none_or(|wanted| *wanted == bound.of));
                if let Some(fixed) = fitting().find_map(|bound| bound.binding(name)) {
                    return fixed.clone();
                }
                let declares = |bound: &&Bound| {
                    let declared = self.declaration(&bound.of).and_then(|item| self.trait_item(item));
                    declared.is_some_and(|declared| declared.types.iter().any(|(own, _)| own == name))
                };
                declaring = fitting().find(declares).map(|bound| bound.of.clone());
                unbounded = bounds.is_empty();
            }
            _ => {}
        }
        // What holds for any type at all may be more special for the one that comes in its place.
        if declaring.is_none()
            && !unbounded
            && let Some(found) = self.implemented(of, in_trait, name)
        {
            return found;
        }
        // A parameter without such a bound may get one from an `impl` that is more special.
        let open = matches!(of, Ty::Parameter(_) | Ty::Associated(_)) || declaring.is_some();
        if open { associated(of, declaring.or_else(|| in_trait.cloned()), &name.into()) } else { Ty::Unknown }
    }

    /// The associated type `name` that an `impl` block for the type gives.
    fn implemented(&mut self, of: &Ty, in_trait: Option<&Trait>, name: &str) -> Option<Ty> {
        let blocks = match in_trait {
            Some(in_trait) => self.blocks_with(of, in_trait),
            None => self.blocks_of(of),
        };
        let mut found: Option<Ty> = None;
        for number in blocks {
            let block = self.block(number);
            let item = block.item;
            if found.is_some() && Head::of(&block.self_type) == Some(Head::Any) {
                break;
            }
            let Some(inner) = self.impl_block(item) else { continue };
            let Some((_, written)) = inner.types.iter().find(|(own, _)| own == name) else { continue };
            let Some(substitution) = self.fitted(number, of) else { continue };
            let ty = self.lower(Site::item(item), written);
            let ty = self.closed(&ty, &substitution);
            match &found {
                // The type has the trait with several arguments, and nobody says which is meant.
                Some(other) if *other != ty => return Some(Ty::Unknown),
                _ => found = Some(ty),
            }
        }
        found
    }

    /// The block that gives a type a trait, with the block's parameters.
    pub(super) fn block_of(&mut self, ty: &Ty, of: &Trait) -> Option<(u32, Arc<Substitution>)> {
        let blocks = self.blocks_with(ty, of);
        blocks.into_iter().find_map(|number| Some((number, self.fitted(number, ty)?)))
    }

    /// The trait as the type has it, with arguments.
    pub(super) fn bound_of(&mut self, ty: &Ty, of: &Trait) -> Option<Bound> {
        if let Some(bound) = self.all_bounds(ty).iter().find(|bound| bound.of == *of) {
            return Some(bound.clone());
        }
        let (number, substitution) = self.block_of(ty, of)?;
        let bound = self.block(number).of_trait.clone()?;
        Some(self.apply_bound(&bound, &substitution, true))
    }

    /// Whether a type has a trait; `None` where that is not known.
    pub(super) fn holds(&mut self, ty: &Ty, of: &Trait) -> Option<bool> {
        if ty.is_unknown() {
            return None;
        }
        // A type does not get a trait by having it.
        let no = Answer::Holds(Some(false));
        match self.ask(Question::Holds(ty.clone(), of.clone()), no, |this| Answer::Holds(this.find_whether(ty, of))) {
            Answer::Holds(answer) => answer,
            _ => None,
        }
    }

    fn find_whether(&mut self, ty: &Ty, of: &Trait) -> Option<bool> {
        if self.all_bounds(ty).iter().any(|bound| bound.of == *of) || self.block_of(ty, of).is_some() {
            return Some(true);
        }
        if of.is_function() {
            return Some(self.callable(ty).is_some());
        }
        let declared = self.declaration(of).and_then(|item| self.trait_item(item));
        match (of, ty) {
            (Trait::Item(..), _) => Some(false),
            (Trait::Outside(_, path), Ty::Item(named)) => Some(self.derives(named.item, last_segment(path))),
            // The table lists who has the traits with associated types; of others it knows little.
            _ => declared.is_some_and(|declared| !declared.types.is_empty()).then_some(false),
        }
    }

    pub(super) fn derives(&self, item: ItemRef, name: &str) -> bool {
        let attributes = self.item(item).into_iter().flat_map(|item| &item.attributes);
        let mut derives = attributes.filter(|attribute| attribute.path == "derive");
        derives.any(|derive| derive.arguments.split(',').any(|one| last_segment(one.trim()) == name))
    }

    /// The type that a `*` in front, or a `.` behind, leads to, with the project's `impl` that says so.
    pub(super) fn dereferenced(&mut self, ty: &Ty) -> Option<Dereferenced> {
        match ty {
            Ty::Reference(inner) => return Some((Ty::clone(inner), None)),
            Ty::Item(_) | Ty::Outside(_) | Ty::Parameter(_) | Ty::Impl(_) | Ty::Associated(_) => {}
            _ => return None,
        }
        let of = standard("ops::Deref");
        let target = self.project(ty, Some(&of), "Target");
        if target.is_unknown() || matches!(target, Ty::Associated(_)) || target == *ty {
            return None;
        }
        let block = self.block_of(ty, &of).and_then(|(number, _)| self.own_block(number));
        Some((target, block))
    }
}

/// What a dereference leads to, with the project's `impl` that says so.
pub(super) type Dereferenced = (Ty, Option<ItemRef>);

/// A trait of the standard library.
pub(super) fn standard(path: &'static str) -> Trait {
    Trait::Outside(SmolStr::new_static("std"), SmolStr::new_static(path))
}
