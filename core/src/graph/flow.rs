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

    /// Lets flow as much as fits, and says from which nodes more could still flow to the sink.
    ///
    /// Ways are looked for from the sink: the cut next to it is asked for, and mostly near.
    pub(super) fn cut_off(&mut self, source: u32, sink: u32) -> Vec<bool> {
        loop {
            let levels = self.levels(source, sink);
            if levels[source as usize] == UNREACHED {
                return levels.into_iter().map(|level| level != UNREACHED).collect();
            }
            self.saturate(source, sink, &levels);
        }
    }

    /// How many pipes away from the sink each node is. All of them if none leads to the source, and else those that are
    /// nearer than that.
    fn levels(&self, source: u32, sink: u32) -> Vec<u32> {
        let mut levels = vec![UNREACHED; self.pipes.len()];
        levels[sink as usize] = 0;
        let mut queue = VecDeque::from([sink]);
        while let Some(at) = queue.pop_front() {
            for &pipe in self.pipes.of(at) {
                let from = self.to[pipe as usize];
                if self.left[back(pipe)] > 0 && levels[from as usize] == UNREACHED {
                    levels[from as usize] = levels[at as usize] + 1;
                    if from == source {
                        return levels;
                    }
                    queue.push_back(from);
                }
            }
        }
        levels
    }

    /// Fills ways that come nearer to the source with each pipe, until there is none.
    fn saturate(&mut self, source: u32, sink: u32, levels: &[u32]) {
        // The pipes of each node before that one are of no more use in this round.
        let mut tried = vec![0; self.pipes.len()];
        // The ways back of the pipes, from the sink on.
        let mut way: Vec<u32> = Vec::new();
        loop {
            let at = way.last().map_or(sink, |&pipe| self.to[pipe as usize]);
            if at == source {
                self.fill(&mut way);
                continue;
            }
            let Some(&pipe) = self.pipes.of(at).get(tried[at as usize]) else {
                // Nothing leads on: the pipe that led here is of no use either.
                let Some(last) = way.pop() else { return };
                tried[self.to[back(last)] as usize] += 1;
                continue;
            };
            let from = self.to[pipe as usize] as usize;
            if self.left[back(pipe)] > 0 && levels[from] == levels[at as usize] + 1 {
                way.push(pipe);
            } else {
                tried[at as usize] += 1;
            }
        }
    }

    /// Lets flow what fits through a whole way, and goes back to before the first pipe that is full.
    fn fill(&mut self, way: &mut Vec<u32>) {
        let most = way.iter().map(|&pipe| self.left[back(pipe)]).min().unwrap_or_default();
        for &pipe in way.iter() {
            self.left[back(pipe)] -= most;
            self.left[pipe as usize] += most;
        }
        let full = way.iter().position(|&pipe| self.left[back(pipe)] == 0);
        way.truncate(full.unwrap_or_default());
    }
}

/// The position of the same pipe the other way.
const fn back(pipe: u32) -> usize {
    pipe as usize ^ 1
}
