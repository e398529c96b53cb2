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
        let all = bulk(engine).await?;
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
    let storage = own.fold(0_u64, |sum, volume| sum.saturating_add(size(Path::new(&volume.place)).0));
    // A container that is started again counts anew.
    let began = found.since.map_or(0, Timestamp::as_second);
    Sample {
        workload: found.workload.clone(),
        service: found.service.clone(),
        replica: found.replica,
        incarnation: format!("{}-{began}", found.id.get(..12).unwrap_or(&found.id)),
        at,
        meters: Meters { storage: Some(Bytes(storage)), ..meters },
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

/// Podman's meters of all containers at once, by id.
async fn bulk(engine: &Engine) -> Result<HashMap<String, Meters>, Problem> {
    if !engine.is_podman() {
        let text = "the control groups of its containers cannot be read here, and Docker has no bulk call for meters";
        return Err(Problem::Unknown(text.into()));
    }
    let stats: LibpodStats = engine.get("/v4.0.0/libpod/containers/stats?stream=false").await?;
    if let Some(error) = stats.error {
        return Err(Problem::Unknown(error.to_string().into()));
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
    Ok(stats.stats.unwrap_or_default().into_iter().map(of).collect())
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
