//! How the cost of contracts grows: whole projects of 1,000, 10,000 and 100,000 modules, in memory.
//!
//! `cargo bench --bench graph [-- MOST]` makes a project of each size up to `MOST`, links it with
//! and without each contract, and prints what is spent per module. What grows as the project does
//! prints the same number in each line. Each is measured in processes of its own, because a check
//! is one: in a process that has linked before, small projects find their memory mapped and warm.
//!
//! `cargo bench --bench graph -- MOST instructions` prints instructions instead of microseconds,
//! which `valgrind` counts: they tell what the algorithms do, without the memory's part.
#![expect(
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark watches the clock, starts itself and prints; what it makes up itself is right"
)]

use baton_core::config::{self, Config};
use baton_core::graph::{Arc, ImportGraph, feedback_arcs};
use baton_core::link::{Content, Draft, ModuleLinks, Project, SourceFile, Unjudged};
use baton_core::manifest::{self, Workspace};
use baton_core::parse::{self, Need, Parsed};
use baton_core::source::LineIndex;
use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::process::Command;
use std::time::Instant;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const LAYERS: usize = 8;
/// How many processes measure one thing.
const ROUNDS: usize = 5;

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
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let number = |at: usize| arguments.get(at).and_then(|argument| argument.parse().ok());
    match (arguments.first().map(String::as_str), number(1), number(2)) {
        (Some("one"), Some(size), Some(contract)) => println!("{}", one(size, contract)),
        _ => all(number(0).unwrap_or(100_000), arguments.iter().any(|argument| argument == "instructions")),
    }
}

/// Measures one project with one contract, here and now.
fn one(size: usize, contract: usize) -> Seen {
    let (name, contract) = CONTRACTS[contract];
    let (project, drafted, finished) = Sources::new(size).link(contract);
    let breaches = project.contracts.outcomes.iter().map(|outcome| outcome.breaches.len() as f64).sum();
    let circles = if name == "none" { time(|| cut_all_circles(&project)).1 } else { 0.0 };
    Seen { edges: project.edges.len() as f64, breaches, drafted, finished, circles }
}

/// What one process has seen: how much there is, and what it took, in seconds or instructions.
struct Seen {
    edges: f64,
    breaches: f64,
    drafted: f64,
    finished: f64,
    circles: f64,
}

impl Seen {
    fn read(text: &str) -> Self {
        let mut numbers = text.split_whitespace().map(|word| word.parse().expect("a number"));
        let mut next = || numbers.next().expect("five numbers");
        Self { edges: next(), breaches: next(), drafted: next(), finished: next(), circles: next() }
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { edges, breaches, drafted, finished, circles } = self;
        write!(formatter, "{edges} {breaches} {drafted} {finished} {circles}")
    }
}

/// Measures each size up to `most`.
fn all(most: usize, instructions: bool) {
    print!("{:>8} {:>9} {:>9}", "modules", "edges", "link");
    for (name, _) in &CONTRACTS[1..] {
        print!(" {name:>11}");
    }
    println!(" {:>11} {:>8}", "circles", "breaches");
    let unit = if instructions { "instructions" } else { "microseconds" };
    println!("{:>8} {:>9} {:>9} {unit} per module from here on", "", "", "");
    for size in [1_000, 10_000, 100_000].into_iter().filter(|size| *size <= most) {
        let measure = if instructions { count } else { watch };
        let seen: Vec<Seen> = (0..CONTRACTS.len()).map(|contract| measure(size, contract)).collect();
        row(size, &seen, if instructions { 1.0 } else { 1e6 });
    }
}

fn row(size: usize, seen: &[Seen], unit: f64) {
    let per_module = |amount: f64| amount * unit / f64::from(size as u32);
    let (without, with) = seen.split_first().expect("the first is without a contract");
    print!("{size:>8} {:>9} {:>9.2}", without.edges, per_module(without.drafted + without.finished));
    for one in with {
        // What the last step of linking takes without any contract is not theirs.
        print!(" {:>11.2}", per_module((one.finished - without.finished).max(0.0)));
    }
    let breaches: f64 = with.iter().map(|one| one.breaches).sum();
    println!(" {:>11.2} {breaches:>8}", per_module(without.circles));
}

/// The medians of some processes.
fn watch(size: usize, contract: usize) -> Seen {
    let seen: Vec<Seen> = (0..ROUNDS).map(|_| Seen::read(&run(&mut this(), size, contract).0)).collect();
    let middle = |of: fn(&Seen) -> f64| median(seen.iter().map(of).collect());
    let Seen { edges, breaches, .. } = seen[0];
    Seen {
        edges,
        breaches,
        drafted: middle(|seen| seen.drafted),
        finished: middle(|seen| seen.finished),
        circles: middle(|seen| seen.circles),
    }
}

/// What `valgrind` counts.
fn count(size: usize, contract: usize) -> Seen {
    let counted = |step: &str| {
        let mut valgrind = Command::new("valgrind");
        valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
        valgrind.arg(format!("--toggle-collect=graph::{step}*")).arg(this().get_program());
        let (out, told) = run(&mut valgrind, size, contract);
        let words = told.split_once("Collected :").expect("a count").1;
        let amount: f64 = words.split_whitespace().next().and_then(|word| word.parse().ok()).expect("a number");
        (Seen::read(&out), amount)
    };
    let (seen, finished) = counted("finished");
    let is_without = CONTRACTS[contract].1.is_empty();
    let of = |step| if is_without { counted(step).1 } else { 0.0 };
    Seen { drafted: of("drafted"), finished, circles: of("cut_all_circles"), ..seen }
}

fn this() -> Command {
    Command::new(std::env::current_exe().expect("a program knows where it is"))
}

/// What a process that measures one thing prints, and what it complains of.
fn run(command: &mut Command, size: usize, contract: usize) -> (String, String) {
    let output = command.args(["one", &size.to_string(), &contract.to_string()]).output().expect("it can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).into()
}

/// Cuts the circles of the graph of all modules, as a contract over modules would.
#[inline(never)]
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

    /// Links, and tells how long the first steps took, and the last ones with the contract.
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
        let ((draft, links), before) = time(|| drafted(files, &workspace, &config));
        let (project, last) = time(|| finished(draft, links));
        (project, before, last)
    }
}

/// The first steps of linking.
#[inline(never)]
fn drafted(files: Vec<SourceFile>, workspace: &Workspace, config: &Config) -> (Draft, Vec<ModuleLinks>) {
    let draft = Draft::new(files, workspace, config).expect("the configuration is right");
    let links = draft.modules().map(|module| draft.links_of(module)).collect();
    (draft, links)
}

/// The last ones, contracts among them.
#[inline(never)]
fn finished(draft: Draft, links: Vec<ModuleLinks>) -> Project {
    let joined = draft.join(links);
    let calls = joined.calls_of(&joined.modules());
    let code = joined.code_of(0..joined.orchestrator_count());
    judge(joined.finish(vec![calls], vec![code]).expect("the configuration is right"))
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
