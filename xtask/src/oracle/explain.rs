//! Why an edge is known to one side alone: where the two look at different things.
//!
//! An edge is explained if every place of it is. What is said of a place is worked out from the facts
//! and not looked up in a list, so it holds for any project.

use super::Pair;
use super::dot::{Dot, around};
use super::ours::Ours;
use super::signature::{collect, functions, has_defaults, is_alias, item_of, read_types, stands_for};
use baton_core::facts::types::last_segment;
use baton_core::facts::{Function, ImplItem, ImportKind, Item, ItemKind, PathKind, PathType, PathUse, Type};
use baton_core::link::{Edge, EdgeKind, ItemRef, ModuleId, Space, Target};
use baton_core::source::{Place, Span};
use std::collections::{BTreeMap, BTreeSet};

const IN_BODIES: &str = "the oracle does not read bodies";
const IN_MACROS: &str = "the oracle does not read macro calls and attributes";
const IN_BOUNDS: &str = "the oracle does not read bounds";
const IN_HEADS: &str = "the oracle does not read what an `impl` block is of and for";
const IN_TRAITS: &str = "the oracle does not read the insides of traits";
const IN_VALUES: &str = "the oracle does not read constants and statics";
const IN_FUTURES: &str = "the oracle does not read what an `async` function yields";
const IN_UNKNOWN: &str = "among the arguments of a type from a package that the oracle has not resolved";
const OUTSIDE_IMPLS: &str = "the oracle leaves out `impl` blocks for outside types, references and parameters";
const NO_NODE: &str = "the oracle has no constants, statics, variants and macros";
const NAMELESS: &str = "the oracle does not see `use … as _`";
const GLOB: &str = "a glob: the oracle names the modules of what it brings in";
const OTHER_CFG: &str = "under a `cfg` that the oracle's build does not have";
const ALIAS: &str = "an alias: the oracle names the module of what it stands for";
const MODULE_OF_TYPE: &str = "the oracle takes the module of a type for that of its `impl` blocks";
const BY_GLOB: &str = "a glob brings it in, and nothing there names it";
const BY_ALIAS: &str = "an alias stands for it: Baton's edges lead there over the alias";
const UNKNOWN_MODULE: &str = "a macro makes the module, or gives its file";
const MADE: &str = "a derive or another macro makes what uses it, which only the compiler runs";
const LEFT_OUT: &str =
    "the oracle leaves out test modules, with what is under `cfg(not(…))`, and gives their edges to the module around";
const NO_MODULE: &str = "the oracle names no module for `impl` blocks of outside types and parameters";
const IN_CALL: &str = "inside of a macro call, which may put a `cfg` on it";
const ABSENT: &str = "the oracle leaves out the module or item, by its `cfg` or its kind";
const BY_DEFAULT: &str = "a parameter's default stands for it: Baton's edges lead there over the type";
const SAME_PATH: &str = "a function has the path of that module: Baton's edge begins at the module around";
const ASSOCIATED: &str = "an associated type: the oracle names the trait that declares it, and nothing there does";

/// Attributes that make nothing.
const PLAIN: &[&str] = &["allow", "cfg", "deprecated", "doc", "expect", "must_use", "non_exhaustive", "repr"];

/// Knows both sides.
pub(super) struct Explainer<'a> {
    ours: &'a Ours<'a>,
    oracle: &'a Dot,
    /// The edges of the oracle.
    theirs: &'a BTreeMap<Pair, Vec<Pair>>,
}

impl<'a> Explainer<'a> {
    pub(super) const fn new(ours: &'a Ours<'a>, oracle: &'a Dot, theirs: &'a BTreeMap<Pair, Vec<Pair>>) -> Self {
        Self { ours, oracle, theirs }
    }

