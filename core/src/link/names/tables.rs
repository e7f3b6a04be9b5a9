//! The names that each module declares and imports, and what its globs open.

use super::super::Project;
use super::super::tree::{CrateId, Module, ModuleId};
use super::offers::{self, Offers};
use super::walk::Walk;
use super::{ItemRef, Names, Space, Target};
use crate::facts::types::last_segment;
use crate::facts::{Attribute, ImportKind, Item, ItemKind, PathType, Scope};
use crate::manifest::TargetKind;
use crate::source::Span;
use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;
use smol_str::SmolStr;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// One meaning of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    Item(u32),
    Import(u32),
    Child(ModuleId),
    /// An item of a file that the module includes.
    Included(ItemRef),
}

/// All meanings of a name: mostly one.
type Entries = SmallVec<[Entry; 2]>;

/// The names of a module, or of one block of a function in it.
#[derive(Debug, Default)]
pub(super) struct Listing {
    pub(super) named: FxHashMap<SmolStr, Entries>,
    pub(super) globs: Vec<Glob>,
}

/// A glob import.
#[derive(Clone, Copy, Debug)]
pub(super) struct Glob {
    /// The import's position in the module.
    pub(super) import: u32,
    /// What it opens; `None` for an outside crate and for what is not known.
    pub(super) opens: Option<Opened>,
}

/// What a glob opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opened {
    Module(ModuleId),
    /// The variants of an enum.
    Enum(ItemRef),
}

/// The names of a module.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) all: Listing,
    /// What function bodies declare and import, by block, inner blocks before those around them.
    pub(super) blocks: Vec<(Span, Listing)>,
    /// The macro calls that may make up items, with the macros if they are the project's. Filled
    /// when names can be resolved.
    pub(super) calls: Vec<(u32, Option<ItemRef>)>,
    /// The names that those calls may make up.
    pub(super) made: FxHashSet<SmolStr>,
    /// The first item under an attribute or a derive of each crate of the project that quotes items, with that
    /// crate. Filled when names can be resolved.
    pub(super) changed: Vec<(u32, CrateId)>,
}

/// The name tables of all modules.
#[derive(Debug, Default)]
pub(in super::super) struct Tables {
    pub(super) modules: Vec<Table>,
    /// The names of all macros by example, also those that imports give them.
    macro_names: FxHashSet<SmolStr>,
    /// The other names that imports give to what they import, anywhere, by its own name.
    renames: FxHashMap<SmolStr, Vec<SmolStr>>,
    /// Macros that `#[macro_export]` or textual scope may make visible in a whole crate, exported
    /// ones first, and derives.
    pub(super) macros: FxHashMap<(u32, SmolStr), Vec<ItemRef>>,
    /// What modules offer through their globs, by module; none while globs are being opened.
    pub(super) offers: FxHashMap<u32, Offers>,
    /// The names of types that have an `impl` in a module which declares no type of that name.
    extended: FxHashSet<SmolStr>,
    /// The names of the items that crates of macros quote, by crate.
    pub(super) quoted: FxHashMap<CrateId, FxHashSet<SmolStr>>,
}

/// How often globs are followed through globs found before: the compiler's own search has no end
/// but that nothing changes, and nobody writes longer chains.
const MOST_ROUNDS: usize = 8;

