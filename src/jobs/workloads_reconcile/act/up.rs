//! Steps that bring a workload up, or keep it up.

use super::{Doing, Failed, at};
use crate::adapters::{self, Adapter};
use crate::domain::audit;
use crate::domain::fault::in_one_line;
use crate::domain::workload::heal::Restarts;
use crate::domain::workload::{Event, Handle, Isolation, Misfit, Reason, Spec, State};
use crate::observe::redact;
use crate::store::workloads::history::StepId;
use crate::store::workloads::{self, history, manifests};

impl<'a> Doing<'a> {
    /// pending, stopped, failed → deploying: the back end is asked.
    pub(super) async fn deploy(&self, restart: Option<u32>) -> Result<(), Failed> {
        let spec = self.spec()?;
        let adapter = match self.adapter()? {
            Some(adapter) => Ok(adapter),
            None => self.choose(&spec),
        };
        let adapter = match adapter.and_then(|adapter| self.trusted(adapter)) {
            Ok(adapter) => adapter,
            Err(why) => return self.refuse(&spec, why),
        };
        at("workload-deploy-planned");
        let step = self.begin(|change, stamp| {
            self.keep_meters(change, false)?;
            workloads::assign(change, self.id(), adapter.name())?;
            workloads::restarted(change, self.id())?;
            let restarts = restart.map_or(Restarts::default(), |count| Restarts { count, last: Some(stamp.at) });
            workloads::restarts(change, self.id(), restarts)?;
            workloads::transition(change, self.id(), Event::Deploy, &self.step.reason, stamp)?;
            Ok(())
        })?;
        at("workload-deploy-recorded");
        // What runs as it should is left alone by whoever is asked to run it, however ill it is.
        if self.starts_over()
            && let Err(error) = adapter.stop(self.target(), self.acting.request.grace).await
        {
            return self.fail(step, &error);
        }
        self.ask(adapter, &spec, step).await
    }

    /// Its units run, and are to be ended first: they are unhealthy, or the operator wants a restart.
    fn starts_over(&self) -> bool {
        let ill = matches!(self.workload.reason, Reason::Unhealthy { .. }) || self.workload.restart;
        ill && self.state() == State::Failed
    }

    /// Asks the back end to run it, and writes down what it says.
    async fn ask(&self, adapter: &dyn Adapter, spec: &Spec, step: StepId) -> Result<(), Failed> {
        let asked = adapter.ensure(spec).await;
        at("workload-deploy-done");
        match asked {
            Ok(handle) => {
                self.finish(step, |change, _| self.deployed(change, spec, &handle))?;
                at("workload-deploy-confirmed");
                Ok(())
            }
            Err(error) => self.not_deployed(spec, step, &error),
        }
    }

    fn deployed(&self, change: &crate::store::Change<'_>, spec: &Spec, handle: &Handle) -> Result<(), Failed> {
        let services = services(spec);
        workloads::deployed(change, self.id(), spec.revision, &services, handle)?;
        Ok(manifests::forget_old(change, self.id())?)
    }

    /// What the back end will never run has failed; what it did not answer is asked again by the next run.
    fn not_deployed(&self, spec: &Spec, step: StepId, error: &adapters::Error) -> Result<(), Failed> {
        let why = redact::text(&in_one_line(error)).into_owned();
        let reason = match error {
            adapters::Error::Refused { .. } | adapters::Error::Misfits { .. } | adapters::Error::Unsupported { .. } => {
                Reason::DeployRefused { revision: spec.revision.to_string(), error: why.clone() }
            }
            adapters::Error::Exhausted { .. } => Reason::Exhausted { units: why.clone() },
            adapters::Error::Unavailable { .. }
            | adapters::Error::NotFound { .. }
            | adapters::Error::InTheWay { .. }
            | adapters::Error::Crossed { .. }
            | adapters::Error::Denied { .. } => return self.fail(step, error),
        };
        self.acting.write("write down that a back end refuses", |change, stamp| {
            if matches!(self.state(), State::Pending | State::Stopped | State::Failed | State::Deploying) {
                workloads::transition(change, self.id(), Event::Fail, &reason, stamp)?;
            }
            self.audit(change, audit::Event::WorkloadDeployed, audit::Outcome::Failed)?;
            Ok(history::end(change, step, Some(&why), stamp.at)?)
        })?;
        Err(Failed::Step(why))
    }

