//! What the running chain does when it is asked.

use super::{Answer, MOST_BLOCKS, Request, State};
use crate::chain::wire::deployment::GroupSpec;
use crate::devnet::app::genesis;
use crate::devnet::context::Context;
use crate::devnet::fault::{Fault, HTTP, Rule};
use crate::devnet::kv::Broken;
use crate::devnet::node::Node;
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::identity::{self, Tier};
use crate::devnet::rules::{auth, bank};
use crate::devnet::tenant::{self, Action, Tenant};
use crate::devnet::{hex, seed, service};
use jiff::{SignedDuration, Timestamp};
use prost::Message;
use std::net::SocketAddr;
use std::time::Duration;

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
            if coins.is_empty() || coins.iter().any(|coin| coin.amount.is_zero()) {
                return Err(Stop::Refused("nothing is nothing to give: write for example 5000000uve".to_owned()));
            }
            by_rule(node, |context| {
                bank::check_mint(&*context.kv, &coins)?;
                Ok(bank::mint(context, &to, &coins)?)
            })?
        }
        Request::Identity { address, score, tier } => {
            let network = node.identity().network;
            if !network.behaviour.identity_is_checked {
                return Err(Stop::Refused(format!(
                    "{} asks nobody for an identity: a score would do nothing",
                    network.word
                )));
            }
            let of = address_bytes(node, &address)?;
            let tier = Tier::from_word(&tier)
                .ok_or_else(|| Stop::Refused(format!("{tier:?} is not basic, standard or premium")))?;
            node.change(|context| identity::set(context.kv, &of, score, tier))?
        }
        Request::Advance { blocks, step } => {
            if blocks > MOST_BLOCKS {
                return Err(Stop::Refused(format!("{blocks} blocks are too many at once; {MOST_BLOCKS} are possible")));
            }
            let step = in_years(node, i64::try_from(step).unwrap_or(i64::MAX), blocks)?;
            node.advance(blocks, step)?
        }
        Request::AddProvider { provider } => by_rule(node, |context| genesis::add_provider(context, &provider))?,
        Request::Seed { count, groups } => seed(node, count, &groups)?,
        Request::Tenant { name, action } => return tenant(node, &name, &action),
        Request::SetFault { rule } => {
            check_rule(node, &rule)?;
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
            node.jump(in_years(node, by, 1)?)?;
            node.moment(0)?.height()
        }
    };
    Ok(Answer::Done { height })
}

/// A step of the clock of so many milliseconds that, so many times, stays within the years that there are.
fn in_years(node: &Node, step: i64, times: u32) -> Result<SignedDuration, Stop> {
    // A time stands for its nanoseconds, too, where clients read it: until 2262.
    const LAST: Timestamp = Timestamp::constant(9_223_372_036, 0);
    let step = SignedDuration::from_millis(step);
    let whole = step.checked_mul(i32::try_from(times).unwrap_or(i32::MAX));
    let now = node.moment(0)?.latest.time().max(Timestamp::now());
    let then = whole.and_then(|whole| now.checked_add(whole).ok());
    match then {
        Some(then) if (Timestamp::UNIX_EPOCH..=LAST).contains(&then) => Ok(step),
        _ => Err(Stop::Refused("the clock would leave the years 1970 to 2262".to_owned())),
    }
}

/// Refuses a fault that can never happen.
fn check_rule(node: &Node, rule: &Rule) -> Result<(), Stop> {
    let refused = |why: String| Err(Stop::Refused(why));
    match &rule.fault {
        Fault::Status { code, .. } if *code >= 0 && !(1..=16).contains(code) && !HTTP.contains(code) => {
            return refused(format!(
                "{code} is no gRPC status (1 to 16), no error of JSON-RPC (below 0) and no status of HTTP (400 to 599)"
            ));
        }
        Fault::Refuse { code: 0, .. } | Fault::Fail { code: 0, .. } => {
            return refused("code 0 refuses nothing".to_owned());
        }
        Fault::Delay { milliseconds: 0 }
        | Fault::Stale { blocks: 0 }
        | Fault::Late { blocks: 0 }
        | Fault::Clock { by: 0 } => return refused(format!("{} does nothing", rule.fault)),
        Fault::Clock { by } => drop(in_years(node, *by, 1)?),
        Fault::Refuse { codespace, .. } | Fault::Fail { codespace, .. } if codespace.trim().is_empty() => {
            return refused("a code needs a codespace, as in sdk".to_owned());
        }
        _ => {}
    }
    if rule.from == 0 || rule.times == Some(0) {
        return refused("calls are counted from 1, and some must go wrong".to_owned());
    }
    let Some(method) = &rule.method else { return Ok(()) };
    if !service::has_method(node.identity().network, method) {
        return refused(format!(
            "there is no method {method:?}: name one of gRPC, as in Orders, or of CometBFT, as in status"
        ));
    }
    match rule.fault.only() {
        Some(methods) if !rule.fault.is_for(method) => {
            refused(format!("{} does not happen to {method}, but to {}", rule.fault, methods.join(", ")))
        }
        _ => Ok(()),
    }
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