impl Tables {
    /// Makes the tables of all modules.
    pub(in super::super) fn new(project: &Project) -> Self {
        let mut tables = Self::default();
        for (id, module) in project.modules() {
            let scope = project.scope(id);
            let derives = project.krate(module.krate).kind == TargetKind::ProcMacro;
            let quoted = project.file(module.file).facts().filter(|_| derives).map_or(&[][..], |facts| &facts.quoted);
            if !quoted.is_empty() {
                tables.quoted.entry(module.krate).or_default().extend(quoted.iter().cloned());
            }
            for (index, item) in scope.items.iter().enumerate() {
                let item_ref = ItemRef { module: id, index: index as u32 };
                if let ItemKind::MacroRules(rules) = &item.kind {
                    tables.macro_names.insert(item.name.clone());
                    let known = tables.macros.entry((module.krate.0, item.name.clone())).or_default();
                    // A private macro of the same name elsewhere does not hide one of the whole crate.
                    let at = if rules.exported { 0 } else { known.len() };
                    known.insert(at, item_ref);
                } else if let Some(name) = derives.then(|| derive_name(item)).flatten() {
                    tables.macros.insert((module.krate.0, name), vec![item_ref]);
                }
            }
            for (own, other) in renames(scope) {
                tables.renames.entry(own).or_default().push(other);
            }
            let mut table = Table::new(scope, &module.children);
            table.leave_out_twins(|entry| match *entry {
                Entry::Item(index) => scope.items[index as usize].test,
                Entry::Import(index) => scope.imports[index as usize].test,
                Entry::Child(child) => project.module(child).test,
                Entry::Included(item) => project.item(item).test,
            });
            tables.extended.extend(extended(scope, &table));
            tables.modules.push(table);
        }
        for known in tables.macros.values_mut() {
            let is_test = |item: &ItemRef| project.item(*item).test;
            if has_others(known, is_test) {
                known.retain(|item| !is_test(item));
            }
        }
        tables.include(project);
        let declared = std::mem::take(&mut tables.macro_names);
        tables.macro_names = tables.with_renames(declared);
        tables.open_globs(project);
        tables.offers = offers::all(project, &tables);
        tables.find_calls(project);
        tables.find_changed(project);
        tables
    }

    /// Adds what included files declare to the modules that include them.
    fn include(&mut self, project: &Project) {
        for (id, included) in project.modules().filter(|(_, module)| module.included_in.is_some()) {
            let items = project.scope(id).items.iter().enumerate();
            let items: Vec<_> = items.filter(|(_, item)| item.block.is_none() && is_named(&item.kind)).collect();
            for outer in std::iter::successors(included.included_in, |outer| project.module(*outer).included_in) {
                let listing = &mut self.modules[outer.0 as usize].all;
                for (index, item) in &items {
                    listing.add(&item.name, Entry::Included(ItemRef { module: id, index: *index as u32 }));
                }
                for (name, child) in &included.children {
                    listing.add(name, Entry::Child(*child));
                }
            }
        }
    }

    /// Those names, and all that imports give to something of such a name: nothing else can be called by another.
    pub(in super::super) fn with_renames(&self, names: FxHashSet<SmolStr>) -> FxHashSet<SmolStr> {
        let mut open: Vec<SmolStr> = names.iter().cloned().collect();
        let mut names = names;
        while let Some(name) = open.pop() {
            for other in self.renames.get(&name).into_iter().flatten() {
                if names.insert(other.clone()) {
                    open.push(other.clone());
                }
            }
        }
        names
    }

    /// Whether that may be the name of a macro by example of some crate.
    pub(in super::super) fn has_macro_named(&self, name: &str) -> bool {
        self.macro_names.contains(name)
    }

    /// Whether some module adds to a type of that name that it may not have declared.
    pub(in super::super) fn is_extended(&self, name: &str) -> bool {
        self.extended.contains(name)
    }

    /// Finds the macro calls that may make up items, and the macros they call.
    fn find_calls(&mut self, project: &Project) {
        let calls = |(id, _): (ModuleId, _)| {
            let names = Names { project, tables: self };
            let items = project.scope(id).items.iter().enumerate();
            let made = items.filter_map(|(index, item)| match &item.kind {
                ItemKind::MacroCall(call) if item.block.is_none() => {
                    Some((index as u32, names.macro_item(id, &call.path, item.name_span)))
                }
                _ => None,
            });
            made.collect()
        };
        let calls: Vec<Vec<_>> = project.modules().map(calls).collect();
        for ((id, _), calls) in project.modules().zip(calls) {
            let items = &project.scope(id).items;
            let table = &mut self.modules[id.0 as usize];
            for &(index, called) in &calls {
                let ItemKind::MacroCall(call) = &items[index as usize].kind else { continue };
                table.made.extend(call.declares.iter().chain(&call.names).cloned());
                if let Some(ItemKind::MacroRules(rules)) = called.map(|item| &project.item(item).kind) {
                    table.made.extend(rules.declares.iter().cloned());
                }
            }
            table.calls = calls;
        }
    }

