//! Agents and their artifacts in runs: one record a commit, over crashes, time-outs, expired leases and failing stores.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod common;
mod parts;

use baton_runtime::testing::{Case, Fault, Scenario, SimulatedFiles, Survival, crash_sweep};
use baton_runtime::{
    Agent, ArtifactError, ArtifactGraph, ArtifactKey, ArtifactStore, Artifacts, Attempt, BoxFuture, Category, Cause,
    ContentHash, Engine, FileLayer, FolderArtifacts, Freshness, MemoryArtifacts, MemoryEngine, RetryPolicy, RunContext,
    RunError, RunId, RunOptions, Runtime, RuntimeError, SimpleError, StepError, StoreError,
};
use common::{Scripted, World};
use parts::{Crashes, block_on};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::time::{Instant, sleep};

type Text = (String,);
type TextKey = (ArtifactKey<String>,);

const PLAN: ArtifactKey<String> = ArtifactKey::new("plan");
const CODE: ArtifactKey<String> = ArtifactKey::new("code");
const REPORT: ArtifactKey<BTreeMap<String, u32>> = ArtifactKey::new("report");

/// Makes code from a plan, and does what a test wants besides.
#[derive(Clone)]
struct Coder {
    world: World,
    crashes: Crashes,
    /// How long each attempt takes, in seconds; the last one counts for all that follow.
    takes: Vec<u64>,
    limit: Option<Duration>,
    refuse: bool,
}

impl Coder {
    fn new() -> Self {
        Self { world: World::default(), crashes: Crashes::none(), takes: vec![0], limit: None, refuse: false }
    }
}

impl Agent for Coder {
    const NAME: &'static str = "coder";
    const INPUTS: TextKey = (PLAN,);
    const OUTPUTS: TextKey = (CODE,);
    const LEASE: Duration = Duration::from_secs(60);
    type Inputs = Text;
    type Outputs = Text;
    type Error = SimpleError;

    async fn run(&self, (plan,): &Text, attempt: &Attempt) -> Result<Text, StepError<SimpleError>> {
        self.crashes.point().await;
        self.world.note(format!("code {plan} for {}", attempt.idempotency_key()));
        let at = (attempt.number as usize).min(self.takes.len());
        sleep(Duration::from_secs(self.takes[at - 1])).await;
        self.crashes.point().await;
        Ok((format!("fn {plan}() {{}}"),))
    }

    fn validate(&self, _: &Text, (code,): &Text) -> Result<(), StepError<SimpleError>> {
        if self.refuse {
            return Err(SimpleError::new(Category::Validation, format!("`{code}` has no tests")))?;
        }
        Ok(())
    }

    fn retry(&self) -> RetryPolicy {
        RetryPolicy::default().without_jitter()
    }

    fn timeout(&self) -> Option<Duration> {
        self.limit
    }
}

/// Appends to the code that there is.
struct Fixer(&'static str);

impl Agent for Fixer {
    const NAME: &'static str = "fixer";
    const INPUTS: TextKey = (CODE,);
    const OUTPUTS: TextKey = (CODE,);
    type Inputs = Text;
    type Outputs = Text;
    type Error = SimpleError;

    async fn run(&self, (code,): &Text, _: &Attempt) -> Result<Text, StepError<SimpleError>> {
        sleep(Duration::from_secs(1)).await;
        Ok((format!("{code}{}", self.0),))
    }
}

fn graph() -> Arc<ArtifactGraph> {
    let graph = ArtifactGraph::builder().artifact(PLAN, []).artifact(CODE, [PLAN.name()]);
    let graph = graph.artifact(REPORT, [CODE.name()]).agent::<Coder>().agent::<Fixer>();
    Arc::new(graph.build().unwrap())
}

type Work = for<'a> fn(&'a RunContext<'a>, &'a Artifacts, &'a Coder) -> BoxFuture<'a, Result<String, Failed>>;
type Failed = RunError<SimpleError>;

fn runtime(engine: &MemoryEngine, store: &Arc<dyn ArtifactStore>, coder: &Coder, work: Work) -> Runtime {
    let (store, coder, graph) = (Arc::clone(store), coder.clone(), graph());
    let body = Scripted::new(move |cx, _| {
        let (artifacts, coder) = (Artifacts::new(Arc::clone(&graph), Arc::clone(&store)), coder.clone());
        Box::pin(async move { work(cx, &artifacts, &coder).await })
    });
    Runtime::builder().engine(engine.clone()).register(body).unwrap().build().unwrap()
}

fn memory() -> Arc<dyn ArtifactStore> {
    Arc::new(MemoryArtifacts::new())
}

fn id() -> RunId {
    RunId::new("r").unwrap()
}

async fn run(runtime: &Runtime) -> Result<String, Failed> {
    runtime.run_with::<Scripted>(RunOptions::new().run_id(id()), 0).await
}

fn plan_then_code<'a>(
    cx: &'a RunContext<'a>,
    artifacts: &'a Artifacts,
    coder: &'a Coder,
) -> BoxFuture<'a, Result<String, Failed>> {
    Box::pin(async move {
        artifacts.commit(cx, PLAN, &"login".to_owned()).await?;
        let made = artifacts.run(cx, coder).await?;
        let [version] = &made.versions[..] else { panic!("{made:?}") };
        assert_eq!(artifacts.newest(CODE).as_ref(), Some(version));
        assert_eq!(version.id.content, ContentHash::of(b"\"fn login() {}\""));
        let inputs: Vec<_> = version.provenance.inputs.iter().map(ToString::to_string).collect();
        let said = format!("{} {} {inputs:?}", version.id, version.provenance.step);
        Ok(format!("{said} {}", artifacts.freshness(CODE)))
    })
}

