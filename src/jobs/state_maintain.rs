//! `state-maintain`: keeps the state file small, sound and backed up.
//!
//! ```text
//! lock      one run at a time; a row in job_runs
//! prune     remove settled rows past their retention
//! audit     let old rows of the audit trail go, verify the rest, and say everything that is wrong with it
//! back up   write a verified backup, if there is a folder for it; remove the oldest beyond the wanted number
//! check     read the whole file and say everything that is wrong with it
//! vacuum    give free pages back to the disk, if there are enough of them and the file is sound
//! report    what each step did
//! ```
//! A backup that fails does not stop the rest; a state file that fails does. Between two steps, and inside the long
//! ones, the job ends when it is asked to.

use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use super::audit::{self, Trail};
use super::{Circumstances, Report, Run};
use crate::domain::audit::Finding as Tampering;
use crate::domain::job::{Counts, JobName, Outcome};
use crate::store::{BackupFile, Error, Finding, LockError, Progress, Retention, Store, VacuumWhen};

/// The name of the job.
pub const NAME: JobName = JobName::constant("state-maintain");

/// What to do.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// How long settled rows are kept.
    pub retention: Retention,
    /// How long the audit trail is kept; none keeps it for ever.
    pub audit_retention: Option<Duration>,
    /// Where backups go; none writes no backup.
    pub backups: Option<Backups>,
    /// When a vacuum is worth it.
    pub vacuum: VacuumWhen,
}

/// A folder of backups, of one state file only.
#[derive(Debug, Clone)]
pub struct Backups {
    /// The folder; must exist.
    pub folder: PathBuf,
    /// How many of the newest stay.
    pub keep: NonZeroUsize,
}

/// A step of the job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Remove settled rows.
    Prune,
    /// Prune and verify the audit trail.
    Audit,
    /// Write a backup.
    BackUp,
    /// Read the whole file.
    Check,
    /// Give free pages back.
    Vacuum,
}

impl Step {
    /// The word in output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Prune => "prune",
            Self::Audit => "audit",
            Self::BackUp => "back_up",
            Self::Check => "check",
            Self::Vacuum => "vacuum",
        }
    }
}

/// How a step ended.
#[derive(Debug)]
pub enum StepEnd {
    /// It did this.
    Done(String),
    /// In a rehearsal: it would do this.
    Planned(String),
    /// It had nothing to do, because of this.
    Skipped(String),
    /// It could not do its work.
    Failed(Error),
    /// It found this wrong; not empty.
    Found(Vec<Finding>),
    /// The audit trail could not be looked at.
    Unaudited(audit::Error),
    /// The audit trail was tampered with; not empty.
    Tampered(Vec<Tampering>),
    /// We were asked to stop.
    Interrupted,
}

/// What each step did, in order; after an interruption the later steps are missing.
#[derive(Debug, Default)]
pub struct Maintenance {
    /// The steps.
    pub steps: Vec<(Step, StepEnd)>,
    counts: Counts,
}

impl StepEnd {
    const fn is_failure(&self) -> bool {
        match self {
            Self::Failed(_) | Self::Found(_) | Self::Unaudited(_) | Self::Tampered(_) => true,
            Self::Done(_) | Self::Planned(_) | Self::Skipped(_) | Self::Interrupted => false,
        }
    }
}

impl Report for Maintenance {
    fn outcome(&self) -> Outcome {
        let any = |wanted: fn(&StepEnd) -> bool| self.steps.iter().any(|(_, end)| wanted(end));
        if any(|end| matches!(end, StepEnd::Interrupted)) {
            Outcome::Interrupted
        } else if any(StepEnd::is_failure) {
            Outcome::PartlyFailed
        } else {
            Outcome::Done
        }
    }

    fn counts(&self) -> Counts {
        self.counts.clone()
    }
}

/// Runs the job.
pub fn run(request: &Request, given: Circumstances<'_>, progress: Progress<'_>) -> Result<Maintenance, LockError> {
    let run = Run::begin(&NAME, given)?;
    let result = maintain(request, given, run.trail(), progress);
    run.conclude(result)
}

