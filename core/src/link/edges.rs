//! Who names whom: an edge for each place where a module reaches another module or an outside crate.

use super::Project;
use super::names::{ItemRef, Resolved, Space, Target};
use super::tree::{Module, ModuleId};
use crate::facts::{ImportKind, Item, ItemKind, PathKind, PathUse, Scope, Visibility};
use crate::source::Place;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

/// A place where one module names something of another module or of an outside crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The module that names it.
    pub from: ModuleId,
    /// What it names.
    pub to: Target,
    /// How.
    pub kind: EdgeKind,
    /// Where.
    pub place: Place,
    /// The path as written.
    pub path: SmolStr,
    /// The re-exports that the path leads through.
    pub through: Vec<(ModuleId, Place)>,
    /// Whether only test code does so.
    pub test: bool,
}

/// The ways to name something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EdgeKind {
    /// A private `use` or `extern crate`.
    Use,
    /// A `use` that others can use in turn.
    Reexport,
    /// A path.
    Path(PathKind),
}

/// What one module names.
#[derive(Clone, Debug, Default)]
pub struct ModuleLinks {
    edges: Vec<Edge>,
    /// The types that its `impl` blocks are for, each with the block.
    impls: Vec<(ItemRef, ItemRef)>,
    /// How many paths that begin at the project's own modules lead nowhere.
    unresolved: usize,
}

/// The edges of one module, sorted by place.
pub(super) fn of_module(project: &Project, id: ModuleId) -> ModuleLinks {
    let scope = project.scope(id);
    let mut found = ModuleLinks::default();
    for (index, import) in scope.imports.iter().enumerate() {
        let kind = if import.visibility == Visibility::Private { EdgeKind::Use } else { EdgeKind::Reexport };
        let resolved = project.names().import(id, index);
        let named = Named { path: &import.path, kind, place: project.place(id, import.span), test: import.test };
        found.push(project, id, &named, resolved.target, resolved.through);
    }
    // A lone name means an item of the module or an import of it, which is an edge already. What a
    // glob brings from behind a re-export is not said by the glob, and a macro may need no import.
    // That is looked for where the rules of a role or of domains ask: it is most of the work, and says
    // nothing else.
    let asked = project.module(id).role.is_some() || project.domain_of(id).is_some();
    let globs = asked && scope.imports.iter().any(|import| import.kind == ImportKind::Glob);
    let may_leave = |used: &&PathUse| globs || used.path.contains("::") || used.kind == PathKind::Macro;
    for used in scope.paths.iter().filter(may_leave) {
        let lone = !used.path.contains("::");
        if lone && scope.imports.iter().any(|import| import.name.as_ref() == Some(&used.path)) {
            continue;
        }
        let is_macro = lone && used.kind == PathKind::Macro;
        let textual = if is_macro { textual_macro(project, id, &used.path) } else { None };
        let is_textual = textual.is_some();
        let resolved = match textual {
            Some(target) => Resolved { target, through: Vec::new() },
            None => project.names().resolve_at(id, &used.path, Space::of(used.kind), used.span),
        };
        if lone && !is_textual && resolved.through.is_empty() {
            continue;
        }
        let kind = EdgeKind::Path(used.kind);
        let named = Named { path: &used.path, kind, place: project.place(id, used.span), test: used.test };
        found.push(project, id, &named, resolved.target, resolved.through);
    }
    found.edges.sort_by(Edge::order);
    found.impls = impls(project, id, scope);
    found
}

/// The macro of another module that a lone name means because `#[macro_use]` lets it out of the
/// modules it is declared in. One that the module or a module around it declares is nearer.
fn textual_macro(project: &Project, id: ModuleId, name: &str) -> Option<Target> {
    let macros = project.names().macros(id, name);
    let parent = |module: &ModuleId| project.module(*module).parent;
    let around: Vec<ModuleId> = std::iter::successors(Some(id), parent).collect();
    if macros.iter().any(|item| around.contains(&item.module)) {
        return None;
    }
    let is_let_out = |item: &&ItemRef| {
        let holders = std::iter::successors(Some(item.module), parent);
        holders.take_while(|module| !around.contains(module)).all(|module| is_macro_use(project, module))
    };
    macros.iter().find(is_let_out).map(|item| Target::Item(*item))
}