const MADE: &str = "`code` version 1 r/1/coder [\"`plan` version 1\"] it is fresh";

#[test]
fn an_agent_reads_what_is_there_and_what_it_makes_is_one_record() {
    block_on(async {
        let (engine, store, coder) = (MemoryEngine::new(), memory(), Coder::new());
        let runtime = runtime(&engine, &store, &coder, plan_then_code);
        assert_eq!(run(&runtime).await.unwrap(), MADE);
        assert_eq!(engine.inspect(&id()).await.unwrap().entries, 2, "the plan and the code");
        assert_eq!(coder.world.take(), ["code login for r/1/coder"]);
    });
}

#[test]
fn a_crash_in_an_agent_leaves_no_version_and_no_lease() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let store: Arc<dyn ArtifactStore> = Arc::new(FolderArtifacts::open(folder.path()).await.unwrap());
        let (engine, coder) = (MemoryEngine::new(), Coder::new());
        for point in [0, 1] {
            coder.crashes.after(point);
            let dropped = runtime(&engine, &store, &coder, plan_then_code);
            assert!(coder.crashes.execute(run(&dropped)).await.is_none());
            assert_eq!(engine.inspect(&id()).await.unwrap().entries, 1, "no record of it");
        }
        assert_eq!(run(&runtime(&engine, &store, &coder, plan_then_code)).await.unwrap(), MADE, "version 1 in the end");
        assert_eq!(coder.world.take().len(), 2, "once before a crash, once for good, always with one key");
    });
}

#[test]
fn what_is_recorded_is_handed_back_and_not_made_again() {
    block_on(async {
        let (engine, store, coder) = (MemoryEngine::new(), memory(), Coder::new());
        let work: Work = |cx, artifacts, coder| {
            Box::pin(async move {
                let first = plan_then_code(cx, artifacts, coder).await?;
                let revised = artifacts.run(cx, &Fixer(" // 1")).await?.versions.remove(0);
                let stale: Vec<String> = artifacts.invalidate(cx, PLAN).await?;
                let freshness = (artifacts.freshness(PLAN), artifacts.freshness(CODE).to_string());
                let expected = (Freshness::Invalidated, "it depends on `plan`, which is not fresh".to_owned());
                assert_eq!(freshness, expected);
                let _: bool = cx.decision("go on", &first).await?;
                let old = artifacts.get_version(CODE, 1).await?;
                let new = artifacts.get(CODE).await?;
                assert_eq!(new.version, revised);
                Ok(format!("{first}; {stale:?}; {} → {}", old.content, new.content))
            })
        };
        let before = runtime(&engine, &store, &coder, work);
        assert!(run(&before).await.unwrap_err().is_interrupted());
        let again = runtime(&engine, &store, &coder, work);
        let pending = again.inspect(&id()).await.unwrap().pending.remove(0);
        again.decide(&id(), &pending.id, &true).await.unwrap();
        let expected = format!("{MADE}; [\"plan\", \"code\"]; fn login() {{}} → fn login() {{}} // 1");
        assert_eq!(run(&again).await.unwrap(), expected);
        assert_eq!(coder.world.take().len(), 1);
    });
}

