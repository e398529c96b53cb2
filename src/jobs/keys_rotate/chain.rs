//! The chain's side of a rotation: what it holds of our keys, and the messages that change that.

use jiff::Timestamp;

use super::{Error, Session};
use crate::chain::client::{CallError, Client};
use crate::chain::wire::encryption::{MsgRegisterRecipientKey, MsgRevokeRecipientKey, MsgRotateKey};
use crate::domain::address::Address;
use crate::domain::envelope::ALGORITHM;
use crate::domain::key::rotation::Seen;
use crate::domain::outbox::intent::State as Intent;
use crate::domain::recipient_key::RecipientKey;
use crate::jobs::tx_flush;
use crate::store::keys::{self as rows, KeyRow, Rotation};
use crate::store::outbox::{IntentId, Stamp, intents};
use crate::store::{self, Store};

/// How the chain is reached.
#[derive(Clone, Copy)]
pub struct OnChain<'a> {
    /// Who asks it.
    pub client: &'a Client,
    /// The account.
    pub address: &'a Address,
    /// How messages are sent.
    pub sending: &'a tx_flush::Request<'a>,
}

/// What the chain holds of our account.
pub(super) struct Held {
    pub(super) keys: Vec<RecipientKey>,
    /// How many more it takes.
    pub(super) free: u32,
}

/// What a message that was refused said.
pub(super) struct Refused(pub(super) String);

/// The purpose of the message that registers a key: the same purpose is the same message, until it was settled.
pub fn register_purpose(fingerprint: &str) -> String {
    format!("keys/register/{fingerprint}")
}

/// The purpose of the message that revokes a key.
pub fn revoke_purpose(fingerprint: &str) -> String {
    format!("keys/revoke/{fingerprint}")
}

/// Writes down what the chain was seen to hold, for `keys status`.
pub fn remember(store: &Store, held: &[RecipientKey], now: Timestamp) -> Result<(), store::Error> {
    store.write("write down what the chain holds", |change| {
        for key in held {
            let Some(row) = rows::by_fingerprint(change, &key.fingerprint)? else { continue };
            let seen = rows::OnChain {
                version: key.version,
                registered_at: key.registered_at.unwrap_or(now),
                revoked_at: key.revoked_at,
                deprecated_at: key.deprecated_at,
            };
            rows::set_registered(change, row.id, &seen)?;
        }
        Ok(())
    })
}

