//! The bytes on the wire against those of the npm libraries, and what the app's answers mean.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::*;
use crate::domain::fault::{Classified as _, Fault};
use crate::domain::hex;
use crate::keys::file::Access;
use crate::keys::{Mnemonic, PrivateKey, Signer};

fn vectors() -> Value {
    serde_json::from_str(include_str!("../../../fixtures/keys/ledger.json")).unwrap()
}

fn path() -> HdPath {
    vectors()["path"].as_str().unwrap().parse().unwrap()
}

fn private() -> PrivateKey {
    Mnemonic::parse(vectors()["mnemonic"].as_str().unwrap()).unwrap().derive(&path()).unwrap()
}

/// The commands and answers of one recording.
fn recorded(vectors: &Value, library: &str, what: &str, prefix: Option<&str>) -> Steps {
    let fits = |exchange: &&Value| {
        exchange["library"] == library && exchange["what"] == what && exchange["prefix"].as_str() == prefix
    };
    let exchange = vectors["exchanges"].as_array().unwrap().iter().find(fits).unwrap();
    let bytes = |step: &Value, part: &str| hex::decode(step[part].as_str().unwrap()).unwrap();
    exchange["log"].as_array().unwrap().iter().map(|step| (bytes(step, "command"), bytes(step, "answer"))).collect()
}

/// A command and the answer to it.
type Step = (Vec<u8>, Vec<u8>);

type Steps = Vec<Step>;

/// A device that expects these commands and no others.
#[derive(Clone)]
struct Script(Arc<Mutex<VecDeque<Step>>>);

impl Script {
    fn new(steps: impl IntoIterator<Item = Steps>) -> Self {
        Self(Arc::new(Mutex::new(steps.into_iter().flatten().collect())))
    }

    fn is_at_its_end(&self) -> bool {
        self.0.lock().unwrap().is_empty()
    }
}

impl Transport for Script {
    fn exchange(&mut self, command: &[u8], _: Duration) -> Result<Vec<u8>, Error> {
        let (expected, answer) = self.0.lock().unwrap().pop_front().expect("a command that no library sends");
        assert_eq!(hex::encode(command), hex::encode(&expected));
        Ok(answer)
    }
}

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn keyring(&self) -> Keyring {
        Keyring::open(&self.folder.path().join("keyring"), Access::Create).unwrap()
    }
}

fn ledger<'a>(keyring: &'a Keyring, prefix: &str, confirm: bool, script: &Script) -> Ledger<'a> {
    let settings = Settings {
        path: path(),
        prefix: prefix.to_owned(),
        require_confirmation: confirm,
        patience: Duration::from_secs(1),
    };
    let script = script.clone();
    Ledger::new(keyring, settings, Box::new(move || Ok(Box::new(script.clone()) as Box<dyn Transport>)))
}

/// The beginning of every run, as CosmJS makes sure that the app is there (it asks for the app's name twice).
fn greeting(vectors: &Value) -> Steps {
    let all = recorded(vectors, "@cosmjs/ledger-amino", "sign one message", None);
    let greeting = [
        recorded(vectors, "@zondax/ledger-cosmos-js", "app info", None),
        recorded(vectors, "@zondax/ledger-cosmos-js", "version", None),
    ]
    .concat();
    assert_eq!(all[..3], [greeting.clone(), vec![greeting[0].clone()]].concat());
    greeting
}

fn provider(prepared: &KeyFile) -> Key {
    prepared.key().clone()
}

fn new_key() -> NewKey<'static> {
    let origin = Origin::New(KeyType::Secp256k1);
    NewKey { name: "provider".parse().unwrap(), origin, created_at: jiff::Timestamp::UNIX_EPOCH }
}

