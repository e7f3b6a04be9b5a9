//! The import graph as people look at it: its modules grouped by role, crate, folder or module,
//! and everything that one group names of another as one arrow.

use super::violations::{Broken, Violations};
use super::{ImportGraph, Node};
use crate::link::{Edge, ModuleId, Project, Role, RoleKind};
use crate::report::Report;
use crate::source::Place;
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

/// What modules are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grouping {
    /// Their role.
    Role,
    /// The package they belong to.
    Crate,
    /// The folder of their file.
    Folder,
    /// Their own path.
    Module,
}

impl Grouping {
    /// All of them, from the coarsest to the finest.
    pub const ALL: [Self; 4] = [Self::Role, Self::Crate, Self::Folder, Self::Module];

    /// The name that the command line and the JSON use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::Crate => "crate",
            Self::Folder => "folder",
            Self::Module => "module",
        }
    }

    /// What a user wants to see first: the roles if there are several, else the packages, else
    /// the modules.
    fn of(project: &Project) -> Self {
        let judged = || project.modules.iter().filter(|module| !module.test);
        let roles: BTreeSet<_> = judged().filter_map(|module| role_name(project, module.role)).collect();
        let packages: BTreeSet<_> = judged().map(|module| &project.krate(module.krate).package).collect();
        match (roles.len(), packages.len()) {
            (2.., _) => Self::Role,
            (_, 2..) => Self::Crate,
            _ => Self::Module,
        }
    }
}

/// Which part of the graph is shown, and how coarsely.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// What modules are grouped by. Without it: by role where there are several, else by crate
    /// where there are several packages, else by module, one level deep.
    pub by: Option<Grouping>,
    /// How many parts of a folder's or module's path tell groups apart; all of them without it.
    /// Crates and the parts of a crate's own name do not count.
    pub depth: Option<usize>,
    /// Whether packages from outside are shown. Those that a violation leads to always are.
    pub outside: bool,
    /// Whether what imports the selected modules, and what they import, is shown too.
    pub neighbours: bool,
}

/// The groups and what they name of each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// What the modules are grouped by.
    pub by: Grouping,
    /// The groups, sorted by name; packages from outside come last.
    pub groups: Vec<Group>,
    /// The arrows, sorted by the groups that they join.
    pub arrows: Vec<Arrow>,
}

impl View {
    /// The view, if it shows anything.
    pub fn non_empty(self) -> Option<Self> {
        (!self.groups.is_empty()).then_some(self)
    }
}

/// Modules that are looked at as one, or a package from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What it is called.
    pub name: String,
    /// Whether it is a package from outside.
    pub outside: bool,
    /// Whether it was not asked for and is shown because of an arrow.
    pub neighbour: bool,
    /// How many modules it holds; 0 for a package from outside.
    pub modules: usize,
    /// The name of the role that all of it has, if there is one.
    pub role: Option<String>,
}

impl Group {
    /// What tells it apart from all others: a package from outside may be called as a module is.
    pub fn id(&self) -> String {
        if self.outside { format!("outside:{}", self.name) } else { self.name.clone() }
    }

    /// What its role means to the rules.
    pub fn kind(&self) -> Option<RoleKind> {
        self.role.as_deref().map(RoleKind::from_name)
    }
}

/// Everything that one group names of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrow {
    /// The position of the group that names.
    pub from: usize,
    /// The position of the group that is named.
    pub to: usize,
    /// How many places do so.
    pub places: usize,
    /// One of them: the first violation, or else the first.
    pub sample: Place,
    /// The path that stands there.
    pub path: SmolStr,
    /// The places that a finding is about, in order.
    pub violations: Vec<Violation>,
}

/// A place that breaks a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// The place.
    pub place: Place,
    /// The rule's name.
    pub rule: &'static str,
}

