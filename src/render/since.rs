//! What is said about an earlier state of a project.

use super::clean;
use super::tally::count;
use crate::error::Failure;
use baton_core::config::Growth;

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

/// How a baseline differs from what it was.
pub fn growth(growth: &Growth, revision: &str, short: &str) -> String {
    let Growth { before, now, added, removed } = growth;
    let since = format!("at commit {short}, where the history left `{}`", clean::line(revision));
    let changes = format!("{} added, {removed} taken out", added.len());
    let much = |difference: usize| if difference == 1 { "1 entry".to_owned() } else { format!("{difference} entries") };
    match now.cmp(before) {
        std::cmp::Ordering::Equal if added.is_empty() => {
            format!("the baseline accepts what it did {since}: {}", count(*now, "finding"))
        }
        std::cmp::Ordering::Equal => format!("the baseline has as many entries as {since}, {now}: {changes}"),
        std::cmp::Ordering::Greater => {
            format!(
                "the baseline has grown: {} more than {since}, {now} instead of {before} ({changes})",
                much(now - before)
            )
        }
        std::cmp::Ordering::Less => {
            format!(
                "the baseline has shrunk: {} less than {since}, {now} instead of {before} ({changes})",
                much(before - now)
            )
        }
    }
}

/// That nobody knows how the baseline has grown.
pub fn growth_unknown(revision: &str, failure: &Failure) -> String {
    let revision = clean::line(revision);
    let Failure { message, hint } = failure;
    format!(
        "whether the baseline has grown since `{revision}` is not known: {}; {}",
        clean::line(message),
        clean::line(hint)
    )
}

/// The entries that a baseline did not have, a line for each.
pub fn added_entries(growth: &Growth) -> String {
    let line = |one: &baton_core::config::Accepted| {
        format!("added: {} in `{}` ({})\n", one.rule, clean::line(&one.item), clean::line(&one.fingerprint))
    };
    growth.added.iter().map(line).collect()
}

/// The entries that accept nothing any more, a line for each.
pub fn gone_entries(gone: &[baton_core::config::Accepted]) -> String {
    let line = |one: &baton_core::config::Accepted| {
        format!("gone: {} in `{}` ({})\n", one.rule, clean::line(&one.item), clean::line(&one.fingerprint))
    };
    gone.iter().map(line).collect()
}
