//! What to do next with a live transaction: a pure function of its row and of what was read of the chain.

/// What the state file knows of a live transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pending {
    /// Its place in the account's sequence.
    pub sequence: u64,
    /// A height that the chain had reached before the bytes existed: no block up to it can hold them.
    pub signed_height: u64,
    /// Its end: no block above this height executes it.
    pub timeout_height: u64,
    /// Each block above `signed_height` and up to this one was read, and does not hold it executed.
    pub read_to: u64,
    /// The chain's height when a node was last given the bytes; none: never, as far as was written down.
    pub handed_out: Option<u64>,
}

/// What was read of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Truth {
    /// The height that the reading is of. A believed node has this block.
    pub height: u64,
    /// The account's next sequence in the state after exactly that block.
    pub sequence: u64,
    /// Whether a node finds the transaction by its hash.
    pub lookup: Lookup,
}

/// What a look-up by hash gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lookup {
    /// It is in a block, executed or paid for.
    Found,
    /// A believed node has no such transaction in its index, or only an attempt that had no effect at all.
    Absent,
    /// Nobody answered.
    Unknown,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It is in a block: record what became of it.
    Settle,
    /// It can be in no block any more: its messages may be signed anew.
    Void(Proof),
    /// Read these blocks, both ends included, to find out whether one of them holds it.
    ReadBlocks {
        /// The first.
        from: u64,
        /// The last.
        to: u64,
    },
    /// Hand the same bytes to a node (again).
    HandOut,
    /// Do nothing now.
    Wait(Why),
}

/// Why bytes can be in no block, now or later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// The chain is past the end of the transaction, and the account's sequence in that state does not count it. Only
    /// its inclusion could have used its sequence, so it was not included; only a block before the end could execute
    /// it, so it will not be.
    EndPassed {
        /// The height of the reading.
        height: u64,
        /// The account's next sequence there.
        sequence: u64,
    },
    /// Another transaction has used its sequence: each block in which it could have been was read, and none holds it.
    SequenceUsed {
        /// The height of the reading.
        height: u64,
        /// The account's next sequence there.
        sequence: u64,
    },
}

/// Why nothing is to be done now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The chain is said to be lower than it was when the transaction was signed: the node is behind, or its chain
    /// began anew. Nothing is concluded from it.
    Behind,
    /// A node has the bytes; the next blocks will show.
    NextBlock,
}

/// How many blocks a node is given before the same bytes are handed out again. A node forgets its mempool with a
/// restart; one that has the bytes answers that it has seen them.
pub const PATIENCE: u64 = 3;

impl Proof {
    /// The word in stored transitions.
    pub const fn word(self) -> &'static str {
        match self {
            Self::EndPassed { .. } => "end_passed",
            Self::SequenceUsed { .. } => "sequence_used",
        }
    }
}

impl std::fmt::Display for Proof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::EndPassed { height, sequence } => {
                write!(f, "its end has passed: at height {height} the account's sequence is still {sequence}")
            }
            Self::SequenceUsed { height, sequence } => {
                write!(f, "another transaction used its sequence: at height {height} the account is at {sequence}")
            }
        }
    }
}

impl Pending {
    /// What to do next.
    pub const fn next_step(&self, truth: &Truth) -> Step {
        let Truth { height, sequence, lookup } = *truth;
        if let Lookup::Found = lookup {
            return Step::Settle;
        }
        if height < self.signed_height {
            return Step::Wait(Why::Behind);
        }
        let (used, over) = (sequence > self.sequence, height >= self.timeout_height);
        if !used && !over {
            return match self.handed_out {
                Some(at) if height < at.saturating_add(PATIENCE) => Step::Wait(Why::NextBlock),
                Some(_) | None => Step::HandOut,
            };
        }
        // An index may lag behind the state, or be switched off: then the blocks themselves say whether it is there.
        let last = if over { self.timeout_height } else { height };
        let read = if self.read_to > self.signed_height { self.read_to } else { self.signed_height };
        if read < last && (used || matches!(lookup, Lookup::Unknown)) {
            return Step::ReadBlocks { from: read.saturating_add(1), to: last };
        }
        Step::Void(if used { Proof::SequenceUsed { height, sequence } } else { Proof::EndPassed { height, sequence } })
    }
}

