//! Cycles among a few members that lead through other code: what makes each reach each other.

use super::{Tangle, Whole};
use crate::contract::places;
use crate::contract::question::Question;
use crate::contract::view::View;
use crate::contract::{Cut, Cycle, Import, Why};
use crate::finding::{BrokenImport, Hop};
use crate::graph::{self, Adjacency, Breach, NodeId, Side};
use crate::source::Place;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What to cut so that the members of a tangle have no cycle: for each pair a smallest set of
/// imports between the two, and of the pairs those that cost the least.
pub(super) fn judge(tangle: &Tangle<'_>) -> Vec<Import> {
    let question = question(tangle);
    let mut knots: BTreeMap<(NodeId, NodeId), Knot> = BTreeMap::new();
    for &from in &tangle.members {
        for &to in tangle.members.iter().filter(|to| **to != from) {
            let knot = Knot::new(tangle, question.clone(), from, to);
            if !knot.cut.places.is_empty() {
                knots.insert((from, to), knot);
            }
        }
    }
    let arcs = knots.iter().map(|(&(from, to), knot)| graph::Arc { from, to, cost: knot.cut.places.len() as u32 });
    let arcs: Vec<_> = arcs.collect();
    let groups = tangle.whole.groups.len();
    let members = Adjacency::new(groups, knots.keys().copied());
    let mut imports = Vec::new();
    for feedback in graph::feedback_arcs(groups, &arcs) {
        let label = |node| tangle.whole.label(node);
        let cuts = feedback.arcs.iter().map(|arc| (label(arc.from), label(arc.to), arc.cost as usize)).collect();
        let is_exact = feedback.is_exact && are_apart(knots.values().map(|knot| &knot.cut));
        let cycle = Arc::new(Cycle { members: feedback.nodes.len(), cuts, is_exact });
        let told = feedback.arcs.iter().filter_map(|arc| told(tangle, &knots, &members, arc, &cycle));
        imports.extend(told);
    }
    imports
}

/// A question in which chains lead through what is between the members of the tangle, and no member.
fn question(tangle: &Tangle<'_>) -> Question {
    let Whole { judge, groups, number, direct, .. } = tangle.whole;
    let named = groups.iter().flat_map(|group| group.nodes.iter().copied());
    let mut question = Question::new(View::new(judge.imports, judge.exceptions, named), *direct);
    let outside = (0..number.len() as u32).map(NodeId);
    question.skip(outside.filter(|&node| tangle.component.binary_search(&tangle.whole.number(node)).is_err()));
    question
}

/// Whether no place is in two of the cuts: then what they cost together is the sum of their costs.
fn are_apart<'c>(cuts: impl Iterator<Item = &'c Cut>) -> bool {
    let mut seen: BTreeSet<Place> = BTreeSet::new();
    let mut places = cuts.flat_map(|cut| &cut.places);
    places.all(|&place| seen.insert(place))
}

/// A cut with a shortest cycle that it is part of.
fn told(
    tangle: &Tangle<'_>,
    knots: &BTreeMap<(NodeId, NodeId), Knot>,
    members: &Adjacency,
    arc: &graph::Arc,
    cycle: &Arc<Cycle>,
) -> Option<Import> {
    let knot = knots.get(&(arc.from, arc.to))?;
    let back = members.shortest_chain(&[arc.to], |node| node == arc.from, |_| true)?;
    let mut chain = knot.hops(tangle);
    for pair in back.windows(2) {
        chain.extend(knots.get(&(pair[0], pair[1]))?.hops(tangle));
    }
    let direct = knot.breaches.iter().all(|breach| breach.chain.len() == 2);
    let (cut, from, to) = (knot.cut.clone(), knot.cut.from.clone(), knot.cut.to.clone());
    Some(Import { why: Why::Cycle(Arc::clone(cycle)), cut, direct, chain, roots: Vec::new(), from, to })
}

/// All that makes one member reach another.
struct Knot {
    question: Question,
    breaches: Vec<Breach>,
    cut: Cut,
}

impl Knot {
    fn new(tangle: &Tangle<'_>, mut question: Question, from: NodeId, to: NodeId) -> Self {
        let Whole { judge, groups, .. } = tangle.whole;
        question.set(&groups[from.0 as usize].nodes, Side::From);
        question.set(&groups[to.0 as usize].nodes, Side::Goal);
        let breaches = judge.ask(&question);
        let view = question.view();
        let edges =
            breaches.iter().flat_map(|breach| judge.edges(breach.cut.0, breach.cut.1, |node| view.blocks(node)));
        let places = places::of(judge.imports.project, edges);
        let cuts = breaches.iter().map(|breach| judge.cut(breach.cut.0, breach.cut.1, |node| view.blocks(node)));
        let imports: Vec<BrokenImport> =
            cuts.flat_map(|cut| cut.imports).filter(|import| places.binary_search(&import.place).is_ok()).collect();
        let label = |node| tangle.whole.label(node);
        let cut = Cut { from: label(from), to: label(to), places, imports };
        Self { question, breaches, cut }
    }

    fn hops(&self, tangle: &Tangle<'_>) -> Vec<Hop> {
        let shortest = self.breaches.iter().min_by_key(|breach| breach.chain.len());
        let chain = shortest.map_or(&[][..], |breach| &breach.chain);
        tangle.whole.judge.hops(chain, |node| self.question.view().blocks(node))
    }
}
