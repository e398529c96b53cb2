//! `broadcast_tx_commit`: the one method that waits for a block.

use super::params::Params;
use super::render;
use super::{RpcError, blocking};
use crate::devnet::app::engine::Admission;
use crate::devnet::app::execute::Outcome;
use crate::devnet::app::result::TxResult;
use crate::devnet::app::tx::hash_of;
use crate::devnet::fault::Effects;
use crate::devnet::hex;
use crate::devnet::node::Node;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;

pub(super) const METHOD: &str = "broadcast_tx_commit";

/// The code for bytes that were seen before.
pub(super) const SEEN: u32 = 19;

/// CometBFT's `timeout_broadcast_tx_commit`.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) async fn call(node: &Node, params: &Params, effects: &Effects) -> Result<Value, RpcError> {
    let bytes = params.bytes("tx")?;
    let hash = hash_of(&bytes);
    let mut news = node.subscribe();
    let (to_admit, treatment) = (node.clone(), effects.treatment());
    let admission = blocking(move || to_admit.admit(&bytes, treatment).map_err(RpcError::from)).await?;
    let Admission::Checked(outcome) = admission else {
        return Err(RpcError::internal("tx already exists in cache"));
    };
    let refused = outcome.refusal.is_some();
    let check = checked(outcome);
    if refused {
        return Ok(answer(&hash, 0, &check, &TxResult::default()));
    }
    let found = tokio::time::timeout(PATIENCE, async {
        loop {
            match news.recv().await {
                Ok(produced) => {
                    if let Some(tx) = produced.txs.iter().find(|tx| tx.hash == hash) {
                        return Some(tx.clone());
                    }
                }
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return None,
            }
        }
    });
    match found.await {
        Ok(Some(tx)) => Ok(answer(&hash, tx.height, &check, &tx.result)),
        Ok(None) | Err(_) => Err(RpcError::internal("timed out waiting for tx to be included in a block")),
    }
}

/// What a check says. What it tells is left out, as CometBFT does.
pub(super) fn checked(outcome: Outcome) -> Value {
    let refused = outcome.refusal.is_some();
    let mut check = outcome.result();
    check.events.clear();
    if !refused {
        check.data.clear();
    }
    let mut checked = render::tx_result(&check);
    if let Some(data) = checked.get_mut("data") {
        *data = json!(render::base64(&check.data));
    }
    checked
}

fn answer(hash: &[u8], height: i64, check: &Value, result: &TxResult) -> Value {
    json!({
        "check_tx": check,
        "tx_result": render::tx_result(result),
        "hash": hex::upper(hash),
        "height": height.to_string(),
    })
}
