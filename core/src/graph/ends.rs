//! What a user may call a part of the project, and which modules that is.

mod near;

use super::{ImportGraph, Node, NodeId};
use crate::config::{Pattern, PatternKind, prefixed};
use crate::link::{ItemRef, ModuleId, Project, Space, Target};
use crate::source::Span;
use near::near;
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
/// (`src/core`); a role (`core`); a package from outside (`sqlx`); or, where nothing else has that
/// name, an item (`core::price::Price`). The prefixes of contracts say which is meant: `module:`,
/// `crate:`, `path:`, `role:`, `domain:` and `package:`, for which `outside:` may stand.
///
/// # Errors
///
/// Nothing has that name, or several things that are not the same modules.
pub fn end(project: &Project, graph: &ImportGraph, name: &str) -> Result<End, NoEnd> {
    if name.is_empty() {
        return Err(NoEnd::Unknown(None));
    }
    let meanings = meanings(project, graph, name);
    if meanings.is_empty() {
        return item(project, graph, name).ok_or_else(|| NoEnd::Unknown(near(project, graph, name)));
    }
    if meanings.iter().all(|meaning| meaning.outside.is_none() && meaning.judged(project).next().is_none()) {
        return Err(NoEnd::Test);
    }
    if !are_same(project, &meanings) {
        // The path of a module may be that of another in a crate of its own name.
        let clear = |spelling: String| {
            let is_clear =
                prefixed(&spelling).is_some() || are_same(project, &self::meanings(project, graph, &spelling));
            if is_clear { spelling } else { format!("module:{spelling}") }
        };
        let mut seen = BTreeSet::new();
        let different = meanings.into_iter().filter(|meaning| seen.insert(meaning.content(project)));
        return Err(NoEnd::Ambiguous(different.map(|meaning| clear(meaning.spelling)).collect()));
    }
    let nodes = meanings.iter().flat_map(|meaning| {
        let modules = meaning.judged(project).map(|module| graph.of_module(module));
        modules.chain(meaning.outside)
    });
    let nodes: BTreeSet<NodeId> = nodes.collect();
    Ok(End { nodes: nodes.into_iter().collect(), item: None })
}

/// Whether several names mean the same code.
fn are_same(project: &Project, meanings: &[Meaning]) -> bool {
    let contents: BTreeSet<_> = meanings.iter().map(|meaning| meaning.content(project)).collect();
    contents.len() == 1
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

/// What a name may stand for, but for an item.
fn meanings(project: &Project, graph: &ImportGraph, name: &str) -> Vec<Meaning> {
    if let Some((prefix, rest)) = prefixed(name) {
        let meaning = match prefix {
            "role" => of_role(project, rest),
            "crate" => of_crate(project, rest),
            "domain" => of_domain(project, rest),
            "module" => of_modules(project, rest),
            "path" => of_path(project, rest),
            "package" | "outside" => of_package(graph, rest),
            _ => None,
        };
        return meaning.into_iter().collect();
    }
    if name.contains("::") && name.contains('*') {
        return of_modules(project, name).into_iter().collect();
    }
    if is_path(name) {
        return of_path(project, name).into_iter().collect();
    }
    let mut meanings = of_module(project, name);
    meanings.extend(of_crate(project, name));
    meanings.extend(of_role(project, name));
    meanings.extend(of_path(project, name));
    meanings.extend(of_package(graph, name));
    meanings
}

fn is_path(name: &str) -> bool {
    name.contains(['/', '*']) || Path::new(name).extension().is_some_and(|extension| extension == "rs")
}

fn select(project: &Project, spelling: String, is_meant: impl Fn(ModuleId) -> bool) -> Option<Meaning> {
    let modules: Vec<ModuleId> = project.modules().map(|(id, _)| id).filter(|id| is_meant(*id)).collect();
    if modules.is_empty() { None } else { Some(Meaning { spelling, modules, outside: None }) }
}

fn of_role(project: &Project, role: &str) -> Option<Meaning> {
    let has_role = |id| super::view::role_name(project, project.module(id).role) == Some(role);
    select(project, format!("role:{role}"), has_role)
}

fn of_domain(project: &Project, name: &str) -> Option<Meaning> {
    let domain = project.domain(name)?;
    select(project, format!("domain:{name}"), |id| project.domain_of(id) == Some(domain))
}

/// The files of a pattern, or those of a file or folder.
fn of_path(project: &Project, text: &str) -> Option<Meaning> {
    let parts: Vec<_> = text.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    let path = parts.join("/");
    let pattern = text.contains(['*', '?', '[', '{']).then(|| Pattern::new(PatternKind::Path, &path, Span::default()));
    let lies_there = |id: ModuleId| {
        let file = &project.file(project.module(id).file).path;
        match &pattern {
            Some(pattern) => pattern.as_ref().is_ok_and(|pattern| pattern.matches(file)),
            None => is_within(file, &path, "/"),
        }
    };
    select(project, format!("path:{path}"), lies_there)
}

/// The modules of a pattern that begins with `crate` or the name of a crate, as contracts have it.
fn of_modules(project: &Project, text: &str) -> Option<Meaning> {
    let pattern = Pattern::new(PatternKind::Module, text, Span::default()).ok()?;
    select(project, format!("module:{text}"), |id| {
        let module = project.module(id);
        let krate = &project.krate(module.krate).name;
        pattern.matches(&if module.path.is_empty() { krate.clone() } else { format!("{krate}::{}", module.path) })
    })
}

/// All crates of that name, or of the package of that name.
fn of_crate(project: &Project, name: &str) -> Option<Meaning> {
    let plain = name.replace('-', "_");
    select(project, format!("crate:{name}"), |id| {
        let krate = project.krate(project.module(id).krate);
        krate.name == plain || krate.package.replace('-', "_") == plain
    })
}

fn of_package(graph: &ImportGraph, name: &str) -> Option<Meaning> {
    let package = outside(graph, name)?;
    Some(Meaning { spelling: format!("package:{name}"), modules: Vec::new(), outside: Some(package) })
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
        let spelling = if inside.is_empty() { format!("module:{name}") } else { format!("{name}::{inside}") };
        select(project, spelling, |id| {
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

#[cfg(test)]
mod tests;
