//! What a user may call a part of the project, and which modules that is.

use super::{ImportGraph, Node, NodeId};
use crate::config::suggestion;
use crate::link::{ItemRef, ModuleId, Project, Space, Target};
use std::collections::BTreeSet;
use std::path::Path;

/// One end of a chain that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// Its modules, or the package from outside, in the order of their names.
    pub nodes: Vec<NodeId>,
    /// The item, where one is meant rather than all of its module.
    pub item: Option<ItemRef>,
}

/// Why a name stands for nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoEnd {
    /// Nothing is called so. The name that was most likely meant, if there is one.
    Unknown(Option<String>),
    /// Several things are. How to write each.
    Ambiguous(Vec<String>),
    /// It is test code, of which there is no graph.
    Test,
}

/// What `name` stands for: a module with all modules in it, by its path with or without its crate
/// (`core::price`, `crate::core`, `app::core`); a crate or package of the project; a file or folder
/// (`src/core`); a role (`core`, `role:core`); a package from outside (`sqlx`, `outside:sqlx`); or,
/// where nothing else has that name, an item (`core::price::Price`).
///
/// # Errors
///
/// Nothing has that name, or several things that are not the same modules.
pub fn end(project: &Project, graph: &ImportGraph, name: &str) -> Result<End, NoEnd> {
    if name.is_empty() {
        return Err(NoEnd::Unknown(None));
    }
    let mut meanings = meanings(project, name);
    if let Some(package) = outside(graph, name.strip_prefix("outside:").unwrap_or(name)) {
        meanings.push(Meaning { spelling: format!("outside:{name}"), modules: Vec::new(), outside: Some(package) });
    }
    if meanings.is_empty() {
        return item(project, graph, name).ok_or_else(|| NoEnd::Unknown(near(project, graph, name)));
    }
    if meanings.iter().all(|meaning| meaning.outside.is_none() && meaning.judged(project).next().is_none()) {
        return Err(NoEnd::Test);
    }
    let contents: BTreeSet<_> = meanings.iter().map(|meaning| meaning.content(project)).collect();
    if contents.len() > 1 {
        return Err(NoEnd::Ambiguous(meanings.into_iter().map(|meaning| meaning.spelling).collect()));
    }
    let nodes = meanings.iter().flat_map(|meaning| {
        let modules = meaning.judged(project).map(|module| graph.of_module(module));
        modules.chain(meaning.outside)
    });
    let nodes: BTreeSet<NodeId> = nodes.collect();
    Ok(End { nodes: nodes.into_iter().collect(), item: None })
}

/// One thing that a name may stand for.
struct Meaning {
    /// How to write it so that nothing else is meant.
    spelling: String,
    modules: Vec<ModuleId>,
    outside: Option<NodeId>,
}

impl Meaning {
    fn judged(&self, project: &Project) -> impl Iterator<Item = ModuleId> {
        self.modules.iter().copied().filter(|module| !project.module(*module).test)
    }

    /// What it holds. Two names of the same code are the same, also where several targets compile it.
    fn content(&self, project: &Project) -> (BTreeSet<(u32, u32)>, Option<NodeId>) {
        let part = |id: ModuleId| {
            let module = project.module(id);
            (module.file.0, module.scope.0)
        };
        (self.judged(project).map(part).collect(), self.outside)
    }
}

/// What a name may stand for in the project itself.
fn meanings(project: &Project, name: &str) -> Vec<Meaning> {
    if let Some(role) = name.strip_prefix("role:") {
        return of_role(project, role).into_iter().collect();
    }
    if name.starts_with("outside:") {
        return Vec::new();
    }
    if is_path(name) {
        return of_path(project, name).into_iter().collect();
    }
    let mut meanings = of_module(project, name);
    meanings.extend(of_crate(project, name));
    meanings.extend(of_role(project, name));
    meanings.extend(of_path(project, name));
    meanings
}

fn is_path(name: &str) -> bool {
    name.contains('/') || Path::new(name).extension().is_some_and(|extension| extension == "rs")
}

fn select(project: &Project, spelling: String, is_meant: impl Fn(ModuleId) -> bool) -> Option<Meaning> {
    let modules: Vec<ModuleId> = project.modules().map(|(id, _)| id).filter(|id| is_meant(*id)).collect();
    if modules.is_empty() { None } else { Some(Meaning { spelling, modules, outside: None }) }
}

fn of_role(project: &Project, role: &str) -> Option<Meaning> {
    let has_role = |id| super::view::role_name(project, project.module(id).role) == Some(role);
    select(project, format!("role:{role}"), has_role)
}

