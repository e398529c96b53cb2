//! What the engine has of ours: one listing for all.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;

use jiff::Timestamp;
use serde::Deserialize;

use super::engine::{Engine, Problem};
use crate::adapters::Stray;
use crate::adapters::local::Site;
use crate::domain::manifest::Protocol;
use crate::domain::workload::{Endpoint, Handle, Observed, Owner, Revision, Unit, UnitState, WorkloadId};

/// The labels of everything that is ours.
pub(super) mod label {
    pub(in super::super) const SITE: &str = "provider.site";
    pub(in super::super) const WORKLOAD: &str = "provider.workload";
    pub(in super::super) const OWNER: &str = "provider.owner";
    pub(in super::super) const REVISION: &str = "provider.revision";
    pub(in super::super) const SERVICE: &str = "provider.service";
    pub(in super::super) const REPLICA: &str = "provider.replica";
}

/// A container of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// The engine's id.
    pub(super) id: String,
    pub(super) workload: WorkloadId,
    pub(super) owner: Owner,
    pub(super) revision: Revision,
    pub(super) service: String,
    pub(super) replica: u32,
    pub(super) state: UnitState,
    /// It was made, and never started.
    pub(super) created_only: bool,
    pub(super) since: Option<Timestamp>,
    /// Its first process, as the engine's machine numbers it.
    pub(super) pid: Option<i32>,
    /// The engine calls it running, and its process is no more.
    pub(super) is_gone: bool,
    pub(super) endpoints: Vec<Endpoint>,
}

/// A volume of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FoundVolume {
    pub(super) name: String,
    pub(super) workload: String,
    /// `web-0`.
    pub(super) unit: String,
    /// Where its files are on this machine.
    pub(super) place: String,
}

impl Found {
    /// It is not running and not held still.
    pub(super) fn needs_start(&self) -> bool {
        self.state.has_ended() || self.created_only
    }

    /// Its process is no more, whatever the engine says.
    fn die(&mut self) {
        let pid = self.pid.take().unwrap_or_default();
        let reason = format!("its process {pid} is gone, and the engine did not notice");
        (self.state, self.is_gone) = (UnitState::Failed { reason, exhausted: false }, true);
    }

    pub(super) fn is_alive(&self) -> bool {
        !self.state.has_ended() && !self.created_only
    }
}

/// Our containers, of one workload or of all; those whose labels are not whole are not ours.
pub(super) async fn containers(engine: &Engine, site: &Site, only: Option<&WorkloadId>) -> Result<Vec<Found>, Problem> {
    let filters = filters(site, only);
    let mut found = if engine.is_podman() {
        of_podman(engine, &filters, site, only).await?
    } else {
        let listed: Vec<Summary> = engine.get(&format!("/v1.41/containers/json?all=true&filters={filters}")).await?;
        let ours = listed.into_iter().filter(|container| is_ours(container.labels.as_ref(), site, only));
        ours.filter_map(Summary::found).collect()
    };
    if engine.shares_pids() && found.iter().any(|container| is_dead(container, is_there)) {
        // One that ended between the listing and now is told of in a moment.
        tokio::time::sleep(A_MOMENT).await;
        found = of_podman(engine, &filters, site, only).await?;
        for dead in found.iter_mut().filter(|container| is_dead(container, is_there)) {
            dead.die();
        }
    }
    note_exhausted(engine, &mut found).await?;
    Ok(found)
}

async fn of_podman(
    engine: &Engine,
    filters: &str,
    site: &Site,
    only: Option<&WorkloadId>,
) -> Result<Vec<Found>, Problem> {
    let listed: Vec<Libpod> = engine.get(&format!("/v4.0.0/libpod/containers/json?all=true&filters={filters}")).await?;
    let ours = listed.into_iter().filter(|container| is_ours(container.labels.as_ref(), site, only));
    Ok(ours.filter_map(Libpod::found).collect())
}

/// So long Podman may take to notice that a container ended.
const A_MOMENT: std::time::Duration = std::time::Duration::from_millis(500);

/// The code of a process that was killed outright.
const KILLED: i32 = 128 + 9;
/// So many containers are asked about singly in one look, at most.
const MOST_ASKED: usize = 32;

