//! Artifacts against models of them: graphs without cycles, staleness as a fixpoint, leases that nobody shares.

use super::*;
use crate::id::{Name, RunId, Sequence};
use proptest::prelude::*;
use std::collections::BTreeSet;
use tokio::time::{Instant, sleep, timeout};

const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

fn key(at: usize) -> ArtifactKey<u8> {
    ArtifactKey::new(NAMES[at])
}

fn build(edges: &[(usize, usize)]) -> Result<ArtifactGraph, GraphErrors> {
    let mut builder = ArtifactGraph::builder();
    for at in 0..NAMES.len() {
        builder = builder.artifact(key(at), edges.iter().filter(|edge| edge.0 == at).map(|edge| NAMES[edge.1]));
    }
    builder.build()
}

/// Whether an artifact depends on itself, by the definition of a transitive closure.
fn is_circular(edges: &[(usize, usize)]) -> bool {
    let mut reaches = [[false; NAMES.len()]; NAMES.len()];
    for (from, to) in edges {
        reaches[*from][*to] = true;
    }
    for over in 0..NAMES.len() {
        for from in 0..NAMES.len() {
            for to in 0..NAMES.len() {
                reaches[from][to] |= reaches[from][over] && reaches[over][to];
            }
        }
    }
    (0..NAMES.len()).any(|at| reaches[at][at])
}

fn any_edges(count: usize) -> impl Strategy<Value = Vec<(usize, usize)>> {
    prop::collection::vec((0..NAMES.len(), 0..NAMES.len()), 0..count)
}

proptest! {
    #[test]
    fn a_graph_builds_if_and_only_if_nothing_depends_on_itself(edges in any_edges(9)) {
        match build(&edges) {
            Ok(graph) => {
                prop_assert!(!is_circular(&edges));
                let place = |name: &str| graph.order().iter().position(|other| *other == name);
                for (from, to) in edges {
                    prop_assert!(place(NAMES[to]) < place(NAMES[from]));
                }
                prop_assert_eq!(graph.order().len(), NAMES.len());
            }
            Err(GraphErrors { errors }) => {
                prop_assert!(is_circular(&edges));
                for error in errors {
                    let GraphError::Cycle(way) = error else { return Err(TestCaseError::fail(error.to_string())) };
                    let at = |name: &str| NAMES.iter().position(|other| *other == name).unwrap();
                    let next = way.iter().skip(1).chain(way.first());
                    for (from, to) in way.iter().zip(next) {
                        prop_assert!(edges.contains(&(at(from), at(to))), "{from} → {to} is made up");
                    }
                }
            }
        }
    }
}

/// Something that is done to the artifacts.
#[derive(Clone, Debug)]
enum Action {
    /// Somebody makes one of them, or two at once, and reads these besides what it depends on.
    Make {
        outputs: BTreeSet<usize>,
        content: u8,
        reads: BTreeSet<usize>,
    },
    Invalidate(usize),
}

fn any_action() -> impl Strategy<Value = Action> {
    let some = |range| prop::collection::btree_set(0..NAMES.len(), range);
    let make = (some(1..3), 0..3_u8, some(0..3)).prop_map(|(outputs, content, reads)| Action::Make {
        outputs,
        content,
        reads,
    });
    prop_oneof![5 => make, 1 => (0..NAMES.len()).prop_map(Action::Invalidate)]
}

/// A version, as the model keeps it.
#[derive(Clone)]
struct Made {
    content: u8,
    used: BTreeMap<usize, usize>,
    invalid: bool,
}

#[derive(Default)]
struct Model {
    versions: [Vec<Made>; NAMES.len()],
}

impl Model {
    /// Nothing is stale until something says so, and that is looked for until nothing new is found.
    fn stale(&self) -> BTreeSet<usize> {
        let mut stale = BTreeSet::new();
        loop {
            let before = stale.len();
            for at in 0..NAMES.len() {
                let Some(newest) = self.versions[at].last() else {
                    stale.insert(at);
                    continue;
                };
                let outdated = newest.used.iter().any(|(input, version)| {
                    let versions = &self.versions[*input];
                    versions[*version].content != versions.last().unwrap().content || stale.contains(input)
                });
                if newest.invalid || outdated {
                    stale.insert(at);
                }
            }
            if stale.len() == before {
                return stale;
            }
        }
    }
}

