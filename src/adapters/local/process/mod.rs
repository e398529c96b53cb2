//! Workloads as processes of this machine, for machines without a container engine.
//!
//! # What it is
//! Each workload has a folder and a supervisor: this program once more (`provider process-supervisor FOLDER`), in a
//! session of its own, that starts the manifest's commands, keeps their output, and does what it is told over a socket
//! in its folder. It outlives the job that started it: as a transient systemd unit where systemd runs, else in control
//! groups of its own.
//!
//! ```text
//! ROOT/SITE/WORKLOAD/
//! ├── plan.json      what to run: commands, environment, limits     0600
//! ├── status.json    how each unit is; written by the supervisor
//! ├── lock           held while the supervisor lives
//! ├── control.sock   takes ping, start, pause, resume, stop
//! ├── log/           web-0.log and the file before it, bounded
//! └── work/web-0/    the unit's working folder
//! ```
//!
//! # What it promises
//! Nothing of a tenant goes through a shell. Limits of processor, memory and processes are held by control groups where
//! they can be made, else memory, file size and processes are held by rlimits. When the supervisor dies, the units die
//! with it. The environment is the manifest's and nothing of ours.
//!
//! # What it does not
//! It isolates little: units see the machine's files and network, and each other, as far as their account may. Whoever
//! sells this way to strangers sells the machine. It is refused for leases unless the configuration allows it.

mod carrier;
mod client;
mod folder;
mod launch;
mod meters;
mod output;
mod plan;
mod supervisor;

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::Site;
use super::cgroup::Cgroups;
use super::{machine, reach};
use crate::adapters::{Adapter, Answer, Call, Capacity, Check, Error, LogRequest, LogSink, Operation, Target};
use crate::domain::usage::Sample;
use crate::domain::workload::health::Checked;
use crate::domain::workload::{Capabilities, Handle, Isolation, Observed, Probe, Spec, WorkloadId};

pub use carrier::Carrier;
pub use launch::{LaunchError, launch};
pub use supervisor::{SupervisorError, supervise};

use client::Ask;
use folder::Folder;

/// How processes are run.
#[derive(Debug, Clone)]
pub struct Options {
    /// What this back end is called.
    pub name: String,
    /// What is ours on this machine.
    pub site: Site,
    /// The folder of all workloads; made when it is missing, for the owner alone.
    pub root: PathBuf,
    /// The program that supervises: this one.
    pub program: PathBuf,
    /// What carries supervisors.
    pub carrier: Carrier,
    /// Where control groups are mounted; none does without.
    pub cgroups: Option<PathBuf>,
    /// The account that units run under; none is our own.
    pub account: Option<Account>,
}

/// An account of this machine, by its numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Account {
    /// The user.
    pub uid: u32,
    /// The group.
    pub gid: u32,
}

/// The back end.
#[derive(Debug)]
pub struct Process {
    options: Options,
}

impl Options {
    /// What our control groups and transient units begin with: the site, and the folder, for two providers on one machine
    /// may have forgotten to call their sites differently.
    fn place(&self) -> String {
        let hash = crate::domain::hex::encode(&Sha256::digest(self.root.as_os_str().as_encoded_bytes()));
        format!("{}-{}", self.site.as_str(), hash.get(..8).unwrap_or_default())
    }
}

/// How long a supervisor may take to begin, and to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// The version of our handles.
const HANDLE: u32 = 1;

impl Process {
    /// A back end with these options. Nothing is touched yet.
    pub const fn new(options: Options) -> Self {
        Self { options }
    }

    fn cgroups(&self) -> Option<Cgroups> {
        self.cgroup_root().as_deref().and_then(Cgroups::at)
    }

    /// Where units get groups of their own: systemd does not let others make groups beside its units.
    fn cgroup_root(&self) -> Option<PathBuf> {
        match self.options.carrier {
            Carrier::Own => self.options.cgroups.clone(),
            Carrier::System | Carrier::User => None,
        }
    }

