//! What the bodies of `macro_rules!` name, which is a dependency of whoever calls them.
//!
//! A body stands in the module of its macro, and takes effect where the macro is called. What it names from `$crate` it
//! names there; all else means what it does at the call, as macros by example have no hygiene for the names of items
//! (The Rust Reference, "Macros By Example", on hygiene). What a call puts in for a `$variable` is named by the call
//! itself. `core-imports-shell` follows macros item by item, and passes these edges over.

use super::Project;
use super::edge::{Edge, EdgeKind, Named};
use super::edges::{Owners, is_part_of};
use super::names::{Hops, ItemRef, Space, Target, is_lone};
use super::tree::ModuleId;
use crate::facts::types::last_segment;
use crate::facts::{ItemKind, PathKind, PathUse};
use crate::source::Place;
use rustc_hash::{FxHashMap, FxHashSet};

/// A path that a macro's body names, with the places that lead there: the calls of other macros, and its own.
struct Body<'a> {
    named: &'a PathUse,
    /// Whether it begins in the crate of whoever calls the macro: at `crate` without a `$`, or at `::`.
    is_handed: bool,
    hops: Vec<(ModuleId, Place)>,
}

/// The edges that come with the macros of the project that a module calls: one for each thing that a macro names, at its
/// first call there.
pub(super) fn edges(project: &Project, from: ModuleId, owners: &Owners<'_>) -> Vec<Edge> {
    let mut bodies: FxHashMap<ItemRef, Vec<Body<'_>>> = FxHashMap::default();
    let mut known: FxHashSet<(ItemRef, Target, bool)> = FxHashSet::default();
    let mut found = Vec::new();
    let paths = project.scope(from).paths.iter().enumerate();
    for (index, call) in paths.filter(|(_, used)| used.kind == PathKind::Macro && may_be_declared(project, used)) {
        let Some(called) = project.names().macro_item(from, &call.path, call.span) else { continue };
        let body = bodies.entry(called).or_insert_with(|| body_of(project, called));
        for body in body {
            let Some((target, through)) = target_at(project, from, call, body) else { continue };
            let hops = &body.hops;
            if !known.insert((called, target.clone(), call.test)) {
                continue;
            }
            let (kind, place) = (EdgeKind::Path(call.kind), project.place(from, call.span));
            let item = owners.of_path(index);
            let call = Named { path: &call.path, kind, place, test: call.test, item, cfg: "" };
            let through: Hops = hops.iter().copied().chain(through).collect();
            found.push(call.edge(project, from, target, &through).through_bodies(hops.len()));
        }
    }
    found
}

/// Whether the project may declare a macro of that name. Nearly all calls are of others.
fn may_be_declared(project: &Project, call: &PathUse) -> bool {
    project.tables.has_macro_named(last_segment(&call.path))
}

/// What the body of a macro names, and the bodies of those that it calls.
fn body_of(project: &Project, called: ItemRef) -> Vec<Body<'_>> {
    let mut found = Vec::new();
    let mut seen = FxHashSet::from_iter([called]);
    let mut open = vec![(called, Vec::new())];
    while let Some((item, hops)) = open.pop() {
        let ItemKind::MacroRules(rules) = &project.item(item).kind else { continue };
        for named in rules.paths.iter().filter(|named| !named.test) {
            let mut hops: Vec<(ModuleId, Place)> = hops.clone();
            hops.push((item.module, project.place(item.module, named.span)));
            match named.kind {
                PathKind::Macro => {
                    let inner = project.names().macro_item(item.module, &named.path, named.span);
                    open.extend(inner.filter(|inner| seen.insert(*inner)).map(|inner| (inner, hops)));
                }
                // A lone name is the caller's own, or one that it imports.
                _ if is_lone(&named.path) => {}
                _ => {
                    let is_handed = rules.handed.iter().any(|handed| handed.span == named.span);
                    found.push(Body { named, is_handed, hops });
                }
            }
        }
    }
    found
}

/// What a path in a body means for a call, if that is something of another module, with the re-exports on the way.
fn target_at(project: &Project, from: ModuleId, call: &PathUse, body: &Body<'_>) -> Option<(Target, Hops)> {
    let Body { named, is_handed, hops } = body;
    let &(holder, _) = hops.last()?;
    let space = Space::of(named.kind);
    let is_foreign = project.module(holder).krate != project.module(from).krate;
    let resolved = if named.path.starts_with("crate::") && !is_handed {
        project.names().resolve_at(holder, &named.path, space, named.span)
    } else if *is_handed && is_foreign {
        // It is handed to the caller, and known as that.
        return None;
    } else {
        project.names().resolve_at(from, &named.path, space, call.span)
    };
    let is_elsewhere = match &resolved.target {
        Target::Module(to) => !is_part_of(project, from, *to),
        Target::Item(to) => !is_part_of(project, from, to.module),
        Target::Outside(..) => true,
        Target::Unknown => false,
    };
    is_elsewhere.then_some((resolved.target, resolved.through))
}
