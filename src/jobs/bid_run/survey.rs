//! The survey: deployment, group and escrow of the orders that passed everything else.

use futures_util::StreamExt;
use futures_util::stream;

use super::book::Survivor;
use crate::chain::client::{CallError, Client};
use crate::domain::amount::Dec18;
use crate::domain::bid::Behind;
use crate::domain::deployment::Deployment;
use crate::domain::escrow::EscrowState;
use crate::domain::order::Order;

/// What is behind an order.
pub(super) struct Backing {
    deployment: Deployment,
    others: Dec18,
}

impl Backing {
    /// As deciding wants it.
    pub(super) const fn as_behind(&self, order: &Order) -> Behind<'_> {
        Behind { deployment: &self.deployment, gseq: order.id.gseq(), others: self.others }
    }
}

/// So many deployments are asked for at once.
const AT_ONCE: usize = 8;

/// Reads what is behind each of some orders; the answers come in their order.
pub(super) async fn survey(client: &Client, survivors: &[Survivor]) -> Vec<Result<Option<Backing>, CallError>> {
    let asked = survivors.iter().map(|survivor| behind(client, &survivor.order));
    stream::iter(asked).buffered(AT_ONCE).collect().await
}

/// Reads what is behind an order; `None`: its deployment is not there.
pub(super) async fn behind(client: &Client, order: &Order) -> Result<Option<Backing>, CallError> {
    let Some(deployment) = client.deployment(order.id.deployment()).await?.value else { return Ok(None) };
    let mut others = Dec18::ZERO;
    // A deployment of one group has no lease as long as that group asks for bids.
    if deployment.groups.len() > 1 {
        let denomination = order.spec.units.first().map(|unit| &unit.price.denom);
        let payments = client.payments(EscrowState::Open, Some(order.id.deployment())).await?.value;
        for payment in payments.iter().filter(|payment| Some(&payment.rate.denom) == denomination) {
            others = others.checked_add(payment.rate.amount).unwrap_or(Dec18::MAX);
        }
    }
    Ok(Some(Backing { deployment, others }))
}
