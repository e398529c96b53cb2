//! Making up for what the audit file and the seals lack.

use std::ops::ControlFlow;
use std::path::Path;

use jiff::Timestamp;

use super::{Error, reading};
use crate::domain::audit::{Anchor, Broken, Row, Seal, SealKey, SealKind, Span};
use crate::observe::audit::{AuditFile, Files, Locked, read_or_create_key};
use crate::store::audit::{self as table, Standing};
use crate::store::{self, Snapshot, Store};

/// So many rows are written to the audit file at once.
const BATCH: usize = 500;

/// Brings the audit file and the seals up to the table. Gives back the seal, if one was due.
pub fn catch_up(store: &Store, files: &Files, output: Option<&Path>, now: Timestamp) -> Result<Option<Seal>, Error> {
    // A run that has nothing to record leaves no files.
    if store.read("read the audit trail", table::head)?.seq == 0 {
        return Ok(None);
    }
    let mut sealing = Sealing::begin(store, files)?;
    let mut file = output.map(AuditFile::open).transpose();
    let written = match &mut file {
        Ok(Some(file)) => write_rows(store, file, output).map(Some),
        Ok(None) | Err(_) => Ok(None),
    };
    let last = sealing.last_of_head()?;
    let (head, broken) = store.read("read the audit trail", |snapshot| since(snapshot, last.as_ref()))?;
    if let Some(broken) = broken {
        return Err(Error::Tampered(broken));
    }
    let due = last.is_none_or(|last| last.anchor != head);
    let seal = if due { Some(sealing.seal(SealKind::Head, head, now)?) } else { None };
    if let (Some(seal), Ok(Some(file))) = (&seal, &mut file) {
        file.append_seal(seal)?;
    }
    store.write("remember the seal of the audit trail", |change| note(change, output, &sealing, &written))?;
    // The seals matter more than the file, so its failure comes last.
    file?;
    written?;
    Ok(seal)
}

/// Remembers what was done, where it is news.
fn note(
    change: &store::Change<'_>,
    output: Option<&Path>,
    sealing: &Sealing,
    written: &Result<Option<i64>, Error>,
) -> Result<(), store::Error> {
    if sealing.number > sealing.standing.seal_number {
        table::note_seal(change, sealing.number)?;
    }
    if let (Some(path), Ok(Some(seq))) = (output, written) {
        let path = path.to_string_lossy();
        if sealing.standing.output.as_ref().is_none_or(|known| *known != (path.to_string(), *seq)) {
            table::note_output(change, &path, *seq)?;
        }
    }
    Ok(())
}

/// Appends the rows that the file lacks. Gives back the number of its last row.
///
/// A run may have been killed after it wrote to the file and before it remembered that, so the file itself is asked; the
/// file may have been rotated away, so the state file is asked too.
fn write_rows(store: &Store, file: &mut AuditFile, output: Option<&Path>) -> Result<i64, Error> {
    let last = file.last_row()?;
    let name = output.map(|path| path.to_string_lossy().into_owned());
    store.read("read the audit trail", |snapshot| {
        let standing = table::standing(snapshot)?;
        let remembered = standing.output.filter(|(path, _)| Some(path) == name.as_ref()).map_or(0, |(_, seq)| seq);
        let in_file = match last {
            // After a restore the file holds rows of a trail that is no more.
            Some(row) if is_in_table(snapshot, &row)? => row.seq,
            Some(_) | None => 0,
        };
        let mut written = remembered.max(in_file);
        let mut batch: Vec<Row> = Vec::with_capacity(BATCH);
        let mut failed = Ok(());
        table::each_after(snapshot, written, |row| {
            written = row.seq;
            batch.push(row);
            if batch.len() >= BATCH {
                failed = file.append_rows(&std::mem::take(&mut batch));
            }
            if failed.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        failed?;
        if !batch.is_empty() {
            file.append_rows(&batch)?;
        }
        Ok(written)
    })
}

fn is_in_table(snapshot: &Snapshot<'_>, row: &Row) -> Result<bool, store::Error> {
    Ok(table::find(snapshot, row.seq)?.is_some_and(|found| found.hash == row.hash))
}

/// The head of the trail, and what is wrong with it since the last seal.
fn since(snapshot: &Snapshot<'_>, last: Option<&Seal>) -> Result<(Anchor, Option<Broken>), store::Error> {
    let head = table::head(snapshot)?;
    let pruned = table::standing(snapshot)?.pruned;
    let start = match last.map(|seal| seal.anchor).filter(|sealed| sealed.seq > pruned.seq) {
        None => pruned,
        Some(sealed) => match table::find(snapshot, sealed.seq)? {
            Some(row) if row.hash == sealed.hash.as_bytes() => sealed,
            Some(row) => {
                return Ok((head, Some(Broken::Rewritten { rows: Span::new(pruned.seq.saturating_add(1), row.seq) })));
            }
            None => {
                let first = head.seq.min(sealed.seq.saturating_sub(1)).saturating_add(1);
                return Ok((head, Some(Broken::Cut { rows: Span::new(first, sealed.seq) })));
            }
        },
    };
    let verdict = reading::verdict(snapshot, start, None, Vec::new())?;
    // What was appended meanwhile is not in this snapshot.
    Ok((verdict.head, verdict.broken))
}

/// The seals file, locked, with the key.
pub struct Sealing {
    locked: Locked,
    key: SealKey,
    pub standing: Standing,
    /// The number of the last seal.
    pub number: i64,
}

impl Sealing {
    /// Locks the seals, and makes a key if there is none.
    pub fn begin(store: &Store, files: &Files) -> Result<Self, Error> {
        let locked = Locked::take(files)?;
        let standing = store.read("read the audit trail", table::standing)?;
        let last = locked.last(|_| true)?.map_or(0, |seal| seal.number);
        let number = last.max(standing.seal_number);
        let key = read_or_create_key(files)?;
        if key.tightened {
            tracing::warn!(key = %files.key.display(), "other users could read the audit key; they cannot any more");
        }
        if key.created && number > 0 {
            tracing::error!(
                key = %files.key.display(),
                "the audit key was missing, and a new one was made: seals up to {number} can no longer be checked"
            );
        }
        Ok(Self { locked, key: key.key, standing, number })
    }

    /// The last genuine seal of a head.
    pub fn last_of_head(&self) -> Result<Option<Seal>, Error> {
        let wanted = |seal: &Seal| {
            let of_head = match seal.kind {
                SealKind::Head | SealKind::Restored => true,
                SealKind::Pruned => false,
            };
            of_head && seal.store == self.standing.store && seal.is_genuine(&self.key)
        };
        Ok(self.locked.last(wanted)?)
    }

    /// Makes a seal, on the disk and in the log.
    pub fn seal(&mut self, kind: SealKind, anchor: Anchor, now: Timestamp) -> Result<Seal, Error> {
        let last = self.locked.last(|_| true)?;
        let number = self.number.saturating_add(1);
        let seal = Seal::make(&self.key, &self.standing.store, number, last.as_ref(), kind, anchor, now);
        self.locked.append(&seal)?;
        self.number = number;
        tracing::info!(
            says = kind.word(),
            store = %seal.store,
            number,
            seq = anchor.seq,
            hash = %anchor.hash,
            at = %seal.at,
            previous = %seal.previous,
            made_with = %seal.key,
            mac = %seal.mac,
            "audit trail sealed"
        );
        Ok(seal)
    }
}
