//! Packages `tendermint.*`: blocks, as in CometBFT 0.38.
//!
//! A module for each package, since names repeat among them.

pub mod abci;
pub mod crypto;
pub mod p2p;
pub mod params;
pub mod types;
pub mod version;
