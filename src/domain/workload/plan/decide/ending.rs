//! It is to be over, or to stay down until it is.

use super::Decision::{self, Do, Nothing, Wait};
use super::{Case, Lease, Runs, operator, runs};
use crate::domain::lease::ClosedReason;
use crate::domain::workload::plan::{Verb, WhyHeld, is_nobodys};
use crate::domain::workload::{EvictionReason, Observed, Reason, State};

impl Case<'_> {
    /// Over in the state file; the back end should hold nothing of it.
    pub(super) fn terminated(&self) -> Decision {
        match &self.back_end {
            Runs::Known(_, Some(_)) => match &self.lease {
                // Active again is what no lease becomes: somebody should look.
                Lease::Active(..) => Wait(WhyHeld::LeaseUnknown("it is active, and the workload is over".to_owned())),
                Lease::Unknown(why) => Wait(WhyHeld::LeaseUnknown(why.clone())),
                Lease::Operator | Lease::Over { .. } => {
                    Do(Verb::Sweep, Reason::Drift { what: "it is over and still there".to_owned() })
                }
            },
            Runs::Known(_, None) | Runs::Nowhere | Runs::Unknown(_) => Nothing,
        }
    }

    pub(super) fn end(&self, reason: Reason) -> Decision {
        match &self.back_end {
            Runs::Unknown(why) => Wait(WhyHeld::BackEndUnknown(why.clone())),
            Runs::Nowhere | Runs::Known(..) => Do(Verb::End, reason),
        }
    }

    pub(super) fn terminate_by_operator(&self) -> Decision {
        let reason = operator("terminate");
        match &self.lease {
            Lease::Operator | Lease::Over { .. } => self.end(reason),
            Lease::Active(..) if self.workload.closing => match &self.back_end {
                Runs::Known(_, observed) => self.wait_for_the_end(*observed, reason),
                Runs::Nowhere => self.wait_for_the_end(None, reason),
                Runs::Unknown(why) => Wait(WhyHeld::BackEndUnknown(why.clone())),
            },
            Lease::Active(..) => match &self.back_end {
                Runs::Unknown(why) => Wait(WhyHeld::BackEndUnknown(why.clone())),
                Runs::Nowhere | Runs::Known(..) => {
                    Do(Verb::Evict { close: ClosedReason::Decommission, eviction: None }, reason)
                }
            },
            // Nobody can close what is not there; whose word it is knows better than we whether it was.
            Lease::Unknown(_) if is_nobodys(self.world, self.workload) => self.end(reason),
            Lease::Unknown(why) => Wait(WhyHeld::LeaseUnknown(why.clone())),
        }
    }

    /// It stays down until the chain says that its lease is over; where nothing is on its way to the chain any more, a
    /// person must say what is wanted.
    pub(super) fn wait_for_the_end(&self, observed: Option<&Observed>, reason: Reason) -> Decision {
        let undone = self.world.undone.get(&self.workload.id);
        match (self.stay_down(observed, reason), undone, &self.lease) {
            (Nothing, Some(undone), Lease::Active(..)) => Wait(WhyHeld::CloseUndone(undone.clone())),
            (decision, _, _) => decision,
        }
    }

    /// It waits for the end of its lease: nothing of it runs until then.
    pub(super) fn stay_down(&self, observed: Option<&Observed>, reason: Reason) -> Decision {
        match self.workload.state {
            State::Running | State::Paused | State::Stopping | State::Deploying => {
                Do(Verb::Stop { forced: self.overdue() }, reason)
            }
            State::Pending | State::Stopped | State::Failed if runs(observed) => {
                Do(Verb::Repair, Reason::Drift { what: "it runs and should not".to_owned() })
            }
            State::Pending | State::Stopped | State::Failed | State::Terminated => Nothing,
        }
    }

    pub(super) fn stopped_by_operator(&self, observed: Option<&Observed>, forced: bool) -> Decision {
        let reason = operator("stop");
        match self.workload.state {
            State::Running | State::Paused | State::Deploying => Do(Verb::Stop { forced }, reason),
            State::Stopping => Do(Verb::Stop { forced: forced || self.overdue() }, reason),
            State::Pending | State::Stopped | State::Failed | State::Terminated => self.stay_down(observed, reason),
        }
    }

    pub(super) fn evict(&self, eviction: EvictionReason, because: Reason, close: ClosedReason) -> Decision {
        if let Lease::Unknown(why) = &self.lease {
            return Wait(WhyHeld::LeaseUnknown(why.clone()));
        }
        if !self.world.rules.eviction.reasons.contains(&eviction) {
            return Wait(WhyHeld::NoRestart);
        }
        let reason = Reason::Evicted { eviction, because: Box::new(because) };
        Do(Verb::Evict { close, eviction: Some(eviction) }, reason)
    }
}
