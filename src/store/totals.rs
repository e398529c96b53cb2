//! The table family `totals`: what was counted since the beginning, and what was earned and spent.
//!
//! Counts are kept by triggers beside the rows themselves, in the same transaction: whatever writes a row counts it, and
//! pruning takes nothing away. Sums of money are exact decimals, which SQL cannot add; they are folded by [`fold`] as far
//! as they reach, and the few rows after that are added when they are read.

use std::collections::BTreeMap;

use rusqlite::params;

use super::{Change, Error, Snapshot};
use crate::domain::amount::Dec18;

/// Counts by name and label.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts(BTreeMap<(String, String), u64>);

impl Counts {
    /// The count of a name without labels.
    pub fn of(&self, name: &str) -> u64 {
        self.0.get(&(name.to_owned(), String::new())).copied().unwrap_or(0)
    }

    /// The counts of a name by label, in the order of the labels.
    pub fn by_label<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (&'a str, u64)> {
        self.0.iter().filter(move |((of, _), _)| of == name).map(|((_, label), count)| (label.as_str(), *count))
    }
}

/// Every count.
pub fn counts(snapshot: &Snapshot<'_>) -> Result<Counts, Error> {
    let rows = snapshot.rows("SELECT name, label, count FROM totals", [], |row| {
        Ok(((row.get(0)?, row.get(1)?), row.get::<_, i64>(2).map(|count| u64::try_from(count).unwrap_or(0))?))
    })?;
    Ok(Counts(rows.into_iter().collect()))
}

/// Sums of money by name (`earned_lease`, `earned_usage`, `fee`, `deposit`) and denomination.
pub type Money = BTreeMap<(String, String), Dec18>;

/// The tables that money comes from: which they are, and how a row of theirs is read.
const SOURCES: &[(&str, &str)] = &[
    ("earnings", "SELECT id, 'earned_' || source, denom, amount FROM earnings WHERE id > ?1 ORDER BY id"),
    ("outbox_spending", "SELECT id, kind, NULL, amount FROM outbox_spending WHERE id > ?1 ORDER BY id"),
];

/// What was earned and spent since the beginning.
pub fn money(snapshot: &Snapshot<'_>) -> Result<Money, Error> {
    let mut sums = folded(snapshot)?;
    for (source, _) in SOURCES {
        rest(snapshot, source, &mut sums)?;
    }
    Ok(sums)
}

/// Folds what came since into the sums. Whoever writes a row of money, or prunes one, does so in the same transaction.
pub fn fold(change: &Change<'_>) -> Result<(), Error> {
    let mut sums = folded(change)?;
    for (source, _) in SOURCES {
        if let Some(reach) = rest(change, source, &mut sums)? {
            change.execute("UPDATE money_totals_reach SET id = ?2 WHERE source = ?1", params![source, reach])?;
        }
    }
    for ((name, denom), amount) in &sums {
        change.execute(
            "INSERT INTO money_totals (name, denom, amount) VALUES (?1, ?2, ?3)
             ON CONFLICT (name, denom) DO UPDATE SET amount = ?3 WHERE amount <> ?3",
            params![name, denom, amount.to_string()],
        )?;
    }
    Ok(())
}

fn folded(snapshot: &Snapshot<'_>) -> Result<Money, Error> {
    let rows = snapshot.rows("SELECT name, denom, amount FROM money_totals", [], |row| {
        Ok(((row.get(0)?, row.get(1)?), decimal(&row.get::<_, String>(2)?)?))
    })?;
    Ok(rows.into_iter().collect())
}

/// Adds the rows that are not folded yet. Gives back the last of them.
fn rest(snapshot: &Snapshot<'_>, source: &str, sums: &mut Money) -> Result<Option<i64>, Error> {
    let Some((_, sql)) = SOURCES.iter().find(|(known, _)| *known == source) else { return Ok(None) };
    let reach = snapshot.row("SELECT id FROM money_totals_reach WHERE source = ?1", [source], |row| row.get(0))?;
    let mut last = None;
    snapshot.each(sql, [reach.unwrap_or(0_i64)], |row| {
        let (name, denom, amount): (String, Option<String>, String) = (row.get(1)?, row.get(2)?, row.get(3)?);
        // Spending is one text, `5000uve`.
        let digits = amount.find(|c: char| !c.is_ascii_digit() && c != '.' && c != '-').unwrap_or(amount.len());
        let (number, unit) = amount.split_at(digits);
        let denom = denom.unwrap_or_else(|| unit.to_owned());
        let sum = sums.entry((name, denom)).or_insert(Dec18::ZERO);
        *sum = sum.checked_add(decimal(number)?).map_err(|error| unreadable(&error))?;
        last = Some(row.get(0)?);
        Ok(())
    })?;
    Ok(last)
}

