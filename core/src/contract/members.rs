//! What the members of contracts stand for: from names in the configuration to nodes of the graph.

mod absent;

use super::imports::Imports;
use crate::config::{ConfigError, Member, MemberKind, Pattern, suggestion, unmatched};
use crate::graph::{Node, NodeId};
use crate::link::{Crate, ExternCrate, ModuleId, Project, Role};
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A set of nodes with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// How people call it.
    pub(super) label: String,
    /// Its nodes, sorted.
    pub(super) nodes: Vec<NodeId>,
}

/// A module or folder whose children a contract speaks of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Container {
    /// By its path with the crate.
    Module(String),
    /// By its path from the project's root.
    Folder(String),
}

/// Looks up members.
pub(super) struct Members<'a> {
    project: &'a Project,
    pub(super) imports: Imports<'a>,
    path: &'a str,
    /// Every module that is no test code, in the order of the nodes, and so of the paths.
    modules: Vec<(NodeId, Named<'a>)>,
    packages: BTreeSet<String>,
    several_packages: bool,
    /// What people call each node. A name is told of many breaches, which share it.
    names: Vec<Arc<str>>,
    /// The position of each node's name among all names, the same for nodes of one name.
    ranks: Vec<u32>,
}

/// How patterns know a module.
struct Named<'a> {
    id: ModuleId,
    module: String,
    file: &'a str,
}

type Found<T> = Result<T, ConfigError>;

impl<'a> Members<'a> {
    /// `path` is the configuration's, for its errors.
    pub(super) fn new(imports: Imports<'a>, path: &'a str) -> Self {
        let project = imports.project;
        let judged = project.modules().filter(|(_, module)| !module.test);
        let mut modules: Vec<(NodeId, Named<'a>)> = judged
            .map(|(id, module)| {
                let file = project.file(module.file).path.as_str();
                (imports.graph.of_module(id), Named { id, module: crate_path(project, id), file })
            })
            .collect();
        modules.sort_unstable_by_key(|(node, _)| *node);
        let externs = project.crates.iter().flat_map(|krate| krate.externs.values());
        let outside = externs.filter_map(|name| match name {
            ExternCrate::Outside(package) => Some(package.to_string()),
            ExternCrate::Sibling(_) => None,
        });
        let packages = outside.chain(["std", "core", "alloc"].map(str::to_owned)).collect();
        let home: BTreeSet<&str> = project.crates.iter().map(|krate| krate.package.as_str()).collect();
        let several_packages = home.len() > 1;
        let nodes = imports.graph.nodes();
        let names: Vec<Arc<str>> = nodes.map(|(_, node)| name(project, node).into()).collect();
        let ranks = ranks(&names);
        Self { project, imports, path, modules, packages, several_packages, names, ranks }
    }

    /// What people call a node: a module by its path, with the crate where there are several packages.
    pub(super) fn name(&self, node: NodeId) -> &Arc<str> {
        &self.names[node.0 as usize]
    }

    /// The position of a node's name among all names, the same for nodes of one name.
    pub(super) fn rank(&self, node: NodeId) -> u32 {
        self.ranks[node.0 as usize]
    }

    pub(super) fn error(&self, span: Span, message: impl Into<String>, help: impl Into<String>) -> ConfigError {
        ConfigError { message: message.into(), help: help.into(), span, path: self.path.to_owned() }
    }

    /// The nodes of several members together, sorted.
    pub(super) fn all<'m>(
        &self,
        members: impl IntoIterator<Item = &'m Member>,
        errors: &mut Vec<ConfigError>,
    ) -> Vec<NodeId> {
        let mut nodes = BTreeSet::new();
        for member in members {
            match self.nodes(member) {
                Ok(found) => nodes.extend(found),
                Err(error) => errors.push(error),
            }
        }
        nodes.into_iter().collect()
    }

    /// The nodes of a member, sorted; an error if there is none that a contract could judge.
    pub(super) fn nodes(&self, member: &Member) -> Found<Vec<NodeId>> {
        match &member.kind {
            MemberKind::Word(name) => self.word(member, name),
            MemberKind::Role(name) => self.role(member, name),
            MemberKind::Crate(name) => self.named_crate(member, name),
            MemberKind::Module(pattern) => {
                self.matching("module", pattern, |named| &named.module, |id| crate_path(self.project, id))
            }
            MemberKind::Path(pattern) => self.matching(
                "file",
                pattern,
                |named| named.file,
                |id| self.project.file(self.project.module(id).file).path.clone(),
            ),
            MemberKind::Package(pattern) => self.package(pattern),
            MemberKind::Domain(name) => self.domain(member, name),
            MemberKind::Inside(_) => Err(self.error(member.span, "a layer of a container without one", "")),
        }
    }

