//! It failed, or was stopped and may start again.

use super::Decision::{self, Do, Nothing, Wait};
use super::{Case, Lease, operator, passed};
use crate::domain::lease::ClosedReason;
use crate::domain::workload::heal::{self, Verdict};
use crate::domain::workload::plan::{LeaseFact, Verb, WhyHeld};
use crate::domain::workload::{EvictionReason, Observed, Reason};

impl Case<'_> {
    /// Stopped, and nobody wants it to be any more.
    pub(super) fn start_again(&self, observed: Option<&Observed>) -> Decision {
        let for_funds = matches!(self.workload.reason, Reason::FundsEnded { .. });
        let reason = match (&self.lease, self.unfunded()) {
            (_, Some(_)) => return self.stay_down(observed, self.workload.reason.clone()),
            (Lease::Unknown(why), None) if for_funds => return Wait(WhyHeld::LeaseUnknown(why.clone())),
            (Lease::Active(facts, LeaseFact { paid_until: Some(paid_until), .. }), None) if for_funds => {
                Reason::FundsReturned { paid_until: paid_until.0, height: facts.height.0 }
            }
            (Lease::Active(..) | Lease::Operator | Lease::Unknown(_) | Lease::Over { .. }, None) => {
                operator(if self.workload.restart { "restart" } else { "resume" })
            }
        };
        self.deploy_anew(reason, None)
    }

    pub(super) fn failed(&self) -> Decision {
        let rules = self.world.rules;
        if self.workload.restart {
            return self.deploy_anew(operator("restart"), None);
        }
        if self.unfunded().is_some() {
            return Nothing;
        }
        let wanted = self.workload.revision.map(|revision| revision.to_string());
        let refused = matches!(&self.workload.reason, Reason::DeployRefused { revision, .. } if Some(revision) == wanted.as_ref());
        let exhausted = matches!(self.workload.reason, Reason::Exhausted { .. });
        if exhausted && self.workload.restarts.count > 0 && rules.draining.is_none() {
            let because = self.workload.reason.clone();
            let eviction = EvictionReason::ResourceExhaustion;
            if let Do(verb, reason) = self.evict(eviction, because, ClosedReason::Unstable) {
                return Do(verb, reason);
            }
        }
        if refused {
            return self.refused();
        }
        match heal::verdict(&rules.heal, self.workload.restarts, self.workload.since, self.world.now) {
            Verdict::Wait(until) => Wait(WhyHeld::Backoff(until)),
            Verdict::Restart(restart) => {
                let of = rules.heal.max_restarts;
                self.deploy_anew(Reason::Heal { restart, of }, Some(restart))
            }
            Verdict::UsedUp(restarts) if rules.draining.is_none() => {
                let eviction = EvictionReason::RepeatedFailures;
                self.evict(eviction, Reason::RestartsUsedUp { restarts }, ClosedReason::Unstable)
            }
            Verdict::UsedUp(_) | Verdict::Off => Wait(WhyHeld::NoRestart),
        }
    }

    /// Asked for the same its back end would refuse again. A tenant pays for nothing meanwhile: who mends the cause, or
    /// sends another manifest, has the time of an eviction for it.
    fn refused(&self) -> Decision {
        let Lease::Active(facts, _) = &self.lease else {
            return Wait(WhyHeld::Refused { tenant: self.workload.owner.is_tenant(), closes: None });
        };
        let (rules, eviction) = (self.world.rules, EvictionReason::RepeatedFailures);
        if rules.draining.is_some() || !rules.eviction.reasons.contains(&eviction) {
            return Wait(WhyHeld::Refused { tenant: true, closes: None });
        }
        let since = self.workload.since.max(facts.readable_since);
        if passed(since, rules.eviction.timeout, self.world.now) {
            return self.evict(eviction, self.workload.reason.clone(), ClosedReason::Unstable);
        }
        Wait(WhyHeld::Refused { tenant: true, closes: since.saturating_add(rules.eviction.timeout).ok() })
    }

    fn deploy_anew(&self, reason: Reason, restart: Option<u32>) -> Decision {
        if self.workload.has_manifest { Do(Verb::Deploy { restart }, reason) } else { Wait(WhyHeld::NoManifest) }
    }
}
