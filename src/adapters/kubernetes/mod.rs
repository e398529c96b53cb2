//! A Kubernetes cluster as a back end.
//!
//! One namespace for each workload. Labels and annotations say what is whose, so that an empty state file can be filled
//! from the cluster. Objects are applied server-side under our own field manager; nothing is rolled back by hand: apply,
//! observe, converge.
//!
//! - [`options`]: what the operator says.
//! - `names`: namespaces, labels, annotations.
//! - `render`: a workload as objects, purely.
//! - `cluster`: the API, bounded in time, lists in pages.
//! - `act`: apply, hold, end, remove.
//! - `observe`, `reason`: one list of each kind as workloads; what a pod's status means.
//! - `access`: what we must be allowed to do, and whether we are.
//! - `capacity`, `meters`, `logs`: what nodes have, what pods use and say.

mod access;
mod act;
mod capacity;
mod cluster;
mod logs;
mod meters;
mod names;
mod observe;
pub mod options;
mod reason;
mod render;

use std::future::Future;
use std::time::{Duration, Instant};

use k8s_openapi::api::core::v1::{Namespace, Node, Pod};
use tokio::sync::{Mutex, OnceCell};

use self::cluster::{Cluster, Problem};
use self::names::label;
use self::observe::Lists;
use super::{Adapter, Answer, Call, Capacity, Check, Error, LogRequest, LogSink, Operation, Stray, Target};
use crate::domain::usage::Sample;
use crate::domain::workload::health::Checked;
use crate::domain::workload::{Capabilities, Handle, Isolation, Observed, Spec, WorkloadId};

pub use access::rbac;
pub use options::Options;

/// The back end.
pub struct Kubernetes {
    options: Options,
    cluster: OnceCell<Cluster>,
    found: Mutex<Option<Found>>,
}

/// What the checks of all units found, as it was read last.
struct Found {
    at: Instant,
    by_unit: observe::ByUnit,
}

/// For how long what checks found is believed: a run asks for many of them, one after the other.
const FRESH: Duration = Duration::from_secs(5);

/// What of a pod says how it is.
fn slim(pod: &mut Pod) {
    pod.spec = None;
}

impl Kubernetes {
    /// A back end with these options. Nobody is asked yet.
    pub fn new(options: Options) -> Self {
        Self { options, cluster: OnceCell::new(), found: Mutex::new(None) }
    }

    fn call(&self, operation: Operation, workload: Option<&WorkloadId>) -> Call {
        Call { adapter: self.options.name.clone(), operation, workload: workload.cloned() }
    }

    /// Which of the permissions that [`rbac`] lists are missing, in words: `create deployments.apps`.
    pub async fn missing_permissions(&self) -> Result<Vec<String>, Error> {
        self.work(Operation::Probe, None, async { access::missing(self.cluster().await?).await }).await
    }

    async fn cluster(&self) -> Result<&Cluster, Problem> {
        let manager = names::field_manager(&self.options);
        self.cluster.get_or_try_init(|| Cluster::connect(&self.options.access, manager)).await
    }

    /// A piece of work, with its problems in the words of every back end.
    async fn work<T>(
        &self,
        operation: Operation,
        workload: Option<&WorkloadId>,
        work: impl Future<Output = Result<T, Problem>> + Send,
    ) -> Result<T, Error> {
        work.await.map_err(|problem| problem.into_error(&self.call(operation, workload)))
    }
}

/// One list of each kind.
async fn lists(cluster: &Cluster, options: &Options) -> Result<Lists, Problem> {
    let selector = names::selector(options);
    let (namespaces, deployments, stateful_sets, pods, services) = tokio::try_join!(
        cluster.all(&selector, |_| ()),
        cluster.all(&selector, |deployment: &mut k8s_openapi::api::apps::v1::Deployment| deployment.spec = None),
        cluster.all(&selector, |set: &mut k8s_openapi::api::apps::v1::StatefulSet| set.spec = None),
        cluster.all(&selector, slim),
        cluster.all(&selector, |_| ()),
    )?;
    Ok(Lists { namespaces, deployments, stateful_sets, pods, services })
}

