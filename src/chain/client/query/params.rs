//! The chain's parameters, and a node's own smallest gas price.

use crate::chain::client::Client;
use crate::chain::client::belief::Reading;
use crate::chain::client::call::Question;
use crate::chain::client::error::CallError;
use crate::chain::from_wire::params as read;
use crate::chain::wire::cosmos::{auth, node};
use crate::chain::wire::{deployment, encryption, market, settlement, take};
use crate::domain::amount::DecCoin;
use crate::domain::params;

impl Client {
    /// Of the market.
    pub async fn market_params(&self) -> Result<Reading<params::Market>, CallError> {
        let read =
            |answer: market::QueryParamsResponse| read::market(&answer.params).map_err(|error| super::garbage(&error));
        self.ask(Question::of("parameters of the market"), &market::QueryParamsRequest {}, read).await
    }

    /// Of deployments.
    pub async fn deployment_params(&self) -> Result<Reading<params::Deployment>, CallError> {
        let read = |answer: deployment::QueryParamsResponse| {
            read::deployment(&answer.params).map_err(|error| super::garbage(&error))
        };
        self.ask(Question::of("parameters of deployments"), &deployment::QueryParamsRequest {}, read).await
    }

    /// Of settlement (VirtEngine).
    pub async fn settlement_params(&self) -> Result<Reading<params::Settlement>, CallError> {
        let read = |answer: settlement::QueryParamsResponse| {
            read::settlement(&answer.params).map_err(|error| super::garbage(&error))
        };
        self.ask(Question::of("parameters of settlement"), &settlement::QueryParamsRequest {}, read).await
    }

    /// Of recipient keys (VirtEngine).
    pub async fn encryption_params(&self) -> Result<Reading<params::Encryption>, CallError> {
        let read = |answer: encryption::QueryParamsResponse| Ok(read::encryption(answer.params));
        self.ask(Question::of("parameters of recipient keys"), &encryption::QueryParamsRequest {}, read).await
    }

    /// What the chain keeps of payouts (VirtEngine; Akash does not answer it).
    pub async fn take_rates(&self) -> Result<Reading<params::TakeRates>, CallError> {
        let read =
            |answer: take::QueryParamsResponse| read::take_rates(answer.params).map_err(|error| super::garbage(&error));
        self.ask(Question::of("take rates"), &take::QueryParamsRequest {}, read).await
    }

    /// Of transactions.
    pub async fn transaction_params(&self) -> Result<Reading<params::Transactions>, CallError> {
        let read = |answer: auth::QueryParamsResponse| Ok(read::transactions(&answer.params));
        self.ask(Question::of("parameters of transactions"), &auth::QueryParamsRequest {}, read).await
    }

    /// The smallest gas prices that the node which answers takes, by denomination: its own setting, not the chain's.
    pub async fn minimum_gas_prices(&self) -> Result<Reading<Vec<DecCoin>>, CallError> {
        let read = |answer: node::ConfigResponse| {
            let prices = answer.minimum_gas_price.split(',').filter(|price| !price.is_empty());
            prices.map(|price| price.parse::<DecCoin>().map_err(|error| super::garbage(&error))).collect()
        };
        self.ask(Question::of("smallest gas price"), &node::ConfigRequest {}, read).await
    }
}
