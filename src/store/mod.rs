//! Rank 1, the state file: one SQLite database that every job opens, changes and leaves.
//!
//! # Schema
//! One table family, one file here; one migration or more behind it. Every table is STRICT.
//!
//! ```text
//! state.db
//! ├── job_runs                  every run of every job                           job_runs.rs   migration 1
//! │   ├── id                    never used twice
//! │   ├── job                   its name: state-maintain
//! │   ├── started_at, ended_at  no end while it runs
//! │   ├── outcome               running | done | partly_failed | failed | interrupted | killed
//! │   ├── counts                JSON object: kind of thing → how many
//! │   ├── error                 why it failed
//! │   └── pid, host             where it ran
//! ├── audit                     the audit trail, chained by hashes               audit.rs      migration 2
//! │   ├── seq                   1, 2, 3 … without gaps
//! │   ├── at, event, outcome    when, what, succeeded | failed
//! │   ├── uid, user, job, run   who
//! │   ├── subject, details      about what; a JSON object
//! │   └── previous, hash        the hash of the row before, and its own
//! ├── audit_trail               one row: what the trail knows of itself
//! │   ├── store                 names this state file in seals
//! │   ├── pruned_…              the last row that was pruned
//! │   ├── seal_number           the last seal
//! │   ├── output_…              how far the audit file is written
//! │   └── configuration_…       the effective configuration of the last run
//! ├── outbox_intents            messages that are to be on the chain once        outbox/       migration 3
//! │   ├── key                   what it is for: the same key is the same intent
//! │   ├── chain, signer         where, and by whom
//! │   ├── type_url, message     the message itself; deposit: what it sets aside
//! │   ├── state, reason, detail queued | needs_confirmation | in_flight | done | refused | expired | abandoned
//! │   └── alone, starved, …     what earlier attempts taught
//! ├── outbox_transactions       signed bytes: hash, sequence, fee, gas limit, end
//! │   ├── state                 signed | handed_out | included | failed | void | lost
//! │   ├── handings, read_to     how far the search for their end is
//! │   └── height, code, log …   what a block made of them
//! ├── outbox_contents           which intents a transaction holds, and the chain's answers
//! ├── outbox_transitions        every change of state of both
//! ├── outbox_spending           fees and deposits that blocks took
//! ├── workloads                 what runs for whom                               workloads/    migration 4
//! │   ├── id, owner             l-… for a lease's, o-… for the operator's own
//! │   ├── state, since, reason  pending | deploying | running | paused | stopping | stopped | failed | terminated
//! │   ├── adapter, handle       which back end has it, and the back end's own word for it
//! │   ├── revision, deployed    the manifest that is wanted, and the one that was asked for
//! │   └── hold, restarts, …     what the operator wants; what healing and evicting count
//! ├── manifests                 what came for them, with the checks that it asks for
//! ├── workload_transitions      every change of state, with its reason and who made it
//! ├── workload_intents          what the operator asked for
//! ├── workload_steps            what a back end was asked, written before it was
//! ├── workload_checks           what the checks of manifests found last
//! ├── final_samples             the last meters of each unit that ended or was paused
//! ├── readings                  since when the chain and each back end could be read
//! ├── maintenance               one row while no new work is taken
//! ├── bids                      our bid on each order, one for ever               bids/         migration 5
//! │   ├── order_id, provider    which; back_end: where it goes, for life
//! │   ├── state, reason, detail proposed | queued | open | active | lost | closed | refused | dropped
//! │   ├── price, deposit        of a block; locked while it is on chain
//! │   └── class, won            for the rate of bids that win
//! ├── bid_transitions           every change of state
//! ├── reservations              capacity that is promised to a bid, with a time to live
//! ├── bid_sends                 when bids were queued: rates hold across runs
//! ├── bid_decisions             why an order got no bid, and until when that holds
//! ├── pauses                    when no new bids are made, and why
//! ├── chain_pace                how long a block takes, as prices by the hour count it
//! ├── leases                    as they were last seen, and what is due for each
//! ├── keys                      every key, and where it stands in its life        keys/         migration 6
//! │   ├── name, type, kept      public_key and fingerprint, role
//! │   ├── state, since, reason  created_at, activated_at, replaced_by
//! │   ├── missing_since         destroying_at: what a kill left half-done
//! │   └── chain_version         registered_at, revoked_at: what the chain was seen to hold
//! ├── key_requests              what waits for an approval, and who gave it
//! ├── key_policy                the rules that `keys set-policy` gave
//! ├── key_rotations             keys taking the place of others, step by step
//! ├── usage_meters              the meter of each workload under a lease         usage/        migration 7
//! │   ├── lease, workload       what it meters
//! │   ├── opened_at … ended_at  no end while it runs
//! │   └── state                 JSON: the open window and the last readings
//! ├── usage_samples             what the sources said: cumulative counters by part
//! ├── usage_records             one for each window and revision
//! │   ├── record_id, lease, …   what names it; current: no later revision took its place
//! │   ├── start_at, end_at      its window
//! │   ├── cpu_milli_seconds …   what was used; NULL: unknown
//! │   ├── sources, gaps         who measured, and what is not known
//! │   ├── flags, review         what the fraud check found, and who approved it
//! │   ├── state, detail, cost   held | rejected | pending | no_escrow | submitted | recorded | settled | failed | local
//! │   └── hash, signature, …    what makes it verifiable
//! ├── usage_charges             what a record charges: carried in + metered = units × unit + carried out
//! ├── usage_carries             what was metered and not charged yet
//! ├── usage_clock               the clocks of the last collection
//! ├── lease_payments            what flows for each lease, and what was earned   settlement.rs migration 8
//! ├── settlement_escrows        what tenants set aside for usage
//! ├── settlements               what was paid for which usage
//! ├── settlement_discrepancies  what does not fit between our books and the chain's
//! ├── earnings                  what was earned, as it was noticed
//! ├── alerts                    what an operator should look at                  alerts.rs     migration 9
//! ├── alert_deliveries          who is to be told of which change, and who was
//! └── api_tokens                who may ask the server: hashes of tokens          api_tokens.rs migration 10
//! ```
//! Times are INTEGER microseconds since 1970 in UTC ([`StoredTime`]), in every table. Amounts of money are TEXT in base
//! units, never REAL.
//!
//! # Promises
//! - What [`Store::write`] acknowledged survives a kill and a power loss (write-ahead log, `synchronous=FULL`); what it
//!   did not acknowledge has changed nothing.
//! - [`Store::read`] sees one consistent state, however many processes write.
//! - The schema is the one that the migrations make: a file that is newer, foreign or not a database is refused before
//!   anything is written to it.
//! - Only the owner may read the file: 0600 in a folder of 0700, whatever the umask.
//!
//! # Locks
//! - *Transactions*: SQLite's own. One writer at a time over all processes; the others wait up to [`PATIENCE`].
//! - *Jobs*: [`JobLock`], an `flock` on a file for each job name: one run of a job at a time.
//! - *The gate*: an `flock` that every open store holds shared and a restore holds alone.
//!
//! The kernel drops an `flock` with its last holder, so a dead process holds nothing, also when the holder's pid means
//! nothing here because it ran in another PID namespace. `place.rs` draws the files.
//!
//! # Looking after it
//! [`Store::check`] reads everything, [`Store::backup`] copies one moment while others write, [`Restore`] puts a backup
//! in the file's place, [`Store::prune`] forgets what is settled and old, [`Store::vacuum`] gives free pages back.
//!
//! # When it fails
//! An [`Error`] names what was tried, the file and the cause, and hints at what to do. The store retries nothing but
//! waiting for its turn: the next run of the timer is the retry.
//!
//! # What it does not do
//! No logging (what opening changed is data: [`Store::notices`]), no decisions, no clock: callers pass times in.

pub mod alerts;
pub mod api_tokens;
pub mod audit;
mod backup;
pub mod bids;
mod check;
mod copy;
mod diagnose;
mod error;
mod gate;
mod interrupt;
mod job_lock;
pub mod job_runs;
pub mod keys;
mod migrate;
mod open;
pub mod outbox;
mod place;
mod prune;
mod restore;
pub mod settlement;
mod time;
mod transaction;
pub mod usage;
mod vacuum;
pub mod workloads;

pub use backup::BackupFile;
pub use check::{Check, Checked, Finding, check_file};
pub use copy::{Progress, abandoned, remove_abandoned};
pub use error::{Cause, Error};
pub use interrupt::ShouldStop;
pub use job_lock::{Holder, JobLock, LockError, Waiting, held_locks};
pub use migrate::{APPLICATION_ID, MIGRATIONS, SCHEMA_VERSION};
pub use open::{Mode, Notice, PATIENCE, Store};
pub use prune::{Pruned, Retention};
pub use restore::{Restore, RestoreStep, Restored};
pub use time::StoredTime;
pub use transaction::{Change, Snapshot};
pub use vacuum::{Size, VacuumWhen};

#[cfg(test)]
mod tests;
