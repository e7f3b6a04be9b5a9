//! What the tests of the algorithms share.

use super::{Adjacency, NodeId};

/// A graph of that many nodes with those links.
pub(super) fn graph(nodes: usize, links: &[(u32, u32)]) -> Adjacency {
    Adjacency::new(nodes, links.iter().map(|&(from, to)| (NodeId(from), NodeId(to))))
}

pub(super) fn ids(numbers: &[u32]) -> Vec<NodeId> {
    numbers.iter().copied().map(NodeId).collect()
}

pub(super) fn numbers(ids: &[NodeId]) -> Vec<u32> {
    ids.iter().map(|id| id.0).collect()
}

/// Numbers that look random and are the same each time. Marsaglia, "Xorshift RNGs", 2003.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn below(&mut self, limit: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as u32 % limit
    }
}
