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
    /// The number of the seal that tells of it.
    pub number: i64,
    /// Up to this row the trail is the one that it was before.
    pub kept: i64,
    /// Seals that the backup remembers and that were not there any more, as on a new host.
    pub lost: Option<Span>,
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
    /// What `anchors` was before each restore, and the row that it was restored to.
    former: Vec<(Vec<Anchor>, i64)>,
}

/// Checks the seals of the state file `store`.
///
/// `remembered` is the number of the last seal that the state file knows of. Each seal that is not genuine is reported
/// and vouches for nothing. A genuine one that tells of a restore supersedes those before it that speak of later rows; the
/// others hold on, because a backup is an earlier state of the same trail.
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
        let follows = seal.previous == last.as_ref().map_or(Mac::NONE, |last| last.mac);
        let lost = Span::new(next, seal.number.saturating_sub(1));
        // A seal of a restore that was made behind the last one that is here: those between were not there to begin with.
        let lost_before = (gap > spoilt && seal.kind == SealKind::Restored && follows).then_some(lost);
        if lost_before.is_some() {
            // Shown with the restore.
        } else if gap > spoilt {
            checked.findings.push(Finding::SealsMissing { seals: lost });
        } else if gap == 0 && !follows {
            // It was made behind another seal than the one that stands before it.
            checked.findings.push(Finding::SealChanged { number: before });
        }
        spoilt = 0;
        checked.accept(&seal, store, lost_before);
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
    /// The rows that hold for a state file whose trail ends with `head`: where that very row was sealed once, what was
    /// sealed up to it then, else what is sealed up to it now.
    pub fn anchors_until(&self, head: Anchor) -> Vec<Anchor> {
        let anchors =
            self.former_with(head).and_then(|place| self.former.get(place)).map_or(&self.anchors, |(all, _)| all);
        anchors.iter().filter(|anchor| anchor.seq <= head.seq).copied().collect()
    }

    /// Takes in genuine seals of the same state file that were found elsewhere and are not among those that were checked.
    pub fn supplement(&mut self, seals: &[Seal]) {
        let since = self.restores.last().map_or(0, |restore| restore.number);
        self.anchors.extend(seals.iter().filter(|seal| seal.number > since).map(|seal| seal.anchor));
    }

    /// Where among the former anchors this row is, if it is not among those of now.
    fn former_with(&self, head: Anchor) -> Option<usize> {
        if self.anchors.contains(&head) {
            return None;
        }
        self.former.iter().rposition(|(anchors, _)| anchors.contains(&head))
    }

    fn accept(&mut self, seal: &Seal, store: &str, lost: Option<Span>) {
        let of_this_store = seal.store == store;
        match seal.kind {
            SealKind::Restored => {
                let sealed_before = self.anchors.iter().map(|anchor| anchor.seq).max();
                let row = seal.anchor.seq;
                let mut kept = 0;
                if of_this_store {
                    // A restore can be undone by another: then what came between holds no more.
                    let since = self.former_with(seal.anchor).and_then(|place| self.former.get(place..));
                    kept = since
                        .unwrap_or_default()
                        .iter()
                        .map(|(_, until)| *until)
                        .min()
                        .map_or(row, |least| least.min(row));
                    let anchors = self.anchors_until(seal.anchor);
                    self.former.push((std::mem::replace(&mut self.anchors, anchors), row));
                }
                self.findings.retain(|finding| !matches!(finding, Finding::SealOfAnotherStore { .. }));
                self.restores.push(Restore { at: seal.at, row, sealed_before, number: seal.number, kept, lost });
            }
            SealKind::Pruned if of_this_store => self.pruned.push(seal.anchor),
            SealKind::BegunAnew => self.findings.push(Finding::BegunAnew { number: seal.number }),
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
