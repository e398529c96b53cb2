//! Blocks and results in CometBFT's JSON: 64-bit numbers in quotes, hashes in upper-case hex, other bytes in base64.

use crate::chain::convert::time_from_wire;
use crate::chain::wire::tendermint::abci::Event;
use crate::chain::wire::tendermint::types::{Block, BlockId, Commit, Header};
use crate::devnet::app::block::{MAX_BLOCK_BYTES, StoredBlock, VOTING_POWER, Validator};
use crate::devnet::app::engine::Produced;
use crate::devnet::app::result::{Included, TxResult};
use crate::devnet::hex;
use base64::Engine;
use prost_types::Timestamp;
use serde_json::{Map, Value, json};

pub(super) fn base64(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

pub(super) fn time(time: &Timestamp) -> String {
    time_from_wire(time).map(|time| time.to_string()).unwrap_or_default()
}

pub(super) fn block_id(id: &BlockId) -> Value {
    let parts = &id.part_set_header;
    json!({ "hash": hex::upper(&id.hash), "parts": { "total": parts.total, "hash": hex::upper(&parts.hash) } })
}

pub(super) fn header(header: &Header) -> Value {
    json!({
        "version": { "block": header.version.block.to_string() },
        "chain_id": header.chain_id,
        "height": header.height.to_string(),
        "time": time(&header.time),
        "last_block_id": block_id(&header.last_block_id),
        "last_commit_hash": hex::upper(&header.last_commit_hash),
        "data_hash": hex::upper(&header.data_hash),
        "validators_hash": hex::upper(&header.validators_hash),
        "next_validators_hash": hex::upper(&header.next_validators_hash),
        "consensus_hash": hex::upper(&header.consensus_hash),
        "app_hash": hex::upper(&header.app_hash),
        "last_results_hash": hex::upper(&header.last_results_hash),
        "evidence_hash": hex::upper(&header.evidence_hash),
        "proposer_address": hex::upper(&header.proposer_address),
    })
}

pub(super) fn commit(commit: &Commit) -> Value {
    let signatures: Vec<_> = commit
        .signatures
        .iter()
        .map(|vote| {
            json!({
                "block_id_flag": vote.block_id_flag,
                "validator_address": hex::upper(&vote.validator_address),
                "timestamp": time(&vote.timestamp),
                "signature": base64(&vote.signature),
            })
        })
        .collect();
    json!({
        "height": commit.height.to_string(),
        "round": commit.round,
        "block_id": block_id(&commit.block_id),
        "signatures": signatures,
    })
}

pub(super) fn block(block: &Block) -> Value {
    json!({
        "header": header(&block.header),
        "data": { "txs": block.data.txs.iter().map(|tx| base64(tx)).collect::<Vec<_>>() },
        "evidence": { "evidence": [] },
        "last_commit": block.last_commit.as_ref().map(commit),
    })
}

pub(super) fn events(events: &[Event]) -> Value {
    let events = events.iter().map(|event| {
        let attributes: Vec<_> = event
            .attributes
            .iter()
            .map(|attribute| json!({ "key": attribute.key, "value": attribute.value, "index": attribute.index }))
            .collect();
        json!({ "type": event.r#type, "attributes": attributes })
    });
    Value::Array(events.collect())
}

/// Nothing in base64 is `null` to CometBFT.
fn bytes_or_null(bytes: &[u8]) -> Value {
    if bytes.is_empty() { Value::Null } else { Value::String(base64(bytes)) }
}

pub(super) fn tx_result(result: &TxResult) -> Value {
    json!({
        "code": result.code,
        "data": bytes_or_null(&result.data),
        "log": String::from_utf8_lossy(&result.log),
        "info": result.info,
        "gas_wanted": result.gas_wanted.to_string(),
        "gas_used": result.gas_used.to_string(),
        "events": events(&result.events),
        "codespace": result.codespace,
    })
}

pub(super) fn tx(tx: &Included) -> Value {
    json!({
        "hash": hex::upper(&tx.hash),
        "height": tx.height.to_string(),
        "index": tx.position,
        "tx_result": tx_result(&tx.result),
        "tx": base64(&tx.bytes),
    })
}

pub(super) fn consensus_parameters() -> Value {
    json!({
        "block": { "max_bytes": MAX_BLOCK_BYTES.to_string(), "max_gas": "-1" },
        "evidence": { "max_age_num_blocks": "100000", "max_age_duration": "172800000000000", "max_bytes": "1048576" },
        "validator": { "pub_key_types": ["ed25519"] },
        "version": {},
        "abci": {},
    })
}

pub(super) fn validator(validator: &Validator) -> Value {
    json!({
        "address": hex::upper(&validator.address()),
        "pub_key": { "type": "tendermint/PubKeyEd25519", "value": base64(&validator.public_key) },
        "voting_power": VOTING_POWER.to_string(),
        "proposer_priority": "0",
    })
}

/// The result of a transaction as an event tells it: in proto-JSON, which leaves out what is zero or empty.
fn told_result(result: &TxResult) -> Value {
    let Value::Object(all) = tx_result(result) else { return Value::Null };
    let is_something = |value: &Value| match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty() && text != "0",
        Value::Number(number) => number.as_u64() != Some(0),
        Value::Array(values) => !values.is_empty(),
        Value::Bool(_) | Value::Object(_) => true,
    };
    Value::Object(all.into_iter().filter(|(_, value)| is_something(value)).collect())
}

/// What a subscriber is told of a transaction.
pub(super) fn told_tx(tx: &Included) -> Value {
    let mut inner = Map::new();
    inner.insert("height".to_owned(), json!(tx.height.to_string()));
    if tx.position > 0 {
        inner.insert("index".to_owned(), json!(tx.position));
    }
    inner.insert("tx".to_owned(), json!(base64(&tx.bytes)));
    inner.insert("result".to_owned(), told_result(&tx.result));
    json!({ "type": "tendermint/event/Tx", "value": { "TxResult": inner } })
}

/// What a subscriber is told of a block.
pub(super) fn told_block(produced: &Produced, of: &Validator) -> Value {
    let stored = &produced.block;
    let whole = stored.whole(produced.previous.as_ref(), &produced.txs, of);
    let mut result = json!({
        "events": events(&stored.events.events),
        "validator_updates": [],
        "consensus_param_updates": consensus_parameters(),
        "app_hash": base64(&stored.app_hash),
    });
    if !produced.txs.is_empty()
        && let Value::Object(result) = &mut result
    {
        let results: Vec<_> = produced.txs.iter().map(|tx| told_result(&tx.result)).collect();
        result.insert("tx_results".to_owned(), Value::Array(results));
    }
    json!({
        "type": "tendermint/event/NewBlock",
        "value": { "block": block(&whole), "block_id": block_id(&stored.id()), "result_finalize_block": result },
    })
}

/// What a subscriber is told of a header.
pub(super) fn told_header(stored: &StoredBlock) -> Value {
    json!({ "type": "tendermint/event/NewBlockHeader", "value": { "header": header(&stored.header) } })
}
