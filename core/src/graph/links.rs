//! What the nodes of a graph name, in three plain lists: a list for each link would cost more than what is in it.

use super::NodeId;

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
    /// What the node names that is being added: one list for all, so that none has to grow.
    named: Vec<(NodeId, u32)>,
}

impl Default for Links {
    fn default() -> Self {
        Self { starts: vec![0], all: Vec::new(), numbers: Vec::new(), named: Vec::new() }
    }
}

impl Links {
    /// Adds the next node, which names those others by the edges of those numbers. Each is kept once.
    pub(crate) fn push(&mut self, named: impl IntoIterator<Item = (NodeId, u32)>) {
        self.named.clear();
        self.named.extend(named);
        self.named.sort_unstable();
        for group in self.named.chunk_by(|(one, _), (other, _)| one == other) {
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
        links.push([(NodeId(2), 5), (NodeId(1), 9), (NodeId(2), 3), (NodeId(2), 5)]);
        links.push([]);
        links.push([(NodeId(0), 4)]);
        let of = |node: u32| -> Vec<(u32, &[u32])> {
            links.of(NodeId(node)).iter().map(|link| (link.to.0, links.numbers(*link))).collect()
        };
        assert_eq!(of(0), [(1, &[9][..]), (2, &[3, 5])]);
        assert_eq!(of(1), []);
        assert_eq!(of(2), [(0, &[4][..])]);
    }
}
