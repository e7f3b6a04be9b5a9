//! Whoever sits in front of the screen.

use baton_runtime::{PartFailure, Recovery, RunEvent, RunEventKind, RunObserver, ShutdownReport};
use std::io::{self, Write};
use std::sync::Arc;
use tokio::sync::Notify;

/// Writes a line, as long as somebody reads.
pub(crate) fn say(line: &str) {
    let _ = writeln!(io::stdout().lock(), "{line}");
}

/// Tells what is done to services. Looking at them is not worth a line.
pub(crate) struct Narrator {
    /// Told once a service is drained.
    pub(crate) drained: Arc<Notify>,
}

impl RunObserver for Narrator {
    fn observe(&self, event: &RunEvent<'_>) {
        if let RunEventKind::StepFinished { name, failed: None, .. } = &event.kind
            && name.as_str() != "look"
        {
            let when = if event.replayed { "was done before" } else { "done" };
            say(&format!("  {name}: {when}"));
            if name.as_str() == "drain" && !event.replayed {
                self.drained.notify_one();
            }
        }
    }
}

pub(crate) fn tell_recovery(recovery: &Recovery) {
    let Recovery { completed, failed, interrupted, .. } = recovery;
    say(&format!("runs that were left over: {completed} completed, {failed} failed, {interrupted} interrupted"));
}

pub(crate) fn tell_shutdown(report: &ShutdownReport) {
    say(if report.is_clean() { "shut down cleanly" } else { "shut down, with trouble" });
    for part in &report.parts {
        let failures: Vec<_> = part.failures.iter().map(say_failure).collect();
        let how = if failures.is_empty() { "in time".to_owned() } else { failures.join(", ") };
        say(&format!("  {}: {how}", part.name));
    }
    for run in &report.dropped_runs {
        say(&format!("  the run {run} was dropped"));
    }
}

fn say_failure(failure: &PartFailure) -> String {
    match failure {
        PartFailure::TaskTimedOut => "a task took too long and was aborted".to_owned(),
        other => format!("{other:?}"),
    }
}
