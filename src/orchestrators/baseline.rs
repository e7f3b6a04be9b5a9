//! `baseline`: accepts what is found today, and only lets it shrink.

use super::growth::growth;
use super::link;
use super::load::{LoadError, Loaded, Request, load};
use super::present::ended;
use crate::adapters::pool;
use crate::adapters::terminal::Terminal;
use crate::adapters::write::Writer;
use crate::error::Failure;
use crate::exit::Exit;
use crate::render;
use baton_core::config::{BASELINE, Baseline as Accepting};
use baton_core::policy;
use baton_core::report::Report;
use std::path::PathBuf;

/// What is to be done with the baseline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BaselineAction {
    /// A first one is written.
    Create,
    /// What is gone is taken out.
    Prune,
    /// Nothing is written: it is said whether anything is gone, and how it has grown.
    Check,
}

/// Sequences loading, judging, and the writing of the baseline.
#[derive(Debug)]
pub struct Baseline<'a> {
    terminal: &'a Terminal,
    writer: Writer,
}

/// What a project accepts, and what is found in it.
struct Judged {
    report: Report,
    accepting: Accepting,
    text: Option<String>,
    root: PathBuf,
}

impl<'a> Baseline<'a> {
    /// An orchestrator that says on `terminal` what it does.
    pub const fn new(terminal: &'a Terminal, writer: Writer) -> Self {
        Self { terminal, writer }
    }

    /// Does that with the baseline of the project that the request is about.
    ///
    /// # Errors
    ///
    /// The tool could not do its work.
    pub fn run(&self, request: &Request, action: BaselineAction) -> Result<Exit, Failure> {
        let judged = pool::run(request.threads, || load(request, self.terminal).and_then(judge))?;
        let done = judged.and_then(|judged| match action {
            BaselineAction::Create => Ok(self.create(&judged)?),
            BaselineAction::Prune => Ok(self.prune(&judged)?),
            BaselineAction::Check => self.check(request, &judged),
        });
        ended(self.terminal, done)
    }

    fn create(&self, judged: &Judged) -> Result<Exit, Failure> {
        render::no_baseline(judged.text.as_deref())?;
        self.writer.write(&judged.root.join(BASELINE), &render::baseline(&judged.report))?;
        self.terminal.err(&render::baseline_created(&judged.report));
        Ok(Exit::Clean)
    }

    fn prune(&self, judged: &Judged) -> Result<Exit, Failure> {
        let text = render::some_baseline(judged.text.as_deref())?;
        let gone = judged.report.gone.iter().map(|entry| entry.span).collect();
        self.writer.write(&judged.root.join(BASELINE), &judged.accepting.pruned(text, &gone))?;
        self.terminal.err(&render::baseline_pruned(&judged.report));
        Ok(Exit::Clean)
    }

    /// A baseline only shrinks: entries that are gone fail, and so do more entries than there were.
    fn check(&self, request: &Request, judged: &Judged) -> Result<Exit, LoadError> {
        render::some_baseline(judged.text.as_deref())?;
        let grown = growth(request, &judged.root, &judged.accepting)?;
        self.terminal.out(&render::baseline_checked(&judged.report))?;
        self.terminal.out(&render::gone_entries(&judged.report.gone))?;
        if let Some(notice) = &grown.notice {
            self.terminal.out(&format!("{notice}\n"))?;
        }
        if let Some(growth) = &grown.growth {
            self.terminal.out(&render::added_entries(growth))?;
        }
        Ok(Exit::of_baseline(&judged.report).and(Exit::of_growth(grown.growth.as_ref())))
    }
}

/// Judges the whole project, whatever was asked for: a baseline is about all of it.
fn judge(loaded: Loaded) -> Result<Judged, LoadError> {
    let Loaded { files, texts, workspace, config, config_text, baseline_text, root, .. } = loaded;
    let project = link::link(files, &texts, &workspace, &config, &config_text)?;
    let report = policy::report(&project, texts, link::lint(&project, &config), &config, &|_| true);
    std::mem::forget(project);
    Ok(Judged { report, accepting: config.baseline, text: baseline_text, root })
}
