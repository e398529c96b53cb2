//! Keys recovered from a mnemonic through the program have the addresses, and give the signatures, that CosmJS and the
//! Akash SDK give.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::{PASSPHRASE, Place};
use provider::domain::hex;
use provider::keys::file::{Access, Keyring, Sealing, Unlocked};
use provider::keys::{Known, Passphrase, Signer};

fn vectors() -> Value {
    serde_json::from_str(&fs::read_to_string("fixtures/vectors/chain-vectors.json").unwrap()).unwrap()
}

#[test]
fn accounts_are_those_of_other_wallets() {
    let vectors = vectors();
    for (network, prefix) in [("virtengine", "ve"), ("akash", "akash")] {
        let place = Place::new();
        place.configure(&format!("chain: {{ network: {network} }}\n"));
        place.secret_file("words", vectors["mnemonic"].as_str().unwrap());
        let accounts = vectors["accounts"][prefix].as_array().unwrap();
        assert_eq!(accounts.len(), 2);
        for (number, account) in accounts.iter().enumerate() {
            let (name, path) = (format!("account-{number}"), account["hd_path"].as_str().unwrap());
            let recover = ["add", &name, "--type", "secp256k1", "--recover", "--mnemonic-file", "words"];
            let made = place.keys(&[&recover[..], &["--hd-path", path]].concat());
            assert_eq!((&made["address"], &made["hd_path"]), (&account["address"], &account["hd_path"]));
            let key = STANDARD.decode(made["public_key"].as_str().unwrap()).unwrap();
            assert_eq!(hex::encode(&key), account["pubkey_hex"]);
            let shown = place.run(&["keys", "show", &name, "-a"]).succeeded().stdout;
            assert_eq!(shown.trim_end(), account["address"]);
        }
    }
}

#[test]
fn signatures_are_those_of_other_wallets() {
    let vectors = vectors();
    let place = Place::new();
    place.secret_file("words", vectors["mnemonic"].as_str().unwrap());
    place.keys(&["add", "provider", "--recover", "--mnemonic-file", "words"]);
    let keyring = Keyring::open(&place.path(".provider-daemon/keyring"), Access::Use).unwrap();
    let ask = Known(Passphrase::typed(PASSPHRASE).unwrap());
    let (sealing, key) =
        (Sealing::new(&keyring, &ask, Unlocked::default()), keyring.find(&"provider".parse().unwrap()).unwrap());
    let signer = Signer::new(&key, &sealing);
    let transactions = vectors["txs"].as_array().unwrap();
    assert_eq!(transactions.len(), 3);
    for transaction in transactions {
        let bytes = |field: &str| hex::decode(transaction[field].as_str().unwrap()).unwrap();
        let signature = signer.sign(&bytes("sign_bytes")).unwrap();
        assert_eq!(signature.as_slice(), bytes("signature"), "{}", transaction["label"]);
        assert!(signer.key().public.verifies(&bytes("sign_bytes"), &signature));
    }
}
