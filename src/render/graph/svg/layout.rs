//! Where the boxes of a picture stand, and where its lines run.

use super::direction::Pull;
use super::real;
use rust_sugiyama::configure::Config;
use rust_sugiyama::from_vertices_and_edges;
use std::collections::{BTreeMap, BTreeSet};

/// A point of the picture, in pixels from its upper left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// A picture without its ink.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Layout {
    pub(super) width: f64,
    pub(super) height: f64,
    /// The centre of each box.
    pub(super) centres: Vec<Point>,
    /// For each arrow its pieces, from the box that it leaves to the one it points to: where each
    /// begins and where it ends. Between two pieces it runs straight.
    pub(super) lines: Vec<Vec<(Point, Point)>>,
    /// Whether what imports stands to the left of what it imports, and not above.
    pub(super) is_sideways: bool,
}

impl Layout {
    /// The same with each column as a row, and each row as a column.
    fn turned(self) -> Self {
        let turned = |point: Point| Point { x: point.y, y: point.x };
        let pieces =
            |line: Vec<(Point, Point)>| line.into_iter().map(|(from, to)| (turned(from), turned(to))).collect();
        Self {
            width: self.height,
            height: self.width,
            centres: self.centres.into_iter().map(turned).collect(),
            lines: self.lines.into_iter().map(pieces).collect(),
            is_sideways: !self.is_sideways,
        }
    }
}

/// The height of all boxes.
pub(super) const BOX_HEIGHT: f64 = 44.0;
/// How far boxes of one row are apart, and those of one column.
const SPACING: f64 = 28.0;
const TIGHT: f64 = 18.0;
/// What is wider than this fits on no screen.
const WIDE: f64 = 1600.0;
/// How far lines are apart that pass through a row.
const LANE: f64 = 12.0;
/// How far rows are apart, but for what many lines between them need.
const GAP: f64 = 56.0;
const WIDEST_GAP: f64 = 170.0;
/// How much of a box's edge is left free of lines, for its round corners.
const EDGE: f64 = 16.0;

/// Boxes by their extents along the rows in which they stand, and across.
struct Boxes<'a> {
    along: &'a [f64],
    across: &'a [f64],
    spacing: f64,
}

/// Lays out boxes of these widths and arrows between them. `order` has the position of each box
/// from top to bottom. Boxes are wide and low: where many stand in one row, columns take less room.
pub(super) fn layout(widths: &[f64], pulls: &[Pull], order: &[usize]) -> Layout {
    let heights = vec![BOX_HEIGHT; widths.len()];
    let upright = in_rows(&Boxes { along: widths, across: &heights, spacing: SPACING }, pulls, order);
    if upright.width <= WIDE {
        return upright;
    }
    let sideways = in_rows(&Boxes { along: &heights, across: widths, spacing: TIGHT }, pulls, order).turned();
    if sideways.width.max(sideways.height) < upright.width { sideways } else { upright }
}

fn in_rows(boxes: &Boxes<'_>, pulls: &[Pull], order: &[usize]) -> Layout {
    // What a line joins, the upper box first; arrows both ways share the way.
    let mut joined: Joined = BTreeMap::new();
    for pull in pulls {
        *joined.entry(downwards(pull, order)).or_default() += 1;
    }
    let mut stacks = Stacks::default();
    for part in connected(boxes.along.len(), &joined) {
        stacks.push(&Drawn::new(boxes, &part, &joined), boxes.spacing);
    }
    let mut layout = stacks.finish(boxes.along);
    let lines: Vec<Vec<Lane>> = pulls.iter().map(|pull| line(pull, order, &joined, &stacks.ways)).collect();
    layout.lines = spread(&layout.centres, boxes, pulls, &lines);
    layout
}

/// What lines join, and how many each.
type Joined = BTreeMap<(usize, usize), usize>;

/// The place of a line in a row: its middle, and how far the row's edges are from there.
#[derive(Clone, Copy)]
struct Lane {
    at: Point,
    half: f64,
}

fn downwards(pull: &Pull, order: &[usize]) -> (usize, usize) {
    if order[pull.from] < order[pull.to] { (pull.from, pull.to) } else { (pull.to, pull.from) }
}

/// The boxes that hang together, the largest parts first.
fn connected(boxes: usize, joined: &Joined) -> Vec<Vec<usize>> {
    let mut part: Vec<usize> = (0..boxes).collect();
    let mut has_changed = true;
    while has_changed {
        has_changed = false;
        for &(a, b) in joined.keys() {
            let least = part[a].min(part[b]);
            has_changed |= part[a] != part[b];
            (part[a], part[b]) = (least, least);
        }
    }
    let mut parts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (number, part) in part.into_iter().enumerate() {
        parts.entry(part).or_default().push(number);
    }
    let mut parts: Vec<_> = parts.into_values().collect();
    parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
    parts
}

/// One connected part, with its own upper left.
struct Drawn {
    width: f64,
    height: f64,
    centres: BTreeMap<usize, Point>,
    ways: BTreeMap<(usize, usize), Vec<Lane>>,
}