    fn word(&self, member: &Member, name: &str) -> Found<Vec<NodeId>> {
        let role = self.role_names().contains(name);
        let krate = self.of_crate(name);
        match (role, krate.is_empty()) {
            (true, true) => self.role(member, name),
            (false, false) => Ok(krate),
            (true, false) => {
                let message = format!("`{name}` is a role, and a crate of the project too");
                Err(self.error(member.span, message, format!("write `role:{name}` or `crate:{name}`")))
            }
            (false, true) => {
                let help = self.word_help(name);
                Err(self.error(member.span, format!("`{name}` is no role, and no crate of the project"), help))
            }
        }
    }

    fn word_help(&self, name: &str) -> String {
        if self.packages.contains(name) || self.packages.contains(&name.replace('_', "-")) {
            return format!("write `package:{name}` for a package from outside");
        }
        let ends = |named: &&Named<'_>| named.module.rsplit("::").next() == Some(name);
        if let Some(named) = self.named().find(ends) {
            let inside = named.module.split_once("::").map_or("", |(_, rest)| rest);
            return format!("did you mean the module `crate::{inside}`?");
        }
        let roles = self.role_names();
        if let Some(near) = suggestion(name, roles.iter().map(String::as_str).chain(self.crate_names())) {
            return format!("did you mean `{near}`?");
        }
        let roles: Vec<_> = roles.iter().map(|role| format!("`{role}`")).collect();
        match roles.as_slice() {
            [] => "the project has no role; name a module as `crate::core`, or files as `src/core/**`".to_owned(),
            roles => {
                format!("the roles are {}; a module is written `crate::core`, files `src/core/**`", roles.join(", "))
            }
        }
    }

    /// The names of the roles that the project has.
    fn role_names(&self) -> BTreeSet<String> {
        let roles = &self.project.roles;
        let declared = roles.rules.iter().map(|rule| rule.name.clone());
        declared.chain(roles.inferred.iter().map(|inferred| inferred.role.to_owned())).collect()
    }

    fn role(&self, member: &Member, name: &str) -> Found<Vec<NodeId>> {
        let names = self.role_names();
        if !names.contains(name) {
            let help = match suggestion(name, names.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "declare it as a `[[role]]`".to_owned(),
            };
            return Err(self.error(member.span, format!("there is no role `{name}`"), help));
        }
        let table = &self.project.roles;
        let has = |role: Option<Role>| {
            role.is_some_and(|role| table.rule(role).map_or(role.kind.name(), |rule| rule.name.as_str()) == name)
        };
        let found = self.imports.graph.nodes().filter(|(id, node)| match node {
            Node::Module(module) => self.get(*id).is_some() && has(self.project.module(*module).role),
            Node::Package(package) => has(table.crate_role(package)),
        });
        let found: Vec<NodeId> = found.map(|(id, _)| id).collect();
        if found.is_empty() && !table.rules.iter().any(|rule| rule.name == name && !rule.crates.is_empty()) {
            let message = format!("the role `{name}` has no code but test code, which no contract judges");
            return Err(self.error(member.span, message, "remove it from the contract"));
        }
        Ok(found)
    }

    fn named_crate(&self, member: &Member, name: &str) -> Found<Vec<NodeId>> {
        let found = self.of_crate(name);
        if !found.is_empty() {
            return Ok(found);
        }
        let help = match suggestion(name, self.crate_names()) {
            Some(near) => format!("did you mean `crate:{near}`?"),
            None => "correct or remove it; a package from outside is written `package:sqlx`".to_owned(),
        };
        Err(self.error(member.span, format!("there is no crate `{name}` in the project"), help))
    }

