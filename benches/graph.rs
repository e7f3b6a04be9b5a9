//! How the cost of contracts grows: whole projects of 1,000, 10,000 and 100,000 modules, in memory.
//!
//! `cargo bench --bench graph [-- MOST]` makes a project of each size up to `MOST`, links it with
//! and without each contract, and prints what is spent per module. What grows as the project does
//! prints the same number in each line.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark watches the clock and prints; what it makes up itself is right"
)]

use baton_core::config::{self, Config};
use baton_core::graph::{Arc, ImportGraph, feedback_arcs};
use baton_core::link::{Content, Draft, Project, SourceFile, Unjudged};
use baton_core::manifest;
use baton_core::parse::{self, Need, Parsed};
use baton_core::source::LineIndex;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Instant;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const LAYERS: usize = 8;
const ROUNDS: usize = 3;

const CONTRACTS: &[(&str, &str)] = &[
    ("none", ""),
    (
        "layers",
        "kind = \"layers\"\nlayers = [\"crate::l0\", \"crate::l1\", \"crate::l2 | crate::l3\", \"crate::l4\", \"crate::l5\"]\nclosed = [\"crate::l1\"]",
    ),
    ("forbidden", "kind = \"forbidden\"\nsource = [\"crate::l7\"]\nforbidden = [\"crate::l0\"]"),
    ("protected", "kind = \"protected\"\nprotected = [\"crate::l4\"]\nimporters = [\"crate::l3\"]"),
    ("independent", "kind = \"independent\"\nmembers = [\"crate::l2\", \"crate::l5\", \"crate::l7\"]"),
    ("acyclic", "kind = \"acyclic\"\nwithin = [\"crate\", \"crate::l6\"]"),
    ("required", "kind = \"required\"\nsource = [\"crate::l1\"]\nrequired = [\"crate::l7\"]"),
];

fn main() {
    let most = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(100_000);
    print!("{:>8} {:>9} {:>9}", "modules", "edges", "link");
    for (name, _) in &CONTRACTS[1..] {
        print!(" {name:>11}");
    }
    println!(" {:>11} {:>8}", "circles", "breaches");
    println!("{:>8} {:>9} {:>9} microseconds per module from here on", "", "", "");
    for size in [1_000, 10_000, 100_000].into_iter().filter(|size| *size <= most) {
        row(&Sources::new(size));
    }
}

/// Measures one project.
fn row(sources: &Sources) {
    let per_module = |seconds: f64| seconds * 1e6 / f64::from(sources.files.len() as u32);
    let mut breaches = 0;
    let mut times = Vec::new();
    let mut edges = 0;
    let mut circles = 0.0;
    for (_, contract) in CONTRACTS {
        let mut finish = Vec::new();
        let mut whole = Vec::new();
        for _ in 0..ROUNDS {
            let (project, link, judge) = sources.link(contract);
            edges = project.edges.len();
            breaches += project.contracts.outcomes.iter().map(|outcome| outcome.breaches.len()).sum::<usize>();
            if contract.is_empty() {
                circles = time(|| cut_all_circles(&project)).1;
            }
            finish.push(judge);
            whole.push(link);
        }
        times.push((median(whole), median(finish)));
    }
    // What the last step of linking takes without any contract is not theirs.
    let (link, without) = times[0];
    print!("{:>8} {edges:>9} {:>9.2}", sources.files.len(), per_module(link));
    for (_, with) in &times[1..] {
        print!(" {:>11.2}", per_module((with - without).max(0.0)));
    }
    println!(" {:>11.2} {:>8}", per_module(circles), breaches / ROUNDS);
}

/// Cuts the circles of the graph of all modules, as a contract over modules would.
fn cut_all_circles(project: &Project) -> usize {
    let graph = ImportGraph::new(project);
    let links = graph.nodes().flat_map(|(from, _)| {
        let graph = &graph;
        graph.links(from).iter().map(move |link| Arc { from, to: link.to, cost: graph.numbers(*link).len() as u32 })
    });
    feedback_arcs(graph.nodes().len(), &links.collect::<Vec<_>>()).iter().map(|found| found.arcs.len()).sum()
}

