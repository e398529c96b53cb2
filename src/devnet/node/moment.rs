//! What the node knew at one moment.

use super::Node;
use crate::devnet::app::block::StoredBlock;
use crate::devnet::app::file::{Reader, Readers};
use crate::devnet::app::result::Included;
use crate::devnet::context::Context;
use crate::devnet::kv::{Broken, Overlay};
use crate::devnet::refusal::QueryError;
use crate::devnet::search::{Attributes, Condition, Order, Query, Test, attributes};

/// By which a block is found.
const BLOCK_HEIGHT: &str = "block.height";

/// What the node knew at one moment: all answers out of one of these fit together.
pub struct Moment<'n> {
    /// The node.
    pub node: &'n Node,
    /// The last block, as far as this moment knows.
    pub latest: StoredBlock,
    /// The lowest height that has a block.
    pub first_height: i64,
    reader: Reader<'n>,
    /// The last block there is.
    newest: i64,
}

impl<'n> Moment<'n> {
    pub(super) fn new(node: &'n Node, readers: &'n Readers, lag: i64) -> Result<Self, Broken> {
        let reader = readers.read()?;
        let (newest, first_height) = (reader.last_block()?, reader.first_height()?);
        let height = newest.header.height;
        let believed = (height - lag).max(first_height);
        let latest = if believed == height { newest } else { reader.block(believed)?.unwrap_or(newest) };
        Ok(Self { node, latest, first_height, reader, newest: height })
    }

    /// The last height, as far as this moment knows.
    pub fn height(&self) -> i64 {
        self.latest.header.height
    }

