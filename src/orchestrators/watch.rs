//! `check --watch`: checks a project again whenever something in it changes, until somebody ends it.

use super::check::Check;
use super::load::Request;
use super::present::{Present, Presentation};
use crate::adapters::events::Events;
use crate::adapters::interrupt;
use crate::adapters::locate::Locator;
use crate::adapters::sources;
use crate::adapters::terminal::Terminal;
use crate::adapters::watch::Watch as Watcher;
use crate::adapters::write::Writer;
use crate::error::Failure;
use crate::exit::Exit;
use crate::render;
use baton_core::link::Memory;
use std::path::Path;
use std::time::Duration;

/// How long nothing has to change before a check begins: editors and version control change many files in a row.
const QUIET: Duration = Duration::from_millis(100);

/// What ends the waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    Changed,
    Ended,
}

/// Sequences the watching, the checks and the terminal.
#[derive(Debug)]
pub struct Watch<'a> {
    terminal: &'a Terminal,
    writer: Writer,
}

impl<'a> Watch<'a> {
    /// An orchestrator that prints to `terminal`.
    pub const fn new(terminal: &'a Terminal, writer: Writer) -> Self {
        Self { terminal, writer }
    }

    /// Checks the project, and again after each change. Whatever a check ends with, the next one comes.
    ///
    /// # Errors
    ///
    /// There is no project, or it cannot be watched.
    pub fn run(&self, request: &Request, how: &Presentation) -> Result<Exit, Failure> {
        let start = request.paths.first().map_or(Path::new("."), |path| path);
        let root = Locator.project_of(start)?.root;
        let events = Events::default();
        interrupt::listen(events.sender(), || Event::Ended)?;
        // Before the first check, so that no change falls between the two.
        let _watcher = Watcher::start(&root, request.config.as_deref(), events.sender(), || Event::Changed)?;
        let origin = sources::origin(request.state, start)?;
        let mut memory = Memory::default();
        loop {
            self.terminal.clear();
            let present = Present::new(self.terminal, self.writer);
            let checked = Check::new(self.terminal).again(&*origin, request, &mut memory);
            let shown = checked.and_then(|outcome| present.outcome(&outcome, how));
            shown.unwrap_or_else(|failure| present.failure(&failure));
            self.terminal.err(&render::watching(&root.to_string_lossy()));
            if next(&events) == Event::Ended {
                return Ok(Exit::Clean);
            }
        }
    }
}

/// What happens next. Changes that come in a row are one.
fn next(events: &Events<Event>) -> Event {
    let mut seen = events.next(None);
    while let Some(event) = seen {
        if event == Event::Ended {
            return event;
        }
        seen = events.next(Some(QUIET));
    }
    Event::Changed
}
