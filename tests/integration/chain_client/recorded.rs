//! The client against two recorded nodes: every query that was recorded is asked with the client's own functions, and
//! what comes back is what the recording says in words.

use std::collections::BTreeMap;

use super::world::settings;
use crate::replay::{Line, Replay, recorded};
use prost::Message;
use provider::chain::client::{
    Admission, BidFilter, CallError, Client, LeaseFilter, OrderFilter, Settings, UsageFilter,
};
use provider::chain::wire::cosmos::tx_service::BroadcastTxRequest;
use provider::chain::wire::cosmos::tx_service::SimulateRequest;
use provider::domain::address::Address;
use provider::domain::escrow::EscrowState;
use provider::domain::height::Height;
use provider::domain::hex;
use provider::domain::id::{BidId, DeploymentId, GroupId, LeaseId, OrderId};
use provider::domain::lease::{ClosedReason, LeaseState};
use provider::domain::network::Name;
use provider::domain::order::{BidState, OrderState};
use provider::domain::tx_hash::TxHash;
use serde_json::Value;

fn client(replay: &Replay) -> Client {
    Client::new(Settings {
        grpc: vec![replay.grpc.to_string()],
        rpc: vec![replay.rpc.to_string()],
        // The recording goes on for hundreds of blocks; which of them is the newest does not matter here.
        max_lag: u64::MAX,
        ..settings(replay.network, &replay.chain_id)
    })
}

fn text<'a>(value: &'a Value, path: &str) -> &'a str {
    value.pointer(path).and_then(Value::as_str).unwrap_or_default()
}

/// A number, which proto-JSON writes as text where it has 64 bits.
fn number(value: &Value, path: &str) -> u64 {
    match value.pointer(path) {
        Some(Value::String(text)) => text.parse().unwrap(),
        Some(value) => value.as_u64().unwrap(),
        None => 0,
    }
}

/// The id of an order, bid or lease in proto-JSON, as text.
fn id(value: &Value) -> String {
    let mut id = text(value, "/owner").to_owned();
    for part in ["/dseq", "/gseq", "/oseq"] {
        if value.pointer(part).is_some() {
            id.push_str(&format!("/{}", number(value, part)));
        }
    }
    if value.get("provider").is_some() {
        id.push_str(&format!("/{}", text(value, "/provider")));
    }
    id
}

fn rows<'a>(line: &'a Line, field: &str) -> Vec<&'a Value> {
    line["response"][field].as_array().map(|rows| rows.iter().collect()).unwrap_or_default()
}

/// What a page of a listing was asked with, beside the filter: only from the front, with or without a limit.
fn is_from_the_front(request: &Value) -> Option<u64> {
    let page = &request["pagination"];
    let odd = ["key", "offset", "reverse", "count_total"].iter().any(|field| page.get(field).is_some());
    (!odd).then(|| if page.get("limit").is_some() { number(page, "/limit") } else { 500 })
}

struct Reader {
    client: Client,
    prefix: &'static str,
    /// How often each method was asked.
    asked: BTreeMap<String, u32>,
}

