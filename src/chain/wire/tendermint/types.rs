//! `tendermint.types`: blocks, headers, commits and evidence.

use crate::chain::wire::macros::{package, wire_enum};
use crate::chain::wire::tendermint::crypto::PublicKey;
use crate::chain::wire::tendermint::version::Consensus;
use prost::{Message, Oneof};
use prost_types::Timestamp;

/// A block.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Block {
    #[prost(message, required, tag = 1)]
    pub header: Header,
    #[prost(message, required, tag = 2)]
    pub data: Data,
    #[prost(message, required, tag = 3)]
    pub evidence: EvidenceList,
    #[prost(message, optional, tag = 4)]
    pub last_commit: Option<Commit>,
}

/// A block: the hash of its header, and of its parts.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct BlockId {
    #[prost(bytes = "vec", tag = 1)]
    pub hash: Vec<u8>,
    #[prost(message, required, tag = 2)]
    pub part_set_header: PartSetHeader,
}

/// The votes that made a block final.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Commit {
    #[prost(int64, tag = 1)]
    pub height: i64,
    #[prost(int32, tag = 2)]
    pub round: i32,
    #[prost(message, required, tag = 3)]
    pub block_id: BlockId,
    #[prost(message, repeated, tag = 4)]
    pub signatures: Vec<CommitSig>,
}

/// One vote in a commit.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct CommitSig {
    /// A [`BlockIdFlag`].
    #[prost(enumeration = "BlockIdFlag", tag = 1)]
    pub block_id_flag: i32,
    #[prost(bytes = "vec", tag = 2)]
    pub validator_address: Vec<u8>,
    #[prost(message, required, tag = 3)]
    pub timestamp: Timestamp,
    #[prost(bytes = "vec", tag = 4)]
    pub signature: Vec<u8>,
}

/// The transactions of a block.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Data {
    #[prost(bytes = "vec", repeated, tag = 1)]
    pub txs: Vec<Vec<u8>>,
}

/// Proof that a validator voted twice.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct DuplicateVoteEvidence {
    #[prost(message, optional, tag = 1)]
    pub vote_a: Option<Vote>,
    #[prost(message, optional, tag = 2)]
    pub vote_b: Option<Vote>,
    #[prost(int64, tag = 3)]
    pub total_voting_power: i64,
    #[prost(int64, tag = 4)]
    pub validator_power: i64,
    #[prost(message, required, tag = 5)]
    pub timestamp: Timestamp,
}

/// Proof of misbehaviour.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Evidence {
    #[prost(oneof = "EvidenceSum", tags = "1, 2")]
    pub sum: Option<EvidenceSum>,
}

/// Its kind.
#[derive(Clone, PartialEq, Eq, Oneof)]
pub enum EvidenceSum {
    #[prost(message, tag = 1)]
    DuplicateVoteEvidence(DuplicateVoteEvidence),
    #[prost(message, tag = 2)]
    LightClientAttackEvidence(LightClientAttackEvidence),
}

/// Proofs in a block.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct EvidenceList {
    #[prost(message, repeated, tag = 1)]
    pub evidence: Vec<Evidence>,
}

/// The header of a block.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Header {
    #[prost(message, required, tag = 1)]
    pub version: Consensus,
    #[prost(string, tag = 2)]
    pub chain_id: String,
    #[prost(int64, tag = 3)]
    pub height: i64,
    #[prost(message, required, tag = 4)]
    pub time: Timestamp,
    #[prost(message, required, tag = 5)]
    pub last_block_id: BlockId,
    #[prost(bytes = "vec", tag = 6)]
    pub last_commit_hash: Vec<u8>,
    #[prost(bytes = "vec", tag = 7)]
    pub data_hash: Vec<u8>,
    #[prost(bytes = "vec", tag = 8)]
    pub validators_hash: Vec<u8>,
    #[prost(bytes = "vec", tag = 9)]
    pub next_validators_hash: Vec<u8>,
    #[prost(bytes = "vec", tag = 10)]
    pub consensus_hash: Vec<u8>,
    /// The state after the block before this.
    #[prost(bytes = "vec", tag = 11)]
    pub app_hash: Vec<u8>,
    /// The results of the block before this.
    #[prost(bytes = "vec", tag = 12)]
    pub last_results_hash: Vec<u8>,
    #[prost(bytes = "vec", tag = 13)]
    pub evidence_hash: Vec<u8>,
    #[prost(bytes = "vec", tag = 14)]
    pub proposer_address: Vec<u8>,
}

