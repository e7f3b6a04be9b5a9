//! From the facts of all files to the project: crates, modules, roles, edges, orchestrators.
//!
//! Linking is one pure function. Files come sorted by path and every collection is filled in
//! that order, so the result depends on nothing but the texts.

mod domains;
mod edges;
mod folders;
mod marks;
pub mod names;
mod orchestrators;
mod roles;
mod shown;
mod tree;
mod wiring;

pub use domains::{Crossing, DomainId};
pub use edges::{Edge, EdgeKind, ModuleLinks};
pub use marks::{Mark, Marked};
pub use names::{ItemRef, Names, Resolved, Space, Target};
pub use orchestrators::{Collaborator, Constructor, FunctionRef, Operation, Orchestrator};
pub use roles::{InferredRole, Role, RoleKind, RoleTable, role_notices, unjudged};
pub use tree::{Crate, CrateId, Module, ModuleId, TreeFault};

use crate::config::{Config, ConfigError};
use crate::facts::{FileFacts, Function, ImplItem, Item, ItemKind, Scope};
use crate::manifest::Workspace;
use crate::parse::Failure;
use crate::source::{FileId, Place, Span};
use domains::Domains;
use edges::Joined;
use folders::Folders;
use names::Tables;
use rustc_hash::FxHashMap;

/// A file as the shell hands it over.
#[derive(Debug)]
pub struct SourceFile {
    /// Relative to the project root, with `/`.
    pub path: String,
    /// What came of reading and parsing it.
    pub content: Content,
}

/// What came of reading and parsing a file.
#[derive(Debug)]
pub enum Content {
    /// Its facts.
    Facts(Box<FileFacts>),
    /// A program wrote it: it takes part in name resolution nowhere and is judged by nobody.
    Generated,
    /// Why there are no facts.
    Failed(Failure),
}

/// Everything a lint may ask about.
#[derive(Debug)]
pub struct Project {
    /// Every file, sorted by path; a [`FileId`] is a position in it.
    pub files: Vec<File>,
    /// Every target of every package.
    pub crates: Vec<Crate>,
    /// Every module of every crate, parents before children.
    pub modules: Vec<Module>,
    /// Every place that names another module or an outside crate, sorted by place.
    pub edges: Vec<Edge>,
    /// Every orchestrator, sorted by place.
    pub orchestrators: Vec<Orchestrator>,
    /// What was wrong with the module tree itself.
    pub faults: Vec<TreeFault>,
    /// The roles, and where they come from.
    pub roles: RoleTable,
    /// How many names of the workspace could not be resolved.
    pub unresolved: usize,
    domains: Domains,
    folders: Folders,
    tables: Tables,
    impls: FxHashMap<ItemRef, Vec<ItemRef>>,
    empty: FileFacts,
}

/// A file of the project.
#[derive(Debug)]
pub struct File {
    /// Relative to the project root, with `/`.
    pub path: String,
    /// What came of reading and parsing it.
    pub content: Content,
    /// Its role, apart from what `modules` patterns say about single modules of it.
    pub role: Option<Role>,
    /// Whether a target reaches it.
    pub linked: bool,
    /// Whether it lies in a package.
    pub packaged: bool,
    /// Whether it is test code as a whole: of a test, example or benchmark, or behind `cfg(test)`.
    pub test: bool,
}

/// Links the files of a project. `files` must be sorted by path.
///
/// The same as [`Draft::new`] and [`Draft::finish`] with the edges of each module in between, for
/// callers that have one thread.
///
/// # Errors
///
/// Where the configuration names something that does not exist, such as a pattern that matches
/// nothing, or allows what no code does.
pub fn link(files: Vec<SourceFile>, workspace: &Workspace, config: &Config) -> Result<Project, Vec<ConfigError>> {
    let draft = Draft::new(files, workspace, config)?;
    let links = draft.modules().map(|module| draft.links_of(module)).collect();
    let project = draft.finish(links);
    let errors = unused(&project);
    if errors.is_empty() { Ok(project) } else { Err(errors) }
}

/// What the configuration allows and no code does: the errors that only a linked project shows.
pub fn unused(project: &Project) -> Vec<ConfigError> {
    domains::unused(project)
}

/// A project whose names can be resolved and whose edges are still to be found. Finding them is
/// most of the work of linking, and each module's are found apart from all others'.
#[derive(Debug)]
pub struct Draft(Project);

impl Draft {
    /// Builds module trees, roles and name tables. `files` must be sorted by path.
    ///
    /// # Errors
    ///
    /// Where the configuration names something that does not exist: a pattern that matches nothing.
    pub fn new(files: Vec<SourceFile>, workspace: &Workspace, config: &Config) -> Result<Self, Vec<ConfigError>> {
        let mut files: Vec<File> = files.into_iter().map(File::new).collect();
        let roles = RoleTable::new(config, &files);
        for file in &mut files {
            file.role = roles.of_file(&file.path);
        }
        let tree = tree::build(&mut files, workspace, &config.exclude);
        let mut project = Project {
            files,
            crates: tree.crates,
            modules: tree.modules,
            edges: Vec::new(),
            orchestrators: Vec::new(),
            faults: tree.faults,
            roles,
            unresolved: 0,
            domains: Domains::new(config),
            folders: Folders::new(config),
            tables: Tables::default(),
            impls: FxHashMap::default(),
            empty: FileFacts::default(),
        };
        roles::assign(&mut project);
        let mut errors = roles::unmatched(&project, workspace, config);
        errors.extend(domains::assign(&mut project, config));
        errors.extend(folders::unmatched(&project, config));
        errors.sort_by_key(|error| error.span);
        if !errors.is_empty() {
            return Err(errors);
        }
        project.tables = Tables::new(&project);
        Ok(Self(project))
    }