/// Which of those that were killed were killed for want of memory. No listing says so: each is asked for by itself, and none
/// where nothing was killed.
async fn note_exhausted(engine: &Engine, found: &mut [Found]) -> Result<(), Problem> {
    let killed = found.iter_mut().filter(|found| found.state == UnitState::Exited { code: KILLED });
    for container in killed.take(MOST_ASKED) {
        if engine.ran_out_of_memory(&container.id).await? {
            container.state =
                UnitState::Failed { reason: "it was killed for want of memory".to_owned(), exhausted: true };
        }
    }
    Ok(())
}

/// Whether the engine takes a container for alive whose process is no more. Podman learns of an end from the container's
/// monitor; killed with it, the container runs for ever in its books.
fn is_dead(found: &Found, is_there: impl Fn(i32) -> bool) -> bool {
    let held = matches!(found.state, UnitState::Running | UnitState::Paused);
    held && found.pid.is_some_and(|pid| !is_there(pid))
}

/// Whether there is a process of this number.
fn is_there(pid: i32) -> bool {
    std::path::Path::new("/proc").join(pid.to_string()).exists()
}

/// Containers with our site's label whose other labels are missing, or no words of ours.
pub(super) async fn strays(engine: &Engine, site: &Site) -> Result<Vec<Stray>, Problem> {
    let filters = filters(site, None);
    let listed: Vec<Labelled> = engine.get(&format!("/v1.41/containers/json?all=true&filters={filters}")).await?;
    let ours = listed.into_iter().filter(|container| is_ours(container.labels.as_ref(), site, None));
    let strays = ours.filter_map(|Labelled { id, names, labels: found }| {
        let name = names.into_iter().flatten().next().unwrap_or(id);
        let why = format!("its label {} is missing, or is no word of ours", wrong(&found.unwrap_or_default())?);
        Some(Stray { what: format!("container {}", name.trim_start_matches('/')), why })
    });
    Ok(strays.collect())
}

/// The first label that is not as it should be.
fn wrong(labels: &HashMap<String, String>) -> Option<&'static str> {
    let bad = |name: &str, good: fn(&str) -> bool| !labels.get(name).is_some_and(|value| good(value));
    [
        (label::WORKLOAD, (|text| WorkloadId::parse(text).is_ok()) as fn(&str) -> bool),
        (label::OWNER, |text| Owner::parse(text).is_ok()),
        (label::REVISION, |text| Revision::parse(text).is_ok()),
        (label::SERVICE, |_| true),
        (label::REPLICA, |text| text.parse::<u32>().is_ok()),
    ]
    .into_iter()
    .find_map(|(name, good)| bad(name, good).then_some(name))
}

/// Our volumes, of one workload or of all.
pub(super) async fn volumes(
    engine: &Engine,
    site: &Site,
    only: Option<&WorkloadId>,
) -> Result<Vec<FoundVolume>, Problem> {
    let filters = filters(site, only);
    let listed: VolumeList = engine.get(&format!("/v1.41/volumes?filters={filters}")).await?;
    let found = listed.volumes.unwrap_or_default().into_iter().filter_map(|volume| {
        let labels = volume.labels.filter(|labels| is_ours(Some(labels), site, only))?;
        let of = |name: &str| labels.get(name).cloned();
        Some(FoundVolume {
            name: volume.name,
            workload: of(label::WORKLOAD)?,
            unit: format!("{}-{}", of(label::SERVICE)?, of(label::REPLICA)?),
            place: volume.mountpoint.unwrap_or_default(),
        })
    });
    Ok(found.collect())
}

/// Whether labels are of this site and workload. The engine's own filters only keep the answer small: Podman gives back
/// the volumes that have one of several labels, not all of them.
fn is_ours(labels: Option<&HashMap<String, String>>, site: &Site, only: Option<&WorkloadId>) -> bool {
    let is = |name: &str, value: &str| labels.and_then(|labels| labels.get(name)).is_some_and(|found| found == value);
    is(label::SITE, site.as_str()) && only.is_none_or(|id| is(label::WORKLOAD, &id.to_string()))
}

/// `{"label":["…=…"]}`, ready for a query. Our names need no escapes beyond those of JSON.
fn filters(site: &Site, only: Option<&WorkloadId>) -> String {
    let mut labels = vec![format!("{}={}", label::SITE, site.as_str())];
    labels.extend(only.map(|id| format!("{}={id}", label::WORKLOAD)));
    let json = serde_json::json!({ "label": labels }).to_string();
    url::form_urlencoded::byte_serialize(json.as_bytes()).collect()
}

