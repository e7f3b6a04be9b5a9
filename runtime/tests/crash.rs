//! A real process that is aborted at every boundary of a run: before an effect, after it, and after it was recorded.
//!
//! The process is this test binary again, with the environment saying what to do. Its effects are lines in a file.
#![allow(clippy::unwrap_used, reason = "tests")]

use baton_runtime::{
    Attempt, Category, Definition, Effect, Kind, Layer, LocalEngine, Orchestrator, Pipeline, RunContext, RunError,
    RunEvent, RunEventKind, RunId, RunObserver, RunOptions, Runtime, RuntimeError, SimpleError, StepError, Undo,
};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::time::Duration;

const FOLDER: &str = "BATON_CRASH_FOLDER";
const ABORT_AT: &str = "BATON_CRASH_AT";
const LAST_FAILS: &str = "BATON_CRASH_LAST_FAILS";

/// The ten steps. `c`, `d` and `e` run side by side, `g` fails and `h` is taken instead.
const STEPS: [&str; 10] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
const PHASES: [&str; 3] = ["before", "after", "recorded"];

/// The world of the child: a file of effects, and a place at which it ends.
struct World {
    effects: PathBuf,
    abort_at: String,
    last_fails: bool,
}

impl World {
    fn from_environment() -> Option<Self> {
        let folder = PathBuf::from(std::env::var_os(FOLDER)?);
        let abort_at = std::env::var(ABORT_AT).unwrap_or_default();
        Some(Self { effects: folder.join("effects"), abort_at, last_fails: std::env::var_os(LAST_FAILS).is_some() })
    }

    fn write(&self, line: &str) {
        let mut file = OpenOptions::new().append(true).create(true).open(&self.effects).unwrap();
        file.write_all(format!("{line}\n").as_bytes()).unwrap();
    }

    #[expect(clippy::disallowed_methods, reason = "this is the crash that is tested")]
    fn boundary(&self, step: &str, phase: &str) {
        if self.abort_at == format!("{step} {phase}") {
            std::process::abort();
        }
    }

    fn effect(&self, what: &str) {
        self.boundary(what, "before");
        self.write(what);
        self.boundary(what, "after");
    }
}

/// Ends the process once a step is recorded.
struct AfterRecord(Arc<World>);

impl RunObserver for AfterRecord {
    fn observe(&self, event: &RunEvent<'_>) {
        match event.kind {
            RunEventKind::StepFinished { name, .. } if !event.replayed => {
                self.0.boundary(name.as_str(), "recorded");
                self.0.write(&format!("confirmed {name}"));
            }
            RunEventKind::Undone { name, .. } if !event.replayed => {
                self.0.boundary(&format!("undo {name}"), "recorded");
                self.0.write(&format!("confirmed undo {name}"));
            }
            _ => {}
        }
    }
}

struct Ten(Arc<World>);

type Failed = StepError<SimpleError>;

async fn act(world: Arc<World>, _: Arc<()>, attempt: Attempt) -> Result<String, Failed> {
    let key = attempt.idempotency_key().to_string();
    let name = key.rsplit('/').next().unwrap_or_default().to_owned();
    let fails = name == "g" || (name == "j" && world.last_fails);
    world.effect(&name);
    if fails { Err(StepError::Terminal(SimpleError::new(Category::Dependency, "down"))) } else { Ok(key) }
}

async fn reverse(world: Arc<World>, _: Arc<()>, undo: Undo<String>) -> Result<(), Failed> {
    let name = undo.step_key.as_str().rsplit('/').next().unwrap_or_default().to_owned();
    world.effect(&format!("undo {name}"));
    Ok(())
}

fn ten() -> Pipeline<World, (), SimpleError> {
    fn nothing(_: &mut (), _: String) {}
    Pipeline::builder("ten")
        .step("a", act, nothing)
        .compensate(reverse)
        .step("b", act, nothing)
        .compensate(reverse)
        .parallel("side by side", |group| {
            let group = group.step("c", act, nothing).compensate(reverse).step("d", act, nothing).compensate(reverse);
            group.step("e", act, nothing).compensate(reverse)
        })
        .step("f", act, nothing)
        .effect(Effect::AtMostOnce)
        .compensate(reverse)
        .fallback("either", |group| group.step("g", act, nothing).step("h", act, nothing).compensate(reverse))
        .step("i", act, nothing)
        .compensate(reverse)
        .step("j", act, nothing)
        .compensate(reverse)
        .build()
        .unwrap()
}

