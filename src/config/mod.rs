//! Rank 4: files, environment and flags become one checked set of settings.

mod environment;

pub use environment::Environment;
