//! `hook`: has git check what is staged before each commit.

use super::check::{Check, Outcome};
use super::load::Request;
use crate::adapters::git::Repository;
use crate::adapters::hooks::Hooks;
use crate::adapters::locate::Locator;
use crate::adapters::terminal::Terminal;
use crate::error::Failure;
use crate::exit::Exit;
use crate::render::{self, HookChange};
use std::path::Path;

/// What is to be done with the hook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HookAction {
    /// It is to check the project.
    Install,
    /// It is not to check the project any more.
    Uninstall,
}

/// Sequences the search for the repository, and the reading and writing of its hook.
#[derive(Clone, Copy, Debug)]
pub struct Hook<'a> {
    terminal: &'a Terminal,
    hooks: Hooks,
}

impl<'a> Hook<'a> {
    /// An orchestrator that says on `terminal` what it did.
    pub const fn new(terminal: &'a Terminal, hooks: Hooks) -> Self {
        Self { terminal, hooks }
    }

    /// Does that with the hook of the repository that `start` lies in.
    ///
    /// # Errors
    ///
    /// There is no repository, the hook is somebody else's, or it cannot be written.
    pub fn run(&self, start: &Path, action: HookAction) -> Result<Exit, Failure> {
        let project = Locator.project_of(start)?;
        let repository = Repository::around(start)?;
        let folder = repository.hook_folder()?;
        render::own_hooks(&folder.path, folder.is_shared)?;
        let path = folder.path.join("pre-commit");
        let existing = self.hooks.read(&path)?;
        let inside = repository.path_of(&project.root)?;
        let change = match action {
            HookAction::Install => render::hook_installed(existing.as_deref(), &inside, &path)?,
            HookAction::Uninstall => render::hook_uninstalled(existing.as_deref(), &inside, &path)?,
        };
        let told = match action {
            HookAction::Install => render::hook_install_told(&change, &path),
            HookAction::Uninstall => render::hook_uninstall_told(&change, &path),
        };
        match &change {
            HookChange::Nothing => {}
            HookChange::Write(text) => self.hooks.write(&path, text)?,
            HookChange::Remove => self.hooks.remove(&path)?,
        }
        self.terminal.err(&told);
        if action == HookAction::Install {
            self.terminal.err(&render::hook_outlook(self.outlook(start).as_deref()));
        }
        Ok(Exit::Clean)
    }

    /// Why the hook could judge nothing today, if that is so.
    fn outlook(self, start: &Path) -> Option<String> {
        let request = Request { paths: vec![start.to_owned()], ..Request::default() };
        match Check::new(self.terminal).run(&request) {
            Ok(Outcome::Report(report)) => report.unjudged,
            Ok(Outcome::Faults(faults)) => faults.into_iter().next().map(|fault| fault.message),
            Err(failure) => Some(failure.message),
        }
    }
}
