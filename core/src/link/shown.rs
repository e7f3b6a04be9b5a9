//! What is named and how, as findings say it.

use super::edge::{Edge, EdgeKind};
use super::names::{ItemRef, Target};
use super::tree::ModuleId;
use super::{FunctionRef, Project};
use crate::facts::{Function, ImplItem, ItemKind, PathKind, PathType, Type, TypeKind};
use crate::finding::Hop;
use crate::manifest::TargetKind;
use crate::source::Place;
use rustc_hash::FxHashSet;

impl EdgeKind {
    /// What a module does with a thing that it names so.
    const fn verb(self) -> &'static str {
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

/// How an edge leads to a module or to a package from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lead {
    /// What it names is declared there.
    Itself,
    /// What it names is re-exported by that module, at that place.
    Reexport(ModuleId, Place),
}

impl Edge {
    /// How it leads to the module or the package of `to`, if it does.
    pub fn lead(&self, to: &Target) -> Option<Lead> {
        if is_same(&self.to, to) {
            return Some(Lead::Itself);
        }
        let reexport = self.reexports().iter().find(|(module, _)| is_same(&Target::Module(*module), to));
        reexport.map(|&(module, place)| Lead::Reexport(module, place))
    }

    /// What the module does with the thing that it names.
    pub fn verb(&self, project: &Project) -> &'static str {
        if self.is_from_body() { "calls a macro that names" } else { project.verb(self.kind, &self.to) }
    }

    /// Whether it is a path rather than an import.
    pub const fn is_path(&self) -> bool {
        matches!(self.kind, EdgeKind::Path(_))
    }
}

/// Whether both are one module or one package from outside, or something of it.
fn is_same(one: &Target, other: &Target) -> bool {
    let module = |target: &Target| match target {
        Target::Module(module) => Some(*module),
        Target::Item(item) => Some(item.module),
        Target::Outside(..) | Target::Unknown => None,
    };
    match (one, other) {
        (Target::Outside(one, _), Target::Outside(other, _)) => one == other,
        _ => module(one).is_some_and(|one| module(other) == Some(one)),
    }
}

fn is_of_trait(project: &Project, item: ItemRef) -> bool {
    matches!(&project.item(item).kind, ItemKind::Impl(block) if block.of_trait.is_some())
}

/// A type as the source writes it, but for lifetimes and what only some types have.
fn type_text(ty: &Type) -> String {
    let list = |parts: &[Type]| parts.iter().map(type_text).collect::<Vec<_>>().join(", ");
    let bounds = |bounds: &[PathType]| bounds.iter().map(path_text).collect::<Vec<_>>().join(" + ");
    match &ty.kind {
        TypeKind::Path(path) => path_text(path),
        TypeKind::Reference(inner) => format!("&{}", type_text(inner)),
        TypeKind::Pointer(inner) => format!("*{}", type_text(inner)),
        TypeKind::Tuple(parts) => format!("({})", list(parts)),
        TypeKind::List(inner) => format!("[{}]", type_text(inner)),
        TypeKind::Dyn(of) => format!("dyn {}", bounds(of)),
        TypeKind::Impl(of) => format!("impl {}", bounds(of)),
        TypeKind::Function(..) => "fn".to_owned(),
        TypeKind::Projection(_, name) => name.to_string(),
        TypeKind::Unknown => "_".to_owned(),
    }
}

fn path_text(path: &PathType) -> String {
    if path.arguments.is_empty() {
        return path.path.to_string();
    }
    let arguments: Vec<_> = path.arguments.iter().map(type_text).collect();
    format!("{}<{}>", path.path, arguments.join(", "))
}

impl Project {
    /// What a module does that names `to` in that way.
    pub fn verb(&self, kind: EdgeKind, to: &Target) -> &'static str {
        match (kind, to) {
            (EdgeKind::Path(PathKind::Macro), Target::Module(_)) => "includes the file of",
            (EdgeKind::Call, Target::Item(item)) if is_of_trait(self, *item) => "uses",
            _ => kind.verb(),
        }
    }

    /// Whether crates of several packages are in it.
    pub fn has_several_packages(&self) -> bool {
        self.crates.iter().any(|krate| krate.package != self.crates[0].package)
    }

    /// What people call a module: its path, with its crate where the project has several packages. The root of a
    /// crate goes by the crate's name, and that of a program by its file where the library has that name too.
    pub fn module_name(&self, module: ModuleId) -> String {
        self.with_crate(module, self.module(module).path.clone())
    }

    /// The same for a function.
    pub fn function_name(&self, function: FunctionRef) -> String {
        self.with_crate(function.item.module, self.function_path(function))
    }

    fn with_crate(&self, module: ModuleId, path: String) -> String {
        if self.has_several_packages() || path.is_empty() { self.in_crate(module, &path) } else { path }
    }

    /// A path in the crate of a module with the crate's name.
    fn in_crate(&self, module: ModuleId, path: &str) -> String {
        let krate = self.krate(self.module(module).krate);
        if !path.is_empty() {
            return format!("{}::{path}", krate.name);
        }
        let is_library = matches!(krate.kind, TargetKind::Lib | TargetKind::ProcMacro);
        let is_taken = self.crates.iter().any(|other| other.name == krate.name && other.root != krate.root);
        if is_taken && !is_library { self.file(self.module(module).file).path.clone() } else { krate.name.clone() }
    }

    /// What a path in `from` leads to, as people say it; with the crate, if that is another one or the project has
    /// several packages. A block that implements a trait is shown as what it says.
    pub fn shown(&self, from: ModuleId, target: &Target) -> String {
        let (module, path) = match target {
            Target::Module(module) => (*module, self.module(*module).path.clone()),
            Target::Item(item) => match &self.item(*item).kind {
                ItemKind::Impl(ImplItem { of_trait: Some(of_trait), self_type, .. }) => {
                    let module = self.shown(from, &Target::Module(item.module));
                    return format!("impl {} for {} in {module}", path_text(of_trait), type_text(self_type));
                }
                ItemKind::MacroCall(_) => return self.shown(from, &Target::Module(item.module)),
                _ => (item.module, self.item_path(*item)),
            },
            Target::Outside(package, path) if path.is_empty() => return package.to_string(),
            Target::Outside(package, path) => return format!("{package}::{path}"),
            Target::Unknown => return "?".to_owned(),
        };
        let is_own = self.module(module).krate == self.module(from).krate;
        if is_own { self.with_crate(module, path) } else { self.in_crate(module, &path) }
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
        let from = self.module_name(edge.from);
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
