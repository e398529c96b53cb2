//! Recipient keys (VirtEngine).

use crate::chain::client::Client;
use crate::chain::client::belief::Reading;
use crate::chain::client::call::Question;
use crate::chain::client::error::CallError;
use crate::chain::from_wire::encryption as read;
use crate::chain::wire::encryption as wire;
use crate::domain::address::Address;
use crate::domain::recipient_key::RecipientKey;

impl Client {
    /// The keys that an account has registered, old ones included.
    pub async fn recipient_keys(&self, owner: &Address) -> Result<Reading<Vec<RecipientKey>>, CallError> {
        let request = wire::QueryRecipientKeyRequest { address: owner.to_string() };
        let read = |answer: wire::QueryRecipientKeyResponse| {
            let keys = answer.keys.into_iter().map(|found| {
                let key = read::recipient_key(found, self.prefix()).map_err(|error| super::garbage(&error))?;
                super::same(&key.owner, owner)?;
                Ok(key)
            });
            keys.collect::<Result<Vec<_>, _>>()
        };
        let found = self.find(Question::of(format!("recipient keys of {owner}")), &request, read).await?;
        Ok(found.map(Option::unwrap_or_default))
    }
}
