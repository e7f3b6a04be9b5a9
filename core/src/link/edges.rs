//! Who names whom: an edge for each place where a module reaches another module or an outside crate.

use super::Project;
use super::edge::{Edge, EdgeKind, Edges, Named};
use super::expanded;
use super::meanings::{Meaning, Meanings};
use super::names::{Hops, ItemRef, Resolved, Space, Target, TraitScopes, is_lone};
use super::qualified::{self, Asked};
use super::starts::Starts;
use super::tree::{CrateId, Module, ModuleId, included_path, whole_module};
use super::uses::{Use, is_parameter, parameters};
use crate::facts::types::{Type, split_first};
use crate::facts::{ImplItem, Import, ImportKind, ItemKind, PathKind, PathType, PathUse, Scope, ScopeId, Visibility};
use crate::source::{FileId, Place, Span};
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

/// How many modules may re-export a name from each other: more is a circle.
const MOST_REEXPORTS: usize = 64;

/// What one module names.
#[derive(Clone, Debug, Default)]
pub struct ModuleLinks {
    edges: Vec<Edge>,
    /// The types that its `impl` blocks are for, each with the block.
    impls: Vec<(ItemRef, ItemRef)>,
    /// Its `impl` blocks for what is no struct or enum of the project.
    outside_impls: Vec<ItemRef>,
    /// The places that name what an `impl` block of another module may add to a type.
    members: Vec<(Edge, SmolStr)>,
    /// The places that name what the block of a trait for a type declares.
    asked: Vec<Asked>,
    /// How many paths that begin at the project's own modules lead nowhere.
    unresolved: usize,
}

/// The edges of one module, sorted by place.
pub(super) fn of_module(project: &Project, id: ModuleId) -> ModuleLinks {
    let scope = project.scope(id);
    // Every import is an edge, and of the paths about a quarter.
    let edges = Vec::with_capacity(scope.imports.len() + scope.paths.len() / 4);
    let mut found = ModuleLinks { edges, ..ModuleLinks::default() };
    let owners = Owners::new(project, id, scope);
    let mut starts = Starts::new(project, id);
    let ambiguous = found.push_imports(project, id, &owners, &mut starts);
    // A lone name means an item of the module or an import of it, which is an edge already. What a
    // glob brings from behind a re-export is not said by the glob, and a macro may need no import.
    // That is looked for where the rules of a role, of domains or of a contract ask: it is most of the
    // work, and says nothing else.
    let by_contract = !project.contracts.rules.is_empty() && !project.module(id).test;
    let asked = project.module(id).role.is_some() || project.domain_of(id).is_some() || by_contract;
    let globs = asked && scope.imports.iter().any(|import| import.kind == ImportKind::Glob);
    let ambiguous = if asked { ambiguous } else { Vec::new() };
    let may_leave = |used: &PathUse, lone: bool| {
        globs || !lone || used.kind == PathKind::Macro || ambiguous.iter().any(|(name, _)| **name == used.path)
    };
    let mut meanings = Meanings::new(project, id, &ambiguous, starts);
    for (index, used) in scope.paths.iter().enumerate() {
        let lone = is_lone(&used.path);
        if !may_leave(used, lone) {
            continue;
        }
        let item = owners.of_path(index);
        if item.is_some_and(|item| owners.is_parameter(item, used)) {
            continue;
        }
        if let Some((member, item)) = used.path.strip_prefix("Self::").zip(item) {
            // The type itself is named where the `impl` begins.
            let named = Named {
                path: &used.path,
                kind: EdgeKind::Path(used.kind),
                place: project.place(id, used.span),
                test: used.test,
                item: Some(item),
                cfg: "",
            };
            let member = Some(split_first(member).0.into());
            let target = project.names().self_type(item);
            let of_self = Resolved { member, ..Resolved::to(target) };
            found.push_member(project, id, &named, &of_self);
            continue;
        }
        let Some(Meaning { resolved, is_textual }) = meanings.of(used) else { continue };
        // What a glob brings into the core from neutral code is followed item by item.
        let neutral = |item: &ItemRef| item.module != id && project.module(item.module).is_neutral();
        let by_glob = !(lone && used.kind == PathKind::Macro)
            && project.module(id).is_core()
            && matches!(&resolved.target, Target::Item(item) if neutral(item));
        if lone && !*is_textual && resolved.through.is_empty() && !by_glob {
            continue;
        }
        let kind = EdgeKind::Path(used.kind);
        let place = project.place(id, used.span);
        let named = Named { path: &used.path, kind, place, test: used.test, item, cfg: "" };
        found.push_member(project, id, &named, resolved);
        found.push_all(project, id, &named, resolved);
    }
    found.push_included(project, id, scope);
    if asked {
        found.asked = qualified::asked(project, id, &owners);
    }
    found.edges.extend(expanded::edges(project, id, &owners));
    found.edges.sort_by(Edge::order);
    (found.impls, found.outside_impls) = impls(project, id, scope);
    found
}

