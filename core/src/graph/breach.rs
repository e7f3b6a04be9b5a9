//! Forbidden chains, told as the fewest links to cut.
//!
//! Where many modules reach what they must not, it is seldom the fault of them all: one helper
//! between them and the goal is enough. So the links to report are a smallest set that leaves no
//! chain, which by the theorem of Menger is as many as there are chains without a common link.

use super::NodeId;
use super::buckets::Buckets;
use super::flow::{Flow, Pipe};
use std::collections::VecDeque;

/// What a node is to a question of who reaches whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// It must not reach the goal.
    From,
    /// What must not be reached.
    Goal,
    /// A chain may lead through it.
    Free,
    /// No chain counts that leads through it.
    Closed,
}

/// A link to cut, because forbidden chains lead over it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// The link.
    pub cut: (NodeId, NodeId),
    /// A shortest of the chains over it, from a [`Side::From`] to a [`Side::Goal`], both included.
    pub chain: Vec<NodeId>,
    /// Whose chains lead over it, sorted, each with the first node of such a chain. Who links to the
    /// goal directly is said there, and of several cuts the nearest one counts.
    pub roots: Vec<(NodeId, NodeId)>,
}

/// The links to cut so that none of `from` reaches a goal, sorted: every direct one, and of those
/// that make chains through [`Side::Free`] nodes a smallest set, as near to the goal as there is
/// one. Empty if and only if there is no chain.
///
/// `side` says what each node is, `next` writes down what a node links to, and every node of
/// `from`, which is sorted, has to be a [`Side::From`]. Linear but for the smallest set, see [`Flow`].
pub fn breaches(
    from: &[NodeId],
    side: impl Fn(NodeId) -> Side,
    next: impl Fn(NodeId, &mut Vec<NodeId>),
) -> Vec<Breach> {
    let between = Between::explore(from, side, next);
    let mut found: Vec<Breach> = between
        .direct
        .iter()
        .map(|&link| Breach { cut: link, chain: vec![link.0, link.1], roots: vec![link] })
        .collect();
    if !between.exits.is_empty() {
        found.extend(between.indirect());
    }
    found.sort_by_key(|breach| breach.cut);
    found
}

/// All links that a chain from one of `from` to a goal leads over, sorted. The parameters are those
/// of [`breaches`].
pub fn links_of_chains(
    from: &[NodeId],
    side: impl Fn(NodeId) -> Side,
    next: impl Fn(NodeId, &mut Vec<NodeId>),
) -> Vec<(NodeId, NodeId)> {
    let between = Between::explore(from, side, next);
    let after = between.after(&between.backwards());
    let leads = |number: u32| !matches!(after[number as usize], After::Nowhere);
    let node = |number: u32| between.free[number as usize];
    let mut links = between.direct.clone();
    links.extend(between.entries.iter().filter(|(_, to)| leads(*to)).map(|&(from, to)| (from, node(to))));
    links.extend(between.inner.iter().filter(|(_, to)| leads(*to)).map(|&(from, to)| (node(from), node(to))));
    links.extend(between.exits.iter().map(|&(from, to)| (node(from), to)));
    links.sort_unstable();
    links
}

/// What lies between the two sides. Free nodes have numbers of their own, in the order of their discovery.
#[derive(Default)]
struct Between {
    free: Vec<NodeId>,
    /// Links from a start to a goal.
    direct: Vec<(NodeId, NodeId)>,
    /// Links from a start to a free node.
    entries: Vec<(NodeId, u32)>,
    /// Links between free nodes.
    inner: Vec<(u32, u32)>,
    /// Links from a free node to a goal.
    exits: Vec<(u32, NodeId)>,
    /// How a shortest chain leads to each free node: from a start, or from another free node.
    before: Vec<Before>,
    /// The numbers of nodes; [`UNKNOWN`] for those that are not found yet, as are all behind its end.
    numbers: Vec<u32>,
}

const UNKNOWN: u32 = u32::MAX;

#[derive(Clone, Copy)]
enum Before {
    Start(NodeId),
    Free(u32),
}

