//! What the first names of the paths and imports of one module mean, each looked up once.

use super::Project;
use super::names::{Resolved, Start};
use super::tree::ModuleId;
use crate::facts::types::split_first;
use crate::facts::{Import, ImportKind};
use crate::manifest::Edition;
use crate::source::Span;
use rustc_hash::FxHashMap;

/// What first names mean in a module, where no block of a function has names of its own. Most imports begin at one of a
/// few crates and modules, and most paths at what is imported.
pub(super) struct Starts<'a> {
    project: &'a Project,
    module: ModuleId,
    known: FxHashMap<&'a str, Start>,
    /// What its imports lead to, as far as they have been followed.
    imports: Vec<Resolved>,
}

impl<'a> Starts<'a> {
    pub(super) fn new(project: &'a Project, module: ModuleId) -> Self {
        let imports = Vec::with_capacity(project.scope(module).imports.len());
        Self { project, module, known: FxHashMap::default(), imports }
    }

    /// What the next import of the module leads to.
    pub(super) fn next_import(&mut self) -> &Resolved {
        let (names, index) = (self.project.names(), self.imports.len());
        let import = &self.project.scope(self.module).imports[index];
        let found = self.behind_start(index, import).unwrap_or_else(|| names.import(self.module, index));
        self.imports.push(found);
        &self.imports[index]
    }

    /// What an import leads to by what its first name is known to mean, if that is the same for all that stands in the
    /// module.
    fn behind_start(&mut self, index: usize, import: &'a Import) -> Option<Resolved> {
        let (names, module) = (self.project.names(), self.module);
        let (first, rest) = split_first(&import.path);
        // An import must not find itself by its first name. Until 2018 imports began at the root of the crate.
        let may_be_itself = import.kind != ImportKind::Name || names.imports_of(module, first).next().is_some();
        let is_old = || self.project.krate(self.project.module(module).krate).edition == Edition::E2015;
        if first.is_empty() || rest.is_empty() || may_be_itself || is_old() {
            return None;
        }
        if !names.is_outside_of_blocks(module, import.span) {
            return None;
        }
        let start = self.known.entry(first).or_insert_with(|| names.start(module, first, import.span));
        names.import_from(module, index, start, rest)
    }

    /// What the first name of a path means that stands outside of blocks with names of their own.
    pub(super) fn of(&mut self, first: &'a str, place: Span) -> &Start {
        let (names, module, imports) = (self.project.names(), self.module, &self.imports);
        self.known.entry(first).or_insert_with(|| {
            let import = names.sole_import_of(module, first).and_then(|index| imports.get(index));
            import.and_then(|import| names.start_of(import)).unwrap_or_else(|| names.start(module, first, place))
        })
    }
}
