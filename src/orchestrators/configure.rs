//! `config`: shows the configuration in effect, and checks it without any rule.

use super::link;
use super::load::{LoadError, Loaded, Request, configuration, load};
use super::present::ended;
use crate::adapters::pool;
use crate::adapters::terminal::Terminal;
use crate::error::Failure;
use crate::exit::Exit;
use crate::render::{self, ConfigFormat};
use baton_core::link::unjudged;
use baton_lints::LINTS;

/// Sequences the reading of a configuration and what is said of it.
#[derive(Clone, Copy, Debug)]
pub struct Configure<'a> {
    terminal: &'a Terminal,
}

impl<'a> Configure<'a> {
    /// An orchestrator that prints to `terminal`.
    pub const fn new(terminal: &'a Terminal) -> Self {
        Self { terminal }
    }

    /// Prints the configuration in effect.
    ///
    /// # Errors
    ///
    /// The tool could not do its work.
    pub fn show(&self, request: &Request, format: ConfigFormat) -> Result<Exit, Failure> {
        let shown = configuration(request).and_then(|config| Ok(render::configuration(&config, LINTS, format)?));
        let done = shown.and_then(|text| {
            self.terminal.out(&text)?;
            Ok(Exit::Clean)
        });
        ended(self.terminal, done)
    }

    /// Checks the configuration against the project: that it can be read, and that what it names is there.
    ///
    /// # Errors
    ///
    /// The tool could not do its work, or there would be nothing to judge.
    pub fn check(&self, request: &Request) -> Result<Exit, Failure> {
        let checked = pool::run(request.threads, || load(request, self.terminal).and_then(check))?;
        let done = checked.and_then(|text| {
            self.terminal.out(&text)?;
            Ok(Exit::Clean)
        });
        ended(self.terminal, done)
    }

    /// Prints the schema of configurations.
    ///
    /// # Errors
    ///
    /// The terminal cannot be written to.
    pub fn schema(&self) -> Result<Exit, Failure> {
        self.terminal.out(&render::configuration_schema(LINTS)?)?;
        Ok(Exit::Clean)
    }
}

fn check(loaded: Loaded) -> Result<String, LoadError> {
    let Loaded { files, texts, workspace, config, config_text, .. } = loaded;
    let project = link::link(files, &texts, &workspace, &config, &config_text)?;
    render::something_judged(unjudged(&project).as_deref())?;
    let text = render::configuration_fine(&config, &project);
    std::mem::forget(project);
    Ok(text)
}
