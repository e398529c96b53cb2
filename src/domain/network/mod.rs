//! The networks as data: everything in which VirtEngine and Akash differ.
//!
//! Code never asks "is this Akash?"; it asks the table for the fact it needs. What is not in the table is the same on
//! both. The facts come from the two descriptor sets and from two recorded nodes (fixtures/recorded), and they are
//! what those nodes did, defects included: a provider meets them, and the development chain repeats them.
//!
//! - [`Network`]: names, denominations and amounts, and what the network lacks ([`Network::has`]).
//! - [`Behaviour`]: where the same step ends differently.
//! - [`Overrides`]: what an operator sets instead of some of it.

mod akash;
mod behaviour;
mod overrides;
mod virtengine;

pub use behaviour::{Behaviour, BidListing, ErrorCode, OverdrawnLease};
pub use overrides::Overrides;

/// Which network a provider sells on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Name {
    /// VirtEngine.
    Virtengine,
    /// Akash, VirtEngine's live sibling.
    Akash,
}

/// Whether a chain's id says that tests made it for themselves: `devnet` or `localnet` is one of its words.
pub fn is_of_tests(chain_id: &str) -> bool {
    chain_id.split('-').any(|word| word == "devnet" || word == "localnet")
}

/// A denomination with the units people write it in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Denomination {
    /// The name on chain, the smallest unit: `uve`.
    pub base: &'static str,
    /// Other units of the same coin and how many decimal places each stands above the base: `("ve", 6)`.
    pub units: &'static [(&'static str, u32)],
    /// Names that old documents use for a unit, taken with a warning: `("uvirt", "uve")`.
    pub aliases: &'static [(&'static str, &'static str)],
}

/// An amount of a denomination, as a constant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount {
    /// How many of the base unit.
    pub amount: u64,
    /// The base unit.
    pub denomination: &'static str,
}

/// The share of each payout that the chain keeps (module `take`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakeRates {
    /// In percent, by denomination.
    pub by_denomination: &'static [(&'static str, u32)],
    /// In percent, for every other denomination.
    pub otherwise: u32,
}

/// A unit of a denomination, as somebody wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit {
    /// The denomination on chain.
    pub base: &'static str,
    /// How many decimal places the unit stands above the base.
    pub places: u32,
    /// The unit that an old document's name stands for.
    pub meant: Option<&'static str>,
}

/// What is true of one network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    /// Which network this is.
    pub name: Name,
    /// The word in configuration and output.
    pub word: &'static str,
    /// The first part of every protobuf package: `virtengine` in `virtengine.market.v1`.
    pub package_prefix: &'static str,
    /// The human-readable part of an account address: `ve` in `ve1…`.
    pub address_prefix: &'static str,
    /// The SLIP-44 coin type in the derivation path of keys, `m/44'/118'/0'/0/0`.
    pub coin_type: u32,
    /// The denomination of fees (base unit).
    pub fee_denomination: &'static str,
    /// The denominations that orders and deposits may use, the usual one first. A bid, and its deposit, use the
    /// order's own.
    pub denominations: &'static [Denomination],
    /// The usual minimum gas price, in the fee denomination.
    pub gas_price: &'static str,
    /// The chain id of the main network.
    pub chain_id: &'static str,
    /// The chain ids of other networks of the same kind: for tests and trials.
    pub test_chain_ids: &'static [&'static str],
    /// The smallest deposit of a bid in each denomination; the chain's own parameters rule, these are its defaults.
    pub minimum_bid_deposits: &'static [Amount],
    /// The smallest deposit of a deployment in each denomination; the chain's own parameters rule.
    pub minimum_deployment_deposits: &'static [Amount],
    /// What the chain keeps of a payout, by default.
    pub take_rates: TakeRates,
    /// What this network lacks of the tables' union, below the package prefix: packages and messages.
    lacks: &'static [&'static str],
    /// Where the same step ends differently.
    pub behaviour: Behaviour,
}

