//! How much can flow through a network, and so the least that has to be cut to stop it.

use super::buckets::Buckets;
use std::collections::VecDeque;

const UNREACHED: u32 = u32::MAX;

/// A network with what still fits through its pipes.
///
/// Dinic, "Algorithm for solution of a problem of maximum flow in networks with power estimation",
/// 1970. Networks of imports are wide and not deep: a few rounds over all links do, and never are
/// there more than the square root of their number (Even, Tarjan, 1975).
pub(super) struct Flow {
    /// The pipes that leave each node, by their numbers. An odd number is the way back of the pipe before.
    pipes: Buckets<u32>,
    to: Vec<u32>,
    left: Vec<u32>,
}

/// A pipe: where it begins, where it leads, and how much fits through it.
pub(super) type Pipe = (u32, u32, u32);

impl Flow {
    pub(super) fn new(nodes: usize, pipes: &[Pipe]) -> Self {
        let both = pipes.iter().flat_map(|&(from, to, capacity)| [(from, to, capacity), (to, from, 0)]);
        Self {
            pipes: Buckets::new(nodes, both.clone().zip(0..).map(|((from, ..), number)| (from, number))),
            to: both.clone().map(|(_, to, _)| to).collect(),
            left: both.map(|(.., capacity)| capacity).collect(),
        }
    }

    /// Lets flow as much as fits.
    pub(super) fn maximise(&mut self, source: u32, sink: u32) {
        loop {
            let levels = self.levels(source);
            if levels[sink as usize] == UNREACHED {
                return;
            }
            self.saturate(source, sink, &levels);
        }
    }

    /// How many pipes away from the source each node is.
    fn levels(&self, source: u32) -> Vec<u32> {
        let mut levels = vec![UNREACHED; self.pipes.len()];
        levels[source as usize] = 0;
        let mut queue = VecDeque::from([source]);
        while let Some(at) = queue.pop_front() {
            for &pipe in self.pipes.of(at) {
                let to = self.to[pipe as usize];
                if self.left[pipe as usize] > 0 && levels[to as usize] == UNREACHED {
                    levels[to as usize] = levels[at as usize] + 1;
                    queue.push_back(to);
                }
            }
        }
        levels
    }

    /// Fills ways that come nearer to the sink with each pipe, until there is none.
    fn saturate(&mut self, source: u32, sink: u32, levels: &[u32]) {
        // The pipes of each node before that one are of no more use in this round.
        let mut tried = vec![0; self.pipes.len()];
        let mut way: Vec<u32> = Vec::new();
        loop {
            let at = way.last().map_or(source, |&pipe| self.to[pipe as usize]);
            if at == sink {
                self.fill(&mut way);
                continue;
            }
            let Some(&pipe) = self.pipes.of(at).get(tried[at as usize]) else {
                // Nothing leads on: the pipe that led here is of no use either.
                let Some(last) = way.pop() else { return };
                tried[self.to[last as usize ^ 1] as usize] += 1;
                continue;
            };
            let to = self.to[pipe as usize] as usize;
            if self.left[pipe as usize] > 0 && levels[to] == levels[at as usize] + 1 {
                way.push(pipe);
            } else {
                tried[at as usize] += 1;
            }
        }
    }

    /// Lets flow what fits through a whole way, and goes back to before the first pipe that is full.
    fn fill(&mut self, way: &mut Vec<u32>) {
        let most = way.iter().map(|&pipe| self.left[pipe as usize]).min().unwrap_or_default();
        for &pipe in way.iter() {
            self.left[pipe as usize] -= most;
            self.left[pipe as usize ^ 1] += most;
        }
        let full = way.iter().position(|&pipe| self.left[pipe as usize] == 0);
        way.truncate(full.unwrap_or_default());
    }

    /// The nodes from which more could still flow to the sink.
    pub(super) fn before(&self, sink: u32) -> Vec<bool> {
        let mut before = vec![false; self.pipes.len()];
        before[sink as usize] = true;
        let mut open = vec![sink];
        while let Some(at) = open.pop() {
            for &pipe in self.pipes.of(at) {
                let from = self.to[pipe as usize];
                if self.left[pipe as usize ^ 1] > 0 && !before[from as usize] {
                    before[from as usize] = true;
                    open.push(from);
                }
            }
        }
        before
    }
}
