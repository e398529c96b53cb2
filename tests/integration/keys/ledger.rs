//! `ledger`: the whole way through the program to an app behind the emulator's port, which answers as the Cosmos app does.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use k256::ecdsa::signature::Signer as _;
use k256::ecdsa::{Signature, SigningKey};
use provider::domain::address::Address;

use super::Place;

/// A Cosmos app with one key, and a person who presses the right button or the other.
struct App {
    address: SocketAddr,
    agrees: Arc<AtomicBool>,
}

impl App {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let agrees = Arc::new(AtomicBool::new(true));
        let agreed = Arc::clone(&agrees);
        thread::spawn(move || {
            let key = SigningKey::from_slice(&[7; 32]).unwrap();
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut text = Vec::new();
                let mut length = [0; 4];
                while stream.read_exact(&mut length).is_ok() {
                    let mut command = vec![0; u32::from_be_bytes(length) as usize];
                    stream.read_exact(&mut command).unwrap();
                    let (status, data) = answer(&command, &key, &mut text, agreed.load(Ordering::Relaxed));
                    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
                    stream.write_all(&[&length, data.as_slice(), &u16::to_be_bytes(status)].concat()).unwrap();
                }
            }
        });
        Self { address, agrees }
    }
}

fn answer(command: &[u8], key: &SigningKey, text: &mut Vec<u8>, agrees: bool) -> (u16, Vec<u8>) {
    let data = &command[5..];
    assert_eq!(usize::from(command[4]), data.len());
    match command[..4] {
        [0xb0, 1, 0, 0] => (0x9000, b"\x01\x06Cosmos\x062.37.3\x01\x00".to_vec()),
        [0x55, 0, 0, 0] => (0x9000, vec![0, 2, 37, 3, 0]),
        [0x55, 4, shown, 0] => {
            let (prefix, path) = data[1..].split_at(usize::from(data[0]));
            assert_eq!(path.len(), 20);
            if shown == 1 && !agrees {
                return (0x6986, Vec::new());
            }
            let point = key.verifying_key().to_encoded_point(true);
            let point: [u8; 33] = point.as_bytes().try_into().unwrap();
            let address = Address::of_secp256k1(&point, std::str::from_utf8(prefix).unwrap()).unwrap();
            (0x9000, [point.as_slice(), address.to_string().as_bytes()].concat())
        }
        [0x55, 2, 0, 0] => {
            text.clear();
            (0x9000, Vec::new())
        }
        [0x55, 2, part @ 1..=2, 0] => {
            text.extend_from_slice(data);
            if part == 1 {
                return (0x9000, Vec::new());
            }
            if !agrees {
                return (0x6986, Vec::new());
            }
            assert!(serde_json::from_slice::<serde_json::Value>(text).unwrap()["chain_id"].is_string());
            let signature: Signature = key.sign(text);
            (0x9000, signature.to_der().as_bytes().to_vec())
        }
        _ => (0x6d00, Vec::new()),
    }
}

fn place(app: &App, more: &str) -> Place {
    let place = Place::new();
    place.configure(&format!(
        "keys: {{ keyring_backend: ledger, ledger: {{ emulator: \"{}\", {more} }} }}\n",
        app.address
    ));
    place
}

#[test]
fn a_key_is_added_and_signs_when_a_person_agrees() {
    let app = App::start();
    let place = place(&app, "timeout: 5s");
    app.agrees.store(false, Ordering::Relaxed);
    place.run(&["keys", "add", "provider"]).failed(77, &["it was refused on the Ledger"]);
    assert!(!place.key_file("provider").exists());
    app.agrees.store(true, Ordering::Relaxed);
    let made = place.keys(&["add", "provider"]);
    assert_eq!(
        (&made["type"], &made["kept"], &made["hd_path"]),
        (&"secp256k1".into(), &"ledger".into(), &"m/44'/118'/0'/0/0".into())
    );
    assert_eq!(place.run(&["keys", "show", "provider", "-o", "json"]).json()["needs_touch"], true);
    assert_eq!(place.keys(&["test-sign", "provider"])["verified"], true);
    app.agrees.store(false, Ordering::Relaxed);
    place.run(&["keys", "test-sign", "provider"]).failed(77, &["it was refused on the Ledger", "nothing was signed"]);
    place
        .run(&["keys", "add", "usage", "--type", "ed25519"])
        .failed(65, &["a Ledger device keeps no keys of type ed25519", "--keyring-backend file"]);
    // Another key beside it, in a file.
    place.keys(&["add", "provider-encryption", "--keyring-backend", "file"]);
    let kept: Vec<String> = place
        .run(&["keys", "list", "-o", "json"])
        .json()
        .as_array()
        .unwrap()
        .iter()
        .map(|key| key["kept"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(kept, ["ledger", "file"]);
}

#[test]
fn its_options_change_what_happens() {
    let app = App::start();
    app.agrees.store(false, Ordering::Relaxed);
    // Nobody is asked where that is not wanted.
    let place = place(&app, "require_confirmation: false, derivation_path: \"m/44'/118'/3'/0/5\"");
    assert_eq!(place.keys(&["add", "provider"])["hd_path"], "m/44'/118'/3'/0/5");
    // Nobody answers at this port.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap();
    place.configure(&format!("keys: {{ ledger: {{ emulator: \"{address}\", timeout: 5s }} }}\n"));
    drop(silent);
    place.run(&["keys", "test-sign", "provider"]).failed(69, &["cannot reach the Ledger emulator"]);
    // Without an emulator there is a USB, and nothing on it.
    place.configure("");
    place.run(&["keys", "test-sign", "provider"]).failed(69, &["there is no Ledger on the USB"]);
}
