//! `provider workloads`

mod deploy;
mod drain;
mod events;
mod list;
mod logs;
mod metrics;
mod orphans;
mod reconcile;
mod reconciling;
mod show;
mod status;
mod steps;
mod wish;
mod workload_row;

use clap::{Args, Subcommand};
pub use reconciling::provider;

use super::{Context, Failure, Report};

/// What runs for leases, and for the operator: see it, steer it, hold it against the chain
///
/// What an operator asks for is written down, and carried out by the next `workloads reconcile`; with --now at once.
#[derive(Debug, Args)]
pub struct Workloads {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Deploy(deploy::Deploy),
    List(list::List),
    Show(show::Show),
    Status(status::WorkloadStatus),
    Logs(logs::Logs),
    Metrics(metrics::Metrics),
    Events(events::Events),
    Pause(wish::Pause),
    Resume(wish::Resume),
    Stop(wish::Stop),
    Restart(wish::Restart),
    Terminate(wish::Terminate),
    Drain(drain::Drain),
    Orphans(orphans::Orphans),
    Reconcile(reconcile::Reconcile),
}

impl Workloads {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        match self.command {
            Command::Deploy(command) => command.run(context),
            Command::List(command) => command.run(context),
            Command::Show(command) => command.run(context),
            Command::Status(command) => command.run(context),
            Command::Logs(command) => command.run(context),
            Command::Metrics(command) => command.run(context),
            Command::Events(command) => command.run(context),
            Command::Pause(command) => command.run(context),
            Command::Resume(command) => command.run(context),
            Command::Stop(command) => command.run(context),
            Command::Restart(command) => command.run(context),
            Command::Terminate(command) => command.run(context),
            Command::Drain(command) => command.run(context),
            Command::Orphans(command) => command.run(context),
            Command::Reconcile(command) => command.run(context),
        }
    }
}
