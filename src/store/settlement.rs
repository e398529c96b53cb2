//! The table family of settlement: what the chain said last of leases' payments and of usage, and what was earned.

use jiff::Timestamp;
use rusqlite::{Row, params};

use super::outbox::IntentId;
use super::{Change, Error, Snapshot, StoredTime, totals};
use crate::domain::amount::{Coin, Dec18, DecCoin, Denom, Rounding};
use crate::domain::height::Height;
use crate::domain::id::LeaseId;
use crate::domain::ledger::Discrepancy;

/// The payment of a lease as it was read last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentRow {
    /// The lease.
    pub lease: String,
    /// Its tenant.
    pub tenant: String,
    /// Where the lease stands.
    pub lease_state: String,
    /// Where the payment stands.
    pub payment_state: String,
    /// By the block.
    pub rate: DecCoin,
    /// Earned and not paid out.
    pub balance: DecCoin,
    /// Earned and not covered.
    pub unsettled: DecCoin,
    /// Paid out, the chain's share included.
    pub withdrawn: Coin,
    /// Earned in all, when it was read.
    pub earned: DecCoin,
    /// Up to this height the tenant's money lasts.
    pub funded_to: Option<Height>,
    /// As of this height.
    pub seen_height: Height,
    /// When.
    pub seen_at: Timestamp,
    /// The message that withdraws now.
    pub withdrawal: Option<IntentId>,
    /// How many withdrawals there were.
    pub withdrawals: u32,
    /// When the last one was done.
    pub last_withdrawn_at: Option<Timestamp>,
}

/// A settlement escrow as it was read last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EscrowRow {
    /// Its id.
    pub escrow_id: String,
    /// Its order.
    pub order_id: String,
    /// The lease; empty until it is active.
    pub lease: String,
    /// Where it stands.
    pub state: String,
    /// What was set aside.
    pub amount: String,
    /// What is left.
    pub balance: String,
    /// What was settled.
    pub settled: String,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// When it was read.
    pub seen_at: Timestamp,
}

/// A settlement on chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettlementRow {
    /// Its id.
    pub settlement_id: String,
    /// The escrow that paid.
    pub escrow_id: String,
    /// The order.
    pub order_id: String,
    /// The lease.
    pub lease: String,
    /// All of it.
    pub total: String,
    /// What the provider got.
    pub provider_share: String,
    /// What the platform kept.
    pub platform_fee: String,
    /// What the validators kept.
    pub validator_fee: String,
    /// It emptied the escrow.
    pub is_final: bool,
    /// How many records it paid.
    pub records: u64,
    /// When.
    pub settled_at: Timestamp,
}

/// Something earned, as it was noticed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earning {
    /// When it was noticed.
    pub at: Timestamp,
    /// From which lease.
    pub lease: String,
    /// From which tenant.
    pub tenant: String,
    /// `lease` or `usage`.
    pub source: String,
    /// How much.
    pub amount: DecCoin,
}

/// What a lease earns by the block: as its payment was read, or the lease was seen, or as it was bid for.
pub fn rate_of(snapshot: &Snapshot<'_>, lease: &LeaseId) -> Result<Option<DecCoin>, Error> {
    let (id, order, provider) = (lease.to_string(), lease.order().to_string(), lease.provider().to_string());
    snapshot.row(
        "SELECT rate FROM lease_payments WHERE lease = ?1
         UNION ALL SELECT price FROM leases WHERE id = ?1
         UNION ALL SELECT price FROM bids WHERE order_id = ?2 AND provider = ?3 LIMIT 1",
        [id, order, provider],
        |row| text(row, "rate"),
    )
}

/// Every payment, in the order of the leases; those that still flow only where `open` is asked for.
pub fn payments(snapshot: &Snapshot<'_>, open: bool) -> Result<Vec<PaymentRow>, Error> {
    let sql = "SELECT * FROM lease_payments WHERE NOT ?1 OR payment_state = 'open' ORDER BY lease";
    snapshot.rows(sql, [open], read_payment)
}

