//! The audit file as a witness: whether what it holds is what the table holds.

use std::collections::BTreeMap;
use std::path::Path;

use super::Error;
use crate::domain::audit::{Checked, Finding, Row, Seal, SealKey, SealKind, Span};
use crate::observe::audit::{AuditFile, AuditFileReader, FileLine};
use crate::store::audit::{self as table, Standing};
use crate::store::{self, Snapshot};

/// So many numbers of rows that do not fit are kept: more than a reader can use.
const MOST: usize = 10_000;

/// What the audit file says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Witness {
    /// How many rows it holds that the table holds too.
    pub confirmed: u64,
    /// How many lines of it are neither rows nor seals.
    pub unreadable: u64,
    /// Genuine seals of this trail, which are as good as those of the seals file.
    pub seals: Vec<Seal>,
    /// Rows that do not fit, and whether the table lacks them.
    misfits: BTreeMap<i64, bool>,
    /// The first rows that are gone from between others.
    gap: Option<Span>,
    /// The first row that stands behind a later one.
    disorder: Option<i64>,
    /// The row of the last line that held one, since the last restore.
    last_row: Option<i64>,
    last_seal: i64,
}

/// What the file is compared with.
pub struct Against<'a> {
    /// The table.
    pub snapshot: &'a Snapshot<'a>,
    /// What the trail knows of itself.
    pub standing: &'a Standing,
    /// The key.
    pub key: Option<&'a SealKey>,
    /// The seals file.
    pub checked: &'a Checked,
}

impl Witness {
    /// Compares the file with the table, whose rows up to `pruned` are gone. The file may begin and end anywhere, since
    /// it is rotated, but what is in it is complete and in order.
    pub fn hear(file: AuditFileReader, against: &Against<'_>) -> Result<Self, Error> {
        let mut witness = Self::default();
        let mut rows = InOrder { snapshot: against.snapshot, page: Vec::new(), covered: None };
        file.read(|line| {
            match line {
                FileLine::Row(row) => witness.take_row(&row, &mut rows, against.standing.pruned.seq)?,
                FileLine::Seal(seal) => witness.take_seal(seal, against),
                FileLine::Unreadable => witness.unreadable = witness.unreadable.saturating_add(1),
            }
            Ok::<(), Error>(())
        })?;
        Ok(witness)
    }

    fn take_row(&mut self, row: &Row, rows: &mut InOrder<'_>, pruned: i64) -> Result<(), store::Error> {
        let next = self.last_row.map_or(row.seq, |last| last.saturating_add(1));
        if row.seq < next {
            self.disorder.get_or_insert(row.seq);
        } else if row.seq > next && row.seq.saturating_sub(1) > pruned {
            // Rows can be pruned before they are written, where no file was configured for a time.
            let first = next.max(pruned.saturating_add(1));
            self.gap.get_or_insert(Span::new(first, row.seq.saturating_sub(1)));
        }
        self.last_row = Some(row.seq.max(next.saturating_sub(1)));
        if row.seq <= pruned {
            return Ok(());
        }
        let found = rows.find(row.seq)?;
        if found.as_ref() == Some(row) {
            self.confirmed = self.confirmed.saturating_add(1);
        } else if self.misfits.len() < MOST {
            self.misfits.insert(row.seq, found.is_none());
        }
        Ok(())
    }

    fn take_seal(&mut self, seal: Seal, against: &Against<'_>) {
        // An old seal that is put in once more says nothing.
        if seal.number <= self.last_seal || !against.key.is_some_and(|key| seal.is_genuine(key)) {
            return;
        }
        self.last_seal = seal.number;
        if seal.kind == SealKind::Restored {
            // What a restore replaced is in the file still, and rightly not in the table.
            if let Some(restore) = against.checked.restores.iter().find(|restore| restore.number == seal.number) {
                self.misfits.retain(|seq, _| *seq <= restore.kept);
                self.last_row = None;
            }
        } else if seal.store == against.standing.store {
            self.seals.push(seal);
        }
    }

    /// What is wrong, the first row of each kind first.
    pub fn findings(&self) -> Vec<Finding> {
        let differs = self.misfits.iter().find(|(_, lacking)| !**lacking).map(|(seq, _)| *seq);
        let mut lacking = self.misfits.iter().filter(|(_, lacking)| **lacking).map(|(seq, _)| *seq);
        let more = lacking.next().map(|first| Span::new(first, lacking.next_back().unwrap_or(first)));
        let mut findings = Vec::new();
        findings.extend(differs.map(|seq| Finding::FileDiffers { seq }));
        findings.extend(more.map(|rows| Finding::FileHoldsMore { rows }));
        findings.extend(self.gap.map(|rows| Finding::FileGap { rows }));
        findings.extend(self.disorder.map(|seq| Finding::FileDisorder { seq }));
        findings
    }
}

/// Rows of the table that are asked for in order, read in pages.
struct InOrder<'a> {
    snapshot: &'a Snapshot<'a>,
    page: Vec<Row>,
    /// The first and the last number that the page answers for.
    covered: Option<Span>,
}

impl InOrder<'_> {
    fn find(&mut self, seq: i64) -> Result<Option<Row>, store::Error> {
        match self.covered {
            // Out of order, as after a restore.
            Some(covered) if seq < covered.first => return table::find(self.snapshot, seq),
            Some(covered) if seq <= covered.last => {}
            Some(_) | None => {
                self.page = table::page_after(self.snapshot, seq.saturating_sub(1))?;
                self.covered = Some(Span::new(seq, self.page.last().map_or(i64::MAX, |row| row.seq.max(seq))));
            }
        }
        let place = self.page.binary_search_by_key(&seq, |row| row.seq).ok();
        Ok(place.and_then(|place| self.page.get(place)).cloned())
    }
}

/// Appends a seal to the audit file, if there is one.
pub fn append_seal(output: Option<&Path>, seal: &Seal) -> Result<(), Error> {
    if let Some(path) = output {
        AuditFile::open(path)?.append_seal(seal)?;
    }
    Ok(())
}
