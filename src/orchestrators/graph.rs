//! `graph`: loads and links the project as a check does, and draws who imports whom.

use super::link;
use super::load::{LoadError, Loaded, Request, load};
use super::present::ended;
use crate::adapters::pool;
use crate::adapters::terminal::Terminal;
use crate::adapters::write::Writer;
use crate::error::Failure;
use crate::exit::Exit;
use crate::render::{self, GraphFormat};
use baton_core::graph::{self, Selection};
use baton_core::policy;
use std::path::PathBuf;

/// What is to be drawn, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drawing {
    /// Which part of the graph.
    pub selection: Selection,
    /// How it is written down.
    pub format: GraphFormat,
    /// The file that it goes to, if it is not printed.
    pub output: Option<PathBuf>,
}

/// Sequences loading, linking, and the drawing of the import graph.
#[derive(Debug)]
pub struct Graph<'a> {
    terminal: &'a Terminal,
    writer: Writer,
}

impl<'a> Graph<'a> {
    /// An orchestrator that prints to `terminal`.
    pub const fn new(terminal: &'a Terminal, writer: Writer) -> Self {
        Self { terminal, writer }
    }

    /// Draws the graph of the project that the request is about.
    ///
    /// # Errors
    ///
    /// The tool could not do its work.
    pub fn run(&self, request: &Request, drawing: &Drawing) -> Result<Exit, Failure> {
        let drawn =
            pool::run(request.threads, || load(request, self.terminal).and_then(|loaded| draw(loaded, drawing)))?;
        ended(self.terminal, drawn.and_then(|(text, notes)| Ok(self.show(drawing, &text, &notes)?)))
    }

    fn show(&self, drawing: &Drawing, text: &str, notes: &str) -> Result<Exit, Failure> {
        self.terminal.err(notes);
        match &drawing.output {
            Some(path) => self.writer.write(path, text)?,
            None => self.terminal.out(text)?,
        }
        Ok(Exit::Clean)
    }
}

/// The graph as text, with what a reader should know about it.
fn draw(loaded: Loaded, drawing: &Drawing) -> Result<(String, String), LoadError> {
    let Loaded { files, texts, workspace, config, config_text, within, .. } = loaded;
    link::without_files(&within, &files)?;
    let project = link::link(files, &texts, &workspace, &config, &config_text)?;
    // The findings of the whole project: what breaks a rule is marked wherever it stands.
    let report = policy::report(&project, texts, link::lint(&project, &config), &config, &|_| true);
    let view = graph::view(&project, &report, &drawing.selection, &|path| link::is_asked(path, &within));
    let view = view.non_empty().ok_or_else(|| {
        let hint = "a graph needs modules that a target reaches and that are no test code";
        Failure::new("there is no module to show", hint)
    })?;
    let text = render::graph(&view, &report, drawing.format)?;
    let notes = render::graph_notes(&view, &report, drawing.format);
    std::mem::forget(project);
    Ok((text, notes))
}
