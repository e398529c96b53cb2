//! Times as the state file holds them.

use jiff::Timestamp;
use rusqlite::ToSql;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};

/// A time in a column: an INTEGER, microseconds since 1970-01-01T00:00:00Z. Finer parts are cut off.
///
/// Integers sort and subtract as times do, which text with its optional fractions does not. In the `sqlite3` shell:
/// `SELECT datetime(started_at / 1000000, 'unixepoch') FROM job_runs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct StoredTime(pub Timestamp);

impl ToSql for StoredTime {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(self.0.as_microsecond()))
    }
}

impl FromSql for StoredTime {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let micros = value.as_i64()?;
        Timestamp::from_microsecond(micros).map(Self).map_err(|_| FromSqlError::OutOfRange(micros))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_comes_back_to_the_microsecond() {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        let back = |time: Timestamp| -> Timestamp {
            connection.query_row("SELECT ?1", [StoredTime(time)], |row| row.get::<_, StoredTime>(0)).unwrap().0
        };
        for text in ["2026-11-21T13:22:00.123456Z", "1969-12-31T23:59:59.999999Z", "1970-01-01T00:00:00Z"] {
            let time: Timestamp = text.parse().unwrap();
            assert_eq!(back(time), time);
        }
        let fine: Timestamp = "2026-11-21T13:22:00.123456789Z".parse().unwrap();
        assert_eq!(back(fine).to_string(), "2026-11-21T13:22:00.123456Z");
    }

    #[test]
    fn a_number_beyond_all_times_is_refused() {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        assert!(connection.query_row("SELECT ?1", [i64::MAX], |row| row.get::<_, StoredTime>(0)).is_err());
    }
}
