//! What the contract of a folder requires, and whether the code has it.

use super::model::MissingEntry;
use crate::config::{Decider, FolderRule, Requirement};
use crate::contract::Breach;
use crate::link::{ItemRef, Marked, Project};
use crate::report::Report;
use crate::source::{FileId, Place, Span};

/// The rule that says what a folder lacks by itself; its findings are about folders, not about the files
/// that they stand in.
pub const UNMET: &str = "unmet-requirement";

/// A requirement that the code of a folder does not meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmet {
    /// The folder.
    pub folder: String,
    /// What is required.
    pub text: String,
    /// Why it counts as missing.
    pub why: String,
    /// A file of the folder to show: that of its module, or the first.
    pub place: Place,
    /// What lacks something, if single items do.
    pub lacking: Vec<Place>,
}

/// What a folder lacks.
struct Lack {
    why: String,
    /// The items that do.
    items: Vec<ItemRef>,
}

/// How many requirements a look at the folders themselves decides, and which of them are not met, sorted by
/// folder. What a rule or contract decides is told by that rule or contract.
pub fn unmet(project: &Project) -> (usize, Vec<Unmet>) {
    let mut judged = 0;
    let mut found = Vec::new();
    let governed = project.governed_folders();
    if governed.values().all(|rule| rule.requires.is_empty()) {
        return (0, found);
    }
    let marks = project.marked();
    for (&folder, rule) in &governed {
        let own = Members::new(project, folder);
        for requirement in &rule.requires {
            if !matches!(requirement.decided_by, Decider::Registry | Decider::CrossDomain) {
                continue;
            }
            judged += 1;
            let Some(file) = own.shown() else { continue };
            let Some(Lack { why, items }) = own.lacks(&marks, requirement) else { continue };
            let name = |item: &ItemRef| project.place(item.module, project.item(*item).name_span);
            let lacking = items.iter().map(name).collect();
            let place = Place::new(file, Span::default());
            found.push(Unmet { folder: folder.to_owned(), text: requirement.text.clone(), why, place, lacking });
        }
    }
    (judged, found)
}

/// What a governed folder lacks, in the order of its contract.
pub(super) fn missing(project: &Project, report: &Report, folder: &str, rule: &FolderRule) -> Vec<MissingEntry> {
    if rule.requires.is_empty() {
        return Vec::new();
    }
    let marks = project.marked();
    let own = Members::new(project, folder);
    let entries = rule.requires.iter().filter_map(|requirement| {
        let why = match &requirement.decided_by {
            Decider::Registry | Decider::CrossDomain => own.lacks(&marks, requirement).map(|lack| lack.why),
            Decider::Rule(name) => broken(own.count(report, name), &format!("`{name}`"), "here"),
            Decider::Contract(name) => broken(breaches(project, name), &format!("the contract `{name}`"), "in all"),
        };
        Some(MissingEntry { text: requirement.text.clone(), why: why? })
    });
    entries.collect()
}

fn broken(findings: usize, what: &str, place: &str) -> Option<String> {
    match findings {
        0 => None,
        1 => Some(format!("{what} has 1 finding {place}")),
        several => Some(format!("{what} has {several} findings {place}")),
    }
}

/// How many breaches of a contract stand in files that `is_here` accepts: where an import is to be cut, or
/// where a module lacks one.
pub(super) fn breaches_in(project: &Project, name: &str, is_here: &dyn Fn(FileId) -> bool) -> usize {
    let outcomes = project.contracts.outcomes.iter().filter(|outcome| outcome.contract == name);
    let stands = |breach: &&Breach| match breach {
        Breach::Import(import) => import.cut.places.iter().any(|place| is_here(place.file)),
        Breach::Missing { module, .. } => is_here(project.module(*module).file),
    };
    outcomes.flat_map(|outcome| &outcome.breaches).filter(stands).count()
}

/// How many breaches a contract has.
fn breaches(project: &Project, name: &str) -> usize {
    let outcomes = project.contracts.outcomes.iter().filter(|outcome| outcome.contract == name);
    outcomes.map(|outcome| outcome.breaches.len()).sum()
}

/// The files of a folder and of those below it.
pub(super) struct Members<'p> {
    project: &'p Project,
    folder: &'p str,
}

impl<'p> Members<'p> {
    pub(super) const fn new(project: &'p Project, folder: &'p str) -> Self {
        Self { project, folder }
    }

    fn holds(&self, file: FileId) -> bool {
        is_below(&self.project.file(file).path, self.folder)
    }

