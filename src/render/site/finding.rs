//! One finding: what is wrong, where, what to do instead, and what proves it.

use super::here::{Here, anchor, linked};
use super::html::{Html, classed, element, link, prose, tag};
use super::{source, words};
use baton_core::finding::{Evidence, Finding, Hop, Trail};
use baton_core::inventory::WaivedEntry;
use baton_core::report::Judged;
use baton_core::source::Place;

/// How many pieces of evidence are shown; the rest is counted.
const MOST_EVIDENCE: usize = 12;

/// The finding of that position, with everything that is known of it.
pub(super) fn finding(here: &Here<'_>, number: usize) -> Html {
    let report = here.site.report;
    let Some(judged) = report.findings.get(number) else { return Html::default() };
    let finding = &judged.finding;
    let shown = [
        head(here, judged),
        classed("p", "message", prose(&finding.message)),
        source::code(report, finding.place, source::AROUND),
        help(&finding.help),
        evidence(here, finding),
        chain(here, &finding.chain),
        trails(here, &finding.trails),
    ];
    let id = anchor(&judged.fingerprint);
    tag("article", &[("class", "finding"), ("id", &id)], Html::raw("\n").then(shown.into_iter().collect()))
        .then(Html::raw("\n"))
}

/// What breaks a rule and is waived, and why.
pub(super) fn waived(here: &Here<'_>, waived: &WaivedEntry) -> Html {
    let word = element("span", "badge plain", "waived");
    let heading = tag("h3", &[], word.then(Html::raw(" ")).then(classed("span", "rule", here.rule(waived.rule))));
    let message = classed("p", "message", prose(&waived.message));
    let reason = Html::raw("<strong>Waived because:</strong> ").then(prose(&waived.reason));
    let shown = tag("header", &[], heading).then(message).then(classed("p", "help", reason));
    classed("article", "finding", shown).then(Html::raw("\n"))
}

fn head(here: &Here<'_>, judged: &Judged) -> Html {
    let finding = &judged.finding;
    let level = element("span", words::level_class(judged.level), words::level(judged.level));
    let own = link(&format!("#{}", anchor(&judged.fingerprint)), Html::text(&line_of(here, finding.place)));
    let item =
        if finding.item.is_empty() { Html::default() } else { Html::raw(" in ").then(Html::code(&finding.item)) };
    let rule = classed("span", "rule", here.rule(finding.rule));
    let place = classed("span", "place", own.then(item));
    let heading = tag("h3", &[], level.then(Html::raw(" ")).then(rule));
    classed("header", "", heading.then(Html::raw("\n")).then(place)).then(Html::raw("\n"))
}

fn help(help: &str) -> Html {
    if help.is_empty() {
        return Html::default();
    }
    let word = Html::raw("<strong>Instead:</strong> ");
    classed("p", "help", word.then(prose(help))).then(Html::raw("\n"))
}

/// What else proves it. What stands at the place of the finding itself says only why.
fn evidence(here: &Here<'_>, finding: &Finding) -> Html {
    let pieces = finding.evidence.iter().take(MOST_EVIDENCE).map(|one| piece(here, finding, one));
    let mut items: Html = pieces.map(|piece| tag("li", &[], piece).then(Html::raw("\n"))).collect();
    if items.is_empty() {
        return items;
    }
    if let Some(more @ 1..) = finding.evidence.len().checked_sub(MOST_EVIDENCE) {
        items.push(&element("li", "none", &format!("and {more} more")));
    }
    Html::raw("<h4>Evidence</h4>\n").then(classed("ul", "evidence", items)).then(Html::raw("\n"))
}

fn piece(here: &Here<'_>, finding: &Finding, evidence: &Evidence) -> Html {
    let why = prose(&evidence.why);
    if evidence.place == finding.place {
        return why;
    }
    let why = if why.is_empty() { why } else { why.then(Html::raw(" ")) };
    let place = classed("span", "place", place(here, evidence.place, finding.place));
    why.then(place).then(source::code(here.site.report, evidence.place, 0))
}

fn chain(here: &Here<'_>, chain: &[Hop]) -> Html {
    let hops = chain.iter().map(|hop| {
        let ends = here.module(&hop.from).then(Html::raw(" → ")).then(here.module(&hop.to));
        let place = classed("span", "place", full_place(here, hop.place));
        tag("li", &[], ends.then(Html::raw(" ")).then(place)).then(Html::raw("\n"))
    });
    let hops: Html = hops.collect();
    if hops.is_empty() {
        return hops;
    }
    Html::raw("<h4>How it gets there</h4>\n").then(classed("ol", "chain", hops)).then(Html::raw("\n"))
}

fn trails(here: &Here<'_>, trails: &[Trail]) -> Html {
    let trails = trails.iter().map(|trail| {
        let steps = trail.steps.iter().map(|step| {
            let place = classed("span", "place", full_place(here, step.place));
            tag("li", &[], prose(&step.what).then(Html::raw(" ")).then(place)).then(Html::raw("\n"))
        });
        let place = classed("span", "place", full_place(here, trail.place));
        let summary = tag("summary", &[], prose(&trail.why).then(Html::raw(" ")).then(place));
        let steps = classed("ol", "chain", steps.collect());
        tag("details", &[], summary.then(steps)).then(Html::raw("\n"))
    });
    let trails: Html = trails.collect();
    if trails.is_empty() { trails } else { Html::raw("<h4>Where the values come from</h4>\n").then(trails) }
}

/// A place as seen from another: the line alone where both lie in one file.
fn place(here: &Here<'_>, place: Place, from: Place) -> Html {
    if place.file == from.file { Html::text(&line_of(here, place)) } else { full_place(here, place) }
}

/// A place with its file.
pub(super) fn full_place(here: &Here<'_>, place: Place) -> Html {
    let Some(file) = here.site.report.file(place.file) else { return Html::default() };
    let line = file.lines.line_column(&file.text, place.span.start).line;
    linked(here.file_address(&file.path), Html::code(&format!("{}:{line}", file.path)))
}

fn line_of(here: &Here<'_>, place: Place) -> String {
    let file = here.site.report.file(place.file);
    let line = file.map_or(1, |file| file.lines.line_column(&file.text, place.span.start).line);
    format!("line {line}")
}
