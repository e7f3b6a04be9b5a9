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
    fn a_runner_says_true() {
        let forge = |name: &str, value: &str| Forge::of(&|asked| (asked == name).then(|| value.into()));
        assert_eq!(forge("GITHUB_ACTIONS", "true"), Some(Forge::Github));
        assert_eq!(forge("GITLAB_CI", "true"), Some(Forge::Gitlab));
        assert_eq!(forge("GITLAB_CI", "false"), None);
        assert_eq!(forge("CI", "true"), None);
    }
}