/// Leases that were metered and whose payment was never read.
pub fn never_read(snapshot: &Snapshot<'_>) -> Result<Vec<String>, Error> {
    let sql = "SELECT lease FROM usage_meters WHERE lease NOT IN (SELECT lease FROM lease_payments) ORDER BY lease";
    snapshot.rows(sql, [], |row| row.get(0))
}

/// Writes down a payment as it was read, and what was earned since it was read before.
pub fn see_payment(change: &Change<'_>, row: &PaymentRow) -> Result<(), Error> {
    let before = change
        .row("SELECT earned FROM lease_payments WHERE lease = ?1", [&row.lease], |row| dec_coin(row, "earned"))?;
    let earned = row.earned.amount.checked_sub(before.map_or(Dec18::ZERO, |before| before.amount));
    if let Ok(amount) = earned
        && !amount.is_zero()
    {
        let amount = DecCoin::new(amount, row.earned.denom.clone());
        earn(
            change,
            &Earning {
                at: row.seen_at,
                lease: row.lease.clone(),
                tenant: row.tenant.clone(),
                source: "lease".to_owned(),
                amount,
            },
        )?;
    }
    change.execute(
        "INSERT INTO lease_payments (lease, tenant, lease_state, payment_state, rate, balance, unsettled, withdrawn, earned,
           funded_to, seen_height, seen_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
         ON CONFLICT (lease) DO UPDATE SET lease_state = ?3, payment_state = ?4, rate = ?5, balance = ?6, unsettled = ?7,
           withdrawn = ?8, earned = ?9, funded_to = ?10, seen_height = ?11, seen_at = ?12",
        params![
            row.lease,
            row.tenant,
            row.lease_state,
            row.payment_state,
            row.rate.to_string(),
            row.balance.to_string(),
            row.unsettled.to_string(),
            row.withdrawn.to_string(),
            row.earned.to_string(),
            row.funded_to.map(|height| number(height.0)),
            number(row.seen_height.0),
            StoredTime(row.seen_at),
        ],
    )?;
    Ok(())
}

/// Writes down which message withdraws from a lease.
pub fn withdrawing(change: &Change<'_>, lease: &str, intent: IntentId) -> Result<(), Error> {
    let sql = "UPDATE lease_payments SET withdrawal = ?2, withdrawals = withdrawals + 1 WHERE lease = ?1";
    change.execute(sql, params![lease, intent.0]).map(drop)
}

/// Writes down that a withdrawal ended: done at a time, or not done.
pub fn withdrew(change: &Change<'_>, lease: &str, done_at: Option<Timestamp>) -> Result<(), Error> {
    let sql = "UPDATE lease_payments SET withdrawal = NULL, last_withdrawn_at = coalesce(?2, last_withdrawn_at)
               WHERE lease = ?1";
    change.execute(sql, params![lease, done_at.map(StoredTime)]).map(drop)
}

/// Writes down an escrow as it was read.
pub fn see_escrow(change: &Change<'_>, row: &EscrowRow) -> Result<(), Error> {
    change.execute(
        "INSERT INTO settlement_escrows (escrow_id, order_id, lease, state, amount, balance, settled, expires_at, seen_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (escrow_id) DO UPDATE SET lease = ?3, state = ?4, amount = ?5, balance = ?6, settled = ?7,
           expires_at = ?8, seen_at = ?9",
        params![
            row.escrow_id,
            row.order_id,
            row.lease,
            row.state,
            row.amount,
            row.balance,
            row.settled,
            row.expires_at.map(StoredTime),
            StoredTime(row.seen_at),
        ],
    )?;
    Ok(())
}

/// The escrows of an order, the newest last.
pub fn escrows_of(snapshot: &Snapshot<'_>, order_id: &str) -> Result<Vec<EscrowRow>, Error> {
    snapshot.rows("SELECT * FROM settlement_escrows WHERE order_id = ?1 ORDER BY rowid", [order_id], read_escrow)
}

