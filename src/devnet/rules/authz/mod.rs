//! Module `authz`, as far as deposits need it: who may deposit whose money.
//!
//! The one authorization that can be granted here is that to deposit (`escrow.v1.DepositAuthorization`); a real node
//! knows others, which this product never meets.

mod deposit;
mod limits;
mod query;

pub use deposit::{restore, spend};
pub use query::grants;

use crate::chain::convert::{time_from_wire, time_to_wire};
use crate::chain::wire::Named;
use crate::chain::wire::cosmos::authz::{
    EventGrant, EventRevoke, Grant, MsgGrant, MsgGrantResponse, MsgRevoke, MsgRevokeResponse,
};
use crate::chain::wire::escrow::{DepositAuthorization, MsgAccountDeposit};
use crate::devnet::collection::Collection;
use crate::devnet::context::Context;
use crate::devnet::event::{TypedEvent, text};
use crate::devnet::kv::Broken;
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::auth;
use crate::domain::network::Network;
use jiff::Timestamp;
use prost::Message;

const CODESPACE: &str = "authz";

/// Grants, as they were given, by the bytes of the grantee's address, then of the granter's.
const GRANTS: Collection<MsgGrant> = Collection::new("authz/grant");

impl TypedEvent for EventGrant {
    fn attributes(&self) -> Vec<(&'static str, String)> {
        vec![
            ("msg_type_url", text(&self.msg_type_url)),
            ("granter", text(&self.granter)),
            ("grantee", text(&self.grantee)),
        ]
    }
}

impl TypedEvent for EventRevoke {
    fn attributes(&self) -> Vec<(&'static str, String)> {
        vec![
            ("msg_type_url", text(&self.msg_type_url)),
            ("granter", text(&self.granter)),
            ("grantee", text(&self.grantee)),
        ]
    }
}

/// What is refused of `MsgGrant` as it is decoded: an authorization that nobody knows.
pub fn validate_grant(network: &Network, message: &MsgGrant) -> Result<(), Refusal> {
    let url = message.grant.authorization.as_ref().map(|authorization| authorization.type_url.as_str());
    match url {
        Some(url) if url != DepositAuthorization::type_url(network) => {
            Err(Refusal::sdk(2, format!("unable to resolve type URL {url}: tx parse error")))
        }
        Some(_) | None => Ok(()),
    }
}

/// Nothing is refused of `MsgRevoke` before the state is looked at.
#[allow(clippy::unnecessary_wraps, reason = "the shape of every basic validation")]
pub const fn validate_revoke(_: &Network, _: &MsgRevoke) -> Result<(), Refusal> {
    Ok(())
}

/// `MsgGrant`: gives a grant, or replaces it.
pub fn grant(context: &mut Context<'_>, message: &MsgGrant) -> Result<MsgGrantResponse, Refusal> {
    let (granter, grantee) = parties(context, &message.granter, &message.grantee)?;
    let Some(authorization) = authorization_of(&message.grant) else {
        return Err(Refusal::sdk(29, "expected authz.Authorization, got <nil>: invalid type"));
    };
    limits::check(&authorization)?;
    if let Some(end) = message.grant.expiration.as_ref().and_then(|end| time_from_wire(end).ok())
        && end <= context.time
    {
        let words = format!(
            "expiration must be after the current block time ({}), got {}",
            whole_seconds(context.time),
            whole_seconds(end)
        );
        let reason = "expiration time of authorization should be more than current time";
        return Err(Refusal::new(CODESPACE, 3, reason).wrap(words));
    }
    auth::ensure(context, &grantee)?;
    save(context, (&grantee, &granter), message)?;
    Ok(MsgGrantResponse {})
}

/// `MsgRevoke`: takes a grant back.
pub fn revoke(context: &mut Context<'_>, message: &MsgRevoke) -> Result<MsgRevokeResponse, Refusal> {
    let MsgRevoke { granter, grantee, msg_type_url } = message;
    let (granter_bytes, grantee_bytes) = parties(context, granter, grantee)?;
    if msg_type_url.is_empty() {
        return Err(Refusal::sdk(18, "missing msg method name: invalid request"));
    }
    let key = (grantee_bytes.as_slice(), granter_bytes.as_slice());
    if *msg_type_url != granted_message(context.network) || !GRANTS.has(&*context.kv, &key)? {
        // The text holds the node's own key, which are raw bytes.
        let mut refusal = Refusal::new(CODESPACE, 2, "authorization not found");
        let key = [&[1, 20], granter_bytes.as_slice(), &[20], &grantee_bytes, msg_type_url.as_bytes()].concat();
        refusal.log = [b"failed to delete grant with key ", key.as_slice(), b": ", &refusal.log].concat();
        return Err(refusal);
    }
    GRANTS.remove(context.kv, &key)?;
    context.emit(&EventRevoke {
        msg_type_url: msg_type_url.clone(),
        granter: granter.clone(),
        grantee: grantee.clone(),
    });
    Ok(MsgRevokeResponse {})
}

/// At the begin of each block: grants that ended are gone.
pub fn begin_block(context: &mut Context<'_>) -> Result<(), Refusal> {
    for (key, given) in GRANTS.scan(&*context.kv, &(), None, false, usize::MAX)? {
        if has_ended(&given.grant, context.time) {
            GRANTS.remove_raw(context.kv, &key)?;
        }
    }
    Ok(())
}

/// The message that a deposit authorization is for.
fn granted_message(network: &Network) -> String {
    MsgAccountDeposit::type_url(network)
}

fn parties(context: &Context<'_>, granter: &str, grantee: &str) -> Result<(Vec<u8>, Vec<u8>), Refusal> {
    if granter.eq_ignore_ascii_case(grantee) {
        return Err(Refusal::new(CODESPACE, 7, "grantee and granter should be different"));
    }
    let read = |address: &str, who: &str| {
        auth::bytes_of(context.network, address)
            .map_err(|refusal| Refusal::sdk(7, format!("invalid {who} address: {}: invalid address", refusal.text())))
    };
    let grantee = read(grantee, "grantee")?;
    Ok((read(granter, "granter")?, grantee))
}

fn authorization_of(grant: &Grant) -> Option<DepositAuthorization> {
    DepositAuthorization::decode(grant.authorization.as_ref()?.value.as_slice()).ok()
}

/// Stores a grant, and tells of it: when it is given, and each time that something of it is used.
fn save(context: &mut Context<'_>, key: (&[u8], &[u8]), given: &MsgGrant) -> Result<(), Broken> {
    GRANTS.set(context.kv, &key, given)?;
    context.emit(&EventGrant {
        msg_type_url: granted_message(context.network),
        granter: given.granter.clone(),
        grantee: given.grantee.clone(),
    });
    Ok(())
}

fn has_ended(grant: &Grant, now: Timestamp) -> bool {
    grant.expiration.as_ref().and_then(|end| time_from_wire(end).ok()).is_some_and(|end| end <= now)
}

/// As Go's RFC 3339 prints a time.
fn whole_seconds(time: Timestamp) -> String {
    let seconds = time_to_wire(time).seconds;
    Timestamp::from_second(seconds).unwrap_or(time).to_string()
}

#[cfg(test)]
mod tests;