    /// Finds the items under attributes and derives of crates that quote items.
    fn find_changed(&mut self, project: &Project) {
        if self.quoted.is_empty() {
            return;
        }
        let roots = self.quoted.keys().flat_map(|krate| &project.scope(project.krate(*krate).root).items);
        let called = self.with_renames(roots.map(macro_name).collect());
        let names = Names { project, tables: self };
        let crate_of = |module: ModuleId, path: &str, place: Span| {
            let Target::Item(item) = names.resolve_at(module, path, Space::Macros, place).target else { return None };
            let krate = project.module(item.module).krate;
            (self.quoted.contains_key(&krate) && project.krate(krate).root == item.module).then_some(krate)
        };
        let changed = |(id, module): (ModuleId, &Module)| {
            let near =
                project.krate(module.krate).siblings.iter().filter(|krate| self.quoted.contains_key(krate)).count();
            let mut found: Vec<(u32, CrateId)> = Vec::new();
            let items = project.scope(id).items.iter().enumerate().filter(|(_, item)| item.block.is_none());
            for (index, item) in items.filter(|_| near > 0) {
                let named = item.attributes.iter().flat_map(macros_of);
                for path in named.filter(|path| called.contains(last_segment(path))) {
                    if found.len() < near
                        && let Some(krate) = crate_of(id, path, item.name_span)
                        && found.iter().all(|(_, known)| *known != krate)
                    {
                        found.push((index as u32, krate));
                    }
                }
            }
            found
        };
        let changed: Vec<Vec<_>> = project.modules().map(changed).collect();
        for (table, changed) in self.modules.iter_mut().zip(changed) {
            table.changed = changed;
        }
    }

    /// Finds out what each glob opens. The path of a glob may lead through another one, so this
    /// goes on until nothing changes.
    fn open_globs(&mut self, project: &Project) {
        for _ in 0..MOST_ROUNDS {
            let mut opened = Vec::new();
            for (number, table) in self.modules.iter().enumerate() {
                let module = ModuleId(number as u32);
                for (block, listing) in table.listings() {
                    for (at, glob) in listing.globs.iter().enumerate().filter(|(_, glob)| glob.opens.is_none()) {
                        let mut walk = Walk::new(Names { project, tables: self });
                        let target = walk.import(module, glob.import, Space::Types);
                        if let Some(opens) = target.and_then(|target| opening(project, &target)) {
                            opened.push((number, block, at, opens));
                        }
                    }
                }
            }
            if opened.is_empty() {
                return;
            }
            for (module, block, at, opens) in opened {
                self.modules[module].listing(block).globs[at].opens = Some(opens);
            }
        }
    }
}

fn opening(project: &Project, target: &Target) -> Option<Opened> {
    match target {
        Target::Module(module) => Some(Opened::Module(*module)),
        Target::Item(item) if matches!(project.item(*item).kind, ItemKind::Enum(_)) => Some(Opened::Enum(*item)),
        _ => None,
    }
}

/// The macros that an attribute names: itself, or the derives that it lists.
pub(in super::super) fn macros_of(attribute: &Attribute) -> impl Iterator<Item = &str> {
    /// Those of the language, which are nearly all.
    const OWN: &[&str] = &["allow", "cfg", "cfg_attr", "derive", "doc", "expect", "inline", "must_use", "test"];
    let own = Some(attribute.path.as_str()).filter(|path| !OWN.contains(path));
    let derives = if attribute.path == "derive" { attribute.arguments.as_str() } else { "" };
    let derives = derives.split(',').map(str::trim).filter(|name| !name.is_empty());
    own.into_iter().chain(derives)
}

/// How others call what an item of a crate of procedural macros makes.
pub(in super::super) fn macro_name(item: &Item) -> SmolStr {
    derive_name(item).unwrap_or_else(|| item.name.clone())
}

/// The name in `#[proc_macro_derive(Name, …)]`.
fn derive_name(item: &Item) -> Option<SmolStr> {
    let arguments = &item.attribute("proc_macro_derive")?.arguments;
    arguments.split(',').next().map(|name| name.trim().into())
}

