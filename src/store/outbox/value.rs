//! Domain types in columns.

use rusqlite::ToSql;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};

use crate::domain::amount::Coin;
use crate::domain::outbox::{Guard, SpendingKind, intent, transaction};

/// A domain type in a column.
pub(super) struct Stored<T>(pub(super) T);

/// A height, a sequence, a count: SQLite's integers have a sign. A number beyond them is stored as the largest, which no
/// chain reaches.
impl ToSql for Stored<u64> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(i64::try_from(self.0).unwrap_or(i64::MAX)))
    }
}

impl FromSql for Stored<u64> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let number = value.as_i64()?;
        u64::try_from(number).map(Self).map_err(|_| FromSqlError::OutOfRange(number))
    }
}

impl ToSql for Stored<&Coin> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(self.0.to_string()))
    }
}

impl FromSql for Stored<Coin> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_str()?.parse().map(Self).map_err(FromSqlError::other)
    }
}

/// Words in a TEXT column.
macro_rules! words {
    ($($type:ty),*) => {$(
        impl ToSql for Stored<$type> {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(ToSqlOutput::from(self.0.word()))
            }
        }

        impl FromSql for Stored<$type> {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                <$type>::of_word(value.as_str()?).map(Self).ok_or(FromSqlError::InvalidType)
            }
        }
    )*};
}

words!(intent::State, transaction::State, SpendingKind, Guard);
