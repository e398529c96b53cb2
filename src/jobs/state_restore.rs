//! `state-restore`: puts a backup in the place of the state file.
//!
//! ```text
//! gate      nobody has the state file open, nobody can open it
//! restore   verify the backup, then exchange the two in one step
//! lock      of the restored file; a row in its job_runs, from the begin of the restore on
//! audit     the trail says that it is that of the backup from here on
//! report    what was replaced, and where it is kept
//! ```
//! The row goes into the restored file, which is the state file from then on. So a restore that fails leaves no row: it
//! has changed nothing.

use std::path::Path;

use jiff::Timestamp;

use super::audit::{self, Audited, Settings};
use super::{Circumstances, Report, Run, RunError};
use crate::domain::audit::Anchor;
use crate::domain::job::{Counts, JobName, Outcome};
use crate::store::{LockError, Mode, Progress, Restore, Restored, Store};

/// The name of the job.
pub const NAME: JobName = JobName::constant("state-restore");

/// A backup that is in place.
#[derive(Debug)]
pub struct Restoration {
    /// What was restored.
    pub restored: Restored,
    /// Whether the restored file says so, in `job_runs` and in the audit trail.
    pub recorded: Result<(), RunError>,
}

struct Recorded;

impl Report for Recorded {
    fn outcome(&self) -> Outcome {
        Outcome::Done
    }

    fn counts(&self) -> Counts {
        Counts::default()
    }
}

/// Runs the job. `force`: although the trail in the backup is not what was sealed.
pub fn run(
    restore: Restore<'_>,
    settings: &Settings,
    now: &(dyn Fn() -> Timestamp + Sync),
    force: bool,
    progress: Progress<'_>,
) -> Result<Restoration, LockError> {
    let head = audit::head_of(restore.state);
    let restored = restore.run(progress, &mut |_| {})?;
    let recorded = record(restore, &restored.state, settings, now, (head, force));
    Ok(Restoration { restored, recorded })
}

/// From here on nobody asks whether to stop: what was done is to be recorded.
fn record(
    restore: Restore<'_>,
    state: &Path,
    settings: &Settings,
    now: &(dyn Fn() -> Timestamp + Sync),
    (replaced, force): (Option<Anchor>, bool),
) -> Result<(), RunError> {
    let store = Store::open(state, Mode::WriteExisting)?;
    let given = Circumstances {
        store: &store,
        now,
        should_stop: &|| false,
        wait: restore.waiting.at_most,
        // The configuration that is in force says nothing about the backup: the next run notes it.
        audit: Some(Audited { settings, configuration: None }),
    };
    let run = Run::begin_at(&NAME, given, restore.now)?;
    let recorded = audit::restored(run.trail(), &format!("backup {}", restore.backup.display()), replaced, force);
    run.conclude(recorded.map(|_| Recorded).map_err(RunError::from)).map(drop)
}