/// Containers as workloads.
pub(super) fn workloads(found: Vec<Found>, handle: u32) -> Vec<Observed> {
    let mut workloads: BTreeMap<WorkloadId, Observed> = BTreeMap::new();
    for container in found {
        let unit = Unit {
            service: container.service,
            replica: container.replica,
            revision: container.revision,
            state: container.state,
            waits_for: None,
            since: container.since,
            endpoints: container.endpoints,
        };
        let observed = workloads.entry(container.workload.clone()).or_insert_with(|| Observed {
            id: container.workload,
            owner: container.owner,
            revision: container.revision,
            handle: Handle { version: handle, data: String::new() },
            units: vec![],
        });
        observed.units.push(unit);
    }
    let mut workloads: Vec<Observed> = workloads.into_values().collect();
    for workload in &mut workloads {
        workload.units.sort_by(|one, other| (&one.service, one.replica).cmp(&(&other.service, other.replica)));
    }
    workloads
}

/// Podman's own listing.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Libpod {
    id: String,
    labels: Option<HashMap<String, String>>,
    state: String,
    pid: Option<i32>,
    exit_code: Option<i32>,
    exited_at: Option<i64>,
    started_at: Option<i64>,
    ports: Option<Vec<LibpodPort>>,
}

#[derive(Deserialize)]
struct LibpodPort {
    #[serde(default)]
    host_ip: String,
    container_port: u16,
    host_port: u16,
    #[serde(default)]
    range: u16,
    #[serde(default)]
    protocol: String,
}

/// What both engines say of a container's labels.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Labelled {
    id: String,
    names: Option<Vec<String>>,
    labels: Option<HashMap<String, String>>,
}

/// Docker's listing.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Summary {
    id: String,
    labels: Option<HashMap<String, String>>,
    state: String,
    #[serde(default)]
    status: String,
    ports: Option<Vec<SummaryPort>>,
}

#[derive(Deserialize)]
struct SummaryPort {
    #[serde(rename = "IP", default)]
    ip: String,
    #[serde(rename = "PrivatePort")]
    private_port: u16,
    #[serde(rename = "PublicPort", default)]
    public_port: u16,
    #[serde(rename = "Type", default)]
    protocol: String,
}

