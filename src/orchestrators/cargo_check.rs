//! `cargo-check`: what cargo says, and what is found here, as one stream of messages.

use super::check::{Check, Outcome};
use super::load::Request;
use super::present::{problem, shown};
use crate::adapters::cargo::Cargo;
use crate::adapters::locate::Locator;
use crate::adapters::terminal::Terminal;
use crate::error::Failure;
use crate::exit::Exit;
use crate::render;
use std::ffi::OsString;
use std::path::Path;

/// Sequences cargo, a check, and the terminal.
#[derive(Debug)]
pub struct CargoCheck<'a> {
    terminal: &'a Terminal,
    cargo: Cargo,
}

impl<'a> CargoCheck<'a> {
    /// An orchestrator that prints to `terminal`.
    pub const fn new(terminal: &'a Terminal, cargo: Cargo) -> Self {
        Self { terminal, cargo }
    }

    /// Runs cargo with these arguments, then checks the project. The message that ends it all comes last.
    ///
    /// # Errors
    ///
    /// Cargo cannot be started, or the project cannot be checked.
    pub fn run(&self, request: &Request, arguments: &[OsString]) -> Result<Exit, Failure> {
        let mut is_finished = false;
        let is_built = self.cargo.run(arguments, &mut |line| {
            let is_end = render::is_build_finished(line);
            is_finished |= is_end;
            if is_end { Ok(()) } else { self.terminal.out(line) }
        })?;
        let built = Exit::of_build(is_built, is_finished);
        let checked = self.check(request);
        let ended = checked.as_ref().map_or(Exit::Failed, |checked| built.and(*checked));
        self.terminal.out(&render::build_finished(ended.is_clean())?)?;
        checked.map(|_| ended)
    }

    fn check(&self, request: &Request) -> Result<Exit, Failure> {
        match Check::new(self.terminal).run(request)? {
            Outcome::Report(report) => {
                self.terminal.out(&render::cargo_messages(&report)?)?;
                Ok(Exit::of(&report, false))
            }
            Outcome::Faults(faults) => {
                // An editor shows the messages and nobody the other stream, where people read that one alone.
                self.terminal.err(&shown(&faults, self.terminal.err_style())?);
                let problems: Vec<_> = faults.iter().map(problem).collect();
                let root = Locator.project_of(Path::new("."))?.root;
                self.terminal.out(&render::cargo_faults(&problems, &root.to_string_lossy())?)?;
                Ok(Exit::Failed)
            }
        }
    }
}
