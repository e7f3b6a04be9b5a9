//! What a name means: resolution of paths through modules, imports, re-exports and crates.
//!
//! Each module has a table of the names it declares and imports. A path is followed segment by
//! segment; an import is followed to what it imports, and the module it stands in is remembered,
//! because whoever reaches an item through a re-export depends on the re-exporting module too.
//! Names of items shadow those of globs, as in the language, and what stands in a function body is
//! seen in its block only. What cannot be known without types or macro expansion stays
//! [`Target::Unknown`]: nothing is guessed.

mod offers;
mod tables;
mod traits;
mod walk;

pub(super) use tables::{Tables, macro_name, macros_of};

use super::Project;
use super::tree::{CrateId, Module, ModuleId};
use crate::facts::{Import, ImportKind, Item, ItemKind, PathKind};
use crate::manifest::TargetKind;
use crate::parse::STANDARD_MACROS;
use crate::source::{Place, Span};
use smallvec::SmallVec;
use smol_str::SmolStr;
use tables::Entry;
pub(crate) use traits::TraitScopes;
use walk::{Seen, Walk};

/// An item: the module whose scope lists it, and its position there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemRef {
    /// The module.
    pub module: ModuleId,
    /// The position in the module's scope.
    pub index: u32,
}

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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

/// The re-exports on a way, each with the module that has it and the place of the `use`.
pub type Hops = SmallVec<[(ModuleId, Place); 1]>;

/// A path that was followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// Where it leads.
    pub target: Target,
    /// The re-exports on the way.
    pub through: Hops,
    /// The name behind an item: of a variant, or of what `impl` blocks add to it.
    pub member: Option<SmolStr>,
    /// What it leads to besides, where a name has several meanings of one kind: one for each `cfg`.
    pub others: Vec<(Target, Hops)>,
    /// Whether a name on the way has several meanings, of one kind or of several.
    pub is_ambiguous: bool,
}

impl Resolved {
    /// What is known to be there, with no way to it.
    pub(super) fn to(target: Target) -> Self {
        Self { target, through: Hops::new(), member: None, others: Vec::new(), is_ambiguous: false }
    }

    /// What it leads to besides known targets: nothing known, if to these alone.
    pub(super) fn besides(mut self, known: &[Target]) -> Self {
        self.others.retain(|(other, _)| !known.contains(other));
        if known.contains(&self.target) {
            (self.target, self.through) = self.others.pop().unwrap_or((Target::Unknown, Hops::new()));
        }
        self
    }
}

/// The kinds of names that a path's last segment may have: where to look first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Space {
    /// Types, traits and modules.
    Types,
    /// Functions, constants and statics.
    Values,
    /// Macros.
    Macros,
    /// All of them at once, as an import brings them in.
    Any,
}

impl Space {
    /// Where a path of that kind looks first.
    pub const fn of(kind: PathKind) -> Self {
        match kind {
            PathKind::Expression | PathKind::Pattern => Self::Values,
            PathKind::Macro | PathKind::Attribute => Self::Macros,
            _ => Self::Types,
        }
    }
}

/// Whether a path is one name. Looking for one colon is much quicker than looking for two, and every
/// name of the project goes this way; in a path no colon stands alone.
pub(super) fn is_lone(path: &str) -> bool {
    !path.contains(':')
}

/// What the first name of a path means, with the re-exports that lead there.
#[derive(Debug)]
pub(super) enum Start {
    /// Nothing that the project declares.
    Nothing,
    /// One thing.
    One(Target, Hops),
    /// Several, as under each `cfg` another.
    Several,
}

/// Answers what a name means in a project.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    project: &'a Project,
    tables: &'a Tables,
}

/// How many aliases one type may lead through: more is a cycle that the compiler would reject.
const MOST_ALIASES: usize = 64;

impl<'a> Names<'a> {
    pub(super) const fn new(project: &'a Project) -> Self {
        Self { project, tables: &project.tables }
    }

    /// Follows `path`, which stands somewhere in `module`, as far as the project's names go. What
    /// only function bodies of the module can see is taken where the module has no such name.
    pub fn resolve(&self, module: ModuleId, path: &str, space: Space) -> Resolved {
        self.follow(module, path, space, Seen::Anywhere)
    }

    /// Follows `path`, which stands at `place` in `module`: of what function bodies declare and
    /// import, only the blocks around the place count.
    pub fn resolve_at(&self, module: ModuleId, path: &str, space: Space, place: Span) -> Resolved {
        self.follow(module, path, space, Seen::From(place))
    }

    /// Whether a place sees no names but those of the module and of the crates, so that a path means the
    /// same there as at any other such place.
    pub(crate) fn is_outside_of_blocks(&self, module: ModuleId, place: Span) -> bool {
        self.tables.modules[module.0 as usize].blocks.iter().all(|(block, _)| !block.contains(place))
    }