    /// Why Baton has no edge that the oracle has, made up of those `uses`.
    pub(super) fn missed(&self, pair: &Pair, uses: &[Pair]) -> Option<&'static str> {
        let reasons: Option<Vec<_>> = uses.iter().map(|used| self.missed_use(pair, used)).collect();
        reasons?.into_iter().next()
    }

    fn missed_use(&self, pair: &Pair, (user, used): &Pair) -> Option<&'static str> {
        let (from, to) = pair;
        let known = |path: &str| around(path).find(|path| self.ours.modules.contains_key(*path)).map(str::to_owned);
        if !self.ours.modules.contains_key(from) || !self.ours.modules.contains_key(to) {
            return Some(UNKNOWN_MODULE);
        }
        let mut targets = vec![to.clone(), known(used).unwrap_or_else(|| to.clone())];
        if used == to {
            targets.extend(self.left_out(to).cloned());
        }
        let mut sources = vec![known(user).unwrap_or_else(|| from.clone())];
        if user == from {
            sources.extend(self.left_out(from).cloned());
        }
        let pairs = sources.iter().flat_map(|source| targets.iter().map(move |target| (source, target)));
        if pairs
            .filter(|found| *found != (from, to))
            .any(|(source, target)| source == target || self.has(source, target) || self.tests(source, target))
        {
            return Some(LEFT_OUT);
        }
        if user == from && self.has_namesake(from, to) {
            return Some(SAME_PATH);
        }
        if user == from && self.has_by_glob(from, last_segment(used), to) {
            return Some(BY_GLOB);
        }
        let mut modules = vec![from.clone()];
        if let Some(of) = self.oracle.type_of(user) {
            let elsewhere: Vec<_> = self.impl_modules(of).into_iter().filter(|module| module != from).collect();
            if elsewhere.iter().any(|module| module == to || self.has(module, to)) {
                return Some(MODULE_OF_TYPE);
            }
            modules.extend(elsewhere);
        } else {
            let blocks = self.outside_impls(user);
            if blocks.iter().any(|module| module == to || self.has(module, to)) {
                return Some(NO_MODULE);
            }
        }
        if modules.iter().any(|module| self.leads_over(module, to, is_alias)) {
            return Some(BY_ALIAS);
        }
        if modules.iter().any(|module| self.leads_over(module, to, has_defaults)) {
            return Some(BY_DEFAULT);
        }
        let declared = self.declared(user);
        if declared.iter().any(|place| self.has_associated(*place, used, to)) {
            return Some(ASSOCIATED);
        }
        (self.is_made(user) || self.is_made_besides(user, &declared, to)).then_some(MADE)
    }

    /// Whether a function beside a module has its name, and the module around names `to`.
    fn has_namesake(&self, module: &str, to: &str) -> bool {
        let Some((around, name)) = module.rsplit_once("::") else { return false };
        let mut items = self.ids(around).flat_map(|id| &self.ours.project.scope(id).items);
        let is_function = |item: &Item| item.name == name && matches!(item.kind, ItemKind::Function(_));
        items.any(is_function) && (around == to || self.has(around, to))
    }

    /// Where files hold an item, or a method of a type, of that path.
    fn declared(&self, path: &str) -> Vec<(ModuleId, Span)> {
        let project = self.ours.project;
        let Some((around, name)) = path.rsplit_once("::") else { return Vec::new() };
        let items = |module: ModuleId| project.scope(module).items.iter().map(move |item| (module, item));
        if self.ours.modules.contains_key(around) {
            let named = self.ids(around).flat_map(items).filter(|(_, item)| item.name == name);
            return named.map(|(module, item)| (module, item.span)).collect();
        }
        let mut found = Vec::new();
        for (module, item) in self.ours.modules.values().flatten().flat_map(|module| items(*module)) {
            let ItemKind::Impl(block) = &item.kind else { continue };
            if block.self_type.referent().path().is_some_and(|of| of.last() == last_segment(around)) {
                let named = block.functions.iter().filter(|function| function.name == name);
                found.extend(named.map(|function| (module, function.span)));
            }
        }
        found
    }

    /// The paths that are written at a place.
    fn paths_at(&self, (module, place): (ModuleId, Span)) -> impl Iterator<Item = &PathUse> {
        self.ours.project.scope(module).paths.iter().filter(move |path| place.contains(path.span))
    }

    /// Whether a place names, behind a parameter, a type that the trait `used` of `to` declares.
    fn has_associated(&self, place: (ModuleId, Span), used: &str, to: &str) -> bool {
        let project = self.ours.project;
        let items = self.ids(to).flat_map(|id| &project.scope(id).items);
        let types = items.filter(|item| item.name == last_segment(used)).filter_map(|item| match &item.kind {
            ItemKind::Trait(inner) => Some(&inner.types),
            _ => None,
        });
        let types: Vec<_> = types.flatten().map(|(name, _)| name).collect();
        self.paths_at(place).any(|path| {
            let behind = path.path.split_once("::").map(|(_, rest)| rest);
            let is_unknown = || {
                let target = project.names().resolve_at(place.0, &path.path, Space::Types, path.span).target;
                target == Target::Unknown
            };
            behind.is_some_and(|rest| types.iter().any(|name| **name == rest)) && is_unknown()
        })
    }

    /// Whether a derive or an attribute makes a method beside those that are `declared`, because none
    /// of them names anything of `to`.
    fn is_made_besides(&self, path: &str, declared: &[(ModuleId, Span)], to: &str) -> bool {
        let project = self.ours.project;
        let Some((module, name)) = self.oracle.type_of(path).and_then(|of| of.rsplit_once("::")) else { return false };
        let mut items = self.ids(module).flat_map(|id| &project.scope(id).items).filter(|item| item.name == name);
        let names_it = |place: &(ModuleId, Span)| {
            self.paths_at(*place).any(|path| {
                let target = project.names().resolve_at(place.0, &path.path, Space::Types, path.span).target;
                self.leads_to(&target, to)
            })
        };
        items.any(|item| item.attribute("derive").is_some()) && !declared.iter().any(names_it)
    }

    /// Whether no file holds an item, or a method of a type, of that path.
    fn is_made(&self, path: &str) -> bool {
        let project = self.ours.project;
        let Some((around, name)) = path.rsplit_once("::") else { return false };
        if self.ours.modules.contains_key(path) {
            return false;
        }
        if self.ours.modules.contains_key(around) {
            return !self.ids(around).flat_map(|id| &project.scope(id).items).any(|item| item.name == name);
        }
        let declares = |item: &Item| match &item.kind {
            ItemKind::Impl(block) => {
                block.self_type.referent().path().is_some_and(|of| of.last() == last_segment(around))
                    && (block.functions.iter().any(|function| function.name == name)
                        || block.types.iter().any(|(of, _)| of == name))
            }
            ItemKind::Trait(inner) => {
                item.name == last_segment(around) && inner.functions.iter().any(|function| function.name == name)
            }
            _ => false,
        };
        let modules = self.ours.modules.values().flatten();
        !modules.flat_map(|id| &project.scope(*id).items).any(declares) && self.may_be_made(around)
    }

    /// Whether something may make methods of a type: it has a derive or an attribute, a macro call stands
    /// beside it or names it, no file holds it, or it is an outside one.
    fn may_be_made(&self, of: &str) -> bool {
        let project = self.ours.project;
        let Some((module, name)) = of.rsplit_once("::").filter(|_| self.oracle.types.contains(of)) else { return true };
        let has_macro = |item: &Item| {
            let mut attributes = item.attributes.iter().map(|attribute| attribute.path.as_str());
            item.name == name && attributes.any(|attribute| !PLAIN.contains(&attribute))
        };
        let is_held = self.ids(module).flat_map(|id| &project.scope(id).items).any(|item| item.name == name);
        !is_held
            || self.ours.modules.iter().any(|(path, ids)| {
                ids.iter().flat_map(|id| &project.scope(*id).items).any(|item| match &item.kind {
                    ItemKind::MacroCall(call) => path == module || call.names.iter().any(|given| given == name),
                    _ => path == module && has_macro(item),
                })
            })
    }

    /// Whether a test module is one of two, and the first names the second.
    fn tests(&self, from: &str, to: &str) -> bool {
        let is_test = |path: &str| self.ours.test_modules.contains(path);
        (is_test(from) || is_test(to)) && self.ours.test_pairs.contains(&(from.to_owned(), to.to_owned()))
    }

    /// The modules inside of one that the oracle does not have.
    fn left_out(&self, around: &str) -> impl Iterator<Item = &String> {
        let inside = move |path: &&String| path.strip_prefix(around).is_some_and(|rest| rest.starts_with("::"));
        let modules = self.ours.modules.keys().chain(&self.ours.test_modules);
        modules.filter(inside).filter(|path| !self.oracle.modules.contains(*path))
    }

    /// The modules with `impl` blocks for outside types of that method's type, by its name, or for
    /// parameters where the oracle has no name for the method.
    fn outside_impls(&self, method: &str) -> BTreeSet<String> {
        let project = self.ours.project;
        let of = method.rsplit("::").nth(1);
        let mut found = BTreeSet::new();
        for (path, ids) in &self.ours.modules {
            let items = ids.iter().flat_map(|id| project.scope(*id).items.iter().map(move |item| (*id, item)));
            for (id, item) in items {
                let ItemKind::Impl(block) = &item.kind else { continue };
                let named = block.self_type.referent().path();
                let name = named.map(PathType::last);
                let is_it = match of {
                    Some(of) => name == Some(of) || named.is_some_and(|named| self.is_alias_of(id, named, of)),
                    None => name.is_none_or(|name| block.generics.has(name)),
                };
                if is_it {
                    found.insert(path.clone());
                }
            }
        }
        found
    }

    /// Whether a path leads to an alias of a type of that name.
    fn is_alias_of(&self, module: ModuleId, path: &PathType, name: &str) -> bool {
        let project = self.ours.project;
        let target = project.names().resolve(module, &path.path, Space::Types).target;
        let alias = item_of(&target).map(|item| &project.item(item).kind);
        matches!(alias, Some(ItemKind::Alias(inner)) if inner.ty.path().is_some_and(|path| path.last() == name))
    }

    fn has(&self, from: &str, to: &str) -> bool {
        self.ours.pairs.contains_key(&(from.to_owned(), to.to_owned()))
    }

    /// Whether a glob of the module `from` gives it the name of an item of `to`, and no path there uses it.
    fn has_by_glob(&self, from: &str, name: &str, to: &str) -> bool {
        let project = self.ours.project;
        let is_named = |id: ModuleId| {
            let paths = project.scope(id).paths.iter().filter(|path| !path.test);
            let mut named = paths.filter(|path| path.path.split("::").next() == Some(name));
            named.any(|path| {
                let target = project.names().resolve_at(id, &path.path, Space::of(path.kind), path.span).target;
                self.leads_to(&target, to)
            })
        };
        self.ids(from).any(|id| {
            let globs = project.scope(id).imports.iter().any(|import| import.kind == ImportKind::Glob);
            let spaces = [Space::Types, Space::Values, Space::Macros];
            globs
                && !is_named(id)
                && spaces.iter().any(|space| self.leads_to(&project.names().resolve(id, name, *space).target, to))
        })
    }

    fn leads_to(&self, target: &Target, module: &str) -> bool {
        let found = match target {
            Target::Module(found) => *found,
            Target::Item(item) => item.module,
            _ => return false,
        };
        self.ours.path(found) == module
    }

    fn ids(&self, module: &str) -> impl Iterator<Item = ModuleId> {
        self.ours.modules.get(module).into_iter().flatten().copied()
    }

    /// The modules in which `impl` blocks of a type stand; it may be one that a macro call makes.
    fn impl_modules(&self, of: &str) -> BTreeSet<String> {
        let project = self.ours.project;
        let Some((module, name)) = of.rsplit_once("::") else { return BTreeSet::new() };
        let mut found = BTreeSet::new();
        for id in self.ours.modules.values().flatten() {
            let blocks = project.scope(*id).items.iter().filter_map(|item| match &item.kind {
                ItemKind::Impl(block) => block.self_type.path().filter(|path| path.last() == name),
                _ => None,
            });
            let mut targets = blocks.map(|path| project.names().type_item(*id, &path.path));
            if targets.any(|target| self.is_call(&target) && self.leads_to(&target, module)) {
                found.insert(self.ours.path(*id));
            }
        }
        for id in self.ids(module) {
            let items = project.scope(id).items.iter().enumerate().filter(|(_, item)| item.name == name);
            for (index, _) in items {
                let item = ItemRef { module: id, index: index as u32 };
                found.extend(project.impls(item).map(|(block, _)| self.ours.path(block.module)));
            }
        }
        found
    }

    /// Whether `from` names an item of some kind that stands for something of `to`, over other aliases
    /// and defaults or not.
    fn leads_over(&self, from: &str, to: &str, is_it: fn(&Item) -> bool) -> bool {
        let project = self.ours.project;
        let named = self.ours.pairs.iter().filter(|((of, _), _)| of == from).flat_map(|(_, edges)| edges);
        let items = named.filter_map(|edge| item_of(&edge.to));
        let mut open: Vec<ItemRef> = items.filter(|item| is_it(project.item(*item))).collect();
        let mut seen: BTreeSet<ItemRef> = BTreeSet::new();
        while let Some(item) = open.pop() {
            if !seen.insert(item) {
                continue;
            }
            for path in stands_for(project, item) {
                let target = project.names().resolve_at(item.module, &path.path, Space::Types, path.span).target;
                if self.leads_to(&target, to) {
                    return true;
                }
                open.extend(item_of(&target).filter(|item| {
                    let item = project.item(*item);
                    is_alias(item) || has_defaults(item)
                }));
            }
        }
        false
    }

    fn is_call(&self, target: &Target) -> bool {
        item_of(target).is_some_and(|item| matches!(self.ours.project.item(item).kind, ItemKind::MacroCall(_)))
    }

    fn alias(&self, target: &Target) -> Option<ItemRef> {
        match target {
            Target::Item(item) if matches!(self.ours.project.item(*item).kind, ItemKind::Alias(_)) => Some(*item),
            _ => None,
        }
    }

    /// Why the oracle has no edge that Baton has.
    pub(super) fn unconfirmed(&self, pair: &Pair) -> Option<&'static str> {
        if !self.oracle.modules.contains(&pair.0) || !self.oracle.modules.contains(&pair.1) {
            return Some(ABSENT);
        }
        let edges = self.ours.pairs.get(pair)?;
        let reasons: Option<Vec<_>> = edges.iter().map(|edge| self.unconfirmed_place(pair, edge)).collect();
        reasons?.into_iter().next()
    }

    fn unconfirmed_place(&self, pair: &Pair, edge: &Edge) -> Option<&'static str> {
        let reason = match edge.kind {
            EdgeKind::Use | EdgeKind::Reexport => self.of_import(edge),
            EdgeKind::Call | EdgeKind::Path(PathKind::Expression | PathKind::Pattern) => Some(IN_BODIES),
            EdgeKind::Path(PathKind::Macro | PathKind::MacroArgument | PathKind::Attribute) => Some(IN_MACROS),
            EdgeKind::Path(PathKind::Impl) => Some(IN_HEADS),
            EdgeKind::Path(PathKind::Type | PathKind::Bound | PathKind::Alias) => self.of_signature(pair, edge),
        };
        reason
            .or_else(|| self.alias(&edge.to).map(|_| ALIAS))
            .or_else(|| self.is_absent(edge).then_some(ABSENT))
            .or_else(|| self.is_rare(edge).then_some(OTHER_CFG))
            .or_else(|| self.is_in_call(edge).then_some(IN_CALL))
    }

    fn is_in_call(&self, edge: &Edge) -> bool {
        let items = &self.ours.project.scope(edge.from).items;
        items.iter().any(|item| matches!(item.kind, ItemKind::MacroCall(_)) && item.span.contains(edge.place.span))
    }

    /// Whether the oracle does not have what is named.
    fn is_absent(&self, edge: &Edge) -> bool {
        let Target::Item(target) = &edge.to else { return false };
        let item = self.ours.project.item(*target);
        let has = |name: &str| self.oracle.items.contains(&format!("{}::{name}", self.ours.path(target.module)));
        match &item.kind {
            // Which of the names on the path the call makes is known only where that is imported.
            ItemKind::MacroCall(call) => {
                let last = last_segment(&edge.path);
                let is_import = matches!(edge.kind, EdgeKind::Use | EdgeKind::Reexport);
                let is_shown = is_import && call.declares.iter().any(|shown| shown == last);
                if is_shown { !has(last) } else { !edge.path.split("::").any(has) }
            }
            ItemKind::Impl(_) => false,
            _ => !has(&item.name),
        }
    }

    /// Whether the place or a re-export that it leads through asks for more than features.
    fn is_rare(&self, edge: &Edge) -> bool {
        let project = self.ours.project;
        let hop = |(module, place): &(ModuleId, Place)| {
            let mut imports = project.scope(*module).imports.iter().filter(|import| import.span == place.span);
            is_rare(&project.module(*module).cfg) || imports.any(|import| is_rare(&import.cfg))
        };
        is_rare(&edge.cfg(project)) || edge.through().iter().any(hop)
    }

    fn of_import(&self, edge: &Edge) -> Option<&'static str> {
        let project = self.ours.project;
        if edge.item.is_some() {
            return Some(IN_BODIES);
        }
        let imports = &project.scope(edge.from).imports;
        let import = imports.iter().find(|import| import.span == edge.place.span && import.path == edge.path)?;
        match (&import.name, import.kind) {
            (_, ImportKind::Glob) => return Some(GLOB),
            (None, _) => return Some(NAMELESS),
            _ => {}
        }
        let Target::Item(item) = &edge.to else { return None };
        let item = project.item(*item);
        let no_node = match &item.kind {
            ItemKind::Constant(_) | ItemKind::Static(_) | ItemKind::MacroRules(_) => true,
            ItemKind::Enum(of) => of.variants.iter().any(|variant| variant.name == last_segment(&edge.path)),
            _ => false,
        };
        no_node.then_some(NO_NODE)
    }

    /// Why the oracle does not see a type or bound. It reads parameters, results, fields and aliases.
    fn of_signature(&self, pair: &Pair, edge: &Edge) -> Option<&'static str> {
        let project = self.ours.project;
        let owner = edge.item?;
        let item = project.item(owner);
        let place = edge.place.span;
        if item.block.is_some() {
            return Some(IN_BODIES);
        }
        let Some(ty) = read_types(&item.kind).into_iter().find(|ty| ty.span.contains(place)) else {
            return unread(&item.kind, place, edge.kind == EdgeKind::Path(PathKind::Bound));
        };
        let yields = |function: &Function| function.is_async && function.output.as_ref() == Some(ty);
        if functions(&item.kind).any(yields) {
            return Some(IN_FUTURES);
        }
        if self.is_in_unknown(owner.module, ty, place) {
            return Some(IN_UNKNOWN);
        }
        match &item.kind {
            ItemKind::Impl(block) => self.of_impl(pair, owner, block),
            _ => None,
        }
    }

    /// Whether a place is among the arguments of a type from a package that the oracle does not have.
    fn is_in_unknown(&self, module: ModuleId, ty: &Type, place: Span) -> bool {
        let mut paths = Vec::new();
        collect(ty, &mut paths);
        paths.iter().filter(|path| path.arguments.iter().any(|argument| argument.span.contains(place))).any(|path| {
            match self.ours.project.names().resolve(module, &path.path, Space::Types).target {
                Target::Outside(package, _) => !self.oracle.crates.contains(&package.replace('-', "_")),
                _ => false,
            }
        })
    }

    fn of_impl(&self, (_, to): &Pair, owner: ItemRef, block: &ImplItem) -> Option<&'static str> {
        let project = self.ours.project;
        // Of a block for references to a type it has no node.
        match block.self_type.path().map(|path| project.names().type_item(owner.module, &path.path)) {
            Some(Target::Item(of)) if project.module(of.module).krate == self.ours.krate => {
                let home = self.ours.path(of.module);
                (of.module != owner.module && (home == *to || self.oracle_has(&home, to))).then_some(MODULE_OF_TYPE)
            }
            _ => Some(OUTSIDE_IMPLS),
        }
    }

    fn oracle_has(&self, from: &str, to: &str) -> bool {
        self.theirs.contains_key(&(from.to_owned(), to.to_owned()))
    }
}

