//! The promise under load: a sender that is killed again and again, a chain that misbehaves in every way it can, and at
//! the end each message on the chain exactly once.
//!
//! As many seeds as `STORM_SEEDS` says: `tests/run` asks for twenty, `cargo test` alone for four;
//! `cargo bench --bench soak_transactions` goes on for as long as wanted.

use super::storm::exactly_once;

/// How many worlds at a time: as many as there are cores, more or less.
const AT_A_TIME: usize = 4;

#[tokio::test(flavor = "multi_thread")]
async fn each_message_comes_onto_the_chain_exactly_once_whatever_happens() {
    use futures_util::StreamExt as _;
    let count = std::env::var_os("STORM_SEEDS")
        .map_or(4, |count| count.to_str().and_then(|count| count.parse().ok()).expect("STORM_SEEDS is a number"));
    let seeds = futures_util::stream::iter(0..count).map(|seed| exactly_once(seed, 500));
    seeds.buffer_unordered(AT_A_TIME).for_each(|told| async move { eprintln!("{told}") }).await;
}
