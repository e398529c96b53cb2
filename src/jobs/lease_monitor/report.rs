//! What a look at leases found and did.

use jiff::Timestamp;

use crate::domain::amount::Dec18;
use crate::domain::height::Height;
use crate::domain::job::{Counts, Outcome};
use crate::domain::lease::Lease;
use crate::jobs::Report;
use crate::jobs::escrow_funds::Funds;
use crate::jobs::tx_flush::Flushed;
use crate::store::bids::leases;

/// A lease and the money behind it.
#[allow(clippy::struct_excessive_bools, reason = "four facts, each of which can be so without the others")]
#[derive(Debug, Clone)]
pub struct Watched {
    /// The lease.
    pub lease: Lease,
    /// The money behind it, in its denomination.
    pub funds: Option<Funds>,
    /// What it has earned and not paid out.
    pub earned: Dec18,
    /// When the money is used up.
    pub until: Option<Timestamp>,
    /// It is used up, and the chain has not noticed: whoever touches the account ends the lease.
    pub ended: bool,
    /// It ends soon.
    pub warn: bool,
    /// That was said before.
    pub warned: bool,
    /// Why a withdrawal is due.
    pub due: Option<&'static str>,
    /// A withdrawal is in the outbox.
    pub withdrawing: bool,
}

/// A lease that ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// The lease.
    pub lease: String,
    /// The chain's word for where it stands.
    pub state: &'static str,
    /// Why.
    pub reason: &'static str,
    /// Who says so: the chain's store, an event, the payment, nobody.
    pub source: &'static str,
}

/// What a look at leases found and did.
#[derive(Debug, Default)]
pub struct Monitored {
    /// The height of the listing.
    pub height: Height,
    /// Our active leases.
    pub leases: Vec<Watched>,
    /// Leases that ended since the last look.
    pub ended: Vec<Ended>,
    /// What could not be seen.
    pub troubles: Vec<String>,
    /// What the outbox did.
    pub flushed: Option<Flushed>,
    /// Leases that were running and are listed no more.
    pub(super) missing: Vec<leases::Lease>,
}

impl Monitored {
    /// How many leases were running and are listed no more, and nobody has learned why yet.
    pub fn missing(&self) -> usize {
        self.missing.len()
    }

    pub(super) fn trouble(&mut self, words: String) {
        tracing::warn!("{words}");
        if !self.troubles.contains(&words) {
            self.troubles.push(words);
        }
    }
}

impl Report for Monitored {
    fn outcome(&self) -> Outcome {
        let unfinished = self.flushed.as_ref().is_some_and(|flushed| flushed.outcome() != Outcome::Done);
        if unfinished || !self.troubles.is_empty() { Outcome::PartlyFailed } else { Outcome::Done }
    }

    fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        let number = |of: fn(&Watched) -> bool| {
            u64::try_from(self.leases.iter().filter(|watched| of(watched)).count()).unwrap_or(u64::MAX)
        };
        counts.add("leases_active", number(|_| true));
        counts.add("leases_warned", number(|watched| watched.warn));
        counts.add("leases_used_up", number(|watched| watched.ended));
        counts.add("withdrawals", number(|watched| watched.withdrawing));
        for ended in &self.ended {
            counts.add(&format!("ended_{}", ended.reason), 1);
        }
        counts
    }
}
