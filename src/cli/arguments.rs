//! The arguments, their help and their values, in one place.

use super::ColorMode;
use crate::adapters::sources::State;
use crate::error::Failure;
use crate::orchestrators::{BaselineAction, Drawing, Ends, HookAction, Order, Output, Presentation, Request};
use crate::render::{ConfigFormat, Format, GraphFormat, InventoryFormat};
use baton_core::graph::{Grouping, Selection};
use baton_core::policy::Wish;
use clap::builder::PossibleValue;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use std::ffi::{OsStr, OsString};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

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
    /// Check the project as a pipeline should: warnings fail, pages have to be current, nothing is written
    Ci(CiArguments),
    /// Write what is in each folder and file, as pages beside the code, as JSON or as a site
    Inventory(InventoryArguments),
    /// Propose roles for a project that has none, and write them to a new `baton.toml`
    Init(InitArguments),
    /// Show the configuration in effect, check it, or print its schema
    Config {
        /// What to do with it
        #[command(subcommand)]
        action: ConfigVerb,
    },
    /// Accept what is found today, and only let it shrink
    Baseline {
        /// What to do with it
        #[command(subcommand)]
        action: BaselineVerb,
    },
    /// Have git check what is staged before each commit
    Hook {
        /// What to do with the hook
        #[command(subcommand)]
        action: HookVerb,
    },
    /// Draw who imports whom
    Graph(GraphArguments),
    /// Explain why one part of the project depends on another: the shortest chain of imports
    Why(WhyArguments),
    /// Run `cargo check`, and print its messages and those of Baton as JSON: the check command of rust-analyzer
    CargoCheck(CargoCheckArguments),
    /// Serve an editor: findings as you type, by the Language Server Protocol over standard input and output
    Lsp(LspArguments),
    /// List all rules
    Rules,
    /// Explain a rule: what it does, why, examples, options
    Explain {
        /// The rule's name
        rule: String,
    },
    /// Print the script with which a shell completes commands, options and names of rules
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page of this program or of one of its commands
    Man {
        /// The command, such as `check` or `baseline create` [default: the whole program]
        #[arg(value_name = "COMMAND")]
        command: Vec<String>,
    },
}

/// The arguments of `check`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
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
    #[command(flatten)]
    common: CommonArguments,
    #[command(flatten)]
    state: StateArguments,
    /// Use no cache. Accepted so that scripts can say it today: this version keeps none
    #[arg(long)]
    no_cache: bool,
    /// Print a row per rule: how much it judged and what it found
    #[arg(long)]
    statistics: bool,
    /// Let warnings fail the run
    #[arg(long)]
    deny_warnings: bool,
    /// Print one finding and where the values that prove it come from, step by step; exits with 0
    #[arg(long, value_name = "FINGERPRINT", conflicts_with_all = ["format", "output", "statistics"])]
    explain_finding: Option<String>,
    #[command(flatten)]
    mending: MendArguments,
    /// Check again whenever a source or the configuration changes, until ctrl-c ends it
    #[arg(long, conflicts_with_all = ["staged", "since", "add_allow", "fix", "explain_finding"])]
    watch: bool,
}

impl CheckArguments {
    /// Whether the check is to be made again after each change.
    pub(super) const fn watches(&self) -> bool {
        self.watch
    }

    /// What the arguments ask for, how they want it shown, and what is to happen to findings before.
    ///
    /// # Errors
    ///
    /// A rule is named that there is not.
    pub(super) fn split(self) -> Result<(Request, Presentation, Option<Wish>), Failure> {
        let wish = self.mending.wish()?;
        let state = if self.state.staged { State::Staged } else { State::Working };
        let request = Request { state, since: self.state.since.since, ..self.common.request(self.paths) };
        let presentation = Presentation {
            format: self.format,
            outputs: self.output,
            annotate: false,
            statistics: self.statistics,
            deny_warnings: self.deny_warnings,
            explain: self.explain_finding,
        };
        Ok((request, presentation, wish))
    }
}

