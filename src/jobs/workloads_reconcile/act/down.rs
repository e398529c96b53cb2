//! Steps that hold a workload still, end it, or end it for good.

use std::time::Duration;

use super::{Doing, Failed, at};
use crate::domain::audit;
use crate::domain::fault::in_one_line;
use crate::domain::lease::ClosedReason;
use crate::domain::workload::{Event, EvictionReason, Reason, State};
use crate::store::Change;
use crate::store::workloads::{self, Stamp, manifests, samples};

impl Doing<'_> {
    pub(super) async fn pause(&self) -> Result<(), Failed> {
        let Some(adapter) = self.adapter()? else { return Ok(()) };
        let step = self.begin(|change, stamp| {
            // Counters go on through a pause, so what cannot be read now is read later.
            self.keep_meters(change, false)?;
            workloads::transition(change, self.id(), Event::Pause, &self.step.reason, stamp)?;
            Ok(())
        })?;
        at("workload-pause-recorded");
        let paused = adapter.pause(self.target()).await;
        at("workload-pause-done");
        match paused {
            Ok(()) => self.finish(step, |_, _| Ok(())),
            Err(error) => self.fail(step, &error),
        }
    }

    /// running, paused → stopping → stopped; deploying → stopped.
    pub(super) async fn stop(&self, forced: bool) -> Result<(), Failed> {
        let Some(adapter) = self.adapter()? else { return Ok(()) };
        let step = self.begin(|change, stamp| self.begin_to_stop(change, stamp, forced))?;
        at("workload-stop-recorded");
        let stopped = adapter.stop(self.target(), self.grace(forced)).await;
        at("workload-stop-done");
        match stopped {
            Ok(()) => self.finish(step, |change, stamp| self.halted(change, stamp)),
            Err(error) => self.fail(step, &error),
        }
    }

    /// Ended and started again; the next round starts it, whatever happens to this process.
    pub(super) async fn restart(&self) -> Result<(), Failed> {
        self.stop(false).await
    }

    /// To terminated, from wherever it is.
    pub(super) async fn end(&self) -> Result<(), Failed> {
        at("workload-end-planned");
        let step = self.begin(|change, stamp| {
            if self.state() == State::Pending {
                workloads::transition(change, self.id(), Event::Fail, &self.step.reason, stamp)?;
                return Ok(());
            }
            self.begin_to_stop(change, stamp, false)
        })?;
        at("workload-end-recorded");
        if let Some(adapter) = self.adapter()? {
            if let Err(error) = adapter.stop(self.target(), self.grace(false)).await {
                return self.fail(step, &error);
            }
            at("workload-end-stopped");
            self.acting.write("write down that a workload has ended", |change, stamp| self.halted(change, stamp))?;
            at("workload-end-halted");
            if let Err(error) = adapter.remove(self.target()).await {
                return self.fail(step, &error);
            }
            at("workload-end-removed");
        }
        self.finish(step, |change, stamp| {
            workloads::transition(change, self.id(), Event::Terminate, &self.step.reason, stamp)?;
            manifests::forget(change, self.id())?;
            self.audit(change, audit::Event::WorkloadTerminated, audit::Outcome::Succeeded)
        })?;
        at("workload-end-confirmed");
        Ok(())
    }

    /// It is over, and the back end still holds something of it.
    pub(super) async fn sweep(&self) -> Result<(), Failed> {
        let Some(adapter) = self.adapter()? else { return Ok(()) };
        let step = self.begin(|change, _| self.keep_meters(change, true))?;
        match adapter.remove(self.target()).await {
            Ok(()) => self.finish(step, |change, _| {
                self.audit(change, audit::Event::WorkloadTerminated, audit::Outcome::Succeeded)
            }),
            Err(error) => self.fail(step, &error),
        }
    }

    /// Ended with its data kept, and its lease closed on chain; it is over when the chain says so.
    pub(super) async fn evict(&self, close: ClosedReason, eviction: Option<EvictionReason>) -> Result<(), Failed> {
        at("workload-evict-planned");
        let step = self.begin(|change, stamp| {
            let closing = self.write_close(change, close, stamp)?;
            workloads::evict(change, self.id(), eviction, closing)?;
            if self.state() == State::Pending { Ok(()) } else { self.begin_to_stop(change, stamp, false) }
        })?;
        at("workload-evict-recorded");
        if let Some(adapter) = self.adapter()?
            && let Err(error) = adapter.stop(self.target(), self.grace(false)).await
        {
            return self.fail(step, &error);
        }
        at("workload-evict-stopped");
        self.finish(step, |change, stamp| {
            self.halted(change, stamp)?;
            self.audit(change, audit::Event::WorkloadTerminated, audit::Outcome::Succeeded)
        })?;
        at("workload-evict-confirmed");
        Ok(())
    }

    pub(super) fn close_lease(&self, close: ClosedReason) -> Result<(), Failed> {
        let step = self.begin(|change, stamp| {
            let closing = self.write_close(change, close, stamp)?;
            Ok(workloads::evict(change, self.id(), None, closing)?)
        })?;
        self.finish(step, |_, _| Ok(()))
    }

    /// Its lease is to be closed on chain. Whether it has one.
    fn write_close(&self, change: &Change<'_>, close: ClosedReason, stamp: &Stamp) -> Result<bool, Failed> {
        let Some(lease) = self.workload.owner.lease() else { return Ok(false) };
        let unable = || Failed::Step("its lease cannot be closed: no chain is configured".to_owned());
        let market = self.acting.request.market.ok_or_else(unable)?;
        market.close(change, lease, close, stamp).map_err(|error| Failed::Step(in_one_line(&*error)))?;
        Ok(true)
    }

    /// The last meters are kept, and whoever runs begins to stop.
    fn begin_to_stop(&self, change: &Change<'_>, stamp: &Stamp, forced: bool) -> Result<(), Failed> {
        // Also of one that failed: some of its units may run on.
        self.keep_meters(change, !forced)?;
        match self.state() {
            State::Running | State::Paused => {
                workloads::transition(change, self.id(), Event::Stop, &self.step.reason, stamp)?;
                Ok(())
            }
            State::Pending
            | State::Deploying
            | State::Stopping
            | State::Stopped
            | State::Failed
            | State::Terminated => Ok(()),
        }
    }

    /// Nothing of it runs any more.
    fn halted(&self, change: &Change<'_>, stamp: &Stamp) -> Result<(), Failed> {
        if self.is_live() {
            // The reason of the stop stays: it says what the workload waits for.
            let reason: &Reason = &self.step.reason;
            workloads::transition(change, self.id(), Event::Halted, reason, stamp)?;
        }
        Ok(())
    }

    /// Puts the last meters into the state file. A back end that cannot read them now is not told to end what they are
    /// of, where they are `needed`.
    pub(super) fn keep_meters(&self, change: &Change<'_>, needed: bool) -> Result<(), Failed> {
        let Some(read) = self.workload.adapter.as_ref().and_then(|name| self.meters.get(name)) else { return Ok(()) };
        match read {
            Ok(samples) => {
                for sample in samples.get(self.id()).into_iter().flatten() {
                    samples::keep(change, sample)?;
                }
                Ok(())
            }
            Err(why) if needed => Err(Failed::Step(format!("its last meters could not be read: {why}"))),
            Err(_) => Ok(()),
        }
    }

    const fn grace(&self, forced: bool) -> Duration {
        if forced { Duration::ZERO } else { self.acting.request.grace }
    }
}
