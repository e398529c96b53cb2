//! Why something is done to a workload, and who does it: stored with every transition.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Actor {
    /// The reconcile job, on its own.
    Reconcile,
    /// The operator, whose account on this machine is named.
    Operator {
        /// The user's name, or number.
        user: String,
    },
    /// A tenant, through the gateway.
    Tenant {
        /// Its address on the chain.
        address: String,
    },
}

/// Why a workload is evicted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvictionReason {
    /// The node is short, or the workload outgrows its limits.
    ResourceExhaustion,
    /// Its restarts are used up.
    RepeatedFailures,
    /// Its funded or agreed time is over.
    LeaseExpired,
}

impl EvictionReason {
    /// Every reason.
    pub const ALL: [Self; 3] = [Self::ResourceExhaustion, Self::RepeatedFailures, Self::LeaseExpired];

    /// The word in the configuration, output and stored rows.
    pub const fn word(self) -> &'static str {
        match self {
            Self::ResourceExhaustion => "resource_exhaustion",
            Self::RepeatedFailures => "repeated_failures",
            Self::LeaseExpired => "lease_expired",
        }
    }

    /// The reason with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.word() == word)
    }
}

/// Why. The operands say enough to repeat the decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Reason {
    /// A lease of ours is active, and nothing runs for it yet.
    LeaseActive,
    /// The manifest is there and right.
    ManifestAccepted {
        /// Its version.
        revision: String,
    },
    /// All units run.
    UnitsRunning {
        /// How many.
        units: u32,
    },
    /// The manifest has another version than what runs.
    NewRevision {
        /// What runs.
        from: String,
        /// What should.
        to: String,
    },
    /// The back end refuses, and would refuse again.
    DeployRefused {
        /// Which manifest.
        revision: String,
        /// What it says.
        error: String,
    },
    /// It did not come up in time.
    DeployTimeout {
        /// The time it had, in seconds.
        limit: u64,
        /// How its units are.
        units: String,
    },
    /// Units ended that should run.
    UnitsEnded {
        /// Which, and how.
        units: String,
    },
    /// Units are gone that should run.
    UnitsMissing {
        /// Which.
        units: String,
    },
    /// Checks failed, one after the other.
    Unhealthy {
        /// Which unit, and what the last check said.
        units: String,
        /// How many failed in a row.
        checks: u32,
    },
    /// A restart of what failed.
    Heal {
        /// Which restart in a row.
        restart: u32,
        /// Of at most so many.
        of: u32,
    },
    /// It is over its limits, or the node is short.
    Exhausted {
        /// Which units, and what the back end says.
        units: String,
    },
    /// Its restarts are used up.
    RestartsUsedUp {
        /// How many there were.
        restarts: u32,
    },
    /// The tenant's money lasts to a height that is reached.
    FundsEnded {
        /// The last height that is paid for.
        paid_until: u64,
        /// The height now.
        height: u64,
    },
    /// The tenant's money lasts again.
    FundsReturned {
        /// The last height that is paid for.
        paid_until: u64,
        /// The height now.
        height: u64,
    },
    /// The agreed time is over.
    LeaseExpired {
        /// The height at which it ended.
        at: u64,
    },
    /// The lease is over on chain.
    LeaseOver {
        /// The state of the lease.
        state: String,
        /// The tenant's money ran out before.
        overdrawn: bool,
    },
    /// No manifest came in time.
    ManifestTimeout {
        /// The time it had, in seconds.
        limit: u64,
    },
    /// The operator wants it.
    Operator {
        /// The command.
        command: String,
        /// What the operator says about it.
        #[serde(skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// The back end runs it, and the state file did not know it.
    Adopted,
    /// The back end did something that nobody asked for.
    Drift {
        /// What.
        what: String,
    },
    /// It was ended, as it was asked for.
    Ended,
    /// The back end holds nothing of it any more.
    Removed,
    /// It is evicted.
    Evicted {
        /// Why.
        eviction: EvictionReason,
        /// What shows it.
        because: Box<Reason>,
    },
}

