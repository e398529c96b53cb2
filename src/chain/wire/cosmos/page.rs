//! `cosmos.base.query.v1beta1`: pages of a listing.

use crate::chain::wire::macros::package;
use prost::Message;

/// Which page. Never both a key and an offset.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct PageRequest {
    /// `next_key` of the page before, as it came.
    #[prost(bytes = "vec", tag = 1)]
    pub key: Vec<u8>,
    #[prost(uint64, tag = 2)]
    pub offset: u64,
    /// 0: 100.
    #[prost(uint64, tag = 3)]
    pub limit: u64,
    /// On this chain the total is the rows of the page, not of all: do not use it.
    #[prost(bool, tag = 4)]
    pub count_total: bool,
    #[prost(bool, tag = 5)]
    pub reverse: bool,
}

/// What follows a page.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct PageResponse {
    /// Empty on the last page.
    #[prost(bytes = "vec", tag = 1)]
    pub next_key: Vec<u8>,
    #[prost(uint64, tag = 2)]
    pub total: u64,
}

package! {
    Common("cosmos.base.query.v1beta1");
    messages {
        PageRequest, PageResponse,
    }
}
