//! Domain types in columns: words, ids, JSON.

use rusqlite::ToSql;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};
use serde::{Deserialize, Serialize};

use crate::domain::workload::{EvictionReason, Hold, Owner, State, WorkloadId};

/// A type that is one of a few words, or an id, in a TEXT column.
pub(super) struct Words<T>(pub(super) T);

/// A type as JSON in a TEXT column.
pub(super) struct Json<T>(pub(super) T);

impl FromSql for Words<State> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        State::from_word(value.as_str()?).map(Self).ok_or(FromSqlError::InvalidType)
    }
}

impl FromSql for Words<Hold> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Hold::from_word(value.as_str()?).map(Self).ok_or(FromSqlError::InvalidType)
    }
}

impl FromSql for Words<EvictionReason> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        EvictionReason::from_word(value.as_str()?).map(Self).ok_or(FromSqlError::InvalidType)
    }
}

impl FromSql for Words<WorkloadId> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        WorkloadId::parse(value.as_str()?).map(Self).map_err(FromSqlError::other)
    }
}

impl FromSql for Words<Owner> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Owner::parse(value.as_str()?).map(Self).map_err(FromSqlError::other)
    }
}

impl<T: Serialize> ToSql for Json<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let text = serde_json::to_string(&self.0);
        text.map(ToSqlOutput::from).map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
    }
}

impl<T: for<'de> Deserialize<'de>> FromSql for Json<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map(Self).map_err(FromSqlError::other)
    }
}
