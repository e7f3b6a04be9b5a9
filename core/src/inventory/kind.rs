//! What a file is, by what it holds.

use crate::facts::{Item, ItemKind};
use crate::link::{Content, ItemRef, ModuleId, Project, RoleKind, Target};
use crate::source::FileId;
use std::collections::BTreeSet;

/// What is asked of the whole project once.
pub(super) struct Kinds<'p> {
    project: &'p Project,
    registries: BTreeSet<FileId>,
    orchestrators: BTreeSet<FileId>,
}

impl<'p> Kinds<'p> {
    pub(super) fn new(project: &'p Project) -> Self {
        let registries = project.registries().into_iter().flat_map(|registry| registry.files).collect();
        let orchestrators = project.orchestrators.iter().map(|one| one.place.file).collect();
        Self { project, registries, orchestrators }
    }

    /// The kind of a file with those modules.
    pub(super) fn of(&self, file: FileId, modules: &[ModuleId]) -> &'static str {
        let declared = self.project.file(file);
        match declared.content {
            Content::Generated => return "generated",
            Content::Failed(_) => return "unreadable",
            Content::Facts(_) => {}
        }
        let speaks = |word: &str| declared.path.contains(word) || self.names_orchestrator(file, word);
        if self.registries.contains(&file) {
            "registry"
        } else if self.orchestrators.contains(&file) {
            match () {
                () if speaks("oordinator") => "coordinator",
                () if speaks("andler") => "handler",
                () => "orchestrator",
            }
        } else if is_only_modules(self.project, modules) {
            "modules"
        } else if modules.iter().any(|&module| self.project.module(module).has_role(RoleKind::Entry)) {
            "entry"
        } else {
            self.by_items(modules, &declared.path)
        }
    }

    fn names_orchestrator(&self, file: FileId, word: &str) -> bool {
        let mut here = self.project.orchestrators.iter().filter(|one| one.place.file == file);
        here.any(|one| one.path.contains(word))
    }

    fn by_items(&self, modules: &[ModuleId], path: &str) -> &'static str {
        let items = || modules.iter().flat_map(|&module| items(self.project, module).map(move |item| (module, item)));
        let has = |is: &dyn Fn(&ItemKind) -> bool| items().any(|(_, (_, item))| is(&item.kind));
        let is_shell = modules.iter().any(|&module| self.project.module(module).has_role(RoleKind::Shell));
        let functions = has(&|kind| matches!(kind, ItemKind::Function(_)));
        let types = has(&|kind| matches!(kind, ItemKind::Struct(_) | ItemKind::Enum(_) | ItemKind::Alias(_)));
        let traits = has(&|kind| matches!(kind, ItemKind::Trait(declared) if !declared.functions.is_empty()));
        let implements = items().any(|(_, (at, item))| self.implements_own_trait(at, item));
        match () {
            () if traits && !functions && !implements => "port",
            () if is_shell => "adapter",
            () if path.contains("handler") && (functions || types) => "handler",
            () if functions => "functions",
            () if types => "types",
            () if traits => "port",
            () if has(&|kind| matches!(kind, ItemKind::MacroRules(_))) => "macros",
            () => "code",
        }
    }

    fn implements_own_trait(&self, at: ItemRef, item: &Item) -> bool {
        let ItemKind::Impl(block) = &item.kind else { return false };
        block
            .of_trait
            .as_ref()
            .is_some_and(|of| matches!(self.project.names().type_item(at.module, &of.path), Target::Item(_)))
    }
}

/// The items of a module that are no test code.
pub(super) fn items(project: &Project, module: ModuleId) -> impl Iterator<Item = (ItemRef, &Item)> {
    let items = project.scope(module).items.iter().enumerate();
    items.filter(|(_, item)| !item.test).map(move |(index, item)| (ItemRef { module, index: index as u32 }, item))
}

/// Whether all that a file's modules hold is declarations of modules and what they hand on.
pub(super) fn is_only_modules(project: &Project, modules: &[ModuleId]) -> bool {
    let mut items = modules.iter().flat_map(|&module| items(project, module));
    !modules.is_empty()
        && items.all(|(_, item)| matches!(&item.kind, ItemKind::Module(module) if module.inline.is_none()))
}
