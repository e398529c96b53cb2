//! Rows that are listed by owner, by state and by provider, in pages: deployments, orders, bids and leases.
//!
//! - [`Table`]: rows by their key, with an index by state and, where rows have one, by provider.
//! - [`Table::list`]: one page, in the order, with the keys, totals and defects of the network's recorded node.
//! - [`RowKey`], [`PageKey`]: the bytes that such a node writes, so that a page key is the same as there.
//!
//! The two networks keep their rows in two ways, and it shows in every listing:
//! `by_state` is how VirtEngine's node does it (by state, then by the bytes of addresses), `by_key` how Akash's
//! does (by the text of addresses, states mixed where an owner or a provider is given).

mod by_key;
mod by_state;
mod page_key;
mod row_key;
mod table;
mod walk;

pub use page_key::{PageKey, broken_key};
pub use row_key::RowKey;
pub use table::{Listed, Table};

use crate::chain::wire::cosmos::page::PageRequest;
use crate::devnet::page::DEFAULT_LIMIT;
use crate::devnet::refusal::QueryError;

/// What a listing is asked for.
pub struct Question<'q, V> {
    /// Every state, in the order in which they are listed when none is asked for.
    pub all_states: &'q [u8],
    /// The state that is asked for.
    pub state: Option<u8>,
    /// The owner that is asked for, or nothing.
    pub owner: &'q str,
    /// The provider that is asked for, or nothing.
    pub provider: &'q str,
    /// What every wanted key begins with.
    pub within: RowKey,
    /// The one key that can be wanted, where every part of it is given.
    pub whole: Option<RowKey>,
    /// Whether a row passes the filters, its state apart.
    pub accept: &'q dyn Fn(&V) -> bool,
    /// Which page.
    pub page: PageRequest,
}

impl<V> Question<'_, V> {
    /// The states to list, in order.
    fn states(&self) -> Vec<u8> {
        match self.state {
            Some(state) => vec![state],
            None => self.all_states.to_vec(),
        }
    }
}

/// Which page is asked for; 0 rows mean 100.
///
/// Refused: an offset without a state, because rows of several states are counted state by state.
pub fn page_request(request: Option<&PageRequest>, state: &str) -> Result<PageRequest, QueryError> {
    let mut page = request.cloned().unwrap_or_default();
    if page.offset > 0 && state.is_empty() {
        return Err(QueryError::invalid("invalid request parameters. if offset is set, filter.state must be provided"));
    }
    if page.limit == 0 {
        page.limit = DEFAULT_LIMIT;
    }
    Ok(page)
}

/// The number of the state with this word; none where no word is given. The zero state (`invalid`) is no state.
pub fn state_number(word: &str, number: impl Fn(&str) -> Option<i32>) -> Result<Option<u8>, QueryError> {
    if word.is_empty() {
        return Ok(None);
    }
    number(word)
        .and_then(|number| u8::try_from(number).ok())
        .filter(|number| *number != 0)
        .map(Some)
        .ok_or_else(|| QueryError::invalid("invalid state value"))
}

#[cfg(test)]
mod tests;
