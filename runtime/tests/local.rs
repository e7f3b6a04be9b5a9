//! The engine on files: what survives, what is refused, and what happens when the device fails.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;
#[path = "common/own_syncs.rs"]
mod own_syncs;

use baton_runtime::testing::{Fault, SimulatedFiles, Survival};
use baton_runtime::{
    Durability, Engine, FileLayer, Finish, Interrupt, JournalStore, LocalEngine, LogFile, Payload, Record, RunError,
    RunHeader, RunId, RunOptions, Runtime, RuntimeError, SimpleError, StepError,
};
use common::{Scripted, World, on_second_worker};
use own_syncs::{CountsOwnSyncs, counted};
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

const STEPS: [&str; 3] = ["a", "b", "c"];

/// Three steps, each of which notes that it was done and, once its `await` has returned, that this is confirmed.
fn three_steps(world: &World) -> Scripted {
    let world = world.clone();
    Scripted::new(move |cx, _| {
        let world = world.clone();
        Box::pin(async move {
            for name in STEPS {
                cx.step(name)
                    .run(|_| async {
                        world.note(name);
                        Ok::<_, StepError<SimpleError>>(())
                    })
                    .await?;
                world.note(format!("{name} confirmed"));
            }
            Ok("done".to_owned())
        })
    })
}

fn runtime(engine: LocalEngine, scripted: Scripted) -> Runtime {
    Runtime::builder().engine(engine).register(scripted).unwrap().build().unwrap()
}

fn simulated(files: &SimulatedFiles) -> Result<LocalEngine, RuntimeError> {
    LocalEngine::open_with("/runs", Durability::Synced, CountsOwnSyncs(files.clone()))
}

/// Who writes a record depends on the thread that asks for it, and nothing else may.
fn everywhere<F: Future<Output = ()> + Send + 'static>(test: fn() -> F) {
    let one = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let many = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let [first, second, third] = [(); 3].map(|()| Arc::new(AtomicUsize::new(0)));
    one.block_on(counted(Arc::clone(&first), test()));
    many.block_on(counted(Arc::clone(&second), test()));
    on_second_worker(counted(Arc::clone(&third), test()));
    let counts = [first, second, third].map(|count| count.load(Ordering::Relaxed));
    assert!(
        counts[0] == 0 && counts[1] > 0 && counts[2] > 0,
        "{counts:?} records were written by the thread that polls"
    );
}

fn id() -> RunId {
    RunId::new("r:1").unwrap()
}

fn options() -> RunOptions {
    RunOptions::new().run_id(id())
}

fn open_journal() -> PathBuf {
    Path::new("/runs/open/r%3A1.journal").to_owned()
}

fn done_journal() -> PathBuf {
    Path::new("/runs/done/r%3A1.journal").to_owned()
}

