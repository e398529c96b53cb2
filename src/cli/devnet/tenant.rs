//! `provider devnet tenant`

use std::time::Duration;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::groups::{Order, Ordered};
use super::place::Place;
use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::{Context, Failure, Report};
use crate::devnet::control::{Answer, Error, Request};
use crate::devnet::hex;
use crate::devnet::tenant::{Action, Done};
use crate::domain::duration;

/// Play a tenant on the development chain
///
/// The tenant signs with an account of the chain's own, whose key is made of its name, and gets money the first time
/// that it does something. Whatever it sends is checked, paid for and included like any other transaction.
#[derive(Debug, Args)]
pub(super) struct Tenant {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Show(Show),
    Deploy(Deploy),
    Accept(Accept),
    CloseLease(CloseLease),
    Close(Close),
    Pause(Pause),
    Start(Start),
    TopUp(TopUp),
    Escrow(Escrow),
    Acknowledge(Acknowledge),
}

/// Show the tenant's address
#[derive(Debug, Args)]
struct Show {
    #[command(flatten)]
    who: Who,
}

/// Make a deployment: one open order for each of its groups
#[derive(Debug, Args)]
struct Deploy {
    #[command(flatten)]
    ordered: Ordered,

    /// The version of the manifest, 64 hex digits [default: that of the SDL's manifest; of a list, that of the list]
    #[arg(long, value_name = "HEX")]
    hash: Option<String>,

    /// What is paid into its escrow account, as in 5000000uve [default: the least that the chain takes]
    #[arg(long, value_name = "COIN")]
    deposit: Option<String>,

    /// Its number [default: the height]
    #[arg(long, value_name = "NUMBER")]
    dseq: Option<u64>,

    #[command(flatten)]
    who: Who,
}

/// Accept the cheapest bid for each open order of a deployment
#[derive(Debug, Args)]
struct Accept {
    /// The deployment's number
    dseq: u64,

    /// Of this group only
    #[arg(long, value_name = "NUMBER")]
    group: Option<u32>,

    /// How long to wait for bids, as in 30s
    #[arg(long, value_name = "DURATION", default_value = "0s", value_parser = duration::parse)]
    wait: Duration,

    #[command(flatten)]
    who: Who,
}

/// Close the active leases of a deployment
#[derive(Debug, Args)]
struct CloseLease {
    /// The deployment's number
    dseq: u64,

    /// Of this group only
    #[arg(long, value_name = "NUMBER")]
    group: Option<u32>,

    #[command(flatten)]
    who: Who,
}

/// Close a deployment, and everything in it
#[derive(Debug, Args)]
struct Close {
    /// The deployment's number
    dseq: u64,

    #[command(flatten)]
    who: Who,
}

/// Pause a group
#[derive(Debug, Args)]
struct Pause {
    /// The deployment's number
    dseq: u64,

    /// The group's number
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    group: u32,

    #[command(flatten)]
    who: Who,
}

/// Start a group that was paused: a new order follows
#[derive(Debug, Args)]
struct Start {
    /// The deployment's number
    dseq: u64,

    /// The group's number
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    group: u32,

    #[command(flatten)]
    who: Who,
}

/// Add to a deployment's escrow account
#[derive(Debug, Args)]
struct TopUp {
    /// The deployment's number
    dseq: u64,

    /// How much, as in 5000000uve
    amount: String,

    #[command(flatten)]
    who: Who,
}

/// Set money aside for the usage of a lease, and name its provider as who is paid
#[derive(Debug, Args)]
struct Escrow {
    /// The deployment's number
    dseq: u64,

    /// How much, as in 5000000uve
    amount: String,

    /// The group's number
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    group: u32,

    /// When the rest comes back, as in 30d
    #[arg(long, value_name = "DURATION", default_value = "30d", value_parser = duration::parse)]
    expires_in: Duration,

    /// Leave it to somebody else to name the provider
    #[arg(long)]
    pending: bool,

    #[command(flatten)]
    who: Who,
}

/// Agree with usage that was recorded
#[derive(Debug, Args)]
struct Acknowledge {
    /// The deployment's number
    dseq: u64,

    /// This record; may be given more than once [default: all that are open]
    #[arg(long, value_name = "ID")]
    usage: Vec<String>,

    #[command(flatten)]
    who: Who,
}

/// Who does it, and where.
#[derive(Debug, Args)]
struct Who {
    /// The tenant's name; each name is an account of its own
    #[arg(long, value_name = "NAME", default_value = "tenant", value_parser = name)]
    from: String,

    #[command(flatten)]
    place: Place,

    #[command(flatten)]
    output: OutputOption,
}

fn name(text: &str) -> Result<String, &'static str> {
    if text.trim().is_empty() { Err("a name is not blank") } else { Ok(text.to_owned()) }
}

/// What was done, to be shown.
#[derive(Serialize)]
#[serde(transparent)]
struct Shown(Done);

impl Entry for Shown {
    fn parts(&self) -> Vec<(&'static str, String)> {
        let Done { address, transactions, ids, height } = &self.0;
        let mut parts = vec![("tenant", address.clone())];
        parts.extend(ids.iter().map(|id| ("id", id.clone())));
        parts.extend(transactions.iter().map(|hash| ("transaction", hash.clone())));
        parts.push(("height", height.to_string()));
        parts
    }
}

impl Tenant {
    /// Runs the command.
    pub(super) fn run(self, context: &Context) -> Result<Report, Failure> {
        let (who, action) = match self.command {
            Command::Show(Show { who }) => (who, Action::Show),
            Command::Deploy(deploy) => deploy.action(context)?,
            Command::Accept(Accept { dseq, group, wait, who }) => {
                (who, Action::Accept { dseq, gseq: group, wait: u64::try_from(wait.as_millis()).unwrap_or(u64::MAX) })
            }
            Command::CloseLease(CloseLease { dseq, group, who }) => (who, Action::CloseLease { dseq, gseq: group }),
            Command::Close(Close { dseq, who }) => (who, Action::Close { dseq }),
            Command::Pause(Pause { dseq, group, who }) => (who, Action::Pause { dseq, gseq: group }),
            Command::Start(Start { dseq, group, who }) => (who, Action::Start { dseq, gseq: group }),
            Command::TopUp(TopUp { dseq, amount, who }) => (who, Action::TopUp { dseq, amount }),
            Command::Escrow(Escrow { dseq, amount, group, expires_in, pending, who }) => {
                (who, Action::Escrow { dseq, gseq: group, amount, expires_in: expires_in.as_secs(), pending })
            }
            Command::Acknowledge(Acknowledge { dseq, usage, who }) => (who, Action::Acknowledge { dseq, usage }),
        };
        who.perform(context, action)
    }
}

impl Deploy {
    fn action(self, context: &Context) -> Result<(Who, Action), Failure> {
        let order = self.ordered.read(context)?;
        let groups = Order::in_hex(&order.groups);
        let hash = self.hash.unwrap_or_else(|| hex::lower(&order.version));
        Ok((self.who, Action::Deploy { groups, hash, deposit: self.deposit, dseq: self.dseq }))
    }
}

impl Who {
    fn perform(self, context: &Context, action: Action) -> Result<Report, Failure> {
        let client = self.place.client(context)?;
        if context.global.dry_run {
            return Ok(Report::nothing().note("nothing was changed: --dry-run"));
        }
        let request = Request::Tenant { name: self.from, action };
        match client.ask(&request).map_err(|error| Failure::from_error(&error))? {
            Answer::Tenant(done) => Ok(Report::record(Shown(done), self.output.output)),
            _ => Err(Failure::from_error(&Error::Other)),
        }
    }
}
