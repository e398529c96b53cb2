//! `cert.v1.Query`.

use super::{CERTIFICATES, Serial, Stored, find};
use crate::chain::wire::cert::{QueryCertificatesRequest, QueryCertificatesResponse, State};
use crate::chain::wire::cosmos::page::PageResponse;
use crate::devnet::context::Context;
use crate::devnet::page::paginate;
use crate::devnet::refusal::QueryError;
use crate::devnet::rules::auth;

/// `Certificates`: valid ones first, then by owner and serial number. `total` is the number of rows in the page.
pub fn certificates(
    context: &Context<'_>,
    request: &QueryCertificatesRequest,
) -> Result<QueryCertificatesResponse, QueryError> {
    let filter = &request.filter;
    let state = match filter.state.as_str() {
        "" => None,
        word => match State::from_word(word) {
            Some(state @ (State::Valid | State::Revoked)) => Some(i32::from(state)),
            Some(State::Invalid) | None => return Err(QueryError::invalid("invalid state value")),
        },
    };
    let owner = match filter.owner.as_str() {
        "" => None,
        owner => Some(
            auth::bytes_of(context.network, owner)
                .map_err(|refusal| QueryError::invalid(refusal.text().into_owned()))?,
        ),
    };
    let wanted = |stored: &Stored| {
        state.is_none_or(|state| stored.response.certificate.state == state)
            && owner.as_ref().is_none_or(|owner| *owner == stored.owner)
    };
    let (rows, next_key) = match &owner {
        // A serial number is looked at only together with an owner.
        Some(owner) if !filter.serial.is_empty() => {
            let serial = Serial::parse(&filter.serial).ok_or_else(|| QueryError::invalid("invalid serial number"))?;
            let found = find(&*context.kv, owner, &serial)?.filter(wanted);
            (found.into_iter().collect(), Vec::new())
        }
        Some(_) | None => {
            let (rows, page) = paginate(&*context.kv, &CERTIFICATES, &(), request.pagination.as_ref(), wanted)?;
            (rows, page.next_key)
        }
    };
    let pagination = Some(PageResponse { next_key, total: rows.len() as u64 });
    let certificates = rows.into_iter().map(|stored: Stored| stored.response).collect();
    Ok(QueryCertificatesResponse { certificates, pagination })
}
