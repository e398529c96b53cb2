//! `provider devnet status`

use clap::Args;
use serde::Serialize;

use super::place::Place;
use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::{Context, Failure, Report};
use crate::devnet::control::{Answer, Error, Request, State};

/// Show where the development chain is
#[derive(Debug, Args)]
pub(super) struct Status {
    #[command(flatten)]
    place: Place,

    #[command(flatten)]
    output: OutputOption,
}

/// Where the chain is, to be shown.
#[derive(Serialize)]
#[serde(transparent)]
pub(super) struct Shown(pub(super) State);

impl Entry for Shown {
    fn parts(&self) -> Vec<(&'static str, String)> {
        let state = &self.0;
        let blocks = match state.block_time {
            0 => "one for each transaction".to_owned(),
            time => format!("every {time} ms"),
        };
        let blocks = if state.halted { format!("{blocks}, halted") } else { blocks };
        vec![
            ("chain", state.chain_id.clone()),
            ("network", state.network.clone()),
            ("profile", state.profile.clone()),
            ("height", state.height.to_string()),
            ("time", state.time.clone()),
            ("blocks", blocks),
            ("grpc", state.grpc.clone()),
            ("rpc", format!("http://{}", state.rpc)),
            ("process", state.process.to_string()),
            ("faults", state.faults.to_string()),
        ]
    }
}

impl Status {
    /// Runs the command.
    pub(super) fn run(self, context: &Context) -> Result<Report, Failure> {
        let client = self.place.client(context)?;
        match client.ask(&Request::Status).map_err(|error| Failure::from_error(&error))? {
            Answer::State(state) => Ok(Report::record(Shown(state), self.output.output)),
            _ => Err(Failure::from_error(&Error::Other)),
        }
    }
}
