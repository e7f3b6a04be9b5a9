//! How often Baton is right, measured against labels on real repositories.
//!
//! A corpus is a folder with `labels.json` (places with a rule, a verdict and the reason),
//! `exhaustive.json` (folders in which two rules are labelled completely), `commits.json` (which
//! repositories) and `configs/OWNER+NAME.toml`. Checkouts lie side by side as `OWNER+NAME`. What comes
//! out are the measured parts of `docs/accuracy.md`. Pure, apart from [`run`]. No rule and no test
//! reads a label.

use crate::{Refusal, disk};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// The page that holds the figures.
const PAGE: &str = "docs/accuracy.md";
const BEGIN: &str = "<!-- measured: `cargo xtask accuracy CORPUS CHECKOUTS` writes this part -->\n";
const END: &str = "<!-- end of what was measured -->\n";

/// The rule whose labels are regions; those of the others are places, and two lines beside are near enough.
const BY_REGION: &str = "business-logic-in-orchestrator";
/// The rules that are labelled completely in some folders.
const COMPLETE: &[&str] = &["core-imports-shell", "impure-core"];

/// A place that somebody judged.
#[derive(Clone, Debug, Deserialize)]
struct Label {
    repo: String,
    file: String,
    line: u32,
    end_line: Option<u32>,
    rule: String,
    verdict: String,
    why: String,
}

/// The folders of a repository in which the labels of two rules are complete.
#[derive(Clone, Debug, Deserialize)]
struct Exhaustive {
    repo: String,
    core_dirs: Vec<String>,
}

/// What of a report is measured.
#[derive(Clone, Debug, Deserialize)]
struct Report {
    findings: Vec<Finding>,
}

#[derive(Clone, Debug, Deserialize)]
struct Finding {
    rule: String,
    file: String,
    line: u32,
    end_line: u32,
    message: String,
    evidence: Vec<Place>,
    chain: Vec<Hop>,
}

#[derive(Clone, Debug, Deserialize)]
struct Place {
    file: String,
    line: u32,
    end_line: u32,
}

#[derive(Clone, Debug, Deserialize)]
struct Hop {
    file: String,
    line: u32,
}

/// The figures of one rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Score {
    found: u32,
    missed: u32,
    false_alarms: u32,
    clean: u32,
    clean_hit: u32,
}

/// Checks every repository of the corpus that is there, and writes the figures into the page.
///
/// # Errors
///
/// A file of the corpus cannot be read, a checkout has a configuration of its own, or Baton fails.
pub fn run(root: &Path, corpus: &Path, checkouts: &Path) -> Result<String, Refusal> {
    let labels: Vec<Label> = read(corpus, "labels.json")?;
    let exhaustive: Vec<Exhaustive> = read(corpus, "exhaustive.json")?;
    let commits: BTreeMap<String, String> = read(corpus, "commits.json")?;
    let mut measured = Measured::default();
    for repo in commits.keys() {
        let name = repo.replace('/', "+");
        let checkout = checkouts.join(&name);
        if !disk::is_folder(&checkout) {
            measured.absent.push(repo.clone());
            continue;
        }
        let config = disk::read(corpus, &format!("configs/{name}.toml"))?;
        let printed = disk::baton(root, &checkout, &config)?;
        let report: Report = parse(&name, &printed)?;
        let own: Vec<&Label> = labels.iter().filter(|label| label.repo == *repo).collect();
        let folders = exhaustive.iter().filter(|one| one.repo == *repo).flat_map(|one| &one.core_dirs);
        measured.add(repo, &report, &own, &folders.map(String::as_str).collect::<Vec<_>>());
    }
    let page = replaced(&disk::read(root, PAGE)?, &measured.shown())?;
    disk::update(root, &BTreeMap::from([(PAGE.to_owned(), page)]), &[])?;
    Ok(measured.shown())
}

