//! How fast keys work: `cargo bench --bench keys`. Signatures of unlocked keys in files, and what unlocking costs.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::float_arithmetic,
    reason = "a benchmark prints figures, and fails loudly"
)]

use std::time::{Duration, Instant};

use provider::keys::file::{Access, Costs, Described, Keyring, Sealing, Unlocked};
use provider::keys::{KeyType, Known, Passphrase, PrivateKey, Signer};

/// What issue 9 asks for.
const FLOOR: f64 = 5_000.0;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let keyring = Keyring::open(&folder.path().join("keyring"), Access::Create).unwrap();
    let begun = Instant::now();
    let costs = Costs::measured(Duration::from_millis(500));
    let (memory, passes) = (costs.memory_kib / 1024, costs.passes);
    println!("measuring took {:.2} s: {memory} MiB, {passes} passes", begun.elapsed().as_secs_f64());
    let passphrase = Passphrase::typed("correct horse battery staple").unwrap();
    let ask = Known(passphrase.clone());
    for key_type in [KeyType::Secp256k1, KeyType::Ed25519, KeyType::P256] {
        let private = PrivateKey::generate(key_type).unwrap();
        let said = Described {
            name: key_type.word().parse().unwrap(),
            hd_path: None,
            created_at: jiff::Timestamp::UNIX_EPOCH,
        };
        let key = keyring.add(keyring.seal(said, &private, &passphrase, costs).unwrap()).unwrap();
        let sealing = Sealing::new(&keyring, &ask, Unlocked::default());
        let signer = Signer::new(&key, &sealing);
        let message = [7; 300];
        let begun = Instant::now();
        signer.sign(&message).unwrap();
        let first = begun.elapsed();
        let (begun, mut count) = (Instant::now(), 0_u32);
        while begun.elapsed() < Duration::from_secs(2) {
            signer.sign(&message).unwrap();
            count += 1;
        }
        let rate = f64::from(count) / begun.elapsed().as_secs_f64();
        println!(
            "{key_type:10} unlocks in {:>5.0} ms, then signs {rate:>7.0} times a second",
            first.as_secs_f64() * 1e3
        );
        assert!(rate > FLOOR, "{key_type} signs less than {FLOOR} times a second");
    }
}
