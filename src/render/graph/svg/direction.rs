//! Which arrows point down in a picture. All that can: what imports stands above what it imports.

/// An arrow between two boxes, by their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pull {
    pub(super) from: usize,
    pub(super) to: usize,
    /// How much speaks for drawing it downwards.
    pub(super) weight: usize,
}

/// The position of each of `boxes` from top to bottom, so that little weight points upwards.
/// Arrows that lead back in this order close the cycles.
///
/// The greedy order of Eades, Lin and Smyth, "A fast and effective heuristic for the feedback arc
/// set problem", 1993: what nothing points to goes to the top, what points to nothing goes to the
/// bottom, and where neither is left, the box with the most weight out over weight in goes up.
pub(super) fn positions(boxes: usize, pulls: &[Pull]) -> Vec<usize> {
    let mut left = vec![true; boxes];
    let (mut top, mut bottom) = (Vec::new(), Vec::new());
    while top.len() + bottom.len() < boxes {
        let (mut out, mut into) = (vec![0_usize; boxes], vec![0_usize; boxes]);
        let mut degrees = vec![(0_usize, 0_usize); boxes];
        for pull in pulls.iter().filter(|pull| left[pull.from] && left[pull.to]) {
            out[pull.from] += pull.weight;
            into[pull.to] += pull.weight;
            degrees[pull.from].0 += 1;
            degrees[pull.to].1 += 1;
        }
        let of = |wanted: &dyn Fn(usize) -> bool| -> Vec<usize> {
            (0..boxes).filter(|&number| left[number] && wanted(number)).collect()
        };
        let sources = of(&|number| degrees[number].1 == 0);
        let sinks = of(&|number| degrees[number].0 == 0 && degrees[number].1 > 0);
        let (up, down) = if sources.is_empty() && sinks.is_empty() {
            // Of several that pull equally, the first: `max_by_key` would take the last.
            let best = (0..boxes).rev().filter(|&number| left[number]);
            let best = best.max_by_key(|&number| out[number].cast_signed() - into[number].cast_signed());
            (best.into_iter().collect(), Vec::new())
        } else {
            (sources, sinks)
        };
        for &number in up.iter().chain(&down) {
            left[number] = false;
        }
        top.extend(up);
        bottom.extend(down);
    }
    let mut positions = vec![0; boxes];
    for (position, number) in top.into_iter().chain(bottom.into_iter().rev()).enumerate() {
        positions[number] = position;
    }
    positions
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The arrows that point upwards, of arrows with these weights.
    fn upwards(boxes: usize, arrows: &[(usize, usize, usize)]) -> Vec<(usize, usize)> {
        let pulls: Vec<_> = arrows.iter().map(|&(from, to, weight)| Pull { from, to, weight }).collect();
        let positions = positions(boxes, &pulls);
        let back = arrows.iter().filter(|(from, to, _)| positions[*from] > positions[*to]);
        back.map(|(from, to, _)| (*from, *to)).collect()
    }

    #[test]
    fn without_a_cycle_nothing_points_upwards() {
        assert_eq!(upwards(4, &[(3, 1, 1), (1, 0, 1), (3, 0, 9), (2, 0, 1)]), []);
        assert_eq!(positions(0, &[]), Vec::<usize>::new());
    }

    #[test]
    fn the_weakest_arrow_of_a_cycle_points_upwards() {
        assert_eq!(upwards(2, &[(0, 1, 1), (1, 0, 5)]), [(0, 1)]);
        assert_eq!(upwards(3, &[(0, 1, 5), (1, 2, 5), (2, 0, 1)]), [(2, 0)]);
        assert_eq!(upwards(3, &[(0, 1, 0), (1, 2, 7), (2, 1, 0), (1, 0, 3)]), [(0, 1), (2, 1)]);
    }
}
