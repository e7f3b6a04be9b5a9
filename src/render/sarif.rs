//! SARIF 2.1.0, the format of static analysis that GitHub's code scanning and many editors read.
//!
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

mod location;

use super::json::{self, Tool};
use super::line_hash::line_hashes;
use super::tally::count;
use crate::error::Failure;
use baton_core::finding::{Finding, Level};
use baton_core::lint::Lint;
use baton_core::report::{Judged, Report, Suppressed};
use baton_core::source::FileId;
use location::{CodeFlow, Location, code_flows};
use serde::Serialize;
use std::collections::BTreeMap;

/// More results than these make GitHub refuse the whole report.
const RESULTS: usize = 25_000;

/// GitHub refuses what has more than 10 MB after compression. What has less before has less after.
const BYTES: usize = 10_000_000;

/// More than what stands around results, the tool and what it has to say, the last word about what is left
/// out among it.
const FRAME: usize = 1_000;

/// The whole report.
pub(super) fn sarif(report: &Report, lints: &[&Lint]) -> Result<String, Failure> {
    within(report, lints, RESULTS, BYTES)
}

/// The report with no more than so many results and bytes. Errors go before warnings, and both before what
/// is suppressed, so what is left out is what matters least; that it is left out is said.
fn within(report: &Report, lints: &[&Lint], most: usize, bytes: usize) -> Result<String, Failure> {
    let mut run = Run::of(report, lints);
    let all = run.results.len();
    let around = json::compact(&run.tool)?.len() + json::compact(&run.invocations)?.len() + FRAME;
    let mut room = bytes.saturating_sub(around);
    let mut kept = 0;
    for result in run.results.iter().take(most) {
        // The break at the end stands for the comma behind it.
        let Some(left) = room.checked_sub(json::compact(result)?.len()) else { break };
        room = left;
        kept += 1;
    }
    run.results.truncate(kept);
    if kept < all {
        run.invocations[0].tool_execution_notifications.push(Notification::new(
            "warning",
            &format!(
                "{} of {all} left out, the least severe ones, because GitHub takes no more than {most} and no more \
                 than 10 MB; the format `json` has all",
                count(all - kept, "result")
            ),
        ));
    }
    let log = Log { schema: SCHEMA, version: "2.1.0", runs: [run] };
    json::compact(&log)
}

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: ToolObject,
    invocations: [Invocation; 1],
    column_kind: &'static str,
    results: Vec<ResultObject<'a>>,
}

#[derive(Serialize)]
struct ToolObject {
    driver: Driver,
}

#[derive(Serialize)]
struct Driver {
    #[serde(flatten)]
    this: Tool,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    short_description: Message,
    full_description: Message,
    default_configuration: Configuration,
    help: Help,
}

#[derive(Serialize)]
struct Configuration {
    enabled: bool,
    level: &'static str,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

/// A text of SARIF.
#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Message,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResultObject<'a> {
    rule_id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: Message,
    locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    code_flows: Vec<CodeFlow>,
    partial_fingerprints: BTreeMap<&'static str, String>,
    /// There for every result, because an empty list says that nothing suppresses it, and no list says that
    /// nobody knows.
    suppressions: Vec<Suppression<'a>>,
}

#[derive(Serialize)]
struct Suppression<'a> {
    kind: &'static str,
    justification: &'a str,
}

impl<'a> Run<'a> {
    fn of(report: &'a Report, lints: &[&Lint]) -> Self {
        let mut hashes = Hashes { report, of_files: BTreeMap::new() };
        let (errors, warnings): (Vec<_>, Vec<_>) =
            report.findings.iter().partition(|judged| judged.level == Level::Deny);
        let mut results = Vec::with_capacity(report.findings.len() + report.suppressed.len());
        for judged in errors.into_iter().chain(warnings) {
            results.push(ResultObject::of_judged(judged, lints, &mut hashes));
        }
        for suppressed in &report.suppressed {
            results.push(ResultObject::of_suppressed(suppressed, lints, &mut hashes));
        }
        let rules = lints.iter().map(|lint| Rule::of(lint)).collect();
        Self {
            tool: ToolObject { driver: Driver { this: Tool::THIS, rules } },
            invocations: [Invocation::of(report)],
            column_kind: "utf16CodeUnits",
            results,
        }
    }
}

