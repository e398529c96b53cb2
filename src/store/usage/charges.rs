//! `usage_charges` and `usage_carries`: what each record charges, and what waits for the next one.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use rusqlite::{Row, params};

use super::value::{At, Text, lease, unreadable};
use super::{Error, RecordId};
use crate::domain::amount::{self, Coin, DecCoin, Int};
use crate::domain::id::LeaseId;
use crate::domain::outbox::intent::State;
use crate::domain::usage::{Charge, Facts, Kind, UsageType};
use crate::store::outbox::{IntentId, intents};
use crate::store::{self, Change, Snapshot, StoredTime};

/// A charge as the state file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChargeRow {
    /// Its number.
    pub id: i64,
    /// Of which record.
    pub record: RecordId,
    /// What it charges.
    pub charge: Charge,
    /// The message in the outbox.
    pub intent: Option<IntentId>,
    /// The chain's own record.
    pub usage_id: Option<String>,
    /// The settlement that paid it.
    pub settlement_id: Option<String>,
}

/// Charges what a record adds to the accounts of its lease. Gives back the sum as text, and whether anything of it is for
/// the chain.
///
/// What earlier revisions of the window charged is not charged again: a correction charges the difference.
pub(super) fn charge(change: &Change<'_>, record: RecordId, facts: &Facts) -> Result<(String, bool), Error> {
    let lease = facts.lease.to_string();
    let failed = |source| Error::Amount { lease: lease.clone(), source };
    let before = if facts.revision > 1 { charged_before(change, facts)? } else { BTreeMap::new() };
    let types: BTreeSet<UsageType> = facts.pricing.usage_prices.keys().chain(before.keys()).copied().collect();
    let (mut costs, mut for_the_chain) = (Vec::new(), false);
    // After the end no later record takes up what one leaves.
    let last = facts.kind == Kind::Final || has_ended(change, &lease)?;
    for usage_type in types {
        let (metered, price) = before.get(&usage_type).map_or((0, None), |(metered, price)| (*metered, Some(price)));
        let Some(price) = facts.pricing.usage_prices.get(&usage_type).or(price) else { continue };
        let priced = facts.pricing.usage_prices.contains_key(&usage_type);
        let used = facts.used.get(usage_type.metric()).filter(|_| priced);
        if used.is_none() && metered == 0 {
            continue;
        }
        let difference = used.unwrap_or(0).saturating_sub(metered);
        let carried = carried(change, &lease, usage_type)?;
        let charge = Charge::new(usage_type, carried, difference, price, last).map_err(failed)?;
        insert(change, record, &lease, &charge)?;
        for_the_chain |= charge.units > 0;
        costs.push(charge.cost);
    }
    Ok((sum(costs).map_err(failed)?, for_the_chain))
}

/// Takes back what earlier revisions of a window charge and no message carries: the units go back to the carry. Gives back
/// the records that charge less now.
///
/// A message that is out, or was executed, is not taken back: the correction charges the difference to it.
pub(super) fn take_back(change: &Change<'_>, facts: &Facts) -> Result<BTreeSet<RecordId>, Error> {
    let lease = facts.lease.to_string();
    let mut records = BTreeSet::new();
    for row in of_window(change, facts)? {
        if row.charge.units == 0 || row.usage_id.is_some() || is_out(change, row.intent)? {
            continue;
        }
        let units = i128::from(row.charge.units).saturating_mul(row.charge.usage_type.unit());
        let account = row.charge.carried_in.saturating_add(row.charge.metered);
        let nothing = Coin { amount: Int::ZERO, denom: row.charge.cost.denom };
        change.execute(
            "UPDATE usage_charges SET units = ?2, cost = ?3, carried_out = ?4, intent = NULL WHERE id = ?1",
            params![row.id, Text(0_u64), Text(&nothing), Text(account)],
        )?;
        let carried = carried(change, &lease, row.charge.usage_type)?;
        carry(change, &lease, row.charge.usage_type, carried.saturating_add(units))?;
        records.insert(row.record);
    }
    Ok(records)
}

/// Whether a message may still come onto the chain, or is on it: then no other is made for its charge.
pub fn is_out(snapshot: &Snapshot<'_>, intent: Option<IntentId>) -> Result<bool, store::Error> {
    let Some(intent) = intent else { return Ok(false) };
    Ok(match intents::state(snapshot, intent)? {
        Some(State::Queued | State::NeedsConfirmation | State::InFlight | State::Done) => true,
        // One that is pruned was settled long ago.
        Some(State::Refused | State::Expired | State::Abandoned) | None => false,
    })
}

