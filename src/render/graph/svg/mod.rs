//! A picture that stands alone: no script, no font and no file from elsewhere. It follows the
//! reader's choice of light or dark, and says by more than colour what breaks a rule.

mod direction;
mod implied;
mod layout;
mod style;

use super::{label, share, shown};
use crate::error::Failure;
use crate::render::clean;
use crate::render::tally::count;
use baton_core::graph::{Arrow, Group, View};
use baton_core::link::RoleKind;
use baton_core::report::Report;
use direction::{Pull, positions};
use implied::implied;
use layout::{BOX_HEIGHT, Layout, Point, layout};
use std::collections::BTreeSet;
use std::fmt::Write;

/// What is around everything.
const MARGIN: f64 = 24.0;
/// What is above the graph: the heading and the legend, or in a page, which has its own heading, the legend.
const HEAD: f64 = 84.0;
const HEAD_IN_PAGE: f64 = 36.0;
/// The width of a character of a name. The font is one of fixed width, and none of those that are
/// asked for is wider.
const NAME_WIDTH: f64 = 8.0;
const SMALL_WIDTH: f64 = 6.3;
/// How many characters of a name are shown; the rest is in the box's title.
const LONGEST_NAME: usize = 44;
/// How many boxes and arrows can be told apart by eye, with much good will. Laying out more takes
/// long, too.
const MOST_BOXES: usize = 300;
const MOST_ARROWS: usize = 800;
/// A picture with more arrows than this is crowded: what a longer way implies is left out, and
/// only arrows that break a rule have their numbers beside them.
const CROWDED: usize = 60;
/// In how many steps a piece of a line is followed.
const TRACED: u32 = 40;

/// How a picture is used.
#[derive(Clone, Copy)]
pub(in crate::render) enum Frame<'a> {
    /// As a file of its own, which brings its colours.
    Alone,
    /// As a part of a page, which has the colours and what they mean in its style sheet.
    InPage(InPage<'a>),
}

/// What a picture in a page needs from there.
#[derive(Clone, Copy)]
pub(in crate::render) struct InPage<'a> {
    /// What it shows, for who does not see it.
    pub(in crate::render) heading: &'a str,
    /// What the boxes are that were not asked for.
    pub(in crate::render) around: &'a str,
    /// The address that a box leads to.
    pub(in crate::render) link: &'a dyn Fn(&Group) -> Option<String>,
}

impl Frame<'_> {
    const fn head(&self) -> f64 {
        match self {
            Self::Alone => HEAD,
            Self::InPage(_) => HEAD_IN_PAGE,
        }
    }

    fn heading(&self, view: &View) -> String {
        match self {
            Self::Alone => heading(view),
            Self::InPage(page) => page.heading.to_owned(),
        }
    }

    /// Where the box leads.
    fn link(&self, group: &Group) -> Option<String> {
        match self {
            Self::Alone => None,
            Self::InPage(page) => (page.link)(group),
        }
    }
}

/// The view as a picture.
///
/// # Errors
///
/// It has more boxes or arrows than a picture can show.
pub(in crate::render) fn svg(view: &View, report: &Report, frame: Frame<'_>) -> Result<String, Failure> {
    let refused = |arrows: usize| {
        let message = format!("a picture of {} boxes and {arrows} arrows shows nothing", view.groups.len());
        Err(Failure::new(message, super::COARSER))
    };
    if view.groups.len() > MOST_BOXES {
        return refused(view.arrows.len());
    }
    let pulls: Vec<Pull> = view.arrows.iter().map(pull).collect();
    let order = positions(view.groups.len(), &pulls);
    let left_out = left_out(view, &pulls, &order);
    let arrows: Vec<&Arrow> =
        view.arrows.iter().zip(&left_out).filter(|(_, out)| !**out).map(|(arrow, _)| arrow).collect();
    if arrows.len() > MOST_ARROWS {
        return refused(arrows.len());
    }
    let missing = view.arrows.len() - arrows.len();
    Ok(Drawing { view, report, frame, arrows, order }.text(missing))
}

/// For each arrow whether the picture does without it.
fn left_out(view: &View, pulls: &[Pull], order: &[usize]) -> Vec<bool> {
    if view.arrows.len() <= CROWDED {
        return vec![false; view.arrows.len()];
    }
    view.arrows
        .iter()
        .zip(implied(pulls, order))
        .map(|(arrow, implied)| implied && arrow.violations.is_empty())
        .collect()
}

