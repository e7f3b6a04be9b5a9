//! `check --add-allow` and `check --fix`: changes sources as the findings in them ask for.

use super::check::judge;
use super::load::{Request, load};
use super::present::ended;
use super::since::before;
use crate::adapters::pool;
use crate::adapters::shared_texts::SharedTexts;
use crate::adapters::terminal::Terminal;
use crate::error::Failure;
use crate::exit::Exit;
use crate::render;
use baton_core::policy::{Wish, changes};

/// Sequences loading, judging, and the writing of sources.
#[derive(Clone, Copy, Debug)]
pub struct Mend<'a> {
    terminal: &'a Terminal,
}

impl<'a> Mend<'a> {
    /// An orchestrator that says on `terminal` what it changed.
    pub const fn new(terminal: &'a Terminal) -> Self {
        Self { terminal }
    }

    /// Lets a wish about the findings of a project come true, file by file: each is written whole or not at all.
    ///
    /// # Errors
    ///
    /// The tool could not do its work. Files that were written before stay as they are now, and are told.
    pub fn run(self, request: &Request, wish: &Wish) -> Result<Exit, Failure> {
        for round in 0..wish.rounds() {
            match self.round(request, wish, round == 0)? {
                Round::Wrote => {}
                Round::Over(exit) => return Ok(exit),
            }
        }
        Ok(Exit::Clean)
    }

    /// Makes the edits that can be made side by side. What two of them say of one list needs another round.
    fn round(self, request: &Request, wish: &Wish, is_first: bool) -> Result<Round, Failure> {
        let judged = pool::run(request.threads, || {
            let loaded = load(request, self.terminal)?;
            let earlier = before(request, &loaded, self.terminal)?;
            let sources = SharedTexts::sources(&loaded.root);
            Ok((sources, judge(loaded, earlier.as_ref())?))
        })?;
        let (sources, report) = match judged {
            Ok(judged) => judged,
            Err(error) => return Ok(Round::Over(ended(self.terminal, Err(error))?)),
        };
        let changes = changes(&report, wish);
        for change in &changes.files {
            sources.write(&change.path, Some(&change.before), &change.after)?;
            self.terminal.err(&render::changed(change, wish));
        }
        self.terminal.err(&render::unchanged(&report, &changes, wish, is_first));
        Ok(if changes.files.is_empty() { Round::Over(Exit::Clean) } else { Round::Wrote })
    }
}

/// What came of one round.
enum Round {
    /// Edits were made.
    Wrote,
    /// There was nothing more to do, or nothing could be done.
    Over(Exit),
}