/// The `impl` blocks of a module, each with the type it is for; where that is no type of the project,
/// with the trait. Then those again that are for no struct or enum of the project.
fn impls(project: &Project, id: ModuleId, scope: &Scope) -> (Vec<(ItemRef, ItemRef)>, Vec<ItemRef>) {
    let item_of = |path: &PathType, span| match project.names().type_item_at(id, &path.path, span) {
        Target::Item(item) => Some(item),
        _ => None,
    };
    let mut named = Vec::new();
    let mut outside = Vec::new();
    for (index, item) in scope.items.iter().enumerate().filter(|(_, item)| !item.test) {
        let ItemKind::Impl(inner) = &item.kind else { continue };
        let block = ItemRef { module: id, index: index as u32 };
        let of_type = inner.self_type.referent().path().filter(|path| !inner.generics.has(&path.path));
        let of_type = of_type.and_then(|path| item_of(path, item.span));
        let is_own = |of: ItemRef| matches!(project.item(of).kind, ItemKind::Struct(_) | ItemKind::Enum(_));
        if !of_type.is_some_and(is_own) {
            outside.push(block);
        }
        let of_trait = || inner.of_trait.as_ref().and_then(|path| item_of(path, item.span));
        named.extend(of_type.or_else(of_trait).map(|target| (target, block)));
    }
    (named, outside)
}

/// The `impl` blocks of all modules, by what they are for.
pub(super) fn impls_of_all(project: &Project) -> FxHashMap<ItemRef, Vec<ItemRef>> {
    let mut all: FxHashMap<ItemRef, Vec<ItemRef>> = FxHashMap::default();
    for (id, _) in project.modules() {
        for (target, block) in impls(project, id, project.scope(id)).0 {
            all.entry(target).or_default().push(block);
        }
    }
    all
}

/// The items that the paths of a module stand in.
pub(super) struct Owners<'a> {
    project: &'a Project,
    module: ModuleId,
    scope: &'a Scope,
    /// For each path the innermost item.
    of_paths: Vec<u32>,
    /// The names of all generic parameters in the module.
    parameters: FxHashSet<&'a str>,
}

impl<'a> Owners<'a> {
    const NONE: u32 = u32::MAX;

    pub(super) fn new(project: &'a Project, module: ModuleId, scope: &'a Scope) -> Self {
        let mut of_paths = vec![Self::NONE; scope.paths.len()];
        // An item of a function body comes before the function, and is nearer.
        for (index, item) in scope.items.iter().enumerate() {
            let range = item.paths.start as usize..item.paths.end as usize;
            for owner in of_paths.get_mut(range).into_iter().flatten().filter(|owner| **owner == Self::NONE) {
                *owner = index as u32;
            }
        }
        let parameters = scope.items.iter().flat_map(parameters).collect();
        Self { project, module, scope, of_paths, parameters }
    }

    /// Whether the first name of a path in an item is a generic parameter.
    fn is_parameter(&self, item: ItemRef, used: &PathUse) -> bool {
        // Most modules have none.
        !self.parameters.is_empty()
            && self.parameters.contains(split_first(&used.path).0)
            && is_parameter(self.project.item(item), used)
    }

