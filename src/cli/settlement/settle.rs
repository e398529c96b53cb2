//! `provider settlement settle`

use clap::Args;
use serde::Serialize;

use super::note::note;
use super::order;
use crate::chain::wire::settlement::MsgSettleOrder;
use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::passphrase::PassphraseOption;
use crate::cli::tx::delivery::Sent;
use crate::cli::tx::sending::Sending;
use crate::cli::{Configuration, Context, Failure, Report, Status, wait_for};
use crate::domain::id::OrderId;
use crate::domain::settlement::EscrowState;
use crate::domain::usage::state::State;
use crate::store::Mode;
use crate::store::usage::{Filter, records};

/// Settle the recorded usage of an order now
///
/// Pays what the records cost. With --final it pays the provider the whole rest of the escrow, whatever was used, and ends
/// the escrow: the amount is shown, and has to be confirmed by giving it.
#[derive(Debug, Args)]
pub struct Settle {
    /// The lease or the order
    #[arg(value_name = "LEASE|ORDER")]
    what: String,

    /// Take the whole rest of the escrow, and end it
    #[arg(long = "final", requires = "amount")]
    last: bool,

    /// What the escrow holds: a final settlement takes exactly this
    #[arg(long, value_name = "COINS", requires = "last")]
    amount: Option<String>,

    #[command(flatten)]
    passphrase: PassphraseOption,

    #[command(flatten)]
    output: OutputOption,
}

#[derive(Serialize)]
struct Settled {
    order_id: String,
    escrow_id: String,
    escrow_balance: String,
    is_final: bool,
    #[serde(flatten)]
    sent: Option<Sent>,
}

impl Entry for Settled {
    fn parts(&self) -> Vec<(&'static str, String)> {
        let parts = [
            ("order", self.order_id.clone()),
            ("escrow", self.escrow_id.clone()),
            ("balance before", self.escrow_balance.clone()),
            ("final", self.is_final.to_string()),
        ];
        parts.into_iter().chain(self.sent.iter().flat_map(Sent::parts)).collect()
    }
}

/// How many records of an order are on their way to the chain.
fn open_records(context: &Context, configuration: &Configuration, order: &OrderId) -> Result<usize, Failure> {
    let store = context.open_state(&configuration.state_file, Mode::Read)?;
    let states = State::ALL.iter().copied().filter(|state| state.is_open()).collect();
    let filter = Filter { states, superseded: true, ..Filter::default() };
    let open = store.read("read what is open", |snapshot| records::list(snapshot, &filter))?;
    Ok(open.iter().filter(|row| row.facts.lease.order() == order).count())
}

impl Settle {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let order = order::parse(&self.what, &configuration)?;
        let sending = Sending::open(context, &configuration)?;
        let escrows = wait_for(sending.client.settlement_escrows(&order))??.value;
        let active = escrows.into_iter().find(|escrow| escrow.state == EscrowState::Active);
        let escrow = active.ok_or_else(|| {
            Failure::new(Status::Data, format!("the order {order} has no active settlement escrow"))
                .hint("only the tenant can make one; usage is paid through the lease alone until then")
        })?;
        let balance: Vec<String> = escrow.balance.iter().map(ToString::to_string).collect();
        let balance = balance.join(",");
        if self.last && self.amount.as_deref() != Some(balance.as_str()) {
            return Err(Failure::new(
                Status::Usage,
                format!("{} holds {balance}; that is not what --amount says", escrow.id),
            )
            .hint(format!("a final settlement takes all of it, whatever was used: --final --amount {balance}")));
        }
        let open = if self.last { open_records(context, &configuration, &order)? } else { 0 };
        note(context, &configuration, &escrow)?;
        let message = MsgSettleOrder {
            sender: sending.address()?.to_string(),
            order_id: order.to_string(),
            usage_record_ids: Vec::new(),
            is_final: self.last,
        };
        let purpose = format!("settle/{order}");
        let delivery = sending.send(("settlement-settle", &purpose), &self.passphrase, &message)?;
        let settled = Settled {
            order_id: order.to_string(),
            escrow_id: escrow.id,
            escrow_balance: balance,
            is_final: self.last,
            sent: delivery.sent,
        };
        let mut report = Report::record(settled, self.output.output);
        if open > 0 {
            report = report.note(format!(
                "{open} usage records of this order are not on the chain: this escrow cannot pay them any more"
            ));
        }
        Ok(delivery.notes.into_iter().fold(report, Report::note))
    }
}
