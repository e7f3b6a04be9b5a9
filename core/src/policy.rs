//! From what the lints say to what is reported: levels, order, fingerprints, counts.

mod allow;
mod change;
mod edit;
mod mend;
mod waivers;

pub use allow::allow;
pub use change::{Change, Changes, Wish, changes, remedy};
pub use edit::{Edit, edited};
pub use waivers::FAULTY;

use crate::builds::Builds;
use crate::config::{Accepted, Config};
use crate::facts::PathKind;
use crate::finding::{Finding, Level};
use crate::hash::{FNV_OFFSET, fnv};
use crate::link::{Content, EdgeKind, Orchestrator, Project, role_notices, unjudged};
use crate::lint::{Lint, Verdict};
use crate::report::{Judged, OrchestratorRow, Report, ReportedFile, RuleRow, Summary, Suppressed};
use crate::source::{LineColumn, LineIndex, Place};
use std::collections::{BTreeMap, BTreeSet};
use waivers::Waivers;

/// What one lint said, with the lint.
pub struct Said {
    /// The lint.
    pub lint: &'static Lint,
    /// What it said.
    pub verdict: Verdict,
}

/// Makes the report of a run. `texts` holds the text of every file, in the order of the project's
/// files; `within` says which files' findings are asked for.
pub fn report(
    project: &Project,
    texts: Vec<(String, LineIndex)>,
    said: Vec<Said>,
    config: &Config,
    within: &dyn Fn(&str) -> bool,
) -> Report {
    let files: Vec<ReportedFile> = project
        .files
        .iter()
        .zip(texts)
        .map(|(file, (text, lines))| ReportedFile { path: file.path.clone(), text, lines })
        .collect();
    let judged_by: Vec<(&'static str, usize)> = said.iter().map(|said| (said.lint.name, said.verdict.judged)).collect();
    let named = project.crates.iter().filter(|_| project.has_several_packages());
    let crates: BTreeSet<String> = named.map(|krate| krate.name.clone()).collect();
    let all = judged(&files, &crates, waived(project, said, config));
    let gone = gone(&all, &judged_by, config);
    let accepts: BTreeSet<&str> = config.baseline.accepting().collect();
    let (mut findings, mut suppressed, mut accepted) = (Vec::new(), Vec::new(), Vec::new());
    for (judged, reason) in all {
        match reason {
            None if accepts.contains(judged.fingerprint.as_str()) => accepted.push(judged),
            None => findings.push(judged),
            Some(reason) => suppressed.push(Suppressed { finding: judged.finding, reason }),
        }
    }
    // What is found is counted where it is known what was asked for.
    let rules = judged_by.into_iter().map(|(rule, judged)| RuleRow { rule, judged, findings: 0 }).collect();
    let orchestrators = orchestrators(project, &findings);
    let summary = summary(project, &files);
    let edge_kinds = edge_kinds(project);
    let unresolved =
        project.unresolved.iter().map(|(file, names)| (project.file(*file).path.clone(), *names)).collect();
    let report = Report {
        files,
        crates,
        summary,
        edge_kinds,
        unresolved,
        rules,
        orchestrators,
        findings,
        suppressed,
        accepted,
        gone,
        notices: Vec::new(),
        unjudged: None,
        builds: Builds::default(),
    };
    narrowed(report, within)
}

/// The report with what its reader should know besides: about the project's roles, and what the
/// caller has noticed.
pub fn noted(report: Report, project: &Project, more: impl Iterator<Item = String>) -> Report {
    let about = [stale_notice(&report.gone), remedy_notice(&report)].into_iter().flatten();
    let notices = report.notices.iter().cloned().chain(role_notices(project)).chain(more).chain(about).collect();
    Report { notices, unjudged: unjudged(project), ..report }
}

/// The report, where it may be on what is to be committed. If that holds no Rust file at all, nothing in it can break a
/// rule, and who commits a page of documentation is not to be held up.
pub fn of_commit(mut report: Report, is_of_commit: bool) -> Report {
    if is_of_commit && report.summary.files == 0 && report.unjudged.take().is_some() {
        report.notices.push("nothing is staged that is Rust, so nothing was judged".to_owned());
    }
    report
}

fn stale_notice(gone: &[Accepted]) -> Option<String> {
    match gone {
        [] => None,
        [one] => Some(format!(
            "the baseline accepts a finding of `{}` in `{}` that is gone: `baton baseline prune` takes it out",
            one.rule, one.item
        )),
        several => Some(format!(
            "the baseline accepts {} findings that are gone: `baton baseline prune` takes them out",
            several.len()
        )),
    }
}

fn remedy_notice(report: &Report) -> Option<String> {
    match report.findings.iter().filter(|judged| remedy(report, judged).is_some()).count() {
        0 => None,
        1 => Some("1 finding has one certain remedy: `baton check --fix` applies it".to_owned()),
        several => Some(format!("{several} findings have one certain remedy: `baton check --fix` applies it")),
    }
}

/// The report with nothing but what stands in the files that `within` accepts.
pub fn narrowed(mut report: Report, within: &dyn Fn(&str) -> bool) -> Report {
    let files = std::mem::take(&mut report.files);
    let is_within = |place: Place| within(&files[place.file.0 as usize].path);
    report.findings.retain(|judged| is_within(judged.finding.place));
    report.suppressed.retain(|one| is_within(one.finding.place));
    report.accepted.retain(|judged| is_within(judged.finding.place));
    report.orchestrators.retain(|row| is_within(row.place));
    report.files = files;
    counted(report)
}

/// The report without those findings, which were there before: `known` has their fingerprints. They are counted.
pub fn without_known(known: &BTreeSet<String>, mut report: Report) -> Report {
    let all = report.findings.len();
    report.findings.retain(|judged| !known.contains(&judged.fingerprint));
    report.summary.known = Some(all - report.findings.len());
    for row in &mut report.orchestrators {
        row.findings = report.findings.iter().filter(|judged| is_inside(judged, &row.item, row.place)).count();
    }
    counted(report)
}

/// Counts what is found where it is known what was asked for.
fn counted(mut report: Report) -> Report {
    for row in &mut report.rules {
        row.findings = report.findings.iter().filter(|judged| judged.finding.rule == row.rule).count();
    }
    let of = |level| report.findings.iter().filter(|judged| judged.level == level).count();
    let (deny, warn) = (of(Level::Deny), of(Level::Warn));
    let (suppressed, baselined) = (report.suppressed.len(), report.accepted.len());
    report.summary = Summary { deny, warn, suppressed, baselined, ..report.summary };
    report
}

/// Whether a finding stands in the orchestrator of that path and place.
fn is_inside(judged: &Judged, item: &str, place: Place) -> bool {
    judged.finding.item == item && judged.finding.place.file == place.file
}

/// What the baseline accepts and nobody says any more, of the rules that ran.
fn gone(all: &[(Judged, Option<String>)], ran: &[(&'static str, usize)], config: &Config) -> Vec<Accepted> {
    let said: BTreeSet<&str> =
        all.iter().filter(|(_, reason)| reason.is_none()).map(|(judged, _)| judged.fingerprint.as_str()).collect();
    let is_gone = |entry: &&Accepted| {
        ran.iter().any(|(rule, _)| *rule == entry.rule) && !said.contains(entry.fingerprint.as_str())
    };
    config.baseline.entries.iter().filter(is_gone).cloned().collect()
}

/// Everything that was said, with its level and with the reason of whoever asks not to hear it. Where that rule
/// runs, what the sources ask for and nobody would say is among it.
fn waived(project: &Project, said: Vec<Said>, config: &Config) -> Vec<(Finding, Level, Option<String>)> {
    let ran: BTreeSet<&str> = said.iter().map(|said| said.lint.name).collect();
    let faulty = said.iter().find(|said| said.lint.name == FAULTY).map(|said| said.lint);
    // What is set for a file counts there, whatever a contract says of itself.
    let level = |finding: &Finding, lint: &Lint| {
        let set = config.level_in(lint, &project.file(finding.place.file).path);
        set.or(finding.level).unwrap_or_else(|| config.level(lint))
    };
    let mut waivers = Waivers::new(project);
    let mut all = Vec::new();
    for Said { lint, verdict } in said {
        all.extend(verdict.findings.into_iter().map(|finding| {
            let (level, reason) = (level(&finding, lint), waivers.reason(&finding));
            (finding, level, reason)
        }));
    }
    if let Some(lint) = faulty {
        all.extend(
            waivers
                .stale(&ran)
                .into_iter()
                .map(|finding| (level(&finding, lint), finding))
                .map(|(level, finding)| (finding, level, None)),
        );
    }
    all.retain(|(_, level, _)| *level != Level::Allow);
    all
}

/// Sorts by file, line, column and rule, and gives each finding its fingerprint.
fn judged(
    files: &[ReportedFile],
    crates: &BTreeSet<String>,
    mut findings: Vec<(Finding, Level, Option<String>)>,
) -> Vec<(Judged, Option<String>)> {
    let at = |place: Place| -> LineColumn {
        let file = &files[place.file.0 as usize];
        file.lines.line_column(&file.text, place.span.start)
    };
    findings.sort_by_cached_key(|(finding, ..)| {
        let place = at(finding.place);
        (finding.place.file, place, finding.rule, finding.message.clone(), finding.place)
    });
    let mut seen: BTreeMap<u64, u32> = BTreeMap::new();
    findings
        .into_iter()
        .map(|(finding, level, reason)| {
            let key = fingerprint(&files[finding.place.file.0 as usize], &finding, crates);
            let nth = seen.entry(key).and_modify(|nth| *nth += 1).or_insert(0);
            // Two findings that say the same of the same item are told apart by their order.
            let mark = if *nth == 0 { format!("{key:016x}") } else { format!("{key:016x}-{nth}") };
            (Judged { finding, level, fingerprint: mark }, reason)
        })
        .collect()
}

fn fingerprint(file: &ReportedFile, finding: &Finding, crates: &BTreeSet<String>) -> u64 {
    let place = if finding.item.is_empty() { file.path.as_str() } else { finding.item.as_str() };
    let span = finding.place.span;
    let code = file.text.get(span.start as usize..span.end as usize).unwrap_or_default();
    key(finding.rule, place, &without_crates(&finding.message, crates), code)
}

/// A message without the crates before paths, which are there only if the project has several packages: a second one
/// must not make every finding a new one.
pub(crate) fn without_crates(message: &str, crates: &BTreeSet<String>) -> String {
    let mut plain = String::with_capacity(message.len());
    let mut before = "";
    for part in message.split_inclusive(['`', ' ']) {
        let is_path = before.ends_with('`') || before == "in ";
        let behind = part.split_once("::").filter(|(name, _)| is_path && crates.contains(*name));
        plain.push_str(behind.map_or(part, |(_, path)| path));
        before = part;
    }
    plain
}

/// Hashes what a finding says, apart from where: moving code changes nothing. `place` is the item, or the file
/// where there is none.
pub(crate) fn key(rule: &str, place: &str, message: &str, code: &str) -> u64 {
    // What formatters change is left out: white space, and commas behind the last of several.
    let dense: String = code.split_whitespace().collect();
    let dense = dense.replace(",)", ")").replace(",]", "]").replace(",}", "}");
    let parts = [rule, place, message, dense.as_str()].into_iter();
    parts.fold(FNV_OFFSET, |hash, part| fnv(fnv(hash, part.as_bytes()), &[0]))
}

fn orchestrators(project: &Project, findings: &[Judged]) -> Vec<OrchestratorRow> {
    let rows = project.orchestrators.iter().map(|orchestrator| {
        let Orchestrator { path, place, collaborators, .. } = orchestrator;
        let inside = |judged: &&Judged| is_inside(judged, path, *place);
        OrchestratorRow {
            item: path.clone(),
            place: *place,
            dependencies: collaborators.len(),
            collaborators: collaborators.iter().map(|one| one.shown.to_string()).collect(),
            findings: findings.iter().filter(inside).count(),
            layer: orchestrator.layer.as_ref().map(ToString::to_string),
            kind: orchestrator.kind.as_ref().map(ToString::to_string),
        }
    });
    rows.collect()
}

fn edge_kinds(project: &Project) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for edge in project.edges.iter() {
        *counts.entry(kind_name(edge.kind)).or_default() += 1;
    }
    counts
}

const fn kind_name(kind: EdgeKind) -> &'static str {
    match kind {
        EdgeKind::Use => "use",
        EdgeKind::Reexport => "re-export",
        EdgeKind::Path(PathKind::Expression) => "expression",
        EdgeKind::Path(PathKind::Type) => "type",
        EdgeKind::Path(PathKind::Bound) => "bound",
        EdgeKind::Path(PathKind::Alias) => "alias",
        EdgeKind::Path(PathKind::Impl) => "impl",
        EdgeKind::Path(PathKind::Pattern) => "pattern",
        EdgeKind::Path(PathKind::Macro) => "macro",
        EdgeKind::Path(PathKind::MacroArgument) => "macro argument",
        EdgeKind::Path(PathKind::Attribute) => "attribute",
        EdgeKind::Call => "method or operator",
    }
}

fn summary(project: &Project, files: &[ReportedFile]) -> Summary {
    Summary {
        files: files.len(),
        lines: files.iter().map(|file| file.lines.lines(&file.text) as usize).sum(),
        modules: project.modules.len(),
        edges: project.edges.len(),
        unparsed: project.files.iter().filter(|file| matches!(file.content, Content::Failed(_))).count(),
        ..Summary::default()
    }
}

#[cfg(test)]
mod tests;
