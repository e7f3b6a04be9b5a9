//! Running a scenario once for every place at which something may go wrong.

use super::engine::{Mishap, Mishaps};
use crate::engine::{EntryKey, EntryKind};
use crate::error::{Interrupt, PendingDecision, RunError, RuntimeError};
use crate::id::RunId;
use crate::orchestrator::{ErasedError, Orchestrator};
use crate::payload::Payload;
use crate::runtime::{RunOptions, Runtime, RuntimeBuilder, typed};
use std::fmt;

type Build<W> = Box<dyn Fn(&W) -> Result<RuntimeBuilder, RuntimeError>>;
type Answer = Box<dyn Fn(&PendingDecision) -> Option<Payload>>;

/// What is run again and again: a world, and the orchestrators on it. The world is what outlives a crash, such as counted
/// effects in place of services; the orchestrators are made anew after each one, as a restart would.
pub struct Scenario<W> {
    world: Box<dyn Fn() -> W>,
    build: Build<W>,
    answer: Answer,
}

impl<W> Scenario<W> {
    /// A scenario out of a world and of orchestrators on it. The engine is given by the sweeps.
    pub fn new(
        world: impl Fn() -> W + 'static,
        build: impl Fn(&W) -> Result<RuntimeBuilder, RuntimeError> + 'static,
    ) -> Self {
        Self { world: Box::new(world), build: Box::new(build), answer: Box::new(|_| None) }
    }

    /// How questions are answered. A run that waits for an answer that there is none to ends as interrupted.
    #[must_use]
    pub fn answer(mut self, answer: impl Fn(&PendingDecision) -> Option<Payload> + 'static) -> Self {
        self.answer = Box::new(answer);
        self
    }

    fn runtime(&self, world: &W, engine: &Mishaps) -> Result<Runtime, RuntimeError> {
        (self.build)(world)?.engine(engine.clone()).build()
    }
}

/// What goes wrong in a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trouble {
    /// The process crashes before the operation is done.
    CrashBefore,
    /// It crashes after the operation was done and before that is recorded.
    CrashAfter,
    /// It crashes once the operation is recorded.
    CrashRecorded,
    /// The operation fails, and provably had no effect.
    FailsWithoutEffect,
    /// The operation is done, and it is unknown whether it was.
    FailsWithUnknownEffect,
}

/// One of the cases of a sweep.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Case {
    /// The operation with which something goes wrong.
    pub operation: EntryKey,
    /// What goes wrong.
    pub trouble: Trouble,
    /// For the failure of an undo: the step whose failure led to it.
    pub after: Option<EntryKey>,
}

impl fmt::Display for Case {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let EntryKey { sequence, kind, name } = &self.operation;
        let trouble = match self.trouble {
            Trouble::CrashBefore => "a crash before",
            Trouble::CrashAfter => "a crash after",
            Trouble::CrashRecorded => "a crash after the record of",
            Trouble::FailsWithoutEffect => "a failure of",
            Trouble::FailsWithUnknownEffect => "an unknown outcome of",
        };
        write!(formatter, "{trouble} {kind} `{name}` at {sequence}")?;
        match &self.after {
            Some(step) => write!(formatter, ", after a failure of step `{}` at {}", step.name, step.sequence),
            None => Ok(()),
        }
    }
}

type Outcome<O> = Result<<O as Orchestrator>::Output, RunError<<O as Orchestrator>::Error>>;

