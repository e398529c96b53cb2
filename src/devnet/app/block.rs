//! Blocks: headers and their hashes, as CometBFT 0.38 makes them.
//!
//! Hashes of transactions, results and headers are CometBFT's own. The application's hash is only a chain of hashes
//! over the changes, and the one validator's signature is none: nobody verifies a development chain.

use super::merkle;
use super::result::{Events, Included};
use crate::chain::convert::time_to_wire;
use crate::chain::wire::tendermint::types::{
    Block, BlockId, BlockIdFlag, Commit, CommitSig, Data, EvidenceList, PartSetHeader,
};
use crate::chain::wire::tendermint::version::Consensus;
use crate::devnet::kv::Changes;
use jiff::Timestamp;
use prost::Message;
use sha2::{Digest, Sha256, Sha512};

pub use crate::chain::wire::tendermint::types::Header;

/// The version of the block format.
pub const BLOCK_PROTOCOL: u64 = 11;

/// A block with what followed from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredBlock {
    /// Of the header.
    pub hash: Vec<u8>,
    /// The header.
    pub header: Header,
    /// The state after this block.
    pub app_hash: Vec<u8>,
    /// Of the results of this block.
    pub results_hash: Vec<u8>,
    /// What the block told besides its transactions.
    pub events: Events,
}

/// The chain's one validator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Validator {
    /// Its Ed25519 key; nobody knows the secret one.
    pub public_key: Vec<u8>,
}

/// The weight of its vote.
pub const VOTING_POWER: i64 = 10_000;

impl Validator {
    /// The validator of a chain.
    pub fn of_chain(chain_id: &str) -> Self {
        Self { public_key: Sha256::digest(format!("devnet validator of {chain_id}")).to_vec() }
    }

    /// The first twenty bytes of the key's hash.
    pub fn address(&self) -> Vec<u8> {
        Sha256::digest(&self.public_key).iter().copied().take(20).collect()
    }

    /// The hash of the set of this one validator.
    fn set_hash(&self) -> Vec<u8> {
        /// `SimpleValidator`: key and power.
        #[derive(Clone, PartialEq, Eq, Message)]
        struct Simple {
            #[prost(message, optional, tag = 1)]
            key: Option<crate::chain::wire::tendermint::crypto::PublicKey>,
            #[prost(int64, tag = 2)]
            power: i64,
        }
        let sum = Some(crate::chain::wire::tendermint::crypto::PublicKeySum::Ed25519(self.public_key.clone()));
        let key = Some(crate::chain::wire::tendermint::crypto::PublicKey { sum });
        merkle::root(&[Simple { key, power: VOTING_POWER }.encode_to_vec()])
    }
}

/// What a new block is made from.
pub struct Making<'m> {
    /// The chain's id.
    pub chain_id: &'m str,
    /// Its validator.
    pub validator: &'m Validator,
    /// Its time.
    pub time: Timestamp,
    /// The block before, unless this is the first.
    pub previous: Option<&'m StoredBlock>,
    /// The state that the first block begins with.
    pub genesis_app_hash: &'m [u8],
}

impl Making<'_> {
    /// The height of the block.
    pub fn height(&self) -> i64 {
        self.previous.map_or(1, |block| block.header.height + 1)
    }

    /// The header of a block with these transactions.
    pub fn header<'t>(&self, txs: impl IntoIterator<Item = &'t [u8]>) -> Header {
        let previous = self.previous;
        let validators = self.validator.set_hash();
        let data: Vec<Vec<u8>> = txs.into_iter().map(|tx| Sha256::digest(tx).to_vec()).collect();
        Header {
            version: Consensus { block: BLOCK_PROTOCOL, app: 0 },
            chain_id: self.chain_id.to_owned(),
            height: self.height(),
            time: time_to_wire(self.time),
            last_block_id: previous.map(StoredBlock::id).unwrap_or_default(),
            last_commit_hash: previous.map_or_else(
                || merkle::root(&[]),
                |block| {
                    let commit = commit(block, self.validator);
                    let signatures: Vec<_> = commit.signatures.iter().map(Message::encode_to_vec).collect();
                    merkle::root(&signatures)
                },
            ),
            data_hash: merkle::root(&data),
            validators_hash: validators.clone(),
            next_validators_hash: validators,
            consensus_hash: consensus_hash(),
            app_hash: previous.map_or_else(|| self.genesis_app_hash.to_vec(), |block| block.app_hash.clone()),
            last_results_hash: previous.map_or_else(|| merkle::root(&[]), |block| block.results_hash.clone()),
            evidence_hash: merkle::root(&[]),
            proposer_address: self.validator.address(),
        }
    }
}

