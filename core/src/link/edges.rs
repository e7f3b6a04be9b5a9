//! Who names whom: an edge for each place where a module reaches another module or an outside crate.

use super::Project;
use super::names::{Resolved, Space, Target};
use super::tree::ModuleId;
use crate::facts::{ImportKind, PathKind, Visibility};
use crate::source::Place;

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
    pub path: smol_str::SmolStr,
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

/// The edges of all modules, sorted by place, and how many paths that begin at the project's own
/// modules or crates lead nowhere.
pub(super) fn collect(project: &Project) -> (Vec<Edge>, usize) {
    let names = project.names();
    let mut edges = Vec::new();
    let mut unresolved = 0;
    for (id, module) in project.modules() {
        let scope = project.scope(id);
        for (index, import) in scope.imports.iter().enumerate() {
            let resolved = names.import(id, index);
            unresolved += usize::from(resolved.target == Target::Unknown && is_rooted(&import.path));
            let kind = match (&import.visibility, import.kind) {
                (Visibility::Private, _) => EdgeKind::Use,
                (_, ImportKind::Name | ImportKind::Glob | ImportKind::ExternCrate) => EdgeKind::Reexport,
            };
            let place = project.place(id, import.span);
            let test = module.test || import.test;
            push(
                &mut edges,
                Edge {
                    from: id,
                    to: Target::Unknown,
                    kind,
                    place,
                    path: import.path.clone(),
                    through: Vec::new(),
                    test,
                },
                resolved,
            );
        }
        for used in &scope.paths {
            let resolved = names.resolve(id, &used.path, Space::of(used.kind));
            unresolved += usize::from(resolved.target == Target::Unknown && is_rooted(&used.path));
            let place = project.place(id, used.span);
            let test = module.test || used.test;
            let kind = EdgeKind::Path(used.kind);
            push(
                &mut edges,
                Edge { from: id, to: Target::Unknown, kind, place, path: used.path.clone(), through: Vec::new(), test },
                resolved,
            );
        }
    }
    edges.sort_by(|a, b| (a.place, a.kind, &a.path, a.from).cmp(&(b.place, b.kind, &b.path, b.from)));
    (edges, unresolved)
}

/// Keeps an edge that leaves its module. A lone name that the module itself imports is not one
/// more: the import is.
fn push(edges: &mut Vec<Edge>, edge: Edge, resolved: Resolved) {
    let target = match &resolved.target {
        Target::Module(module) => Some(*module),
        Target::Item(item) => Some(item.module),
        Target::Outside(..) => None,
        Target::Unknown => return,
    };
    let lone = matches!(edge.kind, EdgeKind::Path(_)) && !edge.path.contains("::");
    if lone || (target == Some(edge.from) && resolved.through.is_empty()) {
        return;
    }
    edges.push(Edge { to: resolved.target, through: resolved.through, ..edge });
}

fn is_rooted(path: &str) -> bool {
    ["crate::", "self::", "super::"].iter().any(|root| path.starts_with(root))
}
