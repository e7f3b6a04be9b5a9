//! What every store of journals and every engine has to do.
#![expect(clippy::panic, reason = "a suite says by a panic what is wrong, as any test does")]

use crate::engine::{
    Engine, EngineRun, Entry, EntryKey, EntryKind, Finish, JournalStore, OpenJournal, Record, RunHeader, Work,
};
use crate::error::{Interrupt, RuntimeError};
use crate::id::{DecisionId, RunId, Sequence};
use crate::join::join_all;
use crate::payload::Payload;
use std::fmt::Debug;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The value, or a panic that says what was being done.
#[track_caller]
fn ok<T>(what: &str, result: Result<T, RuntimeError>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{what}: {error}"),
    }
}

#[track_caller]
fn payload(value: &(impl serde::Serialize + ?Sized)) -> Payload {
    ok("writing a value", Payload::encode(value))
}

fn header(run: &str) -> RunHeader {
    RunHeader::new(ok("an id", RunId::new(run)), "conformance", 1, payload("input"))
}

fn key(place: u32, kind: EntryKind, name: &'static str) -> EntryKey {
    EntryKey { sequence: Sequence::root().child(place), kind, name: name.into() }
}

fn entry(place: u32, value: &str) -> Record {
    Record::Entry(Entry { key: key(place, EntryKind::Step, "step"), data: payload(value) })
}

macro_rules! expect {
    ($what:expr, $result:expr, $pattern:pat) => {
        match $result {
            $pattern => {}
            Ok(_) => panic!("{}: it was accepted", $what),
            Err(error) => panic!("{}: {error}", $what),
        }
    };
}

/// Runs the suite for stores on one that is empty.
///
/// # Panics
/// If the store does not do what it must.
pub async fn store_conformance<S: JournalStore>(store: &S) {
    records_come_back_in_order(store).await;
    a_journal_has_one_holder(store).await;
    journals_are_listed_until_they_are_closed(store).await;
    appends_from_several_sides_all_arrive(store).await;
}

async fn open<S: JournalStore>(store: &S, run: &str) -> OpenJournal {
    ok("opening a journal", store.open(&header(run).run).await)
}

async fn records_come_back_in_order<S: JournalStore>(store: &S) {
    let header = header("order:1");
    let journal = ok("creating a journal", store.create(&header).await);
    let long = "ä\n\"\\\u{0}".repeat(200_000);
    let mut written = vec![entry(0, "first"), entry(1, &long), entry(2, "")];
    for record in &written {
        ok("appending", journal.append(record).await);
    }
    expect!("a second journal of one run", store.create(&header).await, Err(RuntimeError::RunExists(_)));
    drop(journal);
    let opened = open(store, "order:1").await;
    assert_eq!(opened.history.header, header, "the header comes back as it was written");
    assert_eq!(opened.history.records, written, "records come back in order");
    written.push(Record::Finished(Finish::Completed(payload(&7))));
    ok("appending to an opened journal", opened.journal.append(&written[3]).await);
    let read = ok("reading a journal that is taken", store.read(&header.run).await);
    assert_eq!(read.records, written, "what is appended can be read at once");
    let missing = ok("an id", RunId::new("nobody"));
    expect!("opening nothing", store.open(&missing).await, Err(RuntimeError::RunNotFound(_)));
    expect!("reading nothing", store.read(&missing).await, Err(RuntimeError::RunNotFound(_)));
    expect!("removing nothing", store.remove(&missing).await, Err(RuntimeError::RunNotFound(_)));
}

async fn a_journal_has_one_holder<S: JournalStore>(store: &S) {
    let header = header("holder");
    let journal = ok("creating a journal", store.create(&header).await);
    expect!("opening what is taken", store.open(&header.run).await, Err(RuntimeError::RunBusy(_)));
    expect!("removing what is taken", store.remove(&header.run).await, Err(RuntimeError::RunBusy(_)));
    drop(journal);
    let opened = open(store, "holder").await;
    expect!("opening what is taken again", store.open(&header.run).await, Err(RuntimeError::RunBusy(_)));
    drop(opened);
    ok("removing a journal", store.remove(&header.run).await);
    expect!("opening what is removed", store.open(&header.run).await, Err(RuntimeError::RunNotFound(_)));
    drop(ok("creating what was removed", store.create(&header).await));
    assert!(open(store, "holder").await.history.records.is_empty(), "a removed journal leaves nothing behind");
    ok("removing a journal", store.remove(&header.run).await);
}

