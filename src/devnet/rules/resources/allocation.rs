//! Reserving a part of somebody's inventory.

use super::capacity::{is_nothing, less, more};
use super::{ALLOCATIONS, Code, INVENTORIES, inventory, parameters};
use crate::chain::convert::{time_from_wire, time_to_wire};
use crate::chain::wire::resources::{
    AllocationEvent, AllocationState, MsgActivateAllocation, MsgActivateAllocationResponse, MsgAllocateResources,
    MsgAllocateResourcesResponse, MsgReleaseAllocation, MsgReleaseAllocationResponse, ResourceAllocation,
    ResourceClass, ResourceInventory,
};
use crate::devnet::collection::Collection;
use crate::devnet::context::Context;
use crate::devnet::kv::Broken;
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::auth;
use jiff::{SignedDuration, Timestamp};

/// The last number given to an allocation.
const NUMBER: Collection<u64> = Collection::new("resources/allocation-number");
/// The events of allocations, by allocation and number.
pub(super) const EVENTS: Collection<AllocationEvent> = Collection::new("resources/allocation-event");
/// The last number given to an event of an allocation.
const EVENT_NUMBER: Collection<u64> = Collection::new("resources/allocation-event-number");
/// Ids of allocations by provider and id.
pub(super) const BY_PROVIDER: Collection<String> = Collection::new("resources/allocation-of-provider");
/// Ids of pending allocations by the second of their end and id.
const PENDING: Collection<String> = Collection::new("resources/allocation-pending");

/// `MsgAllocateResources`: reserves a part of the best inventory.
pub fn allocate_resources(
    context: &mut Context<'_>,
    message: &MsgAllocateResources,
) -> Result<MsgAllocateResourcesResponse, Refusal> {
    auth::bytes_of(context.network, &message.requester_address)
        .map_err(|_| Code::Request.refuse().wrap("invalid requester address"))?;
    let request = &message.request;
    for (wrong, words) in [
        (request.resource_class == i32::from(ResourceClass::Unspecified), "resource_class required"),
        (is_nothing(&request.required), "required capacity missing"),
        (request.request_id.is_empty(), "request_id required"),
    ] {
        if wrong {
            return Err(Code::Request.refuse().wrap(words));
        }
    }
    let params = parameters(&*context.kv)?;
    let mut found = inventory::candidates(context, request, 1)?;
    let Some(best) = found.pop() else { return Err(Code::NoEligible.refuse()) };
    let now = time_to_wire(context.time);
    let available = less(&best.inventory.available, &request.required);
    let inventory = ResourceInventory { available, updated_at: now, ..best.inventory };
    inventory::save(context.kv, &inventory)?;
    let seconds = i64::try_from(params.reservation_timeout_seconds).unwrap_or(i64::MAX);
    let ends = context.time.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX);
    let allocation = ResourceAllocation {
        allocation_id: format!("res-alloc-{}", NUMBER.next(context.kv, &(), 1)?),
        request_id: request.request_id.clone(),
        // As the node does it: the requester that the request names, not the signer.
        requester_address: request.requester_address.clone(),
        provider_address: inventory.provider_address.clone(),
        resource_class: request.resource_class,
        required: request.required.clone(),
        assigned: request.required.clone(),
        state: AllocationState::Pending.into(),
        score: best.score.to_string(),
        locality: inventory.locality.clone(),
        created_at: now,
        expires_at: Some(time_to_wire(ends)),
        activated_at: None,
        updated_at: now,
        block_height: context.height,
    };
    let id = &allocation.allocation_id;
    ALLOCATIONS.set(context.kv, &(id,), &allocation)?;
    BY_PROVIDER.set(context.kv, &(&allocation.provider_address, id), id)?;
    PENDING.set(context.kv, &(second(ends), id), id)?;
    record(context, &allocation, "allocation_pending")?;
    tell(context, "resource_allocation", &allocation);
    Ok(MsgAllocateResourcesResponse { allocation_id: allocation.allocation_id })
}

/// `MsgActivateAllocation`: the provider takes it up.
pub fn activate_allocation(
    context: &mut Context<'_>,
    message: &MsgActivateAllocation,
) -> Result<MsgActivateAllocationResponse, Refusal> {
    let mut allocation = found(context, &message.provider_address, "invalid provider address", &message.allocation_id)?;
    if allocation.provider_address != message.provider_address {
        return Err(Code::Unauthorized.refuse());
    }
    let ends = allocation.expires_at.as_ref().and_then(|time| time_from_wire(time).ok());
    if allocation.state != i32::from(AllocationState::Pending) || ends.is_some_and(|ends| context.time > ends) {
        return Err(Code::State.refuse());
    }
    let now = time_to_wire(context.time);
    allocation.state = AllocationState::Active.into();
    allocation.activated_at = Some(now);
    allocation.updated_at = now;
    ALLOCATIONS.set(context.kv, &(&allocation.allocation_id,), &allocation)?;
    if let Some(ends) = ends {
        PENDING.remove(context.kv, &(second(ends), &allocation.allocation_id))?;
    }
    record(context, &allocation, "allocation_active")?;
    tell(context, "resource_allocation_active", &allocation);
    Ok(MsgActivateAllocationResponse {})
}