    /// Nobody was asked: no back end can run it, or none may.
    fn refuse(&self, spec: &Spec, why: String) -> Result<(), Failed> {
        let reason = Reason::DeployRefused { revision: spec.revision.to_string(), error: why.clone() };
        self.acting.write("write down that no back end can run a workload", |change, stamp| {
            workloads::restarted(change, self.id())?;
            if self.state() != State::Pending {
                workloads::transition(change, self.id(), Event::Deploy, &self.step.reason, stamp)?;
            }
            workloads::transition(change, self.id(), Event::Fail, &reason, stamp)?;
            self.audit(change, audit::Event::WorkloadDeployed, audit::Outcome::Failed)
        })?;
        Err(Failed::Step(why))
    }

    fn choose(&self, spec: &Spec) -> Result<&'a dyn Adapter, String> {
        self.acting.request.registry.choose(spec).map_err(|lacks| {
            if lacks.is_empty() {
                return "no back end is configured; see `orchestration.adapter`".to_owned();
            }
            let each = lacks.into_iter().map(|(name, misfits)| {
                let misfits: Vec<String> = misfits.iter().map(Misfit::to_string).collect();
                format!("`{name}`: {}", misfits.join("; "))
            });
            each.collect::<Vec<_>>().join(". ")
        })
    }

    /// Tenants do not run as processes of this machine unless the operator says so.
    fn trusted(&self, adapter: &'a dyn Adapter) -> Result<&'a dyn Adapter, String> {
        let isolated = match adapter.capabilities().isolation {
            Isolation::Process => self.acting.request.trust_processes || !self.workload.owner.is_tenant(),
            Isolation::Container | Isolation::Machine => true,
        };
        let name = adapter.name();
        isolated.then_some(adapter).ok_or_else(|| {
            format!(
                "`{name}` runs tenants as processes of this machine, which hardly isolates them; install Podman or \
                 Docker, or set `orchestration.local.allow_untrusted_process: true` and a `process_user` that is not root"
            )
        })
    }

    /// What was asked did not happen, or was undone: asked again, without a change of state.
    pub(super) async fn repair(&self) -> Result<(), Failed> {
        let Some(adapter) = self.adapter()? else { return Ok(()) };
        let step = self.begin(|change, _| self.keep_meters(change, false))?;
        let asked = match self.state() {
            State::Deploying | State::Running => {
                let resumed = if self.observed_paused { adapter.resume(self.target()).await } else { Ok(()) };
                match (resumed, self.workload.has_manifest) {
                    (Ok(()), true) => return self.ask(adapter, &self.spec()?, step).await,
                    (resumed, _) => resumed,
                }
            }
            State::Paused => adapter.pause(self.target()).await,
            State::Pending | State::Stopping | State::Stopped | State::Failed | State::Terminated => {
                adapter.stop(self.target(), self.acting.request.grace).await
            }
        };
        match asked {
            Ok(()) => self.finish(step, |_, _| Ok(())),
            Err(error) => self.fail(step, &error),
        }
    }

    /// Another manifest for what runs. Refused, what runs goes on running.
    pub(super) async fn update(&self) -> Result<(), Failed> {
        let spec = self.spec()?;
        let Some(adapter) = self.adapter()? else { return Ok(()) };
        // Of units that the new revision replaces, or has no more.
        at("workload-update-planned");
        let step = self.begin(|change, _| self.keep_meters(change, true))?;
        at("workload-update-recorded");
        self.ask(adapter, &spec, step).await
    }

    pub(super) async fn resume(&self) -> Result<(), Failed> {
        let Some(adapter) = self.adapter()? else { return Ok(()) };
        at("workload-resume-planned");
        let step = self.begin(|change, stamp| {
            workloads::transition(change, self.id(), Event::Resume, &self.step.reason, stamp)?;
            Ok(())
        })?;
        at("workload-resume-recorded");
        let resumed = adapter.resume(self.target()).await;
        at("workload-resume-done");
        match resumed {
            Ok(()) => self.finish(step, |_, _| Ok(())),
            Err(error) => self.fail(step, &error),
        }
    }
}

fn services(spec: &Spec) -> Vec<(String, u32)> {
    spec.group.services.iter().map(|service| (service.name.clone(), service.count)).collect()
}
