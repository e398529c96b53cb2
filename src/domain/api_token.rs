//! Tokens by which operators' programs ask the server.
//!
//! A token is the text `prv_ID_SECRET`: the number of its row, and 32 random bytes in base64url. The state file has the
//! SHA-256 of the text; 256 random bits need no slow hash.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// What every token begins with, so that it is told apart from a tenant's and found by scanners of leaks.
pub const PREFIX: &str = "prv_";

/// How many random bytes make a token.
pub const SECRET_BYTES: usize = 32;

/// What a token is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// To look at everything.
    Read,
    /// To pause, resume, stop and restart workloads too.
    Act,
}

impl Scope {
    /// Every scope.
    pub const ALL: &'static [Self] = &[Self::Read, Self::Act];

    /// The word in stored rows and output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Act => "act",
        }
    }

    /// The scope of that word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|scope| scope.word() == word)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// What is known of a token; never its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its number; never used twice.
    pub id: i64,
    /// What the operator calls it.
    pub name: String,
    /// SHA-256 of its text.
    pub hash: [u8; 32],
    /// What it is good for.
    pub scope: Scope,
    /// When it was made.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: String,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

impl Token {
    /// Whether a text is this token, and it still counts. Takes the same time wherever the texts differ.
    pub fn admits(&self, text: &str, now: Timestamp) -> bool {
        let same: bool = self.hash.ct_eq(&digest(text)).into();
        same && self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }

    /// How it stands.
    pub fn standing(&self, now: Timestamp) -> &'static str {
        if self.revoked_at.is_some() {
            "revoked"
        } else if self.expires_at.is_some_and(|end| end <= now) {
            "expired"
        } else {
            "valid"
        }
    }
}

/// The text of a token.
pub fn text(id: i64, secret: &[u8; SECRET_BYTES]) -> String {
    format!("{PREFIX}{id}_{}", URL_SAFE_NO_PAD.encode(secret))
}

/// What is kept of a text.
pub fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// Which token a text claims to be; `None` where it is none of ours.
pub fn claimed(text: &str) -> Option<i64> {
    let (id, _) = text.strip_prefix(PREFIX)?.split_once('_')?;
    id.parse().ok().filter(|id| *id > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> (Token, String) {
        let text = text(7, &[3; SECRET_BYTES]);
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let token = Token {
            id: 7,
            name: "grafana".into(),
            hash: digest(&text),
            scope: Scope::Read,
            created_at: at("2026-11-21T10:00:00Z"),
            created_by: "root".into(),
            expires_at: Some(at("2026-11-22T10:00:00Z")),
            revoked_at: None,
        };
        (token, text)
    }

    #[test]
    fn only_its_own_text_counts_and_only_in_its_time() {
        let (token, text) = token();
        let (before, after) = ("2026-11-22T09:59:59Z".parse().unwrap(), "2026-11-22T10:00:00Z".parse().unwrap());
        assert!(token.admits(&text, before) && !token.admits(&text, after));
        assert_eq!((token.standing(before), token.standing(after)), ("valid", "expired"));
        for wrong in ["", "prv_7_", &text[..text.len() - 1], &text.to_uppercase(), &format!("{text} ")] {
            assert!(!token.admits(wrong, before), "{wrong}");
        }
        let revoked = Token { revoked_at: Some(token.created_at), ..token };
        assert!(!revoked.admits(&text, before));
        assert_eq!(revoked.standing(before), "revoked");
    }

    #[test]
    fn a_text_says_which_token_it_claims_to_be() {
        assert_eq!(claimed(&token().1), Some(7));
        for none in ["", "prv_", "prv_7", "prv_x_y", "prv_-1_y", "prv_0_y", "eyJhbGciOi.J9.x"] {
            assert_eq!(claimed(none), None, "{none}");
        }
    }
}
