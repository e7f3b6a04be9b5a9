//! The engine on files and the threads that write: who writes a record, and that nobody is kept waiting by it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods, reason = "tests, with a device that is slow")]

mod common;

use baton_runtime::testing::SimulatedFiles;
use baton_runtime::{
    BoxFuture, Durability, Engine, FileLayer, LocalEngine, LogFile, RunContext, RunError, RunId, RunOptions, Runtime,
    RuntimeError, SimpleError, StepError,
};
use common::{Scripted, on_second_worker};
use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::thread::{self, ThreadId};
use std::time::Duration;
use tokio::runtime::Builder;
use tokio::task::LocalSet;
use tokio_util::context::TokioContext;

/// Files that note which thread has synced them, and take their time for it.
#[derive(Clone, Default)]
struct Watched {
    files: SimulatedFiles,
    delay: Duration,
    syncs: Arc<Mutex<Vec<ThreadId>>>,
    now: Arc<AtomicUsize>,
    /// How many were synced at the same time at most.
    most: Arc<AtomicUsize>,
    /// How many syncs go well before all others panic, if any does.
    sound: Option<usize>,
}

impl Watched {
    fn slow(delay: Duration) -> Self {
        Self { delay, ..Self::default() }
    }

    fn watch(&self, file: io::Result<Box<dyn LogFile>>) -> io::Result<Box<dyn LogFile>> {
        Ok(Box::new(WatchedFile { file: file?, watched: self.clone() }))
    }

    fn runtime(&self, scripted: Scripted) -> Runtime {
        let engine = LocalEngine::open_with("/runs", Durability::Synced, self.clone()).unwrap();
        Runtime::builder().engine(engine).register(scripted).unwrap().build().unwrap()
    }
}

struct WatchedFile {
    file: Box<dyn LogFile>,
    watched: Watched,
}

impl FileLayer for Watched {
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        self.files.create_folder(path)
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn LogFile>> {
        self.watch(self.files.create(path))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn LogFile>> {
        self.watch(self.files.open(path))
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.files.link(from, to)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.files.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.files.remove(path)
    }

    fn list(&self, path: &Path) -> io::Result<Vec<OsString>> {
        self.files.list(path)
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.files.sync_folder(path)
    }
}

impl LogFile for WatchedFile {
    fn try_lock(&self) -> io::Result<bool> {
        self.file.try_lock()
    }

    fn is_at(&self, path: &Path) -> io::Result<bool> {
        self.file.is_at(path)
    }

    fn read(&self) -> io::Result<Vec<u8>> {
        self.file.read()
    }

    fn append(&self, bytes: &[u8]) -> io::Result<()> {
        self.file.append(bytes)
    }

    fn truncate(&self, length: u64) -> io::Result<()> {
        self.file.truncate(length)
    }

