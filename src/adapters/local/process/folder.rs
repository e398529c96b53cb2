//! The folder of a workload.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rustix::fs::{FlockOperation, flock};
use serde::{Deserialize, Serialize};

use super::plan::{Plan, PlannedUnit};
use crate::adapters::local::Site;
use crate::domain::manifest::Protocol;
use crate::domain::workload::{Endpoint, Handle, Observed, Owner, Revision, Unit, UnitState, WorkloadId};

/// The folder of a workload.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    path: PathBuf,
}

/// How the units of a workload are, as their supervisor last wrote it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Status {
    /// They are held still.
    pub(super) paused: bool,
    /// By name.
    pub(super) units: BTreeMap<String, UnitStatus>,
}

/// How one unit is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct UnitStatus {
    /// Its process while it runs.
    pub(super) pid: Option<i32>,
    /// Which life: changes with every start.
    pub(super) incarnation: String,
    /// Since when it runs, or when it ended.
    pub(super) since: Timestamp,
    /// How it ended; none while it runs.
    pub(super) code: Option<i32>,
    /// Why it failed, beyond its code.
    pub(super) failure: Option<String>,
    /// It was killed for want of memory.
    pub(super) exhausted: bool,
}

/// The largest file of ours that is read.
const LARGEST: u64 = 16 << 20;

impl Folder {
    /// The folder of a workload below the root of a site.
    pub(super) fn of(root: &Path, site: &Site, id: &WorkloadId) -> Self {
        Self { path: root.join(site.as_str()).join(id.as_str()) }
    }

