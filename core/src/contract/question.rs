//! A question to the imports: who of these reaches any of those?

use super::imports::Imports;
use super::members::Members;
use super::places;
use super::view::View;
use super::{Cut, Import, Root, Why};
use crate::config::{ConfigError, Exception};
use crate::finding::{BrokenImport, Hop};
use crate::graph::{self, Breach, Node, NodeId, Side};
use crate::link::{Edge, Target};
use crate::source::Place;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

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
    view: Arc<View>,
    sides: Vec<Side>,
    /// Nodes that no chain leads through, though what they re-export may be taken from them.
    skipped: Vec<bool>,
    direct: bool,
}

impl Question {
    /// Closes all that the contract speaks of. What is asked about has to be among it.
    pub(super) fn new(view: View, direct: bool) -> Self {
        let nodes = (0..view.len() as u32).map(NodeId);
        let sides = nodes.map(|node| if view.blocks(node) { Side::Closed } else { Side::Free }).collect();
        Self { sides, skipped: vec![false; view.len()], direct, view: Arc::new(view) }
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

    /// The imports as the contract sees them.
    pub(super) const fn view(&self) -> &Arc<View> {
        &self.view
    }

    /// What each node is to it, where no chain leads through what is skipped.
    fn sides(&self) -> Vec<Side> {
        let through = self.sides.iter().zip(&self.skipped).map(|(side, skipped)| match side {
            Side::Free if self.direct || *skipped => Side::Closed,
            side => *side,
        });
        through.collect()
    }

    /// What a node links to, as far as it matters to the question.
    fn next(&self, sides: &[Side], from: NodeId, out: &mut Vec<NodeId>, with_excused: bool) {
        let is_free = sides[from.0 as usize] == Side::Free;
        for route in self.view.routes(from) {
            let leads = match sides[route.to.0 as usize] {
                Side::Goal => true,
                Side::Free => !route.is_through,
                Side::From | Side::Closed => false,
            };
            if leads && !(is_free && route.is_offer) && (with_excused || !route.is_excused) {
                out.push(route.to);
            }
        }
    }
}

/// The nodes of a side, sorted.
fn all(sides: &[Side], of: Side) -> impl Iterator<Item = NodeId> {
    let sides = sides.iter().enumerate().filter(move |(_, side)| **side == of);
    sides.map(|(number, _)| NodeId(number as u32))
}

/// A breach that was found, and what is to be told of it.
pub(super) struct Told {
    pub(super) breach: Breach,
    pub(super) view: Arc<View>,
    pub(super) why: Why,
    /// How people call what is at the beginning of its chain, and what is at the end.
    pub(super) from: Arc<str>,
    pub(super) to: Arc<str>,
}

/// The first places at which nodes import others. Many cuts are told with the same roots.
#[derive(Default)]
struct FirstPlaces {
    /// The view that they are known for.
    view: Option<Arc<View>>,
    known: FxHashMap<(NodeId, NodeId), Option<Place>>,
}

impl FirstPlaces {
    fn get(&mut self, view: &Arc<View>, link: (NodeId, NodeId), find: impl FnOnce() -> Option<Place>) -> Option<Place> {
        if !self.view.as_ref().is_some_and(|known| Arc::ptr_eq(known, view)) {
            self.view = Some(Arc::clone(view));
            self.known.clear();
        }
        *self.known.entry(link).or_insert_with(find)
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
        let mut sides = question.sides();
        let goals = all(&sides, Side::Goal);
        let leads = self.imports.leading_through(goals, |node| sides[node.0 as usize] == Side::Free);
        // Most of a project leads to no goal, and need not be looked at.
        for (side, _) in sides.iter_mut().zip(leads).filter(|(_, leads)| !leads) {
            *side = Side::Closed;
        }
        let next = |node, out: &mut Vec<NodeId>| question.next(&sides, node, out, false);
        let starts: Vec<NodeId> = all(&sides, Side::From).collect();
        graph::breaches(&starts, |node| sides[node.0 as usize], next)
    }

    /// The exceptions without which there would be more to cut.
    pub(super) fn needed(&self, question: &Question) -> BTreeSet<usize> {
        if self.exceptions.rules.is_empty() {
            return BTreeSet::new();
        }
        let sides = question.sides();
        let next = |node, out: &mut Vec<NodeId>| question.next(&sides, node, out, true);
        let starts: Vec<NodeId> = all(&sides, Side::From).collect();
        let links = graph::links_of_chains(&starts, |node| sides[node.0 as usize], next);
        links.into_iter().flat_map(|(from, to)| self.exceptions.matching(from, &[to])).collect()
    }

    /// What is told of breaches in words. Those of one cut are put together: the one with the shortest
    /// chain tells, for all of their roots.
    pub(super) fn tell(&self, found: Vec<Told>) -> Vec<Import> {
        let mut by_cut: BTreeMap<(NodeId, NodeId), VecDeque<Told>> = BTreeMap::new();
        for told in found {
            let known = by_cut.entry(told.breach.cut).or_default();
            if known.front().is_some_and(|first| told.breach.chain.len() < first.breach.chain.len()) {
                known.push_front(told);
            } else {
                known.push_back(told);
            }
        }
        let mut places = FirstPlaces::default();
        let imports = by_cut.into_values().filter_map(|told| Some(self.import(told.front()?, &told, &mut places)));
        imports.collect()
    }

