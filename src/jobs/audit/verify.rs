//! Verifying everything there is of the trail.

use std::path::Path;

use jiff::Timestamp;

use super::{Error, Witness, prune, reading};
use crate::domain::audit::{Finding, Restore, check};
use crate::observe::audit::{AuditFileReader, Files, read_key, read_seals};
use crate::store::Store;
use crate::store::audit as table;

/// What verification found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verification {
    /// How many rows are sound, before the first that is not.
    pub rows: u64,
    /// The rows up to this number were pruned; 0 if none were.
    pub pruned_until: i64,
    /// The number of the last sound row.
    pub last_row: i64,
    /// How far the seals vouch.
    pub sealed: Option<Sealed>,
    /// How many sound rows at the end no seal vouches for yet.
    pub unsealed: u64,
    /// The restores that the seals tell of.
    pub restores: Vec<Restore>,
    /// What the audit file says, if one is configured and there.
    pub witness: Option<Witness>,
    /// Everything that is wrong; the rows first.
    pub findings: Vec<Finding>,
}

/// The last row that a seal vouches for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sealed {
    /// The row.
    pub row: i64,
    /// When it was sealed, where it is the last seal that vouches for it.
    pub at: Option<Timestamp>,
}

/// Reads the whole trail and its seals, and compares the audit file, if there is one. Changes nothing.
pub fn verify(store: &Store, output: Option<&Path>) -> Result<Verification, Error> {
    let files = Files::beside(store.path());
    // Files first: what is in them was committed before, so the snapshot that is taken afterwards must hold it.
    let mut lines = Vec::new();
    read_seals(&files, |line| lines.push(line))?;
    let key = read_key(&files)?;
    let file = output.map(AuditFileReader::open).transpose()?.flatten();
    store.read("verify the audit trail", |snapshot| {
        let standing = table::standing(snapshot)?;
        let remembered = Some(standing.seal_number).filter(|number| *number > 0);
        let sealed_at_all = !lines.is_empty();
        let checked = check(lines, key.as_ref(), &standing.store, remembered);
        let verdict = reading::verdict(snapshot, standing.pruned, None, checked.anchors)?;
        let mut findings: Vec<Finding> = verdict.broken.map(Finding::Chain).into_iter().collect();
        if key.is_some() {
            findings.extend(prune::pruning_is_sealed(standing.pruned, &checked.pruned));
        }
        if !sealed_at_all && remembered.is_none() && table::head(snapshot)?.seq > 0 {
            findings.push(Finding::NoSeals);
        }
        findings.extend(checked.findings);
        let witness = file.map(|file| Witness::hear(file, snapshot, standing.pruned, key.as_ref())).transpose()?;
        findings.extend(witness.iter().flat_map(Witness::findings));
        let last_row = standing.pruned.seq.saturating_add(i64::try_from(verdict.sound).unwrap_or(i64::MAX));
        let vouched = verdict.vouched.map_or(standing.pruned.seq, |anchor| anchor.seq);
        Ok(Verification {
            rows: verdict.sound,
            pruned_until: standing.pruned.seq,
            last_row,
            sealed: verdict.vouched.map(|anchor| Sealed {
                row: anchor.seq,
                at: checked.last.filter(|seal| seal.anchor == anchor).map(|seal| seal.at),
            }),
            unsealed: u64::try_from(last_row.saturating_sub(vouched)).unwrap_or(0),
            restores: checked.restores,
            witness,
            findings,
        })
    })
}
