//! What this machine has to sell.

use std::fs;
use std::path::Path;

use crate::adapters::Capacity;
use crate::domain::resources::{Bytes, MilliCpu};

/// Its processors, its memory, and the whole of the file system that holds `root`, where its workloads' files are.
///
/// The processors are the machine's and not those that this process may use: a job's own limits are no limits of what
/// is sold.
pub(super) fn capacity(root: &Path) -> Capacity {
    let online = fs::read_to_string("/sys/devices/system/cpu/online").ok().and_then(|text| count(text.trim()));
    let processors = online.unwrap_or_else(|| {
        std::thread::available_parallelism().map_or(1, |all| u64::try_from(all.get()).unwrap_or(u64::MAX))
    });
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let total = memory.lines().find_map(|line| line.strip_prefix("MemTotal:")?.trim().strip_suffix("kB"));
    let kilobytes: u64 = total.and_then(|text| text.trim().parse().ok()).unwrap_or(0);
    let space = rustix::fs::statvfs(root).ok().map(|space| Bytes(space.f_blocks.saturating_mul(space.f_frsize)));
    Capacity {
        cpu: MilliCpu(processors.saturating_mul(1000)),
        memory: Bytes(kilobytes.saturating_mul(1024)),
        storage: space,
        ..Capacity::default()
    }
}

/// How many numbers the kernel's list names: `0-3,6`.
fn count(list: &str) -> Option<u64> {
    list.split(',').try_fold(0_u64, |sum, part| {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        let (from, to): (u64, u64) = (from.parse().ok()?, to.parse().ok()?);
        sum.checked_add(to.checked_sub(from)?.checked_add(1)?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_processors_are_counted() {
        for (list, expected) in [("0", Some(1)), ("0-1", Some(2)), ("0-3,6,8-9", Some(7))] {
            assert_eq!(count(list), expected, "{list}");
        }
        for list in ["", "a", "3-1", "0-", "0-18446744073709551615"] {
            assert_eq!(count(list), None, "{list}");
        }
    }

    #[test]
    fn this_machine_has_something() {
        let Capacity { cpu, memory, storage, .. } = capacity(Path::new("/"));
        assert!(cpu.0 >= 1000 && memory.0 > 1 << 20 && storage.is_some_and(|bytes| bytes.0 > 1 << 20));
        assert_eq!(capacity(Path::new("/nowhere/at/all")).storage, None);
    }
}
