//! The name that an unknown one most likely stands for.

use super::{is_path, of_module};
use crate::config::{prefixed, suggestion};
use crate::facts::ItemKind;
use crate::graph::{ImportGraph, Node, role_name};
use crate::link::{Crate, ModuleId, Project};
use std::collections::{BTreeMap, BTreeSet};

/// The known name nearest to an unknown one, written as that one is: with its prefix, if it has one.
pub(super) fn near(project: &Project, graph: &ImportGraph, name: &str) -> Option<String> {
    let Some((prefix, rest)) = prefixed(name) else { return plain(project, graph, name) };
    let known = match prefix {
        "role" => roles(project),
        "crate" => crates(project),
        "domain" => project.domain_names().iter().cloned().collect(),
        "package" | "outside" => packages(graph),
        "path" => paths(project),
        "module" => modules(project).map(|(krate, path)| full(krate, &path)).collect(),
        _ => return None,
    };
    suggestion(rest, known.iter().map(String::as_str)).map(|near| format!("{prefix}:{near}"))
}

/// The nearest name of anything, for one that does not say what it is.
fn plain(project: &Project, graph: &ImportGraph, name: &str) -> Option<String> {
    if is_path(name) {
        let known = paths(project);
        let end = format!("/{name}");
        let deeper = known.iter().find(|path| path.ends_with(&end)).map(String::as_str);
        return deeper.or_else(|| suggestion(name, known.iter().map(String::as_str))).map(str::to_owned);
    }
    let deep = deep_names(project);
    let end = format!("::{name}");
    let ends = deep.values().flatten().filter(|path| path.ends_with(&end));
    if let Some(deeper) = ends.min_by_key(|path| (path.len(), *path)) {
        return Some(deeper.clone());
    }
    let known = names(project, graph, name);
    let all = known.iter().map(String::as_str).chain(deep.keys().copied());
    let near = suggestion(name, all).or_else(|| suggestion(name, known.iter().map(String::as_str)))?;
    let is_known = known.contains(near);
    let deeper = deep.get(near).and_then(|paths| paths.first()).filter(|_| !is_known);
    Some(deeper.map_or_else(|| near.to_owned(), String::clone))
}

/// What may be written for parts of the project as `name` is, which has no prefix.
fn names(project: &Project, graph: &ImportGraph, name: &str) -> BTreeSet<String> {
    let mut known = BTreeSet::new();
    if name.starts_with("crate::") {
        known.extend(modules(project).map(|(_, path)| format!("crate::{path}")));
    } else {
        known.extend(modules(project).flat_map(|(krate, path)| [full(krate, &path), path]));
        known.extend(crates(project));
        known.extend(roles(project));
    }
    known.extend(packages(graph));
    if let Some((holder, _)) = name.rsplit_once("::") {
        for module in of_module(project, holder).iter().filter_map(|meaning| meaning.modules.first()) {
            known.extend(items(project, *module).map(|item| format!("{holder}::{item}")));
        }
    }
    known
}

/// The last names of modules and items, with the paths that end so, the shortest first.
fn deep_names(project: &Project) -> BTreeMap<&str, Vec<String>> {
    let mut found: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (id, module) in project.modules().filter(|(_, module)| !module.test) {
        let path = project.module_path(id);
        if !module.path.is_empty() {
            found.entry(module.name.as_str()).or_default().push(path.clone());
        }
        for item in items(project, id) {
            found.entry(item).or_default().push(format!("{path}::{item}"));
        }
    }
    for paths in found.values_mut() {
        paths.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    }
    found
}

/// The names of a module's items. Modules among them are none.
fn items(project: &Project, module: ModuleId) -> impl Iterator<Item = &str> {
    let items = project.scope(module).items.iter().filter(|item| !item.name.is_empty() && !item.test);
    items.filter(|item| !matches!(item.kind, ItemKind::Module(_))).map(|item| item.name.as_str())
}

/// The modules that are judged: their crate, and their path in it.
fn modules(project: &Project) -> impl Iterator<Item = (&Crate, String)> {
    let modules = project.modules().filter(|(_, module)| !module.test);
    modules.map(|(_, module)| (project.krate(module.krate), module.path.clone()))
}

fn full(krate: &Crate, path: &str) -> String {
    if path.is_empty() { krate.name.clone() } else { format!("{}::{path}", krate.name) }
}

fn crates(project: &Project) -> BTreeSet<String> {
    project.crates.iter().flat_map(|krate| [krate.name.clone(), krate.package.clone()]).collect()
}

fn roles(project: &Project) -> BTreeSet<String> {
    let modules = project.modules().filter(|(_, module)| !module.test);
    modules.filter_map(|(_, module)| role_name(project, module.role)).map(str::to_owned).collect()
}

fn packages(graph: &ImportGraph) -> BTreeSet<String> {
    let packages = graph.nodes().filter_map(|(_, node)| match node {
        Node::Package(package) => Some(package.to_string()),
        Node::Module(_) => None,
    });
    packages.collect()
}

/// The files that are judged, and all folders around them.
fn paths(project: &Project) -> BTreeSet<String> {
    let modules = project.modules().filter(|(_, module)| !module.test);
    let files = modules.map(|(_, module)| project.file(module.file).path.as_str());
    let around = |path: &str| {
        let folders = path.match_indices('/').map(|(at, _)| path[..at].to_owned());
        folders.chain([path.to_owned()]).collect::<Vec<_>>()
    };
    files.flat_map(around).collect()
}
