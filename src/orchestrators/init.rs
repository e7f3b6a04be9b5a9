//! `init`: looks at a project, proposes its roles, and writes them down.

use super::link;
use super::load::{Fault, LoadError, Loaded, Request, load_bare, read_closely};
use super::present::ended;
use crate::adapters::locate::CONFIG;
use crate::adapters::pool;
use crate::adapters::terminal::Terminal;
use crate::adapters::write::Writer;
use crate::error::Failure;
use crate::exit::Exit;
use crate::render;
use baton_core::config::{self, Config, ConfigError};
use baton_core::link::{Project, SourceFile};
use baton_core::manifest::Workspace;
use baton_core::policy;
use baton_core::propose::{Proposal, propose};
use baton_core::report::Report;
use baton_core::source::{LineIndex, Span};
use baton_lints::LINTS;
use std::path::PathBuf;

/// Sequences loading, the proposal, a check with it, and the writing of the configuration.
#[derive(Debug)]
pub struct Init<'a> {
    terminal: &'a Terminal,
    writer: Writer,
}

/// A configuration that is proposed, and what a check with it says.
struct Proposed {
    proposal: Proposal,
    text: String,
    report: Report,
    path: PathBuf,
    existing: Option<&'static str>,
}

impl<'a> Init<'a> {
    /// An orchestrator that says on `terminal` what it proposes.
    pub const fn new(terminal: &'a Terminal, writer: Writer) -> Self {
        Self { terminal, writer }
    }

    /// Proposes roles for the project that the request is about, and writes them to its `baton.toml`;
    /// with `stdout` it prints them instead.
    ///
    /// # Errors
    ///
    /// The tool could not do its work, or the project has a configuration already.
    pub fn run(&self, request: &Request, stdout: bool) -> Result<Exit, Failure> {
        let proposed = pool::run(request.threads, || load_bare(request, self.terminal).and_then(look))?;
        let done = proposed.and_then(|proposed| Ok(self.present(&proposed, stdout)?));
        ended(self.terminal, done)
    }

    fn present(&self, proposed: &Proposed, stdout: bool) -> Result<Exit, Failure> {
        let Proposed { proposal, text, report, path, existing } = proposed;
        if stdout {
            self.terminal.out(text)?;
        } else {
            render::no_configuration(*existing)?;
            self.writer.create(path, text)?;
        }
        let place = path.display().to_string();
        self.terminal.err(&render::proposal_summary(proposal, report, (!stdout).then_some(place.as_str())));
        Ok(Exit::Clean)
    }
}

/// Proposes roles, has a second look at the project with them, and judges it.
fn look((loaded, existing): (Loaded, Option<&'static str>)) -> Result<Proposed, LoadError> {
    let Loaded { mut files, texts, workspace, root, .. } = loaded;
    read_closely(&mut files, &texts);
    let sources = Sources { files, texts, workspace };
    let first = propose(&sources.linked(&Config::default(), "")?, &sources.workspace);
    let (first, _, _, project) = sources.tried(first)?;
    let (proposal, text, config, project) = sources.tried(first.settled(&project))?;
    let said = link::lint(&project, &config);
    let report = policy::report(&project, sources.texts, said, &config, &|_| true);
    let report = policy::noted(report, &project, std::iter::empty());
    Ok(Proposed { proposal, text, report, path: root.join(CONFIG), existing })
}

/// What a project is linked from, as often as a proposal asks for.
struct Sources {
    files: Vec<SourceFile>,
    texts: Vec<(String, LineIndex)>,
    workspace: Workspace,
}

impl Sources {
    fn linked(&self, config: &Config, text: &str) -> Result<Project, LoadError> {
        link::link(self.files.clone(), &self.texts, &self.workspace, config, text)
    }

    /// Reads what is proposed as a user's text is read. What is wrong with it is left out, until it is right.
    fn tried(&self, mut proposal: Proposal) -> Result<(Proposal, String, Config, Project), LoadError> {
        loop {
            let text = render::proposed(&proposal);
            let linked = read(&text).and_then(|config| Ok((self.linked(&config, &text)?, config)));
            let faults = match linked {
                Ok((project, config)) => return Ok((proposal, text, config, project)),
                Err(LoadError::Faults(faults)) => faults,
                Err(failure) => return Err(failure),
            };
            let wrong: Vec<Span> = faults.iter().map(|fault| fault.span).collect();
            proposal = proposal.without(&text, &wrong).ok_or(LoadError::Faults(faults))?;
        }
    }
}

fn read(text: &str) -> Result<Config, LoadError> {
    let faults = |errors: Vec<ConfigError>| {
        LoadError::Faults(errors.into_iter().map(|error| Fault::of_config(error, text)).collect())
    };
    config::parse(CONFIG, text, LINTS).map_err(faults)
}
