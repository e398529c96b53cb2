//! `provider order show`

use clap::Args;
use serde::Serialize;
use serde_json::Value;

use crate::cli::chain::client;
use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::{Context, Failure, Report, Status, wait_for};
use crate::domain::bid::Asked;
use crate::domain::id::OrderId;
use crate::domain::manifest::groups_json;
use crate::domain::resources::{Bytes, MilliCpu};

/// Show an order: what it asks for, in all, and as the chain has it
#[derive(Debug, Args)]
pub struct Show {
    /// The order: OWNER/DSEQ/GSEQ/OSEQ
    #[arg(value_name = "ORDER")]
    order: String,

    #[command(flatten)]
    output: OutputOption,
}

/// An order.
#[derive(Debug, Serialize)]
struct OrderEntry {
    order: String,
    state: &'static str,
    created_at: u64,
    maximum: Option<String>,
    cpu: Option<String>,
    memory: Option<String>,
    storage: Option<String>,
    volumes: Vec<String>,
    gpus: u64,
    endpoints: u64,
    leased_ips: u64,
    attributes: Vec<String>,
    all_of: Vec<String>,
    any_of: Vec<String>,
    spec: Value,
}

impl Entry for OrderEntry {
    fn parts(&self) -> Vec<(&'static str, String)> {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        vec![
            ("order", self.order.clone()),
            ("state", self.state.to_owned()),
            ("made at height", self.created_at.to_string()),
            ("pays a block at most", text(&self.maximum)),
            ("cpu", text(&self.cpu)),
            ("memory", text(&self.memory)),
            ("storage", text(&self.storage)),
            ("persistent storage", self.volumes.join(", ")),
            ("gpus", self.gpus.to_string()),
            ("endpoints", self.endpoints.to_string()),
            ("leased ips", self.leased_ips.to_string()),
            ("attributes", self.attributes.join(", ")),
            ("signed by all of", self.all_of.join(", ")),
            ("signed by one of", self.any_of.join(", ")),
            ("spec", self.spec.to_string()),
        ]
    }
}

impl Show {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let client = client(&configuration);
        let id = OrderId::parse(&self.order, client.network().address_prefix)
            .map_err(|error| Failure::with_status(Status::Usage, &error))?;
        let found = wait_for(client.order(&id))?.map_err(|error| Failure::from_error(&error))?.value;
        let order = found.ok_or_else(|| Failure::new(Status::Data, format!("there is no order {id}")))?;
        let asked = Asked::of(&order).ok();
        let demand = asked.as_ref().map(|asked| &asked.demand);
        let wanted = &order.spec.requirements;
        let spec = groups_json(std::slice::from_ref(&order.spec));
        let entry = OrderEntry {
            order: id.to_string(),
            state: order.state.word(),
            created_at: order.created_at.0,
            maximum: asked.as_ref().map(|asked| asked.maximum().to_string()),
            cpu: demand.map(|demand| MilliCpu(demand.cpu).to_string()),
            memory: demand.map(|demand| Bytes(demand.memory).to_string()),
            storage: demand.map(|demand| Bytes(demand.storage).to_string()),
            volumes: demand
                .map(|demand| {
                    demand.volumes.iter().map(|(class, bytes)| format!("{class} {}", Bytes(*bytes))).collect()
                })
                .unwrap_or_default(),
            gpus: demand.map_or(0, |demand| demand.gpus),
            endpoints: demand.map_or(0, |demand| demand.endpoints),
            leased_ips: demand.map_or(0, |demand| demand.leased_ips),
            attributes: wanted.attributes.iter().map(|one| format!("{}={}", one.key, one.value)).collect(),
            all_of: wanted.all_of.clone(),
            any_of: wanted.any_of.clone(),
            spec: serde_json::from_str(&spec).unwrap_or(Value::Null),
        };
        Ok(Report::record(entry, self.output.output))
    }
}
