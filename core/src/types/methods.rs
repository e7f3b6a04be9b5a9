//! Which function a method call or an associated path means.

use super::Types;
use super::impls::Head;
use super::lower::Site;
use super::outside::Library;
use super::ty::{Bound, Parameter, Trait, Ty};
use super::unify::Substitution;
use crate::facts::{Function, Receiver};
use crate::link::{FunctionRef, ItemRef, ModuleId, Space, Target};
use smol_str::{SmolStr, format_smolstr};
use std::sync::Arc;

/// How many times a receiver may be dereferenced.
const MOST_DEREFS: usize = 16;

/// What a function takes and returns, in terms of its parameters.
#[derive(Debug)]
pub(super) struct Signature {
    /// How it takes `self`.
    pub(super) receiver: Option<Ty>,
    pub(super) parameters: Vec<Ty>,
    /// Its result; a future for an `async fn`.
    pub(super) output: Ty,
}

/// A function that was looked for on a type.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) function: FunctionRef,
    /// The type it was found on, behind whatever was dereferenced.
    pub(super) self_type: Ty,
    pub(super) via: Via,
    /// The project's `Deref` blocks that lead to that type.
    pub(super) derefs: Vec<ItemRef>,
    /// The same function of other blocks for the type, when it has the trait with several
    /// arguments, as in `From<A>` and `From<B>`: what is passed says which is meant.
    pub(super) others: Vec<Self>,
}

impl Found {
    pub(super) const fn new(function: FunctionRef, self_type: Ty, via: Via) -> Self {
        Self { function, self_type, via, derefs: Vec::new(), others: Vec::new() }
    }
}

/// Where a function was found.
#[derive(Clone, Debug)]
pub(super) enum Via {
    /// In an `impl` block, or in the trait that the block is of.
    Block(u32),
    /// In a trait that the type has by a bound.
    Bound(Bound),
    /// Free.
    Path,
}

/// What a call calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Callee {
    /// A function of the project: free, inherent, of a trait's `impl`, or a trait's default.
    Function(FunctionRef),
    /// A function of a project's trait whose implementation the receiver does not tell: a port.
    Trait {
        /// The function in the trait.
        function: FunctionRef,
        /// The type it is called on: `dyn Port`, `impl Port`, a parameter.
        receiver: Ty,
    },
    /// A function of an outside crate: package and path. A method has the path of its type or
    /// trait in front: `path::Path::exists`, `iter::Iterator::map`.
    Outside(SmolStr, SmolStr),
    /// A tuple struct, or a variant with its name.
    Constructor(ItemRef, Option<SmolStr>),
    /// A value that can be called: a closure, a function in a field.
    Value,
    /// Nobody knows.
    Unknown,
}

