//! Usage on chain: escrows, records, settlements, order by order.

use std::collections::{BTreeMap, BTreeSet};

use super::{Error, Request, Synced, Unread};
use crate::domain::amount::{Coin, Int};
use crate::domain::fault::in_one_line;
use crate::domain::id::LeaseId;
use crate::domain::ledger::{Discrepancy, Entry, Matched, Ours, Stage, accounts, compare};
use crate::domain::outbox::intent::State as Intent;
use crate::domain::settlement::{Escrow, EscrowState, Settlement, UsageRecord};
use crate::domain::usage::UsageType;
use crate::domain::usage::state::{Event, State};
use crate::jobs::Circumstances;
use crate::store::outbox::intents;
use crate::store::settlement::{self, EscrowRow, SettlementRow};
use crate::store::usage::{ChargeRow, RecordRow, charges, records};
use crate::store::{Change, Snapshot};

/// What we have of a lease.
struct Book {
    lease: LeaseId,
    charges: Vec<(ChargeRow, RecordRow)>,
    carried: Vec<(UsageType, i128)>,
}

/// What the chain has of it.
struct Chain {
    escrows: Vec<Escrow>,
    records: Vec<UsageRecord>,
    settlements: Vec<Settlement>,
}

pub(super) async fn sync(
    given: Circumstances<'_>,
    request: &Request<'_>,
    also: &BTreeSet<LeaseId>,
    synced: &mut Synced,
) -> Result<(), Error> {
    let open = given.store.read("read whose usage is open", charges::open_leases)?;
    let leases: BTreeSet<LeaseId> = open.into_iter().chain(also.iter().cloned()).collect();
    for lease in leases {
        if (given.should_stop)() {
            synced.interrupted = true;
            break;
        }
        match read(request, &lease).await {
            Ok(chain) => {
                given.store.write("write what the chain says of usage", |change| {
                    let book = book(change, lease.clone())?;
                    apply(change, &book, &chain, (given.now)(), synced)
                })?;
                synced.orders = synced.orders.saturating_add(1);
                synced.read_leases.insert(lease);
            }
            Err(error) => {
                synced.unread.push(Unread { what: format!("the usage of {}", lease.order()), error });
            }
        }
    }
    Ok(())
}

async fn read(request: &Request<'_>, lease: &LeaseId) -> Result<Chain, String> {
    let order = lease.order();
    let told = |error: crate::chain::client::CallError| in_one_line(&error);
    // The records last: what is in a settlement that was read is in the records too.
    let escrows = request.client.settlement_escrows(order).await.map_err(told)?.value;
    let settlements = request.client.settlements(order).await.map_err(told)?.value;
    let records = request.client.usage_records(order).await.map_err(told)?;
    // A node that lags behind does not have what others have.
    let records = records.believed().map_err(told)?.into_value();
    Ok(Chain { escrows, records, settlements })
}

fn book(snapshot: &Snapshot<'_>, lease: LeaseId) -> Result<Book, Error> {
    let text = lease.to_string();
    let mut all = Vec::new();
    for charge in charges::of_lease(snapshot, &text)? {
        let record = records::get(snapshot, charge.record)?;
        all.push((charge, record));
    }
    Ok(Book { lease, charges: all, carried: charges::carries(snapshot, &text)? })
}

/// Writes down what the chain says, and what does not fit.
fn apply(
    change: &Change<'_>,
    book: &Book,
    chain: &Chain,
    now: jiff::Timestamp,
    synced: &mut Synced,
) -> Result<(), Error> {
    let lease = book.lease.to_string();
    // Those that were sent come first: of two that say the same, they are on chain.
    let sent = |(charge, _): &&(ChargeRow, RecordRow)| charge.intent.is_some() || charge.usage_id.is_some();
    let (sent, unsent): (Vec<_>, Vec<_>) = book.charges.iter().partition(sent);
    let ours: Vec<Ours> = sent.into_iter().chain(unsent).filter_map(|(charge, record)| ours(charge, record)).collect();
    let of_lease: Vec<UsageRecord> = chain.records.iter().filter(|record| record.lease_id == lease).cloned().collect();
    let Matched { found, missing, contested, mut discrepancies } = compare(&ours, &of_lease);
    for (charge, usage_id) in contested {
        let record = book.charges.iter().find(|(row, _)| row.id == charge).map(|(row, _)| row.record);
        synced.contested.extend(record.map(|record| (record, usage_id)));
    }
    for (charge, usage_id) in &found {
        charges::recorded(change, *charge, usage_id)?;
    }
    for record in &of_lease {
        if let Some(settlement) = &record.settlement_id {
            charges::settled(change, &record.id, settlement)?;
        }
    }
    for escrow in &chain.escrows {
        settlement::see_escrow(change, &escrow_row(escrow, &lease, now))?;
    }
    for paid in &chain.settlements {
        let new = settlement::see_settlement(change, &settlement_row(paid, now), paid.customer.as_str())?;
        synced.settlements = synced.settlements.saturating_add(u64::from(new));
        discrepancies.extend(paid_less(paid, &of_lease));
    }
    discrepancies.extend(unpaid(&chain.escrows, &of_lease));
    discrepancies.extend(vanished(change, book, &missing)?);
    move_on(change, &lease, synced)?;
    discrepancies.extend(unbalanced(book));
    if charges::has_ended(change, &lease)? {
        discrepancies.extend(overcharged(book));
    }
    let fresh = settlement::see_discrepancies(change, &lease, &discrepancies, now)?;
    synced.fresh = synced.fresh.saturating_add(fresh as u64);
    synced.discrepancies.extend(discrepancies.into_iter().map(|found| (lease.clone(), found.to_string())));
    Ok(())
}

