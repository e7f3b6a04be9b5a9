//! A question to the imports: who of these reaches any of those?

use super::imports::{Imports, Way};
use super::members::Members;
use super::{Cut, Import, Root, Why};
use crate::config::{ConfigError, Exception};
use crate::finding::Hop;
use crate::graph::{self, Breach, NodeId, Side};
use crate::link::{Edge, Target};
use rustc_hash::FxHashSet;
use std::collections::{BTreeMap, BTreeSet};

/// The exceptions of a contract, by their positions in it.
pub(super) struct Exceptions<'a> {
    rules: Vec<Excused<'a>>,
}

struct Excused<'a> {
    rule: &'a Exception,
    from: BTreeSet<NodeId>,
    to: BTreeSet<NodeId>,
}

impl<'a> Exceptions<'a> {
    pub(super) fn new(rules: &'a [Exception], members: &Members<'_>, errors: &mut Vec<ConfigError>) -> Self {
        let mut found = Vec::new();
        for rule in rules {
            let [from, to] = [&rule.from, &rule.to].map(|member| members.all([member], errors).into_iter().collect());
            found.push(Excused { rule, from, to });
        }
        Self { rules: found }
    }

    /// Those that excuse an import of one of `goals`.
    pub(super) fn matching(&self, from: NodeId, goals: &[NodeId]) -> BTreeSet<usize> {
        let matches = |one: &Excused<'_>| one.from.contains(&from) && goals.iter().any(|goal| one.to.contains(goal));
        let rules = self.rules.iter().enumerate();
        rules.filter(|(_, one)| matches(one)).map(|(at, _)| at).collect()
    }

    /// Whether an import is excused.
    pub(super) fn excuse(&self, from: NodeId, to: NodeId) -> bool {
        self.rules.iter().any(|one| one.from.contains(&from) && one.to.contains(&to))
    }

    /// The errors of the exceptions that are not among the `used`.
    pub(super) fn unused(
        &self,
        used: &BTreeSet<usize>,
        imports: &Imports<'_>,
        members: &Members<'_>,
    ) -> Vec<ConfigError> {
        let rules = self.rules.iter().enumerate().filter(|(at, _)| !used.contains(at));
        let errors = rules.map(|(_, one)| {
            let mut ways = one.from.iter().flat_map(|from| imports.ways(*from));
            let (from, to) = (&one.rule.from.text, &one.rule.to.text);
            let message = if ways.any(|way| one.to.contains(&way.to)) {
                format!("this exception excuses nothing: `{from}` imports `{to}`, but that breaks nothing")
            } else {
                format!("this exception excuses nothing: `{from}` does not import `{to}`")
            };
            members.error(one.rule.span, message, "correct it, or remove it")
        });
        errors.collect()
    }
}

/// A question: what each node is to it, and how far chains may lead.
#[derive(Clone)]
pub(super) struct Question {
    sides: Vec<Side>,
    /// Nodes that no chain leads through, though what they re-export may be taken from them.
    skipped: Vec<bool>,
    direct: bool,
}

impl Question {
    /// Of a graph in which every node is free.
    pub(super) fn new(nodes: usize, direct: bool) -> Self {
        Self { sides: vec![Side::Free; nodes], skipped: vec![false; nodes], direct }
    }

    pub(super) fn set(&mut self, nodes: &[NodeId], side: Side) {
        for node in nodes {
            self.sides[node.0 as usize] = side;
        }
    }

    pub(super) fn skip(&mut self, nodes: impl IntoIterator<Item = NodeId>) {
        for node in nodes {
            self.skipped[node.0 as usize] = true;
        }
    }

    fn side(&self, node: NodeId) -> Side {
        match self.sides[node.0 as usize] {
            Side::Free if self.direct || self.skipped[node.0 as usize] => Side::Closed,
            side => side,
        }
    }

    /// Whether what a node re-exports is not to be had through it.
    pub(super) fn blocks(&self, node: NodeId) -> bool {
        self.sides[node.0 as usize] != Side::Free
    }

    /// The starts, sorted.
    fn starts(&self) -> Vec<NodeId> {
        self.all(Side::From).collect()
    }

    /// The nodes of a side, sorted.
    fn all(&self, of: Side) -> impl Iterator<Item = NodeId> {
        let sides = self.sides.iter().enumerate().filter(move |(_, side)| **side == of);
        sides.map(|(number, _)| NodeId(number as u32))
    }
}

/// Asks questions, and tells the answers in the words of the project.
pub(super) struct Judge<'a> {
    pub(super) imports: &'a Imports<'a>,
    pub(super) members: &'a Members<'a>,
    pub(super) exceptions: &'a Exceptions<'a>,
}

