//! Listings as VirtEngine's node makes them: state by state, then by key; each part of the filter that follows the
//! one before narrows the keys.
//!
//! Defects, all of which a client meets:
//! - `total` is the number of rows in the page.
//! - A page that is full exactly at the last row of a state has no `next_key`, though rows of the next states follow.
//! - Rows by provider (a provider and a state, but no owner) are only there while they are open or active: own bids that
//!   were lost and own leases that were closed are not found that way. (Read in the node's code.)

use super::walk::walk;
use super::{Listed, PageKey, Question, RowKey, Table};
use crate::chain::wire::cosmos::page::{PageRequest, PageResponse};
use crate::devnet::collection::Collection;
use crate::devnet::kv::Kv;
use crate::devnet::refusal::QueryError;
use crate::domain::network::Network;
use std::ops::ControlFlow;

pub(super) fn list<V: Listed>(
    table: &Table<V>,
    kv: &dyn Kv,
    network: &Network,
    question: &Question<'_, V>,
) -> Result<(Vec<V>, PageResponse), QueryError> {
    let by_provider =
        V::BY_PROVIDER && question.state.is_some() && question.owner.is_empty() && !question.provider.is_empty();
    let mut way = Way { store: V::STORE, by_provider };
    let mut page = question.page.clone();
    let (mut states, mut resumed) = (question.states(), None);
    if !page.key.is_empty() {
        let key = PageKey::decode(network, &page.key)?;
        if V::BY_PROVIDER {
            let [by_provider] = key.way.as_slice() else {
                return Err(QueryError::invalid("invalid pagination key"));
            };
            way.by_provider = *by_provider == 1;
        }
        (states, page.key) = (key.states, key.key);
        resumed = Some(key.prefix);
    }
    let (mut found, mut next_key) = (Vec::new(), Vec::new());
    for (at, state) in states.iter().enumerate() {
        let prefix = resumed.take().unwrap_or_else(|| {
            page.key.clear();
            way.prefix(*state, network, question)
        });
        let before = found.len();
        let index = if way.by_provider { &table.providers } else { &table.states };
        let accept = |row: &V| row.state() == *state && (question.accept)(row);
        let key = way.page(table, index, kv, &prefix, &page, &accept, &mut found)?;
        next_key = key.map_or_else(Vec::new, |key| {
            PageKey { states: states.get(at..).unwrap_or_default().to_vec(), prefix, key, way: way.bytes::<V>() }
                .encode()
        });
        page.limit -= (found.len() - before) as u64;
        if page.limit == 0 {
            break;
        }
    }
    let total = found.len() as u64;
    Ok((found, PageResponse { next_key, total }))
}

/// Which of the node's stores is listed.
struct Way {
    store: [u8; 2],
    by_provider: bool,
}

impl Way {
    /// What a page key says of it.
    fn bytes<V: Listed>(&self) -> Vec<u8> {
        if V::BY_PROVIDER { vec![u8::from(self.by_provider)] } else { Vec::new() }
    }

    fn store(&self) -> [u8; 2] {
        let [store, _] = self.store;
        [store, u8::from(self.by_provider)]
    }

    /// The node's prefix of all rows in this state that the filter lets through.
    fn prefix<V>(&self, state: u8, network: &Network, question: &Question<'_, V>) -> Vec<u8> {
        let state = RowKey::raw(&self.store()).byte(state);
        let prefix = if self.by_provider {
            state.address(network, question.provider)
        } else {
            state.then(question.within.as_bytes())
        };
        prefix.as_bytes().to_vec()
    }

    /// Adds a page of one state's rows to `found`; gives the key of the row after it, without the prefix.
    #[expect(clippy::too_many_arguments, reason = "the parts of one listing, each used once")]
    fn page<V: Listed>(
        &self,
        table: &Table<V>,
        index: &Collection<Vec<u8>>,
        kv: &dyn Kv,
        prefix: &[u8],
        page: &PageRequest,
        accept: &dyn Fn(&V) -> bool,
        found: &mut Vec<V>,
    ) -> Result<Option<Vec<u8>>, QueryError> {
        if page.offset > 0 && !page.key.is_empty() {
            return Err(QueryError::internal("invalid request, either offset or key is expected, got both"));
        }
        // A key of another listing leads nowhere.
        let Some(within) = prefix.strip_prefix(&self.store()) else { return Ok(None) };
        let from = (!page.key.is_empty()).then(|| [within, &page.key].concat());
        let (mut hits, end) = (0, page.offset.saturating_add(page.limit));
        let mut next = None;
        walk(kv, index, &RowKey::raw(within), from.as_deref(), page.reverse, |key, row| {
            let here = || key.get(within.len()..).unwrap_or_default().to_vec();
            // With a key, the next row is the next one, whether it passes the filters or not.
            if from.is_some() && hits == end {
                next = Some(here());
                return Ok(ControlFlow::Break(()));
            }
            let row = table.row(kv, &row)?;
            if !accept(&row) {
                return Ok(ControlFlow::Continue(()));
            }
            hits += 1;
            if hits > end {
                next = Some(here());
                return Ok(ControlFlow::Break(()));
            }
            if hits > page.offset {
                found.push(row);
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(next)
    }
}
