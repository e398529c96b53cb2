//! `provider lease withdraw`

use clap::Args;

use super::leasing::Leasing;
use crate::chain::wire::market::MsgWithdrawLease;
use crate::cli::output::OutputOption;
use crate::cli::passphrase::PassphraseOption;
use crate::cli::tx::flushed;
use crate::cli::{Context, Failure, Report, Status};
use crate::domain::amount::Dec18;
use crate::domain::id::LeaseId;
use crate::jobs::lease_monitor::Watched;
use crate::jobs::tx_flush::enqueue_anew;
use crate::store::bids::leases;

/// Withdraw what leases have earned
///
/// A lease whose tenant's money is used up ends by it.
#[derive(Debug, Args)]
pub struct Withdraw {
    /// The leases: OWNER/DSEQ/GSEQ/OSEQ, or that with /PROVIDER
    #[arg(value_name = "LEASE", required_unless_present = "all")]
    leases: Vec<String>,

    /// From every lease that has earned something, and does not end by it
    #[arg(long, conflicts_with = "leases")]
    all: bool,

    /// Also from a lease that ends by it
    #[arg(long)]
    even_if_it_ends: bool,

    #[command(flatten)]
    passphrase: PassphraseOption,

    #[command(flatten)]
    output: OutputOption,
}

impl Withdraw {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let leasing = Leasing::open(context, &configuration)?;
        let named: Vec<LeaseId> = self.leases.iter().map(|text| leasing.lease(text)).collect::<Result<_, _>>()?;
        let seen = leasing.running()?;
        let chosen: Vec<&Watched> = if self.all {
            let worth = |watched: &&Watched| watched.earned >= Dec18::ONE && (self.even_if_it_ends || !watched.ended);
            seen.leases.iter().filter(worth).collect()
        } else {
            let find = |id: &LeaseId| {
                let watched = seen.leases.iter().find(|watched| watched.lease.id == *id);
                let watched =
                    watched.ok_or_else(|| Failure::new(Status::Data, format!("we have no running lease {id}")))?;
                if watched.ended && !self.even_if_it_ends {
                    let words = format!("the tenant's money is used up: a withdrawal ends the lease {id}");
                    return Err(Failure::new(Status::Data, words).hint("--even-if-it-ends does it all the same"));
                }
                Ok(watched)
            };
            named.iter().map(find).collect::<Result<_, _>>()?
        };
        if chosen.is_empty() || context.global.dry_run {
            let lines =
                chosen.iter().map(|one| format!("{} would pay {}{}", one.lease.id, one.earned, one.lease.price.denom));
            let report = lines.fold(Report::nothing(), Report::note);
            return Ok(if chosen.is_empty() { report.note("no lease has anything to withdraw") } else { report });
        }
        let (flushed, store) = leasing.sending.run("lease-withdraw", (&self.passphrase, true), |begun| {
            begun.store.write("want withdrawals", |change| {
                for one in &chosen {
                    let id = one.lease.id.to_string();
                    let message = MsgWithdrawLease { id: (&one.lease.id).into() };
                    let place = (begun.network, begun.chain_id);
                    enqueue_anew(change, place, &format!("withdraw/{id}"), &message, begun.stamp)?;
                    leases::withdrawn(change, &id, begun.stamp.at)?;
                }
                Ok(())
            })
        })?;
        let report = flushed::report(flushed, &store, self.output)?;
        Ok(seen.troubles.into_iter().fold(report, Report::note))
    }
}
