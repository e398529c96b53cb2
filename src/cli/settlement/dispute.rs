//! `provider settlement dispute`

use clap::Args;
use serde::Serialize;

use super::note::note;
use super::order;
use crate::chain::wire::settlement::MsgDisputeEscrow;
use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::passphrase::PassphraseOption;
use crate::cli::tx::delivery::Sent;
use crate::cli::tx::sending::Sending;
use crate::cli::{Context, Failure, Report, Status, wait_for};
use crate::domain::settlement::EscrowState;

/// Dispute the settlement escrow of an order: nothing more is paid from it until it is resolved
#[derive(Debug, Args)]
pub struct Dispute {
    /// The lease or the order
    #[arg(value_name = "LEASE|ORDER")]
    what: String,

    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,

    /// What shows it: an address, a hash
    #[arg(long, value_name = "TEXT", default_value = "")]
    evidence: String,

    #[command(flatten)]
    passphrase: PassphraseOption,

    #[command(flatten)]
    output: OutputOption,
}

#[derive(Serialize)]
struct Disputed {
    escrow_id: String,
    #[serde(flatten)]
    sent: Option<Sent>,
}

impl Entry for Disputed {
    fn parts(&self) -> Vec<(&'static str, String)> {
        let sent = self.sent.iter().flat_map(Sent::parts);
        [("escrow", self.escrow_id.clone())].into_iter().chain(sent).collect()
    }
}

impl Dispute {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let order = order::parse(&self.what, &configuration)?;
        let sending = Sending::open(context, &configuration)?;
        let escrows = wait_for(sending.client.settlement_escrows(&order))??.value;
        let active = escrows.into_iter().find(|escrow| escrow.state == EscrowState::Active);
        let escrow = active.ok_or_else(|| {
            Failure::new(Status::Data, format!("the order {order} has no active settlement escrow to dispute"))
        })?;
        note(context, &configuration, &escrow)?;
        let message = MsgDisputeEscrow {
            sender: sending.address()?.to_string(),
            escrow_id: escrow.id.clone(),
            reason: self.reason,
            evidence: self.evidence,
        };
        let purpose = format!("dispute/{}", escrow.id);
        let delivery = sending.send(("settlement-dispute", &purpose), &self.passphrase, &message)?;
        let report = Report::record(Disputed { escrow_id: escrow.id, sent: delivery.sent }, self.output.output);
        Ok(delivery.notes.into_iter().fold(report, Report::note))
    }
}
