//! Reading the chain from its beginning to its end, one row at a time.

use super::diagnosis::{Recent, diagnose};
use super::{Broken, Row, RowHash, Span};

/// A row that is known by its number and its hash: the one before the first, or one that a seal vouches for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    /// The number of the row; 0 stands before every row.
    pub seq: i64,
    /// Its hash.
    pub hash: RowHash,
}

impl Anchor {
    /// The place before the first row of every trail.
    pub fn genesis() -> Self {
        Self { seq: 0, hash: RowHash::genesis() }
    }
}

/// What came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// How many rows were read and found sound, before the first that is not.
    pub sound: u64,
    /// The last sound row, or the anchor the chain hangs on.
    pub head: Anchor,
    /// The last sealed row that was found as it was sealed.
    pub vouched: Option<Anchor>,
    /// The first thing that is wrong.
    pub broken: Option<Broken>,
}

/// Verifies rows in the order of their numbers.
///
/// Promises: every change to the rows up to the last seal is found (edited, removed, moved or inserted rows, a cut tail,
/// a chain computed anew), and behind it every change that does not compute the chain anew to its end. What kind of
/// change it was is told from the rows that follow, of which up to [`Verifier::WINDOW`] are looked at.
#[derive(Debug)]
pub struct Verifier {
    recent: Recent,
    sound: u64,
    seals: std::iter::Peekable<std::vec::IntoIter<Anchor>>,
    vouched: Option<Anchor>,
    broken: Option<Broken>,
    window: Vec<Row>,
}

impl Verifier {
    /// How many rows from the first bad one on are kept to tell what happened.
    pub const WINDOW: usize = 512;

    /// Begins behind `start`, with the rows that seals vouch for.
    pub fn new(start: Anchor, mut sealed: Vec<Anchor>) -> Self {
        sealed.sort_by_key(|anchor| anchor.seq);
        // What lies before the start is gone, and vouched for by the seal of the pruning.
        sealed.retain(|anchor| anchor.seq >= start.seq && anchor.seq > 0);
        let mut verifier = Self {
            recent: Recent::new(start),
            sound: 0,
            seals: sealed.into_iter().peekable(),
            vouched: None,
            broken: None,
            window: Vec::new(),
        };
        verifier.compare_with_seals();
        verifier
    }

    /// Takes the next row; `false` once more rows would change nothing.
    pub fn push(&mut self, row: Row) -> bool {
        if self.broken.is_some() {
            return false;
        }
        if !self.window.is_empty() {
            self.window.push(row);
            return self.window.len() < Self::WINDOW;
        }
        let head = self.recent.head();
        let linked = row.seq == head.seq.saturating_add(1) && row.previous == head.hash.as_bytes();
        match row.stored_hash() {
            Some(hash) if linked && hash == row.computed_hash() => {
                self.recent.add(Anchor { seq: row.seq, hash });
                self.sound = self.sound.saturating_add(1);
                self.compare_with_seals();
                self.broken.is_none()
            }
            _ => {
                self.window.push(row);
                true
            }
        }
    }

    /// Ends the reading.
    pub fn finish(mut self) -> Verdict {
        let head = self.recent.head();
        let broken = self.broken.or_else(|| {
            if self.window.is_empty() {
                let last = self.seals.by_ref().last()?.seq;
                Some(Broken::Cut { rows: Span::new(head.seq.saturating_add(1), last) })
            } else {
                Some(diagnose(&self.recent, &self.window))
            }
        });
        // A row whose own hash was computed anew looks sound until its successor is read.
        let before = broken.map_or(i64::MAX, |broken| broken.first_row().saturating_sub(self.recent.first()));
        let sound = self.sound.min(u64::try_from(before).unwrap_or(0));
        Verdict { sound, head, vouched: self.vouched, broken }
    }

    fn compare_with_seals(&mut self) {
        let head = self.recent.head();
        while let Some(seal) = self.seals.next_if(|seal| seal.seq <= head.seq) {
            if seal == head {
                self.vouched = Some(seal);
            } else if self.broken.is_none() {
                let sound_until = self.vouched.map_or(self.recent.first(), |anchor| anchor.seq.saturating_add(1));
                self.broken = Some(Broken::Rewritten { rows: Span::new(sound_until.min(seal.seq), seal.seq) });
            }
        }
    }
}
