//! Source text on a page: the lines around a place, with the place marked.

use super::html::{Html, classed, element, tag};
use crate::render::excerpt::Excerpt;
use baton_core::report::{Report, ReportedFile};
use baton_core::source::Place;

/// How many lines are shown before and behind a place.
pub(super) const AROUND: u32 = 2;
/// How many lines of a place are shown; the rest is counted.
const MOST_LINES: u32 = 12;

/// The lines of a place with `around` lines before and behind them; nothing where the file has no text.
pub(super) fn code(report: &Report, place: Place, around: u32) -> Html {
    let Some(file) = report.file(place.file).filter(|file| !file.text.is_empty()) else { return Html::default() };
    let at = |offset: u32| file.lines.line_column(&file.text, offset).line;
    let (first, end) = (at(place.span.start), at(place.span.end.saturating_sub(1).max(place.span.start)));
    let last = end.min(first.saturating_add(MOST_LINES - 1));
    let total = file.lines.lines(&file.text).max(1);
    let behind = if last < end { last } else { last.saturating_add(around).min(total) };
    let shown = first.saturating_sub(around).max(1)..=behind;
    let mut lines: Html = shown.map(|number| line(file, number, place)).collect();
    if last < end {
        lines.push(&element("span", "cut", &format!("… {} more lines", end - last)));
    }
    // What scrolls has to be reachable by keyboard.
    let name = format!("{}, line {first}", file.path);
    let attributes = [("class", "source"), ("tabindex", "0"), ("role", "group"), ("aria-label", name.as_str())];
    tag("pre", &attributes, tag("code", &[], lines)).then(Html::raw("\n"))
}

fn line(file: &ReportedFile, number: u32, place: Place) -> Html {
    let start = file.lines.start(number as usize) as usize;
    let raw = file.text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let inside = |offset: u32| (offset as usize).clamp(start, start + raw.len()) - start;
    let (from, to) = (inside(place.span.start), inside(place.span.end));
    let touches = (place.span.start as usize) <= start + raw.len() && place.span.end as usize > start;
    let indent = raw.len() - raw.trim_start().len();
    let focus = if touches { from } else { 0 };
    let excerpt = Excerpt::new(raw, focus);
    // Of a place of several lines the indentation is no part.
    let (from, to) = (excerpt.place(from.max(indent.min(to))), excerpt.place(to));
    let text = &excerpt.text;
    let marked = if touches && from < to {
        let mark = tag("mark", &[], Html::excerpt(&text[from..to]));
        Html::excerpt(&text[..from]).then(mark).then(Html::excerpt(&text[to..]))
    } else {
        Html::excerpt(text)
    };
    let class = if touches { "line at" } else { "line" };
    let number = tag("span", &[("class", "number"), ("data-number", &number.to_string())], Html::default());
    classed("span", class, number.then(marked)).then(Html::raw("\n"))
}
