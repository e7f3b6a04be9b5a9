//! `inventory`: loads and judges the project, and writes a page per governed folder and file, or says which
//! are out of date.

use super::load::{LoadError, Request, load};
use super::present::ended;
use super::site::Site;
use super::survey::{Survey, survey};
use crate::adapters::pool;
use crate::adapters::shared_texts::SharedTexts;
use crate::adapters::terminal::Terminal;
use crate::adapters::write::Writer;
use crate::error::Failure;
use crate::exit::Exit;
use crate::render::{self, InventoryFormat};
use baton_core::inventory::Planned;
use std::path::PathBuf;

/// What is to be done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// Whether pages are compared instead of written.
    pub check: bool,
    /// Whether parts that somebody edited by hand are written over.
    pub force: bool,
    /// How the inventory is written down.
    pub formats: Vec<InventoryFormat>,
    /// The file that JSON goes to, if it is not printed, or the folder of the site, if it is not the usual one.
    pub output: Option<PathBuf>,
}

/// Sequences loading, judging, and the writing of pages.
#[derive(Debug)]
pub struct Inventory<'a> {
    terminal: &'a Terminal,
    writer: Writer,
}

impl<'a> Inventory<'a> {
    /// An orchestrator that says on `terminal` what it does.
    pub const fn new(terminal: &'a Terminal, writer: Writer) -> Self {
        Self { terminal, writer }
    }

    /// Makes the inventory of the project that the request is about.
    ///
    /// # Errors
    ///
    /// The tool could not do its work. Then no page was touched, unless the disk failed on the way.
    pub fn run(&self, request: &Request, order: &Order) -> Result<Exit, Failure> {
        let extent = render::extent(&order.formats);
        let loaded = || load(request, self.terminal).and_then(|loaded| survey(loaded, extent, None));
        let written = pool::run(request.threads, || loaded().and_then(|survey| self.write(&survey, order)))?;
        ended(self.terminal, written)
    }

    fn write(&self, survey: &Survey, order: &Order) -> Result<Exit, LoadError> {
        let mut exit = Exit::Clean;
        for format in &order.formats {
            match format {
                InventoryFormat::Markdown => exit = self.pages(survey, order)?,
                InventoryFormat::Json => self.json(survey, order)?,
                InventoryFormat::Html => Site::new(self.terminal).write(survey, order.output.as_deref())?,
            }
        }
        Ok(exit)
    }

    fn json(&self, survey: &Survey, order: &Order) -> Result<(), Failure> {
        let text = render::inventory_json(&survey.inventory)?;
        match &order.output {
            Some(path) => self.writer.write(path, &text),
            None => self.terminal.out(&text),
        }
    }

    fn pages(&self, survey: &Survey, order: &Order) -> Result<Exit, LoadError> {
        let pages = SharedTexts::pages(&survey.root);
        let plans = render::some(survey.plan(&pages, order.force)?)?;
        if order.check {
            self.terminal.out(&render::differences(&plans))?;
            self.terminal.err(&render::objections(&plans));
            self.terminal.err(&render::compared(&plans));
            return Ok(verdict(&plans));
        }
        for plan in plans.iter().filter(|plan| plan.objection.is_none() && !plan.is_current()) {
            match &plan.after {
                Some(text) => pages.write(&plan.path, plan.before.as_deref(), text)?,
                None => pages.remove(&plan.path, plan.before.as_deref())?,
            }
        }
        self.terminal.err(&render::adopted(&plans));
        self.terminal.err(&render::objections(&plans));
        self.terminal.err(&render::written(&plans));
        let is_done = plans.iter().all(|plan| plan.objection.is_none());
        Ok(if is_done { Exit::Clean } else { Exit::Findings })
    }
}

/// Whether pages are current.
pub(super) fn verdict(plans: &[Planned]) -> Exit {
    if plans.iter().all(Planned::is_current) { Exit::Clean } else { Exit::Findings }
}