impl Rule {
    fn of(lint: &Lint) -> Self {
        let page = lint.page();
        Self {
            id: lint.name,
            short_description: Message { text: lint.summary.to_owned() },
            full_description: Message { text: what_it_does(&page) },
            default_configuration: Configuration { enabled: lint.level != Level::Allow, level: level(lint.level) },
            help: Help { text: page.clone(), markdown: page },
        }
    }
}

/// The first paragraph under the first heading of a rule's page, in one line.
fn what_it_does(page: &str) -> String {
    let lines = page.lines().skip_while(|line| !line.starts_with("## ")).skip(1).skip_while(|line| line.is_empty());
    lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

impl Invocation {
    fn of(report: &Report) -> Self {
        let notices = report.notices.iter().map(|notice| Notification::new("note", notice));
        let unjudged = report.unjudged.iter();
        let unjudged = unjudged.map(|why| Notification::new("error", &format!("nothing was judged: {why}")));
        Self {
            execution_successful: report.unjudged.is_none(),
            tool_execution_notifications: notices.chain(unjudged).collect(),
        }
    }
}

impl Notification {
    fn new(level: &'static str, text: &str) -> Self {
        Self { level, message: Message::of(text) }
    }
}

impl<'a> ResultObject<'a> {
    fn of_judged(judged: &Judged, lints: &[&Lint], hashes: &mut Hashes<'_>) -> Self {
        let mut result = Self::of(&judged.finding, judged.level, lints, hashes);
        result.partial_fingerprints.insert("baton/v1", judged.fingerprint.clone());
        result
    }

    fn of_suppressed(suppressed: &'a Suppressed, lints: &[&Lint], hashes: &mut Hashes<'_>) -> Self {
        let Suppressed { finding, reason } = suppressed;
        let lint = lints.iter().find(|lint| lint.name == finding.rule);
        let level = finding.level.or(lint.map(|lint| lint.level)).unwrap_or(Level::Warn);
        let suppressions = vec![Suppression { kind: "inSource", justification: reason }];
        Self { suppressions, ..Self::of(finding, level, lints, hashes) }
    }

    fn of(finding: &Finding, severity: Level, lints: &[&Lint], hashes: &mut Hashes<'_>) -> Self {
        let report = hashes.report;
        let location = Location::of(report, finding.place);
        let hash = location.line().and_then(|line| hashes.of_line(finding.place.file, line));
        let evidence = finding.evidence.iter().zip(1..);
        let text = match finding.help.as_str() {
            "" => finding.message.clone(),
            help => format!("{}\n{help}", finding.message),
        };
        Self {
            rule_id: finding.rule,
            rule_index: lints.iter().position(|lint| lint.name == finding.rule),
            level: level(severity),
            message: Message::of(&text),
            locations: vec![location],
            related_locations: evidence
                .map(|(evidence, number)| Location::of(report, evidence.place).numbered(number).saying(&evidence.why))
                .collect(),
            code_flows: code_flows(report, finding),
            partial_fingerprints: hash.map(|hash| ("primaryLocationLineHash", hash)).into_iter().collect(),
            suppressions: Vec::new(),
        }
    }
}

/// The hashes of the lines of those files that have findings.
struct Hashes<'a> {
    report: &'a Report,
    of_files: BTreeMap<FileId, Vec<String>>,
}

impl Hashes<'_> {
    fn of_line(&mut self, file: FileId, line: u32) -> Option<String> {
        let text = &self.report.file(file)?.text;
        let hashes = self.of_files.entry(file).or_insert_with(|| line_hashes(text));
        hashes.get((line as usize).checked_sub(1)?).cloned()
    }
}

impl Message {
    /// A text of others. `[text](1)` would be a link, and a backslash keeps brackets from making one.
    fn of(text: &str) -> Self {
        if !text.contains("](") {
            return Self { text: text.to_owned() };
        }
        let mut escaped = String::with_capacity(text.len() + 8);
        for c in text.chars() {
            if matches!(c, '[' | ']' | '\\') {
                escaped.push('\\');
            }
            escaped.push(c);
        }
        Self { text: escaped }
    }
}

const fn level(level: Level) -> &'static str {
    match level {
        Level::Deny => "error",
        Level::Warn | Level::Allow => "warning",
    }
}

#[cfg(test)]
mod tests;
