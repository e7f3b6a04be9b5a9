//! What the sources ask the linter not to say, and which of it nobody would have said.

use crate::facts::Suppression;
use crate::finding::{Finding, Fix};
use crate::link::Project;
use crate::source::{FileId, Place};
use std::collections::BTreeSet;

/// The rule for suppressions that are faulty or allow nothing.
pub const FAULTY: &str = "faulty-suppression";

/// The suppressions of a project, with what came of each.
pub(super) struct Waivers<'p> {
    all: Vec<(FileId, &'p Suppression)>,
    used: BTreeSet<usize>,
}

impl<'p> Waivers<'p> {
    pub(super) fn new(project: &'p Project) -> Self {
        let files = project.files.iter().zip(0..).map(|(file, number)| (FileId(number), file));
        let all = files.flat_map(|(id, file)| {
            let suppressions = file.facts().map_or(&[][..], |facts| facts.suppressions.as_slice());
            suppressions.iter().filter(|one| one.fault.is_none()).map(move |one| (id, one))
        });
        Self { all: all.collect(), used: BTreeSet::new() }
    }

    /// Why a finding is not to be said, if somebody asks for that. All that cover it count as used.
    pub(super) fn reason(&mut self, finding: &Finding) -> Option<String> {
        let start = self.all.partition_point(|(file, _)| *file < finding.place.file);
        let here = self.all[start..].iter().take_while(|(file, _)| *file == finding.place.file);
        let mut reason = None;
        for (at, (_, one)) in here.enumerate() {
            let scope = one.scope;
            let covers = scope.start <= finding.place.span.start && finding.place.span.start < scope.end;
            if covers && one.rule == finding.rule {
                self.used.insert(start + at);
                reason.get_or_insert_with(|| one.reason.clone());
            }
        }
        reason
    }

    /// The suppressions that allow nothing, of the rules that ran.
    pub(super) fn stale(&self, ran: &BTreeSet<&str>) -> Vec<Finding> {
        let unused =
            self.all.iter().enumerate().filter(|(at, (_, one))| {
                !self.used.contains(at) && ran.contains(one.rule.as_str()) && one.rule != FAULTY
            });
        unused.map(|(_, (file, one))| stale(Place::new(*file, one.span), &one.rule)).collect()
    }
}

fn stale(place: Place, rule: &str) -> Finding {
    Finding {
        rule: FAULTY,
        level: None,
        message: format!("nothing that this covers breaks `{rule}`"),
        help: "remove it: a suppression that is not needed hides the next finding".to_owned(),
        place,
        item: String::new(),
        evidence: Vec::new(),
        chain: Vec::new(),
        imports: Vec::new(),
        trails: Vec::new(),
        fix: Some(Fix::RemoveSuppression(place)),
    }
}
