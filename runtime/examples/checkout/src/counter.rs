//! The counter: what is typed, and what is shown.

use baton_runtime::{RunEvent, RunEventKind, RunObserver};
use std::io::{self, Write};
use std::path::PathBuf;

pub(crate) const USAGE: &str = "usage: checkout [STATE] [--to PLACE] [--crash]";

/// What was typed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Arguments {
    pub(crate) state: Option<PathBuf>,
    pub(crate) to: Option<String>,
    pub(crate) crash: bool,
}

impl Arguments {
    /// None if it makes no sense.
    pub(crate) fn parse(arguments: impl Iterator<Item = String>) -> Option<Self> {
        let mut parsed = Self::default();
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--to" => parsed.to = Some(arguments.next()?),
                "--crash" => parsed.crash = true,
                flag if flag.starts_with('-') => return None,
                _ if parsed.state.is_some() => return None,
                folder => parsed.state = Some(PathBuf::from(folder)),
            }
        }
        Some(parsed)
    }
}

/// Writes a line, as long as somebody reads.
pub(crate) fn say(line: &str) {
    let _ = writeln!(io::stdout().lock(), "{line}");
}

/// Tells what happens while it does.
pub(crate) struct Narrator;

impl RunObserver for Narrator {
    fn observe(&self, event: &RunEvent<'_>) {
        match &event.kind {
            RunEventKind::StepFinished { name, failed, progress: Some(progress), .. } => {
                let how = match (failed, event.replayed) {
                    (Some(_), _) => "failed",
                    (None, true) => "was done before",
                    (None, false) => "done",
                };
                say(&format!("step {} of {}, {name}: {how}", progress.step, progress.total));
            }
            RunEventKind::Undone { name, failed: false, .. } => say(&format!("{name}: undone")),
            RunEventKind::Undone { name, .. } => say(&format!("{name}: could not be undone")),
            _ => {}
        }
    }
}
