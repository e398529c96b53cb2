//! Going through the rows of a collection without reading all of them at once.

use super::RowKey;
use crate::devnet::collection::Collection;
use crate::devnet::kv::Kv;
use crate::devnet::refusal::QueryError;
use prost::Message;
use std::ops::ControlFlow;

/// How many rows are read at a time.
const CHUNK: usize = 128;

/// What a visitor says: go on, or stop here.
pub(super) type Step = Result<ControlFlow<()>, QueryError>;

/// Shows the rows whose keys begin with `within`, from the key `from` on (included) or back, one by one.
pub(super) fn walk<T: Message + Default>(
    kv: &dyn Kv,
    collection: &Collection<T>,
    within: &RowKey,
    from: Option<&[u8]>,
    reverse: bool,
    mut visit: impl FnMut(&[u8], T) -> Step,
) -> Result<(), QueryError> {
    let mut from = from.map(<[u8]>::to_vec);
    let mut seen: Option<Vec<u8>> = None;
    loop {
        let rows = collection.scan(kv, within, from.as_deref(), reverse, CHUNK)?;
        let last_chunk = rows.len() < CHUNK;
        for (key, value) in rows {
            // The first row of a further chunk is the last of the one before.
            if seen.as_deref() == Some(&key) {
                continue;
            }
            if visit(&key, value)?.is_break() {
                return Ok(());
            }
            seen = Some(key);
        }
        if last_chunk {
            return Ok(());
        }
        from.clone_from(&seen);
    }
}