impl Judge<'_> {
    /// The links to cut.
    pub(super) fn ask(&self, question: &Question) -> Vec<Breach> {
        // Most of a project leads to no goal, and need not be looked at.
        let leads = self.imports.leading_to(question.all(Side::Goal));
        let left_out = |from, to: NodeId| !leads[to.0 as usize] || self.exceptions.excuse(from, to);
        let next = |node, out: &mut Vec<NodeId>| self.next(question, node, out, left_out);
        graph::breaches(&question.starts(), |node| question.side(node), next)
    }

    /// The exceptions without which there would be more to cut.
    pub(super) fn needed(&self, question: &Question) -> BTreeSet<usize> {
        if self.exceptions.rules.is_empty() {
            return BTreeSet::new();
        }
        let next = |node, out: &mut Vec<NodeId>| self.next(question, node, out, |_, _| false);
        let links = graph::links_of_chains(&question.starts(), |node| question.side(node), next);
        links.into_iter().flat_map(|(from, to)| self.exceptions.matching(from, &[to])).collect()
    }

    fn next(
        &self,
        question: &Question,
        from: NodeId,
        out: &mut Vec<NodeId>,
        left_out: impl Fn(NodeId, NodeId) -> bool,
    ) {
        let is_free = question.side(from) == Side::Free;
        for way in self.imports.ways(from) {
            let side = question.side(way.to);
            let leads = match side {
                Side::Goal => true,
                Side::Free => !way.is_through,
                Side::From | Side::Closed => false,
            };
            if leads
                && !left_out(from, way.to)
                && !(is_free && way.is_offer)
                && self.imports.is_open(from, way, |node| question.blocks(node))
            {
                out.push(way.to);
            }
        }
    }

    /// A breach, in words.
    pub(super) fn import(&self, question: &Question, breach: &Breach, why: Why, from: &str, to: &str) -> Import {
        let blocks = |node| question.blocks(node);
        let (first, last) = breach.cut;
        let mut roots: Vec<Root> =
            breach.roots.iter().filter_map(|&(root, next)| self.root(root, next, blocks)).collect();
        let start = breach.chain.first().map(|&root| self.members.name(root)).unwrap_or_default();
        roots.sort_by(|a, b| (a.name != start, &a.name).cmp(&(b.name != start, &b.name)));
        roots.dedup_by(|a, b| a.name == b.name);
        Import {
            why,
            cut: self.cut(first, last, blocks),
            direct: breach.chain.len() == 2,
            chain: self.hops(&breach.chain, blocks),
            roots,
            from: from.to_owned(),
            to: to.to_owned(),
        }
    }

    fn root(&self, root: NodeId, next: NodeId, blocks: impl Fn(NodeId) -> bool + Copy) -> Option<Root> {
        let place = self.cut(root, next, blocks).places.first().copied()?;
        Some(Root { name: self.members.name(root), place })
    }

    /// All places at which one node imports another.
    pub(super) fn cut(&self, from: NodeId, to: NodeId, blocks: impl Fn(NodeId) -> bool + Copy) -> Cut {
        let ways = self.imports.ways(from).filter(|way| way.to == to);
        let mut places: Vec<_> =
            ways.flat_map(|way| self.imports.edges_of(from, way, blocks)).map(|edge| edge.place).collect();
        places.sort_unstable();
        places.dedup();
        Cut { from: self.members.name(from), to: self.members.name(to), places }
    }

    /// A chain with a place for each hop, and a hop for each re-export on the way.
    pub(super) fn hops(&self, chain: &[NodeId], blocks: impl Fn(NodeId) -> bool + Copy) -> Vec<Hop> {
        let mut hops = Vec::new();
        for pair in chain.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            let mut ways: Vec<Way<'_>> = self.imports.ways(from).filter(|way| way.to == to).collect();
            ways.sort_by_key(|way| way.is_through);
            let edges = ways
                .into_iter()
                .flat_map(|way| self.imports.edges_of(from, way, blocks).map(move |edge| (way.is_through, edge)));
            // The plainest edge tells most: the one with the fewest re-exports on its way.
            if let Some((is_through, edge)) = edges.min_by_key(|(_, edge)| (edge.through.len(), edge.place)) {
                self.push_hops(edge, is_through.then_some(to), &mut hops);
            }
        }
        hops
    }

    /// The hops of one edge: to each module that re-exports, up to `until`, and else to the end.
    fn push_hops(&self, edge: &Edge, until: Option<NodeId>, hops: &mut Vec<Hop>) {
        let mut from = self.imports.graph.of_module(edge.from);
        let mut place = edge.place;
        let hop = |from, to, place| Hop { from: self.members.name(from), to, place };
        for &(module, next) in &edge.through {
            let via = self.imports.graph.of_module(module);
            if via != from {
                hops.push(hop(from, self.members.name(via), place));
            }
            if until == Some(via) {
                return;
            }
            (from, place) = (via, next);
        }
        let end = self.end(&edge.to);
        hops.push(hop(from, end, place));
    }

    /// Where an edge leads, as people say it: an item with the module it stands in.
    fn end(&self, target: &Target) -> String {
        let project = self.imports.project;
        match target {
            Target::Module(module) => self.members.name(self.imports.graph.of_module(*module)),
            Target::Item(item) => {
                let module = self.members.name(self.imports.graph.of_module(item.module));
                let name = &project.item(*item).name;
                if name.is_empty() { module } else { format!("{module}::{name}") }
            }
            Target::Outside(package, path) if path.is_empty() => package.to_string(),
            Target::Outside(package, path) => format!("{package}::{path}"),
            Target::Unknown => String::new(),
        }
    }

    /// Puts breaches of one cut together: the one with the shortest chain tells, for all of their roots.
    pub(super) fn merged(found: Vec<((NodeId, NodeId), usize, Import)>) -> Vec<Import> {
        let mut by_cut: BTreeMap<(NodeId, NodeId), (usize, Import)> = BTreeMap::new();
        for (cut, length, mut import) in found {
            let Some((shortest, known)) = by_cut.get_mut(&cut) else {
                by_cut.insert(cut, (length, import));
                continue;
            };
            if length < *shortest {
                *shortest = length;
                std::mem::swap(known, &mut import);
            }
            let names: FxHashSet<&str> = known.roots.iter().map(|root| root.name.as_str()).collect();
            let is_new = |root: &Root| !names.contains(root.name.as_str());
            let mut more: Vec<_> = import.roots.into_iter().filter(is_new).collect();
            known.roots.append(&mut more);
            if let Some(rest) = known.roots.get_mut(1..) {
                rest.sort();
            }
        }
        by_cut.into_values().map(|(_, import)| import).collect()
    }
}
