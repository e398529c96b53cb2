//! What a run leaves in its row and in the log.

use std::time::Duration;

use super::*;
use crate::domain::job::Counts;
use crate::store::Mode;
use crate::store::job_runs::{History, JobRun};

const JOB: JobName = JobName::constant("bid-run");

#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error("GET https://me:pw77@node/ answered {0}")]
    Node(&'static str),
    #[error(transparent)]
    Store(#[from] Error),
}

struct Bids(Outcome);

impl Report for Bids {
    fn outcome(&self) -> Outcome {
        self.0
    }

    fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        counts.add("bids", 3);
        counts
    }
}

/// The row of a run that ended so.
fn row_of(result: Result<Bids, Failed>) -> JobRun {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("state.db"), Mode::Write).unwrap();
    let now = || "2026-11-21T13:22:00Z".parse().unwrap();
    let given = Circumstances { store: &store, now: &now, should_stop: &|| false, wait: Duration::ZERO, audit: None };
    let _ = Run::begin(&JOB, given).unwrap().conclude(result);
    store.read("look", |snapshot| job_runs::history(snapshot, &History::default())).unwrap().remove(0)
}

#[test]
fn the_row_holds_no_secret() {
    assert!(redact::register("okapi-5823"));
    let row = row_of(Err(Failed::Node("okapi-5823")));
    assert_eq!(row.error.as_deref(), Some("GET https://***@node/ answered ***"));
    assert_eq!(row_of(Ok(Bids(Outcome::Done))).counts.to_string(), "bids 3");
}
