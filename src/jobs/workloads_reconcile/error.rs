//! Why reconciling could not go on: the state file, nothing else. A back end that fails is a line of the report.

use std::borrow::Cow;

use crate::domain::fault::{Classified, Fault};
use crate::domain::workload::{IllegalTransition, WorkloadId};
use crate::store::workloads::TransitionError;
use crate::store::{self, LockError};

/// Why reconciling could not go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The job's lock is not to be had.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The state file cannot be read or written.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A step that the state machine does not have: a defect of the plan.
    #[error("workload {workload}: the plan is wrong")]
    Illegal {
        /// The workload.
        workload: WorkloadId,
        /// What it wanted.
        #[source]
        source: IllegalTransition,
    },
}

impl From<TransitionError> for Error {
    fn from(error: TransitionError) -> Self {
        match error {
            TransitionError::Illegal { workload, source } => Self::Illegal { workload, source },
            TransitionError::Store(error) => Self::Store(error),
        }
    }
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::Lock(error) => error.fault(),
            Self::Store(error) => error.fault(),
            Self::Illegal { .. } => Fault::Bug,
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Lock(error) => error.hint(),
            Self::Store(error) => error.hint(),
            Self::Illegal { .. } => None,
        }
    }
}
