//! What a submission did.

use crate::domain::job::{Counts, Outcome};
use crate::jobs::Report;
use crate::jobs::settlement_sync::{Synced, Unread};
use crate::jobs::tx_flush::Flushed;

/// What a submission did.
#[derive(Debug, Default)]
pub struct Submitted {
    /// Records that were given to the outbox.
    pub submitted: u64,
    /// Records that no escrow would pay.
    pub no_escrow: u64,
    /// Records that stay here, because the network takes no usage.
    pub kept: u64,
    /// Records that are found on chain now.
    pub confirmed: u64,
    /// Records that are paid now.
    pub settled: u64,
    /// Settlements that were given to the outbox.
    pub settling: u64,
    /// Withdrawals that were given to the outbox.
    pub withdrawing: u64,
    /// Records that are tried again later: their numbers, and why.
    pub put_off: Vec<(i64, String)>,
    /// Records that were given up: their numbers, and why.
    pub given_up: Vec<(i64, String)>,
    /// Records that wait for a person: the chain has usage of their time that is not known here.
    pub contested: Vec<(i64, String)>,
    /// Records that were given up and are no files, and why.
    pub unwritten: Vec<(i64, String)>,
    /// What could not be read before sending.
    pub unread: Vec<Unread>,
    /// What the outbox did.
    pub flushed: Option<Flushed>,
    /// What the chain said last.
    pub synced: Synced,
}

impl Report for Submitted {
    fn outcome(&self) -> Outcome {
        let flushed = self.flushed.as_ref().map_or(Outcome::Done, Report::outcome);
        if flushed == Outcome::Interrupted || self.synced.interrupted {
            Outcome::Interrupted
        } else if flushed != Outcome::Done
            || !self.put_off.is_empty()
            || !self.given_up.is_empty()
            || !self.contested.is_empty()
            || !self.unwritten.is_empty()
            || !self.unread.is_empty()
            || self.synced.outcome() != Outcome::Done
        {
            Outcome::PartlyFailed
        } else {
            Outcome::Done
        }
    }

    fn counts(&self) -> Counts {
        let mut counts = self.synced.counts();
        for (kind, number) in [
            ("records_submitted", self.submitted),
            ("records_without_escrow", self.no_escrow),
            ("records_confirmed", self.confirmed),
            ("records_put_off", self.put_off.len() as u64),
            ("records_given_up", self.given_up.len() as u64),
            ("records_contested", self.contested.len() as u64),
            ("settlements_sent", self.settling),
            ("withdrawals_sent", self.withdrawing),
        ] {
            counts.add(kind, number);
        }
        counts
    }
}
