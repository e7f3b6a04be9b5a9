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
    /// For each arrow the points that it runs through, from the box that it leaves to the one it
    /// points to.
    pub(super) lines: Vec<Vec<Point>>,
}

/// The height of all boxes.
pub(super) const BOX_HEIGHT: f64 = 44.0;
/// How far boxes of one row are apart.
const SPACING: f64 = 28.0;
/// How far lines are apart that pass through a row.
const LANE: f64 = 12.0;
/// How far rows are apart, but for what many lines between them need.
const GAP: f64 = 56.0;
const WIDEST_GAP: f64 = 170.0;

/// Lays out boxes of these widths and arrows between them. `order` has the position of each box
/// from top to bottom.
pub(super) fn layout(widths: &[f64], pulls: &[Pull], order: &[usize]) -> Layout {
    // What a line joins, the upper box first; arrows both ways share the way.
    let joined: BTreeSet<(usize, usize)> = pulls.iter().map(|pull| downwards(pull, order)).collect();
    let mut stacks = Stacks::default();
    for part in connected(widths.len(), &joined) {
        stacks.push(&Drawn::new(widths, &part, &joined));
    }
    let mut layout = stacks.finish(widths);
    layout.lines = pulls.iter().map(|pull| line(pull, order, &stacks.ways)).collect();
    spread(&mut layout, widths, pulls);
    layout
}

fn downwards(pull: &Pull, order: &[usize]) -> (usize, usize) {
    if order[pull.from] < order[pull.to] { (pull.from, pull.to) } else { (pull.to, pull.from) }
}

