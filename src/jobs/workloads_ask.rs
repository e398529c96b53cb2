//! What the operator wants of a workload: written down; reconcile carries it out.

use std::borrow::Cow;

use jiff::Timestamp;

use crate::domain::fault::{Classified, Fault};
use crate::domain::workload::{Actor, Hold, State, WorkloadId};
use crate::store::workloads::{self, Stamp, history};
use crate::store::{self, Store};

/// What an operator can want of a workload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Hold it still.
    Pause,
    /// Let it go on, whether it was paused, stopped or given up.
    Resume,
    /// End it, and keep its data.
    Stop {
        /// Without giving it time.
        forced: bool,
    },
    /// End it and start it again.
    Restart,
    /// End it for good.
    Terminate,
}

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
        let known = workloads::one(change, workload)?;
        let known = known.ok_or_else(|| Error::NoWorkload { workload: workload.clone() })?;
        if known.state == State::Terminated {
            return Err(Error::Over { workload: workload.clone() });
        }
        let held = match (known.hold, wish) {
            (Some(Hold::Terminated), Wish::Pause | Wish::Stop { .. }) => Some("terminated"),
            (Some(Hold::Stopped { .. }), Wish::Pause) => Some("stopped"),
            _ => None,
        };
        if let Some(wanted) = held {
            return Err(Error::Held { workload: workload.clone(), wanted, wish: wish.word() });
        }
        // Ended, it would stay so: nobody knows any more how it is run.
        if wish == Wish::Restart && !known.has_manifest {
            return Err(Error::NoManifest { workload: workload.clone() });
        }
        let (hold, restart) = match wish {
            Wish::Pause => (Some(Hold::Paused), false),
            Wish::Resume => (None, false),
            Wish::Stop { forced } => (Some(Hold::Stopped { forced }), false),
            Wish::Restart => (None, true),
            Wish::Terminate => (Some(Hold::Terminated), false),
        };
        let starts = matches!(wish, Wish::Resume | Wish::Restart);
        if starts && known.closing {
            return Err(Error::Closing { workload: workload.clone() });
        }
        // Who was given up gets another chance, with all its restarts; so does who failed.
        if starts {
            workloads::evict(change, workload, None, false)?;
            workloads::restarts(change, workload, crate::domain::workload::heal::Restarts::default())?;
        }
        let failed = wish == Wish::Resume && known.state == State::Failed;
        workloads::hold(change, workload, hold, restart || failed)?;
        Ok(history::ask(change, workload, wish.word(), note, &stamp)?)
    })
}

impl Wish {
    /// The word of the command.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Stop { .. } => "stop",
            Self::Restart => "restart",
            Self::Terminate => "terminate",
        }
    }
}
