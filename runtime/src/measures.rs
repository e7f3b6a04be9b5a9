//! Runs in numbers, for whatever the application exports metrics with.

use crate::error::EffectState;
use crate::id::{RunId, Sequence};
use crate::lock;
use crate::observer::{Ending, RunEvent, RunEventKind, RunObserver};
use metrics::{Unit, counter, describe_counter, describe_histogram, histogram};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Instant;

const EXECUTIONS: &str = "baton_executions_total";
const ENDED: &str = "baton_executions_ended_total";
const STEPS: &str = "baton_steps_total";
const SECONDS: &str = "baton_step_duration_seconds";
const RETRIES: &str = "baton_step_retries_total";
const UNDOS: &str = "baton_undos_total";
const QUESTIONS: &str = "baton_suspensions_total";

/// More steps than this don't run at once. Executions that are dropped leave theirs behind, and are forgotten with all.
const MAXIMUM_RUNNING: usize = 1 << 16;

/// Counts executions, steps, attempts and undos with the crate [`metrics`], and measures how long steps take; with the
/// feature `metrics`. What is handed back from records is not counted again.
///
/// | metric | labels besides `orchestrator` |
/// |---|---|
/// | `baton_executions_total` | `resumed`: `true` or `false` |
/// | `baton_executions_ended_total` | `ending`: `completed`, `failed`, `stuck`, `interrupted`, `broken` |
/// | `baton_steps_total` | `step`; `outcome`: `ok`, `failed`, `unknown` |
/// | `baton_step_duration_seconds`, a histogram over all attempts | `step` |
/// | `baton_step_retries_total` | `step` |
/// | `baton_undos_total` | `step`; `outcome`: `ok`, `failed` |
/// | `baton_suspensions_total` | `decision`: its name |
///
/// ```
/// use baton_runtime::{MemoryEngine, MetricsObserver, Runtime};
///
/// let runtime = Runtime::builder().engine(MemoryEngine::new()).observer(MetricsObserver::new()).build()?;
/// # Ok::<_, baton_runtime::RuntimeError>(())
/// ```
#[derive(Debug)]
pub struct MetricsObserver {
    /// When each step began that runs now.
    running: Mutex<BTreeMap<(RunId, Sequence), Instant>>,
}

impl MetricsObserver {
    /// Describes the metrics to the recorder of this process, which has to be installed before. What happens without one
    /// is counted nowhere.
    pub fn new() -> Self {
        describe_counter!(EXECUTIONS, "Executions of runs that began");
        describe_counter!(ENDED, "Executions of runs that ended");
        describe_counter!(STEPS, "Steps that were recorded");
        describe_histogram!(SECONDS, Unit::Seconds, "How long steps took, with all attempts and waits");
        describe_counter!(RETRIES, "Attempts that failed and were followed by another one");
        describe_counter!(UNDOS, "Steps that were undone");
        describe_counter!(QUESTIONS, "Executions that ended with a question that has no answer yet");
        Self { running: Mutex::default() }
    }

    fn begin(&self, run: &RunId, sequence: &Sequence) {
        let mut running = lock(&self.running);
        if running.len() >= MAXIMUM_RUNNING {
            running.clear();
        }
        running.insert((run.clone(), sequence.clone()), Instant::now());
    }

    fn forget(&self, run: &RunId) {
        let mut running = lock(&self.running);
        let from = (run.clone(), Sequence::root());
        let left: Vec<_> = running.range(from..).map(|(key, _)| key.clone()).take_while(|key| key.0 == *run).collect();
        for key in left {
            running.remove(&key);
        }
    }
}

impl Default for MetricsObserver {
    fn default() -> Self {
        Self::new()
    }
}

impl RunObserver for MetricsObserver {
    fn observe(&self, event: &RunEvent<'_>) {
        let orchestrator = event.orchestrator.to_owned();
        match &event.kind {
            RunEventKind::Started => {
                let resumed = if event.replayed { "true" } else { "false" };
                counter!(EXECUTIONS, "orchestrator" => orchestrator, "resumed" => resumed).increment(1);
            }
            RunEventKind::Ended { ending } => {
                self.forget(event.run);
                counter!(ENDED, "orchestrator" => orchestrator, "ending" => ending_label(*ending)).increment(1);
            }
            RunEventKind::Suspended { decision } => {
                let name = decision.name.to_string();
                counter!(QUESTIONS, "orchestrator" => orchestrator, "decision" => name).increment(1);
            }
            _ if event.replayed => {}
            RunEventKind::StepStarted { sequence, .. } => self.begin(event.run, sequence),
            RunEventKind::StepRetried { name, .. } => {
                counter!(RETRIES, "orchestrator" => orchestrator, "step" => name.to_string()).increment(1);
            }
            RunEventKind::StepFinished { sequence, name, failed, .. } => {
                let outcome = match failed {
                    None => "ok",
                    Some(EffectState::NotApplied) => "failed",
                    Some(EffectState::Unknown) => "unknown",
                };
                let step = name.to_string();
                let begun = lock(&self.running).remove(&(event.run.clone(), (*sequence).clone()));
                if let Some(begun) = begun {
                    histogram!(SECONDS, "orchestrator" => orchestrator.clone(), "step" => step.clone())
                        .record(begun.elapsed().as_secs_f64());
                }
                counter!(STEPS, "orchestrator" => orchestrator, "step" => step, "outcome" => outcome).increment(1);
            }
            RunEventKind::Undone { name, failed, .. } => {
                let (step, outcome) = (name.to_string(), if *failed { "failed" } else { "ok" });
                counter!(UNDOS, "orchestrator" => orchestrator, "step" => step, "outcome" => outcome).increment(1);
            }
            RunEventKind::BranchChosen { .. } => {}
        }
    }
}

fn ending_label(ending: Ending) -> &'static str {
    match ending {
        Ending::Completed => "completed",
        Ending::Failed => "failed",
        Ending::Stuck => "stuck",
        Ending::Interrupted => "interrupted",
        Ending::Broken => "broken",
    }
}
