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
    fn a_range_is_for_containers_and_not_empty() {
        assert!(has_range("alice:100000:65536\ncontainers:2147483647:2147483648\n"));
        for text in ["", "alice:100000:65536\n", "containers:1:0\n", "containers\n", "containers:x\n"] {
            assert!(!has_range(text), "{text:?}");
        }
    }
}
