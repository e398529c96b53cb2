//! The survey: deployment, group and escrow of the orders that passed everything else.
//!
//! An order that is listed has a deployment, for chains forget none: a node that does not show it is behind, and says
//! nothing about the order. So is one whose answer is older than the order.

use std::fmt;

use futures_util::StreamExt;
use futures_util::stream;

use super::book::Survivor;
use crate::chain::client::{CallError, Client, Reading};
use crate::domain::amount::Dec18;
use crate::domain::bid::Behind;
use crate::domain::deployment::Deployment;
use crate::domain::escrow::EscrowState;
use crate::domain::fault::in_one_line;
use crate::domain::height::Height;
use crate::domain::id::DeploymentId;
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

/// Why nobody knows what is behind an order.
pub(super) enum Unseen {
    /// No answer, or one that is not believed.
    Call(Box<CallError>),
    /// The node does not show the deployment of an order that it lists.
    NotShown(DeploymentId),
    /// The answer is older than the order.
    Old { deployment: DeploymentId, height: Height, order: Height },
}

impl fmt::Display for Unseen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(error) => f.write_str(&in_one_line(error.as_ref())),
            Self::NotShown(id) => {
                write!(f, "the node does not show the deployment {id}, whose order it lists: it is behind")
            }
            Self::Old { deployment, height, order } => {
                write!(
                    f,
                    "the node tells of the deployment {deployment} as of height {height}, and its order is of {order}"
                )
            }
        }
    }
}

impl From<CallError> for Unseen {
    fn from(error: CallError) -> Self {
        Self::Call(Box::new(error))
    }
}

/// So many deployments are asked for at once.
const AT_ONCE: usize = 8;

/// Reads what is behind each of some orders; the answers come in their order.
pub(super) async fn survey(client: &Client, survivors: &[Survivor]) -> Vec<Result<Backing, Unseen>> {
    let asked = survivors.iter().map(|survivor| behind(client, &survivor.order));
    stream::iter(asked).buffered(AT_ONCE).collect().await
}

/// Reads what is behind an order.
pub(super) async fn behind(client: &Client, order: &Order) -> Result<Backing, Unseen> {
    let id = order.id.deployment();
    let reading = client.deployment(id).await.and_then(Reading::believed)?;
    let height = reading.height();
    let Some(deployment) = reading.into_value() else { return Err(Unseen::NotShown(id.clone())) };
    if height < order.created_at {
        return Err(Unseen::Old { deployment: id.clone(), height, order: order.created_at });
    }
    let mut others = Dec18::ZERO;
    // A deployment of one group has no lease as long as that group asks for bids.
    if deployment.groups.len() > 1 {
        let denomination = order.spec.units.first().map(|unit| &unit.price.denom);
        let payments = client.payments(EscrowState::Open, Some(id)).await.and_then(Reading::believed)?.into_value();
        for payment in payments.iter().filter(|payment| Some(&payment.rate.denom) == denomination) {
            others = others.checked_add(payment.rate.amount).unwrap_or(Dec18::MAX);
        }
    }
    Ok(Backing { deployment, others })
}