/// What a window costs with a record of it: the charges of the record, and of the revisions before it.
pub(super) fn cost_up_to(snapshot: &Snapshot<'_>, record: RecordId, facts: &Facts) -> Result<String, Error> {
    // Later revisions have higher numbers.
    let up_to = of_window(snapshot, facts)?.into_iter().filter(|row| row.record <= record);
    sum(up_to.map(|row| row.charge.cost)).map_err(|source| Error::Amount { lease: facts.lease.to_string(), source })
}

/// `6uve`; more than one denomination with commas between.
fn sum(costs: impl IntoIterator<Item = Coin>) -> Result<String, amount::Error> {
    let mut all: BTreeMap<String, Int> = BTreeMap::new();
    for cost in costs {
        let sum = all.entry(cost.denom.to_string()).or_insert(Int::ZERO);
        *sum = sum.checked_add(cost.amount)?;
    }
    let all: Vec<String> = all.into_iter().map(|(denom, amount)| format!("{amount}{denom}")).collect();
    Ok(all.join(","))
}

/// Whether the last record of a lease was made: nothing that is used later takes up what it left.
pub fn has_ended(snapshot: &Snapshot<'_>, lease: &str) -> Result<bool, store::Error> {
    let sql = "SELECT EXISTS (SELECT 1 FROM usage_records WHERE lease = ?1 AND type = 'final' AND hash IS NOT NULL)";
    snapshot.one(sql, [lease], |row| row.get(0))
}

/// What earlier revisions of a window charged: of each usage type how much of its metric, at which price.
fn charged_before(change: &Change<'_>, facts: &Facts) -> Result<BTreeMap<UsageType, (i128, DecCoin)>, Error> {
    let mut before: BTreeMap<UsageType, (i128, DecCoin)> = BTreeMap::new();
    for row in of_window(change, facts)? {
        let sum = before.entry(row.charge.usage_type).or_insert((0, row.charge.unit_price));
        sum.0 = sum.0.saturating_add(row.charge.metered);
    }
    Ok(before)
}

/// The charges of every revision of a window.
fn of_window(snapshot: &Snapshot<'_>, facts: &Facts) -> Result<Vec<ChargeRow>, store::Error> {
    snapshot.rows(
        "SELECT charges.* FROM usage_charges AS charges JOIN usage_records AS records ON records.id = charges.record
         WHERE records.lease = ?1 AND records.start_at = ?2 ORDER BY charges.id",
        params![facts.lease.to_string(), At(facts.window.start())],
        read,
    )
}

fn insert(change: &Change<'_>, record: RecordId, lease: &str, charge: &Charge) -> Result<(), Error> {
    change.execute(
        "INSERT INTO usage_charges
           (record, lease, usage_type, carried_in, metered, units, unit_price, cost, carried_out)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            record.0,
            lease,
            charge.usage_type.word(),
            Text(charge.carried_in),
            Text(charge.metered),
            Text(charge.units),
            Text(&charge.unit_price),
            Text(&charge.cost),
            Text(charge.carried_out),
        ],
    )?;
    carry(change, lease, charge.usage_type, charge.carried_out)
}

fn carry(change: &Change<'_>, lease: &str, usage_type: UsageType, carried: i128) -> Result<(), Error> {
    change.execute(
        "INSERT INTO usage_carries (lease, usage_type, carried) VALUES (?1, ?2, ?3)
         ON CONFLICT (lease, usage_type) DO UPDATE SET carried = excluded.carried",
        params![lease, usage_type.word(), Text(carried)],
    )?;
    Ok(())
}

/// What of a usage type was metered for a lease and not charged yet.
pub fn carried(snapshot: &Snapshot<'_>, lease: &str, usage_type: UsageType) -> Result<i128, store::Error> {
    let carried = snapshot.row(
        "SELECT carried FROM usage_carries WHERE lease = ?1 AND usage_type = ?2",
        params![lease, usage_type.word()],
        |row| row.get::<_, Text<i128>>(0),
    )?;
    Ok(carried.map_or(0, |carried| carried.0))
}

/// The charges of a record.
pub fn of_record(snapshot: &Snapshot<'_>, record: RecordId) -> Result<Vec<ChargeRow>, store::Error> {
    snapshot.rows("SELECT * FROM usage_charges WHERE record = ?1 ORDER BY usage_type", [record.0], read)
}

/// The charges of a lease, in the order in which they were made.
pub fn of_lease(snapshot: &Snapshot<'_>, lease: &str) -> Result<Vec<ChargeRow>, store::Error> {
    snapshot.rows("SELECT * FROM usage_charges WHERE lease = ?1 ORDER BY id", [lease], read)
}

