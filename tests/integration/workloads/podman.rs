//! A real Podman, started by tests/servers/podman.sh.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use provider::adapters::local::Site;
use provider::adapters::local::container::{Container, Options, Pull};

/// The image that the script builds from scratch: busybox and nothing else.
pub const IMAGE: &str = "localhost/provider-test:1";

/// A Podman that runs; none where it cannot be had, which was said.
pub struct Podman {
    pub socket: PathBuf,
}

/// Starts Podman, once for all tests.
pub fn podman() -> Option<&'static Podman> {
    static PODMAN: OnceLock<Option<Podman>> = OnceLock::new();
    let found = PODMAN.get_or_init(|| {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/servers/podman.sh");
        let started = Command::new(&script).arg("start").output().ok()?;
        if !started.status.success() {
            return None;
        }
        let environment = Command::new(&script).arg("env").output().ok()?;
        let text = String::from_utf8(environment.stdout).ok()?;
        let socket = text.split_whitespace().find_map(|word| word.strip_prefix("PODMAN_SOCK="))?;
        Some(Podman { socket: PathBuf::from(socket) })
    });
    if found.is_none() {
        println!("could not run: Podman does not start here (it takes root, and Debian's packages)");
    }
    found.as_ref()
}

/// Runs the engine's own command line.
pub fn command(arguments: &[&str]) -> std::process::Output {
    let state = std::env::var("SERVERS_STATE").unwrap_or_else(|_| "/var/lib/provider-servers".to_owned());
    let mut command = Command::new("podman");
    command.args(arguments);
    command.env("CONTAINERS_CONF", format!("{state}/podman/containers.conf"));
    command.env("CONTAINERS_STORAGE_CONF", format!("{state}/podman/storage.conf"));
    command.output().unwrap()
}

pub fn options(podman: &Podman, site: &str) -> Options {
    Options {
        name: "local".to_owned(),
        site: Site::parse(site).unwrap(),
        socket: podman.socket.clone(),
        pull: Pull::Missing,
        publish: [127, 0, 0, 1].into(),
        read_only_root: true,
        capabilities: vec![],
        user_namespace: None,
        processes: 256,
        cgroups: PathBuf::from("/sys/fs/cgroup"),
    }
}

pub fn adapter(podman: &Podman, site: &str) -> Container {
    Container::new(options(podman, site))
}

/// A site of this process and test alone.
pub fn site(tag: &str) -> String {
    format!("t{}-{tag}", std::process::id())
}