/// A charge that is for the chain. Also one that was never sent as far as this state file knows, which may be a backup.
fn ours(charge: &ChargeRow, record: &RecordRow) -> Option<Ours> {
    (charge.charge.units > 0).then(|| Ours {
        id: charge.id,
        lease_id: record.facts.lease.to_string(),
        usage_type: charge.charge.usage_type,
        units: charge.charge.units,
        unit_price: charge.charge.unit_price.clone(),
        window: record.facts.window,
        usage_id: charge.usage_id.clone(),
    })
}

/// Charges whose message a block executed, and of which the chain has no record.
fn vanished(change: &Change<'_>, book: &Book, missing: &[i64]) -> Result<Vec<Discrepancy>, Error> {
    let mut all = Vec::new();
    for (charge, record) in book.charges.iter().filter(|(charge, _)| missing.contains(&charge.id)) {
        let Some(intent) = charge.intent else { continue };
        if intents::state(change, intent)? == Some(Intent::Done) {
            let (record_id, usage_type) = (record.facts.record_id(), charge.charge.usage_type.word().to_owned());
            all.push(Discrepancy::Missing { record_id, usage_type });
        }
    }
    Ok(all)
}

/// Records all of whose charges are on chain, or paid, are so themselves.
fn move_on(change: &Change<'_>, lease: &str, synced: &mut Synced) -> Result<(), Error> {
    let mut by_record: BTreeMap<i64, Vec<ChargeRow>> = BTreeMap::new();
    for charge in charges::of_lease(change, lease)? {
        if charge.charge.units > 0 {
            by_record.entry(charge.record.0).or_default().push(charge);
        }
    }
    for charged in by_record.values() {
        let Some(id) = charged.first().map(|charge| charge.record) else { continue };
        let mut state = records::get(change, id)?.state;
        let confirmable = matches!(state, State::Pending | State::NoEscrow | State::Submitted | State::Failed);
        if confirmable && charged.iter().all(|charge| charge.usage_id.is_some()) {
            state = records::apply(change, id, Event::Confirm, None)?;
            synced.confirmed = synced.confirmed.saturating_add(1);
        }
        if state == State::Recorded && charged.iter().all(|charge| charge.settlement_id.is_some()) {
            records::apply(change, id, Event::Settle, None)?;
            synced.settled = synced.settled.saturating_add(1);
        }
    }
    Ok(())
}

/// What was charged of a lease that is over, and by a later correction was not used.
fn overcharged(book: &Book) -> impl Iterator<Item = Discrepancy> + '_ {
    let below_zero = book.carried.iter().filter(|(_, carried)| *carried < 0);
    below_zero.map(|(usage_type, carried)| Discrepancy::Overcharged {
        usage_type: usage_type.word().to_owned(),
        by: carried.unsigned_abs().to_string(),
    })
}

/// Whether our own books add up.
fn unbalanced(book: &Book) -> Vec<Discrepancy> {
    let entries = book.charges.iter().map(|(row, _)| Entry {
        usage_type: row.charge.usage_type,
        metered: row.charge.metered,
        units: row.charge.units,
        stage: match (&row.settlement_id, &row.usage_id, row.intent) {
            (Some(_), _, _) => Stage::Settled,
            (None, Some(_), _) => Stage::Recorded,
            (None, None, Some(_)) => Stage::Submitted,
            (None, None, None) => Stage::Pending,
        },
    });
    let accounts = accounts(entries, book.carried.iter().copied());
    let wrong = accounts.iter().filter_map(|(usage_type, account)| account.check(*usage_type).err());
    wrong.map(|wrong| Discrepancy::Unbalanced { what: wrong.to_string() }).collect()
}