fn read<T: DeserializeOwned>(corpus: &Path, name: &str) -> Result<T, Refusal> {
    parse(name, &disk::read(corpus, name)?)
}

fn parse<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, Refusal> {
    serde_json::from_str(text).map_err(|error| Refusal(format!("cannot read `{name}`: {error}")))
}

/// The page with other figures.
fn replaced(page: &str, figures: &str) -> Result<String, Refusal> {
    let parts = page.split_once(BEGIN).and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let (before, after) = parts.ok_or_else(|| Refusal(format!("`{PAGE}` has lost the marks of its measured part")))?;
    Ok(format!("{before}{BEGIN}\n{figures}\n{END}{after}"))
}

/// The figures so far.
#[derive(Debug, Default)]
struct Measured {
    scores: BTreeMap<String, Score>,
    repositories: u32,
    absent: Vec<String>,
    missed: Vec<String>,
    false_alarms: Vec<String>,
}

impl Measured {
    fn add(&mut self, repo: &str, report: &Report, labels: &[&Label], complete: &[&str]) {
        self.repositories += 1;
        let mut rules: BTreeMap<&str, Vec<&Label>> = BTreeMap::new();
        for label in labels {
            rules.entry(label.rule.as_str()).or_default().push(label);
        }
        for (rule, labels) in rules {
            let findings: Vec<&Finding> = report.findings.iter().filter(|finding| finding.rule == rule).collect();
            let slack = if rule == BY_REGION { 0 } else { 2 };
            let excused = |finding: &Finding, slack| {
                labels.iter().any(|label| label.verdict != "clean" && hits(finding, label, slack))
            };
            for label in &labels {
                self.count(repo, label, &findings, slack, &excused);
            }
            if !COMPLETE.contains(&rule) {
                continue;
            }
            let inside = |finding: &&&Finding| complete.iter().any(|folder| lies_in(&finding.file, folder));
            for finding in findings.iter().filter(inside) {
                if finding.chain.len() <= 1 && !excused(finding, 3) {
                    self.false_alarm(repo, finding);
                }
            }
        }
    }

    fn count(
        &mut self,
        repo: &str,
        label: &Label,
        findings: &[&Finding],
        slack: u32,
        excused: &dyn Fn(&Finding, u32) -> bool,
    ) {
        let matched: Vec<&Finding> = findings.iter().copied().filter(|finding| hits(finding, label, slack)).collect();
        let score = self.scores.entry(label.rule.clone()).or_default();
        match label.verdict.as_str() {
            "violation" if matched.is_empty() => {
                score.missed += 1;
                self.missed.push(format!("`{}` {repo} `{}:{}`: {}", label.rule, label.file, label.line, label.why));
            }
            "violation" => score.found += 1,
            "clean" if label.line > 0 => {
                score.clean += 1;
                let wrong: Vec<&Finding> = matched.into_iter().filter(|finding| !excused(finding, slack)).collect();
                score.clean_hit += u32::from(!wrong.is_empty());
                for finding in wrong {
                    self.false_alarm(repo, finding);
                }
            }
            _ => {}
        }
    }

    fn false_alarm(&mut self, repo: &str, finding: &Finding) {
        self.scores.entry(finding.rule.clone()).or_default().false_alarms += 1;
        let Finding { rule, file, line, message, .. } = finding;
        self.false_alarms.push(format!("`{rule}` {repo} `{file}:{line}`: {message}"));
    }

