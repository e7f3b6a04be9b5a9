//! What one item names: the level underneath the edges of modules.
//!
//! An edge says that a module names another. Here the items of one module are told apart, because
//! whoever uses one item of a module depends on what that item names, and on nothing else there.

use super::Project;
use super::names::{Hops, ItemRef, Resolved, Space, Target};
use crate::facts::types::split_first;
use crate::facts::{Function, Generics, Item, ItemKind, PathKind, PathUse};
use crate::source::{Place, Span};

/// A place where an item names something outside itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// What it names.
    pub to: Target,
    /// Where.
    pub place: Place,
    /// The re-exports that lead there.
    pub through: Hops,
}

/// Everything that `item` names, in the order of the places: in its signature, fields, body and
/// attributes, and what its function bodies import. The `impl` blocks of a type, wherever they
/// stand, are among what the type names. Test code is left out.
pub(super) fn of_item(project: &Project, item: ItemRef) -> Vec<Use> {
    let scope = project.scope(item.module);
    let declared = project.item(item);
    let mut found = Finder { project, item, uses: Vec::new() };
    let paths = declared.paths.start as usize..declared.paths.end as usize;
    for used in scope.paths.get(paths).unwrap_or_default() {
        found.path(declared, used);
    }
    if let ItemKind::MacroRules(rules) = &declared.kind {
        for used in &rules.paths {
            found.path(declared, used);
        }
    }
    for (index, import) in scope.imports.iter().enumerate() {
        if import.block.is_some() && declared.span.contains(import.span) && !import.test {
            let resolved = project.names().import(item.module, index);
            found.push_all(resolved, project.place(item.module, import.span));
        }
    }
    // What the shell adds to a type is the shell's, and no use of the type.
    for (block, _) in project.impls(item).filter(|(block, _)| !project.module(block.module).is_outer()) {
        let place = project.place(block.module, project.item(block).name_span);
        found.push(Target::Item(block), place, Hops::new());
    }
    for call in implementing_calls(project, item) {
        found.push(Target::Item(call), project.place(call.module, project.item(call).name_span), Hops::new());
    }
    let mut uses = found.uses;
    uses.extend(project.implicit.get(&item).into_iter().flatten().cloned());
    uses.sort_by_key(|one| one.place);
    uses
}

/// The macro calls of the module that may implement something for a type: they are given its name,
/// and the macro's body has an `impl`.
fn implementing_calls(project: &Project, item: ItemRef) -> Vec<ItemRef> {
    let declared = project.item(item);
    if !matches!(declared.kind, ItemKind::Struct(_) | ItemKind::Enum(_)) {
        return Vec::new();
    }
    let items = project.scope(item.module).items.iter().enumerate();
    let calls = items.filter(|(_, other)| match &other.kind {
        ItemKind::MacroCall(call) if call.names.contains(&declared.name) => {
            let called = project.names().macro_item(item.module, &call.path, other.name_span);
            let rules = called.map(|called| &project.item(called).kind);
            matches!(rules, Some(ItemKind::MacroRules(rules)) if rules.makes.impls)
        }
        _ => false,
    });
    calls.map(|(index, _)| ItemRef { module: item.module, index: index as u32 }).collect()
}

struct Finder<'a> {
    project: &'a Project,
    item: ItemRef,
    uses: Vec<Use>,
}

impl Finder<'_> {
    fn path(&mut self, declared: &Item, used: &PathUse) {
        if used.test || is_parameter(declared, used) {
            return;
        }
        let module = self.item.module;
        let place = self.project.place(module, used.span);
        if used.kind == PathKind::Macro
            && let Some(called) = self.project.names().macro_item(module, &used.path, used.span)
        {
            self.push(Target::Item(called), place, Hops::new());
            return;
        }
        let resolved = self.project.names().resolve_at(module, &used.path, Space::of(used.kind), used.span);
        self.push_all(resolved, place);
    }

    /// Takes in what a path leads to under each `cfg`.
    fn push_all(&mut self, resolved: Resolved, place: Place) {
        self.push(resolved.target, place, resolved.through);
        for (other, through) in resolved.others {
            self.push(other, place, through);
        }
    }

    fn push(&mut self, to: Target, place: Place, through: Hops) {
        if to != Target::Unknown && to != Target::Item(self.item) {
            self.uses.push(Use { to, place, through });
        }
    }
}

/// Whether the first name of a path is a generic parameter where it stands.
pub(super) fn is_parameter(item: &Item, used: &PathUse) -> bool {
    let (first, _) = split_first(&used.path);
    generics(item, used.span).any(|generics| generics.has(first))
}

/// The names of the generic parameters of an item and of its functions.
pub(super) fn parameters(item: &Item) -> impl Iterator<Item = &str> {
    let (own, functions) = all_generics(item);
    let generics = own.into_iter().chain(functions.iter().map(|function| &function.generics));
    generics.flat_map(|generics| &generics.parameters).map(|(name, _)| name.as_str())
}

/// The parameters that hold at a place of an item.
fn generics(item: &Item, place: Span) -> impl Iterator<Item = &Generics> {
    let (own, functions) = all_generics(item);
    let around = functions.iter().filter(move |function| function.span.contains(place));
    own.into_iter().chain(around.map(|function| &function.generics))
}

/// The parameters of an item, and its functions, which have parameters of their own.
fn all_generics(item: &Item) -> (Option<&Generics>, &[Function]) {
    match &item.kind {
        ItemKind::Struct(inner) => (Some(&inner.generics), &[]),
        ItemKind::Enum(inner) => (Some(&inner.generics), &[]),
        ItemKind::Alias(inner) => (Some(&inner.generics), &[]),
        ItemKind::Trait(inner) => (Some(&inner.generics), &inner.functions),
        ItemKind::Impl(inner) => (Some(&inner.generics), &inner.functions),
        ItemKind::Function(inner) => (Some(&inner.generics), &[]),
        _ => (None, &[]),
    }
}
