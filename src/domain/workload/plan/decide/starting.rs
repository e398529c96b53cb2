//! It is to come up: its manifest is waited for, the back end is asked, it is waited for.

use super::Decision::{self, Do, Nothing, Wait};
use super::{Case, Lease, drift, ended, is_unfunded, passed};
use crate::domain::lease::ClosedReason;
use crate::domain::workload::Reason;
use crate::domain::workload::health::Summary;
use crate::domain::workload::plan::{BackEnd, Verb, WhyHeld};

impl Case<'_> {
    /// No back end was asked yet.
    pub(super) fn without_back_end(&self) -> Decision {
        if self.workload.has_manifest && self.workload.hold.is_none() {
            return self.pending();
        }
        self.await_manifest()
    }

    fn await_manifest(&self) -> Decision {
        let Lease::Active(facts, _) = &self.lease else { return Wait(WhyHeld::NoManifest) };
        let limit = self.world.rules.manifest_timeout;
        let began = self.workload.created.max(facts.readable_since);
        let late = passed(began, limit, self.world.now);
        if late && !self.workload.closing && self.world.rules.draining.is_none() && !self.workload.has_manifest {
            let close = ClosedReason::ManifestTimeout;
            return Do(Verb::CloseLease { close }, Reason::ManifestTimeout { limit: limit.as_secs() });
        }
        Wait(WhyHeld::NoManifest)
    }

    pub(super) fn pending(&self) -> Decision {
        if !self.workload.has_manifest {
            return self.await_manifest();
        }
        let revision = self.workload.revision.map(|revision| revision.to_string()).unwrap_or_default();
        match &self.lease {
            Lease::Unknown(why) => return Wait(WhyHeld::LeaseUnknown(why.clone())),
            Lease::Active(_, fact) if fact.revision.is_some() && fact.revision != self.workload.revision => {
                return self.await_manifest();
            }
            Lease::Active(facts, fact) if is_unfunded(facts, fact) => return Nothing,
            Lease::Active(..) | Lease::Operator | Lease::Over { .. } => {}
        }
        if let Some(why) = &self.world.rules.draining {
            return Wait(WhyHeld::Draining(why.clone()));
        }
        Do(Verb::Deploy { restart: None }, Reason::ManifestAccepted { revision })
    }

    pub(super) fn deploying(&self, back_end: &BackEnd<'_>, summary: &Summary) -> Decision {
        if summary.is_up() {
            return Do(Verb::Up, Reason::UnitsRunning { units: summary.running });
        }
        if summary.has_ended() {
            return Do(Verb::Fail, ended(summary));
        }
        let limit = self.world.rules.deploy_timeout;
        if passed(self.workload.since.max(back_end.readable_since), limit, self.world.now) {
            return Do(Verb::Fail, Reason::DeployTimeout { limit: limit.as_secs(), units: summary.shown() });
        }
        if !summary.paused.is_empty() {
            return Do(Verb::Repair, drift(summary));
        }
        let asked = summary.missing.is_empty() && summary.outdated.is_empty() && summary.surplus.is_empty();
        if asked || !self.workload.has_manifest { Nothing } else { Do(Verb::Repair, drift(summary)) }
    }
}
