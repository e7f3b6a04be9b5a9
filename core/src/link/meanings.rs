//! What the paths of one module lead to, each looked up once.

use super::Project;
use super::names::{Resolved, Space, Target, is_lone};
use super::starts::Starts;
use super::tree::ModuleId;
use crate::facts::types::split_first;
use crate::facts::{PathKind, PathUse};
use rustc_hash::{FxBuildHasher, FxHashMap};
use smol_str::SmolStr;

/// What the paths of one module lead to. Where no block of a function has names of its own, a path means the same all
/// over the module, and most paths are written several times.
pub(super) struct Meanings<'a> {
    project: &'a Project,
    module: ModuleId,
    /// The names of its imports that may mean more than the import says, with what that is.
    ambiguous: &'a [(&'a SmolStr, Vec<Target>)],
    /// The positions in `found` of what has been asked for.
    known: FxHashMap<Asked<'a>, u32>,
    found: Vec<Option<Meaning>>,
    starts: Starts<'a>,
    /// The one that was asked for last, where it holds for its place only.
    latest: Option<Meaning>,
}

/// A path, where it looks first, and whether it is the name of a macro that is called.
type Asked<'a> = (&'a str, Space, bool);

/// What a path leads to.
#[derive(Debug)]
pub(super) struct Meaning {
    pub(super) resolved: Resolved,
    /// Whether it is a macro that `#[macro_use]` lets out of its module.
    pub(super) is_textual: bool,
}

impl<'a> Meanings<'a> {
    pub(super) fn new(
        project: &'a Project,
        module: ModuleId,
        ambiguous: &'a [(&'a SmolStr, Vec<Target>)],
        starts: Starts<'a>,
    ) -> Self {
        // Of the paths of a module about a quarter are distinct.
        let distinct = project.scope(module).paths.len() / 4;
        Self {
            project,
            module,
            ambiguous,
            known: FxHashMap::with_capacity_and_hasher(distinct, FxBuildHasher),
            found: Vec::with_capacity(distinct),
            starts,
            latest: None,
        }
    }

    /// What a path leads to; `None` for what is no edge: the name of an import of the module, which says that by itself,
    /// and a macro of the modules around it.
    pub(super) fn of(&mut self, used: &'a PathUse) -> Option<&Meaning> {
        if !self.project.names().is_outside_of_blocks(self.module, used.span) {
            self.latest = self.looked_up(used, None);
            return self.latest.as_ref();
        }
        let asked = (used.path.as_str(), Space::of(used.kind), used.kind == PathKind::Macro);
        let at = self.known.get(&asked).copied().unwrap_or_else(|| {
            let resolved = self.behind_start(used);
            self.found.push(self.looked_up(used, resolved));
            let at = self.found.len() as u32 - 1;
            self.known.insert(asked, at);
            at
        });
        self.found[at as usize].as_ref()
    }

    /// What a path of several names leads to, by what its first name is known to mean.
    fn behind_start(&mut self, used: &'a PathUse) -> Option<Resolved> {
        let (first, rest) = split_first(&used.path);
        if first.is_empty() || rest.is_empty() {
            return None;
        }
        let (names, module) = (self.project.names(), self.module);
        let start = self.starts.of(first, used.span);
        names.follow_from(module, start, rest, Space::of(used.kind))
    }

    fn looked_up(&self, used: &PathUse, resolved: Option<Resolved>) -> Option<Meaning> {
        let names = self.project.names();
        let lone = is_lone(&used.path);
        let is_imported = lone && names.imports_of(self.module, &used.path).next().is_some();
        let ambiguous = self.ambiguous.iter().find(|(name, _)| is_imported && **name == used.path);
        if is_imported && ambiguous.is_none() {
            return None;
        }
        let is_macro = lone && used.kind == PathKind::Macro;
        if is_macro && names.has_macro_around(self.module, &used.path) {
            return None;
        }
        if let Some(item) = is_macro.then(|| names.textual_macro(self.module, &used.path)).flatten() {
            return Some(Meaning { resolved: Resolved::to(Target::Item(item)), is_textual: true });
        }
        let resolve = || names.resolve_at(self.module, &used.path, Space::of(used.kind), used.span);
        let resolved = resolved.unwrap_or_else(resolve);
        let resolved = match ambiguous {
            Some((_, known)) => resolved.besides(known),
            None => resolved,
        };
        Some(Meaning { resolved, is_textual: false })
    }
}
