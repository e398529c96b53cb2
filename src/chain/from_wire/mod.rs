//! From messages to the plain types of [`domain`](crate::domain), a file for each subject.
//!
//! Reading checks what it reads: an id, an address, an amount or a height that cannot be is [`Malformed`], and names
//! its message and field. A state of a number that this product does not know is `Unknown` and never an error. Nothing
//! of a node's answer gets past here unchecked, but free text, which stays what it is.

pub(in crate::chain) mod deployment;
pub(in crate::chain) mod encryption;
pub(in crate::chain) mod escrow;
pub(in crate::chain) mod group;
pub(in crate::chain) mod market;
pub(in crate::chain) mod params;
pub(in crate::chain) mod provider;
pub(in crate::chain) mod settlement;

use std::time::Duration;

use jiff::Timestamp;

use crate::chain::wire::cosmos::coin;
use crate::domain::address::Address;
use crate::domain::amount::{Coin, DecCoin};
use crate::domain::fault::{Classified, Fault};
use crate::domain::height::Height;
use crate::domain::id::{BidId, DeploymentId, GroupId, IdError, OrderId};

/// Why a message cannot be what it should be.
#[derive(Debug, thiserror::Error)]
#[error("the chain sent {message} with a malformed {field}")]
pub struct Malformed {
    /// The message, with its article.
    message: &'static str,
    /// The field.
    field: &'static str,
    /// What is wrong with it.
    #[source]
    source: Box<dyn std::error::Error + Send + Sync>,
}

impl Classified for Malformed {
    fn fault(&self) -> Fault {
        Fault::Invalid
    }
}

/// Names the message that is read, for errors.
#[derive(Debug, Clone, Copy)]
struct Of<'a> {
    message: &'static str,
    /// The prefix of addresses.
    prefix: &'a str,
}

impl Of<'_> {
    fn malformed(self, field: &'static str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Malformed {
        Malformed { message: self.message, field, source: source.into() }
    }

    fn address(self, field: &'static str, text: &str) -> Result<Address, Malformed> {
        Address::parse(text, self.prefix).map_err(|error| self.malformed(field, error))
    }

    /// An address that is empty where there is none.
    fn optional_address(self, field: &'static str, text: &str) -> Result<Option<Address>, Malformed> {
        if text.is_empty() { Ok(None) } else { self.address(field, text).map(Some) }
    }

    fn id<I>(self, id: Result<I, IdError>) -> Result<I, Malformed> {
        id.map_err(|error| self.malformed("id", error))
    }

    fn deployment_id(self, owner: &str, dseq: u64) -> Result<DeploymentId, Malformed> {
        self.id(DeploymentId::new(self.address("id", owner)?, dseq))
    }

    fn group_id(self, owner: &str, dseq: u64, gseq: u32) -> Result<GroupId, Malformed> {
        self.id(GroupId::new(self.deployment_id(owner, dseq)?, gseq))
    }

    fn order_id(self, owner: &str, dseq: u64, gseq: u32, oseq: u32) -> Result<OrderId, Malformed> {
        self.id(OrderId::new(self.group_id(owner, dseq, gseq)?, oseq))
    }

    fn bid_id(self, order: OrderId, provider: &str, bseq: u32) -> Result<BidId, Malformed> {
        if bseq != 0 {
            return Err(self.malformed("id", format!("the bid number {bseq}, which is always 0")));
        }
        Ok(BidId::new(order, self.address("id", provider)?))
    }

    fn height(self, field: &'static str, height: i64) -> Result<Height, Malformed> {
        u64::try_from(height).map(Height).map_err(|_| self.malformed(field, format!("the height {height}")))
    }

    /// A height that is 0 where the thing has not happened.
    fn optional_height(self, field: &'static str, height: i64) -> Result<Option<Height>, Malformed> {
        if height == 0 { Ok(None) } else { self.height(field, height).map(Some) }
    }

    fn time(self, field: &'static str, seconds: i64) -> Result<Timestamp, Malformed> {
        Timestamp::from_second(seconds).map_err(|error| self.malformed(field, error))
    }

    /// Seconds since 1970 that are 0 where the thing has not happened.
    fn optional_time(self, field: &'static str, seconds: i64) -> Result<Option<Timestamp>, Malformed> {
        if seconds == 0 { Ok(None) } else { self.time(field, seconds).map(Some) }
    }

    fn duration(self, field: &'static str, duration: prost_types::Duration) -> Result<Duration, Malformed> {
        Duration::try_from(duration).map_err(|error| self.malformed(field, error.to_string()))
    }

    fn optional_duration(
        self,
        field: &'static str,
        duration: Option<prost_types::Duration>,
    ) -> Result<Option<Duration>, Malformed> {
        duration.map(|duration| self.duration(field, duration)).transpose()
    }

    fn coin(self, field: &'static str, coin: &coin::Coin) -> Result<Coin, Malformed> {
        Coin::try_from(coin).map_err(|error| self.malformed(field, error))
    }

    fn coins(self, field: &'static str, coins: &[coin::Coin]) -> Result<Vec<Coin>, Malformed> {
        coins.iter().map(|coin| self.coin(field, coin)).collect()
    }

    fn dec_coin(self, field: &'static str, coin: &coin::DecCoin) -> Result<DecCoin, Malformed> {
        DecCoin::try_from(coin).map_err(|error| self.malformed(field, error))
    }
}
