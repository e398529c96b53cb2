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
        eprintln!("could not run: Podman does not start here (it takes root, and Debian's packages)");
    }
    found.as_ref()
}

/// Runs the engine's own command line.
pub fn command(arguments: &[&str]) -> std::process::Output {
    let state = std::env::var_os("SERVERS_STATE").map_or_else(|| "/var/lib/provider-servers".into(), PathBuf::from);
    let file = |name: &str| state.join("podman").join(name);
    let mut command = Command::new("podman");
    command.args(arguments);
    command.env("CONTAINERS_CONF", file("containers.conf"));
    command.env("CONTAINERS_REGISTRIES_CONF", file("registries.conf"));
    command.env("CONTAINERS_STORAGE_CONF", file("storage.conf"));
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

/// The addresses of two registries that run: one is open, one wants a login; none where they cannot be had, which was
/// said.
pub fn registries() -> Option<(&'static str, &'static str)> {
    static STARTED: OnceLock<bool> = OnceLock::new();
    let started = STARTED.get_or_init(|| {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/servers/registry.sh");
        Command::new(script).arg("start").output().is_ok_and(|output| output.status.success())
    });
    if !started {
        eprintln!("could not run: docker-registry does not start here (it takes root, and Debian's packages)");
    }
    started.then_some(("127.0.0.1:18761", "127.0.0.1:18762"))
}

/// A socket that passes on to Podman's, and counts the requests that go through.
pub struct Counter {
    pub socket: PathBuf,
    requests: std::sync::Arc<std::sync::Mutex<Vec<String>>>,
}

impl Counter {
    pub fn before(podman: &Podman, folder: &Path) -> Self {
        use std::io::{Read, Write};
        use std::os::unix::net::{UnixListener, UnixStream};
        let socket = folder.join("counted.sock");
        let listener = UnixListener::bind(&socket).unwrap();
        let requests = std::sync::Arc::new(std::sync::Mutex::new(vec![]));
        let (counted, engine) = (std::sync::Arc::clone(&requests), podman.socket.clone());
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let server = UnixStream::connect(&engine).unwrap();
                let counted = std::sync::Arc::clone(&counted);
                let (mut from, mut to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                std::thread::spawn(move || {
                    let mut buffer = vec![0; 64 << 10];
                    while let Ok(read @ 1..) = from.read(&mut buffer) {
                        let text = String::from_utf8_lossy(&buffer[..read]);
                        let lines = text.lines().filter(|line| line.ends_with(" HTTP/1.1"));
                        counted.lock().unwrap().extend(lines.map(|line| line.chars().take(120).collect::<String>()));
                        if to.write_all(&buffer[..read]).is_err() {
                            break;
                        }
                    }
                    let _ = to.shutdown(std::net::Shutdown::Write);
                });
                std::thread::spawn(move || {
                    let (mut from, mut to) = (server, client);
                    let _ = std::io::copy(&mut from, &mut to);
                    let _ = to.shutdown(std::net::Shutdown::Both);
                });
            }
        });
        Self { socket, requests }
    }

    /// The requests since the last time.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.requests.lock().unwrap())
    }
}
