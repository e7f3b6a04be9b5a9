//! One edge, and all edges of a project.

use super::Project;
use super::names::{Hops, ItemRef, Target};
use super::tree::ModuleId;
use crate::facts::PathKind;
use crate::source::{FileId, Place};
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// A place where one module names something of another module or of an outside crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The module that names it.
    pub from: ModuleId,
    /// What it names.
    pub to: Target,
    /// How.
    pub kind: EdgeKind,
    /// Where.
    pub place: Place,
    /// The path as written.
    pub path: SmolStr,
    /// Whether only test code does so.
    pub test: bool,
    /// The item that it stands in; `None` for what stands in the module itself.
    pub item: Option<ItemRef>,
    /// What most edges have not: there are many edges, and each byte of theirs counts.
    detail: Option<Box<Detail>>,
}

/// What only some edges have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Detail {
    /// The re-exports that the path leads through.
    through: Hops,
    /// The predicate of its own `cfg`.
    cfg: SmolStr,
    /// How many of the first places on the way are calls and names in bodies of macros; no re-exports.
    in_bodies: u32,
}

/// The ways to name something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EdgeKind {
    /// A private `use` or `extern crate`.
    Use,
    /// A `use` that others can use in turn.
    Reexport,
    /// A path.
    Path(PathKind),
    /// A method, an operator or a conversion, which the types tell and no path names.
    Call,
}

/// A place that names something, before it is known what.
pub(super) struct Named<'a> {
    pub(super) path: &'a SmolStr,
    pub(super) kind: EdgeKind,
    pub(super) place: Place,
    pub(super) test: bool,
    pub(super) item: Option<ItemRef>,
    /// Its own, apart from those of the item and the module.
    pub(super) cfg: &'a str,
}

impl Named<'_> {
    /// The edge to what it turned out to name.
    pub(super) fn edge(&self, project: &Project, from: ModuleId, to: Target, through: &[(ModuleId, Place)]) -> Edge {
        Edge {
            from,
            to,
            kind: self.kind,
            place: self.place,
            path: self.path.clone(),
            test: self.test || project.module(from).test,
            item: self.item,
            detail: Detail::of(through, self.cfg),
        }
    }
}

impl Detail {
    fn of(through: &[(ModuleId, Place)], cfg: &str) -> Option<Box<Self>> {
        let has_some = !through.is_empty() || !cfg.is_empty();
        has_some.then(|| Box::new(Self { through: through.into(), cfg: cfg.into(), in_bodies: 0 }))
    }
}

impl Edge {
    /// The edge of a use that no path names.
    pub(super) const fn implicit(from: ItemRef, to: Target, place: Place, name: SmolStr) -> Self {
        let (module, item) = (from.module, Some(from));
        Self { from: module, to, kind: EdgeKind::Call, place, path: name, test: false, item, detail: None }
    }

    /// The re-exports that the path leads through.
    pub fn through(&self) -> &[(ModuleId, Place)] {
        self.detail.as_ref().map_or(&[], |detail| &detail.through)
    }

    /// The same edge, which comes with the body of a `macro_rules!` that the place calls: the first places on the way are
    /// those of bodies.
    pub(super) fn through_bodies(mut self, places: usize) -> Self {
        self.detail.get_or_insert_default().in_bodies = places as u32;
        self
    }

    /// The modules whose re-exports the path leads through. One that declares a macro re-exports nothing by it.
    pub fn reexports(&self) -> &[(ModuleId, Place)] {
        let in_bodies = self.detail.as_ref().map_or(0, |detail| detail.in_bodies as usize);
        self.through().get(in_bodies..).unwrap_or_default()
    }

    /// Whether the body of a `macro_rules!` names it, and not the place itself, which calls the macro.
    pub fn is_from_body(&self) -> bool {
        self.detail.as_ref().is_some_and(|detail| detail.in_bodies > 0)
    }

