//! What was used between two samples, laid over the windows between them without losing a unit.

use super::{Metric, Moment};

/// What one counter advanced, and how much of it is placed already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Delta {
    pub(super) metric: Metric,
    from: Moment,
    amount: i128,
    placed: i128,
}

impl Delta {
    pub(super) const fn new(metric: Metric, from: Moment, amount: i128) -> Self {
        Self { metric, from, amount, placed: 0 }
    }

    /// From when on.
    pub(super) const fn from(&self) -> Moment {
        self.from
    }

    /// What belongs to the time up to `until` and was not placed before, if all of it was used evenly up to `to`.
    pub(super) fn place(&mut self, until: Moment, to: Moment) -> i128 {
        let whole = to.since(self.from);
        let part = until.since(self.from).clamp(0, whole.max(0));
        let up_to = if part >= whole { self.amount } else { share(self.amount, part, whole) };
        let fresh = up_to - self.placed;
        self.placed = up_to;
        fresh
    }
}

/// `amount × part ÷ whole`, cut down; exact also where the product has more than 128 bits. `0 <= part < whole`.
fn share(amount: i128, part: i64, whole: i64) -> i128 {
    let (part, whole) = (i128::from(part), i128::from(whole));
    let (each, rest) = (amount.div_euclid(whole), amount.rem_euclid(whole));
    each * part + rest * part / whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_part_is_a_part() {
        assert_eq!(share(10, 1, 3), 3);
        assert_eq!(share(10, 2, 3), 6);
        assert_eq!(share(-10, 1, 3), -4);
        assert_eq!(share(i128::MAX, 1, 2), i128::MAX / 2);
        assert_eq!(share(0, 1, 2), 0);
    }

    proptest! {
        #[test]
        fn the_parts_are_the_whole(amount in any::<i128>(), cuts in proptest::collection::vec(0i64..100_000, 0..9)) {
            let mut cuts = cuts;
            cuts.sort_unstable();
            let mut delta = Delta::new(Metric::GpuSeconds, Moment(0), amount);
            let mut placed = cuts.iter().map(|cut| delta.place(Moment(*cut), Moment(100_000))).collect::<Vec<_>>();
            placed.push(delta.place(Moment(100_000), Moment(100_000)));
            prop_assert_eq!(placed.iter().sum::<i128>(), amount);
            // Nothing is taken back later.
            prop_assert!(placed.iter().all(|part| *part == 0 || (*part > 0) == (amount > 0)));
        }
    }
}
