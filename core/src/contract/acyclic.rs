//! Cycles among the members of a contract, and what to cut.

use super::members::Group;
use super::question::{Judge, Question};
use super::{Cut, Cycle, Import, Why};
use crate::graph::{self, Adjacency, Arc, Breach, NodeId, Side};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// What to cut so that the groups, which share no node, have no cycle, and the exceptions without
/// which there would be more. Chains lead through all that is in no group, but for `skipped`,
/// unless only direct imports count.
pub(super) fn judge(
    judge: &Judge<'_>,
    groups: &[Group],
    skipped: &BTreeSet<NodeId>,
    direct: bool,
) -> (Vec<Import>, BTreeSet<usize>) {
    let whole = Whole::new(judge, groups, skipped, direct);
    let quotient = Adjacency::new(whole.nodes, whole.links.iter().copied());
    let mut found = Vec::new();
    for component in graph::components(&quotient) {
        let members: Vec<usize> =
            component.iter().map(|node| node.0 as usize).filter(|&node| node < groups.len()).collect();
        if members.len() > 1 {
            let tangle = Tangle { whole: &whole, quotient: &quotient, component: &component, members: &members };
            let imports = tangle.judge();
            found.push((members, imports));
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    (found.into_iter().flat_map(|(_, imports)| imports).collect(), whole.needed())
}

/// The graph with each group as one node: groups have their own numbers, other nodes follow.
struct Whole<'a> {
    judge: &'a Judge<'a>,
    groups: &'a [Group],
    skipped: &'a BTreeSet<NodeId>,
    direct: bool,
    nodes: usize,
    /// The number of each node of the graph.
    number: Vec<NodeId>,
    links: BTreeSet<(NodeId, NodeId)>,
    excused: Vec<Excused>,
}

/// A link that is excused, with the nodes of the project that it is between.
type Excused = ((NodeId, NodeId), (NodeId, NodeId));

impl<'a> Whole<'a> {
    fn new(judge: &'a Judge<'a>, groups: &'a [Group], skipped: &'a BTreeSet<NodeId>, direct: bool) -> Self {
        let size = judge.imports.graph.nodes().len();
        let mut number: Vec<NodeId> = (0..size).map(|node| NodeId((groups.len() + node) as u32)).collect();
        for (at, group) in groups.iter().enumerate() {
            for node in &group.nodes {
                number[node.0 as usize] = NodeId(at as u32);
            }
        }
        let nodes = groups.len() + size;
        let mut whole =
            Self { judge, groups, skipped, direct, nodes, number, links: BTreeSet::new(), excused: Vec::new() };
        for (from, _) in judge.imports.graph.nodes() {
            whole.add(from);
        }
        whole
    }

    fn add(&mut self, from: NodeId) {
        let number = |node: NodeId| self.number[node.0 as usize];
        let is_member = |node: NodeId| (number(node).0 as usize) < self.groups.len();
        let counts = |node: NodeId| is_member(node) || !(self.direct || self.skipped.contains(&node));
        if !counts(from) {
            return;
        }
        let home = number(from);
        for way in self.judge.imports.ways(from) {
            let to = number(way.to);
            if to == home || !counts(way.to) || (way.is_through && !is_member(way.to)) {
                continue;
            }
            let blocks = |node| is_member(node) && number(node) != home;
            if (way.is_offer && !is_member(from)) || !self.judge.imports.is_open(from, way, blocks) {
                continue;
            }
            if self.judge.exceptions.excuse(from, way.to) {
                self.excused.push(((home, to), (from, way.to)));
            } else {
                self.links.insert((home, to));
            }
        }
    }

    /// The exceptions that keep a cycle from being one.
    fn needed(&self) -> BTreeSet<usize> {
        if self.excused.is_empty() {
            return BTreeSet::new();
        }
        let links = self.links.iter().chain(self.excused.iter().map(|(link, _)| link));
        let all = Adjacency::new(self.nodes, links.copied());
        let mut component_of = vec![0; self.nodes];
        for (number, component) in graph::components(&all).iter().enumerate() {
            for node in component {
                component_of[node.0 as usize] = number;
            }
        }
        let inside = |&&((from, to), _): &&Excused| component_of[from.0 as usize] == component_of[to.0 as usize];
        let links = self.excused.iter().filter(inside);
        links.flat_map(|(_, (from, to))| self.judge.exceptions.matching(*from, &[*to])).collect()
    }
}

/// Members that all reach each other.
struct Tangle<'a> {
    whole: &'a Whole<'a>,
    quotient: &'a Adjacency,
    component: &'a [NodeId],
    members: &'a [usize],
}

