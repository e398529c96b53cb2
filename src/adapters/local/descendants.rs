//! Processes and what they started, ended from outside: for a check whose time is over.

use std::collections::{HashMap, HashSet, VecDeque};
use std::fs;
use std::path::PathBuf;

use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

/// Kills a process and everything below it, if it is in the same PID namespace as another one: a number may be somebody
/// else's by now, or on another machine. Whether nothing of it is left.
pub(super) fn end(pid: i32, beside: i32) -> bool {
    let Some(namespace) = namespace(beside) else { return false };
    let mut all_ended = true;
    for pid in with_descendants(pid) {
        // Held first and looked at then: what is killed is what was looked at.
        let held = Pid::from_raw(pid).and_then(|pid| pidfd_open(pid, PidfdFlags::empty()).ok());
        match (held, self::namespace(pid)) {
            (Some(held), Some(found)) if found == namespace => {
                all_ended &= pidfd_send_signal(held, Signal::KILL).is_ok();
            }
            // It has ended by itself.
            (_, None) | (None, _) => {}
            (Some(_), Some(_)) => all_ended = false,
        }
    }
    all_ended
}

fn namespace(pid: i32) -> Option<PathBuf> {
    fs::read_link(format!("/proc/{pid}/ns/pid")).ok()
}

fn with_descendants(first: i32) -> HashSet<i32> {
    let mut children: HashMap<i32, Vec<i32>> = HashMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        let Ok(text) = fs::read_to_string(entry.path().join("stat")) else { continue };
        // The name of the program stands in parentheses and may hold anything.
        let parent = text.rsplit_once(") ").and_then(|(_, rest)| rest.split(' ').nth(1)?.parse().ok());
        children.entry(parent.unwrap_or(0)).or_default().push(pid);
    }
    let mut found = HashSet::from([first]);
    let mut queue = VecDeque::from([first]);
    while let Some(pid) = queue.pop_front() {
        queue.extend(children.get(&pid).into_iter().flatten().filter(|child| found.insert(**child)));
    }
    found
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_process_goes_with_what_it_started_and_only_in_its_own_namespace() {
        let mut shell = Command::new("sh").args(["-c", "sleep 1000 & wait"]).spawn().unwrap();
        let pid = i32::try_from(shell.id()).unwrap();
        let begun = std::time::Instant::now();
        while with_descendants(pid).len() < 2 {
            assert!(begun.elapsed() < std::time::Duration::from_secs(30));
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        let below = with_descendants(pid);
        // A process that is not there has no namespace: nothing is known, nothing is killed.
        assert!(!end(pid, i32::MAX));
        assert!(shell.try_wait().unwrap().is_none());
        assert!(end(pid, i32::try_from(std::process::id()).unwrap()));
        shell.wait().unwrap();
        let alive = |pid: &i32| {
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            stat.contains("(sleep)") && !stat.contains(") Z ")
        };
        while below.iter().any(alive) {
            assert!(begun.elapsed() < std::time::Duration::from_secs(30));
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
    }
}