fn is_macro_use(project: &Project, module: ModuleId) -> bool {
    let Module { name, parent: Some(parent), .. } = project.module(module) else { return false };
    let declares = |item: &&Item| item.name == *name && matches!(item.kind, ItemKind::Module(_));
    let declared = project.scope(*parent).items.iter().find(declares);
    declared.is_some_and(|declared| declared.attribute("macro_use").is_some())
}

fn impls(project: &Project, id: ModuleId, scope: &Scope) -> Vec<(ItemRef, ItemRef)> {
    let items = scope.items.iter().enumerate().filter(|(_, item)| !item.test);
    let blocks = items.filter_map(|(index, item)| match &item.kind {
        ItemKind::Impl(block) => Some((ItemRef { module: id, index: index as u32 }, block, item.span)),
        _ => None,
    });
    let named = blocks.filter_map(|(block, inner, span)| {
        let path = inner.self_type.referent().path()?;
        match project.names().type_item_at(id, &path.path, span) {
            Target::Item(target) => Some((target, block)),
            _ => None,
        }
    });
    named.collect()
}

/// A place that names something, before it is known what.
struct Named<'a> {
    path: &'a SmolStr,
    kind: EdgeKind,
    place: Place,
    test: bool,
}

impl ModuleLinks {
    /// Keeps what leaves the module.
    fn push(
        &mut self,
        project: &Project,
        from: ModuleId,
        named: &Named<'_>,
        to: Target,
        through: Vec<(ModuleId, Place)>,
    ) {
        let inside = match &to {
            Target::Module(module) => *module == from,
            Target::Item(item) => item.module == from,
            Target::Outside(..) => false,
            Target::Unknown => {
                self.unresolved += usize::from(is_rooted(named.path));
                self.push_holder(project, from, named);
                return;
            }
        };
        if inside && through.is_empty() {
            return;
        }
        let test = named.test || project.module(from).test;
        let Named { path, kind, place, .. } = named;
        self.edges.push(Edge { from, to, kind: *kind, place: *place, path: (*path).clone(), through, test });
    }

    /// Where nothing declares the last names of a path, because a macro makes them up: the module
    /// that would hold them.
    fn push_holder(&mut self, project: &Project, from: ModuleId, named: &Named<'_>) {
        let mut rest = named.path.as_str();
        while let Some((holder, _)) = rest.rsplit_once("::") {
            let resolved = project.names().resolve_at(from, holder, Space::Types, named.place.span);
            if let Target::Module(_) = resolved.target {
                return self.push(project, from, named, resolved.target, resolved.through);
            }
            rest = holder;
        }
    }
}

impl Edge {
    fn order(&self, other: &Self) -> std::cmp::Ordering {
        let key = |edge: &Self| (edge.place, edge.kind, edge.from);
        key(self).cmp(&key(other)).then_with(|| self.path.cmp(&other.path))
    }
}

/// What all modules name.
pub(super) struct Joined {
    /// The edges, sorted by place.
    pub(super) edges: Vec<Edge>,
    /// How many paths lead nowhere.
    pub(super) unresolved: usize,
    /// The `impl` blocks of each type, in the order of modules.
    pub(super) impls: FxHashMap<ItemRef, Vec<ItemRef>>,
}

/// Joins what the modules name. Each module's edges are sorted; those of one file are sorted
/// together only where several modules share it.
pub(super) fn join(modules: Vec<ModuleLinks>, files: usize) -> Joined {
    let mut by_file: Vec<Vec<Vec<Edge>>> = vec![Vec::new(); files];
    let mut joined = Joined { edges: Vec::new(), unresolved: 0, impls: FxHashMap::default() };
    let mut total = 0;
    for ModuleLinks { edges, impls, unresolved } in modules {
        joined.unresolved += unresolved;
        for (target, block) in impls {
            joined.impls.entry(target).or_default().push(block);
        }
        total += edges.len();
        if let Some(first) = edges.first() {
            by_file[first.place.file.0 as usize].push(edges);
        }
    }
    joined.edges.reserve_exact(total);
    for lists in by_file {
        let start = joined.edges.len();
        let several = lists.len() > 1;
        joined.edges.extend(lists.into_iter().flatten());
        if several {
            joined.edges[start..].sort_by(Edge::order);
        }
    }
    joined
}

fn is_rooted(path: &str) -> bool {
    ["crate::", "self::", "super::"].iter().any(|root| path.starts_with(root))
}