async fn journals_are_listed_until_they_are_closed<S: JournalStore>(store: &S) {
    for run in ["list-b", "list-a", "list-c"] {
        drop(ok("creating a journal", store.create(&header(run)).await));
    }
    let listed = async || {
        let runs = ok("listing", store.open_runs().await);
        let runs = runs.iter().map(ToString::to_string).filter(|run| run.starts_with("list-"));
        runs.collect::<Vec<_>>()
    };
    assert_eq!(listed().await, ["list-a", "list-b", "list-c"], "open runs are sorted");
    let opened = open(store, "list-b").await;
    ok("appending", opened.journal.append(&Record::Finished(Finish::Completed(Payload::null()))).await);
    for _ in 0..2 {
        ok("closing, twice", store.close(&header("list-b").run).await);
    }
    drop(opened);
    assert_eq!(listed().await, ["list-a", "list-c"], "closed runs are not listed");
    assert_eq!(open(store, "list-b").await.history.records.len(), 1, "closed runs can be opened");
    expect!("a closed run's id", store.create(&header("list-b")).await, Err(RuntimeError::RunExists(_)));
    ok("removing a closed run", store.remove(&header("list-b").run).await);
}

async fn appends_from_several_sides_all_arrive<S: JournalStore>(store: &S) {
    let journal = ok("creating a journal", store.create(&header("sides")).await);
    let records: Vec<_> = (0..50).map(|place| entry(place, "x")).collect();
    for result in join_all(records.iter().map(|record| journal.append(record)).collect()).await {
        ok("appending side by side", result);
    }
    drop(journal);
    let mut read = open(store, "sides").await.history.records;
    assert_eq!(read.len(), records.len(), "no record is lost or doubled");
    read.retain(|record| !records.contains(record));
    assert!(read.is_empty(), "records stay whole");
}

/// Runs the suite for engines on one that is empty. It expects an engine that ends an execution at a question, as those over
/// journals do.
///
/// An engine that replays by itself and is called by a server, such as the one for Restate, is no [`Engine`]: the server
/// creates, opens and lists its runs, and there is no run apart from a call of the server. What the suite asks of an
/// [`EngineRun`] is shown there by killing the server and the service in the middle of runs (`tests/restate.rs` of this
/// crate).
///
/// # Panics
/// If the engine does not do what it must.
pub async fn engine_conformance<E: Engine>(engine: &E) {
    work_is_done_once(engine).await;
    changed_operations_are_refused(engine).await;
    questions_wait_for_their_answers(engine).await;
    sleeps_count_from_their_beginning(engine).await;
    runs_have_one_runner_and_an_end(engine).await;
}

async fn create<E: Engine>(engine: &E, run: &str) -> Arc<dyn EngineRun> {
    ok("creating a run", engine.create(header(run)).await)
}

async fn reopen<E: Engine>(engine: &E, run: Arc<dyn EngineRun>) -> Arc<dyn EngineRun> {
    let id = run.header().run.clone();
    drop(run);
    ok("opening a run", engine.open(&id).await)
}

fn value(value: &(impl serde::Serialize + Sync + ?Sized)) -> Work<'_> {
    Box::pin(async { Payload::encode(value) })
}

fn never(what: &str) -> Work<'_> {
    Box::pin(async move { panic!("{what}: the work was done again") })
}

async fn work_is_done_once<E: Engine>(engine: &E) {
    let run = create(engine, "once").await;
    let step = key(0, EntryKind::Step, "step");
    let fails: Work<'_> = Box::pin(async { Err(RuntimeError::Engine("no".to_owned())) });
    expect!("work that fails", run.record(step.clone(), fails).await, Err(RuntimeError::Engine(_)));
    for (kind, text) in [(EntryKind::Start, "start"), (EntryKind::Step, "step"), (EntryKind::Undo, "undo")] {
        let recorded = ok("recording", run.record(step.with_kind(kind), value(text)).await);
        assert!(!recorded.replayed && recorded.payload == payload(text), "what is recorded now is handed back");
    }
    let branches: Vec<_> = (1..9).map(|place| key(place, EntryKind::Value, "value")).collect();
    let side_by_side = branches.iter().map(|key| run.record(key.clone(), value(&1))).collect();
    for recorded in join_all(side_by_side).await {
        ok("recording side by side", recorded);
    }
    assert!(!run.is_replaying(), "nothing is left to replay");
    let run = reopen(engine, run).await;
    assert!(run.is_replaying(), "there is something to replay");
    // In another order than the one in which they were recorded.
    for key in branches.iter().rev() {
        assert!(ok("replaying", run.record(key.clone(), never("a value")).await).replayed);
    }
    for (kind, text) in [(EntryKind::Start, "start"), (EntryKind::Undo, "undo"), (EntryKind::Step, "step")] {
        let recorded = ok("replaying", run.record(step.with_kind(kind), never(text)).await);
        assert!(recorded.replayed && recorded.payload == payload(text), "one place has a record of each kind");
    }
    assert!(!run.is_replaying(), "all of it is replayed");
    let fresh = ok("recording behind what is replayed", run.record(key(9, EntryKind::Note, "note"), value(&9)).await);
    assert!(!fresh.replayed);
}

