//! Workloads as containers of this machine, through the API of Docker or Podman.
//!
//! # What it makes
//! One container for each instance of each service, a network for each workload, a volume for each mount; all of them
//! named after and labelled with the site, the workload, its owner and its revision. A name that is taken by something
//! without our labels is never touched.
//!
//! # How it holds them
//! Processor, memory (swap included) and processes are limited (rlimits are the engine's own); the root is read-only, all capabilities are
//! dropped, new privileges are not to be had, users can be mapped, the log is bounded. Nothing of the host is mounted.
//!
//! # What it asks
//! One listing for everything it observes, one listing of volumes and the kernel's own meters for everything it samples;
//! where those cannot be read (another PID namespace, a remote engine) Podman's bulk call, never one call a container.
//!
//! # What it does not
//! The size of a volume is counted, not held. With the pull policy `missing`, an image that one tenant pulled with a
//! login can be run by another: strangers are served with `always`, the default.

mod check;
mod create;
mod engine;
mod image;
mod list;
mod logs;
mod meters;
mod users;

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bollard::query_parameters::{
    RemoveContainerOptionsBuilder, RemoveVolumeOptionsBuilder, StopContainerOptionsBuilder,
};
use futures_util::StreamExt;
use tokio::sync::OnceCell;

use super::Site;
use super::cgroup::Cgroups;
use super::machine;
use crate::adapters::{Adapter, Answer, Call, Capacity, Check, Error, LogRequest, LogSink, Operation, Stray, Target};
use crate::domain::usage::Sample;
use crate::domain::workload::health::Checked;
use crate::domain::workload::{Capabilities, Handle, Isolation, Observed, Spec, UnitState, WorkloadId};

pub use users::{NO_RANGES, lacks_ranges, there_are_ranges};

use engine::Engine;
use list::Found;

/// When an image is pulled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pull {
    /// Whenever a container is made of it.
    Always,
    /// When the engine does not have it; always with a login.
    Missing,
    /// Never.
    Never,
}

/// How containers are run.
#[derive(Debug, Clone)]
pub struct Options {
    /// What this back end is called.
    pub name: String,
    /// What is ours on this engine.
    pub site: Site,
    /// The engine's socket.
    pub socket: PathBuf,
    /// When images are pulled.
    pub pull: Pull,
    /// The address at which published ports are taken.
    pub publish: IpAddr,
    /// Writing outside of volumes and /tmp is refused.
    pub read_only_root: bool,
    /// Capabilities that containers keep, as in NET_BIND_SERVICE.
    pub capabilities: Vec<String>,
    /// How users are mapped, as in `auto`; none: each container's to its own, where that is possible.
    pub user_namespace: Option<String>,
    /// Processes of a container, at most.
    pub processes: u32,
    /// Where the kernel's control groups are mounted.
    pub cgroups: PathBuf,
}

/// The back end.
pub struct Container {
    options: Options,
    engine: OnceCell<Engine>,
}

/// How long one call may take that only looks, or changes little.
const PATIENCE: Duration = Duration::from_mins(1);
/// The version of our handles.
const HANDLE: u32 = 1;
/// How many containers of one workload are worked at, at the same time.
const AT_ONCE: usize = 4;

/// Where engines have their sockets.
const SOCKETS: [&str; 3] = ["/var/run/docker.sock", "/run/podman/podman.sock", "/run/docker.sock"];

impl Container {
    /// A back end with these options. Nobody is asked yet.
    pub fn new(options: Options) -> Self {
        Self { options, engine: OnceCell::new() }
    }

    /// The first socket of an engine that this machine has: the user's own Podman, or the machine's engine.
    pub fn find(runtime_folder: Option<&Path>) -> Option<PathBuf> {
        let own = runtime_folder.map(|folder| folder.join("podman/podman.sock"));
        own.into_iter().chain(SOCKETS.map(PathBuf::from)).find(|socket| socket.exists())
    }

    /// Makes an image of a file tree, given as a tar archive: where none can be fetched.
    pub async fn import(&self, image: &str, archive: Vec<u8>) -> Result<(), Error> {
        let call = self.call(Operation::Ensure, None);
        let engine = self.engine(&call).await?;
        image::import(engine, image, archive).await.map_err(|error| error.into_error(&call))
    }

    /// Removes an image. One that is not there is done.
    pub async fn forget(&self, image: &str) -> Result<(), Error> {
        let call = self.call(Operation::Remove, None);
        let engine = self.engine(&call).await?;
        let options = None::<bollard::query_parameters::RemoveImageOptions>;
        let removed = engine::within(engine.docker().remove_image(image, options, None)).await.map(drop);
        engine.absent_is_done(removed).map_err(|error| error.into_error(&call))
    }

    fn call(&self, operation: Operation, workload: Option<&WorkloadId>) -> Call {
        Call { adapter: self.options.name.clone(), operation, workload: workload.cloned() }
    }

    async fn engine(&self, call: &Call) -> Result<&Engine, Error> {
        let connect = || Engine::connect(&self.options.socket);
        self.engine.get_or_try_init(connect).await.map_err(|error| error.into_error(call))
    }

