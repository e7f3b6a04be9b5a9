//! Who leads to whom, as nothing but numbers: what the algorithms work on.

use super::NodeId;
use super::buckets::Buckets;
use std::collections::VecDeque;

/// A directed graph of nodes from 0 upwards, without loops and double links.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Adjacency {
    /// The successors of all nodes, each node's sorted.
    ends: Buckets<NodeId>,
}

impl Adjacency {
    /// The graph of `nodes` nodes with those links. Loops, repetitions and links of other nodes are left out.
    pub fn new(nodes: usize, links: impl IntoIterator<Item = (NodeId, NodeId)>) -> Self {
        let inside = |&(from, to): &(NodeId, NodeId)| from != to && (from.0.max(to.0) as usize) < nodes;
        let links: Vec<_> = links.into_iter().filter(inside).collect();
        let mut ends = Buckets::new(nodes, links.iter().map(|&(from, to)| (from.0, to)));
        ends.sort_each();
        Self { ends }
    }

    /// How many nodes there are.
    pub const fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no node.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What a node leads to, sorted.
    pub fn successors(&self, node: NodeId) -> &[NodeId] {
        if (node.0 as usize) < self.len() { self.ends.of(node.0) } else { &[] }
    }

    /// The nodes, in their order.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = NodeId> + use<> {
        (0..self.len() as u32).map(NodeId)
    }

    /// The links, in their order.
    pub fn links(&self) -> impl Iterator<Item = (NodeId, NodeId)> {
        self.nodes().flat_map(|from| self.successors(from).iter().map(move |&to| (from, to)))
    }

    /// The same graph with every link the other way round.
    #[must_use]
    pub fn reversed(&self) -> Self {
        Self::new(self.len(), self.links().map(|(from, to)| (to, from)))
    }

    /// The shortest chain of links from one of `from` to a node that `is_goal` accepts, as the
    /// nodes it leads through, both ends included. Nodes that `may_pass` refuses are not gone
    /// through; they may be the goal. Of several shortest chains it is the first in the order of
    /// the nodes. Breadth-first search: Moore, "The shortest path through a maze", 1959.
    pub fn shortest_chain(
        &self,
        from: &[NodeId],
        is_goal: impl Fn(NodeId) -> bool,
        may_pass: impl Fn(NodeId) -> bool,
    ) -> Option<Vec<NodeId>> {
        const UNSEEN: u32 = u32::MAX;
        let mut before = vec![UNSEEN; self.len()];
        let mut queue = VecDeque::new();
        for &start in from {
            if before[start.0 as usize] == UNSEEN {
                before[start.0 as usize] = start.0;
                queue.push_back(start);
            }
        }
        while let Some(at) = queue.pop_front() {
            for &next in self.successors(at) {
                if before[next.0 as usize] != UNSEEN {
                    continue;
                }
                before[next.0 as usize] = at.0;
                if is_goal(next) {
                    return Some(chain_to(next, &before));
                }
                if may_pass(next) {
                    queue.push_back(next);
                }
            }
        }
        None
    }

    /// Which nodes a chain of any length leads to from one of `from`, those themselves included.
    pub fn reached(&self, from: impl IntoIterator<Item = NodeId>) -> Vec<bool> {
        self.reached_through(from, |_| true)
    }

    /// The same over chains whose inner nodes `may_pass` allows.
    pub fn reached_through(
        &self,
        from: impl IntoIterator<Item = NodeId>,
        may_pass: impl Fn(NodeId) -> bool,
    ) -> Vec<bool> {
        let mut reached = vec![false; self.len()];
        let mut open: Vec<NodeId> = from.into_iter().collect();
        for start in &open {
            reached[start.0 as usize] = true;
        }
        while let Some(at) = open.pop() {
            for &next in self.successors(at) {
                if !reached[next.0 as usize] {
                    reached[next.0 as usize] = true;
                    if may_pass(next) {
                        open.push(next);
                    }
                }
            }
        }
        reached
    }
}

fn chain_to(end: NodeId, before: &[u32]) -> Vec<NodeId> {
    let mut chain = vec![end];
    let mut at = end;
    while before[at.0 as usize] != at.0 {
        at = NodeId(before[at.0 as usize]);
        chain.push(at);
    }
    chain.reverse();
    chain
}

#[cfg(test)]
mod tests {
    use super::super::testing::{graph, ids, numbers};

    #[test]
    fn loops_and_repetitions_are_no_links() {
        let graph = graph(3, &[(0, 1), (0, 1), (1, 1), (2, 0)]);
        assert_eq!(graph.links().map(|(from, to)| (from.0, to.0)).collect::<Vec<_>>(), [(0, 1), (2, 0)]);
        assert_eq!(graph.reversed().reversed(), graph);
        assert_eq!(numbers(graph.successors(ids(&[7])[0])), [] as [u32; 0], "a node that does not exist");
    }

    #[test]
    fn the_shortest_chain_is_the_first_of_its_length() {
        let graph = graph(6, &[(0, 1), (0, 2), (1, 5), (2, 5), (0, 3), (3, 4), (4, 5)]);
        let chain = |from: &[u32], to: u32, without: u32| {
            let found = graph.shortest_chain(&ids(from), |node| node.0 == to, |node| node.0 != without);
            found.map(|chain| numbers(&chain))
        };
        assert_eq!(chain(&[0], 5, 9), Some(vec![0, 1, 5]));
        assert_eq!(chain(&[0], 5, 1), Some(vec![0, 2, 5]), "what may not be passed is gone around");
        assert_eq!(chain(&[0, 4], 5, 9), Some(vec![4, 5]), "the nearest of several starts");
        assert_eq!(chain(&[5], 0, 9), None);
    }
}
