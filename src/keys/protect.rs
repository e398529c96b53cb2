//! Keeping memory with secrets to ourselves.

use std::sync::OnceLock;

use rustix::mm::{MlockAllFlags, mlockall};
use rustix::process::{DumpableBehavior, Resource, Rlimit, getrlimit, set_dumpable_behavior, setrlimit};

/// No core dump is written of this process, and no other process of the same user may look into its memory. Called once
/// at the start of the program. What the system does not allow is left: dumps are off by default on servers.
pub fn forbid_dumps() {
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    let _ = setrlimit(Resource::Core, none);
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}

/// Memory is not swapped out from now on, where the system allows all of it to be locked: as root, with CAP_IPC_LOCK, or
/// with LimitMEMLOCK=infinity in the unit. A lower limit would make later allocations fail, so there nothing is locked.
///
/// Gives back whether it is locked.
pub fn lock_memory() -> bool {
    static LOCKED: OnceLock<bool> = OnceLock::new();
    *LOCKED.get_or_init(|| {
        let unlimited = getrlimit(Resource::Memlock).current.is_none() || may_lock_all();
        let flags = MlockAllFlags::CURRENT | MlockAllFlags::FUTURE | MlockAllFlags::ONFAULT;
        unlimited && mlockall(flags).is_ok()
    })
}

/// Whether limits do not count for us.
fn may_lock_all() -> bool {
    use rustix::thread::{CapabilitySet, capabilities};
    capabilities(None).is_ok_and(|sets| sets.effective.contains(CapabilitySet::IPC_LOCK))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dumps_are_forbidden_and_locking_says_what_it_did() {
        forbid_dumps();
        assert_eq!(getrlimit(Resource::Core).current, Some(0));
        let status = || std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let locked = lock_memory();
        assert_eq!(locked, lock_memory());
        if locked {
            let line = status().lines().find(|line| line.starts_with("VmLck:")).unwrap().to_owned();
            assert_ne!(line.split_whitespace().nth(1), Some("0"), "{line}");
        }
    }
}