    /// The imports that bring a name into the module, or into a block of one of its functions.
    pub(crate) fn imports_of(&self, module: ModuleId, name: &'a str) -> impl Iterator<Item = &'a Import> {
        let imports = &self.project.scope(module).imports;
        self.tables.modules[module.0 as usize].imports_of(name).map(|index| &imports[index as usize])
    }

    /// What the first name of paths means that stand in `module`, outside of blocks with names of their own.
    pub(super) fn start(&self, module: ModuleId, first: &str, place: Span) -> Start {
        let mut walk = Walk::new(*self);
        match walk.start(module, first, Seen::From(place)) {
            _ if !walk.forks.is_empty() => Start::Several,
            None => Start::Nothing,
            Some(target) => Start::One(target, walk.through),
        }
    }

    /// The position of the import that alone gives a name its meaning in a module, outside of blocks.
    pub(super) fn sole_import_of(&self, module: ModuleId, name: &str) -> Option<usize> {
        match self.tables.modules[module.0 as usize].all.named.get(name)?.as_slice() {
            [Entry::Import(index)] => Some(*index as usize),
            _ => None,
        }
    }

    /// What a name that such an import brings in means at the beginning of a path. `None` where that may be something
    /// else than what is found first among all kinds of names.
    pub(super) fn start_of(&self, import: &Resolved) -> Option<Start> {
        let is_plain = match &import.target {
            Target::Module(_) | Target::Outside(..) => true,
            Target::Item(item) => {
                walk::fits(&self.project.item(*item).kind, Space::Types) && !self.is_macro(&import.target)
            }
            Target::Unknown => false,
        };
        let is_one = !import.is_ambiguous && import.others.is_empty();
        (is_plain && is_one).then(|| Start::One(import.target.clone(), import.through.clone()))
    }

    /// Follows the path that begins with such a name, and goes on with `rest`. `None` if some name on it has several
    /// meanings: then it has to be followed as a whole.
    pub(super) fn follow_from(&self, module: ModuleId, start: &Start, rest: &str, space: Space) -> Option<Resolved> {
        behind(Walk::new(*self), module, start, rest, space)
    }

    /// The same for an import, which goes on with `rest` behind its first name.
    pub(super) fn import_from(&self, module: ModuleId, index: usize, start: &Start, rest: &str) -> Option<Resolved> {
        let walk = Walk::within(*self, module, index as u32);
        let found = behind(walk, module, start, rest, Space::Any)?;
        // Such a name has several meanings.
        (!self.is_macro(&found.target)).then_some(found)
    }

    fn follow(&self, module: ModuleId, path: &str, space: Space, seen: Seen) -> Resolved {
        self.resolved(|walk| walk.path(module, path, space, None, seen))
    }

    /// Follows an import that stands in `module`. It brings in a trait besides a derive of that name.
    pub fn import(&self, module: ModuleId, index: usize) -> Resolved {
        let mut found = self.resolved(|walk| walk.import(module, index as u32, Space::Any));
        if self.is_macro(&found.target) {
            let typed = self.resolved(|walk| walk.import(module, index as u32, Space::Types));
            if typed.target != Target::Unknown && !self.is_macro(&typed.target) {
                found.others.push((typed.target, typed.through));
            }
        }
        found
    }

    /// Whether that is a derive, an attribute or a function-like macro of the project: all that other
    /// crates can take from the root of a crate of such macros.
    fn is_macro(&self, target: &Target) -> bool {
        let Target::Item(item) = target else { return false };
        let krate = self.project.krate(self.project.module(item.module).krate);
        krate.kind == TargetKind::ProcMacro && krate.root == item.module
    }

    /// Goes a way, and again for each name on it that has another meaning of the same kind.
    fn resolved(&self, go: impl Fn(&mut Walk<'a>) -> Option<Target>) -> Resolved {
        let mut walk = Walk::new(*self);
        let target = go(&mut walk).unwrap_or(Target::Unknown);
        let mut others = Vec::new();
        let is_ambiguous = !walk.forks.is_empty();
        for fork in walk.forks {
            let mut taken = vec![fork];
            loop {
                let mut other = Walk::without(*self, &taken);
                let Some(found) = go(&mut other) else { break };
                let next = other.forks.into_iter().find(|next| next.0 == fork.0);
                if found != target && others.iter().all(|(known, _)| *known != found) {
                    others.push((found, other.through));
                }
                let Some(next) = next else { break };
                taken.push(next);
            }
        }
        Resolved { target, through: walk.through, member: walk.member, others, is_ambiguous }
    }

    /// The item that a type path leads to, through aliases.
    pub fn type_item(&self, module: ModuleId, path: &str) -> Target {
        self.aliased(self.resolve(module, path, Space::Types).target)
    }

    /// The item that a type path at `place` leads to, through aliases.
    pub(super) fn type_item_at(&self, module: ModuleId, path: &str, place: Span) -> Target {
        self.aliased(self.resolve_at(module, path, Space::Types, place).target)
    }

    /// The macros of that name in the crate of `module`, exported ones first.
    pub(super) fn macros(&self, module: ModuleId, name: &str) -> &'a [ItemRef] {
        let krate = self.project.module(module).krate;
        self.tables.macros.get(&(krate.0, name.into())).map_or(&[], Vec::as_slice)
    }

    /// The macro that `path` means in `module`. A lone name is looked for among the imports, then
    /// among the macros of the module and those around it, then among those of the whole crate.
    pub fn macro_item(&self, module: ModuleId, path: &str, place: Span) -> Option<ItemRef> {
        let is_macro = |item: &ItemRef| matches!(self.project.item(*item).kind, ItemKind::MacroRules(_));
        if is_lone(path) {
            let known = self.macros(module, path);
            if let Some(item) = self.macro_around(module, known, place) {
                return Some(item);
            }
            if !known.is_empty() {
                return self.textual_macro(module, path).or_else(|| self.imported_macro(module, path, place));
            }
        }
        match self.resolve_at(module, path, Space::Macros, place).target {
            Target::Item(item) => Some(item).filter(is_macro),
            _ => self.macro_of_extern_crate(module, path),
        }
    }

    /// The modules around a module, itself first.
    fn around(&self, module: ModuleId) -> impl Iterator<Item = ModuleId> + use<'a> {
        let project = self.project;
        std::iter::successors(Some(module), move |module| project.module(*module).parent)
    }

