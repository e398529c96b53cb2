//! `state-vacuum`: gives the free pages of the state file back to the disk, whether it is worth it or not.
//!
//! ```text
//! lock      one run at a time; a row in job_runs
//! vacuum    write the file anew without its free pages
//! report    the sizes before and after
//! ```

use super::{Circumstances, Report, Run};
use crate::domain::job::{Counts, JobName, Outcome};
use crate::store::{Error, LockError, Size};

/// The name of the job.
pub const NAME: JobName = JobName::constant("state-vacuum");

/// A state file that was written anew, if it was not interrupted.
#[derive(Debug, Clone, Copy)]
pub struct Vacuumed {
    /// Its size before.
    pub before: Size,
    /// Its size now.
    pub after: Size,
    /// It was asked to stop, and left the file as it was.
    pub interrupted: bool,
}

impl Report for Vacuumed {
    fn outcome(&self) -> Outcome {
        if self.interrupted { Outcome::Interrupted } else { Outcome::Done }
    }

    fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        counts.add("bytes_freed", self.before.bytes().saturating_sub(self.after.bytes()));
        counts
    }
}

/// Runs the job.
pub fn run(given: Circumstances<'_>) -> Result<Vacuumed, LockError> {
    let run = Run::begin(&NAME, given)?;
    let result = vacuum(given);
    run.conclude(result.map_err(LockError::from))
}

fn vacuum(given: Circumstances<'_>) -> Result<Vacuumed, Error> {
    let before = given.store.size()?;
    match given.store.vacuum(given.should_stop) {
        Ok((before, after)) => Ok(Vacuumed { before, after, interrupted: false }),
        Err(Error::Interrupted { .. }) => Ok(Vacuumed { before, after: before, interrupted: true }),
        Err(error) => Err(error),
    }
}
