//! What an item asks for by what it declares, before any body is looked at: `Holder<A>` in a signature asks for
//! what `struct Holder<T: Port>` does, and `impl Sub for A` for what `trait Sub: Port` does.

use super::Types;
use super::implicit::ImplicitUse;
use super::lower::Site;
use super::outside::Library;
use crate::facts::body::Body;
use crate::facts::{Bound, Field, Function, Generics, ItemKind, Type, TypeKind};
use crate::link::{ItemRef, Project, Triggers};
use crate::source::Span;
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// Adds the `impl` blocks that an item needs by what it declares. Only types and traits with a trigger are looked at.
pub(super) fn uses(
    project: &Project,
    types: &mut Types<'_>,
    from: ItemRef,
    triggers: &Triggers,
    found: &mut BTreeSet<ImplicitUse>,
) {
    let item = project.item(from);
    let mut asked = Asked { types, triggers, blocks: Vec::new() };
    let site = Site::item(from);
    asked.types.enter(site);
    match &item.kind {
        ItemKind::Struct(declared) => {
            asked.generics(site, &declared.generics);
            asked.fields(site, &declared.fields);
        }
        ItemKind::Enum(declared) => {
            asked.generics(site, &declared.generics);
            for variant in &declared.variants {
                asked.fields(site, &variant.fields);
            }
        }
        ItemKind::Alias(declared) => asked.written(site, &declared.ty),
        ItemKind::Constant(ty) => asked.written(site, ty),
        ItemKind::Static(declared) => asked.written(site, &declared.ty),
        ItemKind::Trait(declared) => asked.generics(site, &declared.generics),
        ItemKind::Impl(block) => {
            asked.generics(site, &block.generics);
            asked.written(site, &block.self_type);
            for (_, ty) in &block.types {
                asked.written(site, ty);
            }
            if let Some(of_trait) = &block.of_trait {
                asked.implemented(from, of_trait);
            }
        }
        _ => {}
    }
    for (number, function) in item.kind.functions().enumerate().filter(|(_, function)| !function.test) {
        asked.function(Site { owner: from, function: Some(number as u32) }, function);
    }
    for (span, to) in asked.blocks {
        if to != from && !Library::has(to) {
            found.insert(ImplicitUse { from, place: project.place(from.module, span), to, name: SmolStr::default() });
        }
    }
}

/// What was found, each with the place that asks for it.
struct Asked<'a, 'p> {
    types: &'a mut Types<'p>,
    triggers: &'a Triggers,
    blocks: Vec<(Span, ItemRef)>,
}

impl Asked<'_, '_> {
    fn function(&mut self, site: Site, function: &Function) {
        self.types.enter(site);
        self.generics(site, &function.generics);
        for ty in function.parameters.iter().map(|parameter| &parameter.ty).chain(&function.output) {
            self.written(site, ty);
        }
        for ty in function.body.iter().flat_map(Body::annotations) {
            self.written(site, ty);
        }
    }

    fn fields(&mut self, site: Site, fields: &[Field]) {
        for field in fields {
            self.written(site, &field.ty);
        }
    }

    fn written(&mut self, site: Site, ty: &Type) {
        if !self.is_triggered(ty) {
            return;
        }
        let meant = self.types.lower(site, ty);
        let mut blocks = Vec::new();
        self.types.asked_of_arguments(&meant, &mut blocks);
        self.note(ty.span, blocks);
    }

    /// Bounds, which name traits with arguments, and may be those of a type that is no parameter.
    fn generics(&mut self, site: Site, generics: &Generics) {
        for (_, ty) in &generics.defaults {
            self.written(site, ty);
        }
        for bound in generics.parameters.iter().flat_map(|(_, bounds)| bounds) {
            self.bound(site, bound);
        }
        for (of, bounds) in &generics.predicates {
            self.written(site, of);
            for bound in bounds {
                self.bound(site, bound);
                if !self.triggers.has_word(bound.last()) {
                    continue;
                }
                let meant = self.types.lower(site, of);
                let asked = self.types.lower_bound(site, bound);
                if let Some(asked) = asked.filter(|_| !meant.is_generic()) {
                    let mut blocks = Vec::new();
                    self.types.fulfil(&meant, &asked, &mut blocks);
                    self.note(bound.span, blocks);
                }
            }
        }
    }

    fn bound(&mut self, site: Site, bound: &Bound) {
        if !bound.arguments.is_empty() && self.triggers.has_word(bound.last()) {
            let Some(asked) = self.types.lower_bound(site, bound) else { return };
            let mut blocks = Vec::new();
            self.types.asked_by_trait(&super::Ty::Unknown, &asked, &mut blocks);
            self.note(bound.span, blocks);
        }
    }

    /// A trait that a type is given: its supertraits, and the bounds of its parameters and associated types.
    fn implemented(&mut self, block: ItemRef, of_trait: &Bound) {
        let site = Site::item(block);
        if !self.triggers.has_word(of_trait.last()) {
            return;
        }
        let (Some(of), Some(bound)) = (self.types.self_type(block), self.types.lower_bound(site, of_trait)) else {
            return;
        };
        let Some(declaration) = self.types.declaration(&bound.of) else { return };
        let (Some(declared), Some(inner)) = (self.types.trait_item(declaration), self.types.impl_block(block)) else {
            return;
        };
        let substitution = self.types.of_bound(declaration, &of, &bound);
        let mut blocks = Vec::new();
        self.types.asked_by_trait(&of, &bound, &mut blocks);
        let supertraits = declared.supertraits.iter().map(|bound| (of.clone(), bound, of_trait.span));
        let mut asked: Vec<_> = supertraits.collect();
        for (name, bounds) in &declared.types {
            if let Some((_, written)) = inner.types.iter().find(|(own, _)| own == name) {
                let ty = self.types.lower(site, written);
                asked.extend(bounds.iter().map(|bound| (ty.clone(), bound, written.span)));
            }
        }
        self.note(of_trait.span, blocks);
        for (ty, bound, place) in asked {
            if let Some(bound) = self.types.lower_bound(Site::item(declaration), bound) {
                let bound = self.types.apply_bound(&bound, &substitution, true);
                let mut blocks = Vec::new();
                self.types.fulfil(&ty, &bound, &mut blocks);
                self.note(place, blocks);
            }
        }
    }

    fn is_triggered(&self, ty: &Type) -> bool {
        let any = |types: &[Type]| types.iter().any(|ty| self.is_triggered(ty));
        let is_bound =
            |bounds: &[Bound]| bounds.iter().any(|bound| self.triggers.has_word(bound.last()) || any(&bound.arguments));
        match &ty.kind {
            TypeKind::Path(path) => self.triggers.has_word(path.last()) || any(&path.arguments),
            TypeKind::Reference(inner)
            | TypeKind::Pointer(inner)
            | TypeKind::List(inner)
            | TypeKind::Projection(inner, _) => self.is_triggered(inner),
            TypeKind::Tuple(parts) => any(parts),
            TypeKind::Dyn(bounds) | TypeKind::Impl(bounds) => is_bound(bounds),
            TypeKind::Function(inputs, output) => any(inputs) || self.is_triggered(output),
            TypeKind::Unknown => false,
        }
    }

    fn note(&mut self, span: Span, blocks: Vec<ItemRef>) {
        self.blocks.extend(blocks.into_iter().map(|block| (span, block)));
    }
}
