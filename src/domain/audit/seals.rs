//! Reading all seals: which of them can be believed, and what they say together.

use jiff::Timestamp;

use super::{Anchor, Finding, Mac, Seal, SealKey, SealKind, Span};

/// A line of the seals file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SealLine {
    /// A seal.
    Seal(Seal),
    /// Anything else; the line is counted from one.
    Unreadable(i64),
}

/// A restore that the seals tell of: from here on the trail is that of a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restore {
    /// When.
    pub at: Timestamp,
    /// The last row of the backup.
    pub row: i64,
    /// The last row that was sealed before.
    pub sealed_before: Option<i64>,
}

/// What all seals say together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Checked {
    /// Rows that genuine seals vouch for, in the order in which they were sealed.
    pub anchors: Vec<Anchor>,
    /// The rows up to which pruning was sealed.
    pub pruned: Vec<Anchor>,
    /// The restores.
    pub restores: Vec<Restore>,
    /// What is wrong with the seals.
    pub findings: Vec<Finding>,
    /// How many lines there were.
    pub lines: u64,
    /// The last genuine seal.
    pub last: Option<Seal>,
}

/// Checks the seals of the state file `store`.
///
/// `remembered` is the number of the last seal that the state file knows of. Each seal that is not genuine is reported
/// and vouches for nothing; a genuine one that tells of a restore supersedes all before it, because the chain hangs on
/// the restored row from then on, and that row vouches for all rows before it.
pub fn check(
    lines: impl IntoIterator<Item = SealLine>,
    key: Option<&SealKey>,
    store: &str,
    remembered: Option<i64>,
) -> Checked {
    let mut checked = Checked::default();
    let mut last: Option<Seal> = None;
    // Lines since the last genuine seal that are none, but may have been: their numbers are not missed once more.
    let mut spoilt = 0_i64;
    let mut foreign: Option<Span> = None;
    for line in lines {
        checked.lines = checked.lines.saturating_add(1);
        let seal = match line {
            SealLine::Seal(seal) => seal,
            SealLine::Unreadable(line) => {
                checked.findings.push(Finding::SealUnreadable { line });
                spoilt = spoilt.saturating_add(1);
                continue;
            }
        };
        let before = last.as_ref().map_or(0, |last| last.number);
        let next = before.saturating_add(1);
        let Some(key) = key else {
            last = Some(seal);
            continue;
        };
        if seal.key != key.id() {
            foreign = Some(Span::new(foreign.map_or(seal.number, |span| span.first), seal.number));
            last = Some(seal);
            continue;
        }
        if !seal.is_genuine(key) || seal.number < next {
            checked.findings.push(Finding::SealChanged { number: seal.number });
            spoilt = spoilt.saturating_add(1);
            continue;
        }
        let gap = seal.number.saturating_sub(next);
        if gap > spoilt {
            checked.findings.push(Finding::SealsMissing { seals: Span::new(next, seal.number.saturating_sub(1)) });
        } else if gap == 0 && seal.previous != last.as_ref().map_or(Mac::NONE, |last| last.mac) {
            // It was made behind another seal than the one that stands before it.
            checked.findings.push(Finding::SealChanged { number: before });
        }
        spoilt = 0;
        checked.accept(&seal, store);
        last = Some(seal);
    }
    if key.is_none() && checked.lines > 0 {
        checked.findings.push(Finding::KeyMissing);
    }
    checked.findings.extend(foreign.map(|seals| Finding::SealedWithAnotherKey { seals }));
    let last = last.map_or(0, |last| last.number).saturating_add(spoilt);
    if let Some(remembered) = remembered.filter(|remembered| *remembered > last) {
        let seals = Span::new(last.saturating_add(1), remembered);
        checked.findings.push(Finding::SealsMissing { seals });
    }
    checked
}

impl Checked {
    fn accept(&mut self, seal: &Seal, store: &str) {
        let of_this_store = seal.store == store;
        match seal.kind {
            SealKind::Restored => {
                let sealed_before = self.anchors.iter().map(|anchor| anchor.seq).max();
                self.anchors.clear();
                self.findings.retain(|finding| !matches!(finding, Finding::SealOfAnotherStore { .. }));
                self.restores.push(Restore { at: seal.at, row: seal.anchor.seq, sealed_before });
            }
            SealKind::Pruned if of_this_store => self.pruned.push(seal.anchor),
            SealKind::Head | SealKind::Pruned => {}
        }
        if of_this_store {
            self.anchors.push(seal.anchor);
        } else {
            self.findings.push(Finding::SealOfAnotherStore { number: seal.number });
        }
        self.last = Some(seal.clone());
    }
}
