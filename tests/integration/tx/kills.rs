//! The promise under load: a sender that is killed again and again, a chain that misbehaves in every way it can, and at
//! the end each message on the chain exactly once.
//!
//! In `cargo test` twenty seeds; `cargo bench --bench soak_transactions` goes on for as long as wanted.

use super::storm::exactly_once;

/// How many worlds at a time: as many as there are cores, more or less.
const AT_A_TIME: usize = 4;

#[tokio::test(flavor = "multi_thread")]
async fn each_message_comes_onto_the_chain_exactly_once_whatever_happens() {
    use futures_util::StreamExt as _;
    let seeds = futures_util::stream::iter(0..20).map(|seed| exactly_once(seed, 500));
    seeds.buffer_unordered(AT_A_TIME).for_each(|told| async move { eprintln!("{told}") }).await;
}
