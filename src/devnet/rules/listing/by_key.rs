//! Listings as Akash's node makes them: with an owner by key, states mixed; with a provider by provider and key; else
//! state by state. `total` is the number of rows in the page.

use super::walk::walk;
use super::{Listed, PageKey, Question, RowKey, Table, broken_key};
use crate::chain::wire::cosmos::page::PageResponse;
use crate::devnet::kv::Kv;
use crate::devnet::refusal::QueryError;
use crate::domain::network::Network;
use std::ops::ControlFlow;

/// Which way a listing takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    States,
    Provider,
    Owner,
}

impl Way {
    /// What a page key says of it. Without an index by provider, an owner is 1 and states are not said at all.
    fn bytes<V: Listed>(self) -> Vec<u8> {
        match (self, V::BY_PROVIDER) {
            (Self::States, false) => vec![],
            (Self::States, true) => vec![0],
            (Self::Owner, false) | (Self::Provider, _) => vec![1],
            (Self::Owner, true) => vec![2],
        }
    }

    fn of_bytes<V: Listed>(bytes: &[u8]) -> Result<Self, QueryError> {
        match (bytes, V::BY_PROVIDER) {
            ([1], false) | ([2], true) => Ok(Self::Owner),
            ([1], true) => Ok(Self::Provider),
            (_, false) | ([_], true) => Ok(Self::States),
            (_, true) => Err(QueryError::invalid("invalid pagination key")),
        }
    }
}

pub(super) fn list<V: Listed>(
    table: &Table<V>,
    kv: &dyn Kv,
    network: &Network,
    question: &Question<'_, V>,
) -> Result<(Vec<V>, PageResponse), QueryError> {
    let (mut states, way, from) = if question.page.key.is_empty() {
        let way = if !question.owner.is_empty() {
            Way::Owner
        } else if V::BY_PROVIDER && !question.provider.is_empty() {
            Way::Provider
        } else {
            Way::States
        };
        (question.states(), way, None)
    } else {
        let key = PageKey::decode(network, &question.page.key)?;
        (key.states, Way::of_bytes::<V>(&key.way)?, Some(key.key))
    };
    if let (Some(whole), Way::Owner, None, false) = (&question.whole, way, &from, V::BY_PROVIDER) {
        let row = table.get(kv, whole)?.filter(|row| states.contains(&row.state()));
        let total = u64::from(row.is_some());
        return Ok((row.into_iter().collect(), PageResponse { next_key: Vec::new(), total }));
    }
    if way == Way::States && from.is_none() && question.page.reverse {
        states.reverse();
    }
    let mut page = Page {
        question,
        network,
        way: way.bytes::<V>(),
        left: question.page.limit,
        skip: question.page.offset,
        found: Vec::new(),
        next_key: Vec::new(),
    };
    match way {
        Way::Owner => {
            let owner = within(network, question.owner, from.as_deref(), 0)?;
            walk(kv, &table.rows, &owner, from.as_deref(), question.page.reverse, |_, row| {
                Ok(page.take(row, &states, states.first()))
            })?;
        }
        Way::Provider => {
            let provider = within(network, question.provider, from.as_deref(), 1)?;
            let from = from.map(|key| provider.clone().then(&key));
            let from = from.as_ref().map(RowKey::as_bytes);
            walk(kv, &table.providers, &provider, from, question.page.reverse, |_, key| {
                Ok(page.take(table.row(kv, &key)?, &states, states.first()))
            })?;
        }
        Way::States => {
            let mut from = from;
            for (at, state) in states.iter().enumerate() {
                let within = RowKey::new().byte(*state);
                let from = from.take().map(|key| within.clone().then(&key));
                let rest = states.get(at..).unwrap_or_default();
                walk(
                    kv,
                    &table.states,
                    &within,
                    from.as_ref().map(RowKey::as_bytes),
                    question.page.reverse,
                    |_, key| {
                        let row = table.row(kv, &key)?;
                        Ok(page.take(row, rest, Some(state)))
                    },
                )?;
                if !page.next_key.is_empty() {
                    break;
                }
            }
        }
    }
    let total = page.found.len() as u64;
    Ok((page.found, PageResponse { next_key: page.next_key, total }))
}

/// Between owner and provider stand the numbers of an order: 16 bytes.
const NUMBERS: usize = 16;

/// What the keys of an owner or a provider begin with: the address that is asked for, or the one in the page key (the
/// `nth` text there).
fn within(network: &Network, asked: &str, from: Option<&[u8]>, nth: usize) -> Result<RowKey, QueryError> {
    let Some(key) = from else { return Ok(RowKey::new().address(network, asked)) };
    let text = |bytes: &[u8]| bytes.split(|byte| *byte == 0).next().unwrap_or_default().to_vec();
    let owner = text(key);
    let address = if nth == 0 { owner } else { text(key.get(owner.len() + 1 + NUMBERS..).unwrap_or_default()) };
    if address.is_empty() {
        return Err(broken_key(network, "invalid key length"));
    }
    Ok(RowKey::raw(&address).byte(0))
}

/// A page that is being filled.
struct Page<'p, 'q, V> {
    question: &'p Question<'q, V>,
    network: &'p Network,
    way: Vec<u8>,
    left: u64,
    skip: u64,
    found: Vec<V>,
    next_key: Vec<u8>,
}

impl<V: Listed> Page<'_, '_, V> {
    /// Takes a row that passes the filters; one for which there is no place any more is where the next page begins.
    fn take(&mut self, row: V, states: &[u8], store: Option<&u8>) -> ControlFlow<()> {
        if !states.contains(&row.state()) || !(self.question.accept)(&row) {
            return ControlFlow::Continue(());
        }
        if self.skip > 0 {
            self.skip -= 1;
            return ControlFlow::Continue(());
        }
        if self.left == 0 {
            let prefix = store.into_iter().copied().collect();
            let key = row.key(self.network).as_bytes().to_vec();
            self.next_key = PageKey { states: states.to_vec(), prefix, key, way: self.way.clone() }.encode();
            return ControlFlow::Break(());
        }
        self.left -= 1;
        self.found.push(row);
        ControlFlow::Continue(())
    }
}
