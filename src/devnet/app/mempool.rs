//! Transactions that wait for a block, and the hashes of those that were seen.

use super::execute::Verdict;
use std::collections::{HashSet, VecDeque};

/// How many hashes are remembered.
const CACHE: usize = 10_000;

/// A transaction that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// SHA-256 of the bytes.
    pub hash: Vec<u8>,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Not before this height, where a fault asks for it.
    pub not_before: i64,
    /// What becomes of it, where a fault asks for it.
    pub verdict: Option<Verdict>,
}

/// The mempool: first come, first served.
#[derive(Debug, Default)]
pub struct Mempool {
    waiting: VecDeque<Waiting>,
    seen: HashSet<Vec<u8>>,
    order: VecDeque<Vec<u8>>,
}

impl Mempool {
    /// Notes that these bytes were seen; false where they had been, in the mempool or in a block.
    pub fn see(&mut self, hash: &[u8]) -> bool {
        if !self.seen.insert(hash.to_vec()) {
            return false;
        }
        self.order.push_back(hash.to_vec());
        if self.order.len() > CACHE
            && let Some(oldest) = self.order.pop_front()
        {
            self.seen.remove(&oldest);
        }
        true
    }

    /// Forgets bytes that were refused: they may come again.
    pub fn forget(&mut self, hash: &[u8]) {
        if self.seen.remove(hash) {
            self.order.retain(|seen| seen != hash);
        }
    }

    /// Lets a transaction wait.
    pub fn add(&mut self, waiting: Waiting) {
        self.waiting.push_back(waiting);
    }

    /// Those that may go into the block of this height, in the order in which they came, as many as fit.
    pub fn take(&mut self, height: i64, max_bytes: i64) -> Vec<Waiting> {
        let mut room = usize::try_from(max_bytes).unwrap_or(usize::MAX);
        let (mut taken, mut left) = (Vec::new(), VecDeque::new());
        for waiting in self.waiting.drain(..) {
            match room.checked_sub(waiting.bytes.len()) {
                Some(rest) if waiting.not_before <= height => {
                    room = rest;
                    taken.push(waiting);
                }
                _ => left.push_back(waiting),
            }
        }
        self.waiting = left;
        taken
    }

    /// Those that wait, in order.
    pub fn waiting(&self) -> impl Iterator<Item = &Waiting> {
        self.waiting.iter()
    }

    /// Takes those away that `keep` does not want.
    pub fn retain(&mut self, keep: impl FnMut(&Waiting) -> bool) {
        self.waiting.retain(keep);
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiting(bytes: &[u8], not_before: i64) -> Waiting {
        Waiting { hash: bytes.to_vec(), bytes: bytes.to_vec(), not_before, verdict: None }
    }

    #[test]
    fn blocks_take_what_fits_and_is_due_in_order() {
        let mut mempool = Mempool::default();
        for (bytes, not_before) in [(&b"aaaa"[..], 0), (b"bb", 9), (b"cccc", 0), (b"d", 0)] {
            mempool.add(waiting(bytes, not_before));
        }
        let taken = |mempool: &mut Mempool, height| -> Vec<Vec<u8>> {
            mempool.take(height, 6).into_iter().map(|waiting| waiting.bytes).collect()
        };
        assert_eq!(taken(&mut mempool, 1), [b"aaaa".to_vec(), b"d".to_vec()]);
        assert_eq!(taken(&mut mempool, 9), [b"bb".to_vec(), b"cccc".to_vec()]);
        assert!(mempool.is_empty());
    }

    #[test]
    fn the_oldest_hashes_are_forgotten_first() {
        let mut mempool = Mempool::default();
        for number in 0..=CACHE {
            assert!(mempool.see(&number.to_be_bytes()));
        }
        assert!(!mempool.see(&CACHE.to_be_bytes()));
        assert!(mempool.see(&0usize.to_be_bytes()));
        mempool.forget(&CACHE.to_be_bytes());
        assert!(mempool.see(&CACHE.to_be_bytes()));
    }
}