/// Why the oracle does not read a place that is in none of these types.
fn unread(item: &ItemKind, place: Span, is_bound: bool) -> Option<&'static str> {
    let in_function = functions(item).any(|function| function.span.contains(place));
    match item {
        ItemKind::Function(_) | ItemKind::Impl(_) if in_function && is_bound => Some(IN_BOUNDS),
        ItemKind::Function(_) | ItemKind::Impl(_) if in_function => Some(IN_BODIES),
        ItemKind::Function(_) | ItemKind::Struct(_) | ItemKind::Enum(_) | ItemKind::Alias(_) => Some(IN_BOUNDS),
        ItemKind::Impl(block) if block.constants.iter().any(|(_, ty)| ty.span.contains(place)) => Some(IN_VALUES),
        ItemKind::Impl(_) => Some(IN_HEADS),
        ItemKind::Trait(_) => Some(IN_TRAITS),
        ItemKind::Constant(_) | ItemKind::Static(_) => Some(IN_VALUES),
        ItemKind::MacroRules(_) | ItemKind::MacroCall(_) | ItemKind::Include(_) => Some(IN_MACROS),
        ItemKind::Module(_) => None,
    }
}

/// Whether a `cfg` asks for more than features, all of which are on.
fn is_rare(cfg: &str) -> bool {
    let words = cfg.split(|mark: char| !(mark.is_alphanumeric() || matches!(mark, '_' | '"' | '-')));
    words
        .filter(|word| !word.is_empty())
        .any(|word| !matches!(word, "all" | "any" | "feature") && !word.starts_with('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cfg_is_rare_if_it_asks_for_more_than_features() {
        assert!(!is_rare(""));
        assert!(!is_rare("all(feature = \"a-b\", any(feature = \"c\"))"));
        assert!(is_rare("windows"));
        assert!(is_rare("not(feature = \"a\")"));
        assert!(is_rare("target_os = \"linux\""));
    }
}
