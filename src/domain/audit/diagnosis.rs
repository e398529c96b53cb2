//! What happened to the first row that is not as it should be.
//!
//! The rows from there on are the witnesses: a row that still has the hash it was recorded with tells which number it
//! had and which row stood before it, whatever number it bears now.

use std::collections::VecDeque;

use super::{Anchor, Broken, Column, Row, Span, Verifier};

/// The last rows that were found sound, and where the trail began.
#[derive(Debug)]
pub struct Recent {
    start: Anchor,
    anchors: VecDeque<Anchor>,
}

impl Recent {
    pub fn new(start: Anchor) -> Self {
        Self { start, anchors: VecDeque::new() }
    }

    pub fn add(&mut self, anchor: Anchor) {
        if self.anchors.len() >= Verifier::WINDOW {
            self.anchors.pop_front();
        }
        self.anchors.push_back(anchor);
    }

    /// The last sound row.
    pub fn head(&self) -> Anchor {
        self.anchors.back().copied().unwrap_or(self.start)
    }

    /// The number of the first row of the trail.
    pub fn first(&self) -> i64 {
        self.start.seq.saturating_add(1)
    }

    fn find(&self, seq: i64) -> Option<Anchor> {
        self.anchors.iter().rev().chain([&self.start]).find(|anchor| anchor.seq == seq).copied()
    }
}

/// Names the first change, given the sound rows and those behind them, of which the first is not what the chain expects.
pub fn diagnose(recent: &Recent, window: &[Row]) -> Broken {
    let head = recent.head();
    let expected = head.seq.saturating_add(1);
    let Some(row) = window.first() else {
        return Broken::Removed { rows: Span::new(expected, expected) };
    };
    // The true row is the one that was recorded under the expected number, behind the last sound row.
    let place = window.iter().position(|row| row.is_as_written(expected, head.hash.as_bytes()));
    match place {
        Some(0) => {
            let column = if row.seq == expected { Column::Previous } else { Column::Number };
            return Broken::Edited { seq: expected, column };
        }
        Some(place) => return displaced(row, expected, window.get(place), window.get(1)),
        None => {}
    }
    if row.seq > expected {
        return Broken::Removed { rows: Span::new(expected, row.seq.saturating_sub(1)) };
    }
    if row.seq < expected {
        return Broken::Inserted { seq: row.seq };
    }
    match recorded_number(row, window.get(1)) {
        Some(recorded) if recorded > expected => {
            Broken::Removed { rows: Span::new(expected, recorded.saturating_sub(1)) }
        }
        // It belongs where a row stands that only looked sound: that one was put in, and all behind it renumbered.
        Some(recorded) if belongs_at(recent, row, recorded) => Broken::Inserted { seq: recorded },
        _ => edited(recent.first(), head, row, window.get(1)),
    }
}

/// Whether the row was recorded as number `seq` of this very chain, where another row stands now.
fn belongs_at(recent: &Recent, row: &Row, seq: i64) -> bool {
    let follows = recent.find(seq.saturating_sub(1)).is_some_and(|before| row.previous == before.hash.as_bytes());
    follows && recent.find(seq).is_some_and(|there| row.hash != there.hash.as_bytes())
}

/// The expected row stands further back: either rows were moved, or others were put before it.
fn displaced(row: &Row, expected: i64, found: Option<&Row>, next: Option<&Row>) -> Broken {
    let stands_as = found.map_or(expected, |found| found.seq);
    match recorded_number(row, next) {
        // A later row was moved to the front, and the expected one is where it was.
        Some(recorded) if recorded > expected && stands_as == expected => {
            Broken::Reordered { seq: recorded, stands_as: row.seq }
        }
        Some(recorded) if recorded > expected => Broken::Reordered { seq: expected, stands_as },
        // A later row with its own number stands before the expected one.
        _ if row.seq > expected && row.is_as_written(row.seq, &row.previous) => {
            Broken::Reordered { seq: expected, stands_as }
        }
        _ => Broken::Inserted { seq: row.seq },
    }
}

/// The number that a row was recorded under, if that is another than the one it bears: either its own hash tells it, or,
/// where its own hash was computed anew, that its successor still holds the old one.
fn recorded_number(row: &Row, next: Option<&Row>) -> Option<i64> {
    let reach = i64::try_from(Verifier::WINDOW).unwrap_or(i64::MAX);
    let numbers = row.seq.saturating_sub(reach)..=row.seq.saturating_add(reach);
    numbers.filter(|number| *number != row.seq).find(|number| {
        let hash = row.hash_as(*number, &row.previous);
        row.hash == hash.as_bytes() || next.is_some_and(|next| next.previous == hash.as_bytes())
    })
}

/// The row bears the expected number, and neither it nor any other is the one that was recorded under it.
fn edited(first: i64, head: Anchor, row: &Row, next: Option<&Row>) -> Broken {
    let seq = row.seq;
    let computed = row.computed_hash();
    let follows = row.previous == head.hash.as_bytes();
    let believed_by_next = |hash: &[u8]| next.is_some_and(|next| next.previous == hash);
    if follows {
        // Content and hash do not agree; the next row remembers which of the two was recorded.
        let column = match next {
            None => Column::ContentOrHash,
            Some(_) if believed_by_next(computed.as_bytes()) => Column::Hash,
            Some(_) => Column::Content,
        };
        return Broken::Edited { seq, column };
    }
    let sound_in_itself = row.hash == computed.as_bytes();
    if sound_in_itself && (next.is_none() || believed_by_next(&row.hash)) && seq > first {
        // The rest of the chain hangs on this row, and this row on another predecessor than the one that is here.
        return Broken::Edited { seq: head.seq, column: Column::Content };
    }
    Broken::Edited { seq, column: if sound_in_itself { Column::Previous } else { Column::Content } }
}
