//! The messages of the chain as data: every field with its number, name and type.
//!
//! [`wire`](super::wire) has the same messages as types, for programs that know what they want. Two things need them
//! as data: the JSON that a hardware wallet signs ([`amino`](super::amino)), and a server that tells clients what it
//! serves (gRPC reflection). The tables are texts (`network.txt`, `cosmos.txt`), read once; a test holds them against
//! an independent encoder's bytes of every message with every field set, as it holds the types.
//!
//! It does not decode into values: [`raw`] takes a message apart as far as the wire itself goes.

mod parse;
pub mod raw;

use crate::chain::wire::Package;
use crate::domain::network::Network;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The type of a field, or of a repeated field's elements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// `bool`.
    Bool,
    /// `int32`.
    Int32,
    /// `int64`.
    Int64,
    /// `uint32`.
    Uint32,
    /// `uint64`.
    Uint64,
    /// `string`.
    String,
    /// `bytes`.
    Bytes,
    /// An enum, by its key in [`enums`].
    Enum(String),
    /// A message, by its key in [`messages`].
    Message(String),
    /// `google.protobuf.Any`, `Timestamp` or `Duration`, by that name.
    WellKnown(WellKnown),
    /// `map<string, string>`.
    Map,
}

/// The messages of protobuf itself that are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WellKnown {
    /// `google.protobuf.Any`.
    Any,
    /// `google.protobuf.Duration`.
    Duration,
    /// `google.protobuf.Timestamp`.
    Timestamp,
}

/// How the JSON of sign mode LEGACY_AMINO_JSON writes a field, where not as its type says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// As its type says.
    #[default]
    Plain,
    /// `(cosmos_proto.scalar) = "cosmos.Int"`: the empty text is 0.
    Int,
    /// `(cosmos_proto.scalar) = "cosmos.Dec"` of a `LegacyDec`: written with its point.
    Dec,
    /// `(amino.encoding) = "legacy_coins"`: no coins are an empty list.
    Coins,
}

/// A field of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its number on the wire.
    pub number: u32,
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Whether it holds several.
    pub repeated: bool,
    /// The `oneof` that it belongs to.
    pub one_of: Option<String>,
    /// `(amino.dont_omitempty)`.
    pub keep: bool,
    /// Of the JSON of sign mode LEGACY_AMINO_JSON.
    pub encoding: Encoding,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its package.
    pub package: Package,
    /// Its name in the package: `ModeInfo.Single` for one within another.
    pub name: String,
    /// `(amino.name)`; `{network}` in it is the network's prefix.
    pub amino: Option<String>,
    /// Its fields, by number.
    pub fields: Vec<Field>,
}

/// An enum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enum {
    /// Its package.
    pub package: Package,
    /// Its name in the package.
    pub name: String,
    /// Its numbers and words; the first is 0.
    pub values: Vec<(i32, String)>,
}

/// What the tables say. A key is a full name, for the networks' own packages without the prefix: `market.v1.BidID`.
#[derive(Debug, Default)]
struct Tables {
    messages: BTreeMap<String, Message>,
    enums: BTreeMap<String, Enum>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let mut tables = Tables::default();
    parse::read(include_str!("network.txt"), Package::OfNetwork, &mut tables);
    parse::read(include_str!("cosmos.txt"), Package::Common, &mut tables);
    tables
});

/// Every message by its key, whichever network has it.
pub fn messages() -> &'static BTreeMap<String, Message> {
    &TABLES.messages
}

/// Every enum by its key, whichever network has it.
pub fn enums() -> &'static BTreeMap<String, Enum> {
    &TABLES.enums
}

/// The message with this key.
pub fn message(key: &str) -> Option<&'static Message> {
    TABLES.messages.get(key)
}

/// The message with this full name on a network, if the network has it.
pub fn message_of(network: &Network, full_name: &str) -> Option<&'static Message> {
    let own = full_name.strip_prefix(network.package_prefix).and_then(|rest| rest.strip_prefix('.'));
    message(own.unwrap_or(full_name))
        .filter(|message| matches!(message.package, Package::OfNetwork(_)) == own.is_some() && message.is_on(network))
}

impl Message {
    /// Whether the network has it.
    pub fn is_on(&self, network: &Network) -> bool {
        self.package.is_on(network, &self.name)
    }

    /// `virtengine.market.v1beta5.MsgCreateBid`.
    pub fn full_name(&self, network: &Network) -> String {
        self.package.full_name(network, &self.name)
    }

    /// The field with this number.
    pub fn field(&self, number: u32) -> Option<&Field> {
        self.fields.iter().find(|field| field.number == number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::wire;
    use crate::domain::network::Name;

    #[test]
    fn every_type_of_a_field_is_there() {
        for message in messages().values() {
            for field in &message.fields {
                let there = match &field.kind {
                    Kind::Message(key) => TABLES.messages.contains_key(key),
                    Kind::Enum(key) => TABLES.enums.contains_key(key),
                    _ => true,
                };
                assert!(there, "{}.{} is of an unknown type {:?}", message.name, field.name, field.kind);
            }
        }
    }

    #[test]
    fn every_message_of_the_wire_is_there_and_no_other() {
        let network = Name::Virtengine.facts();
        let wire: Vec<_> = wire::messages().map(|message| message.full_name(network)).collect();
        let here: Vec<_> = messages().values().map(|message| message.full_name(network)).collect();
        for name in &wire {
            assert!(here.contains(name), "{name} is missing here");
        }
        for name in &here {
            assert!(wire.contains(name), "{name} is missing in the wire");
        }
    }

    #[test]
    fn a_message_is_found_by_its_name_on_its_network_only() {
        let (virtengine, akash) = (Name::Virtengine.facts(), Name::Akash.facts());
        assert!(message_of(virtengine, "virtengine.settlement.v1.MsgRecordUsage").is_some());
        assert!(message_of(virtengine, "settlement.v1.MsgRecordUsage").is_none());
        assert!(message_of(virtengine, "virtengine.cosmos.bank.v1beta1.MsgSend").is_none());
        assert!(message_of(akash, "akash.settlement.v1.MsgRecordUsage").is_none());
        assert!(message_of(akash, "cosmos.bank.v1beta1.MsgSend").is_some());
    }
}
