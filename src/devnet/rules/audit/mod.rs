//! Module `audit`: attributes of providers for which an auditor vouches.

mod query;

pub use query::{all_providers_attributes, auditor_attributes, provider_attributes, provider_auditor_attributes};

use crate::chain::wire::audit::{
    AuditedProvider, EventTrustedAuditorCreated, EventTrustedAuditorDeleted, MsgDeleteProviderAttributes,
    MsgDeleteProviderAttributesResponse, MsgSignProviderAttributes, MsgSignProviderAttributesResponse,
};
use crate::chain::wire::base::Attribute;
use crate::devnet::collection::Collection;
use crate::devnet::context::Context;
use crate::devnet::event::{TypedEvent, text};
use crate::devnet::kv::{Broken, Kv};
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::auth;
use crate::domain::network::Network;

const CODESPACE: &str = "audit";
const NOT_FOUND: &str = "invalid provider: address not found";

/// What auditors vouch for, by the bytes of the provider's address, then of the auditor's.
const AUDITED: Collection<AuditedProvider> = Collection::new("audit/provider");

impl TypedEvent for EventTrustedAuditorCreated {
    fn attributes(&self) -> Vec<(&'static str, String)> {
        vec![("owner", text(&self.owner)), ("auditor", text(&self.auditor))]
    }
}

impl TypedEvent for EventTrustedAuditorDeleted {
    fn attributes(&self) -> Vec<(&'static str, String)> {
        vec![("owner", text(&self.owner)), ("auditor", text(&self.auditor))]
    }
}

/// What auditors vouch for of the provider with these bytes as address, by auditor.
pub fn audited(kv: &dyn Kv, provider: &[u8]) -> Result<Vec<AuditedProvider>, Broken> {
    AUDITED.all(kv, &(provider,))
}

/// What is refused of `MsgSignProviderAttributes` before the state is looked at.
pub fn validate_sign(network: &Network, message: &MsgSignProviderAttributes) -> Result<(), Refusal> {
    addresses(network, &message.owner, &message.auditor)
}

/// What is refused of `MsgDeleteProviderAttributes` before the state is looked at.
pub fn validate_delete(network: &Network, message: &MsgDeleteProviderAttributes) -> Result<(), Refusal> {
    addresses(network, &message.owner, &message.auditor)
}

fn addresses(network: &Network, owner: &str, auditor: &str) -> Result<(), Refusal> {
    for (address, who) in [(owner, "Owner"), (auditor, "Auditor")] {
        auth::bytes_of(network, address)
            .map_err(|_| Refusal::sdk(7, format!("MsgCreate: Invalid {who} Address: invalid address")))?;
    }
    Ok(())
}

/// `MsgSignProviderAttributes`: adds to what the auditor vouches for, and replaces values. Neither the provider nor
/// the keys are looked at.
pub fn sign_provider_attributes(
    context: &mut Context<'_>,
    message: &MsgSignProviderAttributes,
) -> Result<MsgSignProviderAttributesResponse, Refusal> {
    let MsgSignProviderAttributes { owner, auditor, attributes } = message;
    let (provider, signer) = (auth::bytes_of(context.network, owner)?, auth::bytes_of(context.network, auditor)?);
    let key = (provider.as_slice(), signer.as_slice());
    let mut attributes = attributes.clone();
    if let Some(earlier) = AUDITED.get(&*context.kv, &key)? {
        attributes = merged(earlier.attributes.into_iter().chain(attributes));
    }
    attributes.sort_by(|one, other| one.key.cmp(&other.key));
    let row = AuditedProvider { owner: owner.clone(), auditor: auditor.clone(), attributes };
    AUDITED.set(context.kv, &key, &row)?;
    context.emit(&EventTrustedAuditorCreated { owner: owner.clone(), auditor: auditor.clone() });
    Ok(MsgSignProviderAttributesResponse {})
}

/// `MsgDeleteProviderAttributes`: takes some of it back, or all.
pub fn delete_provider_attributes(
    context: &mut Context<'_>,
    message: &MsgDeleteProviderAttributes,
) -> Result<MsgDeleteProviderAttributesResponse, Refusal> {
    let MsgDeleteProviderAttributes { owner, auditor, keys } = message;
    let (provider, signer) = (auth::bytes_of(context.network, owner)?, auth::bytes_of(context.network, auditor)?);
    let key = (provider.as_slice(), signer.as_slice());
    let Some(mut row) = AUDITED.get(&*context.kv, &key)? else {
        return Err(Refusal::new(CODESPACE, 1, NOT_FOUND));
    };
    row.attributes = if keys.is_empty() { vec![] } else { merged(row.attributes) };
    for gone in keys {
        let before = row.attributes.len();
        row.attributes.retain(|attribute| attribute.key != *gone);
        if row.attributes.len() == before {
            let text = format!(
                "trying to delete non-existing attribute \"{gone}\" for auditor/provider \"{auditor}/{owner}\""
            );
            return Err(Refusal::new(CODESPACE, 3, format!("{text}: attribute not found")));
        }
    }
    if row.attributes.is_empty() {
        AUDITED.remove(context.kv, &key)?;
    } else {
        AUDITED.set(context.kv, &key, &row)?;
    }
    context.emit(&EventTrustedAuditorDeleted { owner: owner.clone(), auditor: auditor.clone() });
    Ok(MsgDeleteProviderAttributesResponse {})
}

/// Each key once, with its last value.
fn merged(attributes: impl IntoIterator<Item = Attribute>) -> Vec<Attribute> {
    let values: std::collections::BTreeMap<String, String> =
        attributes.into_iter().map(|attribute| (attribute.key, attribute.value)).collect();
    values.into_iter().map(|(key, value)| Attribute { key, value }).collect()
}

#[cfg(test)]
mod tests;