/// All that makes one member reach another.
struct Knot {
    question: Question,
    breaches: Vec<Breach>,
    cut: Cut,
}

impl Tangle<'_> {
    fn judge(&self) -> Vec<Import> {
        let mut knots: BTreeMap<(usize, usize), Knot> = BTreeMap::new();
        for &from in self.members {
            for to in self.reached(from) {
                let knot = self.knot(from, to);
                if !knot.cut.places.is_empty() {
                    knots.insert((from, to), knot);
                }
            }
        }
        let arcs: Vec<Arc> = knots
            .iter()
            .map(|(&(from, to), knot)| Arc {
                from: NodeId(from as u32),
                to: NodeId(to as u32),
                cost: knot.cut.places.len() as u32,
            })
            .collect();
        let mut imports = Vec::new();
        for feedback in graph::feedback_arcs(self.whole.groups.len(), &arcs) {
            let label = |node: NodeId| self.whole.groups[node.0 as usize].label.clone();
            let cuts = feedback.arcs.iter().map(|arc| (label(arc.from), label(arc.to), arc.cost as usize)).collect();
            let cycle = Cycle { members: feedback.nodes.len(), cuts, is_exact: feedback.is_exact };
            for arc in &feedback.arcs {
                imports.extend(self.import(&knots, (arc.from.0 as usize, arc.to.0 as usize), &cycle));
            }
        }
        imports
    }

    /// The members that one reaches through nothing but what is in no member.
    fn reached(&self, from: usize) -> BTreeSet<usize> {
        let mut seen = BTreeSet::from([NodeId(from as u32)]);
        let mut open = VecDeque::from([NodeId(from as u32)]);
        let mut found = BTreeSet::new();
        while let Some(at) = open.pop_front() {
            for &next in self.quotient.successors(at) {
                if self.component.binary_search(&next).is_err() || !seen.insert(next) {
                    continue;
                }
                if (next.0 as usize) < self.whole.groups.len() {
                    found.insert(next.0 as usize);
                } else {
                    open.push_back(next);
                }
            }
        }
        found
    }

    fn knot(&self, from: usize, to: usize) -> Knot {
        let Whole { judge, groups, skipped, number, direct, .. } = self.whole;
        let mut question = Question::new(number.len(), *direct);
        for group in *groups {
            question.set(&group.nodes, Side::Closed);
        }
        question.set(&groups[from].nodes, Side::From);
        question.set(&groups[to].nodes, Side::Goal);
        question.skip(skipped.iter().copied());
        let breaches = judge.ask(&question);
        let cuts = breaches.iter().map(|breach| judge.cut(breach.cut.0, breach.cut.1, |node| question.blocks(node)));
        let places: BTreeSet<_> = cuts.flat_map(|cut| cut.places).collect();
        let cut = Cut {
            from: groups[from].label.clone(),
            to: groups[to].label.clone(),
            places: places.into_iter().collect(),
        };
        Knot { question, breaches, cut }
    }

    /// What to cut between two members, with a shortest cycle that it is part of.
    fn import(&self, knots: &BTreeMap<(usize, usize), Knot>, arc: (usize, usize), cycle: &Cycle) -> Option<Import> {
        let knot = knots.get(&arc)?;
        let links = knots.keys().map(|&(from, to)| (NodeId(from as u32), NodeId(to as u32)));
        let members = Adjacency::new(self.whole.groups.len(), links);
        let back = members.shortest_chain(&[NodeId(arc.1 as u32)], |node| node.0 as usize == arc.0, |_| true)?;
        let mut chain = self.hops(knot);
        for pair in back.windows(2) {
            chain.extend(self.hops(knots.get(&(pair[0].0 as usize, pair[1].0 as usize))?));
        }
        let why = Why::Cycle(cycle.clone());
        let (from, to) = (knot.cut.from.clone(), knot.cut.to.clone());
        let direct = knot.breaches.iter().all(|breach| breach.chain.len() == 2);
        Some(Import { why, cut: knot.cut.clone(), direct, chain, roots: Vec::new(), from, to })
    }

    fn hops(&self, knot: &Knot) -> Vec<crate::finding::Hop> {
        let shortest = knot.breaches.iter().min_by_key(|breach| breach.chain.len());
        let chain = shortest.map_or(&[][..], |breach| &breach.chain);
        self.whole.judge.hops(chain, |node| knot.question.blocks(node))
    }
}
