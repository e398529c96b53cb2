//! Akash's notice: a provider may take back a lease only after the time that it promised.

use super::{params, refusals, state};
use crate::chain::wire::market::{
    EventLeaseReclaimStarted, Lease, LeaseState, MsgCreateBid, MsgLeaseStartReclaim, MsgLeaseStartReclaimResponse,
    Order,
};
use crate::devnet::context::Context;
use crate::devnet::refusal::Refusal;
use prost_types::Duration;

/// Compares as durations do.
fn length(duration: &Duration) -> (i64, i32) {
    (duration.seconds, duration.nanos)
}

/// Whether the chain allows a notice of this length.
pub fn check_notice(context: &Context<'_>, window: Option<&Duration>) -> Result<(), Refusal> {
    let params = params::parameters(context)?;
    let bounds = (params.min_reclamation_window.as_ref(), params.max_reclamation_window.as_ref());
    let window = window.map_or((0, 0), length);
    let within = matches!(bounds, (Some(least), Some(most)) if (length(least)..=length(most)).contains(&window));
    if within { Ok(()) } else { Err(refusals::window_invalid()) }
}

/// Whether a bid promises the notice that its order asks for.
pub(super) fn check_bid(context: &Context<'_>, message: &MsgCreateBid, order: &Order) -> Result<(), Refusal> {
    if !context.network.has_reclamation() {
        return Ok(());
    }
    let wanted = order.reclamation.as_ref().and_then(|reclamation| reclamation.min_window);
    match (wanted, message.reclamation_window.as_ref()) {
        (Some(_), None) => return Err(refusals::reclamation_required()),
        (Some(least), Some(window)) if length(window) < length(&least) => return Err(refusals::window_too_short()),
        _ => {}
    }
    message.reclamation_window.as_ref().map_or(Ok(()), |window| check_notice(context, Some(window)))
}

/// Whether the provider may end this lease now.
pub(super) fn check_close(context: &Context<'_>, lease: &Lease) -> Result<(), Refusal> {
    match (lease.state(), &lease.reclamation) {
        (LeaseState::Active, Some(_)) => Err(refusals::reclamation_not_started()),
        (LeaseState::Reclaiming, Some(notice)) if context.time.as_second() < notice.deadline => {
            Err(refusals::window_not_elapsed())
        }
        (LeaseState::Active | LeaseState::Reclaiming, _) => Ok(()),
        (LeaseState::Invalid | LeaseState::InsufficientFunds | LeaseState::Closed, _) => {
            Err(refusals::lease_not_active())
        }
    }
}

/// `MsgLeaseStartReclaim`: gives the notice.
pub fn lease_start_reclaim(
    context: &mut Context<'_>,
    message: &MsgLeaseStartReclaim,
) -> Result<MsgLeaseStartReclaimResponse, Refusal> {
    let mut lease = state::find_lease(context, &message.id)?.ok_or_else(refusals::unknown_lease)?;
    if lease.state() != LeaseState::Active {
        return Err(refusals::lease_not_active());
    }
    let notice = lease.reclamation.as_mut().ok_or_else(refusals::not_reclaimable)?;
    if notice.started_at != 0 {
        return Err(refusals::already_reclaiming());
    }
    let window = notice.window.map_or(0, |window| window.seconds);
    notice.started_at = context.height;
    notice.deadline = context.time.as_second().saturating_add(window);
    notice.reason = message.reason;
    let deadline = notice.deadline;
    lease.state = LeaseState::Reclaiming as i32;
    state::put_lease(context, &lease)?;
    context.emit(&EventLeaseReclaimStarted { id: lease.id, reason: message.reason, deadline });
    Ok(MsgLeaseStartReclaimResponse {})
}
