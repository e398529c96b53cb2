//! Events of providers.

use crate::chain::wire::provider::{
    EventProviderCreated, EventProviderDeleted, EventProviderDomainVerificationConfirmed,
    EventProviderDomainVerificationRequested, EventProviderDomainVerificationRevoked,
    EventProviderDomainVerificationStarted, EventProviderDomainVerified, EventProviderUpdated,
};
use crate::devnet::event::{TypedEvent, text};

macro_rules! events {
    ($($name:ident { $($field:ident),* })*) => {
        $(impl TypedEvent for $name {
            fn attributes(&self) -> Vec<(&'static str, String)> {
                vec![$((stringify!($field), text(&self.$field))),*]
            }
        })*
    };
}

events! {
    EventProviderCreated { owner }
    EventProviderUpdated { owner }
    EventProviderDeleted { owner }
    EventProviderDomainVerificationStarted { owner, domain, token }
    EventProviderDomainVerificationRequested { owner, domain, method, token }
    EventProviderDomainVerificationConfirmed { owner, domain, method }
    EventProviderDomainVerificationRevoked { owner, domain }
    EventProviderDomainVerified { owner, domain }
}
