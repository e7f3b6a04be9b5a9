//! The algorithms on graphs, compared with those of grimp, on which import-linter stands.
//!
//! Random graphs go to one Python process, a line of JSON each. Which layers are broken, whether
//! there is a chain and how long the shortest is have to be the same; what is cut of cycles has to
//! leave none and to cost no more than grimp's choice. Python is that of the environment variable
//! `BATON_GRIMP_PYTHON`, or else `python3`. Where it has no grimp the test says that it compared
//! nothing; where the variable is set, that is a failure.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    reason = "another program is asked; a step that fails is a test that fails"
)]

use baton_core::graph::{Adjacency, Arc, Level, NodeId, Side, breaches, components, feedback_arcs, must_not_import};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

const GRAPHS: usize = 1500;
const PYTHON: &str = "BATON_GRIMP_PYTHON";

#[test]
fn grimp_says_the_same() {
    let given = std::env::var_os(PYTHON);
    let python = given.clone().unwrap_or_else(|| "python3".into());
    let found = Command::new(&python).args(["-c", "import grimp"]).output();
    if !found.as_ref().is_ok_and(|run| run.status.success()) {
        let why = found.map_or_else(|error| error.to_string(), |run| String::from_utf8_lossy(&run.stderr).into_owned());
        assert!(given.is_none(), "{PYTHON} is set, but that Python has no grimp: {why}");
        // Past the test harness, which keeps to itself what a test that passes prints.
        let _ = writeln!(
            std::io::stderr(),
            "LEFT OUT: the comparison with grimp, because `python3` has none; {PYTHON} may name one that has"
        );
        return;
    }
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let samples: Vec<Sample> = (0..GRAPHS).map(|_| Sample::random(&mut dice)).collect();
    let answers = ask(&python, &samples);
    assert_eq!(answers.len(), GRAPHS);
    let mut seen = Seen::default();
    for (sample, answer) in samples.iter().zip(&answers) {
        sample.compare(answer, &mut seen);
    }
    // A comparison of graphs in which nothing is wrong would prove nothing.
    let Seen { broken, kept, chains, unreached, cyclic, better } = seen;
    assert!(broken > 500 && kept > 200, "{broken} broken, {kept} kept");
    assert!(chains > 1000 && unreached > 1000, "{chains} chains, {unreached} without");
    assert!(cyclic > 300 && better > 0, "{cyclic} with cycles, {better} cut at less cost");
}

/// What the graphs had in them.
#[derive(Default)]
struct Seen {
    broken: usize,
    kept: usize,
    chains: usize,
    unreached: usize,
    cyclic: usize,
    better: usize,
}

fn ask(python: &std::ffi::OsStr, samples: &[Sample]) -> Vec<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/grimp/oracle.py");
    let mut oracle = Command::new(python).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut questions = oracle.stdin.take().unwrap();
    let mut answers = BufReader::new(oracle.stdout.take().unwrap()).lines();
    let mut found = Vec::new();
    for sample in samples {
        writeln!(questions, "{}", sample.question()).unwrap();
        questions.flush().unwrap();
        found.push(serde_json::from_str(&answers.next().unwrap().unwrap()).unwrap());
    }
    drop(questions);
    assert!(oracle.wait().unwrap().success());
    found
}

/// A graph of modules, most of them in packages, and layers of these packages.
struct Sample {
    /// The package of each module, or -1, and its number there.
    modules: Vec<(i32, u32)>,
    graph: Adjacency,
    levels: Vec<Level>,
    chains: Vec<(u32, u32)>,
}

impl Sample {
    fn random(dice: &mut Dice) -> Self {
        let packages = 2 + dice.below(6);
        let mut modules = Vec::new();
        for package in 0..packages {
            let inside = 1 + dice.below(4);
            modules.extend((0..inside).map(|number| (i32::try_from(package).unwrap(), number)));
        }
        let neutral = dice.below(8);
        modules.extend((0..neutral).map(|number| (-1, number)));
        let count = modules.len() as u32;
        let density = [1, 2, 3, 5][dice.below(4) as usize];
        // Most imports lead forwards in half of the graphs, so that some of them keep their layers.
        let forwards = dice.below(2) == 0;
        let mut links = BTreeSet::new();
        for _ in 0..count * density / 2 {
            let (mut from, mut to) = (dice.below(count), dice.below(count));
            if forwards && dice.below(20) > 0 && from > to {
                (from, to) = (to, from);
            }
            links.insert((NodeId(from), NodeId(to)));
        }
        let graph = Adjacency::new(count as usize, links);
        let levels = levels(dice, packages as usize);
        let chains = (0..6).map(|_| (dice.below(count), dice.below(count))).filter(|(a, b)| a != b).collect();
        Self { modules, graph, levels, chains }
    }

    fn question(&self) -> Value {
        let levels: Vec<_> = self
            .levels
            .iter()
            .map(|level| json!({"members": level.members, "independent": level.independent, "closed": level.closed}))
            .collect();
        let imports: Vec<_> = self.graph.links().map(|(from, to)| (from.0, to.0)).collect();
        json!({"modules": self.modules, "imports": imports, "levels": levels, "chains": self.chains})
    }