fn of_path(project: &Project, path: &str) -> Option<Meaning> {
    let parts: Vec<_> = path.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    let path = parts.join("/");
    let lies_there = |id: ModuleId| is_within(&project.file(project.module(id).file).path, &path, "/");
    select(project, format!("./{path}"), lies_there)
}

/// All crates of that name, or of the package of that name.
fn of_crate(project: &Project, name: &str) -> Option<Meaning> {
    let name = name.replace('-', "_");
    select(project, name.clone(), |id| {
        let krate = project.krate(project.module(id).krate);
        krate.name == name || krate.package.replace('-', "_") == name
    })
}

/// The modules of that path and what is in them, for each crate by itself.
fn of_module(project: &Project, path: &str) -> Vec<Meaning> {
    let local = if path == "crate" { "" } else { path.strip_prefix("crate::").unwrap_or(path) };
    let names: BTreeSet<&str> = project.crates.iter().map(|krate| krate.name.as_str()).collect();
    let in_crate = |name: &str| {
        let inside = match path.split_once("::") {
            Some((first, rest)) if first.replace('-', "_") == name => rest,
            _ => local,
        };
        select(project, format!("{name}::{inside}"), |id| {
            let module = project.module(id);
            project.krate(module.krate).name == name && is_within(&module.path, inside, "::")
        })
    };
    names.into_iter().filter_map(in_crate).collect()
}

/// Whether a path is `outer` or lies in it. Everything lies in the empty path.
fn is_within(path: &str, outer: &str, separator: &str) -> bool {
    let rest = path.strip_prefix(outer);
    outer.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(separator))
}

fn outside(graph: &ImportGraph, name: &str) -> Option<NodeId> {
    let same = |package: &str| package.replace('-', "_") == name.replace('-', "_");
    graph.nodes().find(|(_, node)| matches!(node, Node::Package(package) if same(package))).map(|(id, _)| id)
}

/// What a path means that ends with a name in a module that is known: an item, or through a
/// re-export the module or the package that it leads to.
fn item(project: &Project, graph: &ImportGraph, path: &str) -> Option<End> {
    let (holder, name) = path.rsplit_once("::")?;
    let candidates = of_module(project, holder).into_iter().chain(of_crate(project, holder));
    let holders: BTreeSet<ModuleId> = candidates.flat_map(|meaning| meaning.modules).collect();
    // A module comes with those in it, and the holder is the one whose path ends the name.
    let last = holder.rsplit("::").next().unwrap_or(holder);
    let is_holder = |id: &ModuleId| {
        let module = project.module(*id);
        !module.test && (module.parent.is_none() || module.name == last)
    };
    holders.into_iter().filter(is_holder).find_map(|module| {
        let (node, item) = match project.names().resolve(module, &format!("self::{name}"), Space::Any).target {
            Target::Item(item) => (graph.of_module(item.module), Some(item)),
            Target::Module(module) => (graph.of_module(module), None),
            Target::Outside(package, _) => (graph.of_package(&package)?, None),
            Target::Unknown => return None,
        };
        Some(End { nodes: vec![node], item })
    })
}

/// The known name that an unknown one most likely stands for.
fn near(project: &Project, graph: &ImportGraph, name: &str) -> Option<String> {
    let mut known = BTreeSet::new();
    for (_, module) in project.modules().filter(|(_, module)| !module.test) {
        let krate = project.krate(module.krate);
        let path = &project.file(module.file).path;
        if is_path(name) {
            known.extend(path.match_indices('/').map(|(at, _)| path[..at].to_owned()).chain([path.clone()]));
        } else if name.starts_with("crate::") {
            known.insert(format!("crate::{}", module.path));
        } else {
            known.extend([krate.name.clone(), krate.package.clone(), module.path.clone()]);
            known.insert(format!("{}::{}", krate.name, module.path));
            known.extend(
                super::view::role_name(project, module.role)
                    .map(|role| if name.starts_with("role:") { format!("role:{role}") } else { role.to_owned() }),
            );
        }
    }
    let packages = graph.nodes().filter_map(|(_, node)| match node {
        Node::Package(package) => Some(package.to_string()),
        Node::Module(_) => None,
    });
    known.extend(
        packages.map(|package| if name.starts_with("outside:") { format!("outside:{package}") } else { package }),
    );
    if let Some((holder, _)) = name.rsplit_once("::") {
        for module in of_module(project, holder).iter().filter_map(|meaning| meaning.modules.first()) {
            let items = project.scope(*module).items.iter().filter(|item| !item.name.is_empty() && !item.test);
            known.extend(items.map(|item| format!("{holder}::{}", item.name)));
        }
    }
    suggestion(name, known.iter().map(String::as_str)).map(str::to_owned)
}

#[cfg(test)]
mod tests;
