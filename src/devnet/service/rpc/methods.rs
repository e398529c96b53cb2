//! CometBFT's methods.
#![allow(clippy::unnecessary_wraps, reason = "handlers have one shape")]

use super::params::Params;
use super::render::{self, base64};
use super::{RpcError, commit, search};
use crate::chain::wire::tendermint::types::Commit;
use crate::devnet::app::block::{self, StoredBlock};
use crate::devnet::fault::Effects;
use crate::devnet::hex;
use crate::devnet::node::{Asked, Moment, Node, broadcast};
use crate::devnet::refusal::Refusal;
use serde_json::{Value, json};

pub(super) type Answered = Result<Value, RpcError>;
type Handler = fn(&Node, &Params, &Effects) -> Answered;

/// A method: its name, the names of its parameters in order, and what answers it.
struct Method {
    name: &'static str,
    params: &'static [&'static str],
    handler: Handler,
}

const METHODS: &[Method] = &[
    Method { name: "abci_info", params: &[], handler: abci_info },
    Method { name: "abci_query", params: &["path", "data", "height", "prove"], handler: abci_query },
    Method { name: "block", params: &["height"], handler: block_of_height },
    Method { name: "block_by_hash", params: &["hash"], handler: block_of_hash },
    Method { name: "block_search", params: &["query", "page", "per_page", "order_by"], handler: search::block_search },
    Method { name: "block_results", params: &["height"], handler: block_results },
    Method { name: "blockchain", params: &["minHeight", "maxHeight"], handler: blockchain },
    Method { name: "broadcast_tx_async", params: &["tx"], handler: broadcast_async },
    Method { name: "broadcast_tx_sync", params: &["tx"], handler: broadcast_sync },
    Method { name: "check_tx", params: &["tx"], handler: check_tx },
    Method { name: "commit", params: &["height"], handler: commit_of_height },
    Method { name: "consensus_params", params: &["height"], handler: consensus_params },
    Method { name: "genesis", params: &[], handler: genesis },
    Method { name: "genesis_chunked", params: &["chunk"], handler: genesis_chunked },
    Method { name: "header", params: &["height"], handler: header_of_height },
    Method { name: "header_by_hash", params: &["hash"], handler: header_of_hash },
    Method { name: "health", params: &[], handler: |_, _, _| Ok(json!({})) },
    Method { name: "net_info", params: &[], handler: net_info },
    Method { name: "num_unconfirmed_txs", params: &[], handler: num_unconfirmed_txs },
    Method { name: "status", params: &[], handler: status },
    Method { name: "tx", params: &["hash", "prove"], handler: search::tx },
    Method {
        name: "tx_search",
        params: &["query", "prove", "page", "per_page", "order_by"],
        handler: search::tx_search,
    },
    Method { name: "unconfirmed_txs", params: &["limit"], handler: unconfirmed_txs },
    Method { name: "validators", params: &["height", "page", "per_page"], handler: validators },
];

/// The names of a method's parameters, in order; none for a method that there is not.
pub(super) fn parameters(name: &str) -> Option<&'static [&'static str]> {
    match name {
        commit::METHOD => Some(&["tx"]),
        _ => METHODS.iter().find(|method| method.name == name).map(|method| method.params),
    }
}

/// All methods.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    METHODS.iter().map(|method| method.name).chain([commit::METHOD])
}

/// Calls a method. Blocks.
pub(super) fn call(node: &Node, name: &str, params: &Params, effects: &Effects) -> Answered {
    match METHODS.iter().find(|method| method.name == name) {
        Some(method) => (method.handler)(node, params, effects),
        None => Err(RpcError::unknown_method()),
    }
}

