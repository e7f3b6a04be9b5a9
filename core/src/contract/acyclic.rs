//! Cycles among the members of a contract, and what to cut.
//!
//! Each member becomes one node, and cycles are looked for among strongly connected members. Most
//! are made of direct imports between members, for which the cheapest set to cut is known well.
//! Where cycles are left that lead through other code, a few members are asked pair by pair what
//! leads from one to the other; where there are many, their circles are cut one after the other.

mod pairs;

use super::members::Group;
use super::places;
use super::question::Judge;
use super::{Cut, Cycle, Import, Why};
use crate::finding::Hop;
use crate::graph::{self, Adjacency, EXACT_LIMIT, NodeId, Ways};
use crate::source::Place;
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;
use std::sync::Arc;

/// How many circles through other code are cut one after the other in one set of members.
const MOST_CIRCLES: usize = 20;

/// What to cut so that the groups, which share no node, have no cycle, and the exceptions without
/// which there would be more. Chains lead through all that is in no group, but for `skipped`,
/// unless only direct imports count.
pub(super) fn judge(
    judge: &Judge<'_>,
    groups: &[Group],
    skipped: &BTreeSet<NodeId>,
    direct: bool,
) -> (Vec<Import>, BTreeSet<usize>) {
    if groups.len() < 2 {
        return (Vec::new(), BTreeSet::new());
    }
    let whole = Whole::new(judge, groups, skipped, direct);
    let mut found = Vec::new();
    let quotient = whole.quotient();
    for component in graph::components(&quotient) {
        let members: Vec<NodeId> = component.iter().copied().filter(|&node| whole.is_group(node)).collect();
        if members.len() > 1 {
            let imports = Tangle::new(&whole, &quotient, &component, members).judge();
            found.push((component, imports));
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    (found.into_iter().flat_map(|(_, imports)| imports).collect(), whole.needed())
}

/// The graph with each group as one node: groups have the first numbers, and what lies between them
/// has those that follow.
struct Whole<'a> {
    judge: &'a Judge<'a>,
    groups: &'a [Group],
    direct: bool,
    /// The number of each node of the project; [`NOWHERE`] for those that are in no cycle of groups.
    number: Vec<NodeId>,
    /// The nodes between the groups, in the order of their numbers.
    free: Vec<NodeId>,
    /// The links, sorted, each once for every link of the project that it stands for.
    links: Vec<(Pair, Pair)>,
    /// Links that are excused, with one of the project's for each.
    excused: Vec<(Pair, Pair)>,
}

type Pair = (NodeId, NodeId);

const NOWHERE: NodeId = NodeId(u32::MAX);

impl<'a> Whole<'a> {
    fn new(judge: &'a Judge<'a>, groups: &'a [Group], skipped: &BTreeSet<NodeId>, direct: bool) -> Self {
        let between = judge.imports.between(groups.iter().flat_map(|group| group.nodes.iter().copied()));
        let mut number = vec![NOWHERE; between.len()];
        for (at, group) in groups.iter().enumerate() {
            for node in &group.nodes {
                number[node.0 as usize] = NodeId(at as u32);
            }
        }
        let mut free = Vec::new();
        for (node, _) in between.iter().enumerate().filter(|(_, between)| **between && !direct) {
            let id = NodeId(node as u32);
            if number[node] == NOWHERE && !skipped.contains(&id) {
                number[node] = NodeId((groups.len() + free.len()) as u32);
                free.push(id);
            }
        }
        let mut whole = Self { judge, groups, direct, number, free, links: Vec::new(), excused: Vec::new() };
        for node in 0..between.len() as u32 {
            whole.add(NodeId(node));
        }
        whole.links.sort_by_key(|(link, _)| *link);
        whole
    }

    /// Whether a node of this graph is a group.
    const fn is_group(&self, node: NodeId) -> bool {
        (node.0 as usize) < self.groups.len()
    }

    /// What a node of the project is here.
    fn number(&self, node: NodeId) -> NodeId {
        self.number[node.0 as usize]
    }

    /// Whether what `node` re-exports for `from` is no way past it: it is in another group.
    fn blocks(&self, from: NodeId, node: NodeId) -> bool {
        let number = self.number(node);
        self.is_group(number) && number != self.number(from)
    }

    fn add(&mut self, from: NodeId) {
        let home = self.number(from);
        if home == NOWHERE {
            return;
        }
        for &way in self.judge.imports.ways(from) {
            let to = self.number(way.to);
            if to == home || to == NOWHERE || (way.is_through && !self.is_group(to)) {
                continue;
            }
            if (way.is_offer && !self.is_group(home))
                || !self.judge.imports.is_open(from, way, |node| self.blocks(from, node))
            {
                continue;
            }
            if self.judge.exceptions.excuse(from, way.to) {
                self.excused.push(((home, to), (from, way.to)));
            } else {
                self.links.push(((home, to), (from, way.to)));
            }
        }
    }

    fn size(&self) -> usize {
        self.groups.len() + self.free.len()
    }

    fn quotient(&self) -> Adjacency {
        Adjacency::new(self.size(), self.links.iter().map(|(link, _)| *link))
    }

    /// The exceptions that keep a cycle from being one.
    fn needed(&self) -> BTreeSet<usize> {
        if self.excused.is_empty() {
            return BTreeSet::new();
        }
        let links = self.links.iter().chain(&self.excused).map(|(link, _)| *link);
        let all = Adjacency::new(self.size(), links);
        let mut component_of = vec![None; self.size()];
        for (number, component) in graph::components(&all).iter().enumerate() {
            for node in component {
                component_of[node.0 as usize] = Some(number);
            }
        }
        let inside = |((from, to), _): &&(Pair, Pair)| {
            let of = component_of[from.0 as usize];
            of.is_some() && of == component_of[to.0 as usize]
        };
        let links = self.excused.iter().filter(inside);
        links.flat_map(|(_, (from, to))| self.judge.exceptions.matching(*from, &[*to])).collect()
    }

    /// How people call a node of this graph.
    fn label(&self, node: NodeId) -> String {
        match self.groups.get(node.0 as usize) {
            Some(group) => group.label.clone(),
            None => self.judge.members.name(self.free[node.0 as usize - self.groups.len()]).to_string(),
        }
    }

    /// The links of the project that a link stands for, in their order.
    fn parts(&self, link: Pair) -> impl Iterator<Item = Pair> {
        let start = self.links.partition_point(|(other, _)| *other < link);
        self.links[start..].iter().take_while(move |(other, _)| *other == link).map(|(_, part)| *part)
    }

    /// The places of all that a link stands for.
    fn places(&self, link: Pair) -> Vec<Place> {
        let parts = self.parts(link);
        let edges = parts.flat_map(|(from, to)| self.judge.edges(from, to, move |node| self.blocks(from, node)));
        places::of(self.judge.imports.project, edges)
    }

    /// A link with what it costs to cut it.
    fn arc(&self, link: Pair) -> graph::Arc {
        graph::Arc { from: link.0, to: link.1, cost: self.places(link).len() as u32 }
    }

    /// All that a link stands for.
    fn cut(&self, link: Pair) -> Cut {
        let places = self.places(link);
        let parts = self.parts(link).flat_map(|(from, to)| {
            let edges = self.judge.edges(from, to, move |node| self.blocks(from, node));
            self.judge.broken(to, edges.map(|edge| edge.place))
        });
        let imports = parts.filter(|import| places.binary_search(&import.place).is_ok()).collect();
        Cut { from: self.label(link.0), to: self.label(link.1), places, imports }
    }

    /// One of the links of the project that a link stands for, with its place.
    fn hops(&self, link: Pair) -> Vec<Hop> {
        let first = self.parts(link).next();
        first.map_or_else(Vec::new, |(from, to)| self.judge.hops(&[from, to], |node| self.blocks(from, node)))
    }
}

/// Members that all reach each other, with what is between them.
struct Tangle<'a> {
    whole: &'a Whole<'a>,
    /// The groups among them, sorted.
    members: Vec<NodeId>,
    /// Everything in it, sorted: the numbers of [`Whole`] by the numbers here. Groups come first.
    component: &'a [NodeId],
    /// The links inside of it, by the numbers here, sorted.
    links: Vec<Pair>,
}