    fn count(&self, report: &Report, rule: &str) -> usize {
        count(report, rule, &|file| self.holds(file))
    }

    /// A file of the folder to show.
    fn shown(&self) -> Option<FileId> {
        let files = || (0..self.project.files.len() as u32).map(FileId).filter(|file| self.holds(*file));
        let module = format!("{}/mod.rs", self.folder);
        let own = files().find(|file| self.project.file(*file).path == module);
        own.or_else(|| files().next())
    }

    /// Why the folder does not meet a requirement, if it does not.
    fn lacks(&self, marks: &[Marked], requirement: &Requirement) -> Option<Lack> {
        match requirement.decided_by {
            Decider::Registry => self.lacks_registry(),
            _ => self.lacks_declarations(marks),
        }
    }

    fn lacks_registry(&self) -> Option<Lack> {
        let registries = self.project.registries();
        let mut own = registries.iter().filter(|one| one.files.iter().any(|file| self.holds(*file))).peekable();
        if own.peek().is_none() {
            let why = "no `[[registry]]` of the configuration has its files here".to_owned();
            return Some(Lack { why, items: Vec::new() });
        }
        let missing = own.flat_map(|registry| registry.operations.iter().filter(|(_, place)| place.is_none()));
        self.lack(missing.map(|(item, _)| *item).collect(), "is not in it", "are not in it")
    }

    fn lacks_declarations(&self, marks: &[Marked]) -> Option<Lack> {
        let project = self.project;
        let registered = project.registries().into_iter().flat_map(|registry| registry.operations);
        let registered = registered.map(|(item, _)| (item, project.place(item.module, project.item(item).name_span)));
        let coordinating = project.orchestrators.iter().map(|one| (one.item, one.name_place));
        let mut operations: Vec<_> =
            registered.chain(coordinating).filter(|(_, place)| self.holds(place.file)).collect();
        operations.sort_by_key(|(_, place)| *place);
        operations.dedup_by_key(|(_, place)| *place);
        if operations.is_empty() {
            let why = "there is no operation here that could declare anything".to_owned();
            return Some(Lack { why, items: Vec::new() });
        }
        let declares = |module, place: &Place| {
            let mut own = marks.iter().filter(|mark| mark.mark.says_domains);
            own.any(|mark| mark.place == *place || mark.covers(project, module, place.span))
        };
        let missing = operations.iter().filter(|(item, place)| !declares(item.module, place));
        self.lack(missing.map(|(item, _)| *item).collect(), "does not declare it", "do not declare it")
    }

    fn lack(&self, items: Vec<ItemRef>, is: &str, are: &str) -> Option<Lack> {
        let name = |item: &ItemRef| self.project.item(*item).name.to_string();
        let shared = |one: &ItemRef| items.iter().filter(|other| name(one) == name(other)).count() > 1;
        // Names that several have say nothing by themselves.
        let shown = |item: &ItemRef| if shared(item) { self.project.item_path(*item) } else { name(item) };
        let names: Vec<String> = items.iter().map(shown).collect();
        some_of(&names, is, are).map(|why| Lack { why, items })
    }
}

/// A few names, how many more there are, and what is wrong with them.
fn some_of(names: &[String], is: &str, are: &str) -> Option<String> {
    const SHOWN: usize = 3;
    let shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    let (last, others) = shown.split_last()?;
    Some(match (others, names.len() - shown.len()) {
        ([], _) => format!("{last} {is}"),
        (_, 0) => format!("{} and {last} {are}", others.join(", ")),
        (_, more) => format!("{} and {more} more {are}", shown.join(", ")),
    })
}

/// How many findings of a rule stand in files that `is_here` accepts.
pub(super) fn count(report: &Report, rule: &str, is_here: &dyn Fn(FileId) -> bool) -> usize {
    let findings = report.findings.iter().map(|judged| &judged.finding);
    findings.filter(|finding| finding.rule == rule && is_here(finding.place.file)).count()
}

/// Whether a file lies in a folder or below it.
pub(super) fn is_below(path: &str, folder: &str) -> bool {
    folder == "." || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_and_many_are_counted() {
        let said = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            some_of(&names, "is out", "are out").unwrap_or_default()
        };
        assert_eq!(said(&[]), "");
        assert_eq!(said(&["A"]), "`A` is out");
        assert_eq!(said(&["A", "B"]), "`A` and `B` are out");
        assert_eq!(said(&["A", "B", "C"]), "`A`, `B` and `C` are out");
        assert_eq!(said(&["A", "B", "C", "D", "E"]), "`A`, `B`, `C` and 2 more are out");
    }
}
