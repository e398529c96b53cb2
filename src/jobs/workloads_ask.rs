//! What the operator wants of a workload: written down; reconcile carries it out.

use std::borrow::Cow;

use jiff::Timestamp;

use crate::domain::fault::{Classified, Fault};
use crate::domain::workload::{Actor, Unwilling, Wish, Workload, WorkloadId};
use crate::store::workloads::{self, Stamp, history};
use crate::store::{self, Snapshot, Store};

use super::workloads_market::undone_close;

/// Why a wish was not written down.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody knows the workload.
    #[error("there is no workload {workload}")]
    NoWorkload {
        /// Which.
        workload: WorkloadId,
    },
    /// It is over.
    #[error("workload {workload} is over")]
    Over {
        /// Which.
        workload: WorkloadId,
    },
    /// Its lease is being closed: nothing of it starts again.
    #[error("workload {workload} waits for the end of its lease, and cannot start again")]
    Closing {
        /// Which.
        workload: WorkloadId,
    },
    /// An operator wanted more than this, and has not taken it back.
    #[error("workload {workload} is to be {wanted}; {wish} would undo that")]
    Held {
        /// Which.
        workload: WorkloadId,
        /// What is wanted of it.
        wanted: &'static str,
        /// The word of the command.
        wish: &'static str,
    },
    /// It could not be started again.
    #[error("workload {workload} cannot be restarted: its manifest is not in the state file")]
    NoManifest {
        /// Which.
        workload: WorkloadId,
    },
    /// The state file failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::NoWorkload { .. } => Fault::NotFound,
            Self::Over { .. } | Self::Closing { .. } | Self::Held { .. } | Self::NoManifest { .. } => Fault::Invalid,
            Self::Store(error) => error.fault(),
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::NoWorkload { .. } => Some(Cow::Borrowed("`provider workloads list` shows them")),
            Self::Held { .. } => Some(Cow::Borrowed("`provider workloads resume` takes it back")),
            Self::NoManifest { .. } => Some(Cow::Borrowed("`provider workloads deploy --manifest FILE` gives it back")),
            Self::Over { .. } | Self::Closing { .. } => None,
            Self::Store(error) => error.hint(),
        }
    }
}

/// Writes down what the operator wants of a workload, with a word about it.
pub fn ask(
    store: &Store,
    workload: &WorkloadId,
    wish: Wish,
    note: Option<&str>,
    actor: Actor,
    now: Timestamp,
) -> Result<(), Error> {
    let stamp = Stamp { at: now, actor, run: None };
    store.write("write down what is wanted of a workload", |change| {
        let wanted = wanted(change, workload, wish)?;
        workloads::evict(change, workload, wanted.eviction, wanted.closing)?;
        workloads::restarts(change, workload, wanted.restarts)?;
        workloads::hold(change, workload, wanted.hold, wanted.restart)?;
        Ok(history::ask(change, workload, wish.word(), note, &stamp)?)
    })
}

/// The workload as it would be with a wish. Nothing is written.
pub fn rehearse(store: &Store, workload: &WorkloadId, wish: Wish) -> Result<Workload, Error> {
    store.read("look what a wish would make of a workload", |snapshot| wanted(snapshot, workload, wish))
}

fn wanted(snapshot: &Snapshot<'_>, workload: &WorkloadId, wish: Wish) -> Result<Workload, Error> {
    let known = workloads::one(snapshot, workload)?;
    let known = known.ok_or_else(|| Error::NoWorkload { workload: workload.clone() })?;
    let undone = match known.owner.lease().filter(|_| known.closing) {
        Some(lease) => undone_close(snapshot, lease)?.is_some(),
        None => false,
    };
    let workload = || workload.clone();
    wish.apply(&known, undone).map_err(|unwilling| match unwilling {
        Unwilling::Over => Error::Over { workload: workload() },
        Unwilling::Closing => Error::Closing { workload: workload() },
        Unwilling::Held(wanted) => Error::Held { workload: workload(), wanted, wish: wish.word() },
        Unwilling::NoManifest => Error::NoManifest { workload: workload() },
    })
}
