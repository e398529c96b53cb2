//! What the server lists: pages of rows as data, from whatever table family.
//!
//! Each [`Listing`] says once which columns there are and what they hold. A page goes on where the one before ended, by a
//! key that never changes, so that rows that come and go meanwhile shift nothing. Amounts are texts, times RFC 3339.

mod lists;

use jiff::Timestamp;
use rusqlite::Row;
use rusqlite::types::{Value as Sql, ValueRef};
use serde_json::{Map, Number, Value as Json};

use super::{Error, Snapshot};

pub use lists::{ALERTS, ALL, BIDS, EARNINGS, EVENTS, LEASES, ORDERS, RUNS, USAGE, WORKLOADS};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// A whole number.
    Whole,
    /// A time.
    Time,
    /// True or false.
    Flag,
    /// JSON.
    Json,
}

/// The key by which pages go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// By a number, the highest first.
    Newest(&'static str),
    /// By a text, in its order.
    Name(&'static str),
}

/// A kind of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listing {
    /// What follows `FROM`.
    pub from: &'static str,
    /// The key.
    pub order: Order,
    /// Names in the answer, what they are in SQL, and what they hold.
    pub columns: &'static [(&'static str, &'static str, Kind)],
    /// What may be asked for, by the names of parameters: an expression that must equal the value.
    pub filters: &'static [(&'static str, &'static str)],
}

/// A page.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Its rows.
    pub items: Vec<Map<String, Json>>,
    /// Where the next one begins, if there is one.
    pub next: Option<String>,
}

/// The rows after `after`, as many as `limit` at most. A filter that the listing does not have matches nothing.
pub fn page(
    snapshot: &Snapshot<'_>,
    listing: &Listing,
    filters: &[(String, String)],
    after: Option<&str>,
    limit: u32,
) -> Result<Page, Error> {
    let (key, beyond, direction) = match listing.order {
        Order::Newest(key) => (key, format!("{key} < ?"), "DESC"),
        Order::Name(key) => (key, format!("{key} > ?"), "ASC"),
    };
    let mut conditions = vec!["1".to_owned()];
    let mut values: Vec<Sql> = Vec::new();
    for (name, value) in filters {
        match listing.filters.iter().find(|(known, _)| known == name) {
            Some((_, expression)) => {
                conditions.push(format!("{expression} = ?"));
                values.push(Sql::Text(value.clone()));
            }
            None => conditions.push("0".to_owned()),
        }
    }
    if let Some(after) = after {
        conditions.push(beyond);
        values.push(match (listing.order, after.parse()) {
            (Order::Newest(_), Ok(number)) => Sql::Integer(number),
            (Order::Newest(_), Err(_)) => Sql::Integer(0),
            (Order::Name(_), _) => Sql::Text(after.to_owned()),
        });
    }
    values.push(Sql::Integer(i64::from(limit).saturating_add(1)));
    let columns: Vec<&str> = listing.columns.iter().map(|(_, sql, _)| *sql).collect();
    let sql = format!(
        "SELECT {key}, {} FROM {} WHERE {} ORDER BY {key} {direction} LIMIT ?",
        columns.join(", "),
        listing.from,
        conditions.join(" AND ")
    );
    let mut keys = Vec::new();
    let mut items = snapshot.rows(&sql, rusqlite::params_from_iter(values), |row| {
        keys.push(text(row.get_ref(0)?));
        object(row, listing)
    })?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = items.len() > limit;
    items.truncate(limit);
    let next = keys.get(limit.saturating_sub(1)).cloned().flatten().filter(|_| more);
    Ok(Page { items, next })
}

/// The one row whose key is this.
pub fn one(snapshot: &Snapshot<'_>, listing: &Listing, key: &str) -> Result<Option<Map<String, Json>>, Error> {
    let (Order::Newest(column) | Order::Name(column)) = listing.order;
    let columns: Vec<&str> = listing.columns.iter().map(|(_, sql, _)| *sql).collect();
    let sql = format!("SELECT {column}, {} FROM {} WHERE {column} = ?", columns.join(", "), listing.from);
    snapshot.row(&sql, [key], |row| object(row, listing))
}

fn object(row: &Row<'_>, listing: &Listing) -> rusqlite::Result<Map<String, Json>> {
    let mut object = Map::new();
    for (place, (name, _, kind)) in listing.columns.iter().enumerate() {
        object.insert((*name).to_owned(), value(row.get_ref(place.saturating_add(1))?, *kind));
    }
    Ok(object)
}

fn text(value: ValueRef<'_>) -> Option<String> {
    match value {
        ValueRef::Integer(number) => Some(number.to_string()),
        ValueRef::Text(text) => Some(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Null | ValueRef::Real(_) | ValueRef::Blob(_) => None,
    }
}

/// What stands in a column; null where that is not what the listing says.
fn value(found: ValueRef<'_>, kind: Kind) -> Json {
    match (kind, found) {
        (Kind::Text, found) => text(found).map_or(Json::Null, Json::String),
        (Kind::Whole, ValueRef::Integer(number)) => Json::Number(Number::from(number)),
        (Kind::Flag, ValueRef::Integer(number)) => Json::Bool(number != 0),
        (Kind::Time, ValueRef::Integer(micros)) => {
            Timestamp::from_microsecond(micros).map_or(Json::Null, |time| Json::String(time.to_string()))
        }
        (Kind::Json, ValueRef::Text(text)) => serde_json::from_slice(text).unwrap_or(Json::Null),
        (Kind::Whole | Kind::Flag | Kind::Time | Kind::Json, _) => Json::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[test]
    fn every_listing_and_every_filter_fits_the_schema() {
        let store = Store::in_memory().unwrap();
        for listing in ALL {
            for (name, _) in listing.filters.iter().chain(&[("none", "")]) {
                let filters = [((*name).to_owned(), "x".to_owned())];
                let found = store.read("test", |s| page(s, listing, &filters, Some("5"), 10)).unwrap();
                assert_eq!(found, Page { items: Vec::new(), next: None });
            }
            assert_eq!(store.read("test", |s| one(s, listing, "1")).unwrap(), None);
        }
    }

    #[test]
    fn pages_go_on_where_the_one_before_ended() {
        let store = Store::in_memory().unwrap();
        let sql =
            "INSERT INTO alerts (kind, subject, severity, summary, raised_at) VALUES ('test', ?1, 'warning', 's', 0)";
        store.write("test", |change| (0..7).try_for_each(|n| change.execute(sql, [n.to_string()]).map(drop))).unwrap();
        let (mut after, mut seen, mut pages) = (None::<String>, Vec::new(), 0);
        loop {
            let found = store.read("test", |s| page(s, &ALERTS, &[], after.as_deref(), 3)).unwrap();
            seen.extend(found.items.iter().map(|item| item["id"].as_i64().unwrap()));
            pages += 1;
            // What comes meanwhile shifts nothing.
            store.write("test", |change| change.execute(sql, [format!("late {pages}")]).map(drop)).unwrap();
            let Some(next) = found.next else { break };
            after = Some(next);
        }
        assert_eq!((seen, pages), ((1..=7).rev().collect::<Vec<i64>>(), 3));
        let alert = store.read("test", |s| one(s, &ALERTS, "3")).unwrap().unwrap();
        assert_eq!((&alert["raised_at"], &alert["resolved_at"]), (&Json::from("1970-01-01T00:00:00Z"), &Json::Null));
    }
}
