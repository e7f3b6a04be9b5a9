//! New code only: which findings an earlier state of the project had already.
//!
//! Both states are judged whole, and what is compared is what findings say, not on which lines they stand:
//! a change in one file makes findings in another, and lines that somebody touched are no proof of guilt.
//! What a finding of the earlier state is called today is worked out first, for files and modules that were
//! renamed since.

mod names;
mod renames;

use crate::link::Project;
use crate::policy;
use crate::report::{Judged, Report};
use names::{Modules, Names};
use std::collections::{BTreeMap, BTreeSet};

/// What was found in an earlier state of a project.
#[derive(Debug, Default)]
pub struct Before(Vec<Judgement>);

/// What was found in it by one configuration.
#[derive(Debug)]
struct Judgement {
    said: Vec<Said>,
    /// Its files with their texts, sorted by path.
    files: Vec<(String, String)>,
    modules: Modules,
}

/// A finding of the earlier state, as far as it is recognised by it.
#[derive(Debug)]
struct Said {
    rule: &'static str,
    /// The file.
    path: String,
    /// The item, empty where there is none.
    item: String,
    message: String,
    /// The code that the finding stands at.
    code: String,
}

impl Before {
    /// Takes note of the earlier state: of what was reported there, so without what was suppressed or accepted.
    pub fn new(project: &Project, report: Report) -> Self {
        let said = report.findings.iter().map(|judged| Said::new(&report, judged)).collect();
        let files = report.files.into_iter().map(|file| (file.path, file.text)).collect();
        Self(vec![Judgement { said, files, modules: Modules::of(project) }])
    }

    /// The same with what another configuration found in that state. What any of the two found was there.
    #[must_use]
    pub fn or(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// The fingerprints of those findings in `report`, which is about `project`, that were there before. Of
    /// several that say the same, as many as there were.
    pub fn known(&self, project: &Project, report: &Report) -> BTreeSet<String> {
        let modules = Modules::of(project);
        let mut left: BTreeMap<String, usize> = BTreeMap::new();
        for judgement in &self.0 {
            for (key, number) in judgement.keys(&modules, report) {
                let known = left.entry(key).or_default();
                *known = number.max(*known);
            }
        }
        let mut known = BTreeSet::new();
        for Judged { fingerprint, .. } in &report.findings {
            let key = fingerprint.split('-').next().unwrap_or_default();
            if let Some(left) = left.get_mut(key).filter(|left| **left > 0) {
                *left -= 1;
                known.insert(fingerprint.clone());
            }
        }
        known
    }
}

impl Judgement {
    /// How often each finding was there, by the fingerprint that it would have today.
    fn keys(&self, today: &Modules, report: &Report) -> BTreeMap<String, usize> {
        let renamed = self.renamed(report);
        let names = Names::new(&self.modules, today, &renamed);
        let mut keys = BTreeMap::new();
        for said in &self.said {
            *keys.entry(said.key(&names)).or_default() += 1;
        }
        keys
    }

    /// What the files are called today that were renamed, by what they were called.
    fn renamed<'b>(&'b self, report: &'b Report) -> BTreeMap<&'b str, &'b str> {
        let today: BTreeSet<&str> = report.files.iter().map(|file| file.path.as_str()).collect();
        let once: BTreeSet<&str> = self.files.iter().map(|(path, _)| path.as_str()).collect();
        let gone = self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        let gone: Vec<_> = gone.filter(|(path, _)| !today.contains(path)).collect();
        let come = report.files.iter().map(|file| (file.path.as_str(), file.text.as_str()));
        let come: Vec<_> = come.filter(|(path, _)| !once.contains(path)).collect();
        renames::renames(&gone, &come)
    }
}

impl Said {
    fn new(report: &Report, judged: &Judged) -> Self {
        let finding = &judged.finding;
        let file = &report.files[finding.place.file.0 as usize];
        let span = finding.place.span;
        Self {
            rule: finding.rule,
            path: file.path.clone(),
            item: finding.item.clone(),
            message: policy::without_crates(&finding.message, &report.crates),
            code: file.text.get(span.start as usize..span.end as usize).unwrap_or_default().to_owned(),
        }
    }

    /// The fingerprint that the finding would have today.
    fn key(&self, names: &Names<'_>) -> String {
        let place = match self.item.as_str() {
            "" => names.file(&self.path).to_owned(),
            item => names.item(&self.path, item),
        };
        let message = names.message(&self.path, &self.message);
        let code = names.code(&self.path, &self.code);
        format!("{:016x}", policy::key(self.rule, &place, &message, &code))
    }
}
