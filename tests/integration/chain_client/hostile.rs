//! Answers that no node would give: nothing panics, nothing is believed, nothing grows without bound.

use std::sync::{Arc, Mutex};

use super::fake::{Fake, NodeSays, network};
use crate::replay::recorded;
use proptest::prelude::*;
use proptest::test_runner::Config;
use prost::Message;
use prost::bytes::Bytes;
use provider::chain::client::{
    Admission, BidFilter, CallError, Client, DeploymentFilter, LeaseFilter, OrderFilter, UsageFilter,
};
use provider::chain::wire::cosmos::abci::TxResponse;
use provider::chain::wire::cosmos::tx_service::BroadcastTxResponse;
use provider::domain::address::Address;
use provider::domain::escrow::{AccountId, EscrowState};
use provider::domain::fault::{Classified, Fault};
use provider::domain::height::Height;
use provider::domain::hex;
use provider::domain::id::LeaseId;
use provider::domain::network::Name;
use provider::domain::refusal::Reason;
use provider::domain::tx_hash::TxHash;
use tonic::Status;

const LEASE: &str = "ve17k2w5arzpf0305a6j85ggw6t90h9tvvfvkzrjw/28/1/1/ve18u2t7lt8zchhhc2tj3yq6yqq56j68mja3xe3gg";

/// What every query says: either nothing wrong, or an error with a kind and words fit to be shown.
fn check<T>(what: &str, result: Result<T, impl Classified>) {
    let Err(error) = result else { return };
    let words = provider::domain::fault::in_one_line(&error);
    assert!(words.len() < 6_000 && !words.chars().any(char::is_control), "{what}: {words}");
    assert_ne!(error.fault(), Fault::Bug, "{what}: {words}");
}

/// Asks for everything.
async fn ask_all(client: &Client) {
    let lease = LeaseId::parse(LEASE, "ve").unwrap();
    let (order, who) = (lease.order(), lease.provider().clone());
    check("account", client.account(&who).await);
    check("balances", client.balances(&who).await);
    check("balance", client.balance(&who, &"uve".parse().unwrap()).await);
    check("simulate", client.simulate(vec![1]).await);
    check("broadcast", client.broadcast(vec![1]).await);
    check("transaction", client.transaction(&TxHash::of(b"1")).await);
    check("order", client.order(order).await);
    check("bid", client.bid(lease.bid()).await);
    check("lease", client.lease(&lease).await);
    check("deployment", client.deployment(order.deployment()).await);
    check("group", client.group(order.group()).await);
    check("provider", client.provider(&who).await);
    check("audited", client.audited_attributes(&who).await);
    check("escrow", client.escrow_account(&AccountId::Deployment(order.deployment().clone())).await);
    check("accounts", client.escrow_accounts(EscrowState::Open, None).await);
    check("payments", client.payments(EscrowState::Open, None).await);
    check("settlement escrows", client.settlement_escrows(order).await);
    check("settlement escrow", client.settlement_escrow("escrow-1").await);
    check("usage records", client.usage_records(order).await);
    check("usage record", client.usage_record("usage-1").await);
    check("usage summary", client.usage_summary(&UsageFilter::default()).await);
    check("settlements", client.settlements(order).await);
    check("keys", client.recipient_keys(&who).await);
    check("market", client.market_params().await);
    check("deployments", client.deployment_params().await);
    check("settlement", client.settlement_params().await);
    check("encryption", client.encryption_params().await);
    check("take", client.take_rates().await);
    check("transactions", client.transaction_params().await);
    check("gas prices", client.minimum_gas_prices().await);
    check("orders", client.orders(&OrderFilter::default()).for_each(|_| {}).await);
    check("bids", client.bids(&BidFilter::default()).for_each(|_| {}).await);
    check("leases", client.leases(&LeaseFilter::default()).for_each(|_| {}).await);
    check("deployments", client.deployments(&DeploymentFilter::default()).for_each(|_| {}).await);
    check("providers", client.providers().for_each(|_| {}).await);
    check("certificates", client.certificates(&who, None).for_each(|_| {}).await);
}

