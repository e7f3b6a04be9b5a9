//! What a stack of layers forbids.
//!
//! The meaning is that of import-linter and of grimp, on which it stands: a lower layer must not
//! reach a higher one, the members of a layer must not reach each other where they are
//! independent, and nobody may reach below a closed layer from above it. A chain counts if it
//! leads through no further layer: what leads through one is reported there, or goes the way that
//! a closed layer asks for.

/// One layer. Members are numbers, from 0 upwards through all layers of the stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    /// What the layer consists of.
    pub members: Vec<usize>,
    /// Whether its members must not reach each other.
    pub independent: bool,
    /// Whether what is above it may reach what is below it only through it.
    pub closed: bool,
}

/// Why one member must not reach another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// It lies below.
    Upwards,
    /// Both lie in one layer, and are independent.
    Sideways,
    /// It lies above, and the layer of that position between the two is closed.
    Past(usize),
}

/// The pairs of members of which the first must not reach the second, sorted, each with the reason.
/// The layers go from the top to the bottom.
pub fn must_not_import(levels: &[Level]) -> Vec<(usize, usize, Fault)> {
    let mut pairs = Vec::new();
    let mut pair = |from: &Level, to: &Level, fault| {
        for &first in &from.members {
            pairs.extend(to.members.iter().filter(|&&second| second != first).map(|&second| (first, second, fault)));
        }
    };
    for (lower, level) in levels.iter().enumerate() {
        if level.independent {
            pair(level, level, Fault::Sideways);
        }
        for (upper, above) in levels[..lower].iter().enumerate() {
            pair(level, above, Fault::Upwards);
            // Of several closed layers the nearest to the importer is the one it should have asked.
            if let Some(between) = levels[upper + 1..lower].iter().position(|level| level.closed) {
                pair(above, level, Fault::Past(upper + 1 + between));
            }
        }
    }
    pairs.sort_unstable();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(members: &[usize], independent: bool, closed: bool) -> Level {
        Level { members: members.to_vec(), independent, closed }
    }

    #[test]
    fn lower_layers_do_not_know_higher_ones() {
        let levels = [level(&[0], true, false), level(&[1], true, false), level(&[2], true, false)];
        let expected = [(1, 0, Fault::Upwards), (2, 0, Fault::Upwards), (2, 1, Fault::Upwards)];
        assert_eq!(must_not_import(&levels), expected);
    }

    #[test]
    fn independent_members_do_not_know_each_other_and_others_may() {
        let both = |independent| must_not_import(&[level(&[0, 1], independent, false)]);
        assert_eq!(both(true), [(0, 1, Fault::Sideways), (1, 0, Fault::Sideways)]);
        assert_eq!(both(false), []);
    }

    #[test]
    fn nobody_goes_past_a_closed_layer() {
        let levels =
            [level(&[0], true, false), level(&[1], true, true), level(&[2], true, true), level(&[3], true, true)];
        let past: Vec<_> = must_not_import(&levels).into_iter().filter(|(from, to, _)| from < to).collect();
        assert_eq!(past, [(0, 2, Fault::Past(1)), (0, 3, Fault::Past(1)), (1, 3, Fault::Past(2))]);
    }
}
