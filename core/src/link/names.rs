//! What a name means: resolution of paths through modules, imports, re-exports and crates.
//!
//! Each module has a table of the names it declares and imports. A path is followed segment by
//! segment; an import is followed to what it imports, and the module it stands in is remembered,
//! because whoever reaches an item through a re-export depends on the re-exporting module too.
//! Names of items shadow those of globs, as in the language. What cannot be known without types
//! or macro expansion stays [`Target::Unknown`]: nothing is guessed.

use super::Project;
use super::tree::{ExternCrate, ModuleId};
use crate::facts::{Import, ImportKind, ItemKind, PathKind};
use crate::manifest::Edition;
use crate::source::Place;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

/// An item: the module whose scope lists it, and its position there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemRef {
    /// The module.
    pub module: ModuleId,
    /// The position in the module's scope.
    pub index: u32,
}

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A module of the project.
    Module(ModuleId),
    /// An item of the project; a variant or an associated item leads to the item it belongs to.
    Item(ItemRef),
    /// Something of an outside crate: the package's name, and the path behind it.
    Outside(SmolStr, SmolStr),
    /// A name that the project does not declare: a local, a generic parameter, the language's own.
    Unknown,
}

/// A path that was followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// Where it leads.
    pub target: Target,
    /// The re-exports on the way, each with the module that has it and the place of the `use`.
    pub through: Vec<(ModuleId, Place)>,
}

/// The two kinds of names that a path's last segment may have, in the order in which to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    /// Types, traits and modules.
    Types,
    /// Functions, constants and statics.
    Values,
    /// Macros.
    Macros,
}

impl Space {
    /// Where a path of that kind looks first.
    pub const fn of(kind: PathKind) -> Self {
        match kind {
            PathKind::Expression | PathKind::Pattern => Self::Values,
            PathKind::Macro => Self::Macros,
            _ => Self::Types,
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Entry {
    Item(u32),
    Import(u32),
    Child(ModuleId),
}

#[derive(Debug, Default)]
struct Table {
    named: FxHashMap<SmolStr, Vec<Entry>>,
    globs: Vec<u32>,
}

/// The name tables of all modules.
#[derive(Debug, Default)]
pub(super) struct Tables {
    modules: Vec<Table>,
    /// Macros that `#[macro_export]` or textual scope makes visible in a whole crate.
    macros: FxHashMap<(u32, SmolStr), ItemRef>,
}

/// Answers what a name means in a project.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    project: &'a Project,
}

/// How many imports one path may lead through: more is a cycle that the compiler would reject.
const MOST_HOPS: usize = 64;

impl Tables {
    /// Makes the tables of all modules.
    pub(super) fn new(project: &Project) -> Self {
        let mut tables = Self::default();
        for (id, module) in project.modules() {
            let scope = project.scope(id);
            let mut table = Table::default();
            for (index, item) in scope.items.iter().enumerate() {
                let index = index as u32;
                match &item.kind {
                    ItemKind::Impl(_) | ItemKind::Module(_) => {}
                    ItemKind::MacroRules(_) => {
                        tables.macros.insert((module.krate.0, item.name.clone()), ItemRef { module: id, index });
                    }
                    _ => table.add(&item.name, Entry::Item(index)),
                }
            }
            for (name, child) in &module.children {
                table.add(name, Entry::Child(*child));
            }
            for (index, import) in scope.imports.iter().enumerate() {
                match (&import.name, import.kind) {
                    (_, ImportKind::Glob) => table.globs.push(index as u32),
                    (Some(name), _) => table.add(name, Entry::Import(index as u32)),
                    (None, _) => {}
                }
            }
            tables.modules.push(table);
        }
        tables
    }
}

impl Table {
    fn add(&mut self, name: &SmolStr, entry: Entry) {
        self.named.entry(name.clone()).or_default().push(entry);
    }
}

impl<'a> Names<'a> {
    pub(super) const fn new(project: &'a Project) -> Self {
        Self { project }
    }

    /// Follows `path`, which stands in `module`, as far as the project's names go.
    pub fn resolve(&self, module: ModuleId, path: &str, space: Space) -> Resolved {
        let mut walk = Walk { names: *self, through: Vec::new(), hops: 0, busy: Vec::new() };
        let target = walk.path(module, path, space, None).unwrap_or(Target::Unknown);
        Resolved { target, through: walk.through }
    }

    /// Follows an import that stands in `module`.
    pub fn import(&self, module: ModuleId, index: usize) -> Resolved {
        let mut walk = Walk { names: *self, through: Vec::new(), hops: 0, busy: Vec::new() };
        let import = &self.project.scope(module).imports[index];
        let target = walk.import_target(module, index as u32, import, Space::Types).unwrap_or(Target::Unknown);
        Resolved { target, through: walk.through }
    }

    /// The item that a type path leads to, through aliases.
    pub fn type_item(&self, module: ModuleId, path: &str) -> Target {
        let mut at = (module, SmolStr::from(path));
        for _ in 0..MOST_HOPS {
            let Target::Item(item) = self.resolve(at.0, &at.1, Space::Types).target else {
                return self.resolve(at.0, &at.1, Space::Types).target;
            };
            let ItemKind::Alias(alias) = &self.project.item(item).kind else { return Target::Item(item) };
            let Some(next) = alias.ty.path() else { return Target::Item(item) };
            at = (item.module, next.path.clone());
        }
        Target::Unknown
    }
}

/// The `impl` blocks of each type, in the order of modules.
pub(super) fn impls(project: &Project) -> FxHashMap<ItemRef, Vec<ItemRef>> {
    let mut impls: FxHashMap<ItemRef, Vec<ItemRef>> = FxHashMap::default();
    for (id, _) in project.modules() {
        for (index, item) in project.scope(id).items.iter().enumerate() {
            if let ItemKind::Impl(block) = &item.kind
                && !item.test
                && let Some(path) = block.self_type.referent().path()
                && let Target::Item(target) = project.names().type_item(id, &path.path)
            {
                impls.entry(target).or_default().push(ItemRef { module: id, index: index as u32 });
            }
        }
    }
    impls
}

/// One walk along a path.
struct Walk<'a> {
    names: Names<'a>,
    through: Vec<(ModuleId, Place)>,
    hops: usize,
    /// The imports being followed: meeting one again is a cycle.
    busy: Vec<(ModuleId, u32)>,
}

impl Walk<'_> {
    /// Follows a path; `importing` is the import it belongs to, which must not find itself.
    fn path(&mut self, module: ModuleId, path: &str, space: Space, importing: Option<u32>) -> Option<Target> {
        let (absolute, path) = match path.strip_prefix("::") {
            Some(rest) => (true, rest),
            None => (false, path),
        };
        let (first, rest) = path.split_once("::").map_or((path, ""), |(first, rest)| (first, rest));
        let first_space = if rest.is_empty() { space } else { Space::Types };
        let start =
            if absolute { self.absolute(module, first)? } else { self.first(module, first, first_space, importing)? };
        self.follow(module, start, rest, space)
    }

