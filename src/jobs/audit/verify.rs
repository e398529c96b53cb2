//! Verifying everything there is of the trail.

use std::path::Path;

use jiff::Timestamp;

use super::witness::Against;
use super::{Error, Witness, configuration, prune, reading};
use crate::domain::audit::{Finding, Restore, check};
use crate::observe::audit::{AuditFileReader, Files, read_key, read_seals};
use crate::store::audit as table;
use crate::store::{self, Store};

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
    /// The audit file was written once and is not there: it was rotated away, or removed.
    pub file_missing: bool,
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
    // What has to be in the files is read before them, since jobs go on meanwhile.
    let (before, head) = store.read("read the audit trail", |snapshot| {
        Ok::<_, store::Error>((table::standing(snapshot)?, table::head(snapshot)?))
    })?;
    let mut findings = Vec::new();
    let mut lines = Vec::new();
    read_seals(&files, |line| lines.push(line))?;
    let key = evidence(read_key(&files), Finding::KeyUnreadable, &mut findings);
    let file = output.map_or(Ok(None), AuditFileReader::open);
    let file = evidence(file, Finding::FileUnreadable, &mut findings);
    // What is in the files was committed before, so the snapshot that is taken now must hold it.
    store.read("verify the audit trail", |snapshot| {
        let standing = table::standing(snapshot)?;
        let remembered = Some(before.seal_number).filter(|number| *number > 0);
        if lines.is_empty() && remembered.is_none() && head.seq > 0 {
            findings.push(Finding::NoSeals);
        }
        let mut checked = check(lines, key.as_ref(), &standing.store, remembered);
        let against = Against { snapshot, standing: &standing, key: key.as_ref(), checked: &checked };
        let witness = file.map(|file| Witness::hear(file, &against)).transpose();
        let witness = evidence(witness, Finding::FileUnreadable, &mut findings);
        checked.supplement(witness.as_ref().map_or(&[], |witness| witness.seals.as_slice()));
        let verdict = reading::verdict(snapshot, standing.pruned, None, checked.anchors)?;
        if key.is_some() {
            findings.extend(prune::pruning_is_sealed(before.pruned, &checked.pruned));
        }
        // That the key is unreadable is said already.
        let said = findings.contains(&Finding::KeyUnreadable);
        findings.extend(checked.findings.into_iter().filter(|finding| !(said && *finding == Finding::KeyMissing)));
        if !configuration::note_is_true(snapshot)? {
            findings.push(Finding::ConfigurationNote);
        }
        let written = standing.output.as_ref().filter(|(path, seq)| *seq > 0 && output == Some(Path::new(path)));
        let end = table::head(snapshot)?.seq;
        findings.extend(written.filter(|(_, seq)| *seq > end).map(|(_, seq)| Finding::FileAhead { seq: *seq }));
        findings.extend(witness.iter().flat_map(Witness::findings));
        let rows = reading::slipped_in(snapshot, standing.pruned)?.into_iter().chain(verdict.broken);
        findings.splice(0..0, rows.map(Finding::Chain));
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
            file_missing: written.is_some() && witness.is_none() && !findings.contains(&Finding::FileUnreadable),
            witness,
            findings,
        })
    })
}

/// What a file says; that it cannot be read is something to be found, and no reason to look no further.
fn evidence<T, E>(read: Result<Option<T>, E>, otherwise: Finding, findings: &mut Vec<Finding>) -> Option<T>
where
    E: std::error::Error + 'static,
{
    read.unwrap_or_else(|error| {
        let error = &error as &(dyn std::error::Error + 'static);
        tracing::warn!(error, "a file of the audit trail cannot be read");
        findings.push(otherwise);
        None
    })
}
