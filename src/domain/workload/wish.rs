//! What an operator can want of a workload, and what becomes of it then.

use super::heal::Restarts;
use super::{Hold, State, Workload};

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

/// Why a wish cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unwilling {
    /// The workload is over.
    Over,
    /// Its lease is being closed: nothing of it starts again.
    Closing,
    /// An operator wanted more than this, and has not taken it back: what.
    Held(&'static str),
    /// Its manifest is lost: ended, it could not be started again.
    NoManifest,
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

    /// The workload as it is with this wish. `undone`: the close of its lease was wanted and came to nothing.
    pub fn apply(self, known: &Workload, undone: bool) -> Result<Workload, Unwilling> {
        if known.state == State::Terminated {
            return Err(Unwilling::Over);
        }
        match (known.hold, self) {
            (Some(Hold::Terminated), Self::Pause | Self::Stop { .. }) => return Err(Unwilling::Held("terminated")),
            (Some(Hold::Stopped { .. }), Self::Pause) => return Err(Unwilling::Held("stopped")),
            _ => {}
        }
        // Ended, it would stay so: nobody knows any more how it is run.
        if self == Self::Restart && !known.has_manifest {
            return Err(Unwilling::NoManifest);
        }
        let starts = matches!(self, Self::Resume | Self::Restart);
        if starts && known.closing && !undone {
            return Err(Unwilling::Closing);
        }
        let mut wanted = known.clone();
        (wanted.hold, wanted.restart) = match self {
            Self::Pause => (Some(Hold::Paused), false),
            Self::Resume => (None, known.state == State::Failed),
            Self::Stop { forced } => (Some(Hold::Stopped { forced }), false),
            Self::Restart => (None, true),
            Self::Terminate => (Some(Hold::Terminated), false),
        };
        // Who was given up gets another chance, with all its restarts; so does who failed.
        if starts {
            wanted.eviction = None;
            wanted.restarts = Restarts::default();
        }
        // A close that came to nothing is wanted anew by whoever wants the end, and by nobody else any more.
        if starts || (undone && self == Self::Terminate) {
            wanted.closing = false;
        }
        Ok(wanted)
    }
}
