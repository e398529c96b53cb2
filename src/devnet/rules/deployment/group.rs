//! Groups: open ↔ paused, and closed or out of funds.

use super::{deployment_of, find, find_group, put_group, refusals};
use crate::chain::wire::deployment::{
    EventGroupClosed, EventGroupPaused, EventGroupStarted, Group, GroupState, MsgCloseGroup, MsgCloseGroupResponse,
    MsgPauseGroup, MsgPauseGroupResponse, MsgStartGroup, MsgStartGroupResponse,
};
use crate::devnet::context::Context;
use crate::devnet::kv::Broken;
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::{market, shrug};

/// Pauses a group, whatever its state, and tells of it.
pub fn pause(context: &mut Context<'_>, mut group: Group) -> Result<(), Broken> {
    group.state = GroupState::Paused as i32;
    put_group(context, &group)?;
    context.emit(&EventGroupPaused { id: group.id });
    Ok(())
}

/// Ends a group, in this state, and tells of it. Its orders are the caller's.
pub fn end_group(context: &mut Context<'_>, mut group: Group, state: GroupState) -> Result<(), Broken> {
    group.state = state as i32;
    put_group(context, &group)?;
    context.emit(&EventGroupClosed { id: group.id });
    Ok(())
}

/// `MsgCloseGroup`.
pub fn close_group(context: &mut Context<'_>, message: &MsgCloseGroup) -> Result<MsgCloseGroupResponse, Refusal> {
    let group = find_group(context, &message.id)?.ok_or_else(refusals::group_not_found)?;
    if group.state() == GroupState::Closed {
        return Err(refusals::group_closed());
    }
    end_group(context, group, GroupState::Closed)?;
    shrug(market::close_orders(context, &message.id, GroupState::Closed))?;
    Ok(MsgCloseGroupResponse {})
}

/// `MsgPauseGroup`.
pub fn pause_group(context: &mut Context<'_>, message: &MsgPauseGroup) -> Result<MsgPauseGroupResponse, Refusal> {
    let group = find_group(context, &message.id)?.ok_or_else(refusals::group_not_found)?;
    match group.state() {
        GroupState::Closed => return Err(refusals::group_closed()),
        GroupState::Paused => return Err(refusals::group_paused()),
        GroupState::Invalid | GroupState::Open | GroupState::InsufficientFunds => {}
    }
    pause(context, group)?;
    shrug(market::close_orders(context, &message.id, GroupState::Paused))?;
    Ok(MsgPauseGroupResponse {})
}

/// `MsgStartGroup`: opens a group again, with a new order.
///
/// Defect of both nodes (read in their code): a group that ran out of funds can be started, though its deployment is
/// closed and no lease can come of the order.
pub fn start_group(context: &mut Context<'_>, message: &MsgStartGroup) -> Result<MsgStartGroupResponse, Refusal> {
    let mut group = find_group(context, &message.id)?.ok_or_else(refusals::group_not_found)?;
    match group.state() {
        GroupState::Closed => return Err(refusals::group_closed()),
        GroupState::Open => return Err(refusals::group_open()),
        GroupState::Invalid | GroupState::Paused | GroupState::InsufficientFunds => {}
    }
    let reclamation = find(context, &deployment_of(&message.id))?.and_then(|deployment| deployment.reclamation);
    group.state = GroupState::Open as i32;
    put_group(context, &group)?;
    context.emit(&EventGroupStarted { id: group.id.clone() });
    market::create_order(context, &group, reclamation)?;
    Ok(MsgStartGroupResponse {})
}
