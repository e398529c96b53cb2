//! `provider lease show`

use clap::Args;
use serde::Serialize;

use super::leasing::{Leasing, hours};
use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::{Context, Failure, Report, Status};
use crate::jobs::{escrow_funds, lease_monitor};
use crate::store::bids::leases;

/// Show a lease: what it earns, the money behind it, and how it ended
#[derive(Debug, Args)]
pub struct Show {
    /// The lease: OWNER/DSEQ/GSEQ/OSEQ, or that with /PROVIDER
    #[arg(value_name = "LEASE")]
    lease: String,

    #[command(flatten)]
    output: OutputOption,
}

/// A lease.
#[derive(Debug, Serialize)]
struct LeaseEntry {
    lease: String,
    state: &'static str,
    price: String,
    back_end: Option<String>,
    created_at: u64,
    payment: &'static str,
    earned: String,
    withdrawn: String,
    unsettled: String,
    escrow: Option<&'static str>,
    left: Option<String>,
    burn_rate: Option<String>,
    hours_left: Option<String>,
    closed_on: Option<u64>,
    reason: Option<&'static str>,
    reason_from: Option<&'static str>,
}

impl Entry for LeaseEntry {
    fn parts(&self) -> Vec<(&'static str, String)> {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        vec![
            ("lease", self.lease.clone()),
            ("state", self.state.to_owned()),
            ("earns a block", self.price.clone()),
            ("back end", text(&self.back_end)),
            ("made at height", self.created_at.to_string()),
            ("payment", self.payment.to_owned()),
            ("earned, not withdrawn", self.earned.clone()),
            ("withdrawn", self.withdrawn.clone()),
            ("not covered", self.unsettled.clone()),
            ("escrow", self.escrow.unwrap_or_default().to_owned()),
            ("left", text(&self.left)),
            ("burn rate", text(&self.burn_rate)),
            ("hours left", text(&self.hours_left)),
            ("ended at height", self.closed_on.map(|height| height.to_string()).unwrap_or_default()),
            ("reason", self.reason.unwrap_or_default().to_owned()),
            ("says", self.reason_from.unwrap_or_default().to_owned()),
        ]
    }
}

impl Show {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let leasing = Leasing::to_look(context, &configuration)?;
        let id = leasing.lease(&self.lease)?;
        let client = &leasing.sending.client;
        let (found, known) = leasing.look(async |store, _| {
            let lease = client.lease(&id).await.map_err(lease_monitor::Error::chain)?.value;
            let Some(lease) = lease else { return Ok((None, None)) };
            let block = lease_monitor::block_time(store, &client.settings().chain_id)?;
            let behind = escrow_funds::read(client, id.order().deployment(), block).await;
            let behind = behind.map_err(lease_monitor::Error::chain)?;
            let why = if lease.state.is_over() {
                Some(lease_monitor::why(client, &lease).await.map_err(lease_monitor::Error::chain)?)
            } else {
                None
            };
            let known = store.read("read a lease", |snapshot| leases::of(snapshot, &id.to_string()))?;
            Ok((Some((lease, behind, why)), known))
        })?;
        let (lease, behind, why) =
            found.ok_or_else(|| Failure::new(Status::Data, format!("there is no lease {id}")))?;
        let earned = match &behind {
            Some(behind) if !lease.state.is_over() => behind.earned(&lease.payment),
            _ => lease.payment.balance.amount,
        };
        let funds = behind.as_ref().and_then(|behind| {
            behind.funds.iter().find(|funds| funds.denomination == lease.price.denom && !lease.state.is_over())
        });
        let entry = LeaseEntry {
            lease: lease.id.to_string(),
            state: lease.state.word(),
            price: lease.price.to_string(),
            back_end: known.and_then(|known| known.back_end),
            created_at: lease.created_at.0,
            payment: lease.payment.state.word(),
            earned: format!("{earned}{}", lease.payment.balance.denom),
            withdrawn: lease.payment.withdrawn.to_string(),
            unsettled: lease.payment.unsettled.to_string(),
            escrow: behind.as_ref().map(|behind| behind.deployment.escrow.state.word()),
            left: funds.map(|funds| format!("{}{}", funds.left, funds.denomination)),
            burn_rate: funds.map(|funds| format!("{}{}", funds.rate, funds.denomination)),
            hours_left: hours(funds),
            closed_on: lease.closed_on.map(|height| height.0),
            reason: why.map(|(reason, _)| reason),
            reason_from: why.map(|(_, source)| source),
        };
        Ok(Report::record(entry, self.output.output))
    }
}
