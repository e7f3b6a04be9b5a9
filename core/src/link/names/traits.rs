//! Which traits are in scope: only then do their functions count as a type's own.

use super::{ItemRef, Names, Resolved, Space, Target};
use crate::facts::ImportKind;
use crate::link::ModuleId;
use rustc_hash::FxHashSet;

impl Names<'_> {
    /// Whether a trait of the project is in scope in a module, or in a block of one of its functions: by any
    /// name, or by none, as after `use Trait as _`.
    pub(crate) fn sees_trait(&self, module: ModuleId, of_trait: ItemRef) -> bool {
        let name = &self.project.item(of_trait).name;
        let mut seen = FxHashSet::from_iter([module]);
        let mut open = vec![module];
        while let Some(at) = open.pop() {
            if leads_to(&self.resolve(at, name, Space::Types), of_trait) {
                return true;
            }
            for (index, import) in self.project.scope(at).imports.iter().enumerate() {
                let found = self.import(at, index);
                if leads_to(&found, of_trait) {
                    return true;
                }
                let targets = found.others.into_iter().map(|(target, _)| target).chain([found.target]);
                open.extend(targets.filter_map(|target| match target {
                    Target::Module(opened) if import.kind == ImportKind::Glob && seen.insert(opened) => Some(opened),
                    _ => None,
                }));
            }
        }
        false
    }
}

fn leads_to(found: &Resolved, item: ItemRef) -> bool {
    let item = Target::Item(item);
    found.target == item || found.others.iter().any(|(other, _)| *other == item)
}
