//! The units: a service and a timer for each job, the server with its socket, the target of them all, and the hook.

// The address alone: nothing here opens a socket.
use core::net::SocketAddr;
use std::time::Duration;

use super::text::{Text, argument, path, span};
use super::{Entry, Rhythm, Timetable};

/// The beginning of every file that we wrote, and may therefore replace or remove.
pub const SIGNATURE: &str = "Written by `provider timers install`";

/// Which systemd the units are for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Manager {
    /// The machine's; jobs run as this account.
    System {
        /// User and group.
        account: String,
    },
    /// A person's own (`systemctl --user`). It may not do what takes root, so its units are hardened less.
    User,
}

/// What units have to know of the machine they are for. Paths are absolute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Which systemd.
    pub manager: Manager,
    /// The binary.
    pub program: String,
    /// The configuration file.
    pub configuration: String,
    /// Where jobs may write: the folders of the state file, the logs, the backups.
    pub writable: Vec<String>,
    /// The file with the passphrase.
    pub passphrase: String,
    /// Where the API and the gateway listen.
    pub api: SocketAddr,
    /// Where the metrics listen, if they are served.
    pub metrics: Option<SocketAddr>,
}

/// A unit file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Its name, with its kind.
    pub name: String,
    /// Its content.
    pub text: String,
}

/// The most that a start is put off by chance, so that many providers do not call the chain in step.
const SCATTER: Duration = Duration::from_secs(10);

/// The same of what runs once a day.
const DAILY_SCATTER: Duration = Duration::from_mins(15);

/// How long the system is left alone after it has started.
const FIRST: Duration = Duration::from_secs(15);

/// The time between two runs that follow the chain: short for an order, long for a run that fails at once.
const HANDOVER: Duration = Duration::from_secs(3);

/// How long a job has to reach a safe point when it is told to end.
const TO_END: Duration = Duration::from_mins(1);

/// How long the server is silent at most before it is taken for hung.
const WATCHDOG: Duration = Duration::from_secs(30);

/// What every service has, whoever runs it. Each line is one thing less that a captured process could do.
const HARDENED: &[(&str, &str)] = &[
    ("UMask", "0077"),
    ("LimitCORE", "0"),
    ("NoNewPrivileges", "yes"),
    ("KeyringMode", "private"),
    ("LockPersonality", "yes"),
    ("MemoryDenyWriteExecute", "yes"),
    ("RestrictAddressFamilies", "AF_INET AF_INET6 AF_UNIX"),
    ("RestrictNamespaces", "yes"),
    ("RestrictRealtime", "yes"),
    ("RestrictSUIDSGID", "yes"),
    ("SystemCallArchitectures", "native"),
    ("SystemCallFilter", "@system-service"),
    ("SystemCallFilter", "~@privileged @resources"),
    ("SystemCallErrorNumber", "EPERM"),
];

/// What only the machine's systemd can do.
const HARDENED_AS_ROOT: &[(&str, &str)] = &[
    ("CapabilityBoundingSet", ""),
    ("AmbientCapabilities", ""),
    ("PrivateDevices", "yes"),
    ("PrivateTmp", "yes"),
    ("PrivateUsers", "yes"),
    ("ProtectClock", "yes"),
    ("ProtectControlGroups", "yes"),
    ("ProtectHostname", "yes"),
    ("ProtectKernelLogs", "yes"),
    ("ProtectKernelModules", "yes"),
    ("ProtectKernelTunables", "yes"),
    ("ProtectProc", "invisible"),
    ("ProtectSystem", "strict"),
    ("RemoveIPC", "yes"),
];

/// The name of a job's service.
pub fn service_name(job: &str) -> String {
    format!("provider-{job}.service")
}

/// The name of a job's timer.
pub fn timer_name(job: &str) -> String {
    format!("provider-{job}.timer")
}

/// What is switched on and off as a whole: the target and everything that it wants.
pub fn unit_names(timetable: &Timetable) -> Vec<String> {
    std::iter::once(TARGET.to_owned()).chain(members(timetable)).collect()
}

fn members(timetable: &Timetable) -> Vec<String> {
    let timers = timetable.entries().iter().map(|entry| timer_name(entry.scheduled.job.as_str()));
    timers.chain([SERVER.to_owned(), SOCKET.to_owned()]).collect()
}

