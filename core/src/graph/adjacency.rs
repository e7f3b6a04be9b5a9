//! Who leads to whom, as nothing but numbers: what the algorithms work on.

use super::NodeId;
use rustc_hash::FxHashMap;
use std::collections::VecDeque;
use std::collections::hash_map::Entry;

/// A directed graph of nodes from 0 upwards, without loops and double links.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Adjacency {
    /// Where the successors of each node begin, and at the end where the last ones end.
    starts: Vec<u32>,
    /// The successors of all nodes, each node's sorted.
    ends: Vec<NodeId>,
}

impl Adjacency {
    /// The graph of `nodes` nodes with those links. Loops, repetitions and links of other nodes are left out.
    pub fn new(nodes: usize, links: impl IntoIterator<Item = (NodeId, NodeId)>) -> Self {
        let inside = |&(from, to): &(NodeId, NodeId)| from != to && (from.0.max(to.0) as usize) < nodes;
        let mut links: Vec<_> = links.into_iter().filter(inside).collect();
        links.sort_unstable();
        links.dedup();
        let mut starts = vec![0; nodes + 1];
        for (from, _) in &links {
            starts[from.0 as usize + 1] += 1;
        }
        for node in 0..nodes {
            starts[node + 1] += starts[node];
        }
        Self { starts, ends: links.into_iter().map(|(_, to)| to).collect() }
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Whether there is no node.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What a node leads to, sorted.
    pub fn successors(&self, node: NodeId) -> &[NodeId] {
        let at = node.0 as usize;
        match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(&start), Some(&end)) => &self.ends[start as usize..end as usize],
            _ => &[],
        }
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

    /// The chain that [`Adjacency::shortest_chain`] finds from one node to another, through any. It is
    /// looked for from both ends, because all that is within half of the way of each is a small part of
    /// what is within the whole way of one. `reversed` is this graph the other way round.
    pub fn chain_between(&self, reversed: &Self, from: NodeId, to: NodeId) -> Option<Vec<NodeId>> {
        let mut there = Rings::new(from);
        let mut back = Rings::new(to);
        while !there.last.iter().any(|node| back.distance.contains_key(node)) {
            let grown = if there.last.len() <= back.last.len() { there.grow(self) } else { back.grow(reversed) };
            if !grown {
                return None;
            }
        }
        let length = there.far + back.far;
        // How far the goal is: known around it, and now from all nodes of a shortest chain before that.
        let mut left = back.distance;
        let mut ring = there.last;
        ring.retain(|node| left.contains_key(node));
        for far in (0..there.far).rev() {
            let before = ring.iter().flat_map(|&node| reversed.successors(node)).copied();
            let mut before: Vec<NodeId> = before.filter(|node| there.distance.get(node) == Some(&far)).collect();
            before.sort_unstable();
            before.dedup();
            left.extend(before.iter().map(|&node| (node, length - far)));
            ring = before;
        }
        let mut chain = vec![from];
        for far in (0..length).rev() {
            let mut steps = self.successors(*chain.last()?).iter();
            chain.push(*steps.find(|node| left.get(node) == Some(&far))?);
        }
        Some(chain)
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

/// The nodes around one, by their distance from it.
struct Rings {
    distance: FxHashMap<NodeId, u32>,
    /// The outermost ring, and how far it is.
    last: Vec<NodeId>,
    far: u32,
}

impl Rings {
    fn new(centre: NodeId) -> Self {
        Self { distance: FxHashMap::from_iter([(centre, 0)]), last: vec![centre], far: 0 }
    }

    /// Adds a ring; says whether there is anything in it.
    fn grow(&mut self, graph: &Adjacency) -> bool {
        self.far += 1;
        let mut ring = Vec::new();
        for &next in self.last.iter().flat_map(|&node| graph.successors(node)) {
            if let Entry::Vacant(place) = self.distance.entry(next) {
                place.insert(self.far);
                ring.push(next);
            }
        }
        self.last = ring;
        !self.last.is_empty()
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
    use super::super::testing::{Dice, graph, ids, numbers};

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

    #[test]
    fn a_chain_that_is_looked_for_from_both_ends_is_the_same() {
        let mut dice = Dice(11);
        let (mut found, mut none) = (0, 0);
        for _ in 0..300 {
            let nodes = 2 + dice.below(30);
            let links: Vec<_> = (0..dice.below(90)).map(|_| (dice.below(nodes), dice.below(nodes))).collect();
            let graph = graph(nodes as usize, &links);
            let ends = ids(&[dice.below(nodes), dice.below(nodes)]);
            if ends[0] == ends[1] {
                continue;
            }
            let chain = graph.chain_between(&graph.reversed(), ends[0], ends[1]);
            assert_eq!(chain, graph.shortest_chain(&ends[..1], |node| node == ends[1], |_| true), "{links:?}");
            *(if chain.is_some() { &mut found } else { &mut none }) += 1;
        }
        assert!(found > 50 && none > 50, "{found} and {none}");
    }
}
