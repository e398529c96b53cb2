//! Blocks, and what came of their transactions.

use base64::Engine as _;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::transaction::{ExecTxResult, Executed};
use crate::chain::client::belief::Reading;
use crate::chain::client::call::Question;
use crate::chain::client::error::{CallError, Problem};
use crate::chain::client::rpc::text;
use crate::chain::client::survey::height_of;
use crate::chain::client::{Client, LARGEST_ANSWER};
use crate::domain::height::Height;
use crate::domain::refusal::Log;
use crate::domain::tx_hash::TxHash;

/// How a node says that a block is not there yet.
const IN_THE_FUTURE: &str = "must be less than or equal to the current blockchain height";

/// A block: what it holds, not what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Its height.
    pub height: Height,
    /// When it was made.
    pub time: Timestamp,
    /// Its transactions, in order.
    pub transactions: Vec<TxHash>,
}

impl Client {
    /// The block of a height; `None` if it is not made yet. One call, by which all pending transactions are looked
    /// for together.
    pub async fn block(&self, height: Height) -> Result<Reading<Option<Block>>, CallError> {
        let question = Question::of(format!("block {height}")).at_most(LARGEST_ANSWER);
        let read = |found: BlockResult| {
            let header = found.block.header;
            if header.chain_id != self.settings().chain_id {
                return Err(Problem::OtherChain { found: Log::of(header.chain_id.as_bytes()) });
            }
            of_height(header.height, height)?;
            let transactions = found.block.data.txs.unwrap_or_default();
            let transactions = transactions.iter().map(|tx| hash(tx)).collect::<Result<_, _>>()?;
            Ok((Block { height, time: header.time, transactions }, None))
        };
        let asked = ("block", json!({ "height": height.to_string() }));
        self.find_rpc(question, asked, read, |words| words.contains(IN_THE_FUTURE)).await
    }

    /// What came of the transactions of a block, in its order; `None` if it is not made yet.
    pub async fn block_results(&self, height: Height) -> Result<Reading<Option<Vec<Executed>>>, CallError> {
        let question = Question::of(format!("results of block {height}")).at_most(LARGEST_ANSWER);
        let read = |found: BlockResultsResult| {
            of_height(found.height, height)?;
            let results = found.txs_results.unwrap_or_default().into_iter().map(ExecTxResult::read);
            Ok((results.collect::<Result<_, _>>()?, None))
        };
        let asked = ("block_results", json!({ "height": height.to_string() }));
        self.find_rpc(question, asked, read, |words| words.contains(IN_THE_FUTURE)).await
    }

    /// The transactions of a block with what came of them: two calls, at the same time.
    pub async fn block_transactions(
        &self,
        height: Height,
    ) -> Result<Reading<Option<Vec<(TxHash, Executed)>>>, CallError> {
        let (block, results) = tokio::join!(self.block(height), self.block_results(height));
        let (block, results) = (block?, results?);
        let Some(executed) = results.value.as_ref() else { return Ok(results.map(|_| None)) };
        let Some(hashes) = block.value.as_ref() else { return Ok(block.map(|_| None)) };
        if hashes.transactions.len() != executed.len() {
            let (hashes, executed) = (hashes.transactions.len(), executed.len());
            let words = format!("{executed} results for the {hashes} transactions of block {height}");
            let problem = Problem::Garbage(Log::of(words.as_bytes()));
            let of = format!("transactions of block {height}");
            return Err(CallError::unanswered(of, results.source.endpoint, problem));
        }
        let hashes = hashes.transactions.clone();
        let results = results.no_more_than(&block);
        Ok(results.map(|executed| Some(hashes.into_iter().zip(executed.unwrap_or_default()).collect())))
    }
}

fn of_height(found: i64, wanted: Height) -> Result<(), Problem> {
    if height_of(found)? == wanted {
        Ok(())
    } else {
        Err(Problem::Garbage(Log::of(format!("block {found} when asked for {wanted}").as_bytes())))
    }
}

fn hash(base64: &str) -> Result<TxHash, Problem> {
    let bytes = base64::engine::general_purpose::STANDARD.decode(base64).map_err(|error| super::garbage(&error))?;
    Ok(TxHash::of(&bytes))
}

#[derive(Deserialize)]
struct BlockResult {
    block: RpcBlock,
}

#[derive(Deserialize)]
struct RpcBlock {
    header: RpcHeader,
    data: RpcData,
}

#[derive(Deserialize)]
struct RpcHeader {
    chain_id: String,
    #[serde(deserialize_with = "text::number")]
    height: i64,
    #[serde(deserialize_with = "text::time")]
    time: Timestamp,
}

#[derive(Deserialize)]
struct RpcData {
    #[serde(default)]
    txs: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct BlockResultsResult {
    #[serde(deserialize_with = "text::number")]
    height: i64,
    #[serde(default)]
    txs_results: Option<Vec<ExecTxResult>>,
}
