//! Which files have to be read closer: neutral ones that the core reaches.
//!
//! Most files belong to no role, and of their function bodies only an outline is read. What the
//! core reaches is judged by what its items name, and that stands in the bodies.

use super::edges::{self, Edge};
use super::names::{Space, Target};
use super::roles::{Role, RoleKind};
use super::{Module, ModuleId, Project};
use crate::facts::ItemKind;
use crate::parse::Need;
use crate::source::FileId;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// The files without bodies that hold neutral modules through which the core may reach the shell.
pub(super) fn files(project: &Project) -> BTreeSet<FileId> {
    let reached = modules(project).into_iter().map(|id| project.module(id));
    let files = reached.filter(|module| !is_core(module)).map(|module| module.file);
    files.filter(|&file| project.roles.need(&project.file(file).path) != Need::Bodies).collect()
}

/// The modules that may lie between the core and the shell, the core's own included: all that the
/// core reaches, module by module, and from which the shell is reached. Where the shell adds to
/// types that are not its own, no name need lead there, and all that the core reaches may.
pub(super) fn modules(project: &Project) -> BTreeSet<ModuleId> {
    if !has_outer(project) {
        return BTreeSet::new();
    }
    let reached = Reached::new(project);
    if project.is_extended_by_the_shell() || project.modules().any(|(id, _)| is_outer_macro(project, id)) {
        return reached.users.into_keys().collect();
    }
    let mut found = BTreeSet::new();
    let mut open: Vec<ModuleId> = reached.ends;
    while let Some(id) = open.pop() {
        if found.insert(id) {
            open.extend(reached.users.get(&id).into_iter().flatten());
        }
    }
    found
}

/// Whether anything is there that the core must not reach.
fn has_outer(project: &Project) -> bool {
    let outer = |module: &Module| !module.test && module.role.is_some_and(|role| role.kind.is_outer());
    project.modules.iter().any(outer) || project.roles.rules.iter().any(|rule| !rule.crates.is_empty())
}

/// What the core reaches through neutral code, module by module.
struct Reached {
    /// Each module that is reached, the core's included, with those that reach it.
    users: BTreeMap<ModuleId, Vec<ModuleId>>,
    /// The modules that name something outer.
    ends: Vec<ModuleId>,
}

impl Reached {
    fn new(project: &Project) -> Self {
        let core = project.modules().filter(|(_, module)| is_core(module)).map(|(id, _)| id);
        let mut users: BTreeMap<ModuleId, Vec<ModuleId>> = core.map(|id| (id, Vec::new())).collect();
        let mut open: Vec<ModuleId> = users.keys().copied().collect();
        let impls = if open.is_empty() { FxHashMap::default() } else { impls(project) };
        let mut ends = Vec::new();
        while let Some(id) = open.pop() {
            let mut next = BTreeSet::new();
            if !is_core(project.module(id)) {
                let names = project.scope(id).items.iter().filter(|item| !item.test).map(|item| item.name.as_str());
                next.extend(names.filter_map(|name| impls.get(name)).flatten());
            }
            let mut is_end = false;
            for edge in edges::of_module(project, id).edges().iter().filter(|edge| !edge.test) {
                is_end |= is_outer(project, edge);
                next.extend(module_of(&edge.to));
            }
            is_end |= is_outer_macro(project, id);
            next.extend(macro_targets(project, id).iter().filter_map(module_of));
            if is_end {
                ends.push(id);
            }
            for module in next.into_iter().filter(|&module| is_neutral(project, module)) {
                let known = users.entry(module).or_insert_with(|| {
                    open.push(module);
                    Vec::new()
                });
                known.push(id);
            }
        }
        Self { users, ends }
    }
}

/// What the bodies of a module's macros name, which no edge says: it is charged to those who call them.
fn macro_targets(project: &Project, id: ModuleId) -> Vec<Target> {
    let rules = project.scope(id).items.iter().filter_map(|item| match &item.kind {
        ItemKind::MacroRules(rules) if !item.test => Some(rules),
        _ => None,
    });
    let names = project.names();
    rules
        .flat_map(|rules| &rules.paths)
        .map(|used| names.resolve_at(id, &used.path, Space::of(used.kind), used.span).target)
        .collect()
}

/// Whether the body of a macro names something outer: whoever calls it reaches that, also from a
/// function body of which only an outline was read.
fn is_outer_macro(project: &Project, id: ModuleId) -> bool {
    let outer = |target: &Target| project.target_role(target).is_some_and(|role| role.kind.is_outer());
    macro_targets(project, id).iter().any(outer)
}

fn module_of(target: &Target) -> Option<ModuleId> {
    match target {
        Target::Module(module) => Some(*module),
        Target::Item(item) => Some(item.module),
        Target::Outside(..) | Target::Unknown => None,
    }
}

fn is_core(module: &Module) -> bool {
    !module.test && module.role.is_some_and(|role| role.kind == RoleKind::Core)
}

/// Whether an edge leads to something outer, or through it.
fn is_outer(project: &Project, edge: &Edge) -> bool {
    let outer = |role: Option<Role>| role.is_some_and(|role| role.kind.is_outer());
    outer(project.target_role(&edge.to)) || edge.through.iter().any(|(module, _)| outer(project.module(*module).role))
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
