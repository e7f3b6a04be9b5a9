//! `ci`: a check for pipelines. It writes nothing, warnings fail it, and the pages of folders have to be
//! current.

use super::growth::growth;
use super::inventory::verdict;
use super::load::{LoadError, Request, load};
use super::present::{Present, Presentation, ended};
use super::since::before;
use super::survey::{Survey, survey};
use crate::adapters::pool;
use crate::adapters::shared_texts::SharedTexts;
use crate::adapters::terminal::Terminal;
use crate::adapters::write::Writer;
use crate::error::Failure;
use crate::exit::Exit;
use crate::render;
use baton_core::inventory::Extent;

/// Sequences loading, judging, the report, and the comparison of pages.
#[derive(Debug)]
pub struct Ci<'a> {
    terminal: &'a Terminal,
    writer: Writer,
}

impl<'a> Ci<'a> {
    /// An orchestrator that prints to `terminal`, and writes the reports that are asked for and nothing else.
    pub const fn new(terminal: &'a Terminal, writer: Writer) -> Self {
        Self { terminal, writer }
    }

    /// Checks the project that the request is about.
    ///
    /// # Errors
    ///
    /// The tool could not do its work.
    pub fn run(&self, request: &Request, how: &Presentation) -> Result<Exit, Failure> {
        let surveyed = pool::run(request.threads, || self.survey(request))?;
        ended(self.terminal, surveyed.and_then(|survey| self.judge(survey, how)))
    }

    fn survey(&self, request: &Request) -> Result<Survey, LoadError> {
        let mut loaded = load(request, self.terminal)?;
        let grown = growth(request, &loaded.root, &loaded.config.baseline)?;
        loaded.notices.extend(grown.notice);
        let earlier = before(request, &loaded, self.terminal)?;
        survey(loaded, Extent::Governed, earlier.as_ref())
    }

    fn judge(&self, mut survey: Survey, how: &Presentation) -> Result<Exit, LoadError> {
        let report = survey.take_report();
        let judged = Present::new(self.terminal, self.writer).report(&report, how)?;
        let judged = judged.and(Exit::of_baseline(&report));
        let plans = survey.plan(&SharedTexts::pages(&survey.root), false)?;
        if !survey.wants_pages(&plans) {
            return Ok(judged);
        }
        // Beside the report rather than in it: what is printed may be JSON.
        self.terminal.err(&render::differences(&plans));
        self.terminal.err(&render::objections(&plans));
        self.terminal.err(&render::compared(&plans));
        Ok(judged.and(verdict(&plans)))
    }
}
