//! Which messages go into one transaction.

/// A message that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// Its size in bytes, with its type.
    pub bytes: usize,
    /// It must not share a transaction: earlier it failed in one, and nobody knows which message was at fault.
    pub alone: bool,
}

/// What one transaction may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Messages, at least one.
    pub messages: usize,
    /// Bytes of messages. A message that is larger by itself goes alone, and the node may refuse it.
    pub bytes: usize,
    /// Gas.
    pub gas: u64,
}

/// How many of the first candidates go into the next transaction: in their order, as many as fit. None only where none
/// waits.
pub fn first_batch(queue: &[Candidate], limits: Limits) -> usize {
    let (mut count, mut bytes) = (0_usize, 0_usize);
    for candidate in queue {
        let more = bytes.saturating_add(candidate.bytes);
        let fits = count < limits.messages && more <= limits.bytes && !candidate.alone;
        if count > 0 && !fits {
            break;
        }
        (count, bytes) = (count.saturating_add(1), more);
        if candidate.alone {
            break;
        }
    }
    count
}

/// How many of a batch of `count` messages are tried next, after all of them together needed `gas`: those that should
/// fit, and fewer than before. None where not even one fits.
pub fn fewer(count: usize, gas: u64, limits: Limits) -> usize {
    let share = u128::try_from(count).unwrap_or_default().saturating_mul(u128::from(limits.gas));
    let fitting = usize::try_from(share.checked_div(u128::from(gas)).unwrap_or_default()).unwrap_or(usize::MAX);
    match count {
        0 | 1 => 0,
        count => fitting.clamp(1, count.saturating_sub(1)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIMITS: Limits = Limits { messages: 3, bytes: 100, gas: 1_000 };

    fn queue(sizes: &[i32]) -> Vec<Candidate> {
        // A negative size is a message that goes alone.
        sizes.iter().map(|size| Candidate { bytes: size.unsigned_abs() as usize, alone: *size < 0 }).collect()
    }

    #[test]
    fn a_batch_is_what_fits_from_the_front() {
        let cases: &[(&[i32], usize)] = &[
            (&[], 0),
            (&[10], 1),
            (&[10, 10, 10, 10], 3),
            (&[60, 40, 1], 2),
            (&[60, 41], 1),
            (&[500, 1], 1),
            (&[-10, 10], 1),
            (&[10, -10, 10], 1),
            (&[10, 10, -10], 2),
        ];
        for (sizes, count) in cases {
            assert_eq!(first_batch(&queue(sizes), LIMITS), *count, "{sizes:?}");
        }
    }

    #[test]
    fn too_much_gas_makes_the_batch_smaller() {
        assert_eq!(fewer(10, 2_000, LIMITS), 5);
        assert_eq!(fewer(10, 1_001, LIMITS), 9);
        assert_eq!(fewer(2, 50_000, LIMITS), 1);
        assert_eq!(fewer(1, 50_000, LIMITS), 0);
        assert_eq!(fewer(3, 0, LIMITS), 1);
    }

    proptest! {
        /// Taking batch after batch takes everything, in order, and each batch keeps the limits unless it is one message.
        #[test]
        fn every_message_is_in_exactly_one_batch(sizes in proptest::collection::vec(-200i32..200, 0..40)) {
            let all = queue(&sizes);
            let mut rest = all.as_slice();
            let mut taken = 0;
            while !rest.is_empty() {
                let count = first_batch(rest, LIMITS);
                prop_assert!(count >= 1);
                let (batch, later) = rest.split_at(count);
                let bytes: usize = batch.iter().map(|candidate| candidate.bytes).sum();
                prop_assert!(count == 1 || (bytes <= LIMITS.bytes && count <= LIMITS.messages));
                prop_assert!(count == 1 || batch.iter().all(|candidate| !candidate.alone));
                taken += count;
                rest = later;
            }
            prop_assert_eq!(taken, all.len());
        }

        #[test]
        fn shrinking_ends(count in 0usize..200, gas in any::<u64>()) {
            let mut left = count;
            for _ in 0..=count {
                let next = fewer(left, gas, LIMITS);
                prop_assert!(next < left || left == 0);
                left = next;
            }
            prop_assert_eq!(left, 0);
        }
    }
}
