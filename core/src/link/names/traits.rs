//! Which traits are in scope: only then do their functions count as a type's own.

use super::{ItemRef, Names, Resolved, Space, Target};
use crate::facts::ImportKind;
use crate::link::{ModuleId, Project};
use rustc_hash::{FxHashMap, FxHashSet};

/// The traits of the project that are in scope in modules, found as far as someone asks.
#[derive(Debug, Default)]
pub(crate) struct TraitScopes {
    /// What the imports of each module bring in.
    modules: FxHashMap<ModuleId, Brought>,
    answers: FxHashMap<(ModuleId, ItemRef), bool>,
}

/// What the imports of a module bring in, those in its functions and private ones included: a trait that is taken for
/// one in scope only lets types decide.
#[derive(Debug, Default)]
struct Brought {
    items: FxHashSet<ItemRef>,
    /// The modules that globs open.
    opened: Vec<ModuleId>,
}

impl TraitScopes {
    /// Whether a trait is in scope in a module, or in a block of one of its functions: by any name, or by none, as
    /// after `use Trait as _`.
    pub(crate) fn has(&mut self, project: &Project, module: ModuleId, of_trait: ItemRef) -> bool {
        if let Some(known) = self.answers.get(&(module, of_trait)) {
            return *known;
        }
        let name = &project.item(of_trait).name;
        let is_named = leads_to(&project.names().resolve(module, name, Space::Types), of_trait);
        let answer = is_named || self.is_brought(project, module, of_trait);
        self.answers.insert((module, of_trait), answer);
        answer
    }

    fn is_brought(&mut self, project: &Project, module: ModuleId, of_trait: ItemRef) -> bool {
        let mut seen = FxHashSet::from_iter([module]);
        let mut open = vec![module];
        while let Some(at) = open.pop() {
            let known = self.modules.entry(at).or_insert_with(|| brought(project.names(), at));
            if known.items.contains(&of_trait) || (at != module && of_trait.module == at) {
                return true;
            }
            open.extend(known.opened.iter().copied().filter(|opened| seen.insert(*opened)));
        }
        false
    }
}

fn brought(names: Names<'_>, module: ModuleId) -> Brought {
    let mut found = Brought::default();
    for (index, import) in names.project.scope(module).imports.iter().enumerate() {
        let resolved = names.import(module, index);
        let targets = resolved.others.into_iter().map(|(target, _)| target).chain([resolved.target]);
        for target in targets {
            match target {
                Target::Item(item) => drop(found.items.insert(item)),
                Target::Module(opened) if import.kind == ImportKind::Glob => found.opened.push(opened),
                _ => {}
            }
        }
    }
    found
}

fn leads_to(found: &Resolved, item: ItemRef) -> bool {
    let item = Target::Item(item);
    found.target == item || found.others.iter().any(|(other, _)| *other == item)
}