    /// A breach in words, with the roots of all of its cut.
    fn import(
        &self,
        Told { breach, view, why, from, to }: &Told,
        all: &VecDeque<Told>,
        places: &mut FirstPlaces,
    ) -> Import {
        let blocks = |node| view.blocks(node);
        let (first, last) = breach.cut;
        let mut roots = self.roots(all, places);
        // The module whose chain is shown goes first.
        let start = breach.chain.first().map(|&root| self.members.name(root));
        if let Some(Ok(at)) = start.map(|start| roots.binary_search_by(|root| root.name.cmp(start))) {
            roots[..=at].rotate_right(1);
        }
        Import {
            why: why.clone(),
            cut: self.cut(first, last, blocks),
            direct: breach.chain.len() == 2,
            chain: self.hops(&breach.chain, blocks),
            roots,
            from: from.to_string(),
            to: to.to_string(),
        }
    }

    /// The roots of all breaches of one cut, by their names: of several of one name the first.
    fn roots(&self, all: &VecDeque<Told>, places: &mut FirstPlaces) -> Vec<Root> {
        let links = all.iter().flat_map(|told| told.breach.roots.iter().map(move |link| (told, link)));
        let mut links: Vec<_> =
            links.map(|(told, &(root, next))| (self.members.rank(root), root, next, told)).collect();
        links.sort_by_key(|(rank, ..)| *rank);
        let mut roots = Vec::new();
        let mut last = None;
        for (rank, root, next, told) in links {
            if last == Some(rank) {
                continue;
            }
            if let Some(place) = places.get(&told.view, (root, next), || self.first_place(root, next, &told.view)) {
                roots.push(Root { name: Arc::clone(self.members.name(root)), place });
                last = Some(rank);
            }
        }
        roots
    }

    /// The first place at which one node imports another.
    fn first_place(&self, from: NodeId, to: NodeId, view: &View) -> Option<Place> {
        let ways = self.imports.ways_to(from, to);
        let edges = ways.filter_map(|way| self.imports.edges_of(from, way, |node| view.blocks(node)).next());
        edges.map(|edge| edge.place).min()
    }

    /// What one node imports of another, with all places.
    pub(super) fn cut(&self, from: NodeId, to: NodeId, blocks: impl Fn(NodeId) -> bool + Copy) -> Cut {
        let places = places::of(self.imports.project, self.edges(from, to, blocks));
        let imports = self.broken(to, places.iter().copied()).collect();
        Cut { from: self.members.name(from).to_string(), to: self.members.name(to).to_string(), places, imports }
    }

    /// The imports of one node at places.
    pub(super) fn broken(&self, to: NodeId, places: impl Iterator<Item = Place>) -> impl Iterator<Item = BrokenImport> {
        let to = match self.imports.graph.node(to) {
            Node::Module(module) => Target::Module(*module),
            Node::Package(package) => Target::Outside(package.clone(), SmolStr::default()),
        };
        places.map(move |place| BrokenImport { place, to: to.clone() })
    }

    /// The edges over which one node imports another: in order, but for those of imports through re-exports.
    pub(super) fn edges(
        &self,
        from: NodeId,
        to: NodeId,
        blocks: impl Fn(NodeId) -> bool + Copy,
    ) -> impl Iterator<Item = &Edge> {
        let ways = self.imports.ways_to(from, to);
        ways.flat_map(move |way| self.imports.edges_of(from, way, blocks))
    }

    /// A chain with a place for each hop, and a hop for each re-export on the way.
    pub(super) fn hops(&self, chain: &[NodeId], blocks: impl Fn(NodeId) -> bool + Copy) -> Vec<Hop> {
        let mut hops = Vec::new();
        for pair in chain.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            let ways = self.imports.ways_to(from, to);
            let edges =
                ways.flat_map(|way| self.imports.edges_of(from, way, blocks).map(move |edge| (way.is_through, edge)));
            // The plainest edge tells most: the one with the fewest re-exports on its way.
            if let Some((is_through, edge)) = edges.min_by_key(|(_, edge)| (edge.through().len(), edge.place)) {
                self.push_hops(edge, is_through.then_some(to), &mut hops);
            }
        }
        hops
    }

    /// The hops of one edge: to each module that re-exports, up to `until`, and else to the end.
    fn push_hops(&self, edge: &Edge, until: Option<NodeId>, hops: &mut Vec<Hop>) {
        let mut from = self.imports.graph.of_module(edge.from);
        let mut place = edge.place;
        let name = |node| self.members.name(node).to_string();
        let hop = |from, to, place| Hop { from: name(from), to, place };
        for &(module, next) in edge.through() {
            let via = self.imports.graph.of_module(module);
            if via != from {
                hops.push(hop(from, name(via), place));
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
            Target::Module(module) => self.members.name(self.imports.graph.of_module(*module)).to_string(),
            Target::Item(item) => project.shown(item.module, target),
            Target::Outside(package, path) if path.is_empty() => package.to_string(),
            Target::Outside(package, path) => format!("{package}::{path}"),
            Target::Unknown => String::new(),
        }
    }
}