/// Whether we wrote a file.
pub fn is_ours(text: &str) -> bool {
    text.lines().next().is_some_and(|line| line.starts_with(&format!("# {SIGNATURE}")))
}

/// Every unit.
pub fn files(timetable: &Timetable, site: &Site) -> Vec<Unit> {
    let mut units = vec![target(timetable, site), failure_unit(site), server(site), socket(site)];
    for entry in timetable.entries() {
        units.push(service(entry, site));
        units.push(timer(entry));
    }
    units
}

fn begin() -> Text {
    Text::new(&format!("{SIGNATURE}; change it with `systemctl edit`, or in the configuration."))
}

/// What starts everything at once: `systemctl start provider.target`.
fn target(timetable: &Timetable, site: &Site) -> Unit {
    let wanted_by = match site.manager {
        Manager::System { .. } => "multi-user.target",
        Manager::User => "default.target",
    };
    let text = begin()
        .section("Unit")
        .set("Description", "Provider: every job")
        .set("Documentation", "man:provider-timers(1)")
        .section("Install")
        .set("WantedBy", wanted_by)
        .set("Also", members(timetable).join(" "))
        .done();
    Unit { name: TARGET.to_owned(), text }
}

const TARGET: &str = "provider.target";
const SERVER: &str = "provider-serve.service";
const SOCKET: &str = "provider-serve.socket";

/// What is called when a unit fails.
pub fn failure_unit(site: &Site) -> Unit {
    let command = command(site, &["timers".to_owned(), "failed".to_owned(), "%i".to_owned()]);
    let text = begin()
        .section("Unit")
        .set("Description", "Provider: say that %i failed")
        .set("Documentation", "man:provider-timers-failed(1)")
        .section("Service")
        .set("Type", "oneshot")
        .set("ExecStart", command)
        .set("TimeoutStartSec", span(Duration::from_mins(2)));
    Unit { name: "provider-failed@.service".to_owned(), text: hardened(text, site).done() }
}

fn service(entry: &Entry, site: &Site) -> Unit {
    let job = entry.scheduled;
    let text = unit_section(site, job.summary)
        .section("Service")
        .set("Type", "oneshot")
        .set("ExecStart", command(site, &entry.command()))
        // 75: a lock is held, or we were told to end. The next run is the retry.
        .set("SuccessExitStatus", "75")
        .set("TimeoutStartSec", span(entry.limit()))
        .set("TimeoutStopSec", span(TO_END));
    let kill = job.leaves_processes.then_some("process");
    let passphrase = job.unlocks_keys.then(|| format!("provider-passphrase:{}", path(&site.passphrase)));
    // Secrets are kept out of the swap, which takes the right to lock all memory.
    let memory = job.unlocks_keys.then_some("infinity");
    let text = text.maybe("KillMode", kill).maybe("LoadCredential", passphrase).maybe("LimitMEMLOCK", memory);
    let text = hardened(text, site);
    Unit { name: service_name(job.job.as_str()), text: text.done() }
}

fn unit_section(site: &Site, summary: &str) -> Text {
    let text = begin()
        .section("Unit")
        .set("Description", format!("Provider: {summary}"))
        .set("Documentation", "man:provider(1)")
        .set("OnFailure", "provider-failed@%n.service")
        // A timer is no runaway: however short its period, it is never locked out.
        .set("StartLimitIntervalSec", "0");
    match site.manager {
        Manager::System { .. } => text.set("Wants", "network-online.target").set("After", "network-online.target"),
        Manager::User => text,
    }
}

