//! fixtures/recorded: what two real nodes were asked and what they answered. Every request and every answer decodes
//! and encodes to the same bytes, and so does everything that is packed inside: transactions, messages, keys, results.

use super::{fixture, hex, unhex};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use prost::Message;
use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, encode_key, encode_varint, skip_field};
use prost_types::Any;
use provider::chain::wire::cosmos::abci::{TxMsgData, TxResponse};
use provider::chain::wire::cosmos::auth::{BaseAccount, QueryAccountResponse};
use provider::chain::wire::cosmos::tx::{AuthInfo, ModeInfoSum, TxBody, TxRaw};
use provider::chain::wire::cosmos::tx_service::{
    BroadcastTxRequest, BroadcastTxResponse, GetTxResponse, GetTxsEventResponse, SimulateRequest, SimulateResponse,
};
use provider::chain::wire::{CallType, MessageType, Named, calls, message_of, tx_message_of};
use provider::domain::address::Address;
use provider::domain::network::{Name, Network};
use serde_json::Value;
use std::collections::BTreeSet;

/// What a network's recordings were found to hold.
struct Recordings {
    network: &'static Network,
    /// How many gRPC requests and answers were compared.
    requests: usize,
    answers: usize,
    /// The types that were compared, those that were packed in others too.
    compared: BTreeSet<&'static str>,
    /// Where the bytes were not the same, or not readable at all.
    differences: Vec<String>,
}

/// The one place where proto3 encoders differ here: the deposit sources of these messages (in the deposit with this
/// field number) came packed from the client that recorded, and come unpacked from the chain's TypeScript SDK, whose
/// vectors this product reproduces. Nodes take both. Held against the bytes with the sources unpacked.
const SOURCES_CAME_PACKED: &[(&str, u32)] =
    &[("MsgCreateBid", 3), ("MsgCreateDeployment", 4), ("MsgAccountDeposit", 3)];
const SOURCES: u32 = 5;

impl Recordings {
    fn read(name: Name) -> Self {
        let network = name.facts();
        let mut recordings =
            Self { network, requests: 0, answers: 0, compared: BTreeSet::new(), differences: Vec::new() };
        let mut files: Vec<_> = std::fs::read_dir(fixture("recorded").join(network.word))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
            .collect();
        files.sort();
        assert!(files.len() >= 10, "{} recordings of {}", files.len(), network.word);
        for file in files {
            let stem = file.file_stem().unwrap().to_string_lossy().into_owned();
            for line in std::fs::read_to_string(&file).unwrap().lines() {
                let entry: Value = serde_json::from_str(line).unwrap();
                let place = format!("{stem}: {}", entry["note"].as_str().unwrap_or_default());
                match entry["kind"].as_str().unwrap() {
                    "grpc" => recordings.grpc(&place, &entry),
                    "rpc" => recordings.rpc(&place, &entry),
                    "ws" => recordings.event(&place, &entry["first"]["result"]["data"]["value"]),
                    "state" => {}
                    other => panic!("{place}: what is {other}?"),
                }
            }
        }
        recordings
    }

