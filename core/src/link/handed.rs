//! What the code that macros make names where it will stand.
//!
//! A procedural macro that quotes `crate::registry::Rule` or `::store::Row` makes whoever calls it depend on that, and
//! so does `macro_rules!` of another crate without a `$` before `crate`. Which of its quotes a call of the former gets
//! is not known without running it: it is taken to be those of all functions that the macro leads to.

use super::Project;
use super::edge::{Edge, EdgeKind, Named};
use super::edges::{Owners, is_part_of};
use super::names::{Hops, ItemRef, Resolved, Space, Target, macro_name, macros_of};
use super::tree::{CrateId, ModuleId};
use super::uses::Use;
use crate::facts::types::last_segment;
use crate::facts::{ItemKind, PathKind, PathUse};
use crate::manifest::TargetKind;
use crate::source::{Place, Span};
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use std::cell::OnceCell;

/// A path that a macro hands to its callers, with the place of the quote.
type Handed = (ModuleId, Place, SmolStr, PathKind);

/// Adds an edge for each path that a call, a derive or an attribute of a macro of the project brings with it.
pub(super) fn add(project: &mut Project) {
    let quoting: FxHashSet<CrateId> =
        project.modules().filter(|(id, _)| quotes(project, *id)).map(|(_, module)| module.krate).collect();
    if quoting.is_empty() {
        return;
    }
    let mut macros = Macros { project, names: names(project, &quoting), known: FxHashMap::default() };
    let mut found: Vec<Edge> = Vec::new();
    // A crate between the two may re-export the macro.
    let mut sees: FxHashMap<CrateId, bool> = FxHashMap::default();
    for (id, module) in project.modules() {
        let sees = sees.entry(module.krate).or_insert_with(|| {
            let mut others = project.visible_crates(module.krate).into_iter().filter(|other| *other != module.krate);
            others.any(|other| quoting.contains(&other))
        });
        if *sees {
            found.extend(macros.handed_to(id));
        }
    }
    for edge in &found {
        let Some(item) = edge.item else { continue };
        let named = Use { to: edge.to.clone(), place: edge.place, through: edge.through().into() };
        project.implicit.entry(item).or_default().push(named);
    }
    project.edges.extend(found);
}

/// The names of all macros of some crates, as those crates declare them and as imports call them.
fn names(project: &Project, crates: &FxHashSet<CrateId>) -> FxHashSet<SmolStr> {
    let modules = project.modules().filter(|(_, module)| crates.contains(&module.krate));
    let items = modules.flat_map(|(id, _)| project.scope(id).items.iter());
    project.tables.with_renames(items.map(macro_name).collect())
}

/// Whether macros stand in a module that name paths of whoever calls them.
fn quotes(project: &Project, id: ModuleId) -> bool {
    let scope = project.scope(id);
    let is_procedural = project.krate(project.module(id).krate).kind == TargetKind::ProcMacro;
    (is_procedural && !scope.handed.is_empty())
        || scope.items.iter().any(|item| match &item.kind {
            ItemKind::MacroRules(rules) => rules.exported && !rules.handed.is_empty(),
            _ => false,
        })
}

/// What macros hand to their callers, looked up as far as someone asks.
struct Macros<'a> {
    project: &'a Project,
    /// How their crates call them: nearly all calls are of others, and need not be followed.
    names: FxHashSet<SmolStr>,
    known: FxHashMap<ItemRef, Vec<Handed>>,
}

impl<'a> Macros<'a> {
    /// The edges that come with the macros that a module calls.
    fn handed_to(&mut self, id: ModuleId) -> Vec<Edge> {
        let mut known: FxHashMap<&str, Resolved> = FxHashMap::default();
        let mut found = Vec::new();
        for call in self.calls_in(id) {
            let names = self.project.names();
            let resolve = || names.resolve_at(id, call.name, Space::Macros, call.span);
            if names.is_outside_of_blocks(id, call.span) {
                let called = known.entry(call.name).or_insert_with(resolve);
                found.extend(self.edges_of(id, &call, called));
            } else {
                found.extend(self.edges_of(id, &call, &resolve()));
            }
        }
        found
    }

