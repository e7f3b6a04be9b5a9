//! From the facts of all files to the project: crates, modules, roles, edges, orchestrators.
//!
//! Linking is one pure function. Files come sorted by path and every collection is filled in
//! that order, so the result depends on nothing but the texts.

mod closer;
mod code;
mod domains;
mod draft;
mod edge;
mod edges;
mod expanded;
mod extensions;
mod folders;
mod handed;
mod marks;
mod meanings;
mod memory;
mod mentions;
pub mod names;
mod orchestrators;
mod packages;
mod qualified;
mod recreation;
mod registries;
mod roles;
mod shown;
mod starts;
mod tree;
mod uses;
mod wiring;

pub use domains::{Crossing, DomainId};
pub use draft::{Calls, Code, Draft, Joined, Unjudged};
pub use edge::{Edge, EdgeKind, Edges};
pub use edges::ModuleLinks;
pub use marks::{Mark, Marked};
pub use memory::Memory;
pub(crate) use names::TraitScopes;
pub use names::{Hops, ItemRef, Names, Resolved, Space, Target};
pub use orchestrators::{Collaborator, Constructor, FunctionRef, Operation, Orchestrator};
pub use recreation::MadeByTests;
pub use registries::Registry;
pub(crate) use roles::is_strong;
pub use roles::{InferredRole, Role, RoleKind, RoleTable, role_notices, unjudged};
pub use shown::Lead;
pub use tree::{Crate, CrateId, ExternCrate, Module, ModuleId, TreeFault};
pub use uses::Use;

use crate::config::{Config, ConfigError};
use crate::contract::Contracts;
use crate::facts::{FileFacts, Function, ImplItem, Item, ItemKind, PathType, Scope};
use crate::manifest::Workspace;
use crate::parse::Failure;
use crate::source::{FileId, Place, Span};
use crate::types;
use domains::Domains;
pub(crate) use extensions::Triggers;
use folders::Folders;
use mentions::Mentions;
use names::Tables;
use registries::Registries;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

/// A file as the shell hands it over.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Relative to the project root, with `/`.
    pub path: String,
    /// What came of reading and parsing it.
    pub content: Content,
}

/// What came of reading and parsing a file. A copy is cheap: facts are shared, and nobody changes them.
#[derive(Clone, Debug)]
pub enum Content {
    /// Its facts.
    Facts(Arc<FileFacts>),
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
    /// Every place that names another module or an outside crate.
    pub edges: Edges,
    /// Every orchestrator, sorted by place.
    pub orchestrators: Vec<Orchestrator>,
    /// What was wrong with the module tree itself.
    pub faults: Vec<TreeFault>,
    /// The roles, and where they come from.
    pub roles: RoleTable,
    /// The contracts, and what came of them.
    pub contracts: Contracts,
    /// How many paths that begin at a module of the project lead to nothing that it declares, in the
    /// files that have such. What a glob of an outside package may bring in is not counted.
    pub unresolved: BTreeMap<FileId, usize>,
    domains: Domains,
    folders: Folders,
    registries: Registries,
    mentions: Mentions,
    tables: Tables,
    impls: FxHashMap<ItemRef, Vec<ItemRef>>,
    /// The `impl` blocks for what is no struct or enum of the project.
    outside_impls: Vec<ItemRef>,
    /// What the items of the core and of the neutral code that it reaches use without naming it.
    implicit: FxHashMap<ItemRef, Vec<Use>>,
    /// The same blocks by their types, once someone has asked what types things have.
    type_blocks: OnceLock<Arc<types::Impls>>,
    /// The types of function bodies, as far as someone has asked for them.
    bodies: types::Bodies,
    empty: FileFacts,
    /// Whether the configuration was written for another state of the project.
    is_judged_by_foreign_config: bool,
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
/// The same as [`Draft::new`], [`Draft::join`], [`Joined::finish`] and [`Unjudged::settle`] with the work
/// on each module, orchestrator and contract in between, for callers that have one thread.
///
/// # Errors
///
/// Where the configuration names something that does not exist, such as a pattern that matches
/// nothing, or allows what no code does. What is wrong with contracts is found only where nothing
/// else is.
pub fn link(files: Vec<SourceFile>, workspace: &Workspace, config: &Config) -> Result<Project, Vec<ConfigError>> {
    let draft = Draft::new(files, workspace, config)?;
    let links = draft.modules().map(|module| draft.links_of(module)).collect();
    let joined = draft.join(links);
    let calls = joined.calls_of(&joined.modules());
    let code = joined.code_of(0..joined.orchestrator_count());
    let unjudged = joined.finish(vec![calls], vec![code])?;
    if unjudged.contracts().is_empty() {
        return unjudged.settle(Vec::new());
    }
    let judging = unjudged.judging();
    let judged = unjudged.contracts().iter().map(|rule| judging.judge(rule)).collect();
    unjudged.settle(judged)
}

/// How many files a program wrote, so that nobody judges them, if there are any.
pub fn generated_notice(files: &[SourceFile]) -> Option<String> {
    let generated = files.iter().filter(|file| matches!(file.content, Content::Generated)).count();
    match generated {
        0 => None,
        1 => Some("1 file says that it is generated and was not judged".to_owned()),
        several => Some(format!("{several} files say that they are generated and were not judged")),
    }
}

impl File {
    fn new(file: SourceFile) -> Self {
        let SourceFile { path, content } = file;
        Self { path, content, role: None, linked: false, packaged: false, test: false }
    }

