//! What is named and how, as findings say it.

use super::edge::{Edge, EdgeKind};
use super::names::{ItemRef, Target};
use super::tree::ModuleId;
use super::{FunctionRef, Project};
use crate::facts::{Function, ItemKind, PathKind, PathType};
use crate::finding::Hop;
use crate::source::Place;
use rustc_hash::FxHashSet;

impl EdgeKind {
    /// What a module does with the thing that it names.
    pub const fn verb(self) -> &'static str {
        match self {
            Self::Use => "imports",
            Self::Reexport => "re-exports",
            Self::Path(PathKind::Impl) => "implements",
            Self::Path(PathKind::Alias) => "aliases",
            Self::Path(PathKind::Macro) => "calls the macro",
            Self::Path(_) => "names",
            Self::Call => "calls",
        }
    }
}

impl Edge {
    /// What the module does with the thing that it names.
    pub fn verb(&self) -> &'static str {
        if self.is_from_body() { "calls a macro that names" } else { self.kind.verb() }
    }

    /// Whether it is a path rather than an import.
    pub const fn is_path(&self) -> bool {
        matches!(self.kind, EdgeKind::Path(_))
    }
}

impl Project {
    /// What a path in `from` leads to, as people say it; with the crate, if that is another one.
    pub fn shown(&self, from: ModuleId, target: &Target) -> String {
        let (module, path) = match target {
            Target::Module(module) => (*module, self.module_path(*module)),
            Target::Item(item) => (item.module, self.item_path(*item)),
            Target::Outside(package, path) if path.is_empty() => return package.to_string(),
            Target::Outside(package, path) => return format!("{package}::{path}"),
            Target::Unknown => return "?".to_owned(),
        };
        let home = self.module(module).krate;
        let name = &self.krate(home).name;
        if home == self.module(from).krate || path == *name { path } else { format!("{name}::{path}") }
    }

    /// The path of a function without its crate: `db::open`, `db::Pool::get`.
    pub fn function_path(&self, function: FunctionRef) -> String {
        let item = self.item(function.item);
        let owner = match &item.kind {
            ItemKind::Impl(block) => block.self_type.referent().path().map(PathType::last).unwrap_or_default(),
            _ => item.name.as_str(),
        };
        let path = self.path_in(function.item.module, owner);
        match (&item.kind, self.function(function)) {
            (ItemKind::Impl(_) | ItemKind::Trait(_), Some(inner)) => format!("{path}::{}", inner.name),
            _ => path,
        }
    }

    /// Every function outside of test code, in the order of modules; one that several targets compile
    /// comes once.
    pub fn functions(&self) -> Vec<FunctionRef> {
        let mut seen = FxHashSet::default();
        let mut found = Vec::new();
        for (module, _) in self.modules().filter(|(_, module)| !module.test) {
            for (index, item) in self.scope(module).items.iter().enumerate().filter(|(_, item)| !item.test) {
                let at = ItemRef { module, index: index as u32 };
                let functions: Vec<&Function> = match &item.kind {
                    ItemKind::Function(function) => vec![function],
                    ItemKind::Impl(block) => block.functions.iter().collect(),
                    ItemKind::Trait(declared) => declared.functions.iter().collect(),
                    _ => continue,
                };
                let own = functions.into_iter().enumerate().filter(|(_, function)| !function.test);
                let new = own.filter(|(_, function)| seen.insert(self.place(module, function.name_span)));
                found.extend(new.map(|(index, _)| FunctionRef { item: at, index: index as u32 }));
            }
        }
        found
    }

    /// The hops of an edge: one for a direct import, one more for each re-export on the way.
    pub fn hops(&self, edge: &Edge) -> Vec<Hop> {
        let from = self.module_path(edge.from);
        self.hops_to(edge.from, from, &edge.to, edge.through(), edge.place)
    }

    /// The hops from `from`, at `place`, to what is named there, as they are shown to the module `reader`.
    pub fn hops_to(
        &self,
        reader: ModuleId,
        mut from: String,
        to: &Target,
        through: &[(ModuleId, Place)],
        mut place: Place,
    ) -> Vec<Hop> {
        let mut hops = Vec::new();
        for (module, next) in through {
            let to = self.shown(reader, &Target::Module(*module));
            hops.push(Hop { from, to: to.clone(), place });
            from = to;
            place = *next;
        }
        hops.push(Hop { from, to: self.shown(reader, to), place });
        hops
    }
}