#[derive(Deserialize)]
struct VolumeList {
    #[serde(rename = "Volumes")]
    volumes: Option<Vec<ListedVolume>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListedVolume {
    name: String,
    labels: Option<HashMap<String, String>>,
    mountpoint: Option<String>,
}

/// What the labels say; none where one is missing or no word of ours.
struct Labels {
    workload: WorkloadId,
    owner: Owner,
    revision: Revision,
    service: String,
    replica: u32,
}

fn labels(labels: Option<HashMap<String, String>>) -> Option<Labels> {
    let labels = labels?;
    Some(Labels {
        workload: WorkloadId::parse(labels.get(label::WORKLOAD)?).ok()?,
        owner: Owner::parse(labels.get(label::OWNER)?).ok()?,
        revision: Revision::parse(labels.get(label::REVISION)?).ok()?,
        service: labels.get(label::SERVICE)?.clone(),
        replica: labels.get(label::REPLICA)?.parse().ok()?,
    })
}

/// One word for what engines call many things.
fn state(word: &str, code: Option<i32>) -> (UnitState, bool) {
    let failed = |reason: &str| UnitState::Failed { reason: reason.to_owned(), exhausted: false };
    match word {
        "running" | "stopping" => (UnitState::Running, false),
        "paused" => (UnitState::Paused, false),
        "created" | "configured" | "initialized" => (UnitState::Starting, true),
        "restarting" | "removing" => (UnitState::Starting, false),
        "exited" | "stopped" => (code.map_or_else(|| failed("it ended"), |code| UnitState::Exited { code }), false),
        other => (failed(&format!("the engine calls it {other}")), false),
    }
}

impl Libpod {
    fn found(self) -> Option<Found> {
        let Labels { workload, owner, revision, service, replica } = labels(self.labels)?;
        let (state, created_only) = state(&self.state, self.exit_code);
        let second = if state.has_ended() { self.exited_at } else { self.started_at };
        let endpoints = self.ports.unwrap_or_default().into_iter().flat_map(|port| {
            let last = port.range.max(1);
            (0..last).map(move |offset| {
                endpoint(&port.host_ip, port.container_port + offset, port.host_port + offset, &port.protocol)
            })
        });
        Some(Found {
            id: self.id,
            workload,
            owner,
            revision,
            service,
            replica,
            state,
            created_only,
            since: second.filter(|second| *second > 0).and_then(|second| Timestamp::from_second(second).ok()),
            pid: self.pid.filter(|pid| *pid > 0),
            is_gone: false,
            endpoints: endpoints.collect(),
        })
    }
}

impl Summary {
    fn found(self) -> Option<Found> {
        let Labels { workload, owner, revision, service, replica } = labels(self.labels)?;
        // `Exited (3) 2 minutes ago` is all that Docker's listing says of the code.
        let code = self.status.split_once('(').and_then(|(_, rest)| rest.split_once(')')?.0.parse().ok());
        let (state, created_only) = state(&self.state, code);
        let published = self.ports.unwrap_or_default().into_iter().filter(|port| port.public_port != 0);
        let endpoints = published.map(|port| endpoint(&port.ip, port.private_port, port.public_port, &port.protocol));
        Some(Found {
            id: self.id,
            workload,
            owner,
            revision,
            service,
            replica,
            state,
            created_only,
            since: None,
            pid: None,
            is_gone: false,
            endpoints: endpoints.collect(),
        })
    }
}

fn endpoint(address: &str, port: u16, seen_as: u16, protocol: &str) -> Endpoint {
    let everywhere = IpAddr::from([0, 0, 0, 0]);
    Endpoint {
        port,
        protocol: if protocol == "udp" { Protocol::Udp } else { Protocol::Tcp },
        address: address.parse().unwrap_or(everywhere),
        seen_as,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABELS: &str = r#"{"provider.site": "provider", "provider.workload": "o-web", "provider.owner": "operator",
        "provider.service": "web", "provider.replica": "1",
        "provider.revision": "0101010101010101010101010101010101010101010101010101010101010101"}"#;

    fn docker(state: &str, status: &str) -> Option<Found> {
        let text = format!(
            r#"{{"Id": "abc", "Labels": {LABELS}, "State": "{state}", "Status": "{status}",
                "Ports": [{{"IP": "127.0.0.1", "PrivatePort": 80, "PublicPort": 32768, "Type": "tcp"}}, {{"PrivatePort": 81, "Type": "tcp"}}]}}"#
        );
        serde_json::from_str::<Summary>(&text).unwrap().found()
    }

    #[test]
    fn docker_tells_the_code_in_words_only() {
        let found = docker("exited", "Exited (137) 5 minutes ago").unwrap();
        assert_eq!((&found.state, found.endpoints.len()), (&UnitState::Exited { code: 137 }, 1));
        assert_eq!(docker("running", "Up 3 minutes").unwrap().state, UnitState::Running);
        assert!(docker("created", "Created").unwrap().needs_start());
        assert!(matches!(docker("dead", "Dead").unwrap().state, UnitState::Failed { .. }));
    }

    #[test]
    fn what_has_no_process_does_not_run() {
        let mut found = docker("running", "Up 3 minutes").unwrap();
        assert!(!is_dead(&found, |_| false), "Docker's listing names no process");
        found.pid = Some(7);
        assert!(is_dead(&found, |_| false) && !is_dead(&found, |pid| pid == 7));
        found.die();
        assert!(found.needs_start() && !found.is_alive() && found.is_gone);
        assert_eq!(found.state.to_string(), "failed: its process 7 is gone, and the engine did not notice");
        let ended = docker("exited", "Exited (0) 5 minutes ago").unwrap();
        assert!(!is_dead(&Found { pid: Some(7), ..ended }, |_| false), "it is known to have ended");
    }

    #[test]
    fn what_is_not_wholly_labelled_is_not_ours() {
        let all: HashMap<String, String> = serde_json::from_str(LABELS).unwrap();
        assert!(labels(Some(all.clone())).is_some());
        assert_eq!(wrong(&all), None);
        for name in [label::WORKLOAD, label::OWNER, label::REVISION, label::SERVICE, label::REPLICA] {
            let mut some = all.clone();
            some.remove(name);
            assert_eq!(wrong(&some), Some(name));
            assert!(labels(Some(some)).is_none(), "{name}");
            let mut wrong = all.clone();
            wrong.insert(name.to_owned(), if name == label::SERVICE { continue } else { "../x y".to_owned() });
            assert!(labels(Some(wrong)).is_none(), "{name}");
        }
        assert!(labels(None).is_none());
    }
}