    /// The macro of a name that the module or the nearest module around it declares. Of several in one
    /// module it is the last that stands before the place, or before the module the place is in.
    fn macro_around(&self, module: ModuleId, known: &[ItemRef], place: Span) -> Option<ItemRef> {
        if known.is_empty() {
            return None;
        }
        let mut inner = None;
        for outer in self.around(module) {
            let mut declared = known.iter().copied().filter(|item| item.module == outer);
            if let Some(first) = declared.next() {
                let Some(second) = declared.next() else { return Some(first) };
                let place = inner.and_then(|inner| self.declaration(inner)).map_or(place, |(_, item)| item.span);
                let holds = |item: &ItemRef| {
                    let Item { block, name_span, .. } = self.project.item(*item);
                    name_span.start < place.start && block.is_none_or(|block| block.contains(place))
                };
                let all = [first, second].into_iter().chain(declared);
                return all.filter(holds).max_by_key(|item| self.project.item(*item).name_span).or(Some(first));
            }
            inner = Some(outer);
        }
        None
    }

    /// Whether the module or one around it declares a macro of that name.
    pub(super) fn has_macro_around(&self, module: ModuleId, name: &str) -> bool {
        self.macro_around(module, self.macros(module, name), Span::default()).is_some()
    }

    /// An exported macro of that lone name, or one that the module imports.
    fn imported_macro(&self, module: ModuleId, name: &str, place: Span) -> Option<ItemRef> {
        let found = self.resolve_at(module, name, Space::Macros, place).target;
        let Target::Item(item) = found else { return None };
        let imports = &self.project.scope(module).imports;
        let imported = imports.iter().any(|import| import.name.as_deref() == Some(name) || import.name.is_none());
        match &self.project.item(item).kind {
            ItemKind::MacroRules(rules) if imported || (rules.exported && !STANDARD_MACROS.contains(&name)) => {
                Some(item)
            }
            _ => None,
        }
    }

    /// The macro of another module that a lone name means because `#[macro_use]` lets it out of the
    /// modules it is declared in, before the module that names it. One that the module or a module
    /// around it declares is nearer.
    pub(super) fn textual_macro(&self, module: ModuleId, name: &str) -> Option<ItemRef> {
        let known = self.macros(module, name);
        if known.is_empty() {
            return None;
        }
        let around: Vec<ModuleId> = self.around(module).collect();
        if known.iter().any(|item| around.contains(&item.module)) {
            return None;
        }
        let is_let_out = |item: &&ItemRef| {
            let holders: Vec<ModuleId> =
                self.around(item.module).take_while(|holder| !around.contains(holder)).collect();
            let Some(outermost) = holders.last() else { return false };
            holders.iter().all(|holder| self.is_macro_use(*holder)) && self.is_before(*outermost, &around)
        };
        known.iter().find(is_let_out).copied()
    }

