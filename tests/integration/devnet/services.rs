//! gRPC.

use super::client::{Client, Key, start};
use prost::Message;
use provider::chain::wire::Named;
use provider::chain::wire::cosmos::auth::QueryAccountRequest;
use provider::chain::wire::cosmos::bank::{MsgSend, QueryBalanceRequest};
use provider::chain::wire::cosmos::coin::Coin;
use provider::chain::wire::cosmos::comet::{
    AbciQueryRequest, GetBlockByHeightRequest, GetLatestBlockRequest, GetNodeInfoRequest, GetSyncingRequest,
};
use provider::chain::wire::cosmos::tx::{Tx, TxRaw};
use provider::chain::wire::cosmos::tx_service::{
    BroadcastMode, BroadcastTxRequest, GetTxsEventRequest, OrderBy, SimulateRequest,
};
use provider::domain::network::Name;
use tempfile::tempdir;
use tonic::Code;

pub fn send(from: &Key, to: &Key, amount: u64) -> MsgSend {
    let coin = Coin { denom: "uve".to_owned(), amount: amount.to_string() };
    MsgSend { from_address: from.address.clone(), to_address: to.address.clone(), amount: vec![coin] }
}

fn balance(of: &Key) -> QueryBalanceRequest {
    QueryBalanceRequest { address: of.address.clone(), denom: "uve".to_owned() }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_past_can_be_asked_and_the_future_cannot() {
    let home = tempdir().unwrap();
    let server = start(home.path(), Name::Virtengine, &["a", "b"]).await;
    let client = Client::of(&server).await;
    let (a, b) = (Key::of("a", client.network), Key::of("b", client.network));
    let first = client.run(&a, &send(&a, &b, 5)).await.height;
    let second = client.run(&a, &send(&a, &b, 7)).await.height;
    assert_eq!(second, first + 1);
    let at = async |height| {
        let answer = client.call_at(balance(&b), height).await?;
        let told = answer.metadata().get("x-cosmos-block-height").unwrap().to_str().unwrap().to_owned();
        Ok::<_, tonic::Status>((answer.into_inner().balance.unwrap().amount, told))
    };
    let had = 1_000_000_000_000_u64;
    assert_eq!(at(Some(first - 1)).await.unwrap(), (had.to_string(), (first - 1).to_string()));
    assert_eq!(at(Some(first)).await.unwrap().0, (had + 5).to_string());
    assert_eq!(at(None).await.unwrap(), ((had + 12).to_string(), second.to_string()));
    let error = at(Some(second + 1)).await.unwrap_err();
    assert!(error.code() == Code::Unknown && error.message().starts_with("codespace sdk code 26:"), "{error}");
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn blocks_are_chained_and_name_their_transactions() {
    let home = tempdir().unwrap();
    let server = start(home.path(), Name::Akash, &["a", "b"]).await;
    let client = Client::of(&server).await;
    let (a, b) = (Key::of("a", client.network), Key::of("b", client.network));
    let mut message = send(&a, &b, 1);
    message.amount[0].denom = "uakt".into();
    let result = client.run(&a, &message).await;
    let latest = client.call(GetLatestBlockRequest {}).await.unwrap();
    let (block, sdk) = (latest.block.unwrap(), latest.sdk_block.unwrap());
    assert_eq!((block.header.height, block.data.txs.len()), (result.height, 1));
    assert!(sdk.header.proposer_address.starts_with("akashvalcons1"));
    let request = GetBlockByHeightRequest { height: result.height - 1 };
    let before = client.call(request).await.unwrap();
    assert_eq!(block.header.last_block_id, before.block_id.unwrap());
    let request = GetBlockByHeightRequest { height: result.height + 1 };
    assert_eq!(client.call(request).await.unwrap_err().code(), Code::InvalidArgument);
    let info = client.call(GetNodeInfoRequest {}).await.unwrap().default_node_info.unwrap();
    assert_eq!((info.network.as_str(), info.moniker.as_str()), ("devnet-akash-1", "devnet"));
    assert!(!client.call(GetSyncingRequest {}).await.unwrap().syncing);
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn abci_queries_answer_as_the_methods_do() {
    let home = tempdir().unwrap();
    let server = start(home.path(), Name::Virtengine, &["a", "b"]).await;
    let client = Client::of(&server).await;
    let (a, b) = (Key::of("a", client.network), Key::of("b", client.network));
    let path = "/cosmos.bank.v1beta1.Query/Balance".to_owned();
    let request = AbciQueryRequest { path, data: balance(&b).encode_to_vec(), height: 0, prove: false };
    let answer = client.call(request).await.unwrap();
    let direct = client.call(balance(&b)).await.unwrap();
    assert_eq!((answer.code, answer.value), (0, direct.encode_to_vec()));
    // Simulation included.
    let account = client.account(&a.address).await;
    let draft = client.draft(vec![send(&a, &b, 1).pack(client.network)]);
    let tx_bytes = client.sign(&draft, &a, account.account_number, account.sequence);
    let simulate = SimulateRequest { tx: None, tx_bytes: tx_bytes.clone() };
    let path = "/cosmos.tx.v1beta1.Service/Simulate".to_owned();
    let request = AbciQueryRequest { path, data: simulate.encode_to_vec(), height: 0, prove: false };
    assert_eq!(client.call(request).await.unwrap().code, 0);
    let nobody = QueryAccountRequest { address: Key::of("nobody", client.network).address };
    let path = "/cosmos.auth.v1beta1.Query/Account".to_owned();
    let request = AbciQueryRequest { path, data: nobody.encode_to_vec(), height: 0, prove: false };
    let answer = client.call(request).await.unwrap();
    assert_eq!((answer.code, answer.codespace.as_str()), (22, "sdk"));
    assert!(String::from_utf8(answer.log).unwrap().starts_with("rpc error: code = NotFound desc = account "));
    let request = AbciQueryRequest { path: "/nobody.knows/This".to_owned(), ..AbciQueryRequest::default() };
    assert_eq!(client.call(request).await.unwrap().code, 6);
    // A transaction in its parts can be simulated, too.
    let raw = TxRaw::decode(tx_bytes.as_slice()).unwrap();
    let tx = Tx::decode(tx_bytes.as_slice()).unwrap();
    assert_eq!(tx.signatures, raw.signatures);
    let used = client.call(SimulateRequest { tx: Some(tx), tx_bytes: Vec::new() }).await.unwrap().gas_info.unwrap();
    assert!(used.gas_used > 50_000);
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn transactions_are_found_by_event_in_pages() {
    let home = tempdir().unwrap();
    let server = start(home.path(), Name::Virtengine, &["a", "b"]).await;
    let client = Client::of(&server).await;
    let (a, b) = (Key::of("a", client.network), Key::of("b", client.network));
    for amount in 1..=5 {
        client.run(&a, &send(&a, &b, amount)).await;
    }
    client.run(&b, &send(&b, &a, 1)).await;
    let find = async |query: String, order_by: OrderBy, page, limit| {
        let request = GetTxsEventRequest { query, order_by: order_by.into(), page, limit, ..<_>::default() };
        let answer = client.call(request).await.unwrap();
        (answer.tx_responses.iter().map(|tx| tx.height).collect::<Vec<_>>(), answer.total)
    };
    let of_a = format!("message.sender='{}' AND message.action='/cosmos.bank.v1beta1.MsgSend'", a.address);
    let (all, total) = find(of_a.clone(), OrderBy::Asc, 0, 0).await;
    assert_eq!((all.len(), total), (5, 5));
    assert!(all.is_sorted());
    assert_eq!(find(of_a.clone(), OrderBy::Desc, 2, 2).await.0, [all[2], all[1]]);
    let later = format!("{of_a} AND tx.height>{}", all[2]);
    assert_eq!(find(later, OrderBy::Asc, 1, 10).await.0, all[3..]);
    assert_eq!(find(format!("tx.height={}", all[1]), OrderBy::Asc, 1, 10).await.0, [all[1]]);
    assert_eq!(find("transfer.amount CONTAINS 'uact'".to_owned(), OrderBy::Asc, 1, 10).await.1, 0);
    let request = GetTxsEventRequest { query: "a.b='1' OR a.b='2'".to_owned(), ..<_>::default() };
    assert_eq!(client.call(request).await.unwrap_err().code(), Code::InvalidArgument);
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broadcast_can_be_asynchronous_and_not_blocking() {
    let home = tempdir().unwrap();
    let server = start(home.path(), Name::Virtengine, &["a", "b"]).await;
    let client = Client::of(&server).await;
    let (a, b) = (Key::of("a", client.network), Key::of("b", client.network));
    let draft = client.draft(vec![send(&a, &b, 1).pack(client.network)]);
    let tx_bytes = client.sign(&draft, &a, 99, 0);
    let mode = BroadcastMode::Async.into();
    let answer = client.call(BroadcastTxRequest { tx_bytes: tx_bytes.clone(), mode }).await.unwrap();
    // Wrong, but nobody waits to hear it.
    assert_eq!(answer.tx_response.unwrap().code, 0);
    let mode = BroadcastMode::Block.into();
    let error = client.call(BroadcastTxRequest { tx_bytes, mode }).await.unwrap_err();
    assert_eq!(error.code(), Code::Unknown);
    server.stop().await.unwrap();
}
