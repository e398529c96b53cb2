//! A Cosmos app behind the emulator's port, which answers as the app on a Ledger does.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use k256::ecdsa::signature::Signer as _;
use k256::ecdsa::{Signature, SigningKey};
use provider::domain::address::Address;

/// A Cosmos app with one key, and a person who presses the right button or the other.
pub struct App {
    /// Where it listens.
    pub address: SocketAddr,
    /// Whether the person presses the right button.
    pub agrees: Arc<AtomicBool>,
}

impl App {
    /// Starts it.
    pub fn start() -> Self {
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

/// The account of its key.
pub fn account(prefix: &str) -> Address {
    let key = SigningKey::from_slice(&[7; 32]).unwrap();
    let point: [u8; 33] = key.verifying_key().to_encoded_point(true).as_bytes().try_into().unwrap();
    Address::of_secp256k1(&point, prefix).unwrap()
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
