//! How much may be ended, evicted and started in a run.

use super::{Step, Verb, WhyHeld};
use crate::domain::workload::{Hold, Reason, Workload};

/// What is left of the caps in this run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Workloads that may still be ended without anybody asking.
    pub terminations: u32,
    /// Workloads that may still be started, of `max_concurrent`.
    pub deploys: u32,
    /// Evictions that may still begin, beside those under way.
    pub evictions: u32,
}

impl Step {
    /// Whether it ends a workload or a lease without anybody asking: such steps are counted against the caps. What an
    /// operator terminates is not, up to its end; and who waited for the close of its lease was counted before.
    pub fn is_counted(&self, workload: &Workload) -> bool {
        let asked = matches!(self.reason, Reason::Operator { .. }) || workload.hold == Some(Hold::Terminated);
        let before = matches!(self.verb, Verb::End) && workload.closing;
        self.verb.ends() && !asked && !before
    }
}

impl Workload {
    /// Its eviction has begun, and it is not gone.
    pub const fn is_being_evicted(&self) -> bool {
        self.eviction.is_some() && (self.closing || self.state.is_live())
    }
}

impl Budget {
    /// Takes what a step needs, or says which cap stands in its way.
    pub(super) fn spend(&mut self, step: &Step, workload: &Workload) -> Result<(), WhyHeld> {
        let fresh = !workload.state.is_live() && workload.deployed.is_none();
        if matches!(step.verb, Verb::Deploy { .. }) && fresh {
            return take(&mut self.deploys).ok_or(WhyHeld::MaxConcurrent);
        }
        if !step.is_counted(workload) {
            return Ok(());
        }
        if self.terminations == 0 {
            return Err(WhyHeld::TerminationCap);
        }
        if matches!(step.verb, Verb::Evict { eviction: Some(_), .. }) {
            take(&mut self.evictions).ok_or(WhyHeld::EvictionCap)?;
        }
        take(&mut self.terminations).ok_or(WhyHeld::TerminationCap)
    }
}

fn take(left: &mut u32) -> Option<()> {
    *left = left.checked_sub(1)?;
    Some(())
}
