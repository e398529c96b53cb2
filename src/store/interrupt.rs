//! Long statements that end early when we are asked to stop.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use rusqlite::{Connection, InterruptHandle};

/// Asked at safe points and, during long statements, ten times a second: whether the work should end.
pub type ShouldStop<'a> = &'a (dyn Fn() -> bool + Sync);

/// Runs a long statement of a connection, which fails with "interrupted" soon after `should_stop` says so.
pub(super) fn watched<T>(connection: &Connection, should_stop: ShouldStop<'_>, work: impl FnOnce() -> T) -> T {
    let handle: InterruptHandle = connection.get_interrupt_handle();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            while !done.load(Ordering::Acquire) {
                if should_stop() {
                    handle.interrupt();
                }
                thread::park_timeout(Duration::from_millis(100));
            }
        });
        // Ends the watcher however the work ends, so that a panic is not kept waiting.
        let _ending = Ending { done: &done, watcher: watcher.thread().clone() };
        work()
    })
}

struct Ending<'a> {
    done: &'a AtomicBool,
    watcher: thread::Thread,
}

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.done.store(true, Ordering::Release);
        self.watcher.unpark();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    const ENDLESS: &str = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";

    #[test]
    fn an_endless_statement_ends_on_request() {
        let connection = Connection::open_in_memory().unwrap();
        let begun = Instant::now();
        let stop = || begun.elapsed() > Duration::from_millis(50);
        let ended = watched(&connection, &stop, || connection.query_row(ENDLESS, [], |_| Ok(())));
        assert_eq!(ended.unwrap_err().sqlite_error_code(), Some(rusqlite::ErrorCode::OperationInterrupted));
        // The next statement is not concerned.
        let count =
            watched(&connection, &|| false, || connection.query_row("SELECT 1", [], |row| row.get::<_, i64>(0)));
        assert_eq!(count.unwrap(), 1);
    }

    #[test]
    fn a_panic_is_not_kept_waiting() {
        let connection = Connection::open_in_memory().unwrap();
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            watched(&connection, &|| false, || panic!("as a defect would"));
        }));
        assert!(panicked.is_err());
    }
}