/// Asks for everything that comes by RPC.
async fn ask_all_by_rpc(client: &Client) {
    check("block", client.block(Height(7)).await);
    check("results", client.block_results(Height(7)).await);
    check("block transactions", client.block_transactions(Height(7)).await);
    check("head", client.head().await);
    check("transaction", client.transaction(&TxHash::of(b"1")).await);
}

/// A node that answers everything with the bytes that are told to it.
struct Parrot {
    fake: Fake,
    client: Client,
    says: Arc<Mutex<Vec<u8>>>,
    runtime: tokio::runtime::Runtime,
}

impl Parrot {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let says = Arc::new(Mutex::new(Vec::new()));
        let (by_grpc, by_rpc) = (says.clone(), says.clone());
        let fake = runtime.block_on(Fake::start(
            NodeSays::default(),
            move |_, _| Ok(by_grpc.lock().unwrap().clone().into()),
            move |_, _| by_rpc.lock().unwrap().clone(),
        ));
        let client = fake.client();
        Self { fake, client, says, runtime }
    }

    fn say(&self, bytes: Vec<u8>) {
        *self.says.lock().unwrap() = bytes;
        self.runtime.block_on(async {
            ask_all(&self.client).await;
            ask_all_by_rpc(&self.client).await;
        });
        assert!(self.fake.calls() > 0);
    }
}

fn cases(cases: u32) -> Config {
    Config { cases, failure_persistence: None, ..Config::default() }
}

#[test]
fn arbitrary_bytes_never_panic() {
    let parrot = Parrot::new();
    proptest!(cases(48), |(bytes in proptest::collection::vec(any::<u8>(), 0..400))| parrot.say(bytes));
}

#[test]
fn recorded_answers_with_broken_bytes_never_panic() {
    let parrot = Parrot::new();
    let answers: Vec<Vec<u8>> = recorded(Name::Virtengine)
        .iter()
        .filter_map(|line| hex::decode(line["response_hex"].as_str()?))
        .filter(|bytes| !bytes.is_empty() && bytes.len() < 50_000)
        .collect();
    assert!(answers.len() > 300);
    let strategy = (
        0..answers.len(),
        proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        any::<prop::sample::Index>(),
    );
    proptest!(cases(48), |((answer, changes, cut) in strategy)| {
        let mut bytes = answers[answer].clone();
        for (index, byte) in changes {
            let at = index.index(bytes.len());
            bytes[at] = byte;
        }
        if cut.index(3) == 0 {
            bytes.truncate(cut.index(bytes.len()));
        }
        parrot.say(bytes);
    });
}

#[test]
fn recorded_json_with_broken_bytes_never_panics() {
    let parrot = Parrot::new();
    let lines = recorded(Name::Akash);
    let answers: Vec<Vec<u8>> = lines
        .iter()
        .filter(|line| line["kind"] == "rpc")
        .map(|line| line["response"].to_string().into_bytes())
        .filter(|bytes| bytes.len() < 50_000)
        .collect();
    assert!(answers.len() > 60);
    let strategy = (0..answers.len(), proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4));
    proptest!(cases(48), |((answer, changes) in strategy)| {
        let mut bytes = answers[answer].clone();
        for (index, byte) in changes {
            let at = index.index(bytes.len());
            bytes[at] = byte;
        }
        *parrot.says.lock().unwrap() = bytes;
        parrot.runtime.block_on(ask_all_by_rpc(&parrot.client));
    });
}

/// A node that answers a broadcast so.
async fn broadcasting(code: u32, codespace: &'static str, raw_log: Vec<u8>) -> Fake {
    Fake::grpc(move |_, _| {
        let response = TxResponse {
            txhash: TxHash::of(b"tx").to_string(),
            codespace: codespace.to_owned(),
            code,
            raw_log: raw_log.clone(),
            ..TxResponse::default()
        };
        Ok(BroadcastTxResponse { tx_response: Some(response) }.encode_to_vec().into())
    })
    .await
}