/// The part of the project's imports that `selection` asks for, of the files that `within`
/// accepts. An import is a violation if a finding of `report` is about it, and of a chain only the
/// import that is to be cut. Test code is left out.
pub fn view(project: &Project, report: &Report, selection: &Selection, within: &dyn Fn(&str) -> bool) -> View {
    let by = selection.by.unwrap_or_else(|| Grouping::of(project));
    let first_look = selection.by.is_none() && by == Grouping::Module;
    let depth = selection.depth.or(first_look.then_some(1)).unwrap_or(usize::MAX);
    let graph = ImportGraph::new(project);
    let violations = Violations::new(report);
    let namer = Namer { project, by, depth, qualified: has_several_crates(project) };
    let neighbours = selection.neighbours;
    let mut draft = Draft { project, namer, within, neighbours, groups: BTreeMap::new(), arrows: BTreeMap::new() };
    for (module, _) in project.modules().filter(|(_, module)| !module.test) {
        if draft.is_asked(module) {
            draft.group(draft.namer.module(module), false, Some(module));
        }
    }
    let broken = violations.packages(project, |from| draft.is_asked(from));
    let is_drawn = |node: &Node| match node {
        Node::Module(module) => !project.module(*module).test,
        Node::Package(package) => (selection.outside && !is_standard(package)) || broken.contains(package),
    };
    for (id, node) in graph.nodes() {
        let Node::Module(from) = *node else { continue };
        let of_file = graph.edges_of(project, id);
        for link in graph.links(id) {
            let to = graph.node(link.to);
            for edge in graph.numbers(*link).iter().map(|&edge| &of_file[edge as usize]) {
                let broken = violations.of(edge);
                if is_drawn(to) {
                    let rule = broken.filter(|broken| broken.reexport.is_none()).map(|broken| broken.rule);
                    draft.arrow(from, to, edge, rule);
                }
                if let Some(Broken { rule, reexport: Some(module) }) = broken {
                    draft.arrow(from, &Node::Module(module), edge, Some(rule));
                }
            }
        }
    }
    draft.finish(by)
}

/// What a group is known by: groups of the project come before packages from outside.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Modules(String),
    Outside(SmolStr),
}

/// Says which group a module belongs to.
struct Namer<'a> {
    project: &'a Project,
    by: Grouping,
    depth: usize,
    qualified: bool,
}

impl Namer<'_> {
    fn module(&self, id: ModuleId) -> Key {
        let module = self.project.module(id);
        let krate = self.project.krate(module.krate);
        Key::Modules(match self.by {
            Grouping::Role => role_name(self.project, module.role).unwrap_or(NO_ROLE).to_owned(),
            Grouping::Crate => krate.package.clone(),
            Grouping::Folder => folder(&self.project.file(module.file).path, self.depth).to_owned(),
            Grouping::Module if module.path.is_empty() && self.depth > 0 => self.project.module_name(id),
            Grouping::Module => match (self.qualified, beginning(&module.path, "::", self.depth)) {
                (_, "") => krate.name.clone(),
                (false, path) => path.to_owned(),
                (true, path) => format!("{}::{path}", krate.name),
            },
        })
    }
}

/// The group of modules without a role. No role has this name: those are one word.
const NO_ROLE: &str = "no role";

/// The name of a role.
pub(crate) fn role_name(project: &Project, role: Option<Role>) -> Option<&str> {
    let role = role?;
    Some(project.roles.rule(role).map_or(role.kind.name(), |rule| rule.name.as_str()))
}

/// The folder of a file, cut to `depth` parts; `.` for the project's root.
fn folder(path: &str, depth: usize) -> &str {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let cut = beginning(folder, "/", depth);
    if cut.is_empty() { "." } else { cut }
}

/// The first `count` parts of a path.
fn beginning<'a>(path: &'a str, separator: &str, count: usize) -> &'a str {
    match count.checked_sub(1) {
        None => "",
        Some(last) => path.match_indices(separator).nth(last).map_or(path, |(at, _)| &path[..at]),
    }
}

fn has_several_crates(project: &Project) -> bool {
    let judged = project.modules.iter().filter(|module| !module.test);
    let names: BTreeSet<_> = judged.map(|module| &project.krate(module.krate).name).collect();
    names.len() > 1
}

/// Whether a package comes with the compiler: all code stands on it, so an arrow says nothing.
pub(crate) fn is_standard(package: &str) -> bool {
    matches!(package, "std" | "core" | "alloc" | "proc_macro" | "test")
}

