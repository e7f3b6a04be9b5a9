//! What the files of a project do with transactions, and what they may do.

use super::model::{Standing, TransactionEntry, TransactionOperation};
use crate::config::TransactionRule;
use crate::link::{Marked, Project};
use crate::report::Report;
use crate::source::FileId;
use crate::transactions;
use crate::types::Types;
use std::collections::{BTreeMap, BTreeSet};

/// The rule that says whether code may begin and end transactions.
const RULE: &str = "transaction-outside-owner";
const OWNER: &str = "owner";

/// Who begins and ends transactions.
pub(super) struct Boundary<'p> {
    project: &'p Project,
    operations: BTreeMap<FileId, Vec<TransactionOperation>>,
    /// The files in which something owns transactions by its mark.
    marked: BTreeSet<FileId>,
    /// The files in which somebody does what is not theirs to do.
    broken: BTreeSet<FileId>,
    /// Whether the project says who owns transactions.
    is_declared: bool,
    /// The files in which an operation stands in a function that is no tool for owners.
    used: BTreeSet<FileId>,
}

impl<'p> Boundary<'p> {
    pub(super) fn new(project: &'p Project, report: &Report) -> Self {
        let marks: Vec<Marked> = project.marked();
        let owning = marks.iter().filter(|one| one.mark.transaction.as_deref() == Some(OWNER));
        let marked: BTreeSet<FileId> = owning.map(|one| one.place.file).collect();
        // What is waived is done all the same.
        let accepted = report.accepted.iter().map(|judged| &judged.finding);
        let waived = report.suppressed.iter().map(|one| &one.finding).chain(accepted);
        let findings = report.findings.iter().map(|judged| &judged.finding).chain(waived);
        let findings = findings.filter(|finding| finding.rule == RULE);
        let mut boundary = Self {
            project,
            operations: BTreeMap::new(),
            broken: findings.map(|finding| finding.place.file).collect(),
            is_declared: !marked.is_empty() || project.transaction_owners().next().is_some(),
            marked,
            used: BTreeSet::new(),
        };
        boundary.find(report);
        boundary
    }

    fn find(&mut self, report: &Report) {
        let project = self.project;
        let may = |function: &crate::link::FunctionRef| {
            let body = project.function(*function).and_then(|declared| declared.body.as_ref());
            body.is_some_and(transactions::may_operate)
        };
        let functions: Vec<_> = project.functions().into_iter().filter(may).collect();
        if functions.is_empty() {
            return;
        }
        let mut types = Types::new(project);
        for function in functions {
            let found = transactions::of_function(project, &mut types, function);
            let file = project.module(function.item.module).file;
            let Some(text) = report.file(file).filter(|_| !found.operations.is_empty()) else { continue };
            let name = project.function(function).map(|declared| declared.name.as_str()).unwrap_or_default();
            if !transactions::is_operation(name) {
                self.used.insert(file);
            }
            let path = project.function_path(function);
            let operations = found.operations.into_iter().map(|operation| TransactionOperation {
                verb: operation.verb.word(),
                what: operation.what,
                function: path.clone(),
                line: text.lines.line_column(&text.text, operation.span.start).line,
            });
            self.operations.entry(file).or_default().extend(operations);
        }
        for operations in self.operations.values_mut() {
            operations.sort_by(|one, other| (one.line, &one.what).cmp(&(other.line, &other.what)));
        }
    }

    /// What a file does.
    pub(super) fn of(&self, file: FileId) -> TransactionEntry {
        let operations = self.operations.get(&file).cloned().unwrap_or_default();
        let rule = self.project.transaction_rule(file);
        let owns = rule == Some(TransactionRule::Owner)
            || (rule != Some(TransactionRule::Forbidden) && self.marked.contains(&file));
        let standing = match (owns, operations.is_empty()) {
            _ if self.broken.contains(&file) => Standing::Breaks,
            (true, true) => Standing::Allowed,
            (true, false) => Standing::Owns,
            (false, true) if rule.is_some() || self.is_declared => Standing::Forbidden,
            (false, true) => Standing::Open,
            (false, false) if !self.used.contains(&file) => Standing::Provides,
            (false, false) => Standing::Undeclared,
        };
        TransactionEntry { standing, operations }
    }
}
