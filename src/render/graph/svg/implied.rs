//! Which arrows a crowded picture can do without: those that a longer way implies.

use super::direction::Pull;
use std::collections::BTreeMap;

/// For each arrow between boxes in this order from top to bottom, whether others lead downwards from where it begins to where it points. What
/// points upwards closes a cycle and is implied by nothing.
///
/// The transitive reduction of a graph without cycles: Aho, Garey and Ullman, "The transitive
/// reduction of a directed graph", 1972.
pub(super) fn implied(pulls: &[Pull], order: &[usize]) -> Vec<bool> {
    let boxes = order.len();
    let mut down: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
    for (number, pull) in pulls.iter().enumerate().filter(|(_, pull)| order[pull.from] < order[pull.to]) {
        down.entry(pull.from).or_default().push((pull.to, number));
    }
    let mut reached = vec![vec![false; boxes]; boxes];
    let mut implied = vec![false; pulls.len()];
    let mut upwards: Vec<usize> = (0..boxes).collect();
    upwards.sort_by_key(|&number| std::cmp::Reverse(order[number]));
    for from in upwards {
        let mut arrows = down.remove(&from).unwrap_or_default();
        // Whatever stands on a way to a box stands above it.
        arrows.sort_by_key(|&(to, _)| order[to]);
        let mut all = vec![false; boxes];
        for (to, number) in arrows {
            implied[number] = all[to];
            all[to] = true;
            for (one, other) in all.iter_mut().zip(&reached[to]) {
                *one |= other;
            }
        }
        reached[from] = all;
    }
    implied
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::graph::svg::direction::positions;

    fn left(boxes: usize, arrows: &[(usize, usize)]) -> Vec<(usize, usize)> {
        let pulls: Vec<_> = arrows.iter().map(|&(from, to)| Pull { from, to, weight: 1 }).collect();
        let implied = implied(&pulls, &positions(boxes, &pulls));
        arrows.iter().zip(implied).filter(|(_, implied)| !implied).map(|(arrow, _)| *arrow).collect()
    }

    #[test]
    fn what_a_longer_way_implies_is_left_out() {
        assert_eq!(left(3, &[(0, 1), (0, 2), (1, 2)]), [(0, 1), (1, 2)]);
        assert_eq!(left(4, &[(3, 0), (3, 2), (2, 1), (1, 0)]), [(3, 2), (2, 1), (1, 0)]);
    }

    #[test]
    fn what_only_it_says_stays_and_so_does_what_closes_a_cycle() {
        assert_eq!(left(4, &[(0, 1), (0, 2), (1, 3), (2, 3)]), [(0, 1), (0, 2), (1, 3), (2, 3)]);
        assert_eq!(left(3, &[(0, 1), (1, 2), (2, 0)]), [(0, 1), (1, 2), (2, 0)]);
        assert_eq!(left(2, &[(0, 1), (1, 0)]), [(0, 1), (1, 0)]);
    }
}
