//! What an item names by its signature, as far as the oracle reads it.

use baton_core::facts::{Function, Item, ItemKind, PathKind, PathType, PathUse, Type, TypeKind};
use baton_core::link::{ItemRef, Project, Target};

pub(super) fn item_of(target: &Target) -> Option<ItemRef> {
    match target {
        Target::Item(item) => Some(*item),
        _ => None,
    }
}

pub(super) const fn is_alias(item: &Item) -> bool {
    matches!(item.kind, ItemKind::Alias(_))
}

/// Whether an item may have parameters with defaults.
pub(super) fn has_defaults(item: &Item) -> bool {
    match &item.kind {
        ItemKind::Struct(inner) => !inner.generics.parameters.is_empty(),
        ItemKind::Enum(inner) => !inner.generics.parameters.is_empty(),
        _ => false,
    }
}

/// The paths of what an item stands for: all that an alias names, and the defaults of the parameters of a type.
pub(super) fn stands_for(project: &Project, item: ItemRef) -> Vec<&PathUse> {
    let declared = project.item(item);
    let paths = &declared.paths;
    let paths = project.scope(item.module).paths.get(paths.start as usize..paths.end as usize).unwrap_or_default();
    let generics = match &declared.kind {
        ItemKind::Struct(inner) => Some(&inner.generics),
        ItemKind::Enum(inner) => Some(&inner.generics),
        _ => None,
    };
    let mut others = if generics.is_some() { read_types(&declared.kind) } else { Vec::new() };
    others.extend(generics.into_iter().flat_map(|generics| &generics.predicates).map(|(ty, _)| ty));
    let is_default = |path: &&PathUse| {
        path.kind == PathKind::Type && !others.iter().any(|ty| ty.span.contains(path.span)) || generics.is_none()
    };
    paths.iter().filter(is_default).collect()
}

/// The functions of an item.
pub(super) fn functions(item: &ItemKind) -> impl Iterator<Item = &Function> {
    let (own, members) = match item {
        ItemKind::Function(function) => (Some(&**function), &[][..]),
        ItemKind::Impl(block) => (None, block.functions.as_slice()),
        _ => (None, &[][..]),
    };
    own.into_iter().chain(members)
}

/// The types of an item that the oracle reads.
pub(super) fn read_types(item: &ItemKind) -> Vec<&Type> {
    let mut types: Vec<&Type> = Vec::new();
    for function in functions(item) {
        types.extend(function.parameters.iter().map(|parameter| &parameter.ty));
        types.extend(&function.output);
    }
    match item {
        ItemKind::Struct(inner) => types.extend(inner.fields.iter().map(|field| &field.ty)),
        ItemKind::Enum(inner) => {
            types.extend(inner.variants.iter().flat_map(|variant| &variant.fields).map(|field| &field.ty));
        }
        ItemKind::Alias(inner) => types.push(&inner.ty),
        ItemKind::Impl(block) => types.extend(block.types.iter().map(|(_, ty)| ty)),
        _ => {}
    }
    types
}

/// The paths that a type is made of.
pub(super) fn collect<'t>(ty: &'t Type, paths: &mut Vec<&'t PathType>) {
    match &ty.kind {
        TypeKind::Path(path) => collect_path(path, paths),
        TypeKind::Reference(inner)
        | TypeKind::Pointer(inner)
        | TypeKind::List(inner)
        | TypeKind::Projection(inner, _) => collect(inner, paths),
        TypeKind::Tuple(parts) => parts.iter().for_each(|part| collect(part, paths)),
        TypeKind::Dyn(bounds) | TypeKind::Impl(bounds) => bounds.iter().for_each(|bound| collect_path(bound, paths)),
        TypeKind::Function(..) | TypeKind::Unknown => {}
    }
}

fn collect_path<'t>(path: &'t PathType, paths: &mut Vec<&'t PathType>) {
    paths.push(path);
    let bound = path.bindings.iter().map(|(_, ty)| ty);
    path.arguments.iter().chain(bound).for_each(|ty| collect(ty, paths));
}