impl Adapter for Kubernetes {
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
            gpus: true,
            leased_ips: self.options.network.load_balancer_class.is_some(),
            network_checks: true,
            command_checks: true,
            registry_logins: true,
            network_usage: true,
        }
    }

    fn probe(&self) -> Answer<'_, Capacity> {
        Box::pin(self.work(Operation::Probe, None, async move {
            let (cluster, options) = (self.cluster().await?, &self.options);
            let slim = |pod: &mut Pod| {
                let Some(spec) = &mut pod.spec else { return };
                spec.volumes = None;
                spec.affinity = None;
                spec.tolerations = None;
            };
            let (nodes, pods): (Vec<Node>, Vec<Pod>) =
                tokio::try_join!(cluster.all("", |_| ()), cluster.all("", slim))?;
            Ok(capacity::of_cluster(options, &nodes, &pods))
        }))
    }

    fn ensure<'a>(&'a self, spec: &'a Spec) -> Answer<'a, Handle> {
        Box::pin(async move {
            let misfits = self.capabilities().misfits(spec);
            if !misfits.is_empty() {
                return Err(Error::Misfits { call: self.call(Operation::Ensure, Some(&spec.id)), misfits });
            }
            self.work(
                Operation::Ensure,
                Some(&spec.id),
                Box::pin(async move {
                    let (cluster, options) = (self.cluster().await?, &self.options);
                    act::ensure(cluster, options, spec).await?;
                    Ok(Handle { version: observe::HANDLE, data: String::new() })
                }),
            )
            .await
        })
    }

    fn observe(&self) -> Answer<'_, Vec<Observed>> {
        Box::pin(self.work(Operation::Observe, None, async move {
            let (cluster, options) = (self.cluster().await?, &self.options);
            let lists = lists(cluster, options).await?;
            let by_unit = observe::checks(options, &lists.pods);
            *self.found.lock().await = Some(Found { at: Instant::now(), by_unit });
            Ok(observe::workloads(options, &lists))
        }))
    }

    fn strays(&self) -> Answer<'_, Vec<Stray>> {
        Box::pin(self.work(Operation::Observe, None, async move {
            let (cluster, options) = (self.cluster().await?, &self.options);
            let namespaces: Vec<Namespace> = cluster.all(&names::selector(options), |_| ()).await?;
            Ok(observe::strays(options, &namespaces))
        }))
    }

    fn sample(&self) -> Answer<'_, Vec<Sample>> {
        Box::pin(self.work(Operation::Sample, None, async move {
            let (cluster, options) = (self.cluster().await?, &self.options);
            let pods = cluster.all(&names::selector(options), |_| ()).await?;
            meters::sample(cluster, options, &pods).await
        }))
    }

    fn logs<'a>(&'a self, target: Target<'a>, wanted: &'a LogRequest, sink: LogSink<'a>) -> Answer<'a, ()> {
        Box::pin(self.work(Operation::Logs, Some(target.id), async move {
            let (cluster, options) = (self.cluster().await?, &self.options);
            let selector = format!("{},{}={}", names::selector(options), label::WORKLOAD, target.id);
            let namespace = names::namespace(options, target.id);
            let pods = cluster.here::<Pod>(&namespace, &selector).await?;
            logs::read(cluster, &namespace, &pods, wanted, sink).await
        }))
    }

    fn pause<'a>(&'a self, target: Target<'a>) -> Answer<'a, ()> {
        Box::pin(self.work(Operation::Pause, Some(target.id), async move {
            let (cluster, options) = (self.cluster().await?, &self.options);
            act::pause(cluster, options, target.id).await
        }))
    }

    fn resume<'a>(&'a self, target: Target<'a>) -> Answer<'a, ()> {
        Box::pin(self.work(Operation::Resume, Some(target.id), async move {
            let (cluster, options) = (self.cluster().await?, &self.options);
            act::resume(cluster, options, target.id).await
        }))
    }

    fn stop<'a>(&'a self, target: Target<'a>, grace: Duration) -> Answer<'a, ()> {
        Box::pin(self.work(Operation::Stop, Some(target.id), async move {
            let (cluster, options) = (self.cluster().await?, &self.options);
            act::stop(cluster, options, target.id, grace).await
        }))
    }

    fn remove<'a>(&'a self, target: Target<'a>) -> Answer<'a, ()> {
        Box::pin(self.work(Operation::Remove, Some(target.id), async move {
            let (cluster, options) = (self.cluster().await?, &self.options);
            act::remove(cluster, options, target.id).await
        }))
    }

    fn check<'a>(&'a self, check: Check<'a>) -> Answer<'a, Checked> {
        Box::pin(self.work(Operation::Check, Some(check.workload.id), async move {
            // The nodes make the checks; one list says what all of them found.
            let mut found = self.found.lock().await;
            if found.as_ref().is_none_or(|found| found.at.elapsed() > FRESH) {
                let cluster = self.cluster().await?;
                let pods: Vec<Pod> = cluster.all(&names::selector(&self.options), slim).await?;
                *found = Some(Found { at: Instant::now(), by_unit: observe::checks(&self.options, &pods) });
            }
            let unit = (check.workload.id.clone(), check.service.to_owned(), check.replica);
            let told = found.as_ref().and_then(|found| found.by_unit.get(&unit).cloned());
            let (healthy, detail) = told.unwrap_or_else(|| (false, "it has no pod".to_owned()));
            let service = check.service.to_owned();
            Ok(Checked { service, replica: check.replica, kind: check.probe.word(), healthy, detail })
        }))
    }
}