    /// The names of the project's crates and packages.
    fn crate_names(&self) -> BTreeSet<&'a str> {
        self.project.crates.iter().flat_map(|krate| [krate.name.as_str(), krate.package.as_str()]).collect()
    }

    /// The modules of a crate or package of the project.
    fn of_crate(&self, name: &str) -> Vec<NodeId> {
        let plain = name.replace('-', "_");
        let is_it = |krate: &Crate| krate.name.replace('-', "_") == plain || krate.package.replace('-', "_") == plain;
        let crates: Vec<bool> = self.project.crates.iter().map(is_it).collect();
        let is_of = |named: &Named<'_>| crates[self.project.module(named.id).krate.0 as usize];
        self.modules.iter().filter(|(_, named)| is_of(named)).map(|(id, _)| *id).collect()
    }

    fn matching(
        &self,
        what: &str,
        pattern: &Pattern,
        candidate: impl for<'n> Fn(&'n Named<'a>) -> &'n str,
        of_module: impl Fn(ModuleId) -> String,
    ) -> Found<Vec<NodeId>> {
        let matches = |named: &Named<'a>| pattern.matches(candidate(named));
        let found: Vec<NodeId> = self.modules.iter().filter(|(_, named)| matches(named)).map(|(id, _)| *id).collect();
        if !found.is_empty() {
            return Ok(found);
        }
        let tests = self.project.modules().filter(|(_, module)| module.test);
        if tests.map(|(id, _)| of_module(id)).any(|name| pattern.matches(&name)) {
            let message = format!("`{}` matches nothing but test code, which no contract judges", pattern.text);
            return Err(self.error(pattern.span, message, "remove it from the contract"));
        }
        let candidates: Vec<&str> = self.named().map(candidate).collect();
        let errors = unmatched(self.path, what, [pattern], &candidates);
        Err(errors.into_iter().next().unwrap_or_else(|| self.error(pattern.span, "matches nothing", "")))
    }

    fn package(&self, pattern: &Pattern) -> Found<Vec<NodeId>> {
        let names: Vec<&str> = self.packages.iter().map(String::as_str).collect();
        let what = "outside package that the project depends on";
        if let Some(mut error) = unmatched(self.path, what, [pattern], &names).into_iter().next() {
            let home = self.project.crates.iter().find(|krate| pattern.matches(&krate.package));
            if let Some(krate) = home {
                error.help = format!("it is a package of the project: write `{}`", krate.package);
            }
            return Err(error);
        }
        let found = self
            .imports
            .graph
            .nodes()
            .filter(|(_, node)| matches!(node, Node::Package(package) if pattern.matches(package)));
        Ok(found.map(|(id, _)| id).collect())
    }

    /// The modules of a domain.
    fn domain(&self, member: &Member, name: &str) -> Found<Vec<NodeId>> {
        let names = self.project.domain_names();
        if names.is_empty() {
            let message = format!("`domain:{name}` names a domain, and the project declares none");
            return Err(self.error(member.span, message, "declare it in `[domains]`, or name its folder"));
        }
        let Some(domain) = self.project.domain(name) else {
            let help = match suggestion(name, names.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `domain:{near}`?"),
                None => format!("the domains are `{}`", names.join("`, `")),
            };
            return Err(self.error(member.span, format!("there is no domain `{name}`"), help));
        };
        let is_its = |named: &Named<'_>| self.project.domain_of(named.id) == Some(domain);
        let found: Vec<NodeId> = self.modules.iter().filter(|(_, named)| is_its(named)).map(|(id, _)| *id).collect();
        if found.is_empty() {
            let message = format!("the domain `{name}` has no code but test code, which no contract judges");
            return Err(self.error(member.span, message, "remove it from the contract"));
        }
        Ok(found)
    }

    /// The members that one entry of a list stands for: one, or each that a pattern with a `*` matches.
    pub(super) fn groups(&self, member: &Member) -> Found<Vec<Group>> {
        let nodes = self.nodes_or_group(member)?;
        let of = |named: &Named<'a>| match &member.kind {
            MemberKind::Module(pattern) => pattern.group(&named.module).map(str::to_owned),
            MemberKind::Path(pattern) => pattern.group(named.file).filter(|group| !is_parent(group)).map(str::to_owned),
            _ => None,
        };
        if !member.is_group() {
            return Ok(vec![Group { label: member.text.clone(), nodes }]);
        }
        let mut groups: BTreeMap<String, Vec<NodeId>> = BTreeMap::new();
        for (id, named) in &self.modules {
            if let Some(group) = of(named) {
                groups.entry(group).or_default().push(*id);
            }
        }
        Ok(groups.into_iter().map(|(path, nodes)| Group { label: self.label(member, path), nodes }).collect())
    }

    /// The path of a group as people call it.
    fn label(&self, member: &Member, path: String) -> String {
        match &member.kind {
            MemberKind::Module(_) => self.shown(path),
            _ => path,
        }
    }

    /// How people call a container.
    pub(super) fn container(&self, container: &Container) -> String {
        match container {
            Container::Module(path) => self.shown(path.clone()),
            Container::Folder(path) => path.clone(),
        }
    }

    /// A module's path, without the crate where there is one package only.
    fn shown(&self, path: String) -> String {
        match path.split_once("::") {
            Some((_, inside)) if !self.several_packages => inside.to_owned(),
            _ => path,
        }
    }

    /// A folder's pattern matches no file where it ends in a `*` and only folders are in it.
    fn nodes_or_group(&self, member: &Member) -> Found<Vec<NodeId>> {
        let MemberKind::Path(pattern) = &member.kind else { return self.nodes(member) };
        if !member.is_group() {
            return self.nodes(member);
        }
        let inside = |named: &Named<'_>| pattern.group(named.file).is_some();
        let found: Vec<NodeId> = self.modules.iter().filter(|(_, named)| inside(named)).map(|(id, _)| *id).collect();
        if found.is_empty() { self.nodes(member) } else { Ok(found) }
    }

    /// The modules or folders that a member names, each by itself.
    pub(super) fn containers(&self, member: &Member) -> Found<Vec<Container>> {
        self.nodes_or_group(member)?;
        let whole = |pattern: &Pattern| pattern.text.contains("**");
        let found: BTreeSet<Container> = match &member.kind {
            MemberKind::Module(pattern) if !whole(pattern) => {
                let groups = self.named().filter_map(|named| pattern.group(&named.module));
                groups.map(|group| Container::Module(group.to_owned())).collect()
            }
            MemberKind::Path(pattern) if !whole(pattern) => {
                let groups = self.named().filter_map(|named| pattern.group(named.file));
                groups.filter(|group| !is_parent(group)).map(|group| Container::Folder(group.to_owned())).collect()
            }
            MemberKind::Word(name) | MemberKind::Crate(name) if !self.of_crate(name).is_empty() => {
                let roots = self.of_crate(name).into_iter().filter_map(|id| self.get(id));
                let names = roots.map(|named| named.module.split("::").next().unwrap_or_default());
                names.map(|name| Container::Module(name.to_owned())).collect()
            }
            _ => {
                let message = format!("`{}` is no module or folder whose children could be told apart", member.text);
                let help = "write `crate::domains`, `src/domains`, or with `*` for one name each";
                return Err(self.error(member.span, message, help));
            }
        };
        Ok(found.into_iter().collect())
    }

    /// The modules that a container may hold: paths that begin alike are next to each other.
    fn around(&self, container: &Container) -> &[(NodeId, Named<'a>)] {
        let Container::Module(path) = container else { return &self.modules };
        let rest = &self.modules[self.modules.partition_point(|(_, named)| named.module < *path)..];
        &rest[..rest.partition_point(|(_, named)| named.module.starts_with(path.as_str()))]
    }

    /// The children of a container.
    pub(super) fn children(&self, container: &Container) -> Vec<Group> {
        let mut children: BTreeMap<&str, Vec<NodeId>> = BTreeMap::new();
        for (id, named) in self.around(container) {
            let child = match container {
                Container::Module(path) => below(&named.module, path, "::"),
                Container::Folder(path) => below(named.file, path, "/")
                    .map(|rest| rest.strip_suffix(".rs").unwrap_or(rest))
                    .filter(|name| !is_parent(name)),
            };
            if let Some(child) = child {
                children.entry(child).or_default().push(*id);
            }
        }
        let label = |name: &str| match container {
            Container::Module(path) => self.shown(format!("{path}::{name}")),
            Container::Folder(path) => format!("{path}/{name}"),
        };
        children.into_iter().map(|(name, nodes)| Group { label: label(name), nodes }).collect()
    }

    /// The modules around those of the groups that belong to none of them.
    pub(super) fn parents(&self, groups: &[Group]) -> BTreeSet<NodeId> {
        let mut around = BTreeSet::new();
        let inside: BTreeSet<NodeId> = groups.iter().flat_map(|group| &group.nodes).copied().collect();
        for named in inside.iter().filter_map(|id| self.get(*id)) {
            let mut parent = self.project.module(named.id).parent;
            while let Some(id) = parent {
                let node = self.imports.graph.of_module(id);
                if !inside.contains(&node) && !around.insert(node) {
                    break;
                }
                parent = self.project.module(id).parent;
            }
        }
        around
    }

    /// The part of a container that a layer names.
    pub(super) fn inside(&self, container: &Container, member: &Member) -> Found<Vec<NodeId>> {
        if let MemberKind::Inside(segments) = &member.kind {
            let within = |named: &Named<'_>| match container {
                Container::Module(path) => {
                    is_at_or_below(&named.module, &format!("{path}::{}", segments.join("::")), "::")
                }
                Container::Folder(path) => {
                    let path = format!("{path}/{}", segments.join("/"));
                    named.file.strip_suffix(".rs") == Some(path.as_str()) || is_at_or_below(named.file, &path, "/")
                }
            };
            return Ok(self.modules.iter().filter(|(_, named)| within(named)).map(|(id, _)| *id).collect());
        }
        let within = |named: &Named<'_>| match container {
            Container::Module(path) => is_at_or_below(&named.module, path, "::"),
            Container::Folder(path) => {
                named.file.strip_suffix(".rs") == Some(path.as_str()) || is_at_or_below(named.file, path, "/")
            }
        };
        let nodes = self.nodes(member)?.into_iter();
        Ok(nodes.filter(|id| self.get(*id).is_some_and(within)).collect())
    }

    /// Whether the text of a module could not be read or is nobody's: it may import what it likes.
    pub(super) fn is_unread(&self, node: NodeId) -> bool {
        let module = self.get(node).map(|named| self.project.module(named.id));
        module.is_some_and(|module| self.project.file(module.file).facts().is_none())
    }

    /// The module of a node, if it is one that is judged.
    pub(super) fn module(&self, node: NodeId) -> Option<ModuleId> {
        self.get(node).map(|named| named.id)
    }

    /// The module of a node, as patterns know it, if it is one that is judged.
    fn get(&self, node: NodeId) -> Option<&Named<'a>> {
        let at = self.modules.binary_search_by_key(&node, |(node, _)| *node).ok()?;
        self.modules.get(at).map(|(_, named)| named)
    }

    fn named(&self) -> impl Iterator<Item = &Named<'a>> {
        self.modules.iter().map(|(_, named)| named)
    }

    /// All modules that are judged.
    pub(super) fn modules(&self) -> impl Iterator<Item = NodeId> {
        self.modules.iter().map(|(node, _)| *node)
    }
}

