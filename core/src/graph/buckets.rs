//! Values put where they belong by counting, so that the cost grows with their number and no faster.

/// A list of values for each number from 0 upwards, all in one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Buckets<T> {
    /// Where the values of each number begin, and at the end where the last ones end.
    starts: Vec<u32>,
    values: Vec<T>,
}

impl<T> Default for Buckets<T> {
    fn default() -> Self {
        Self { starts: vec![0], values: Vec::new() }
    }
}

impl<T: Copy + Default> Buckets<T> {
    /// `count` lists of what is `placed` by the number of each list, in the order given. Every number has to be below
    /// `count`.
    pub(super) fn new(count: usize, placed: impl Iterator<Item = (u32, T)> + Clone) -> Self {
        let mut starts = vec![0; count + 1];
        for (number, _) in placed.clone() {
            starts[number as usize + 1] += 1;
        }
        for number in 0..count {
            starts[number + 1] += starts[number];
        }
        let mut next = starts.clone();
        let mut values = vec![T::default(); starts[count] as usize];
        for (number, value) in placed {
            let place = &mut next[number as usize];
            values[*place as usize] = value;
            *place += 1;
        }
        Self { starts, values }
    }
}

impl<T> Buckets<T> {
    /// How many lists there are.
    pub(super) const fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// The values of a number below [`Buckets::len`].
    pub(super) fn of(&self, number: u32) -> &[T] {
        &self.values[self.starts[number as usize] as usize..self.starts[number as usize + 1] as usize]
    }
}

impl<T: Copy + Ord> Buckets<T> {
    /// Sorts each list, and keeps each value once in it.
    pub(super) fn sort_each(&mut self) {
        let mut kept = 0;
        let mut start = 0;
        for number in 0..self.len() {
            let end = self.starts[number + 1] as usize;
            self.values[start..end].sort_unstable();
            self.starts[number] = kept as u32;
            for at in start..end {
                if at == start || self.values[at] != self.values[at - 1] {
                    self.values[kept] = self.values[at];
                    kept += 1;
                }
            }
            start = end;
        }
        if let Some(last) = self.starts.last_mut() {
            *last = kept as u32;
        }
        self.values.truncate(kept);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_order_until_they_are_sorted() {
        let mut buckets = Buckets::new(3, [(2, 7), (0, 5), (2, 1), (2, 7)].into_iter());
        let all = |buckets: &Buckets<i32>| (0..3).map(|number| buckets.of(number).to_vec()).collect::<Vec<_>>();
        assert_eq!(all(&buckets), [vec![5], vec![], vec![7, 1, 7]]);
        buckets.sort_each();
        assert_eq!(all(&buckets), [vec![5], vec![], vec![1, 7]]);
        assert_eq!(Buckets::<i32>::default().len(), 0);
    }
}