/// A header with its commit and validators.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct LightBlock {
    #[prost(message, optional, tag = 1)]
    pub signed_header: Option<SignedHeader>,
    #[prost(message, optional, tag = 2)]
    pub validator_set: Option<ValidatorSet>,
}

/// Proof of an attack on light clients.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct LightClientAttackEvidence {
    #[prost(message, optional, tag = 1)]
    pub conflicting_block: Option<LightBlock>,
    #[prost(int64, tag = 2)]
    pub common_height: i64,
    #[prost(message, repeated, tag = 3)]
    pub byzantine_validators: Vec<Validator>,
    #[prost(int64, tag = 4)]
    pub total_voting_power: i64,
    #[prost(message, required, tag = 5)]
    pub timestamp: Timestamp,
}

/// The parts a block is sent in.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct PartSetHeader {
    #[prost(uint32, tag = 1)]
    pub total: u32,
    #[prost(bytes = "vec", tag = 2)]
    pub hash: Vec<u8>,
}

/// A header with its commit.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct SignedHeader {
    #[prost(message, optional, tag = 1)]
    pub header: Option<Header>,
    #[prost(message, optional, tag = 2)]
    pub commit: Option<Commit>,
}

/// A validator.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Validator {
    #[prost(bytes = "vec", tag = 1)]
    pub address: Vec<u8>,
    #[prost(message, required, tag = 2)]
    pub pub_key: PublicKey,
    #[prost(int64, tag = 3)]
    pub voting_power: i64,
    #[prost(int64, tag = 4)]
    pub proposer_priority: i64,
}

/// The validators of a height.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct ValidatorSet {
    #[prost(message, repeated, tag = 1)]
    pub validators: Vec<Validator>,
    #[prost(message, optional, tag = 2)]
    pub proposer: Option<Validator>,
    #[prost(int64, tag = 3)]
    pub total_voting_power: i64,
}

/// A vote.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Vote {
    /// A [`SignedMsgType`].
    #[prost(enumeration = "SignedMsgType", tag = 1)]
    pub r#type: i32,
    #[prost(int64, tag = 2)]
    pub height: i64,
    #[prost(int32, tag = 3)]
    pub round: i32,
    #[prost(message, required, tag = 4)]
    pub block_id: BlockId,
    #[prost(message, required, tag = 5)]
    pub timestamp: Timestamp,
    #[prost(bytes = "vec", tag = 6)]
    pub validator_address: Vec<u8>,
    #[prost(int32, tag = 7)]
    pub validator_index: i32,
    #[prost(bytes = "vec", tag = 8)]
    pub signature: Vec<u8>,
    #[prost(bytes = "vec", tag = 9)]
    pub extension: Vec<u8>,
    #[prost(bytes = "vec", tag = 10)]
    pub extension_signature: Vec<u8>,
}

wire_enum! {
    /// What a validator voted for.
    pub enum BlockIdFlag {
        Unknown = 0 => "BLOCK_ID_FLAG_UNKNOWN",
        Absent = 1 => "BLOCK_ID_FLAG_ABSENT",
        Commit = 2 => "BLOCK_ID_FLAG_COMMIT",
        Nil = 3 => "BLOCK_ID_FLAG_NIL",
    }
}

wire_enum! {
    /// What a vote is for.
    pub enum SignedMsgType {
        Unknown = 0 => "SIGNED_MSG_TYPE_UNKNOWN",
        Prevote = 1 => "SIGNED_MSG_TYPE_PREVOTE",
        Precommit = 2 => "SIGNED_MSG_TYPE_PRECOMMIT",
        Proposal = 32 => "SIGNED_MSG_TYPE_PROPOSAL",
    }
}

package! {
    Common("tendermint.types");
    messages {
        Block, BlockId as "BlockID", Commit, CommitSig, Data, DuplicateVoteEvidence, Evidence, EvidenceList, Header,
        LightBlock, LightClientAttackEvidence, PartSetHeader, SignedHeader, Validator, ValidatorSet, Vote,
    }
}
