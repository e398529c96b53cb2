//! Many open orders at once: a convenience of tests and rehearsals.
//!
//! The deployments are made by the rules, as a transaction of their tenant would make them, but nobody signs, pays a
//! fee or is counted: a tenant of this chain's own gets exactly the money that their deposits take.

use super::collection::Collection;
use super::context::Context;
use super::kv::Broken;
use super::node::Node;
use super::refusal::Refusal;
use super::rules::{auth, bank, deployment};
use crate::chain::wire::base::{
    Cpu, Deposit, Endpoint, EndpointKind, Gpu, Memory, PlacementRequirements, ResourceValue, Resources, Source, Storage,
};
use crate::chain::wire::cosmos::coin::DecCoin;
use crate::chain::wire::deployment::{DeploymentId, GroupSpec, MsgCreateDeployment, ResourceUnit};
use crate::domain::amount::{Coin, Dec18, Int};
use crate::domain::network::Network;
use prost::Message;
use sha2::{Digest, Sha256};

/// The most orders that are made at once: ten times what anybody rehearses with, some gigabytes of file.
pub const MOST_ORDERS: u32 = 1_000_000;

/// How many orders one block gets.
const OF_A_BLOCK: u32 = 2_000;

/// What each deployment deposits, in the smallest unit.
const DEPOSIT: u64 = 5_000_000;

/// The next deployment's number.
const NUMBER: Collection<u64> = Collection::new("devnet/seed");

/// The first deployment's number: far from those that are made of heights.
const FIRST: u64 = 1_000_000_000;

/// Why no orders were made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The groups are refused.
    #[error("the groups are refused: {why}")]
    Refused {
        /// In the chain's words.
        why: String,
    },
    /// The state cannot be used.
    #[error(transparent)]
    Broken(#[from] Broken),
}

/// Makes at least `count` open orders, of deployments with these groups, block by block: others come in between, and
/// the end of the node ends it. Gives the height after them.
pub fn orders(node: &Node, count: u32, groups: &[GroupSpec]) -> Result<i64, Error> {
    let Some(denom) = groups.first().and_then(|group| group.resources.first()).map(|unit| unit.price.denom.clone())
    else {
        return Err(Error::Refused { why: "there is no group with a resource to order".to_owned() });
    };
    if count > MOST_ORDERS {
        return Err(Error::Refused { why: format!("{count} orders are too many at once; {MOST_ORDERS} are possible") });
    }
    let of_a_deployment = u32::try_from(groups.len()).unwrap_or(u32::MAX);
    let mut left = count.div_ceil(of_a_deployment);
    let of_a_block = (OF_A_BLOCK / of_a_deployment).max(1);
    let mut height = node.moment(0)?.height();
    while left > 0 {
        if node.is_ending() {
            return Err(Broken::Ended.into());
        }
        let now = left.min(of_a_block);
        let mut refused = None;
        height = node.change(|context| {
            if let Err(mut refusal) = deployments(context, now, groups, &denom) {
                match refusal.broken.take() {
                    Some(broken) => return Err(*broken),
                    None => refused = Some(refusal.text().into_owned()),
                }
            }
            Ok(())
        })?;
        if let Some(why) = refused {
            return Err(Error::Refused { why });
        }
        left -= now;
        node.let_others_in();
    }
    Ok(height)
}

/// Makes deployments, and the money that they take.
fn deployments(context: &mut Context<'_>, count: u32, groups: &[GroupSpec], denom: &str) -> Result<(), Refusal> {
    let invalid = |error: crate::domain::amount::Error| Refusal::undefined(error.to_string());
    let tenant = auth::module_address("devnet seed");
    let owner = auth::of_bytes(context.network, &tenant);
    let deposit = Coin::new(DEPOSIT, denom.parse().map_err(invalid)?);
    let sum = Int::from(DEPOSIT).checked_mul(Int::from(count)).map_err(invalid)?;
    bank::mint(context, &tenant, &[Coin { amount: sum, denom: deposit.denom.clone() }])?;
    let content: Vec<u8> = groups.iter().flat_map(Message::encode_to_vec).collect();
    let hash = Sha256::digest(content).to_vec();
    for _ in 0..count {
        let dseq = NUMBER.next(context.kv, &(), FIRST)?;
        let message = MsgCreateDeployment {
            id: DeploymentId { owner: owner.clone(), dseq },
            groups: groups.to_vec(),
            hash: hash.clone(),
            deposit: Deposit { amount: (&deposit).into(), sources: vec![Source::Balance.into()] },
            reclamation: None,
        };
        deployment::basic::create_deployment(context.network, &message)?;
        deployment::create_deployment(context, &message)?;
        // Nobody asks what was told.
        context.events.clear();
    }
    Ok(())
}

/// One small group: a core, half a GiB of memory, a GiB of storage, one way in.
pub fn usual_group(network: &Network) -> GroupSpec {
    let value = |value: u64| ResourceValue::from(Int::from(value));
    let denom = network.denominations.first().map_or(network.fee_denomination, |denomination| denomination.base);
    let resource = Resources {
        id: 1,
        cpu: Some(Cpu { units: value(1_000), attributes: Vec::new() }),
        memory: Some(Memory { quantity: value(512 << 20), attributes: Vec::new() }),
        storage: vec![Storage { name: "default".to_owned(), quantity: value(1 << 30), attributes: Vec::new() }],
        gpu: Some(Gpu { units: value(0), attributes: Vec::new() }),
        endpoints: vec![Endpoint { kind: EndpointKind::SharedHttp.into(), sequence_number: 0 }],
    };
    let price = DecCoin { denom: denom.to_owned(), amount: Dec18::from(1_000u32).to_wire() };
    GroupSpec {
        name: "seed".to_owned(),
        requirements: PlacementRequirements::default(),
        resources: vec![ResourceUnit { resource, count: 1, price }],
    }
}