fn timer(entry: &Entry) -> Unit {
    let job = entry.scheduled;
    let text = begin()
        .section("Unit")
        .set("Description", format!("Provider: {} ({})", job.summary, entry.rhythm))
        .set("Documentation", "man:provider-timers(1)")
        .set("PartOf", TARGET)
        .section("Timer");
    let text = match entry.rhythm {
        Rhythm::Every(period) => {
            let scatter = span(SCATTER.min(period.checked_div(10).unwrap_or_default()));
            text.set("OnActiveSec", span(FIRST))
                .set("OnUnitInactiveSec", span(period))
                .set("RandomizedDelaySec", scatter)
                .set("AccuracySec", "500ms")
        }
        Rhythm::Following(_) => text
            .set("OnActiveSec", span(FIRST))
            // The run before stays for the whole period, and the next one takes over.
            .set("OnUnitInactiveSec", span(HANDOVER))
            .set("AccuracySec", "500ms"),
        Rhythm::Daily { hour, minute } => text
            .set("OnCalendar", format!("*-*-* {hour:02}:{minute:02}:00"))
            .set("RandomizedDelaySec", span(DAILY_SCATTER))
            .set("AccuracySec", span(Duration::from_mins(1)))
            // A machine that was off at that time makes up for it.
            .set("Persistent", "yes"),
    };
    let text = text.section("Install").set("WantedBy", TARGET).done();
    Unit { name: timer_name(job.job.as_str()), text }
}

fn server(site: &Site) -> Unit {
    let text = unit_section(site, "health, metrics, API, tenant gateway and dashboard")
        .set("Requires", SOCKET)
        .set("After", SOCKET)
        .set("PartOf", TARGET)
        .section("Service")
        .set("Type", "notify")
        .set("ExecStart", command(site, &["serve".to_owned()]))
        .set("Restart", "always")
        .set("RestartSec", "1s")
        // A wrong command line or configuration does not mend itself.
        .set("RestartPreventExitStatus", "64 78")
        .set("WatchdogSec", span(WATCHDOG))
        .set("TimeoutStopSec", span(TO_END))
        .set("LimitNOFILE", "65535");
    let text = hardened(text, site).section("Install").set("WantedBy", TARGET).set("Also", SOCKET).done();
    Unit { name: SERVER.to_owned(), text }
}

/// systemd holds the sockets, so that no client is refused while the server starts anew.
fn socket(site: &Site) -> Unit {
    let text = begin()
        .section("Unit")
        .set("Description", "Provider: the addresses of the server")
        .set("Documentation", "man:provider-serve(1)")
        .set("PartOf", TARGET)
        .section("Socket")
        .set("ListenStream", site.api)
        .maybe("ListenStream", site.metrics)
        .set("NoDelay", "yes")
        .set("Backlog", "1024")
        // Several servers may not share it: the one service gets both.
        .set("Service", SERVER)
        .section("Install")
        .set("WantedBy", TARGET)
        .done();
    Unit { name: SOCKET.to_owned(), text }
}

fn command(site: &Site, words: &[String]) -> String {
    let global = [site.program.clone(), "--config".to_owned(), site.configuration.clone()];
    let words: Vec<String> = global
        .iter()
        .map(|word| argument(word))
        // A specifier is meant as one.
        .chain(words.iter().map(|word| if word == "%i" { word.clone() } else { argument(word) }))
        .collect();
    words.join(" ")
}

fn hardened(text: Text, site: &Site) -> Text {
    let account = match &site.manager {
        Manager::System { account } => account,
        Manager::User => return text.lines(HARDENED),
    };
    let text = text.set("User", account).set("Group", account);
    // A state file in somebody's home is reached through it; the rest of the homes stays out of sight where it can.
    let at_home = |place: &String| ["/home/", "/root/", "/run/user/"].iter().any(|home| place.starts_with(home));
    let uses_home = site.writable.iter().chain([&site.program, &site.configuration]).any(at_home);
    let text =
        text.lines(HARDENED).lines(HARDENED_AS_ROOT).set("ProtectHome", if uses_home { "read-only" } else { "yes" });
    let (own, others): (Vec<&String>, Vec<&String>) = site.writable.iter().partition(|place| *place == STATE_FOLDER);
    let text = if own.is_empty() { text } else { text.lines(STATE_DIRECTORY) };
    // With the dash a folder that does not exist (a backup disk) does not keep the job from running.
    others.into_iter().fold(text, |text, place| text.set("ReadWritePaths", format!("-{}", path(place))))
}

/// The folder that systemd makes for us.
const STATE_FOLDER: &str = "/var/lib/provider-daemon";

const STATE_DIRECTORY: &[(&str, &str)] = &[("StateDirectory", "provider-daemon"), ("StateDirectoryMode", "0700")];
