//! What holds in which folder.

use super::Project;
use crate::config::{Config, ConfigError, FolderRule, TransactionRule, unmatched as unmatched_patterns};
use crate::source::FileId;
use std::collections::{BTreeMap, BTreeSet};

/// The folders of the configuration, in its order.
#[derive(Debug, Default)]
pub(super) struct Folders {
    /// The configuration's file.
    path: String,
    rules: Vec<FolderRule>,
}

impl Folders {
    pub(super) fn new(config: &Config) -> Self {
        Self { path: config.path.clone(), rules: config.folders.clone() }
    }

    /// The last that matches a file or a folder around it, and says something of transactions.
    fn of(&self, path: &str) -> Option<&FolderRule> {
        self.rules.iter().rfind(|folder| folder.transaction.is_some() && is_its(folder, path))
    }
}

impl Project {
    /// The folders of the configuration, in its order.
    pub fn folders(&self) -> &[FolderRule] {
        &self.folders.rules
    }

    /// What the configuration says of transactions in a file.
    pub fn transaction_rule(&self, file: FileId) -> Option<TransactionRule> {
        self.folders.of(&self.file(file).path).and_then(|folder| folder.transaction)
    }

    /// The folders that own transactions, as they are written.
    pub fn transaction_owners(&self) -> impl Iterator<Item = &str> {
        let owners = self.folders.rules.iter().filter(|folder| folder.transaction == Some(TransactionRule::Owner));
        owners.map(|folder| folder.path.text.as_str())
    }

    /// The folders that a `[[folder]]` stands for: of those that hold more than test code the outermost ones
    /// that it matches, sorted; none where it matches single files.
    pub fn folders_of(&self, rule: &FolderRule) -> BTreeSet<&str> {
        let files = self.files.iter().filter(|file| !file.test).map(|file| file.path.as_str());
        files.filter_map(|file| enclosing(file).find(|folder| rule.path.matches(folder))).collect()
    }

    /// The folders that have a page, each with the `[[folder]]` that stands for it; sorted. One that names the
    /// folder goes before one that matches several, whatever the order; of those the last wins.
    pub fn governed_folders(&self) -> BTreeMap<&str, &FolderRule> {
        let (several, one): (Vec<_>, Vec<_>) = self.folders.rules.iter().partition(|rule| rule.path.is_group());
        let rules = several.into_iter().chain(one);
        rules.flat_map(|rule| self.folders_of(rule).into_iter().map(move |folder| (folder, rule))).collect()
    }
}

/// Whether a rule speaks of a file: of itself or of a folder that it lies in.
fn is_its(rule: &FolderRule, path: &str) -> bool {
    rule.path.matches(path) || enclosing(path).any(|folder| rule.path.matches(folder))
}

/// The folders around a file, the outermost first; the project's root is none of them.
fn enclosing(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(end, _)| &path[..end])
}

/// Folders that hold no file, or none that a later one leaves them, and files of which is said what only a
/// folder can be.
pub(super) fn unmatched(project: &Project) -> Vec<ConfigError> {
    let Folders { path, rules } = &project.folders;
    let files: Vec<&str> = project.files.iter().map(|file| file.path.as_str()).collect();
    let folders: BTreeSet<&str> = files.iter().flat_map(|file| enclosing(file)).collect();
    let places: Vec<&str> = files.iter().copied().chain(folders).collect();
    let mut errors = Vec::new();
    for folder in rules {
        let before = errors.len();
        errors.extend(unmatched_patterns(path, "file or folder", [&folder.path], &places));
        if errors.len() > before {
            continue;
        }
        let has = |file: &&str| project.folders.of(file).is_some_and(|of| of.span == folder.span);
        let error = |message: String, help: &str| ConfigError {
            message,
            help: help.to_owned(),
            span: folder.path.span,
            path: path.clone(),
        };
        let text = &folder.path.text;
        let wants_page = folder.describes() || folder.transaction.is_none();
        if wants_page && project.folders_of(folder).is_empty() {
            let message = format!("`{text}` is no folder with code that is no test, and only those have pages");
            errors.push(error(message, "name the folder; of single files only `transaction` can be said"));
        } else if folder.transaction.is_some() && !files.iter().any(has) {
            let message = format!("`{text}` has no file: every file it matches belongs to a later folder");
            errors.push(error(
                message,
                "the last folder that matches a file wins; move this one down or narrow the others",
            ));
        }
    }
    errors
}