    /// Under which `cfg` it exists, `all(…)` of those around it: of its module, of the item it stands in, and its own;
    /// empty if under any.
    pub fn cfg(&self, project: &Project) -> SmolStr {
        let item = self.item.and_then(|item| project.item(item).attribute("cfg"));
        let item = item.map_or("", |cfg| cfg.arguments.as_str());
        let own = self.detail.as_ref().map_or("", |detail| &detail.cfg);
        both(&both(&project.module(self.from).cfg, item), own)
    }

    pub(super) fn order(&self, other: &Self) -> std::cmp::Ordering {
        let key = |edge: &Self| (edge.place, edge.kind, edge.from);
        key(self).cmp(&key(other)).then_with(|| self.path.cmp(&other.path))
    }
}

/// The predicate that holds where both do; an empty one always holds.
pub(super) fn both(outer: &SmolStr, inner: &str) -> SmolStr {
    match (outer.as_str(), inner) {
        (_, "") => outer.clone(),
        ("", inner) => inner.into(),
        (outer, inner) => {
            let outer = outer.strip_prefix("all(").and_then(|rest| rest.strip_suffix(')')).unwrap_or(outer);
            format!("all({outer}, {inner})").into()
        }
    }
}

/// All edges of a project: by file, and in each file sorted by place.
///
/// They are kept file by file, so that none is ever moved to make room for others.
#[derive(Debug, Default)]
pub struct Edges {
    by_file: Vec<Vec<Edge>>,
}

impl Edges {
    /// Those of a project's modules, each module's sorted by place.
    pub(super) fn of_modules(files: usize, modules: impl Iterator<Item = Vec<Edge>>) -> Self {
        let mut by_file: Vec<Vec<Edge>> = vec![Vec::new(); files];
        let mut shared = BTreeSet::new();
        for edges in modules {
            let Some(first) = edges.first() else { continue };
            let number = first.place.file.0 as usize;
            let file = &mut by_file[number];
            if file.is_empty() {
                *file = edges;
            } else {
                file.extend(edges);
                shared.insert(number);
            }
        }
        let mut all = Self { by_file };
        all.sort(shared);
        all
    }

    /// Adds some, in any order.
    pub(super) fn extend(&mut self, edges: impl IntoIterator<Item = Edge>) {
        let mut changed = BTreeSet::new();
        for edge in edges {
            let file = edge.place.file.0 as usize;
            self.by_file[file].push(edge);
            changed.insert(file);
        }
        self.sort(changed);
    }

    fn sort(&mut self, files: BTreeSet<usize>) {
        for file in files {
            self.by_file[file].sort_by(Edge::order);
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_file.iter().map(Vec::len).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.by_file.iter().all(Vec::is_empty)
    }

    /// All of them, sorted by place.
    pub fn iter(&self) -> impl Iterator<Item = &Edge> {
        self.by_file.iter().flatten()
    }

    /// All of them, each with its position among those of its file.
    pub fn numbered(&self) -> impl Iterator<Item = (u32, &Edge)> {
        self.by_file.iter().flat_map(|edges| (0..).zip(edges))
    }

    /// Those of one file, sorted by place.
    pub fn in_file(&self, file: FileId) -> &[Edge] {
        self.by_file.get(file.0 as usize).map_or(&[], Vec::as_slice)
    }

    /// Those that begin inside of a place, sorted by place.
    pub fn inside(&self, place: Place) -> &[Edge] {
        let edges = self.in_file(place.file);
        let before = |end: u32| edges.partition_point(|edge| edge.place.span.start < end);
        &edges[before(place.span.start)..before(place.span.end)]
    }

    /// The first at exactly this place.
    pub fn at(&self, place: Place) -> Option<&Edge> {
        let edges = self.in_file(place.file);
        edges.get(edges.partition_point(|edge| edge.place < place)).filter(|edge| edge.place == place)
    }
}
