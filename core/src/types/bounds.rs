//! The project's blocks by which types fulfil bounds, with those that such blocks ask for in turn.

use super::MOST_LEVELS;
use super::Types;
use super::lower::Site;
use super::outside::Library;
use super::traits::standard;
use super::ty::{Bound, Parameter, Trait, Ty};
use super::unify::Substitution;
use crate::facts::types::last_segment;
use crate::facts::{Generics, ItemKind};
use crate::link::{FunctionRef, ItemRef};

/// How many blocks, each with arguments of its own, one bound may lead to: a block that asks for ever larger types would
/// have no end.
const MOST_TAKEN: usize = 64;

impl Types<'_> {
    /// Adds the blocks by which a type fulfils a bound. A type that is known by its bounds alone brings them with it.
    pub(super) fn fulfil(&mut self, ty: &Ty, bound: &Bound, found: &mut Vec<ItemRef>) {
        if ty.is_unknown() || bound.of.is_function() || !self.all_bounds(ty).is_empty() || self.depth >= MOST_LEVELS {
            return;
        }
        let is_it = |of: &Ty, known: &Bound| of == ty && known.of == bound.of && known.arguments == bound.arguments;
        if self.carried.iter().any(|(of, known)| is_it(of, known)) {
            return;
        }
        self.depth += 1;
        let path = match &bound.of {
            Trait::Outside(package, path) if package == "std" => path.as_str(),
            _ => "",
        };
        let target = bound.arguments.first().unwrap_or(&Ty::Unknown);
        match path {
            "convert::Into" => found.extend(self.conversion(ty, target, "convert::From")),
            "convert::TryInto" => found.extend(self.conversion(ty, target, "convert::TryFrom")),
            "string::ToString" | "fmt::Display" => self.shown(ty, "fmt::Display", found),
            "fmt::Debug" => self.shown(ty, "fmt::Debug", found),
            "clone::Clone" => self.held_with(ty, "clone::Clone", found),
            "default::Default" => self.held_with(ty, "default::Default", found),
            "marker::Copy" => self.held_with(ty, "marker::Copy", found),
            "iter::IntoIterator" => self.first_with(ty, &["iter::IntoIterator", "iter::Iterator"], found),
            "future::IntoFuture" => self.first_with(ty, &["future::IntoFuture", "future::Future"], found),
            _ => self.fulfil_as_declared(ty, bound, found),
        }
        self.depth -= 1;
        if self.depth == 0 {
            self.taken.clear();
        }
    }

    /// Remembers what holds at a place because its head asks for it, as in `where Vec<T>: Port`: whoever uses that
    /// head fulfils it.
    pub(super) fn enter(&mut self, site: Site) {
        self.carried.clear();
        let of_function = site.function.map(|index| FunctionRef { item: site.owner, index });
        let of_function = of_function.and_then(|function| self.function(function));
        let is_free = self.item(site.owner).is_some_and(|item| matches!(item.kind, ItemKind::Function(_)));
        let of_item = self.generics_of(site.owner).filter(|_| !is_free);
        let of_item = of_item.map(|generics| (Site::item(site.owner), generics));
        let heads = of_item.into_iter().chain(of_function.map(|function| (site, &function.generics)));
        for (site, generics) in heads {
            for (of, bounds) in &generics.predicates {
                let of = self.lower(site, of);
                // Of what is known there is a block, wherever it stands.
                if matches!(of, Ty::Parameter(_)) || !of.is_generic() {
                    continue;
                }
                let bounds = bounds.iter().filter_map(|bound| self.lower_bound(site, bound)).collect();
                let bounds = self.with_supertraits(&of, bounds);
                self.carried.extend(bounds.into_iter().map(|bound| (of.clone(), bound)));
            }
        }
    }

    fn fulfil_as_declared(&mut self, ty: &Ty, bound: &Bound, found: &mut Vec<ItemRef>) {
        // The standard library lends these to references.
        let ty = if LENT.contains(&bound.of.name()) { ty.referent() } else { ty };
        let mut fitting: Vec<(u32, Substitution)> = Vec::new();
        for number in self.blocks_with(ty, &bound.of) {
            let Some(given) = self.block(number).of_trait.clone() else { continue };
            let Some(fitted) = self.fitted(number, ty) else { continue };
            let mut substitution = Substitution::clone(&fitted);
            // Of an operator or a comparison the other side is the same type where nothing is said.
            let is_of_two =
                matches!(&bound.of, Trait::Outside(_, path) if path.starts_with("cmp::") || path.starts_with("ops::"));
            let wanted =
                if is_of_two && bound.arguments.is_empty() { std::slice::from_ref(ty) } else { &bound.arguments };
            let mut pairs = given.arguments.iter().zip(wanted);
            if pairs.all(|(own, wanted)| self.unify(own, wanted, &mut substitution)) {
                let is_certain = given.arguments.len() <= wanted.len() && wanted.iter().all(Ty::is_known);
                fitting.push((number, substitution));
                if is_certain {
                    break;
                }
            }
        }
        // Of several blocks that differ in what is not known, none is guessed.
        if let [(number, substitution)] = fitting.as_slice() {
            self.take_block(*number, substitution, found);
        }
    }

    /// Adds a block of the project and what it asks for. With other arguments the same block asks for others.
    fn take_block(&mut self, number: u32, substitution: &Substitution, found: &mut Vec<ItemRef>) {
        let Some(block) = self.own_block(number) else { return };
        if !found.contains(&block) {
            found.push(block);
        }
        let is_known = |(known, with): &(u32, Substitution)| *known == number && with == substitution;
        if self.taken.len() >= MOST_TAKEN || self.taken.iter().any(is_known) {
            return;
        }
        self.taken.push((number, substitution.clone()));
        self.asked_by_block(number, substitution, found);
        if self.depth == 0 {
            self.taken.clear();
        }
    }

    /// Adds what the bounds of a block ask of its parameters.
    pub(super) fn asked_by_block(&mut self, number: u32, substitution: &Substitution, found: &mut Vec<ItemRef>) {
        let block = self.block(number).item;
        if let Some(generics) = self.generics_of(block).filter(|_| !Library::has(block)) {
            self.asked_of_parameters(Site::item(block), generics, substitution, found);
        }
    }

    /// Adds what the bounds of an item or function ask of what its parameters are.
    pub(super) fn asked_of_parameters(
        &mut self,
        site: Site,
        generics: &Generics,
        substitution: &Substitution,
        found: &mut Vec<ItemRef>,
    ) {
        for (name, _) in &generics.parameters {
            let parameter = Parameter { owner: site.owner, function: site.function, name: name.clone() };
            let Some(value) = substitution.get(&parameter).cloned() else { continue };
            let bounds = self.bounds_of_parameter(&parameter);
            for bound in bounds.iter() {
                let bound = self.apply_bound(bound, substitution, true);
                self.fulfil(&value, &bound, found);
            }
        }
        for (of, bounds) in &generics.predicates {
            if of.path().is_some_and(|path| generics.has(&path.path)) {
                continue;
            }
            let of = self.lower(site, of);
            let of = self.closed(&of, substitution);
            for bound in bounds {
                if let Some(bound) = self.lower_bound(site, bound) {
                    let bound = self.apply_bound(&bound, substitution, true);
                    self.fulfil(&of, &bound, found);
                }
            }
        }
    }

    /// Adds what the declaration of a type asks of the arguments that it is written with, at any depth.
    pub(super) fn asked_of_arguments(&mut self, ty: &Ty, found: &mut Vec<ItemRef>) {
        match ty {
            Ty::Item(named) => {
                if let Some(generics) = self.generics_of(named.item) {
                    let substitution = Substitution::of_item(named.item, generics, &named.arguments);
                    self.asked_of_parameters(Site::item(named.item), generics, &substitution, found);
                }
                self.asked_of_all(&named.arguments, found);
            }
            Ty::Outside(outside) => self.asked_of_all(&outside.arguments, found),
            Ty::Reference(inner) | Ty::Pointer(inner) | Ty::List(inner) => self.asked_of_arguments(inner, found),
            Ty::Tuple(parts) => self.asked_of_all(parts, found),
            Ty::Function(function) => {
                self.asked_of_all(&function.parameters, found);
                self.asked_of_arguments(&function.output, found);
            }
            Ty::Dyn(bounds) | Ty::Impl(bounds) => {
                for bound in bounds.iter() {
                    self.asked_by_trait(&Ty::Unknown, bound, found);
                }
            }
            Ty::Unknown | Ty::Never | Ty::Primitive(_) | Ty::Parameter(_) | Ty::Associated(_) => {}
        }
    }

    fn asked_of_all(&mut self, types: &[Ty], found: &mut Vec<ItemRef>) {
        for ty in types {
            self.asked_of_arguments(ty, found);
        }
    }

    /// Adds what the declaration of a trait asks of the arguments that a bound of a type gives it.
    pub(super) fn asked_by_trait(&mut self, of: &Ty, bound: &Bound, found: &mut Vec<ItemRef>) {
        let Some(declaration) = self.declaration(&bound.of) else { return };
        if let Some(generics) = self.generics_of(declaration) {
            let substitution = self.of_bound(declaration, of, bound);
            self.asked_of_parameters(Site::item(declaration), generics, &substitution, found);
        }
        self.asked_of_all(&bound.arguments, found);
    }

    /// Adds the blocks that give a type a trait which it has if what it holds does.
    pub(super) fn held_with(&mut self, ty: &Ty, path: &'static str, found: &mut Vec<ItemRef>) {
        let is_copied = matches!(path, "clone::Clone" | "default::Default" | "marker::Copy");
        let mut open = vec![ty.clone()];
        while let Some(ty) = open.pop() {
            match &ty {
                Ty::Item(named) => match self.block_of(&ty, &standard(path)) {
                    Some((number, substitution)) if self.own_block(number).is_some() => {
                        self.take_block(number, &substitution, found);
                    }
                    // A derive asks the same of every parameter.
                    _ if self.derives(named.item, last_segment(path)) => open.extend_from_slice(&named.arguments),
                    _ => {}
                },
                // A reference is copied, and only few of what holds others needs one of those at first.
                Ty::Reference(_) if is_copied => {}
                _ if path == "default::Default" => match &ty {
                    Ty::Tuple(parts) => open.extend_from_slice(parts),
                    Ty::List(element) => open.push(Ty::clone(element)),
                    _ => match ty.as_std() {
                        Some((path, held)) if MADE_WITH_CONTENT.contains(&path) => open.extend_from_slice(held),
                        _ => {}
                    },
                },
                _ => open.extend_from_slice(ty.held()),
            }
        }
    }

    /// Adds the block that gives a type the first of some traits that it has from one.
    pub(super) fn first_with(&mut self, ty: &Ty, paths: &[&'static str], found: &mut Vec<ItemRef>) {
        for path in paths {
            if let Some((number, substitution)) = self.block_of(ty, &standard(path))
                && self.own_block(number).is_some()
            {
                self.take_block(number, &substitution, found);
                return;
            }
        }
    }

    /// Adds the block that shows a value, for debugging also those of what the value holds.
    pub(super) fn shown(&mut self, ty: &Ty, path: &'static str, found: &mut Vec<ItemRef>) {
        let mut at = ty.clone();
        for _ in 0..MOST_LEVELS {
            if matches!(at, Ty::Item(_)) {
                break;
            }
            let Some((next, _)) = self.dereferenced(&at) else { break };
            at = next;
        }
        if let Some((number, substitution)) = self.block_of(&at, &standard(path))
            && self.own_block(number).is_some()
        {
            self.take_block(number, &substitution, found);
        } else if path == "fmt::Debug" {
            for held in ty.held() {
                self.shown(held, path, found);
            }
        }
    }

    /// The project's block that gives `target` a trait like `From`, for a value of type `from`.
    pub(super) fn conversion(&mut self, from: &Ty, target: &Ty, of: &'static str) -> Option<ItemRef> {
        let of = standard(of);
        for number in self.blocks_with(target, &of) {
            let Some(bound) = self.block(number).of_trait.clone() else { continue };
            let Some(fitted) = self.fitted(number, target) else { continue };
            let mut substitution = Substitution::clone(&fitted);
            let fits = match bound.arguments.first() {
                Some(argument) if matches!(bound.of.name(), "From" | "TryFrom") => {
                    self.unify(argument, from, &mut substitution)
                }
                _ => true,
            };
            if fits && (!from.is_unknown() || bound.arguments.is_empty()) {
                return self.own_block(number);
            }
        }
        None
    }
}

/// What the standard library makes a default of by one of what it holds.
const MADE_WITH_CONTENT: &[&str] =
    &["boxed::Box", "cell::Cell", "cell::RefCell", "rc::Rc", "sync::Arc", "sync::Mutex", "sync::RwLock"];

/// Traits that a reference has if what it refers to has them.
const LENT: &[&str] = &["AsMut", "AsRef", "Eq", "Hash", "Ord", "PartialEq", "PartialOrd"];
