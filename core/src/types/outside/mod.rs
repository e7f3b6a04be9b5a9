//! What well-known outside types have: signatures written as Rust, read by the parser as any file.
//!
//! The table is `std.txt`, beside this file. Its modules are numbered like those of a project,
//! from [`FIRST`] on, so that whatever looks into items looks into both.

use crate::facts::{FileFacts, Item, ItemKind, Scope, ScopeId};
use crate::link::{ItemRef, ModuleId};
use crate::parse::{Need, Parsed, parse_file};
use crate::source::LineIndex;
use rustc_hash::FxHashMap;
use smol_str::{SmolStr, format_smolstr};
use std::sync::LazyLock;

/// The number of the first module of the table: no project has as many.
const FIRST: u32 = 1 << 31;

/// The table of outside signatures.
#[derive(Debug, Default)]
pub(super) struct Library {
    facts: FileFacts,
    /// The package and path of each module.
    homes: Vec<(SmolStr, SmolStr)>,
    packages: FxHashMap<SmolStr, Package>,
    /// What every module sees, with the path it stands for: `Some` is `option::Option::Some`.
    prelude: FxHashMap<SmolStr, SmolStr>,
}

/// The items of a package.
#[derive(Debug, Default)]
struct Package {
    by_path: FxHashMap<SmolStr, ItemRef>,
    /// By their last name; `None` where several share it.
    by_name: FxHashMap<SmolStr, Option<ItemRef>>,
}

impl Library {
    /// The table, which is read when it is first asked for.
    pub(super) fn standard() -> &'static Self {
        static STANDARD: LazyLock<Library> = LazyLock::new(Library::read);
        &STANDARD
    }

    fn read() -> Self {
        let text = include_str!("std.txt");
        match parse_file(text, &LineIndex::new(text), Need::Outline) {
            Parsed::Facts(facts) => Self::new(facts),
            // A test reads the table, so this is for the compiler alone.
            _ => Self::default(),
        }
    }

    fn new(facts: FileFacts) -> Self {
        let homes = vec![(SmolStr::default(), SmolStr::default()); facts.scopes.len()];
        let mut library = Self { facts, homes, ..Self::default() };
        library.enter(ScopeId::ROOT);
        library
    }

    fn enter(&mut self, scope: ScopeId) {
        let (package, path) = self.homes[scope.0 as usize].clone();
        let mut inner = Vec::new();
        for (index, item) in self.facts.scope(scope).items.iter().enumerate() {
            let own = if path.is_empty() { item.name.clone() } else { format_smolstr!("{path}::{}", item.name) };
            match &item.kind {
                ItemKind::Module(module) => {
                    let home =
                        if package.is_empty() { (item.name.clone(), path.clone()) } else { (package.clone(), own) };
                    inner.extend(module.inline.map(|inline| (inline, home)));
                }
                ItemKind::Impl(_) => {}
                _ => {
                    let item_ref = ItemRef { module: ModuleId(FIRST + scope.0), index: index as u32 };
                    let of = self.packages.entry(package.clone()).or_default();
                    of.by_path.insert(own, item_ref);
                    let named = of.by_name.entry(item.name.clone());
                    named.and_modify(|known| *known = None).or_insert(Some(item_ref));
                }
            }
        }
        if path == "prelude" {
            let imports = &self.facts.scope(scope).imports;
            let named = imports.iter().filter_map(|import| Some((import.name.clone()?, import.path.clone())));
            self.prelude.extend(named);
        }
        for (inline, home) in inner {
            self.homes[inline.0 as usize] = home;
            self.enter(inline);
        }
    }

    /// Whether an item belongs to the table rather than to the project.
    pub(super) const fn has(item: ItemRef) -> bool {
        item.module.0 >= FIRST
    }

    /// An item of the table.
    pub(super) fn item(&self, item: ItemRef) -> Option<&Item> {
        self.scope(item.module).items.get(item.index as usize)
    }

    fn scope(&self, module: ModuleId) -> &Scope {
        self.facts.scope(ScopeId(module.0.wrapping_sub(FIRST)))
    }

    /// The `impl` blocks.
    pub(super) fn impls(&self) -> impl Iterator<Item = ItemRef> {
        self.facts.scopes.iter().enumerate().flat_map(|(number, scope)| {
            let blocks = scope.items.iter().enumerate().filter(|(_, item)| matches!(item.kind, ItemKind::Impl(_)));
            blocks.map(move |(index, _)| ItemRef { module: ModuleId(FIRST + number as u32), index: index as u32 })
        })
    }

    /// The package and path of an item.
    pub(super) fn address(&self, item: ItemRef) -> (SmolStr, SmolStr) {
        let name = self.item(item).map(|item| item.name.clone()).unwrap_or_default();
        let home = self.homes.get(item.module.0.wrapping_sub(FIRST) as usize).cloned();
        match home {
            Some((package, path)) if path.is_empty() => (package, name),
            Some((package, path)) => (package, format_smolstr!("{path}::{name}")),
            None => (SmolStr::default(), name),
        }
    }

    /// The item at a path of a package, also where the crate lets it out under another path.
    pub(super) fn find(&self, package: &str, path: &str) -> Option<ItemRef> {
        let of = self.packages.get(package)?;
        if let Some(found) = of.by_path.get(path) {
            return Some(*found);
        }
        let name = crate::facts::types::last_segment(path);
        // Functions go by their full path: `read` and `new` mean something else in each module.
        let found = of.by_name.get(name).copied().flatten()?;
        self.item(found).is_some_and(|item| !matches!(item.kind, ItemKind::Function(_))).then_some(found)
    }

    /// The path in the standard library of a name that every module sees.
    pub(super) fn prelude(&self, name: &str) -> Option<&SmolStr> {
        self.prelude.get(name)
    }

    /// What a path in the table leads to.
    pub(super) fn resolve(&self, module: ModuleId, path: &str) -> Option<ItemRef> {
        let (package, home) = self.homes.get(module.0.wrapping_sub(FIRST) as usize)?;
        if !path.contains("::") {
            let own = if home.is_empty() { path.into() } else { format_smolstr!("{home}::{path}") };
            let own = self.packages.get(package).and_then(|of| of.by_path.get(&own).copied());
            let prelude = || self.prelude(path).and_then(|path| self.find("std", path));
            let anywhere = || self.packages.get("std").and_then(|of| of.by_name.get(path).copied().flatten());
            return own.or_else(prelude).or_else(anywhere);
        }
        let (first, rest) = path.split_once("::")?;
        let inside = |package: &str, path: &str| self.packages.get(package)?.by_path.get(path).copied();
        inside(package, path).or_else(|| inside("std", path)).or_else(|| inside(first, rest))
    }
}

