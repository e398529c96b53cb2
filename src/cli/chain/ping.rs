//! `provider chain ping`

use clap::Args;
use serde::Serialize;

use super::{client, outcome};
use crate::chain::client::{Endpoint, Standing};
use crate::cli::output::OutputOption;
use crate::cli::output::listing::Row;
use crate::cli::{Context, Failure, Report, wait_for};

/// Ask every endpoint of the chain how it stands
///
/// Ends with 0 if all of them are believed, with 1 if some are not but each protocol still has one that is, with 75 if
/// those that answer are not in step with the chain, and with 69 if none of a protocol can be used.
#[derive(Debug, Args)]
pub struct Ping {
    #[command(flatten)]
    output: OutputOption,
}

/// An endpoint.
#[derive(Serialize)]
struct EndpointRow {
    endpoint: String,
    protocol: &'static str,
    believed: bool,
    height: Option<u64>,
    milliseconds: u64,
    message: String,
}

impl EndpointRow {
    fn of(endpoint: &Endpoint) -> Self {
        let height = match &endpoint.standing {
            Standing::Ours(status) => Some(status.height.0),
            Standing::Unusable(_) => None,
        };
        let (believed, message) = match endpoint.verdict() {
            Ok(status) => (true, format!("is in step with {}", status.chain_id)),
            Err(why) => (false, why),
        };
        Self {
            endpoint: endpoint.address.to_string(),
            protocol: endpoint.protocol.word(),
            believed,
            height,
            milliseconds: u64::try_from(endpoint.took.as_millis()).unwrap_or(u64::MAX),
            message,
        }
    }
}

impl Row for EndpointRow {
    const HEADINGS: &'static [&'static str] = &["endpoint", "protocol", "believed", "height", "ms", "it"];
    const FIELDS: &'static [&'static str] = &["endpoint", "protocol", "believed", "height", "milliseconds", "message"];

    fn cells(&self) -> Vec<String> {
        let height = self.height.map_or_else(|| "-".to_owned(), |height| height.to_string());
        let (believed, milliseconds) = (self.believed.to_string(), self.milliseconds.to_string());
        vec![self.endpoint.clone(), self.protocol.to_owned(), believed, height, milliseconds, self.message.clone()]
    }

    fn csv(&self) -> Vec<String> {
        let height = self.height.map(|height| height.to_string()).unwrap_or_default();
        let (believed, milliseconds) = (self.believed.to_string(), self.milliseconds.to_string());
        vec![self.endpoint.clone(), self.protocol.to_owned(), believed, height, milliseconds, self.message.clone()]
    }
}

impl Ping {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let client = client(&context.configuration()?);
        let endpoints = wait_for(client.endpoints())?;
        let status = outcome(&endpoints);
        let rows = endpoints.iter().map(EndpointRow::of).collect();
        Ok(Report::listing(rows, self.output.output).status(status))
    }
}