    pub(super) fn of_path(&self, index: usize) -> Option<ItemRef> {
        let index = self.of_paths.get(index).copied().filter(|owner| *owner != Self::NONE)?;
        Some(ItemRef { module: self.module, index })
    }

    fn of_import(&self, import: &Import) -> Option<ItemRef> {
        import.block?;
        self.around(import.span)
    }

    /// The innermost item around a place.
    pub(super) fn around(&self, place: Span) -> Option<ItemRef> {
        let index = self.scope.items.iter().position(|item| item.span.contains(place))?;
        Some(ItemRef { module: self.module, index: index as u32 })
    }
}

impl ModuleLinks {
    /// The places where the module names something else.
    pub(super) fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// Keeps what the module's imports lead to. An import brings in all kinds of names and is followed
    /// to the first; the names of those that may mean more are returned, with what they led to.
    fn push_imports<'a>(
        &mut self,
        project: &'a Project,
        from: ModuleId,
        owners: &Owners<'_>,
        starts: &mut Starts<'a>,
    ) -> Vec<(&'a SmolStr, Vec<Target>)> {
        let mut ambiguous = Vec::new();
        for import in &project.scope(from).imports {
            let kind = if import.visibility == Visibility::Private { EdgeKind::Use } else { EdgeKind::Reexport };
            let resolved = starts.next_import();
            if let (Some(name), true) = (&import.name, resolved.is_ambiguous) {
                let others = resolved.others.iter().map(|(other, _)| other);
                ambiguous.push((name, others.chain([&resolved.target]).cloned().collect()));
            }
            let place = project.place(from, import.span);
            let item = owners.of_import(import);
            let named = Named { path: &import.path, kind, place, test: import.test, item, cfg: &import.cfg };
            self.push_all(project, from, &named, resolved);
        }
        ambiguous
    }

    /// Keeps what leaves the module, under each `cfg`.
    fn push_all(&mut self, project: &Project, from: ModuleId, named: &Named<'_>, resolved: &Resolved) {
        self.push(project, from, named, &resolved.target, &resolved.through);
        for (other, through) in &resolved.others {
            self.push(project, from, named, other, through);
        }
    }

    /// Keeps what leaves the module.
    fn push(
        &mut self,
        project: &Project,
        from: ModuleId,
        named: &Named<'_>,
        to: &Target,
        through: &[(ModuleId, Place)],
    ) {
        let inside = match to {
            Target::Module(module) => is_part_of(project, from, *module),
            Target::Item(item) => is_part_of(project, from, item.module),
            Target::Outside(..) => false,
            Target::Unknown => {
                let holder = self.push_holder(project, from, named);
                let is_own = is_rooted(named.path) && !holder.is_some_and(|holder| opens_outside(project, holder));
                self.unresolved += usize::from(is_own);
                return;
            }
        };
        if inside && through.is_empty() {
            return;
        }
        self.edges.push(named.edge(project, from, to.clone(), through));
    }

    /// Remembers a name behind a type for which some module adds names of its own.
    fn push_member(&mut self, project: &Project, from: ModuleId, named: &Named<'_>, resolved: &Resolved) {
        let (Target::Item(target), Some(member)) = (&resolved.target, &resolved.member) else { return };
        if !project.tables.is_extended(&project.item(*target).name) {
            return;
        }
        let edge = named.edge(project, from, resolved.target.clone(), &[]);
        self.members.push((edge, member.clone()));
    }

    /// The modules whose files are included.
    fn push_included(&mut self, project: &Project, from: ModuleId, scope: &Scope) {
        for (index, item) in scope.items.iter().enumerate() {
            let ItemKind::Include(included) = &item.kind else { continue };
            let module = project.module(from);
            let path = included_path(project.krate(module.krate), &project.file(module.file).path, included);
            let is_it = |(_, module): &(ModuleId, &Module)| {
                module.scope == ScopeId::ROOT
                    && module.included_in.is_none_or(|outer| outer == from)
                    && project.file(module.file).path == path
            };
            let Some((target, _)) = project.modules().find(is_it) else { continue };
            let named = Named {
                path: &SmolStr::new_static("include"),
                kind: EdgeKind::Path(PathKind::Macro),
                place: project.place(from, item.name_span),
                test: item.test,
                item: Some(ItemRef { module: from, index: index as u32 }),
                cfg: "",
            };
            // It is named by its file, though it is a part.
            self.edges.push(named.edge(project, from, Target::Module(target), &[]));
        }
    }

    /// Where nothing declares the last names of a path, because a macro makes them up: the module
    /// that would hold them. One that re-exports such a name has it from another.
    fn push_holder(&mut self, project: &Project, from: ModuleId, named: &Named<'_>) -> Option<ModuleId> {
        let mut through = Hops::new();
        let (mut at, mut path, mut span) = (from, named.path, named.place.span);
        for _ in 0..MOST_REEXPORTS {
            let (holder, resolved, name) = holder(project, at, path, span)?;
            through.extend(resolved.through);
            let scope = project.scope(holder);
            let reexport = |import: &&Import| import.block.is_none() && import.name.as_deref() == Some(name);
            let Some(import) = scope.imports.iter().find(reexport) else {
                self.push(project, from, named, &Target::Module(holder), &through);
                return Some(holder);
            };
            through.push((holder, project.place(holder, import.span)));
            (at, path, span) = (holder, &import.path, import.span);
        }
        None
    }
}

