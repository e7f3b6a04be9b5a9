//! What a module imports, as contracts see it.
//!
//! An edge leads to the module of the item that is meant, also where the path goes through a
//! re-export: whoever takes `crate::Db` from the crate's root depends on the module of `Db`, and on
//! nothing else that the root knows. Three things follow from that.
//!
//! - The modules that re-export on the way matter only where the contract speaks of them: one
//!   that must not be reached has been reached, and what goes through one that may do so is its affair.
//! - A re-export that its own module makes no use of is an offer. It counts for the module that
//!   makes it, but no chain leads over it: whoever takes the offer has an edge of its own.
//! - What a module names of itself is no import.

use crate::facts::types::split_first;
use crate::graph::{Adjacency, ImportGraph, Links, Node, NodeId};
use crate::link::{Edge, EdgeKind, ModuleId, Project, Space, Target};
use rustc_hash::FxHashSet;
use smol_str::SmolStr;
use std::ops::Range;

/// The imports of a project, by node of its graph.
pub(super) struct Imports<'a> {
    pub(super) project: &'a Project,
    pub(super) graph: ImportGraph,
    /// Where the ways of each node begin, and at the end where the last ones end.
    starts: Vec<u32>,
    /// The ways of all nodes: those over its links, and then those to modules that re-export.
    ways: Vec<Way>,
    /// The modules that re-export what a node names, by node.
    through: Links,
    /// The passages of all ways that have some, and the modules that they lead through.
    passages: Vec<Range<u32>>,
    via: Vec<NodeId>,
    /// All ways, those to who re-exports among them, and the same the other way round.
    all: Adjacency,
    reversed: Adjacency,
}

/// A way from one node to another.
#[derive(Clone, Copy)]
pub(super) struct Way {
    /// Where it leads.
    pub(super) to: NodeId,
    /// Its position among the links of the node, or among who re-exports what the node names.
    at: u32,
    /// Whether it is open whatever a contract says of re-exports.
    open: bool,
    /// Whether no chain leads over it.
    pub(super) is_offer: bool,
    /// Whether it leads to a module that re-exports, and so no further.
    pub(super) is_through: bool,
    /// Where its passages begin and end: the ways through modules that re-export, if it is not open.
    passages: (u32, u32),
}

impl<'a> Imports<'a> {
    pub(super) fn new(project: &'a Project) -> Self {
        let graph = ImportGraph::new(project);
        let mut imports = Self {
            project,
            graph: ImportGraph::default(),
            starts: vec![0],
            ways: Vec::new(),
            through: Links::default(),
            passages: Vec::new(),
            via: Vec::new(),
            all: Adjacency::default(),
            reversed: Adjacency::default(),
        };
        for (id, node) in graph.nodes() {
            match node {
                Node::Module(module) => imports.add(&graph, id, *module),
                Node::Package(_) => imports.through.push(Vec::new()),
            }
            imports.starts.push(imports.ways.len() as u32);
        }
        imports.graph = graph;
        let nodes = imports.graph.nodes();
        imports.all = Adjacency::new(
            nodes.len(),
            nodes.flat_map(|(from, _)| imports.ways(from).iter().map(move |way| (from, way.to))),
        );
        imports.reversed = imports.all.reversed();
        imports
    }

    /// Adds the ways of a module, which is the next node.
    fn add(&mut self, graph: &ImportGraph, id: NodeId, module: ModuleId) {
        let project = self.project;
        let edges = project.edges_in(project.module(module).file);
        let first_way = self.ways.len();
        let mut through: Vec<(NodeId, u32)> = Vec::new();
        for (link, at) in graph.links(id).iter().zip(0..) {
            let (mut open, mut is_offer) = (false, true);
            let first = self.passages.len();
            for &number in graph.numbers(*link) {
                let edge = &edges[number as usize];
                is_offer &= edge.kind == EdgeKind::Reexport;
                let via = edge.reexports().iter().filter(|(via, _)| *via != module);
                let start = through.len();
                through.extend(via.map(|(via, _)| (graph.of_module(*via), number)));
                if start == through.len() {
                    open = true;
                } else if !open {
                    self.add_passage(first, through[start..].iter().map(|(via, _)| *via));
                }
            }
            if open {
                self.passages.truncate(first);
            }
            let passages = (first as u32, self.passages.len() as u32);
            self.ways.push(Way { to: link.to, at, open, is_offer, is_through: false, passages });
        }
        if self.ways[first_way..].iter().any(|way| way.is_offer) {
            let used = used_offers(project, module);
            for way in &mut self.ways[first_way..] {
                way.is_offer &= !used.contains(&key(graph, way.to));
            }
        }
        self.through.push(through);
        let is_offer = |edge: &u32| edges[*edge as usize].kind == EdgeKind::Reexport;
        for (link, at) in self.through.of(id).iter().zip(0..) {
            let is_offer = self.through.numbers(*link).iter().all(is_offer);
            self.ways.push(Way { to: link.to, at, open: true, is_offer, is_through: true, passages: (0, 0) });
        }
    }

