//! `provider chain status`

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use super::{client, outcome};
use crate::chain::client::{CallError, Endpoint};
use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::{Context, Failure, Report, wait_for};
use crate::domain::amount::{Coin, DecCoin};
use crate::jobs::chain_status::{self, Found};

/// Show where the chain is and what it asks for
///
/// The parameters are the chain's, the gas price is the node's. Ends like `provider chain ping`.
#[derive(Debug, Args)]
pub struct ChainStatus {
    #[command(flatten)]
    output: OutputOption,
}

/// Where the chain is.
#[derive(Serialize)]
struct Position {
    network: &'static str,
    chain_id: String,
    address_prefix: &'static str,
    fee_denomination: &'static str,
    height: Option<u64>,
    time: Option<Timestamp>,
    in_step: bool,
    endpoints: usize,
    believed: usize,
    minimum_gas_prices: Vec<String>,
    minimum_bid_deposits: Vec<String>,
    bids_per_order: Option<u32>,
    minimum_deployment_deposits: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    settlement_fee_rates: Option<[String; 2]>,
    /// What nobody answered, and why.
    unknown: Vec<String>,
}

impl Entry for Position {
    fn parts(&self) -> Vec<(&'static str, String)> {
        let text = |value: Option<String>| value.unwrap_or_default();
        vec![
            ("network", self.network.to_owned()),
            ("chain id", self.chain_id.clone()),
            ("addresses", format!("{}1…", self.address_prefix)),
            ("height", text(self.height.map(|height| height.to_string()))),
            ("time", text(self.time.map(|time| time.to_string()))),
            ("in step", self.in_step.to_string()),
            ("endpoints", format!("{} of {} are believed", self.believed, self.endpoints)),
            ("fees in", self.fee_denomination.to_owned()),
            ("smallest gas price", self.minimum_gas_prices.join(", ")),
            ("smallest bid deposit", self.minimum_bid_deposits.join(", ")),
            ("bids per order", text(self.bids_per_order.map(|bids| bids.to_string()))),
            ("smallest deployment deposit", self.minimum_deployment_deposits.join(", ")),
            (
                "settlement fees",
                text(self.settlement_fee_rates.as_ref().map(|[platform, validators]| {
                    format!("{platform} to the platform, {validators} to the validators")
                })),
            ),
        ]
    }
}

/// A part, or nothing and a line that says why.
fn known<T>(part: Result<T, CallError>, unknown: &mut Vec<String>) -> Option<T> {
    part.map_err(|error| unknown.push(crate::domain::fault::in_one_line(&error))).ok()
}

impl ChainStatus {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let (client, network) = (client(&configuration), configuration.network());
        let found = wait_for(chain_status::run(&client))?;
        let Found { head, endpoints, gas_prices, market, deployment_deposits, settlement } = found;
        let mut unknown = Vec::new();
        let head = known(head, &mut unknown);
        let market = known(market, &mut unknown);
        let settlement = settlement.and_then(|settlement| known(settlement, &mut unknown));
        let prices = known(gas_prices, &mut unknown).unwrap_or_default();
        let deposits = known(deployment_deposits, &mut unknown).unwrap_or_default();
        let status = outcome(&endpoints);
        let doubt = head.as_ref().and_then(|(_, _, doubt)| doubt.clone().err());
        let position = Position {
            network: network.word,
            chain_id: client.settings().chain_id.clone(),
            address_prefix: network.address_prefix,
            fee_denomination: network.fee_denomination,
            height: head.as_ref().map(|(height, ..)| height.0),
            time: head.as_ref().map(|(_, time, _)| *time),
            in_step: head.is_some() && doubt.is_none(),
            endpoints: endpoints.len(),
            believed: endpoints.iter().filter(|endpoint| endpoint.verdict().is_ok()).count(),
            minimum_gas_prices: prices.iter().map(DecCoin::to_string).collect(),
            minimum_bid_deposits: market
                .iter()
                .flat_map(|market| &market.minimum_bid_deposits)
                .map(Coin::to_string)
                .collect(),
            bids_per_order: market.as_ref().map(|market| market.bids_per_order),
            minimum_deployment_deposits: deposits.iter().map(Coin::to_string).collect(),
            settlement_fee_rates: settlement
                .map(|rates| [rates.platform_fee_rate.to_string(), rates.validator_fee_rate.to_string()]),
            unknown: unknown.clone(),
        };
        let mut report = Report::record(position, self.output.output).status(status);
        for endpoint in &endpoints {
            if let Err(why) = endpoint.verdict() {
                report = report.note(format!("{} {why}", Endpoint::name(endpoint)));
            }
        }
        Ok(unknown.into_iter().fold(report, Report::note))
    }
}
