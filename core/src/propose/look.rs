//! What the files of a project show of themselves: what outside code they use, and whom they know.

use crate::effects::Effects;
use crate::facts::ItemKind;
use crate::link::{Crate, ModuleId, Project, Space, Target};
use crate::manifest::{TargetKind, Workspace};
use crate::source::FileId;
use smol_str::{SmolStr, format_smolstr};
use std::collections::{BTreeMap, BTreeSet};

/// The effects that only the shell has. Others, such as asking for the time, slip into any code.
const OUTER_EFFECTS: [&str; 4] = ["file system", "network", "database", "process"];

/// Packages through which calls come in: servers, command lines, windows.
const DELIVERY: &[&str] = &[
    "actix_web",
    "argh",
    "async_graphql",
    "axum",
    "clap",
    "crossterm",
    "dioxus",
    "eframe",
    "egui",
    "iced",
    "jsonrpsee",
    "juniper",
    "lambda_http",
    "lambda_runtime",
    "leptos",
    "poem",
    "ratatui",
    "rocket",
    "salvo",
    "structopt",
    "tauri",
    "tide",
    "tonic",
    "tower_http",
    "warp",
    "yew",
];

/// What one file shows.
pub(super) struct Look<'p> {
    /// Its path.
    pub path: &'p str,
    /// The outside code that it uses to touch the world, as people call it: `sqlx`, `std::fs`.
    pub world: BTreeSet<SmolStr>,
    /// The traits of other files that it implements, by the file that declares them.
    pub implements: BTreeMap<FileId, SmolStr>,
    /// Whether it uses nothing from outside that has any effect.
    pub pure: bool,
    /// Whether it receives calls from outside: over the network, from a command line, from a window.
    pub delivers: bool,
    /// Whether it declares nothing but modules and names of others.
    pub bare: bool,
    /// The files whose code it names.
    pub knows: BTreeSet<FileId>,
}

/// Looks at every file that a target compiles and that is not test code. Where there is a workspace,
/// packages that lie below it and are no part of it are samples or tools, and left alone.
pub(super) fn looks<'p>(project: &'p Project, workspace: &Workspace) -> BTreeMap<FileId, Look<'p>> {
    let effects = Effects::default();
    let strangers: BTreeSet<&str> = if workspace.packages.iter().any(|package| package.member) {
        let apart = workspace.packages.iter().filter(|package| !package.member);
        apart.map(|package| package.dir.as_str()).collect()
    } else {
        BTreeSet::new()
    };
    let is_apart = |krate: &Crate| krate.kind == TargetKind::BuildScript || strangers.contains(krate.dir.as_str());
    let apart = project.modules().filter(|(_, module)| is_apart(project.krate(module.krate)));
    let left_out: BTreeSet<FileId> = apart.map(|(_, module)| module.file).collect();
    let ids = (0..project.files.len()).map(|number| FileId(number as u32));
    let judged = ids.filter(|id| {
        let file = project.file(*id);
        file.linked && !file.test && file.facts().is_some() && !left_out.contains(id)
    });
    let mut looks: BTreeMap<FileId, Look<'_>> = judged.map(|id| (id, look(project, &effects, id))).collect();
    for (file, (declared, name)) in implemented(project) {
        if let Some(look) = looks.get_mut(&file) {
            look.implements.insert(declared, name);
        }
    }
    looks
}

impl Look<'_> {
    /// Whether it uses more of the world than the file system.
    pub(super) fn is_strong(&self) -> bool {
        self.world.iter().any(|name| !name.ends_with("::fs") && !name.ends_with("::path"))
    }
}

/// Files that implement a trait of another file: with that file, and the trait's name.
fn implemented(project: &Project) -> Vec<(FileId, (FileId, SmolStr))> {
    let mut found = Vec::new();
    for (id, module) in project.modules().filter(|(_, module)| !module.test) {
        for item in project.scope(id).items.iter().filter(|item| !item.test) {
            let ItemKind::Impl(block) = &item.kind else { continue };
            let Some(named) = &block.of_trait else { continue };
            let resolved = project.names().resolve(id, &named.path, Space::Types);
            let declared = file_of(project, &resolved.target).filter(|file| *file != module.file);
            found.extend(declared.map(|file| (module.file, (file, SmolStr::from(named.last())))));
        }
    }
    found
}

fn look<'p>(project: &'p Project, effects: &Effects, id: FileId) -> Look<'p> {
    let file = project.file(id);
    let scopes = file.facts().map_or(&[][..], |facts| &facts.scopes);
    let bare = scopes.iter().flat_map(|scope| &scope.items).all(|item| matches!(item.kind, ItemKind::Module(_)));
    let (world, implements, knows) = (BTreeSet::new(), BTreeMap::new(), BTreeSet::new());
    let mut look = Look { path: file.path.as_str(), world, implements, pure: true, delivers: false, bare, knows };
    for edge in project.edges_in(id).iter().filter(|edge| !edge.test && !is_test(project, edge.from)) {
        match &edge.to {
            Target::Outside(package, rest) => outside(&mut look, effects, package, rest),
            to => look.knows.extend(file_of(project, to).filter(|file| *file != id)),
        }
    }
    look
}

fn outside(look: &mut Look<'_>, effects: &Effects, package: &str, rest: &str) {
    let name = package.replace('-', "_");
    if DELIVERY.contains(&name.as_str()) {
        look.delivers = true;
        look.world.insert(name.into());
        return;
    }
    let Some(effect) = effects.of(package, rest) else { return };
    look.pure = false;
    if OUTER_EFFECTS.contains(&effect.kind.name) {
        let first = rest.split("::").next().unwrap_or_default();
        let is_library = matches!(name.as_str(), "std" | "tokio" | "async_std" | "smol");
        look.world.insert(if is_library { format_smolstr!("{name}::{first}") } else { name.into() });
    }
}

fn is_test(project: &Project, module: ModuleId) -> bool {
    project.module(module).test
}

/// The file of what an edge leads to.
fn file_of(project: &Project, target: &Target) -> Option<FileId> {
    match target {
        Target::Module(module) => Some(project.module(*module).file),
        Target::Item(item) => Some(project.module(item.module).file),
        _ => None,
    }
}

/// Whether a package is one through which calls come in.
pub(super) fn is_delivery(package: &str) -> bool {
    DELIVERY.contains(&package.replace('-', "_").as_str())
}

/// Whether a package is one that stands for the world outside: a database, the network, or who calls in.
pub(super) fn is_outer(package: &str) -> bool {
    let kind = crate::effects::kind_of_crate(&package.replace('-', "_"));
    is_delivery(package) || kind.is_some_and(|kind| matches!(kind.name, "network" | "database"))
}