/// `MsgReleaseAllocation`: the requester gives it back. Twice is no error.
pub fn release_allocation(
    context: &mut Context<'_>,
    message: &MsgReleaseAllocation,
) -> Result<MsgReleaseAllocationResponse, Refusal> {
    let mut allocation =
        found(context, &message.requester_address, "invalid requester address", &message.allocation_id)?;
    if allocation.requester_address != message.requester_address {
        return Err(Code::Unauthorized.refuse());
    }
    let ended = [AllocationState::Released, AllocationState::Expired].map(i32::from);
    if !ended.contains(&allocation.state) {
        allocation.state = AllocationState::Released.into();
        end(context, &mut allocation, &message.reason)?;
    }
    tell(context, "resource_allocation_released", &allocation);
    Ok(MsgReleaseAllocationResponse {})
}

/// Ends reservations that nobody took up in time; past the grace the provider's fault is told.
pub(super) fn expire(context: &mut Context<'_>) -> Result<(), Broken> {
    let params = parameters(&*context.kv)?;
    let now = second(context.time);
    for (key, id) in PENDING.scan(&*context.kv, &(), None, false, usize::MAX)? {
        let ends = key.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes));
        if ends > now {
            break;
        }
        PENDING.remove(context.kv, &(ends, &id))?;
        let Some(mut allocation) = ALLOCATIONS.get(&*context.kv, &(&id,))? else { continue };
        if allocation.state != i32::from(AllocationState::Pending) {
            continue;
        }
        allocation.state = AllocationState::Expired.into();
        let late = ends.saturating_add(params.slashing_grace_seconds) < now;
        end(context, &mut allocation, if late { "allocation_expired_slash" } else { "allocation_expired" })?;
        if late {
            let ResourceAllocation { provider_address, allocation_id, .. } = &allocation;
            let penalty = params.slashing_penalty.as_str();
            context.emit_plain(
                "resource_slash",
                &[("provider", provider_address), ("allocation_id", allocation_id), ("penalty", penalty)],
            );
        }
    }
    Ok(())
}

fn found(context: &Context<'_>, signer: &str, words: &str, id: &str) -> Result<ResourceAllocation, Refusal> {
    auth::bytes_of(context.network, signer).map_err(|_| Code::Request.refuse().wrap(words))?;
    if id.is_empty() {
        return Err(Code::Request.refuse().wrap("allocation_id required"));
    }
    ALLOCATIONS.get(&*context.kv, &(id,))?.ok_or_else(|| Code::AllocationNotFound.refuse())
}

/// Keeps the ended allocation, and gives its part back to the first inventory of its provider and class, as the node
/// does it: not always the one it was taken from.
fn end(context: &mut Context<'_>, allocation: &mut ResourceAllocation, reason: &str) -> Result<(), Broken> {
    let now = time_to_wire(context.time);
    allocation.updated_at = now;
    ALLOCATIONS.set(context.kv, &(&allocation.allocation_id,), &*allocation)?;
    let inventories = INVENTORIES.all(&*context.kv, &(&allocation.provider_address,))?;
    let home = inventories.into_iter().find(|inventory| inventory.resource_class == allocation.resource_class);
    if let Some(home) = home {
        let available = more(&home.available, &allocation.assigned);
        inventory::save(context.kv, &ResourceInventory { available, updated_at: now, ..home })?;
    }
    record(context, allocation, reason)
}

fn record(context: &mut Context<'_>, allocation: &ResourceAllocation, reason: &str) -> Result<(), Broken> {
    let id = &allocation.allocation_id;
    let sequence = EVENT_NUMBER.next(context.kv, &(id,), 1)?;
    let event = AllocationEvent {
        allocation_id: id.clone(),
        sequence,
        state: allocation.state,
        reason: reason.to_owned(),
        provider_address: allocation.provider_address.clone(),
        created_at: time_to_wire(context.time),
    };
    EVENTS.set(context.kv, &(id, sequence), &event)
}

fn tell(context: &mut Context<'_>, kind: &str, allocation: &ResourceAllocation) {
    let ResourceAllocation { allocation_id, provider_address, .. } = allocation;
    context.emit_plain(kind, &[("allocation_id", allocation_id), ("provider", provider_address)]);
}

fn second(time: Timestamp) -> u64 {
    u64::try_from(time.as_second()).unwrap_or(0)
}
