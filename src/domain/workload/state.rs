//! The life cycle of a workload, as the training manual draws it.

use std::fmt;

/// Where a workload stands.
///
/// ```text
/// pending ──deploy──> deploying ──up──> running <──resume/pause──> paused
///    │                 │    │              │  │                      │ │
///    │                 │    └─halted─┐     │  └────stop──┐┌───stop───┘ │
///    │fail             │fail         │     │fail         vv            │fail
///    v                 v             │     v          stopping ──fail──┤
/// failed <─────────────┴─────────────┼─────┴─────────────┼─────────────┘
///    │  └──deploy──> deploying       v                   │halted
///    │                            stopped <──────────────┘
///    │                             │  └──deploy──> deploying
///    └────terminate──> terminated <┘terminate
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// It has an owner; nothing runs yet.
    Pending,
    /// The back end is setting it up.
    Deploying,
    /// All its units run.
    Running,
    /// Its units hold still and keep what they have.
    Paused,
    /// The back end is ending it.
    Stopping,
    /// Nothing of it runs; its data and logs are there.
    Stopped,
    /// It could not run, or no longer did.
    Failed,
    /// It is over, and the back end holds nothing of it.
    Terminated,
}

/// What happens to a workload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    /// The back end is asked to run it.
    Deploy,
    /// All its units run.
    Up,
    /// The back end is asked to hold it still.
    Pause,
    /// The back end is asked to let it go on.
    Resume,
    /// The back end is asked to end it.
    Stop,
    /// Nothing of it runs any more, as it was asked for.
    Halted,
    /// It cannot run, or something of it ended that should not have.
    Fail,
    /// The back end holds nothing of it any more.
    Terminate,
}

/// A state in which this cannot happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a workload that is {state} cannot {event}")]
pub struct IllegalTransition {
    /// Where it stands.
    pub state: State,
    /// What should have happened.
    pub event: Event,
}

impl State {
    /// Every state, in the order of a life.
    pub const ALL: [Self; 8] = [
        Self::Pending,
        Self::Deploying,
        Self::Running,
        Self::Paused,
        Self::Stopping,
        Self::Stopped,
        Self::Failed,
        Self::Terminated,
    ];

    /// The state after an event.
    pub const fn next(self, event: Event) -> Result<Self, IllegalTransition> {
        use {Event as E, State as S};
        let illegal = Err(IllegalTransition { state: self, event });
        match (self, event) {
            (S::Pending | S::Stopped | S::Failed, E::Deploy) => Ok(S::Deploying),
            (S::Deploying, E::Up) | (S::Paused, E::Resume) => Ok(S::Running),
            (S::Running, E::Pause) => Ok(S::Paused),
            (S::Running | S::Paused, E::Stop) => Ok(S::Stopping),
            (S::Deploying | S::Stopping, E::Halted) => Ok(S::Stopped),
            (S::Pending | S::Deploying | S::Running | S::Paused | S::Stopping, E::Fail) => Ok(S::Failed),
            (S::Stopped | S::Failed, E::Terminate) => Ok(S::Terminated),
            (S::Deploying | S::Running | S::Paused | S::Stopping | S::Terminated, E::Deploy)
            | (S::Pending | S::Running | S::Paused | S::Stopping | S::Stopped | S::Failed | S::Terminated, E::Up)
            | (
                S::Pending | S::Deploying | S::Paused | S::Stopping | S::Stopped | S::Failed | S::Terminated,
                E::Pause,
            )
            | (
                S::Pending | S::Deploying | S::Running | S::Stopping | S::Stopped | S::Failed | S::Terminated,
                E::Resume,
            )
            | (S::Pending | S::Deploying | S::Stopping | S::Stopped | S::Failed | S::Terminated, E::Stop)
            | (S::Pending | S::Running | S::Paused | S::Stopped | S::Failed | S::Terminated, E::Halted)
            | (S::Stopped | S::Failed | S::Terminated, E::Fail)
            | (S::Pending | S::Deploying | S::Running | S::Paused | S::Stopping | S::Terminated, E::Terminate) => {
                illegal
            }
        }
    }

    /// The word in output, filters, metrics and stored rows.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Deploying => "deploying",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Stopping => "stopping",
            Self::Stopped => "stopped",
            Self::Failed => "failed",
            Self::Terminated => "terminated",
        }
    }

    /// The state with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    /// Whether the back end may hold something of it that runs.
    pub const fn is_live(self) -> bool {
        match self {
            Self::Deploying | Self::Running | Self::Paused | Self::Stopping => true,
            Self::Pending | Self::Stopped | Self::Failed | Self::Terminated => false,
        }
    }
}

impl Event {
    /// Every event.
    pub const ALL: [Self; 8] =
        [Self::Deploy, Self::Up, Self::Pause, Self::Resume, Self::Stop, Self::Halted, Self::Fail, Self::Terminate];

    /// The word in stored rows.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Deploy => "deploy",
            Self::Up => "up",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Stop => "stop",
            Self::Halted => "halted",
            Self::Fail => "fail",
            Self::Terminate => "terminate",
        }
    }

    /// The event with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.word() == word)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The training manual's `validTransitions`, word for word.
    const MANUAL: [(State, &[State]); 8] = [
        (State::Pending, &[State::Deploying, State::Failed]),
        (State::Deploying, &[State::Running, State::Failed, State::Stopped]),
        (State::Running, &[State::Paused, State::Stopping, State::Failed]),
        (State::Paused, &[State::Running, State::Stopping, State::Failed]),
        (State::Stopping, &[State::Stopped, State::Failed]),
        (State::Stopped, &[State::Terminated, State::Deploying]),
        (State::Failed, &[State::Terminated, State::Deploying]),
        (State::Terminated, &[]),
    ];

    #[test]
    fn the_transitions_are_the_manuals_all_of_them_and_no_other() {
        for (state, allowed) in MANUAL {
            let mut reached: Vec<State> = Event::ALL.into_iter().filter_map(|event| state.next(event).ok()).collect();
            let mut allowed = allowed.to_vec();
            reached.sort_unstable();
            allowed.sort_unstable();
            assert_eq!(reached, allowed, "{state}: each once, by one event");
        }
    }

    #[test]
    fn the_full_matrix() {
        let row = |state: State| -> String {
            let cell = |event| state.next(event).map_or("-", State::word);
            Event::ALL.map(cell).join(" ")
        };
        let matrix: Vec<String> = State::ALL.into_iter().map(|state| format!("{state}: {}", row(state))).collect();
        // deploy up pause resume stop halted fail terminate
        assert_eq!(
            matrix,
            [
                "pending: deploying - - - - - failed -",
                "deploying: - running - - - stopped failed -",
                "running: - - paused - stopping - failed -",
                "paused: - - - running stopping - failed -",
                "stopping: - - - - - stopped failed -",
                "stopped: deploying - - - - - - terminated",
                "failed: deploying - - - - - - terminated",
                "terminated: - - - - - - - -",
            ]
        );
        for state in State::ALL {
            for event in Event::ALL {
                if let Err(illegal) = state.next(event) {
                    assert_eq!(illegal, IllegalTransition { state, event });
                }
            }
        }
    }

    #[test]
    fn words_read_back() {
        assert!(State::ALL.into_iter().all(|state| State::from_word(state.word()) == Some(state)));
        assert!(Event::ALL.into_iter().all(|event| Event::from_word(event.word()) == Some(event)));
        assert_eq!(State::from_word("gone"), None);
    }
}