/// What is to happen to findings before they are told.
#[derive(Debug, Args)]
struct MendArguments {
    /// Write a suppression with this reason at each finding, and check again
    #[arg(long, value_name = "REASON", conflicts_with_all = ["explain_finding", "staged"], value_parser = reason)]
    add_allow: Option<String>,
    /// With `--add-allow`: suppress findings of this rule alone; may be given several times
    #[arg(long, value_name = "RULE", requires = "add_allow")]
    only: Vec<String>,
    /// Apply the remedy of each finding that has one certain remedy, and check again
    #[arg(long, conflicts_with_all = ["add_allow", "explain_finding", "staged"])]
    fix: bool,
}

impl MendArguments {
    fn wish(self) -> Result<Option<Wish>, Failure> {
        for rule in &self.only {
            super::find(baton_lints::LINTS, rule)?;
        }
        Ok(match self.add_allow {
            Some(reason) => Some(Wish::Allow { reason, only: self.only }),
            None => self.fix.then_some(Wish::Mend),
        })
    }
}

/// The arguments of `ci`.
#[derive(Debug, Args)]
pub(super) struct CiArguments {
    /// Files or folders of the project [default: the current folder]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// What to print [default: full, and on GitHub Actions annotations behind it]
    #[arg(long)]
    format: Option<Format>,
    /// Write a report to a file, besides what is printed; may be given several times
    #[arg(long, value_name = "FORMAT=PATH", value_parser = output)]
    output: Vec<Output>,
    #[command(flatten)]
    since: SinceArguments,
    #[command(flatten)]
    common: CommonArguments,
}

impl CiArguments {
    /// What the arguments ask for, and how they want it shown.
    pub(super) fn split(self) -> (Request, Presentation) {
        let presentation = Presentation {
            format: self.format.unwrap_or_default(),
            outputs: self.output,
            // Who asks for a format gets that and nothing else.
            annotate: self.format.is_none(),
            deny_warnings: true,
            ..Presentation::default()
        };
        (Request { since: self.since.since, ..self.common.request(self.paths) }, presentation)
    }
}

/// The arguments of `init`.
#[derive(Debug, Args)]
pub(super) struct InitArguments {
    /// The project, by any path in it [default: the current folder]
    #[arg(value_name = "PATH")]
    project: Option<PathBuf>,
    /// Print the configuration instead of writing it; an existing one is no obstacle then
    #[arg(long, alias = "dry-run")]
    stdout: bool,
    /// How many threads to use [default: one per processor]
    #[arg(long, value_name = "N", value_parser = from_one_on)]
    threads: Option<NonZeroUsize>,
}

impl InitArguments {
    /// What the arguments ask for, and whether the result is printed rather than written.
    pub(super) fn split(self) -> (Request, bool) {
        let threads = self.threads.map_or(0, NonZeroUsize::get);
        (Request { paths: self.project.into_iter().collect(), threads, ..Request::default() }, self.stdout)
    }
}

/// Which state of the project is checked, and what it is compared with.
#[derive(Debug, Args)]
struct StateArguments {
    /// Check what is staged: what git's index holds, configuration included, and never the working tree
    #[arg(long)]
    staged: bool,
    #[command(flatten)]
    since: SinceArguments,
}

/// What is compared with what was.
#[derive(Debug, Args)]
struct SinceArguments {
    /// Report only what is new since the history left that of this branch, tag or commit; both states are judged whole
    #[arg(long, value_name = "REV")]
    since: Option<String>,
}

/// What to do with the baseline.
#[derive(Debug, Subcommand)]
pub(super) enum BaselineVerb {
    /// Write a baseline that accepts what is found today; there must be none yet
    Create(ProjectArguments),
    /// Take out what is found no more
    Prune(ProjectArguments),
    /// Say whether it accepts anything that is gone, and fail for that; write nothing
    Check(BaselineCheckArguments),
}

