//! `provider devnet status`

use std::time::Duration;

use clap::Args;
use serde::Serialize;

use super::place::Place;
use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::{Context, Failure, Report};
use crate::devnet::control::{Answer, Error, Request, State};
use crate::domain::duration;

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
pub(super) struct Shown(Shape);

/// The chain's [`State`] as it is shown.
#[derive(Serialize)]
struct Shape {
    chain_id: String,
    network: String,
    profile: String,
    height: i64,
    time: String,
    /// `1s`; `0s`: a block for each transaction.
    block_time: String,
    grpc: String,
    rpc: String,
    process: u32,
    halted: bool,
    faults: usize,
}

impl From<State> for Shown {
    fn from(state: State) -> Self {
        Self(Shape {
            block_time: duration::display(Duration::from_millis(state.block_time)).to_string(),
            chain_id: state.chain_id,
            network: state.network,
            profile: state.profile,
            height: state.height,
            time: state.time,
            grpc: state.grpc,
            rpc: state.rpc,
            process: state.process,
            halted: state.halted,
            faults: state.faults,
        })
    }
}

impl Entry for Shown {
    fn parts(&self) -> Vec<(&'static str, String)> {
        let state = &self.0;
        // The names are those of the other forms.
        vec![
            ("chain_id", state.chain_id.clone()),
            ("network", state.network.clone()),
            ("profile", state.profile.clone()),
            ("height", state.height.to_string()),
            ("time", state.time.clone()),
            ("block_time", state.block_time.clone()),
            ("grpc", state.grpc.clone()),
            ("rpc", state.rpc.clone()),
            ("process", state.process.to_string()),
            ("halted", state.halted.to_string()),
            ("faults", state.faults.to_string()),
        ]
    }
}

impl Status {
    /// Runs the command.
    pub(super) fn run(self, context: &Context) -> Result<Report, Failure> {
        let client = self.place.client(context)?;
        match client.ask(&Request::Status).map_err(|error| Failure::from_error(&error))? {
            Answer::State(state) => Ok(Report::record(Shown::from(state), self.output.output)),
            _ => Err(Failure::from_error(&Error::Other)),
        }
    }
}