/// The height that is asked for; none: the last one. A height that is not there is an error.
fn wanted(moment: &Moment<'_>, params: &Params) -> Result<StoredBlock, RpcError> {
    let latest = moment.height();
    let height = match params.number("height")? {
        None => return Ok(moment.latest.clone()),
        Some(height) if height <= 0 => {
            return Err(RpcError::internal(format!("height must be greater than 0, but got {height}")));
        }
        Some(height) if height > latest => {
            return Err(RpcError::internal(format!(
                "height {height} must be less than or equal to the current blockchain height {latest}"
            )));
        }
        Some(height) => height,
    };
    moment.block(height)?.ok_or_else(|| {
        let lowest = moment.first_height;
        RpcError::internal(format!("height {height} is not available, lowest height is {lowest}"))
    })
}

fn abci_info(node: &Node, _: &Params, effects: &Effects) -> Answered {
    let moment = node.moment(effects.lag())?;
    Ok(json!({ "response": {
        "data": node.identity().network.word,
        "last_block_height": moment.height().to_string(),
        "last_block_app_hash": base64(&moment.latest.app_hash),
    } }))
}

fn abci_query(node: &Node, params: &Params, effects: &Effects) -> Answered {
    let height = params.number("height")?.filter(|height| *height > 0);
    let asked = Asked { height, effects: effects.clone() };
    let answer = node.abci_query(&params.text("path")?, &params.hex("data")?, &asked);
    let value = if answer.value.is_empty() { Value::Null } else { Value::String(base64(&answer.value)) };
    Ok(json!({ "response": {
        "code": answer.code,
        "log": String::from_utf8_lossy(&answer.log),
        "info": "",
        "index": "0",
        "key": null,
        "value": value,
        "proofOps": null,
        "height": answer.height.to_string(),
        "codespace": answer.codespace,
    } }))
}

/// A block with its id.
pub(super) fn whole(moment: &Moment<'_>, stored: Option<&StoredBlock>) -> Answered {
    // As CometBFT answers for a hash that no block has.
    let Some(stored) = stored else {
        return Ok(json!({ "block_id": render::block_id(&<_>::default()), "block": null }));
    };
    let height = stored.header.height;
    let (previous, txs) = (moment.block(height - 1)?, moment.txs(height)?);
    let block = stored.whole(previous.as_ref(), &txs, moment.node.validator());
    Ok(json!({ "block_id": render::block_id(&stored.id()), "block": render::block(&block) }))
}

fn block_of_height(node: &Node, params: &Params, effects: &Effects) -> Answered {
    let moment = node.moment(effects.lag())?;
    whole(&moment, Some(&wanted(&moment, params)?))
}

fn block_of_hash(node: &Node, params: &Params, effects: &Effects) -> Answered {
    let moment = node.moment(effects.lag())?;
    let found = moment.block_by_hash(&params.bytes("hash")?)?;
    whole(&moment, found.as_ref())
}

fn header_of_height(node: &Node, params: &Params, effects: &Effects) -> Answered {
    let moment = node.moment(effects.lag())?;
    Ok(json!({ "header": render::header(&wanted(&moment, params)?.header) }))
}

fn header_of_hash(node: &Node, params: &Params, effects: &Effects) -> Answered {
    let moment = node.moment(effects.lag())?;
    let found = moment.block_by_hash(&params.bytes("hash")?)?;
    Ok(json!({ "header": found.map(|block| render::header(&block.header)) }))
}

fn block_results(node: &Node, params: &Params, effects: &Effects) -> Answered {
    let moment = node.moment(effects.lag())?;
    let stored = wanted(&moment, params)?;
    let txs = moment.txs(stored.header.height)?;
    let results: Vec<_> = txs.iter().map(|tx| render::tx_result(&tx.result)).collect();
    Ok(json!({
        "height": stored.header.height.to_string(),
        "txs_results": if results.is_empty() { Value::Null } else { Value::Array(results) },
        "finalize_block_events": render::events(&stored.events.events),
        "validator_updates": null,
        "consensus_param_updates": render::consensus_parameters(),
        "app_hash": base64(&stored.app_hash),
    }))
}