impl Between {
    fn explore(from: &[NodeId], side: impl Fn(NodeId) -> Side, next: impl Fn(NodeId, &mut Vec<NodeId>)) -> Self {
        let mut found = Self::default();
        let mut links = Vec::new();
        for &start in from {
            read(&next, start, &mut links);
            for &to in &links {
                match side(to) {
                    Side::Goal => found.direct.push((start, to)),
                    Side::Free => {
                        let number = found.number(to, Before::Start(start));
                        found.entries.push((start, number));
                    }
                    Side::From | Side::Closed => {}
                }
            }
        }
        let mut at = 0;
        while let Some(&node) = found.free.get(at as usize) {
            read(&next, node, &mut links);
            for &to in &links {
                match side(to) {
                    Side::Goal => found.exits.push((at, to)),
                    Side::Free => {
                        let number = found.number(to, Before::Free(at));
                        found.inner.push((at, number));
                    }
                    Side::From | Side::Closed => {}
                }
            }
            at += 1;
        }
        found
    }

    fn number(&mut self, node: NodeId, before: Before) -> u32 {
        let at = node.0 as usize;
        if at >= self.numbers.len() {
            self.numbers.resize(at + 1, UNKNOWN);
        }
        if self.numbers[at] == UNKNOWN {
            self.numbers[at] = self.free.len() as u32;
            self.free.push(node);
            self.before.push(before);
        }
        self.numbers[at]
    }

    /// The cuts that end the chains through free nodes.
    fn indirect(&self) -> Vec<Breach> {
        let near = self.cut_off();
        let back = self.backwards();
        let after = self.after(&back);
        let mut cuts: Vec<Cut> = Vec::new();
        // A node that no chain to the goal leads through needs no cut.
        let leads = |node: u32| !matches!(after[node as usize], After::Nowhere);
        cuts.extend(self.entries.iter().filter(|(_, to)| near[*to as usize]).map(|&(from, to)| Cut::Entry(from, to)));
        let crosses = |&&(from, to): &&(u32, u32)| !near[from as usize] && near[to as usize];
        cuts.extend(self.inner.iter().filter(crosses).map(|&(from, to)| Cut::Inner(from, to)));
        cuts.extend(self.exits.iter().filter(|(from, _)| !near[*from as usize]).map(|&(from, to)| Cut::Exit(from, to)));
        cuts.retain(|cut| match cut {
            Cut::Entry(_, to) | Cut::Inner(_, to) => leads(*to),
            Cut::Exit(..) => true,
        });
        let roots = self.roots(&cuts, &near, &back);
        cuts.into_iter().map(|cut| self.breach(cut, &after, &roots)).collect()
    }

    /// Which free nodes lie on the goal's side of a smallest cut.
    fn cut_off(&self) -> Vec<bool> {
        let (source, sink) = (self.free.len() as u32, self.free.len() as u32 + 1);
        let (mut into, mut out) = (vec![0; self.free.len()], vec![0; self.free.len()]);
        for &(_, to) in &self.entries {
            into[to as usize] += 1;
        }
        for &(from, _) in &self.exits {
            out[from as usize] += 1;
        }
        let ends = (0..).zip(into.into_iter().zip(out));
        let ends = ends.flat_map(|(node, (into, out))| [(source, node, into), (node, sink, out)]);
        let mut pipes: Vec<Pipe> = ends.filter(|(.., capacity)| *capacity > 0).collect();
        pipes.extend(self.inner.iter().map(|&(from, to)| (from, to, 1)));
        let mut flow = Flow::new(self.free.len() + 2, &pipes);
        let mut near = flow.cut_off(source, sink);
        near.truncate(self.free.len());
        near
    }

    /// How a shortest chain leads on from each free node.
    fn after(&self, back: &Buckets<u32>) -> Vec<After> {
        let mut after = vec![After::Nowhere; self.free.len()];
        let mut queue = VecDeque::new();
        for &(from, goal) in &self.exits {
            if matches!(after[from as usize], After::Nowhere) {
                after[from as usize] = After::Goal(goal);
                queue.push_back(from);
            }
        }
        while let Some(at) = queue.pop_front() {
            for &from in back.of(at) {
                if matches!(after[from as usize], After::Nowhere) {
                    after[from as usize] = After::Free(at);
                    queue.push_back(from);
                }
            }
        }
        after
    }

    fn backwards(&self) -> Buckets<u32> {
        Buckets::new(self.free.len(), self.inner.iter().map(|&(from, to)| (to, from)))
    }