/// The sequence of the next transaction: the lowest that neither the chain has counted nor a live transaction holds.
/// (A gap below live transactions is filled first: without it none of them could come into a block.)
pub fn next_sequence(chain: u64, held: impl IntoIterator<Item = u64>) -> u64 {
    let mut held: Vec<u64> = held.into_iter().filter(|sequence| *sequence >= chain).collect();
    held.sort_unstable();
    let mut next = chain;
    for sequence in held {
        if sequence == next {
            next = next.saturating_add(1);
        }
    }
    next
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PENDING: Pending =
        Pending { sequence: 7, signed_height: 100, timeout_height: 120, read_to: 0, handed_out: Some(100) };

    const fn truth(height: u64, sequence: u64, lookup: Lookup) -> Truth {
        Truth { height, sequence, lookup }
    }

    #[test]
    fn each_reading_leads_to_its_step() {
        use Lookup::{Absent, Found, Unknown};
        let never = Pending { handed_out: None, ..PENDING };
        let read = Pending { read_to: 110, ..PENDING };
        let all = Pending { read_to: 120, ..PENDING };
        let cases = [
            // In a block: whatever else was read.
            (PENDING, truth(101, 8, Found), Step::Settle),
            (PENDING, truth(5, 0, Found), Step::Settle),
            // No answer is never an absence: the blocks say it instead.
            (PENDING, truth(500, 7, Unknown), Step::ReadBlocks { from: 101, to: 120 }),
            (PENDING, truth(500, 9, Unknown), Step::ReadBlocks { from: 101, to: 120 }),
            (PENDING, truth(110, 9, Unknown), Step::ReadBlocks { from: 101, to: 110 }),
            (all, truth(500, 7, Unknown), Step::Void(Proof::EndPassed { height: 500, sequence: 7 })),
            (all, truth(500, 9, Unknown), Step::Void(Proof::SequenceUsed { height: 500, sequence: 9 })),
            // The same bytes once more do no harm, whoever has them.
            (PENDING, truth(103, 7, Unknown), Step::HandOut),
            // A chain that is lower than it was.
            (PENDING, truth(99, 7, Absent), Step::Wait(Why::Behind)),
            (PENDING, truth(99, 8, Absent), Step::Wait(Why::Behind)),
            // On its way.
            (never, truth(100, 7, Absent), Step::HandOut),
            (PENDING, truth(100, 7, Absent), Step::Wait(Why::NextBlock)),
            (PENDING, truth(102, 7, Absent), Step::Wait(Why::NextBlock)),
            (PENDING, truth(103, 7, Absent), Step::HandOut),
            // It waits for an earlier one.
            (PENDING, truth(103, 5, Absent), Step::HandOut),
            // The last block that can hold it is the one at its end.
            (PENDING, truth(119, 7, Absent), Step::HandOut),
            (PENDING, truth(120, 7, Absent), Step::Void(Proof::EndPassed { height: 120, sequence: 7 })),
            (PENDING, truth(121, 3, Absent), Step::Void(Proof::EndPassed { height: 121, sequence: 3 })),
            // Its sequence is gone: the index may lag or be off, so the blocks decide.
            (PENDING, truth(105, 8, Absent), Step::ReadBlocks { from: 101, to: 105 }),
            (PENDING, truth(900, 8, Absent), Step::ReadBlocks { from: 101, to: 120 }),
            (read, truth(900, 8, Absent), Step::ReadBlocks { from: 111, to: 120 }),
            (read, truth(110, 8, Absent), Step::Void(Proof::SequenceUsed { height: 110, sequence: 8 })),
            (all, truth(900, 12, Absent), Step::Void(Proof::SequenceUsed { height: 900, sequence: 12 })),
        ];
        for (pending, truth, step) in cases {
            assert_eq!(pending.next_step(&truth), step, "{pending:?} {truth:?}");
        }
    }

    #[test]
    fn gaps_are_filled_first() {
        assert_eq!(next_sequence(5, []), 5);
        assert_eq!(next_sequence(5, [5, 6]), 7);
        assert_eq!(next_sequence(5, [6, 7]), 5);
        assert_eq!(next_sequence(5, [7, 5]), 6);
        assert_eq!(next_sequence(5, [3, 4]), 5);
        assert_eq!(next_sequence(u64::MAX, [u64::MAX]), u64::MAX);
    }

    /// A small world to be wrong about: one account, blocks that hold transactions, and ours at some height or none.
    #[derive(Debug, Clone)]
    struct World {
        /// What each block after the signing did: nothing, a foreign transaction, or ours if it still could.
        blocks: Vec<Option<bool>>,
        pending: Pending,
    }

    fn world() -> impl Strategy<Value = World> {
        let blocks = proptest::collection::vec(proptest::option::of(any::<bool>()), 0..12);
        (blocks, 0u64..10, any::<bool>()).prop_map(|(blocks, end, handed_out)| World {
            blocks,
            pending: Pending { timeout_height: 100 + end, handed_out: handed_out.then_some(100), ..PENDING },
        })
    }

    impl World {
        /// The sequence after the block of a height, and the height at which ours was executed.
        fn after(&self, height: u64) -> (u64, Option<u64>) {
            let (mut sequence, mut ours) = (PENDING.sequence, None);
            for (block, at) in self.blocks.iter().zip(101u64..=height) {
                match block {
                    Some(true) if sequence == PENDING.sequence && at <= self.pending.timeout_height => {
                        ours = Some(at);
                        sequence += 1;
                    }
                    Some(false) => sequence += 1,
                    Some(true) | None => {}
                }
            }
            (sequence, ours)
        }
    }

    proptest! {
        /// The law: whatever the index says or hides, what is declared void was executed in no block and will be in none.
        #[test]
        fn what_is_void_is_never_executed(world in world(), index in any::<bool>(), lies in any::<bool>()) {
            let mut pending = world.pending;
            let (_, executed) = world.after(u64::MAX);
            let mut height = 100;
            // At most two steps for each block: read it, then look again.
            for _ in 0..40 {
                let (sequence, ours) = world.after(height);
                let lookup = match (ours, index) {
                    (Some(_), true) => Lookup::Found,
                    _ if lies && height % 2 == 1 => Lookup::Unknown,
                    _ => Lookup::Absent,
                };
                match pending.next_step(&Truth { height, sequence, lookup }) {
                    Step::Settle => { prop_assert!(executed.is_some()); break }
                    Step::Void(_) => { prop_assert_eq!(executed, None, "void at {}", height); break }
                    Step::ReadBlocks { from, to } => {
                        prop_assert!(from <= to && to <= height && from > pending.signed_height);
                        match ours {
                            Some(at) if (from..=to).contains(&at) => break,
                            _ => pending.read_to = to,
                        }
                    }
                    Step::HandOut | Step::Wait(_) => height += 1,
                }
            }
        }

        /// And it is not waited for ever: once the end has passed and the blocks can be read, it is settled or void.
        #[test]
        fn every_transaction_comes_to_an_end(world in world()) {
            let mut pending = world.pending;
            let height = 100 + 64;
            let (sequence, ours) = world.after(height);
            let mut step = pending.next_step(&Truth { height, sequence, lookup: Lookup::Absent });
            if let Step::ReadBlocks { to, .. } = step {
                if ours.is_some() {
                    return Ok(());
                }
                pending.read_to = to;
                step = pending.next_step(&Truth { height, sequence, lookup: Lookup::Absent });
            }
            prop_assert!(matches!(step, Step::Void(_)), "{step:?}");
            prop_assert_eq!(ours, None);
        }

        #[test]
        fn the_next_sequence_is_free_and_the_lowest(chain in 0u64..20, held in proptest::collection::btree_set(0u64..30, 0..12)) {
            let next = next_sequence(chain, held.iter().copied());
            prop_assert!(next >= chain && !held.contains(&next));
            prop_assert!((chain..next).all(|sequence| held.contains(&sequence)));
        }
    }
}
