//! Which item a path stands in, and which lower-case names are locals of it.
//!
//! A lone name in lower case may be a local or a function of the module. Patterns and parameters
//! say which names a function binds, so what is left at its end is no local.

use super::Need;
use super::names::Collector;
use crate::facts::{PathKind, PathUse};
use crate::source::Span;
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

/// The names of one function or item while it is read.
#[derive(Default)]
pub(super) struct Locals {
    bound: FxHashSet<SmolStr>,
    undecided: Vec<PathUse>,
}

/// How much had been read when an item began.
pub(super) struct Begun {
    paths: usize,
    items: usize,
}

impl Collector<'_> {
    /// Takes in that an item begins.
    pub(super) fn begin_item(&mut self) -> Begun {
        if self.need != Need::Outline && self.locals.is_empty() {
            self.forget_lone();
        }
        self.locals.push(Locals::default());
        let scope = self.scope();
        Begun { paths: scope.paths.len(), items: scope.items.len() }
    }

    /// Takes in that the item ends: what was named since then stands in it.
    pub(super) fn end_item(&mut self, begun: &Begun) {
        self.end_locals();
        let scope = self.scope();
        let paths = begun.paths as u32..scope.paths.len() as u32;
        // Items in its body have been given theirs already.
        for item in scope.items.iter_mut().skip(begun.items).filter(|item| item.paths.is_empty()) {
            item.paths = paths.clone();
        }
    }

    /// Reads a function, which sees no local of what is around it.
    pub(super) fn begin_locals(&mut self) {
        self.locals.push(Locals::default());
    }

    /// Notes the lower-case names of the innermost function that are no locals of it.
    pub(super) fn end_locals(&mut self) {
        let Some(Locals { bound, undecided }) = self.locals.pop() else { return };
        for PathUse { path, kind, span, .. } in undecided {
            if !bound.contains(&path) {
                self.note_text(path, kind, span);
            }
        }
    }

    /// Takes in that the innermost function binds a name.
    pub(super) fn bind(&mut self, name: SmolStr) {
        if let Some(locals) = self.locals.last_mut() {
            locals.bound.insert(name);
        }
    }

    /// Takes in a lone lower-case name in the place of a value.
    pub(super) fn note_lower(&mut self, path: SmolStr, span: Span) {
        let test = self.in_test();
        if let Some(locals) = self.locals.last_mut() {
            locals.undecided.push(PathUse { path, kind: PathKind::Expression, span, test });
        }
    }
}