#[test]
fn addresses_are_asked_for_as_the_libraries_do() {
    let (vectors, place) = (vectors(), Place::new());
    let keyring = place.keyring();
    let cases = [
        ("@zondax/ledger-cosmos-js", "akash"),
        ("@zondax/ledger-cosmos-js", "cosmos"),
        ("@ledgerhq/hw-app-cosmos", "akash"),
        ("@ledgerhq/hw-app-cosmos", "ve"),
    ];
    for (library, prefix) in cases {
        for (confirm, what) in [(false, "address"), (true, "shown address")] {
            let script = Script::new([greeting(&vectors), recorded(&vectors, library, what, Some(prefix))]);
            let key = provider(&ledger(&keyring, prefix, confirm, &script).prepare(new_key()).unwrap());
            assert!(script.is_at_its_end());
            assert_eq!((key.public, key.hd_path, key.home), (private().public(), Some(path()), Home::Ledger));
        }
    }
}

#[test]
fn transactions_are_signed_as_cosmjs_does() {
    let (vectors, place) = (vectors(), Place::new());
    let keyring = place.keyring();
    let address = recorded(&vectors, "@zondax/ledger-cosmos-js", "address", Some("akash"));
    for signed in vectors["signatures"].as_array().unwrap() {
        let (what, text) = (signed["what"].as_str().unwrap(), signed["text"].as_str().unwrap());
        let expected: Signature = hex::decode_array(signed["signature"].as_str().unwrap()).unwrap();
        // Without a device: a key in a file signs this mode as CosmJS's wallet does.
        assert_eq!(private().sign(text.as_bytes()).unwrap(), expected, "{what}");
        for library in ["@cosmjs/ledger-amino", "@ledgerhq/hw-app-cosmos"] {
            let sign = recorded(&vectors, library, what, None);
            let sign = sign.into_iter().filter(|(command, _)| command[..2] == [0x55, 0x02]).collect();
            let script = Script::new([greeting(&vectors), address.clone(), address.clone(), sign]);
            let ledger = ledger(&keyring, "akash", false, &script);
            let key = provider(&ledger.prepare(new_key()).unwrap());
            let signer = Signer::new(&key, &ledger);
            assert_eq!(signer.capabilities(), Capabilities { needs_touch: true, json_only: true });
            assert_eq!(signer.sign(text.as_bytes()).unwrap(), expected, "{library}: {what}");
            assert!(script.is_at_its_end());
        }
    }
}

#[test]
fn packets_are_those_of_the_library() {
    for frame in vectors()["frames"].as_array().unwrap() {
        let apdu = hex::decode(frame["apdu"].as_str().unwrap()).unwrap();
        let expected: Vec<&str> = frame["packets"].as_array().unwrap().iter().map(|p| p.as_str().unwrap()).collect();
        let packets = hid::packets(&apdu);
        assert_eq!(packets.iter().map(|packet| hex::encode(packet)).collect::<Vec<_>>(), expected);
        // What the device sends has the same form.
        let mut answer = hid::Answer::default();
        let taken: Vec<_> = packets.iter().map(|packet| answer.take(packet).unwrap()).collect();
        assert_eq!(taken.last().unwrap().as_deref(), Some(apdu.as_slice()));
        assert!(taken[..taken.len() - 1].iter().all(Option::is_none));
    }
    let packet = hid::packets(&[1, 2, 3])[0];
    for place in 0..5 {
        let mut wrong = packet;
        wrong[place] ^= 1;
        assert!(hid::Answer::default().take(&wrong).is_err(), "{place}");
    }
    for length in 0..7 {
        assert!(hid::Answer::default().take(&packet[..length]).is_err(), "{length}");
    }
}

/// What comes of signing when the app answers like this to the last step.
fn refusal(status: u16, data: &[u8]) -> crate::keys::Error {
    let (vectors, place) = (vectors(), Place::new());
    let keyring = place.keyring();
    let address = recorded(&vectors, "@zondax/ledger-cosmos-js", "address", Some("akash"));
    let mut sign = recorded(&vectors, "@ledgerhq/hw-app-cosmos", "sign an empty transaction", None);
    sign.last_mut().unwrap().1 = [data, &status.to_be_bytes()].concat();
    let script = Script::new([greeting(&vectors), address.clone(), address, sign]);
    let ledger = ledger(&keyring, "akash", false, &script);
    let key = provider(&ledger.prepare(new_key()).unwrap());
    ledger.sign(&key, vectors["signatures"][0]["text"].as_str().unwrap().as_bytes()).unwrap_err()
}