fn decimal(text: &str) -> rusqlite::Result<Dec18> {
    text.parse().map_err(|error: crate::domain::amount::Error| unreadable(&error))
}

fn unreadable(error: &crate::domain::amount::Error) -> rusqlite::Error {
    let text = error.to_string();
    rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, text.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[test]
    fn money_is_exact_and_survives_pruning() {
        let store = Store::in_memory().unwrap();
        let earn = |amount: &str| {
            store
                .write("test", |change| {
                    change.execute(
                        "INSERT INTO earnings (at, lease, tenant, source, amount, denom) VALUES (0, 'l', 't', 'usage', ?1, 'uve')",
                        [amount],
                    )?;
                    change.execute("INSERT INTO outbox_spending (at, kind, amount) VALUES (0, 'fee', '5000uve')", [])?;
                    Ok::<_, Error>(())
                })
                .unwrap();
        };
        let sum = |name: &str| {
            let money = store.read("test", money).unwrap();
            money.get(&(name.to_owned(), "uve".to_owned())).map(ToString::to_string)
        };
        assert_eq!(sum("fee"), None);
        earn("0.1");
        earn("0.2");
        assert_eq!((sum("earned_usage"), sum("fee")), (Some("0.3".into()), Some("10000".into())));
        store.write("test", fold).unwrap();
        store.write("test", |change| change.execute("DELETE FROM outbox_spending", [])).unwrap();
        assert_eq!((sum("earned_usage"), sum("fee")), (Some("0.3".into()), Some("10000".into())));
        earn("1.000000000000000001");
        store.write("test", fold).unwrap();
        store.write("test", fold).unwrap();
        assert_eq!(sum("earned_usage"), Some("1.300000000000000001".into()));
        assert_eq!(sum("fee"), Some("15000".into()), "a row is counted once, whether its neighbours are there or not");
    }

    #[test]
    fn counts_follow_the_rows_and_never_go_back() {
        let store = Store::in_memory().unwrap();
        let run = |sql: &str| store.write("test", |change| change.execute(sql, [])).unwrap();
        let insert =
            "INSERT INTO bids (chain, order_id, provider, state, back_end, price, deposit, class, origin, created_at)
            VALUES ('c', 'o', 'p', 'queued', 'local', '1uve', '1uve', 'cpu', 'run', 0)";
        run(insert);
        let counts = || store.read("test", counts).unwrap();
        assert_eq!(
            (counts().of("bids_submitted"), counts().by_label("bids").collect::<Vec<_>>()),
            (0, vec![("queued", 1)])
        );
        run("UPDATE bids SET state = 'open', opened_at = 5");
        run("UPDATE bids SET opened_at = 6, won = 1, state = 'active'");
        run("UPDATE bids SET state = 'closed', settled_at = 7");
        run("DELETE FROM bids");
        let now = counts();
        assert_eq!((now.of("bids_submitted"), now.of("bids_won"), now.of("bids_lost")), (1, 1, 0));
        assert!(now.by_label("bids").all(|(_, count)| count == 0), "{now:?}");
        for (key, code) in [(1, "price"), (1, "price"), (1, "region"), (2, "price")] {
            run(&format!(
                "INSERT INTO bid_decisions (key, order_id, at, code, reason, lasts) VALUES (x'{key:032x}', 'o', 0, '{code}',
                 '{{}}', 'run') ON CONFLICT (key) DO UPDATE SET code = '{code}'"
            ));
        }
        assert_eq!(counts().by_label("orders_declined").collect::<Vec<_>>(), [("price", 2), ("region", 1)]);
    }
}