/// Whether what names something is a part of the same module: an included file is one of the module around it. A part
/// with a role of its own is judged by that.
pub(super) fn is_part_of(project: &Project, from: ModuleId, to: ModuleId) -> bool {
    let is_same = || whole_module(&project.modules, from) == whole_module(&project.modules, to);
    from == to || (project.module(from).role == project.module(to).role && is_same())
}

/// Whether a glob of an outside package brings names into a module, none of which is known.
fn opens_outside(project: &Project, module: ModuleId) -> bool {
    let imports = project.scope(module).imports.iter().enumerate();
    let mut globs = imports.filter(|(_, import)| import.kind == ImportKind::Glob && import.block.is_none());
    globs.any(|(index, _)| matches!(project.names().import(module, index).target, Target::Outside(..)))
}

/// The last module on a path that leads nowhere, and the name that it lacks.
fn holder<'p>(project: &Project, at: ModuleId, path: &'p str, span: Span) -> Option<(ModuleId, Resolved, &'p str)> {
    let mut rest = path;
    while let Some((front, name)) = rest.rsplit_once("::") {
        let resolved = project.names().resolve_at(at, front, Space::Types, span);
        if let Target::Module(holder) = resolved.target {
            return Some((holder, resolved, name));
        }
        rest = front;
    }
    None
}

/// What all modules name.
pub(super) struct Joined {
    pub(super) edges: Edges,
    /// How many paths lead nowhere, by file.
    pub(super) unresolved: BTreeMap<FileId, usize>,
    /// The `impl` blocks of each type, in the order of modules.
    pub(super) impls: FxHashMap<ItemRef, Vec<ItemRef>>,
    /// The `impl` blocks for what is no struct or enum of the project, in the same order.
    pub(super) outside_impls: Vec<ItemRef>,
    /// What items of neutral code use of what `impl` blocks elsewhere add to types.
    pub(super) added: FxHashMap<ItemRef, Vec<Use>>,
}

