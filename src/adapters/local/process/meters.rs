//! The meters of units: from their control groups, else from /proc.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;
use std::{fs, io};

use jiff::Timestamp;

use super::folder::Folder;
use crate::adapters::local::cgroup::{Cgroups, Group};
use crate::adapters::local::storage::size;
use crate::domain::resources::Bytes;
use crate::domain::usage::{Meters, Sample};
use crate::domain::workload::WorkloadId;

/// The meters of every unit that has any.
pub(super) fn sample(folders: &[Folder], cgroups: Option<&Cgroups>) -> io::Result<Vec<Sample>> {
    let mut samples = vec![];
    // One look at all processes of the machine, and only when somebody needs it.
    let mut processes = None;
    for folder in folders {
        let (Some(plan), Some(status)) = (folder.plan()?, folder.status()?) else { continue };
        let Ok(workload) = WorkloadId::parse(&plan.id) else { continue };
        for unit in &plan.units {
            let Some(found) = status.units.get(&unit.name()) else { continue };
            let group = cgroups.map(|cgroups| cgroups.group(&plan.group_of(unit))).filter(Group::exists);
            let counted = group.and_then(|group| Some((group.cpu()?, group.memory()?)));
            let (cpu, memory) = match (counted, found.pid) {
                (Some(counted), _) => counted,
                (None, Some(pid)) => processes.get_or_insert_with(Processes::all).below(pid),
                (None, None) => continue,
            };
            samples.push(Sample {
                workload: workload.clone(),
                service: unit.service.clone(),
                replica: unit.replica,
                incarnation: found.incarnation.clone(),
                at: Timestamp::now(),
                meters: Meters { cpu, memory, storage: size(&folder.work(&unit.name())), received: None, sent: None },
            });
        }
    }
    Ok(samples)
}

/// The processes of this machine, by their parent.
struct Processes {
    children: HashMap<i32, Vec<i32>>,
    used: HashMap<i32, (Duration, Bytes)>,
}

impl Processes {
    fn all() -> Self {
        let tick = Duration::from_nanos(1_000_000_000 / rustix::param::clock_ticks_per_second().max(1));
        let page = rustix::param::page_size() as u64;
        let mut found = Self { children: HashMap::new(), used: HashMap::new() };
        for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
            let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
            let Ok(text) = fs::read_to_string(entry.path().join("stat")) else { continue };
            // The name of the program stands in parentheses and may hold anything.
            let Some((_, rest)) = text.rsplit_once(") ") else { continue };
            let fields: Vec<&str> = rest.split_ascii_whitespace().collect();
            let number = |field: usize| fields.get(field).and_then(|text| text.parse::<i64>().ok()).unwrap_or(0);
            let ticks = [11, 12, 13, 14].into_iter().map(number).sum::<i64>().unsigned_abs();
            let cpu = tick.saturating_mul(u32::try_from(ticks).unwrap_or(u32::MAX));
            let memory = Bytes(number(21).unsigned_abs().saturating_mul(page));
            found.used.insert(pid, (cpu, memory));
            found.children.entry(i32::try_from(number(1)).unwrap_or(0)).or_default().push(pid);
        }
        found
    }

    /// What a process and everything that it started use together.
    fn below(&self, first: i32) -> (Duration, Bytes) {
        let (mut cpu, mut memory) = (Duration::ZERO, 0_u64);
        let mut queue = VecDeque::from([first]);
        while let Some(pid) = queue.pop_front() {
            if let Some((used, resident)) = self.used.get(&pid) {
                cpu = cpu.saturating_add(*used);
                memory = memory.saturating_add(resident.0);
            }
            queue.extend(self.children.get(&pid).into_iter().flatten());
        }
        (cpu, Bytes(memory))
    }
}
