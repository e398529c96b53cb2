//! What must hold for any bytes, and for the tables as a whole.

use proptest::prelude::*;
use provider::chain::wire::{calls, message_of, messages, tx_message_of, tx_messages};
use provider::domain::network::Name;
use std::collections::BTreeSet;

/// Bytes that look like protobuf: fields with small numbers, nested a few deep, sometimes cut or spoiled.
fn protobuf_like() -> impl Strategy<Value = Vec<u8>> {
    let field = |number: u8, wire_type: u8| (number << 3) | wire_type;
    let varint = (1u8..15, any::<[u8; 3]>()).prop_map(move |(number, value)| {
        let mut bytes = vec![field(number, 0)];
        bytes.extend(value.map(|byte| byte | 0x80));
        bytes.push(1);
        bytes
    });
    let text = (1u8..15, proptest::collection::vec(any::<u8>(), 0..24)).prop_map(move |(number, value)| {
        let mut bytes = vec![field(number, 2), u8::try_from(value.len()).unwrap()];
        bytes.extend(value);
        bytes
    });
    let leaf = prop_oneof![varint, text];
    leaf.prop_recursive(5, 64, 4, move |inner| {
        (1u8..15, proptest::collection::vec(inner, 0..4)).prop_map(move |(number, parts)| {
            let mut value = parts.concat();
            value.truncate(127);
            let mut bytes = vec![field(number, 2), u8::try_from(value.len()).unwrap()];
            bytes.extend(value);
            bytes
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    /// And what a decoder takes, it writes in a form that it takes again and writes the same.
    #[test]
    fn no_bytes_panic_any_decoder(
        bytes in prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..256),
            proptest::collection::vec(protobuf_like(), 1..6).prop_map(|parts| parts.concat()),
        ]
    ) {
        for message in messages() {
            if let Ok(once) = (message.reencode)(&bytes) {
                let twice = (message.reencode)(&once);
                prop_assert_eq!(twice.as_ref(), Ok(&once), "{}", message.name);
            }
        }
        for message in tx_messages() {
            let _ = (message.signer)(&bytes);
        }
    }
}

/// A message that contains itself cannot be nested deep enough to exhaust the stack.
#[test]
fn deep_nesting_is_an_error() {
    let network = Name::Virtengine.facts();
    // ModeInfo { multi: { mode_infos: [ModeInfo …] } }
    let mut bytes = Vec::new();
    for _ in 0..5_000 {
        for field in [2 << 3 | 2, 2 << 3 | 2] {
            let mut outer = vec![field];
            prost::encoding::encode_varint(bytes.len() as u64, &mut outer);
            outer.extend(&bytes);
            bytes = outer;
        }
    }
    let mode_info = message_of(network, "/cosmos.tx.v1beta1.ModeInfo").unwrap();
    assert!((mode_info.reencode)(&bytes).is_err());
}

#[test]
fn names_are_unique_and_found_again() {
    for network in Name::ALL.iter().map(|name| name.facts()) {
        let mut names = BTreeSet::new();
        for message in messages().filter(|message| message.is_on(network)) {
            let name = message.full_name(network);
            let found = message_of(network, &format!("/{name}")).unwrap();
            assert_eq!(found.full_name(network), name);
            assert!(names.insert(name.clone()), "{name} is there twice");
            assert!(message_of(network, &name).is_none(), "{name} was found without its slash");
        }
        let mut paths = BTreeSet::new();
        for call in calls() {
            assert!(paths.insert(call.path(network)), "{} is there twice", call.path(network));
            assert!(!call.is_on(network) || names.contains(&call.response.full_name(network)));
        }
        for message in tx_messages() {
            let type_url = format!("/{}", message.message.full_name(network));
            assert_eq!(tx_message_of(network, &type_url).is_some(), message.message.is_on(network), "{type_url}");
        }
    }
}

#[test]
fn a_network_lacks_what_the_table_says() {
    let (virtengine, akash) = (Name::Virtengine.facts(), Name::Akash.facts());
    let there = |network, type_url| tx_message_of(network, type_url).is_some();
    assert!(there(virtengine, "/virtengine.settlement.v1.MsgRecordUsage"));
    assert!(!there(akash, "/akash.settlement.v1.MsgRecordUsage"));
    assert!(there(akash, "/akash.market.v1beta5.MsgLeaseStartReclaim"));
    assert!(!there(virtengine, "/virtengine.market.v1beta5.MsgLeaseStartReclaim"));
    // No network has the other's names.
    assert!(!there(akash, "/virtengine.market.v1beta5.MsgCreateBid"));
    assert!(there(akash, "/cosmos.bank.v1beta1.MsgSend"));
}
