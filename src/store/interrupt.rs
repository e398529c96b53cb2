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
