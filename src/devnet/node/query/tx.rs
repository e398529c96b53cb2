//! `cosmos.tx.v1beta1.Service`: simulate, send and find transactions.

use super::{Asked, Method, of_node};
use crate::chain::convert::time_from_wire;
use crate::chain::wire::Named;
use crate::chain::wire::cosmos::abci::{GasInfo, Result as SimulationResult, TxResponse};
use crate::chain::wire::cosmos::tx::{AuthInfo, Tx, TxBody, TxRaw};
use crate::chain::wire::cosmos::tx_service::{
    BroadcastMode, BroadcastTxRequest, BroadcastTxResponse, GetTxRequest, GetTxResponse, GetTxsEventRequest,
    GetTxsEventResponse, OrderBy, SimulateRequest, SimulateResponse,
};
use crate::devnet::app::engine::Admission;
use crate::devnet::app::result::Included;
use crate::devnet::app::tx::hash_of;
use crate::devnet::fault::Effects;
use crate::devnet::hex;
use crate::devnet::kv::Broken;
use crate::devnet::node::{Moment, Node};
use crate::devnet::refusal::{QueryError, Refusal, Status};
use crate::devnet::search::Query;
use prost::Message;

pub(super) fn methods() -> Vec<Method> {
    vec![of_node(simulate_method), of_node(get), of_node(broadcast_method), of_node(find)]
}

fn simulate_method(node: &Node, _: &Asked, request: &SimulateRequest) -> Result<SimulateResponse, QueryError> {
    let bytes = match &request.tx {
        Some(tx) if request.tx_bytes.is_empty() => TxRaw {
            body_bytes: tx.body.clone().unwrap_or_default().encode_to_vec(),
            auth_info_bytes: tx.auth_info.clone().unwrap_or_default().encode_to_vec(),
            signatures: tx.signatures.clone(),
        }
        .encode_to_vec(),
        _ => request.tx_bytes.clone(),
    };
    simulate(node, &bytes)
}

/// Runs a transaction without keeping anything of it. A refusal is gRPC 2, with no code but in its text.
pub fn simulate(node: &Node, bytes: &[u8]) -> Result<SimulateResponse, QueryError> {
    if bytes.is_empty() {
        return Err(QueryError::invalid("empty txBytes is not allowed"));
    }
    let outcome = node.simulate(bytes)?;
    if let Some(refusal) = &outcome.refusal {
        // A real node puts the place in its source here; readers have to cut it off.
        let place = if refusal.codespace == "undefined" { "" } else { " [cosmossdk.io/errors@v1.0.2/errors.go:155]" };
        let text = refusal.text();
        let used = outcome.gas_used;
        return Err(QueryError::new(Status::Unknown, format!("{text}{place} with gas used: '{used}'")));
    }
    let data = outcome.data();
    Ok(SimulateResponse {
        gas_info: Some(GasInfo { gas_wanted: outcome.gas_wanted, gas_used: outcome.gas_used }),
        result: Some(SimulationResult {
            data,
            log: Vec::new(),
            events: outcome.events,
            msg_responses: outcome.responses,
        }),
    })
}

fn broadcast_method(
    node: &Node,
    asked: &Asked,
    request: &BroadcastTxRequest,
) -> Result<BroadcastTxResponse, QueryError> {
    if request.tx_bytes.is_empty() {
        return Err(QueryError::invalid("invalid empty tx"));
    }
    let txhash = hex::upper(&hash_of(&request.tx_bytes));
    let checked = match request.mode() {
        BroadcastMode::Sync | BroadcastMode::Async => broadcast(node, &request.tx_bytes, &asked.effects)?,
        BroadcastMode::Unspecified | BroadcastMode::Block => {
            let mode = request.mode().word();
            return Err(QueryError::new(
                Status::Unknown,
                format!("unsupported return type {mode}; supported types: sync, async"),
            ));
        }
    };
    let refusal = if request.mode() == BroadcastMode::Async { None } else { checked };
    let tx_response = match refusal {
        None => TxResponse { txhash, ..TxResponse::default() },
        Some(refusal) => TxResponse {
            txhash,
            codespace: refusal.codespace.into_owned(),
            code: refusal.code,
            raw_log: refusal.log,
            ..TxResponse::default()
        },
    };
    Ok(BroadcastTxResponse { tx_response: Some(tx_response) })
}

