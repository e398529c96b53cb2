//! The market as reconciling sees it, read from the chain: our leases, and how long they are paid for.
//!
//! A lease is said to be over only after two readings by nodes in step with the chain: the list of active leases did not
//! hold it, and asked for alone it is closed. What the two say differently, or what is said by a node that lags, is
//! unread; a lease that no node knows is not found, which is not over.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::StreamExt;
use jiff::Timestamp;

use super::tx_flush::{self, enqueue_anew};
use super::workloads_reconcile::{CloseError, LeasesRead, Market};
use crate::chain::client::{CallError, Client, LeaseFilter, Reading};
use crate::chain::wire::market::{self as wire, MsgCloseBid};
use crate::domain::address::Address;
use crate::domain::escrow::EscrowState;
use crate::domain::fault::in_one_line;
use crate::domain::height::Height;
use crate::domain::id::{DeploymentId, LeaseId};
use crate::domain::lease::{ClosedReason, Lease, LeaseState};
use crate::domain::outbox::intent::State;
use crate::domain::workload::plan::{ChainFacts, LeaseFact, Standing, UndoneClose};
use crate::domain::workload::{Revision, funds};
use crate::store::bids::rows::ending_key;
use crate::store::job_runs::RunId;
use crate::store::outbox::intents;
use crate::store::workloads::Stamp;
use crate::store::{self, Change, Snapshot, outbox};

/// Our leases, by the chain's own word.
pub struct ChainMarket<'a> {
    /// The chain.
    pub client: &'a Client,
    /// Who we are.
    pub provider: &'a Address,
}

/// How many questions are asked at the same time.
const AT_ONCE: usize = 8;

/// What of a deployment matters to its leases.
struct Paid {
    revision: Revision,
    paid_until: Option<Height>,
}

impl ChainMarket<'_> {
    async fn read(&self, given: Vec<LeaseId>) -> Result<ChainFacts, String> {
        let (mut active, height) = self.active().await.map_err(|error| in_one_line(&*error))?;
        let deployments: BTreeSet<DeploymentId> =
            active.keys().map(|lease| lease.order().deployment().clone()).collect();
        let paid = futures_util::stream::iter(deployments).map(|id| self.paid(id)).buffer_unordered(AT_ONCE);
        let paid: Vec<Result<(DeploymentId, Option<Paid>), CallError>> = paid.collect().await;
        let paid: Result<BTreeMap<DeploymentId, Option<Paid>>, CallError> = paid.into_iter().collect();
        let paid = paid.map_err(|error| in_one_line(&error))?;
        let missing = given.into_iter().filter(|lease| !active.contains_key(lease));
        let missing: Vec<LeaseId> = missing.collect();
        let alone = futures_util::stream::iter(missing).map(|id| self.alone(id)).buffer_unordered(AT_ONCE);
        let alone: Vec<LeaseFact> = alone.collect().await;
        let mut leases: BTreeMap<LeaseId, LeaseFact> = alone.into_iter().map(|fact| (fact.id.clone(), fact)).collect();
        while let Some((id, agreed_until)) = active.pop_first() {
            let paid = paid.get(id.order().deployment()).and_then(Option::as_ref);
            let fact = LeaseFact {
                id: id.clone(),
                standing: Standing::Active,
                revision: paid.map(|paid| paid.revision),
                paid_until: paid.and_then(|paid| paid.paid_until),
                agreed_until,
                wanted_since: None,
            };
            leases.insert(id, fact);
        }
        Ok(ChainFacts { height, readable_since: Timestamp::UNIX_EPOCH, leases })
    }

    /// Every active lease of ours, with the end of the notice that was given for it, and the height.
    async fn active(&self) -> Result<(BTreeMap<LeaseId, Option<Timestamp>>, Height), Box<dyn std::error::Error>> {
        let mut active = BTreeMap::new();
        let states = [LeaseState::Active, LeaseState::Reclaiming];
        let mut height = Height(u64::MAX);
        for state in
            states.into_iter().filter(|state| *state == LeaseState::Active || self.client.network().has_reclamation())
        {
            let filter =
                LeaseFilter { provider: Some(self.provider.clone()), state: Some(state), ..LeaseFilter::default() };
            let mut note = |lease: Lease| {
                active.insert(lease.id, lease.reclamation.and_then(|notice| notice.deadline));
            };
            let complete = self.client.leases(&filter).for_each(&mut note).await?;
            height = height.min(complete.believed()?.height());
        }
        Ok((active, height))
    }

    /// The manifest that a deployment wants, and how long it is paid for; none where the chain does not know it any more.
    async fn paid(&self, id: DeploymentId) -> Result<(DeploymentId, Option<Paid>), CallError> {
        let Some(deployment) = self.client.deployment(&id).await?.believed()?.into_value() else {
            return Ok((id, None));
        };
        let payments = self.client.payments(EscrowState::Open, Some(&id)).await?.believed()?.into_value();
        let paid_until = funds::paid_until(&deployment.escrow, &payments);
        Ok((id, Some(Paid { revision: Revision(deployment.hash), paid_until })))
    }

    /// A lease that is not in the list of active ones, asked for alone.
    async fn alone(&self, id: LeaseId) -> LeaseFact {
        let standing = match self.client.lease(&id).await.and_then(Reading::believed) {
            Err(_) => Standing::Unread,
            Ok(found) => match found.into_value() {
                None => Standing::NotFound,
                Some(lease) if lease.state.is_over() => {
                    Standing::Over { state: lease.state.word().to_owned(), overdrawn: lease.ran_out_of_funds() }
                }
                // Active, and not in the list of the active: made since, or one of the two is wrong.
                Some(_) => Standing::Unread,
            },
        };
        LeaseFact { id, standing, revision: None, paid_until: None, agreed_until: None, wanted_since: None }
    }
}

