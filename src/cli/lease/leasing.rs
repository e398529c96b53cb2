//! What every command needs that looks at leases: the chain, the key, and the options of leases.

use std::time::Duration;

use crate::cli::tx::sending::Sending;
use crate::cli::{Configuration, Context, Failure, Status};
use crate::domain::id::{BidId, LeaseId, OrderId};
use crate::jobs::escrow_funds::Funds;
use crate::jobs::lease_monitor::{self, Error, Monitored, Request};
use crate::jobs::{Circumstances, tx_flush};
use crate::store::Store;

/// A command about leases.
pub struct Leasing<'c> {
    context: &'c Context,
    /// What sends.
    pub sending: Sending<'c>,
    configuration: &'c Configuration,
}

impl<'c> Leasing<'c> {
    /// Opens the keyring. Nothing is unlocked and no node is asked yet.
    pub fn open(context: &'c Context, configuration: &'c Configuration) -> Result<Self, Failure> {
        Ok(Self { context, sending: Sending::open(context, configuration)?, configuration })
    }

    /// The same for commands that sign nothing.
    pub fn to_look(context: &'c Context, configuration: &'c Configuration) -> Result<Self, Failure> {
        Ok(Self { context, sending: Sending::to_look(context, configuration)?, configuration })
    }

    /// What the job is asked for.
    pub fn request<'r>(&self, sending: tx_flush::Request<'r>) -> Request<'r> {
        let wanted = &self.configuration.settings.leases;
        Request {
            sending,
            interval: wanted.withdraw_interval,
            gain: wanted.withdraw_gain,
            warn_before: wanted.warn_before,
            look_ahead: wanted.monitor_interval,
            withdraw: wanted.withdraw,
        }
    }

    /// Does work that changes nothing.
    pub fn look<T>(&self, work: impl AsyncFnOnce(&Store, Request<'_>) -> Result<T, Error>) -> Result<T, Failure> {
        self.sending.look(async |store, sending| work(store, self.request(sending)).await)
    }

    /// Looks at our running leases.
    pub fn running(&self) -> Result<Monitored, Failure> {
        let now = self.context.now();
        self.look(async |store, request| lease_monitor::look(store, &request, now).await)
    }

    /// Runs the job.
    pub fn monitor(
        &self,
        passphrase: &crate::cli::passphrase::PassphraseOption,
    ) -> Result<(Monitored, Store), Failure> {
        self.sending.job((passphrase, false), async |given: Circumstances<'_>, sending| {
            lease_monitor::run(given, &self.request(sending)).await
        })
    }

    /// A lease as a person names it: its own id, or that of its order, which then means ours.
    pub fn lease(&self, text: &str) -> Result<LeaseId, Failure> {
        let prefix = self.sending.client.network().address_prefix;
        if let Ok(lease) = LeaseId::parse(text, prefix) {
            return Ok(lease);
        }
        let order = OrderId::parse(text, prefix).map_err(|error| Failure::with_status(Status::Usage, &error))?;
        Ok(LeaseId::of(BidId::new(order, self.sending.address()?)))
    }
}

/// A time as hours: `36.5`; no end is a dash.
pub fn hours(funds: Option<&Funds>) -> Option<String> {
    let time: Duration = funds?.time?;
    Some(format!("{}.{}", time.as_secs() / 3600, time.as_secs() % 3600 / 360))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_in_hours() {
        let lasting = |seconds: u64| Funds {
            denomination: "uve".parse().unwrap(),
            held: "1".parse().unwrap(),
            left: "1".parse().unwrap(),
            rate: "1".parse().unwrap(),
            blocks: Some(1),
            time: Some(Duration::from_secs(seconds)),
        };
        assert_eq!(hours(Some(&lasting(131_400))).as_deref(), Some("36.5"));
        assert_eq!(hours(Some(&lasting(359))).as_deref(), Some("0.0"));
        assert_eq!(hours(Some(&Funds { time: None, ..lasting(1) })), None);
    }
}
