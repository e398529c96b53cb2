//! `provider escrow show`

use clap::Args;
use serde::Serialize;

use crate::cli::lease::leasing::{Leasing, hours};
use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::{Context, Failure, Report, Status};
use crate::domain::escrow::Account;
use crate::domain::id::{BidId, DeploymentId};
use crate::jobs::escrow_funds::{self, Funds};
use crate::jobs::lease_monitor::{self, Error};

/// Show an account: that of a deployment, which pays its leases, or that of a bid, which holds its deposit
#[derive(Debug, Args)]
pub struct Show {
    /// The account: OWNER/DSEQ, or a lease or an order of it; or bid/OWNER/DSEQ/GSEQ/OSEQ/PROVIDER
    #[arg(value_name = "ACCOUNT")]
    account: String,

    #[command(flatten)]
    output: OutputOption,
}

/// What is left of one denomination.
#[derive(Debug, Serialize)]
struct FundsEntry {
    denomination: String,
    balance: String,
    left: String,
    burn_rate: String,
    hours_left: Option<String>,
}

/// An account.
#[derive(Debug, Serialize)]
struct EscrowEntry {
    account: String,
    owner: String,
    state: &'static str,
    settled_at: u64,
    deposited: Vec<String>,
    paid: Vec<String>,
    payments: usize,
    funds: Vec<FundsEntry>,
}

impl Entry for EscrowEntry {
    fn parts(&self) -> Vec<(&'static str, String)> {
        let mut parts = vec![
            ("account", self.account.clone()),
            ("owner", self.owner.clone()),
            ("state", self.state.to_owned()),
            ("settled at height", self.settled_at.to_string()),
            ("deposits left", self.deposited.join(", ")),
            ("paid so far", self.paid.join(", ")),
            ("open payments", self.payments.to_string()),
        ];
        for funds in &self.funds {
            let denomination = &funds.denomination;
            parts.push(("balance", format!("{}{denomination}", funds.balance)));
            parts.push(("left by now", format!("{}{denomination}", funds.left)));
            parts.push(("burn rate", format!("{}{denomination} a block", funds.burn_rate)));
            parts.push(("hours left", funds.hours_left.clone().unwrap_or_default()));
        }
        parts
    }
}

impl EscrowEntry {
    fn of(account: &Account, payments: usize, funds: Vec<Funds>) -> Self {
        let coins = |coins: &[crate::domain::amount::DecCoin]| coins.iter().map(ToString::to_string).collect();
        Self {
            account: account.id.to_string(),
            owner: account.owner.to_string(),
            state: account.state.word(),
            settled_at: account.settled_at.0,
            deposited: account.deposits.iter().map(|deposit| deposit.balance.to_string()).collect(),
            paid: coins(&account.transferred),
            payments,
            funds: funds
                .into_iter()
                .map(|funds| FundsEntry {
                    denomination: funds.denomination.to_string(),
                    balance: funds.held.to_string(),
                    left: funds.left.to_string(),
                    burn_rate: funds.rate.to_string(),
                    hours_left: hours(Some(&funds)),
                })
                .collect(),
        }
    }
}

impl Show {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let leasing = Leasing::to_look(context, &configuration)?;
        let client = &leasing.sending.client;
        let prefix = client.network().address_prefix;
        let wrong = |error| Failure::with_status(Status::Usage, &error);
        let entry = if let Some(bid) = self.account.strip_prefix("bid/") {
            let id = BidId::parse(bid, prefix).map_err(wrong)?;
            leasing.look(async |_, _| {
                let bid = client.bid(&id).await.map_err(Error::chain)?.value;
                Ok(bid.map(|bid| {
                    let block = crate::domain::bid::price::BlockTime::USUAL;
                    let funds = escrow_funds::of_account(&bid.escrow, &[], bid.escrow.settled_at, block);
                    EscrowEntry::of(&bid.escrow, 0, funds)
                }))
            })?
        } else {
            let text = self.account.strip_prefix("deployment/").unwrap_or(&self.account);
            // The first two parts of a lease's or an order's id are its deployment's.
            let mut parts = text.split('/');
            let deployment: Vec<&str> = parts.by_ref().take(2).collect();
            let id = DeploymentId::parse(&deployment.join("/"), prefix).map_err(wrong)?;
            leasing.look(async |store, _| {
                let block = lease_monitor::block_time(store, &client.settings().chain_id)?;
                let found = escrow_funds::read(client, &id, block).await.map_err(Error::chain)?;
                Ok(found.map(|found| EscrowEntry::of(&found.deployment.escrow, found.payments.len(), found.funds)))
            })?
        };
        let entry = entry.ok_or_else(|| Failure::new(Status::Data, format!("there is no account {}", self.account)))?;
        Ok(Report::record(entry, self.output.output))
    }
}
