//! Links what was loaded and runs the lints: the middle of every command that looks at a project.

use super::load::{Fault, LoadError, read_closer};
use crate::error::Failure;
use baton_core::config::{Config, ConfigError, Variant};
use baton_core::contract::Judged;
use baton_core::link::{Draft, Memory, Project, SourceFile, Unjudged};
use baton_core::lint::{Lint, Verdict};
use baton_core::manifest::Workspace;
use baton_core::policy::Said;
use baton_core::source::{FileId, LineIndex};
use baton_lints::LINTS;
use rayon::prelude::*;

/// How many modules one thread asks in a row what they call: what one teaches about types helps the next.
const CALLS_AT_ONCE: usize = 32;

/// How many orchestrators one thread asks in a row which code is theirs.
const CODE_AT_ONCE: usize = 64;

/// Links a project, its modules side by side, and so its contracts. Files of which only an outline was read, and which the
/// core reaches, are read closer first.
///
/// # Errors
///
/// The configuration names something that does not exist.
pub(super) fn link(
    files: Vec<SourceFile>,
    texts: &[(String, LineIndex)],
    workspace: &Workspace,
    config: &Config,
    config_text: &str,
) -> Result<Project, LoadError> {
    link_known(files, texts, workspace, config, config_text, None)
}

/// The same, where a memory of an earlier look may spare the parsing of files, and is told what is new.
///
/// # Errors
///
/// As of [`link`].
pub(super) fn link_known(
    files: Vec<SourceFile>,
    texts: &[(String, LineIndex)],
    workspace: &Workspace,
    config: &Config,
    config_text: &str,
    memory: Option<&mut Memory>,
) -> Result<Project, LoadError> {
    let faults = |errors| faults(errors, config, config_text);
    let draft = |files| Draft::new(files, workspace, config).map_err(faults);
    let mut drafted = draft(files)?;
    let closer = drafted.to_be_read_closer(&|file: FileId| texts.get(file.0 as usize).map_or("", |(text, _)| text));
    if !closer.is_empty() {
        let mut files = drafted.into_files();
        read_closer(&mut files, texts, &closer, memory);
        drafted = draft(files)?;
    }
    let draft = drafted;
    let modules: Vec<_> = draft.modules().collect();
    let links = modules.into_par_iter().map(|module| draft.links_of(module)).collect();
    let joined = draft.join(links);
    let calls = joined.modules().par_chunks(CALLS_AT_ONCE).map(|modules| joined.calls_of(modules)).collect();
    let orchestrators = joined.orchestrator_count();
    let starts: Vec<usize> = (0..orchestrators).step_by(CODE_AT_ONCE).collect();
    let code =
        starts.into_par_iter().map(|start| joined.code_of(start..orchestrators.min(start + CODE_AT_ONCE))).collect();
    let unjudged = joined.finish(calls, code).map_err(faults)?;
    let judged = judge(&unjudged);
    unjudged.settle(judged).map_err(faults)
}

/// What is wrong with a configuration, each in its own text: that of the file, or one that it extends.
pub(super) fn faults(errors: Vec<ConfigError>, config: &Config, config_text: &str) -> LoadError {
    let fault = |error: ConfigError| {
        if config.sources.len() < 2 {
            return Fault::of_config(error, config_text);
        }
        let (error, text) = config.located(error);
        Fault::of_config(error, &text)
    };
    LoadError::Faults(errors.into_iter().map(fault).collect())
}

/// Judges the contracts side by side; the result is in their order.
fn judge(unjudged: &Unjudged) -> Vec<Judged> {
    if unjudged.contracts().is_empty() {
        return Vec::new();
    }
    let judging = unjudged.judging();
    unjudged.contracts().par_iter().map(|rule| judging.judge(rule)).collect()
}

/// Runs the lints that are on side by side; the result is in the order of the registry.
pub(super) fn lint(project: &Project, config: &Config) -> Vec<Said> {
    let enabled: Vec<_> = LINTS.iter().copied().filter(|lint| config.is_on(lint)).collect();
    let judge = |lint: &'static Lint| {
        let variants = config.variants(lint, project.files.iter().map(|file| file.path.as_str()));
        let verdict = |variant: &Variant| {
            let verdicts =
                lint.lots(project).into_par_iter().map(|lot| lint.verdict_of(project, &variant.options, lot));
            Verdict::joined(verdicts.collect())
        };
        let verdicts = variants.iter().map(|variant| (verdict(variant), variant.files.as_slice()));
        Said { lint, verdict: Verdict::of_variants(verdicts.collect()) }
    };
    enabled.into_par_iter().map(judge).collect()
}

/// The paths that were asked for and hold no file that was read: there is nothing to judge in them.
///
/// # Errors
///
/// That is so for all of them.
pub(super) fn without_files(within: &[String], files: &[SourceFile]) -> Result<Vec<String>, Failure> {
    let holds = |folder: &String| files.iter().any(|file| is_within(&file.path, folder));
    let empty: Vec<_> = within.iter().filter(|folder| !holds(folder)).map(|folder| format!("`{folder}`")).collect();
    if !empty.is_empty() && empty.len() == within.len() {
        let hint = "give Rust files, or folders that hold some; what is excluded or ignored is not read";
        return Err(Failure::new(format!("no source file was read in {}", empty.join(", ")), hint));
    }
    Ok(empty)
}

/// Whether a file lies in what was asked for: all of the project, if no path was given.
pub(super) fn is_asked(path: &str, within: &[String]) -> bool {
    within.is_empty() || within.iter().any(|folder| is_within(path, folder))
}

fn is_within(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_core::link::Content;

    #[test]
    fn a_path_without_files_is_told_and_no_path_with_files_is_a_failure() {
        let file = |path: &str| SourceFile { path: path.to_owned(), content: Content::Generated };
        let files = [file("src/core/price.rs"), file("src/lib.rs")];
        let empty = |paths: &[&str]| {
            let within: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
            without_files(&within, &files).map_err(|failure| failure.message)
        };
        assert_eq!(empty(&[]), Ok(Vec::new()));
        assert_eq!(empty(&["src", "src/core", "src/lib.rs"]), Ok(Vec::new()));
        let told = ["`docs`", "`src/cor`", "`baton.toml`"].map(str::to_owned).to_vec();
        assert_eq!(empty(&["docs", "src", "src/cor", "baton.toml"]), Ok(told));
        assert_eq!(empty(&["docs", "tests"]), Err("no source file was read in `docs`, `tests`".to_owned()));
    }
}