    /// Whether the engine can map users as the operator wants it. Where it cannot, this machine is to blame and no workload: it
    /// is asked again when that is mended.
    fn maps_users(&self, engine: &Engine, call: &Call) -> Result<(), Error> {
        let why = users::cannot(&self.options, engine.is_podman());
        why.map_or(Ok(()), |why| Err(engine::Problem::Unknown(why.into()).into_error(call)))
    }

    /// Our containers of one workload.
    async fn containers(&self, engine: &Engine, call: &Call, id: &WorkloadId) -> Result<Vec<Found>, Error> {
        list::containers(engine, &self.options.site, Some(id)).await.map_err(|error| error.into_error(call))
    }

    async fn ensure_running(&self, spec: &Spec) -> Result<Handle, Error> {
        let call = self.call(Operation::Ensure, Some(&spec.id));
        let misfits = self.capabilities().misfits(spec);
        if !misfits.is_empty() {
            return Err(Error::Misfits { call, misfits });
        }
        let engine = self.engine(&call).await?;
        self.maps_users(engine, &call)?;
        let there = self.containers(engine, &call, &spec.id).await?;
        let planned = create::plan(spec, &self.options, engine);
        let current: Vec<&Found> = there
            .iter()
            .filter(|found| found.revision == spec.revision && planned.iter().any(|unit| unit.is(found)))
            .collect();
        // Everything that can be known to be wrong comes first: what runs goes on running if the image is not to be had.
        for service in &spec.group.services {
            let fresh = planned.iter().filter(|unit| !current.iter().any(|found| unit.is(found)));
            if fresh.into_iter().any(|unit| unit.service == service.name) {
                image::provide(engine, service, self.options.pull).await.map_err(|error| error.into_error(&call))?;
            }
        }
        create::network(engine, spec, &self.options.site).await.map_err(|error| error.into_error(&call))?;
        for old in there.iter().filter(|found| !current.contains(found)) {
            remove_one(engine, old).await.map_err(|error| error.into_error(&call))?;
        }
        let mut work = vec![];
        for unit in &planned {
            let found = current.iter().find(|found| unit.is(found)).copied();
            work.push(self.bring_up(engine, unit, found));
        }
        all(work).await.map_err(|error| error.into_error(&call))?;
        Ok(Handle { version: HANDLE, data: String::new() })
    }

    async fn bring_up(
        &self,
        engine: &Engine,
        unit: &create::PlannedUnit,
        found: Option<&Found>,
    ) -> Result<(), engine::Problem> {
        match found {
            // The engine takes it for running, and would not start it.
            Some(found) if found.is_gone => {
                remove_one(engine, found).await?;
                create::unit(engine, unit, &self.options.site).await
            }
            Some(found) if found.needs_start() => engine.start(&found.id).await,
            Some(_) => Ok(()),
            None => create::unit(engine, unit, &self.options.site).await,
        }
    }

    async fn each(
        &self,
        operation: Operation,
        id: &WorkloadId,
        wanted: impl Fn(&Found) -> bool,
        work: impl AsyncFn(&Engine, &Found) -> Result<(), engine::Problem>,
    ) -> Result<(), Error> {
        let call = self.call(operation, Some(id));
        let engine = self.engine(&call).await?;
        for found in self.containers(engine, &call, id).await?.iter().filter(|found| wanted(found)) {
            work(engine, found).await.map_err(|error| error.into_error(&call))?;
        }
        Ok(())
    }

    async fn stop_all(&self, operation: Operation, id: &WorkloadId, grace: Duration) -> Result<(), Error> {
        let call = self.call(operation, Some(id));
        let engine = self.engine(&call).await?;
        let there = self.containers(engine, &call, id).await?;
        let mut work = vec![];
        for found in there.iter().filter(|found| found.is_alive()) {
            work.push(stop_one(engine, found, grace));
        }
        all(work).await.map_err(|error| error.into_error(&call))
    }

    async fn remove_all(&self, id: &WorkloadId) -> Result<(), Error> {
        let call = self.call(Operation::Remove, Some(id));
        let engine = self.engine(&call).await?;
        for found in self.containers(engine, &call, id).await? {
            remove_one(engine, &found).await.map_err(|error| error.into_error(&call))?;
        }
        let volumes =
            list::volumes(engine, &self.options.site, Some(id)).await.map_err(|error| error.into_error(&call))?;
        for volume in volumes {
            let options = RemoveVolumeOptionsBuilder::new().force(true).build();
            let removed = engine.docker().remove_volume(&volume.name, Some(options)).await;
            engine.absent_is_done(removed).map_err(|error| error.into_error(&call))?;
        }
        create::remove_network(engine, id, &self.options.site).await.map_err(|error| error.into_error(&call))
    }
}

/// Some pieces of work at the same time; the first that fails ends it.
async fn all(work: Vec<impl Future<Output = Result<(), engine::Problem>>>) -> Result<(), engine::Problem> {
    let mut work = futures_util::stream::iter(work).buffer_unordered(AT_ONCE);
    while let Some(done) = work.next().await {
        done?;
    }
    Ok(())
}

