//! What holds in which folder.

use super::Project;
use crate::config::{Config, ConfigError, FolderRule, TransactionRule, unmatched as unmatched_patterns};
use crate::source::FileId;

/// The folders of the configuration, in its order.
#[derive(Debug, Default)]
pub(super) struct Folders(Vec<FolderRule>);

impl Folders {
    pub(super) fn new(config: &Config) -> Self {
        Self(config.folders.clone())
    }

    fn of(&self, path: &str) -> Option<&FolderRule> {
        self.0.iter().rfind(|folder| folder.path.matches(path))
    }
}

impl Project {
    /// What the configuration says of transactions in a file.
    pub fn transaction_rule(&self, file: FileId) -> Option<TransactionRule> {
        self.folders.of(&self.file(file).path).map(|folder| folder.transaction)
    }

    /// The folders that own transactions, as they are written.
    pub fn transaction_owners(&self) -> impl Iterator<Item = &str> {
        let owners = self.folders.0.iter().filter(|folder| folder.transaction == TransactionRule::Owner);
        owners.map(|folder| folder.path.text.as_str())
    }
}

/// Folders that hold no file, or none that a later one leaves them.
pub(super) fn unmatched(project: &Project, config: &Config) -> Vec<ConfigError> {
    let files: Vec<&str> = project.files.iter().map(|file| file.path.as_str()).collect();
    let mut errors = Vec::new();
    for folder in &config.folders {
        let before = errors.len();
        errors.extend(unmatched_patterns(&config.path, "file", [&folder.path], &files));
        let has = |file: &&str| project.folders.of(file).is_some_and(|of| of.span == folder.span);
        if errors.len() == before && !files.iter().any(has) {
            errors.push(ConfigError {
                message: format!("`{}` has no file: every file it matches belongs to a later folder", folder.path.text),
                help: "the last folder that matches a file wins; move this one down or narrow the others".to_owned(),
                span: folder.path.span,
                path: config.path.clone(),
            });
        }
    }
    errors
}
