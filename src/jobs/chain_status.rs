//! Where the chain is, and what it asks for: one question for each part, all at once, and a part that nobody answers
//! hides no other.

use jiff::Timestamp;

use crate::chain::client::{CallError, Client, Endpoint, Reading};
use crate::domain::amount::{Coin, DecCoin};
use crate::domain::height::Height;
use crate::domain::params;

/// What was found.
#[derive(Debug)]
pub struct Found {
    /// The newest block, its time, and whether the node that tells it is in step with the chain.
    pub head: Result<(Height, Timestamp, Result<(), String>), CallError>,
    /// How the endpoints stand.
    pub endpoints: Vec<Endpoint>,
    /// The smallest gas prices that the node takes.
    pub gas_prices: Result<Vec<DecCoin>, CallError>,
    /// The market's parameters.
    pub market: Result<params::Market, CallError>,
    /// The smallest deposits of deployments.
    pub deployment_deposits: Result<Vec<Coin>, CallError>,
    /// The parameters of settlement; `None` where the network has none.
    pub settlement: Option<Result<params::Settlement, CallError>>,
}

/// Asks.
pub async fn run(client: &Client) -> Found {
    let settlement =
        async { if client.network().has_settlement() { Some(value(client.settlement_params().await)) } else { None } };
    let (head, endpoints, gas_prices, market, deployment, settlement) = tokio::join!(
        client.head(),
        client.endpoints(),
        client.minimum_gas_prices(),
        client.market_params(),
        client.deployment_params(),
        settlement
    );
    let head = head.map(|reading| {
        let doubt = reading.source.doubt.map_or(Ok(()), |doubt| Err(doubt.to_string()));
        (reading.value.height, reading.value.time, doubt)
    });
    let deployment_deposits = value(deployment).map(|params| params.minimum_deposits);
    Found { head, endpoints, gas_prices: value(gas_prices), market: value(market), deployment_deposits, settlement }
}

fn value<T>(reading: Result<Reading<T>, CallError>) -> Result<T, CallError> {
    reading.map(|reading| reading.value)
}
