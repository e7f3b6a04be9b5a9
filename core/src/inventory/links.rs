//! Which file imports which: the edges between modules, seen from their files.

use crate::graph;
use crate::link::{ModuleId, Project, Target};
use crate::manifest::TargetKind;
use crate::source::FileId;
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

/// What the files of a project import, test code apart.
pub(super) struct Links<'p> {
    project: &'p Project,
    /// The modules of each file, the file's own first.
    modules: BTreeMap<FileId, Vec<ModuleId>>,
    outbound: BTreeMap<FileId, BTreeSet<FileId>>,
    inbound: BTreeMap<FileId, BTreeSet<FileId>>,
    packages: BTreeMap<FileId, BTreeSet<SmolStr>>,
    /// Whether module paths need their crate to be told apart.
    qualified: bool,
}

impl<'p> Links<'p> {
    pub(super) fn new(project: &'p Project) -> Self {
        let mut modules: BTreeMap<FileId, Vec<ModuleId>> = BTreeMap::new();
        for (id, module) in project.modules().filter(|(_, module)| !module.test) {
            modules.entry(module.file).or_default().push(id);
        }
        let packages: BTreeSet<&str> = project.crates.iter().map(|krate| krate.package.as_str()).collect();
        let mut links = Self {
            project,
            modules,
            outbound: BTreeMap::new(),
            inbound: BTreeMap::new(),
            packages: BTreeMap::new(),
            qualified: packages.len() > 1,
        };
        for edge in project.edges.iter().filter(|edge| !edge.test && !project.module(edge.from).test) {
            let from = project.module(edge.from).file;
            let to = match &edge.to {
                Target::Module(module) => *module,
                Target::Item(item) => item.module,
                Target::Outside(package, _) => {
                    links.packages.entry(from).or_default().insert(package.clone());
                    continue;
                }
                Target::Unknown => continue,
            };
            let to = project.module(to).file;
            if from != to {
                links.outbound.entry(from).or_default().insert(to);
                links.inbound.entry(to).or_default().insert(from);
            }
        }
        links
    }

    /// The modules that a file holds, its own first; several where targets share it or modules are inline.
    pub(super) fn modules_of(&self, file: FileId) -> &[ModuleId] {
        self.modules.get(&file).map_or(&[], Vec::as_slice)
    }

    /// The path of a file's module, with its crate where there are several; the file's own path where no
    /// target reaches it.
    pub(super) fn module(&self, file: FileId) -> String {
        let Some(&id) = self.modules_of(file).first() else { return self.project.file(file).path.clone() };
        let module = self.project.module(id);
        let krate = &self.project.krate(module.krate).name;
        match (module.path.is_empty(), self.qualified) {
            // A package's library and its program may have one name.
            (true, _) if self.project.krate(module.krate).kind == TargetKind::Bin => format!("{krate} (program)"),
            (true, _) => krate.clone(),
            (false, true) => format!("{krate}::{}", module.path),
            (false, false) => module.path.clone(),
        }
    }

    /// The paths of several files' modules, sorted.
    pub(super) fn names(&self, files: impl IntoIterator<Item = FileId>) -> Vec<String> {
        let names: BTreeSet<String> = files.into_iter().map(|file| self.module(file)).collect();
        names.into_iter().collect()
    }

    /// The files that a file imports.
    pub(super) fn outbound(&self, file: FileId) -> impl Iterator<Item = FileId> {
        self.outbound.get(&file).into_iter().flatten().copied()
    }

    /// The files that import a file.
    pub(super) fn inbound(&self, file: FileId) -> impl Iterator<Item = FileId> {
        self.inbound.get(&file).into_iter().flatten().copied()
    }

    /// The packages from outside that a file imports, the standard library apart.
    pub(super) fn packages(&self, file: FileId) -> Vec<String> {
        let packages = self.packages.get(&file).into_iter().flatten();
        packages.filter(|package| !graph::is_standard(package)).map(ToString::to_string).collect()
    }
}
