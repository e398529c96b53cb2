//! Accounts, transactions, blocks.

use super::{Reader, number, rows, text};
use crate::replay::Line;
use prost::Message;
use provider::chain::client::{Admission, CallError};
use provider::chain::wire::cosmos::tx_service::{BroadcastTxRequest, SimulateRequest};
use provider::domain::address::Address;
use provider::domain::height::Height;
use provider::domain::hex;
use provider::domain::tx_hash::TxHash;
use serde_json::Value;

impl Reader {
    pub(super) async fn cosmos(&self, method: &str, line: &Line) -> bool {
        let (client, request, response) = (&self.client, &line["request"], &line["response"]);
        let note = text(line, "/note");
        match method {
            "Account" => {
                let Ok(address) = Address::parse(text(request, "/address"), self.prefix) else { return false };
                let found = client.account(&address).await.unwrap().value;
                assert_eq!(found.is_some(), line["code"] == 0, "{note}");
                if let Some(account) = found {
                    assert_eq!(account.number, number(response, "/account/account_number"), "{note}");
                }
            }
            "AllBalances" => {
                let found = client.balances(&self.address(text(request, "/address"))).await.unwrap().value;
                let told: Vec<_> = rows(line, "balances").iter().map(|coin| text(coin, "/amount").to_owned()).collect();
                assert_eq!(found.iter().map(|coin| coin.amount.to_string()).collect::<Vec<_>>(), told);
            }
            "Balance" if line["code"] == 0 => {
                let denom = text(request, "/denom").parse().unwrap();
                let found = client.balance(&self.address(text(request, "/address")), &denom).await.unwrap().value;
                assert_eq!(found.amount.to_string(), text(response, "/balance/amount"), "{note}");
            }
            "Params" => {
                let params = client.transaction_params().await.unwrap().value;
                assert_eq!(params.longest_memo, number(response, "/params/max_memo_characters"));
            }
            "Config" => {
                let prices = client.minimum_gas_prices().await.unwrap().value;
                assert_eq!(prices[0].amount.to_string(), "0.025");
            }
            "Simulate" => return self.simulate(line).await,
            "BroadcastTx" => return self.broadcast(line).await,
            "GetTx" => {
                let hash = TxHash::parse(text(request, "/hash")).unwrap();
                let found = client.transaction(&hash).await.unwrap().value;
                assert_eq!(found.is_some(), line["code"] == 0, "{note}");
                let Some(found) = found else { return true };
                assert_eq!(found.executed.gas.used, number(response, "/tx_response/gas_used"), "{note}");
                let code = found.executed.refusal.as_ref().map_or(0, |refusal| u64::from(refusal.code));
                assert_eq!(code, number(response, "/tx_response/code"), "{note}");
                assert_eq!(found.executed.responses.is_empty(), code != 0, "{note}");
            }
            _ => return false,
        }
        true
    }

    async fn simulate(&self, line: &Line) -> bool {
        let request = hex::decode(text(line, "/request_hex")).unwrap();
        let request = SimulateRequest::decode(request.as_slice()).unwrap();
        match self.client.simulate(request.tx_bytes).await {
            Ok(gas) => assert_eq!(gas.value.used, number(&line["response"], "/gas_info/gas_used")),
            Err(CallError::Refused { refusal, .. }) => {
                let message = text(line, "/message");
                assert_eq!(line["code"], 2);
                assert_eq!(
                    refusal.message_index.is_some(),
                    message.starts_with("failed to execute message"),
                    "{message}"
                );
                assert!(!refusal.log.as_str().contains("with gas used"), "{message}");
            }
            Err(error) => panic!("{}: {error}", text(line, "/note")),
        }
        true
    }

    async fn broadcast(&self, line: &Line) -> bool {
        let request = hex::decode(text(line, "/request_hex")).unwrap();
        let request = BroadcastTxRequest::decode(request.as_slice()).unwrap();
        if request.mode != 2 {
            return false;
        }
        let told = &line["response"]["tx_response"];
        // An answer that is no UTF-8 has no words in the recording.
        let Ok(answer) = self.client.broadcast(request.tx_bytes).await else {
            assert!(line["response_hex"].is_null(), "{}", text(line, "/note"));
            return true;
        };
        match answer {
            Admission::Taken => assert_eq!(number(told, "/code"), 0),
            Admission::Seen => assert_eq!((text(told, "/codespace"), number(told, "/code")), ("sdk", 19)),
            Admission::Refused(refusal) if told.is_null() => {
                assert_eq!((refusal.codespace.as_str(), refusal.code), ("sdk", 9));
                assert!(refusal.log.as_str().contains('\u{fffd}'), "{refusal}");
            }
            Admission::Refused(refusal) => {
                assert_eq!(
                    (refusal.codespace.as_str(), u64::from(refusal.code)),
                    (text(told, "/codespace"), number(told, "/code"))
                );
            }
        }
        true
    }

    pub(super) async fn rpc(&self, method: &str, line: &Line) -> bool {
        let (client, result) = (&self.client, &line["response"]["result"]);
        match method {
            "block" => {
                let height = Height(number(&line["params"], "/height"));
                let found = client.block(height).await.unwrap().value;
                let told = result.pointer("/block/data/txs").and_then(Value::as_array);
                assert_eq!(found.map(|block| block.transactions.len()), told.map(Vec::len));
            }
            "block_results" => {
                let found = client.block_results(Height(number(&line["params"], "/height"))).await.unwrap().value;
                let told = result.get("txs_results").and_then(Value::as_array);
                assert_eq!(found.map(|results| results.len()), told.map(Vec::len));
            }
            "tx" => {
                // The recording has both: what gRPC told of a transaction, RPC told as well.
                let Some(hash) = TxHash::parse(text(result, "/hash")) else { return false };
                let found = client.transaction(&hash).await.unwrap().value.unwrap();
                assert_eq!(found.height, Height(number(result, "/height")));
            }
            _ => return false,
        }
        true
    }
}
