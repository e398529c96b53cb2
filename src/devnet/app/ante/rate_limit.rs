//! VirtEngine's limit on transactions in a block.
//!
//! Defect of the recorded node, kept: one counter serves the check, the re-check and the block, and begins anew
//! whenever the height changes. So attempts that are refused later count, and what a block has just included counts
//! against what may be sent until the next.

use crate::devnet::app::tx::Tx;
use crate::devnet::context::Context;
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::auth;
use std::collections::HashMap;

/// How many transactions of all signers together.
const ALL: u32 = 5_000;

/// What was counted at one height. Lives in memory only: a restart forgets it.
#[derive(Debug, Default)]
pub struct RateLimit {
    height: i64,
    all: u32,
    of_signer: HashMap<Vec<u8>, u32>,
}

impl RateLimit {
    /// Counts a transaction, and refuses it beyond the limits.
    pub(super) fn count(&mut self, context: &Context<'_>, tx: &Tx, limit: u32) -> Result<(), Refusal> {
        if self.height != context.height {
            *self = Self { height: context.height, ..Self::default() };
        }
        if self.all >= ALL {
            let log = format!(
                "block has {ALL} transactions, limit is {ALL}: block rate limited: too many transactions in this block"
            );
            return Err(Refusal::new("ratelimit", 3, log));
        }
        for signer in &tx.signers {
            let count = self.of_signer.get(signer).copied().unwrap_or_default();
            if count >= limit {
                let address = auth::of_bytes(context.network, signer);
                let log = format!(
                    "account {address} has {count} transactions in this block, limit is {limit}: account rate limited: \
                     too many transactions in this block"
                );
                return Err(Refusal::new("ratelimit", 1, log));
            }
        }
        self.all += 1;
        for signer in &tx.signers {
            *self.of_signer.entry(signer.clone()).or_default() += 1;
        }
        Ok(())
    }
}