/// What of each usage type was metered for a lease and not charged yet.
pub fn carries(snapshot: &Snapshot<'_>, lease: &str) -> Result<Vec<(UsageType, i128)>, store::Error> {
    let sql = "SELECT usage_type, carried FROM usage_carries WHERE lease = ?1 ORDER BY usage_type";
    snapshot.rows(sql, [lease], |row| {
        let word: String = row.get(0)?;
        let usage_type = UsageType::from_word(&word).ok_or_else(|| unreadable(format!("`{word}` is no usage type")))?;
        Ok((usage_type, row.get::<_, Text<i128>>(1)?.0))
    })
}

/// The leases that have charges on their way or on chain which are not paid yet, an escrow that goes on, or more charged
/// than was used.
pub fn open_leases(snapshot: &Snapshot<'_>) -> Result<Vec<LeaseId>, store::Error> {
    snapshot.rows(
        "SELECT lease FROM usage_charges
         WHERE settlement_id IS NULL AND units <> '0' AND (intent IS NOT NULL OR usage_id IS NOT NULL)
         UNION SELECT lease FROM settlement_escrows WHERE state IN ('pending', 'active', 'disputed') AND lease <> ''
         UNION SELECT lease FROM usage_carries WHERE carried LIKE '-%'
         ORDER BY lease",
        [],
        |row| lease(row, "lease"),
    )
}

/// A charge that is on chain and not paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsettled {
    /// The chain's id.
    pub usage_id: String,
    /// The order.
    pub order_id: String,
    /// Its window ended then.
    pub since: Timestamp,
    /// It is of the last window of its lease.
    pub last: bool,
}

/// The charges that are on chain and not paid, oldest first.
pub fn unsettled(snapshot: &Snapshot<'_>) -> Result<Vec<Unsettled>, store::Error> {
    snapshot.rows(
        "SELECT charges.usage_id, charges.lease, records.end_at, records.type
         FROM usage_charges AS charges JOIN usage_records AS records ON records.id = charges.record
         WHERE charges.usage_id IS NOT NULL AND charges.settlement_id IS NULL ORDER BY charges.id",
        [],
        |row| {
            Ok(Unsettled {
                usage_id: row.get(0)?,
                order_id: lease(row, "lease")?.order().to_string(),
                since: row.get::<_, StoredTime>(2)?.0,
                last: row.get::<_, String>(3)? == Kind::Final.word(),
            })
        },
    )
}

/// Writes down which message of the outbox carries a charge.
pub fn submitted(change: &Change<'_>, id: i64, intent: IntentId) -> Result<(), store::Error> {
    change.execute("UPDATE usage_charges SET intent = ?2 WHERE id = ?1", params![id, intent.0]).map(drop)
}

/// Writes down the chain's own record of a charge.
pub fn recorded(change: &Change<'_>, id: i64, usage_id: &str) -> Result<(), store::Error> {
    change.execute("UPDATE usage_charges SET usage_id = ?2 WHERE id = ?1", params![id, usage_id]).map(drop)
}

/// Writes down the settlement that paid the chain's record. Gives back whether it is one of ours.
pub fn settled(change: &Change<'_>, usage_id: &str, settlement_id: &str) -> Result<bool, store::Error> {
    let sql = "UPDATE usage_charges SET settlement_id = ?2 WHERE usage_id = ?1";
    change.execute(sql, params![usage_id, settlement_id]).map(|rows| rows > 0)
}

fn read(row: &Row<'_>) -> rusqlite::Result<ChargeRow> {
    let word: String = row.get("usage_type")?;
    let usage_type = UsageType::from_word(&word).ok_or_else(|| unreadable(format!("`{word}` is no usage type")))?;
    Ok(ChargeRow {
        id: row.get("id")?,
        record: RecordId(row.get("record")?),
        charge: Charge {
            usage_type,
            carried_in: row.get::<_, Text<i128>>("carried_in")?.0,
            metered: row.get::<_, Text<i128>>("metered")?.0,
            units: row.get::<_, Text<u64>>("units")?.0,
            unit_price: row.get::<_, Text<DecCoin>>("unit_price")?.0,
            cost: row.get::<_, Text<Coin>>("cost")?.0,
            carried_out: row.get::<_, Text<i128>>("carried_out")?.0,
        },
        intent: row.get::<_, Option<i64>>("intent")?.map(IntentId),
        usage_id: row.get("usage_id")?,
        settlement_id: row.get("settlement_id")?,
    })
}