/// A view with the arrows that are drawn of it.
struct Drawing<'a> {
    view: &'a View,
    report: &'a Report,
    frame: Frame<'a>,
    arrows: Vec<&'a Arrow>,
    /// The position of each group from top to bottom.
    order: Vec<usize>,
}

impl Drawing<'_> {
    fn text(&self, missing: usize) -> String {
        let Self { view, arrows, frame, .. } = self;
        let widths: Vec<f64> = view.groups.iter().map(width).collect();
        let pulls: Vec<Pull> = arrows.iter().map(|arrow| pull(arrow)).collect();
        let layout = layout(&widths, &pulls, &self.order);
        let legend = style::legend(view, frame, missing, arrows.len() <= CROWDED);
        let width = layout.width.max(legend.width) + 2.0 * MARGIN;
        let height = layout.height + frame.head() + 2.0 * MARGIN;
        let left = (width - layout.width) / 2.0;
        let mut out = style::open(width, height, frame, &frame.heading(view), &description(view));
        out.push_str(&legend.text);
        let _ = writeln!(out, "<g transform=\"translate({left:.1} {:.1})\">", frame.head() + MARGIN);
        self.lines(&mut out, &layout);
        for (number, group) in view.groups.iter().enumerate() {
            let link = frame.link(group);
            if let Some(address) = &link {
                let _ = write!(out, "<a href=\"{}\">", escaped(address));
            }
            node(&mut out, group, layout.centres[number], widths[number], link.is_some());
        }
        self.labels(&mut out, &layout, &widths);
        out.push_str("</g>\n</svg>\n");
        out
    }

    /// The arrows, those that break a rule last and so on top.
    fn lines(&self, out: &mut String, layout: &Layout) {
        let Self { view, report, arrows, .. } = self;
        let numbered = || arrows.iter().enumerate();
        let sound = numbered().filter(|(_, arrow)| arrow.violations.is_empty());
        let broken = numbered().filter(|(_, arrow)| !arrow.violations.is_empty());
        for (number, arrow) in sound.chain(broken) {
            let (path, line) = shown(report, arrow.sample);
            let title = format!(
                "{} -> {}: {}, such as {path}:{line}",
                view.groups[arrow.from].name,
                view.groups[arrow.to].name,
                if arrow.violations.is_empty() { count(arrow.places, "place") } else { label(arrow) }
            );
            let class = if arrow.violations.is_empty() { "arrow" } else { "arrow broken" };
            let head = if arrow.violations.is_empty() { "baton-head" } else { "baton-broken" };
            let thickness = 1.2 + real(arrow.places).log10() * 0.6;
            let _ = writeln!(
                out,
                "<g class=\"{class}\"><title>{}</title><path d=\"{}\" stroke-width=\"{thickness:.1}\" marker-end=\"url(#{head})\"/></g>",
                escaped(&title),
                curve(&layout.lines[number], layout.is_sideways),
            );
        }
    }

    /// The numbers on the arrows, each where it covers no other, no box and no other arrow, if there is such a
    /// place; or else no other and no box.
    fn labels(&self, out: &mut String, layout: &Layout, widths: &[f64]) {
        let mut taken: Vec<[f64; 4]> = Vec::new();
        for (centre, width) in layout.centres.iter().zip(widths) {
            taken.push([
                centre.x - width / 2.0,
                centre.y - BOX_HEIGHT / 2.0,
                centre.x + width / 2.0,
                centre.y + BOX_HEIGHT / 2.0,
            ]);
        }
        let is_crowded = self.arrows.len() > CROWDED;
        let traced: Vec<Vec<Point>> = layout.lines.iter().map(|line| traced(line, layout.is_sideways)).collect();
        for (number, arrow) in self.arrows.iter().enumerate() {
            let is_broken = !arrow.violations.is_empty();
            if is_crowded && !is_broken {
                continue;
            }
            let text = if is_broken { share(arrow) } else { arrow.places.to_string() };
            let half = SMALL_WIDTH * real(text.len()) / 2.0 + 3.0;
            let places = places(&layout.lines[number], layout.is_sideways);
            let others: Vec<&Point> =
                traced.iter().enumerate().filter(|(other, _)| *other != number).flat_map(|(_, line)| line).collect();
            let Some(at) = free_place(&places, half, &taken, &others) else { continue };
            taken.push(around(at, half));
            let class = if is_broken { "label broken" } else { "label" };
            let _ = writeln!(out, "<text class=\"{class}\" x=\"{:.1}\" y=\"{:.1}\">{text}</text>", at.x, at.y + 4.0);
        }
    }
}