/// The arguments of `baseline check`.
#[derive(Debug, Args)]
pub(super) struct BaselineCheckArguments {
    /// Say how it has grown since the history left that of this branch, tag or commit, and fail if it has [default: on
    /// GitHub Actions and GitLab, the branch that this one is to be merged into]
    #[arg(long, value_name = "REV")]
    since: Option<String>,
    #[command(flatten)]
    project: ProjectArguments,
}

impl BaselineVerb {
    /// What the arguments ask for.
    pub(super) fn split(self) -> (Request, BaselineAction) {
        let (arguments, since, action) = match self {
            Self::Create(arguments) => (arguments, None, BaselineAction::Create),
            Self::Prune(arguments) => (arguments, None, BaselineAction::Prune),
            Self::Check(arguments) => (arguments.project, arguments.since, BaselineAction::Check),
        };
        (Request { since, ..arguments.common.request(arguments.project.into_iter().collect()) }, action)
    }
}

/// What to do with the configuration.
#[derive(Debug, Subcommand)]
pub(super) enum ConfigVerb {
    /// Print each value in effect with where it comes from
    Show {
        /// How to write it
        #[arg(long, default_value = "toml")]
        format: ConfigFormat,
        #[command(flatten)]
        project: ProjectArguments,
    },
    /// Check the configuration against the project, without any rule; ends with 2 where it is wrong
    Check(ProjectArguments),
    /// Print the JSON Schema of `baton.toml`
    Schema,
}

impl ProjectArguments {
    /// The project that is meant.
    pub(super) fn request(self) -> Request {
        self.common.request(self.project.into_iter().collect())
    }
}

/// Which project is meant, and how it is read.
#[derive(Debug, Args)]
pub(super) struct ProjectArguments {
    /// The project, by any path in it [default: the current folder]
    #[arg(value_name = "PATH")]
    project: Option<PathBuf>,
    #[command(flatten)]
    common: CommonArguments,
}

/// What to do with the hook.
#[derive(Debug, Subcommand)]
pub(super) enum HookVerb {
    /// Let git run `baton check --staged` before each commit; a hook of others is left alone
    Install(HookArguments),
    /// Take that out again
    Uninstall(HookArguments),
}

/// Which project a hook is to check.
#[derive(Debug, Args)]
pub(super) struct HookArguments {
    /// The project, by any path in it [default: the current folder]
    #[arg(value_name = "PATH", default_value = ".", hide_default_value = true)]
    project: PathBuf,
}

impl HookVerb {
    /// What the arguments ask for.
    pub(super) fn split(self) -> (PathBuf, HookAction) {
        match self {
            Self::Install(arguments) => (arguments.project, HookAction::Install),
            Self::Uninstall(arguments) => (arguments.project, HookAction::Uninstall),
        }
    }
}

/// The arguments of `inventory`.
#[derive(Debug, Args)]
pub(super) struct InventoryArguments {
    /// Files or folders whose pages are wanted; a site is about a whole project [default: the project of the
    /// current folder]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Write nothing: print how pages differ from what they should be, and exit with 1 if any does
    #[arg(long)]
    check: bool,
    /// Write over generated parts that somebody edited by hand
    #[arg(long, conflicts_with = "check")]
    force: bool,
    /// How to write it; several are separated by commas
    #[arg(long, value_name = "FORMAT", value_delimiter = ',', default_value = "md")]
    format: Vec<InventoryFormat>,
    /// Write JSON to this file instead of printing it, or the site to this folder [default for the site:
    /// target/baton-site below the project's root]
    #[arg(long, value_name = "PATH")]
    output: Option<PathBuf>,
    #[command(flatten)]
    common: CommonArguments,
}