    /// Who enters, by the free node at the beginning of the nearest cut.
    fn roots(&self, cuts: &[Cut], near: &[bool], back: &Buckets<u32>) -> Roots {
        let mut nearest: Vec<Option<u32>> = vec![None; self.free.len()];
        let mut queue = VecDeque::new();
        for cut in cuts {
            if let Cut::Inner(tail, _) | Cut::Exit(tail, _) = *cut
                && nearest[tail as usize].is_none()
            {
                nearest[tail as usize] = Some(tail);
                queue.push_back(tail);
            }
        }
        while let Some(at) = queue.pop_front() {
            for &from in back.of(at) {
                if nearest[from as usize].is_none() && !near[from as usize] {
                    nearest[from as usize] = nearest[at as usize];
                    queue.push_back(from);
                }
            }
        }
        // Entries are in the order of starts, and those of one start in the order of what they lead to.
        let mut roots = vec![Vec::new(); self.free.len()];
        for &(start, to) in &self.entries {
            let Some(tail) = nearest[to as usize] else { continue };
            let of_tail: &mut Vec<(NodeId, NodeId)> = &mut roots[tail as usize];
            if of_tail.last().is_none_or(|(last, _)| *last != start) {
                of_tail.push((start, self.free[to as usize]));
            }
        }
        roots
    }

    fn breach(&self, cut: Cut, after: &[After], roots: &Roots) -> Breach {
        let node = |number: u32| self.free[number as usize];
        let behind = |tail: u32| roots[tail as usize].clone();
        let (link, mut chain, mut roots, rest) = match cut {
            Cut::Entry(from, to) => ((from, node(to)), vec![from], Vec::new(), Some(to)),
            Cut::Inner(from, to) => ((node(from), node(to)), self.chain_to(from), behind(from), Some(to)),
            Cut::Exit(from, goal) => {
                let mut chain = self.chain_to(from);
                chain.push(goal);
                ((node(from), goal), chain, behind(from), None)
            }
        };
        if let Some(to) = rest {
            self.extend_to_goal(&mut chain, to, after);
        }
        if let [start, first, ..] = chain[..] {
            match roots.binary_search_by_key(&start, |(root, _)| *root) {
                Ok(at) => roots[at].1 = first,
                Err(at) => roots.insert(at, (start, first)),
            }
        }
        Breach { cut: link, chain, roots }
    }

    /// A shortest chain from a start to a free node, both included.
    fn chain_to(&self, number: u32) -> Vec<NodeId> {
        let mut chain = vec![self.free[number as usize]];
        let mut at = number;
        loop {
            match self.before[at as usize] {
                Before::Free(before) => {
                    chain.push(self.free[before as usize]);
                    at = before;
                }
                Before::Start(start) => {
                    chain.push(start);
                    chain.reverse();
                    return chain;
                }
            }
        }
    }

    fn extend_to_goal(&self, chain: &mut Vec<NodeId>, number: u32, after: &[After]) {
        let mut at = number;
        loop {
            chain.push(self.free[at as usize]);
            match after[at as usize] {
                After::Free(next) => at = next,
                After::Goal(goal) => return chain.push(goal),
                After::Nowhere => return,
            }
        }
    }
}

fn read(next: impl Fn(NodeId, &mut Vec<NodeId>), node: NodeId, links: &mut Vec<NodeId>) {
    links.clear();
    next(node, links);
    links.sort_unstable();
    links.dedup();
}

/// Who enters before a cut and where, sorted, by the free node at the beginning of the cut: each once for every cut.
type Roots = Vec<Vec<(NodeId, NodeId)>>;

#[derive(Clone, Copy)]
enum After {
    Nowhere,
    Free(u32),
    Goal(NodeId),
}

/// A link of the cut, by where it lies.
#[derive(Clone, Copy)]
enum Cut {
    Entry(NodeId, u32),
    Inner(u32, u32),
    Exit(u32, NodeId),
}

#[cfg(test)]
mod tests {
    use super::super::Adjacency;
    use super::super::testing::{Dice, graph, numbers};
    use super::*;

