//! Packages `cosmos.*`: accounts, money, transactions and the node, as in the Cosmos SDK 0.53.
//!
//! A module for each package, since names repeat among them.

pub mod abci;
pub mod auth;
pub mod authz;
pub mod bank;
pub mod coin;
pub mod comet;
pub mod consensus;
pub mod ed25519;
pub mod multisig;
pub mod multisignature;
pub mod node;
pub mod page;
pub mod params;
pub mod secp256k1;
pub mod signing;
pub mod tx;
pub mod tx_service;
