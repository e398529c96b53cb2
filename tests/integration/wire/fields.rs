//! fixtures/vectors/field-vectors.json: every message with every field set, by Google's encoder. A field that were
//! missing here, or had another number or type, would be lost on the way.

use super::{fixture, hex, unhex};
use provider::chain::wire::{message_of, messages};
use provider::domain::network::Name;
use serde_json::Value;

/// Without fields, there is nothing to encode.
const EMPTY: &str = "market.v1beta5.MsgLeaseStartReclaimResponse";

#[test]
fn every_field_of_every_message_survives() {
    let vectors: Value =
        serde_json::from_slice(&std::fs::read(fixture("vectors/field-vectors.json")).unwrap()).unwrap();
    for network in Name::ALL.iter().map(|name| name.facts()) {
        for (name, bytes) in vectors[network.word].as_object().unwrap() {
            let bytes = unhex(bytes.as_str().unwrap());
            let kind = message_of(network, &format!("/{name}")).unwrap_or_else(|| panic!("{name} is unknown"));
            assert_eq!(hex(&(kind.reencode)(&bytes).unwrap()), hex(&bytes), "{name}");
        }
    }
    for message in messages() {
        let there = Name::ALL.iter().map(|name| name.facts()).any(|network| {
            let name = message.full_name(network);
            vectors[network.word].get(&name).is_some() || name.ends_with(EMPTY)
        });
        assert!(there, "{message:?} has no vector");
    }
}