/// Every escrow.
pub fn escrows(snapshot: &Snapshot<'_>) -> Result<Vec<EscrowRow>, Error> {
    snapshot.rows("SELECT * FROM settlement_escrows ORDER BY rowid", [], read_escrow)
}

/// Writes down a settlement, once, and what it earned. Gives back whether it is new.
pub fn see_settlement(change: &Change<'_>, row: &SettlementRow, tenant: &str) -> Result<bool, Error> {
    let rows = change.execute(
        "INSERT INTO settlements (settlement_id, escrow_id, order_id, lease, total, provider_share, platform_fee,
           validator_fee, is_final, records, settled_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT (settlement_id) DO NOTHING",
        params![
            row.settlement_id,
            row.escrow_id,
            row.order_id,
            row.lease,
            row.total,
            row.provider_share,
            row.platform_fee,
            row.validator_fee,
            row.is_final,
            number(row.records),
            StoredTime(row.settled_at),
        ],
    )?;
    if rows == 1 {
        for coin in row.provider_share.split(',').filter_map(|coin| coin.parse::<DecCoin>().ok()) {
            earn(
                change,
                &Earning {
                    at: row.settled_at,
                    lease: row.lease.clone(),
                    tenant: tenant.to_owned(),
                    source: "usage".to_owned(),
                    amount: coin,
                },
            )?;
        }
    }
    Ok(rows == 1)
}

/// Settlements, the newest first; of one lease where it is named.
pub fn settlements(
    snapshot: &Snapshot<'_>,
    lease: Option<&str>,
    limit: Option<u32>,
) -> Result<Vec<SettlementRow>, Error> {
    snapshot.rows(
        "SELECT * FROM settlements WHERE ?1 IS NULL OR lease = ?1 ORDER BY settled_at DESC, settlement_id DESC LIMIT ?2",
        params![lease, limit.map_or(-1, i64::from)],
        |row| {
            Ok(SettlementRow {
                settlement_id: row.get("settlement_id")?,
                escrow_id: row.get("escrow_id")?,
                order_id: row.get("order_id")?,
                lease: row.get("lease")?,
                total: row.get("total")?,
                provider_share: row.get("provider_share")?,
                platform_fee: row.get("platform_fee")?,
                validator_fee: row.get("validator_fee")?,
                is_final: row.get("is_final")?,
                records: row.get::<_, i64>("records")?.unsigned_abs(),
                settled_at: row.get::<_, StoredTime>("settled_at")?.0,
            })
        },
    )
}

/// Writes down what does not fit for a lease now; what fits again is forgotten. Gives back how many are new.
pub fn see_discrepancies(
    change: &Change<'_>,
    lease: &str,
    found: &[Discrepancy],
    now: Timestamp,
) -> Result<usize, Error> {
    let texts: Vec<String> = found.iter().filter_map(|one| serde_json::to_string(one).ok()).collect();
    let known = change
        .rows("SELECT detail FROM settlement_discrepancies WHERE lease = ?1", [lease], |row| row.get::<_, String>(0))?;
    for gone in known.iter().filter(|known| !texts.contains(known)) {
        let sql = "DELETE FROM settlement_discrepancies WHERE lease = ?1 AND detail = ?2";
        change.execute(sql, params![lease, gone])?;
    }
    let mut new = 0;
    for text in texts {
        new += change.execute(
            "INSERT INTO settlement_discrepancies (lease, detail, first_seen) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            params![lease, text, StoredTime(now)],
        )?;
    }
    Ok(new)
}

/// What does not fit: lease, what, since when.
pub fn discrepancies(snapshot: &Snapshot<'_>) -> Result<Vec<(String, Discrepancy, Timestamp)>, Error> {
    let sql = "SELECT lease, detail, first_seen FROM settlement_discrepancies ORDER BY lease, detail";
    snapshot.rows(sql, [], |row| {
        let detail: String = row.get(1)?;
        let found = serde_json::from_str(&detail).map_err(|error| unreadable(error.to_string()))?;
        Ok((row.get(0)?, found, row.get::<_, StoredTime>(2)?.0))
    })
}