/// What [`run`] would do now. Changes nothing, takes no lock and leaves no row.
pub fn rehearse(request: &Request, store: &Store, now: Timestamp) -> Result<Maintenance, Error> {
    let mut plan = Maintenance::default();
    let rows: u64 = store.prunable(&request.retention, now)?.iter().map(|pruned| pruned.rows).sum();
    plan.steps.push((Step::Prune, StepEnd::Planned(format!("remove {rows} rows"))));
    let audited = match audit::prunable(store, request.audit_retention, now) {
        Ok(pruned) => StepEnd::Planned(format!("remove {} rows, verify the rest", pruned.rows)),
        Err(error) => StepEnd::Unaudited(error),
    };
    plan.steps.push((Step::Audit, audited));
    let backup = match &request.backups {
        None => StepEnd::Skipped("no folder for backups is configured".to_owned()),
        Some(backups) => {
            let surplus = surplus(backups, store, 1)?.len();
            let file = backup_name(&backups.folder, store, now);
            StepEnd::Planned(format!("write {} and remove {surplus} older", file.display()))
        }
    };
    plan.steps.push((Step::BackUp, backup));
    plan.steps.push((Step::Check, StepEnd::Planned("check everything".to_owned())));
    let size = store.size()?;
    let vacuum = if request.vacuum.is_reached(&size) {
        StepEnd::Planned(format!("give back {} bytes", size.free_bytes()))
    } else {
        StepEnd::Skipped(format!("only {} bytes are free", size.free_bytes()))
    };
    plan.steps.push((Step::Vacuum, vacuum));
    Ok(plan)
}

fn maintain(
    request: &Request,
    given: Circumstances<'_>,
    trail: &Trail<'_>,
    progress: Progress<'_>,
) -> Result<Maintenance, LockError> {
    let mut report = Maintenance::default();
    let mut sound = true;
    for step in [Step::Prune, Step::Audit, Step::BackUp, Step::Check, Step::Vacuum] {
        if (given.should_stop)() {
            report.steps.push((step, StepEnd::Interrupted));
            break;
        }
        let counts = &mut report.counts;
        let end = match step {
            Step::Prune => prune(&request.retention, given, counts),
            Step::Audit => Ok(look_after_trail(request.audit_retention, given, trail, counts)),
            Step::BackUp => back_up(request.backups.as_ref(), given, counts, progress),
            Step::Check => check(given, counts),
            Step::Vacuum if !sound => Ok(StepEnd::Skipped("the state file is not sound".to_owned())),
            Step::Vacuum => vacuum(request.vacuum, given, counts),
        };
        let end = match end {
            Err(Error::Interrupted { .. }) => StepEnd::Interrupted,
            Err(error) if stops_everything(step, &error) => return Err(error.into()),
            Err(error) => StepEnd::Failed(error),
            Ok(end) => end,
        };
        sound &= !matches!(end, StepEnd::Found(_));
        let interrupted = matches!(end, StepEnd::Interrupted);
        report.steps.push((step, end));
        if interrupted {
            break;
        }
    }
    Ok(report)
}

/// A backup may fail for reasons of its own, and a vacuum for want of space; anything else is the state file.
fn stops_everything(step: Step, error: &Error) -> bool {
    match step {
        Step::Prune | Step::Check => true,
        Step::Audit | Step::BackUp => false,
        Step::Vacuum => !matches!(error, Error::DiskFull { .. } | Error::Busy { .. }),
    }
}

fn prune(retention: &Retention, given: Circumstances<'_>, counts: &mut Counts) -> Result<StepEnd, Error> {
    let pruned = given.store.prune(retention, (given.now)(), given.should_stop)?;
    let rows = pruned.iter().map(|pruned| pruned.rows).sum();
    counts.add("rows_pruned", rows);
    Ok(StepEnd::Done(format!("removed {rows} rows")))
}

/// Seals what a killed run left unsealed, lets old rows go and verifies the rest. Evidence of tampering is not pruned, and
/// what is wrong is said in full rather than as the reason why something else failed.
fn look_after_trail(
    keep: Option<Duration>,
    given: Circumstances<'_>,
    trail: &Trail<'_>,
    counts: &mut Counts,
) -> StepEnd {
    let output = given.audit.and_then(|audited| audited.settings.output.as_deref());
    let pruned = trail.finish().and_then(|_| audit::prune(given.store, keep, (given.now)(), given.should_stop));
    let found = match audit::verify(given.store, output) {
        Ok(found) => found,
        Err(error) => return StepEnd::Unaudited(error),
    };
    counts.add("audit_findings", found.findings.len() as u64);
    if !found.findings.is_empty() {
        return StepEnd::Tampered(found.findings);
    }
    match pruned {
        Ok(pruned) => {
            counts.add("audit_rows_pruned", pruned.rows);
            let sealed = found.sealed.map_or_else(String::new, |sealed| format!(", sealed up to row {}", sealed.row));
            StepEnd::Done(format!("removed {} rows; {} rows are sound{sealed}", pruned.rows, found.rows))
        }
        Err(error) => StepEnd::Unaudited(error),
    }
}