impl Orchestrator for Ten {
    const NAME: &'static str = "ten";
    const LAYER: Layer = Layer::Domain;
    const KIND: Kind = Kind::Sequential;
    type Input = ();
    type Output = ();
    type Error = SimpleError;

    async fn orchestrate(&self, cx: &RunContext<'_>, (): ()) -> Result<(), RunError<SimpleError>> {
        ten().run(cx, &self.0, ()).await
    }

    fn definition(&self) -> Definition {
        ten().definition()
    }
}

fn in_tokio<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// Not a test by itself: what the child does. Without the environment it passes and does nothing.
#[test]
fn child_that_runs_ten_steps() {
    let Some(world) = World::from_environment() else { return };
    let world = Arc::new(world);
    let runs = world.effects.with_file_name("runs");
    let builder = Runtime::builder().engine(LocalEngine::open(runs).unwrap()).observer(AfterRecord(Arc::clone(&world)));
    let runtime = builder.register(Ten(Arc::clone(&world))).unwrap().build().unwrap();
    let options = RunOptions::new().run_id(RunId::new("ten").unwrap());
    let result = in_tokio(runtime.run_with::<Ten>(options, ()));
    world.write(&format!("ended {}", result.map_or_else(|error| error.to_string(), |()| "well".to_owned())));
}

fn child(test: &str, folder: &Path, environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture"]).env(FOLDER, folder).envs(environment.iter().copied());
    command.output().unwrap()
}

fn lines(folder: &Path) -> Vec<String> {
    let text = fs::read_to_string(folder.join("effects")).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

/// Crashes at a place, then runs to the end, and looks at what happened.
fn crash_and_resume(abort_at: &str, last_fails: bool) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let mut environment = vec![(ABORT_AT, abort_at)];
    if last_fails {
        environment.push((LAST_FAILS, "1"));
    }
    let crashed = child("child_that_runs_ten_steps", folder.path(), &environment);
    assert!(!crashed.status.success(), "{abort_at}: the child was not aborted");
    let before = lines(folder.path());
    environment[0].1 = "";
    let resumed = child("child_that_runs_ten_steps", folder.path(), &environment);
    assert!(resumed.status.success(), "{abort_at}: {}", String::from_utf8_lossy(&resumed.stdout));
    let all = lines(folder.path());
    check(abort_at, &before, &all, last_fails);
    all
}

/// What promises 1, 2, 4, 5 and 11 say about the effects of a run that crashed once.
fn check(abort_at: &str, before: &[String], all: &[String], last_fails: bool) {
    let confirmed: BTreeSet<_> = before.iter().filter_map(|line| line.strip_prefix("confirmed ")).collect();
    let mut counts = BTreeMap::new();
    for line in all.iter().filter(|line| !line.starts_with("confirmed") && !line.starts_with("ended")) {
        *counts.entry(line.as_str()).or_insert(0) += 1;
    }
    let in_flight = abort_at.split(' ').rev().nth(1).unwrap();
    let is_side_by_side = ["c", "d", "e"].contains(&in_flight);
    for (what, count) in &counts {
        assert!(*count <= 2, "{abort_at}: `{what}` was done {count} times: {all:?}");
        let may_repeat = !confirmed.contains(what)
            && (abort_at == format!("{what} after") || (is_side_by_side && ["c", "d", "e"].contains(what)));
        assert!(*count == 1 || may_repeat, "{abort_at}: `{what}` was done twice: {all:?}");
    }
    // A crash in the step that runs at most once leaves it unfinished: it is undone and never repeated.
    let unfinished = abort_at == "f before" || abort_at == "f after";
    let fails = last_fails || unfinished;
    let reached = if unfinished { 5 } else { 10 };
    for step in &STEPS[..reached] {
        assert!(counts.contains_key(step), "{abort_at}: `{step}` was never done: {all:?}");
    }
    let undone: Vec<_> = all.iter().filter_map(|line| line.strip_prefix("confirmed undo ")).collect();
    let expected: &[&str] = match (fails, unfinished) {
        (false, _) => &[],
        (true, true) => &["f", "e", "d", "c", "b", "a"],
        (true, false) => &["i", "h", "f", "e", "d", "c", "b", "a"],
    };
    // A crash right after the record keeps the child from writing that it is confirmed.
    let missing = abort_at.strip_suffix(" recorded").and_then(|what| what.strip_prefix("undo ")).unwrap_or_default();
    let expected: Vec<_> = expected.iter().copied().filter(|step| *step != missing).collect();
    assert_eq!(undone, expected, "{abort_at}: {all:?}");
    let ending = match (unfinished, last_fails) {
        (true, _) => "ended step `f`: it was begun, and how it ended is unknown",
        (false, true) => "ended step `j`: down",
        (false, false) => "ended well",
    };
    assert_eq!(all.last().map(String::as_str), Some(ending), "{abort_at}");
}