    /// Follows the segments behind what is already known.
    fn follow(&mut self, from: ModuleId, start: Target, rest: &str, space: Space) -> Option<Target> {
        let mut at = start;
        let mut rest = rest;
        while !rest.is_empty() {
            let (segment, tail) = rest.split_once("::").unwrap_or((rest, ""));
            let segment_space = if tail.is_empty() { space } else { Space::Types };
            at = match at {
                Target::Module(module) if segment == "super" => {
                    Target::Module(self.names.project.module(module).parent?)
                }
                Target::Module(module) if segment == "self" => Target::Module(module),
                Target::Module(module) => self.member(module, segment, segment_space, Some(from))?,
                // A variant, an associated item: the item it belongs to is as far as names go.
                Target::Item(item) => return Some(Target::Item(item)),
                Target::Outside(package, path) => {
                    let path = if path.is_empty() { rest.into() } else { format!("{path}::{rest}").into() };
                    return Some(Target::Outside(package, path));
                }
                Target::Unknown => return None,
            };
            rest = tail;
        }
        Some(at)
    }

    fn absolute(&mut self, module: ModuleId, first: &str) -> Option<Target> {
        let krate = self.names.project.krate(self.names.project.module(module).krate);
        self.extern_crate(module, first).or_else(|| {
            // Until 2018 a leading `::` was the crate's own root.
            (krate.edition == Edition::E2015)
                .then(|| self.member(krate.root, first, Space::Types, Some(module)))
                .flatten()
        })
    }

    fn extern_crate(&self, module: ModuleId, name: &str) -> Option<Target> {
        let project = self.names.project;
        let krate = project.krate(project.module(module).krate);
        match krate.externs.get(name)? {
            ExternCrate::Sibling(id) => Some(Target::Module(project.krate(*id).root)),
            ExternCrate::Outside(package) => Some(Target::Outside(package.clone(), SmolStr::default())),
        }
    }

    /// What the first segment of a relative path means.
    fn first(&mut self, module: ModuleId, name: &str, space: Space, importing: Option<u32>) -> Option<Target> {
        let project = self.names.project;
        let here = project.module(module);
        match name {
            "crate" | "$crate" => return Some(Target::Module(project.krate(here.krate).root)),
            "self" => return Some(Target::Module(module)),
            "super" => return here.parent.map(Target::Module),
            _ => {}
        }
        if let Some(found) = self.lookup(module, name, space, importing, None) {
            return Some(found);
        }
        if space == Space::Macros
            && let Some(&item) = self.names.project.tables.macros.get(&(here.krate.0, name.into()))
        {
            return Some(Target::Item(item));
        }
        let krate = project.krate(here.krate);
        // Until 2018 the paths of imports began at the crate's root.
        if krate.edition == Edition::E2015
            && importing.is_some()
            && let Some(found) = self.lookup(krate.root, name, space, importing.filter(|_| module == krate.root), None)
        {
            return Some(found);
        }
        self.extern_crate(module, name)
    }

