//! The clocks of the machine, read at once.

use std::fs;

use jiff::Timestamp;
use rustix::time::{ClockId, clock_gettime};

use crate::domain::usage::clock::Clocks;

/// Reads the clocks; `wall` is what the caller's clock says.
pub fn read(wall: Timestamp) -> Clocks {
    let since = clock_gettime(ClockId::Boottime);
    let since_boot = since.tv_sec.saturating_mul(1_000_000).saturating_add(since.tv_nsec / 1000);
    // Where nobody says which start this is, every one is another, and nothing is concluded.
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default().trim().to_owned();
    Clocks { wall, boot, since_boot }
}
