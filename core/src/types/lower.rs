//! From types as they are written to types as they are meant.

use super::outside::{Library, package};
use super::ty::{Bound, Named, Outside, Parameter, Trait, Ty};
use super::unify::Substitution;
use super::{MOST_LEVELS, Types};
use crate::facts::types::{last_segment, split_first};
use crate::facts::{Bound as WrittenBound, Generics, ItemKind, PathType, Type, TypeKind};
use crate::link::{FunctionRef, ItemRef, ModuleId, Space, Target};
use crate::source::Span;
use smol_str::SmolStr;
use std::sync::Arc;

/// Where a type is written: whose parameters it may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Site {
    pub(super) owner: ItemRef,
    pub(super) function: Option<u32>,
}

impl Site {
    /// In the head of an item.
    pub(super) const fn item(owner: ItemRef) -> Self {
        Self { owner, function: None }
    }

    /// In a function.
    pub(super) const fn function(function: FunctionRef) -> Self {
        Self { owner: function.item, function: Some(function.index) }
    }

    pub(super) const fn module(self) -> ModuleId {
        self.owner.module
    }
}

/// The types that the language itself has.
const PRIMITIVES: &[&str] = &[
    "bool", "char", "f32", "f64", "i128", "i16", "i32", "i64", "i8", "isize", "str", "u128", "u16", "u32", "u64", "u8",
    "usize",
];

/// Whether the language itself has a type of that name.
pub(super) fn is_primitive(name: &str) -> bool {
    PRIMITIVES.contains(&name)
}

/// Bounds that say nothing about what a value can do.
const MARKERS: &[&str] = &["RefUnwindSafe", "Send", "Sized", "Sync", "Unpin", "UnwindSafe"];

