//! Domain types in columns.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};
use rusqlite::{Error as SqlError, Row, ToSql};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::domain::id::LeaseId;
use crate::domain::usage::state::State;
use crate::domain::usage::{Metric, Metrics, Moment};
use crate::store::StoredTime;

/// A value as its text, read back by `FromStr`.
pub(super) struct Text<T>(pub(super) T);

impl<T: std::fmt::Display> ToSql for Text<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(self.0.to_string()))
    }
}

impl<T: std::str::FromStr<Err: std::error::Error + Send + Sync + 'static>> FromSql for Text<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_str()?.parse().map(Self).map_err(FromSqlError::other)
    }
}

/// A value as JSON.
pub(super) struct Json<T>(pub(super) T);

impl<T: Serialize> ToSql for Json<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let text = serde_json::to_string(&self.0).map_err(|error| SqlError::ToSqlConversionFailure(Box::new(error)))?;
        Ok(ToSqlOutput::from(text))
    }
}

impl<T: DeserializeOwned> FromSql for Json<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map(Self).map_err(FromSqlError::other)
    }
}

/// A moment in the unit of every time column.
pub(super) struct At(pub(super) Moment);

impl ToSql for At {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(self.0.timestamp().as_microsecond()))
    }
}

impl FromSql for At {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        StoredTime::column_result(value).map(|time| Self(Moment::of(time.0)))
    }
}

/// The state in a column.
pub(super) fn state(row: &Row<'_>, column: &str) -> rusqlite::Result<State> {
    let word: String = row.get(column)?;
    State::of_word(&word).ok_or_else(|| unreadable(format!("`{word}` is no state of a usage record")))
}

/// The lease in a column. The prefix of its addresses is the network's, which the text itself tells.
pub(super) fn lease(row: &Row<'_>, column: &str) -> rusqlite::Result<LeaseId> {
    let text: String = row.get(column)?;
    let prefix = text.split_once('1').map(|(prefix, _)| prefix).unwrap_or_default();
    LeaseId::parse(&text, prefix).map_err(|error| unreadable(error.to_string()))
}

pub(super) fn unreadable(why: String) -> SqlError {
    SqlError::FromSqlConversionFailure(0, rusqlite::types::Type::Text, why.into())
}

/// The figures in the columns that are named as the metrics are.
pub(super) fn metrics(row: &Row<'_>) -> rusqlite::Result<Metrics> {
    let mut all = Metrics::UNKNOWN;
    for metric in Metric::ALL {
        *all.get_mut(metric) = row.get::<_, Option<Text<i128>>>(metric.word())?.map(|figure| figure.0);
    }
    Ok(all)
}

/// The figures as parameters, in the order of [`Metric::ALL`].
pub(super) fn figures(metrics: &Metrics) -> [Option<String>; 6] {
    Metric::ALL.map(|metric| metrics.get(metric).map(|figure| figure.to_string()))
}