/// Crashes at every boundary of a run (before each operation, after it, after its record), resumes it with orchestrators
/// made anew, and asks `check` each time. Returns the number of cases.
///
/// # Errors
/// A [`RuntimeError`] if the scenario cannot be built.
///
/// ```
/// use baton_runtime::testing::{Scenario, crash_sweep};
/// use baton_runtime::{Kind, Layer, Never, Orchestrator, RunContext, RunError, Runtime, StepError};
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicU32, Ordering};
///
/// struct Counts(Arc<AtomicU32>);
///
/// impl Orchestrator for Counts {
///     const NAME: &'static str = "counts";
///     const LAYER: Layer = Layer::Domain;
///     const KIND: Kind = Kind::Sequential;
///     type Input = ();
///     type Output = ();
///     type Error = Never;
///
///     async fn orchestrate(&self, cx: &RunContext<'_>, (): ()) -> Result<(), RunError<Never>> {
///         cx.step("count")
///             .run(|_| async {
///                 self.0.fetch_add(1, Ordering::Relaxed);
///                 Ok::<_, StepError<Never>>(())
///             })
///             .await
///     }
/// }
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let scenario = Scenario::new(Arc::<AtomicU32>::default, |count| Runtime::builder().register(Counts(Arc::clone(count))));
/// let cases = crash_sweep::<Counts, _>(&scenario, &(), |case, count, result| {
///     assert!(result.is_ok(), "{case}");
///     assert!(count.load(Ordering::Relaxed) <= 2, "{case}");
/// })
/// .await?;
/// assert_eq!(cases, 3);
/// # Ok::<_, baton_runtime::RuntimeError>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
pub async fn crash_sweep<O: Orchestrator, W>(
    scenario: &Scenario<W>,
    input: &O::Input,
    check: impl Fn(&Case, &W, Outcome<O>),
) -> Result<usize, RuntimeError> {
    let crashes = [
        (Mishap::CrashBefore, Trouble::CrashBefore),
        (Mishap::CrashAfter, Trouble::CrashAfter),
        (Mishap::CrashRecorded, Trouble::CrashRecorded),
    ];
    sweep::<O, W>(scenario, input, &crashes, |_| true, check).await
}

/// Does each step and each undo twice, by a crash between the doing and the record, and asks `check` each time whether the
/// world is as if it had been done once. Returns the number of cases.
///
/// # Errors
/// A [`RuntimeError`] if the scenario cannot be built.
pub async fn repeat_each_step<O: Orchestrator, W>(
    scenario: &Scenario<W>,
    input: &O::Input,
    check: impl Fn(&Case, &W, Outcome<O>),
) -> Result<usize, RuntimeError> {
    let crash = [(Mishap::CrashAfter, Trouble::CrashAfter)];
    sweep::<O, W>(scenario, input, &crash, |key| matches!(key.kind, EntryKind::Step | EntryKind::Undo), check).await
}

/// Lets each step fail, once provably without an effect and once with an unknown outcome, and asks `check` each time.
/// Returns the number of cases.
///
/// # Errors
/// A [`RuntimeError`] if the scenario cannot be built.
pub async fn fail_each_step<O: Orchestrator, W>(
    scenario: &Scenario<W>,
    input: &O::Input,
    check: impl Fn(&Case, &W, Outcome<O>),
) -> Result<usize, RuntimeError> {
    let failures =
        [(Mishap::FailInstead, Trouble::FailsWithoutEffect), (Mishap::FailAfter, Trouble::FailsWithUnknownEffect)];
    sweep::<O, W>(scenario, input, &failures, |key| key.kind == EntryKind::Step, check).await
}

/// Lets each step fail with an unknown outcome and, for each of them, each undo that follows from it, and asks `check` each
/// time: the run is stuck, and everything else is undone. Returns the number of cases.
///
/// # Errors
/// A [`RuntimeError`] if the scenario cannot be built.
pub async fn fail_each_undo<O: Orchestrator, W>(
    scenario: &Scenario<W>,
    input: &O::Input,
    check: impl Fn(&Case, &W, Outcome<O>),
) -> Result<usize, RuntimeError> {
    let steps = operations::<O, W>(scenario, input, Vec::new()).await?;
    let mut cases = 0;
    for (at, step) in steps.iter().enumerate().filter(|(_, key)| key.kind == EntryKind::Step) {
        let first = (at, Mishap::FailAfter);
        let then = operations::<O, W>(scenario, input, vec![first]).await?;
        for (undo_at, undo) in then.iter().enumerate().filter(|(_, key)| key.kind == EntryKind::Undo) {
            let world = (scenario.world)();
            let engine = Mishaps::new(vec![first, (undo_at, Mishap::FailInstead)]);
            let result = run::<O, W>(scenario, &world, &engine, input).await?;
            let (operation, after) = (undo.clone(), Some(step.clone()));
            check(&Case { operation, trouble: Trouble::FailsWithoutEffect, after }, &world, typed::<O>(result));
            cases += 1;
        }
    }
    Ok(cases)
}

