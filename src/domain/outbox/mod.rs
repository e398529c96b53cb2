//! The outbox: how a message comes onto the chain exactly once.
//!
//! # Words
//! An *intent* is one message that is to be on the chain once ([`intent`]). A *transaction* is signed bytes with one
//! message or more ([`transaction`]). Both are rows of the state file, and every transition of theirs is another row.
//!
//! # The order of writes
//! 1. The intent is written with the business row that wants it, in one SQLite transaction.
//! 2. The signed bytes, their hash, their end (timeout height) and the audit row of the signature are written in one
//!    SQLite transaction, in which the intents become `in_flight`. No node has the bytes before that.
//! 3. A node is given the bytes.
//! 4. What became of them is written, with the end of the intents and what was paid, in one SQLite transaction.
//!
//! A kill before 2 leaves queued intents and bytes that nobody ever had. A kill after 2 leaves bytes that may be anywhere:
//! the next run looks the hash up and hands out *the same* bytes again, which the chain executes once at most because
//! of their sequence. So a message comes onto the chain twice only if it is signed into other bytes while the first can
//! still be executed, and never only if it is given up while they cannot.
//!
//! # When a message may be signed anew
//! When the bytes that hold it can be in no block, now or later. [`Pending::next_step`] decides that from three readings
//! and nothing else, and all of them must agree:
//! - the *hash*, looked up on a believed node, is not there; no answer is not an answer: where nobody looks it up (an index
//!   can be switched off), each block that could hold the bytes is read instead;
//! - the *end*: a believed node has reached a height;
//! - the *account's sequence* in the state after exactly that height (a query with its height in it, so that a second,
//!   lagging node cannot answer for the first).
//!
//! If the height is at or past the end and the sequence there does not count these bytes, they were executed in no block
//! up to it, and none after it may execute them ([`Proof::EndPassed`]). If the sequence there *has* been used, either
//! these bytes used it or others did; the index by hash may lag behind the state, be pruned or be switched off, so each
//! block between the signing and the reading (or the end) is read by its height, and only if none of them holds the bytes
//! are they void ([`Proof::SequenceUsed`]). If a block can be read nowhere any more, the outcome is `lost`: the intents
//! wait for a person, and the next look-up that finds the hash still settles them.
//!
//! A transaction can stand in a block without having been executed or paid for: the checks before its messages refused it
//! (it was included late, or out of order). Such an attempt uses no sequence and can be repeated by anybody who has the
//! bytes, so it proves nothing and counts as absent.
//!
//! A node is believed if it says that it is of our chain, has caught up and is not behind the others ([`crate::chain`]).
//! Beside that, a height below the one at which a transaction was signed is no reading at all: the node is behind, or its
//! chain began anew.
//!
//! # Who else there may be
//! - *A second process* waits for, or is refused, the lock of the signer; of two state files with the same key neither
//!   sees the other, which makes each the *other program* of the next line.
//! - *Another program with the same key* uses sequences. Bytes of ours whose sequence it took are refused (`sdk` 32), are
//!   proved void by the blocks, and their intents are signed anew with the next sequence, in the same run.
//! - *A node that lost its mempool* is handed the same bytes again after [`step::PATIENCE`] blocks, those with the lowest
//!   sequence first: a gap below live transactions keeps all of them out of blocks.
//! - *A person* can abandon what is not signed, and can confirm what waits; what is in flight can be neither.
//!   Who confirms what was lost can have it executed twice. When lost bytes are found after such a decision, what the chain
//!   did is written down and said aloud: an execution is a fact in every state of the intent, and a failure moves only the
//!   intents that no other live transaction holds ([`Standing`]).
//!
//! # A restored backup
//! Intents that a backup holds as queued or in flight may long be on the chain, in transactions that the backup does not
//! know. `state restore` therefore turns all of them into `needs_confirmation` before anything else can use the file.
//! Each flush still looks up the transactions that the backup does know and settles them by their hash; what remains is
//! compared with the chain by `tx confirm`, by a person.
//!
//! # What this does not do
//! No I/O: readings come in, a [`Step`] goes out. `jobs::tx_flush` does the reading and the writing.

mod batch;
mod ending;
mod gas;
mod guard;
pub mod intent;
mod spending;
pub mod step;
pub mod transaction;
mod transition;
mod verdict;

pub use batch::{Candidate, Limits, fewer, first_batch};
pub use ending::{Execution, Standing};
pub use gas::{Factors, OUT_OF_GAS_ATTEMPTS, fee, limit as gas_limit, settles_escrow};
pub use guard::Guard;
pub use spending::{CapReached, Caps, Kind as SpendingKind, Span, Spending};
pub use step::{Lookup, Pending, Proof, Step, Truth, Why, next_sequence};
pub use transition::IllegalTransition;
pub use verdict::{OfBlock, OfSimulation, is_short_of_funds, of_block, of_simulation};