/// The boxes that hang together, the largest parts first.
fn connected(boxes: usize, joined: &BTreeSet<(usize, usize)>) -> Vec<Vec<usize>> {
    let mut part: Vec<usize> = (0..boxes).collect();
    let mut has_changed = true;
    while has_changed {
        has_changed = false;
        for &(a, b) in joined {
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
    ways: BTreeMap<(usize, usize), Vec<Point>>,
}

impl Drawn {
    fn new(widths: &[f64], part: &[usize], joined: &BTreeSet<(usize, usize)>) -> Self {
        let joined: Vec<_> = joined.iter().copied().filter(|(upper, _)| part.contains(upper)).collect();
        let boxes: Vec<(u32, f64)> =
            part.iter().map(|&number| (number as u32, widths[number] + SPACING - LANE)).collect();
        let edges: Vec<_> = joined.iter().map(|&(upper, lower)| (upper as u32, lower as u32)).collect();
        let rows = rows(&place(&boxes, &edges));
        // A line that passes through rows is given a lane in each: a narrow box of its own.
        let (mut all, mut steps) = (boxes, Vec::new());
        let mut lanes: BTreeMap<(usize, usize), Vec<u32>> = BTreeMap::new();
        let mut next = widths.len() as u32;
        for &(upper, lower) in &joined {
            let mut above = upper as u32;
            for _ in rows[&above] + 1..rows[&(lower as u32)] {
                all.push((next, 0.0));
                steps.push((above, next));
                lanes.entry((upper, lower)).or_default().push(next);
                above = next;
                next += 1;
            }
            steps.push((above, lower as u32));
        }
        let placed = place(&all, &steps);
        let heights = heights(&rows_of(&placed), &steps);
        let left = all.iter().map(|(id, width)| placed[id].x - width / 2.0).fold(f64::INFINITY, f64::min);
        let right = all.iter().map(|(id, width)| placed[id].x + width / 2.0).fold(0.0, f64::max);
        let at = |id: u32| Point { x: placed[&id].x - left, y: heights[&key(placed[&id].y)] };
        let centres = part.iter().map(|&number| (number, at(number as u32))).collect();
        let ways = joined.iter().map(|pair| {
            let lanes = lanes.get(pair).into_iter().flatten();
            (*pair, lanes.map(|&lane| at(lane)).collect())
        });
        let ways = ways.collect();
        let height = heights.values().copied().fold(0.0, f64::max) + BOX_HEIGHT / 2.0;
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
fn heights(row_of: &BTreeMap<u32, i64>, steps: &[(u32, u32)]) -> BTreeMap<i64, f64> {
    let mut below: BTreeMap<i64, usize> = row_of.values().map(|row| (*row, 0)).collect();
    for (upper, _) in steps {
        *below.entry(row_of[upper]).or_default() += 1;
    }
    let mut y = BOX_HEIGHT / 2.0;
    let mut heights = BTreeMap::new();
    for (row, lines) in below {
        heights.insert(row, y);
        y += BOX_HEIGHT + (GAP + 2.5 * real(lines)).min(WIDEST_GAP);
    }
    heights
}

/// Parts side by side, in rows.
#[derive(Default)]
struct Stacks {
    width: f64,
    bottom: f64,
    row: Point,
    is_alone: bool,
    centres: BTreeMap<usize, Point>,
    ways: BTreeMap<(usize, usize), Vec<Point>>,
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
    fn push(&mut self, drawn: &Drawn) {
        let is_alone = drawn.centres.len() == 1;
        let is_full = self.row.x > 0.0 && self.row.x + drawn.width > self.width.max(Self::WIDEST);
        if is_full || (is_alone && !self.is_alone && self.row.x > 0.0) {
            self.row = Point { x: 0.0, y: self.bottom + SPACING };
        }
        self.is_alone = is_alone;
        let moved = |point: &Point| Point { x: point.x + self.row.x, y: point.y + self.row.y };
        self.centres.extend(drawn.centres.iter().map(|(number, centre)| (*number, moved(centre))));
        self.ways.extend(drawn.ways.iter().map(|(pair, way)| (*pair, way.iter().map(moved).collect())));
        self.width = self.width.max(self.row.x + drawn.width);
        self.bottom = self.bottom.max(self.row.y + drawn.height);
        self.row.x += drawn.width + SPACING;
    }

    fn finish(&self, widths: &[f64]) -> Layout {
        let centres = (0..widths.len()).map(|number| self.centres.get(&number).copied().unwrap_or_default());
        Layout { width: self.width, height: self.bottom, centres: centres.collect(), lines: Vec::new() }
    }
}

/// The lanes that an arrow runs through, in its own direction.
fn line(pull: &Pull, order: &[usize], ways: &BTreeMap<(usize, usize), Vec<Point>>) -> Vec<Point> {
    let pair = downwards(pull, order);
    let mut points: Vec<Point> = ways.get(&pair).into_iter().flatten().copied().collect();
    if pair.0 != pull.from {
        points.reverse();
    }
    points
}

/// Where a line leads from a box, which arrow it is, and whether it ends there.
type LineEnd = (f64, usize, bool);

/// Begins and ends each line at a place of its own on the edge of its boxes, in the order in which
/// the lines lead away, so that no two of them meet there.
fn spread(layout: &mut Layout, widths: &[f64], pulls: &[Pull]) {
    let centres = &layout.centres;
    // The lines at each edge of each box: above it or below.
    let mut sides: BTreeMap<(usize, bool), Vec<LineEnd>> = BTreeMap::new();
    for (number, pull) in pulls.iter().enumerate() {
        let line = &layout.lines[number];
        let (from, to) = (centres[pull.from], centres[pull.to]);
        let (after, before) = (line.first().copied().unwrap_or(to), line.last().copied().unwrap_or(from));
        sides.entry((pull.from, after.y < from.y)).or_default().push((after.x, number, false));
        sides.entry((pull.to, before.y < to.y)).or_default().push((before.x, number, true));
    }
    for ((number, is_top), mut ends) in sides {
        ends.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        let centre = layout.centres[number];
        let room = widths[number] - 24.0;
        let step = if ends.len() > 1 { (room / real(ends.len() - 1)).min(22.0) } else { 0.0 };
        let first = centre.x - step * real(ends.len() - 1) / 2.0;
        let y = if is_top { centre.y - BOX_HEIGHT / 2.0 } else { centre.y + BOX_HEIGHT / 2.0 };
        for (at, (_, arrow, is_end)) in ends.into_iter().enumerate() {
            let point = Point { x: first + step * real(at), y };
            let line = &mut layout.lines[arrow];
            if is_end { line.push(point) } else { line.insert(0, point) }
        }
    }
}

#[cfg(test)]
mod tests;
