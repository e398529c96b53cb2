//! What can be seen of a run from outside: signals, logs, the audit trail.

mod child;
mod commands;
mod disks;
mod kills;
mod signals;
