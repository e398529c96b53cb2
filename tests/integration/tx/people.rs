//! A key that must be touched waits for somebody, and signs what it can show.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use prost::Message as _;
use provider::chain::wire::cosmos::tx::Tx;
use provider::domain::amount::Int;
use provider::domain::outbox::intent::State;
use provider::domain::outbox::{Caps, Factors, Limits};
use provider::jobs::Circumstances;
use provider::jobs::tx_flush::{self, Decision, Flushed, Policy, Request, decide};
use provider::keys::file::{Home, Key};
use provider::keys::{Capabilities, Error, HdPath, Mnemonic, PrivateKey, Signature, Signs};
use provider::store::outbox::{Stamp, intents, transactions};

use super::books;
use super::world::World;
use crate::chain_client::world::client_of;

/// A device: it signs JSON only, and counts how often it was touched.
struct Device {
    key: Key,
    private: PrivateKey,
    touched: AtomicU32,
}

impl Device {
    fn new() -> Self {
        let phrase = Mnemonic::parse(&format!("{}art", "abandon ".repeat(23))).unwrap();
        let private = phrase.derive(&HdPath::of_account(118, 0).unwrap()).unwrap();
        let key = Key {
            name: "ledger".parse().unwrap(),
            public: private.public(),
            hd_path: None,
            created_at: Timestamp::UNIX_EPOCH,
            home: Home::Ledger,
            path: "ledger".into(),
        };
        Self { key, private, touched: AtomicU32::new(0) }
    }
}

impl Signs for Device {
    fn key(&self) -> &Key {
        &self.key
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { needs_touch: true, json_only: true }
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, Error> {
        assert!(message.starts_with(br#"{"account_number":"#), "{}", String::from_utf8_lossy(message));
        self.touched.fetch_add(1, Ordering::SeqCst);
        Ok(self.private.sign(message).unwrap())
    }
}

fn policy() -> Policy {
    Policy {
        gas_price: "0.025uve".parse().unwrap(),
        factors: Factors { usual: "1.5".parse().unwrap(), settling: "1.8".parse().unwrap() },
        limits: Limits { messages: 5, bytes: 100_000, gas: 5_000_000 },
        per_block: 5,
        timeout_blocks: 6,
        caps: Caps {
            fees_per_run: u64::MAX,
            fees_per_hour: u64::MAX,
            deposits_per_run: u64::MAX,
            deposits_per_hour: u64::MAX,
        },
        low_balance: Int::ZERO,
        confirm_within: Duration::from_secs(2),
    }
}

async fn flush(world: &World, device: &Device, attended: bool) -> Flushed {
    let store = world.store();
    let (client, policy) = (client_of(&[&world.server]), policy());
    let given = Circumstances {
        store: &store,
        now: &Timestamp::now,
        should_stop: &|| false,
        wait: Duration::ZERO,
        audit: None,
    };
    let request = Request { client: &client, signer: device, account: None, policy: &policy, attended };
    tx_flush::run(&"tx-flush".parse().unwrap(), given, &request).await.unwrap()
}

#[tokio::test]
async fn a_key_that_must_be_touched_waits_for_somebody() {
    let world = World::new(20, "").await;
    let device = Device::new();
    let store = world.store();
    let id = world.enqueue(&store, "send", &world.send(1), None);
    // A timer's run: it waits for nobody.
    let flushed = flush(&world, &device, false).await;
    assert_eq!((flushed.held, flushed.signed.len(), device.touched.load(Ordering::SeqCst)), (1, 0, 0));
    let held = store.read("look", |snapshot| intents::by_id(snapshot, id)).unwrap().unwrap();
    assert_eq!((held.state, held.reason.as_deref()), (State::NeedsConfirmation, Some("touch")));
    assert!(held.detail.unwrap().contains("tx confirm"));
    // Somebody is there.
    decide(&store, id, Decision::Confirm, Stamp { at: Timestamp::now(), run: None }).unwrap();
    let flushed = flush(&world, &device, true).await;
    assert_eq!((flushed.signed.len(), device.touched.load(Ordering::SeqCst)), (1, 1), "{flushed:?}");
    let tx = store.read("look", |snapshot| transactions::by_id(snapshot, flushed.signed[0])).unwrap().unwrap();
    let info = Tx::decode(tx.bytes.as_slice()).unwrap().auth_info.unwrap().signer_infos.remove(0);
    assert!(format!("{:?}", info.mode_info).contains("LegacyAminoJson"), "{info:?}");
    assert_eq!(flushed.ended(State::Done), 1, "{flushed:?}");
    books::check(&world, &[world.packed(&world.send(1))], 1_001, 0).await;
}
