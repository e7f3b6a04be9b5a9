//! Which files have to be read closer: neutral ones that the core reaches.
//!
//! Most files belong to no role, and of their function bodies only an outline is read. What the
//! core reaches is judged by what its items name, and that stands in the bodies.

use super::edges;
use super::names::Target;
use super::roles::RoleKind;
use super::{ModuleId, Project};
use crate::facts::ItemKind;
use crate::parse::Need;
use crate::source::FileId;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// The files without bodies that hold neutral modules which the core reaches, module by module.
pub(super) fn files(project: &Project) -> BTreeSet<FileId> {
    let reached = modules(project).into_iter().map(|id| project.module(id));
    let neutral = reached.filter(|module| module.role.is_none_or(|role| role.kind != RoleKind::Core));
    let files = neutral.map(|module| module.file);
    files.filter(|&file| project.roles.need(&project.file(file).path) != Need::Bodies).collect()
}

/// The modules of the core, and the neutral ones that it reaches.
pub(super) fn modules(project: &Project) -> BTreeSet<ModuleId> {
    let mut found = BTreeSet::new();
    let mut seen = vec![false; project.modules.len()];
    let is_core = |id: ModuleId| project.module(id).role.is_some_and(|role| role.kind == RoleKind::Core);
    let mut open: Vec<ModuleId> =
        project.modules().map(|(id, _)| id).filter(|&id| is_core(id) && !project.module(id).test).collect();
    let impls = if open.is_empty() { FxHashMap::default() } else { impls(project) };
    while let Some(id) = open.pop() {
        if std::mem::replace(&mut seen[id.0 as usize], true) {
            continue;
        }
        found.insert(id);
        let mut reach = |next: ModuleId| {
            if is_neutral(project, next) {
                open.push(next);
            }
        };
        if !is_core(id) {
            let names = project.scope(id).items.iter().filter(|item| !item.test).map(|item| item.name.as_str());
            names.filter_map(|name| impls.get(name)).flatten().for_each(|&next| reach(next));
        }
        for edge in edges::of_module(project, id).edges() {
            match edge.to {
                Target::Module(next) if !edge.test => reach(next),
                Target::Item(item) if !edge.test => reach(item.module),
                _ => {}
            }
        }
    }
    found
}

fn is_neutral(project: &Project, id: ModuleId) -> bool {
    let module = project.module(id);
    !module.test && module.role.is_none_or(|role| role.kind == RoleKind::Other)
}

/// The neutral modules that have an `impl` for a type of that name, whichever type that is.
fn impls(project: &Project) -> FxHashMap<&str, Vec<ModuleId>> {
    let mut found: FxHashMap<&str, Vec<ModuleId>> = FxHashMap::default();
    for (id, _) in project.modules().filter(|(id, _)| is_neutral(project, *id)) {
        for item in &project.scope(id).items {
            if let ItemKind::Impl(block) = &item.kind
                && let Some(path) = block.self_type.referent().path()
            {
                found.entry(path.last()).or_default().push(id);
            }
        }
    }
    found
}
