//! What was found a moment ago: of what everybody asks all the time one reading a second is enough.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::domain::api_token::{Token, digest};

/// How long something counts that was found. A token that is revoked counts no longer than this.
const RECENT: Duration = Duration::from_secs(1);

/// So many tokens are remembered at most.
const TOKENS: usize = 1000;

/// What was found a moment ago.
#[derive(Default)]
pub struct Recent {
    status: Mutex<Option<(Instant, Arc<str>)>>,
    tokens: Mutex<HashMap<[u8; 32], (Instant, Token)>>,
}

impl Recent {
    /// The status, if it was found just now.
    pub(super) fn status(&self) -> Option<Arc<str>> {
        let status = self.status.lock().unwrap_or_else(PoisonError::into_inner);
        status.as_ref().filter(|(found, _)| found.elapsed() < RECENT).map(|(_, text)| Arc::clone(text))
    }

    /// Remembers the status.
    pub(super) fn keep_status(&self, text: String) -> Arc<str> {
        let text: Arc<str> = text.into();
        *self.status.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), Arc::clone(&text)));
        text
    }

    /// The token of this text, if it was valid just now.
    pub(super) fn token(&self, text: &str) -> Option<Token> {
        let tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.get(&digest(text)).filter(|(found, _)| found.elapsed() < RECENT).map(|(_, token)| token.clone())
    }

    /// Remembers that a token is valid.
    pub(super) fn keep_token(&self, token: &Token) {
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        if tokens.len() >= TOKENS {
            tokens.clear();
        }
        tokens.insert(token.hash, (Instant::now(), token.clone()));
    }
}