async fn remove_one(engine: &Engine, found: &Found) -> Result<(), engine::Problem> {
    let options = RemoveContainerOptionsBuilder::new().force(true).v(false).build();
    engine.absent_is_done(engine.docker().remove_container(&found.id, Some(options)).await)
}

async fn stop_one(engine: &Engine, found: &Found, grace: Duration) -> Result<(), engine::Problem> {
    if found.state == UnitState::Paused {
        engine.absent_is_done(engine.docker().unpause_container(&found.id).await)?;
    }
    let seconds = i32::try_from(grace.as_secs()).unwrap_or(i32::MAX);
    let options = StopContainerOptionsBuilder::new().t(seconds).build();
    let late = grace.saturating_add(PATIENCE);
    match tokio::time::timeout(late, engine.docker().stop_container(&found.id, Some(options))).await {
        Ok(stopped) => engine.absent_is_done(stopped),
        Err(_) => Err(engine::Problem::late(late)),
    }
}

impl Adapter for Container {
    fn name(&self) -> &str {
        &self.options.name
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            isolation: Isolation::Container,
            images: true,
            pause: true,
            logs: true,
            follow: true,
            port_mapping: true,
            mounts: true,
            persistent: true,
            gpus: false,
            leased_ips: false,
            network_checks: true,
            command_checks: true,
            registry_logins: true,
            network_usage: true,
        }
    }

    fn probe(&self) -> Answer<'_, Capacity> {
        Box::pin(async move {
            let call = self.call(Operation::Probe, None);
            let engine = self.engine(&call).await?;
            self.maps_users(engine, &call)?;
            let root = engine.root().await.map_err(|error| error.into_error(&call))?;
            Ok(machine::capacity(&root))
        })
    }

    fn ensure<'a>(&'a self, spec: &'a Spec) -> Answer<'a, Handle> {
        Box::pin(self.ensure_running(spec))
    }

    fn observe(&self) -> Answer<'_, Vec<Observed>> {
        Box::pin(async move {
            let call = self.call(Operation::Observe, None);
            let engine = self.engine(&call).await?;
            let found = list::containers(engine, &self.options.site, None).await;
            Ok(list::workloads(found.map_err(|error| error.into_error(&call))?, HANDLE))
        })
    }

    fn strays(&self) -> Answer<'_, Vec<Stray>> {
        Box::pin(async move {
            let call = self.call(Operation::Observe, None);
            let engine = self.engine(&call).await?;
            list::strays(engine, &self.options.site).await.map_err(|error| error.into_error(&call))
        })
    }

    fn sample(&self) -> Answer<'_, Vec<Sample>> {
        Box::pin(async move {
            let call = self.call(Operation::Sample, None);
            let engine = self.engine(&call).await?;
            let cgroups = Cgroups::at(&self.options.cgroups);
            meters::sample(engine, &self.options.site, cgroups.as_ref()).await.map_err(|error| error.into_error(&call))
        })
    }

    fn logs<'a>(&'a self, target: Target<'a>, wanted: &'a LogRequest, sink: LogSink<'a>) -> Answer<'a, ()> {
        Box::pin(async move {
            let call = self.call(Operation::Logs, Some(target.id));
            let engine = self.engine(&call).await?;
            let there = self.containers(engine, &call, target.id).await?;
            if there.is_empty() {
                return Err(Error::NotFound { call });
            }
            logs::read(engine, &there, wanted, sink).await.map_err(|error| error.into_error(&call))
        })
    }

    fn pause<'a>(&'a self, target: Target<'a>) -> Answer<'a, ()> {
        Box::pin(self.each(
            Operation::Pause,
            target.id,
            |found| found.state == UnitState::Running,
            async |engine, found| engine.absent_is_done(engine.docker().pause_container(&found.id).await),
        ))
    }

    fn resume<'a>(&'a self, target: Target<'a>) -> Answer<'a, ()> {
        Box::pin(self.each(
            Operation::Resume,
            target.id,
            |found| found.state == UnitState::Paused,
            async |engine, found| engine.absent_is_done(engine.docker().unpause_container(&found.id).await),
        ))
    }

    fn stop<'a>(&'a self, target: Target<'a>, grace: Duration) -> Answer<'a, ()> {
        Box::pin(self.stop_all(Operation::Stop, target.id, grace))
    }

    fn remove<'a>(&'a self, target: Target<'a>) -> Answer<'a, ()> {
        Box::pin(self.remove_all(target.id))
    }

    fn check<'a>(&'a self, check: Check<'a>) -> Answer<'a, Checked> {
        Box::pin(async move {
            let call = self.call(Operation::Check, Some(check.workload.id));
            let engine = self.engine(&call).await?;
            let there = self.containers(engine, &call, check.workload.id).await?;
            let found = there.iter().find(|found| found.service == check.service && found.replica == check.replica);
            let found = found.ok_or_else(|| Error::NotFound { call: call.clone() })?;
            let network = create::network_name(&self.options.site, check.workload.id);
            check::run(engine, found, &network, check).await.map_err(|error| error.into_error(&call))
        })
    }
}
