//! Where a repository has its hooks.

use super::repository::Repository;
use crate::error::Failure;
use std::path::{Path, PathBuf};

/// Where hooks lie, and for whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookFolder {
    /// The folder.
    pub path: PathBuf,
    /// Whether other repositories have their hooks there too, because a setting of the user or the machine says so.
    pub is_shared: bool,
}

impl Repository {
    /// The folder that git takes hooks from here; those of all linked worktrees lie in one.
    ///
    /// # Errors
    ///
    /// Git failed.
    pub fn hook_folder(&self) -> Result<HookFolder, Failure> {
        let path = self.git.ask(&["rev-parse", "--git-path", "hooks"])?;
        if !path.is_success {
            return Err(path.failure());
        }
        let setting = self.git.ask(&["config", "--show-scope", "--get", "core.hooksPath"])?.line();
        let scope = setting.split('\t').next().unwrap_or_default();
        Ok(HookFolder { path: self.top.join(path.line()), is_shared: matches!(scope, "global" | "system") })
    }

    /// What a folder is called from the top, where hooks run; empty for the top.
    ///
    /// # Errors
    ///
    /// It lies outside.
    pub fn path_of(&self, folder: &Path) -> Result<String, Failure> {
        self.inside(folder)
    }
}