    fn folder(&self, id: &WorkloadId) -> Folder {
        Folder::of(&self.options.root, &self.options.site, id)
    }

    fn call(&self, operation: Operation, workload: Option<&WorkloadId>) -> Call {
        Call { adapter: self.options.name.clone(), operation, workload: workload.cloned() }
    }

    fn lost(&self, operation: Operation, workload: Option<&WorkloadId>) -> impl Fn(io::Error) -> Error {
        let call = self.call(operation, workload);
        move |source| {
            let call = call.clone();
            match source.kind() {
                io::ErrorKind::PermissionDenied => Error::Denied { call, source: source.into() },
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                    Error::Exhausted { call, reason: source.to_string() }
                }
                _ => Error::Unavailable { call, source: source.into() },
            }
        }
    }

    async fn ensure_running(&self, spec: &Spec) -> Result<Handle, Error> {
        let call = || self.call(Operation::Ensure, Some(&spec.id));
        let misfits = self.capabilities().misfits(spec);
        if !misfits.is_empty() {
            return Err(Error::Misfits { call: call(), misfits });
        }
        let lost = self.lost(Operation::Ensure, Some(&spec.id));
        let folder = self.folder(&spec.id);
        let plan = plan::Plan::of(spec, self.options.place(), self.options.account, self.cgroup_root());
        let present = folder.plan().map_err(&lost)?;
        if present.as_ref().is_some_and(|present| *present != plan) {
            client::end(&folder, Duration::from_secs(10)).await.map_err(&lost)?;
        }
        if present.as_ref() != Some(&plan) {
            folder.make(&plan).map_err(&lost)?;
        }
        // A supervisor that has just seen its last unit end may go while it is asked.
        for _ in 0..3 {
            if folder.is_supervised().map_err(&lost)? && client::ask(&folder, &Ask::Start, PATIENCE).await.is_ok() {
                return Ok(Handle { version: HANDLE, data: String::new() });
            }
            if !folder.is_supervised().map_err(&lost)? {
                let before = folder.status().map_err(&lost)?;
                self.options.carrier.start(&self.options, &spec.id, &plan, folder.path()).await.map_err(&lost)?;
                client::await_begun(&folder, before.as_ref(), PATIENCE).await.map_err(&lost)?;
                return Ok(Handle { version: HANDLE, data: String::new() });
            }
        }
        Err(lost(io::Error::new(io::ErrorKind::TimedOut, "its supervisor does not answer")))
    }

    async fn tell(&self, operation: Operation, id: &WorkloadId, ask: Ask) -> Result<(), Error> {
        let lost = self.lost(operation, Some(id));
        let folder = self.folder(id);
        if !folder.is_supervised().map_err(&lost)? {
            return Ok(());
        }
        client::ask(&folder, &ask, PATIENCE).await.map_err(lost)
    }

    fn observe_all(&self) -> Result<Vec<Observed>, Error> {
        let lost = self.lost(Operation::Observe, None);
        let folders = Folder::all(&self.options.root, &self.options.site).map_err(&lost)?;
        let mut observed = vec![];
        for folder in folders {
            observed.extend(folder.observe(HANDLE).map_err(&lost)?);
        }
        Ok(observed)
    }

    async fn checked(&self, check: Check<'_>) -> Result<Checked, Error> {
        let lost = self.lost(Operation::Check, Some(check.workload.id));
        let folder = self.folder(check.workload.id);
        let plan = folder.plan().map_err(&lost)?;
        let unit = plan.as_ref().and_then(|plan| plan.unit(check.service, check.replica));
        let Some(unit) = unit else {
            return Err(Error::NotFound { call: self.call(Operation::Check, Some(check.workload.id)) });
        };
        let here = |port: &u16| std::net::SocketAddr::from((std::net::Ipv4Addr::LOCALHOST, *port));
        let (healthy, detail) = match check.probe {
            Probe::Http { port, path } => reach::http(here(port), path, check.timeout).await,
            Probe::Tcp { port } => reach::tcp(here(port), check.timeout).await,
            Probe::Command { command } => {
                launch::check(&self.options.program, folder.path(), &unit.name(), command, check.timeout).await
            }
        };
        let service = check.service.to_owned();
        Ok(Checked { service, replica: check.replica, kind: check.probe.word(), healthy, detail })
    }
}

