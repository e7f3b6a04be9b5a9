//! One walk along a path: segment by segment, import by import.

use super::super::tree::{ExternCrate, ModuleId};
use super::offers::{Meaning, Offer, is_exported, is_open};
use super::tables::{Entry, Glob, Listing, Opened};
use super::{Hops, ItemRef, Names, Space, Target};
use crate::facts::types::split_first;
use crate::facts::{Import, ImportKind, ItemKind, Visibility};
use crate::manifest::Edition;
use crate::source::Span;
use smallvec::SmallVec;
use smol_str::SmolStr;

/// How many imports may lead to each other, and how many may be tried: more is a cycle that the
/// compiler would reject.
const MOST_HOPS: usize = 64;
const MOST_TRIES: usize = 1024;

/// Which of the names in function bodies the first segment of a path sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// Those of the blocks around a place.
    From(Span),
    /// All, where the module has no such name: nobody said where the path stands.
    Anywhere,
}

/// One walk along a path.
pub(super) struct Walk<'a> {
    names: Names<'a>,
    pub(super) through: Hops,
    pub(super) member: Option<SmolStr>,
    tries: usize,
    /// The imports being followed: meeting one again is a cycle.
    busy: SmallVec<[(ModuleId, u32); 4]>,
    /// The meanings that were taken of names that have several.
    pub(super) forks: Vec<(ModuleId, Entry)>,
    /// Meanings that are not to be taken. Then names of another kind than the wanted one do not do.
    without: Vec<(ModuleId, Entry)>,
}

/// A name that is looked for.
#[derive(Clone, Copy)]
struct Wanted<'a> {
    name: &'a str,
    space: Space,
    /// The import whose path it begins, which must not find itself.
    importing: Option<u32>,
    /// The module that looks into this one from outside.
    from: Option<ModuleId>,
}

impl Wanted<'_> {
    const fn may_be_macro(&self) -> bool {
        matches!(self.space, Space::Macros | Space::Any)
    }
}

/// A meaning of another kind than the wanted one, with the re-exports that lead to it.
type Second = (Target, Hops);

impl<'a> Walk<'a> {
    pub(super) fn new(names: Names<'a>) -> Self {
        Self {
            names,
            through: Hops::new(),
            member: None,
            tries: 0,
            busy: SmallVec::new(),
            forks: Vec::new(),
            without: Vec::new(),
        }
    }

    /// A walk that passes over some meanings of names.
    pub(super) fn without(names: Names<'a>, meanings: &[(ModuleId, Entry)]) -> Self {
        Self { without: meanings.to_vec(), ..Self::new(names) }
    }

    /// A walk along an import.
    pub(super) fn within(names: Names<'a>, module: ModuleId, import: u32) -> Self {
        Self { busy: SmallVec::from_iter([(module, import)]), ..Self::new(names) }
    }

    /// Follows a path; `importing` is the import it belongs to, which must not find itself.
    pub(super) fn path(
        &mut self,
        module: ModuleId,
        path: &str,
        space: Space,
        importing: Option<u32>,
        seen: Seen,
    ) -> Option<Target> {
        let (absolute, path) = path.strip_prefix("::").map_or((false, path), |rest| (true, rest));
        let (first, rest) = split_first(path);
        let first_space = if rest.is_empty() { space } else { Space::Types };
        let wanted = Wanted { name: first, space: first_space, importing, from: None };
        let start = if absolute { self.absolute(module, first)? } else { self.first(module, wanted, seen)? };
        self.follow(module, start, rest, space)
    }

    /// What the first name of a longer, relative path means.
    pub(super) fn start(&mut self, module: ModuleId, first: &str, seen: Seen) -> Option<Target> {
        self.first(module, Wanted { name: first, space: Space::Types, importing: None, from: None }, seen)
    }

