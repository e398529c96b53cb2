//! Places where a debug build can be told to die: between any two writes of a job.
//!
//! `PROVIDER_FAIL_POINT=key-made` kills the process with SIGKILL when it comes to that point, `key-made:3` when it comes
//! there the third time. Release builds know nothing of it. The points of a flush are `tx_flush::FailPoint`, those of
//! bidding `bid_run::FailPoint`, those of the other jobs [`FailPoint`]; tests kill at each of them.

/// A moment of a job at which a kill must do no harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailPoint {
    /// It is written down that a key gets a successor.
    RotationBegun,
    /// A back end has a new key; its file is not in the key folder.
    KeyPrepared,
    /// A new key's file is in the key folder; the state file does not know it.
    KeyMade,
    /// The new key is in use, the old one in its grace period.
    KeySwitched,
    /// It is written down that a key is to be destroyed.
    KeyDestroying,
    /// A key's file is gone; that was not written down.
    KeyDeleted,
    /// What a backup remembers of its keys is written down; none of their files is back.
    KeysRemembered,
    /// The file of a key of a backup is back; the state file has not looked at it again.
    KeyRestored,
    /// A key is given up; nothing else of the incident is done.
    KeyGivenUp,
    /// The key of a certificate authority is there, and no certificate of it.
    AuthorityKeyWritten,
    /// A server's new key is there, and no certificate for it.
    ServerKeyWritten,
}

impl FailPoint {
    /// Every one.
    pub const ALL: &'static [Self] = &[
        Self::RotationBegun,
        Self::KeyPrepared,
        Self::KeyMade,
        Self::KeySwitched,
        Self::KeyDestroying,
        Self::KeyDeleted,
        Self::KeysRemembered,
        Self::KeyRestored,
        Self::KeyGivenUp,
        Self::AuthorityKeyWritten,
        Self::ServerKeyWritten,
    ];

    /// The word in the variable.
    pub const fn word(self) -> &'static str {
        match self {
            Self::RotationBegun => "rotation-begun",
            Self::KeyPrepared => "key-prepared",
            Self::KeyMade => "key-made",
            Self::KeySwitched => "key-switched",
            Self::KeyDestroying => "key-destroying",
            Self::KeyDeleted => "key-deleted",
            Self::KeysRemembered => "keys-remembered",
            Self::KeyRestored => "key-restored",
            Self::KeyGivenUp => "key-given-up",
            Self::AuthorityKeyWritten => "authority-key-written",
            Self::ServerKeyWritten => "server-key-written",
        }
    }

    /// The process has come to this point.
    pub(super) fn reach(self) {
        reach(self.word());
    }
}

/// The process has come to the point of that name.
#[cfg(debug_assertions)]
pub(super) fn reach(point: &str) {
    use std::sync::LazyLock;
    use std::sync::atomic::{AtomicU32, Ordering};

    static ARMED: LazyLock<Option<(String, u32)>> = LazyLock::new(|| {
        #[allow(clippy::disallowed_methods, reason = "not configuration: a debug build is told where to die")]
        let text = std::env::var("PROVIDER_FAIL_POINT").ok()?;
        let (word, times) = text.split_once(':').unwrap_or((&text, "1"));
        Some((word.to_owned(), times.parse().unwrap_or(1)))
    });
    static PASSED: AtomicU32 = AtomicU32::new(0);

    let Some((word, times)) = ARMED.as_ref() else { return };
    if word == point && PASSED.fetch_add(1, Ordering::SeqCst).saturating_add(1) == *times {
        // As `kill -9` from outside: nothing is unwound, nothing is flushed.
        let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
    }
}

/// A release build has no fail points.
#[cfg(not(debug_assertions))]
pub(super) const fn reach(_: &str) {}
