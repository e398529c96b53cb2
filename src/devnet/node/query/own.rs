//! `cosmos.base.node.v1beta1.Service`: what the node says of its settings and of where it is.
#![allow(clippy::trivially_copy_pass_by_ref, clippy::unnecessary_wraps, reason = "handlers have one shape")]

use super::{Asked, Method, broken, of_node};
use crate::chain::wire::cosmos::node::{ConfigRequest, ConfigResponse, StatusRequest, StatusResponse};
use crate::devnet::node::Node;
use crate::devnet::refusal::QueryError;
use crate::domain::amount::Dec18;

pub(super) fn methods() -> Vec<Method> {
    vec![of_node(config), of_node(status)]
}

fn config(node: &Node, _: &Asked, _: &ConfigRequest) -> Result<ConfigResponse, QueryError> {
    let network = node.identity().network;
    let price: Dec18 = network.gas_price.parse().unwrap_or_default();
    Ok(ConfigResponse {
        minimum_gas_price: format!("{}{}", price.fixed(), network.fee_denomination),
        pruning_keep_recent: "0".to_owned(),
        pruning_interval: "0".to_owned(),
        halt_height: 0,
    })
}

fn status(node: &Node, asked: &Asked, _: &StatusRequest) -> Result<StatusResponse, QueryError> {
    let latest = node.moment(asked.effects.lag()).map_err(|error| broken(&error))?.latest;
    Ok(StatusResponse {
        // The recorded nodes leave it out.
        earliest_store_height: 0,
        height: u64::try_from(latest.header.height).unwrap_or_default(),
        timestamp: Some(latest.header.time),
        app_hash: latest.header.app_hash,
        validator_hash: latest.header.next_validators_hash,
    })
}
