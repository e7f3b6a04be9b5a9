//! The page of a rule: what it looks for, and what it found.

use super::finding::finding;
use super::frame::Content;
use super::here::{Here, linked};
use super::html::{Html, classed, element, link, prose, table, tag};
use super::route;
use super::words::{self, facts, none, section, wide};
use baton_core::report::RuleRow;

/// What the page says.
pub(super) fn content(here: &Here<'_>, rule: &RuleRow) -> Content {
    let summary = here.site.lints.get(rule.rule).map_or(Html::default(), |lint| {
        let name = Html::code(&format!("baton explain {}", rule.rule));
        let more = Html::raw(" ").then(name).then(Html::raw(" says why, with examples and limits."));
        classed("p", "lead", prose(lint.summary).then(more))
    });
    let counts = facts("counts", [("judged", Html::number(rule.judged)), ("found", Html::number(rule.findings))]);
    let title = Html::raw("Rule ").then(Html::code(rule.rule));
    let body = [tag("h1", &[], title), Html::raw("\n"), summary, Html::raw("\n"), counts, findings(here, rule)];
    Content {
        title: rule.rule.to_owned(),
        about: None,
        crumbs: vec![
            link(&here.address(route::OVERVIEW), Html::text("Overview")),
            tag("span", &[("aria-current", "page")], Html::code(rule.rule)),
        ],
        body: body.into_iter().collect(),
    }
}

/// Where each finding is shown. Those that no file's page shows are shown here.
fn findings(here: &Here<'_>, rule: &RuleRow) -> Html {
    let all = here.site.inventory.findings.iter().enumerate().filter(|(_, finding)| finding.rule == rule.rule);
    let (elsewhere, shown): (Vec<_>, Vec<_>) = all.partition(|(number, _)| here.site.on_files.contains(number));
    let rows = elsewhere.into_iter().map(|(number, finding)| {
        let place = Html::code(&format!("{}:{}", finding.file, finding.line));
        let level = element("span", words::level_class(finding.level), words::level(finding.level));
        vec![linked(here.finding_address(number), place), level, prose(&finding.message)].into()
    });
    let table = wide(table("Findings", &["Place", "Level", "What is wrong"], rows));
    let shown: Html = shown.into_iter().map(|(number, _)| finding(here, number)).collect();
    let body = table.then(shown);
    section("findings", "Findings", if body.is_empty() { none("There is none.") } else { body })
}
