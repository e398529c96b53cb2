//! A message that is wanted once, and again only where the chain did not execute it.

use jiff::Timestamp;

use super::{Error, Request};
use crate::chain::wire::TxMessage;
use crate::domain::network::Network;
use crate::domain::outbox::intent::State;
use crate::jobs::tx_flush::{Wanted, enqueue_next};
use crate::store::Change;
use crate::store::outbox::{IntentId, Stamp, intents};

/// The network and the chain that a request is for.
pub(super) fn chain<'a>(request: &Request<'a>) -> (&'static Network, &'a str) {
    let client = request.sending.client;
    (client.network(), &client.settings().chain_id)
}

/// Puts a message into the outbox; `None` where one of its purpose is on its way, or this one was executed already. One that
/// was refused, or came too late, is asked anew: what made that so may be over.
pub(super) fn ask<M: TxMessage>(
    change: &Change<'_>,
    request: &Request<'_>,
    (purpose, message): (&str, &M),
    not_after: Option<Timestamp>,
    stamp: Stamp,
) -> Result<Option<IntentId>, Error> {
    let place = chain(request);
    if let Some(before) = intents::newest_of(change, purpose)? {
        let executed = before.state == State::Done && before.message == message.pack(place.0).value;
        if executed || !before.state.is_settled() {
            return Ok(None);
        }
    }
    let wanted = Wanted { key: purpose, message, deposit: None, not_after };
    Ok(Some(enqueue_next(change, place, &wanted, stamp)?))
}
