//! The cluster's API: connected to once, each request bounded in time, lists in pages.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::future::Future;
use std::time::Duration;

use k8s_openapi::NamespaceResourceScope;
use kube::api::{Api, DeleteParams, ListParams, Patch, PatchParams, Preconditions, PropagationPolicy};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::core::Status;
use kube::{Client, Config, Resource};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::options::Access;
use super::reason;
use crate::adapters::{Call, Error};

/// How often a list is begun anew whose pages expired while they were read.
const BEGINNINGS: usize = 3;
/// The longest that a cluster that asks for patience is waited for within a request.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why a request did not do what it was for.
#[derive(Debug, thiserror::Error)]
pub(super) enum Problem {
    /// The cluster, or what is between it and us, says no, or says nothing that can be understood.
    #[error(transparent)]
    Kube(#[from] kube::Error),
    /// The configuration of the access cannot be used.
    #[error("the cluster's access cannot be used: {0}")]
    Access(String),
    /// It did not answer.
    #[error("no answer in {} s", .0.as_secs())]
    Slow(Duration),
    /// A list expired again and again while it was read.
    #[error("the list of {0} expired again and again while it was read")]
    Expired(String),
    /// A namespace is still ending.
    #[error("namespace {name} is still ending{}", after(why))]
    Ending { name: String, why: String },
    /// It is not ready for this yet.
    #[error("{0}")]
    Unready(String),
    /// It will never do this.
    #[error("{0}")]
    Refused(String),
    /// Something that is not ours is where we want to be.
    #[error("{0} is not ours")]
    InTheWay(String),
}

fn after(why: &str) -> String {
    if why.is_empty() { String::new() } else { format!(": {why}") }
}

impl Problem {
    /// The cluster's own answer, where there is one.
    fn status(&self) -> Option<&Status> {
        match self {
            Self::Kube(kube::Error::Api(status)) => Some(status),
            _ => None,
        }
    }

    /// The number of the cluster's answer.
    pub(super) fn code(&self) -> Option<u16> {
        self.status().map(|status| status.code)
    }

    /// In the words of every back end.
    pub(super) fn into_error(self, call: &Call) -> Error {
        let call = call.clone();
        match self {
            Self::Refused(reason) => Error::Refused { call, reason },
            Self::InTheWay(what) => Error::InTheWay { call, what },
            other => match other.status() {
                // A namespace that is ending takes nothing new: not denied, only too early.
                Some(status) if is_ending(status) => Error::Unavailable { call, source: Box::new(other) },
                Some(status) if matches!(status.code, 401 | 403) => Error::Denied { call, source: Box::new(other) },
                Some(status) if status.code == 404 => Error::NotFound { call },
                Some(status) if status.code == 409 => Error::Crossed { call, source: Box::new(other) },
                Some(status) if matches!(status.code, 400 | 413 | 415 | 422) => {
                    Error::Refused { call, reason: reason::text(&status.message) }
                }
                Some(_) | None => Error::Unavailable { call, source: Box::new(other) },
            },
        }
    }
}

fn is_ending(status: &Status) -> bool {
    let causes = status.details.iter().flat_map(|details| &details.causes);
    causes.into_iter().any(|cause| cause.reason == "NamespaceTerminating")
}

/// An object of one namespace, as the cluster's client wants it.
pub(super) trait Object:
    Resource<DynamicType = (), Scope = NamespaceResourceScope> + Clone + Debug + DeserializeOwned + Serialize + Send + Sync
{
}

impl<K> Object for K where
    K: Resource<DynamicType = (), Scope = NamespaceResourceScope>
        + Clone
        + Debug
        + DeserializeOwned
        + Serialize
        + Send
        + Sync
{
}

/// A connection.
#[derive(Clone)]
pub(super) struct Cluster {
    client: Client,
    timeout: Duration,
    page: u32,
    manager: String,
}

impl Cluster {
    /// Reads the access; asks nobody yet.
    pub(super) async fn connect(access: &Access, manager: String) -> Result<Self, Problem> {
        let wrong = |error: &dyn std::error::Error| Problem::Access(reason::text(&error.to_string()));
        let mut config = match &access.kubeconfig {
            Some(path) => {
                let file = Kubeconfig::read_from(path).map_err(|error| wrong(&error))?;
                let options = KubeConfigOptions { context: access.context.clone(), ..KubeConfigOptions::default() };
                Config::from_custom_kubeconfig(file, &options).await.map_err(|error| wrong(&error))?
            }
            None => Config::incluster().map_err(|error| wrong(&error))?,
        };
        config.connect_timeout = Some(access.timeout);
        // Followed output may be silent for long; everything else is bounded by `within`.
        config.read_timeout = None;
        config.write_timeout = Some(access.timeout);
        // The timer is the retry; what the cluster itself asks for is heeded here.
        config.default_retry = false;
        let client = Client::try_from(config)?;
        Ok(Self { client, timeout: access.timeout, page: access.page, manager })
    }

    pub(super) const fn client(&self) -> &Client {
        &self.client
    }