fn back_up(
    backups: Option<&Backups>,
    given: Circumstances<'_>,
    counts: &mut Counts,
    progress: Progress<'_>,
) -> Result<StepEnd, Error> {
    let Some(backups) = backups else {
        return Ok(StepEnd::Skipped("no folder for backups is configured".to_owned()));
    };
    let target = backup_name(&backups.folder, given.store, (given.now)());
    let BackupFile { path, bytes, .. } = given.store.backup(&target, false, given.should_stop, progress)?;
    counts.add("backups_written", 1);
    let surplus = surplus(backups, given.store, 0)?;
    for old in &surplus {
        fs::remove_file(old).map_err(Error::io("remove an old backup", old))?;
        counts.add("backups_removed", 1);
    }
    Ok(StepEnd::Done(format!("wrote {} ({bytes} bytes), removed {} older", path.display(), surplus.len())))
}

fn check(given: Circumstances<'_>, counts: &mut Counts) -> Result<StepEnd, Error> {
    let findings = given.store.check(given.should_stop)?;
    counts.add("findings", findings.len() as u64);
    Ok(if findings.is_empty() { StepEnd::Done("everything is sound".to_owned()) } else { StepEnd::Found(findings) })
}

fn vacuum(when: VacuumWhen, given: Circumstances<'_>, counts: &mut Counts) -> Result<StepEnd, Error> {
    let size = given.store.size()?;
    if !when.is_reached(&size) {
        return Ok(StepEnd::Skipped(format!("only {} bytes are free", size.free_bytes())));
    }
    let (before, after) = given.store.vacuum(given.should_stop)?;
    let freed = before.bytes().saturating_sub(after.bytes());
    counts.add("bytes_freed", freed);
    Ok(StepEnd::Done(format!("gave back {freed} bytes of {}", before.bytes())))
}

/// A name for a backup in a folder: `state-20261121T132200Z.db`, after the state file's own name. The names sort by
/// time.
pub fn backup_name(folder: &Path, store: &Store, now: Timestamp) -> PathBuf {
    folder.join(format!("{}{}.db", prefix(store), now.strftime("%Y%m%dT%H%M%SZ")))
}

fn prefix(store: &Store) -> String {
    format!("{}-", store.path().file_stem().unwrap_or_default().to_string_lossy())
}

/// The backups of this state file beyond the number that stays, of which `more` are still to come, and what killed runs
/// left unfinished. A file that is not named like a backup of this job is never touched.
fn surplus(backups: &Backups, store: &Store, more: usize) -> Result<Vec<PathBuf>, Error> {
    let prefix = prefix(store);
    let failed = || Error::io("list the backups", &backups.folder);
    let (mut ours, mut unfinished) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(&backups.folder).map_err(failed())? {
        let path = entry.map_err(failed())?.path();
        if is_backup(&path, &prefix) {
            ours.push(path);
        } else if path.extension().is_some_and(|last| last == "partial") && is_backup(&path.with_extension(""), &prefix)
        {
            unfinished.push(path);
        }
    }
    ours.sort_unstable_by(|a, b| b.cmp(a));
    Ok(ours.into_iter().skip(backups.keep.get().saturating_sub(more)).chain(unfinished).collect())
}

fn is_backup(path: &Path, prefix: &str) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    let time = name.and_then(|name| name.strip_prefix(prefix)).and_then(|rest| rest.strip_suffix("Z.db"));
    time.is_some_and(|time| {
        time.len() == "20261121T132200".len()
            && time.bytes().enumerate().all(|(place, b)| if place == 8 { b == b'T' } else { b.is_ascii_digit() })
    })
}

#[cfg(test)]
mod tests;
