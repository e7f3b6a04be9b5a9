//! Presents what came of a command: prints it, writes it to files, and says how the run ended.

use super::load::LoadError;
use super::{Fault, Outcome};
use crate::adapters::forge::Forge;
use crate::adapters::terminal::Terminal;
use crate::adapters::write::Writer;
use crate::error::Failure;
use crate::exit::Exit;
use crate::render::{self, Format, Problem, Style};
use baton_core::report::Report;
use baton_lints::LINTS;
use std::path::PathBuf;

/// How the outcome is to be presented.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Presentation {
    /// What is printed.
    pub format: Format,
    /// What is written to files besides.
    pub outputs: Vec<Output>,
    /// Whether to add what the forge that runs this program needs to show findings.
    pub annotate: bool,
    /// Whether to print a row per lint.
    pub statistics: bool,
    /// Whether warnings fail the run.
    pub deny_warnings: bool,
    /// The fingerprint of the one finding to explain, instead of presenting the report.
    pub explain: Option<String>,
}

/// A report to write to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// How.
    pub format: Format,
    /// Where to.
    pub path: PathBuf,
}

/// Sequences the renderers, the terminal and the writer of files.
#[derive(Debug)]
pub struct Present<'a> {
    terminal: &'a Terminal,
    writer: Writer,
}

impl<'a> Present<'a> {
    /// An orchestrator that prints to `terminal`.
    pub const fn new(terminal: &'a Terminal, writer: Writer) -> Self {
        Self { terminal, writer }
    }

    /// Presents an outcome as asked.
    ///
    /// # Errors
    ///
    /// The terminal or a file cannot be written to.
    pub fn outcome(&self, outcome: &Outcome, how: &Presentation) -> Result<Exit, Failure> {
        match outcome {
            Outcome::Report(report) => self.report(report, how),
            Outcome::Faults(faults) => {
                self.terminal.err(&shown(faults, self.terminal.err_style())?);
                Ok(Exit::Failed)
            }
        }
    }

    /// Prints a text that is an answer by itself.
    ///
    /// # Errors
    ///
    /// The terminal cannot be written to.
    pub fn text(&self, text: &str) -> Result<Exit, Failure> {
        self.terminal.out(text)?;
        Ok(Exit::Clean)
    }

    /// Says why the tool could not do its work.
    pub fn failure(&self, failure: &Failure) -> Exit {
        self.terminal.err(&render::failure(failure, self.terminal.err_style()));
        Exit::Failed
    }

    /// Presents a report as asked.
    ///
    /// # Errors
    ///
    /// The terminal or a file cannot be written to, or nothing was judged.
    pub(super) fn report(&self, report: &Report, how: &Presentation) -> Result<Exit, Failure> {
        if let Some(fingerprint) = &how.explain {
            return self.text(&render::explained(report, fingerprint, self.terminal.out_style())?);
        }
        self.terminal.out(&render::report(report, LINTS, how.format, self.terminal.out_style())?)?;
        if how.annotate {
            self.annotate(report, how)?;
        }
        if how.statistics {
            // Beside the report rather than in it: what is printed may be JSON.
            self.terminal.err(&render::statistics(report));
        }
        for output in &how.outputs {
            let text = render::report(report, LINTS, output.format, Style::Plain)?;
            self.writer.write(&output.path, &text)?;
        }
        render::something_judged(report.unjudged.as_deref())?;
        Ok(Exit::of(report, how.deny_warnings))
    }

    /// Says to the forge what it shows beside the code, or to people how it comes to show it.
    fn annotate(&self, report: &Report, how: &Presentation) -> Result<(), Failure> {
        match Forge::here() {
            Some(Forge::Github) => self.terminal.out(&render::annotations(report))?,
            Some(Forge::Gitlab) => {
                let written: Vec<_> = how.outputs.iter().map(|output| output.format).collect();
                self.terminal.err(render::gitlab_hint(&written));
            }
            None => {}
        }
        Ok(())
    }
}

/// How a command ended. Where the texts that say how to read the project are wrong, that is said.
///
/// # Errors
///
/// The tool could not do its work.
pub(super) fn ended(terminal: &Terminal, result: Result<Exit, LoadError>) -> Result<Exit, Failure> {
    match result {
        Ok(exit) => Ok(exit),
        Err(LoadError::Failure(failure)) => Err(failure),
        Err(LoadError::Faults(faults)) => {
            terminal.err(&shown(&faults, terminal.err_style())?);
            Ok(Exit::Failed)
        }
    }
}

/// What is wrong with the texts that say how to read a project.
///
/// # Errors
///
/// The renderer failed, which is a fault of this program.
pub(super) fn shown(faults: &[Fault], style: Style) -> Result<String, Failure> {
    let problems: Vec<_> = faults.iter().map(problem).collect();
    render::problems(&problems, style)
}

/// A fault as renderers know it.
pub(super) fn problem(fault: &Fault) -> Problem<'_> {
    Problem { path: &fault.path, text: &fault.text, span: fault.span, message: &fault.message, help: &fault.help }
}
