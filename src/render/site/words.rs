//! What values are called on pages.

use super::Site;
use super::here::Here;
use super::html::{Html, classed, element, prose, tag};
use baton_core::finding::Level;
use baton_core::inventory::{Assessment, DomainsEntry, FileEntry, Standing, TransactionEntry};
use std::collections::{BTreeMap, BTreeSet};

/// What a cell without a value shows.
pub(super) fn nothing() -> Html {
    Html::raw("<span class=\"none\">—</span>")
}

/// That there is none of something.
pub(super) fn none(text: &'static str) -> Html {
    element("p", "none", text)
}

/// A text of others, or that there is none.
pub(super) fn optional(text: Option<&str>) -> Html {
    text.map_or_else(nothing, prose)
}

/// The word for a level.
pub(super) const fn level(level: Level) -> &'static str {
    match level {
        Level::Deny => "error",
        Level::Warn => "warning",
        Level::Allow => "note",
    }
}

/// The class of a level.
pub(super) const fn level_class(level: Level) -> &'static str {
    match level {
        Level::Deny => "badge deny",
        Level::Warn | Level::Allow => "badge warn",
    }
}

/// What a number of findings means, as a badge: those that deny, and all.
pub(super) fn badge(deny: usize, all: usize) -> Html {
    match (deny, all) {
        (_, 0) => element("span", "badge ok", "OK"),
        (0, 1) => element("span", "badge warn", "1 warning"),
        (0, _) => element("span", "badge warn", &format!("{all} warnings")),
        (_, 1) => element("span", "badge deny", "1 finding"),
        (..) => element("span", "badge deny", &format!("{all} findings")),
    }
}

/// How many of some findings deny.
pub(super) fn denied(site: &Site<'_>, findings: &[usize]) -> usize {
    let levels = findings.iter().filter_map(|&number| site.inventory.findings.get(number)).map(|finding| finding.level);
    levels.filter(|level| *level == Level::Deny).count()
}

/// How many of some files pass, without a full stop.
pub(super) fn passing(correct: usize, files: usize) -> String {
    match files {
        1 if correct == 1 => "The one file passes every rule that ran".to_owned(),
        1 => "The one file does not pass every rule that ran".to_owned(),
        _ if correct == files => format!("All {files} files pass every rule that ran"),
        _ => format!("{correct} of {files} files pass every rule that ran"),
    }
}

/// How a folder stands: its findings, and what its contract requires and it lacks.
pub(super) fn standing(site: &Site<'_>, assessment: &Assessment) -> Html {
    let missing = match assessment.missing.len() {
        0 => return badge(denied(site, &assessment.findings), assessment.findings.len()),
        missing => element("span", "badge deny", &format!("{missing} missing")),
    };
    match assessment.findings.len() {
        0 => missing,
        found => badge(denied(site, &assessment.findings), found).then(Html::raw(" ")).then(missing),
    }
}

/// What the rules say of a file: that all is well, or how often it breaks which.
pub(super) fn verdict(here: &Here<'_>, file: &FileEntry) -> Html {
    let mut rules: BTreeMap<&str, (usize, Level)> = BTreeMap::new();
    for finding in file.findings.iter().filter_map(|&number| here.site.inventory.findings.get(number)) {
        let entry = rules.entry(finding.rule).or_insert((0, finding.level));
        *entry = (entry.0 + 1, entry.1.max(finding.level));
    }
    let badges = rules.into_iter().map(|(rule, (count, level))| {
        let count = Html::number(count).then(Html::raw("\u{a0}×\u{a0}"));
        classed("span", level_class(level), count.then(here.rule(rule)))
    });
    let reasons: BTreeSet<&str> = file.waived.iter().map(|waived| waived.reason.as_str()).collect();
    let waived = reasons.into_iter().map(|reason| {
        let word = element("span", "badge plain", "waived");
        word.then(Html::raw(" ")).then(classed("span", "small", prose(reason)))
    });
    let verdict = Html::joined(badges.chain(waived), " ");
    if verdict.is_empty() { badge(0, 0) } else { verdict }
}

/// What a file may do with transactions, and whether it keeps to it.
pub(super) fn transaction(entry: &TransactionEntry) -> Html {
    let words = crate::render::inventory::transaction(entry);
    match entry.standing {
        Standing::Open => nothing(),
        Standing::Forbidden | Standing::Allowed => Html::text(&words),
        Standing::Owns | Standing::Provides => element("span", "badge plain", &words),
        Standing::Undeclared => element("span", "badge warn", &words),
        Standing::Breaks => element("span", "badge deny", &words),
    }
}

/// Which other domains a file knows.
pub(super) fn cross_domain(entry: &DomainsEntry) -> Html {
    match (entry.declared, entry.crosses) {
        (false, _) => nothing(),
        (true, false) => Html::text("no"),
        (true, true) => Html::text(&entry.names.join(", ")),
    }
}

/// A part of a page with its heading.
pub(super) fn section(id: &'static str, title: &str, body: Html) -> Html {
    let heading = element("h2", "", title).then(Html::raw("\n"));
    tag("section", &[("id", id)], Html::raw("\n").then(heading).then(body)).then(Html::raw("\n"))
}

/// Facts about something, each with its name.
pub(super) fn facts(class: &'static str, facts: impl IntoIterator<Item = (&'static str, Html)>) -> Html {
    let facts = facts.into_iter().map(|(name, value)| {
        let pair = element("dt", "", name).then(tag("dd", &[], value));
        tag("div", &[], pair).then(Html::raw("\n"))
    });
    classed("dl", class, facts.collect()).then(Html::raw("\n"))
}

/// A table that scrolls where it is wider than the page.
pub(super) fn wide(table: Html) -> Html {
    if table.is_empty() { table } else { classed("div", "wide", table).then(Html::raw("\n")) }
}
