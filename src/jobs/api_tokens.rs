//! Tokens by which operators' programs ask the server: made, looked at, taken back.
//!
//! The text of a token leaves [`create`] and is kept nowhere. One transaction writes its row: a kill before it leaves
//! nothing, a kill after it a token that nobody knows, which `api-token list` shows and `revoke` ends.

use std::borrow::Cow;

use jiff::Timestamp;
use zeroize::Zeroizing;

use crate::domain::api_token::{self, Token};
use crate::domain::fault::{Classified, Fault};
use crate::keys::{NoRandomness, random_bytes};
use crate::store::api_tokens::{self, NewToken};
use crate::store::{self, Store};

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The name is none.
    #[error("{0:?} is no name of a token")]
    Name(String),
    /// There is one of this name.
    #[error("there is a token {0} already")]
    Taken(String),
    /// There is none.
    #[error("there is no valid token {0}")]
    NoToken(String),
    /// It would be over at once.
    #[error("the token would end at {0}, which is in the past")]
    Past(Timestamp),
    /// The system gives no random bytes.
    #[error("cannot make a token")]
    Random(#[from] NoRandomness),
    /// The state file failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::Name(_) | Self::Taken(_) | Self::Past(_) => Fault::Invalid,
            Self::NoToken(_) => Fault::NotFound,
            Self::Random(_) => Fault::Unavailable,
            Self::Store(error) => error.fault(),
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Name(_) => Some("a name has 1 to 64 letters, digits, `.`, `_` and `-`".into()),
            Self::Taken(_) => Some("choose another name, or revoke it first with `provider api-token revoke`".into()),
            Self::NoToken(_) => Some("`provider api-token list` shows them".into()),
            Self::Past(_) | Self::Random(_) => None,
            Self::Store(error) => error.hint(),
        }
    }
}

/// A new token: what is kept of it, and its text.
pub struct Created {
    /// What is kept.
    pub token: Token,
    /// What its owner sends. Overwritten in memory when it is dropped.
    pub text: Zeroizing<String>,
}

/// Whether a text can name a token.
pub fn is_name(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    (1..=64).contains(&text.len()) && text.chars().all(fits)
}

/// Makes a token.
pub fn create(store: &Store, new: &NewToken<'_>) -> Result<Created, Error> {
    if !is_name(new.name) {
        return Err(Error::Name(new.name.to_owned()));
    }
    if let Some(end) = new.expires_at.filter(|end| *end <= new.at) {
        return Err(Error::Past(end));
    }
    let secret = random_bytes::<{ api_token::SECRET_BYTES }>()?;
    store.write("write down a token", |change| {
        if api_tokens::named(change, new.name)?.is_some() {
            return Err(Error::Taken(new.name.to_owned()));
        }
        let text = |id| Zeroizing::new(api_token::text(id, &secret));
        let id = api_tokens::create(change, new, |id| api_token::digest(&text(id)))?;
        let token = api_tokens::one(change, id)?.ok_or_else(|| Error::NoToken(new.name.to_owned()))?;
        Ok(Created { token, text: text(id) })
    })
}

/// Takes a token back, by its name or number. Gives back which it was.
pub fn revoke(store: &Store, which: &str, now: Timestamp) -> Result<Token, Error> {
    store.write("revoke a token", |change| {
        let missing = || Error::NoToken(which.to_owned());
        let found = match api_tokens::named(change, which)? {
            Some(token) => Some(token),
            None => match which.parse() {
                Ok(id) => api_tokens::one(change, id)?.filter(|token| token.revoked_at.is_none()),
                Err(_) => None,
            },
        };
        let token = found.ok_or_else(missing)?;
        api_tokens::revoke(change, token.id, now)?;
        Ok(Token { revoked_at: Some(now), ..token })
    })
}

/// Every token, the newest first; those that no longer count only where `all` are wanted.
pub fn list(store: &Store, all: bool, now: Timestamp) -> Result<Vec<Token>, store::Error> {
    let tokens = store.read("list the tokens", api_tokens::all)?;
    Ok(tokens.into_iter().filter(|token| all || token.standing(now) == "valid").collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::api_token::Scope;

    #[test]
    fn a_token_is_made_once_and_taken_back_once() {
        let store = Store::in_memory().unwrap();
        let now: Timestamp = "2026-11-21T10:00:00Z".parse().unwrap();
        let new = NewToken { name: "grafana", scope: Scope::Read, at: now, by: "root", expires_at: None };
        let made = create(&store, &new).unwrap();
        assert!(made.text.starts_with(&format!("prv_{}_", made.token.id)) && made.text.len() > 48);
        assert!(made.token.admits(&made.text, now));
        let kept = store.read("test", |s| {
            s.rows("SELECT quote(hash) || name || created_by FROM api_tokens", [], |row| row.get::<_, String>(0))
        });
        assert!(!kept.unwrap().concat().contains(made.text.as_str()), "the text is kept nowhere");
        assert!(matches!(create(&store, &new), Err(Error::Taken(_))));
        let past = NewToken { name: "late", expires_at: Some(now), ..new.clone() };
        assert!(matches!(create(&store, &past), Err(Error::Past(_))));
        for bad in ["", "a b", "a/b", "\u{e4}", &"x".repeat(65)] {
            assert!(matches!(create(&store, &NewToken { name: bad, ..new.clone() }), Err(Error::Name(_))), "{bad}");
        }
        assert_eq!(revoke(&store, "grafana", now).unwrap().id, made.token.id);
        assert!(matches!(revoke(&store, "grafana", now), Err(Error::NoToken(_))));
        let again = create(&store, &new).unwrap();
        assert_eq!(list(&store, false, now).unwrap().len(), 1);
        assert_eq!(list(&store, true, now).unwrap().len(), 2);
        assert_eq!(revoke(&store, &again.token.id.to_string(), now).unwrap().name, "grafana");
    }
}