    /// A folder by its path, as a supervisor is given it.
    pub(super) fn at(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// Every folder of a site; what has no id for a name is not ours.
    pub(super) fn all(root: &Path, site: &Site) -> io::Result<Vec<Self>> {
        let entries = match fs::read_dir(root.join(site.as_str())) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(vec![]),
            Err(error) => return Err(error),
        };
        let mut folders = vec![];
        for entry in entries {
            let entry = entry?;
            let named = entry.file_name().to_str().is_some_and(|name| WorkloadId::parse(name).is_ok());
            if named && entry.file_type()?.is_dir() {
                folders.push(Self { path: entry.path() });
            }
        }
        folders.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(folders)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Where a unit works.
    pub(super) fn work(&self, unit: &str) -> PathBuf {
        self.path.join("work").join(unit)
    }

    /// The newest file of a unit's output, and the one before it.
    pub(super) fn logs(&self, unit: &str) -> [PathBuf; 2] {
        [self.path.join("log").join(format!("{unit}.log")), self.path.join("log").join(format!("{unit}.log.1"))]
    }

    /// Makes the folder and writes the plan; both for the owner alone.
    pub(super) fn make(&self, plan: &Plan) -> io::Result<()> {
        private(&self.path)?;
        private(&self.path.join("log"))?;
        for unit in &plan.units {
            private(&self.work(&unit.name()))?;
        }
        if let Some(account) = plan.account {
            // Others must pass through to their own work folder, and see nothing on the way.
            for above in self.path.ancestors().take(3) {
                fs::set_permissions(above, Permissions::from_mode(0o711))?;
            }
            fs::set_permissions(self.path.join("work"), Permissions::from_mode(0o711))?;
            for unit in &plan.units {
                std::os::unix::fs::chown(self.work(&unit.name()), Some(account.uid), Some(account.gid))?;
            }
        }
        self.write("plan.json", &serde_json::to_vec(plan)?)
    }

    /// What is to be run; none where there is no workload.
    pub(super) fn plan(&self) -> io::Result<Option<Plan>> {
        self.read("plan.json")
    }

    /// How the units are; none where no supervisor ever wrote it.
    pub(super) fn status(&self) -> io::Result<Option<Status>> {
        self.read("status.json")
    }

    pub(super) fn write_status(&self, status: &Status) -> io::Result<()> {
        self.write("status.json", &serde_json::to_vec(status)?)
    }

    /// Takes the lock that says that a supervisor lives; none where another one does.
    pub(super) fn lock(&self) -> io::Result<Option<File>> {
        let mut options = OpenOptions::new();
        let file = options.create(true).write(true).truncate(false).mode(0o600).open(self.path.join("lock"))?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Some(file)),
            Err(rustix::io::Errno::WOULDBLOCK) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether a supervisor lives. The kernel drops its lock with it, however it died.
    pub(super) fn is_supervised(&self) -> io::Result<bool> {
        let file = match File::open(self.path.join("lock")) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error),
        };
        match flock(&file, FlockOperation::NonBlockingLockShared) {
            Ok(()) => Ok(false),
            Err(rustix::io::Errno::WOULDBLOCK) => Ok(true),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes everything.
    pub(super) fn remove(&self) -> io::Result<()> {
        match fs::remove_dir_all(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            done => done,
        }
    }

    /// The workload as it is; none where the folder is being made or removed.
    pub(super) fn observe(&self, handle: u32) -> io::Result<Option<Observed>> {
        let Some(plan) = self.plan()? else { return Ok(None) };
        // First whether somebody writes, then what was written: the other way round a start could look like an end.
        let supervised = self.is_supervised()?;
        let status = self.status()?.unwrap_or_default();
        let (Ok(id), Ok(owner), Ok(revision)) =
            (WorkloadId::parse(&plan.id), Owner::parse(&plan.owner), Revision::parse(&plan.revision))
        else {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("{}: no plan of ours", self.path.display()),
            ));
        };
        // What nobody began, and nobody is beginning, is not there: whoever was to start it was cut short.
        let units = plan.units.iter().filter_map(|unit| {
            let found = status.units.get(&unit.name());
            Some(Unit {
                service: unit.service.clone(),
                replica: unit.replica,
                revision,
                state: state(found, status.paused, supervised)?,
                waits_for: None,
                since: found.map(|unit| unit.since),
                endpoints: endpoints(unit),
            })
        });
        let units = units.collect();
        Ok(Some(Observed { id, owner, revision, handle: Handle { version: handle, data: String::new() }, units }))
    }

    fn read<T: for<'de> Deserialize<'de>>(&self, name: &str) -> io::Result<Option<T>> {
        let path = self.path.join(name);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut bytes = Vec::new();
        io::Read::read_to_end(&mut io::Read::take(file, LARGEST), &mut bytes)?;
        serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, format!("{}: {error}", path.display())))
    }

    /// Whole or not at all, for the owner alone.
    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let new = self.path.join(format!("{name}.new"));
        let mut options = OpenOptions::new();
        let mut file = options.create(true).write(true).truncate(true).mode(0o600).open(&new)?;
        file.write_all(bytes)?;
        // Else a power cut may leave the new name and none of the bytes.
        file.sync_data()?;
        fs::rename(&new, self.path.join(name))
    }
}

/// A folder for the owner alone, with those above it.
pub(super) fn private(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// None for a unit that was never begun.
fn state(status: Option<&UnitStatus>, paused: bool, supervised: bool) -> Option<UnitState> {
    Some(match status {
        None if supervised => UnitState::Starting,
        None => return None,
        Some(UnitStatus { failure: Some(reason), exhausted, .. }) => {
            UnitState::Failed { reason: reason.clone(), exhausted: *exhausted }
        }
        Some(UnitStatus { code: Some(code), .. }) => UnitState::Exited { code: *code },
        Some(_) if !supervised => {
            UnitState::Failed { reason: "it ended with its supervisor".to_owned(), exhausted: false }
        }
        Some(_) if paused => UnitState::Paused,
        Some(_) => UnitState::Running,
    })
}

/// Units open their ports on the machine itself.
fn endpoints(unit: &PlannedUnit) -> Vec<Endpoint> {
    let endpoint = |(port, udp): &(u16, bool)| Endpoint {
        port: *port,
        protocol: if *udp { Protocol::Udp } else { Protocol::Tcp },
        address: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        seen_as: *port,
    };
    unit.ports.iter().map(endpoint).collect()
}