    fn sync(&self) -> io::Result<()> {
        let Watched { delay, syncs, now, most, sound, .. } = &self.watched;
        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        thread::sleep(*delay);
        now.fetch_sub(1, Ordering::SeqCst);
        let done = {
            let mut syncs = syncs.lock().unwrap();
            syncs.push(thread::current().id());
            syncs.len()
        };
        assert!(sound.is_none_or(|sound| done <= sound), "a fault of the file layer");
        self.file.sync()
    }
}

/// As many steps as the input says, each of which is done at once and notes the thread that does it.
fn steps(polled: &Arc<Mutex<Vec<ThreadId>>>) -> Scripted {
    let polled = Arc::clone(polled);
    Scripted::new(move |cx, steps| {
        let polled = Arc::clone(&polled);
        Box::pin(async move {
            for _ in 0..steps {
                cx.step("work")
                    .run(|_| async {
                        polled.lock().unwrap().push(thread::current().id());
                        Ok::<_, StepError<SimpleError>>(())
                    })
                    .await?;
            }
            Ok(String::new())
        })
    })
}

fn id() -> RunId {
    RunId::new("r").unwrap()
}

const STEPS: u32 = 200;

/// How many of the steps' records were synced by the thread that had done the step, where `run` runs a run.
fn own(run: impl FnOnce(BoxFuture<'static, ()>)) -> usize {
    own_on(&Watched::default(), run)
}

fn own_on(files: &Watched, run: impl FnOnce(BoxFuture<'static, ()>)) -> usize {
    let polled = Arc::default();
    let runtime = files.runtime(steps(&polled));
    run(Box::pin(async move {
        runtime.run::<Scripted>(STEPS).await.unwrap();
    }));
    let (syncs, polled) = (files.syncs.lock().unwrap(), polled.lock().unwrap());
    // The first sync is that of the header, and the last one that of the end.
    assert_eq!((syncs.len(), polled.len()), (STEPS as usize + 2, STEPS as usize));
    syncs[1..].iter().zip(polled.iter()).filter(|(sync, step)| sync == step).count()
}

fn many(workers: usize) -> tokio::runtime::Runtime {
    Builder::new_multi_thread().worker_threads(workers).enable_all().build().unwrap()
}

fn one() -> tokio::runtime::Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

#[test]
fn a_run_that_is_alone_writes_on_its_own_thread() {
    let spawned = own(on_second_worker);
    assert!(spawned > STEPS as usize / 2, "{spawned}");
    for workers in [1, 2] {
        let waited_for = own(|run| many(workers).block_on(run));
        assert!(waited_for > STEPS as usize / 2, "{waited_for}");
    }
}

/// The worker of a runtime with one thread has the same number, and there it is not allowed to block.
#[test]
fn a_first_worker_leaves_writing_to_others() {
    assert_eq!(own(|run| many(1).block_on(async { tokio::spawn(run).await.unwrap() })), 0);
}

/// A thread that was a worker, and still has the context of its runtime, is none while it waits for another runtime.
#[test]
fn a_worker_that_waits_for_a_runtime_with_one_thread_leaves_writing_to_others() {
    let many = many(1);
    let handle = many.handle().clone();
    let wait = |run| {
        let nested = async move {
            for _ in 0..20 {
                tokio::task::yield_now().await;
            }
            tokio::task::block_in_place(|| one().block_on(TokioContext::new(run, handle)));
        };
        many.block_on(many.spawn(nested)).unwrap();
    };
    assert_eq!(own(wait), 0);
}

#[test]
fn a_slow_device_keeps_no_thread_but_those_that_write() {
    let slow = || Watched::slow(Duration::from_millis(2));
    assert_eq!(own_on(&slow(), on_second_worker), 0);
    assert_eq!(own_on(&slow(), |run| many(2).block_on(run)), 0);
}

/// Where two branches share a sync, one of them finds its record written, which takes no time and says nothing.
#[test]
fn a_slow_device_is_known_where_branches_share_their_syncs() {
    let files = Watched::slow(Duration::from_millis(5));
    let runtime = files.runtime(Scripted::new(|cx, steps| Box::pin(two_branches(cx, steps))));
    many(2).block_on(runtime.run::<Scripted>(10)).unwrap();
    let here = thread::current().id();
    assert!(!files.syncs.lock().unwrap().contains(&here));
}

/// Whoever writes: what a panic has left half done is not written on.
#[test]
fn a_file_layer_that_panics_poisons_the_journal() {
    for tokio in [one(), many(2)] {
        for (spawned, sound) in [(true, 1), (true, 10), (false, 10)] {
            let files = Watched { sound: Some(sound), ..Watched::default() };
            let runtime = files.runtime(steps(&Arc::default()));
            let run = async move {
                let first = runtime.run_with::<Scripted>(RunOptions::new().run_id(id()), STEPS).await;
                (first, runtime.resume::<Scripted>(&id()).await)
            };
            let (first, again) = if spawned { tokio.block_on(tokio.spawn(run)).unwrap() } else { tokio.block_on(run) };
            for ended in [first, again] {
                let Err(RunError::Runtime(RuntimeError::Poisoned { .. })) = ended else { panic!("{ended:?}") };
            }
            assert_eq!(files.syncs.lock().unwrap().len(), sound + 1, "nothing more is written");
        }
    }
}

#[test]
fn where_tasks_cannot_be_handed_to_another_thread_none_is_blocked() {
    let local = LocalSet::new;
    assert_eq!(own(|run| one().block_on(run)), 0);
    assert_eq!(own(|run| one().block_on(async { tokio::spawn(run).await.unwrap() })), 0);
    assert_eq!(own(|run| local().block_on(&one(), async { tokio::task::spawn_local(run).await.unwrap() })), 0);
    assert_eq!(own(|run| local().block_on(&many(2), async { tokio::task::spawn_local(run).await.unwrap() })), 0);
    // What a set of local tasks waits for itself is no task: it runs, and lets the others go on after each record.
    own(|run| local().block_on(&many(2), run));
}

/// Counts until it is dropped, a millisecond each.
async fn tick(ticks: Arc<AtomicUsize>) {
    loop {
        tokio::time::sleep(Duration::from_millis(1)).await;
        ticks.fetch_add(1, Ordering::Relaxed);
    }
}

/// Runs a hundred steps beside a task that ticks, and says how often that task got on, and how often it should have.
async fn beside_ticks(delay: Duration) {
    let ticks = Arc::default();
    let runtime = Watched::slow(delay).runtime(steps(&Arc::default()));
    tokio::spawn(tick(Arc::clone(&ticks)));
    let before = std::time::Instant::now();
    tokio::spawn(async move { runtime.run::<Scripted>(100).await }).await.unwrap().unwrap();
    let took = before.elapsed();
    let ticks = ticks.load(Ordering::Relaxed);
    let expected = usize::try_from(took.as_millis()).unwrap() / 6;
    assert!(ticks > 1 && ticks >= expected, "{ticks} ticks in {took:?} with {delay:?} a sync");
}

#[test]
fn other_tasks_go_on_while_a_run_writes() {
    // Well below, below and above what counts as quick. A run that held its worker for some 32 syncs in a row would
    // leave the second of these a tick for each pause.
    for delay in [100, 600, 5000].map(Duration::from_micros) {
        for tokio in [one(), many(1), many(2)] {
            tokio.block_on(tokio.spawn(beside_ticks(delay))).unwrap();
        }
        on_second_worker(beside_ticks(delay));
    }
}

/// Steps that never wait leave room for what else is in the same task, such as a limit of time.
#[test]
fn what_is_in_the_same_task_goes_on_too() {
    // Of two futures in one task, `join!` polls each first in turn, so that one may be polled twice between two of the
    // other. A few more are written by another thread before anybody looks.
    for (spawned, most) in [(true, 2 * 32 + 20), (false, 2 + 8)] {
        let (files, polled) = (Watched::default(), Arc::<Mutex<Vec<_>>>::default());
        let runtime = files.runtime(steps(&polled));
        let run = async move {
            let run = async { runtime.run::<Scripted>(STEPS).await.unwrap() };
            let (mut before, mut gap) = (0, 0);
            let beside = std::future::poll_fn(|context| {
                let now = polled.lock().unwrap().len();
                gap = gap.max(now - before);
                before = now;
                context.waker().wake_by_ref();
                if now == STEPS as usize { Poll::Ready(()) } else { Poll::Pending }
            });
            tokio::join!(run, beside);
            gap
        };
        let tokio = many(2);
        let gap = if spawned { tokio.block_on(tokio.spawn(run)).unwrap() } else { tokio.block_on(run) };
        assert!(gap <= most, "{gap} steps in a row");
    }
}

/// A run that is dropped between two steps has the records of all that were done.
#[test]
fn a_run_whose_steps_never_wait_can_be_dropped() {
    for spawned in [true, false] {
        let tokio = many(2);
        let (files, polled) = (Watched::default(), Arc::<Mutex<Vec<_>>>::default());
        let runtime = files.runtime(steps(&polled));
        let run = async move {
            let run = runtime.run_with::<Scripted>(RunOptions::new().run_id(id()), 2_000_000);
            assert!(tokio::time::timeout(Duration::from_millis(50), run).await.is_err(), "it is endless");
        };
        if spawned {
            tokio.block_on(tokio.spawn(run)).unwrap();
        } else {
            tokio.block_on(run);
        }
        let done = polled.lock().unwrap().len();
        let engine = LocalEngine::open_with("/runs", Durability::Synced, files.clone()).unwrap();
        let recorded = one().block_on(engine.inspect(&id())).unwrap().entries;
        assert!(done > 1 && (done - 1..=done).contains(&recorded), "{done} steps were done, {recorded} are recorded");
    }
}

const BRANCHES: u32 = 8;

async fn side_by_side(cx: &RunContext<'_>, steps: u32) -> Result<String, RunError<SimpleError>> {
    let mut branches = cx.parallel("branches");
    for _ in 0..BRANCHES {
        branches = branches.branch("branch", move |cx| async move {
            for _ in 0..steps {
                cx.step("work").run(|_| async { Ok::<_, StepError<SimpleError>>(()) }).await?;
            }
            Ok(())
        });
    }
    branches.run().await.map(|_| String::new())
}

/// One branch goes on when the other one has ended.
async fn two_branches(cx: &RunContext<'_>, steps: u32) -> Result<String, RunError<SimpleError>> {
    let mut branches = cx.parallel("branches");
    for steps in [steps, 2 * steps] {
        branches = branches.branch("branch", move |cx| async move {
            for _ in 0..steps {
                cx.step("work").run(|_| async { Ok::<_, StepError<SimpleError>>(()) }).await?;
            }
            Ok(())
        });
    }
    branches.run().await.map(|_| String::new())
}

/// Branches of a run are polled by one thread and share their syncs.
#[test]
fn branches_share_their_syncs() {
    let files = Watched::slow(Duration::from_micros(500));
    let runtime = files.runtime(Scripted::new(|cx, steps| Box::pin(side_by_side(cx, steps))));
    let tokio = many(2);
    tokio.block_on(tokio.spawn(async move { runtime.run::<Scripted>(20).await })).unwrap().unwrap();
    let syncs = files.syncs.lock().unwrap().len();
    assert!(syncs < 20 * BRANCHES as usize / 2, "{syncs} syncs for {} records", 20 * BRANCHES);
}

/// Runs that are polled by one thread don't wait for each other's syncs.
#[test]
fn runs_in_one_task_are_synced_side_by_side() {
    let files = Watched::slow(Duration::from_micros(500));
    let runtime = files.runtime(steps(&Arc::default()));
    let tokio = many(2);
    let run = async move {
        let run = || async { runtime.run::<Scripted>(20).await.unwrap() };
        tokio::join!(run(), run(), run(), run());
    };
    tokio.block_on(tokio.spawn(run)).unwrap();
    assert!(files.most.load(Ordering::SeqCst) > 2, "{:?}", files.most);
}
