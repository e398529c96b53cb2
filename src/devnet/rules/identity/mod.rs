//! Identity (VEID) and second factors (MFA), as far as they decide which messages an account may send.
//!
//! Scores come from genesis or from `devnet identity`; the recorded node verifies them by machinery that is no part of
//! a development chain.

use crate::devnet::collection::Collection;
use crate::devnet::kv::{Broken, Kv};
use prost::Message;

/// What is known of an account's owner.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Record {
    /// 0 … 100.
    #[prost(uint32, tag = 1)]
    pub score: u32,
    /// A word of [`Tier`].
    #[prost(string, tag = 2)]
    pub tier: String,
}

/// How well an account's owner is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// A score of 50.
    Basic,
    /// A score of 70.
    Standard,
    /// A score of 85.
    Premium,
}

impl Tier {
    /// Every tier, from the lowest.
    pub const ALL: [Self; 3] = [Self::Basic, Self::Standard, Self::Premium];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Standard => "standard",
            Self::Premium => "premium",
        }
    }

    /// The tier with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tier| tier.word() == word)
    }
}

/// Records by the bytes of the address.
const RECORDS: Collection<Record> = Collection::new("veid/record");

/// What is known of the owner of this account.
pub fn find(kv: &dyn Kv, address: &[u8]) -> Result<Option<Record>, Broken> {
    RECORDS.get(kv, &(address,))
}

/// Says how well the owner of this account is known.
pub fn set(kv: &mut dyn Kv, address: &[u8], score: u32, tier: Tier) -> Result<(), Broken> {
    RECORDS.set(kv, &(address,), &Record { score, tier: tier.word().to_owned() })
}

/// The score of this account; 0 where nothing is known.
pub fn score(kv: &dyn Kv, address: &[u8]) -> Result<u32, Broken> {
    Ok(find(kv, address)?.map_or(0, |record| record.score))
}
