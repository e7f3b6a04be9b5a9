//! Ways from one node of a graph to another, for whoever asks for many.

use super::{Adjacency, NodeId};
use rustc_hash::FxHashMap;
use std::collections::VecDeque;
use std::collections::hash_map::Entry;

/// How many nodes a search for a shortest way may see. Around nodes of a very large circle there are more, and as many
/// searches as there are links to cut would take time that grows with the square of it.
const MOST_SEEN: usize = 1000;

/// Ways between the nodes of a graph: a shortest one where one end is found near the other, and else one that leads
/// through the first node.
#[derive(Debug)]
pub struct Ways<'a> {
    graph: &'a Adjacency,
    reversed: Adjacency,
    hub: Option<Hub>,
}

/// The shortest ways from the first node and to it.
#[derive(Debug)]
struct Hub {
    /// The node before each on the way from the first.
    before: Vec<NodeId>,
    /// The node behind each on the way to the first.
    behind: Vec<NodeId>,
}

const UNSEEN: NodeId = NodeId(u32::MAX);

impl<'a> Ways<'a> {
    /// The ways of a graph.
    pub fn new(graph: &'a Adjacency) -> Self {
        Self { graph, reversed: graph.reversed(), hub: None }
    }

    /// The nodes of a way from one node to another, each once and both ends included. Where the search for the shortest
    /// one sees many nodes before it ends, it is the one through the graph's first node, if there is one.
    pub fn between(&mut self, from: NodeId, to: NodeId) -> Option<Vec<NodeId>> {
        match self.near(from, to, MOST_SEEN) {
            Near::Chain(chain) => Some(chain),
            Near::None => None,
            Near::Far => self.through_hub(from, to),
        }
    }

    /// The chain that [`Adjacency::shortest_chain`] finds. It is looked for from both ends, because all that is within
    /// half of the way of each is a small part of what is within the whole way of one.
    fn near(&self, from: NodeId, to: NodeId, most: usize) -> Near {
        let mut there = Rings::new(from);
        let mut back = Rings::new(to);
        while !there.last.iter().any(|node| back.distance.contains_key(node)) {
            if there.distance.len() + back.distance.len() > most {
                return Near::Far;
            }
            let is_there = there.last.len() <= back.last.len();
            let grown = if is_there { there.grow(self.graph) } else { back.grow(&self.reversed) };
            if !grown {
                return Near::None;
            }
        }
        self.joined(from, there, back).map_or(Near::None, Near::Chain)
    }

    /// The first of the shortest chains from the centre of one circle of rings to that of another, which touches it.
    fn joined(&self, from: NodeId, there: Rings, back: Rings) -> Option<Vec<NodeId>> {
        let length = there.far + back.far;
        // How far the goal is: known around it, and now from all nodes of a shortest chain before that.
        let mut left = back.distance;
        let mut ring = there.last;
        ring.retain(|node| left.contains_key(node));
        for far in (0..there.far).rev() {
            let before = ring.iter().flat_map(|&node| self.reversed.successors(node)).copied();
            let mut before: Vec<NodeId> = before.filter(|node| there.distance.get(node) == Some(&far)).collect();
            before.sort_unstable();
            before.dedup();
            left.extend(before.iter().map(|&node| (node, length - far)));
            ring = before;
        }
        let mut chain = vec![from];
        for far in (0..length).rev() {
            let mut steps = self.graph.successors(*chain.last()?).iter();
            chain.push(*steps.find(|node| left.get(node) == Some(&far))?);
        }
        Some(chain)
    }

    /// The shortest way to the first node and from there on, without the circles that it makes.
    fn through_hub(&mut self, from: NodeId, to: NodeId) -> Option<Vec<NodeId>> {
        let hub = self.hub.get_or_insert_with(|| Hub {
            before: tree(self.graph, NodeId(0)),
            behind: tree(&self.reversed, NodeId(0)),
        });
        let mut way = to_root(&hub.behind, from)?;
        let mut rest = to_root(&hub.before, to)?;
        rest.reverse();
        way.extend(rest.into_iter().skip(1));
        Some(without_circles(way))
    }
}

