//! What the code that procedural macros quote names where it will stand.
//!
//! A macro that quotes `crate::registry::Rule` makes whoever calls it depend on that. Which of its quotes a call
//! gets is not known without running it: it is taken to be those of the functions and modules that the macro leads to.

use super::Project;
use super::edges::{Edge, EdgeKind, Owners};
use super::names::{ItemRef, Space, Target, macros_of};
use super::tree::{CrateId, ModuleId};
use super::uses::Use;
use crate::facts::{PathKind, PathUse};
use crate::manifest::TargetKind;
use crate::source::{Place, Span};
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

/// A path that a macro hands to its callers, with the place of the quote.
type Handed = (ModuleId, Place, SmolStr, PathKind);

/// Adds an edge for each path that a call, a derive or an attribute of a macro of the project brings with it.
pub(super) fn add(project: &mut Project) {
    let quoting: FxHashSet<CrateId> =
        project.modules().filter(|(id, _)| quotes(project, *id)).map(|(_, module)| module.krate).collect();
    if quoting.is_empty() {
        return;
    }
    let mut macros = Macros { project, known: FxHashMap::default() };
    let mut found: Vec<Edge> = Vec::new();
    for (id, module) in project.modules() {
        if project.krate(module.krate).siblings.iter().any(|krate| quoting.contains(krate)) {
            found.extend(macros.handed_to(id));
        }
    }
    for edge in &found {
        let Some(item) = edge.item else { continue };
        let named = Use { to: edge.to.clone(), place: edge.place, through: edge.through.clone() };
        project.implicit.entry(item).or_default().push(named);
    }
    if !found.is_empty() {
        project.edges.extend(found);
        project.edges.sort_by(Edge::order);
    }
}

/// Whether macros stand in a module that quote paths of whoever calls them.
fn quotes(project: &Project, id: ModuleId) -> bool {
    project.krate(project.module(id).krate).kind == TargetKind::ProcMacro && !project.scope(id).handed.is_empty()
}

/// What macros hand to their callers, looked up as far as someone asks.
struct Macros<'a> {
    project: &'a Project,
    known: FxHashMap<ItemRef, Vec<Handed>>,
}

