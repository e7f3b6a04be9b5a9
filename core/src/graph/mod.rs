//! The import graph: modules and outside packages as nodes, everything that one names of another
//! as one link.
//!
//! Built from the edges of a [`Project`]. Nodes are numbered in the order of their names, so no
//! result depends on the order in which files were read. A `mod` declaration is no link.
//!
//! The algorithms know nothing of projects: they work on an [`Adjacency`], or on a function that
//! says where a node leads.

mod adjacency;
mod breach;
mod buckets;
mod components;
mod feedback;
mod flow;
mod layers;
mod links;
#[cfg(test)]
mod testing;
mod ways;

pub use adjacency::Adjacency;
pub use breach::{Breach, Side, breaches, links_of_chains};
pub use components::components;
pub use feedback::{Arc, EXACT_LIMIT, Feedback, feedback_arcs};
pub use layers::{Fault, Level, must_not_import};
pub use links::Link;
pub(crate) use links::Links;
pub use ways::Ways;

mod chain;
mod ends;
pub mod reach;
mod view;
mod violations;

pub use chain::{Answer, ChainHop, why};
pub use ends::{End, NoEnd, end};
pub use view::{Arrow, Group, Grouping, Selection, View, Violation, view};
pub(crate) use view::{is_standard, role_name};
pub(crate) use violations::Violations;

use crate::link::{Edge, ModuleId, Project, Target};
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

/// The number of a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// What can import or be imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// A module of the project.
    Module(ModuleId),
    /// A package from outside.
    Package(SmolStr),
}

/// Which modules import which.
#[derive(Debug, Default)]
pub struct ImportGraph {
    nodes: Vec<Node>,
    /// The numbers of the edges are positions in [`Project::edges_in`] of the file of the module that names them.
    links: Links,
    of_module: Vec<NodeId>,
    of_package: FxHashMap<SmolStr, NodeId>,
    adjacency: Adjacency,
}

impl ImportGraph {
    /// The graph of everything that is no test code.
    pub fn new(project: &Project) -> Self {
        let nodes = named_nodes(project);
        let mut of_module = vec![NodeId(0); project.modules.len()];
        let mut of_package: FxHashMap<SmolStr, NodeId> = FxHashMap::default();
        for (number, node) in nodes.iter().enumerate() {
            let id = NodeId(number as u32);
            match node {
                Node::Module(module) => of_module[module.0 as usize] = id,
                Node::Package(package) => drop(of_package.insert(package.clone(), id)),
            }
        }
        let end = |edge: &Edge| match &edge.to {
            Target::Module(module) => Some(of_module[module.0 as usize]),
            Target::Item(item) => Some(of_module[item.module.0 as usize]),
            Target::Outside(package, _) => of_package.get(package).copied(),
            Target::Unknown => None,
        };
        let edges = project.edges.numbered().filter(|(_, edge)| !edge.test && !project.module(edge.from).test);
        let named = edges.filter_map(|(number, edge)| Some((of_module[edge.from.0 as usize], end(edge)?, number)));
        let named: Vec<(NodeId, NodeId, u32)> = named.filter(|(from, to, _)| from != to).collect();
        let links = Links::of_all(nodes.len(), &named);
        let from = |number: usize| NodeId(number as u32);
        let pairs =
            (0..nodes.len()).flat_map(|number| links.of(from(number)).iter().map(move |link| (from(number), link.to)));
        let adjacency = Adjacency::new(nodes.len(), pairs);
        Self { nodes, links, of_module, of_package, adjacency }
    }

    /// The nodes, in the order of their names.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = (NodeId, &Node)> {
        self.nodes.iter().enumerate().map(|(number, node)| (NodeId(number as u32), node))
    }

    /// The node of that number.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// The node of a module.
    pub fn of_module(&self, module: ModuleId) -> NodeId {
        self.of_module[module.0 as usize]
    }

    /// The node of a package from outside, if something names it.
    pub fn of_package(&self, package: &str) -> Option<NodeId> {
        self.of_package.get(package).copied()
    }

    /// What a node names, sorted.
    pub fn links(&self, id: NodeId) -> &[Link] {
        self.links.of(id)
    }

    /// The numbers of a link's edges, in the order of their places: positions in [`ImportGraph::edges_of`].
    pub fn numbers(&self, link: Link) -> &[u32] {
        self.links.numbers(link)
    }

    /// The edges that the links of a node are numbered in: those of its file. A package from outside has none.
    pub fn edges_of<'p>(&self, project: &'p Project, id: NodeId) -> &'p [Edge] {
        match self.node(id) {
            Node::Module(module) => project.edges_in(project.module(*module).file),
            Node::Package(_) => &[],
        }
    }

    /// The links as plain numbers, for algorithms that need nothing else.
    pub const fn adjacency(&self) -> &Adjacency {
        &self.adjacency
    }

    /// The shortest chain of links: [`Adjacency::shortest_chain`].
    pub fn shortest_chain(
        &self,
        from: &[NodeId],
        is_goal: impl Fn(NodeId) -> bool,
        may_pass: impl Fn(NodeId) -> bool,
    ) -> Option<Vec<NodeId>> {
        self.adjacency.shortest_chain(from, is_goal, may_pass)
    }
}

/// Everything that can import or be imported, in the order of the names.
fn named_nodes(project: &Project) -> Vec<Node> {
    let modules = project.modules().map(|(id, module)| {
        let krate = &project.krate(module.krate).name;
        let name = if module.path.is_empty() { krate.clone() } else { format!("{krate}::{}", module.path) };
        (name, false, id.0, Node::Module(id))
    });
    let mut seen: FxHashSet<&SmolStr> = FxHashSet::default();
    let packages = project.edges.iter().filter_map(|edge| match &edge.to {
        Target::Outside(package, _) if !edge.test && seen.insert(package) => Some(package),
        _ => None,
    });
    let packages = packages.map(|package| (package.to_string(), true, 0, Node::Package(package.clone())));
    let mut named: Vec<_> = modules.chain(packages).collect();
    named.sort_unstable_by(|a, b| (&a.0, a.1, a.2).cmp(&(&b.0, b.1, b.2)));
    named.into_iter().map(|(.., node)| node).collect()
}
