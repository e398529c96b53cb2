//! Module `resources`: what providers report of their capacity, and parts of it that somebody reserves. VirtEngine
//! only.
//!
//! Whether a provider is registered is not asked. No message has a basic validation.

mod allocation;
mod capacity;
mod inventory;
mod query;

pub use allocation::{activate_allocation, allocate_resources, release_allocation};
pub use inventory::provider_heartbeat;
pub use query::{
    allocation as query_allocation, allocation_history, allocations_by_provider, available_resources, params,
};

use crate::chain::wire::resources::{
    MsgUpdateParams, MsgUpdateParamsResponse, Params, ResourceAllocation, ResourceInventory,
};
use crate::devnet::collection::Collection;
use crate::devnet::context::Context;
use crate::devnet::kv::{Broken, Kv};
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::auth;

const PARAMS: Collection<Params> = Collection::new("resources/params");
/// Inventories by provider, class and id.
const INVENTORIES: Collection<ResourceInventory> = Collection::new("resources/inventory");
const ALLOCATIONS: Collection<ResourceAllocation> = Collection::new("resources/allocation");

/// What the module registers as errors; the numbers are the codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Code {
    Request = 1,
    NoEligible = 3,
    AllocationNotFound = 4,
    State = 5,
    Unauthorized = 6,
    StaleHeartbeat = 7,
    Params = 8,
}

impl Code {
    const fn text(self) -> &'static str {
        match self {
            Self::Request => "invalid resource request",
            Self::NoEligible => "no eligible inventory",
            Self::AllocationNotFound => "allocation not found",
            Self::State => "invalid allocation state",
            Self::Unauthorized => "unauthorized",
            Self::StaleHeartbeat => "stale heartbeat",
            Self::Params => "invalid params",
        }
    }

    fn refuse(self) -> Refusal {
        Refusal::new("resources", self as u32, self.text())
    }
}

fn parameters(kv: &dyn Kv) -> Result<Params, Broken> {
    let stored = PARAMS.get(kv, &())?;
    Ok(stored.unwrap_or_else(|| Params {
        heartbeat_timeout_seconds: 120,
        reservation_timeout_seconds: 300,
        max_candidates: 25,
        locality_weight: "600000".to_owned(),
        capacity_weight: "400000".to_owned(),
        slashing_grace_seconds: 60,
        slashing_penalty: "0.01".to_owned(),
    }))
}

/// `MsgUpdateParams`: for governance alone.
pub fn update_params(context: &mut Context<'_>, message: &MsgUpdateParams) -> Result<MsgUpdateParamsResponse, Refusal> {
    if message.authority != auth::of_bytes(context.network, &auth::module_address("gov")) {
        return Err(Code::Unauthorized.refuse());
    }
    let Params {
        heartbeat_timeout_seconds,
        reservation_timeout_seconds,
        max_candidates,
        locality_weight,
        capacity_weight,
        slashing_grace_seconds,
        slashing_penalty,
    } = &message.params;
    let numbers = [heartbeat_timeout_seconds, reservation_timeout_seconds, max_candidates, slashing_grace_seconds];
    let texts = [locality_weight, capacity_weight, slashing_penalty];
    if numbers.into_iter().any(|number| *number == 0) || texts.into_iter().any(String::is_empty) {
        return Err(Code::Params.refuse());
    }
    PARAMS.set(context.kv, &(), &message.params)?;
    Ok(MsgUpdateParamsResponse {})
}

/// Before the messages of a block: inventories without a heartbeat turn inactive, reservations without an answer end.
pub fn begin_block(context: &mut Context<'_>) -> Result<(), Broken> {
    inventory::mark_stale(context)?;
    allocation::expire(context)
}

#[cfg(test)]
mod tests;