impl StoredBlock {
    /// The block that this header, state and these results make.
    pub fn new(header: Header, app_hash: Vec<u8>, txs: &[Included], events: Events) -> Self {
        let results: Vec<_> = txs.iter().map(|tx| tx.result.deterministic().encode_to_vec()).collect();
        Self { hash: header_hash(&header), header, app_hash, results_hash: merkle::root(&results), events }
    }

    /// The hashes that name the block.
    pub fn id(&self) -> BlockId {
        let hash = Sha256::digest(&self.hash).to_vec();
        BlockId { hash: self.hash.clone(), part_set_header: PartSetHeader { total: 1, hash } }
    }

    /// The time of the block.
    pub fn time(&self) -> Timestamp {
        crate::chain::convert::time_from_wire(&self.header.time).unwrap_or_default()
    }

    /// The whole block, with the votes for the one before it.
    pub fn whole(&self, previous: Option<&Self>, txs: &[Included], validator: &Validator) -> Block {
        let last_commit = match previous {
            Some(block) => commit(block, validator),
            None => Commit::default(),
        };
        Block {
            header: self.header.clone(),
            data: Data { txs: txs.iter().map(|tx| tx.bytes.clone()).collect() },
            evidence: EvidenceList::default(),
            last_commit: Some(last_commit),
        }
    }
}

/// The votes for a block: that of the one validator.
pub fn commit(block: &StoredBlock, validator: &Validator) -> Commit {
    Commit {
        height: block.header.height,
        round: 0,
        block_id: block.id(),
        signatures: vec![CommitSig {
            block_id_flag: BlockIdFlag::Commit.into(),
            validator_address: validator.address(),
            timestamp: block.header.time,
            // As long as a signature, and nothing more.
            signature: Sha512::digest(&block.hash).to_vec(),
        }],
    }
}

/// The hash of the state after a block: over the one before and what changed.
pub fn app_hash(before: &[u8], changes: &Changes) -> Vec<u8> {
    let mut hash = Sha256::new_with_prefix(before);
    for (key, value) in changes.iter() {
        for part in [Some(key), value] {
            let part = part.unwrap_or_default();
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
    }
    hash.finalize().to_vec()
}

/// The hash of the consensus parameters that count for it: the largest block and gas.
fn consensus_hash() -> Vec<u8> {
    /// `HashedParams`.
    #[derive(Clone, PartialEq, Eq, Message)]
    struct Hashed {
        #[prost(int64, tag = 1)]
        block_max_bytes: i64,
        #[prost(int64, tag = 2)]
        block_max_gas: i64,
    }
    Sha256::digest(Hashed { block_max_bytes: MAX_BLOCK_BYTES, block_max_gas: -1 }.encode_to_vec()).to_vec()
}

/// The largest block, in bytes.
pub const MAX_BLOCK_BYTES: i64 = 22_020_096;

/// The root over the header's fields, each wrapped in the message of its type (`Header.Hash`).
fn header_hash(header: &Header) -> Vec<u8> {
    // `BytesValue`, `StringValue` and `Int64Value`, which prost has for the plain types.
    let bytes = |value: &Vec<u8>| value.encode_to_vec();
    merkle::root(&[
        header.version.encode_to_vec(),
        header.chain_id.encode_to_vec(),
        header.height.encode_to_vec(),
        header.time.encode_to_vec(),
        header.last_block_id.encode_to_vec(),
        bytes(&header.last_commit_hash),
        bytes(&header.data_hash),
        bytes(&header.validators_hash),
        bytes(&header.next_validators_hash),
        bytes(&header.consensus_hash),
        bytes(&header.app_hash),
        bytes(&header.last_results_hash),
        bytes(&header.evidence_hash),
        bytes(&header.proposer_address),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::wire::cosmos::comet::GetLatestBlockResponse;

    /// The recorded node's own block: the same header gives the same hash.
    #[test]
    fn headers_hash_as_on_a_real_node() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/recorded/virtengine/01-node.jsonl");
        let lines = std::fs::read_to_string(path).unwrap();
        let rows = lines.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let row = rows.into_iter().find(|row| row["method"].as_str().is_some_and(|m| m.ends_with("GetLatestBlock")));
        let bytes = crate::devnet::hex::decode(row.unwrap()["response_hex"].as_str().unwrap()).unwrap();
        let answer = GetLatestBlockResponse::decode(bytes.as_slice()).unwrap();
        let block = answer.block.unwrap();
        assert_eq!(header_hash(&block.header), answer.block_id.unwrap().hash);
        assert_eq!(block.header.consensus_hash, consensus_hash());
        assert_eq!(block.header.evidence_hash, merkle::root(&[]));
        let signatures: Vec<_> = block.last_commit.unwrap().signatures.iter().map(Message::encode_to_vec).collect();
        assert_eq!(block.header.last_commit_hash, merkle::root(&signatures));
    }
}
