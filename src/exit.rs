//! Exit codes, which scripts rely on: 0 clean, 1 findings, 2 the tool could not do its work.

use baton_core::config::Growth;
use baton_core::report::Report;
use std::process::ExitCode;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Nothing that fails the run was found.
    Clean,
    /// Something was found.
    Findings,
    /// An editor left without saying so first, for which its protocol wants 1.
    Left,
    /// The tool could not do its work. Never used for findings, nor the other way round.
    Failed,
}

impl Exit {
    /// What a report amounts to. `deny_warnings` lets warnings fail the run too. A run that judged
    /// nothing has not done its work, whatever else it came upon.
    pub const fn of(report: &Report, deny_warnings: bool) -> Self {
        let summary = &report.summary;
        if report.unjudged.is_some() {
            Self::Failed
        } else if summary.deny > 0 || (deny_warnings && summary.warn > 0) {
            Self::Findings
        } else {
            Self::Clean
        }
    }

    /// Whether nothing that fails the run was found.
    pub const fn is_clean(self) -> bool {
        matches!(self, Self::Clean)
    }

    /// How two runs ended, taken together: the worse of the two.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.max(other)
    }

    /// What a build amounts to. One that failed and yet came to its end found errors in the code.
    pub const fn of_build(is_successful: bool, is_finished: bool) -> Self {
        match (is_successful, is_finished) {
            (true, _) => Self::Clean,
            (false, true) => Self::Findings,
            (false, false) => Self::Failed,
        }
    }

    /// What the baseline of a report amounts to where it has to be kept: it accepts nothing that is gone.
    pub const fn of_baseline(report: &Report) -> Self {
        if report.gone.is_empty() { Self::Clean } else { Self::Findings }
    }

    /// What the growth of a baseline amounts to where it may only shrink. A first baseline has not grown.
    pub fn of_growth(growth: Option<&Growth>) -> Self {
        if growth.is_some_and(|growth| growth.now > growth.before) { Self::Findings } else { Self::Clean }
    }

    /// The number that the shell sees.
    pub const fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings | Self::Left => 1,
            Self::Failed => 2,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_core::report::Summary;

    fn code(deny: usize, warn: usize, deny_warnings: bool, unjudged: Option<&str>) -> u8 {
        let summary = Summary { deny, warn, ..Summary::default() };
        let report = Report { summary, unjudged: unjudged.map(str::to_owned), ..Report::default() };
        Exit::of(&report, deny_warnings).code()
    }

    #[test]
    fn warnings_fail_a_run_only_when_asked() {
        assert_eq!(code(0, 0, true, None), 0);
        assert_eq!(code(0, 3, false, None), 0);
        assert_eq!(code(0, 3, true, None), 1);
        assert_eq!(code(256, 0, false, None), 1, "never the number of findings");
    }

    #[test]
    fn a_run_that_judged_nothing_failed() {
        assert_eq!(code(0, 0, false, Some("no file has a role")), 2);
        assert_eq!(code(1, 0, false, Some("no file has a role")), 2);
    }
}
