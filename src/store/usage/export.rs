//! Records as rows of plain columns, one after the other: for exports of any size.

use rusqlite::params_from_iter;
use rusqlite::types::{Value, ValueRef};

use super::Filter;
use crate::store::{Error, Snapshot};

/// The columns of an export, in order; the last three only where signatures are wanted. Times are microseconds since 1970.
pub const COLUMNS: &[&str] = &[
    "record_id",
    "lease",
    "tenant",
    "workload",
    "type",
    "revision",
    "start_at",
    "end_at",
    "cpu_milli_seconds",
    "memory_byte_seconds",
    "storage_byte_seconds",
    "network_bytes_in",
    "network_bytes_out",
    "gpu_seconds",
    "sources",
    "state",
    "cost",
    "hash",
    "signature",
    "public_key",
];

/// How many of [`COLUMNS`] make a signature.
pub const SIGNATURE_COLUMNS: usize = 3;

/// The query of an export without filters: what an operator would ask the `sqlite3` shell for.
pub fn query(filter: &Filter, signatures: bool, by_lease: bool) -> (String, Vec<Value>) {
    let (conditions, values) = filter.conditions();
    let wanted = if signatures { COLUMNS.len() } else { COLUMNS.len().saturating_sub(SIGNATURE_COLUMNS) };
    let columns: Vec<&str> = COLUMNS.iter().take(wanted).copied().collect();
    let order = if by_lease { "lease, start_at, id" } else { "start_at, id" };
    (format!("SELECT {} FROM usage_records WHERE {conditions} ORDER BY {order}", columns.join(", ")), values)
}

/// One value of a row, as it lies in the state file.
pub type Cell<'a> = ValueRef<'a>;

/// Looks at every record of a filter, without keeping any.
pub fn each(
    snapshot: &Snapshot<'_>,
    filter: &Filter,
    (signatures, by_lease): (bool, bool),
    mut look: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<()>,
) -> Result<(), Error> {
    let (sql, values) = query(filter, signatures, by_lease);
    snapshot.each(&sql, params_from_iter(values), &mut look)
}
