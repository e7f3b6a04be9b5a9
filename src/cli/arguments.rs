//! The arguments, their help and their values, in one place.

use super::ColorMode;
use crate::orchestrators::{Output, Presentation, Request};
use crate::render::Format;
use clap::builder::PossibleValue;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// Holds Rust projects to the Orchestrator pattern.
///
/// Exit codes: 0 clean, 1 findings, 2 the tool could not do its work.
#[derive(Debug, Parser)]
#[command(name = "baton", version, arg_required_else_help = true)]
pub(super) struct Arguments {
    /// Whether to colour the output; `auto` asks the terminal and the environment (`NO_COLOR`, …)
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(super) color: ColorMode,
    #[command(subcommand)]
    pub(super) verb: Verb,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Lint the project
    Check(CheckArguments),
    /// List all rules
    Rules,
    /// Explain a rule: what it does, why, examples, options
    Explain {
        /// The rule's name
        rule: String,
    },
}

/// The arguments of `check`.
#[derive(Debug, Args)]
pub(super) struct CheckArguments {
    /// Files or folders of the project [default: the current folder]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// What to print
    #[arg(long, default_value = "full")]
    format: Format,
    /// Write a report to a file, besides what is printed; may be given several times
    #[arg(long, value_name = "FORMAT=PATH", value_parser = output)]
    output: Vec<Output>,
    /// Use this configuration instead of looking for `baton.toml` from the path upwards
    #[arg(long, value_name = "PATH")]
    config: Option<PathBuf>,
    /// How many threads to use [default: one per processor]
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// Use no cache. Accepted so that scripts can say it today: this version keeps none
    #[arg(long)]
    no_cache: bool,
    /// Print a row per rule: how much it judged and what it found
    #[arg(long)]
    statistics: bool,
    /// Let warnings fail the run
    #[arg(long)]
    deny_warnings: bool,
}

impl CheckArguments {
    /// What the arguments ask for, and how they want it shown.
    pub(super) fn split(self) -> (Request, Presentation) {
        let threads = self.threads.map_or(0, NonZeroUsize::get);
        let request = Request { paths: self.paths, config: self.config, threads };
        let presentation = Presentation {
            format: self.format,
            outputs: self.output,
            statistics: self.statistics,
            deny_warnings: self.deny_warnings,
        };
        (request, presentation)
    }
}

/// Reads `FORMAT=PATH`.
fn output(text: &str) -> Result<Output, String> {
    let (name, path) = text.split_once('=').ok_or("it has to be FORMAT=PATH, such as json=report.json")?;
    let names = Format::ALL.map(Format::name).join(", ");
    let format = Format::from_name(name).ok_or_else(|| format!("there is no format `{name}`, only {names}"))?;
    if path.is_empty() {
        return Err("the path is empty".to_owned());
    }
    Ok(Output { format, path: PathBuf::from(path) })
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()).help(self.summary()))
    }
}

impl ValueEnum for ColorMode {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Auto, Self::Always, Self::Never]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self {
            Self::Auto => "auto",
            Self::Always => "always",
            Self::Never => "never",
        }))
    }
}
