//! Rank 0, the pure core: what the words mean and how decisions are made.
//!
//! Nothing here does I/O, reads a clock, draws a random number, awaits or logs; everything is a function over plain
//! data, so that each decision can be repeated, tested in a table and explained.

pub mod address;
pub mod amount;
pub mod audit;
pub mod bid;
pub mod bip39;
pub mod duration;
pub mod fault;
pub mod glob;
pub mod hex;
pub mod job;
pub mod manifest;
pub mod network;
pub mod resources;
pub mod when;
pub mod yaml;
