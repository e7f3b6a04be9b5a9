//! The terminal, and whoever sits in front of it.

use baton_runtime::{Escalation, EscalationOption, Payload, RunEvent, RunEventKind, RunObserver};
use std::io::{self, BufRead, IsTerminal, Write};

/// Writes a line, as long as somebody reads.
pub(crate) fn say(line: &str) {
    let _ = writeln!(io::stdout().lock(), "{line}");
}

/// Tells what happens while it does.
pub(crate) struct Narrator;

impl RunObserver for Narrator {
    fn observe(&self, event: &RunEvent<'_>) {
        match &event.kind {
            RunEventKind::Started if event.replayed => say("goes on with what is recorded"),
            RunEventKind::StepFinished { name, failed: None, .. } if !event.replayed => say(&format!("  {name}")),
            RunEventKind::StepFinished { name, .. } if !event.replayed => say(&format!("  {name} failed")),
            _ => {}
        }
    }
}

/// Asks a person, or takes the first option where there is nobody: `unattended` says so, and so does an input that is no
/// terminal.
pub(crate) fn ask(escalation: &Escalation<Payload>, unattended: bool) -> io::Result<Payload> {
    say(&format!("\n{}\n{}", escalation.failure, escalation.question));
    for (number, option) in (1..).zip(&escalation.options) {
        say(&format!("  {number}  {}", option.label));
    }
    let nobody = || io::Error::other("there is nothing to choose from");
    if unattended || !io::stdin().is_terminal() {
        let first = escalation.options.first().ok_or_else(nobody)?;
        say(&format!("nobody is there: {}\n", first.label));
        return Ok(first.choice.clone());
    }
    let mut lines = io::stdin().lock().lines();
    loop {
        let line = lines.next().ok_or_else(|| io::Error::other("the input ended without an answer"))??;
        match chosen(&escalation.options, &line) {
            Some(option) => return Ok(option.choice.clone()),
            None => say(&format!("a number from 1 to {}", escalation.options.len())),
        }
    }
}

fn chosen<'o>(options: &'o [EscalationOption<Payload>], line: &str) -> Option<&'o EscalationOption<Payload>> {
    options.get(line.trim().parse::<usize>().ok()?.checked_sub(1)?)
}
