//! Rank 3, the jobs: one verb, one file.
//!
//! A job reads top to bottom: lock, load the truth, decide (pure), record the intent, act, confirm, report. One bad item
//! never stops the batch. Jobs take plain typed inputs; they know neither the configuration nor the command line.

pub mod init;
