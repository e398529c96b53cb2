//! Finding transactions and blocks: `tx`, `tx_search`, `block_search`.

use super::RpcError;
use super::methods::{Answered, whole};
use super::params::Params;
use super::render;
use crate::devnet::app::merkle;
use crate::devnet::app::result::Included;
use crate::devnet::fault::Effects;
use crate::devnet::hex;
use crate::devnet::node::{Moment, Node};
use crate::devnet::search::Query;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub(super) fn tx(node: &Node, params: &Params, effects: &Effects) -> Answered {
    let (hash, prove) = (params.bytes("hash")?, params.flag("prove")?);
    let moment = node.moment(effects.lag())?;
    let found = moment.tx(&hash)?;
    let found = found.ok_or_else(|| RpcError::internal(format!("tx ({}) not found", hex::upper(&hash))))?;
    shown(&moment, &found, prove)
}

/// A transaction; with a proof that it is in its block, where that is asked for.
fn shown(moment: &Moment<'_>, tx: &Included, prove: bool) -> Answered {
    let mut shown = render::tx(tx);
    if let (true, Value::Object(shown)) = (prove, &mut shown) {
        shown.insert("proof".to_owned(), proof(moment, tx)?);
    }
    Ok(shown)
}

/// The way from a transaction to the `data_hash` of its block's header.
fn proof(moment: &Moment<'_>, tx: &Included) -> Answered {
    let leaves: Vec<_> = moment.txs(tx.height)?.iter().map(|tx| Sha256::digest(&tx.bytes).to_vec()).collect();
    let index = usize::try_from(tx.position).unwrap_or(usize::MAX);
    let lost = || RpcError::internal(format!("block {} has lost its transactions", tx.height));
    let (leaf, aunts) = leaves.get(index).zip(merkle::aunts(&leaves, index)).ok_or_else(lost)?;
    Ok(json!({
        "root_hash": hex::upper(&merkle::root(&leaves)),
        "data": render::base64(&tx.bytes),
        "proof": {
            "total": leaves.len().to_string(),
            "index": index.to_string(),
            "leaf_hash": render::base64(&merkle::leaf_hash(leaf)),
            "aunts": aunts.iter().map(|aunt| render::base64(aunt)).collect::<Vec<_>>(),
        },
    }))
}

fn query_of(params: &Params) -> Result<Query, RpcError> {
    Query::parse(&params.text("query")?).map_err(|error| RpcError::internal(error.to_string()))
}

/// What was found, in the order that is asked for; `usual` is the one where none is.
fn ordered<T>(params: &Params, mut ascending: Vec<T>, usual: &str) -> Result<Vec<T>, RpcError> {
    let wanted = params.text("order_by")?;
    match if wanted.is_empty() { usual } else { wanted.as_str() } {
        "asc" => {}
        "desc" => ascending.reverse(),
        _ => return Err(RpcError::internal("expected order_by to be either `asc` or `desc` or empty")),
    }
    Ok(ascending)
}

/// The page that is asked for.
fn page<T>(params: &Params, all: Vec<T>) -> Result<impl Iterator<Item = T>, RpcError> {
    let per_page = params.number("per_page")?.unwrap_or(30).clamp(1, 100);
    let per_page = usize::try_from(per_page).unwrap_or(1);
    let page = params.number("page")?.unwrap_or(1);
    let pages = all.len().div_ceil(per_page).max(1);
    let page = usize::try_from(page).ok().filter(|page| (1..=pages).contains(page));
    let page = page.ok_or_else(|| RpcError::internal(format!("page should be within [1, {pages}] range")))?;
    Ok(all.into_iter().skip((page - 1).saturating_mul(per_page)).take(per_page))
}

pub(super) fn tx_search(node: &Node, params: &Params, effects: &Effects) -> Answered {
    let (query, prove) = (query_of(params)?, params.flag("prove")?);
    let moment = node.moment(effects.lag())?;
    let places = ordered(params, moment.search(&query)?, "asc")?;
    let total = places.len();
    let mut txs = Vec::new();
    for place in page(params, places)? {
        if let Some(tx) = moment.tx_at(place)? {
            txs.push(shown(&moment, &tx, prove)?);
        }
    }
    Ok(json!({ "txs": txs, "total_count": total.to_string() }))
}

/// The newest first, unless asked otherwise.
pub(super) fn block_search(node: &Node, params: &Params, effects: &Effects) -> Answered {
    let query = query_of(params)?;
    let moment = node.moment(effects.lag())?;
    let heights = ordered(params, moment.search_blocks(&query)?, "desc")?;
    let total = heights.len();
    let mut blocks = Vec::new();
    for height in page(params, heights)? {
        blocks.push(whole(&moment, moment.block(height)?.as_ref())?);
    }
    Ok(json!({ "blocks": blocks, "total_count": total.to_string() }))
}