/// Joins what the modules name.
pub(super) fn join(project: &Project, mut modules: Vec<ModuleLinks>) -> Joined {
    let outside_impls = modules.iter_mut().flat_map(|links| std::mem::take(&mut links.outside_impls)).collect();
    let mut impls: FxHashMap<ItemRef, Vec<ItemRef>> = FxHashMap::default();
    for (target, block) in modules.iter_mut().flat_map(|links| std::mem::take(&mut links.impls)) {
        impls.entry(target).or_default().push(block);
    }
    let mut unresolved = BTreeMap::new();
    let mut added = Added::new(project, &impls);
    let mut visible = FxHashMap::default();
    let mut of_items: FxHashMap<ItemRef, Vec<Use>> = FxHashMap::default();
    let complete = project.modules.iter().zip(modules).map(|(module, links)| {
        if links.unresolved > 0 {
            *unresolved.entry(module.file).or_default() += links.unresolved;
        }
        let mut edges = links.edges;
        let visible = visible.entry(module.krate).or_insert_with(|| project.visible_crates(module.krate));
        let members = links.members.into_iter();
        let known = edges.len();
        edges.extend(members.filter_map(|(edge, member)| added.edge(visible, edge, &member)));
        edges.extend(links.asked.into_iter().filter_map(|asked| added.asked(visible, asked)));
        if edges.len() > known {
            if module.is_neutral() {
                let found = edges[known..].iter().filter(|edge| !edge.test);
                let uses = found.filter_map(|edge| Some((edge.item?, edge.to.clone(), edge.place)));
                for (item, to, place) in uses {
                    of_items.entry(item).or_default().push(Use { to, place, through: Hops::new() });
                }
            }
            edges.sort_by(Edge::order);
        }
        edges
    });
    let edges = Edges::of_modules(project.files.len(), complete);
    Joined { edges, unresolved, impls, outside_impls, added: of_items }
}

/// What `impl` blocks add to types, looked up as far as someone asks.
struct Added<'a> {
    project: &'a Project,
    impls: &'a FxHashMap<ItemRef, Vec<ItemRef>>,
    /// The blocks that declare a name, by the type and the name.
    known: FxHashMap<ItemRef, FxHashMap<&'a str, Vec<ItemRef>>>,
    /// The traits of blocks.
    traits: FxHashMap<ItemRef, Option<Target>>,
    scopes: TraitScopes,
}

impl<'a> Added<'a> {
    fn new(project: &'a Project, impls: &'a FxHashMap<ItemRef, Vec<ItemRef>>) -> Self {
        Self {
            project,
            impls,
            known: FxHashMap::default(),
            traits: FxHashMap::default(),
            scopes: TraitScopes::default(),
        }
    }

    /// The edge to the `impl` block that adds a name to a type, if that block stands in another module
    /// than the type and the one who names it. What crates add that the module's crate does not depend
    /// on is nothing to it; for its tests, it may depend on more.
    fn edge(&mut self, visible: &BTreeSet<CrateId>, mut edge: Edge, member: &SmolStr) -> Option<Edge> {
        let Target::Item(target) = edge.to else { return None };
        let project = self.project;
        let blocks = self.known.entry(target).or_insert_with(|| {
            let blocks = self.impls.get(&target).map_or(&[][..], Vec::as_slice);
            by_names(project, blocks)
        });
        let is_seen = |block: ItemRef| edge.test || visible.contains(&project.module(block.module).krate);
        let is_elsewhere = |block: ItemRef| block.module != target.module && block.module != edge.from;
        let blocks = blocks.get(member.as_str())?;
        // Mostly all that a type has stands beside it, and need not be told apart.
        if !blocks.iter().any(|block| is_elsewhere(*block)) {
            return None;
        }
        let mut found = Vec::new();
        for &block in blocks.iter().filter(|block| is_seen(**block)) {
            let Some(inner) = as_impl(project, block) else { continue };
            let of_trait = self.traits.entry(block).or_insert_with(|| trait_of(project, block, inner));
            let is_in_scope = match of_trait {
                Some(Target::Item(of_trait)) => self.scopes.has(project, edge.from, *of_trait),
                _ => true,
            };
            if is_in_scope {
                found.push((block, inner));
            }
        }
        let block = block_meant(project, found).filter(|block| is_elsewhere(*block))?;
        edge.to = Target::Item(block);
        Some(edge)
    }

