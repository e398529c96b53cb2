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

    /// The manifest that the chain names is not here, whatever else came: it has its time to come.
    fn await_manifest(&self) -> Decision {
        let Lease::Active(facts, fact) = &self.lease else { return Wait(WhyHeld::NoManifest) };
        let limit = self.world.rules.manifest_timeout;
        let began = self.workload.created.max(facts.readable_since);
        // The tenant may have named another one on chain a moment ago: that one's time begins when it was first seen.
        let began = match (self.workload.has_manifest, self.is_another_wanted(), fact.wanted_since) {
            (false, ..) => Some(began),
            (true, true, since) => since.map(|since| since.max(began)),
            // It is here; something else holds it.
            (true, false, _) => None,
        };
        let late = began.is_some_and(|began| passed(began, limit, self.world.now));
        if late && !self.workload.closing && self.world.rules.draining.is_none() {
            let close = ClosedReason::ManifestTimeout;
            return Do(Verb::CloseLease { close }, Reason::ManifestTimeout { limit: limit.as_secs() });
        }
        Wait(WhyHeld::NoManifest)
    }

    /// Whether the chain names another manifest than the one that came last.
    fn is_another_wanted(&self) -> bool {
        let Lease::Active(_, fact) = &self.lease else { return false };
        fact.revision.is_some() && fact.revision != self.workload.revision
    }

    pub(super) fn pending(&self) -> Decision {
        if !self.workload.has_manifest {
            return self.await_manifest();
        }
        let revision = self.workload.revision.map(|revision| revision.to_string()).unwrap_or_default();
        match &self.lease {
            Lease::Unknown(why) => return Wait(WhyHeld::LeaseUnknown(why.clone())),
            Lease::Active(..) if self.is_another_wanted() => return self.await_manifest(),
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
