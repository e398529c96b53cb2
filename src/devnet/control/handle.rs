//! What the running chain does when it is asked.

use super::{Answer, Request, State};
use crate::chain::wire::deployment::GroupSpec;
use crate::devnet::app::genesis;
use crate::devnet::context::Context;
use crate::devnet::kv::Broken;
use crate::devnet::node::Node;
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::identity::{self, Tier};
use crate::devnet::rules::{auth, bank};
use crate::devnet::tenant::{self, Action, Tenant};
use crate::devnet::{hex, seed};
use jiff::SignedDuration;
use prost::Message;
use std::net::SocketAddr;
use std::time::Duration;

/// The most blocks that one request makes.
const MOST_BLOCKS: u32 = 1_000_000;

enum Stop {
    Refused(String),
    Broken(Broken),
}

impl From<Broken> for Stop {
    fn from(broken: Broken) -> Self {
        Self::Broken(broken)
    }
}

/// Does what is asked, but for [`Request::Stop`], which is the server's business. Blocks.
pub fn perform(node: &Node, grpc: SocketAddr, rpc: SocketAddr, request: Request) -> Answer {
    match done(node, grpc, rpc, request) {
        Ok(answer) => answer,
        Err(Stop::Refused(why)) => Answer::Refused { why },
        Err(Stop::Broken(Broken::Ended)) => Answer::Ending,
        Err(Stop::Broken(broken)) => Answer::Failed { why: words(&broken) },
    }
}

fn words(error: &dyn std::error::Error) -> String {
    let cause = error.source().map(|cause| format!(": {}", words(cause))).unwrap_or_default();
    format!("{error}{cause}")
}

fn done(node: &Node, grpc: SocketAddr, rpc: SocketAddr, request: Request) -> Result<Answer, Stop> {
    let height = match request {
        Request::Status => return Ok(Answer::State(state(node, grpc, rpc)?)),
        Request::ListFaults => return Ok(Answer::Faults { rules: node.faults().list() }),
        Request::Stop => node.moment(0)?.height(),
        Request::Fund { address, coins } => {
            let to = address_bytes(node, &address)?;
            let coins = genesis::coins(&coins).map_err(|error| Stop::Refused(error.to_string()))?;
            node.change(|context| bank::mint(context, &to, &coins))?
        }
        Request::Identity { address, score, tier } => {
            let of = address_bytes(node, &address)?;
            let tier = Tier::from_word(&tier)
                .ok_or_else(|| Stop::Refused(format!("{tier:?} is not basic, standard or premium")))?;
            node.change(|context| identity::set(context.kv, &of, score, tier))?
        }
        Request::Advance { blocks, step } => {
            if blocks > MOST_BLOCKS {
                return Err(Stop::Refused(format!("{blocks} blocks are too many at once; {MOST_BLOCKS} are possible")));
            }
            node.advance(blocks, SignedDuration::try_from(Duration::from_millis(step)).unwrap_or_default())?
        }
        Request::AddProvider { provider } => by_rule(node, |context| genesis::add_provider(context, &provider))?,
        Request::Seed { count, groups } => seed(node, count, &groups)?,
        Request::Tenant { name, action } => return tenant(node, &name, &action),
        Request::SetFault { rule } => {
            node.faults().set(rule);
            node.moment(0)?.height()
        }
        Request::ClearFaults => {
            node.faults().clear();
            node.halt(false);
            node.moment(0)?.height()
        }
        Request::Halt { halted } => {
            node.halt(halted);
            node.moment(0)?.height()
        }
        Request::Restart { down } => {
            node.restart(Duration::from_millis(down))?;
            node.moment(0)?.height()
        }
        Request::Jump { by } => {
            node.jump(SignedDuration::from_millis(by))?;
            node.moment(0)?.height()
        }
    };
    Ok(Answer::Done { height })
}

fn seed(node: &Node, count: u32, groups: &[String]) -> Result<i64, Stop> {
    let read = |text: &String| hex::decode(text).and_then(|bytes| GroupSpec::decode(bytes.as_slice()).ok());
    let mut specs: Vec<GroupSpec> = groups
        .iter()
        .map(read)
        .collect::<Option<_>>()
        .ok_or_else(|| Stop::Refused("the groups cannot be read".to_owned()))?;
    if specs.is_empty() {
        specs.push(seed::usual_group(node.identity().network));
    }
    seed::orders(node, count, &specs).map_err(|error| match error {
        seed::Error::Refused { why } => Stop::Refused(why),
        seed::Error::Broken(broken) => Stop::Broken(broken),
    })
}

fn tenant(node: &Node, name: &str, action: &Action) -> Result<Answer, Stop> {
    let done = Tenant::named(node, name).and_then(|tenant| tenant.perform(action));
    done.map(Answer::Tenant).map_err(|error| match error {
        tenant::Error::Broken(broken) => Stop::Broken(broken),
        error => Stop::Refused(error.to_string()),
    })
}

fn state(node: &Node, grpc: SocketAddr, rpc: SocketAddr) -> Result<State, Broken> {
    let moment = node.moment(0)?;
    let identity = node.identity();
    Ok(State {
        chain_id: identity.chain_id.clone(),
        network: identity.network.word.to_owned(),
        profile: identity.profile.word().to_owned(),
        height: moment.height(),
        time: moment.latest.time().to_string(),
        block_time: u64::try_from(node.block_time().as_millis()).unwrap_or(u64::MAX),
        grpc: grpc.to_string(),
        rpc: rpc.to_string(),
        process: std::process::id(),
        halted: node.is_halted(),
        faults: node.faults().list().len(),
    })
}

fn address_bytes(node: &Node, address: &str) -> Result<Vec<u8>, Stop> {
    auth::bytes_of(node.identity().network, address)
        .map_err(|refusal| Stop::Refused(format!("{address}: {}", refusal.text())))
}

/// Runs a rule in a block of its own; a refusal leaves an empty block.
fn by_rule(node: &Node, rule: impl FnOnce(&mut Context<'_>) -> Result<(), Refusal>) -> Result<i64, Stop> {
    let mut refused = None;
    let height = node.change(|context| {
        match rule(context) {
            Ok(()) => {}
            Err(mut refusal) => match refusal.broken.take() {
                Some(broken) => return Err(*broken),
                None => refused = Some(refusal.text().into_owned()),
            },
        }
        Ok(())
    })?;
    match refused {
        Some(why) => Err(Stop::Refused(why)),
        None => Ok(height),
    }
}
