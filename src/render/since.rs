//! What is said about an earlier state of a project.

use super::clean;
use super::tally::count;
use crate::error::Failure;
use baton_core::config::{Accepted, Baseline, Growth};
use std::cmp::Ordering;

/// What a report leaves out, because it was there before: at the commit that is `short` for people, where the history
/// of `HEAD` left that of the revision, or at the revision itself.
pub fn departure(revision: &str, short: &str, is_common: bool) -> String {
    let revision = clean::line(revision);
    if is_common {
        return format!("only what is new since `{revision}` is reported, compared with commit {short}");
    }
    format!(
        "only what is new since `{revision}` is reported, compared with commit {short}, which is `{revision}` itself: \
         no commit is known that it has in common with `HEAD`"
    )
}

/// How a baseline differs from what it was at such a commit.
pub fn growth(growth: &Growth, revision: &str, short: &str, is_common: bool) -> String {
    let Growth { before, now, added, removed } = growth;
    let place = if is_common { "where the history left" } else { "which is" };
    let since = format!("at commit {short}, {place} `{}`", clean::line(revision));
    let changes = format!("{} added, {removed} taken out", added.len());
    let much = |difference: usize| if difference == 1 { "1 entry".to_owned() } else { format!("{difference} entries") };
    match now.cmp(before) {
        Ordering::Equal if added.is_empty() => {
            format!("the baseline accepts what it did {since}: {}", count(*now, "finding"))
        }
        Ordering::Equal => format!("the baseline has as many entries as {since}, {now}: {changes}"),
        Ordering::Greater => {
            format!(
                "the baseline has grown: {} more than {since}, {now} instead of {before} ({changes})",
                much(now - before)
            )
        }
        Ordering::Less => {
            format!(
                "the baseline has shrunk: {} less than {since}, {now} instead of {before} ({changes})",
                much(before - now)
            )
        }
    }
}

/// That nobody knows how the baseline has grown. Where it is empty it has not.
pub fn growth_unknown(baseline: &Baseline, revision: &str, failure: &Failure) -> Option<String> {
    if baseline.entries.is_empty() {
        return None;
    }
    let revision = clean::line(revision);
    let Failure { message, hint } = failure;
    let why = format!("{}; {}", clean::line(message), clean::line(hint));
    Some(format!("whether the baseline has grown since `{revision}` is not known: {why}"))
}

/// The entries that a baseline did not have, a line for each.
pub fn added_entries(growth: &Growth) -> String {
    let line = |one: &Accepted| {
        format!("added: {} in `{}` ({})\n", one.rule, clean::line(&one.item), clean::line(&one.fingerprint))
    };
    growth.added.iter().map(line).collect()
}

/// The entries that accept nothing any more, a line for each.
pub fn gone_entries(gone: &[Accepted]) -> String {
    let line = |one: &Accepted| {
        format!("gone: {} in `{}` ({})\n", one.rule, clean::line(&one.item), clean::line(&one.fingerprint))
    };
    gone.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_core::source::Span;

    fn told(before: usize, now: usize, added: usize) -> String {
        let entry = Accepted {
            rule: "impure-core".to_owned(),
            item: "a".to_owned(),
            fingerprint: "1".to_owned(),
            until: None,
            is_over: false,
            span: Span::default(),
        };
        let removed = before + added - now;
        growth(&Growth { before, now, added: vec![entry; added], removed }, "main", "abc", true)
    }

    #[test]
    fn growth_is_a_sentence() {
        let since = "at commit abc, where the history left `main`";
        assert_eq!(told(2, 2, 0), format!("the baseline accepts what it did {since}: 2 findings"));
        assert_eq!(told(2, 2, 1), format!("the baseline has as many entries as {since}, 2: 1 added, 1 taken out"));
        let grown =
            format!("the baseline has grown: 2 entries more than {since}, 3 instead of 1 (2 added, 0 taken out)");
        assert_eq!(told(1, 3, 2), grown);
        let shrunk =
            format!("the baseline has shrunk: 1 entry less than {since}, 1 instead of 2 (1 added, 2 taken out)");
        assert_eq!(told(2, 1, 1), shrunk);
    }
}