#[test]
fn an_agent_is_refused_what_is_missing_or_stale_and_that_is_recorded() {
    block_on(async {
        let work: Work = |cx, artifacts, coder| {
            Box::pin(async move {
                let missing = artifacts.run(cx, coder).await.unwrap_err();
                artifacts.commit(cx, PLAN, &"a".to_owned()).await?;
                let _: Vec<String> = artifacts.invalidate(cx, PLAN).await?;
                let stale = artifacts.run(cx, coder).await.unwrap_err();
                let early: Failed = artifacts.commit(cx, REPORT, &BTreeMap::new()).await.unwrap_err();
                let unknown: Failed = artifacts.invalidate(cx, CODE).await.unwrap_err();
                Ok(format!("{missing}\n{stale}\n{early}\n{unknown}"))
            })
        };
        let (engine, store, coder) = (MemoryEngine::new(), memory(), Coder::new());
        let expected = "step `coder`: there is no artifact `plan`\n\
            step `coder`: artifact `plan` is stale: it was invalidated\n\
            step `commit report`: there is no artifact `code`\n\
            there is no artifact `code`";
        assert_eq!(run(&runtime(&engine, &store, &coder, work)).await.unwrap(), expected);
        assert!(coder.world.take().is_empty(), "the agent was never asked");
        assert_eq!(engine.inspect(&id()).await.unwrap().entries, 6);
    });
}

#[test]
fn what_is_not_valid_is_not_committed() {
    block_on(async {
        let work: Work = |cx, artifacts, coder| {
            Box::pin(async move {
                artifacts.commit(cx, PLAN, &"a".to_owned()).await?;
                let refused = artifacts.run(cx, coder).await.unwrap_err();
                assert_eq!(artifacts.freshness(CODE), Freshness::Missing);
                Ok(refused.to_string())
            })
        };
        let (engine, store) = (MemoryEngine::new(), memory());
        let coder = Coder { refuse: true, ..Coder::new() };
        let refused = run(&runtime(&engine, &store, &coder, work)).await.unwrap();
        assert_eq!(refused, "step `coder`: `fn a() {}` has no tests");
    });
}

#[test]
fn two_that_make_the_same_work_one_after_the_other() {
    block_on(async {
        let work: Work = |cx, artifacts, coder| {
            Box::pin(async move {
                plan_then_code(cx, artifacts, coder).await?;
                let (one, other) = (Fixer("1"), Fixer("2"));
                let (first, second) = tokio::join!(artifacts.run(cx, &one), artifacts.run(cx, &other));
                let versions = (first?.versions[0].id.version, second?.versions[0].id.version);
                Ok(format!("{versions:?} {}", artifacts.get(CODE).await?.content))
            })
        };
        let (engine, store, coder) = (MemoryEngine::new(), memory(), Coder::new());
        let said = run(&runtime(&engine, &store, &coder, work)).await.unwrap();
        assert_eq!(said, "(2, 3) fn login() {}12", "neither loses what the other did");
    });
}

#[test]
fn a_branch_that_goes_on_knows_what_another_one_had_committed() {
    block_on(async {
        let work: Work = |cx, artifacts, coder| {
            Box::pin(async move {
                plan_then_code(cx, artifacts, coder).await?;
                let (one, other) = (Fixer("1"), Fixer("2"));
                let versions = cx
                    .parallel("fixes")
                    .branch("one", |cx| async move {
                        let wait = cx.step("wait").run(async |_| {
                            coder.crashes.point().await;
                            Ok::<(), StepError<SimpleError>>(())
                        });
                        wait.await?;
                        artifacts.run(&cx, &one).await.map(|made| made.versions[0].id.version)
                    })
                    .branch("other", |cx| async move {
                        let made = artifacts.run(&cx, &other).await.map(|made| made.versions[0].id.version);
                        sleep(Duration::from_secs(1)).await;
                        coder.crashes.point().await;
                        made
                    })
                    .run()
                    .await?;
                Ok(format!("{versions:?} {}", artifacts.get(CODE).await?.content))
            })
        };
        let (engine, store, coder) = (MemoryEngine::new(), memory(), Coder::new());
        // The coder has two points; the third one is where the first branch is when the other one has committed.
        coder.crashes.after(2);
        let dropped = runtime(&engine, &store, &coder, work);
        let ended = tokio::time::timeout(Duration::from_secs(5), run(&dropped)).await;
        assert!(ended.is_err(), "the first branch hangs");
        let said = run(&runtime(&engine, &store, &coder, work)).await.unwrap();
        assert_eq!(said, "[3, 2] fn login() {}21", "the one that goes on builds on the one that is recorded");
    });
}

