//! Users of containers that are nobody on the machine.
//!
//! Podman as root maps the users of each container to numbers of its own (`auto`), where /etc/subuid and /etc/subgid give
//! the user `containers` a range for it. Without root they are mapped already, and Docker maps for the whole engine or not
//! at all.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::Options;
use crate::domain::manifest::Service;

/// The word by which a container gets users of its own.
const AUTO: &str = "auto";
/// Whose ranges Podman as root gives away.
const OWNER: &str = "containers";
/// Where the ranges are.
const RANGES: [&str; 2] = ["/etc/subuid", "/etc/subgid"];

/// Whether the Podman of a socket can map the users of each container.
pub(super) fn can_be_mapped(socket: &Path) -> bool {
    let of_root = fs::metadata(socket).is_ok_and(|socket| socket.uid() == 0);
    of_root && there_are_ranges()
}

/// Whether this machine has numbers for the users of containers.
pub fn there_are_ranges() -> bool {
    RANGES.iter().all(|file| fs::read_to_string(file).is_ok_and(|text| has_range(&text)))
}

fn has_range(text: &str) -> bool {
    text.lines().any(|line| {
        let mut fields = line.split(':');
        let (user, count) = (fields.next(), fields.nth(1));
        user == Some(OWNER) && count.and_then(|count| count.trim().parse::<u64>().ok()).is_some_and(|count| count > 0)
    })
}

/// Why the Podman of a socket cannot map users as the operator wants it; none where it can, or where only the engine knows.
/// Said before anything is asked of it: what it says itself names no file to look at.
pub(super) fn cannot(options: &Options, podman: bool) -> Option<String> {
    let of_root = fs::metadata(&options.socket).is_ok_and(|socket| socket.uid() == 0);
    let lacking = podman && of_root && lacks_ranges(options.user_namespace.as_deref(), there_are_ranges());
    lacking.then(|| NO_RANGES.to_owned())
}

/// What is said where containers are to have users of their own, and there are no numbers for them.
pub const NO_RANGES: &str = "orchestration.local.user_namespace is `auto`, and there are no numbers for it: add a line such as \
     `containers:2147483647:2147483648` to /etc/subuid and to /etc/subgid, or leave the option out";

/// Whether the operator's way of mapping users needs ranges that are not there.
pub fn lacks_ranges(mode: Option<&str>, there_are: bool) -> bool {
    let auto = mode.is_some_and(|mode| mode == AUTO || mode.starts_with("auto:"));
    auto && !there_are
}

/// How the users of a service are mapped: as the operator says, else where that is possible. The files of a volume belong
/// to numbers that the next container would not have, so who has volumes keeps the engine's.
pub(super) fn mode(options: &Options, service: &Service, possible: bool) -> Option<String> {
    let mounts = service.parameters.as_ref().is_some_and(|parameters| !parameters.storage.is_empty());
    let usual = (possible && !mounts).then(|| AUTO.to_owned());
    options.user_namespace.clone().or(usual)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_users_of_their_own_need_ranges() {
        assert!(lacks_ranges(Some("auto"), false) && lacks_ranges(Some("auto:size=1000"), false));
        assert!(!lacks_ranges(Some("auto"), true));
        assert!(!lacks_ranges(None, false) && !lacks_ranges(Some("host"), false));
    }

    #[test]
    fn a_range_is_for_containers_and_not_empty() {
        assert!(has_range("alice:100000:65536\ncontainers:2147483647:2147483648\n"));
        for text in ["", "alice:100000:65536\n", "containers:1:0\n", "containers\n", "containers:x\n"] {
            assert!(!has_range(text), "{text:?}");
        }
    }
}