impl Types<'_> {
    /// What a function takes and returns.
    pub(super) fn signature(&mut self, function: FunctionRef) -> Option<Arc<Signature>> {
        if let Some(known) = self.signatures.get(&function) {
            return Some(Arc::clone(known));
        }
        let declared = self.function(function)?;
        let site = Site::function(function);
        let own = self.self_type(function.item);
        let receiver = declared.receiver.map(|receiver| match (receiver, own) {
            (_, None) => Ty::Unknown,
            (Receiver::Value, Some(own)) => own,
            (Receiver::Shared | Receiver::Mutable, Some(own)) => Ty::reference(own),
        });
        let parameters = declared.parameters.iter().map(|parameter| self.lower(site, &parameter.ty)).collect();
        let output = declared.output.as_ref().map_or_else(Ty::unit, |output| self.lower(site, output));
        let output = if declared.is_async { Ty::future(output) } else { output };
        let signature = Arc::new(Signature { receiver, parameters, output });
        self.signatures.insert(function, Arc::clone(&signature));
        Some(signature)
    }

    /// The method `name` of a receiver with that many arguments, as a call in module `from` finds it.
    pub(super) fn find_method(&mut self, ty: &Ty, name: &str, arguments: usize, from: ModuleId) -> Option<Found> {
        let takes = |function: &Function| function.receiver.is_some() && function.parameters.len() == arguments;
        let mut at = ty.clone();
        let mut derefs = Vec::new();
        for _ in 0..MOST_DEREFS {
            if let Some(found) = self.function_on(&at, name, &takes, from) {
                return Some(Found { derefs, ..found });
            }
            let (next, block) = self.dereferenced(&at)?;
            derefs.extend(block);
            at = next;
        }
        None
    }

    /// The associated function `Type::name`.
    pub(super) fn find_associated(&mut self, ty: &Ty, name: &str, from: ModuleId) -> Option<Found> {
        self.function_on(ty, name, &|_| true, from)
    }

    fn function_on(&mut self, ty: &Ty, name: &str, takes: &dyn Fn(&Function) -> bool, from: ModuleId) -> Option<Found> {
        if ty.is_unknown() {
            return None;
        }
        if let Some(found) = self.in_bounds(ty, name, takes) {
            return Some(found);
        }
        let head = Head::of(ty)?;
        let mut candidates = if head == Head::Any { Vec::new() } else { self.functions_of(&head, name).to_vec() };
        // Inherent functions go before those of traits.
        candidates.sort_by_key(|(number, _)| self.block(*number).of_trait.is_some());
        self.first_fitting(ty, &candidates, takes, from).or_else(|| {
            if matches!(ty, Ty::Reference(_)) || is_guard(ty) {
                return None;
            }
            let blanket = self.functions_of(&Head::Any, name);
            self.first_fitting(ty, &blanket, takes, from)
        })
    }

    fn in_bounds(&mut self, ty: &Ty, name: &str, takes: &dyn Fn(&Function) -> bool) -> Option<Found> {
        if !matches!(ty, Ty::Dyn(_) | Ty::Impl(_) | Ty::Parameter(_) | Ty::Associated(_)) {
            return None;
        }
        let bounds = self.all_bounds(ty);
        for bound in bounds.iter() {
            let Some(declaration) = self.declaration(&bound.of) else { continue };
            let Some(declared) = self.trait_item(declaration) else { continue };
            let position = declared.functions.iter().position(|function| function.name == name && takes(function));
            if let Some(index) = position {
                let function = FunctionRef { item: declaration, index: index as u32 };
                return Some(Found::new(function, ty.clone(), Via::Bound(bound.clone())));
            }
        }
        None
    }

    fn first_fitting(
        &mut self,
        ty: &Ty,
        candidates: &[(u32, FunctionRef)],
        takes: &dyn Fn(&Function) -> bool,
        from: ModuleId,
    ) -> Option<Found> {
        let mut fitting: Vec<(Option<Trait>, Found)> = Vec::new();
        for &(number, function) in candidates {
            let Some(declared) = self.function(function) else { continue };
            let block = self.block(number);
            let both_references = matches!(block.self_type, Ty::Reference(_)) == matches!(ty, Ty::Reference(_));
            if !takes(declared) || !both_references {
                continue;
            }
            let of_trait = block.of_trait.as_ref().map(|bound| bound.of.clone());
            // What a trait of the project adds is there only where that trait is.
            if self.fitted(number, ty).is_none()
                || matches!(of_trait, Some(Trait::Item(item, _)) if !self.is_imported(item, from))
            {
                continue;
            }
            let found = Found::new(function, ty.clone(), Via::Block(number));
            if of_trait.is_none() {
                return Some(found);
            }
            fitting.push((of_trait, found));
        }
        let first = fitting.first()?.0.clone();
        // Several traits give the type a function of that name: the one in scope is meant.
        if fitting.iter().any(|(of, _)| *of != first) {
            fitting.retain(|(of, _)| of.as_ref().is_some_and(|of| self.in_scope(of, from)));
            let first = fitting.first()?.0.clone();
            if fitting.iter().any(|(of, _)| *of != first) {
                return None;
            }
        }
        let mut fitting = fitting.into_iter().map(|(_, found)| found);
        let mut found = fitting.next()?;
        // Blocks that differ in nothing stand under different `cfg`s.
        found.others = fitting.filter(|other| self.bound_via(other) != self.bound_via(&found)).collect();
        Some(found)
    }

    /// The trait, with arguments, of the block that a function was found in.
    fn bound_via(&self, found: &Found) -> Option<&Bound> {
        match found.via {
            Via::Block(number) => self.block(number).of_trait.as_ref(),
            _ => None,
        }
    }

    /// Whether a trait of the project is in scope in a module, or in some block there.
    fn is_imported(&mut self, of_trait: ItemRef, from: ModuleId) -> bool {
        self.scopes.has(self.project, from, of_trait)
    }

    fn in_scope(&mut self, of: &Trait, from: ModuleId) -> bool {
        match of {
            Trait::Item(item, _) => self.is_imported(*item, from),
            Trait::Outside(_, path) => {
                let name = crate::facts::types::last_segment(path);
                matches!(self.project.names().resolve(from, name, Space::Types).target, Target::Outside(..))
                    || self.library.prelude(name).is_some()
            }
        }
    }

    /// The parameters of a found function, with what its receiver says of them.
    pub(super) fn begin(&mut self, found: &Found) -> Substitution {
        let FunctionRef { item, index } = found.function;
        let mut substitution = Substitution::new(&[(item, None), (item, Some(index))]);
        match &found.via {
            Via::Path => {}
            Via::Bound(bound) => {
                let of = self.of_bound(item, &found.self_type, bound);
                for (parameter, value) in of.values() {
                    substitution.set(parameter.clone(), value.clone());
                }
            }
            Via::Block(number) => {
                let Some(fitted) = self.fitted(*number, &found.self_type) else { return substitution };
                let block = self.block(*number);
                if block.item == item {
                    for (parameter, value) in fitted.values() {
                        substitution.set(parameter.clone(), value.clone());
                    }
                } else if let Some(bound) = block.of_trait.clone() {
                    substitution.open(block.item, None);
                    for (parameter, value) in fitted.values() {
                        substitution.set(parameter.clone(), value.clone());
                    }
                    let bound = self.apply_bound(&bound, &fitted, false);
                    let of = self.of_bound(item, &found.self_type, &bound);
                    for (parameter, value) in of.values() {
                        if !matches!(value, Ty::Parameter(own) if substitution.is_open(own)) {
                            substitution.set(parameter.clone(), value.clone());
                        }
                    }
                }
            }
        }
        substitution
    }

    /// What a found function is to whoever calls it.
    pub(super) fn callee(&self, found: &Found) -> Callee {
        let function = found.function;
        if !Library::has(function.item) {
            // A default function is the trait's own, whatever type it is called on.
            let abstracted = matches!(found.via, Via::Bound(_));
            return if abstracted {
                Callee::Trait { function, receiver: found.self_type.clone() }
            } else {
                Callee::Function(function)
            };
        }
        let Some(name) = self.function(function).map(|function| function.name.clone()) else { return Callee::Unknown };
        let (package, path) = match &found.via {
            Via::Path => {
                let (package, path) = self.library.address(function.item);
                return Callee::Outside(package, path);
            }
            Via::Bound(bound) => self.path_of_trait(&bound.of),
            Via::Block(number) => match &self.block(*number).of_trait {
                Some(bound) if !is_made_up(&bound.of) => self.path_of_trait(&bound.of),
                _ => path_of(&found.self_type),
            },
        };
        Callee::Outside(package, format_smolstr!("{path}::{name}"))
    }

    fn path_of_trait(&self, of: &Trait) -> (SmolStr, SmolStr) {
        match of {
            Trait::Outside(package, path) => (package.clone(), path.clone()),
            Trait::Item(item, name) => {
                (SmolStr::new(&self.project.krate(self.project.module(item.module).krate).name), name.clone())
            }
        }
    }

    /// The `Self` of a trait as a parameter to be filled in.
    pub(super) fn of_trait_path(&self, declaration: ItemRef, name: &str, arguments: Vec<Ty>) -> Option<Found> {
        let declared = self.trait_item(declaration)?;
        let index = declared.functions.iter().position(|function| function.name == name)?;
        let of = self.trait_of(declaration);
        let bound = Bound { of, arguments, bindings: Vec::new() };
        let function = FunctionRef { item: declaration, index: index as u32 };
        Some(Found::new(function, Ty::Unknown, Via::Bound(bound)))
    }
}

