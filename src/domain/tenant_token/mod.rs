//! Tokens by which a tenant shows who it is: JSON Web Tokens, signed with the key of its account.
//!
//! ```text
//! base64url(header) . base64url(claims) . base64url(signature)
//! header      {"alg": "ES256K" | "ES256KADR36", "typ": "JWT"}
//! signature   64 bytes, r and s, s in the lower half; over SHA-256 of
//!             ES256K        the text `header.claims`
//!             ES256KADR36   the amino sign doc of ADR 36 that holds this text, as wallets sign it
//! ```
//! [`Token::read`] takes a token apart and says what its signature is over; whether that is right, and whose key it is, is
//! for whoever knows the account's public key. Nothing of a token counts before. What it allows is in [`Claims`].
//!
//! Source: chain/tenant-gateway.md, section 2; RFC 7515, RFC 7519, RFC 8812; Cosmos ADR 36.

mod claims;
#[cfg(test)]
mod tests;

pub use claims::{Access, Claims, ClaimsError, Leases, Permission, Scope, Target};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::json;

/// The most bytes of a token.
pub const LONGEST: usize = 16 * 1024;

/// How a token is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// Over the text itself.
    Es256k,
    /// Over the sign doc that a wallet makes of it.
    Es256kAdr36,
}

impl Algorithm {
    fn of_word(word: &str) -> Option<Self> {
        match word {
            "ES256K" => Some(Self::Es256k),
            "ES256KADR36" => Some(Self::Es256kAdr36),
            _ => None,
        }
    }
}

/// Why a text is no token. It never quotes the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It has not three parts of base64url.
    #[error("it is no JSON web token")]
    Form,
    /// It is signed in another way, or not at all.
    #[error("it is not signed with ES256K or ES256KADR36")]
    Algorithm,
    /// The signature has not 64 bytes.
    #[error("its signature has not 64 bytes")]
    Signature,
    /// What it claims cannot be.
    #[error(transparent)]
    Claims(#[from] ClaimsError),
}

/// A token, taken apart. Nobody has checked its signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// How it is signed.
    pub algorithm: Algorithm,
    /// What it claims.
    pub claims: Claims,
    /// The signature: `r` and `s` in 32 bytes each.
    pub signature: [u8; 64],
    /// `header.claims`, as they came.
    signed: String,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    typ: Option<String>,
    /// Extensions that must be understood (RFC 7515): we understand none.
    #[serde(default)]
    crit: Option<serde_json::Value>,
}

impl Token {
    /// Takes a token apart.
    pub fn read(text: &str) -> Result<Self, TokenError> {
        if text.len() > LONGEST {
            return Err(TokenError::Form);
        }
        let (signed, signature) = text.rsplit_once('.').ok_or(TokenError::Form)?;
        let (header, claims) = signed.split_once('.').ok_or(TokenError::Form)?;
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| TokenError::Form);
        let header: Header = serde_json::from_slice(&decode(header)?).map_err(|_| TokenError::Form)?;
        if header.crit.is_some() || header.typ.is_some_and(|typ| !typ.eq_ignore_ascii_case("JWT")) {
            return Err(TokenError::Form);
        }
        let algorithm = Algorithm::of_word(&header.alg).ok_or(TokenError::Algorithm)?;
        let claims = Claims::read(&decode(claims)?)?;
        let signature = decode(signature)?.try_into().map_err(|_| TokenError::Signature)?;
        Ok(Self { algorithm, claims, signature, signed: signed.to_owned() })
    }

    /// What the account's key must have signed.
    pub fn signed_bytes(&self) -> Vec<u8> {
        match self.algorithm {
            Algorithm::Es256k => self.signed.as_bytes().to_vec(),
            Algorithm::Es256kAdr36 => adr36(self.claims.issuer(), self.signed.as_bytes()),
        }
    }
}

/// The amino sign doc of a text: sorted names, nothing between them, and no chain, so that it is worth nothing on any.
pub fn adr36(signer: &str, text: &[u8]) -> Vec<u8> {
    // serde_json keeps the names of an object in order, and an address has nothing to escape.
    let message = json!({"type": "sign/MsgSignData", "value": {"data": STANDARD.encode(text), "signer": signer}});
    let doc = json!({
        "account_number": "0",
        "chain_id": "",
        "fee": {"amount": [], "gas": "0"},
        "memo": "",
        "msgs": [message],
        "sequence": "0",
    });
    doc.to_string().into_bytes()
}
