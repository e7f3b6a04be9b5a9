//! Strongly connected components: the sets of nodes that all lead to each other.

use super::{Adjacency, NodeId};

const UNSEEN: u32 = u32::MAX;

/// The strongly connected components of several nodes. Each is sorted, and none leads to a later one.
///
/// Tarjan, "Depth-first search and linear graph algorithms", 1972, with a stack of its own instead
/// of recursion, so that a long chain of imports cannot overflow the program's.
pub fn components(graph: &Adjacency) -> Vec<Vec<NodeId>> {
    let mut search = Search {
        graph,
        order: vec![UNSEEN; graph.len()],
        low: vec![0; graph.len()],
        done: vec![false; graph.len()],
        stack: Vec::new(),
        seen: 0,
        found: Vec::new(),
    };
    for node in graph.nodes() {
        if search.order[node.0 as usize] == UNSEEN {
            search.from(node);
        }
    }
    search.found
}

struct Search<'a> {
    graph: &'a Adjacency,
    /// When each node was seen first.
    order: Vec<u32>,
    /// The earliest node that each is known to lead back to.
    low: Vec<u32>,
    /// Whether a node's component is complete.
    done: Vec<bool>,
    /// The nodes whose component is not complete, in the order of their discovery.
    stack: Vec<NodeId>,
    seen: u32,
    found: Vec<Vec<NodeId>>,
}

impl Search<'_> {
    fn from(&mut self, root: NodeId) {
        // Each node on the way, with how many of its successors have been looked at.
        let mut way = vec![(root, 0)];
        self.see(root);
        while let Some((node, looked)) = way.last_mut() {
            let (node, at) = (*node, node.0 as usize);
            if let Some(&next) = self.graph.successors(node).get(*looked) {
                *looked += 1;
                let to = next.0 as usize;
                if self.order[to] == UNSEEN {
                    self.see(next);
                    way.push((next, 0));
                } else if !self.done[to] {
                    self.low[at] = self.low[at].min(self.order[to]);
                }
                continue;
            }
            way.pop();
            if let Some((before, _)) = way.last() {
                let before = before.0 as usize;
                self.low[before] = self.low[before].min(self.low[at]);
            }
            if self.low[at] == self.order[at] {
                self.complete(node);
            }
        }
    }

    fn see(&mut self, node: NodeId) {
        self.order[node.0 as usize] = self.seen;
        self.low[node.0 as usize] = self.seen;
        self.seen += 1;
        self.stack.push(node);
    }

    fn complete(&mut self, first: NodeId) {
        let start = self.stack.iter().rposition(|&node| node == first).unwrap_or_default();
        for node in &self.stack[start..] {
            self.done[node.0 as usize] = true;
        }
        // Nearly all nodes are in no cycle.
        if self.stack.len() == start + 1 {
            self.stack.pop();
            return;
        }
        let mut component = self.stack.split_off(start);
        component.sort_unstable();
        self.found.push(component);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Dice, graph, numbers};
    use super::*;

    fn found(graph: &Adjacency) -> Vec<Vec<u32>> {
        components(graph).iter().map(|component| numbers(component)).collect()
    }

    #[test]
    fn nodes_that_lead_to_each_other_are_together() {
        let links = [(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 3), (5, 0)];
        assert_eq!(found(&graph(6, &links)), [vec![3, 4], vec![0, 1, 2]]);
        assert_eq!(found(&graph(2, &[(0, 1)])), [] as [Vec<u32>; 0]);
        assert_eq!(found(&graph(0, &[])), [] as [Vec<u32>; 0]);
    }

    #[test]
    fn a_long_chain_is_no_deep_recursion() {
        let length = 200_000;
        let mut links: Vec<_> = (0..length - 1).map(|node| (node, node + 1)).collect();
        assert_eq!(components(&graph(length as usize, &links)).len(), 0);
        links.push((length - 1, 0));
        assert_eq!(components(&graph(length as usize, &links)).len(), 1);
    }

    #[test]
    fn components_are_what_reaches_each_other() {
        let mut dice = Dice(7);
        for _ in 0..50 {
            let nodes = 2 + dice.below(12);
            let links: Vec<_> = (0..dice.below(30)).map(|_| (dice.below(nodes), dice.below(nodes))).collect();
            let graph = graph(nodes as usize, &links);
            let reach: Vec<Vec<bool>> = graph.nodes().map(|node| graph.reached([node])).collect();
            let both = |a: NodeId, b: NodeId| reach[a.0 as usize][b.0 as usize] && reach[b.0 as usize][a.0 as usize];
            let components = components(&graph);
            for node in graph.nodes() {
                let alone = graph.nodes().all(|other| other == node || !both(node, other));
                let of_it: Vec<_> = components.iter().filter(|component| component.contains(&node)).collect();
                assert_eq!(of_it.is_empty(), alone, "{links:?}");
                for component in of_it {
                    assert!(graph.nodes().all(|other| component.contains(&other) == both(node, other)), "{links:?}");
                }
            }
        }
    }
}
