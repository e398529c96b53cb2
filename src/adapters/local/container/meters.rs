//! The meters of containers: the kernel's own where they can be read, else Podman's bulk call.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;

use super::engine::{Engine, Problem};
use super::list::{self, Found, FoundVolume};
use crate::adapters::local::Site;
use crate::adapters::local::cgroup::{Cgroups, Version};
use crate::adapters::local::storage::size;
use crate::domain::resources::Bytes;
use crate::domain::usage::{Meters, Sample};

/// The meters of every container of ours that has any: two listings, and at most one bulk call for what is left.
pub(super) async fn sample(engine: &Engine, site: &Site, cgroups: Option<&Cgroups>) -> Result<Vec<Sample>, Problem> {
    let containers = list::containers(engine, site, None).await?;
    let volumes = list::volumes(engine, site, None).await?;
    let at = Timestamp::now();
    let (mut samples, mut left) = (vec![], vec![]);
    for found in containers.iter().filter(|found| found.is_alive()) {
        match cgroups.and_then(|cgroups| read(cgroups, found)) {
            Some(meters) => samples.push(of(found, at, meters, &volumes)),
            None => left.push(found),
        }
    }
    if !left.is_empty() {
        let all = bulk(engine, &left).await?;
        for found in left {
            // Gone since the listing, or just started: it has no meters.
            if let Some(meters) = all.get(&found.id) {
                samples.push(of(found, at, *meters, &volumes));
            }
        }
    }
    Ok(samples)
}

fn of(found: &Found, at: Timestamp, meters: Meters, volumes: &[FoundVolume]) -> Sample {
    let unit = format!("{}-{}", found.service, found.replica);
    let own = volumes.iter().filter(|volume| volume.workload == found.workload.as_str() && volume.unit == unit);
    let storage = own.map(|volume| size(Path::new(&volume.place)).map(|size| size.0)).sum::<Option<u64>>().map(Bytes);
    // A container that is started again counts anew.
    let began = found.since.map_or(0, Timestamp::as_second);
    Sample {
        workload: found.workload.clone(),
        service: found.service.clone(),
        replica: found.replica,
        incarnation: format!("{}-{began}", found.id.get(..12).unwrap_or(&found.id)),
        at,
        meters: Meters { storage, ..meters },
    }
}

/// From the container's control group and network, both found by its process.
fn read(cgroups: &Cgroups, found: &Found) -> Option<Meters> {
    let group = match found.pid {
        Some(pid) => cgroups.group(&path_of(pid, cgroups.version(), &found.id)?),
        None => cgroups.first(&usual_places(&found.id))?,
    };
    let (cpu, memory) = (group.cpu()?, group.memory()?);
    let pid = found.pid.or_else(|| group.processes().first().copied());
    let traffic = pid.and_then(traffic);
    Some(Meters {
        cpu,
        memory,
        storage: None,
        received: traffic.map(|(received, _)| Bytes(received)),
        sent: traffic.map(|(_, sent)| Bytes(sent)),
    })
}

/// The path of a process's group, if it is the container's: a number may belong to somebody else in another namespace.
fn path_of(pid: i32, version: Version, id: &str) -> Option<String> {
    let text = fs::read_to_string(format!("/proc/{pid}/cgroup")).ok()?;
    let wanted = match version {
        Version::One => ":memory:",
        Version::Two => "0::",
    };
    let path = text.lines().find_map(|line| line.split_once(wanted).map(|(_, path)| path))?;
    path.contains(id).then(|| path.to_owned())
}

/// Where Docker puts containers whose process is not told.
fn usual_places(id: &str) -> Vec<String> {
    vec![format!("docker/{id}"), format!("system.slice/docker-{id}.scope")]
}

/// Bytes received and sent by the network of a process, its loopback left out.
fn traffic(pid: i32) -> Option<(u64, u64)> {
    let text = fs::read_to_string(format!("/proc/{pid}/net/dev")).ok()?;
    Some(sum(&text))
}

fn sum(text: &str) -> (u64, u64) {
    let (mut received, mut sent) = (0_u64, 0_u64);
    for line in text.lines() {
        let Some((name, numbers)) = line.split_once(':') else { continue };
        if name.trim() == "lo" {
            continue;
        }
        let numbers: Vec<u64> = numbers.split_ascii_whitespace().filter_map(|number| number.parse().ok()).collect();
        received = received.saturating_add(numbers.first().copied().unwrap_or(0));
        sent = sent.saturating_add(numbers.get(8).copied().unwrap_or(0));
    }
    (received, sent)
}