    fn shown(&self) -> String {
        let mut out = format!("{} repositories were checked.", self.repositories);
        if !self.absent.is_empty() {
            let _ = write!(out, " Absent: {}.", self.absent.join(", "));
        }
        out.push_str("\n\n| rule | labelled violations | found | outside of labels | clean places | of them hit | precision | recall |\n");
        out.push_str("|---|---|---|---|---|---|---|---|\n");
        for (rule, score) in &self.scores {
            let Score { found, missed, false_alarms, clean, clean_hit } = score;
            let (precision, recall) = (share(*found, *false_alarms), share(*found, *missed));
            let all = found + missed;
            let _ = writeln!(
                out,
                "| `{rule}` | {all} | {found} | {false_alarms} | {clean} | {clean_hit} | {precision} | {recall} |"
            );
        }
        for (title, lines) in [("Missed", &self.missed), ("Outside of the labels", &self.false_alarms)] {
            let _ = writeln!(out, "\n{title}:\n");
            for line in lines {
                let _ = writeln!(out, "- {line}");
            }
            if lines.is_empty() {
                out.push_str("- nothing\n");
            }
        }
        out
    }
}

/// Of how many `good` and `bad` the good ones are, as a fraction of one.
fn share(good: u32, bad: u32) -> String {
    match good + bad {
        0 => "–".to_owned(),
        all => format!("{:.2}", f64::from(good) / f64::from(all)),
    }
}

fn lies_in(file: &str, folder: &str) -> bool {
    let folder = folder.trim_end_matches('/');
    file.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether a finding points at a labelled place: by itself, by its evidence, or by where its chain begins.
fn hits(finding: &Finding, label: &Label, slack: u32) -> bool {
    let last = label.end_line.unwrap_or(label.line).max(label.line);
    let near = |file: &str, from: u32, to: u32| {
        file == label.file && from <= last + slack && label.line <= to.max(from) + slack
    };
    near(&finding.file, finding.line, finding.end_line)
        || finding.evidence.iter().any(|place| near(&place.file, place.line, place.end_line))
        || finding.chain.first().is_some_and(|hop| near(&hop.file, hop.line, hop.line))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(rule: &str, verdict: &str, line: u32, end_line: u32) -> Label {
        let text = |text: &str| text.to_owned();
        let (repo, file, why) = (text("a/b"), text("src/domain/a.rs"), text("so"));
        Label { repo, file, line, end_line: Some(end_line), rule: text(rule), verdict: text(verdict), why }
    }

    fn finding(rule: &str, line: u32, end_line: u32) -> Finding {
        let (file, message) = ("src/domain/a.rs".to_owned(), "wrong".to_owned());
        Finding { rule: rule.to_owned(), file, line, end_line, message, evidence: Vec::new(), chain: Vec::new() }
    }

    fn measured(findings: Vec<Finding>, labels: &[Label]) -> Measured {
        let mut measured = Measured::default();
        measured.add("a/b", &Report { findings }, &labels.iter().collect::<Vec<_>>(), &["src/domain"]);
        measured
    }

    #[test]
    fn found_missed_and_false_are_counted() {
        let rule = BY_REGION;
        let labels = [
            label(rule, "violation", 10, 12),
            label(rule, "violation", 20, 22),
            label(rule, "clean", 30, 40),
            label(rule, "debatable", 38, 40),
        ];
        let findings = vec![finding(rule, 12, 13), finding(rule, 31, 31), finding(rule, 39, 39), finding(rule, 90, 90)];
        let scores = measured(findings, &labels).scores;
        let expected = Score { found: 1, missed: 1, false_alarms: 1, clean: 1, clean_hit: 1 };
        assert_eq!(scores[rule], expected);
    }

    #[test]
    fn what_stands_outside_of_complete_labels_is_false() {
        let labels = [label("impure-core", "violation", 10, 10)];
        let findings = vec![finding("impure-core", 12, 12), finding("impure-core", 50, 50)];
        let score = &measured(findings, &labels).scores["impure-core"];
        assert_eq!((score.found, score.false_alarms), (1, 1));
    }

    #[test]
    fn only_the_measured_part_of_the_page_is_replaced() {
        let page = format!("before\n{BEGIN}old\n{END}after\n");
        assert_eq!(replaced(&page, "new").unwrap(), format!("before\n{BEGIN}\nnew\n{END}after\n"));
        assert!(replaced("no marks", "new").is_err());
    }
}
