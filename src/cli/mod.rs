//! The command line: arguments in, an exit code out. What happens between is the orchestrators'.

mod arguments;
mod generated;

use crate::adapters::cargo::Cargo;
use crate::adapters::editor::Editor;
use crate::adapters::hooks::Hooks;
use crate::adapters::terminal::{ColorMode, Terminal};
use crate::adapters::write::Writer;
use crate::error::Failure;
use crate::exit::Exit;
use crate::orchestrators::{
    Baseline, CargoCheck, Check, Ci, Configure, Graph, Hook, Init, Inventory, Mend, Present, Serve, Watch, Why,
};
use crate::render;
use arguments::{Arguments, ConfigVerb, Verb};
use baton_core::config::suggestion;
use baton_core::lint::Lint;
use clap::{CommandFactory, FromArgMatches};
use std::ffi::OsString;
use std::process::ExitCode;

/// A name under which the program is started.
#[derive(Debug)]
pub struct Program {
    /// How the help spells it.
    name: &'static str,
    /// The argument that cargo puts first, if it is cargo that starts it.
    repeated: Option<&'static str>,
}

/// `baton …`.
pub const BATON: Program = Program { name: "baton", repeated: None };

/// `cargo baton …`, which cargo runs as `cargo-baton baton …`.
pub const CARGO_BATON: Program = Program { name: "cargo baton", repeated: Some("baton") };

/// Does what the arguments ask for; the first of them is the name of the program.
pub fn run(program: &Program, arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match parse(program, arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version end here too, as answers rather than failures. If they cannot be
            // printed, nothing else can.
            drop(error.print());
            return if error.use_stderr() { Exit::Failed } else { Exit::Clean }.into();
        }
    };
    let terminal = Terminal::new(arguments.color);
    let exit = dispatch(arguments.verb, &terminal);
    exit.unwrap_or_else(|failure| Present::new(&terminal, Writer).failure(&failure)).into()
}

fn parse(program: &Program, arguments: impl IntoIterator<Item = OsString>) -> Result<Arguments, clap::Error> {
    let mut given: Vec<_> = arguments.into_iter().collect();
    if given.get(1).is_some_and(|first| program.repeated.is_some_and(|name| first == name)) {
        given.remove(1);
    }
    let command = Arguments::command().bin_name(program.name);
    let mut matches = command.try_get_matches_from(given)?;
    Arguments::from_arg_matches_mut(&mut matches)
}

fn dispatch(verb: Verb, terminal: &Terminal) -> Result<Exit, Failure> {
    let lints = baton_lints::LINTS;
    match verb {
        Verb::Check(arguments) => {
            let watches = arguments.watches();
            let (request, presentation, wish) = arguments.split()?;
            if watches {
                return Watch::new(terminal, Writer).run(&request, &presentation);
            }
            if let Some(wish) = wish
                && Mend::new(terminal).run(&request, &wish)? == Exit::Failed
            {
                return Ok(Exit::Failed);
            }
            let outcome = Check::new(terminal).run(&request)?;
            Present::new(terminal, Writer).outcome(&outcome, &presentation)
        }
        Verb::Ci(arguments) => {
            let (request, presentation) = arguments.split();
            Ci::new(terminal, Writer).run(&request, &presentation)
        }
        Verb::Inventory(arguments) => {
            let (request, order) = arguments.split()?;
            Inventory::new(terminal, Writer).run(&request, &order)
        }
        Verb::Init(arguments) => {
            let (request, stdout) = arguments.split();
            Init::new(terminal, Writer).run(&request, stdout)
        }
        Verb::Config { action } => {
            let configure = Configure::new(terminal);
            match action {
                ConfigVerb::Show { format, project } => configure.show(&project.request(), format),
                ConfigVerb::Check(project) => configure.check(&project.request()),
                ConfigVerb::Schema => configure.schema(),
            }
        }
        Verb::Baseline { action } => {
            let (request, action) = action.split();
            Baseline::new(terminal, Writer).run(&request, action)
        }
        Verb::Hook { action } => {
            let (project, action) = action.split();
            Hook::new(terminal, Hooks).run(&project, action)
        }
        Verb::Graph(arguments) => {
            let (request, drawing) = arguments.split()?;
            Graph::new(terminal, Writer).run(&request, &drawing)
        }
        Verb::Why(arguments) => {
            let (request, ends) = arguments.split();
            Why::new(terminal).run(&request, &ends)
        }
        Verb::CargoCheck(arguments) => {
            let (request, arguments) = arguments.split();
            CargoCheck::new(terminal, Cargo).run(&request, &arguments)
        }
        Verb::Lsp(arguments) => Serve::new(Editor).run(&arguments.split()),
        Verb::Rules => Present::new(terminal, Writer).text(&render::catalogue(lints)),
        Verb::Completions { shell } => Present::new(terminal, Writer).text(&generated::completions(shell)),
        Verb::Man { command } => Present::new(terminal, Writer).text(&generated::manual(&command)?),
        Verb::Explain { rule } => Present::new(terminal, Writer).text(&render::page(find(lints, &rule)?)),
    }
}

/// The lint of that name.
fn find(lints: &'static [&'static Lint], name: &str) -> Result<&'static Lint, Failure> {
    lints.iter().copied().find(|lint| lint.name == name).ok_or_else(|| {
        let hint = match suggestion(name, lints.iter().map(|lint| lint.name)) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "`baton rules` lists all rules".to_owned(),
        };
        Failure::new(format!("there is no rule `{name}`"), hint)
    })
}

#[cfg(test)]
mod tests;
