//! Rank 0, the pure core: what the words mean and how decisions are made.
//!
//! Nothing here does I/O, reads a clock, draws a random number, awaits or logs; everything is a function over plain
//! data, so that each decision can be repeated, tested in a table and explained.

mod chain_state;

pub mod address;
pub mod alert;
pub mod amount;
pub mod api_token;
pub mod audit;
pub mod bid;
pub mod bip39;
pub mod certificate;
pub mod deployment;
pub mod duration;
pub mod envelope;
pub mod escrow;
pub mod fault;
pub mod fraud;
pub mod glob;
pub mod health;
pub mod height;
pub mod hex;
pub mod id;
pub mod job;
pub mod key;
pub mod lease;
pub mod ledger;
pub mod manifest;
pub mod network;
pub mod order;
pub mod outbox;
pub mod params;
pub mod provider;
pub mod recipient_key;
pub mod refusal;
pub mod resources;
pub mod schedule;
pub mod settlement;
pub mod tenant_token;
pub mod tx_hash;
pub mod usage;
pub mod when;
pub mod workload;
pub mod yaml;
