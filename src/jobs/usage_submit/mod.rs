//! `usage-submit`: brings signed usage records onto the chain, settles what is there, and withdraws what leases earned.
//!
//! ```text
//! lock      one run at a time
//! sync      what the chain has already, of everything that is open or due: outcomes that were unknown are known then
//!           ([`super::settlement_sync`])
//! outcomes  messages that ended without success: their records are put off, or given up and written to a file
//! files     what was given up becomes a file, as long as there is none
//! select    records whose time has come, up to a batch; with `force` those that were given up, too
//! escrows   the settlement escrow of each order; without an active one of ours the record waits
//! enqueue   the messages of each record, with its state, in one transaction; settlements and withdrawals that are due
//! flush     the outbox sends ([`super::tx_flush`])
//! sync      what became of it
//! report
//! ```
//! # Once, and only once
//! The chain does not notice a record that comes twice. So a message is enqueued under a key of its own, which is one
//! message however often it is enqueued; a record is tried anew only when the outbox knows that its message was not
//! executed; and nothing at all is sent unless in the same run the order's records on chain were read and matched, so that
//! one which is there all the same is confirmed instead of sent. Our own books may be older than the chain's: a state file
//! that was restored has forgotten what was sent after the backup, and its meters went back, too. So a record waits for a
//! person where the chain has usage of a part of its time that we do not know ([`Request::charge_again`]).

mod ask;
mod enqueue;
mod error;
mod escrows;
mod fail_point;
mod failed_file;
mod outcomes;
mod report;
mod settle;
mod withdraw;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use crate::domain::address::Address;
use crate::domain::id::LeaseId;
use crate::domain::job::JobName;
use crate::domain::ledger::payment::WithdrawWhen;
use crate::domain::usage::retry::Retries;
use crate::domain::usage::state::{Event, State};
use crate::store::outbox::Stamp;
use crate::store::usage::{Filter, RecordId, RecordRow, records};

use super::tx_flush;
use super::{Circumstances, Run, settlement_sync};
pub use error::Error;
pub use fail_point::FailPoint;
pub use report::Submitted;

/// The job's name.
pub const NAME: JobName = JobName::constant("usage-submit");

/// What to send, for whom, and how.
#[derive(Clone)]
pub struct Request<'a> {
    /// How the outbox sends.
    pub sending: tx_flush::Request<'a>,
    /// The provider's account.
    pub provider: &'a Address,
    /// Records in one run, at most.
    pub batch_size: u32,
    /// When a failed submission is tried again.
    pub retries: Retries,
    /// Take records up again that were given up, and do not wait for their time.
    pub force: bool,
    /// Records that a person wants on chain although there is usage of a part of their time that we do not know.
    pub charge_again: BTreeSet<RecordId>,
    /// Where records that are given up are written to.
    pub failed_reports: PathBuf,
    /// Recorded usage is settled after this time.
    pub settle_after: Duration,
    /// It is settled at once if its escrow ends within this time.
    pub settle_before_expiry: Duration,
    /// When a withdrawal is worth it.
    pub withdraw: WithdrawWhen,
    /// Withdrawals in one run, at most.
    pub withdraw_batch: usize,
}

impl Request<'_> {
    /// Records that are due up to this time are sent.
    const fn until(&self, now: jiff::Timestamp) -> jiff::Timestamp {
        if self.force { jiff::Timestamp::MAX } else { now }
    }
}

/// Runs the job.
pub async fn run(given: Circumstances<'_>, request: &Request<'_>) -> Result<Submitted, Error> {
    let run = Run::begin(&NAME, given)?;
    let submitted = submit(&run, given, request).await;
    run.conclude(submitted)
}

async fn submit(run: &Run<'_>, given: Circumstances<'_>, request: &Request<'_>) -> Result<Submitted, Error> {
    let mut done = Submitted::default();
    let of_chain = settlement_sync::Request { client: request.sending.client, provider: request.provider };
    let network = request.sending.client.network();
    if !network.has_settlement() {
        done.kept = keep_local(given)?;
    }
    let now = request.until((given.now)());
    let due = given
        .store
        .read("read what is due", |snapshot| records::submittable(snapshot, now, request.batch_size, request.force))?;
    let whose: BTreeSet<LeaseId> = due.into_iter().map(|row| row.facts.lease).collect();
    done.synced = settlement_sync::sync(given, &of_chain, &whose).await?;
    FailPoint::Synced.reach();
    if done.synced.interrupted {
        return Ok(done);
    }
    outcomes::apply(given, request, &mut done)?;
    FailPoint::OutcomesNoted.reach();
    failed_file::complete(given, request, &mut done)?;
    let stamp = Stamp { at: (given.now)(), run: Some(run.id()) };
    if network.has_settlement() {
        let due = select(given, request)?;
        let escrows = escrows::read(given, request, &due, &mut done).await;
        enqueue::records(run.trail(), given, request, (due, &escrows), stamp, &mut done)?;
        settle::enqueue(given, request, stamp, &mut done)?;
    }
    withdraw::enqueue(given, request, stamp, &mut done)?;
    done.flushed = Some(tx_flush::flush(run, given, &request.sending).await?);
    FailPoint::Flushed.reach();
    let mut after = settlement_sync::sync(given, &of_chain, &whose).await?;
    done.confirmed = done.synced.confirmed.saturating_add(after.confirmed);
    done.settled = done.synced.settled.saturating_add(after.settled);
    after.fresh = after.fresh.saturating_add(done.synced.fresh);
    // What could be read in the end may have kept a record from being sent all the same.
    let before = std::mem::take(&mut done.synced.unread).into_iter();
    done.unread.extend(before.filter(|one| !after.unread.iter().any(|other| other.what == one.what)));
    done.synced = after;
    FailPoint::Confirmed.reach();
    outcomes::apply(given, request, &mut done)?;
    failed_file::complete(given, request, &mut done)?;
    Ok(done)
}

/// On a network that takes no usage, every record stays here: signed, exported, and never sent.
fn keep_local(given: Circumstances<'_>) -> Result<u64, Error> {
    given.store.write("keep usage records off the chain", |change| {
        let filter = Filter { states: vec![State::Pending], superseded: true, ..Filter::default() };
        let pending = records::list(change, &filter)?;
        for row in &pending {
            records::apply(change, row.id, Event::Keep, None)?;
        }
        Ok(pending.len() as u64)
    })
}

/// The records whose time has come.
fn select(given: Circumstances<'_>, request: &Request<'_>) -> Result<Vec<RecordRow>, Error> {
    given.store.write("select usage records to submit", |change| {
        if request.force {
            let filter = Filter { states: vec![State::Failed], superseded: true, ..Filter::default() };
            for row in records::list(change, &filter)? {
                records::apply(change, row.id, Event::Retry, None)?;
                records::put_off(change, row.id, 0, None)?;
            }
        }
        Ok(records::due(change, request.until((given.now)()), request.batch_size)?)
    })
}
