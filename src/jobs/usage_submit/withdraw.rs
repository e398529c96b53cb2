//! What leases earned is withdrawn when that is worth its fee, or before the tenant's money ends.
//!
//! There is no schedule that a restart could reset: what is due decides, and it is read from the chain.

use std::time::Duration;

use super::ask::chain;
use super::{Error, Request, Submitted};
use crate::chain::wire::market::MsgWithdrawLease;
use crate::domain::amount::{Dec18, Rounding};
use crate::domain::bid::price::BlockTime;
use crate::domain::id::LeaseId;
use crate::domain::ledger::payment::lasts;
use crate::domain::outbox::fee;
use crate::domain::outbox::intent::State as Intent;
use crate::jobs::tx_flush::enqueue_anew;
use crate::jobs::{Circumstances, lease_monitor};
use crate::store::outbox::{Stamp, intents};
use crate::store::settlement::{self, PaymentRow};

/// What a withdrawal uses, measured on a node; its fee is estimated with it.
const GAS: u64 = 123_000;

pub(super) fn enqueue(
    given: Circumstances<'_>,
    request: &Request<'_>,
    stamp: Stamp,
    done: &mut Submitted,
) -> Result<(), Error> {
    let client = request.sending.client;
    let fee = estimated_fee(request);
    let block = lease_monitor::block_time(given.store, &client.settings().chain_id)?;
    let rows = given.store.read("read what leases earned", |snapshot| settlement::payments(snapshot, false))?;
    for row in rows.iter().filter(|row| row.withdrawal.is_some()) {
        ended(given, row)?;
    }
    let rows = given.store.read("read what leases earned", |snapshot| settlement::payments(snapshot, true))?;
    let due = rows.iter().filter(|row| row.withdrawal.is_none() && is_due(request, row, (fee, block)));
    for row in due.take(request.withdraw_batch) {
        let Ok(lease) = LeaseId::parse(&row.lease, client.network().address_prefix) else { continue };
        given.store.write("put a withdrawal into the outbox", |change| {
            let message = MsgWithdrawLease { id: (&lease).into() };
            // What `lease monitor` wants under this name is the same wish.
            let intent = enqueue_anew(change, chain(request), &format!("withdraw/{lease}"), &message, stamp)?;
            settlement::withdrawing(change, &row.lease, intent)?;
            done.withdrawing = done.withdrawing.saturating_add(1);
            Ok::<_, Error>(())
        })?;
    }
    Ok(())
}

/// What the fee of one withdrawal will be, about.
fn estimated_fee(request: &Request<'_>) -> Dec18 {
    let policy = request.sending.policy;
    let factor = policy.factors.settling.max(policy.factors.usual);
    let gas = Dec18::from(GAS).checked_mul(factor, Rounding::Up).and_then(|gas| gas.to_int(Rounding::Up));
    let gas = gas.ok().and_then(|gas| u64::try_from(gas).ok()).unwrap_or(GAS);
    fee(gas, &policy.gas_price).and_then(|fee| Dec18::try_from(fee.amount)).unwrap_or(Dec18::MAX)
}

fn is_due(request: &Request<'_>, row: &PaymentRow, (fee, block): (Dec18, BlockTime)) -> bool {
    // A fee in another coin than the lease pays cannot be compared: it is paid out as often as one of the same worth.
    let left: Option<Duration> = row.funded_to.map(|end| lasts(row.seen_height, end, block.duration()));
    request.withdraw.is_due(&row.balance, fee, left)
}

/// Notes the end of a withdrawal.
fn ended(given: Circumstances<'_>, row: &PaymentRow) -> Result<(), Error> {
    let Some(intent) = row.withdrawal else { return Ok(()) };
    given.store.write("write what became of a withdrawal", |change| {
        let state = intents::state(change, intent)?;
        match state {
            Some(Intent::Queued | Intent::NeedsConfirmation | Intent::InFlight) => Ok(()),
            Some(Intent::Done) => Ok(settlement::withdrew(change, &row.lease, Some((given.now)()))?),
            Some(Intent::Refused | Intent::Expired | Intent::Abandoned) | None => {
                Ok::<_, Error>(settlement::withdrew(change, &row.lease, None)?)
            }
        }
    })
}
