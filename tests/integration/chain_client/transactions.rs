//! What a sender of transactions asks.

use super::world::{address, client_of};
use crate::devnet::client::{self, Key, start};
use crate::devnet::services::send;
use provider::chain::client::{Account, Admission, Client, OrderFilter};
use provider::chain::wire::Named;
use provider::domain::fault::{Classified, Fault};
use provider::domain::height::Height;
use provider::domain::network::Name;
use provider::domain::refusal::Reason;
use provider::domain::tx_hash::TxHash;
use std::time::Duration;
use tempfile::tempdir;

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_is_tried_handed_in_and_found() {
    let home = tempdir().unwrap();
    let server = start(home.path(), Name::Virtengine, &["a", "b"]).await;
    let (client, signer) = (client_of(&[&server]), client::Client::of(&server).await);
    let (a, b) = (Key::of("a", signer.network), Key::of("b", signer.network));
    let of_a = address(&a, signer.network);
    let before = client.head().await.unwrap().believed().unwrap();
    assert_eq!(before.value().chain_id, signer.chain_id);

    let account = client.account(&of_a).await.unwrap().value.unwrap();
    let draft = signer.draft(vec![send(&a, &b, 7).pack(signer.network)]);
    let bytes = signer.sign(&draft, &a, account.number, account.sequence);
    let hash = TxHash::of(&bytes);
    assert!(client.simulate(bytes.clone()).await.unwrap().value.used > 50_000);
    assert_eq!(client.transaction(&hash).await.unwrap().believed().unwrap().into_value(), None);
    assert_eq!(client.broadcast(bytes.clone()).await.unwrap(), Admission::Taken);
    assert_eq!(client.broadcast(bytes.clone()).await.unwrap(), Admission::Seen);
    signer.included(&hash.to_string()).await;
    let found = client.transaction(&hash).await.unwrap().value.unwrap();
    assert_eq!((found.hash, found.executed.refusal.clone()), (hash, None));
    assert!(found.height > before.height() && found.executed.gas.used > 50_000);
    assert!(found.executed.events.iter().any(|event| event.kind == "transfer"));
    assert_eq!(found.executed.responses[0].type_url, "/cosmos.bank.v1beta1.MsgSendResponse");

    let block = client.block_transactions(found.height).await.unwrap().value.unwrap();
    assert_eq!(block.len(), 1);
    assert_eq!((block[0].0, &block[0].1), (hash, &found.executed), "RPC and gRPC tell the same");
    assert_eq!(client.block(found.height.plus(1_000)).await.unwrap().value, None);
    assert_eq!(client.block_transactions(found.height.plus(1_000)).await.unwrap().value, None);

    let now = Account { sequence: account.sequence + 1, ..account };
    assert_eq!(client.account_at(&of_a, Height(found.height.0 - 1)).await.unwrap().value, Some(account));
    let at = client.account_at(&of_a, found.height).await.unwrap().believed().unwrap();
    assert_eq!((at.height(), *at.value()), (found.height, Some(now)));
    let future = client.account_at(&of_a, found.height.plus(1_000)).await.unwrap_err();
    assert_eq!(future.fault(), Fault::Unavailable, "{future}");
    let nobody = address(&Key::of("nobody", signer.network), signer.network);
    assert_eq!(client.account(&nobody).await.unwrap().value, None);
    let coins = client.balances(&address(&b, signer.network)).await.unwrap().value;
    assert_eq!(coins.iter().map(ToString::to_string).collect::<Vec<_>>(), ["1000000000007uve"]);
    assert_eq!(client.balance(&nobody, &"uve".parse().unwrap()).await.unwrap().value.to_string(), "0uve");
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_are_typed_wherever_they_come_from() {
    let home = tempdir().unwrap();
    let server = start(home.path(), Name::Virtengine, &["a", "b"]).await;
    let (client, signer) = (client_of(&[&server]), client::Client::of(&server).await);
    let (a, b) = (Key::of("a", signer.network), Key::of("b", signer.network));
    let account = client.account(&address(&a, signer.network)).await.unwrap().value.unwrap();
    let messages = vec![send(&a, &b, 1).pack(signer.network), send(&a, &b, u64::MAX).pack(signer.network)];
    let draft = signer.draft(messages);
    let bytes = signer.sign(&draft, &a, account.number, account.sequence);
    let error = client.simulate(bytes.clone()).await.unwrap_err();
    let refusal = refusal_of(&error);
    assert_eq!((refusal.message_index, refusal.code), (Some(1), 0), "{error}");

    let wrong = signer.sign(&draft, &a, account.number, account.sequence + 3);
    match client.broadcast(wrong).await.unwrap() {
        Admission::Refused(refusal) => {
            assert_eq!(refusal.reason, Reason::WrongSequence { expected: account.sequence, got: account.sequence + 3 });
        }
        other => panic!("{other:?}"),
    }
    // It passes the check and fails in the block.
    assert_eq!(client.broadcast(bytes.clone()).await.unwrap(), Admission::Taken);
    let hash = TxHash::of(&bytes);
    signer.included(&hash.to_string()).await;
    let refusal = client.transaction(&hash).await.unwrap().value.unwrap().executed.refusal.unwrap();
    assert_eq!((refusal.message_index, refusal.reason), (Some(1), Reason::InsufficientFunds));
    server.stop().await.unwrap();
}

fn refusal_of(error: &provider::chain::client::CallError) -> &provider::domain::refusal::Refusal {
    match error {
        provider::chain::client::CallError::Refused { refusal, .. } => refusal,
        other => panic!("{other}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_block_is_hinted_at_and_silence_hurts_nobody() {
    let home = tempdir().unwrap();
    let server = start(home.path(), Name::Virtengine, &["a"]).await;
    let client = client_of(&[&server]);
    let hint = client.block_hint();
    let within = async |time: u64| tokio::time::timeout(Duration::from_millis(time), hint.heard()).await.is_ok();
    assert!(within(5_000).await, "the subscription's own answer");
    assert!(!within(300).await);
    for _ in 0..3 {
        server.node.advance(1, jiff::SignedDuration::from_secs(1)).unwrap();
        assert!(within(5_000).await);
    }
    // The connection ends; what waits goes by its own time.
    let node = server.node.clone();
    tokio::task::spawn_blocking(move || node.restart(Duration::from_millis(100))).await.unwrap().unwrap();
    assert!(!within(500).await);
    server.stop().await.unwrap();
    let alone = Client::new(super::world::settings(Name::Virtengine.facts(), "x-1")).block_hint();
    assert!(tokio::time::timeout(Duration::from_millis(200), alone.heard()).await.is_err());
}

/// What is asked can be asked from any thread.
#[test]
fn questions_can_move_between_threads() {
    fn moves<T: Send>(_: T) {}
    let client = Client::new(super::world::settings(Name::Virtengine.facts(), "x-1"));
    let somebody = address(&Key::of("a", client.network()), client.network());
    moves(client.head());
    moves(client.account(&somebody));
    moves(client.transaction(&TxHash::of(b"")));
    moves(client.block_transactions(Height(1)));
    let mut orders = client.orders(&OrderFilter::default());
    moves(orders.next());
}