    /// What is to be cut where nodes below 10 must not reach those from 90 upwards.
    fn found(graph: &Adjacency, closed: &[u32]) -> Vec<String> {
        let side = |node: NodeId| match node.0 {
            0..10 => Side::From,
            90.. => Side::Goal,
            _ if closed.contains(&node.0) => Side::Closed,
            _ => Side::Free,
        };
        let from: Vec<NodeId> = graph.nodes().take(10).collect();
        let breaches = breaches(&from, side, |node, out| out.extend(graph.successors(node)));
        let told = breaches.iter().map(|breach| {
            let (from, to) = breach.cut;
            let roots: Vec<_> = breach.roots.iter().map(|(root, _)| root.0).collect();
            assert!(breach.roots.iter().all(|(root, first)| graph.successors(*root).contains(first)));
            format!("{}-{} on {:?} for {roots:?}", from.0, to.0, numbers(&breach.chain))
        });
        told.collect()
    }

    #[test]
    fn a_direct_link_is_its_own_cut() {
        let graph = graph(100, &[(0, 90), (0, 91), (1, 0), (1, 2)]);
        assert_eq!(found(&graph, &[]), ["0-90 on [0, 90] for [0]", "0-91 on [0, 91] for [0]"]);
    }

    #[test]
    fn one_bad_link_is_one_breach_with_all_that_it_affects() {
        let links: Vec<_> = (0..10).map(|root| (root, 20)).chain([(20, 90)]).collect();
        assert_eq!(found(&graph(100, &links), &[]), ["20-90 on [0, 20, 90] for [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]"]);
        let links: Vec<_> = [(3, 20)].into_iter().chain((90..95).map(|goal| (20, goal))).collect();
        assert_eq!(found(&graph(100, &links), &[]), ["3-20 on [3, 20, 90] for [3]"]);
        let links = [(0, 20), (1, 20), (20, 21), (21, 90), (21, 91), (0, 21)];
        assert_eq!(found(&graph(100, &links[..5]), &[]), ["20-21 on [0, 20, 21, 90] for [0, 1]"]);
    }

    #[test]
    fn of_equal_cuts_the_one_nearest_to_the_goal_is_told() {
        assert_eq!(found(&graph(100, &[(0, 20), (20, 21), (21, 90)]), &[]), ["21-90 on [0, 20, 21, 90] for [0]"]);
    }

    #[test]
    fn no_chain_leads_through_what_is_closed_or_through_another_start() {
        let links = [(0, 20), (20, 90), (1, 0)];
        assert_eq!(found(&graph(100, &links), &[20]), [] as [String; 0]);
        assert_eq!(found(&graph(100, &links), &[]), ["20-90 on [0, 20, 90] for [0]"], "1 does nothing wrong itself");
        assert_eq!(found(&graph(100, &[(0, 20), (20, 21)]), &[]), [] as [String; 0]);
    }

    /// On random graphs: cutting what is told leaves no chain, leaving out any part of it does not,
    /// and no smaller set does it.
    #[test]
    fn the_cuts_are_a_smallest_set() {
        let mut dice = Dice(11);
        let mut indirect = 0;
        for _ in 0..300 {
            let mut node =
                || [dice.below(3), 20 + dice.below(4), 20 + dice.below(4), 90 + dice.below(2)][dice.below(4) as usize];
            let links: Vec<_> = (0..10).map(|_| (node(), node())).collect();
            let whole = graph(100, &links);
            let side = |node: NodeId| match node.0 {
                0..10 => Side::From,
                90.. => Side::Goal,
                _ => Side::Free,
            };
            let from: Vec<NodeId> = whole.nodes().take(10).collect();
            let without = |cuts: &[(NodeId, NodeId)]| {
                let next = |node: NodeId, out: &mut Vec<NodeId>| {
                    out.extend(whole.successors(node).iter().filter(|&&to| !cuts.contains(&(node, to))));
                };
                breaches(&from, side, next)
            };
            let cuts: Vec<_> = without(&[]).iter().map(|breach| breach.cut).collect();
            assert!(without(&cuts).is_empty(), "{links:?}");
            let all: Vec<_> = whole.links().collect();
            for smaller in 0..1u32 << all.len() {
                if smaller.count_ones() as usize == cuts.len().wrapping_sub(1) {
                    let some: Vec<_> = all
                        .iter()
                        .enumerate()
                        .filter(|(at, _)| smaller >> at & 1 == 1)
                        .map(|(_, link)| *link)
                        .collect();
                    assert!(!without(&some).is_empty(), "{some:?} is enough in {links:?}");
                }
            }
            indirect += cuts.iter().filter(|(from, to)| from.0 >= 10 || to.0 < 90).count();
        }
        assert!(indirect > 50, "only {indirect} indirect cuts");
    }
}
