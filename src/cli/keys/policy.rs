//! The key policy of a configuration.

use crate::cli::{Configuration, Failure};
use crate::domain::key::Policy;
use crate::jobs::keys_policy::{self, InForce};
use crate::store::Snapshot;

use super::role;

/// The policy as the configuration has it.
pub fn configured(configuration: &Configuration) -> Policy {
    let keys = &configuration.settings.keys;
    let policy = &keys.policy;
    Policy {
        name: policy.name.0.clone(),
        max_age: keys.max_age,
        grace_period: keys.grace_period,
        expiration: policy.expiration,
        archive_after: policy.archive_after,
        destroy_after: policy.destroy_after,
        approval_for_activation: policy.require_approval_for_activation,
        approval_for_destruction: policy.require_approval_for_destruction,
        auto_rotate: policy.auto_rotate,
        notify_before: policy.notify_before,
        allowed_types: policy.allowed_key_types.iter().copied().map(role::of_algorithm).collect(),
        minimum_strength: u32::try_from(policy.minimum_key_strength).unwrap_or(u32::MAX),
    }
}

/// The policy in force.
pub fn in_force(snapshot: Option<&Snapshot<'_>>, configuration: &Configuration) -> Result<InForce, Failure> {
    Ok(keys_policy::in_force(snapshot, configured(configuration))?)
}
