//! The newest block.

use jiff::Timestamp;
use serde_json::json;

use crate::chain::client::belief::{NodeStatus, Reading};
use crate::chain::client::call::Question;
use crate::chain::client::error::{CallError, Problem};
use crate::chain::client::survey::{StatusResult, height_of};
use crate::chain::client::{Client, LARGEST_ANSWER};
use crate::chain::convert::time_from_wire;
use crate::chain::wire::cosmos::comet::{GetLatestBlockRequest, GetLatestBlockResponse};
use crate::domain::height::Height;
use crate::domain::refusal::Log;

/// What is asked for, in messages.
const WHAT: &str = "newest block";

/// The newest block of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The chain.
    pub chain_id: String,
    /// The block.
    pub height: Height,
    /// When it was made.
    pub time: Timestamp,
}

impl Client {
    /// The newest block: by RPC, which sends no transactions along; by gRPC where no RPC endpoint answers.
    pub async fn head(&self) -> Result<Reading<Head>, CallError> {
        let by_rpc = match self.head_by_rpc().await {
            Err(CallError::Unanswered { attempts, .. }) => attempts,
            answered => return answered,
        };
        self.head_by_grpc().await.map_err(|error| match error {
            CallError::Unanswered { operation, attempts } => {
                CallError::Unanswered { operation, attempts: by_rpc.into_iter().chain(attempts).collect() }
            }
            error => error,
        })
    }

    async fn head_by_rpc(&self) -> Result<Reading<Head>, CallError> {
        let read = |status: StatusResult| {
            let NodeStatus { chain_id, height, time, .. } = status.read()?;
            Ok((self.of_our_chain(Head { chain_id, height, time })?, Some(height)))
        };
        self.ask_rpc(Question::of(WHAT), ("status", json!({})), read).await
    }

    async fn head_by_grpc(&self) -> Result<Reading<Head>, CallError> {
        let read = |latest: GetLatestBlockResponse| {
            let header = latest.block.unwrap_or_default().header;
            let time = time_from_wire(&header.time).map_err(|error| super::garbage(&error))?;
            self.of_our_chain(Head { chain_id: header.chain_id, height: height_of(header.height)?, time })
        };
        let question = Question::of(WHAT).at_most(LARGEST_ANSWER);
        self.ask(question, &GetLatestBlockRequest {}, read).await
    }

    /// An endpoint may have been pointed at another chain since it was asked first.
    fn of_our_chain(&self, head: Head) -> Result<Head, Problem> {
        if head.chain_id == self.settings().chain_id {
            Ok(head)
        } else {
            Err(Problem::OtherChain { found: Log::of(head.chain_id.as_bytes()) })
        }
    }
}