/// Three branches that each revise the code twice, some at once and some after a while.
fn revised_side_by_side(store: &Arc<dyn ArtifactStore>) -> Scripted {
    let (store, graph) = (Arc::clone(store), graph());
    Scripted::new(move |cx, _| {
        let artifacts = Artifacts::new(Arc::clone(&graph), Arc::clone(&store));
        Box::pin(async move {
            artifacts.commit(cx, PLAN, &"a".to_owned()).await?;
            artifacts.run(cx, &Coder::new()).await?;
            let artifacts = &artifacts;
            let mut fixes = cx.parallel("fixes");
            for (name, marks) in [("x", ["1", "2"]), ("y", ["3", "4"]), ("z", ["5", "6"])] {
                fixes = fixes.branch(name, move |cx| async move {
                    for mark in marks {
                        let pause = cx.step("pause").run(|_| async {
                            sleep(Duration::from_millis(mark.parse().unwrap())).await;
                            Ok::<(), StepError<SimpleError>>(())
                        });
                        pause.await?;
                        artifacts.run(&cx, &Fixer(mark)).await?;
                    }
                    Ok(())
                });
            }
            fixes.run().await?;
            Ok(artifacts.get(CODE).await?.content)
        })
    })
}

#[test]
fn nothing_is_lost_between_branches_whatever_boundary_a_crash_comes_at() {
    block_on(async {
        let scenario = Scenario::new(memory, |store| Runtime::builder().register(revised_side_by_side(store)));
        let check = |case: &Case, _: &Arc<dyn ArtifactStore>, result: Result<String, Failed>| {
            let code = result.unwrap_or_else(|error| panic!("{case}: {error}"));
            let mut marks: Vec<_> = code.strip_prefix("fn a() {}").unwrap().chars().collect();
            marks.sort_unstable();
            assert_eq!(marks, ['1', '2', '3', '4', '5', '6'], "{case}: {code}");
        };
        let cases = crash_sweep::<Scripted, _>(&scenario, &0, check).await.unwrap();
        assert_eq!(cases, 3 * (2 + 12), "plan, code, and two pauses and fixes in each branch");
    });
}

#[test]
fn an_attempt_that_times_out_releases_its_lease() {
    block_on(async {
        let (engine, store) = (MemoryEngine::new(), memory());
        let coder = Coder { takes: vec![30, 0], limit: Some(Duration::from_secs(5)), ..Coder::new() };
        let before = Instant::now();
        assert_eq!(run(&runtime(&engine, &store, &coder, plan_then_code)).await.unwrap(), MADE);
        assert_eq!(before.elapsed().as_secs(), 6, "five for the attempt and one before the next");
    });
}

#[test]
fn what_comes_after_the_lease_is_not_committed() {
    block_on(async {
        let (engine, store) = (MemoryEngine::new(), memory());
        let coder = Coder { takes: vec![61, 59], ..Coder::new() };
        assert_eq!(run(&runtime(&engine, &store, &coder, plan_then_code)).await.unwrap(), MADE);
        assert_eq!(coder.world.take().len(), 2, "the first attempt took longer than its lease");

        let slow = Coder { takes: vec![61], ..Coder::new() };
        let Err(RunError::Failed(failure)) = run(&runtime(&MemoryEngine::new(), &store, &slow, plan_then_code)).await
        else {
            panic!("it was committed")
        };
        let expired = ArtifactError::LeaseExpired { artifacts: vec!["code".to_owned()] };
        assert_eq!((failure.cause, failure.attempts), (Cause::Error(expired.into()), 5));
    });
}

/// A store whose next calls fail.
#[derive(Default)]
struct Flaky {
    store: MemoryArtifacts,
    puts: AtomicU32,
    gets: AtomicU32,
}

impl Flaky {
    fn fails(count: &AtomicU32) -> bool {
        count.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
    }
}

impl ArtifactStore for Flaky {
    fn put(&self, bytes: Vec<u8>) -> BoxFuture<'_, Result<ContentHash, StoreError>> {
        if Self::fails(&self.puts) {
            return Box::pin(async { Err(StoreError::Other("no space left".to_owned())) });
        }
        self.store.put(bytes)
    }

    fn get(&self, hash: ContentHash) -> BoxFuture<'_, Result<Arc<[u8]>, StoreError>> {
        if Self::fails(&self.gets) {
            return Box::pin(async { Ok(Arc::from(&b"something else"[..])) });
        }
        self.store.get(hash)
    }
}