async fn refusal_of(fake: &Fake) -> provider::domain::refusal::Refusal {
    match fake.client().broadcast(b"tx".to_vec()).await.unwrap() {
        Admission::Refused(refusal) => refusal,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_is_no_text_or_that_is_endless_is_shown_well() {
    // As recorded (file 05): the raw address of a fee payer who does not exist.
    let raw = [b"fee payer address: ".as_slice(), &[0xc0, 0x80, 0x9b, 0x1b, 0x07], b" does not exist: unknown address"]
        .concat();
    let refusal = refusal_of(&broadcasting(9, "sdk", raw).await).await;
    assert_eq!((refusal.codespace.as_str(), refusal.code), ("sdk", 9));
    assert!(
        refusal.to_string().starts_with("the chain refuses: an account that should pay or sign does not exist (sdk 9)")
    );
    assert!(refusal.log.as_str().contains('\u{fffd}') && !refusal.log.as_str().contains('\u{1b}'));
    let trace = format!("recovered: runtime error\nstack:\n{}", "goroutine 1 [running]:\n\t/app.go:1\n".repeat(3_200));
    assert!(trace.len() > 100_000);
    let refusal = refusal_of(&broadcasting(111_222, "undefined", trace.into_bytes()).await).await;
    assert_eq!(refusal.reason, Reason::Panicked);
    assert!(refusal.log.as_str().len() < 2_100 && refusal.to_string().len() < 500, "{refusal}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_status_of_100_kb_is_an_answer_too() {
    let trace = format!("recovered: runtime error\nstack:\n{}", "goroutine 1 [running]:\n\t/app.go:1\n".repeat(3_200));
    let panicking = Fake::grpc(move |_, _| Err(Status::unknown(trace.clone()))).await;
    let error = panicking.client().simulate(b"tx".to_vec()).await.unwrap_err();
    let CallError::Refused { refusal, .. } = &error else { panic!("{error}") };
    assert_eq!(refusal.reason, Reason::Panicked);
    assert!(refusal.log.as_str().len() < 2_100, "{}", refusal.log.as_str().len());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_without_end_is_cut_off() {
    let huge =
        Fake::start(NodeSays::default(), |_, _| Ok(Bytes::from(vec![0; 40 << 20])), |_, _| vec![b' '; 40 << 20]).await;
    let client = huge.client();
    let lease = LeaseId::parse(LEASE, "ve").unwrap();
    for error in [
        client.lease(&lease).await.map(drop).unwrap_err(),
        client.usage_records(lease.order()).await.map(drop).unwrap_err(),
        client.block(Height(7)).await.map(drop).unwrap_err(),
    ] {
        assert!(error.to_string().contains("answers more than"), "{error}");
        assert_eq!(error.fault(), Fault::Unavailable);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_about_something_else_is_none() {
    let somebody = Address::parse("ve17k2w5arzpf0305a6j85ggw6t90h9tvvfvkzrjw", network().address_prefix).unwrap();
    let line = recorded(Name::Virtengine).into_iter().find(|line| line["note"] == "provider from genesis").unwrap();
    let bytes = hex::decode(line["response_hex"].as_str().unwrap()).unwrap();
    let confused = Fake::grpc(move |_, _| Ok(bytes.clone().into())).await;
    let error = confused.client().provider(&somebody).await.unwrap_err();
    assert!(error.to_string().contains("when asked for ve17k2w5"), "{error}");
    let other = Address::parse("ve18u2t7lt8zchhhc2tj3yq6yqq56j68mja3xe3gg", network().address_prefix).unwrap();
    assert_eq!(confused.client().provider(&other).await.unwrap().value.unwrap().owner, other);
}
