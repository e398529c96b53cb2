//! The small queries about parameters of consensus and of the old `params` module.
//!
//! Nothing of it can be changed on a devnet: the consensus parameters are CometBFT's defaults, as on the recorded
//! nodes.

use crate::chain::wire::cosmos::{consensus, params};
use crate::chain::wire::tendermint::params::{
    AbciParams, BlockParams, ConsensusParams, EvidenceParams, ValidatorParams, VersionParams,
};
use crate::devnet::context::Context;
use crate::devnet::refusal::QueryError;
use prost_types::Duration;

/// The longest block, in bytes.
const MAX_BLOCK_BYTES: i64 = 4 * 1024 * 1024;
/// How long evidence counts: 48 hours.
const EVIDENCE_SECONDS: i64 = 48 * 60 * 60;

/// The consensus parameters.
pub fn parameters() -> ConsensusParams {
    ConsensusParams {
        block: Some(BlockParams { max_bytes: MAX_BLOCK_BYTES, max_gas: -1 }),
        evidence: Some(EvidenceParams {
            max_age_num_blocks: 100_000,
            max_age_duration: Duration { seconds: EVIDENCE_SECONDS, nanos: 0 },
            max_bytes: 1024 * 1024,
        }),
        validator: Some(ValidatorParams { pub_key_types: vec!["ed25519".to_owned()] }),
        version: Some(VersionParams { app: 0 }),
        abci: Some(AbciParams { vote_extensions_enable_height: 0 }),
    }
}

/// `cosmos.consensus.v1.Query/Params`.
#[allow(clippy::unnecessary_wraps, reason = "the shape of every query")]
pub fn consensus_params(
    _: &Context<'_>,
    _: &consensus::QueryParamsRequest,
) -> Result<consensus::QueryParamsResponse, QueryError> {
    Ok(consensus::QueryParamsResponse { params: Some(parameters()) })
}

/// `cosmos.params.v1beta1.Query/Params`: modules keep their parameters themselves since long, so that there is no
/// subspace to ask.
pub fn subspace_params(
    _: &Context<'_>,
    request: &params::QueryParamsRequest,
) -> Result<params::QueryParamsResponse, QueryError> {
    if request.subspace.is_empty() || request.key.is_empty() {
        return Err(QueryError::invalid("invalid request"));
    }
    Err(QueryError::registered("params", 2, &format!("{}: unknown subspace", request.subspace)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::devnet::context::Profile;
    use crate::devnet::kv::MemoryKv;
    use crate::devnet::refusal::Status;
    use crate::domain::network::Name;
    use jiff::Timestamp;

    #[test]
    fn no_subspace_is_known_and_gas_has_no_limit() {
        let kv = &mut MemoryKv::new();
        let context = Context::new(kv, Name::Virtengine.facts(), Profile::Localnet, 1, Timestamp::UNIX_EPOCH);
        let params = consensus_params(&context, &consensus::QueryParamsRequest {}).unwrap().params.unwrap();
        assert_eq!(params.block.unwrap().max_gas, -1);
        let ask = |subspace: &str, key: &str| {
            let request = params::QueryParamsRequest { subspace: subspace.to_owned(), key: key.to_owned() };
            subspace_params(&context, &request).unwrap_err()
        };
        assert_eq!(ask("", "x").status, Status::InvalidArgument);
        assert_eq!(ask("market", "x").message, "codespace params code 2: market: unknown subspace");
    }
}
