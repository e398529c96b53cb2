//! Whole transactions against fixtures/vectors, which other people's encoders made.

use prost_types::Any;
use serde_json::Value;

use super::*;
use crate::chain::wire::cosmos::tx::Tx;
use crate::domain::amount::Coin;
use crate::domain::hex;
use crate::domain::network::Name;
use crate::keys::{HdPath, Mnemonic, PrivateKey, PublicKey};

fn vectors() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/vectors/chain-vectors.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn key(vectors: &Value) -> PrivateKey {
    let mnemonic = Mnemonic::parse(vectors["mnemonic"].as_str().unwrap()).unwrap();
    mnemonic.derive(&HdPath::of_account(118, 0).unwrap()).unwrap()
}

fn point(key: &PrivateKey) -> [u8; 33] {
    match key.public() {
        PublicKey::Secp256k1(point) => point,
        other => panic!("{other:?}"),
    }
}

#[test]
fn transactions_are_the_vectors_byte_for_byte() {
    let vectors = vectors();
    let key = key(&vectors);
    let network = Name::Virtengine.facts();
    let messages = vectors["messages"].as_array().unwrap();
    let mut seen = 0;
    for tx in vectors["txs"].as_array().unwrap() {
        let text = |name: &str| tx[name].as_str().unwrap();
        let number = |name: &str| tx[name].as_u64().unwrap();
        let packed: Vec<Any> = tx["messages"]
            .as_array()
            .unwrap()
            .iter()
            .map(|name| {
                let name = name.as_str().unwrap();
                let message = messages.iter().find(|message| message["type"] == name).unwrap();
                Any { type_url: format!("/{name}"), value: hex::decode(message["hex"].as_str().unwrap()).unwrap() }
            })
            .collect();
        let fee = &tx["fee"];
        let fee: Coin =
            format!("{}{}", fee["amount"].as_str().unwrap(), fee["denom"].as_str().unwrap()).parse().unwrap();
        let draft = Draft {
            network,
            chain_id: text("chain_id"),
            account_number: number("account_number"),
            sequence: number("sequence"),
            public_key: point(&key),
            messages: &packed,
            memo: text("memo"),
            timeout_height: number("timeout_height"),
            fee: Some(&fee),
            gas_limit: number("gas_limit"),
        };
        let prepared = draft.prepare(Mode::Direct).unwrap();
        assert_eq!(hex::encode(&prepared.body_bytes), text("body_bytes"), "{}", text("label"));
        assert_eq!(hex::encode(&prepared.auth_info_bytes), text("auth_info_bytes"), "{}", text("label"));
        assert_eq!(hex::encode(prepared.document()), text("sign_bytes"), "{}", text("label"));
        let signature = key.sign(prepared.document()).unwrap();
        assert_eq!(hex::encode(&signature), text("signature"), "{}", text("label"));
        let signed = prepared.signed(&signature);
        assert_eq!(hex::encode(&signed.bytes), text("tx_raw"), "{}", text("label"));
        assert_eq!(signed.hash.to_string(), text("tx_hash"), "{}", text("label"));
        seen += 1;
    }
    assert_eq!(seen, 3);
}

#[test]
fn a_simulation_is_the_transaction_without_fee_and_signature() {
    let key = key(&vectors());
    let messages = [Any { type_url: "/x.MsgA".to_owned(), value: vec![1] }];
    let nothing: Coin = "0uve".parse().unwrap();
    let draft = Draft {
        network: Name::Virtengine.facts(),
        chain_id: "chain-1",
        account_number: 1,
        sequence: 9,
        public_key: point(&key),
        messages: &messages,
        memo: "",
        timeout_height: 77,
        fee: None,
        gas_limit: 0,
    };
    let tx: Tx = prost::Message::decode(draft.simulation().as_slice()).unwrap();
    let (body, auth_info) = (tx.body.unwrap(), tx.auth_info.unwrap());
    assert_eq!((body.messages.as_slice(), body.timeout_height), (messages.as_slice(), 77));
    assert_eq!((auth_info.signer_infos[0].sequence, auth_info.fee.unwrap().amount), (9, vec![]));
    assert_eq!(tx.signatures, [Vec::<u8>::new()]);
    // A coin of zero is malformed on chain.
    let free = Draft { fee: Some(&nothing), ..draft };
    assert_eq!(free.simulation(), draft.simulation());
}

#[test]
fn json_documents_are_the_vectors_byte_for_byte() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/vectors/amino-vectors.json");
    let amino: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let key = key(&vectors());
    let mut seen = 0;
    for document in amino["documents"].as_array().unwrap() {
        let number = |name: &str| document[name].as_u64().unwrap();
        let messages: Vec<Any> = document["messages"]
            .as_array()
            .unwrap()
            .iter()
            .map(|index| {
                let message = &amino["messages"][usize::try_from(index.as_u64().unwrap()).unwrap()];
                let value = hex::decode(message["hex"].as_str().unwrap()).unwrap();
                Any { type_url: message["type_url"].as_str().unwrap().to_owned(), value }
            })
            .collect();
        // A transaction of ours pays with one coin, by its signer.
        let amount = document["fee"]["amount"].as_array().unwrap();
        let [paid] = amount.as_slice() else { continue };
        if document["fee"]["payer"].is_string() || document["fee"]["granter"].is_string() {
            continue;
        }
        let fee = format!("{}{}", paid["amount"].as_str().unwrap(), paid["denom"].as_str().unwrap()).parse().unwrap();
        let draft = Draft {
            network: Name::Virtengine.facts(),
            chain_id: document["chain_id"].as_str().unwrap(),
            account_number: number("account_number"),
            sequence: number("sequence"),
            public_key: point(&key),
            messages: &messages,
            memo: document["memo"].as_str().unwrap(),
            timeout_height: number("timeout_height"),
            fee: Some(&fee),
            gas_limit: document["fee"]["gas"].as_str().unwrap().parse().unwrap(),
        };
        let prepared = draft.prepare(Mode::LegacyAminoJson).unwrap();
        let text = std::str::from_utf8(prepared.document()).unwrap();
        assert_eq!(text, document["sign_bytes"].as_str().unwrap(), "{}", document["label"]);
        let tx: Tx = prost::Message::decode(prepared.signed(&[1; 64]).bytes.as_slice()).unwrap();
        let info = &tx.auth_info.unwrap().signer_infos[0];
        assert!(format!("{:?}", info.mode_info).contains("LegacyAminoJson"), "{info:?}");
        seen += 1;
    }
    assert!(seen >= 5, "{seen}");
}
