//! What the nodes of a graph name, in three plain lists: a list for each link would cost more than what is in it.

use super::NodeId;
use super::buckets::Buckets;

/// Everything that one node names of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// What is named.
    pub to: NodeId,
    /// Where the numbers of its edges begin, and where they end.
    numbers: (u32, u32),
}

/// The links of all nodes.
#[derive(Debug)]
pub(crate) struct Links {
    /// Where the links of each node begin, and at the end where the last ones end.
    starts: Vec<u32>,
    all: Vec<Link>,
    numbers: Vec<u32>,
}

impl Default for Links {
    fn default() -> Self {
        Self { starts: vec![0], all: Vec::new(), numbers: Vec::new() }
    }
}

impl Links {
    /// The links of that many nodes, of which the first of each three names the second by the edge of that number. Those
    /// of one node have to be in the order of the numbers.
    pub(super) fn of_all(nodes: usize, named: &[(NodeId, NodeId, u32)]) -> Self {
        // What is put in order by one end, and then by the other, is sorted by both.
        let by_end = Buckets::new(nodes, named.iter().map(|&(from, to, number)| (to.0, (from, number))));
        let ends = (0..nodes as u32).flat_map(|to| by_end.of(to).iter().map(move |link| (NodeId(to), link)));
        let sorted = Buckets::new(nodes, ends.map(|(to, &(from, number))| (from.0, (to, number))));
        let mut links = Self::default();
        for node in 0..nodes as u32 {
            links.add(sorted.of(node));
        }
        links
    }

    /// Adds the next node, which names those others by the edges of those numbers. Each is kept once.
    pub(crate) fn push(&mut self, mut named: Vec<(NodeId, u32)>) {
        named.sort_unstable();
        self.add(&named);
    }

    fn add(&mut self, sorted: &[(NodeId, u32)]) {
        for group in sorted.chunk_by(|(one, _), (other, _)| one == other) {
            let start = self.numbers.len();
            for &(_, number) in group {
                if self.numbers[start..].last() != Some(&number) {
                    self.numbers.push(number);
                }
            }
            self.all.push(Link { to: group[0].0, numbers: (start as u32, self.numbers.len() as u32) });
        }
        self.starts.push(self.all.len() as u32);
    }

    /// What a node names, sorted.
    pub(crate) fn of(&self, node: NodeId) -> &[Link] {
        let at = node.0 as usize;
        &self.all[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    /// The numbers of the edges of a link, sorted.
    pub(crate) fn numbers(&self, link: Link) -> &[u32] {
        &self.numbers[link.numbers.0 as usize..link.numbers.1 as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_sorted_and_hold_each_edge_once() {
        let mut links = Links::default();
        links.push(vec![(NodeId(2), 5), (NodeId(1), 9), (NodeId(2), 3), (NodeId(2), 5)]);
        links.push(Vec::new());
        links.push(vec![(NodeId(0), 4)]);
        let named = [(0, 2, 3), (2, 0, 4), (0, 2, 5), (0, 2, 5), (0, 1, 9)];
        let at_once = Links::of_all(3, &named.map(|(from, to, number)| (NodeId(from), NodeId(to), number)));
        for links in [links, at_once] {
            let of = |node: u32| -> Vec<(u32, &[u32])> {
                links.of(NodeId(node)).iter().map(|link| (link.to.0, links.numbers(*link))).collect()
            };
            assert_eq!(of(0), [(1, &[9][..]), (2, &[3, 5])]);
            assert_eq!(of(1), []);
            assert_eq!(of(2), [(0, &[4][..])]);
        }
    }
}