/// The heading: what is shown.
fn heading(view: &View) -> String {
    format!("Who imports whom, by {}", view.by.name())
}

/// What there is, for who does not see it.
fn description(view: &View) -> String {
    let broken: Vec<_> = view.arrows.iter().filter(|arrow| !arrow.violations.is_empty()).collect();
    let mut text = format!("{}, {}", count(view.groups.len(), "node"), count(view.arrows.len(), "arrow"));
    let _ = match broken.len() {
        0 => write!(text, ", none against a rule"),
        _ => write!(text, "; against a rule: {}", names(view, &broken)),
    };
    text
}

fn names(view: &View, arrows: &[&Arrow]) -> String {
    let names = arrows.iter().map(|arrow| {
        let (from, to) = (&view.groups[arrow.from].name, &view.groups[arrow.to].name);
        format!("{from} to {to}, {}", label(arrow))
    });
    names.collect::<Vec<_>>().join("; ")
}

/// What breaks a rule pulls at nothing: where it closes a cycle, it is what points upwards.
fn pull(arrow: &Arrow) -> Pull {
    let weight = if arrow.violations.is_empty() { arrow.places } else { 0 };
    Pull { from: arrow.from, to: arrow.to, weight }
}

/// The second line of a box. A module by itself needs none.
fn note(group: &Group) -> String {
    match group.modules {
        _ if group.outside => "outside".to_owned(),
        1 => String::new(),
        several => count(several, "module"),
    }
}

fn width(group: &Group) -> f64 {
    let name = NAME_WIDTH * real(columns(&short(&group.name)));
    let note = SMALL_WIDTH * real(columns(&note(group)));
    name.max(note).max(56.0) + 28.0
}

/// A number of things, to reckon with.
fn real(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

/// How many columns a text takes at most: what is not Latin may be twice as wide.
fn columns(text: &str) -> usize {
    text.chars().map(|c| if (c as u32) < 0x300 { 1 } else { 2 }).sum()
}

/// A name without its middle, where it is too long.
fn short(name: &str) -> String {
    let name = clean::line(name);
    let length = name.chars().count();
    if length <= LONGEST_NAME {
        return name.into_owned();
    }
    let half = LONGEST_NAME / 2;
    let (start, end): (String, String) =
        (name.chars().take(half).collect(), name.chars().skip(length - half).collect());
    format!("{start}…{end}")
}

fn class(group: &Group) -> &'static str {
    match group.kind() {
        _ if group.outside => "outside",
        Some(role @ (RoleKind::Core | RoleKind::Shell | RoleKind::Orchestrator | RoleKind::Entry)) => role.name(),
        _ => "plain",
    }
}

fn node(out: &mut String, group: &Group, centre: Point, width: f64, is_linked: bool) {
    let Point { x, y } = centre;
    let (left, top) = (x - width / 2.0, y - BOX_HEIGHT / 2.0);
    let around = if group.neighbour { " around" } else { "" };
    let radius = if group.outside { BOX_HEIGHT / 2.0 } else { 6.0 };
    let (class, note, name) = (class(group), note(group), escaped(&short(&group.name)));
    let facts = [Some(group.name.clone()), Some(note.clone()), group.role.as_ref().map(|role| format!("role {role}"))];
    let facts: Vec<_> = facts.into_iter().flatten().filter(|fact| !fact.is_empty()).collect();
    let title = escaped(&facts.join(", "));
    let _ = write!(
        out,
        "<g class=\"node {class}{around}\"><title>{title}</title>\
         <rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{BOX_HEIGHT}\" rx=\"{radius}\"/>"
    );
    let baseline = if note.is_empty() { y + 4.5 } else { y - 2.0 };
    let _ = write!(out, "<text class=\"name\" x=\"{x:.1}\" y=\"{baseline:.1}\">{name}</text>");
    if !note.is_empty() {
        let _ = write!(out, "<text class=\"note\" x=\"{x:.1}\" y=\"{:.1}\">{note}</text>", y + 13.0);
    }
    out.push_str(if is_linked { "</g></a>\n" } else { "</g>\n" });
}

