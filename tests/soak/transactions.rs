//! The exactly-once test for as long as wanted: `cargo bench --bench soak_transactions -- [FIRST] [SEEDS] [TRANSACTIONS]`,
//! 100 seeds of 500 transactions unless said otherwise. Fails loudly with the first message that is on the chain never or
//! twice. What a seed is stands in tests/integration/tx/storm.rs.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    dead_code,
    reason = "a test that cannot go on stops loudly; not all of what the tests share is used here"
)]

#[path = "../integration/devnet"]
mod devnet {
    pub mod client;
}

#[path = "../integration/tx"]
mod tx {
    pub mod books;
    pub mod storm;
    pub mod world;
}

use futures_util::StreamExt as _;

fn main() {
    // `cargo bench` adds an option of its own.
    let mut numbers = std::env::args().skip(1).filter_map(|argument| argument.parse::<u64>().ok());
    let (first, seeds) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(100));
    let transactions = numbers.next().unwrap_or(500);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let all =
            futures_util::stream::iter(first..first + seeds).map(|seed| tx::storm::exactly_once(seed, transactions));
        all.buffer_unordered(4).for_each(|told| async move { println!("{told}") }).await;
    });
    println!("each message is on the chain exactly once, and the books are the chain's");
}