    /// The calls in a module of what may be one of the macros.
    fn calls_in(&self, id: ModuleId) -> Vec<Call<'a>> {
        let scope = self.project.scope(id);
        let mut calls = Vec::new();
        for (index, item) in scope.items.iter().enumerate() {
            let item_ref = ItemRef { module: id, index: index as u32 };
            for name in item.attributes.iter().flat_map(macros_of).filter(|name| self.may_hand(name)) {
                let paths = scope.paths.get(item.paths.start as usize..item.paths.end as usize).unwrap_or_default();
                let written = paths.iter().find(|used| used.kind == PathKind::Attribute && used.path == name);
                // Of a lone name only its first place in the module is known.
                let span = written.map_or(item.name_span, |used| used.span);
                calls.push(Call { name, kind: PathKind::Attribute, span, test: item.test, item: Some(item_ref) });
            }
        }
        let owners = OnceCell::new();
        for (index, used) in scope.paths.iter().enumerate() {
            if used.kind == PathKind::Macro && self.may_hand(&used.path) {
                let owners = owners.get_or_init(|| Owners::new(self.project, id, scope));
                let item = owners.of_path(index);
                calls.push(Call { name: &used.path, kind: used.kind, span: used.span, test: used.test, item });
            }
        }
        calls
    }

    /// Whether what is called by that name may be one of the macros.
    fn may_hand(&self, name: &str) -> bool {
        self.names.contains(last_segment(name))
    }

    /// The edges that come with one call.
    fn edges_of(&mut self, from: ModuleId, call: &Call<'_>, called: &Resolved) -> Vec<Edge> {
        let project = self.project;
        let Target::Item(entry) = called.target else { return Vec::new() };
        let is_foreign = project.module(entry.module).krate != project.module(from).krate;
        let find = || match &project.item(entry).kind {
            ItemKind::MacroRules(rules) => {
                // What its own crate knows by that name is among what the macro names.
                let is_own = |used: &&PathUse| {
                    let space = Space::of(used.kind);
                    used.path.starts_with("::")
                        && project.names().resolve(entry.module, &used.path, space).target != Target::Unknown
                };
                let handed = rules.handed.iter().filter(|used| !is_own(used));
                placed(project, handed.map(|used| (entry.module, used)))
            }
            _ if is_entry(project, entry) => handed_by(project, entry),
            _ => Vec::new(),
        };
        let handed = if is_foreign { self.known.entry(entry).or_insert_with(find) } else { return Vec::new() };
        let mut found: Vec<Edge> = Vec::new();
        for (module, place, path, kind) in handed {
            let resolved = project.names().resolve(from, path, Space::of(*kind));
            let is_own = match &resolved.target {
                Target::Module(to) => is_part_of(project, from, *to),
                Target::Item(to) => is_part_of(project, from, to.module),
                Target::Outside(..) => false,
                Target::Unknown => true,
            };
            if is_own || found.iter().any(|known| known.to == resolved.target) {
                continue;
            }
            let quote = std::iter::once((*module, *place));
            let through: Hops = called.through.iter().copied().chain(quote).chain(resolved.through).collect();
            let (path, place) = (&call.name.into(), project.place(from, call.span));
            let named =
                Named { path, kind: EdgeKind::Path(call.kind), place, test: call.test, item: call.item, cfg: "" };
            found.push(named.edge(project, from, resolved.target, &through));
        }
        found
    }
}

/// A place that calls a macro.
struct Call<'a> {
    name: &'a str,
    kind: PathKind,
    span: Span,
    test: bool,
    /// The item that it stands in or on.
    item: Option<ItemRef>,
}

/// Whether an item is what others call of a crate of procedural macros.
fn is_entry(project: &Project, item: ItemRef) -> bool {
    let krate = project.krate(project.module(item.module).krate);
    let is_marked = |name: &str| project.item(item).attribute(name).is_some();
    krate.kind == TargetKind::ProcMacro
        && krate.root == item.module
        && ["proc_macro", "proc_macro_attribute", "proc_macro_derive"].into_iter().any(is_marked)
}

/// The paths in the quotes of a macro, and of all items of its crate that it uses, to any depth. Of a name that several
/// functions of a module call, only the first call is known.
fn handed_by(project: &Project, called: ItemRef) -> Vec<Handed> {
    let krate = project.module(called.module).krate;
    let mut items = vec![called];
    let mut next = 0;
    while let Some(&item) = items.get(next) {
        next += 1;
        let blocks = project.impls(item).map(|(block, _)| block);
        let used: Vec<ItemRef> = used_by(project, item).chain(blocks).collect();
        let used = used.into_iter().filter(|used| project.module(used.module).krate == krate);
        for used in used {
            if !items.contains(&used) {
                items.push(used);
            }
        }
    }
    let handed = items.iter().flat_map(|&item| {
        let span = project.item(item).span;
        let inside = project.scope(item.module).handed.iter().filter(move |used| span.contains(used.span));
        inside.map(move |used| (item.module, used))
    });
    placed(project, handed)
}

/// The items that an item names.
fn used_by(project: &Project, item: ItemRef) -> impl Iterator<Item = ItemRef> {
    let paths = &project.item(item).paths;
    let paths = project.scope(item.module).paths.get(paths.start as usize..paths.end as usize).unwrap_or_default();
    paths.iter().filter_map(move |used| {
        match project.names().resolve_at(item.module, &used.path, Space::of(used.kind), used.span).target {
            Target::Item(item) => Some(item),
            _ => None,
        }
    })
}

fn placed<'a>(project: &Project, paths: impl Iterator<Item = (ModuleId, &'a PathUse)>) -> Vec<Handed> {
    let paths = paths.filter(|(_, used)| !used.test);
    paths.map(|(module, used)| (module, project.place(module, used.span), used.path.clone(), used.kind)).collect()
}
