//! Places where a debug build can be told to die, so that tests can kill a job between any two of its writes.
//!
//! `PROVIDER_FAIL_POINT=workload-deploy-recorded` kills the process with SIGKILL when it comes to that place,
//! `workload-deploy-recorded:3` when it comes there the third time. Release builds know nothing of it.

/// The process has come to this place.
#[cfg(debug_assertions)]
pub fn reach(place: &str) {
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
    if word == place && PASSED.fetch_add(1, Ordering::SeqCst).saturating_add(1) == *times {
        // As `kill -9` from outside: nothing is unwound, nothing is flushed.
        let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
    }
}

/// The process has come to this place.
#[cfg(not(debug_assertions))]
pub const fn reach(_: &str) {}