    /// Follows the segments behind what is already known.
    pub(super) fn follow(&mut self, from: ModuleId, start: Target, rest: &str, space: Space) -> Option<Target> {
        let mut at = start;
        let mut rest = rest;
        while !rest.is_empty() {
            let (segment, tail) = split_first(rest);
            let segment_space = if tail.is_empty() { space } else { Space::Types };
            at = match at {
                Target::Module(module) if segment == "super" => Target::Module(self.parent(module)?),
                Target::Module(module) if segment == "self" => Target::Module(module),
                Target::Module(module) => self.member(module, segment, segment_space, from)?,
                // A variant, an associated item: the item it belongs to is as far as names go.
                Target::Item(item) => {
                    self.member = Some(segment.into());
                    return Some(Target::Item(item));
                }
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

    /// The first segment behind a leading `::`.
    fn absolute(&mut self, module: ModuleId, first: &str) -> Option<Target> {
        let krate = self.names.project.krate(self.names.project.module(module).krate);
        self.prelude_crate(module, first).or_else(|| {
            // Until 2018 a leading `::` was the crate's own root.
            (krate.edition == Edition::E2015).then(|| self.member(krate.root, first, Space::Types, module)).flatten()
        })
    }

    /// A crate by the name that its manifest gives it.
    fn extern_crate(&self, module: ModuleId, name: &str) -> Option<Target> {
        let project = self.names.project;
        let krate = project.krate(project.module(module).krate);
        match krate.externs.get(name)? {
            ExternCrate::Sibling(id) => Some(Target::Module(project.krate(*id).root)),
            ExternCrate::Outside(package) => Some(Target::Outside(package.clone(), SmolStr::default())),
        }
    }

    /// A crate that every module can name: by the manifest, or by an `extern crate` of the root.
    fn prelude_crate(&self, module: ModuleId, name: &str) -> Option<Target> {
        if let Some(found) = self.extern_crate(module, name) {
            return Some(found);
        }
        let project = self.names.project;
        let root = project.krate(project.module(module).krate).root;
        let entries = self.names.tables.modules[root.0 as usize].all.named.get(name)?;
        entries.iter().find_map(|entry| match entry {
            Entry::Import(index) => self.declared_crate(root, &project.scope(root).imports[*index as usize]),
            _ => None,
        })
    }

    /// What an `extern crate` brings in.
    fn declared_crate(&self, module: ModuleId, import: &Import) -> Option<Target> {
        match (import.kind, import.path.as_str()) {
            (ImportKind::ExternCrate, "crate") => Some(Target::Module(self.root(module))),
            (ImportKind::ExternCrate, name) => self.extern_crate(module, name),
            _ => None,
        }
    }

    /// The module around a module; a file that another includes is a part of that.
    fn parent(&self, module: ModuleId) -> Option<ModuleId> {
        let here = self.names.project.module(module);
        match here.included_in {
            Some(outer) => self.parent(outer),
            None => here.parent,
        }
    }

    fn root(&self, module: ModuleId) -> ModuleId {
        let project = self.names.project;
        project.krate(project.module(module).krate).root
    }

    /// What the first segment of a relative path means.
    fn first(&mut self, module: ModuleId, wanted: Wanted<'_>, seen: Seen) -> Option<Target> {
        let project = self.names.project;
        let here = project.module(module);
        match wanted.name {
            "crate" | "$crate" => return Some(Target::Module(self.root(module))),
            "self" => return Some(Target::Module(module)),
            "super" => return self.parent(module).map(Target::Module),
            _ => {}
        }
        let krate = project.krate(here.krate);
        if krate.edition == Edition::E2015 && wanted.importing.is_some() {
            // Until 2018 the paths of imports began at the crate's root.
            let importing = wanted.importing.filter(|_| module == krate.root);
            let from = (module != krate.root).then_some(module);
            let wanted = Wanted { importing, from, ..wanted };
            return self.lookup(krate.root, wanted).or_else(|| self.prelude_crate(module, wanted.name));
        }
        if let Seen::From(place) = seen
            && let Some(found) = self.in_blocks(module, wanted, &|block| block.contains(place))
        {
            return Some(found);
        }
        if let Some(found) = self.lookup(module, wanted) {
            return Some(found);
        }
        if wanted.may_be_macro()
            && !self.looks_for_others(module)
            && let Some(&item) = self.names.macros(module, wanted.name).first()
        {
            return Some(Target::Item(item));
        }
        self.made(module, wanted.name)
            .or_else(|| self.prelude_crate(module, wanted.name))
            .or_else(|| (seen == Seen::Anywhere).then(|| self.in_blocks(module, wanted, &|_| true)).flatten())
    }

    /// A name in a module that a path has reached from outside.
    fn member(&mut self, module: ModuleId, name: &str, space: Space, from: ModuleId) -> Option<Target> {
        let wanted = Wanted { name, space, importing: None, from: Some(from) };
        if let Some(found) = self.lookup(module, wanted) {
            return Some(found);
        }
        let here = self.names.project.module(module);
        let exported = || self.names.macros(module, name).first().filter(|_| here.parent.is_none());
        if self.looks_for_others(module) {
            return None;
        }
        self.names.made(module, name, true).or_else(|| exported().map(|item| Target::Item(*item)))
    }

    /// What a macro call in the module may have made. Where a name has meanings already, the call is
    /// where one of them stands, and none by itself.
    fn made(&self, module: ModuleId, name: &str) -> Option<Target> {
        if self.looks_for_others(module) { None } else { self.names.made(module, name, false) }
    }

    /// Whether meanings of a name in that module are passed over, to find others of the same kind.
    fn looks_for_others(&self, module: ModuleId) -> bool {
        self.without.iter().any(|(of, _)| *of == module)
    }

    /// A name that function bodies declare or import, in the innermost of the blocks that count.
    fn in_blocks(&mut self, module: ModuleId, wanted: Wanted<'_>, counts: &dyn Fn(Span) -> bool) -> Option<Target> {
        let tables = self.names.tables;
        let blocks = &tables.modules[module.0 as usize].blocks;
        let mut blocks = blocks.iter().filter(|(block, _)| counts(*block));
        blocks.find_map(|(_, listing)| self.listed(module, listing, wanted))
    }

    /// A name in a module's own table, and for a file that another includes, in the table of that.
    fn lookup(&mut self, module: ModuleId, wanted: Wanted<'_>) -> Option<Target> {
        let tables = self.names.tables;
        if let Some(found) = self.listed(module, &tables.modules[module.0 as usize].all, wanted) {
            return Some(found);
        }
        let outer = self.names.project.module(module).included_in?;
        self.lookup(outer, Wanted { importing: None, ..wanted })
    }

    /// Declared and imported names first, then globs, then a name of another kind.
    fn listed(&mut self, module: ModuleId, listing: &'a Listing, wanted: Wanted<'_>) -> Option<Target> {
        let mut second = None;
        if let Some(found) = self.named(module, listing, wanted, &mut second) {
            return Some(found);
        }
        if (wanted.space == Space::Any && second.is_some()) || listing.globs.is_empty() {
            return self.made_beside(module, wanted, second.as_ref()).or_else(|| self.settle(second));
        }
        let mut opened = vec![module];
        let found = self.globs(module, &listing.globs, wanted, &mut opened);
        found.or_else(|| self.made_beside(module, wanted, second.as_ref())).or_else(|| self.settle(second))
    }

    /// The type that a macro call made under the name of a derive: a call may make a trait, and its
    /// module pass on the derive for it.
    fn made_beside(&self, module: ModuleId, wanted: Wanted<'_>, second: Option<&Second>) -> Option<Target> {
        let (other, _) = second?;
        let is_it = wanted.space == Space::Types && self.names.is_macro(other);
        if is_it { self.made(module, wanted.name) } else { None }
    }

    /// Takes the second choice, with the way that led to it.
    fn settle(&mut self, second: Option<Second>) -> Option<Target> {
        let (target, through) = second?;
        self.through = through;
        Some(target)
    }

    /// A name that is declared or imported by itself. One of another kind becomes the second choice.
    fn named(
        &mut self,
        module: ModuleId,
        listing: &'a Listing,
        wanted: Wanted<'_>,
        second: &mut Option<Second>,
    ) -> Option<Target> {
        let entries = listing.named.get(wanted.name)?;
        entries.iter().find_map(|&entry| self.entry(module, entry, wanted, second, || entries.len() > 1))
    }

    /// One meaning of a name, if it is of the wanted kind, and whether the name has several.
    fn entry(
        &mut self,
        module: ModuleId,
        entry: Entry,
        wanted: Wanted<'_>,
        second: &mut Option<Second>,
        has_several: impl Fn() -> bool,
    ) -> Option<Target> {
        if self.without.contains(&(module, entry)) {
            return None;
        }
        let found = self.meaning(module, entry, wanted, second);
        if found.is_some() && has_several() {
            self.forks.push((module, entry));
        }
        found
    }

    fn meaning(
        &mut self,
        module: ModuleId,
        entry: Entry,
        wanted: Wanted<'_>,
        second: &mut Option<Second>,
    ) -> Option<Target> {
        let (target, fits) = match entry {
            Entry::Child(child) => (Target::Module(child), matches!(wanted.space, Space::Types | Space::Any)),
            Entry::Item(index) => {
                let item = ItemRef { module, index };
                (Target::Item(item), fits(&self.names.project.item(item).kind, wanted.space))
            }
            Entry::Included(item) => (Target::Item(item), fits(&self.names.project.item(item).kind, wanted.space)),
            Entry::Import(index) if Some(index) == wanted.importing => return None,
            Entry::Import(index) => {
                let before = self.through.len();
                let found = self.hop(module, index, wanted)?;
                let is_other = matches!(wanted.space, Space::Types | Space::Values) && self.names.is_macro(&found);
                if !is_other {
                    return Some(found);
                }
                // A derive and a trait may share a name: the one takes nothing from the other.
                if self.without.is_empty() {
                    second.get_or_insert_with(|| (found, self.through.clone()));
                }
                self.through.truncate(before);
                return None;
            }
        };
        if fits {
            return Some(target);
        }
        if self.without.is_empty() {
            second.get_or_insert_with(|| (target, self.through.clone()));
        }
        None
    }

    /// Follows an import that a name was found in, and remembers it as a hop.
    fn hop(&mut self, module: ModuleId, index: u32, wanted: Wanted<'_>) -> Option<Target> {
        let before = self.through.len();
        self.note_hop(module, index, wanted.from);
        let found = self.import(module, index, wanted.space);
        if found.is_none() {
            self.through.truncate(before);
        }
        found
    }

    fn note_hop(&mut self, module: ModuleId, index: u32, from: Option<ModuleId>) {
        if from.is_some() {
            let project = self.names.project;
            let span = project.scope(module).imports[index as usize].span;
            self.through.push((module, project.place(module, span)));
        }
    }

    /// Follows an import to what it imports.
    pub(super) fn import(&mut self, module: ModuleId, index: u32, space: Space) -> Option<Target> {
        self.tries += 1;
        if self.busy.contains(&(module, index)) || self.busy.len() >= MOST_HOPS || self.tries > MOST_TRIES {
            return None;
        }
        let import = &self.names.project.scope(module).imports[index as usize];
        if import.kind == ImportKind::ExternCrate {
            return self.declared_crate(module, import);
        }
        self.busy.push((module, index));
        let found = self.path(module, &import.path, space, Some(index), Seen::From(import.span));
        self.busy.pop();
        found
    }

    /// Looks for a name in what globs open, and in what the globs there open. Each module is
    /// looked into once: `opened` holds those that were.
    fn globs(
        &mut self,
        module: ModuleId,
        globs: &'a [Glob],
        wanted: Wanted<'_>,
        opened: &mut Vec<ModuleId>,
    ) -> Option<Target> {
        let asker = wanted.from.unwrap_or(module);
        let tables = self.names.tables;
        // What others see through the globs of a module is among its offers.
        let offers = tables.offers.get(&module.0).filter(|_| wanted.from.is_some());
        let mut second = None;
        if let Some(offers) = offers {
            let offered = offers.get(wanted.name).map_or(&[][..], Vec::as_slice);
            for offer in offered {
                if let Some(found) = self.offered(offer, wanted, &mut second) {
                    if offered.len() > 1 {
                        self.fork_globs(offer);
                    }
                    return Some(found);
                }
            }
        }
        for glob in globs.iter().filter(|glob| Some(glob.import) != wanted.importing) {
            let fork = (module, Entry::Import(glob.import));
            if self.without.contains(&fork) {
                continue;
            }
            if offers.is_some() && is_open(self.names.project, module, glob.import) {
                continue;
            }
            let import = &self.names.project.scope(module).imports[glob.import as usize];
            if wanted.from.is_some() && !self.sees(asker, module, &import.visibility) {
                continue;
            }
            let before = self.through.len();
            self.note_hop(module, glob.import, wanted.from);
            let found = match glob.opens {
                Some(Opened::Module(target)) if !opened.contains(&target) => {
                    opened.push(target);
                    self.opened(target, Wanted { importing: None, from: Some(asker), ..wanted }, opened)
                }
                Some(Opened::Enum(item)) => self.variant(item, wanted.name),
                // What an outside crate exports is not known: no name is taken to come from it.
                _ => None,
            };
            if found.is_some() {
                // Under another `cfg`, another glob may bring in the name.
                if globs.len() > 1 && !import.cfg.is_empty() {
                    self.forks.push(fork);
                }
                return found;
            }
            self.through.truncate(before);
        }
        self.settle(second)
    }

    /// Remembers the globs on the way to an offer that exist under some `cfg` only.
    fn fork_globs(&mut self, offer: &Offer) {
        let project = self.names.project;
        let is_conditional =
            |&&(module, glob): &&(ModuleId, u32)| !project.scope(module).imports[glob as usize].cfg.is_empty();
        let globs = offer.globs.iter().filter(is_conditional);
        self.forks.extend(globs.map(|&(module, glob)| (module, Entry::Import(glob))));
    }

    /// A name in a module that a glob opens.
    fn opened(&mut self, module: ModuleId, wanted: Wanted<'_>, opened: &mut Vec<ModuleId>) -> Option<Target> {
        let tables = self.names.tables;
        let listing = &tables.modules[module.0 as usize].all;
        let mut second = None;
        if self.offers(module, listing, wanted)
            && let Some(found) = self.named(module, listing, wanted, &mut second)
        {
            return Some(found);
        }
        let made = if second.is_none() {
            self.made(module, wanted.name)
        } else {
            self.made_beside(module, wanted, second.as_ref())
        };
        if made.is_some() {
            return made;
        }
        let found = self.globs(module, &listing.globs, wanted, opened);
        found.or_else(|| self.exported(module, wanted)).or_else(|| self.settle(second))
    }

    /// The macro of that name that a crate exports, if the module is its root.
    fn exported(&self, module: ModuleId, wanted: Wanted<'_>) -> Option<Target> {
        let project = self.names.project;
        if !wanted.may_be_macro() || project.module(module).parent.is_some() {
            return None;
        }
        let known = self.names.macros(module, wanted.name).first();
        known.filter(|item| is_exported(project, **item)).map(|item| Target::Item(*item))
    }

    /// What an offer means to whoever asks, if it can be seen from there.
    fn offered(&mut self, offer: &Offer, wanted: Wanted<'_>, second: &mut Option<Second>) -> Option<Target> {
        let asker = wanted.from?;
        let project = self.names.project;
        let sees = |walk: &Self, &(module, glob): &(ModuleId, u32)| {
            walk.sees(asker, module, &project.scope(module).imports[glob as usize].visibility)
        };
        let is_passed_over = |&(module, glob): &(ModuleId, u32)| self.without.contains(&(module, Entry::Import(glob)));
        if !offer.globs.iter().all(|glob| sees(self, glob)) || offer.globs.iter().any(is_passed_over) {
            return None;
        }
        let before = self.through.len();
        for &(module, glob) in &offer.globs {
            self.note_hop(module, glob, wanted.from);
        }
        let found = match offer.meaning {
            Meaning::Variant(item) => Some(Target::Item(item)),
            Meaning::Macro(item) => wanted.may_be_macro().then_some(Target::Item(item)),
            Meaning::Entry(module, entry) if self.is_seen(asker, module, entry, wanted.name) => {
                let entries = self.names.tables.modules[module.0 as usize].all.named.get(wanted.name);
                let has_several = || entries.is_some_and(|entries| entries.len() > 1);
                let found = self.entry(module, entry, wanted, second, has_several);
                found.or_else(|| self.made_beside(module, wanted, second.as_ref()))
            }
            Meaning::Entry(..) => None,
        };
        if found.is_none() {
            self.through.truncate(before);
        }
        found
    }

    /// Whether whoever asks can see some meaning of a name: a glob brings in no more than that.
    fn offers(&self, module: ModuleId, listing: &Listing, wanted: Wanted<'_>) -> bool {
        let asker = wanted.from.unwrap_or(module);
        let mut entries = listing.named.get(wanted.name).into_iter().flatten();
        entries.any(|&entry| self.is_seen(asker, module, entry, wanted.name))
    }

    /// Whether `asker` sees an entry of a module's table.
    fn is_seen(&self, asker: ModuleId, module: ModuleId, entry: Entry, name: &str) -> bool {
        let scope = self.names.project.scope(module);
        let visibility = match entry {
            // What a call makes is as visible as the macro says, which is not known.
            Entry::Item(index) if matches!(scope.items[index as usize].kind, ItemKind::MacroCall(_)) => return true,
            Entry::Item(index) => &scope.items[index as usize].visibility,
            Entry::Included(item) => &self.names.project.item(item).visibility,
            Entry::Import(index) => &scope.imports[index as usize].visibility,
            Entry::Child(_) => {
                let is_it = |item: &&crate::facts::Item| item.name == name && matches!(item.kind, ItemKind::Module(_));
                let Some(item) = scope.items.iter().find(is_it) else { return true };
                &item.visibility
            }
        };
        self.sees(asker, module, visibility)
    }

    /// Whether `asker` sees what `module` declares with that visibility.
    fn sees(&self, asker: ModuleId, module: ModuleId, visibility: &Visibility) -> bool {
        let project = self.names.project;
        match visibility {
            Visibility::Public => true,
            Visibility::Private => self.is_inside(asker, module),
            Visibility::Restricted(path) => match path.as_str() {
                "self" => self.is_inside(asker, module),
                "super" => project.module(module).parent.is_some_and(|parent| self.is_inside(asker, parent)),
                _ => project.module(asker).krate == project.module(module).krate,
            },
        }
    }

    fn is_inside(&self, module: ModuleId, outer: ModuleId) -> bool {
        let parent = |id: &ModuleId| self.names.project.module(*id).parent;
        std::iter::successors(Some(module), parent).any(|around| around == outer)
    }

    fn variant(&self, item: ItemRef, name: &str) -> Option<Target> {
        match &self.names.project.item(item).kind {
            ItemKind::Enum(declared) if declared.variants.iter().any(|variant| variant.name == name) => {
                Some(Target::Item(item))
            }
            _ => None,
        }
    }
}

/// Whether an item lives in that space; a struct is a type and, as a constructor, a value.
pub(super) fn fits(kind: &ItemKind, space: Space) -> bool {
    use ItemKind::{Alias, Constant, Enum, Function, MacroRules, Module, Static, Struct, Trait};
    match space {
        Space::Types => matches!(kind, Struct(_) | Enum(_) | Trait(_) | Alias(_) | Module(_)),
        Space::Values => matches!(kind, Function(_) | Constant(_) | Static(_) | Struct(_) | Enum(_)),
        Space::Macros => matches!(kind, MacroRules(_)),
        // A module of the same name goes first, as it did when only types were looked for.
        Space::Any => !matches!(kind, Function(_) | Constant(_) | Static(_)),
    }
}