/// How many headers one answer has at most.
const HEADERS: i64 = 20;

fn blockchain(node: &Node, params: &Params, effects: &Effects) -> Answered {
    let moment = node.moment(effects.lag())?;
    let last = moment.height();
    let highest = params.number("maxHeight")?.filter(|height| *height > 0).unwrap_or(last).min(last);
    let lowest = params.number("minHeight")?.unwrap_or(1).max(moment.first_height).max(highest - HEADERS + 1);
    if lowest > highest {
        return Err(RpcError::internal(format!("min height {lowest} can't be greater than max height {highest}")));
    }
    let mut metas = Vec::new();
    for height in (lowest..=highest).rev() {
        let Some(stored) = moment.block(height)? else { continue };
        let txs = moment.txs(height)?;
        metas.push(json!({
            "block_id": render::block_id(&stored.id()),
            "block_size": txs.iter().map(|tx| tx.bytes.len()).sum::<usize>().to_string(),
            "header": render::header(&stored.header),
            "num_txs": txs.len().to_string(),
        }));
    }
    Ok(json!({ "last_height": last.to_string(), "block_metas": metas }))
}

fn checked(hash: &[u8], refusal: Option<&Refusal>) -> Value {
    let (code, codespace, log) = match refusal {
        None => (0, "", String::new()),
        Some(refusal) => (refusal.code, refusal.codespace.as_ref(), refusal.text().into_owned()),
    };
    json!({ "code": code, "data": "", "log": log, "codespace": codespace, "hash": hex::upper(hash) })
}

/// Code 0 for anything: what became of it is not waited for.
fn broadcast_async(node: &Node, params: &Params, effects: &Effects) -> Answered {
    let bytes = params.bytes("tx")?;
    broadcast(node, &bytes, effects)?;
    Ok(checked(&crate::devnet::app::tx::hash_of(&bytes), None))
}

fn broadcast_sync(node: &Node, params: &Params, effects: &Effects) -> Answered {
    let bytes = params.bytes("tx")?;
    let refusal = broadcast(node, &bytes, effects)?;
    if let Some(refusal) = &refusal
        && refusal.codespace == "sdk"
        && refusal.code == commit::SEEN
    {
        return Err(RpcError::internal("tx already exists in cache"));
    }
    Ok(checked(&crate::devnet::app::tx::hash_of(&bytes), refusal.as_ref()))
}

fn commit_of_height(node: &Node, params: &Params, effects: &Effects) -> Answered {
    let moment = node.moment(effects.lag())?;
    let stored = wanted(&moment, params)?;
    let votes: Commit = block::commit(&stored, node.validator());
    let signed = json!({ "header": render::header(&stored.header), "commit": render::commit(&votes) });
    // Votes for the last block are still being collected.
    Ok(json!({ "signed_header": signed, "canonical": stored.header.height < moment.height() }))
}

fn consensus_params(node: &Node, params: &Params, effects: &Effects) -> Answered {
    let moment = node.moment(effects.lag())?;
    let height = wanted(&moment, params)?.header.height;
    Ok(json!({ "block_height": height.to_string(), "consensus_params": render::consensus_parameters() }))
}

/// What CheckTx says of a transaction, which does not wait for a block then. As with a real node the check itself is
/// kept until the next block: it has used the sequence.
fn check_tx(node: &Node, params: &Params, _: &Effects) -> Answered {
    Ok(commit::checked(node.check(&params.bytes("tx")?)?))
}

fn genesis(node: &Node, _: &Params, effects: &Effects) -> Answered {
    Ok(json!({ "genesis": genesis_document(node, effects)? }))
}

/// All of it is one chunk.
fn genesis_chunked(node: &Node, params: &Params, effects: &Effects) -> Answered {
    let chunk = params.number("chunk")?.unwrap_or(0);
    if chunk != 0 {
        return Err(RpcError::internal(format!("there are 0 chunks, {chunk} is invalid")));
    }
    let document = genesis_document(node, effects)?.to_string();
    Ok(json!({ "chunk": "0", "total": "1", "data": base64(document.as_bytes()) }))
}