fn sum<'c>(coins: impl IntoIterator<Item = &'c Coin>) -> BTreeMap<String, Int> {
    let mut all: BTreeMap<String, Int> = BTreeMap::new();
    for coin in coins {
        let sum = all.entry(coin.denom.to_string()).or_insert(Int::ZERO);
        *sum = sum.checked_add(coin.amount).unwrap_or(Int::MAX);
    }
    all.retain(|_, amount| !amount.is_zero());
    all
}

fn shown(coins: &BTreeMap<String, Int>) -> String {
    let coins: Vec<String> = coins.iter().map(|(denom, amount)| format!("{amount}{denom}")).collect();
    if coins.is_empty() { "nothing".to_owned() } else { coins.join(",") }
}

/// A settlement of usage that paid less than its records cost, or a final one that paid more.
fn paid_less(paid: &Settlement, records: &[UsageRecord]) -> Option<Discrepancy> {
    let ids: BTreeSet<&str> = paid.usage_record_ids.iter().map(String::as_str).collect();
    let of_it: Vec<&UsageRecord> = records.iter().filter(|record| ids.contains(record.id.as_str())).collect();
    // One that also paid records of others says nothing about ours.
    if of_it.len() != ids.len() {
        return None;
    }
    let (total, cost) = (sum(&paid.total), sum(of_it.iter().flat_map(|record| &record.total_cost)));
    if paid.is_final {
        let more = total.iter().any(|(denom, amount)| cost.get(denom).is_none_or(|cost| cost < amount));
        return more.then(|| Discrepancy::PaidMore {
            settlement_id: paid.id.clone(),
            paid: shown(&total),
            cost: shown(&cost),
        });
    }
    let less = cost.iter().any(|(denom, amount)| total.get(denom).is_none_or(|paid| paid < amount));
    less.then(|| Discrepancy::PaidLess { settlement_id: paid.id.clone(), paid: shown(&total), cost: shown(&cost) })
}

/// Usage that no escrow will pay any more.
fn unpaid(escrows: &[Escrow], records: &[UsageRecord]) -> Option<Discrepancy> {
    let alive = |escrow: &Escrow| {
        matches!(
            escrow.state,
            EscrowState::Pending | EscrowState::Active | EscrowState::Disputed | EscrowState::Unknown(_)
        )
    };
    let last = escrows.last().filter(|_| !escrows.iter().any(alive))?;
    let open = records.iter().filter(|record| record.settlement_id.is_none());
    let amount = sum(open.flat_map(|record| &record.total_cost));
    (!amount.is_empty()).then(|| Discrepancy::Unpaid { escrow_id: last.id.clone(), amount: shown(&amount) })
}

/// Writes down an escrow that a command has to do with: what becomes of it is read from then on.
/// One that names no lease of the network is none of ours.
pub fn note_escrow(
    change: &Change<'_>,
    escrow: &Escrow,
    prefix: &str,
    now: jiff::Timestamp,
) -> Result<(), crate::store::Error> {
    match LeaseId::parse(&escrow.lease_id, prefix) {
        Ok(lease) => settlement::see_escrow(change, &escrow_row(escrow, &lease.to_string(), now)),
        Err(_) => Ok(()),
    }
}

fn coins(coins: &[Coin]) -> String {
    let coins: Vec<String> = coins.iter().map(ToString::to_string).collect();
    coins.join(",")
}

fn escrow_row(escrow: &Escrow, lease: &str, now: jiff::Timestamp) -> EscrowRow {
    EscrowRow {
        escrow_id: escrow.id.clone(),
        order_id: escrow.order_id.clone(),
        lease: lease.to_owned(),
        state: escrow.state.word().to_owned(),
        amount: coins(&escrow.amount),
        balance: coins(&escrow.balance),
        settled: coins(&escrow.settled),
        expires_at: escrow.expires_at,
        seen_at: now,
    }
}

fn settlement_row(paid: &Settlement, now: jiff::Timestamp) -> SettlementRow {
    SettlementRow {
        settlement_id: paid.id.clone(),
        escrow_id: paid.escrow_id.clone(),
        order_id: paid.order_id.clone(),
        lease: paid.lease_id.clone(),
        total: coins(&paid.total),
        provider_share: coins(&paid.provider_share),
        platform_fee: coins(&paid.platform_fee),
        validator_fee: coins(&paid.validator_fee),
        is_final: paid.is_final,
        records: paid.usage_record_ids.len() as u64,
        settled_at: paid.settled_at.unwrap_or(now),
    }
}
