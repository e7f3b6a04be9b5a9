//! Why one part of the project depends on another: the shortest chain of imports between them.

use super::{End, ImportGraph, Node, NodeId};
use crate::link::{Edge, EdgeKind, ModuleId, Project, Target};
use crate::source::Place;
use std::collections::{BTreeSet, VecDeque};

/// One step of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainHop {
    /// The module that names the next, with its crate if that is not the first module's or the project has several packages.
    pub from: String,
    /// The module or package that it names.
    pub to: String,
    /// Where.
    pub place: Place,
    /// Whether the step is a re-export: others reach `to` through it.
    pub reexport: bool,
}

/// What came of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// How many modules it began at.
    pub starts: usize,
    /// How many modules it looked at.
    pub modules: usize,
    /// How many imports of those it followed.
    pub imports: usize,
    /// The shortest chain, if there is any.
    pub chain: Option<Vec<ChainHop>>,
}

/// The shortest chain of imports that leads from one of the modules of `from` to one of those of
/// `to`, or to its item. What both ends hold counts as one end only: as the goal, where anything
/// is left to begin at. `None` where the ends are the same.
///
/// A name that leads through re-exports is one import of the module that declares it, and the
/// chain shows the steps between. Of several shortest chains it is the one with the fewest such
/// steps from each module, and then the first in the order of names and places. Breadth-first
/// search: Moore, "The shortest path through a maze", 1959.
pub fn why(project: &Project, graph: &ImportGraph, from: &End, to: &End) -> Option<Answer> {
    let goals: BTreeSet<NodeId> = to.nodes.iter().copied().collect();
    let apart: Vec<NodeId> = from.nodes.iter().copied().filter(|node| !goals.contains(node)).collect();
    let starts = if apart.is_empty() { from.nodes.clone() } else { apart };
    let goals: BTreeSet<NodeId> = goals.into_iter().filter(|node| !starts.contains(node)).collect();
    if goals.is_empty() || starts.is_empty() {
        return None;
    }
    let mut search = Search::new(project, graph, goals, to);
    let found = search.run(&starts);
    let chain = found.map(|last| search.chain(last));
    Some(Answer { starts: starts.len(), modules: search.modules, imports: search.imports, chain })
}

/// An import that a chain leads over: the module, and the position of the edge.
#[derive(Clone, Copy)]
struct Step {
    from: NodeId,
    edge: u32,
}

struct Search<'a> {
    project: &'a Project,
    graph: &'a ImportGraph,
    goals: BTreeSet<NodeId>,
    end: &'a End,
    /// How each node was reached; `None` for nodes that were not, and for starts.
    before: Vec<Option<Step>>,
    modules: usize,
    imports: usize,
}

impl<'a> Search<'a> {
    fn new(project: &'a Project, graph: &'a ImportGraph, goals: BTreeSet<NodeId>, end: &'a End) -> Self {
        let before = vec![None; graph.nodes().len()];
        Self { project, graph, goals, end, before, modules: 0, imports: 0 }
    }

    /// The import that reaches the goal first.
    fn run(&mut self, starts: &[NodeId]) -> Option<Step> {
        let mut seen = vec![false; self.before.len()];
        for start in starts {
            seen[start.0 as usize] = true;
        }
        let mut queue: VecDeque<NodeId> = starts.iter().copied().collect();
        while let Some(at) = queue.pop_front() {
            self.modules += usize::from(matches!(self.graph.node(at), Node::Module(_)));
            for link in self.graph.links(at) {
                let numbers = self.graph.numbers(*link);
                self.imports += numbers.len();
                let steps = || numbers.iter().map(|&edge| Step { from: at, edge });
                if let Some(step) = self.shortest(steps().filter(|step| self.is_goal(*step))) {
                    return Some(step);
                }
                let next = link.to.0 as usize;
                if !seen[next] {
                    seen[next] = true;
                    self.before[next] = self.shortest(steps());
                    queue.push_back(link.to);
                }
            }
        }
        None
    }

    fn edge(&self, step: Step) -> &'a Edge {
        &self.graph.edges_of(self.project, step.from)[step.edge as usize]
    }

    /// Of several imports of one module the one that goes through the fewest re-exports.
    fn shortest(&self, steps: impl Iterator<Item = Step>) -> Option<Step> {
        steps.min_by_key(|&step| (self.edge(step).through().len(), step.edge))
    }

    /// Whether an import names the goal, or leads through it.
    fn is_goal(&self, step: Step) -> bool {
        let edge = self.edge(step);
        if let Some(item) = self.end.item {
            return edge.to == Target::Item(item);
        }
        let through = edge.through().iter().map(|&(module, _)| self.graph.of_module(module));
        self.target(edge).into_iter().chain(through).any(|node| self.goals.contains(&node))
    }

    fn target(&self, edge: &Edge) -> Option<NodeId> {
        match &edge.to {
            Target::Module(module) => Some(self.graph.of_module(*module)),
            Target::Item(item) => Some(self.graph.of_module(item.module)),
            Target::Outside(package, _) => self.graph.of_package(package),
            Target::Unknown => None,
        }
    }

    /// The hops up to the import that reaches the goal.
    fn chain(&self, last: Step) -> Vec<ChainHop> {
        let mut steps = vec![last];
        let mut at = last.from;
        while let Some(step) = self.before[at.0 as usize] {
            steps.push(step);
            at = step.from;
        }
        steps.reverse();
        let home = match self.graph.node(at) {
            Node::Module(module) => Some(*module),
            Node::Package(_) => None,
        };
        steps.into_iter().flat_map(|step| self.hops(step, home)).collect()
    }

    /// What a node is called in a chain that begins at the module `home`.
    fn name(&self, id: NodeId, home: Option<ModuleId>) -> String {
        let module = match self.graph.node(id) {
            Node::Module(module) => *module,
            Node::Package(package) => return package.to_string(),
        };
        home.map_or_else(|| self.project.module_name(module), |home| self.project.shown(home, &Target::Module(module)))
    }

    /// The hops of one import: one more for each re-export, up to the goal if it is one of those.
    fn hops(&self, step: Step, home: Option<ModuleId>) -> Vec<ChainHop> {
        let edge = self.edge(step);
        let stops = edge.through().iter().map(|&(module, place)| (self.graph.of_module(module), Some(place)));
        let stops = stops.chain(self.target(edge).map(|node| (node, None)));
        let mut hops = Vec::new();
        let (mut from, mut place) = (step.from, edge.place);
        let mut reexport = edge.kind == EdgeKind::Reexport;
        for (to, next) in stops {
            if to != from {
                hops.push(ChainHop { from: self.name(from, home), to: self.name(to, home), place, reexport });
            }
            if self.end.item.is_none() && self.goals.contains(&to) {
                break;
            }
            (from, place, reexport) = (to, next.unwrap_or(place), !edge.is_from_body());
        }
        hops
    }
}

#[cfg(test)]
mod tests;
