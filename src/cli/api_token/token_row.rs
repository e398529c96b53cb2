//! A token in a listing.

use jiff::Timestamp;
use serde::Serialize;

use crate::cli::output::listing::Row;
use crate::domain::api_token::Token;

/// A token in a listing; never its text.
#[derive(Serialize)]
pub(super) struct TokenRow {
    id: i64,
    name: String,
    scope: &'static str,
    state: &'static str,
    created_at: Timestamp,
    created_by: String,
    expires_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
}

impl TokenRow {
    pub(super) fn new(token: Token, now: Timestamp) -> Self {
        Self {
            id: token.id,
            state: token.standing(now),
            name: token.name,
            scope: token.scope.word(),
            created_at: token.created_at,
            created_by: token.created_by,
            expires_at: token.expires_at,
            revoked_at: token.revoked_at,
        }
    }
}

impl Row for TokenRow {
    const HEADINGS: &'static [&'static str] = &["id", "name", "scope", "state", "created", "by", "expires"];
    const FIELDS: &'static [&'static str] =
        &["id", "name", "scope", "state", "created_at", "created_by", "expires_at", "revoked_at"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.id.to_string(),
            self.name.clone(),
            self.scope.to_owned(),
            self.state.to_owned(),
            format!("{:.0}", self.created_at),
            self.created_by.clone(),
            self.expires_at.map_or_else(|| "never".to_owned(), |time| format!("{time:.0}")),
        ]
    }

    fn csv(&self) -> Vec<String> {
        let shown = |time: Option<Timestamp>| time.map(|time| time.to_string()).unwrap_or_default();
        vec![
            self.id.to_string(),
            self.name.clone(),
            self.scope.to_owned(),
            self.state.to_owned(),
            self.created_at.to_string(),
            self.created_by.clone(),
            shown(self.expires_at),
            shown(self.revoked_at),
        ]
    }
}