impl<'a> Tangle<'a> {
    fn new(whole: &'a Whole<'a>, quotient: &Adjacency, component: &'a [NodeId], members: Vec<NodeId>) -> Self {
        let local = |node: &NodeId| component.binary_search(node).ok().map(|at| NodeId(at as u32));
        let of = |(from, &node)| {
            let ends = quotient.successors(node).iter().filter_map(local);
            ends.map(move |to| (NodeId(from), to))
        };
        let links = (0..).zip(component).flat_map(of).collect();
        Self { whole, members, component, links }
    }

    /// The number in [`Whole`] of a node of the tangle.
    fn global(&self, node: NodeId) -> NodeId {
        self.component[node.0 as usize]
    }

    /// The number of a node that is in the tangle.
    fn local(&self, node: NodeId) -> NodeId {
        NodeId(self.component.partition_point(|&other| other < node) as u32)
    }

    const fn is_member(&self, node: NodeId) -> bool {
        (node.0 as usize) < self.members.len()
    }

    fn arc(&self, (from, to): Pair) -> graph::Arc {
        self.whole.arc((self.global(from), self.global(to)))
    }

    fn judge(&self) -> Vec<Import> {
        let between = self.links.iter().filter(|(from, to)| self.is_member(*from) && self.is_member(*to));
        let arcs: Vec<_> = between.map(|&link| self.arc(link)).collect();
        let found = graph::feedback_arcs(self.whole.groups.len(), &arcs);
        let cuts = found.iter().flat_map(|one| &one.arcs).map(|arc| (self.local(arc.from), self.local(arc.to)));
        let cuts: FxHashSet<Pair> = cuts.collect();
        let rest: Vec<Pair> = self.links.iter().copied().filter(|link| !cuts.contains(link)).collect();
        if self.circle(&rest).is_none() {
            return found.iter().flat_map(|one| self.direct(&one.arcs, one.nodes.len(), one.is_exact)).collect();
        }
        if self.members.len() <= EXACT_LIMIT {
            return pairs::judge(self);
        }
        let others = self.one_by_one(rest);
        let arcs: Vec<_> = found.into_iter().flat_map(|one| one.arcs).chain(others).collect();
        self.direct(&arcs, self.members.len(), false)
    }

