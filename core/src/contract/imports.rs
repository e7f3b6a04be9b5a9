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

use crate::graph::{Adjacency, ImportGraph, Link, NodeId};
use crate::link::{Edge, EdgeKind, ModuleId, Project, Space, Target};
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

/// The imports of a project, by node of its graph.
pub(super) struct Imports<'a> {
    pub(super) project: &'a Project,
    pub(super) graph: ImportGraph,
    of_node: Vec<OfNode>,
    /// All ways, those to who re-exports among them, and the same the other way round.
    all: Adjacency,
    reversed: Adjacency,
}

#[derive(Default)]
struct OfNode {
    /// For each link of the node, whether it is open whatever a contract says of re-exports.
    open: Vec<bool>,
    /// For each link of the node, whether it is nothing but an offer.
    offer: Vec<bool>,
    /// The modules that re-export what the node names.
    through: Vec<Link>,
    /// For each of these, whether the node does nothing but offer what it re-exports.
    through_offer: Vec<bool>,
}

/// A way from one node to another.
#[derive(Clone, Copy)]
pub(super) struct Way<'a> {
    /// Where it leads.
    pub(super) to: NodeId,
    /// The edges, as positions in the project's.
    edges: &'a [u32],
    open: bool,
    /// Whether no chain leads over it.
    pub(super) is_offer: bool,
    /// Whether it leads to a module that re-exports, and so no further.
    pub(super) is_through: bool,
}

impl<'a> Imports<'a> {
    pub(super) fn new(project: &'a Project) -> Self {
        let graph = ImportGraph::new(project);
        let mut of_node = Vec::new();
        for (id, node) in graph.nodes() {
            of_node.push(match node {
                crate::graph::Node::Module(module) => of_module(project, &graph, id, *module),
                crate::graph::Node::Package(_) => OfNode::default(),
            });
        }
        let numbered = of_node.iter().enumerate().map(|(number, of)| (NodeId(number as u32), of));
        let through = numbered.flat_map(|(from, of)| of.through.iter().map(move |link| (from, link.to)));
        let all = Adjacency::new(graph.nodes().len(), graph.adjacency().links().chain(through));
        let reversed = all.reversed();
        Self { project, graph, of_node, all, reversed }
    }

    /// Which nodes lead to one of `goals` over any number of ways, themselves included.
    pub(super) fn leading_to(&self, goals: impl Iterator<Item = NodeId>) -> Vec<bool> {
        self.reversed.reached(goals)
    }

    /// Which nodes lie on a way from one of `nodes` to one of them, themselves included.
    pub(super) fn between(&self, nodes: impl Iterator<Item = NodeId> + Clone) -> Vec<bool> {
        let mut between = self.all.reached(nodes.clone());
        for (after, before) in between.iter_mut().zip(self.leading_to(nodes)) {
            *after &= before;
        }
        between
    }

    /// The ways on from a node. Those to what is re-exported come before those to who re-exports it.
    pub(super) fn ways(&self, from: NodeId) -> impl Iterator<Item = Way<'_>> {
        let OfNode { open, offer, through, through_offer } = &self.of_node[from.0 as usize];
        let links = self.graph.links(from).iter().enumerate();
        let ends = links.map(|(at, link)| Way {
            to: link.to,
            edges: &link.edges,
            open: open[at],
            is_offer: offer[at],
            is_through: false,
        });
        let through = through.iter().zip(through_offer).map(|(link, &is_offer)| Way {
            to: link.to,
            edges: &link.edges,
            open: true,
            is_offer,
            is_through: true,
        });
        ends.chain(through)
    }

    /// The edges of a way that go through no module that `blocks` says of, in the order of their places.
    pub(super) fn edges_of<'s>(
        &'s self,
        from: NodeId,
        way: Way<'s>,
        blocks: impl Fn(NodeId) -> bool,
    ) -> impl Iterator<Item = &'s Edge> {
        let passes = move |edge: &&Edge| {
            way.open
                || way.is_through
                || edge.through.iter().all(|(module, _)| {
                    let node = self.graph.of_module(*module);
                    node == from || !blocks(node)
                })
        };
        way.edges.iter().map(|&edge| self.edge(edge)).filter(passes)
    }

    /// Whether a way has an edge that goes through no module that `blocks` says of.
    pub(super) fn is_open(&self, from: NodeId, way: Way<'_>, blocks: impl Fn(NodeId) -> bool) -> bool {
        way.open || way.is_through || self.edges_of(from, way, blocks).next().is_some()
    }

    /// How many edges leave a node.
    pub(super) fn count(&self, from: NodeId) -> usize {
        self.graph.links(from).iter().map(|link| link.edges.len()).sum()
    }

    fn edge(&self, number: u32) -> &'a Edge {
        &self.project.edges[number as usize]
    }
}

fn of_module(project: &Project, graph: &ImportGraph, id: NodeId, module: ModuleId) -> OfNode {
    let mut found = OfNode::default();
    let mut through: Vec<(NodeId, u32)> = Vec::new();
    let mut offers = false;
    for link in graph.links(id) {
        let edges = || link.edges.iter().map(|&number| (number, &project.edges[number as usize]));
        let foreign = |edge: &Edge| edge.through.iter().any(|(via, _)| *via != module);
        found.open.push(edges().any(|(_, edge)| !foreign(edge)));
        let offer = edges().all(|(_, edge)| edge.kind == EdgeKind::Reexport);
        offers |= offer;
        found.offer.push(offer);
        for (number, edge) in edges() {
            let others = edge.through.iter().map(|(via, _)| graph.of_module(*via));
            through.extend(others.filter(|via| *via != id).map(|via| (via, number)));
        }
    }
    if offers {
        let used = used_offers(project, module);
        for (at, link) in graph.links(id).iter().enumerate() {
            found.offer[at] &= !used.contains(&key(graph, link.to));
        }
    }
    through.sort_unstable();
    through.dedup();
    for (to, number) in through {
        match found.through.last_mut() {
            Some(last) if last.to == to => last.edges.push(number),
            _ => found.through.push(Link { to, edges: vec![number] }),
        }
    }
    let is_offer = |edge: &u32| project.edges[*edge as usize].kind == EdgeKind::Reexport;
    found.through_offer = found.through.iter().map(|link| link.edges.iter().all(is_offer)).collect();
    found
}

#[derive(PartialEq, Eq, Hash)]
enum Unit {
    Module(ModuleId),
    Package(SmolStr),
}

fn key(graph: &ImportGraph, node: NodeId) -> Unit {
    match graph.node(node) {
        crate::graph::Node::Module(module) => Unit::Module(*module),
        crate::graph::Node::Package(package) => Unit::Package(package.clone()),
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
        let first = path.path.split("::").next().unwrap_or_default();
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
