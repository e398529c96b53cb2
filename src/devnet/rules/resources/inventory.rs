//! Inventories and their heartbeat.

use super::capacity::{ONE, capacity_score, locality_score, suffices, weight};
use super::{Code, INVENTORIES, parameters};
use crate::chain::convert::{time_from_wire, time_to_wire};
use crate::chain::wire::resources::{
    MsgProviderHeartbeat, MsgProviderHeartbeatResponse, ResourceClass, ResourceInventory, ResourceRequest,
};
use crate::devnet::context::Context;
use crate::devnet::kv::{Broken, Kv};
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::auth;
use jiff::{SignedDuration, Timestamp};

/// `MsgProviderHeartbeat`: a provider reports what it has of one class.
pub fn provider_heartbeat(
    context: &mut Context<'_>,
    message: &MsgProviderHeartbeat,
) -> Result<MsgProviderHeartbeatResponse, Refusal> {
    let provider = &message.provider_address;
    auth::bytes_of(context.network, provider).map_err(|_| Code::Request.refuse().wrap("invalid provider address"))?;
    if message.resource_class == i32::from(ResourceClass::Unspecified) {
        return Err(Code::Request.refuse().wrap("resource class required"));
    }
    if message.sequence == 0 {
        return Err(Code::Request.refuse().wrap("sequence must be positive"));
    }
    let inventory_id = match message.inventory_id.as_str() {
        "" => format!("{provider}-{}", message.resource_class),
        id => id.to_owned(),
    };
    let key = (provider.as_str(), class_key(message.resource_class), inventory_id.as_str());
    let known = INVENTORIES.get(&*context.kv, &key)?;
    if known.is_some_and(|known| message.sequence <= known.heartbeat_sequence) {
        return Err(Code::StaleHeartbeat.refuse());
    }
    let now = time_to_wire(context.time);
    let inventory = ResourceInventory {
        inventory_id: inventory_id.clone(),
        provider_address: provider.clone(),
        resource_class: message.resource_class,
        total: message.total.clone(),
        available: message.available.clone(),
        locality: message.locality.clone(),
        active: true,
        heartbeat_sequence: message.sequence,
        last_heartbeat: now,
        updated_at: now,
    };
    INVENTORIES.set(context.kv, &key, &inventory)?;
    context.emit_plain("resource_heartbeat", &[("provider", provider), ("inventory_id", &inventory_id)]);
    Ok(MsgProviderHeartbeatResponse { accepted: true, sequence_ack: message.sequence })
}

/// Keeps what became of an inventory.
pub(super) fn save(kv: &mut dyn Kv, inventory: &ResourceInventory) -> Result<(), Broken> {
    let ResourceInventory { provider_address, resource_class, inventory_id, .. } = inventory;
    INVENTORIES.set(kv, &(provider_address, class_key(*resource_class), inventory_id), inventory)
}

fn class_key(class: i32) -> u32 {
    u32::try_from(class).unwrap_or(u32::MAX)
}

/// Inventories whose heartbeat stopped turn inactive.
pub(super) fn mark_stale(context: &mut Context<'_>) -> Result<(), Broken> {
    let now = time_to_wire(context.time);
    for inventory in INVENTORIES.all(&*context.kv, &())? {
        if inventory.active && is_stale(context, &inventory)? {
            save(context.kv, &ResourceInventory { active: false, updated_at: now, ..inventory })?;
        }
    }
    Ok(())
}

fn is_stale(context: &Context<'_>, inventory: &ResourceInventory) -> Result<bool, Broken> {
    let seconds = i64::try_from(parameters(&*context.kv)?.heartbeat_timeout_seconds).unwrap_or(i64::MAX);
    let last = time_from_wire(&inventory.last_heartbeat).unwrap_or(Timestamp::MIN);
    Ok(context.time.duration_since(last) > SignedDuration::from_secs(seconds))
}

/// An inventory that could give what is asked for, and how well it would.
pub(super) struct Candidate {
    pub(super) inventory: ResourceInventory,
    /// In millionths.
    pub(super) score: i64,
}

/// The best inventories for a request, the best first, `limit` at most (0: all).
pub(super) fn candidates(
    context: &Context<'_>,
    request: &ResourceRequest,
    limit: u64,
) -> Result<Vec<Candidate>, Broken> {
    let params = parameters(&*context.kv)?;
    let weights = (weight(&params.locality_weight), weight(&params.capacity_weight));
    let mut found = Vec::new();
    for inventory in INVENTORIES.all(&*context.kv, &())? {
        let fits = inventory.active
            && inventory.resource_class == request.resource_class
            && suffices(&inventory.available, &request.required);
        if !fits || is_stale(context, &inventory)? {
            continue;
        }
        let locality = locality_score(&inventory.locality, &request.locality).saturating_mul(weights.0);
        let capacity = capacity_score(&inventory.available, &request.required).saturating_mul(weights.1);
        found.push(Candidate { inventory, score: locality.saturating_add(capacity) / ONE });
    }
    found.sort_by(|one, other| {
        let key = |candidate: &Candidate| {
            (candidate.inventory.provider_address.clone(), candidate.inventory.inventory_id.clone())
        };
        other.score.cmp(&one.score).then_with(|| key(one).cmp(&key(other)))
    });
    if limit > 0 {
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    }
    Ok(found)
}