#[tokio::test(flavor = "multi_thread")]
async fn every_recorded_query_of_virtengine_reads_as_it_was_recorded() {
    let asked = read_all(Name::Virtengine).await;
    for (method, times) in [
        ("Account", 2),
        ("AllBalances", 1),
        ("Balance", 1),
        ("BroadcastTx", 100),
        ("GetTx", 80),
        ("Simulate", 80),
        ("ProviderAttributes", 2),
        ("Certificates", 2),
        ("Deployment", 5),
        ("Group", 2),
        ("RecipientKey", 3),
        ("Accounts", 3),
        ("Payments", 3),
        ("Bid", 4),
        ("Bids", 3),
        ("Lease", 7),
        ("Leases", 2),
        ("Order", 2),
        ("Orders", 8),
        ("Params", 5),
        ("Provider", 2),
        ("Providers", 1),
        ("Escrow", 1),
        ("EscrowsByOrder", 3),
        ("SettlementsByOrder", 1),
        ("UsageRecord", 1),
        ("UsageRecordsByOrder", 1),
        ("UsageSummary", 1),
        ("Config", 1),
        ("tx", 80),
        ("block_results", 1),
    ] {
        assert!(asked.get(method).is_some_and(|asked| *asked >= times), "{method}: {:?}", asked.get(method));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_recorded_query_of_akash_reads_as_it_was_recorded() {
    let asked = read_all(Name::Akash).await;
    for (method, times) in [
        ("Account", 2),
        ("BroadcastTx", 80),
        ("GetTx", 60),
        ("Simulate", 60),
        ("ProviderAttributes", 2),
        ("Certificates", 2),
        ("Deployment", 5),
        ("Accounts", 3),
        ("Payments", 3),
        ("Bid", 4),
        ("Bids", 3),
        ("Lease", 7),
        ("Leases", 2),
        ("Orders", 8),
        ("Params", 3),
        ("tx", 60),
    ] {
        assert!(asked.get(method).is_some_and(|asked| *asked >= times), "{method}: {:?}", asked.get(method));
    }
}

async fn read_all(name: Name) -> BTreeMap<String, u32> {
    let replay = Replay::start(name).await;
    let client = client(&replay);
    let mut reader = Reader { client, prefix: replay.network.address_prefix, asked: BTreeMap::new() };
    for line in recorded(name) {
        reader.read(&line).await;
    }
    reader.asked
}

impl Reader {
    async fn read(&mut self, line: &Line) {
        let path = text(line, "/method");
        let method = path.rsplit('/').next().unwrap().to_owned();
        let of_module = path.split('.').nth(1).unwrap_or_default().to_owned();
        let known = match (text(line, "/kind"), of_module.as_str()) {
            ("rpc", _) => self.rpc(&method, line).await,
            ("grpc", "market") => self.market(&method, line).await,
            ("grpc", "settlement" | "encryption") => self.usage(&method, line).await,
            ("grpc", _) if path.starts_with("/cosmos.") => self.cosmos(&method, line).await,
            ("grpc", _) => self.register(&method, line).await,
            _ => false,
        };
        if known {
            *self.asked.entry(method).or_default() += 1;
        }
    }

    fn address(&self, text: &str) -> Address {
        Address::parse(text, self.prefix).unwrap()
    }

    async fn market(&self, method: &str, line: &Line) -> bool {
        let (client, request, response) = (&self.client, &line["request"], &line["response"]);
        let note = text(line, "/note");
        match method {
            "Order" => {
                let order = OrderId::parse(&id(&request["id"]), self.prefix).unwrap();
                let found = client.order(&order).await.unwrap().value;
                assert_eq!(found.is_some(), line["code"] == 0, "{note}");
                let Some(order) = found else { return true };
                assert_eq!(order.state.word(), text(response, "/order/state"), "{note}");
                assert_eq!(order.spec.units.len(), response["order"]["spec"]["resources"].as_array().unwrap().len());
                assert_eq!(order.created_at, Height(number(response, "/order/created_at")));
            }
            "Bid" => {
                let bid = BidId::parse(&id(&request["id"]), self.prefix).unwrap();
                let found = client.bid(&bid).await.unwrap().value;
                assert_eq!(found.is_some(), line["code"] == 0, "{note}");
                let Some(bid) = found else { return true };
                assert_eq!(bid.state.word(), text(response, "/bid/state"), "{note}");
                assert_eq!(bid.escrow.state.word(), text(response, "/escrow_account/state/state"), "{note}");
            }
            "Lease" => {
                let lease = LeaseId::parse(&id(&request["id"]), self.prefix).unwrap();
                let found = client.lease(&lease).await.unwrap().value;
                assert_eq!(found.is_some(), line["code"] == 0, "{note}");
                let Some(lease) = found else { return true };
                assert_eq!(lease.state.word(), text(response, "/lease/state"), "{note}");
                assert_eq!(lease.reason.map(ClosedReason::word).unwrap_or_default(), text(response, "/lease/reason"));
                let overdrawn = text(response, "/escrow_payment/state/state") == "overdrawn";
                assert_eq!(lease.ran_out_of_funds(), overdrawn, "{note}");
                assert_eq!(lease.closed_on, Some(Height(number(response, "/lease/closed_on"))).filter(|at| at.0 > 0));
            }
            "Orders" | "Bids" | "Leases" => return self.listing(method, line).await,
            "Params" => {
                let params = client.market_params().await.unwrap().value;
                assert_eq!(u64::from(params.bids_per_order), number(response, "/params/order_max_bids"));
                assert_eq!(params.minimum_bid_deposits[0].amount.to_string(), "500000");
            }
            _ => return false,
        }
        true
    }

    /// A listing from its first page on; the pages that follow were recorded after it.
    async fn listing(&self, method: &str, line: &Line) -> bool {
        let (request, filters) = (&line["request"], &line["request"]["filters"]);
        let known = ["owner", "dseq", "state", "provider"];
        let Some(limit) = is_from_the_front(request) else { return false };
        if line["code"] != 0 || !filters.as_object().unwrap().keys().all(|key| known.contains(&key.as_str())) {
            return false;
        }
        let address = |field: &str| filters.get(field).and_then(Value::as_str).map(|text| self.address(text));
        let (owner, provider, dseq) = (address("owner"), address("provider"), filters.get("dseq"));
        let dseq = dseq.map(|dseq| dseq.as_str().unwrap().parse().unwrap());
        let state = filters.get("state").and_then(Value::as_str);
        let mut found = Vec::new();
        let complete = match method {
            "Orders" => {
                let state = state.map(|word| OrderState::from_word(word).unwrap());
                let pages = self.client.orders(&OrderFilter { owner, dseq, state });
                pages.rows_a_page(limit).for_each(|row| found.push((row.id.to_string(), row.state.word()))).await
            }
            "Bids" => {
                // Of one order is asked by its whole id; a deployment's bids were recorded without.
                if owner.is_some() {
                    return false;
                }
                let state = state.map(|word| BidState::from_word(word).unwrap());
                let pages = self.client.bids(&BidFilter { order: None, provider, state });
                pages.rows_a_page(limit).for_each(|row| found.push((row.id.to_string(), row.state.word()))).await
            }
            _ => {
                let state = state.map(|word| LeaseState::from_word(word).unwrap());
                let pages = self.client.leases(&LeaseFilter { owner, dseq, provider, state });
                pages.rows_a_page(limit).for_each(|row| found.push((row.id.to_string(), row.state.word()))).await
            }
        }
        .unwrap();
        assert_eq!(complete.rows(), found.len() as u64);
        let (field, inner) = match method {
            "Orders" => ("orders", ""),
            "Bids" => ("bids", "/bid"),
            _ => ("leases", "/lease"),
        };
        let row = |row: &Value| {
            let state = text(row, &format!("{inner}/state")).to_owned();
            (id(row.pointer(&format!("{inner}/id")).unwrap()), state)
        };
        let first: Vec<_> = rows(line, field).into_iter().map(row).collect();
        let begun: Vec<_> =
            found.iter().take(first.len()).map(|(id, state)| (id.clone(), (*state).to_owned())).collect();
        assert_eq!(begun, first, "{}", text(line, "/note"));
        assert_eq!(found.len() > first.len(), line["response"]["pagination"].get("next_key").is_some());
        true
    }

    async fn usage(&self, method: &str, line: &Line) -> bool {
        let (client, request, response) = (&self.client, &line["request"], &line["response"]);
        let order = || OrderId::parse(text(request, "/order_id"), self.prefix).unwrap();
        match method {
            "Escrow" => assert_eq!(client.settlement_escrow(text(request, "/escrow_id")).await.unwrap().value, None),
            "EscrowsByOrder" => {
                let found = client.settlement_escrows(&order()).await.unwrap().value;
                let states: Vec<_> = found.iter().map(|escrow| escrow.state.word()).collect();
                let told: Vec<_> = rows(line, "escrows").iter().map(|escrow| text(escrow, "/state")).collect();
                assert_eq!((states, found[0].id.as_str()), (told, "escrow-1"));
            }
            "UsageRecordsByOrder" => {
                let found = client.usage_records(&order()).await.unwrap().value;
                let told = rows(line, "usage_records");
                assert_eq!(found.len(), told.len());
                for (record, told) in found.iter().zip(told) {
                    assert_eq!(
                        (record.id.as_str(), record.units),
                        (text(told, "/usage_id"), number(told, "/usage_units"))
                    );
                    assert_eq!(record.total_cost[0].amount.to_string(), text(told, "/total_cost/0/amount"));
                }
            }
            "UsageRecord" => {
                let found = client.usage_record(text(request, "/usage_id")).await.unwrap().value.unwrap();
                assert_eq!(found.settlement_id.as_deref(), Some(text(response, "/usage_record/settlement_id")));
            }
            "UsageSummary" => {
                let filter = UsageFilter { order: Some(order()), ..UsageFilter::default() };
                let found = client.usage_summary(&filter).await.unwrap().value;
                assert_eq!(found.units, number(response, "/summary/total_usage_units"));
                assert_eq!(found.by_type.len(), response["summary"]["by_usage_type"].as_array().unwrap().len());
            }
            "SettlementsByOrder" => {
                let found = client.settlements(&order()).await.unwrap().value;
                let shares: Vec<_> = found.iter().map(|settled| settled.provider_share[0].amount.to_string()).collect();
                let told = rows(line, "settlements");
                let told: Vec<_> = told.iter().map(|settled| text(settled, "/provider_share/0/amount")).collect();
                assert_eq!(shares, told);
            }
            "RecipientKey" => {
                let found = client.recipient_keys(&self.address(text(request, "/address"))).await.unwrap().value;
                let told: Vec<_> =
                    rows(line, "keys").iter().map(|key| text(key, "/key_fingerprint").to_owned()).collect();
                assert_eq!(found.iter().map(|key| key.fingerprint.clone()).collect::<Vec<_>>(), told);
                for (key, told) in found.iter().zip(rows(line, "keys")) {
                    assert_eq!(key.revoked_at.is_some(), told.get("revoked_at").is_some());
                    assert_eq!(key.deprecated_at.is_some(), told.get("deprecated_at").is_some());
                }
            }
            "Params" if response["params"].get("platform_fee_rate").is_some() => {
                let params = client.settlement_params().await.unwrap().value;
                assert_eq!(params.platform_fee_rate.to_string(), "0.05");
                assert_eq!(params.period.as_secs(), 86_400);
            }
            "Params" => {
                let params = client.encryption_params().await.unwrap().value;
                assert_eq!(u64::from(params.keys_per_account), number(response, "/params/max_keys_per_account"));
            }
            _ => return false,
        }
        true
    }

    /// Providers, deployments, escrow, certificates, audited attributes.
    async fn register(&self, method: &str, line: &Line) -> bool {
        let (client, request, response) = (&self.client, &line["request"], &line["response"]);
        let note = text(line, "/note");
        match method {
            "Provider" => {
                let found = client.provider(&self.address(text(request, "/owner"))).await.unwrap().value;
                assert_eq!(found.is_some(), line["code"] == 0, "{note}");
                let Some(provider) = found else { return true };
                assert_eq!(provider.host_uri, text(response, "/provider/host_uri"));
                assert_eq!(provider.attributes.len(), response["provider"]["attributes"].as_array().unwrap().len());
            }
            "Providers" => {
                let mut found = 0;
                client.providers().for_each(|_| found += 1).await.unwrap();
                assert_eq!(found, rows(line, "providers").len());
            }
            "ProviderAttributes" => {
                let found = client.audited_attributes(&self.address(text(request, "/owner"))).await.unwrap().value;
                assert_eq!(found.len(), rows(line, "providers").len(), "{note}");
            }
            "Deployment" => {
                let deployment = DeploymentId::parse(&id(&request["id"]), self.prefix).unwrap();
                let found = client.deployment(&deployment).await.unwrap().value;
                assert_eq!(found.is_some(), line["code"] == 0, "{note}");
                let Some(deployment) = found else { return true };
                assert_eq!(deployment.state.word(), text(response, "/deployment/state"), "{note}");
                let groups: Vec<_> = deployment.groups.iter().map(|group| group.state.word()).collect();
                let told: Vec<_> = rows(line, "groups").iter().map(|group| text(group, "/state")).collect();
                assert_eq!(groups, told, "{note}");
                assert_eq!(deployment.escrow.state.word(), text(response, "/escrow_account/state/state"), "{note}");
            }
            "Group" => {
                let group = GroupId::parse(&id(&request["id"]), self.prefix).unwrap();
                let found = client.group(&group).await.unwrap().value.unwrap();
                assert_eq!(found.state.word(), text(response, "/group/state"), "{note}");
            }
            "Accounts" | "Payments" => return self.escrow(method, line).await,
            "Certificates" => {
                let filter = &request["filter"];
                if filter.get("serial").is_some() {
                    return false;
                }
                let state = filter.get("state").map(|_| provider::domain::certificate::CertificateState::Valid);
                let mut found = Vec::new();
                let pages = client.certificates(&self.address(text(filter, "/owner")), state);
                pages.for_each(|row| found.push(row)).await.unwrap();
                let told: Vec<_> =
                    rows(line, "certificates").iter().map(|row| text(row, "/serial").to_owned()).collect();
                assert_eq!(found.iter().map(|row| row.serial.clone()).collect::<Vec<_>>(), told, "{note}");
                assert!(found.iter().all(|row| row.certificate.starts_with(b"-----BEGIN CERTIFICATE-----")));
            }
            "Params" if text(line, "/method").contains(".take.") => {
                assert_eq!(client.take_rates().await.unwrap().value.otherwise, 20);
            }
            "Params" => {
                let params = client.deployment_params().await.unwrap().value;
                assert_eq!(params.minimum_deposits.len(), response["params"]["min_deposits"].as_array().unwrap().len());
            }
            _ => return false,
        }
        true
    }

    async fn escrow(&self, method: &str, line: &Line) -> bool {
        let request = &line["request"];
        let Some(state) = EscrowState::from_word(text(request, "/state")) else { return false };
        let xid = text(request, "/xid").strip_prefix("deployment/").unwrap_or_default();
        let states: Vec<&str> = if method == "Payments" {
            let deployment = (!xid.is_empty()).then(|| DeploymentId::parse(xid, self.prefix).unwrap());
            let found = self.client.payments(state, deployment.as_ref()).await.unwrap().value;
            found.iter().map(|payment| payment.state.word()).collect()
        } else if let Ok(id) = DeploymentId::parse(xid, self.prefix) {
            let id = provider::domain::escrow::AccountId::Deployment(id);
            let found = self.client.escrow_account(&id).await.unwrap().value;
            found.iter().map(|account| account.state.word()).collect()
        } else {
            let tenant = (!xid.is_empty()).then(|| self.address(xid));
            let found = self.client.escrow_accounts(state, tenant.as_ref()).await.unwrap().value;
            found.iter().map(|account| account.state.word()).collect()
        };
        let field = if method == "Payments" { "payments" } else { "accounts" };
        let told: Vec<_> = rows(line, field).iter().map(|row| text(row, "/state/state").to_owned()).collect();
        assert_eq!(states, told, "{}", text(line, "/note"));
        true
    }

    async fn cosmos(&self, method: &str, line: &Line) -> bool {
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
        match answer.value {
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

    async fn rpc(&self, method: &str, line: &Line) -> bool {
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
