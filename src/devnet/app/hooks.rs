//! What modules do at the begin and at the end of each block.

use crate::chain::wire::tendermint::abci::Event;
use crate::devnet::context::Context;
use crate::devnet::event;
use crate::devnet::kv::Broken;
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::{authz, mint, resources, settlement};

/// At the begin; gives what was told.
pub fn begin_block(context: &mut Context<'_>) -> Result<Vec<Event>, Broken> {
    run(context, mint::begin_block)?;
    run(context, authz::begin_block)?;
    if context.network.has_settlement() {
        run(context, settlement::begin_block)?;
    }
    if context.network.has_heartbeat() {
        resources::begin_block(context)?;
    }
    Ok(told(context, "BeginBlock"))
}

/// At the end; gives what was told.
pub fn end_block(context: &mut Context<'_>) -> Result<Vec<Event>, Broken> {
    if context.network.has_settlement() {
        run(context, settlement::end_block)?;
    }
    Ok(told(context, "EndBlock"))
}

/// A hook that refuses is a defect of a rule: on a real chain it would end the node.
fn run(context: &mut Context<'_>, hook: impl FnOnce(&mut Context<'_>) -> Result<(), Refusal>) -> Result<(), Broken> {
    hook(context).map_err(|mut refusal| match refusal.broken.take() {
        Some(broken) => *broken,
        None => Broken::Inconsistent { what: format!("a hook of a block: {}", refusal.text()) },
    })
}

/// The events so far, each with the hook that told it.
fn told(context: &mut Context<'_>, mode: &str) -> Vec<Event> {
    let mut events = std::mem::take(&mut context.events);
    for told in &mut events {
        event::add(told, "mode", mode);
        for attribute in &mut told.attributes {
            attribute.index = true;
        }
    }
    events
}