/// Whether a type only lends another: it is neither cloned nor compared, and what is called on it
/// is called on what it lends.
fn is_guard(ty: &Ty) -> bool {
    let Ty::Outside(outside) = ty else { return false };
    let name = crate::facts::types::last_segment(&outside.path);
    name.ends_with("Guard") || matches!(name, "Ref" | "RefMut")
}

/// Traits of the table that the standard library does not have: their functions are inherent.
fn is_made_up(of: &Trait) -> bool {
    matches!(of.name(), "Number" | "Atomic") && matches!(of, Trait::Outside(..))
}

/// The package and path that the methods of a type are known under.
pub(super) fn path_of(ty: &Ty) -> (SmolStr, SmolStr) {
    let std = SmolStr::new_static("std");
    match ty {
        Ty::Outside(outside) => (outside.package.clone(), outside.path.clone()),
        Ty::Primitive(name) if name.starts_with('{') => (std, SmolStr::new_static("num")),
        Ty::Primitive(name) => (std, name.clone()),
        Ty::List(_) => (std, SmolStr::new_static("slice")),
        Ty::Reference(inner) => path_of(inner),
        _ => (std, SmolStr::new_static("primitive")),
    }
}

impl Substitution {
    /// What is known of the `Self` of a trait.
    pub(super) fn self_of(&self, declaration: ItemRef) -> Option<&Ty> {
        self.get(&Parameter::of_self(declaration))
    }
}
