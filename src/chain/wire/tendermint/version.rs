//! `tendermint.version`: versions of the block format.

use crate::chain::wire::macros::package;
use prost::Message;

/// Versions of the block format and the application.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Consensus {
    #[prost(uint64, tag = 1)]
    pub block: u64,
    #[prost(uint64, tag = 2)]
    pub app: u64,
}

package! {
    Common("tendermint.version");
    messages {
        Consensus,
    }
}