    /// The declaration of a module, with its position among the items of its parent.
    fn declaration(&self, module: ModuleId) -> Option<(usize, &'a Item)> {
        let Module { name, parent: Some(parent), .. } = self.project.module(module) else { return None };
        let declares = |item: &Item| item.name == *name && matches!(item.kind, ItemKind::Module(_));
        self.project.scope(*parent).items.iter().enumerate().find(|(_, item)| declares(item))
    }

    fn is_macro_use(&self, module: ModuleId) -> bool {
        self.declaration(module).is_some_and(|(_, declared)| declared.attribute("macro_use").is_some())
    }

    /// Whether a module is declared before the one of `around` that has the same parent.
    fn is_before(&self, module: ModuleId, around: &[ModuleId]) -> bool {
        let parent = self.project.module(module).parent;
        let sibling = around.iter().find(|outer| self.project.module(**outer).parent == parent);
        let position = |module: ModuleId| self.declaration(module).map(|(position, _)| position);
        // What stands in the parent itself may come behind the declaration.
        sibling.is_none_or(|sibling| position(module) < position(*sibling))
    }

    /// The macro that an `extern crate` of the root with `#[macro_use]` brings in.
    fn macro_of_extern_crate(&self, module: ModuleId, name: &str) -> Option<ItemRef> {
        let root = self.project.krate(self.project.module(module).krate).root;
        let imports = self.project.scope(root).imports.iter().enumerate();
        let crates = imports.filter(|(_, import)| import.kind == ImportKind::ExternCrate);
        let mut roots = crates.filter_map(|(index, _)| match self.import(root, index).target {
            Target::Module(root) => Some(root),
            _ => None,
        });
        roots.find_map(|root| self.macros(root, name).first().copied())
    }

    /// The type that `Self` stands for in an item.
    pub(super) fn self_type(&self, item: ItemRef) -> Target {
        let declared = self.project.item(item);
        match &declared.kind {
            ItemKind::Impl(block) => match block.self_type.referent().path() {
                Some(path) => self.type_item_at(item.module, &path.path, declared.span),
                None => Target::Unknown,
            },
            _ => Target::Item(item),
        }
    }

    /// The macro call in `module` that may make up an item of that name. For one who asks from
    /// outside by a path, a macro that is not known may make an item of any name it is given.
    fn made(&self, module: ModuleId, name: &str, by_path: bool) -> Option<Target> {
        let table = &self.tables.modules[module.0 as usize];
        let scope = self.project.scope(module);
        let makes = |&(index, called): &(u32, Option<ItemRef>)| {
            let ItemKind::MacroCall(call) = &scope.items[index as usize].kind else { return false };
            let is_given = |names: &[SmolStr]| names.binary_search_by(|given| given.as_str().cmp(name)).is_ok();
            if is_given(&call.declares) {
                return true;
            }
            match called.map(|item| &self.project.item(item).kind) {
                Some(ItemKind::MacroRules(rules)) => {
                    rules.declares.iter().any(|declared| declared == name)
                        || (rules.makes.items && is_given(&call.names))
                }
                _ => by_path && is_given(&call.names),
            }
        };
        let calls: &[_] = if table.made.contains(name) { &table.calls } else { &[] };
        // An attribute or a derive of the project's makes what its crate quotes beside the item it stands on.
        let quotes = |krate: &CrateId| self.tables.quoted.get(krate).is_some_and(|quoted| quoted.contains(name));
        let mut changed = table.changed.iter();
        let made = calls.iter().find(|call| makes(call)).map(|(index, _)| *index);
        let made = made.or_else(|| changed.find(|(_, krate)| quotes(krate)).map(|(index, _)| *index));
        made.map(|index| Target::Item(ItemRef { module, index }))
    }

    fn aliased(&self, target: Target) -> Target {
        let mut target = target;
        for _ in 0..MOST_ALIASES {
            let Target::Item(item) = target else { return target };
            let ItemKind::Alias(alias) = &self.project.item(item).kind else { return target };
            let Some(next) = alias.ty.path() else { return target };
            target = self.resolve_at(item.module, &next.path, Space::Types, next.span).target;
        }
        Target::Unknown
    }
}

/// Follows what is behind a first name. `None` if some name on the way has several meanings.
fn behind(mut walk: Walk<'_>, module: ModuleId, start: &Start, rest: &str, space: Space) -> Option<Resolved> {
    let (target, through) = match start {
        Start::Several => return None,
        Start::Nothing => return Some(Resolved::to(Target::Unknown)),
        Start::One(target, through) => (target, through),
    };
    walk.through.clone_from(through);
    let target = walk.follow(module, target.clone(), rest, space).unwrap_or(Target::Unknown);
    let others = Vec::new();
    let found = Resolved { target, through: walk.through, member: walk.member, others, is_ambiguous: false };
    walk.forks.is_empty().then_some(found)
}
