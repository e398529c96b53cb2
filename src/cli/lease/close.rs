//! `provider lease close`

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::leasing::Leasing;
use crate::chain::wire::market::{LeaseClosedReason, MsgCloseBid};
use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::passphrase::PassphraseOption;
use crate::cli::terminal::Terminal;
use crate::cli::tx::delivery::{Delivery, Sent};
use crate::cli::{Context, Failure, Report, Status, wait_for};
use crate::domain::id::{BidId, LeaseId};

/// End a lease
///
/// The tenant's workload loses its place and its money stops flowing; what is earned is paid out. It is final.
#[derive(Debug, Args)]
pub struct Close {
    /// The lease: OWNER/DSEQ/GSEQ/OSEQ, or that with /PROVIDER
    #[arg(value_name = "LEASE")]
    lease: String,

    /// What the tenant is told
    #[arg(long, value_enum, default_value_t = Why::Unspecified)]
    reason: Why,

    /// Do not ask
    #[arg(long, short)]
    yes: bool,

    #[command(flatten)]
    passphrase: PassphraseOption,

    #[command(flatten)]
    output: OutputOption,
}

/// Why a provider ends a lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Why {
    /// The workload is not stable
    Unstable,
    /// The machine is taken away
    Decommission,
    /// No reason is given
    Unspecified,
    /// The tenant never sent a manifest
    ManifestTimeout,
}

impl Why {
    fn on_the_wire(self) -> LeaseClosedReason {
        match self {
            Self::Unstable => LeaseClosedReason::Unstable,
            Self::Decommission => LeaseClosedReason::Decommission,
            Self::Unspecified => LeaseClosedReason::Unspecified,
            Self::ManifestTimeout => LeaseClosedReason::ManifestTimeout,
        }
    }
}

#[derive(Serialize)]
struct CloseEntry {
    lease: String,
    closed: bool,
    #[serde(flatten)]
    sent: Option<Sent>,
}

impl Entry for CloseEntry {
    fn parts(&self) -> Vec<(&'static str, String)> {
        let mut parts = vec![("lease", self.lease.clone()), ("closed", self.closed.to_string())];
        parts.extend(self.sent.iter().flat_map(Sent::parts));
        parts
    }
}

impl Close {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let leasing = Leasing::open(context, &configuration)?;
        let id = leasing.lease(&self.lease)?;
        let ours = leasing.sending.address()?;
        if *id.provider() != ours {
            return Err(Failure::new(Status::Data, format!("the lease {id} is not ours: we are {ours}")));
        }
        let found = wait_for(leasing.sending.client.lease(&id))??.value;
        let lease = found.ok_or_else(|| Failure::new(Status::Data, format!("there is no lease {id}")))?;
        if lease.state.is_over() {
            return Err(Failure::new(Status::Data, format!("the lease {id} is {} already", lease.state.word())));
        }
        if !self.yes && !context.global.dry_run {
            confirm(&id)?;
        }
        let bid = BidId::new(id.order().clone(), id.provider().clone());
        let message = MsgCloseBid { id: (&bid).into(), reason: self.reason.on_the_wire().into() };
        let purpose = crate::store::bids::rows::ending_key(&id.order().to_string());
        let Delivery { sent, notes } = leasing.sending.send(("lease-close", &purpose), &self.passphrase, &message)?;
        let entry = CloseEntry { lease: id.to_string(), closed: sent.is_some(), sent };
        Ok(notes.into_iter().fold(Report::record(entry, self.output.output), Report::note))
    }
}

fn confirm(id: &LeaseId) -> Result<(), Failure> {
    let unsure = |message: &str| Failure::new(Status::Usage, message).hint("nothing was closed; --yes does not ask");
    let mut terminal = Terminal::open().ok_or_else(|| unsure("nobody can be asked whether to end the lease"))?;
    let question = format!("Ending the lease {id} is final. Type yes to go on: ");
    let answer = terminal.ask(&question).map_err(|error| unsure("there was no answer").caused_by(&error))?;
    if answer.trim() == "yes" { Ok(()) } else { Err(unsure("the answer is not yes")) }
}
