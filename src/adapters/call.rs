//! What goes wrong between us and a back end.

use std::borrow::Cow;
use std::fmt;

use crate::domain::fault::{Classified, Fault};
use crate::domain::workload::{Misfit, WorkloadId};

/// What a back end was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// Whether it is there, and what it has.
    Probe,
    /// To run a workload.
    Ensure,
    /// What it runs.
    Observe,
    /// What its meters say.
    Sample,
    /// A workload's output.
    Logs,
    /// To hold a workload still.
    Pause,
    /// To let it go on.
    Resume,
    /// To end it.
    Stop,
    /// To remove it.
    Remove,
    /// To check a unit.
    Check,
}

/// A call: what was asked, of whom, about what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The name of the back end.
    pub adapter: String,
    /// What was asked.
    pub operation: Operation,
    /// The workload that it was about, if it was about one.
    pub workload: Option<WorkloadId>,
}

/// Why a back end did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It cannot be reached, or did not answer in time, or in full: what it did is unknown.
    #[error("{call}: it does not answer as it should")]
    Unavailable {
        /// What was asked.
        call: Call,
        /// What happened.
        #[source]
        source: Source,
    },
    /// It will never do this: the request is wrong for it.
    #[error("{call}: {reason}")]
    Refused {
        /// What was asked.
        call: Call,
        /// What is wrong.
        reason: String,
    },
    /// The manifest wants what it cannot do.
    #[error("{call}: {}", in_a_row(misfits))]
    Misfits {
        /// What was asked.
        call: Call,
        /// What it cannot do.
        misfits: Vec<Misfit>,
    },
    /// It has too little left.
    #[error("{call}: {reason}")]
    Exhausted {
        /// What was asked.
        call: Call,
        /// Of what.
        reason: String,
    },
    /// It does not know the workload.
    #[error("{call}: it does not know it")]
    NotFound {
        /// What was asked.
        call: Call,
    },
    /// Something that is not ours has a name that we need.
    #[error("{call}: {what} is in the way, and it is not ours")]
    InTheWay {
        /// What was asked.
        call: Call,
        /// What is in the way.
        what: String,
    },
    /// Somebody else changed the same thing at the same time: the next run looks again.
    #[error("{call}: somebody else changed it meanwhile")]
    Crossed {
        /// What was asked.
        call: Call,
        /// What the back end says.
        #[source]
        source: Source,
    },
    /// We may not do this.
    #[error("{call}: it is not allowed")]
    Denied {
        /// What was asked.
        call: Call,
        /// Who says so.
        #[source]
        source: Source,
    },
    /// It cannot do this at all.
    #[error("{call}: it cannot do that")]
    Unsupported {
        /// What was asked.
        call: Call,
    },
}

/// The error of a library beneath.
pub type Source = Box<dyn std::error::Error + Send + Sync>;

impl Error {
    /// What was asked.
    pub const fn call(&self) -> &Call {
        match self {
            Self::Unavailable { call, .. }
            | Self::Refused { call, .. }
            | Self::Misfits { call, .. }
            | Self::Exhausted { call, .. }
            | Self::NotFound { call }
            | Self::InTheWay { call, .. }
            | Self::Crossed { call, .. }
            | Self::Denied { call, .. }
            | Self::Unsupported { call } => call,
        }
    }
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::Unavailable { .. } => Fault::Unavailable,
            Self::Refused { .. } | Self::Misfits { .. } | Self::Unsupported { .. } => Fault::Invalid,
            Self::Exhausted { .. } | Self::InTheWay { .. } | Self::Crossed { .. } => Fault::Conflict,
            Self::NotFound { .. } => Fault::NotFound,
            Self::Denied { .. } => Fault::Denied,
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        let hint = match self {
            Self::Unavailable { .. } => {
                "nothing is stopped or removed while a back end does not answer; see its own log"
            }
            Self::Exhausted { .. } => {
                "`provider workloads list` shows what runs; a smaller `workloads.max_concurrent` keeps a reserve"
            }
            Self::InTheWay { .. } => {
                "rename or remove it, or give this provider another `site` in its back end's section"
            }
            Self::Crossed { .. } => "the next run looks again; nothing is lost",
            Self::Denied { call, .. } if call.adapter == "kubernetes" => {
                "`provider validate-config --check-connectivity` says which permission is missing; config/kubernetes-rbac.yaml \
                 holds them all"
            }
            Self::Denied { .. } => "see who owns the socket or folder of the back end, and which account runs this",
            Self::Refused { .. } | Self::Misfits { .. } | Self::NotFound { .. } | Self::Unsupported { .. } => {
                return None;
            }
        };
        Some(Cow::Borrowed(hint))
    }
}

impl Operation {
    /// Every operation.
    pub const ALL: [Self; 10] = [
        Self::Probe,
        Self::Ensure,
        Self::Observe,
        Self::Sample,
        Self::Logs,
        Self::Pause,
        Self::Resume,
        Self::Stop,
        Self::Remove,
        Self::Check,
    ];

    /// The word in errors, stored rows and metrics.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Probe => "probe",
            Self::Ensure => "ensure",
            Self::Observe => "observe",
            Self::Sample => "sample",
            Self::Logs => "logs",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Stop => "stop",
            Self::Remove => "remove",
            Self::Check => "check",
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Probe => "look at the back end",
            Self::Ensure => "run",
            Self::Observe => "see what runs",
            Self::Sample => "read the meters",
            Self::Logs => "read the output of",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Stop => "stop",
            Self::Remove => "remove",
            Self::Check => "check",
        }
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot {}", self.operation.words())?;
        if let Some(workload) = &self.workload {
            write!(f, " workload {workload}")?;
        }
        write!(f, " on `{}`", self.adapter)
    }
}

fn in_a_row(misfits: &[Misfit]) -> String {
    misfits.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