impl Network {
    /// The unit that a text names: `uve`, `ve`, or an old document's `VIRT`. `None` for a denomination of others.
    pub fn unit(&self, written: &str) -> Option<Unit> {
        let lower = written.to_ascii_lowercase();
        self.denominations.iter().find_map(|known| {
            let alias = known.aliases.iter().find(|(name, _)| *name == lower).map(|(_, meant)| *meant);
            let name = alias.unwrap_or(lower.as_str());
            let (_, places) = known.units.iter().find(|(unit, _)| *unit == name)?;
            Some(Unit { base: known.base, places: *places, meant: alias })
        })
    }

    /// Whether the network has the package or message with this name below the package prefix: `settlement.v1`,
    /// `market.v1beta5.MsgLeaseStartReclaim`. A method is there if the message of its request is.
    ///
    /// Only names of the tables' union are asked for; any other name is "there".
    pub fn has(&self, name: &str) -> bool {
        !self
            .lacks
            .iter()
            .any(|absent| name.strip_prefix(absent).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
    }

    /// Whether usage is recorded and settled on chain; where it is not, records stay with the provider.
    pub fn has_settlement(&self) -> bool {
        self.has("settlement.v1")
    }

    /// Whether accounts register their encryption keys on chain.
    pub fn has_recipient_keys(&self) -> bool {
        self.has("encryption.v1")
    }

    /// Whether providers report their capacity on chain.
    pub fn has_heartbeat(&self) -> bool {
        self.has("resources.v1")
    }

    /// Whether the chain keeps invoices of escrow payments.
    pub fn has_invoices(&self) -> bool {
        self.has("escrow.v1.QueryInvoiceRequest")
    }

    /// Whether a provider can have its domain verified on chain.
    pub fn has_domain_verification(&self) -> bool {
        self.has("provider.v1beta4.MsgRequestDomainVerification")
    }

    /// Whether a provider can announce that it will take a lease back.
    pub fn has_reclamation(&self) -> bool {
        self.has("market.v1beta5.MsgLeaseStartReclaim")
    }
}

impl Name {
    /// Every network this build knows.
    pub const ALL: &'static [Self] = &[Self::Virtengine, Self::Akash];

    /// The facts of this network.
    pub const fn facts(self) -> &'static Network {
        match self {
            Self::Virtengine => &virtengine::NETWORK,
            Self::Akash => &akash::NETWORK,
        }
    }

    /// The word in configuration and output.
    pub const fn word(self) -> &'static str {
        self.facts().word
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::amount::{Dec18, Denom};

    #[test]
    fn a_name_is_lacking_with_all_below_it() {
        let akash = Name::Akash.facts();
        assert!(!akash.has("settlement.v1"));
        assert!(!akash.has("settlement.v1.MsgRecordUsage"));
        assert!(akash.has("settlement.v10"));
        assert!(akash.has("market.v1beta5.MsgLeaseStartReclaim") && akash.has("take.v1"));
        assert!(!Name::Virtengine.facts().has("market.v1beta5.MsgLeaseStartReclaim"));
    }

    #[test]
    fn the_networks_differ_where_the_recordings_say_so() {
        let facts = |network: &Network| {
            [
                network.has_settlement(),
                network.has_recipient_keys(),
                network.has_heartbeat(),
                network.has_invoices(),
                network.has_domain_verification(),
                network.has_reclamation(),
            ]
        };
        assert_eq!(facts(Name::Virtengine.facts()), [true, true, true, true, true, false]);
        assert_eq!(facts(Name::Akash.facts()), [false, false, false, false, false, true]);
    }

    #[test]
    fn every_constant_can_be_read() {
        for network in Name::ALL.iter().map(|name| name.facts()) {
            network.gas_price.parse::<Dec18>().unwrap();
            let bases: Vec<_> = network.denominations.iter().map(|denomination| denomination.base).collect();
            for denomination in network.denominations {
                assert!(denomination.units.contains(&(denomination.base, 0)));
                denomination.base.parse::<Denom>().unwrap();
            }
            for minimum in network.minimum_bid_deposits.iter().chain(network.minimum_deployment_deposits) {
                assert!(bases.contains(&minimum.denomination), "{minimum:?} on {}", network.word);
            }
        }
    }
}
