use super::*;
use crate::render::graph::svg::direction::positions;

fn lay_out(widths: &[f64], arrows: &[(usize, usize)]) -> Layout {
    let pulls: Vec<_> = arrows.iter().map(|&(from, to)| Pull { from, to, weight: 1 }).collect();
    layout(widths, &pulls, &positions(widths.len(), &pulls))
}

/// Two boxes that share ground, or a box that leaves the picture.
fn misplaced(layout: &Layout, widths: &[f64]) -> Option<(usize, usize)> {
    let apart = |a: usize, b: usize| {
        let (one, other) = (layout.centres[a], layout.centres[b]);
        (one.y - other.y).abs() >= BOX_HEIGHT || (one.x - other.x).abs() >= f64::midpoint(widths[a], widths[b])
    };
    let inside = |a: usize| {
        let (centre, half) = (layout.centres[a], widths[a] / 2.0);
        let is_wide = centre.x - half >= -0.01 && centre.x + half <= layout.width + 0.01;
        is_wide && centre.y >= BOX_HEIGHT / 2.0 && centre.y + BOX_HEIGHT / 2.0 <= layout.height + 0.01
    };
    let boxes = 0..widths.len();
    boxes
        .clone()
        .find(|&a| !inside(a))
        .map(|a| (a, a))
        .or_else(|| boxes.flat_map(|a| (0..a).map(move |b| (a, b))).find(|&(a, b)| !apart(a, b)))
}

#[test]
fn what_imports_stands_above_what_it_imports_and_a_line_joins_the_two() {
    let widths = [80.0, 120.0, 60.0];
    let layout = lay_out(&widths, &[(2, 0), (0, 1), (2, 1), (1, 2)]);
    let y: Vec<_> = layout.centres.iter().map(|centre| centre.y).collect();
    assert!(y[2] < y[0] && y[0] < y[1], "{y:?}");
    assert_eq!(misplaced(&layout, &widths), None);
    let ends = |arrow: usize| {
        let line = &layout.lines[arrow];
        (line.len(), line[0].0.y, line[line.len() - 1].1.y)
    };
    let half = BOX_HEIGHT / 2.0;
    assert_eq!(ends(0), (1, y[2] + half, y[0] - half), "from one row to the next");
    assert_eq!(ends(2), (2, y[2] + half, y[1] - half), "through a lane beside the box between");
    assert_eq!(ends(3), (2, y[1] - half, y[2] + half), "upwards");
}

#[test]
fn lines_leave_a_box_at_places_of_their_own() {
    let layout = lay_out(&[90.0; 4], &[(0, 1), (0, 2), (0, 3)]);
    let mut starts: Vec<_> = layout.lines.iter().map(|line| line[0].0.x).collect();
    starts.sort_by(f64::total_cmp);
    assert!(starts.windows(2).all(|pair| pair[1] - pair[0] > 10.0), "{starts:?}");
}

#[test]
fn arrows_both_ways_run_side_by_side() {
    let layout = lay_out(&[90.0; 3], &[(0, 1), (1, 2), (0, 2), (2, 0)]);
    let lane = |arrow: usize| {
        let line = &layout.lines[arrow];
        assert_eq!(line.len(), 2);
        line[0].1.x
    };
    assert!((lane(3) - lane(2) - LANE).abs() < 0.01, "{:?}", layout.lines);
    let starts_left = layout.lines[2][0].0.x < layout.lines[3][1].1.x;
    let ends_left = layout.lines[2][1].1.x < layout.lines[3][0].0.x;
    assert!(starts_left && ends_left, "and do not cross at their boxes: {:?}", layout.lines);
}

#[test]
fn what_is_too_wide_stands_in_columns() {
    let star = |boxes: usize| (1..boxes).map(|to| (0, to)).collect::<Vec<_>>();
    let widths = [300.0; 24];
    let layout = lay_out(&widths, &star(24));
    assert!(layout.is_sideways && layout.width < 1000.0, "{} by {}", layout.width, layout.height);
    assert_eq!(misplaced(&layout, &widths), None);
    let (from, to) = layout.lines[0][0];
    assert_eq!((from.x, to.x), (layout.centres[0].x + 150.0, layout.centres[1].x - 150.0), "from edge to edge");
    let few = lay_out(&widths[..4], &star(4));
    assert!(!few.is_sideways && few.width < WIDE, "what fits on a screen stays as it is: {}", few.width);
    let ladder: Vec<_> = (1..24).map(|to| (to - 1, to)).collect();
    assert!(!lay_out(&[1700.0; 24], &ladder).is_sideways, "where columns would be wider, rows are better");
}

#[test]
fn parts_without_a_line_between_them_stand_apart() {
    let widths = [50.0, 700.0, 700.0, 50.0, 50.0];
    let layout = lay_out(&widths, &[(1, 2)]);
    assert_eq!(misplaced(&layout, &widths), None);
    let bottom = layout.centres[2].y;
    assert!([0, 3, 4].iter().all(|&alone| layout.centres[alone].y > bottom), "{:?}", layout.centres);
    assert_eq!(lay_out(&[], &[]), Layout::default());
}

/// Xorshift: Marsaglia, "Xorshift RNGs", 2003.
fn next(state: &mut u64) -> usize {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    (*state >> 11) as usize
}

#[test]
fn graphs_of_any_shape_are_laid_out_without_overlap_and_always_the_same() {
    for seed in 1..=150_u64 {
        let mut state = seed * 7919;
        let boxes = 1 + next(&mut state) % 14;
        let widths: Vec<_> = (0..boxes).map(|_| 60.0 + real(next(&mut state) % 240)).collect();
        let mut arrows = BTreeSet::new();
        for _ in 0..next(&mut state) % (2 * boxes) {
            arrows.insert((next(&mut state) % boxes, next(&mut state) % boxes));
        }
        let arrows: Vec<_> = arrows.into_iter().filter(|(from, to)| from != to).collect();
        let layout = lay_out(&widths, &arrows);
        assert_eq!(misplaced(&layout, &widths), None, "{widths:?} {arrows:?}");
        assert!(
            layout
                .lines
                .iter()
                .all(|line| !line.is_empty() && line.iter().all(|(from, to)| from.x.is_finite() && to.x.is_finite()))
        );
        assert_eq!(layout, lay_out(&widths, &arrows));
    }
}