    /// Cuts one circle after the other, each where that costs the least and leads to a member.
    fn one_by_one(&self, mut rest: Vec<Pair>) -> Vec<graph::Arc> {
        let mut cuts = Vec::new();
        while let Some(circle) = self.circle(&rest)
            && cuts.len() < MOST_CIRCLES
        {
            let ends = circle.into_iter().filter(|(from, _)| !self.is_member(*from));
            let arcs = ends.map(|link| (self.arc(link), link));
            let cut = arcs.min_by_key(|(arc, link)| (arc.cost, !self.is_member(link.1), *arc));
            let Some((arc, link)) = cut else { break };
            if let Ok(at) = rest.binary_search(&link) {
                rest.remove(at);
            }
            cuts.push(arc);
        }
        cuts
    }

    /// The links of a circle with at least two members, if some of `links` make one.
    fn circle(&self, links: &[Pair]) -> Option<Vec<Pair>> {
        let graph = Adjacency::new(self.component.len(), links.iter().copied());
        let tangled = graph::components(&graph)
            .into_iter()
            .find(|component| component.get(1).is_some_and(|&second| self.is_member(second)))?;
        let mut inside = vec![false; graph.len()];
        for node in &tangled {
            inside[node.0 as usize] = true;
        }
        let inside = |node: NodeId| inside[node.0 as usize];
        let first = *tangled.first()?;
        let there = graph.shortest_chain(&[first], |node| self.is_member(node) && inside(node), inside)?;
        let second = *there.last()?;
        let back = graph.shortest_chain(&[second], |node| node == first, inside)?;
        let links = [there, back]
            .into_iter()
            .flat_map(|chain| chain.windows(2).map(|pair| (pair[0], pair[1])).collect::<Vec<_>>());
        Some(links.collect())
    }

    /// What is told of links that are cut, each with a circle that it is part of: a shortest one, unless that is far to go.
    fn direct(&self, arcs: &[graph::Arc], members: usize, is_exact: bool) -> Vec<Import> {
        let whole = self.whole;
        let cuts = arcs.iter().map(|arc| (whole.label(arc.from), whole.label(arc.to), arc.cost as usize)).collect();
        let cycle = Arc::new(Cycle { members, cuts, is_exact });
        let graph = Adjacency::new(self.component.len(), self.links.iter().copied());
        let mut ways = Ways::new(&graph);
        let told = arcs.iter().map(|arc| {
            let back = ways.between(self.local(arc.to), self.local(arc.from)).unwrap_or_default();
            let pairs = back.windows(2).map(|pair| (self.global(pair[0]), self.global(pair[1])));
            let mut chain = whole.hops((arc.from, arc.to));
            chain.extend(pairs.flat_map(|link| whole.hops(link)));
            let cut = whole.cut((arc.from, arc.to));
            let (from, to) = (cut.from.clone(), cut.to.clone());
            Import { why: Why::Cycle(Arc::clone(&cycle)), cut, direct: true, chain, roots: Vec::new(), from, to }
        });
        told.collect()
    }
}