impl Session<'_> {
    /// What the chain holds, if it can be reached and believed; none is unknown, never absent.
    pub(super) async fn held(&self) -> Result<Option<Held>, Error> {
        let Some(chain) = &self.request.chain else { return Ok(None) };
        let read = async {
            let keys = chain.client.recipient_keys(chain.address).await?.believed()?.into_value();
            let limit = chain.client.encryption_params().await?.believed()?.into_value().keys_per_account;
            Ok::<_, CallError>((keys, limit))
        };
        match read.await {
            Ok((keys, limit)) => {
                let used = u32::try_from(keys.len()).unwrap_or(u32::MAX);
                let free = limit.saturating_sub(used);
                self.places.set(Some((used, limit)));
                remember(self.store, &keys, self.now())?;
                Ok(Some(Held { keys, free }))
            }
            Err(error) => {
                let error = &error as &(dyn std::error::Error + 'static);
                tracing::warn!(error, "what the chain holds of our keys is unknown");
                Ok(None)
            }
        }
    }

    /// Whether the chain holds the key.
    pub(super) fn registered(&self, key: &KeyRow, held: Option<&Held>) -> Result<Seen, Error> {
        let found = held.map(|held| held.keys.iter().any(|known| known.fingerprint == key.fingerprint));
        self.seen(found, &register_purpose(&key.fingerprint))
    }

    /// Whether the chain says that the key is revoked; one that it never held is as good.
    pub(super) fn revoked(&self, key: &KeyRow, held: Option<&Held>) -> Result<Seen, Error> {
        let found = held.map(|held| {
            held.keys
                .iter()
                .find(|known| known.fingerprint == key.fingerprint)
                .is_none_or(|key| key.revoked_at.is_some())
        });
        self.seen(found, &revoke_purpose(&key.fingerprint))
    }

    fn seen(&self, found: Option<bool>, purpose: &str) -> Result<Seen, Error> {
        let newest = self.store.read("look into the outbox", |snapshot| intents::newest_of(snapshot, purpose))?;
        Ok(match (found, newest) {
            (Some(true), _) => Seen::Yes,
            (None, _) => Seen::Unknown,
            (Some(false), Some(intent)) if !intent.state.is_settled() => Seen::OnItsWay,
            (Some(false), _) => Seen::No,
        })
    }

    /// Sends the message that registers the new key: it rotates the old one where the chain holds that.
    pub(super) async fn register(
        &self,
        rotation: &Rotation,
        old: &KeyRow,
        new: &KeyRow,
        held: &Held,
    ) -> Result<Option<Refused>, Error> {
        let label = new.name.clone();
        let of_old = held.keys.iter().find(|key| key.fingerprint == old.fingerprint && key.revoked_at.is_none());
        let purpose = register_purpose(&new.fingerprint);
        let Some(chain) = self.request.chain else { return Ok(None) };
        let sender = chain.address.to_string();
        if of_old.is_some() {
            let message = MsgRotateKey {
                sender,
                old_key_fingerprint: old.fingerprint.clone(),
                new_public_key: new.public_key.clone(),
                new_algorithm_id: ALGORITHM.to_owned(),
                new_label: label,
                reason: rotation.reason.clone(),
                new_key_ttl_seconds: 0,
            };
            self.send(&purpose, &message).await
        } else {
            let algorithm_id = ALGORITHM.to_owned();
            let message = MsgRegisterRecipientKey { sender, public_key: new.public_key.clone(), algorithm_id, label };
            self.send(&purpose, &message).await
        }
    }

    /// Sends the message that revokes the old key.
    pub(super) async fn revoke(&self, old: &KeyRow) -> Result<Option<Refused>, Error> {
        let Some(chain) = self.request.chain else { return Ok(None) };
        let message =
            MsgRevokeRecipientKey { sender: chain.address.to_string(), key_fingerprint: old.fingerprint.clone() };
        self.send(&revoke_purpose(&old.fingerprint), &message).await
    }

    /// Sends what stands in the outbox.
    pub(super) async fn flush(&self) -> Result<(), Error> {
        if let Some(chain) = self.request.chain {
            tx_flush::flush(self.run, self.given, chain.sending).await?;
        }
        Ok(())
    }

    /// Writes the message into the outbox and flushes. A refusal is given back; the same is not sent again by a timer.
    async fn send<M: crate::chain::wire::TxMessage>(
        &self,
        purpose: &str,
        message: &M,
    ) -> Result<Option<Refused>, Error> {
        let Some(chain) = self.request.chain else { return Ok(None) };
        let before = self.store.read("look into the outbox", |snapshot| intents::newest_of(snapshot, purpose))?;
        if let Some(before) = before.filter(|before| before.state == Intent::Refused && !self.request.by_hand) {
            return Ok(Some(Refused(before.detail.unwrap_or_else(|| "the chain refused it before".to_owned()))));
        }
        let place = (chain.client.network(), chain.client.settings().chain_id.as_str());
        let stamp = Stamp { at: self.now(), run: Some(self.run.id()) };
        let id: IntentId = self.store.write("want a message on the chain", |change| {
            tx_flush::enqueue_anew(change, place, purpose, message, stamp)
        })?;
        self.flush().await?;
        let intent = self.store.read("read what became of a message", |snapshot| intents::by_id(snapshot, id))?;
        let refused = intent.filter(|intent| intent.state == Intent::Refused);
        Ok(refused.map(|intent| Refused(intent.detail.unwrap_or_else(|| "the chain refuses it".to_owned()))))
    }
}
