//! It is up, or held still.

use super::Decision::{self, Do, Nothing, Wait};
use super::{Case, Lease, drift, ended, keep_paused, operator, passed};
use crate::domain::lease::ClosedReason;
use crate::domain::workload::health::Summary;
use crate::domain::workload::plan::{BackEnd, Verb, WhyHeld};
use crate::domain::workload::{EvictionReason, Hold, Observed, Reason, heal};

impl Case<'_> {
    pub(super) fn running(&self, back_end: &BackEnd<'_>, observed: Option<&Observed>, summary: &Summary) -> Decision {
        if self.workload.restart {
            return Do(Verb::Restart, operator("restart"));
        }
        if let Some(reason) = self.unfunded() {
            return Do(if back_end.can_pause { Verb::Pause } else { Verb::Stop { forced: false } }, reason);
        }
        if let Some(at) = self.expired() {
            return self.evict(EvictionReason::LeaseExpired, Reason::LeaseExpired { at }, ClosedReason::Unspecified);
        }
        if self.workload.hold == Some(Hold::Paused) && back_end.can_pause {
            return Do(Verb::Pause, operator("pause"));
        }
        if summary.has_ended() {
            return Do(Verb::Fail, ended(summary));
        }
        if !summary.missing.is_empty() {
            return Do(Verb::Fail, Reason::UnitsMissing { units: summary.missing.join(", ") });
        }
        if let Some(units) = back_end.outgrown.get(&self.workload.id)
            && let Do(verb, reason) = self.outgrown(units)
        {
            return Do(verb, reason);
        }
        if self.workload.failed_checks >= self.world.rules.health.retries {
            return Do(Verb::Fail, self.unhealthy(back_end));
        }
        if let Some(step) = self.update() {
            return step;
        }
        if !summary.paused.is_empty() {
            return Do(Verb::Repair, drift(summary));
        }
        let wrong = !summary.outdated.is_empty() || !summary.surplus.is_empty();
        if wrong && self.workload.has_manifest && observed.is_some() {
            return Do(Verb::Repair, drift(summary));
        }
        let rules = &self.world.rules.heal;
        let settled = heal::settled(rules, self.workload.restarts, self.workload.since, self.world.now);
        if summary.is_up() && settled != self.workload.restarts {
            return Do(Verb::Settle, Reason::UnitsRunning { units: summary.running });
        }
        Nothing
    }

    /// It holds more data than it ordered: a restart would free nothing, so it goes.
    fn outgrown(&self, units: &str) -> Decision {
        if self.world.rules.draining.is_some() {
            return Nothing;
        }
        let because = Reason::Exhausted { units: units.to_owned() };
        self.evict(EvictionReason::ResourceExhaustion, because, ClosedReason::Unstable)
    }

    /// The tenant, or the operator, sent another manifest.
    fn update(&self) -> Option<Decision> {
        let (from, to) = (self.workload.deployed?, self.workload.revision?);
        let wanted = match &self.lease {
            Lease::Active(_, fact) => fact.revision.is_none_or(|wanted| wanted == to),
            Lease::Operator => true,
            Lease::Over { .. } | Lease::Unknown(_) => false,
        };
        let due = from != to && wanted && self.workload.has_manifest;
        due.then(|| Do(Verb::Update, Reason::NewRevision { from: from.to_string(), to: to.to_string() }))
    }

    pub(super) fn paused(&self, back_end: &BackEnd<'_>, summary: &Summary) -> Decision {
        if self.workload.restart && self.unfunded().is_none() {
            return Do(Verb::Restart, operator("restart"));
        }
        if summary.has_ended() {
            return Do(Verb::Fail, ended(summary));
        }
        if !summary.missing.is_empty() {
            return Do(Verb::Fail, Reason::UnitsMissing { units: summary.missing.join(", ") });
        }
        if let Some(at) = self.expired() {
            return self.evict(EvictionReason::LeaseExpired, Reason::LeaseExpired { at }, ClosedReason::Unspecified);
        }
        if let Some(reason) = self.unfunded() {
            let for_funds = matches!(self.workload.reason, Reason::FundsEnded { .. });
            let waited = self.workload.since.max(back_end.readable_since);
            if for_funds && passed(waited, self.world.rules.eviction.timeout, self.world.now) {
                return self.evict(EvictionReason::LeaseExpired, reason, ClosedReason::Unspecified);
            }
            return keep_paused(summary);
        }
        if self.workload.hold == Some(Hold::Paused) {
            return keep_paused(summary);
        }
        match (&self.lease, &self.workload.reason) {
            // Who adopted it knows neither why it was paused nor by whom: the tenant's money decides.
            (Lease::Active(facts, fact), Reason::FundsEnded { .. } | Reason::Adopted) => match fact.paid_until {
                Some(paid_until) => {
                    Do(Verb::Resume, Reason::FundsReturned { paid_until: paid_until.0, height: facts.height.0 })
                }
                None => keep_paused(summary),
            },
            // Whether its money is back cannot be seen.
            (Lease::Unknown(why), Reason::FundsEnded { .. } | Reason::Adopted) => {
                Wait(WhyHeld::LeaseUnknown(why.clone()))
            }
            (Lease::Operator | Lease::Active(..) | Lease::Over { .. } | Lease::Unknown(_), _) => {
                Do(Verb::Resume, operator("resume"))
            }
        }
    }

    fn unhealthy(&self, back_end: &BackEnd<'_>) -> Reason {
        let found = back_end.checks.get(&self.workload.id).into_iter().flatten().filter(|check| !check.healthy);
        let units: Vec<String> =
            found.map(|check| format!("{}-{}: {}", check.service, check.replica, check.detail)).collect();
        let units = if units.is_empty() { "its checks".to_owned() } else { units.join("; ") };
        Reason::Unhealthy { units, checks: self.workload.failed_checks }
    }
}