impl Adapter for Process {
    fn name(&self) -> &str {
        &self.options.name
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            isolation: Isolation::Process,
            images: false,
            pause: true,
            logs: true,
            follow: true,
            port_mapping: false,
            mounts: false,
            persistent: false,
            gpus: false,
            leased_ips: false,
            network_checks: true,
            command_checks: true,
            registry_logins: false,
            network_usage: false,
        }
    }

    fn probe(&self) -> Answer<'_, Capacity> {
        Box::pin(async move {
            folder::private(&self.options.root).map_err(self.lost(Operation::Probe, None))?;
            Ok(machine::capacity(&self.options.root))
        })
    }

    fn ensure<'a>(&'a self, spec: &'a Spec) -> Answer<'a, Handle> {
        Box::pin(self.ensure_running(spec))
    }

    fn observe(&self) -> Answer<'_, Vec<Observed>> {
        Box::pin(std::future::ready(self.observe_all()))
    }

    fn missing_place(&self) -> Option<String> {
        let place = self.options.root.join(self.options.site.as_str());
        (!place.is_dir()).then(|| place.display().to_string())
    }

    fn sample(&self) -> Answer<'_, Vec<Sample>> {
        let lost = self.lost(Operation::Sample, None);
        let folders = Folder::all(&self.options.root, &self.options.site);
        let samples = folders.and_then(|folders| meters::sample(&folders, self.cgroups().as_ref()));
        Box::pin(std::future::ready(samples.map_err(lost)))
    }

    fn logs<'a>(&'a self, target: Target<'a>, wanted: &'a LogRequest, sink: LogSink<'a>) -> Answer<'a, ()> {
        Box::pin(async move {
            let folder = self.folder(target.id);
            let lost = self.lost(Operation::Logs, Some(target.id));
            let Some(plan) = folder.plan().map_err(&lost)? else {
                return Err(Error::NotFound { call: self.call(Operation::Logs, Some(target.id)) });
            };
            output::read(&folder, &plan, wanted, sink).await.map_err(lost)
        })
    }

    fn pause<'a>(&'a self, target: Target<'a>) -> Answer<'a, ()> {
        Box::pin(self.tell(Operation::Pause, target.id, Ask::Pause))
    }

    fn resume<'a>(&'a self, target: Target<'a>) -> Answer<'a, ()> {
        Box::pin(self.tell(Operation::Resume, target.id, Ask::Resume))
    }

    fn stop<'a>(&'a self, target: Target<'a>, grace: Duration) -> Answer<'a, ()> {
        Box::pin(async move {
            let lost = self.lost(Operation::Stop, Some(target.id));
            client::end(&self.folder(target.id), grace).await.map_err(lost)
        })
    }

    fn remove<'a>(&'a self, target: Target<'a>) -> Answer<'a, ()> {
        Box::pin(async move {
            let lost = self.lost(Operation::Remove, Some(target.id));
            let folder = self.folder(target.id);
            client::end(&folder, Duration::ZERO).await.map_err(&lost)?;
            if let (Some(plan), Some(cgroups)) = (folder.plan().map_err(&lost)?, self.cgroups()) {
                let group = cgroups.group(&plan.group());
                group.remove().map_err(&lost)?;
            }
            folder.remove().map_err(lost)
        })
    }

    fn check<'a>(&'a self, check: Check<'a>) -> Answer<'a, Checked> {
        Box::pin(self.checked(check))
    }
}
