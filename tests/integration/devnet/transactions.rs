//! Transactions beyond what the recordings show.

use std::time::Duration;

use super::client::{Client, Key, options, start};
use super::services::send;
use prost::Message;
use prost_types::Any;
use provider::chain::wire::Named;
use provider::chain::wire::base::{Cpu, Deposit, ResourceValue, Resources, Source};
use provider::chain::wire::cosmos::coin::{Coin, DecCoin};
use provider::chain::wire::cosmos::tx::TxRaw;
use provider::chain::wire::cosmos::tx_service::SimulateRequest;
use provider::chain::wire::deployment::{DeploymentId, MsgCloseDeployment, MsgCreateDeployment};
use provider::chain::wire::market::{BidId, MsgCreateBid, MsgWithdrawLease, ResourceOffer};
use provider::chain::wire::provider::MsgCreateProvider;
use provider::devnet::context::Profile;
use provider::devnet::rules::identity;
use provider::devnet::seed::usual_group;
use provider::devnet::server::Server;
use provider::domain::address::Address;
use provider::domain::network::Name;
use tempfile::tempdir;

/// Codespace and code.
fn code(answer: &provider::chain::wire::cosmos::abci::TxResponse) -> (&str, u32) {
    (&answer.codespace, answer.code)
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_of_one_transaction_are_done_together_or_not_at_all() {
    let home = tempdir().unwrap();
    let server = start(home.path(), Name::Virtengine, &["a", "b"]).await;
    let client = Client::of(&server).await;
    let (a, b) = (Key::of("a", client.network), Key::of("b", client.network));
    let messages = [send(&a, &b, 5), send(&a, &b, u64::MAX)].map(|message| message.pack(client.network));
    let sent = client.send(&a, &client.draft(messages.to_vec())).await;
    assert_eq!(sent.code, 0);
    let result = client.included(&sent.txhash).await.tx_response.unwrap();
    assert_eq!(code(&result), ("sdk", 5));
    let log = String::from_utf8(result.raw_log).unwrap();
    assert!(log.starts_with("failed to execute message; message index: 1: spendable balance "), "{log}");
    // The fee is gone and the sequence used, all the same; nothing else happened.
    assert_eq!(client.account(&a.address).await.sequence, 1);
    let kinds: Vec<_> = result.events.iter().map(|event| event.r#type.as_str()).collect();
    assert_eq!(kinds, ["coin_spent", "coin_received", "transfer", "message", "tx", "tx", "tx"]);
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn gas_runs_out_in_the_block_when_the_check_had_enough() {
    let home = tempdir().unwrap();
    let server = start(home.path(), Name::Virtengine, &["a", "b"]).await;
    let client = Client::of(&server).await;
    let (a, b) = (Key::of("a", client.network), Key::of("b", client.network));
    let mut draft = client.draft(vec![send(&a, &b, 5).pack(client.network)]);
    draft.fee.gas_limit = 55_000;
    let sent = client.send(&a, &draft).await;
    assert_eq!(sent.code, 0, "{}", String::from_utf8_lossy(&sent.raw_log));
    let result = client.included(&sent.txhash).await.tx_response.unwrap();
    assert_eq!(code(&result), ("sdk", 11));
    assert!(
        String::from_utf8(result.raw_log).unwrap().starts_with("out of gas in location: WriteFlat; gasWanted: 55000")
    );
    assert!(result.gas_used > 55_000);
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_may_be_paid_for_by_another_signer() {
    let home = tempdir().unwrap();
    let server = start(home.path(), Name::Virtengine, &["a", "b"]).await;
    let client = Client::of(&server).await;
    let (a, b) = (Key::of("a", client.network), Key::of("b", client.network));
    let mut draft = client.draft(vec![send(&a, &b, 5).pack(client.network)]);
    draft.fee.payer = b.address.clone();
    // Only one of two has signed.
    assert_eq!(code(&client.send(&a, &draft).await), ("sdk", 4));
    draft.fee.payer.clear();
    draft.fee.granter = b.address.clone();
    assert_eq!(code(&client.send(&a, &draft).await), ("sdk", 38));
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_with_anything_more_in_them_are_no_transaction() {
    let home = tempdir().unwrap();
    let server = start(home.path(), Name::Virtengine, &["a", "b"]).await;
    let client = Client::of(&server).await;
    let (a, b) = (Key::of("a", client.network), Key::of("b", client.network));
    let draft = client.draft(vec![send(&a, &b, 5).pack(client.network)]);
    let account = client.account(&a.address).await;
    let good = client.sign(&draft, &a, account.account_number, 0);
    // An unknown field would change the hash and not the signature.
    let more = [good.as_slice(), &[0x7a, 1, 0]].concat();
    assert_eq!(code(&client.broadcast(more).await.unwrap()), ("sdk", 2));
    let mut raw = TxRaw::decode(good.as_slice()).unwrap();
    // So would a signature with a high S.
    let signature = k256::ecdsa::Signature::from_slice(&raw.signatures[0]).unwrap();
    let (r, s) = signature.split_scalars();
    let high = k256::ecdsa::Signature::from_scalars(r, -s).unwrap();
    raw.signatures[0] = high.to_bytes().to_vec();
    assert_eq!(code(&client.broadcast(raw.encode_to_vec()).await.unwrap()), ("sdk", 4));
    raw.signatures.clear();
    assert_eq!(code(&client.broadcast(raw.encode_to_vec()).await.unwrap()), ("sdk", 15));
    let mut unknown = draft.clone();
    unknown.body.messages[0].type_url = "/nobody.knows.MsgThis".to_owned();
    assert_eq!(code(&client.send(&a, &unknown).await), ("sdk", 2));
    assert_eq!(code(&client.send(&a, &client.draft(Vec::new())).await).0, "sdk");
    assert_eq!(client.broadcast(good).await.unwrap().code, 0);
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_strict_profile_asks_for_a_second_factor_that_nobody_can_give() {
    let home = tempdir().unwrap();
    let mut strict = options(home.path(), Name::Virtengine, &["a", "b"], Duration::ZERO);
    strict.identity.profile = Profile::Strict;
    let server = Server::start(strict).await.unwrap();
    let client = Client::of(&server).await;
    let (a, b) = (Key::of("a", client.network), Key::of("b", client.network));
    let tried = async |message: Any| {
        let answer = client.send(&a, &client.draft(vec![message.clone()])).await;
        // A simulation is asked the same.
        let account = client.account(&a.address).await;
        let tx_bytes = client.sign(&client.draft(vec![message]), &a, account.account_number, account.sequence);
        let simulated = client.call(SimulateRequest { tx_bytes, ..SimulateRequest::default() }).await;
        let text = simulated.err().map(|status| status.message().to_owned()).unwrap_or_default();
        let log = String::from_utf8_lossy(&answer.raw_log).into_owned();
        assert!(answer.code == 0 || text.starts_with(&log), "{log} but simulated: {text}");
        (answer.codespace, answer.code)
    };
    let gated = ("mfa".to_owned(), 1214);
    assert_eq!(tried(send(&a, &b, 10_000).pack(client.network)).await, gated);
    let deposit = |amount: &str| Deposit {
        amount: Coin { denom: "uve".into(), amount: amount.into() },
        sources: vec![Source::Balance.into()],
    };
    let id = DeploymentId { owner: a.address.clone(), dseq: 7 };
    let groups = vec![usual_group(client.network)];
    let create = MsgCreateDeployment { id, groups, hash: vec![7; 32], deposit: deposit("500000"), reclamation: None };
    assert_eq!(tried(create.pack(client.network)).await, gated, "the least deposit is more than what is let through");
    // The score is asked for first; with one, the second factor that the message has no field for.
    let register = MsgCreateProvider {
        owner: a.address.clone(),
        host_uri: "https://a.example.com:8443".into(),
        ..MsgCreateProvider::default()
    };
    let mut withdraw = MsgWithdrawLease::default();
    (withdraw.id.owner, withdraw.id.provider) = (b.address.clone(), a.address.clone());
    (withdraw.id.dseq, withdraw.id.gseq, withdraw.id.oseq) = (7, 1, 1);
    let scored = [register.pack(client.network), withdraw.pack(client.network)];
    for message in &scored {
        assert_eq!(tried(message.clone()).await, ("sdk".to_owned(), 4), "{}", message.type_url);
    }
    let node = server.node.clone();
    let address: Vec<u8> = Address::parse(&a.address, "ve").unwrap().bytes();
    tokio::task::spawn_blocking(move || {
        node.change(|context| identity::set(context.kv, &address, 80, identity::Tier::Standard)).unwrap();
    })
    .await
    .unwrap();
    for message in &scored {
        assert_eq!(tried(message.clone()).await, gated, "{}", message.type_url);
    }
    // What is below, and what asks for nothing.
    assert_eq!(client.run(&a, &send(&a, &b, 9_999)).await.code, 0);
    let mut close = MsgCloseDeployment::default();
    (close.id.owner, close.id.dseq) = (a.address.clone(), 7);
    assert_eq!(code(&client.run(&a, &close).await), ("deployment", 4));
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_goes_on_where_the_chain_was() {
    let home = tempdir().unwrap();
    let server = start(home.path(), Name::Virtengine, &["a", "b"]).await;
    let client = Client::of(&server).await;
    let (a, b) = (Key::of("a", client.network), Key::of("b", client.network));
    let done = client.run(&a, &send(&a, &b, 5)).await;
    server.stop().await.unwrap();
    let server = start(home.path(), Name::Virtengine, &[]).await;
    let client = Client::of(&server).await;
    assert_eq!(client.included(&done.txhash).await.tx_response.unwrap(), done);
    assert_eq!(client.run(&a, &send(&a, &b, 5)).await.height, done.height + 1);
    let mut other = options(home.path(), Name::Virtengine, &[], Duration::ZERO);
    let Err(error) = Server::start(other.clone()).await else { panic!("two chains in one folder") };
    assert!(error.to_string().starts_with("a development chain runs already in "), "{error}");
    server.stop().await.unwrap();
    other.identity.chain_id = "devnet-other-1".to_owned();
    let Err(error) = Server::start(other).await else { panic!("another chain in the same folder") };
    assert!(error.to_string().contains("has chain id \"devnet-virtengine-1\", not \"devnet-other-1\""), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_that_are_none_and_gas_without_end_are_refused_by_the_check() {
    let home = tempdir().unwrap();
    let server = start(home.path(), Name::Virtengine, &["a", "b"]).await;
    let client = Client::of(&server).await;
    let (a, b) = (Key::of("a", client.network), Key::of("b", client.network));
    let good = MsgCreateBid {
        id: BidId { owner: b.address.clone(), dseq: 7, gseq: 1, oseq: 1, provider: a.address.clone(), bseq: 0 },
        price: DecCoin { denom: "uve".into(), amount: "5000000000000000000".into() },
        deposit: Deposit {
            amount: Coin { denom: "uve".into(), amount: "500000".into() },
            sources: vec![Source::Balance.into()],
        },
        ..MsgCreateBid::default()
    };
    let tried = async |bid: &MsgCreateBid| {
        let draft = client.draft(vec![bid.pack(client.network)]);
        let account = client.account(&a.address).await;
        let tx_bytes = client.sign(&draft, &a, account.account_number, account.sequence);
        let simulated = client.call(SimulateRequest { tx_bytes, ..SimulateRequest::default() }).await;
        assert!(simulated.is_err(), "{bid:?}");
        let answer = client.send(&a, &draft).await;
        (answer.codespace, answer.code)
    };
    for amount in ["abc", "1e5", " 5", "0x10"] {
        let mut bid = good.clone();
        bid.price.amount = amount.to_owned();
        assert_eq!(tried(&bid).await, ("sdk".to_owned(), 2), "{amount:?}");
    }
    let mut bid = good.clone();
    bid.price.amount.clear();
    assert_eq!(tried(&bid).await, ("undefined".to_owned(), 111_222));
    let mut bid = good.clone();
    let units = ResourceValue { val: b"\xffxx".to_vec() };
    let resources = Resources { id: 1, cpu: Some(Cpu { units, attributes: Vec::new() }), ..Resources::default() };
    bid.resources_offer = vec![ResourceOffer { resources, count: 1, prices: None }];
    assert_eq!(tried(&bid).await, ("sdk".to_owned(), 2));
    assert_eq!(client.account(&a.address).await.sequence, 0, "none of them cost anything");
    // The good one is let in: that there is no such order is found out in its block.
    let mut draft = client.draft(vec![good.pack(client.network)]);
    draft.fee.amount[0].amount = "0x10".to_owned();
    assert_eq!(code(&client.send(&a, &draft).await), ("sdk", 2));
    draft.fee.amount[0].amount = u64::MAX.to_string();
    draft.fee.gas_limit = u64::MAX / 2 + 1;
    let answer = client.send(&a, &draft).await;
    assert_eq!(code(&answer), ("sdk", 18));
    let log = String::from_utf8(answer.raw_log).unwrap();
    assert_eq!(log, "invalid gas supplied; 9223372036854775808 > 9223372036854775807: invalid request");
    assert_eq!(code(&client.run(&a, &good).await), ("market", 15));
    server.stop().await.unwrap();
}
