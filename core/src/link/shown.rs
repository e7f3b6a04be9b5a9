//! What is named and how, as findings say it.

use super::Project;
use super::edges::{Edge, EdgeKind};
use super::names::Target;
use super::tree::ModuleId;
use crate::facts::PathKind;
use crate::finding::Hop;

impl EdgeKind {
    /// What a module does with the thing that it names.
    pub const fn verb(self) -> &'static str {
        match self {
            Self::Use => "imports",
            Self::Reexport => "re-exports",
            Self::Path(PathKind::Impl) => "implements",
            Self::Path(PathKind::Macro) => "calls the macro",
            Self::Path(_) => "names",
        }
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

    /// The hops of an edge: one for a direct import, one more for each re-export on the way.
    pub fn hops(&self, edge: &Edge) -> Vec<Hop> {
        let mut hops = Vec::new();
        let mut from = self.module_path(edge.from);
        let mut place = edge.place;
        for (module, next) in &edge.through {
            let to = self.shown(edge.from, &Target::Module(*module));
            hops.push(Hop { from, to: to.clone(), place });
            from = to;
            place = *next;
        }
        hops.push(Hop { from, to: self.shown(edge.from, &edge.to), place });
        hops
    }
}
