//! Wanting a message on the chain.

use jiff::Timestamp;

use super::Error;
use crate::chain::wire::TxMessage;
use crate::domain::amount::Coin;
use crate::domain::network::Network;
use crate::domain::outbox::Guard;
use crate::domain::outbox::intent::State;
use crate::store::outbox::{Enqueued, IntentId, NewIntent, Stamp, intents};
use crate::store::{Change, Snapshot};

/// A message that a job wants on the chain, once.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a, M> {
    /// What it is for: `bid/ve1…/7/1/1`. The same key is the same intent, however often it is wanted.
    pub key: &'a str,
    /// The message.
    pub message: &'a M,
    /// What it sets aside, for the caps.
    pub deposit: Option<&'a Coin>,
    /// Signed later than this, it is worth nothing.
    pub not_after: Option<Timestamp>,
}

/// Writes down that a person wants a message now, for a purpose such as `provider/update`, which may be served more than
/// once. The same message that is not settled yet is the same wish: a command that was killed can be given again.
pub fn enqueue_anew<M: TxMessage>(
    change: &Change<'_>,
    (network, chain): (&Network, &str),
    purpose: &str,
    message: &M,
    stamp: Stamp,
) -> Result<IntentId, Error> {
    enqueue_next(change, (network, chain), &Wanted { key: purpose, message, deposit: None, not_after: None }, stamp)
}

/// The same with all that can be wanted; the key of `wanted` is the purpose.
pub fn enqueue_next<M: TxMessage>(
    change: &Change<'_>,
    (network, chain): (&Network, &str),
    wanted: &Wanted<'_, M>,
    stamp: Stamp,
) -> Result<IntentId, Error> {
    let purpose = wanted.key;
    if let Some((id, _)) = unsettled(change, (network, chain), purpose, wanted.message)? {
        return Ok(id);
    }
    let before = intents::newest_of(change, purpose)?;
    let number = before.and_then(|before| before.key.rsplit('#').next().and_then(|number| number.parse::<u64>().ok()));
    let key = format!("{purpose}#{}", number.unwrap_or(0).saturating_add(1));
    let Wanted { message, deposit, not_after, .. } = *wanted;
    enqueue(change, (network, chain), &Wanted { key: &key, message, deposit, not_after }, stamp)
}

/// The same for a message that is signed and handed out only while something is so, and only until a time where there is
/// one.
pub fn enqueue_guarded<M: TxMessage>(
    change: &Change<'_>,
    place: (&Network, &str),
    (purpose, guard, not_after): (&str, Guard, Option<Timestamp>),
    message: &M,
    stamp: Stamp,
) -> Result<IntentId, Error> {
    let id = enqueue_next(change, place, &Wanted { key: purpose, message, deposit: None, not_after }, stamp)?;
    intents::guard_with(change, id, guard)?;
    Ok(id)
}

/// The same for a message that replaces something as a whole, and rests on a `base`: the digest of what is there. It is not
/// sent where the chain says something else by then.
pub fn enqueue_based_on<M: TxMessage>(
    change: &Change<'_>,
    place: (&Network, &str),
    (purpose, base): (&str, &[u8; 32]),
    message: &M,
    stamp: Stamp,
) -> Result<IntentId, Error> {
    let id = enqueue_anew(change, place, purpose, message, stamp)?;
    intents::rest_on(change, id, Some(base))?;
    Ok(id)
}

/// The same wish, if there is one that is not settled yet; [`Error::Unsettled`] where there is another one for the same
/// purpose.
pub fn unsettled<M: TxMessage>(
    snapshot: &Snapshot<'_>,
    (network, chain): (&Network, &str),
    purpose: &str,
    message: &M,
) -> Result<Option<(IntentId, State)>, Error> {
    let before = intents::newest_of(snapshot, purpose)?;
    let Some(before) = before.filter(|before| !before.state.is_settled()) else { return Ok(None) };
    let any = message.pack(network);
    if before.chain == chain && before.type_url == any.type_url && before.message == any.value {
        Ok(Some((before.id, before.state)))
    } else {
        Err(Error::Unsettled { purpose: purpose.to_owned(), id: before.id, state: before.state })
    }
}

/// Writes down that a message is wanted, in the transaction of the business row that wants it. [`super::flush`] does the
/// rest; what became of it says [`intents::by_key`].
pub fn enqueue<M: TxMessage>(
    change: &Change<'_>,
    (network, chain): (&Network, &str),
    wanted: &Wanted<'_, M>,
    stamp: Stamp,
) -> Result<IntentId, Error> {
    let any = wanted.message.pack(network);
    let new = NewIntent {
        key: wanted.key,
        chain,
        signer: wanted.message.signer(),
        type_url: &any.type_url,
        message: &any.value,
        deposit: wanted.deposit,
        not_after: wanted.not_after,
    };
    match intents::enqueue(change, new, stamp)? {
        Enqueued::New(id) | Enqueued::Known(id, _) => Ok(id),
        Enqueued::Differs(id) => Err(Error::KeyTaken { key: wanted.key.to_owned(), id }),
    }
}
