//! The networks as data: everything in which VirtEngine and Akash differ.
//!
//! Code never asks "is this Akash?"; it asks the table for the fact it needs.

/// Which network a provider sells on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Name {
    /// VirtEngine.
    Virtengine,
    /// Akash, VirtEngine's live sibling.
    Akash,
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
    /// The denomination of fees (base unit).
    pub fee_denomination: &'static str,
    /// The denominations that orders and deposits may use, the usual one first.
    pub denominations: &'static [Denomination],
    /// The usual minimum gas price, in the fee denomination.
    pub gas_price: &'static str,
    /// The chain id of the main network.
    pub chain_id: &'static str,
}

const VIRTENGINE: Network = Network {
    name: Name::Virtengine,
    word: "virtengine",
    package_prefix: "virtengine",
    address_prefix: "ve",
    fee_denomination: "uve",
    denominations: &[Denomination {
        base: "uve",
        units: &[("uve", 0), ("mve", 3), ("ve", 6), ("virtengine", 6)],
        aliases: &[("uvirt", "uve"), ("virt", "ve")],
    }],
    gas_price: "0.025",
    chain_id: "virtengine-1",
};

const AKASH: Network = Network {
    name: Name::Akash,
    word: "akash",
    package_prefix: "akash",
    address_prefix: "akash",
    fee_denomination: "uakt",
    denominations: &[
        Denomination { base: "uact", units: &[("uact", 0), ("mact", 3), ("act", 6)], aliases: &[] },
        Denomination { base: "uakt", units: &[("uakt", 0), ("makt", 3), ("akt", 6)], aliases: &[] },
    ],
    gas_price: "0.025",
    chain_id: "akashnet-2",
};

impl Name {
    /// Every network this build knows.
    pub const ALL: &'static [Self] = &[Self::Virtengine, Self::Akash];

    /// The facts of this network.
    pub const fn facts(self) -> &'static Network {
        match self {
            Self::Virtengine => &VIRTENGINE,
            Self::Akash => &AKASH,
        }
    }

    /// The word in configuration and output.
    pub const fn word(self) -> &'static str {
        self.facts().word
    }
}