    fn call(&self, path: &str) -> Option<&'static CallType> {
        calls().find(|call| call.is_on(self.network) && call.path(self.network) == path)
    }

    fn grpc(&mut self, place: &str, entry: &Value) {
        let method = entry["method"].as_str().unwrap();
        let request = unhex(entry["request_hex"].as_str().unwrap());
        let Some(call) = self.call(method) else {
            // A node does not know these either: it answers UNIMPLEMENTED.
            assert_eq!(entry["code"], 12, "{place}: {method} is not in the tables");
            if let Some((package, message)) = method.split_once(".Msg/") {
                self.message(place, &Any { type_url: format!("{package}.Msg{message}"), value: request });
            }
            return;
        };
        self.same(place, &call.request, &request);
        self.requests += 1;
        if call.request.name == BroadcastTxRequest::NAME {
            self.transaction(place, &BroadcastTxRequest::decode(&*request).unwrap().tx_bytes);
        } else if call.request.name == SimulateRequest::NAME {
            self.transaction(place, &SimulateRequest::decode(&*request).unwrap().tx_bytes);
        }
        let Some(response) = entry["response_hex"].as_str().map(unhex) else { return };
        self.same(place, &call.response, &response);
        self.answers += 1;
        self.inside(place, call, &response);
    }

    /// What is packed in an answer.
    fn inside(&mut self, place: &str, call: &CallType, response: &[u8]) {
        let name = call.response.name;
        if name == GetTxResponse::NAME {
            let response = GetTxResponse::decode(response).unwrap();
            for message in response.tx.unwrap().body.unwrap().messages {
                self.message(place, &message);
            }
            self.result(place, &response.tx_response.unwrap());
        } else if name == GetTxsEventResponse::NAME {
            for result in GetTxsEventResponse::decode(response).unwrap().tx_responses {
                self.result(place, &result);
            }
        } else if name == BroadcastTxResponse::NAME {
            self.result(place, &BroadcastTxResponse::decode(response).unwrap().tx_response.unwrap());
        } else if name == SimulateResponse::NAME {
            let result = SimulateResponse::decode(response).unwrap().result.unwrap();
            for answer in result.msg_responses {
                self.any(place, &answer);
            }
        } else if name == QueryAccountResponse::NAME {
            let account = QueryAccountResponse::decode(response).unwrap().account.unwrap();
            self.any(place, &account);
            let account = BaseAccount::unpack(&account, self.network).unwrap();
            if let Some(key) = account.pub_key {
                self.any(place, &key);
            }
        }
    }

    fn rpc(&mut self, place: &str, entry: &Value) {
        let result = &entry["response"]["result"];
        match entry["method"].as_str().unwrap() {
            "broadcast_tx_sync" | "broadcast_tx_async" | "broadcast_tx_commit" => {
                self.transaction(place, &base64(&entry["params"]["tx"]));
                self.answers(place, &result["tx_result"]["data"]);
            }
            "tx" if result.is_object() => self.event(
                place,
                &serde_json::json!({ "TxResult": {
                "tx": result["tx"], "result": result["tx_result"]
            } }),
            ),
            "tx_search" => {
                for tx in result["txs"].as_array().unwrap() {
                    self.transaction(place, &base64(&tx["tx"]));
                    self.answers(place, &tx["tx_result"]["data"]);
                }
            }
            "block_results" => {
                for tx in result["txs_results"].as_array().into_iter().flatten() {
                    self.answers(place, &tx["data"]);
                }
            }
            "block" => self.event(place, result),
            "abci_query" => {
                let path = entry["params"]["path"].as_str().unwrap();
                let call = self.call(path).unwrap_or_else(|| panic!("{place}: {path} is not in the tables"));
                self.same(place, &call.response, &base64(&result["response"]["value"]));
            }
            _ => {}
        }
    }

    /// An event of a subscription: a transaction's, a block's, or a header's.
    fn event(&mut self, place: &str, value: &Value) {
        if let Some(tx) = value.get("TxResult") {
            self.transaction(place, &base64(&tx["tx"]));
            self.answers(place, &tx["result"]["data"]);
        }
        for tx in value["block"]["data"]["txs"].as_array().into_iter().flatten() {
            self.transaction(place, &base64(tx));
        }
    }

    fn result(&mut self, place: &str, result: &TxResponse) {
        if let Some(tx) = &result.tx {
            self.any(place, tx);
        }
        self.tx_msg_data(place, &unhex(&result.data));
    }

    fn answers(&mut self, place: &str, data: &Value) {
        if !data.is_null() {
            self.tx_msg_data(place, &base64(data));
        }
    }

    fn tx_msg_data(&mut self, place: &str, bytes: &[u8]) {
        self.same_as::<TxMsgData>(place, bytes);
        for answer in TxMsgData::decode(bytes).unwrap().msg_responses {
            self.any(place, &answer);
        }
    }

    fn transaction(&mut self, place: &str, bytes: &[u8]) {
        // One step sends bytes that are no transaction.
        let Ok(raw) = TxRaw::decode(bytes) else {
            return assert!(place.contains("garbage bytes"), "{place}: unreadable transaction");
        };
        self.same_as::<TxRaw>(place, bytes);
        self.same_as::<TxBody>(place, &raw.body_bytes);
        self.same_as::<AuthInfo>(place, &raw.auth_info_bytes);
        for message in TxBody::decode(&*raw.body_bytes).unwrap().messages {
            self.message(place, &message);
        }
        for signer in AuthInfo::decode(&*raw.auth_info_bytes).unwrap().signer_infos {
            self.any(place, &signer.public_key.unwrap());
            assert!(matches!(signer.mode_info.unwrap().sum, Some(ModeInfoSum::Single(_))));
        }
    }

    /// A message of a transaction: its type is known as one, and it names an account as signer.
    fn message(&mut self, place: &str, message: &Any) {
        self.any(place, message);
        if let Some(kind) = tx_message_of(self.network, &message.type_url) {
            let signer = (kind.signer)(&message.value).unwrap();
            Address::parse(&signer, self.network.address_prefix).unwrap_or_else(|error| panic!("{place}: {error}"));
        } else {
            self.differences.push(format!("{place}: {} is no message of a transaction", message.type_url));
        }
    }

    fn any(&mut self, place: &str, any: &Any) {
        let packed = SOURCES_CAME_PACKED.iter().find(|(name, _)| any.type_url.ends_with(&format!(".{name}")));
        let expected = match packed {
            Some((_, deposit)) => unpacked(&any.value, &[*deposit, SOURCES]),
            None => any.value.clone(),
        };
        match message_of(self.network, &any.type_url) {
            Some(kind) => self.becomes(place, kind, &any.value, &expected),
            None => self.differences.push(format!("{place}: {} is unknown", any.type_url)),
        }
    }

    fn same_as<M: Named>(&mut self, place: &str, bytes: &[u8]) {
        self.same(place, message_of(self.network, &M::type_url(self.network)).unwrap(), bytes);
    }

    fn same(&mut self, place: &str, kind: &MessageType, bytes: &[u8]) {
        self.becomes(place, kind, bytes, bytes);
    }

    fn becomes(&mut self, place: &str, kind: &MessageType, bytes: &[u8], expected: &[u8]) {
        let name = kind.full_name(self.network);
        match (kind.reencode)(bytes) {
            Ok(again) if again == expected => {}
            Ok(again) => {
                self.differences.push(format!("{place}: {name}\n  was {}\n  is  {}", hex(expected), hex(&again)));
            }
            Err(error) => self.differences.push(format!("{place}: {name}: {error}")),
        }
        self.compared.insert(kind.name);
    }
}