/// The texts of a project.
struct Sources {
    files: BTreeMap<String, String>,
}

impl Sources {
    /// That many modules in eight folders. Nearly all import downwards, each one or two of the
    /// folders below and some neighbours; one in a thousand imports upwards.
    fn new(size: usize) -> Self {
        let mut dice = Dice(42);
        let mut files = BTreeMap::new();
        let each = size / LAYERS - 1;
        let mut root = String::new();
        for layer in 0..LAYERS {
            let mut declared = String::new();
            for number in 0..each {
                let _ = writeln!(declared, "pub mod m{number};");
                files.insert(format!("src/l{layer}/m{number}.rs"), module(&mut dice, layer, number, each));
            }
            files.insert(format!("src/l{layer}/mod.rs"), declared);
            let _ = writeln!(root, "pub mod l{layer};");
        }
        files.insert("src/lib.rs".to_owned(), root);
        Self { files }
    }

    /// Links, and tells how long all of it took, and the last step with the contract.
    fn link(&self, contract: &str) -> (Project, f64, f64) {
        let files = self.files.iter().map(|(path, text)| {
            let Parsed::Facts(facts) = parse::parse_file(text, &LineIndex::new(text), Need::Names) else {
                return SourceFile { path: path.clone(), content: Content::Generated };
            };
            SourceFile { path: path.clone(), content: Content::Facts(std::sync::Arc::new(facts)) }
        });
        let files = files.collect();
        let paths: Vec<String> = self.files.keys().cloned().collect();
        let package = "[package]\nname = \"app\"\nedition = \"2024\"\n".to_owned();
        let workspace = manifest::read(&BTreeMap::from([("Cargo.toml".to_owned(), package)]), &paths);
        let workspace = workspace.expect("the manifest is right");
        let config = configuration(contract);
        let (links, before) = time(|| {
            let draft = Draft::new(files, &workspace, &config).expect("the configuration is right");
            let links = draft.modules().map(|module| draft.links_of(module)).collect();
            (draft, links)
        });
        let (draft, links) = links;
        let (project, last) = time(|| {
            let joined = draft.join(links);
            let calls = joined.calls_of(&joined.modules());
            let code = joined.code_of(0..joined.orchestrator_count());
            judge(joined.finish(vec![calls], vec![code]).expect("the configuration is right"))
        });
        (project, before + last, last)
    }
}

fn judge(unjudged: Unjudged) -> Project {
    let judged = match unjudged.contracts() {
        [] => Vec::new(),
        rules => {
            let judging = unjudged.judging();
            rules.iter().map(|rule| judging.judge(rule)).collect()
        }
    };
    unjudged.settle(judged).expect("the contract is right")
}

fn configuration(contract: &str) -> Config {
    let contract =
        if contract.is_empty() { String::new() } else { format!("[[contract]]\nname = \"rule\"\n{contract}\n") };
    config::parse("baton.toml", &format!("version = 1\n{contract}"), &[]).expect("the configuration is right")
}

fn module(dice: &mut Dice, layer: usize, number: usize, each: usize) -> String {
    let mut text = "pub struct Thing;\n".to_owned();
    for _ in 0..4 {
        let near = (number + 1 + dice.below(40)) % each;
        let (to, at) = match dice.below(1000) {
            0 => (dice.below(LAYERS), dice.below(each)),
            1..500 if layer + 1 < LAYERS => (layer + 1 + dice.below(LAYERS - layer - 1), dice.below(each)),
            _ => (layer, near),
        };
        let _ = writeln!(text, "use crate::l{to}::m{at}::Thing as _;");
    }
    text
}

fn time<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let begun = Instant::now();
    let done = work();
    (done, begun.elapsed().as_secs_f64())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Numbers that look random and are the same each time. Marsaglia, "Xorshift RNGs", 2003.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as usize % limit.max(1)
    }
}
