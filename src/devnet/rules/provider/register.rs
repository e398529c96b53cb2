//! The register.

use super::refusals;
use crate::chain::wire::provider::{
    EventProviderCreated, EventProviderDeleted, EventProviderUpdated, MsgCreateProvider, MsgCreateProviderResponse,
    MsgDeleteProvider, MsgDeleteProviderResponse, MsgUpdateProvider, MsgUpdateProviderResponse, Provider,
};
use crate::devnet::collection::Collection;
use crate::devnet::context::Context;
use crate::devnet::kv::Broken;
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::{auth, market};

/// Providers by the bytes of their addresses: the order in which they are listed.
pub(super) const PROVIDERS: Collection<Provider> = Collection::new("provider/provider");

/// The provider with this address, if it is registered.
pub fn find(context: &Context<'_>, owner: &str) -> Result<Option<Provider>, Refusal> {
    let address = auth::bytes_of(context.network, owner)?;
    Ok(PROVIDERS.get(&*context.kv, &(address.as_slice(),))?)
}

/// Registers a provider without a message: what a genesis does. The address is that of its bytes.
pub fn register(context: &mut Context<'_>, address: &[u8], provider: &Provider) -> Result<(), Broken> {
    PROVIDERS.set(context.kv, &(address,), provider)
}

/// `MsgCreateProvider`.
pub fn create_provider(
    context: &mut Context<'_>,
    message: &MsgCreateProvider,
) -> Result<MsgCreateProviderResponse, Refusal> {
    if find(context, &message.owner)?.is_some() {
        return Err(refusals::exists().wrap(format!("id: {}", message.owner)));
    }
    let MsgCreateProvider { owner, host_uri, attributes, info } = message.clone();
    put(context, &Provider { owner: owner.clone(), host_uri, attributes, info })?;
    context.emit(&EventProviderCreated { owner });
    Ok(MsgCreateProviderResponse {})
}

/// `MsgUpdateProvider`: replaces the record.
pub fn update_provider(
    context: &mut Context<'_>,
    message: &MsgUpdateProvider,
) -> Result<MsgUpdateProviderResponse, Refusal> {
    if find(context, &message.owner)?.is_none() {
        return Err(refusals::not_found().wrap(format!("id: {}", message.owner)));
    }
    let MsgUpdateProvider { owner, host_uri, attributes, info } = message.clone();
    put(context, &Provider { owner: owner.clone(), host_uri, attributes, info })?;
    context.emit(&EventProviderUpdated { owner });
    Ok(MsgUpdateProviderResponse {})
}

/// `MsgDeleteProvider`.
pub fn delete_provider(
    context: &mut Context<'_>,
    message: &MsgDeleteProvider,
) -> Result<MsgDeleteProviderResponse, Refusal> {
    let owner = &message.owner;
    if find(context, owner)?.is_none() {
        return Err(refusals::not_found());
    }
    if !context.network.behaviour.provider_can_leave {
        return Err(refusals::not_implemented().wrap("NOTIMPLEMENTED"));
    }
    if market::has_active_leases(context, owner)? {
        return Err(refusals::active_leases().wrap(format!("provider {owner} has active leases")));
    }
    let address = auth::bytes_of(context.network, owner)?;
    PROVIDERS.remove(context.kv, &(address.as_slice(),))?;
    context.emit(&EventProviderDeleted { owner: owner.clone() });
    Ok(MsgDeleteProviderResponse {})
}

fn put(context: &mut Context<'_>, provider: &Provider) -> Result<(), Refusal> {
    let address = auth::bytes_of(context.network, &provider.owner)?;
    Ok(register(context, &address, provider)?)
}
