//! `outbox_spending`: the books. What a block took is a row; what live transactions may still take is counted with it.

use jiff::Timestamp;
use rusqlite::{ToSql, params};

use super::Stamp;
use super::transactions::TxId;
use super::value::Stored;
use crate::domain::amount::Coin;
use crate::domain::outbox::{Spending, SpendingKind};
use crate::store::job_runs::RunId;
use crate::store::{self, Change, Snapshot, StoredTime, totals};

/// Books what a transaction took, on the run that signed it.
pub fn book(change: &Change<'_>, tx: TxId, kind: SpendingKind, coin: &Coin, stamp: Stamp) -> Result<(), store::Error> {
    change.execute(
        "INSERT INTO outbox_spending (at, run, tx, kind, amount)
         VALUES (?1, (SELECT run FROM outbox_transactions WHERE id = ?2), ?2, ?3, ?4)",
        params![StoredTime(stamp.at), tx.0, Stored(kind), Stored(coin)],
    )?;
    totals::fold(change)
}

/// What was booked since a time, and what live transactions may still take.
pub fn since(snapshot: &Snapshot<'_>, time: Timestamp) -> Result<Spending, store::Error> {
    let mut spending = reserved(snapshot, "?1 IS NULL", &[&None::<i64>])?;
    add(snapshot, &mut spending, "at >= ?1", StoredTime(time).0.as_microsecond())?;
    Ok(spending)
}

/// What was booked on a run, and what its live transactions may still take.
pub fn of_run(snapshot: &Snapshot<'_>, run: RunId) -> Result<Spending, store::Error> {
    let mut spending = reserved(snapshot, "run = ?1", &[&run.0])?;
    add(snapshot, &mut spending, "run = ?1", run.0)?;
    Ok(spending)
}

/// What was booked on a run.
pub fn booked_on(snapshot: &Snapshot<'_>, run: RunId) -> Result<Spending, store::Error> {
    let mut spending = Spending::default();
    add(snapshot, &mut spending, "run = ?1", run.0)?;
    Ok(spending)
}

/// What the live transactions of a signer may still take.
pub fn out(snapshot: &Snapshot<'_>, (chain, signer): (&str, &str)) -> Result<Spending, store::Error> {
    reserved(snapshot, "chain = ?1 AND signer = ?2", &[&chain, &signer])
}

/// What was booked on a transaction.
pub fn of_transaction(snapshot: &Snapshot<'_>, tx: TxId) -> Result<Spending, store::Error> {
    let mut spending = Spending::default();
    add(snapshot, &mut spending, "tx = ?1", tx.0)?;
    Ok(spending)
}

fn add(
    snapshot: &Snapshot<'_>,
    spending: &mut Spending,
    condition: &'static str,
    operand: i64,
) -> Result<(), store::Error> {
    snapshot.each(&format!("SELECT kind, amount FROM outbox_spending WHERE {condition}"), [operand], |row| {
        let (kind, coin): (Stored<SpendingKind>, Stored<Coin>) = (row.get(0)?, row.get(1)?);
        spending.add(kind.0, &coin.0);
        Ok(())
    })
}

/// Fees and deposits of the live transactions for which a condition holds.
fn reserved(
    snapshot: &Snapshot<'_>,
    condition: &'static str,
    operands: &[&dyn ToSql],
) -> Result<Spending, store::Error> {
    let live = format!("(SELECT * FROM outbox_transactions WHERE state IN ('signed', 'handed_out') AND {condition})");
    let fees = format!("SELECT fee FROM {live}");
    let deposits = format!(
        "SELECT deposit FROM {live} AS live JOIN outbox_contents ON outbox_contents.tx = live.id
         JOIN outbox_intents ON outbox_intents.id = outbox_contents.intent WHERE deposit IS NOT NULL"
    );
    let mut spending = Spending::default();
    for (kind, sql) in [(SpendingKind::Fee, fees), (SpendingKind::Deposit, deposits)] {
        snapshot.each(&sql, operands, |row| {
            spending.add(kind, &row.get::<_, Stored<Coin>>(0)?.0);
            Ok(())
        })?;
    }
    Ok(spending)
}