    fn compare(&self, answer: &Value, seen: &mut Seen) {
        let question = self.question();
        let illegal = self.illegal();
        assert_eq!(json!(illegal), answer["illegal"], "layers of {question}");
        seen.kept += usize::from(illegal.is_empty());
        seen.broken += usize::from(!illegal.is_empty());
        let chains: Vec<_> = self.chains.iter().map(|&(from, to)| self.chain(from, to)).collect();
        assert_eq!(json!(chains), answer["chains"], "chains of {question}");
        seen.chains += chains.iter().filter(|length| **length > 0).count();
        seen.unreached += chains.iter().filter(|length| **length == 0).count();
        let theirs: BTreeSet<(u32, u32)> = serde_json::from_value(answer["breakers"].clone()).unwrap();
        self.compare_cycles(&theirs, seen);
    }

    /// The package of a module, as grimp sees the children of the root: a neutral module is one too.
    fn child(&self, module: NodeId) -> NodeId {
        let at = module.0 as usize;
        match self.modules[at].0 {
            -1 => NodeId(1000 + module.0),
            package => NodeId(u32::try_from(package).unwrap()),
        }
    }

    fn illegal(&self) -> BTreeSet<(usize, usize)> {
        let of = |module: NodeId| usize::try_from(self.modules[module.0 as usize].0).ok();
        let layered: BTreeSet<usize> = self.levels.iter().flat_map(|level| level.members.clone()).collect();
        let mut found = BTreeSet::new();
        for &goal in &layered {
            let pairs = must_not_import(&self.levels);
            let sources: BTreeSet<usize> =
                pairs.iter().filter(|(_, to, _)| *to == goal).map(|(from, ..)| *from).collect();
            let side = |module| match of(module) {
                Some(package) if package == goal => Side::Goal,
                Some(package) if sources.contains(&package) => Side::From,
                Some(package) if layered.contains(&package) => Side::Closed,
                _ => Side::Free,
            };
            let from: Vec<NodeId> = self.graph.nodes().filter(|module| side(*module) == Side::From).collect();
            for breach in breaches(&from, side, |module, out| out.extend(self.graph.successors(module))) {
                assert!(breach.chain.windows(2).all(|pair| self.graph.successors(pair[0]).contains(&pair[1])));
                assert!(breach.chain.windows(2).any(|pair| (pair[0], pair[1]) == breach.cut));
                found.extend(breach.roots.iter().filter_map(|(root, _)| Some((of(*root)?, goal))));
            }
        }
        found
    }

    /// How many modules the shortest chain has; 0 where there is none.
    fn chain(&self, from: u32, to: u32) -> usize {
        let chain = self.graph.shortest_chain(&[NodeId(from)], |module| module.0 == to, |_| true);
        chain.map_or(0, |chain| chain.len())
    }

    fn compare_cycles(&self, theirs: &BTreeSet<(u32, u32)>, seen: &mut Seen) {
        let mut costs: BTreeMap<(NodeId, NodeId), u32> = BTreeMap::new();
        for (from, to) in self.graph.links() {
            let (from, to) = (self.child(from), self.child(to));
            if from != to {
                *costs.entry((from, to)).or_default() += 1;
            }
        }
        let arcs: Vec<Arc> = costs.iter().map(|(&(from, to), &cost)| Arc { from, to, cost }).collect();
        let nodes = 1000 + self.modules.len();
        let found = feedback_arcs(nodes, &arcs);
        assert_eq!(found.is_empty(), theirs.is_empty(), "cycles of {}", self.question());
        let cuts: BTreeSet<_> =
            found.iter().flat_map(|feedback| &feedback.arcs).map(|arc| (arc.from, arc.to)).collect();
        let kept = arcs.iter().map(|arc| (arc.from, arc.to)).filter(|link| !cuts.contains(link));
        let rest = components(&Adjacency::new(nodes, kept));
        assert!(rest.is_empty(), "cycles are left in {}", self.question());
        let ours: u32 = found.iter().flat_map(|feedback| &feedback.arcs).map(|arc| arc.cost).sum();
        assert!(ours as usize <= theirs.len(), "{ours} for {} in {}", theirs.len(), self.question());
        seen.cyclic += usize::from(!found.is_empty());
        seen.better += usize::from((ours as usize) < theirs.len());
    }
}

/// Layers of some of the packages, in any order.
fn levels(dice: &mut Dice, packages: usize) -> Vec<Level> {
    let mut levels: Vec<Level> = Vec::new();
    for package in 0..packages {
        match dice.below(4) {
            0 if !levels.is_empty() => {
                let at = dice.below(levels.len() as u32) as usize;
                levels[at].members.push(package);
            }
            1 if packages > 3 => {}
            _ => {
                let (independent, closed) = (dice.below(2) == 0, dice.below(4) == 0);
                levels.push(Level { members: vec![package], independent, closed });
            }
        }
    }
    levels
}

/// Numbers that look random and are the same each time. Marsaglia, "Xorshift RNGs", 2003.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as u32 % limit.max(1)
    }
}