#[test]
fn what_the_app_says_is_understood() {
    for (status, data, fault, said) in [
        (0x6986, &b""[..], Fault::Denied, "it was refused on the Ledger"),
        (0x6985, b"", Fault::Denied, "it was refused on the Ledger"),
        (0x5515, b"", Fault::Unavailable, "the Ledger is locked"),
        (0x6e01, b"", Fault::Unavailable, "the Ledger has no app open, not the Cosmos app"),
        (0x6984, b"JSON Missing chain_id", Fault::Invalid, "refuses the data (status 6984): JSON Missing chain_id"),
        (0x9000, b"\x30\x01", Fault::Unavailable, "the Ledger answers no signature"),
    ] {
        let error = refusal(status, data);
        assert!(error.to_string().contains(said), "{error}");
        assert_eq!(error.fault(), fault, "{error}");
    }
}

#[test]
fn another_device_is_not_taken_for_the_first() {
    let (vectors, place) = (vectors(), Place::new());
    let keyring = place.keyring();
    let address = recorded(&vectors, "@zondax/ledger-cosmos-js", "address", Some("akash"));
    let script = Script::new([greeting(&vectors), address.clone(), address]);
    let ledger = ledger(&keyring, "akash", false, &script);
    let mut key = provider(&ledger.prepare(new_key()).unwrap());
    key.public = PrivateKey::generate(KeyType::Secp256k1).unwrap().public();
    let error = ledger.sign(&key, b"{}").unwrap_err();
    assert!(matches!(error, crate::keys::Error::OtherKey { .. }), "{error:?}");
    assert!(matches!(ledger.sign(&key, b"\x0a\x00"), Err(crate::keys::Error::Ledger(Error::NotJson))));
    assert!(matches!(
        ledger.sign(&key, "{".repeat(20_000).as_bytes()),
        Err(crate::keys::Error::Ledger(Error::Long { .. }))
    ));
    let wrong = NewKey { origin: Origin::New(KeyType::X25519), ..new_key() };
    assert!(matches!(ledger.prepare(wrong), Err(crate::keys::Error::Keeps { .. })));
}

#[test]
fn only_the_right_app_is_talked_to() {
    let (vectors, place) = (vectors(), Place::new());
    let keyring = place.keyring();
    let answered = |info: &[u8], version: &[u8]| {
        let mut greeting = greeting(&vectors);
        greeting[0].1 = [info, &[0x90, 0]].concat();
        greeting[1].1 = [version, &[0x90, 0]].concat();
        ledger(&keyring, "akash", false, &Script::new([greeting])).prepare(new_key()).unwrap_err().to_string()
    };
    let cosmos = b"\x01\x06Cosmos\x012\x01\x00";
    assert!(answered(b"\x01\x04BOLO\x011\x01\x00", b"").contains("has BOLO open"));
    assert!(answered(b"\x01\x40Cos", b"").contains("no name of an app"));
    assert!(answered(cosmos, b"\x00\x01\x05\x02\x00").contains("version 1.5.2"));
    assert!(answered(cosmos, b"\x01\x02\x05\x02\x00").contains("test mode"));
    assert!(answered(cosmos, b"\x00\x01").contains("no version"));
    let three = |bytes: &[u8]| apdu::version(bytes).map(|version| (version.major, version.minor, version.patch));
    assert_eq!(three(&[0, 0, 2, 0, 37, 1, 0, 0]), Some((2, 37, 256)));
    assert_eq!(three(&[0, 0, 0, 0, 2, 0, 0, 0, 37, 0, 1, 0, 0, 0]), Some((2, 37, 65536)));
}