    /// Asks the state after a height; none: after the last one.
    pub fn ask<T>(
        &self,
        height: Option<i64>,
        question: impl FnOnce(&Context<'_>) -> Result<T, QueryError>,
    ) -> Result<T, QueryError> {
        let height = height.unwrap_or_else(|| self.height());
        if height > self.height() {
            return Err(QueryError::registered(
                "sdk",
                26,
                "invalid height: cannot query with height in the future; please provide a valid height",
            ));
        }
        let forgotten = || {
            let newest = self.newest;
            QueryError::registered(
                "sdk",
                18,
                &format!(
                    "failed to load state at height {height}; version does not exist (latest height: {newest}): invalid request"
                ),
            )
        };
        let undo = if height == self.newest {
            Some(crate::devnet::kv::Changes::default())
        } else {
            self.reader.undo(height, self.newest)?
        };
        let undo = undo.ok_or_else(forgotten)?;
        let block = if height == self.height() { Some(self.latest.clone()) } else { self.reader.block(height)? };
        let time = block.ok_or_else(forgotten)?.time();
        let state = self.reader.state()?;
        let mut overlay = Overlay::with(&state, undo);
        let identity = self.node.identity();
        question(&Context::new(&mut overlay, identity.network, identity.profile, height, time))
    }

    /// The block of a height.
    pub fn block(&self, height: i64) -> Result<Option<StoredBlock>, Broken> {
        if height > self.height() { Ok(None) } else { self.reader.block(height) }
    }

    /// The block with this hash.
    pub fn block_by_hash(&self, hash: &[u8]) -> Result<Option<StoredBlock>, Broken> {
        Ok(self.reader.block_by_hash(hash)?.filter(|block| block.header.height <= self.height()))
    }

    /// The transactions of a block.
    pub fn txs(&self, height: i64) -> Result<Vec<Included>, Broken> {
        self.reader.txs(height)
    }

    /// The transaction with this hash.
    pub fn tx(&self, hash: &[u8]) -> Result<Option<Included>, Broken> {
        Ok(self.reader.tx(hash)?.filter(|tx| tx.height <= self.height()))
    }

    /// The places of the transactions that a query is about, in order.
    pub fn search(&self, query: &Query) -> Result<Vec<(i64, i64)>, Broken> {
        let mut places: Option<Vec<(i64, i64)>> = None;
        let mut rest = Vec::new();
        // What names a value finds little, and comes first: that something exists is then asked of that little only.
        let mut conditions: Vec<&Condition> = Vec::new();
        for condition in query.conditions() {
            if !conditions.contains(&condition) {
                conditions.push(condition);
            }
        }
        conditions.sort_by_key(|condition| !matches!(condition.test, Test::Equals(_)));
        for condition in conditions {
            self.go_on()?;
            let found = match (condition.key.as_str(), &condition.test) {
                ("tx.hash", Test::Equals(hash)) => {
                    let hash = crate::devnet::hex::decode(hash).unwrap_or_default();
                    self.reader.tx(&hash)?.map(|tx| (tx.height, tx.position)).into_iter().collect()
                }
                ("tx.height", Test::Equals(height)) => match height.parse() {
                    Ok(height) => self.reader.places_between(height, height)?,
                    Err(_) => Vec::new(),
                },
                (key, Test::Equals(value)) => self.reader.places(key, Some(value))?,
                (key, Test::Exists) if places.is_none() && key != "tx.height" && key != "tx.hash" => {
                    self.reader.places(key, None)?
                }
                _ => {
                    rest.push(condition);
                    continue;
                }
            };
            places = Some(match places {
                None => found,
                Some(places) => places.into_iter().filter(|place| found.binary_search(place).is_ok()).collect(),
            });
        }
        let mut places = match places {
            Some(places) => places,
            None => self.reader.places_between(0, self.height())?,
        };
        places.retain(|(height, _)| *height <= self.height());
        if rest.is_empty() {
            return Ok(places);
        }
        let mut matching = Vec::new();
        for place in places {
            self.go_on()?;
            let Some(tx) = self.reader.tx_at(place.0, place.1)? else { continue };
            let attributes = tx_attributes(&tx);
            let holds = rest.iter().all(|condition| {
                attributes
                    .get(&condition.key)
                    .is_some_and(|values| values.iter().any(|value| condition.test.holds(value)))
            });
            if holds {
                matching.push(place);
            }
        }
        Ok(matching)
    }

    /// Whoever looks at much stops where the node is being ended.
    fn go_on(&self) -> Result<(), Broken> {
        if self.node.is_ending() { Err(Broken::Ended) } else { Ok(()) }
    }

    /// The heights of the blocks that a query is about, in order: by `block.height`, and by what blocks tell besides
    /// their transactions.
    pub fn search_blocks(&self, query: &Query) -> Result<Vec<i64>, Broken> {
        let (mut first, mut last) = (self.first_height, self.height());
        for condition in query.conditions().iter().filter(|condition| condition.key == BLOCK_HEIGHT) {
            let bound = |number: i128| i64::try_from(number).unwrap_or(if number < 0 { i64::MIN } else { i64::MAX });
            match &condition.test {
                Test::Equals(height) => {
                    // A text that is no height is none's.
                    let height = height.parse().unwrap_or(0);
                    (first, last) = (first.max(height), last.min(height));
                }
                Test::Order(Order::Less, number) => last = last.min(bound(*number).saturating_sub(1)),
                Test::Order(Order::LessOrEqual, number) => last = last.min(bound(*number)),
                Test::Order(Order::Greater, number) => first = first.max(bound(*number).saturating_add(1)),
                Test::Order(Order::GreaterOrEqual, number) => first = first.max(bound(*number)),
                Test::Exists | Test::Contains(_) => {}
            }
        }
        let mut heights = Vec::new();
        for height in first..=last {
            self.go_on()?;
            let Some(block) = self.reader.block(height)? else { continue };
            let mut told = attributes(&block.events.events);
            told.entry(BLOCK_HEIGHT.to_owned()).or_default().push(height.to_string());
            if query.holds(&told) {
                heights.push(height);
            }
        }
        Ok(heights)
    }

    /// The transaction at this place.
    pub fn tx_at(&self, place: (i64, i64)) -> Result<Option<Included>, Broken> {
        self.reader.tx_at(place.0, place.1)
    }
}

/// The attributes by which a transaction is found: those of its events, and `tm.event`, `tx.hash` and `tx.height`.
pub fn tx_attributes(tx: &Included) -> Attributes {
    let mut attributes = attributes(&tx.result.events);
    for (key, value) in [
        ("tm.event", "Tx".to_owned()),
        ("tx.hash", crate::devnet::hex::upper(&tx.hash)),
        ("tx.height", tx.height.to_string()),
    ] {
        attributes.entry(key.to_owned()).or_default().push(value);
    }
    attributes
}
