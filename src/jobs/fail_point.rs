//! Dying on demand, for tests of kills: `PROVIDER_FAIL_POINT=stored` kills a debug build with SIGKILL when it comes to
//! the point of that word, `stored:3` when it comes there the third time. Release builds know nothing of it.

/// The process has come to the point of this word.
#[cfg(debug_assertions)]
pub(super) fn reach(word: &str) {
    use std::sync::LazyLock;
    use std::sync::atomic::{AtomicU32, Ordering};

    static ARMED: LazyLock<Option<(String, u32)>> = LazyLock::new(|| {
        #[allow(clippy::disallowed_methods, reason = "not configuration: a debug build is told where to die")]
        let text = std::env::var("PROVIDER_FAIL_POINT").ok()?;
        let (word, times) = text.split_once(':').unwrap_or((&text, "1"));
        Some((word.to_owned(), times.parse().unwrap_or(1)))
    });
    static PASSED: AtomicU32 = AtomicU32::new(0);

    let Some((armed, times)) = ARMED.as_ref() else { return };
    if armed == word && PASSED.fetch_add(1, Ordering::SeqCst).saturating_add(1) == *times {
        // As `kill -9` from outside: nothing is unwound, nothing is flushed.
        let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
    }
}

/// The process has come to the point of this word.
#[cfg(not(debug_assertions))]
pub(super) const fn reach(_: &str) {}
