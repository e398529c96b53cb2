//! Listings in pages, as the SDK's `query.Paginate` makes them.
//!
//! (Market and deployment have their own paging: see their rules.)

use super::collection::{Collection, Key};
use super::kv::Kv;
use super::refusal::QueryError;
use crate::chain::wire::cosmos::page::{PageRequest, PageResponse};
use prost::Message;

/// How many rows a page has unless it says.
pub const DEFAULT_LIMIT: u64 = 100;

/// One page of the rows whose keys begin with `within` and that `wanted` takes.
///
/// `next_key` is the key (without the collection's name) of the first row that is not in the page. Without a key the
/// offset counts; without a limit the rows are counted as well, as the SDK does. `total` is only given when asked for
/// and no key is.
pub fn paginate<V: Message + Default>(
    kv: &dyn Kv,
    collection: &Collection<V>,
    within: &impl Key,
    request: Option<&PageRequest>,
    mut wanted: impl FnMut(&V) -> bool,
) -> Result<(Vec<V>, PageResponse), QueryError> {
    let request = request.cloned().unwrap_or_default();
    if request.offset > 0 && !request.key.is_empty() {
        return Err(QueryError::invalid("invalid request, either offset or key is expected, got both"));
    }
    let (limit, count) = if request.limit == 0 { (DEFAULT_LIMIT, true) } else { (request.limit, request.count_total) };
    let from = (!request.key.is_empty()).then_some(request.key.as_slice());
    let count = count && from.is_none();
    let (mut rows, mut next_key, mut seen) = (Vec::new(), Vec::new(), 0u64);
    for (key, value) in collection.scan(kv, within, from, request.reverse, usize::MAX)? {
        if !wanted(&value) {
            continue;
        }
        seen += 1;
        if seen <= request.offset {
            continue;
        }
        if (rows.len() as u64) < limit {
            rows.push(value);
        } else if next_key.is_empty() {
            next_key = key;
            if !count {
                break;
            }
        }
    }
    Ok((rows, PageResponse { next_key, total: if count { seen } else { 0 } }))
}
