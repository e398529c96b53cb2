//! What a back end says it runs.

use core::net::IpAddr;
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Owner, Revision, WorkloadId};
use crate::domain::manifest::Protocol;

/// A workload as a back end sees it. Only what carries our labels is ever observed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    /// The label of the workload.
    pub id: WorkloadId,
    /// The label of its owner.
    pub owner: Owner,
    /// The label of its revision. While a new one is rolled out, that of the newest unit.
    pub revision: Revision,
    /// How the back end finds it again.
    pub handle: Handle,
    /// What it is made of, by service and replica.
    pub units: Vec<Unit>,
}

/// One instance of one service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// The service.
    pub service: String,
    /// Which of its instances, from 0.
    pub replica: u32,
    /// The label of its revision.
    pub revision: Revision,
    /// How it is.
    pub state: UnitState,
    /// Since when it runs, or when it ended; none where the back end does not say.
    pub since: Option<Timestamp>,
    /// What keeps one that is being set up, in one line, where the back end says so.
    pub waits_for: Option<String>,
    /// Where it is reached from outside.
    pub endpoints: Vec<Endpoint>,
}

/// How a unit is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnitState {
    /// It is being set up: scheduled, pulled, booted.
    Starting,
    /// It runs.
    Running,
    /// It is held still.
    Paused,
    /// It ended by itself or was stopped.
    Exited {
        /// The exit code of its process; for a signal 128 and its number.
        code: i32,
    },
    /// It could not be started, or the back end ended it.
    Failed {
        /// What the back end says, in one line.
        reason: String,
        /// The node was short of something, or the unit outgrew its limits.
        exhausted: bool,
    },
}

/// Where a unit is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The port that the service listens at.
    pub port: u16,
    /// TCP or UDP.
    pub protocol: Protocol,
    /// The address from outside.
    pub address: IpAddr,
    /// The port from outside.
    pub seen_as: u16,
}

/// How a back end finds a workload again: its own business, kept in the state file and given back to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handle {
    /// Which form `data` has; a back end reads its older forms too.
    pub version: u32,
    /// Opaque to everybody else.
    pub data: String,
}

impl UnitState {
    /// The word in output and stored rows.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Exited { .. } => "exited",
            Self::Failed { .. } => "failed",
        }
    }

    /// Whether it ended, or never began, without being asked to.
    pub const fn has_ended(&self) -> bool {
        match self {
            Self::Exited { .. } | Self::Failed { .. } => true,
            Self::Starting | Self::Running | Self::Paused => false,
        }
    }
}

impl fmt::Display for UnitState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Starting | Self::Running | Self::Paused => f.write_str(self.word()),
            Self::Exited { code } => write!(f, "exited with {code}"),
            Self::Failed { reason, .. } => write!(f, "failed: {reason}"),
        }
    }
}

impl Unit {
    /// Its name among the units of its workload: `web-0`.
    pub fn name(&self) -> String {
        format!("{}-{}", self.service, self.replica)
    }
}