/// A view whose groups have no numbers yet.
struct Draft<'a> {
    project: &'a Project,
    namer: Namer<'a>,
    within: &'a dyn Fn(&str) -> bool,
    neighbours: bool,
    groups: BTreeMap<Key, Members>,
    /// The places of each arrow. A file that several targets compile says the same thing once.
    arrows: BTreeMap<(Key, Key), BTreeMap<Place, Named>>,
}

/// What a place of an arrow says.
struct Named {
    path: SmolStr,
    /// The rule that it breaks.
    rule: Option<&'static str>,
}

#[derive(Default)]
struct Members {
    /// Each module by its file and its part of it: several targets may compile one file.
    modules: BTreeSet<(u32, u32)>,
    roles: BTreeSet<Option<String>>,
    asked: bool,
}

impl Draft<'_> {
    fn is_asked(&self, module: ModuleId) -> bool {
        (self.within)(&self.project.file(self.project.module(module).file).path)
    }

    fn group(&mut self, key: Key, neighbour: bool, module: Option<ModuleId>) {
        let role = match &key {
            Key::Outside(package) => self.project.roles.crate_role(package),
            Key::Modules(_) => module.and_then(|module| self.project.module(module).role),
        };
        let members = self.groups.entry(key).or_default();
        members.asked |= !neighbour;
        members.roles.insert(role_name(self.project, role).map(str::to_owned));
        if let Some(module) = module.map(|module| self.project.module(module)) {
            members.modules.insert((module.file.0, module.scope.0));
        }
    }

    /// Draws what an edge names of a node, if that is asked for and another group.
    fn arrow(&mut self, from: ModuleId, to: &Node, edge: &Edge, rule: Option<&'static str>) {
        let (key, end) = match to {
            Node::Module(module) => (self.namer.module(*module), Some(*module)),
            Node::Package(package) => (Key::Outside(package.clone()), None),
        };
        let is_around = |module: ModuleId| !self.is_asked(module);
        let (from_around, to_around) = (is_around(from), end.is_some_and(is_around));
        let is_shown = match end {
            Some(_) if self.neighbours => !from_around || !to_around,
            _ => !from_around && !to_around,
        };
        let from_key = self.namer.module(from);
        if !is_shown || from_key == key {
            return;
        }
        self.group(from_key.clone(), from_around, Some(from));
        self.group(key.clone(), to_around, end);
        let places = self.arrows.entry((from_key, key)).or_default();
        let named = places.entry(edge.place).or_insert_with(|| Named { path: edge.path.clone(), rule });
        if named.rule.is_none() && rule.is_some() {
            *named = Named { path: edge.path.clone(), rule };
        }
    }

    fn finish(mut self, by: Grouping) -> View {
        // A crate's root that only declares its modules would stand there for nothing.
        let rest = Key::Modules(NO_ROLE.to_owned());
        if by == Grouping::Role && !self.arrows.keys().any(|(from, to)| *from == rest || *to == rest) {
            self.groups.remove(&rest);
        }
        let numbers: BTreeMap<&Key, usize> = self.groups.keys().zip(0..).collect();
        let arrows = self.arrows.iter().filter_map(|((from, to), places)| {
            let broken = places.iter().filter_map(|(&place, named)| Some(Violation { place, rule: named.rule? }));
            let violations: Vec<Violation> = broken.collect();
            let sample =
                violations.first().map(|violation| violation.place).or_else(|| places.keys().next().copied())?;
            let path = places.get(&sample)?.path.clone();
            Some(Arrow { from: numbers[from], to: numbers[to], places: places.len(), sample, path, violations })
        });
        let arrows = arrows.collect();
        let groups = self.groups.into_iter().map(|(key, members)| {
            let (name, outside) = match key {
                Key::Modules(name) => (name, false),
                Key::Outside(package) => (package.to_string(), true),
            };
            let role = if members.roles.len() == 1 { members.roles.into_iter().next().flatten() } else { None };
            Group { name, outside, neighbour: !members.asked, modules: members.modules.len(), role }
        });
        View { by, groups: groups.collect(), arrows }
    }
}

#[cfg(test)]
mod tests;