#[test]
fn a_store_that_fails_is_asked_again_and_one_that_lies_is_found_out() {
    block_on(async {
        let store = Arc::new(Flaky::default());
        let (engine, coder) = (MemoryEngine::new(), Coder::new());
        store.puts.store(2, Ordering::Relaxed);
        let seam: Arc<dyn ArtifactStore> = Arc::clone(&store) as _;
        assert_eq!(run(&runtime(&engine, &seam, &coder, plan_then_code)).await.unwrap(), MADE);

        // What the coder reads is not what was kept: no attempt makes that good.
        store.gets.store(1, Ordering::Relaxed);
        let said = run(&runtime(&MemoryEngine::new(), &seam, &coder, plan_then_code)).await;
        let Err(RunError::Failed(failure)) = said else { panic!("{said:?}") };
        assert_eq!((failure.category(), failure.attempts), (Category::Internal, 1), "{failure}");
    });
}

#[test]
fn content_that_cannot_be_loaded_leaves_the_run_as_it_is() {
    block_on(async {
        let store = Arc::new(Flaky::default());
        let (engine, coder) = (MemoryEngine::new(), Coder::new());
        let seam: Arc<dyn ArtifactStore> = Arc::clone(&store) as _;
        let work: Work = |cx, artifacts, _| {
            Box::pin(async move {
                artifacts.commit(cx, PLAN, &"login".to_owned()).await?;
                Ok(artifacts.get(PLAN).await?.content)
            })
        };
        let runtime = runtime(&engine, &seam, &coder, work);
        store.gets.store(1, Ordering::Relaxed);
        let broken = run(&runtime).await.unwrap_err();
        assert!(matches!(&broken, RunError::Runtime(RuntimeError::Artifact { .. })), "{broken}");
        assert!(broken.to_string().starts_with("cannot load `plan` version 1: the content that is kept as "));
        assert_eq!(run(&runtime).await.unwrap(), "login");
    });
}

/// Keeps two contents, and says which of them were promised.
async fn keep_two(files: &SimulatedFiles) -> Vec<ContentHash> {
    let Ok(store) = FolderArtifacts::open_with("/state/artifacts", files.clone()).await else { return Vec::new() };
    let mut promised = Vec::new();
    for text in ["one", "two"] {
        promised.extend(store.put(text.as_bytes().to_vec()).await);
    }
    promised
}

/// Whether all that is there is whole, and all that was promised is there.
async fn is_as_promised(files: &SimulatedFiles, promised: &[ContentHash]) {
    let store = FolderArtifacts::open_with("/state/artifacts", files.clone()).await.unwrap();
    for text in ["one", "two"] {
        let hash = ContentHash::of(text.as_bytes());
        match store.get(hash).await {
            Ok(bytes) => assert_eq!(&*bytes, text.as_bytes()),
            Err(StoreError::NotFound(_)) => assert!(!promised.contains(&hash), "{text} was promised"),
            Err(error) => panic!("{error}"),
        }
    }
    let left = files.list(Path::new("/state/artifacts")).unwrap();
    assert!(left.iter().all(|name| name.len() == 64), "nothing unfinished is left: {left:?}");
}

#[test]
fn a_content_that_was_kept_survives_a_loss_of_power_at_every_operation() {
    block_on(async {
        let whole = SimulatedFiles::new();
        assert_eq!(keep_two(&whole).await.len(), 2);
        let operations = whole.operations();
        assert!(operations >= 10, "{operations}");
        for survival in [Survival::Nothing, Survival::Half, Survival::All, Survival::Zeros] {
            for at in 0..=operations {
                let files = SimulatedFiles::new();
                files.fail_after(at, Fault::Power);
                let promised = keep_two(&files).await;
                files.restart(survival);
                is_as_promised(&files, &promised).await;
                // And it can be used as before.
                assert_eq!(keep_two(&files).await.len(), 2);
            }
        }
    });
}

#[test]
fn a_sync_that_fails_and_a_device_that_is_full_promise_nothing_and_spoil_nothing() {
    block_on(async {
        for fault in [Fault::LostSync, Fault::NoSpace] {
            for at in 0..12 {
                let files = SimulatedFiles::new();
                files.fail_after(at, fault);
                let first = keep_two(&files).await;
                let again = keep_two(&files).await;
                files.restart(Survival::Nothing);
                is_as_promised(&files, &[first, again].concat()).await;
            }
        }
    });
}