fn earn(change: &Change<'_>, earning: &Earning) -> Result<(), Error> {
    change.execute(
        "INSERT INTO earnings (at, lease, tenant, source, amount, denom) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            StoredTime(earning.at),
            earning.lease,
            earning.tenant,
            earning.source,
            earning.amount.amount.to_string(),
            earning.amount.denom.as_str(),
        ],
    )?;
    totals::fold(change)
}

/// Looks at everything earned in a time, oldest first.
pub fn each_earning(
    snapshot: &Snapshot<'_>,
    (from, to): (Option<Timestamp>, Option<Timestamp>),
    mut look: impl FnMut(Earning),
) -> Result<(), Error> {
    snapshot.each(
        "SELECT * FROM earnings WHERE (?1 IS NULL OR at >= ?1) AND (?2 IS NULL OR at < ?2) ORDER BY at, id",
        params![from.map(StoredTime), to.map(StoredTime)],
        |row| {
            let denom: String = row.get("denom")?;
            let denom: Denom = denom.parse().map_err(|_| unreadable(format!("`{denom}` is no denomination")))?;
            look(Earning {
                at: row.get::<_, StoredTime>("at")?.0,
                lease: row.get("lease")?,
                tenant: row.get("tenant")?,
                source: row.get("source")?,
                amount: DecCoin::new(text::<Dec18>(row, "amount")?, denom),
            });
            Ok(())
        },
    )
}

/// A height or a count: SQLite's integers have a sign.
fn number(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn unreadable(why: String) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, why.into())
}

fn text<T: std::str::FromStr<Err: std::fmt::Display>>(row: &Row<'_>, column: &str) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    text.parse().map_err(|error: T::Err| unreadable(format!("{column}: {error}")))
}

/// What the chain calls a decimal coin, which can be below zero.
fn dec_coin(row: &Row<'_>, column: &str) -> rusqlite::Result<DecCoin> {
    let written: String = row.get(column)?;
    let Some(positive) = written.strip_prefix('-') else { return text(row, column) };
    let coin: DecCoin =
        positive.parse().map_err(|error: crate::domain::amount::Error| unreadable(error.to_string()))?;
    Ok(DecCoin::new(-coin.amount, coin.denom))
}

fn read_payment(row: &Row<'_>) -> rusqlite::Result<PaymentRow> {
    let height = |number: i64| Height(number.unsigned_abs());
    Ok(PaymentRow {
        lease: row.get("lease")?,
        tenant: row.get("tenant")?,
        lease_state: row.get("lease_state")?,
        payment_state: row.get("payment_state")?,
        rate: text(row, "rate")?,
        balance: dec_coin(row, "balance")?,
        unsettled: dec_coin(row, "unsettled")?,
        withdrawn: text(row, "withdrawn")?,
        earned: dec_coin(row, "earned")?,
        funded_to: row.get::<_, Option<i64>>("funded_to")?.map(height),
        seen_height: height(row.get("seen_height")?),
        seen_at: row.get::<_, StoredTime>("seen_at")?.0,
        withdrawal: row.get::<_, Option<i64>>("withdrawal")?.map(IntentId),
        withdrawals: row.get("withdrawals")?,
        last_withdrawn_at: row.get::<_, Option<StoredTime>>("last_withdrawn_at")?.map(|time| time.0),
    })
}

fn read_escrow(row: &Row<'_>) -> rusqlite::Result<EscrowRow> {
    Ok(EscrowRow {
        escrow_id: row.get("escrow_id")?,
        order_id: row.get("order_id")?,
        lease: row.get("lease")?,
        state: row.get("state")?,
        amount: row.get("amount")?,
        balance: row.get("balance")?,
        settled: row.get("settled")?,
        expires_at: row.get::<_, Option<StoredTime>>("expires_at")?.map(|time| time.0),
        seen_at: row.get::<_, StoredTime>("seen_at")?.0,
    })
}

/// Whole coins of an amount that is shown.
pub fn whole(amount: &DecCoin) -> Option<Coin> {
    amount.to_coin(Rounding::Down).ok()
}

#[cfg(test)]
mod tests;