fn make(artifacts: &Artifacts, names: &[usize], content: u8, inputs: Vec<ArtifactRef>) {
    let run = RunId::new("r").unwrap();
    let step = IdempotencyKey::new(&run, &Sequence::root(), &Name::from("make"));
    let kept: Vec<_> =
        names.iter().map(|at| Kept { name: NAMES[*at], content: ContentHash::of(&[content]), size: 1 }).collect();
    let commit = artifacts.commit_of(&Draft { producer: "test".to_owned(), step, inputs }, &kept);
    // As it comes back from the records.
    let recorded: Commit = serde_json::from_str(&serde_json::to_string(&commit).unwrap()).unwrap();
    artifacts.take_in(&recorded.versions);
}

proptest! {
    #[test]
    fn staleness_is_what_a_naive_recomputation_says(
        edges in any_edges(9),
        actions in prop::collection::vec(any_action(), 1..20),
    ) {
        // Downwards only, so that there is no cycle.
        let edges: Vec<_> = edges.into_iter().filter(|(from, to)| from > to).collect();
        let artifacts = Artifacts::new(Arc::new(build(&edges).unwrap()), Arc::new(MemoryArtifacts::new()));
        let mut model = Model::default();
        for action in actions {
            match action {
                Action::Make { outputs, content, reads } => {
                    let needed = edges.iter().filter(|edge| outputs.contains(&edge.0)).map(|edge| edge.1);
                    let reads: BTreeSet<_> = reads
                        .into_iter()
                        .chain(needed.filter(|input| !outputs.contains(input)))
                        .filter(|input| !model.versions[*input].is_empty())
                        .collect();
                    let inputs = reads.iter().map(|at| artifacts.newest(key(*at)).unwrap().id).collect();
                    make(&artifacts, &outputs.iter().copied().collect::<Vec<_>>(), content, inputs);
                    let before = model.versions.each_ref().map(Vec::len);
                    for at in &outputs {
                        let revised = reads.contains(at).then(|| model.versions[*at].last().unwrap().used.clone());
                        let used = edges.iter().filter(|edge| edge.0 == *at).filter_map(|(_, input)| {
                            let version = if outputs.contains(input) {
                                Some(before[*input])
                            } else if reads.contains(input) {
                                Some(before[*input] - 1)
                            } else {
                                revised.as_ref().and_then(|used| used.get(input).copied())
                            };
                            version.map(|version| (*input, version))
                        });
                        let used = used.collect();
                        model.versions[*at].push(Made { content, used, invalid: false });
                    }
                }
                Action::Invalidate(at) => {
                    let fresh_before: BTreeSet<_> = (0..NAMES.len()).filter(|at| !model.stale().contains(at)).collect();
                    let cascade = artifacts.invalidate_newest(NAMES[at]).map(|(_, stale)| stale);
                    prop_assert_eq!(cascade.is_some(), !model.versions[at].is_empty());
                    if let Some(newest) = model.versions[at].last_mut() {
                        newest.invalid = true;
                        let became = model.stale().intersection(&fresh_before).copied().collect::<BTreeSet<_>>();
                        let cascade: BTreeSet<_> = cascade.unwrap().into_iter().collect();
                        prop_assert_eq!(cascade, became.into_iter().map(|at| NAMES[at].to_owned()).collect());
                    }
                }
            }
            let stale = model.stale();
            for (at, name) in NAMES.iter().enumerate() {
                let freshness = artifacts.freshness(key(at));
                prop_assert_eq!(!freshness.is_fresh(), stale.contains(&at), "{}: {}", name, freshness);
            }
        }
    }

    #[test]
    fn leases_are_never_shared_and_never_leak(
        wishes in prop::collection::vec(
            (prop::collection::btree_set(0..NAMES.len(), 0..4), 0..30_u64, 0..30_u64, 0..40_u64, 0..60_u64),
            1..9,
        ),
    ) {
        let clock = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let shared = clock.block_on(async {
            let leases = Arc::new(Leases::default());
            // What each may believe to have, and until when, without asking the leases.
            let active = Arc::new(Mutex::new(Vec::<(BTreeSet<usize>, Instant)>::new()));
            let mut tasks = tokio::task::JoinSet::new();
            for (names, begins, lasts, works, patience) in wishes {
                let (leases, active) = (Arc::clone(&leases), Arc::clone(&active));
                tasks.spawn(async move {
                    sleep(Duration::from_secs(begins)).await;
                    let wanted: Vec<_> = names.iter().rev().map(|at| NAMES[*at]).collect();
                    let taken = leases.take(&wanted, Duration::from_secs(lasts));
                    // Some lose their patience while they have a part of it.
                    let Ok(lease) = timeout(Duration::from_secs(patience), taken).await else { return false };
                    let now = Instant::now();
                    let until = now + Duration::from_secs(lasts).max(Duration::from_millis(1));
                    let is_mine = |(others, until): &(BTreeSet<usize>, Instant)| now < *until && !others.is_disjoint(&names);
                    let shared = lock(&active).iter().any(is_mine);
                    lock(&active).push((names.clone(), until));
                    sleep(Duration::from_secs(works)).await;
                    let own = lock(&active).iter().position(|entry| *entry == (names.clone(), until)).unwrap();
                    lock(&active).remove(own);
                    let ends_in_time = names.is_empty() || lease.is_held() == (Instant::now() < until);
                    assert!(ends_in_time, "a lease ends with its time and not before");
                    drop(lease);
                    shared
                });
            }
            let mut shared = Vec::new();
            while let Some(task) = tasks.join_next().await {
                shared.push(task.unwrap());
            }
            assert_eq!(leases.held(), 0, "all were dropped");
            shared
        });
        prop_assert!(!shared.contains(&true));
    }
}