impl Market for ChainMarket<'_> {
    fn leases(&self, given: Vec<LeaseId>) -> LeasesRead<'_> {
        Box::pin(self.read(given))
    }

    fn close(
        &self,
        change: &Change<'_>,
        lease: &LeaseId,
        reason: ClosedReason,
        stamp: &Stamp,
    ) -> Result<(), CloseError> {
        let message = MsgCloseBid { id: lease.bid().into(), reason: number(reason) };
        let chain = (self.client.network(), self.client.settings().chain_id.as_str());
        let stamp = outbox::Stamp { at: stamp.at, run: stamp.run.map(RunId) };
        match enqueue_anew(change, chain, &purpose(lease), &message, stamp) {
            // On its way already, for another reason: it is closed once.
            Ok(_) | Err(tx_flush::Error::Unsettled { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn undone(&self, snapshot: &Snapshot<'_>, lease: &LeaseId) -> Result<Option<UndoneClose>, store::Error> {
        undone_close(snapshot, lease)
    }
}

/// What the close of a lease is for, whichever command or job wants it.
fn purpose(lease: &LeaseId) -> String {
    ending_key(&lease.order().to_string())
}

/// How the close of a lease came to nothing that was written down once; none where it is on its way, or done.
pub fn undone_close(snapshot: &Snapshot<'_>, lease: &LeaseId) -> Result<Option<UndoneClose>, store::Error> {
    let Some(intent) = intents::newest_of(snapshot, &purpose(lease))? else {
        return Ok(Some(UndoneClose { message: None, how: "it is not in the outbox".to_owned() }));
    };
    Ok(match intent.state {
        State::Queued | State::NeedsConfirmation | State::InFlight | State::Done => None,
        State::Refused | State::Expired | State::Abandoned => {
            let why = intent.detail.or(intent.reason).map(|why| format!(": {why}")).unwrap_or_default();
            Some(UndoneClose { message: Some(intent.id.0), how: format!("{}{why}", intent.state.word()) })
        }
    })
}

/// The chain's number for a provider's reason.
const fn number(reason: ClosedReason) -> i32 {
    use wire::LeaseClosedReason as Wire;
    match reason {
        ClosedReason::Unstable => Wire::Unstable as i32,
        ClosedReason::Decommission => Wire::Decommission as i32,
        ClosedReason::ManifestTimeout => Wire::ManifestTimeout as i32,
        ClosedReason::Unspecified
        | ClosedReason::Owner
        | ClosedReason::InsufficientFunds
        | ClosedReason::Unknown(_) => Wire::Unspecified as i32,
    }
}