impl Types<'_> {
    /// What a written type means at a site.
    pub(super) fn lower(&mut self, site: Site, ty: &Type) -> Ty {
        match &ty.kind {
            TypeKind::Path(path) => self.lower_whole(site, path),
            TypeKind::Reference(inner) => Ty::reference(self.lower(site, inner)),
            TypeKind::Pointer(inner) => Ty::Pointer(Arc::new(self.lower(site, inner))),
            TypeKind::Tuple(parts) => Ty::Tuple(parts.iter().map(|part| self.lower(site, part)).collect()),
            TypeKind::List(inner) => Ty::List(Arc::new(self.lower(site, inner))),
            TypeKind::Dyn(bounds) => self.lower_bounds(site, bounds).map_or(Ty::Unknown, Ty::Dyn),
            TypeKind::Impl(bounds) => self.lower_bounds(site, bounds).map_or(Ty::Unknown, Ty::Impl),
            TypeKind::Projection(inner, name) => {
                let of = self.lower(site, inner);
                self.project(&of, None, name)
            }
            TypeKind::Function(inputs, output) => {
                let inputs = inputs.iter().map(|input| self.lower(site, input)).collect();
                Ty::function(inputs, self.lower(site, output))
            }
            TypeKind::Unknown => Ty::Unknown,
        }
    }

    pub(super) fn lower_path(&mut self, site: Site, path: &PathType) -> Ty {
        let (first, rest) = split_first(&path.path);
        if let Some(mut of) = self.generic(site, first) {
            for name in rest.split("::").filter(|name| !name.is_empty()) {
                of = self.project(&of, None, name);
            }
            return of;
        }
        if rest.is_empty() && is_primitive(first) {
            return Ty::primitive(first);
        }
        let arguments = path.arguments.iter().map(|argument| self.lower(site, argument)).collect();
        self.named_path(site.module(), &path.path, path.span, arguments)
    }

    /// What a path means where it is a whole type: parameters that it says nothing of have their defaults. In
    /// expressions and patterns they are found out instead.
    fn lower_whole(&mut self, site: Site, path: &PathType) -> Ty {
        if let Some(target) = self.with_defaults(site, path) {
            let arguments = path.arguments.iter().map(|argument| self.lower(site, argument)).collect();
            let arguments = self.defaulted(target, arguments);
            return self.of_item(target, arguments);
        }
        self.lower_path(site, path)
    }

    /// The item of a path that names less than all of its parameters, of which some have defaults.
    fn with_defaults(&mut self, site: Site, path: &PathType) -> Option<ItemRef> {
        let Target::Item(item) = self.target(site.module(), &path.path, path.span) else { return None };
        let generics = self.generics_of(item)?;
        let is_short = !generics.defaults.is_empty() && path.arguments.len() < generics.parameters.len();
        (is_short && self.generic(site, split_first(&path.path).0).is_none()).then_some(item)
    }

    /// Arguments, and behind them the defaults of the parameters for which there are none.
    fn defaulted(&mut self, item: ItemRef, mut arguments: Vec<Ty>) -> Vec<Ty> {
        let Some(generics) = self.generics_of(item).filter(|_| self.depth < MOST_LEVELS) else { return arguments };
        self.depth += 1;
        for (name, _) in generics.parameters.iter().skip(arguments.len()) {
            let default = match generics.defaults.iter().find(|(own, _)| own == name) {
                Some((_, written)) => {
                    let ty = self.lower(Site::item(item), written);
                    let known = Substitution::of_item(item, generics, &arguments);
                    self.closed(&ty, &known)
                }
                None => Ty::Unknown,
            };
            arguments.push(default);
        }
        self.depth -= 1;
        arguments
    }

    /// The type that a path of a module leads to, with its arguments.
    pub(super) fn named_path(&mut self, module: ModuleId, path: &str, place: Span, arguments: Vec<Ty>) -> Ty {
        match self.target(module, path, place) {
            Target::Item(item) => self.of_item(item, arguments),
            Target::Outside(package, path) => self.of_outside(&package, &path, arguments),
            Target::Module(_) | Target::Unknown => Ty::Unknown,
        }
    }

    /// What a path in the place of a type leads to; a name of the prelude leads to the standard library.
    pub(super) fn target(&mut self, module: ModuleId, path: &str, place: Span) -> Target {
        let in_table = ItemRef { module, index: 0 };
        if Library::has(in_table) {
            return self.library.resolve(module, path).map_or(Target::Unknown, Target::Item);
        }
        match self.resolved(module, path, Space::Types, place) {
            Target::Unknown => match self.library.prelude(path) {
                Some(path) => Target::Outside(SmolStr::new_static("std"), path.clone()),
                None => Target::Unknown,
            },
            target => target,
        }
    }

    /// A struct or enum with its arguments, what an alias stands for, a trait as an object.
    pub(super) fn of_item(&mut self, item: ItemRef, mut arguments: Vec<Ty>) -> Ty {
        match self.item(item).map(|item| &item.kind) {
            Some(ItemKind::Struct(declared)) => self.named(item, &declared.generics, arguments),
            Some(ItemKind::Enum(declared)) => self.named(item, &declared.generics, arguments),
            Some(ItemKind::Alias(alias)) => {
                let count = alias.generics.parameters.len();
                // An alias of the table may say less than the one it stands for.
                if arguments.len() > count && self.item(item).is_some_and(|item| item.name.ends_with("Result")) {
                    return Ty::std("result::Result", arguments);
                }
                if self.depth >= MOST_LEVELS {
                    return Ty::Unknown;
                }
                arguments.resize(count, Ty::Unknown);
                let substitution = Substitution::of_item(item, &alias.generics, &arguments);
                self.depth += 1;
                let ty = self.lower(Site::item(item), &alias.ty);
                let ty = self.closed(&ty, &substitution);
                self.depth -= 1;
                ty
            }
            Some(ItemKind::Trait(_)) => {
                let of = self.trait_of(item);
                Ty::Dyn(Arc::new([Bound { of, arguments, bindings: Vec::new() }]))
            }
            _ => Ty::Unknown,
        }
    }

    fn named(&self, item: ItemRef, generics: &Generics, mut arguments: Vec<Ty>) -> Ty {
        arguments.resize(generics.parameters.len(), Ty::Unknown);
        if Library::has(item) {
            let (package, path) = self.library.address(item);
            return Ty::Outside(Arc::new(Outside { package, path, arguments }));
        }
        let name = self.item(item).map(|item| item.name.clone()).unwrap_or_default();
        Ty::Item(Arc::new(Named { item, name, arguments }))
    }

    /// A type of an outside crate.
    pub(super) fn of_outside(&mut self, name: &str, path: &str, arguments: Vec<Ty>) -> Ty {
        if let Some(item) = self.library.find(&package(name), path) {
            return self.of_item(item, arguments);
        }
        if last_segment(path) == "Result" && !arguments.is_empty() {
            let mut arguments = arguments;
            arguments.resize(2, Ty::Unknown);
            return Ty::std("result::Result", arguments);
        }
        if path.is_empty() {
            return Ty::Unknown;
        }
        Ty::Outside(Arc::new(Outside { package: package(name), path: path.into(), arguments }))
    }

    /// A parameter that is visible at a site, or its `Self`.
    pub(super) fn generic(&mut self, site: Site, name: &str) -> Option<Ty> {
        if name == "Self" {
            return self.self_type(site.owner);
        }
        let parameter =
            |function| Ty::Parameter(Arc::new(Parameter { owner: site.owner, function, name: name.into() }));
        if let Some(index) = site.function
            && self
                .function(FunctionRef { item: site.owner, index })
                .is_some_and(|function| function.generics.has(name))
        {
            return Some(parameter(Some(index)));
        }
        let generics = self.generics_of(site.owner)?;
        generics.has(name).then(|| parameter(None))
    }

    /// What `Self` is in an item.
    pub(super) fn self_type(&mut self, owner: ItemRef) -> Option<Ty> {
        if let Some(known) = self.selves.get(&owner) {
            return Some(known.clone());
        }
        let ty = match &self.item(owner)?.kind {
            ItemKind::Impl(block) => self.lower(Site::item(owner), &block.self_type),
            ItemKind::Trait(_) => Ty::Parameter(Arc::new(Parameter::of_self(owner))),
            ItemKind::Struct(declared) => {
                self.named(owner, &declared.generics, own_parameters(owner, &declared.generics))
            }
            ItemKind::Enum(declared) => {
                self.named(owner, &declared.generics, own_parameters(owner, &declared.generics))
            }
            _ => return None,
        };
        self.selves.insert(owner, ty.clone());
        Some(ty)
    }

    /// Bounds without markers; nothing if none of the traits is known.
    pub(super) fn lower_bounds(&mut self, site: Site, bounds: &[WrittenBound]) -> Option<Arc<[Bound]>> {
        let telling = bounds.iter().filter(|bound| !MARKERS.contains(&bound.last()));
        let lowered: Vec<Bound> = telling.filter_map(|bound| self.lower_bound(site, bound)).collect();
        let silent = bounds.iter().all(|bound| MARKERS.contains(&bound.last()));
        (silent || !lowered.is_empty()).then(|| lowered.into())
    }

    pub(super) fn lower_bound(&mut self, site: Site, bound: &WrittenBound) -> Option<Bound> {
        let of = match self.target(site.module(), &bound.path, bound.span) {
            Target::Item(item) if matches!(self.item(item)?.kind, ItemKind::Trait(_)) => self.trait_of(item),
            Target::Outside(name, path) => match self.library.find(&package(&name), &path) {
                Some(item) => self.trait_of(item),
                None => Trait::Outside(package(&name), path),
            },
            _ => return None,
        };
        let arguments = bound.arguments.iter().map(|argument| self.lower(site, argument)).collect();
        let lowered = bound.bindings.iter().map(|(name, ty)| (name.clone(), self.lower(site, ty)));
        let mut bindings: Vec<_> = lowered.collect();
        if of.is_function() && bindings.is_empty() {
            bindings.push((SmolStr::new_static("Output"), Ty::unit()));
        }
        Some(Bound { of, arguments, bindings })
    }

    /// A trait of the project or of the table.
    pub(super) fn trait_of(&self, item: ItemRef) -> Trait {
        if Library::has(item) {
            let (package, path) = self.library.address(item);
            return Trait::Outside(package, path);
        }
        Trait::Item(item, self.item(item).map(|item| item.name.clone()).unwrap_or_default())
    }

    /// Where a trait is declared, if its declaration is known.
    pub(super) fn declaration(&self, of: &Trait) -> Option<ItemRef> {
        match of {
            Trait::Item(item, _) => Some(*item),
            Trait::Outside(package, path) => self.library.find(package, path),
        }
    }

    /// Where a type is declared, if its declaration is known, and its arguments.
    pub(super) fn declared<'t>(&self, ty: &'t Ty) -> Option<(ItemRef, &'t [Ty])> {
        match ty {
            Ty::Item(named) => Some((named.item, &named.arguments)),
            Ty::Outside(outside) => Some((self.library.find(&outside.package, &outside.path)?, &outside.arguments)),
            _ => None,
        }
    }
}

/// The parameters of an item as its own arguments.
pub(super) fn own_parameters(owner: ItemRef, generics: &Generics) -> Vec<Ty> {
    let parameters = generics.parameters.iter().map(|(name, _)| {
        let parameter = Parameter { owner, function: None, name: name.clone() };
        Ty::Parameter(Arc::new(parameter))
    });
    parameters.collect()
}

impl Parameter {
    /// The `Self` of a trait.
    pub(super) fn of_self(owner: ItemRef) -> Self {
        Self { owner, function: None, name: SmolStr::new_static("Self") }
    }
}