async fn changed_operations_are_refused<E: Engine>(engine: &E) {
    let run = create(engine, "drift").await;
    ok("recording", run.record(key(0, EntryKind::Step, "step"), value(&1)).await);
    let run = reopen(engine, run).await;
    for changed in [key(0, EntryKind::Step, "other"), key(0, EntryKind::Value, "step")] {
        expect!("another operation", run.record(changed, never("it")).await, Err(RuntimeError::Drift(_)));
    }
    let early = run.finish(Finish::Completed(Payload::null())).await;
    expect!("an end before all is replayed", early, Err(RuntimeError::Drift(_)));
    assert!(run.finished().is_none());
}

async fn questions_wait_for_their_answers<E: Engine>(engine: &E) {
    let mut run = create(engine, "question").await;
    let ask = key(0, EntryKind::Decision, "go");
    let id = DecisionId { sequence: ask.sequence.clone(), name: ask.name.clone() };
    let unasked = engine.answer(&run.header().run, &id, payload(&1)).await;
    expect!("an answer before the question", unasked, Err(RuntimeError::NoSuchDecision { .. }));
    for _ in 0..2 {
        let asked = run.decide(ask.clone(), payload("may I?")).await;
        let Err(RuntimeError::Interrupted(Interrupt::Suspended(pending))) = asked else {
            panic!("a question without an answer suspends the run: {asked:?}");
        };
        assert!(pending.id == id && pending.question == payload("may I?"), "the question is told: {pending:?}");
        run = reopen(engine, run).await;
    }
    let info = ok("inspecting", engine.inspect(&run.header().run).await);
    assert_eq!(info.pending.len(), 1, "the question is listed: {info:?}");
    // The run is taken, and an answer gets through all the same.
    ok("answering", engine.answer(&run.header().run, &id, payload("yes")).await);
    let twice = engine.answer(&run.header().run, &id, payload("no")).await;
    expect!("a second answer", twice, Err(RuntimeError::AlreadyDecided { .. }));
    let run = reopen(engine, run).await;
    assert_eq!(ok("reading an answer", run.decide(ask, payload("may I?")).await), payload("yes"));
    assert!(ok("inspecting", engine.inspect(&run.header().run).await).pending.is_empty());
}

async fn sleeps_count_from_their_beginning<E: Engine>(engine: &E) {
    let run = create(engine, "sleep").await;
    let (timer, nap) = (key(0, EntryKind::Timer, "sleep"), Duration::from_millis(300));
    let before = Instant::now();
    ok("sleeping", run.sleep(timer.clone(), nap).await);
    assert!(before.elapsed() >= nap, "a sleep takes as long as it says");
    let run = reopen(engine, run).await;
    let before = Instant::now();
    ok("sleeping again", run.sleep(timer, nap).await);
    assert!(before.elapsed() < nap, "a sleep that is over is over");
}

async fn runs_have_one_runner_and_an_end<E: Engine>(engine: &E) {
    let run = create(engine, "end").await;
    let id = run.header().run.clone();
    expect!("opening what is taken", engine.open(&id).await, Err(RuntimeError::RunBusy(_)));
    expect!("creating what exists", engine.create(header("end")).await, Err(RuntimeError::RunExists(_)));
    assert!(ok("listing", engine.open_runs().await).contains(&id), "a run that is not over is listed");
    let end = Finish::Completed(payload(&1));
    ok("finishing", run.finish(end.clone()).await);
    assert!(same(run.finished().as_ref(), &end), "the end is known at once");
    assert!(!ok("listing", engine.open_runs().await).contains(&id), "a run that is over is not listed");
    let run = reopen(engine, run).await;
    assert!(same(run.finished().as_ref(), &end), "the end is known later");
    assert!(same(ok("inspecting", engine.inspect(&id).await).finished.as_ref(), &end));
    drop(run);
    ok("removing", engine.remove(&id).await);
    expect!("opening what is removed", engine.open(&id).await, Err(RuntimeError::RunNotFound(_)));
}

fn same<T: PartialEq + Debug>(value: Option<&T>, expected: &T) -> bool {
    value == Some(expected)
}