    /// The modules, each to be asked for its edges.
    pub fn modules(&self) -> impl ExactSizeIterator<Item = ModuleId> + use<> {
        (0..self.0.modules.len() as u32).map(ModuleId)
    }

    /// What one module names.
    pub fn links_of(&self, module: ModuleId) -> ModuleLinks {
        edges::of_module(&self.0, module)
    }

    /// The project, given what every module names, in the order of [`Draft::modules`].
    pub fn finish(self, links: Vec<ModuleLinks>) -> Project {
        let mut project = self.0;
        let Joined { edges, unresolved, impls } = edges::join(links, project.files.len());
        (project.edges, project.unresolved, project.impls) = (edges, unresolved, impls);
        project.orchestrators = orchestrators::find(&project);
        project
    }
}

impl File {
    fn new(file: SourceFile) -> Self {
        let SourceFile { path, content } = file;
        Self { path, content, role: None, linked: false, packaged: false, test: false }
    }

    /// The facts, if there are any.
    pub fn facts(&self) -> Option<&FileFacts> {
        match &self.content {
            Content::Facts(facts) => Some(facts),
            _ => None,
        }
    }
}

impl Project {
    /// The file of that number.
    pub fn file(&self, id: FileId) -> &File {
        &self.files[id.0 as usize]
    }

    /// The module of that number.
    pub fn module(&self, id: ModuleId) -> &Module {
        &self.modules[id.0 as usize]
    }

    /// The crate of that number.
    pub fn krate(&self, id: CrateId) -> &Crate {
        &self.crates[id.0 as usize]
    }

    /// What a module contains.
    pub fn scope(&self, id: ModuleId) -> &Scope {
        let module = self.module(id);
        self.file(module.file).facts().unwrap_or(&self.empty).scope(module.scope)
    }

    /// An item.
    pub fn item(&self, item: ItemRef) -> &Item {
        &self.scope(item.module).items[item.index as usize]
    }

    /// A function, free or associated.
    pub fn function(&self, function: FunctionRef) -> Option<&Function> {
        match &self.item(function.item).kind {
            ItemKind::Function(free) => Some(free),
            ItemKind::Impl(block) => block.functions.get(function.index as usize),
            ItemKind::Trait(item) => item.functions.get(function.index as usize),
            _ => None,
        }
    }

    /// Answers what names mean.
    pub const fn names(&self) -> Names<'_> {
        Names::new(self)
    }

    /// The `impl` blocks of a type, in any file, with where they stand; those of test code are left out.
    pub fn impls(&self, item: ItemRef) -> impl Iterator<Item = (ItemRef, &ImplItem)> {
        let blocks = self.impls.get(&item).map_or(&[][..], Vec::as_slice);
        blocks.iter().filter_map(|&block| match &self.item(block).kind {
            ItemKind::Impl(inner) => Some((block, inner)),
            _ => None,
        })
    }

    /// What the code of one file names, sorted by place.
    pub fn edges_in(&self, file: FileId) -> &[Edge] {
        let start = self.edges.partition_point(|edge| edge.place.file < file);
        let end = self.edges.partition_point(|edge| edge.place.file <= file);
        &self.edges[start..end]
    }

    /// The role of what a path leads to.
    pub fn target_role(&self, target: &Target) -> Option<Role> {
        roles::of_target(self, target)
    }

    /// The modules with their numbers.
    pub fn modules(&self) -> impl Iterator<Item = (ModuleId, &Module)> {
        self.modules.iter().enumerate().map(|(number, module)| (ModuleId(number as u32), module))
    }

    /// A place in a module's file.
    pub fn place(&self, module: ModuleId, span: Span) -> Place {
        Place::new(self.module(module).file, span)
    }

    /// The path of an item without its crate, as people say it: `domain::a::Price`.
    pub fn item_path(&self, item: ItemRef) -> String {
        let name = &self.item(item).name;
        self.path_in(item.module, name)
    }

    /// The path of a name in a module, without the crate; the crate's name where the module is its root.
    pub fn path_in(&self, module: ModuleId, name: &str) -> String {
        let path = &self.module(module).path;
        match (path.is_empty(), name.is_empty()) {
            (true, _) => name.to_owned(),
            (false, true) => path.clone(),
            (false, false) => format!("{path}::{name}"),
        }
    }

    /// A module's path without its crate; a crate's root goes by the crate's name.
    pub fn module_path(&self, module: ModuleId) -> String {
        let module = self.module(module);
        if module.path.is_empty() { self.krate(module.krate).name.clone() } else { module.path.clone() }
    }
}

#[cfg(test)]
mod tests;