#[test]
fn a_process_that_is_aborted_at_any_boundary_of_ten_steps_repeats_no_confirmed_one() {
    for step in STEPS {
        for phase in PHASES {
            crash_and_resume(&format!("{step} {phase}"), false);
        }
    }
}

#[test]
fn a_process_that_is_aborted_at_any_boundary_of_unwinding_goes_on_with_it() {
    for step in STEPS.iter().filter(|step| !["g", "j"].contains(step)) {
        for phase in PHASES {
            crash_and_resume(&format!("undo {step} {phase}"), true);
        }
    }
    for phase in PHASES {
        crash_and_resume(&format!("j {phase}"), true);
    }
}

/// Crashes over and over, each time a little later.
#[test]
fn a_run_that_crashes_at_every_second_place_gets_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    for step in STEPS.iter().filter(|step| **step != "f") {
        let place = format!("{step} after");
        let crashed = child("child_that_runs_ten_steps", folder.path(), &[(ABORT_AT, &place)]);
        assert!(!crashed.status.success(), "{place}");
    }
    assert!(child("child_that_runs_ten_steps", folder.path(), &[(ABORT_AT, "")]).status.success());
    let all = lines(folder.path());
    for step in STEPS {
        let count = all.iter().filter(|line| *line == step).count();
        let most = if ["c", "d", "e"].contains(&step) { 4 } else { 2 };
        assert!((1..=most).contains(&count), "`{step}` {count} times: {all:?}");
    }
    assert_eq!(all.last().unwrap(), "ended well");
}

/// One slow step, so that two processes meet.
struct Slow(Arc<World>);

impl Orchestrator for Slow {
    const NAME: &'static str = "slow";
    const LAYER: Layer = Layer::Domain;
    const KIND: Kind = Kind::Sequential;
    type Input = ();
    type Output = ();
    type Error = SimpleError;

    async fn orchestrate(&self, cx: &RunContext<'_>, (): ()) -> Result<(), RunError<SimpleError>> {
        let slow = cx.step("slow").run(|_| async {
            self.0.write("effect");
            tokio::time::sleep(Duration::from_millis(500)).await;
            Ok(())
        });
        slow.await
    }
}

#[test]
fn child_that_races() {
    let Some(world) = World::from_environment() else { return };
    let world = Arc::new(world);
    let runs = world.effects.with_file_name("runs");
    let builder = Runtime::builder().engine(LocalEngine::open(runs).unwrap());
    let runtime = builder.register(Slow(Arc::clone(&world))).unwrap().build().unwrap();
    let options = RunOptions::new().run_id(RunId::new("race").unwrap());
    match in_tokio(runtime.run_with::<Slow>(options, ())) {
        Ok(()) => world.write("won"),
        Err(RunError::Runtime(RuntimeError::RunBusy(_))) => world.write("busy"),
        Err(error) => world.write(&error.to_string()),
    }
}

/// Promise 9.
#[test]
fn of_processes_that_race_for_a_run_one_runs_it_and_the_others_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let racers: Vec<_> = (0..4)
        .map(|_| {
            let folder = folder.path().to_owned();
            std::thread::spawn(move || child("child_that_races", &folder, &[]))
        })
        .collect();
    for racer in racers {
        assert!(racer.join().unwrap().status.success());
    }
    let mut all = lines(folder.path());
    all.sort_unstable();
    assert_eq!(all, ["busy", "busy", "busy", "effect", "won"]);
}
