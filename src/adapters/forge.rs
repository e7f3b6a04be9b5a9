//! Which forge runs this program, by what its runners say in the environment.
#![expect(clippy::disallowed_methods, reason = "this adapter reads the environment")]

use std::env;
use std::ffi::OsString;

/// A forge whose pipelines show findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forge {
    /// GitHub Actions, and what is compatible with it.
    Github,
    /// GitLab CI.
    Gitlab,
}

impl Forge {
    /// The forge that runs this process, if it is one of these.
    pub fn here() -> Option<Self> {
        Self::of(&|name| env::var_os(name))
    }

    /// What the branch of this run is to be merged into, as git may call it here, the best name first; nothing where
    /// the run is for no such branch.
    pub fn bases() -> Vec<String> {
        Self::bases_of(&|name| env::var(name).ok())
    }

    fn bases_of(variable: &dyn Fn(&str) -> Option<String>) -> Vec<String> {
        let set = |name| variable(name).filter(|value| !value.is_empty());
        // A runner of GitHub fetches branches under the name of the server only.
        let github = set("GITHUB_BASE_REF").into_iter().flat_map(|branch| [format!("origin/{branch}"), branch]);
        github.chain(set("CI_MERGE_REQUEST_DIFF_BASE_SHA")).collect()
    }

    fn of(variable: &dyn Fn(&str) -> Option<OsString>) -> Option<Self> {
        let forges = [("GITHUB_ACTIONS", Self::Github), ("GITLAB_CI", Self::Gitlab)];
        let is_set = |name| variable(name).is_some_and(|value| value == "true");
        forges.into_iter().find(|(name, _)| is_set(name)).map(|(_, forge)| forge)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_branch_is_merged_into_has_the_name_that_the_runner_fetched() {
        let bases = |name: &str, value: &str| Forge::bases_of(&|asked| (asked == name).then(|| value.to_owned()));
        assert_eq!(bases("GITHUB_BASE_REF", "main"), ["origin/main", "main"]);
        assert_eq!(bases("GITHUB_BASE_REF", ""), [""; 0], "a push");
        assert_eq!(bases("CI_MERGE_REQUEST_DIFF_BASE_SHA", "abc"), ["abc"]);
    }

    #[test]
    fn a_runner_says_true() {
        let forge = |name: &str, value: &str| Forge::of(&|asked| (asked == name).then(|| value.into()));
        assert_eq!(forge("GITHUB_ACTIONS", "true"), Some(Forge::Github));
        assert_eq!(forge("GITLAB_CI", "true"), Some(Forge::Gitlab));
        assert_eq!(forge("GITLAB_CI", "false"), None);
        assert_eq!(forge("CI", "true"), None);
    }
}