    /// Adds a passage through those modules, unless there is one among those from `first` on.
    fn add_passage(&mut self, first: usize, via: impl Iterator<Item = NodeId> + Clone) {
        let is_it = |known: &Range<u32>| self.nodes_of(known).iter().copied().eq(via.clone());
        if !self.passages[first..].iter().any(is_it) {
            let start = self.via.len() as u32;
            self.via.extend(via);
            self.passages.push(start..self.via.len() as u32);
        }
    }

    /// The modules that a passage leads through.
    fn nodes_of(&self, passage: &Range<u32>) -> &[NodeId] {
        &self.via[passage.start as usize..passage.end as usize]
    }

    /// Which nodes lead to one of `goals` over any number of ways, themselves included.
    pub(super) fn leading_to(&self, goals: impl Iterator<Item = NodeId>) -> Vec<bool> {
        self.reversed.reached(goals)
    }

    /// The same over ways whose inner nodes `may_pass` allows.
    pub(super) fn leading_through(
        &self,
        goals: impl Iterator<Item = NodeId>,
        may_pass: impl Fn(NodeId) -> bool,
    ) -> Vec<bool> {
        self.reversed.reached_through(goals, may_pass)
    }

    /// Who has a way to a node.
    pub(super) fn importers(&self, node: NodeId) -> &[NodeId] {
        self.reversed.successors(node)
    }

    /// Which nodes lie on a way from one of `nodes` to one of them, themselves included.
    pub(super) fn between(&self, nodes: impl Iterator<Item = NodeId> + Clone) -> Vec<bool> {
        let mut between = self.all.reached(nodes.clone());
        for (after, before) in between.iter_mut().zip(self.leading_to(nodes)) {
            *after &= before;
        }
        between
    }

    /// The ways on from a node. Those to what is re-exported come before those to who re-exports it,
    /// and each are in the order of the nodes.
    pub(super) fn ways(&self, from: NodeId) -> &[Way] {
        let at = from.0 as usize;
        &self.ways[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    /// The ways from one node to another, in the same order.
    pub(super) fn ways_to(&self, from: NodeId, to: NodeId) -> impl Iterator<Item = Way> {
        let (ends, through) = self.ways(from).split_at(self.graph.links(from).len());
        let find = move |ways: &[Way]| ways.binary_search_by_key(&to, |way| way.to).ok().map(|at| ways[at]);
        find(ends).into_iter().chain(find(through))
    }

    /// The edges of a way that go through no module that `blocks` says of, in the order of their places.
    pub(super) fn edges_of(
        &self,
        from: NodeId,
        way: Way,
        blocks: impl Fn(NodeId) -> bool,
    ) -> impl Iterator<Item = &'a Edge> {
        let passes = move |edge: &&Edge| {
            way.open
                || edge.reexports().iter().all(|(module, _)| {
                    let node = self.graph.of_module(*module);
                    node == from || !blocks(node)
                })
        };
        let at = way.at as usize;
        let numbers = if way.is_through {
            self.through.numbers(self.through.of(from)[at])
        } else {
            self.graph.numbers(self.graph.links(from)[at])
        };
        let edges = self.graph.edges_of(self.project, from);
        numbers.iter().map(|&number| &edges[number as usize]).filter(passes)
    }

    /// Whether a way has an edge that goes through no module that `blocks` says of.
    pub(super) fn is_open(&self, from: NodeId, way: Way, blocks: impl Fn(NodeId) -> bool) -> bool {
        let passages = || &self.passages[way.passages.0 as usize..way.passages.1 as usize];
        let is_free = |passage: &Range<u32>| self.nodes_of(passage).iter().all(|&via| via == from || !blocks(via));
        way.open || passages().iter().any(is_free)
    }

    /// How many edges leave a node.
    pub(super) fn count(&self, from: NodeId) -> usize {
        self.graph.links(from).iter().map(|link| self.graph.numbers(*link).len()).sum()
    }
}

#[derive(PartialEq, Eq, Hash)]
enum Unit {
    Module(ModuleId),
    Package(SmolStr),
}

fn key(graph: &ImportGraph, node: NodeId) -> Unit {
    match graph.node(node) {
        Node::Module(module) => Unit::Module(*module),
        Node::Package(package) => Unit::Package(package.clone()),
    }
}

/// What of its own re-exports a module uses itself: where its other names lead that are no edges,
/// because they begin with a name that the module imports.
fn used_offers(project: &Project, module: ModuleId) -> FxHashSet<Unit> {
    let scope = project.scope(module);
    let mut seen: FxHashSet<&str> = FxHashSet::default();
    let mut used = FxHashSet::default();
    for path in scope.paths.iter().filter(|path| !path.test) {
        if !seen.insert(path.path.as_str()) {
            continue;
        }
        let first = split_first(&path.path).0;
        let named = scope.imports.iter().position(|import| import.name.as_deref() == Some(first));
        let target = match named {
            Some(index) => project.names().import(module, index).target,
            None if scope.items.iter().any(|item| item.name == first) => continue,
            None => project.names().resolve_at(module, &path.path, Space::of(path.kind), path.span).target,
        };
        used.extend(match target {
            Target::Module(found) => Some(Unit::Module(found)),
            Target::Item(item) => Some(Unit::Module(item.module)),
            Target::Outside(package, _) => Some(Unit::Package(package)),
            Target::Unknown => None,
        });
    }
    used
}