/// What people call a node.
fn name(project: &Project, node: &Node) -> String {
    match node {
        Node::Package(package) => package.to_string(),
        Node::Module(id) => project.module_name(*id),
    }
}

/// The position of each name among all of them in their order.
fn ranks(names: &[Arc<str>]) -> Vec<u32> {
    let mut sorted: Vec<usize> = (0..names.len()).collect();
    sorted.sort_unstable_by_key(|&at| &names[at]);
    let mut ranks = vec![0; names.len()];
    for pair in sorted.windows(2) {
        ranks[pair[1]] = ranks[pair[0]] + u32::from(names[pair[0]] != names[pair[1]]);
    }
    ranks
}

/// A module's path with its crate's name, as patterns match it.
fn crate_path(project: &Project, id: ModuleId) -> String {
    let module = project.module(id);
    let krate = &project.krate(module.krate).name;
    if module.path.is_empty() { krate.clone() } else { format!("{krate}::{}", module.path) }
}

/// Whether a path without its `.rs` is that of the file of the folder itself.
fn is_parent(path: &str) -> bool {
    matches!(path.rsplit('/').next(), Some("mod" | "lib" | "main"))
}

/// The first name behind `start` in a path.
fn below<'p>(path: &'p str, start: &str, separator: &str) -> Option<&'p str> {
    let rest = path.strip_prefix(start)?.strip_prefix(separator)?;
    rest.split(separator).next()
}

fn is_at_or_below(path: &str, start: &str, separator: &str) -> bool {
    path.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with(separator))
}