fn genesis_document(node: &Node, effects: &Effects) -> Answered {
    let moment = node.moment(effects.lag())?;
    let first = moment.block(moment.first_height)?.unwrap_or_else(|| moment.latest.clone());
    Ok(json!({
        "genesis_time": render::time(&first.header.time),
        "chain_id": node.identity().chain_id,
        "initial_height": "1",
        "consensus_params": render::consensus_parameters(),
        "validators": [render::validator(node.validator())],
        "app_hash": "",
    }))
}

fn net_info(_: &Node, _: &Params, _: &Effects) -> Answered {
    Ok(json!({ "listening": true, "listeners": [], "n_peers": "0", "peers": [] }))
}

fn waiting(node: &Node, limit: usize, with_txs: bool) -> Answered {
    let all = node.waiting()?;
    let shown = all.iter().take(limit);
    let (count, bytes) = (shown.clone().count(), all.iter().map(Vec::len).sum::<usize>());
    let txs = with_txs.then(|| shown.map(|tx| base64(tx)).collect::<Vec<_>>());
    let count = if with_txs { count } else { all.len() };
    let (count, total, bytes) = (count.to_string(), all.len().to_string(), bytes.to_string());
    Ok(json!({ "n_txs": count, "total": total, "total_bytes": bytes, "txs": txs }))
}

fn num_unconfirmed_txs(node: &Node, _: &Params, _: &Effects) -> Answered {
    waiting(node, 0, false)
}

fn unconfirmed_txs(node: &Node, params: &Params, _: &Effects) -> Answered {
    let limit = params.number("limit")?.unwrap_or(30).clamp(1, 100);
    waiting(node, usize::try_from(limit).unwrap_or_default(), true)
}

fn status(node: &Node, _: &Params, effects: &Effects) -> Answered {
    let moment = node.moment(effects.lag())?;
    let (latest, first) = (&moment.latest, moment.block(moment.first_height)?);
    let first = first.as_ref().unwrap_or(latest);
    let validator = node.validator();
    Ok(json!({
        "node_info": {
            "protocol_version": { "p2p": "8", "block": block::BLOCK_PROTOCOL.to_string(), "app": "0" },
            "id": node.id(),
            "listen_addr": "tcp://127.0.0.1:26656",
            "network": node.identity().chain_id,
            "version": Node::COMET_VERSION,
            "channels": hex::upper(Node::CHANNELS),
            "moniker": Node::MONIKER,
            "other": { "tx_index": "on", "rpc_address": "tcp://127.0.0.1:26657" },
        },
        "sync_info": {
            "latest_block_hash": hex::upper(&latest.hash),
            "latest_app_hash": hex::upper(&latest.header.app_hash),
            "latest_block_height": latest.header.height.to_string(),
            "latest_block_time": render::time(&latest.header.time),
            "earliest_block_hash": hex::upper(&first.hash),
            "earliest_app_hash": hex::upper(&first.header.app_hash),
            "earliest_block_height": first.header.height.to_string(),
            "earliest_block_time": render::time(&first.header.time),
            "catching_up": effects.catches_up(),
        },
        "validator_info": {
            "address": hex::upper(&validator.address()),
            "pub_key": { "type": "tendermint/PubKeyEd25519", "value": base64(&validator.public_key) },
            "voting_power": block::VOTING_POWER.to_string(),
        },
    }))
}

fn validators(node: &Node, params: &Params, effects: &Effects) -> Answered {
    let moment = node.moment(effects.lag())?;
    let height = wanted(&moment, params)?.header.height;
    Ok(json!({
        "block_height": height.to_string(),
        "validators": [render::validator(node.validator())],
        "count": "1",
        "total": "1",
    }))
}