impl Drawn {
    fn new(boxes: &Boxes<'_>, part: &[usize], joined: &Joined) -> Self {
        let joined: Vec<_> = joined.iter().filter(|((upper, _), _)| part.contains(upper)).collect();
        let of = |number: &usize| (*number as u32, boxes.along[*number] + boxes.spacing - LANE);
        let mut all: Vec<(u32, f64)> = part.iter().map(of).collect();
        let edges: Vec<_> = joined.iter().map(|&(&(upper, lower), _)| (upper as u32, lower as u32)).collect();
        let rows = rows(&place(&all, &edges));
        // A line that passes through rows is given a lane in each: a narrow box of its own.
        let mut steps = Vec::new();
        let mut lanes: BTreeMap<(usize, usize), Vec<u32>> = BTreeMap::new();
        let mut next = boxes.along.len() as u32;
        for &(&(upper, lower), &arrows) in &joined {
            let mut above = upper as u32;
            for _ in rows[&above] + 1..rows[&(lower as u32)] {
                all.push((next, LANE * real(arrows - 1)));
                steps.push((above, next));
                lanes.entry((upper, lower)).or_default().push(next);
                above = next;
                next += 1;
            }
            steps.push((above, lower as u32));
        }
        let placed = place(&all, &steps);
        let row_of = rows_of(&placed);
        let mut thick: BTreeMap<i64, f64> = row_of.values().map(|row| (*row, 0.0)).collect();
        for &number in part {
            let row = thick.entry(row_of[&(number as u32)]).or_default();
            *row = row.max(boxes.across[number]);
        }
        let middles = middles(&row_of, &thick, &steps);
        let left = all.iter().map(|(id, width)| placed[id].x - width / 2.0).fold(f64::INFINITY, f64::min);
        let right = all.iter().map(|(id, width)| placed[id].x + width / 2.0).fold(0.0, f64::max);
        let at = |id: u32| Point { x: placed[&id].x - left, y: middles[&row_of[&id]] };
        let centres = part.iter().map(|&number| (number, at(number as u32))).collect();
        let ways = joined.iter().map(|(pair, _)| {
            let lanes = lanes.get(pair).into_iter().flatten();
            (**pair, lanes.map(|&lane| Lane { at: at(lane), half: thick[&row_of[&lane]] / 2.0 }).collect())
        });
        let ways = ways.collect();
        let height = middles.iter().map(|(row, middle)| middle + thick[row] / 2.0).fold(0.0, f64::max);
        Self { width: right - left, height, centres, ways }
    }
}

/// Where the library puts boxes of these widths, from top to bottom.
fn place(boxes: &[(u32, f64)], edges: &[(u32, u32)]) -> BTreeMap<u32, Point> {
    let config = Config { vertex_spacing: LANE, ..Config::default() };
    let sizes: Vec<_> = boxes.iter().map(|&(id, width)| (id, (width, BOX_HEIGHT))).collect();
    let layouts = from_vertices_and_edges(&sizes, edges, &config);
    // The library calls each box by its position in what it was given.
    let placed = layouts.into_iter().flat_map(|(placed, _, _)| placed);
    placed.map(|(position, (x, y))| (boxes[position].0, Point { x, y })).collect()
}

/// A coordinate that can be compared: the library counts in floating point.
fn key(y: f64) -> i64 {
    (y * 16.0).round() as i64
}

fn rows_of(placed: &BTreeMap<u32, Point>) -> BTreeMap<u32, i64> {
    placed.iter().map(|(id, point)| (*id, key(point.y))).collect()
}

/// The number of each box's row, from the top.
fn rows(placed: &BTreeMap<u32, Point>) -> BTreeMap<u32, usize> {
    let rows: BTreeSet<i64> = placed.values().map(|point| key(point.y)).collect();
    let numbers: BTreeMap<i64, usize> = rows.into_iter().zip(0..).collect();
    placed.iter().map(|(id, point)| (*id, numbers[&key(point.y)])).collect()
}

/// The middle of each row. The more lines run between two rows, the farther they are apart.
fn middles(row_of: &BTreeMap<u32, i64>, thick: &BTreeMap<i64, f64>, steps: &[(u32, u32)]) -> BTreeMap<i64, f64> {
    let mut below: BTreeMap<i64, usize> = BTreeMap::new();
    for (upper, _) in steps {
        *below.entry(row_of[upper]).or_default() += 1;
    }
    let mut top = 0.0;
    let mut middles = BTreeMap::new();
    for (&row, thickness) in thick {
        middles.insert(row, top + thickness / 2.0);
        let lines = below.get(&row).copied().unwrap_or_default();
        top += thickness + (GAP + 2.5 * real(lines)).min(WIDEST_GAP);
    }
    middles
}

/// Parts side by side, in rows.
#[derive(Default)]
struct Stacks {
    width: f64,
    bottom: f64,
    row: Point,
    is_alone: bool,
    centres: BTreeMap<usize, Point>,
    ways: BTreeMap<(usize, usize), Vec<Lane>>,
}