impl Macros<'_> {
    /// The edges that come with the macros that a module calls.
    fn handed_to(&mut self, id: ModuleId) -> Vec<Edge> {
        let project = self.project;
        let scope = project.scope(id);
        let owners = Owners::new(project, id, scope);
        let mut found = Vec::new();
        for (index, item) in scope.items.iter().enumerate() {
            let item_ref = ItemRef { module: id, index: index as u32 };
            for name in item.attributes.iter().flat_map(macros_of) {
                let call = Call { name, kind: PathKind::Attribute, span: item.name_span, test: item.test };
                found.extend(self.handed_by(id, &call, &owners, Some(item_ref)));
            }
        }
        for (index, used) in scope.paths.iter().enumerate().filter(|(_, used)| used.kind == PathKind::Macro) {
            let call = Call { name: &used.path, kind: used.kind, span: used.span, test: used.test };
            found.extend(self.handed_by(id, &call, &owners, owners.of_path(index)));
        }
        found
    }

    /// The edges that come with one call.
    fn handed_by(&mut self, from: ModuleId, call: &Call<'_>, owners: &Owners<'_>, item: Option<ItemRef>) -> Vec<Edge> {
        let project = self.project;
        let called = project.names().resolve_at(from, call.name, Space::Macros, call.span);
        let Target::Item(entry) = called.target else { return Vec::new() };
        if !is_entry(project, entry) {
            return Vec::new();
        }
        let handed = self.known.entry(entry).or_insert_with(|| handed_by(project, entry));
        let mut found: Vec<Edge> = Vec::new();
        for (module, place, path, kind) in handed {
            let resolved = project.names().resolve(from, path, Space::of(*kind));
            let is_own = match &resolved.target {
                Target::Module(to) => *to == from,
                Target::Item(to) => to.module == from,
                Target::Outside(..) => false,
                Target::Unknown => true,
            };
            if is_own || found.iter().any(|known| known.to == resolved.target) {
                continue;
            }
            let quote = std::iter::once((*module, *place));
            found.push(Edge {
                from,
                to: resolved.target,
                kind: EdgeKind::Path(call.kind),
                place: project.place(from, call.span),
                path: call.name.into(),
                through: called.through.iter().copied().chain(quote).chain(resolved.through).collect(),
                test: call.test || project.module(from).test,
                item,
                cfg: owners.cfg(item, ""),
            });
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
}

/// Whether an item is what others call of a crate of procedural macros.
fn is_entry(project: &Project, item: ItemRef) -> bool {
    let krate = project.krate(project.module(item.module).krate);
    let is_marked = |name: &str| project.item(item).attribute(name).is_some();
    krate.kind == TargetKind::ProcMacro
        && krate.root == item.module
        && ["proc_macro", "proc_macro_attribute", "proc_macro_derive"].into_iter().any(is_marked)
}

/// The paths in the quotes that a macro leads to: those of its own and of its helpers beside it, and those of the
/// modules that they lead to. Where there are neither, all that stands beside it and is no macro itself.
fn handed_by(project: &Project, called: ItemRef) -> Vec<Handed> {
    let scope = project.scope(called.module);
    let (helpers, modules) = behind(project, called);
    let own: Vec<Span> = helpers.iter().map(|helper| project.item(*helper).span).collect();
    let is_within = |spans: &[Span], used: &PathUse| spans.iter().any(|span| span.contains(used.span));
    let is_alone = modules.is_empty() && !scope.handed.iter().any(|used| is_within(&own, used));
    let items = (0..scope.items.len() as u32).map(|index| ItemRef { index, ..called });
    let others = items.filter(|item| *item != called && is_entry(project, *item));
    let others: Vec<Span> = others.map(|item| project.item(item).span).collect();
    let is_own = |used: &&PathUse| is_within(&own, used) || (is_alone && !is_within(&others, used));
    let own = scope.handed.iter().filter(is_own).map(|used| (called.module, used));
    let behind = modules.iter().flat_map(|&module| project.scope(module).handed.iter().map(move |used| (module, used)));
    let all = own.chain(behind).filter(|(_, used)| !used.test);
    all.map(|(module, used)| (module, project.place(module, used.span), used.path.clone(), used.kind)).collect()
}

/// The items beside a macro that it uses, itself first, and the modules of its crate that they lead to, in the order in
/// which they are met. Of a name that several functions of a module call, only the first call is known.
fn behind(project: &Project, called: ItemRef) -> (Vec<ItemRef>, Vec<ModuleId>) {
    let scope = project.scope(called.module);
    let (mut helpers, mut modules) = (vec![called], Vec::new());
    let mut next = 0;
    while let Some(helper) = helpers.get(next).copied() {
        next += 1;
        let paths = &project.item(helper).paths;
        for used in scope.paths.get(paths.start as usize..paths.end as usize).unwrap_or_default() {
            match project.names().resolve_at(called.module, &used.path, Space::of(used.kind), used.span).target {
                Target::Item(item) if item.module == called.module && !helpers.contains(&item) => helpers.push(item),
                Target::Item(ItemRef { module, .. }) | Target::Module(module) if module != called.module => {
                    modules.push(module);
                }
                _ => {}
            }
        }
    }
    (helpers, reached(project, modules, called.module))
}

/// The modules that some modules of a crate lead to, themselves first; not `without`.
fn reached(project: &Project, mut open: Vec<ModuleId>, without: ModuleId) -> Vec<ModuleId> {
    let krate = project.module(without).krate;
    let mut seen = FxHashSet::from_iter([without]);
    let mut found = Vec::new();
    open.reverse();
    while let Some(module) = open.pop() {
        if project.module(module).krate != krate || !seen.insert(module) {
            continue;
        }
        found.push(module);
        for edge in project.edges_in(project.module(module).file).iter().filter(|edge| edge.from == module) {
            match &edge.to {
                Target::Module(to) | Target::Item(ItemRef { module: to, .. }) => open.push(*to),
                Target::Outside(..) | Target::Unknown => {}
            }
        }
    }
    found
}
