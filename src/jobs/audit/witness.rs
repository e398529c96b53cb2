//! The audit file as a witness: whether what it holds is what the table holds.

use std::collections::BTreeMap;
use std::path::Path;

use super::Error;
use crate::domain::audit::{Anchor, Finding, Row, Seal, SealKey, SealKind, Span};
use crate::observe::audit::{AuditFile, AuditFileReader, FileLine};
use crate::store::audit as table;
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
    /// Rows that do not fit, and whether the table lacks them.
    misfits: BTreeMap<i64, bool>,
}

impl Witness {
    /// Compares the file with the table, whose rows up to `pruned` are gone. The file may begin anywhere, since it is
    /// rotated, and hold a row twice, after a kill.
    pub fn hear(
        file: AuditFileReader,
        snapshot: &Snapshot<'_>,
        pruned: Anchor,
        key: Option<&SealKey>,
    ) -> Result<Self, Error> {
        let mut witness = Self::default();
        file.read(|line| {
            match line {
                FileLine::Row(row) if row.seq > pruned.seq => witness.compare(&row, snapshot)?,
                // What a restore replaced is in the file still, and rightly not in the table.
                FileLine::Seal(seal) if seal.kind == SealKind::Restored => {
                    if key.is_some_and(|key| seal.is_genuine(key)) {
                        witness.misfits.clear();
                    }
                }
                FileLine::Row(_) | FileLine::Seal(_) => {}
                FileLine::Unreadable => witness.unreadable = witness.unreadable.saturating_add(1),
            }
            Ok::<(), Error>(())
        })?;
        Ok(witness)
    }

    fn compare(&mut self, row: &Row, snapshot: &Snapshot<'_>) -> Result<(), store::Error> {
        let found = table::find(snapshot, row.seq)?;
        if found.as_ref() == Some(row) {
            self.confirmed = self.confirmed.saturating_add(1);
        } else if self.misfits.len() < MOST {
            self.misfits.insert(row.seq, found.is_none());
        }
        Ok(())
    }

    /// What is wrong, the first row of each kind first.
    pub fn findings(&self) -> Vec<Finding> {
        let differs = self.misfits.iter().find(|(_, lacking)| !**lacking).map(|(seq, _)| *seq);
        let mut lacking = self.misfits.iter().filter(|(_, lacking)| **lacking).map(|(seq, _)| *seq);
        let more = lacking.next().map(|first| Span::new(first, lacking.next_back().unwrap_or(first)));
        let mut findings = Vec::new();
        findings.extend(differs.map(|seq| Finding::FileDiffers { seq }));
        findings.extend(more.map(|rows| Finding::FileHoldsMore { rows }));
        findings
    }
}

/// Appends a seal to the audit file, if there is one.
pub fn append_seal(output: Option<&Path>, seal: &Seal) -> Result<(), Error> {
    if let Some(path) = output {
        AuditFile::open(path)?.append_seal(seal)?;
    }
    Ok(())
}