impl Table {
    fn new(scope: &Scope, children: &[(SmolStr, ModuleId)]) -> Self {
        let mut all = Listing::default();
        let named = scope.items.iter().filter(|item| is_named(&item.kind) && item.block.is_none()).count();
        all.named.reserve(named + scope.imports.len() + children.len());
        let mut blocks: BTreeMap<Reverse<Span>, Listing> = BTreeMap::new();
        let mut listing = |block: Option<Span>, fill: &dyn Fn(&mut Listing)| match block {
            None => fill(&mut all),
            Some(block) => fill(blocks.entry(Reverse(block)).or_default()),
        };
        for (index, item) in scope.items.iter().enumerate() {
            if is_named(&item.kind) {
                listing(item.block, &|to| to.add(&item.name, Entry::Item(index as u32)));
            }
        }
        for (name, child) in children {
            listing(None, &|to| to.add(name, Entry::Child(*child)));
        }
        for (index, import) in scope.imports.iter().enumerate() {
            let index = index as u32;
            match (&import.name, import.kind) {
                (_, ImportKind::Glob) => {
                    listing(import.block, &|to| to.globs.push(Glob { import: index, opens: None }));
                }
                (Some(name), _) => listing(import.block, &|to| to.add(name, Entry::Import(index))),
                (None, _) => {}
            }
        }
        Self {
            all,
            blocks: blocks.into_iter().map(|(Reverse(block), listing)| (block, listing)).collect(),
            calls: Vec::new(),
            made: FxHashSet::default(),
            changed: Vec::new(),
        }
    }

    /// Leaves out what names mean in test builds, where they mean something in others too: that is what all but tests
    /// are about.
    fn leave_out_twins(&mut self, is_test: impl Fn(&Entry) -> bool) {
        let listings = std::iter::once(&mut self.all).chain(self.blocks.iter_mut().map(|(_, listing)| listing));
        for entries in listings.flat_map(|listing| listing.named.values_mut()) {
            if has_others(entries, &is_test) {
                entries.retain(|entry| !is_test(entry));
            }
        }
    }

    /// The positions of the imports that bring in a name, into the module or a block of a function.
    pub(super) fn imports_of<'t>(&'t self, name: &'t str) -> impl Iterator<Item = u32> + 't {
        let entries = self.listings().filter_map(move |(_, listing)| listing.named.get(name)).flatten();
        entries.filter_map(|entry| match entry {
            Entry::Import(index) => Some(*index),
            _ => None,
        })
    }

    /// The module's own names, then those of its blocks, each with the block's number.
    fn listings(&self) -> impl Iterator<Item = (Option<usize>, &Listing)> {
        let blocks = self.blocks.iter().enumerate().map(|(number, (_, listing))| (Some(number), listing));
        std::iter::once((None, &self.all)).chain(blocks)
    }

    fn listing(&mut self, block: Option<usize>) -> &mut Listing {
        match block {
            None => &mut self.all,
            Some(number) => &mut self.blocks[number].1,
        }
    }
}

/// Whether a name has several meanings, and one of them at least outside of tests.
fn has_others<T>(meanings: &[T], is_test: impl Fn(&T) -> bool) -> bool {
    meanings.len() > 1 && !meanings.iter().all(is_test)
}

/// The imports that give another name to what they import, as its name and theirs.
fn renames(scope: &Scope) -> impl Iterator<Item = (SmolStr, SmolStr)> {
    scope.imports.iter().filter_map(|import| {
        let (own, name) = (last_segment(&import.path), import.name.as_ref()?);
        (own != name).then(|| (own.into(), name.clone()))
    })
}

/// The names of the types that a module has an `impl` for and that it does not declare itself.
fn extended(scope: &Scope, table: &Table) -> Vec<SmolStr> {
    let types = scope.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Impl(block) => block.self_type.referent().path().map(PathType::last),
        _ => None,
    });
    let declared = |name: &str| {
        let entries = table.all.named.get(name).into_iter().flatten();
        entries.into_iter().any(|entry| matches!(entry, Entry::Item(_)))
    };
    types.filter(|name| !declared(name)).map(SmolStr::from).collect()
}

/// Whether an item has a name of its own that paths can begin with. Modules come from the tree, and
/// macros are found by other rules.
fn is_named(kind: &ItemKind) -> bool {
    use ItemKind::{Impl, Include, MacroCall, MacroRules, Module};
    !matches!(kind, Impl(_) | Module(_) | MacroRules(_) | MacroCall(_) | Include(_))
}

impl Listing {
    fn add(&mut self, name: &SmolStr, entry: Entry) {
        self.named.entry(name.clone()).or_default().push(entry);
    }
}
