//! Which files have to be read closer: neutral ones through which the core may reach the shell or the
//! world itself: the clock, files, the network.
//!
//! Most files belong to no role, and of their function bodies only an outline is read: the paths in
//! them, but neither lone names nor methods. The core is followed through such code item by item, and
//! every word of an item that names something counts as a use of it. That is more than the item uses,
//! so what does not lie on a way from the core to either by this measure lies on none, and its
//! file need not be read again.

use super::edges;
use super::extensions::{Extensions, Triggers};
use super::names::{ItemRef, Space, Target};
use super::{CrateId, Module, ModuleId, Project};
use crate::effects::{self, Effects};
use crate::facts::{ImportKind, ItemKind, PathKind};
use crate::lexer::lone_words;
use crate::source::{FileId, Span};
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// The texts of files.
pub(super) type Text<'a> = &'a dyn Fn(FileId) -> &'a str;

/// The files without bodies that hold items through which the core may reach the shell. `project` has
/// its `impl` blocks, but no edges yet.
pub(super) fn files<'a>(project: &'a Project, text: Text<'a>) -> BTreeSet<FileId> {
    let visible = visible(project);
    let mut extensions = Extensions::of_the_shell(project, &visible);
    loop {
        let mut search = Search::new(project, visible.clone(), text, extensions.triggers(project));
        search.run();
        let between = search.between();
        // What neutral code adds to types that are not its own is used without being named, too.
        let added = project.foreign_blocks(&visible).filter(|block| between.contains(block));
        if extensions.add(added) {
            continue;
        }
        let files = between.into_iter().map(|item| project.module(item.module).file);
        return files.filter(|&file| !project.file(file).has_bodies()).collect();
    }
}

/// Whether the core may touch the world by code without a role. Where roles are only inferred, most
/// code has none, and to read all of it closer would cost more than the answer is worth.
pub(super) fn is_asked_for_effects(project: &Project) -> bool {
    !project.roles.is_inferred
        && project.modules.iter().any(Module::is_core)
        && project.modules.iter().any(Module::is_neutral)
}

/// Whether the core may reach any code that it must not.
pub(super) fn is_asked(project: &Project) -> bool {
    let outer = |module: &Module| !module.test && module.is_outer();
    let is_there = project.modules.iter().any(outer) || project.roles.rules.iter().any(|rule| !rule.crates.is_empty());
    is_there && project.modules.iter().any(Module::is_core)
}

/// The crates that the core's code may use.
pub(super) fn visible(project: &Project) -> BTreeSet<CrateId> {
    let crates: BTreeSet<CrateId> =
        project.modules.iter().filter(|module| module.is_core()).map(|module| module.krate).collect();
    crates.into_iter().flat_map(|krate| project.visible_crates(krate)).collect()
}

/// Whether a module is core, or neutral and was read closely enough to lie between core and shell.
pub(super) fn may_lead_out(project: &Project, module: &Module, visible: &BTreeSet<CrateId>) -> bool {
    let is_read = || visible.contains(&module.krate) && project.file(module.file).has_bodies();
    module.is_core() || (module.is_neutral() && is_read())
}

/// A search from the core through all that its items may use.
struct Search<'a> {
    project: &'a Project,
    visible: BTreeSet<CrateId>,
    text: Text<'a>,
    triggers: Triggers,
    /// What touches the world, if that is asked about.
    effects: Option<Effects>,
    /// Every name that an item, an import or a macro call of the project may declare.
    declared: FxHashSet<&'a str>,
    /// What the lone names of a module mean.
    lone: FxHashMap<(ModuleId, &'a str), Meanings>,
    open: Vec<ItemRef>,
    /// Each item that was reached, with those that reach it.
    users: FxHashMap<ItemRef, Vec<ItemRef>>,
    /// The items that may use something outer, or touch the world.
    ends: Vec<ItemRef>,
}

/// What a name may mean, and whether that is something outer.
type Meanings = (Vec<ItemRef>, bool);

impl<'a> Search<'a> {
    fn new(project: &'a Project, visible: BTreeSet<CrateId>, text: Text<'a>, triggers: Triggers) -> Self {
        Self {
            project,
            visible,
            text,
            triggers,
            effects: is_asked_for_effects(project).then(Effects::default),
            declared: declared(project),
            lone: FxHashMap::default(),
            open: Vec::new(),
            users: FxHashMap::default(),
            ends: Vec::new(),
        }
    }

    fn run(&mut self) {
        let project = self.project;
        for (id, _) in project.modules().filter(|(_, module)| module.is_core()) {
            for edge in edges::of_module(project, id).edges().iter().filter(|edge| !edge.test) {
                self.reach(None, &edge.to);
            }
            for used in project.scope(id).paths.iter().filter(|used| used.kind == PathKind::Macro && !used.test) {
                if let Some(item) = project.names().macro_item(id, &used.path, used.span) {
                    self.reach(None, &Target::Item(item));
                }
            }
        }
        let blocks: Vec<ItemRef> = project.foreign_blocks(&self.visible).collect();
        for block in blocks {
            self.reach(None, &Target::Item(block));
        }
        while let Some(item) = self.open.pop() {
            self.follow(item);
        }
    }