#[tokio::test]
async fn a_run_lies_in_open_until_it_is_over_and_then_in_done() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::default();
    let runtime = runtime(LocalEngine::open(folder.path().join("runs")).unwrap(), three_steps(&world));
    assert_eq!(runtime.run_with::<Scripted>(options(), 1).await.unwrap(), "done");
    let journal = std::fs::read_to_string(folder.path().join("runs/done/r%3A1.journal")).unwrap();
    let lines: Vec<_> = journal.lines().collect();
    assert_eq!(lines.len(), 5, "{journal}");
    assert!(lines[1].ends_with(r#"{"entry":{"key":{"sequence":[0],"kind":"step","name":"a"},"data":{"Ok":null}}}"#));
    assert!(lines[4].ends_with(r#"{"finished":{"completed":"done"}}"#));
    assert_eq!(std::fs::read_dir(folder.path().join("runs/open")).unwrap().count(), 0);
    assert_eq!(runtime.run_with::<Scripted>(options(), 1).await.unwrap(), "done");
    assert_eq!(world.take().len(), 6);
}

/// Promises 1, 2 and 8: at every operation of the file system the power goes, and every way in which unsynced bytes may
/// have survived is tried.
#[test]
fn no_confirmed_step_runs_again_whenever_the_power_goes() {
    everywhere(|| async {
        let world = World::default();
        let files = SimulatedFiles::new();
        runtime(simulated(&files).unwrap(), three_steps(&world)).run_with::<Scripted>(options(), 1).await.unwrap();
        let operations = files.operations();
        assert!(operations > 15, "{operations}");
        for survival in [Survival::Nothing, Survival::Half, Survival::All, Survival::Zeros] {
            for at in 0..operations {
                let (files, world) = (SimulatedFiles::new(), World::default());
                files.fail_after(at, Fault::Power);
                let begun = match simulated(&files) {
                    Ok(engine) => {
                        let result = runtime(engine, three_steps(&world)).run_with::<Scripted>(options(), 1).await;
                        assert!(result.is_err(), "the last operation makes the end durable");
                        true
                    }
                    Err(_) => false,
                };
                let before = world.take();
                files.restart(survival);
                let runtime = runtime(simulated(&files).unwrap(), three_steps(&world));
                let place = format!("operation {at}, {survival:?}, after {before:?}");
                let output = match runtime.resume::<Scripted>(&id()).await {
                    Err(RunError::Runtime(RuntimeError::RunNotFound(_))) => {
                        assert!(before.is_empty(), "{place}: a run that had begun is gone");
                        runtime.run_with::<Scripted>(options(), 1).await
                    }
                    result => result,
                };
                assert!(begun || before.is_empty());
                assert_eq!(output.unwrap(), "done", "{place}");
                check(&before, &world.take(), &place);
            }
        }
    });
}

/// Every step was done, those that were confirmed once, and at most one, which was in flight, twice.
fn check(before: &[String], after: &[String], place: &str) {
    let count = |world: &[String], what: &str| world.iter().filter(|noted| *noted == what).count();
    let mut repeated = 0;
    for name in STEPS {
        let (first, second) = (count(before, name), count(after, name));
        if before.contains(&format!("{name} confirmed")) {
            assert_eq!(second, 0, "{place}: `{name}` was confirmed and ran again");
        }
        assert!(first + second > 0, "{place}: `{name}` never ran");
        repeated += first + second - 1;
    }
    assert!(repeated <= 1, "{place}: {repeated} steps were repeated: {after:?}");
}

/// What a process wrote and did not live to sync can be read by the next one, which must not rely on it before it is
/// durable.
#[test]
fn no_confirmed_step_runs_again_when_the_power_goes_after_a_crash_of_the_process() {
    everywhere(|| async {
        for first in 0..25 {
            for second in 0..25 {
                let (files, world) = (SimulatedFiles::new(), World::default());
                files.fail_after(first, Fault::Power);
                if let Ok(engine) = simulated(&files) {
                    let _ = runtime(engine, three_steps(&world)).run_with::<Scripted>(options(), 1).await;
                }
                files.restart_process();
                files.fail_after(second, Fault::Power);
                if let Ok(engine) = simulated(&files) {
                    let _ = runtime(engine, three_steps(&world)).run_with::<Scripted>(options(), 1).await;
                }
                let before = world.take();
                files.restart(Survival::Nothing);
                let runtime = runtime(simulated(&files).unwrap(), three_steps(&world));
                assert_eq!(runtime.run_with::<Scripted>(options(), 1).await.unwrap(), "done");
                let after = world.take();
                for name in STEPS.iter().filter(|name| before.contains(&format!("{name} confirmed"))) {
                    assert!(
                        !after.contains(&(*name).to_owned()),
                        "{first}, {second}: `{name}` ran again after {before:?}"
                    );
                }
            }
        }
    });
}

/// Promise 7: after a failed sync nothing more is written, and the run is not opened again in this process, because what
/// can be read is not what is on the device.
#[test]
fn a_failed_sync_poisons_the_journal() {
    everywhere(|| async {
        let mut poisoned = 0;
        for at in 0..20 {
            let (files, world) = (SimulatedFiles::new(), World::default());
            let runtime = runtime(simulated(&files).unwrap(), three_steps(&world));
            files.fail_after(at, Fault::LostSync);
            let Err(RunError::Runtime(error)) = runtime.run_with::<Scripted>(options(), 1).await else { continue };
            let before = world.take();
            let RuntimeError::Poisoned { .. } = error else { continue };
            poisoned += 1;
            let again = runtime.resume::<Scripted>(&id()).await;
            assert!(matches!(again, Err(RunError::Runtime(RuntimeError::Poisoned { .. }))), "{at}: {again:?}");
            assert!(world.take().is_empty(), "{at}: nothing runs on a journal that cannot be trusted");
            files.restart(Survival::All);
            let after = simulated(&files).unwrap();
            let result = self::runtime(after, three_steps(&world)).resume::<Scripted>(&id()).await;
            assert_eq!(result.unwrap(), "done", "{at}");
            for name in STEPS {
                let confirmed = before.contains(&format!("{name} confirmed"));
                assert_eq!(world.count(name), usize::from(!confirmed), "{at}: `{name}` after {before:?}");
            }
        }
        assert_eq!(poisoned, 8, "each sync of a record, and the writes before it");
    });
}

/// Promise 7, where another branch of the run does not know yet: nothing is tried again on the same journal.
#[test]
fn a_poisoned_journal_writes_nothing_more() {
    everywhere(|| async {
        for fault in [Fault::LostSync, Fault::NoSpace] {
            let files = SimulatedFiles::new();
            let engine = simulated(&files).unwrap();
            let header = RunHeader::new(id(), "o", 1, Payload::null());
            let journal = engine.store().create(&header).await.unwrap();
            let record = Record::Finished(Finish::Completed(Payload::null()));
            // The first is written by another thread, and the later ones by this one where that may be.
            for _ in 0..20 {
                journal.append(&record).await.unwrap();
            }
            files.fail_after(usize::from(fault == Fault::LostSync), fault);
            for attempt in 0..3 {
                let operations = files.operations();
                let result = journal.append(&record).await;
                assert!(matches!(result, Err(RuntimeError::Poisoned { .. })), "{fault:?}: {result:?}");
                files.fail_after(usize::MAX / 2, fault);
                assert!(attempt == 0 || files.operations() == operations, "{fault:?}: it was tried again");
            }
        }
    });
}

/// Promise 8.
#[tokio::test]
async fn a_run_that_was_removed_does_not_come_back() {
    for finished in [false, true] {
        let files = SimulatedFiles::new();
        if finished {
            let done = runtime(simulated(&files).unwrap(), three_steps(&World::default()));
            done.run_with::<Scripted>(options(), 1).await.unwrap();
        } else {
            waiting(&files).await;
        }
        simulated(&files).unwrap().remove(&id()).await.unwrap();
        files.restart(Survival::Nothing);
        let gone = simulated(&files).unwrap().inspect(&id()).await;
        assert!(matches!(gone, Err(RuntimeError::RunNotFound(_))), "{gone:?}");
    }
}

/// A file system in which somebody else removes a file between the moment it is opened or made and the moment it is
/// locked.
#[derive(Clone)]
struct Racing {
    inner: SimulatedFiles,
    removes: Arc<AtomicBool>,
}

impl Racing {
    fn raced(&self, path: &Path, file: io::Result<Box<dyn LogFile>>) -> io::Result<Box<dyn LogFile>> {
        if file.is_ok() && self.removes.swap(false, Ordering::Relaxed) {
            self.inner.remove(path)?;
        }
        file
    }
}

impl FileLayer for Racing {
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        self.inner.create_folder(path)
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn LogFile>> {
        self.raced(path, self.inner.create(path))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn LogFile>> {
        self.raced(path, self.inner.open(path))
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.inner.link(from, to)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.inner.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.inner.remove(path)
    }

    fn list(&self, path: &Path) -> io::Result<Vec<OsString>> {
        self.inner.list(path)
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.inner.sync_folder(path)
    }
}

/// Promise 9: a lock on a file that has lost its name is no lock on the run.
#[tokio::test]
async fn a_journal_that_is_removed_while_it_is_opened_is_not_run() {
    let racing = Racing { inner: SimulatedFiles::new(), removes: Arc::default() };
    waiting(&racing.inner).await;
    let engine = LocalEngine::open_with("/runs", Durability::Synced, racing.clone()).unwrap();
    racing.removes.store(true, Ordering::Relaxed);
    let opened = engine.open(&id()).await.map(|_| ());
    assert!(matches!(opened, Err(RuntimeError::RunNotFound(_))), "{opened:?}");
}

/// Promise 9: who opens the folder takes a journal in the making for a leftover if it comes before the lock.
#[tokio::test]
async fn a_journal_that_is_removed_while_it_is_made_is_busy_and_can_be_made_again() {
    let racing = Racing { inner: SimulatedFiles::new(), removes: Arc::default() };
    let world = World::default();
    let engine = LocalEngine::open_with("/runs", Durability::Synced, racing.clone()).unwrap();
    let runtime = runtime(engine, three_steps(&world));
    racing.removes.store(true, Ordering::Relaxed);
    let lost = runtime.run_with::<Scripted>(options(), 1).await;
    assert!(matches!(lost, Err(RunError::Runtime(RuntimeError::RunBusy(_)))), "{lost:?}");
    assert!(world.take().is_empty());
    assert_eq!(runtime.run_with::<Scripted>(options(), 1).await.unwrap(), "done");
}

/// A full device: the run stops, nothing is lost, and it goes on once there is space.
#[test]
fn a_full_device_stops_the_run_and_loses_nothing() {
    everywhere(|| async {
        let mut stopped = 0;
        for at in 0..20 {
            let (files, world) = (SimulatedFiles::new(), World::default());
            let runtime = runtime(simulated(&files).unwrap(), three_steps(&world));
            files.fail_after(at, Fault::NoSpace);
            if runtime.run_with::<Scripted>(options(), 1).await.is_ok() {
                continue;
            }
            stopped += 1;
            files.fail_after(usize::MAX / 2, Fault::NoSpace);
            let before = world.take();
            let result = match runtime.resume::<Scripted>(&id()).await {
                Err(RunError::Runtime(RuntimeError::RunNotFound(_))) => {
                    assert!(before.is_empty());
                    runtime.run_with::<Scripted>(options(), 1).await
                }
                result => result,
            };
            assert_eq!(result.unwrap(), "done", "{at}: after {before:?}");
            for name in STEPS {
                let confirmed = before.contains(&format!("{name} confirmed"));
                assert_eq!(world.count(name), usize::from(!confirmed), "{at}: `{name}` after {before:?}");
            }
        }
        assert!(stopped > 8, "{stopped}");
    });
}

/// A run that waits, so that its journal is open, and the bytes of it.
async fn waiting(files: &SimulatedFiles) -> Vec<u8> {
    let runtime = runtime(simulated(files).unwrap(), waits());
    let suspended = runtime.run_with::<Scripted>(options(), 1).await.unwrap_err();
    assert!(matches!(suspended, RunError::Interrupted(Interrupt::Suspended(_))));
    files.bytes(&open_journal()).unwrap()
}

fn waits() -> Scripted {
    Scripted::new(|cx, _| {
        Box::pin(async {
            cx.step("a").run(|_| async { Ok::<_, StepError<SimpleError>>(1) }).await?;
            cx.step("b").run(|_| async { Ok::<_, StepError<SimpleError>>(2) }).await?;
            Ok(cx.decision("go", &()).await?)
        })
    })
}

/// Promise 6: damage is told and the file stays as it is, a torn tail is cut.
#[tokio::test]
async fn damage_is_told_and_kept_and_a_torn_tail_is_cut() {
    let files = SimulatedFiles::new();
    let bytes = waiting(&files).await;
    let runtime = runtime(simulated(&files).unwrap(), waits());
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1;
        files.damage(&open_journal(), |bytes| bytes.clone_from(&damaged)).unwrap();
        let result = runtime.resume::<Scripted>(&id()).await;
        assert!(matches!(result, Err(RunError::Runtime(RuntimeError::Corrupt { .. }))), "byte {at}: {result:?}");
        assert_eq!(files.bytes(&open_journal()).unwrap(), damaged, "byte {at}: the file is kept as it is");
    }
    let header = bytes.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    for cut in header..bytes.len() {
        files.damage(&open_journal(), |now| *now = bytes[..cut].to_vec()).unwrap();
        assert!(runtime.resume::<Scripted>(&id()).await.unwrap_err().is_interrupted(), "cut at {cut}");
        assert_eq!(files.bytes(&open_journal()).unwrap(), bytes, "cut at {cut}: what was lost is done again");
    }
}

/// Promise 9, in one process; `tests/processes.rs` has it for two.
#[tokio::test]
async fn a_run_has_one_runner() {
    let folder = tempfile::tempdir().unwrap();
    let open = || LocalEngine::open(folder.path()).unwrap();
    let sleeps = || {
        Scripted::new(|cx, _| Box::pin(async { Ok(cx.sleep(std::time::Duration::MAX).await.map(|()| String::new())?) }))
    };
    let (first, second) = (runtime(open(), sleeps()), runtime(open(), sleeps()));
    let running = tokio::spawn({
        let first = first.clone();
        async move { first.run_with::<Scripted>(options(), 1).await }
    });
    while first.inspect(&id()).await.map_or(0, |info| info.entries) == 0 {
        tokio::task::yield_now().await;
    }
    for runtime in [&first, &second] {
        let busy = runtime.resume::<Scripted>(&id()).await.unwrap_err();
        assert!(matches!(busy, RunError::Runtime(RuntimeError::RunBusy(_))), "{busy}");
    }
    assert!(first.cancel(&id()));
    assert!(running.await.unwrap().unwrap_err().is_interrupted());
    assert!(second.inspect(&id()).await.unwrap().finished.is_none());
}

#[tokio::test]
async fn a_finished_run_that_was_not_moved_is_moved_later() {
    let (files, world) = (SimulatedFiles::new(), World::default());
    runtime(simulated(&files).unwrap(), three_steps(&world)).run_with::<Scripted>(options(), 1).await.unwrap();
    let files_layer: &dyn FileLayer = &files;
    files_layer.rename(&done_journal(), &open_journal()).unwrap();
    let runtime = runtime(simulated(&files).unwrap(), three_steps(&world));
    world.take();
    assert_eq!(runtime.resume::<Scripted>(&id()).await.unwrap(), "done");
    assert!(files.bytes(&done_journal()).is_ok() && files.bytes(&open_journal()).is_err());
    assert!(world.take().is_empty());
}