    /// A name in a module that a path has reached from outside.
    fn member(&mut self, module: ModuleId, name: &str, space: Space, from: Option<ModuleId>) -> Option<Target> {
        if let Some(found) = self.lookup(module, name, space, None, from) {
            return Some(found);
        }
        let here = self.names.project.module(module);
        let exported = self.names.project.tables.macros.get(&(here.krate.0, name.into()))?;
        (here.parent.is_none()).then_some(Target::Item(*exported))
    }

    /// A name in a module's table: declared names first, then globs.
    fn lookup(
        &mut self,
        module: ModuleId,
        name: &str,
        space: Space,
        importing: Option<u32>,
        from: Option<ModuleId>,
    ) -> Option<Target> {
        let names = self.names;
        let table = &names.project.tables.modules[module.0 as usize];
        let mut second = None;
        for &entry in table.named.get(name).into_iter().flatten() {
            match entry {
                Entry::Child(child) => {
                    let target = Target::Module(child);
                    if space == Space::Types {
                        return Some(target);
                    }
                    second = second.or(Some(target));
                }
                Entry::Item(index) => {
                    let item = ItemRef { module, index };
                    let target = Target::Item(item);
                    if fits(&names.project.item(item).kind, space) {
                        return Some(target);
                    }
                    second = second.or(Some(target));
                }
                Entry::Import(index) if Some(index) == importing => {}
                Entry::Import(index) => {
                    let import = &names.project.scope(module).imports[index as usize];
                    if let Some(found) = self.hop(module, index, import, space, from) {
                        return Some(found);
                    }
                }
            }
        }
        if second.is_some() {
            return second;
        }
        for &index in &table.globs {
            if Some(index) == importing {
                continue;
            }
            let import = &names.project.scope(module).imports[index as usize];
            if let Some(found) = self.glob(module, index, import, name, space, from) {
                return Some(found);
            }
        }
        None
    }

    /// Follows an import that a name was found in, and remembers it as a hop.
    fn hop(
        &mut self,
        module: ModuleId,
        index: u32,
        import: &Import,
        space: Space,
        from: Option<ModuleId>,
    ) -> Option<Target> {
        if self.busy.contains(&(module, index)) || self.hops >= MOST_HOPS {
            return None;
        }
        self.hops += 1;
        self.busy.push((module, index));
        let before = self.through.len();
        if from.is_some() {
            self.through.push((module, self.names.project.place(module, import.span)));
        }
        let found = self.import_target(module, index, import, space);
        if found.is_none() {
            self.through.truncate(before);
        }
        self.busy.pop();
        found
    }

    fn import_target(&mut self, module: ModuleId, index: u32, import: &Import, space: Space) -> Option<Target> {
        if import.kind == ImportKind::ExternCrate {
            return match import.path.as_str() {
                "crate" => Some(Target::Module(self.names.project.krate(self.names.project.module(module).krate).root)),
                name => self.extern_crate(module, name),
            };
        }
        self.path(module, &import.path, space, Some(index))
    }

    /// Looks a name up in what a glob import opens.
    fn glob(
        &mut self,
        module: ModuleId,
        index: u32,
        import: &Import,
        name: &str,
        space: Space,
        from: Option<ModuleId>,
    ) -> Option<Target> {
        if self.busy.contains(&(module, index)) || self.hops >= MOST_HOPS {
            return None;
        }
        self.hops += 1;
        self.busy.push((module, index));
        let before = self.through.len();
        if from.is_some() {
            self.through.push((module, self.names.project.place(module, import.span)));
        }
        let opened = self.path(module, &import.path, Space::Types, Some(index));
        let found = match opened {
            Some(Target::Module(target)) if target != module => self.lookup(target, name, space, None, Some(module)),
            Some(Target::Item(item)) => match &self.names.project.item(item).kind {
                ItemKind::Enum(item_enum) if item_enum.variants.iter().any(|variant| variant.name == name) => {
                    Some(Target::Item(item))
                }
                _ => None,
            },
            // What an outside crate exports is not known: no name is taken to come from it.
            _ => None,
        };
        if found.is_none() {
            self.through.truncate(before);
        }
        self.busy.pop();
        found
    }
}

/// Whether an item lives in that space; a struct is a type and, as a constructor, a value.
fn fits(kind: &ItemKind, space: Space) -> bool {
    match space {
        Space::Types => matches!(
            kind,
            ItemKind::Struct(_) | ItemKind::Enum(_) | ItemKind::Trait(_) | ItemKind::Alias(_) | ItemKind::Module(_)
        ),
        Space::Values => matches!(
            kind,
            ItemKind::Function(_)
                | ItemKind::Constant(_)
                | ItemKind::Static(_)
                | ItemKind::Struct(_)
                | ItemKind::Enum(_)
        ),
        Space::Macros => matches!(kind, ItemKind::MacroRules(_)),
    }
}
