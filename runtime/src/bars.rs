//! Runs as bars on a terminal.

use crate::id::RunId;
use crate::lock;
use crate::observer::{Ending, Progress, RunEvent, RunEventKind, RunObserver};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::collections::BTreeMap;
use std::sync::Mutex;

/// Shows a bar for each run on standard error while it is executed, with the feature `progress`: how many steps are done of
/// how many, as far as that is known, and which one is at work. Where standard error is no terminal, it shows nothing.
///
/// ```
/// use baton_runtime::{MemoryEngine, ProgressBars, Runtime};
///
/// let runtime = Runtime::builder().engine(MemoryEngine::new()).observer(ProgressBars::new()).build()?;
/// # Ok::<_, baton_runtime::RuntimeError>(())
/// ```
#[derive(Debug)]
pub struct ProgressBars {
    all: MultiProgress,
    bars: Mutex<BTreeMap<RunId, ProgressBar>>,
}

impl ProgressBars {
    /// Bars on standard error.
    pub fn new() -> Self {
        Self::on(ProgressDrawTarget::stderr())
    }

    fn on(target: ProgressDrawTarget) -> Self {
        Self { all: MultiProgress::with_draw_target(target), bars: Mutex::default() }
    }

    fn bar(&self, event: &RunEvent<'_>) -> ProgressBar {
        let mut bars = lock(&self.bars);
        let bar = bars.entry(event.run.clone()).or_insert_with(|| {
            let bar = self.all.add(ProgressBar::no_length().with_prefix(event.orchestrator.to_owned()));
            bar.with_style(counting())
        });
        bar.clone()
    }

    fn end(&self, event: &RunEvent<'_>, ending: Ending) {
        let Some(bar) = lock(&self.bars).remove(event.run) else { return };
        match ending {
            Ending::Completed => bar.finish_with_message("done"),
            Ending::Failed => bar.abandon_with_message("failed, and what it did is undone"),
            Ending::Stuck => bar.abandon_with_message("failed, and could not be undone"),
            Ending::Broken => bar.abandon_with_message("stopped by an error of the runtime"),
            // The question stays to be read, if it was one.
            Ending::Interrupted if bar.message().starts_with(WAITS) => bar.abandon(),
            Ending::Interrupted => bar.abandon_with_message("stopped; it can be resumed"),
        }
    }
}

const WAITS: &str = "waits for";

impl Default for ProgressBars {
    fn default() -> Self {
        Self::new()
    }
}

impl RunObserver for ProgressBars {
    fn observe(&self, event: &RunEvent<'_>) {
        match &event.kind {
            RunEventKind::Started => self.bar(event).tick(),
            RunEventKind::StepStarted { name, progress, .. } => {
                let bar = self.bar(event);
                know_total(&bar, *progress);
                bar.set_message(name.to_string());
            }
            RunEventKind::StepRetried { name, attempt, .. } => {
                self.bar(event).set_message(format!("{name}, attempt {}", attempt.saturating_add(1)));
            }
            RunEventKind::StepFinished { progress, .. } => {
                let bar = self.bar(event);
                know_total(&bar, *progress);
                bar.inc(1);
            }
            RunEventKind::BranchChosen { name, .. } => self.bar(event).set_message(name.to_string()),
            RunEventKind::Undone { name, .. } => self.bar(event).set_message(format!("undoing: {name}")),
            RunEventKind::Suspended { decision } => {
                self.bar(event).set_message(format!("{WAITS} `{}`", decision.name));
            }
            RunEventKind::Ended { ending } => self.end(event, *ending),
        }
    }
}

fn know_total(bar: &ProgressBar, progress: Option<Progress>) {
    if let Some(Progress { total, .. }) = progress
        && bar.length().is_none()
    {
        bar.set_length(total as u64);
        bar.set_style(filling());
    }
}

/// While nobody knows how many steps there are.
fn counting() -> ProgressStyle {
    style("{prefix} {pos} steps {wide_msg}")
}

/// Once it is known.
fn filling() -> ProgressStyle {
    style("{prefix} [{bar:20}] {pos}/{len} {wide_msg}")
}

fn style(template: &str) -> ProgressStyle {
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    style.progress_chars("=> ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effect::Effect;
    use crate::id::{Name, Sequence};
    use indicatif::InMemoryTerm;

    /// What stands on the terminal after each of these.
    fn shown(events: &[RunEventKind<'_>]) -> Vec<String> {
        let terminal = InMemoryTerm::new(4, 60);
        let target = ProgressDrawTarget::term_like_with_hz(Box::new(terminal.clone()), 255);
        let bars = ProgressBars::on(target);
        let run = RunId::new("r").unwrap();
        let mut shown = Vec::new();
        for kind in events {
            let event = RunEvent { run: &run, orchestrator: "checkout", replayed: false, kind: kind.clone() };
            bars.observe(&event);
            // The bar draws at most so often; what is asserted is where it comes to.
            if let Some(bar) = lock(&bars.bars).get(&run) {
                bar.force_draw();
            }
            shown.push(terminal.contents());
        }
        assert!(lock(&bars.bars).is_empty() == matches!(events.last(), Some(RunEventKind::Ended { .. })));
        shown
    }

    fn started<'a>(sequence: &'a Sequence, name: &'a Name, progress: Option<Progress>) -> RunEventKind<'a> {
        RunEventKind::StepStarted { sequence, name, effect: Effect::Idempotent, progress }
    }

    #[test]
    fn a_pipeline_fills_a_bar() {
        let (sequence, name) = (Sequence::root(), Name::from("charge"));
        let progress = |step| Some(Progress { step, total: 2 });
        let finished = |step| RunEventKind::StepFinished {
            sequence: &sequence,
            name: &name,
            failed: None,
            progress: progress(step),
        };
        let retried =
            RunEventKind::StepRetried { sequence: &sequence, name: &name, attempt: 1, wait: std::time::Duration::ZERO };
        let completed = RunEventKind::Ended { ending: Ending::Completed };
        let first = started(&sequence, &name, progress(1));
        let shown = shown(&[RunEventKind::Started, first, retried, finished(1), finished(2), completed]);
        assert_eq!(shown[0].trim_end(), "checkout 0 steps");
        assert_eq!(shown[1], "checkout [                    ] 0/2 charge");
        assert_eq!(shown[2], "checkout [                    ] 0/2 charge, attempt 2");
        assert_eq!(shown[3], "checkout [==========>         ] 1/2 charge, attempt 2");
        assert_eq!(shown[5], "checkout [====================] 2/2 done");
    }

    #[test]
    fn a_run_without_a_total_counts_and_a_question_stays_to_be_read() {
        let (sequence, name) = (Sequence::root(), Name::from("plan"));
        let decision = crate::id::DecisionId { sequence: sequence.clone(), name: "approve".into() };
        let finished = RunEventKind::StepFinished { sequence: &sequence, name: &name, failed: None, progress: None };
        let suspended = RunEventKind::Suspended { decision: &decision };
        let interrupted = RunEventKind::Ended { ending: Ending::Interrupted };
        let shown = shown(&[started(&sequence, &name, None), finished, suspended, interrupted]);
        assert_eq!(shown[0], "checkout 0 steps plan");
        assert_eq!(shown[1], "checkout 1 steps plan");
        assert_eq!(shown[3], "checkout 1 steps waits for `approve`");
    }

    #[test]
    fn nothing_is_shown_where_there_is_no_terminal() {
        use std::io::IsTerminal;
        assert_eq!(ProgressBars::new().all.is_hidden(), !std::io::stderr().is_terminal());
    }
}
