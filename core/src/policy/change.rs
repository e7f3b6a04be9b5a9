//! What the files of a project become when findings are suppressed or mended.

use super::edit::{Edit, edited};
use super::{allow, mend};
use crate::report::{Judged, Report};
use crate::source::FileId;
use std::collections::BTreeMap;

/// What is to happen to findings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// They are suppressed.
    Allow {
        /// Why, in one line.
        reason: String,
        /// The rules whose findings are meant; empty for all.
        only: Vec<String>,
    },
    /// Those are mended that have one certain remedy.
    Mend,
}

/// How often remedies are applied until no finding has one: each time some that could not be applied side by side.
const ROUNDS: usize = 16;

impl Wish {
    /// How often to judge anew and to go on where something was changed: what two remedies say of one list needs two
    /// rounds, and suppressions are all written in one.
    pub const fn rounds(&self) -> usize {
        match self {
            Self::Allow { .. } => 1,
            Self::Mend => ROUNDS,
        }
    }
}

/// What becomes of the files of a project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The files that change, sorted by path.
    pub files: Vec<Change>,
    /// The findings that no edit can suppress, by their positions in the report. Those without a certain remedy
    /// are not among them.
    pub left: Vec<usize>,
}

/// What becomes of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Relative to the project root.
    pub path: String,
    /// Its text as it was read.
    pub before: String,
    /// Its text as it is to be.
    pub after: String,
    /// How many edits that takes.
    pub edits: usize,
}

/// The edit that mends a finding of a report, with its file, if there is one certain remedy.
pub fn remedy(report: &Report, judged: &Judged) -> Option<(FileId, Edit)> {
    let fix = judged.finding.fix.as_ref()?;
    let edit = mend::edit(&report.file(fix.file())?.text, fix)?;
    Some((fix.file(), edit))
}

/// What becomes of the files of a report if a wish about its findings comes true.
pub fn changes(report: &Report, wish: &Wish) -> Changes {
    let mut edits: BTreeMap<FileId, Vec<Edit>> = BTreeMap::new();
    let mut changes = Changes::default();
    for (index, judged) in report.findings.iter().enumerate() {
        let edit = match wish {
            Wish::Mend => remedy(report, judged),
            Wish::Allow { only, .. } if !only.is_empty() && !only.iter().any(|rule| rule == judged.finding.rule) => {
                None
            }
            Wish::Allow { reason, .. } => {
                let edit = suppression(report, judged, reason);
                if edit.is_none() {
                    changes.left.push(index);
                }
                edit
            }
        };
        if let Some((file, edit)) = edit {
            edits.entry(file).or_default().push(edit);
        }
    }
    changes.files = edits.into_iter().filter_map(|(file, edits)| change(report, file, edits)).collect();
    changes
}

fn suppression(report: &Report, judged: &Judged, reason: &str) -> Option<(FileId, Edit)> {
    let place = judged.finding.place;
    let text = &report.file(place.file)?.text;
    // A suppression that is faulty is not to be hidden by another one.
    let is_faulty = judged.finding.rule == super::FAULTY;
    let edit = (!is_faulty).then(|| allow(text, place.span.start, judged.finding.rule, reason))??;
    Some((place.file, edit))
}

fn change(report: &Report, file: FileId, edits: Vec<Edit>) -> Option<Change> {
    let file = report.file(file)?;
    let (after, edits) = edited(&file.text, edits);
    Some(Change { path: file.path.clone(), before: file.text.clone(), after, edits })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Finding, Fix, Level};
    use crate::report::ReportedFile;
    use crate::source::{LineIndex, Place, Span};

    const TEXT: &str = "//! Docs.\nfn a() {}\nfn b() {}\n// baton: allow(x, reason = \"y\")\nfn c() {}\n";

    /// A finding of a rule where `code` stands in the text.
    fn judged(rule: &'static str, code: &str, fix: bool) -> Judged {
        let start = TEXT.find(code).unwrap() as u32;
        let place = Place::new(FileId(0), Span::new(start, start + code.len() as u32));
        let finding = Finding {
            rule,
            level: None,
            message: String::new(),
            help: String::new(),
            place,
            item: String::new(),
            evidence: Vec::new(),
            chain: Vec::new(),
            imports: Vec::new(),
            trails: Vec::new(),
            fix: fix.then_some(Fix::RemoveSuppression(place)),
        };
        Judged { finding, level: Level::Deny, fingerprint: String::new() }
    }

    fn report(findings: Vec<Judged>) -> Report {
        let file = ReportedFile { path: "a.rs".to_owned(), text: TEXT.to_owned(), lines: LineIndex::new(TEXT) };
        Report { files: vec![file], findings, ..Report::default() }
    }

    #[test]
    fn each_finding_is_suppressed_and_those_of_one_place_once() {
        let report = report(vec![
            judged("one", "a()", false),
            judged("one", "fn a", false),
            judged("two", "b()", false),
            judged("faulty-suppression", "// baton: allow(x, reason = \"y\")", true),
        ]);
        let wish = |only: &[&str]| Wish::Allow {
            reason: "why".to_owned(),
            only: only.iter().map(|rule| (*rule).to_owned()).collect(),
        };
        let all = changes(&report, &wish(&[]));
        assert_eq!((all.files[0].edits, all.left), (2, vec![3]), "what is faulty is mended instead");
        let one = changes(&report, &wish(&["two"]));
        let expected = TEXT.replace("fn b", "// baton: allow(two, reason = \"why\")\nfn b");
        assert_eq!((one.files[0].after.as_str(), one.left), (expected.as_str(), vec![]));
    }

    #[test]
    fn what_has_a_remedy_is_mended_and_the_rest_is_left() {
        let report = report(vec![
            judged("one", "a()", false),
            judged("faulty-suppression", "// baton: allow(x, reason = \"y\")", true),
        ]);
        let all = changes(&report, &Wish::Mend);
        assert_eq!(all.files[0].after, "//! Docs.\nfn a() {}\nfn b() {}\nfn c() {}\n");
        assert_eq!(remedy(&report, &report.findings[0]), None);
    }
}
