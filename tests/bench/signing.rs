//! How many transactions are signed and encoded a second on one core, against the bare signature of as many documents in
//! the same run: `cargo bench --bench signing`. Must be at least 2,000.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::panic,
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "a benchmark prints figures, and fails loudly"
)]

use std::process::ExitCode;
use std::time::Instant;

use prost_types::Any;
use provider::chain::tx::{Draft, Mode};
use provider::chain::wire::TxMessage;
use provider::chain::wire::cosmos::bank::MsgSend;
use provider::chain::wire::cosmos::coin::Coin;
use provider::domain::address::Address;
use provider::domain::amount;
use provider::domain::network::Name;
use provider::keys::{KeyType, PrivateKey, PublicKey};

const TRANSACTIONS: u64 = 10_000;
const LEAST: f64 = 2_000.0;

fn main() -> ExitCode {
    let network = Name::Virtengine.facts();
    let key = PrivateKey::generate(KeyType::Secp256k1).unwrap();
    let PublicKey::Secp256k1(point) = key.public() else { panic!("another type") };
    let from = Address::of_secp256k1(&point, network.address_prefix).unwrap().to_string();
    let fee: amount::Coin = "5000uve".parse().unwrap();
    let message = |number: u64| {
        let amount = vec![Coin { denom: "uve".to_owned(), amount: number.to_string() }];
        packed(&MsgSend { from_address: from.clone(), to_address: from.clone(), amount })
    };
    let mut good = true;
    for (name, mode) in [("SIGN_MODE_DIRECT", Mode::Direct), ("SIGN_MODE_LEGACY_AMINO_JSON", Mode::LegacyAminoJson)] {
        let mut bytes = 0;
        let mut documents = Vec::new();
        let begun = Instant::now();
        for number in 0..TRANSACTIONS {
            let messages = [message(number)];
            let draft = Draft {
                network,
                chain_id: network.chain_id,
                account_number: 7,
                sequence: number,
                public_key: point,
                messages: &messages,
                memo: "",
                timeout_height: 1_000_000,
                fee: Some(&fee),
                gas_limit: 200_000,
            };
            let prepared = draft.prepare(mode).unwrap();
            documents.push(prepared.document().to_vec());
            let signature = key.sign(prepared.document()).unwrap();
            bytes += prepared.signed(&signature).bytes.len();
        }
        let whole = TRANSACTIONS as f64 / begun.elapsed().as_secs_f64();
        let begun = Instant::now();
        let signed: usize = documents.iter().map(|document| key.sign(document).unwrap().len()).sum();
        let bare = documents.len() as f64 / begun.elapsed().as_secs_f64();
        assert!(signed > 0 && bytes > 0);
        good &= whole >= LEAST;
        println!("{name:28} {whole:>8.0} a second  {:.2} x the bare signature ({bare:.0})", bare / whole);
    }
    println!("at least {LEAST:.0}: {}", if good { "yes" } else { "NO" });
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn packed<M: TxMessage>(message: &M) -> Any {
    message.pack(Name::Virtengine.facts())
}
