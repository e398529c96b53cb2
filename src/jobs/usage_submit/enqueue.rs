//! Records become messages of the outbox.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::ask::{ask, chain};
use super::escrows::Paying;
use super::{Error, FailPoint, Request, Submitted};
use crate::chain::wire::cosmos::coin::DecCoin;
use crate::chain::wire::settlement::{MsgActivateEscrow, MsgRecordUsage};
use crate::domain::audit::{Event as Audited, Outcome};
use crate::domain::id::OrderId;
use crate::domain::usage::state::Event;
use crate::jobs::Circumstances;
use crate::jobs::audit::{Happening, Trail};
use crate::jobs::tx_flush::{Wanted, enqueue_next};
use crate::store::Change;
use crate::store::outbox::Stamp;
use crate::store::usage::{ChargeRow, RecordRow, charges, records as rows};

pub(super) fn records(
    trail: &Trail<'_>,
    given: Circumstances<'_>,
    request: &Request<'_>,
    (due, escrows): (Vec<RecordRow>, &BTreeMap<OrderId, Paying>),
    stamp: Stamp,
    done: &mut Submitted,
) -> Result<(), Error> {
    let mut activated: BTreeSet<String> = BTreeSet::new();
    for row in due {
        // What could not be read is tried in the next run: the escrow, and whether the chain has the record already.
        let Some(paying) = escrows.get(row.facts.lease.order()) else { continue };
        if !done.synced.read_leases.contains(&row.facts.lease) {
            continue;
        }
        let contested = done.synced.contested.get(&row.id).filter(|_| !request.charge_again.contains(&row.id));
        if let Some(usage_id) = contested {
            let why = format!("the chain has {usage_id}, which charges a part of its time and is not known here");
            // Those that were looked at longest ago come first in the next run.
            let noted = |change: &Change<'_>| rows::put_off(change, row.id, row.attempts, Some(stamp.at));
            given.store.write("note that a usage record is contested", noted)?;
            done.contested.push((row.id.0, why));
            continue;
        }
        given.store.write("put a usage record into the outbox", |change| match paying {
            // A correction, or somebody's decision, came between.
            _ if rows::get(change, row.id)?.state != row.state => Ok(()),
            Paying::None(why) => {
                rows::apply(change, row.id, Event::LackEscrow, Some(why))?;
                // Those that were looked at longest ago come first in the next run.
                rows::put_off(change, row.id, row.attempts, Some(stamp.at))?;
                done.no_escrow = done.no_escrow.saturating_add(1);
                Ok::<_, Error>(())
            }
            Paying::ToActivate(escrow) => {
                if activated.insert(escrow.clone()) {
                    activate(change, request, &row, escrow, stamp)?;
                }
                submit(trail, change, request, &row, None, stamp)?;
                done.submitted = done.submitted.saturating_add(1);
                Ok(())
            }
            Paying::Active(expires_at) => {
                submit(trail, change, request, &row, *expires_at, stamp)?;
                done.submitted = done.submitted.saturating_add(1);
                Ok(())
            }
        })?;
        FailPoint::Enqueued.reach();
    }
    Ok(())
}

/// Names ourselves as the one whom an escrow pays: the tenant made it for the order that is ours by the lease.
fn activate(
    change: &Change<'_>,
    request: &Request<'_>,
    row: &RecordRow,
    escrow: &str,
    stamp: Stamp,
) -> Result<(), Error> {
    let message = MsgActivateEscrow {
        sender: request.provider.to_string(),
        escrow_id: escrow.to_owned(),
        lease_id: row.facts.lease.to_string(),
        recipient: request.provider.to_string(),
    };
    ask(change, request, (&format!("escrow-activate/{escrow}"), &message), None, stamp)?;
    Ok(())
}

/// Puts the messages of a record into the outbox, one for each charge that is not there yet.
fn submit(
    trail: &Trail<'_>,
    change: &Change<'_>,
    request: &Request<'_>,
    row: &RecordRow,
    not_after: Option<jiff::Timestamp>,
    stamp: Stamp,
) -> Result<(), Error> {
    let charged = charges::of_record(change, row.id)?;
    let mut details = Map::new();
    for charge in charged.iter().filter(|charge| charge.charge.units > 0 && charge.usage_id.is_none()) {
        // One whose message was settled without success: the chain was asked before we came here.
        if charges::is_out(change, charge.intent)? {
            continue;
        }
        let message = message(request, row, charge);
        let purpose = format!("usage/{}/{}", row.facts.record_id(), charge.charge.usage_type);
        let wanted = Wanted { key: &purpose, message: &message, deposit: None, not_after };
        let intent = enqueue_next(change, chain(request), &wanted, stamp)?;
        charges::submitted(change, charge.id, intent)?;
        let what = format!("{} × {}", charge.charge.units, charge.charge.unit_price);
        details.insert(charge.charge.usage_type.word().to_owned(), Value::String(what));
    }
    rows::apply(change, row.id, Event::Submit, None)?;
    let subject = format!("usage record {}", row.facts.record_id());
    trail.append(
        change,
        Happening { event: Audited::UsageSubmitted, outcome: Outcome::Succeeded, subject: &subject, details },
    )?;
    Ok(())
}

fn message(request: &Request<'_>, row: &RecordRow, charge: &ChargeRow) -> MsgRecordUsage {
    let (facts, charge) = (&row.facts, &charge.charge);
    MsgRecordUsage {
        sender: request.provider.to_string(),
        order_id: facts.lease.order().to_string(),
        lease_id: facts.lease.to_string(),
        usage_units: charge.units,
        usage_type: charge.usage_type.word().to_owned(),
        period_start: facts.window.start().0,
        period_end: facts.window.end().0,
        unit_price: DecCoin { denom: charge.unit_price.denom.to_string(), amount: charge.unit_price.amount.to_wire() },
        signature: row.seal.map(|seal| seal.signature.to_vec()).unwrap_or_default(),
    }
}