    /// Whether function bodies are among its facts.
    fn has_bodies(&self) -> bool {
        self.facts().is_some_and(|facts| facts.bodies)
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
    /// The `impl` blocks of neutral code that nothing needs to name: those for types of the core, and for
    /// types of no one here.
    fn foreign_blocks(&self, visible: &BTreeSet<CrateId>) -> impl Iterator<Item = ItemRef> {
        let neutral = self.modules().filter(|(_, module)| module.is_neutral() && visible.contains(&module.krate));
        let blocks = neutral.flat_map(|(id, _)| extensions::blocks_in(self, id));
        blocks.filter(|&block| match extensions::self_type(self, block) {
            Some(Target::Item(of)) => self.module(of.module).is_core(),
            _ => true,
        })
    }

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

    /// The crates whose code a crate may use, itself among them: those that it depends on, and those
    /// that they depend on. What other crates add to a type does not exist for it.
    pub fn visible_crates(&self, from: CrateId) -> BTreeSet<CrateId> {
        let mut visible = BTreeSet::new();
        let mut open = vec![from];
        while let Some(krate) = open.pop() {
            if visible.insert(krate) {
                open.extend(&self.krate(krate).siblings);
            }
        }
        visible
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
    /// For a trait those that implement it for types of no one here: parameters, and outside types.
    pub fn impls(&self, item: ItemRef) -> impl Iterator<Item = (ItemRef, &ImplItem)> {
        let blocks = self.impls.get(&item).map_or(&[][..], Vec::as_slice);
        blocks.iter().filter_map(|&block| match &self.item(block).kind {
            ItemKind::Impl(inner) => Some((block, inner)),
            _ => None,
        })
    }

    /// The `impl` blocks for what is no struct or enum of the project, test code apart.
    pub(crate) fn outside_impls(&self) -> impl Iterator<Item = ItemRef> {
        self.outside_impls.iter().copied().filter(|block| !self.module(block.module).test)
    }

    /// The same blocks by their types, found by `index` where nobody has asked before.
    pub(crate) fn type_blocks(&self, index: impl FnOnce() -> Arc<types::Impls>) -> &Arc<types::Impls> {
        self.type_blocks.get_or_init(index)
    }

    /// The types of function bodies, as far as someone has asked for them.
    pub(crate) const fn bodies(&self) -> &types::Bodies {
        &self.bodies
    }

    /// Lets the types of function bodies go. Whoever asks for them again has them worked out again.
    pub fn forget_types(&mut self) {
        self.bodies = types::Bodies::of_modules(self.modules.len(), false);
    }

    /// Lets bodies say what they use without naming it, whoever asks.
    #[cfg(test)]
    pub(crate) fn with_uses(mut self) -> Self {
        self.bodies = types::Bodies::of_modules(self.modules.len(), true);
        self
    }

    /// What an item names outside itself, in the order of the places; the `impl` blocks of a type are
    /// among it. Complete only where the file's bodies were parsed.
    pub fn uses(&self, item: ItemRef) -> Vec<Use> {
        uses::of_item(self, item)
    }

    /// What the code of one file names, sorted by place.
    pub fn edges_in(&self, file: FileId) -> &[Edge] {
        self.edges.in_file(file)
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

    /// The path of an item without its crate, as people say it: `domain::a::Price`. An `impl` goes by
    /// the name of its type, a macro call by that of its module.
    pub fn item_path(&self, item: ItemRef) -> String {
        let declared = self.item(item);
        match &declared.kind {
            ItemKind::Impl(block) => {
                self.path_in(item.module, block.self_type.referent().path().map_or("impl", PathType::last))
            }
            ItemKind::MacroCall(_) => self.module_path(item.module),
            _ => self.path_in(item.module, &declared.name),
        }
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
pub(crate) mod tests;