struct Writer;

impl Agent for Writer {
    const NAME: &'static str = "writer";
    const INPUTS: (ArtifactKey<u8>,) = (ArtifactKey::new("z"),);
    const OUTPUTS: (ArtifactKey<u8>, ArtifactKey<String>, ArtifactKey<u8>) =
        (ArtifactKey::new("b"), ArtifactKey::new("a"), ArtifactKey::new("b"));
    type Inputs = (u8,);
    type Outputs = (u8, String, u8);
    type Error = ArtifactError;

    async fn run(&self, _: &(u8,), _: &Attempt) -> Result<(u8, String, u8), StepError<ArtifactError>> {
        Ok((1, String::new(), 1))
    }
}

#[test]
fn everything_that_is_wrong_with_a_graph_is_said_at_once() {
    let errors = ArtifactGraph::builder()
        .artifact(key(0), ["a"])
        .artifact(key(1), ["c", "x"])
        .artifact(key(2), [])
        .artifact(key(2), [])
        .artifact(ArtifactKey::<u8>::new("d/e"), [])
        .agent::<Writer>()
        .agent::<Writer>()
        .build()
        .unwrap_err();
    let said: Vec<_> = errors.errors.iter().map(ToString::to_string).collect();
    let agent = [
        "agent `writer` names `z`, which is no artifact of this graph",
        "artifact `a` is a `u8`, and a key of that name is a `alloc::string::String`",
        "agent `writer` names `b` twice",
        "agent `writer` makes `b`, which depends on `c`, and reads neither of them",
        "agent `writer` makes `b`, which depends on `x`, and reads neither of them",
    ];
    let graph = [
        "there are two of the name `c`",
        "`d/e` is no name: 1 to 128 bytes, without control characters and `/`",
        "`b` names `x`, which is no artifact of this graph",
        "the artifacts depend on each other: a → a",
    ];
    for expected in graph.iter().chain(&agent).chain(&["there are two of the name `writer`"]) {
        assert!(said.iter().any(|said| said == expected), "{expected} is missing in {said:#?}");
    }
}

#[test]
fn a_revision_keeps_what_it_does_not_read_anew_and_what_is_made_together_belongs_together() {
    let graph = Arc::new(build(&[(1, 0), (2, 1)]).unwrap());
    let artifacts = Artifacts::new(graph, Arc::new(MemoryArtifacts::new()));
    make(&artifacts, &[0], 1, vec![]);
    let plan = artifacts.newest(key(0)).unwrap().id;
    make(&artifacts, &[1], 2, vec![plan.clone()]);
    let code = artifacts.newest(key(1)).unwrap().id;
    make(&artifacts, &[1, 2], 3, vec![code.clone()]);
    let (revised, report) = (artifacts.newest(key(1)).unwrap(), artifacts.newest(key(2)).unwrap());
    assert_eq!((revised.id.version, &revised.dependencies[..]), (2, &[plan][..]), "inherited");
    assert_eq!(report.dependencies, [revised.id], "the version that was made with it, and not the one that was read");
    assert_eq!(report.provenance.inputs, [code], "which is remembered all the same");
    assert!(artifacts.all_freshness().iter().filter(|(name, _)| **name < "d").all(|(_, found)| found.is_fresh()));

    // The plan again, with the same content: nothing changes. With another: all that follows is stale.
    make(&artifacts, &[0], 1, vec![]);
    assert!(artifacts.freshness(key(2)).is_fresh());
    make(&artifacts, &[0], 9, vec![]);
    assert_eq!(artifacts.freshness(key(1)).to_string(), "it was made from `a` version 1, and there is version 3");
    assert_eq!(artifacts.freshness(key(2)).to_string(), "it depends on `b`, which is not fresh");
    assert_eq!(artifacts.versions(key(0)).len(), 3);
}