    /// One request, bounded in time. A cluster that is too busy and says for how long is asked once more.
    pub(super) async fn within<T, F>(&self, request: impl Fn() -> F) -> Result<T, Problem>
    where
        F: Future<Output = kube::Result<T>>,
    {
        let mut patient = true;
        loop {
            let answer = tokio::time::timeout(self.timeout, request()).await;
            let problem = match answer {
                Ok(Ok(answer)) => return Ok(answer),
                Ok(Err(error)) => Problem::Kube(error),
                Err(_) => return Err(Problem::Slow(self.timeout)),
            };
            let Some(pause) = problem.status().and_then(pause).filter(|pause| patient && *pause <= PATIENCE) else {
                return Err(problem);
            };
            tokio::time::sleep(pause).await;
            patient = false;
        }
    }

    /// Everything of one kind in all namespaces that a selector selects, page by page; `trim` takes off each object what
    /// is not looked at, before the next page comes.
    pub(super) async fn all<K>(&self, selector: &str, trim: fn(&mut K)) -> Result<Vec<K>, Problem>
    where
        K: Resource<DynamicType = ()> + Clone + Debug + DeserializeOwned,
    {
        self.pages(&Api::<K>::all(self.client.clone()), selector, trim).await
    }

    /// The same in one namespace.
    pub(super) async fn here<K: Object>(&self, namespace: &str, selector: &str) -> Result<Vec<K>, Problem> {
        self.pages(&Api::<K>::namespaced(self.client.clone(), namespace), selector, |_| ()).await
    }

    async fn pages<K>(&self, api: &Api<K>, selector: &str, trim: fn(&mut K)) -> Result<Vec<K>, Problem>
    where
        K: Resource<DynamicType = ()> + Clone + Debug + DeserializeOwned,
    {
        'anew: for _ in 0..BEGINNINGS {
            let mut objects = vec![];
            let mut token: Option<String> = None;
            loop {
                let mut wanted = ListParams::default().labels(selector).limit(self.page);
                wanted.continue_token.clone_from(&token);
                let page = match self.within(|| api.list(&wanted)).await {
                    // Half a list is no list: what is not in it would look absent.
                    Err(problem) if problem.code() == Some(410) && token.is_some() => continue 'anew,
                    other => other?,
                };
                token = page.metadata.continue_.filter(|token| !token.is_empty());
                objects.extend(page.items.into_iter().map(|mut object| {
                    object.meta_mut().managed_fields = None;
                    trim(&mut object);
                    object
                }));
                if token.is_none() {
                    return Ok(objects);
                }
            }
        }
        Err(Problem::Expired(K::plural(&()).into_owned()))
    }

    /// An object, if it is there.
    pub(super) async fn find<K>(&self, api: &Api<K>, name: &str) -> Result<Option<K>, Problem>
    where
        K: Clone + Debug + DeserializeOwned,
    {
        self.within(|| api.get_opt(name)).await
    }

    /// Makes an object what it should be, whatever others made of the fields that are ours.
    pub(super) async fn apply<K>(&self, api: &Api<K>, object: &K) -> Result<K, Problem>
    where
        K: Resource<DynamicType = ()> + Clone + Debug + DeserializeOwned + Serialize,
    {
        let name = object.meta().name.clone().unwrap_or_default();
        let how = PatchParams::apply(&self.manager).force();
        let patch = Patch::Apply(object);
        self.within(|| api.patch(&name, &how, &patch)).await
    }

    /// Changes some fields of an object; `false` where it is absent.
    pub(super) async fn change<K>(&self, api: &Api<K>, name: &str, fields: &serde_json::Value) -> Result<bool, Problem>
    where
        K: Clone + Debug + DeserializeOwned,
    {
        let how = PatchParams { field_manager: Some(self.manager.clone()), ..PatchParams::default() };
        let patch = Patch::Merge(fields);
        match self.within(|| api.patch(name, &how, &patch)).await {
            Ok(_) => Ok(true),
            Err(problem) if problem.code() == Some(404) => Ok(false),
            Err(problem) => Err(problem),
        }
    }

    /// Deletes the very object that was seen; one that is absent, or another of its name, is not touched.
    pub(super) async fn delete<K>(&self, api: &Api<K>, object: &K, policy: PropagationPolicy) -> Result<(), Problem>
    where
        K: Resource<DynamicType = ()> + Clone + Debug + DeserializeOwned,
    {
        let name = object.meta().name.clone().unwrap_or_default();
        let how = DeleteParams {
            propagation_policy: Some(policy),
            preconditions: Some(Preconditions { uid: object.meta().uid.clone(), resource_version: None }),
            ..DeleteParams::default()
        };
        match self.within(|| api.delete(&name, &how)).await {
            Ok(_) => Ok(()),
            // Gone, or another one by now.
            Err(problem) if matches!(problem.code(), Some(404 | 409)) => Ok(()),
            Err(problem) => Err(problem),
        }
    }

    /// Deletes what of one kind in a namespace is ours and not wanted any more.
    pub(super) async fn prune<K: Object>(
        &self,
        namespace: &str,
        selector: &str,
        wanted: &BTreeSet<String>,
    ) -> Result<(), Problem> {
        let api = Api::<K>::namespaced(self.client.clone(), namespace);
        for object in self.here::<K>(namespace, selector).await? {
            if !object.meta().name.as_ref().is_some_and(|name| wanted.contains(name)) {
                self.delete(&api, &object, PropagationPolicy::Background).await?;
            }
        }
        Ok(())
    }
}

/// How long the cluster asks to be left alone.
fn pause(status: &Status) -> Option<Duration> {
    let asked = status.details.as_ref().map(|details| u64::from(details.retry_after_seconds));
    (status.code == 429).then(|| Duration::from_secs(asked.unwrap_or(1).max(1)))
}