impl InventoryArguments {
    /// What the arguments ask for.
    ///
    /// # Errors
    ///
    /// Only pages can be compared, and an output has to be for one format.
    pub(super) fn split(self) -> Result<(Request, Order), Failure> {
        self.output_is_for_one()?;
        if self.check && self.format != [InventoryFormat::Markdown] {
            return Err(Failure::new("`--check` compares pages, which are in the format `md`", "leave out `--format`"));
        }
        let order = Order { check: self.check, force: self.force, formats: self.format, output: self.output };
        Ok((self.common.request(self.paths), order))
    }

    /// Pages beside the code have their places by configuration; what else is written may go elsewhere.
    fn output_is_for_one(&self) -> Result<(), Failure> {
        let has = |format| self.format.contains(&format);
        let (message, hint) = match (&self.output, has(InventoryFormat::Json), has(InventoryFormat::Html)) {
            (Some(_), true, true) => (
                "`--output` names one place, and `json` and `html` would both go there",
                "run `baton inventory` once for each of the two formats",
            ),
            (Some(_), false, false) => (
                "`--output` is for the formats `json` and `html`",
                "`out` under `[inventory]` in `baton.toml` says where pages of the format `md` lie",
            ),
            _ => return Ok(()),
        };
        Err(Failure::new(message, hint))
    }
}

/// The arguments of `graph`.
#[derive(Debug, Args)]
pub(super) struct GraphArguments {
    /// Files or folders to show [default: the project of the current folder]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// What modules are grouped by [default: role if there are several, else crate, else module]
    #[arg(long, value_name = "WHAT")]
    by: Option<By>,
    /// Tell modules, or with `--by folder` folders, apart by this many parts of their paths [default: all]
    #[arg(long, value_name = "N", value_parser = from_one_on)]
    depth: Option<NonZeroUsize>,
    /// Show packages from outside too
    #[arg(long)]
    outside: bool,
    /// With a path: show what imports it and what it imports too
    #[arg(long)]
    neighbours: bool,
    /// How to write it [default: what the output's name says, else mermaid]
    #[arg(long)]
    format: Option<GraphFormat>,
    /// Write it to this file instead of printing it
    #[arg(long, value_name = "PATH")]
    output: Option<PathBuf>,
    #[command(flatten)]
    common: CommonArguments,
}

impl GraphArguments {
    /// What the arguments ask for, and how they want it drawn.
    ///
    /// # Errors
    ///
    /// The name of the output says no format, or a depth is given for what has none.
    pub(super) fn split(self) -> Result<(Request, Drawing), Failure> {
        let by = match (self.by.map(|by| by.0), self.depth) {
            (None, Some(_)) => Some(Grouping::Module),
            (Some(by @ (Grouping::Role | Grouping::Crate)), Some(_)) => {
                let message = format!("`--depth` cuts the paths of folders or modules, and a {} has none", by.name());
                return Err(Failure::new(message, "add `--by folder` or `--by module`, or leave `--depth` out"));
            }
            (by, _) => by,
        };
        let format = match (self.format, &self.output) {
            (Some(format), _) => format,
            (None, Some(path)) => format_of(path)?,
            (None, None) => GraphFormat::default(),
        };
        let depth = self.depth.map(NonZeroUsize::get);
        let selection = Selection { by, depth, outside: self.outside, neighbours: self.neighbours };
        Ok((self.common.request(self.paths), Drawing { selection, format, output: self.output }))
    }
}

/// A whole number from 1 on.
fn from_one_on(text: &str) -> Result<NonZeroUsize, String> {
    text.parse().map_err(|_| "write a whole number from 1 on".to_owned())
}

/// The format that the name of a file says.
fn format_of(path: &Path) -> Result<GraphFormat, Failure> {
    let extension = path.extension().and_then(OsStr::to_str).unwrap_or_default();
    GraphFormat::of_extension(extension).ok_or_else(|| {
        let names = GraphFormat::ALL.map(GraphFormat::name).join(", ");
        Failure::new(
            format!("the name `{}` says no format", path.display()),
            format!("add `--format` with one of {names}"),
        )
    })
}