/// Makes an orchestrator anew after every operation of a run, and panics if the run then ends otherwise than one that is
/// left alone. What a run depends on has to be in its input, in its records or in the collaborators that `make` hands over;
/// an orchestrator keeps none of it.
///
/// # Panics
/// If a run ends otherwise, or cannot be run.
pub async fn assert_recreatable<O: Orchestrator>(make: impl Fn() -> O + 'static, input: &O::Input) {
    let scenario = Scenario::new(|| (), move |()| Runtime::builder().register(make()));
    let result = async {
        let expected = run::<O, ()>(&scenario, &(), &Mishaps::new(Vec::new()), input).await?;
        let expected = ending(&expected);
        let crash = [(Mishap::CrashRecorded, Trouble::CrashRecorded)];
        for (at, key) in operations::<O, ()>(&scenario, input, Vec::new()).await?.into_iter().enumerate() {
            let engine = Mishaps::new(vec![(at, crash[0].0)]);
            let now = ending(&run::<O, ()>(&scenario, &(), &engine, input).await?);
            let case = Case { operation: key, trouble: crash[0].1, after: None };
            assert!(now == expected, "`{}` is not the same after {case}:\n{now}\ninstead of\n{expected}", O::NAME);
        }
        Ok::<_, RuntimeError>(())
    };
    if let Err(error) = result.await {
        assert!(error.to_string().is_empty(), "`{}` cannot be run: {error}", O::NAME);
    }
}

fn ending(result: &Result<Payload, RunError<ErasedError>>) -> String {
    match result {
        Ok(output) => output.as_json().to_owned(),
        Err(error) => error.to_string(),
    }
}

async fn sweep<O: Orchestrator, W>(
    scenario: &Scenario<W>,
    input: &O::Input,
    troubles: &[(Mishap, Trouble)],
    matters: impl Fn(&EntryKey) -> bool,
    check: impl Fn(&Case, &W, Outcome<O>),
) -> Result<usize, RuntimeError> {
    let operations = operations::<O, W>(scenario, input, Vec::new()).await?;
    let mut cases = 0;
    for (at, operation) in operations.iter().enumerate().filter(|(_, key)| matters(key)) {
        for (mishap, trouble) in troubles {
            let world = (scenario.world)();
            let engine = Mishaps::new(vec![(at, *mishap)]);
            let result = run::<O, W>(scenario, &world, &engine, input).await?;
            let case = Case { operation: operation.clone(), trouble: *trouble, after: None };
            check(&case, &world, typed::<O>(result));
            cases += 1;
        }
    }
    Ok(cases)
}

/// The operations of a run in which at most these things go wrong.
async fn operations<O: Orchestrator, W>(
    scenario: &Scenario<W>,
    input: &O::Input,
    mishaps: Vec<(usize, Mishap)>,
) -> Result<Vec<EntryKey>, RuntimeError> {
    let engine = Mishaps::new(mishaps);
    let _ = run::<O, W>(scenario, &(scenario.world)(), &engine, input).await?;
    Ok(engine.done())
}

/// Runs an orchestrator to its end, over crashes and questions.
async fn run<O: Orchestrator, W>(
    scenario: &Scenario<W>,
    world: &W,
    engine: &Mishaps,
    input: &O::Input,
) -> Result<Result<Payload, RunError<ErasedError>>, RuntimeError> {
    let id = RunId::new("sweep")?;
    let (input, options) = (Payload::encode(input)?, RunOptions::new().run_id(id.clone()));
    let mut engine = engine.clone();
    let mut runtime = scenario.runtime(world, &engine)?;
    let mut result = engine.until_crash(runtime.run_named(O::NAME, options, input)).await;
    loop {
        match result {
            None => {
                engine = engine.restarted();
                runtime = scenario.runtime(world, &engine)?;
            }
            Some(Err(RunError::Interrupted(Interrupt::Suspended(pending)))) => {
                let Some(answer) = (scenario.answer)(&pending) else {
                    return Ok(Err(RunError::Interrupted(Interrupt::Suspended(pending))));
                };
                runtime.decide(&id, &pending.id, &answer).await?;
            }
            Some(result) => return Ok(result),
        }
        result = engine.until_crash(runtime.resume_dyn(&id)).await;
    }
}
