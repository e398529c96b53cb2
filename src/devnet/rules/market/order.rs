//! Orders.

use super::{refusals, state};
use crate::chain::wire::deployment::{DeploymentReclamation, Group};
use crate::chain::wire::market::{EventOrderClosed, EventOrderCreated, Order, OrderId, OrderState};
use crate::devnet::context::Context;
use crate::devnet::kv::Broken;
use crate::devnet::refusal::Refusal;

/// Makes the order of a group that was opened, unless it has one. Its number follows those of the group's closed
/// orders.
///
/// On VirtEngine a group whose order outlived a pause can therefore not be started again.
pub fn create_order(
    context: &mut Context<'_>,
    group: &Group,
    reclamation: Option<DeploymentReclamation>,
) -> Result<(), Refusal> {
    for live in [OrderState::Active, OrderState::Open] {
        if !state::orders_of(context, &group.id, live)?.is_empty() {
            return Err(Refusal::undefined("order active: create order: active order exists"));
        }
    }
    let closed = state::orders_of(context, &group.id, OrderState::Closed)?.len();
    let oseq = u32::try_from(closed).unwrap_or(u32::MAX).saturating_add(1);
    let id = OrderId { owner: group.id.owner.clone(), dseq: group.id.dseq, gseq: group.id.gseq, oseq };
    if state::find_order(context, &id)?.is_some() {
        return Err(refusals::order_exists());
    }
    let order = Order {
        id: id.clone(),
        state: OrderState::Open as i32,
        spec: group.group_spec.clone(),
        created_at: context.height,
        reclamation,
    };
    state::put_order(context, &order)?;
    context.emit(&EventOrderCreated { id });
    Ok(())
}

/// Closes an order, and tells of it. One that is closed is left alone.
pub(super) fn end(context: &mut Context<'_>, mut order: Order) -> Result<(), Broken> {
    if order.state() != OrderState::Closed {
        order.state = OrderState::Closed as i32;
        state::put_order(context, &order)?;
        context.emit(&EventOrderClosed { id: order.id });
    }
    Ok(())
}
