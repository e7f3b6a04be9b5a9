//! What a module offers to others through its globs, worked out once.
//!
//! A prelude opens dozens of modules that open more, and each name of each file that imports it
//! would be looked for in all of them. Only globs that others can see through are opened here:
//! a private one concerns nobody but the module itself and those inside it.

use super::super::Project;
use super::super::tree::ModuleId;
use super::ItemRef;
use super::tables::{Entry, Opened, Tables};
use crate::facts::{ItemKind, Visibility};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

/// A name that a module offers through globs.
#[derive(Debug)]
pub(super) struct Offer {
    /// The module that declares or imports the name, and what it is there; or the variant's enum.
    pub(super) meaning: Meaning,
    /// The globs on the way, each with the module that has it.
    pub(super) globs: Vec<(ModuleId, u32)>,
}

/// What an offered name is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Meaning {
    /// An entry of a module's table.
    Entry(ModuleId, Entry),
    /// A variant.
    Variant(ItemRef),
    /// A macro that a crate exports at its root.
    Macro(ItemRef),
}

/// What one module offers through its globs, by name, in the order of the globs.
pub(super) type Offers = FxHashMap<SmolStr, Vec<Offer>>;

/// The offers of every module that has a glob which others can see through.
pub(super) fn all(project: &Project, tables: &Tables) -> FxHashMap<u32, Offers> {
    let mut all = FxHashMap::default();
    for (number, table) in tables.modules.iter().enumerate() {
        let module = ModuleId(number as u32);
        let open = |glob: u32| is_open(project, module, glob);
        if table.all.globs.iter().any(|glob| open(glob.import)) {
            let mut opener =
                Opener { project, tables, opened: vec![module], globs: Vec::new(), offers: Offers::default() };
            opener.open(module);
            opener.put_made_last();
            all.insert(module.0, opener.offers);
        }
    }
    all
}

/// Whether a glob lets others see what it brings in.
pub(super) fn is_open(project: &Project, module: ModuleId, import: u32) -> bool {
    project.scope(module).imports[import as usize].visibility != Visibility::Private
}

/// Whether an item is a macro that its crate exports at its root.
pub(super) fn is_exported(project: &Project, item: ItemRef) -> bool {
    matches!(&project.item(item).kind, ItemKind::MacroRules(rules) if rules.exported)
}

struct Opener<'a> {
    project: &'a Project,
    tables: &'a Tables,
    opened: Vec<ModuleId>,
    globs: Vec<(ModuleId, u32)>,
    offers: Offers,
}

impl Opener<'_> {
    fn open(&mut self, module: ModuleId) {
        for glob in &self.tables.modules[module.0 as usize].all.globs {
            if !is_open(self.project, module, glob.import) {
                continue;
            }
            self.globs.push((module, glob.import));
            match glob.opens {
                Some(Opened::Module(target)) if !self.opened.contains(&target) => {
                    self.opened.push(target);
                    self.names(target);
                    self.open(target);
                    self.macros(target);
                }
                Some(Opened::Enum(item)) => self.variants(item),
                // What an outside crate exports is not known.
                _ => {}
            }
            self.globs.pop();
        }
    }

    fn names(&mut self, module: ModuleId) {
        for (name, entries) in &self.tables.modules[module.0 as usize].all.named {
            for &entry in entries {
                self.offer(name, Meaning::Entry(module, entry));
            }
        }
        for (index, item) in self.project.scope(module).items.iter().enumerate() {
            let ItemKind::MacroCall(call) = &item.kind else { continue };
            if item.block.is_none() {
                let made = Meaning::Entry(module, Entry::Item(index as u32));
                for name in &call.declares {
                    self.offer(name, made);
                }
            }
        }
    }

    /// What a call makes may be private to its module, which is not said: what others declare goes before it.
    fn put_made_last(&mut self) {
        let project = self.project;
        let is_made = |offer: &Offer| match offer.meaning {
            Meaning::Entry(module, Entry::Item(index)) => {
                matches!(project.scope(module).items[index as usize].kind, ItemKind::MacroCall(_))
            }
            _ => false,
        };
        for offers in self.offers.values_mut().filter(|offers| offers.len() > 1) {
            offers.sort_by_key(is_made);
        }
    }

    /// The macros that a crate exports, if the module is its root.
    fn macros(&mut self, module: ModuleId) {
        if self.project.module(module).parent.is_none() {
            let krate = self.project.module(module).krate;
            let macros = self.tables.macros.iter().filter(|((of, _), _)| *of == krate.0);
            for ((_, name), known) in macros {
                if let Some(item) = known.iter().find(|item| is_exported(self.project, **item)) {
                    self.offer(name, Meaning::Macro(*item));
                }
            }
        }
    }

    fn variants(&mut self, item: ItemRef) {
        if let ItemKind::Enum(declared) = &self.project.item(item).kind {
            for variant in &declared.variants {
                self.offer(&variant.name, Meaning::Variant(item));
            }
        }
    }

    fn offer(&mut self, name: &SmolStr, meaning: Meaning) {
        let offer = Offer { meaning, globs: self.globs.clone() };
        self.offers.entry(name.clone()).or_default().push(offer);
    }
}