/// The arguments of `why`.
#[derive(Debug, Args)]
pub(super) struct WhyArguments {
    /// Where the chain begins: a module, crate, folder, role or item
    from: String,
    /// Where it ends: one of those, or a package from outside
    to: String,
    /// How to write it
    #[arg(long, default_value = "text")]
    format: WhyFormat,
    /// The project, by any path in it [default: the current folder]
    #[arg(long, value_name = "PATH")]
    project: Option<PathBuf>,
    #[command(flatten)]
    common: CommonArguments,
}

impl WhyArguments {
    /// What the arguments ask for, and between which ends.
    pub(super) fn split(self) -> (Request, Ends) {
        let ends = Ends { from: self.from, to: self.to, json: self.format == WhyFormat::Json };
        (self.common.request(self.project.into_iter().collect()), ends)
    }
}

/// The arguments of `cargo-check`.
#[derive(Debug, Args)]
pub(super) struct CargoCheckArguments {
    /// Run `cargo clippy` instead of `cargo check`
    #[arg(long)]
    clippy: bool,
    #[command(flatten)]
    common: CommonArguments,
    /// What is handed on to cargo, such as `--workspace --all-targets`
    #[arg(last = true, value_name = "ARGS")]
    arguments: Vec<OsString>,
}

impl CargoCheckArguments {
    /// What the arguments ask for, and those of cargo.
    pub(super) fn split(self) -> (Request, Vec<OsString>) {
        let command = if self.clippy { "clippy" } else { "check" };
        let mut all: Vec<OsString> = vec![command.into()];
        // Who chooses among the forms of the messages gets that one.
        if !self.arguments.iter().any(|given| given.to_string_lossy().starts_with("--message-format")) {
            all.push("--message-format=json".into());
        }
        all.extend(self.arguments);
        (self.common.request(Vec::new()), all)
    }
}

/// The arguments of `lsp`.
#[derive(Debug, Args)]
pub(super) struct LspArguments {
    /// Speak over standard input and output, which it does anyway: many editors say so
    #[arg(long, hide = true)]
    stdio: bool,
    #[command(flatten)]
    common: CommonArguments,
}

impl LspArguments {
    /// How projects are to be read.
    pub(super) fn split(self) -> Request {
        self.common.request(Vec::new())
    }
}

/// How a chain is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum WhyFormat {
    /// A line per hop
    Text,
    /// For programs
    Json,
}

/// How a project is read.
#[derive(Debug, Args)]
struct CommonArguments {
    /// Use this configuration instead of looking for `baton.toml` from the path upwards
    #[arg(long, value_name = "PATH")]
    config: Option<PathBuf>,
    /// How many threads to use [default: one per processor]
    #[arg(long, value_name = "N", value_parser = from_one_on)]
    threads: Option<NonZeroUsize>,
}

impl CommonArguments {
    fn request(self, paths: Vec<PathBuf>) -> Request {
        Request { paths, config: self.config, threads: self.threads.map_or(0, NonZeroUsize::get), ..Request::default() }
    }
}

/// Reads the reason of a suppression, which stands in one line.
fn reason(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("a suppression has to say why it is right".to_owned()),
        reason if reason.contains(char::is_control) => Err("it has to be one line of text".to_owned()),
        reason if reason.contains('"') => Err("it stands in double quotes, so it cannot hold any".to_owned()),
        reason => Ok(reason.to_owned()),
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

impl ValueEnum for ConfigFormat {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()).help(self.summary()))
    }
}

impl ValueEnum for InventoryFormat {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()).help(self.summary()))
    }
}

impl ValueEnum for GraphFormat {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()).help(self.summary()))
    }
}

/// What modules are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct By(pub(super) Grouping);

impl ValueEnum for By {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self(Grouping::Role), Self(Grouping::Crate), Self(Grouping::Folder), Self(Grouping::Module)]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.0.name()))
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