    /// Takes in that `by`, or the core itself, uses something. Says whether that is something outer.
    fn reach(&mut self, by: Option<ItemRef>, target: &Target) -> bool {
        if let Target::Item(item) = target
            && self.is_passable(*item)
        {
            let users = self.users.entry(*item).or_insert_with(|| {
                self.open.push(*item);
                Vec::new()
            });
            users.extend(by);
        }
        self.project.target_role(target).is_some_and(|role| role.kind.is_outer())
    }

    /// Whether an item is neutral code, or a macro of the core, whose body belongs to those who call it.
    fn is_passable(&self, item: ItemRef) -> bool {
        let module = self.project.module(item.module);
        let is_macro = || matches!(self.project.item(item).kind, ItemKind::MacroRules(_));
        self.visible.contains(&module.krate) && (module.is_neutral() || (module.is_core() && is_macro()))
    }

    /// Takes in all that an item may use.
    fn follow(&mut self, item: ItemRef) {
        let project = self.project;
        let outer = |module: ModuleId| project.module(module).is_outer();
        let mut is_end = false;
        for used in project.uses(item) {
            is_end |= self.reach(Some(item), &used.to) || used.through.iter().any(|&(module, _)| outer(module));
        }
        let declared = project.item(item);
        let file = project.module(item.module).file;
        let text = (self.text)(file).get(declared.span.start as usize..declared.span.end as usize).unwrap_or_default();
        let derives = declared.attributes.iter().filter(|attribute| attribute.path == "derive");
        is_end |= derives.map(|derive| derive.arguments.as_str()).chain([text]).any(|text| self.triggers.in_text(text));
        if !project.file(file).has_bodies() {
            let touches = |effects: &Effects| effects::may_touch(project, item, text, effects);
            is_end |= self.effects.as_ref().is_some_and(touches);
            is_end |= self.follow_words(item, text, declared.span);
        }
        if is_end {
            self.ends.push(item);
        }
    }

    /// Takes in what the words of an item may name. Says whether that is something outer.
    fn follow_words(&mut self, item: ItemRef, text: &'a str, place: Span) -> bool {
        let project = self.project;
        let words: FxHashSet<&str> = lone_words(text).filter(|word| self.declared.contains(word)).collect();
        let mut is_end = false;
        // A glob in a body opens a module for that body.
        let opened = project.scope(item.module).imports.iter().enumerate().filter_map(|(index, import)| {
            let is_its = import.kind == ImportKind::Glob && import.block.is_some() && place.contains(import.span);
            match is_its.then(|| project.names().import(item.module, index).target) {
                Some(Target::Module(opened)) => Some(opened),
                _ => None,
            }
        });
        let modules: Vec<ModuleId> = opened.chain([item.module]).collect();
        for (module, word) in modules.into_iter().flat_map(|module| words.iter().map(move |word| (module, *word))) {
            if !self.lone.contains_key(&(module, word)) {
                let meanings = self.meanings(module, word);
                self.lone.insert((module, word), meanings);
            }
            let Some((items, is_outer)) = self.lone.get(&(module, word)) else { continue };
            is_end |= is_outer;
            for used in items.clone() {
                self.reach(Some(item), &Target::Item(used));
            }
        }
        // What function bodies declare is not among the names of the module.
        for (index, inner) in project.scope(item.module).items.iter().enumerate() {
            if inner.block.is_some_and(|block| place.contains(block)) && !inner.test {
                self.reach(Some(item), &Target::Item(ItemRef { module: item.module, index: index as u32 }));
            }
        }
        is_end
    }

    /// All that a lone name may mean in a module.
    fn meanings(&self, module: ModuleId, name: &str) -> Meanings {
        let project = self.project;
        let outer = |target: &Target| project.target_role(target).is_some_and(|role| role.kind.is_outer());
        let mut items = Vec::new();
        let mut is_outer = false;
        let called = project.names().macro_item(module, name, Span::default());
        // Of several macros of one name, the place of the call tells which it is.
        let called = project.names().macros(module, name).iter().copied().chain(called).map(Target::Item);
        let spaces = [Space::Types, Space::Values].map(|space| project.names().resolve(module, name, space));
        let through = spaces.iter().flat_map(|found| &found.through).map(|(module, _)| Target::Module(*module));
        for target in through.chain(called).chain(spaces.iter().map(|found| found.target.clone())) {
            is_outer |= outer(&target);
            match target {
                Target::Item(item) if !items.contains(&item) => items.push(item),
                _ => {}
            }
        }
        (items, is_outer)
    }

    /// The items that were reached and may reach something outer.
    fn between(&self) -> BTreeSet<ItemRef> {
        let mut found = BTreeSet::new();
        let mut open = self.ends.clone();
        while let Some(item) = open.pop() {
            if found.insert(item) {
                open.extend(self.users.get(&item).into_iter().flatten());
            }
        }
        found
    }
}

fn declared(project: &Project) -> FxHashSet<&str> {
    let mut declared = FxHashSet::default();
    for (id, _) in project.modules() {
        let scope = project.scope(id);
        declared.extend(scope.imports.iter().filter_map(|import| import.name.as_deref()));
        for item in &scope.items {
            declared.insert(item.name.as_str());
            match &item.kind {
                ItemKind::MacroCall(call) => declared.extend(call.names.iter().map(SmolStr::as_str)),
                ItemKind::MacroRules(rules) => declared.extend(rules.declares.iter().map(SmolStr::as_str)),
                ItemKind::Enum(declared_enum) => {
                    declared.extend(declared_enum.variants.iter().map(|variant| variant.name.as_str()));
                }
                _ => {}
            }
        }
    }
    declared
}
