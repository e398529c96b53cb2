//! Recorded usage is settled: after a while, and before its escrow ends.
//!
//! Never finally: a final settlement pays the whole rest of the escrow, whatever was used, and is for a person to ask for.

use std::collections::BTreeMap;

use super::ask::ask;
use super::{Error, FailPoint, Request, Submitted};
use crate::chain::wire::settlement::MsgSettleOrder;
use crate::jobs::Circumstances;
use crate::store::outbox::Stamp;
use crate::store::settlement::{self, EscrowRow};
use crate::store::usage::charges::{self, Unsettled};

/// Records in one settlement, at most: each makes it dearer.
const MOST_RECORDS: usize = 200;

pub(super) fn enqueue(
    given: Circumstances<'_>,
    request: &Request<'_>,
    stamp: Stamp,
    done: &mut Submitted,
) -> Result<(), Error> {
    let open = given.store.read("read what is to be settled", charges::unsettled)?;
    let mut by_order: BTreeMap<String, Vec<Unsettled>> = BTreeMap::new();
    for charge in open {
        by_order.entry(charge.order_id.clone()).or_default().push(charge);
    }
    for (order, charges) in by_order {
        given.store.write("put a settlement into the outbox", |change| {
            let escrows = settlement::escrows_of(change, &order)?;
            let Some(escrow) = escrows.iter().find(|escrow| escrow.state == "active") else { return Ok(()) };
            if !is_due(request, &charges, escrow, stamp.at) {
                return Ok(());
            }
            let ids: Vec<String> = charges.iter().map(|charge| charge.usage_id.clone()).take(MOST_RECORDS).collect();
            let message = MsgSettleOrder {
                sender: request.provider.to_string(),
                order_id: order.clone(),
                usage_record_ids: ids,
                is_final: false,
            };
            let purpose = format!("settle/{order}");
            let asked = ask(change, request, (&purpose, &message), escrow.expires_at, stamp)?;
            done.settling = done.settling.saturating_add(u64::from(asked.is_some()));
            Ok::<_, Error>(())
        })?;
        FailPoint::SettlementEnqueued.reach();
    }
    Ok(())
}

/// Whether to settle now: the escrow has money, and the oldest record is old enough, the lease is over, or the escrow
/// ends soon.
fn is_due(request: &Request<'_>, charges: &[Unsettled], escrow: &EscrowRow, now: jiff::Timestamp) -> bool {
    if escrow.balance.is_empty() {
        return false;
    }
    let passed =
        |since: jiff::Timestamp, span: std::time::Duration| since.checked_add(span).is_ok_and(|then| then <= now);
    let old = charges.iter().any(|charge| passed(charge.since, request.settle_after));
    let over = charges.iter().any(|charge| charge.last);
    let ends = escrow
        .expires_at
        .is_some_and(|ends| ends.checked_sub(request.settle_before_expiry).map_or(true, |from| from <= now));
    old || over || ends
}
