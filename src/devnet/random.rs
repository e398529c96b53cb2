//! Random numbers of property tests: always the same ones, or those of a seed.
//!
//! How often a message is accepted must not depend on the day, so the usual numbers are fixed. `DEVNET_SEED=N` runs
//! others; what fails says which. Counts are only promised of the usual ones.

use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use sha2::{Digest, Sha256};

/// The seed that is asked for.
#[allow(clippy::disallowed_methods, reason = "a test takes its one option from its environment")]
pub fn seed() -> Option<String> {
    std::env::var("DEVNET_SEED").ok().filter(|seed| !seed.is_empty())
}

/// The seed, for the message of what failed.
pub fn shown() -> String {
    seed().map_or_else(|| "the usual numbers".to_owned(), |seed| format!("DEVNET_SEED={seed}"))
}

/// A runner of so many cases.
pub fn runner(cases: u32, max_shrink_iters: u32) -> TestRunner {
    let config = Config { cases, failure_persistence: None, max_shrink_iters, ..Config::default() };
    let numbers = match seed() {
        None => TestRng::deterministic_rng(RngAlgorithm::ChaCha),
        Some(seed) => TestRng::from_seed(RngAlgorithm::ChaCha, &Sha256::digest(seed)),
    };
    TestRunner::new_with_rng(config, numbers)
}
