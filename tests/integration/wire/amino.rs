//! fixtures/vectors/amino-vectors.json: documents that CosmJS signed as a hardware wallet does, byte for byte; and the
//! tables that ours are made from, against every message with every field set by Google's encoder.

use super::{fixture, hex, unhex};
use base64::Engine;
use k256::ecdsa::signature::Verifier;
use k256::ecdsa::{Signature, VerifyingKey};
use prost_types::Any;
use provider::chain::amino::{Signer, sign_bytes};
use provider::chain::schema::raw::{self, Raw};
use provider::chain::schema::{self, Kind};
use provider::chain::wire::cosmos::coin::Coin;
use provider::chain::wire::cosmos::tx::{Fee, TxBody};
use provider::domain::network::Name;
use serde_json::Value;
use std::collections::HashSet;

fn vectors(name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(fixture(&format!("vectors/{name}-vectors.json"))).unwrap()).unwrap()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[test]
fn documents_are_the_ones_that_other_people_sign() {
    let vectors = vectors("amino");
    let messages: Vec<_> = vectors["messages"].as_array().unwrap().iter().collect();
    let point = unhex("02ba66a84cf7839af172a13e7fc9f5e7008cb8bca1585f8f3bafb3039eda3c1fdd");
    let key = VerifyingKey::from_sec1_bytes(&point).unwrap();
    let documents = vectors["documents"].as_array().unwrap();
    for document in documents {
        let fee = &document["fee"];
        let coins = fee["amount"].as_array().unwrap();
        let fee = Fee {
            amount: coins.iter().map(|c| Coin { denom: text(&c["denom"]), amount: text(&c["amount"]) }).collect(),
            gas_limit: text(&fee["gas"]).parse().unwrap(),
            payer: text(&fee["payer"]),
            granter: text(&fee["granter"]),
        };
        let chosen = document["messages"].as_array().unwrap().iter().map(|index| {
            let message = messages[usize::try_from(index.as_u64().unwrap()).unwrap()];
            Any { type_url: text(&message["type_url"]), value: unhex(message["hex"].as_str().unwrap()) }
        });
        let body = TxBody {
            messages: chosen.collect(),
            memo: text(&document["memo"]),
            timeout_height: document["timeout_height"].as_u64().unwrap(),
            ..TxBody::default()
        };
        let chain_id = text(&document["chain_id"]);
        let signer = Signer {
            chain_id: &chain_id,
            account_number: document["account_number"].as_u64().unwrap(),
            sequence: document["sequence"].as_u64().unwrap(),
        };
        let bytes = sign_bytes(Name::Virtengine.facts(), &signer, &body, &fee).unwrap();
        let label = &document["label"];
        assert_eq!(String::from_utf8(bytes.clone()).unwrap(), text(&document["sign_bytes"]), "{label}");
        let signature = base64::engine::general_purpose::STANDARD.decode(text(&document["signature"])).unwrap();
        key.verify(&bytes, &Signature::from_slice(&signature).unwrap()).unwrap();
    }
    assert_eq!(documents.len(), 11);
}

#[test]
fn the_tables_have_every_field_of_every_message() {
    let vectors = vectors("field");
    let mut set = HashSet::new();
    for network in Name::ALL.iter().map(|name| name.facts()) {
        for (name, bytes) in vectors[network.word].as_object().unwrap() {
            let bytes = unhex(bytes.as_str().unwrap());
            let message = schema::message_of(network, name).unwrap_or_else(|| panic!("{name} is in no table"));
            let there = raw::fields(&bytes).unwrap();
            for (number, value) in &there {
                let field = message.field(*number).unwrap_or_else(|| panic!("{name} has a field {number}"));
                match (&field.kind, value) {
                    // A text holds its field's name and number.
                    (Kind::String, Raw::Bytes(text)) => {
                        let expected = format!("{} {number}", field.name);
                        assert_eq!(hex(text), hex(expected.as_bytes()), "{name} {}", field.name);
                    }
                    (Kind::Bytes, Raw::Bytes(bytes)) => assert_eq!(bytes[0], 0xff, "{name} {}", field.name),
                    (Kind::Message(_) | Kind::WellKnown(_) | Kind::Map, Raw::Bytes(_))
                    | (Kind::Bool | Kind::Int32 | Kind::Int64 | Kind::Uint32 | Kind::Uint64, Raw::Varint(_)) => {}
                    // The last value of the enum.
                    (Kind::Enum(key), Raw::Varint(number)) => {
                        let values = &schema::enums()[key].values;
                        let number = i32::try_from(*number).unwrap();
                        assert!(values.iter().any(|(value, _)| *value == number), "{name} {}: {number}", field.name);
                    }
                    (_, Raw::Bytes(packed)) if field.repeated => assert!(raw::packed(packed).is_ok(), "{name}"),
                    (kind, value) => panic!("{name} {} is a {kind:?}, not a {value:?}", field.name),
                }
            }
            let numbers = there.iter().map(|(number, _)| (message.package, message.name.as_str(), *number));
            set.extend(numbers);
        }
    }
    // A field of one network only is in that one's vectors; of a oneof the first member is set.
    for message in schema::messages().values() {
        let is_set = |field: &schema::Field| set.contains(&(message.package, message.name.as_str(), field.number));
        for field in &message.fields {
            let another = field.one_of.is_some()
                && message.fields.iter().any(|other| other.one_of == field.one_of && is_set(other));
            assert!(is_set(field) || another, "{} has no field {}", message.name, field.name);
        }
    }
    assert!(set.len() > 1000, "{}", set.len());
}