/// How many containers are asked about by id in one call: their ids fill some 8 KiB of its path.
const ASKED_AT_ONCE: usize = 100;

/// How many calls a search for the ill may cost at most, beyond one for each [`ASKED_AT_ONCE`].
const MOST_CALLS: usize = 256;

/// Podman's meters of all containers at once, by id.
///
/// Podman refuses the whole call for one container whose process and monitor were killed behind its back, be it ours or a
/// stranger's. Then ours are asked for by id, halved until the ill are alone: those have no meters, the others have.
async fn bulk(engine: &Engine, wanted: &[&Found]) -> Result<HashMap<String, Meters>, Problem> {
    if !engine.is_podman() {
        let text = "the control groups of its containers cannot be read here, and Docker has no bulk call for meters";
        return Err(Problem::Unknown(text.into()));
    }
    let refused = match stats(engine, &[]).await? {
        Ok(all) => return Ok(all),
        Err(refused) => refused,
    };
    let mut all = HashMap::new();
    let mut parts: Vec<&[&Found]> = wanted.chunks(ASKED_AT_ONCE).collect();
    let mut left = parts.len().saturating_add(MOST_CALLS);
    while let Some(part) = parts.pop() {
        if left == 0 {
            tracing::warn!(
                unasked = part.len(),
                "Podman gives no meters for so many containers that the search was given up"
            );
            break;
        }
        left -= 1;
        match stats(engine, part).await? {
            Ok(meters) => all.extend(meters),
            Err(_) if part.len() > 1 => {
                let (one, other) = part.split_at(part.len() / 2);
                parts.extend([one, other]);
            }
            Err(error) => {
                let ill = part.first().map_or("", |found| found.id.as_str());
                tracing::warn!(container = ill, %error, "Podman gives no meters for this container");
            }
        }
    }
    if all.is_empty() { Err(Problem::Unknown(format!("its meters: {refused}").into())) } else { Ok(all) }
}

/// The meters of these containers, or of all when none is named; or what Podman says instead.
async fn stats(engine: &Engine, of: &[&Found]) -> Result<Result<HashMap<String, Meters>, serde_json::Value>, Problem> {
    let mut path = "/v4.0.0/libpod/containers/stats?stream=false".to_owned();
    for found in of {
        path.push_str("&containers=");
        path.push_str(&found.id);
    }
    let stats: LibpodStats = engine.get(&path).await?;
    if let Some(error) = stats.error {
        return Ok(Err(error));
    }
    let of = |stat: LibpodStat| {
        let meters = Meters {
            cpu: Duration::from_nanos(stat.cpu_nano),
            memory: Bytes(stat.mem_usage),
            storage: None,
            received: Some(Bytes(stat.net_input)),
            sent: Some(Bytes(stat.net_output)),
        };
        (stat.container_id, meters)
    };
    Ok(Ok(stats.stats.unwrap_or_default().into_iter().map(of).collect()))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct LibpodStats {
    error: Option<serde_json::Value>,
    stats: Option<Vec<LibpodStat>>,
}

#[derive(Deserialize)]
struct LibpodStat {
    #[serde(rename = "ContainerID")]
    container_id: String,
    #[serde(rename = "CPUNano", default)]
    cpu_nano: u64,
    #[serde(rename = "MemUsage", default)]
    mem_usage: u64,
    #[serde(rename = "NetInput", default)]
    net_input: u64,
    #[serde(rename = "NetOutput", default)]
    net_output: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traffic_leaves_the_loopback_out() {
        let text = "Inter-|   Receive                                                |  Transmit\n \
                    face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n    \
                    lo:    1000      10    0    0    0     0          0         0     1000      10    0    0    0     0       0          0\n  \
                    eth0:     200       2    0    0    0     0          0         0      300       3    0    0    0     0       0          0\n  \
                    eth1:       5       2    0    0    0     0          0         0        7       3    0    0    0     0       0          0\n";
        assert_eq!(sum(text), (205, 307));
        assert_eq!(sum(""), (0, 0));
    }
}
