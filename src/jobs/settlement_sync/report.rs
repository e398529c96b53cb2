//! What a synchronization found.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::domain::id::LeaseId;
use crate::domain::job::{Counts, Outcome};
use crate::jobs::Report;
use crate::store::usage::RecordId;

/// Something that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unread {
    /// What.
    pub what: String,
    /// Why, in one line.
    pub error: String,
}

/// What a synchronization found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Synced {
    /// Leases whose payment was read.
    pub leases: u64,
    /// Orders whose usage was read.
    pub orders: u64,
    /// Records that are found on chain now.
    pub confirmed: u64,
    /// Records that are paid now.
    pub settled: u64,
    /// Settlements that were not known.
    pub settlements: u64,
    /// What does not fit, by lease.
    pub discrepancies: Vec<(String, String)>,
    /// What could not be read.
    pub unread: Vec<Unread>,
    /// The leases whose usage was read, to the end.
    #[serde(skip)]
    pub read_leases: BTreeSet<LeaseId>,
    /// Records that are not on chain, and the record there, unknown to us, that charges a part of their time.
    #[serde(skip)]
    pub contested: BTreeMap<RecordId, String>,
    /// How many of the discrepancies were not known before. A known one is listed, and is no news.
    pub fresh: u64,
    /// It was stopped on request.
    pub interrupted: bool,
}

impl Synced {
    /// The chain said nothing at all.
    pub fn read_nothing(&self) -> bool {
        self.leases == 0 && self.orders == 0 && !self.unread.is_empty()
    }
}

impl Report for Synced {
    fn outcome(&self) -> Outcome {
        if self.interrupted {
            Outcome::Interrupted
        } else if self.unread.is_empty() && self.fresh == 0 {
            Outcome::Done
        } else {
            Outcome::PartlyFailed
        }
    }

    fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for (kind, number) in [
            ("leases_read", self.leases),
            ("orders_read", self.orders),
            ("records_confirmed", self.confirmed),
            ("records_settled", self.settled),
            ("settlements_found", self.settlements),
            ("discrepancies", self.discrepancies.len() as u64),
            ("unread", self.unread.len() as u64),
        ] {
            counts.add(kind, number);
        }
        counts
    }
}
