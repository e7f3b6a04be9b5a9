//! The imports as one contract sees them.
//!
//! Which ways are open depends on the nodes that the contract speaks of, and not on which of them is
//! asked for at the time. So they are looked at once, however many questions the contract has.

use super::imports::Imports;
use super::question::Exceptions;
use crate::graph::NodeId;

/// What a contract speaks of, and the ways that are open then.
pub(super) struct View {
    /// Whether the contract speaks of a node: what it re-exports is not to be had through it.
    named: Vec<bool>,
    /// Where the routes of each node begin, and at the end where the last ones end.
    starts: Vec<u32>,
    routes: Vec<Route>,
}

/// An open way.
#[derive(Clone, Copy)]
pub(super) struct Route {
    /// Where it leads.
    pub(super) to: NodeId,
    /// Whether an exception excuses it.
    pub(super) is_excused: bool,
    /// Whether no chain leads over it.
    pub(super) is_offer: bool,
    /// Whether it leads to a module that re-exports, and so no further.
    pub(super) is_through: bool,
}

impl View {
    /// The view of a contract that speaks of the nodes of `named`.
    pub(super) fn new(
        imports: &Imports<'_>,
        exceptions: &Exceptions<'_>,
        named: impl IntoIterator<Item = NodeId>,
    ) -> Self {
        let size = imports.graph.nodes().len();
        let mut view = Self { named: vec![false; size], starts: vec![0], routes: Vec::new() };
        for node in named {
            view.named[node.0 as usize] = true;
        }
        for (from, _) in imports.graph.nodes() {
            let first = view.routes.len();
            for &way in imports.ways(from) {
                if imports.is_open(from, way, |node| view.blocks(node)) {
                    let is_excused = exceptions.excuse(from, way.to);
                    let (is_offer, is_through) = (way.is_offer, way.is_through);
                    view.routes.push(Route { to: way.to, is_excused, is_offer, is_through });
                }
            }
            // Every question reads them in this order.
            view.routes[first..].sort_by_key(|route| route.to);
            view.starts.push(view.routes.len() as u32);
        }
        view
    }

    /// How many nodes there are.
    pub(super) fn len(&self) -> usize {
        self.named.len()
    }

    /// Whether what a node re-exports is not to be had through it.
    pub(super) fn blocks(&self, node: NodeId) -> bool {
        self.named[node.0 as usize]
    }

    /// The open ways on from a node, in the order of where they lead.
    pub(super) fn routes(&self, from: NodeId) -> &[Route] {
        let at = from.0 as usize;
        &self.routes[self.starts[at] as usize..self.starts[at + 1] as usize]
    }
}
