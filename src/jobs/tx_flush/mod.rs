//! Sending what the outbox holds: `tx flush`, and the engine of every job that changes the chain.
//!
//! ```text
//! lock the signer               one process sends for it
//! loop
//!   read the truth              a believed height, and the account's sequence in the state after exactly that block
//!   settle                      for each transaction that is out: is it in a block, void, or still on its way?
//!   sign                        take messages from the queue: simulate, take out what spoils the batch, compute gas and
//!                               fee, ask the caps; sign; store the bytes; hand them to a node
//!   watch                       read each new block once for all transactions together, until there is something to do
//! report                        what was done to each message, what was spent, how much is left
//! ```
//! Why a message comes onto the chain exactly once stands in [`crate::domain::outbox`]; this module does the reading and
//! the writing that it speaks of, in that order. Between any two writes a kill does no harm: [`FailPoint`] names those
//! moments, and a test kills at each of them.
//!
//! A key that needs somebody to touch it is not asked by a job that a timer started: its messages become
//! `needs_confirmation`, and `tx confirm` signs them while somebody is there.

mod blocks;
mod chain;
mod enqueue;
mod error;
mod fail_point;
mod guard;
mod hand_out;
mod persons;
mod policy;
mod prepare;
mod rehearse;

mod report;
mod session;
mod settle;
mod sign;
mod stale;
mod try_message;

pub use enqueue::{Wanted, enqueue, enqueue_anew, enqueue_based_on, enqueue_guarded, enqueue_next, unsettled};
pub use error::{Error, what_next};
pub use fail_point::FailPoint;
pub use persons::{Decision, decide, rehearse_decision};
pub use policy::Policy;

pub use rehearse::{Planned, PlannedBatch, PlannedStep, rehearse};
pub use report::{Flushed, Short};
pub use session::Request;
pub use try_message::{Tried, try_message};

use super::{Circumstances, Run};
use crate::domain::job::JobName;
use crate::keys::Signs;
use session::Session;

/// The job's name.
pub const JOB: &str = "tx-flush";

/// Runs the job: sends what a signer has in the outbox.
pub async fn run(job: &JobName, given: Circumstances<'_>, request: &Request<'_>) -> Result<Flushed, Error> {
    let run = Run::begin(job, given)?;
    let flushed = flush(&run, given, request).await;
    run.conclude(flushed)
}

/// Sends what a signer has in the outbox, as part of a job's run.
pub async fn flush(run: &Run<'_>, given: Circumstances<'_>, request: &Request<'_>) -> Result<Flushed, Error> {
    let mut session = Session::begin(run, given, request)?;
    match session.work().await {
        Ok(()) => Ok(session.finish().await),
        Err(error) => {
            session.report.say_instead();
            Err(error)
        }
    }
}

/// The address for which a key signs.
pub fn address_of(signer: &dyn Signs, prefix: &str) -> Result<crate::domain::address::Address, Error> {
    session::point(signer).and_then(|point| session::address(signer, &point, prefix))
}
