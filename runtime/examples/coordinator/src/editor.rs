//! Whoever edits the site.

use super::site::{Answer, Operation, Page};
use baton_runtime::{RunEvent, RunEventKind, RunObserver};
use std::io::{self, Write};

/// Writes a line, as long as somebody reads.
pub(crate) fn say(line: &str) {
    let _ = writeln!(io::stdout().lock(), "{line}");
}

/// What the editor asks for, one after the other.
pub(crate) fn day() -> [Operation; 6] {
    let page = |name: &str, text: &str| Page { name: name.to_owned(), text: text.to_owned() };
    [
        Operation::List,
        Operation::Publish(page("guide", "How to read a guide")),
        Operation::Publish(page("guide", "Another one")),
        Operation::List,
        Operation::Withdraw("guide".to_owned()),
        Operation::Withdraw("guide".to_owned()),
    ]
}

pub(crate) fn tell_question(operation: &Operation) {
    say(&match operation {
        Operation::Publish(page) => format!("publish {}", page.name),
        Operation::Withdraw(name) => format!("withdraw {name}"),
        Operation::List => "list".to_owned(),
    });
}

pub(crate) fn tell_answer(answer: &Answer) {
    say(&match answer {
        Answer::Published(words) => format!("→ it is found by {words} words"),
        Answer::Withdrawn => "→ it is gone".to_owned(),
        Answer::Pages(names) if names.is_empty() => "→ no pages".to_owned(),
        Answer::Pages(names) => format!("→ pages: {}", names.join(", ")),
    });
}

/// Tells what happens while it does, with the orchestrator that does it.
pub(crate) struct Narrator;

impl RunObserver for Narrator {
    fn observe(&self, event: &RunEvent<'_>) {
        let by = event.orchestrator;
        match &event.kind {
            RunEventKind::StepFinished { name, failed: None, .. } => say(&format!("  {by}: {name}")),
            RunEventKind::StepFinished { name, .. } => say(&format!("  {by}: {name} failed")),
            RunEventKind::StepRetried { name, .. } => say(&format!("  {by}: {name} again")),
            RunEventKind::Undone { name, .. } => say(&format!("  {by}: {name} is undone")),
            _ => {}
        }
    }
}
