//! Envelopes of libsodium (fixtures/keys/envelopes.json, by way of PyNaCl) and our own.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::domain::hex;
use crate::keys::backend::Known;
use crate::keys::file::{Access, Costs, Described, Key, Keyring, Sealing, Unlocked};
use crate::keys::{Passphrase, PrivateKey};

fn vectors() -> Value {
    serde_json::from_str(include_str!("../../../fixtures/keys/envelopes.json")).unwrap()
}

fn ours() -> PrivateKey {
    let secret = hex::decode_array(vectors()["secret"].as_str().unwrap()).unwrap();
    PrivateKey::from_bytes(KeyType::X25519, &secret).unwrap()
}

/// Opens with keys that are kept in files, as everything else does.
fn open_with(envelope: &Envelope, keys: &[&PrivateKey]) -> Result<Opened, SealingError> {
    let folder = tempfile::tempdir().unwrap();
    let keyring = Keyring::open(&folder.path().join("keyring"), Access::Create).unwrap();
    let passphrase = Passphrase::typed("correct horse").unwrap();
    let costs = Costs { memory_kib: 1024, passes: 1, lanes: 1 };
    let add = |(number, private): (usize, &&PrivateKey)| -> Key {
        let name = format!("key-{number}").parse().unwrap();
        let said = Described { name, hd_path: None, created_at: jiff::Timestamp::UNIX_EPOCH };
        keyring.add(keyring.seal(said, private, &passphrase, costs).unwrap()).unwrap()
    };
    let added: Vec<Key> = keys.iter().enumerate().map(add).collect();
    let ask = Known(passphrase.clone());
    let sealing = Sealing::new(&keyring, &ask, Unlocked::default());
    let signers: Vec<Signer<'_>> = added.iter().map(|key| Signer::new(key, &sealing)).collect();
    open(envelope, &signers)
}

#[test]
fn what_libsodium_sealed_opens() {
    let vectors = vectors();
    let other = PrivateKey::generate(KeyType::X25519).unwrap();
    assert_eq!(ours().public().fingerprint(), vectors["fingerprint"]);
    assert_eq!(ours().public().base64(), vectors["public_key"]);
    let cases = vectors["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 4);
    for case in cases {
        let envelope = Envelope::from_json(&case["envelope"].to_string()).unwrap();
        // Our key is not the first that is tried.
        let opened = open_with(&envelope, &[&other, &ours()]).unwrap();
        assert_eq!(hex::encode(&opened.text), case["text"], "{}", case["name"]);
        assert!(opened.checksum_fits, "{}", case["name"]);
        assert_eq!(opened.readable_by_anyone, case["name"] == "several recipients");
        assert!(matches!(open_with(&envelope, &[&other]), Err(SealingError::NotForUs { .. })));
    }
}

/// The chain's client library agrees with the zero point; so does crypto_box, which does not refuse it.
#[test]
fn the_constant_is_what_the_zero_point_gives() {
    for data_key in [[4; 32], [5; 32]] {
        let sealed = SalsaBox::new(&BoxKey::from_bytes([0; 32]), &SecretKey::from_bytes(data_key));
        let sealed = sealed.encrypt(&[1; NONCE_LENGTH].into(), b"for anybody".as_slice()).unwrap();
        let opened = XSalsa20Poly1305::new(&CONSTANT.into()).decrypt(&[1; NONCE_LENGTH].into(), sealed.as_slice());
        assert_eq!(opened.unwrap(), b"for anybody");
    }
}

#[test]
fn what_is_sealed_opens_for_its_recipient_only() {
    let ours = ours();
    let one = seal(b"services: {}", &ours.public(), Some(3)).unwrap();
    let two = seal(b"services: {}", &ours.public(), None).unwrap();
    one.check().unwrap();
    assert!(one.recipient_key_ids[0].ends_with(":v3") && !one.has_several_recipients());
    assert!(one.nonce != two.nonce && one.sender_pub_key != two.sender_pub_key && one.ciphertext != two.ciphertext);
    for envelope in [one, two] {
        let envelope = Envelope::from_json(&envelope.to_json()).unwrap();
        let opened = open_with(&envelope, &[&ours]).unwrap();
        assert_eq!(opened.text.as_slice(), b"services: {}");
        assert!(opened.checksum_fits && !opened.readable_by_anyone);
    }
    let signing = PrivateKey::generate(KeyType::Ed25519).unwrap().public();
    assert!(matches!(seal(b"", &signing, None), Err(SealingError::Recipient { key_type: KeyType::Ed25519 })));
}

#[test]
fn what_was_changed_does_not_open() {
    let ours = ours();
    let envelope = seal(b"services: {}", &ours.public(), None).unwrap();
    let spoil: &[fn(&mut Envelope)] =
        &[|e| e.ciphertext[3] ^= 1, |e| e.nonce[0] ^= 1, |e| e.sender_pub_key[0] ^= 1, |e| e.ciphertext.truncate(20)];
    for spoil in spoil {
        let mut changed = envelope.clone();
        spoil(&mut changed);
        assert!(matches!(open_with(&changed, &[&ours]), Err(SealingError::Open(Error::DoesNotOpen { .. }))));
    }
    let relabelled = Envelope { metadata: BTreeMap::from([("a".into(), "b".into())]), ..envelope.clone() };
    assert!(open_with(&relabelled, &[&ours]).unwrap().checksum_fits, "the checksum does not cover this");
    let other = Envelope { sender_signature: vec![1], ..envelope };
    assert!(!open_with(&other, &[&ours]).unwrap().checksum_fits);
    // The data key of an envelope for several, and the text under it.
    let shared = vectors()["cases"][3]["envelope"].to_string();
    let shared = Envelope::from_json(&shared).unwrap();
    let mut changed = shared.clone();
    changed.encrypted_keys[1][30] ^= 1;
    assert!(open_with(&changed, &[&ours]).is_err());
    let mut changed = shared.clone();
    changed.ciphertext[0] ^= 1;
    assert!(matches!(open_with(&changed, &[&ours]), Err(SealingError::Changed)));
    let bare = Envelope { encrypted_keys: vec![vec![1; 10], vec![2; 10]], wrapped_keys: Vec::new(), ..shared };
    assert!(matches!(open_with(&bare, &[&ours]), Err(SealingError::Changed)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 30, ..ProptestConfig::default() })]

    #[test]
    fn any_text_survives(text in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let ours = ours();
        let envelope = seal(&text, &ours.public(), None).unwrap();
        let sealed = SealedBox {
            sender: envelope.sender_pub_key.as_slice().try_into().unwrap(),
            nonce: envelope.nonce.as_slice().try_into().unwrap(),
            ciphertext: &envelope.ciphertext,
        };
        let opened = ours.open(sealed).unwrap();
        prop_assert_eq!(opened.as_slice(), text.as_slice());
    }
}