impl Default for Point {
    fn default() -> Self {
        Self { x: 0.0, y: 0.0 }
    }
}

impl Stacks {
    /// How wide a picture may get by standing parts side by side.
    const WIDEST: f64 = 1000.0;

    /// Adds a part. Boxes by themselves come last, below all others.
    fn push(&mut self, drawn: &Drawn, spacing: f64) {
        let is_alone = drawn.centres.len() == 1;
        let is_full = self.row.x > 0.0 && self.row.x + drawn.width > self.width.max(Self::WIDEST);
        if is_full || (is_alone && !self.is_alone && self.row.x > 0.0) {
            self.row = Point { x: 0.0, y: self.bottom + spacing };
        }
        self.is_alone = is_alone;
        let moved = |point: &Point| Point { x: point.x + self.row.x, y: point.y + self.row.y };
        self.centres.extend(drawn.centres.iter().map(|(number, centre)| (*number, moved(centre))));
        let lane = |lane: &Lane| Lane { at: moved(&lane.at), ..*lane };
        self.ways.extend(drawn.ways.iter().map(|(pair, way)| (*pair, way.iter().map(lane).collect())));
        self.width = self.width.max(self.row.x + drawn.width);
        self.bottom = self.bottom.max(self.row.y + drawn.height);
        self.row.x += drawn.width + spacing;
    }

    fn finish(&self, boxes: &[f64]) -> Layout {
        let centres = (0..boxes.len()).map(|number| self.centres.get(&number).copied().unwrap_or_default());
        Layout { width: self.width, height: self.bottom, centres: centres.collect(), ..Layout::default() }
    }
}

/// The lanes that an arrow runs through, in its own direction. Of arrows both ways each keeps to its side.
fn line(pull: &Pull, order: &[usize], joined: &Joined, ways: &BTreeMap<(usize, usize), Vec<Lane>>) -> Vec<Lane> {
    let pair = downwards(pull, order);
    let is_down = pair.0 == pull.from;
    let aside = match joined.get(&pair) {
        Some(2..) if is_down => -LANE / 2.0,
        Some(2..) => LANE / 2.0,
        _ => 0.0,
    };
    let beside = |lane: &Lane| Lane { at: Point { x: lane.at.x + aside, y: lane.at.y }, ..*lane };
    let mut lanes: Vec<Lane> = ways.get(&pair).into_iter().flatten().map(beside).collect();
    if !is_down {
        lanes.reverse();
    }
    lanes
}

/// Where a line leads from a box, which arrow it is, and whether it ends there.
type LineEnd = (f64, usize, bool);

/// The pieces of each line. They begin and end at places of their own on the edge of their boxes, in the order
/// in which the lines lead away, so that no two of them meet there.
fn spread(centres: &[Point], boxes: &Boxes<'_>, pulls: &[Pull], lines: &[Vec<Lane>]) -> Vec<Vec<(Point, Point)>> {
    // The lines at each edge of each box: above it or below.
    let mut sides: BTreeMap<(usize, bool), Vec<LineEnd>> = BTreeMap::new();
    for ((number, pull), line) in pulls.iter().enumerate().zip(lines) {
        let (from, to) = (centres[pull.from], centres[pull.to]);
        let (after, before) = (line.first().map_or(to, |lane| lane.at), line.last().map_or(from, |lane| lane.at));
        sides.entry((pull.from, after.y < from.y)).or_default().push((after.x, number, false));
        sides.entry((pull.to, before.y < to.y)).or_default().push((before.x, number, true));
    }
    let mut ends = vec![(Point::default(), Point::default()); pulls.len()];
    for ((number, is_top), mut here) in sides {
        here.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        let (centre, half) = (centres[number], boxes.across[number] / 2.0);
        let room = boxes.along[number] - EDGE;
        let step = if here.len() > 1 { (room / real(here.len() - 1)).min(22.0) } else { 0.0 };
        let first = centre.x - step * real(here.len() - 1) / 2.0;
        let y = if is_top { centre.y - half } else { centre.y + half };
        for (at, (_, arrow, is_end)) in here.into_iter().enumerate() {
            let point = Point { x: first + step * real(at), y };
            *(if is_end { &mut ends[arrow].1 } else { &mut ends[arrow].0 }) = point;
        }
    }
    let pieces = |((start, end), lanes): ((Point, Point), &Vec<Lane>)| {
        let is_down = start.y < end.y;
        let mut from = start;
        let mut pieces = Vec::new();
        for Lane { at, half } in lanes {
            let edge = if is_down { *half } else { -half };
            pieces.push((from, Point { x: at.x, y: at.y - edge }));
            from = Point { x: at.x, y: at.y + edge };
        }
        pieces.push((from, end));
        pieces
    };
    ends.into_iter().zip(lines).map(pieces).collect()
}

#[cfg(test)]
mod tests;