impl Reason {
    /// The word in metrics and stored rows.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::LeaseActive => "lease_active",
            Self::ManifestAccepted { .. } => "manifest_accepted",
            Self::UnitsRunning { .. } => "units_running",
            Self::NewRevision { .. } => "new_revision",
            Self::DeployRefused { .. } => "deploy_refused",
            Self::DeployTimeout { .. } => "deploy_timeout",
            Self::UnitsEnded { .. } => "units_ended",
            Self::UnitsMissing { .. } => "units_missing",
            Self::Unhealthy { .. } => "unhealthy",
            Self::Heal { .. } => "heal",
            Self::Exhausted { .. } => "exhausted",
            Self::RestartsUsedUp { .. } => "restarts_used_up",
            Self::FundsEnded { .. } => "funds_ended",
            Self::FundsReturned { .. } => "funds_returned",
            Self::LeaseExpired { .. } => "lease_expired",
            Self::LeaseOver { .. } => "lease_over",
            Self::ManifestTimeout { .. } => "manifest_timeout",
            Self::Operator { .. } => "operator",
            Self::Adopted => "adopted",
            Self::Drift { .. } => "drift",
            Self::Ended => "ended",
            Self::Removed => "removed",
            Self::Evicted { .. } => "evicted",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LeaseActive => f.write_str("its lease is active"),
            Self::ManifestAccepted { revision } => {
                write!(f, "its manifest {} is there", revision.get(..12).unwrap_or(revision))
            }
            Self::UnitsRunning { units } => write!(f, "all {units} units run"),
            Self::NewRevision { from, to } => {
                let short = |text: &String| text.get(..12).unwrap_or(text).to_owned();
                write!(f, "its manifest changed from {} to {}", short(from), short(to))
            }
            Self::DeployRefused { error, .. } => write!(f, "the back end refuses it: {error}"),
            Self::DeployTimeout { limit, units } => write!(f, "not up within {limit} s: {units}"),
            Self::UnitsEnded { units } => write!(f, "ended by itself: {units}"),
            Self::UnitsMissing { units } => write!(f, "gone from the back end: {units}"),
            Self::Unhealthy { units, checks } => write!(f, "{checks} checks in a row failed: {units}"),
            Self::Heal { restart, of } => write!(f, "restart {restart} of at most {of}"),
            Self::Exhausted { units } => write!(f, "short of resources: {units}"),
            Self::RestartsUsedUp { restarts } => write!(f, "its {restarts} restarts are used up"),
            Self::FundsEnded { paid_until, height } => {
                write!(f, "its funds last until height {paid_until}, and the chain is at {height}")
            }
            Self::FundsReturned { paid_until, height } => {
                write!(f, "its funds last until height {paid_until} again, and the chain is at {height}")
            }
            Self::LeaseExpired { at } => write!(f, "its agreed time ended at height {at}"),
            Self::LeaseOver { state, overdrawn: true } => write!(f, "its lease is {state}: the tenant's money ran out"),
            Self::LeaseOver { state, overdrawn: false } => write!(f, "its lease is {state}"),
            Self::ManifestTimeout { limit } => write!(f, "no manifest came within {limit} s"),
            Self::Operator { command, note: None } => write!(f, "the operator's {command}"),
            Self::Operator { command, note: Some(note) } => write!(f, "the operator's {command}: {note}"),
            Self::Adopted => f.write_str("the back end runs it, and the state file did not know it"),
            Self::Drift { what } => write!(f, "nobody asked for it: {what}"),
            Self::Ended => f.write_str("it was ended"),
            Self::Removed => f.write_str("the back end holds nothing of it"),
            Self::Evicted { eviction, because } => write!(f, "evicted for {}: {because}", eviction.word()),
        }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reconcile => f.write_str("reconcile"),
            Self::Operator { user } => write!(f, "operator {user}"),
            Self::Tenant { address } => write!(f, "tenant {address}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_reason_reads_back() {
        let because = Reason::RestartsUsedUp { restarts: 5 };
        let reason = Reason::Evicted { eviction: EvictionReason::RepeatedFailures, because: Box::new(because) };
        let text = serde_json::to_string(&reason).unwrap();
        assert_eq!(
            text,
            r#"{"reason":"evicted","eviction":"repeated_failures","because":{"reason":"restarts_used_up","restarts":5}}"#
        );
        assert_eq!(serde_json::from_str::<Reason>(&text).unwrap(), reason);
        assert_eq!(reason.to_string(), "evicted for repeated_failures: its 5 restarts are used up");
    }
}