/// Takes a transaction in; gives the reason where it is refused. The same bytes again are `sdk` 19 with no text.
pub fn broadcast(node: &Node, bytes: &[u8], effects: &Effects) -> Result<Option<Refusal>, Broken> {
    if let Some((codespace, code, log)) = effects.refusal() {
        let mut refusal = Refusal::sdk(code, log);
        refusal.codespace = codespace.to_owned().into();
        return Ok(Some(refusal));
    }
    Ok(match node.admit(bytes, effects.treatment())? {
        Admission::Seen => Some(Refusal::sdk(19, "")),
        Admission::Checked(outcome) => outcome.refusal,
    })
}

fn get(node: &Node, asked: &Asked, request: &GetTxRequest) -> Result<GetTxResponse, QueryError> {
    if request.hash.is_empty() {
        return Err(QueryError::invalid("tx hash cannot be empty"));
    }
    let hash = hex::decode(&request.hash)
        .ok_or_else(|| QueryError::new(Status::Unknown, "encoding/hex: invalid byte or odd length"))?;
    let moment = node.moment(asked.effects.lag())?;
    let found = moment.tx(&hash)?;
    let found = found.ok_or_else(|| QueryError::not_found(format!("tx not found: {}", request.hash)))?;
    let (tx, tx_response) = described(&moment, &found)?;
    Ok(GetTxResponse { tx: Some(tx), tx_response: Some(tx_response) })
}

/// An included transaction, taken apart, and what became of it.
fn described(moment: &Moment<'_>, included: &Included) -> Result<(Tx, TxResponse), QueryError> {
    let raw = TxRaw::decode(included.bytes.as_slice()).unwrap_or_default();
    let tx = Tx {
        body: TxBody::decode(raw.body_bytes.as_slice()).ok(),
        auth_info: AuthInfo::decode(raw.auth_info_bytes.as_slice()).ok(),
        signatures: raw.signatures,
    };
    let block = moment.block(included.height)?;
    let time = block.and_then(|block| time_from_wire(&block.header.time).ok()).unwrap_or_default();
    let result = &included.result;
    let tx_response = TxResponse {
        height: included.height,
        txhash: hex::upper(&included.hash),
        codespace: result.codespace.clone(),
        code: result.code,
        data: hex::upper(&result.data),
        raw_log: result.log.clone(),
        logs: Vec::new(),
        info: Vec::new(),
        gas_wanted: result.gas_wanted,
        gas_used: result.gas_used,
        tx: Some(prost_types::Any {
            type_url: Tx::type_url(moment.node.identity().network),
            value: included.bytes.clone(),
        }),
        timestamp: time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        events: result.events.clone(),
    };
    Ok((tx, tx_response))
}

/// How many transactions a page has unless it says, and at most.
const PAGE: (u64, u64) = (30, 100);

fn find(node: &Node, asked: &Asked, request: &GetTxsEventRequest) -> Result<GetTxsEventResponse, QueryError> {
    let text = if request.query.is_empty() { request.events.join(" AND ") } else { request.query.clone() };
    if text.is_empty() {
        return Err(QueryError::invalid("query cannot be empty"));
    }
    let query = Query::parse(&text).map_err(|error| QueryError::invalid(error.to_string()))?;
    let moment = node.moment(asked.effects.lag())?;
    let mut places = moment.search(&query)?;
    if request.order_by() == OrderBy::Desc {
        places.reverse();
    }
    let limit = if request.limit == 0 { PAGE.0 } else { request.limit.min(PAGE.1) };
    let skip = request.page.saturating_sub(1).saturating_mul(limit);
    let total = places.len() as u64;
    let page = places.into_iter().skip(usize::try_from(skip).unwrap_or(usize::MAX));
    let mut response = GetTxsEventResponse { total, ..GetTxsEventResponse::default() };
    for place in page.take(usize::try_from(limit).unwrap_or(usize::MAX)) {
        let Some(included) = moment.tx_at(place)? else { continue };
        let (tx, tx_response) = described(&moment, &included)?;
        response.txs.push(tx);
        response.tx_responses.push(tx_response);
    }
    Ok(response)
}