    /// The edge to the block that a qualified path asks for, if none that it may be stands beside the type or the one
    /// who names it. Without a trait it may be any that a path behind the plain type may mean.
    fn asked(&mut self, visible: &BTreeSet<CrateId>, asked: Asked) -> Option<Edge> {
        let project = self.project;
        let Some(of_trait) = &asked.of_trait else {
            let mut edge = asked.edge;
            edge.to = Target::Item(asked.of_type?);
            return self.edge(visible, edge, &asked.name);
        };
        let of_trait = match of_trait {
            Target::Item(of_trait) => Some(*of_trait),
            _ => None,
        };
        let keys = asked.of_type.into_iter().chain(of_trait);
        let blocks = keys.flat_map(|key| self.impls.get(&key).map_or(&[][..], Vec::as_slice));
        let is_seen = |block: ItemRef| asked.edge.test || visible.contains(&project.module(block.module).krate);
        let may_be = |block: ItemRef| {
            let is_it = |inner| qualified::may_be(project, &asked, block, inner);
            is_seen(block) && as_impl(project, block).is_some_and(is_it)
        };
        let mut meant = blocks.copied().filter(|block| may_be(*block));
        let block = meant.next()?;
        let is_near = |block: ItemRef| {
            block.module == asked.edge.from || asked.of_type.is_some_and(|of| block.module == of.module)
        };
        if is_near(block) || meant.any(is_near) {
            return None;
        }
        let mut edge = asked.edge;
        edge.to = Target::Item(block);
        Some(edge)
    }
}

/// The one of several blocks for a type that is meant by a name which they all declare. Inherent ones go first. Which of
/// several traits is meant, or of one trait for several types, as in `From<A>` and `From<B>`, only types tell; but that
/// makes no difference if all stand in one module, nor if they are for the same, as under different `cfg`s. Each type
/// has conversions that no block declares, from itself if nothing else.
fn block_meant(project: &Project, mut blocks: Vec<(ItemRef, &ImplItem)>) -> Option<ItemRef> {
    if blocks.iter().any(|(_, inner)| inner.of_trait.is_none()) {
        blocks.retain(|(_, inner)| inner.of_trait.is_none());
    }
    let (first, inner) = *blocks.first()?;
    if inner.of_trait.as_ref().is_some_and(|of_trait| matches!(of_trait.last(), "From" | "TryFrom")) {
        return None;
    }
    let of = |&(block, inner): &(ItemRef, &ImplItem)| trait_of(project, block, inner);
    let is_near = blocks.iter().all(|(block, _)| block.module == first.module);
    let are_same = || blocks.iter().all(|other| !is_special(other.1) && of(other) == of(&blocks[0]));
    (is_near || are_same()).then_some(first)
}

/// What the trait of a block is, if it is of one.
fn trait_of(project: &Project, block: ItemRef, inner: &ImplItem) -> Option<Target> {
    let path = inner.of_trait.as_ref()?;
    Some(project.names().type_item_at(block.module, &path.path, project.item(block).span))
}

/// Whether a block is for some arguments of its trait or type only.
fn is_special(block: &ImplItem) -> bool {
    let is_free = |ty: &Type| ty.path().is_some_and(|path| block.generics.has(&path.path));
    let of_type = block.self_type.referent().path().into_iter();
    of_type.chain(&block.of_trait).flat_map(|path| &path.arguments).any(|ty| !is_free(ty))
}

fn as_impl(project: &Project, block: ItemRef) -> Option<&ImplItem> {
    match &project.item(block).kind {
        ItemKind::Impl(inner) => Some(inner),
        _ => None,
    }
}

/// The `impl` blocks that declare each name, in their order.
fn by_names<'a>(project: &'a Project, blocks: &[ItemRef]) -> FxHashMap<&'a str, Vec<ItemRef>> {
    let mut by_names: FxHashMap<&str, Vec<ItemRef>> = FxHashMap::default();
    for &block in blocks {
        let Some(inner) = as_impl(project, block) else { continue };
        let functions = inner.functions.iter().map(|function| &function.name);
        let constants = inner.constants.iter().map(|(name, _)| name);
        let types = inner.types.iter().map(|(name, _)| name);
        for name in functions.chain(constants).chain(types) {
            by_names.entry(name).or_default().push(block);
        }
    }
    by_names
}

fn is_rooted(path: &str) -> bool {
    ["crate::", "self::", "super::"].iter().any(|root| path.starts_with(root))
}