/// The message with the packed numbers at the end of this path of field numbers unpacked.
fn unpacked(mut bytes: &[u8], path: &[u32]) -> Vec<u8> {
    let mut result = Vec::new();
    while !bytes.is_empty() {
        let start = bytes;
        let (number, wire_type) = decode_key(&mut bytes).unwrap();
        if number != path[0] || wire_type != WireType::LengthDelimited {
            skip_field(wire_type, number, &mut bytes, DecodeContext::default()).unwrap();
            result.extend(&start[..start.len() - bytes.len()]);
            continue;
        }
        let length = usize::try_from(decode_varint(&mut bytes).unwrap()).unwrap();
        let mut value = &bytes[..length];
        bytes = &bytes[length..];
        if let [_, below @ ..] = path
            && !below.is_empty()
        {
            let value = unpacked(value, below);
            encode_key(number, wire_type, &mut result);
            encode_varint(value.len() as u64, &mut result);
            result.extend(value);
        } else {
            while !value.is_empty() {
                encode_key(number, WireType::Varint, &mut result);
                encode_varint(decode_varint(&mut value).unwrap(), &mut result);
            }
        }
    }
    result
}

fn base64(value: &Value) -> Vec<u8> {
    BASE64_STANDARD.decode(value.as_str().unwrap_or_default()).unwrap()
}

#[test]
fn real_nodes_bytes_survive() {
    for (name, requests, answers) in [(Name::Virtengine, 423, 370), (Name::Akash, 343, 299)] {
        let recordings = Recordings::read(name);
        assert!(recordings.differences.is_empty(), "{}", recordings.differences.join("\n"));
        assert_eq!((recordings.requests, recordings.answers), (requests, answers), "{name:?}: steps went missing");
        for inner in
            ["TxBody", "AuthInfo", "TxMsgData", "PubKey", "BaseAccount", "MsgCreateBid", "MsgCreateLeaseResponse"]
        {
            assert!(recordings.compared.contains(inner), "{name:?}: no {inner} was met");
        }
    }
}