#[cfg(test)]
impl Library {
    /// The paths in the table that lead nowhere.
    pub(super) fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for (number, scope) in self.facts.scopes.iter().enumerate() {
            let module = ModuleId(FIRST + number as u32);
            let parameters: Vec<&str> = scope.items.iter().flat_map(names_of_parameters).collect();
            for used in &scope.paths {
                let first = used.path.split("::").next().unwrap_or_default();
                let generic = first == "Self" || parameters.contains(&first) || first.len() == 1;
                let value = used.kind == crate::facts::PathKind::Expression;
                if !generic
                    && !value
                    && !super::lower::is_primitive(first)
                    && self.resolve(module, &used.path).is_none()
                {
                    faults.push(format!("{} in {:?}", used.path, self.homes[number]));
                }
            }
        }
        faults
    }
}

#[cfg(test)]
fn names_of_parameters(item: &Item) -> Vec<&str> {
    match &item.kind {
        ItemKind::Impl(block) => block.generics.parameters.iter().map(|(name, _)| name.as_str()).collect(),
        ItemKind::Struct(declared) => declared.generics.parameters.iter().map(|(name, _)| name.as_str()).collect(),
        _ => Vec::new(),
    }
}

/// The package whose signatures the table holds for another one.
pub(super) fn package(name: &str) -> SmolStr {
    match name {
        "core" | "alloc" => SmolStr::new_static("std"),
        "futures-util" | "futures-core" | "futures-lite" | "tokio-stream" => SmolStr::new_static("futures"),
        "color-eyre" => SmolStr::new_static("eyre"),
        _ => name.into(),
    }
}
