//! What the chain says of tenants, kept for a moment: a tool asks many times with the same credentials.
//!
//! The key of an account never changes; a certificate may be revoked, so what is known of one is forgotten soon. That there
//! is none is forgotten sooner. An answer that could not be had is not kept at all: unknown is never absent.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;

use super::{Gateway, Problem};
use crate::domain::address::Address;
use crate::domain::certificate::CertificateState;
use crate::domain::fault::in_one_line;
use crate::keys::{KeyType, PublicKey};

/// How long a revoked certificate may still be taken for a good one.
const CERTIFICATES: Duration = Duration::from_secs(30);

/// How long the key of an account is kept.
const ACCOUNTS: Duration = Duration::from_mins(10);

/// How long it is kept that there is nothing.
const ABSENT: Duration = Duration::from_secs(3);

/// How many answers of a kind are kept: more tenants than that ask again.
const MOST: usize = 4096;

/// How many questions are asked of the chain at once, for whoever comes along with credentials that nobody knows yet.
const AT_ONCE: usize = 8;

/// What is known of accounts and certificates.
pub(super) struct ChainFacts {
    accounts: Kept<Address, PublicKey>,
    /// By owner and serial number: the certificate, PEM.
    certificates: Kept<(Address, String), Vec<u8>>,
    turns: Semaphore,
}

impl Default for ChainFacts {
    fn default() -> Self {
        Self { accounts: Kept::default(), certificates: Kept::default(), turns: Semaphore::new(AT_ONCE) }
    }
}

/// Answers, each until its time is over.
struct Kept<K, V>(Mutex<HashMap<K, (Instant, Option<V>)>>);

impl<K, V> Default for Kept<K, V> {
    fn default() -> Self {
        Self(Mutex::new(HashMap::new()))
    }
}

impl<K: Eq + Hash, V: Clone> Kept<K, V> {
    fn get(&self, key: &K) -> Option<Option<V>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(key).filter(|(until, _)| *until > Instant::now()).map(|(_, value)| value.clone())
    }

    fn put(&self, key: K, value: Option<V>, keep: Duration) {
        let now = Instant::now();
        let keep = if value.is_some() { keep } else { ABSENT };
        let Some(until) = now.checked_add(keep) else { return };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.retain(|_, (until, _)| *until > now);
        }
        // Whoever fills it with inventions pushes nobody's credentials out for longer than a question takes.
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(key, (until, value));
    }
}

impl Gateway {
    /// The public key of an account; none where it has never signed anything.
    pub(super) async fn account_key(&self, address: &Address) -> Result<Option<PublicKey>, Problem> {
        if let Some(known) = self.facts.accounts.get(address) {
            return Ok(known);
        }
        let found =
            self.ask(async { self.client.account_key(address).await?.believed().map(|key| key.into_value()) }).await?;
        let key = found.and_then(|bytes| PublicKey::from_bytes(KeyType::Secp256k1, &bytes).ok());
        self.facts.accounts.put(address.clone(), key, ACCOUNTS);
        Ok(key)
    }

    /// A certificate that counts, as its owner has published it: PEM.
    pub(super) async fn certificate(&self, owner: &Address, serial: &str) -> Result<Option<Vec<u8>>, Problem> {
        let key = (owner.clone(), serial.to_owned());
        if let Some(known) = self.facts.certificates.get(&key) {
            return Ok(known);
        }
        let found = self
            .ask(async {
                let mut found = None;
                let listing = self.client.certificates(owner, Some(CertificateState::Valid));
                let listed = listing.for_each(|certificate| {
                    if certificate.serial == serial && certificate.state == CertificateState::Valid {
                        found = Some(certificate.certificate);
                    }
                });
                listed.await?.believed()?;
                Ok(found)
            })
            .await?;
        self.facts.certificates.put(key, found.clone(), CERTIFICATES);
        Ok(found)
    }

    /// Asks the chain, a few at a time. What it does not say is nobody's fault who asks us.
    pub(super) async fn ask<T>(
        &self,
        question: impl Future<Output = Result<T, crate::chain::client::CallError>>,
    ) -> Result<T, Problem> {
        let Ok(_turn) = self.facts.turns.acquire().await else {
            return Err(Problem::unavailable("the server stops"));
        };
        question.await.map_err(|error| {
            tracing::warn!(error = in_one_line(&error), "the chain does not say who a tenant is, or what is its");
            Problem::unavailable("the chain cannot be asked now")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_kept_for_their_time_and_no_longer() {
        let kept: Kept<u32, &str> = Kept::default();
        kept.put(1, Some("key"), Duration::from_secs(60));
        kept.put(2, None, Duration::from_secs(60));
        kept.put(3, Some("old"), Duration::ZERO);
        assert_eq!(
            [kept.get(&1), kept.get(&2), kept.get(&3), kept.get(&4)],
            [Some(Some("key")), Some(None), None, None]
        );
        // However many come with inventions, it does not grow.
        for number in 0..3 * u32::try_from(MOST).unwrap() {
            kept.put(number, Some("invented"), Duration::from_secs(60));
        }
        assert!(kept.0.lock().unwrap().len() <= MOST);
    }
}