/// What a search of limited size finds.
enum Near {
    Chain(Vec<NodeId>),
    /// There is no chain.
    None,
    /// If there is one, it is not near.
    Far,
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

/// For each node the one before it on a shortest chain from the root, which is before itself.
fn tree(graph: &Adjacency, root: NodeId) -> Vec<NodeId> {
    let mut before = vec![UNSEEN; graph.len()];
    let mut queue = VecDeque::new();
    if let Some(first) = before.get_mut(root.0 as usize) {
        *first = root;
        queue.push_back(root);
    }
    while let Some(at) = queue.pop_front() {
        for &next in graph.successors(at) {
            let before = &mut before[next.0 as usize];
            if *before == UNSEEN {
                *before = at;
                queue.push_back(next);
            }
        }
    }
    before
}

/// The nodes from one to the root of a tree, if it is in the tree.
fn to_root(tree: &[NodeId], node: NodeId) -> Option<Vec<NodeId>> {
    let mut way = vec![node];
    let mut at = node;
    loop {
        match tree.get(at.0 as usize) {
            None | Some(&UNSEEN) => return None,
            Some(&next) if next == at => return Some(way),
            Some(&next) => {
                way.push(next);
                at = next;
            }
        }
    }
}

/// A way without what lies between two visits of one node.
fn without_circles(way: Vec<NodeId>) -> Vec<NodeId> {
    let mut position: FxHashMap<NodeId, usize> = FxHashMap::default();
    let mut short: Vec<NodeId> = Vec::with_capacity(way.len());
    for node in way {
        if let Some(&known) = position.get(&node) {
            for gone in short.drain(known + 1..) {
                position.remove(&gone);
            }
        } else {
            position.insert(node, short.len());
            short.push(node);
        }
    }
    short
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Dice, graph, ids, numbers};
    use super::*;

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
            let chain = Ways::new(&graph).between(ends[0], ends[1]);
            assert_eq!(chain, graph.shortest_chain(&ends[..1], |node| node == ends[1], |_| true), "{links:?}");
            *(if chain.is_some() { &mut found } else { &mut none }) += 1;
        }
        assert!(found > 50 && none > 50, "{found} and {none}");
    }

    #[test]
    fn what_is_too_far_is_reached_through_the_first_node() {
        let mut dice = Dice(13);
        let (mut found, mut none) = (0, 0);
        for _ in 0..300 {
            let nodes = 2 + dice.below(30);
            let links: Vec<_> = (0..dice.below(120)).map(|_| (dice.below(nodes), dice.below(nodes))).collect();
            let graph = graph(nodes as usize, &links);
            let ends = ids(&[dice.below(nodes), dice.below(nodes)]);
            let mut ways = Ways::new(&graph);
            let is_there = |from: NodeId, to: NodeId| from == to || ways.near(from, to, usize::MAX).is_there();
            let is_reached = is_there(ends[0], NodeId(0)) && is_there(NodeId(0), ends[1]);
            let way = ways.through_hub(ends[0], ends[1]);
            assert_eq!(way.is_some(), is_reached, "{links:?}");
            let Some(way) = way else {
                none += 1;
                continue;
            };
            found += 1;
            assert_eq!((way.first(), way.last()), (ends.first(), ends.last()));
            assert!(way.windows(2).all(|pair| graph.successors(pair[0]).contains(&pair[1])), "{links:?}");
            let mut once = numbers(&way).clone();
            once.sort_unstable();
            once.dedup();
            assert_eq!(once.len(), way.len(), "each node once: {links:?}");
        }
        assert!(found > 50 && none > 50, "{found} and {none}");
    }

    impl Near {
        fn is_there(&self) -> bool {
            matches!(self, Self::Chain(_))
        }
    }

    #[test]
    fn a_search_in_a_large_circle_ends() {
        let ring: Vec<_> = (0..5000).map(|node| (node, (node + 1) % 5000)).collect();
        let graph = graph(5000, &ring);
        let mut ways = Ways::new(&graph);
        assert_eq!(ways.between(NodeId(10), NodeId(20)).map(|way| way.len()), Some(11));
        assert!(matches!(ways.near(NodeId(20), NodeId(10), MOST_SEEN), Near::Far));
        assert_eq!(ways.between(NodeId(20), NodeId(10)).map(|way| way.len()), Some(4991));
    }
}