/// A smooth line: straight through the rows, and bent between them.
fn curve(pieces: &[(Point, Point)], is_sideways: bool) -> String {
    let mut path = String::new();
    for &(from, to) in pieces {
        let command = if path.is_empty() { 'M' } else { 'L' };
        let [first, second] = bends(from, to, is_sideways);
        let _ = write!(
            path,
            "{command}{:.1} {:.1}C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}",
            from.x, from.y, first.x, first.y, second.x, second.y, to.x, to.y
        );
    }
    path
}

/// The control points of a piece, both half way to the next row.
fn bends(from: Point, to: Point, is_sideways: bool) -> [Point; 2] {
    if is_sideways {
        let x = f64::midpoint(from.x, to.x);
        [Point { x, y: from.y }, Point { x, y: to.y }]
    } else {
        let y = f64::midpoint(from.y, to.y);
        [Point { x: from.x, y }, Point { x: to.x, y }]
    }
}

/// A point of a piece, `t` of the way along its curve, which is one of Bézier's.
fn on((from, to): (Point, Point), is_sideways: bool, t: f64) -> Point {
    let [first, second] = bends(from, to, is_sideways);
    let rest = 1.0 - t;
    let weights = [rest * rest * rest, 3.0 * rest * rest * t, 3.0 * rest * t * t, t * t * t];
    let sum = |of: fn(Point) -> f64| {
        [from, first, second, to].into_iter().zip(weights).map(|(point, weight)| of(point) * weight).sum()
    };
    Point { x: sum(|point| point.x), y: sum(|point| point.y) }
}

/// The area of a number, which is so wide to both sides.
fn around(at: Point, half: f64) -> [f64; 4] {
    [at.x - half, at.y - 8.0, at.x + half, at.y + 8.0]
}

/// The first place whose area is free of what is taken and of the points of other lines; or else of what is taken.
fn free_place(places: &[Point], half: f64, taken: &[[f64; 4]], others: &[&Point]) -> Option<Point> {
    let is_free = |at: &&Point| taken.iter().all(|other| !overlap(&around(**at, half), other));
    let is_alone = |at: &&Point| !others.iter().any(|point| is_within(**point, &around(**at, half)));
    let alone = places.iter().filter(is_free).find(is_alone);
    alone.or_else(|| places.iter().find(is_free)).or(places.first()).copied()
}

fn is_within(point: Point, area: &[f64; 4]) -> bool {
    area[0] < point.x && point.x < area[2] && area[1] < point.y && point.y < area[3]
}

fn overlap(a: &[f64; 4], b: &[f64; 4]) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

/// The places on a line where a number may stand, the best first: in the middle of its first
/// piece, then ever farther from there.
fn places(pieces: &[(Point, Point)], is_sideways: bool) -> Vec<Point> {
    const SHARES: [f64; 9] = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9];
    stretches(pieces).into_iter().flat_map(|piece| SHARES.map(|share| on(piece, is_sideways, share))).collect()
}

/// Points along a line, close enough that none passes through a number unseen.
fn traced(pieces: &[(Point, Point)], is_sideways: bool) -> Vec<Point> {
    let points = |piece| (0..=TRACED).map(move |at| on(piece, is_sideways, f64::from(at) / f64::from(TRACED)));
    stretches(pieces).into_iter().flat_map(points).collect()
}

/// The pieces of a line with the straight ones through rows between them.
fn stretches(pieces: &[(Point, Point)]) -> Vec<(Point, Point)> {
    let mut through = pieces.windows(2).map(|pair| (pair[0].1, pair[1].0));
    pieces.iter().flat_map(|&piece| [Some(piece), through.next()]).flatten().collect()
}

/// A text for XML.
fn escaped(text: &str) -> String {
    clean::line(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The roles whose colours are in the picture, the arrows against a rule, and the rules.
fn kinds(view: &View) -> (BTreeSet<&'static str>, BTreeSet<&'static str>) {
    let rules = view.arrows.iter().flat_map(|arrow| &arrow.violations).map(|violation| violation.rule);
    let around = view.groups.iter().any(|group| group.neighbour).then_some("plain around");
    (view.groups.iter().map(class).chain(around).collect(), rules.collect())
}

#[cfg(test)]
mod tests;
