//! Following the chain: a run that stays, and reacts to each new block.
//!
//! New orders are read out of the results of each block and decided at once; the whole book is read at the beginning and
//! then once a minute, so that nothing depends on having seen a block. A node that announces its blocks is heard; besides,
//! it is asked for its height, so that one that does not is only a little later.

use std::time::{Duration, Instant};

use super::{BidRun, Error, NAME, Request, Scope, pass};
use crate::chain::client::{BlockHint, CallError, Client, Executed};
use crate::domain::fault::in_one_line;
use crate::domain::height::Height;
use crate::domain::id::OrderId;
use crate::jobs::{Circumstances, Run};
use crate::store::ShouldStop;
use crate::store::bids::pauses;

/// The whole book is read this often.
const WHOLE: Duration = Duration::from_mins(1);
/// How often a node is asked for its height that announces nothing.
const LOOK: Duration = Duration::from_millis(500);
/// So many blocks are looked through at most; after a longer silence the book is read.
const MOST_BLOCKS: u64 = 20;

/// Runs the job until the time is over, it is told to stop, or what it was begun with has `changed`: that is asked between
/// two looks, several times a second.
pub async fn follow(
    given: Circumstances<'_>,
    request: &Request<'_>,
    span: Duration,
    changed: ShouldStop<'_>,
) -> Result<BidRun, Error> {
    let run = Run::begin(&NAME, given)?;
    let result = Box::pin(follow_in(&run, given, request, span, changed)).await;
    run.conclude(result)
}

async fn follow_in(
    run: &Run<'_>,
    given: Circumstances<'_>,
    request: &Request<'_>,
    span: Duration,
    changed: ShouldStop<'_>,
) -> Result<BidRun, Error> {
    let begun = Instant::now();
    let ends = || (given.should_stop)() || changed();
    let client = request.sending.client;
    let hint = client.block_hint();
    let mut height = head(client).await?;
    let mut all = Box::pin(pass(run, given, request, &Scope::Book)).await?;
    let mut whole = Instant::now();
    let is_paused =
        || given.store.read("read whether we pause", pauses::in_force).map(|pause| pause.map(|pause| pause.reason));
    while begun.elapsed() < span && !ends() {
        let now = match next(client, &hint, height, (begun + span, &ends)).await {
            Ok(Some(now)) => now,
            Ok(None) => break,
            Err(error) => {
                all.trouble(in_one_line(&error));
                tokio::time::sleep(Duration::from_secs(1)).await;
                continue;
            }
        };
        let missed = now.blocks_since(height) > MOST_BLOCKS;
        // What was made during a pause is looked at when it ends.
        let resumed = all.paused.is_some() && is_paused()?.is_none();
        let scope = if missed || resumed || whole.elapsed() >= WHOLE {
            whole = Instant::now();
            Some(Scope::Book)
        } else {
            match new_orders(client, height, now).await {
                Ok(orders) if orders.is_empty() => None,
                Ok(orders) => Some(Scope::Orders(orders)),
                // What was not seen is seen with the book.
                Err(error) => {
                    all.trouble(in_one_line(&error));
                    whole = Instant::now();
                    Some(Scope::Book)
                }
            }
        };
        height = now;
        if let Some(scope) = scope {
            match Box::pin(pass(run, given, request, &scope)).await {
                Ok(one) => all.add(one),
                // The chain may be back with the next block; the state file will not.
                Err(error @ (Error::Chain { .. } | Error::Listing { .. } | Error::Behind { .. })) => {
                    all.trouble(in_one_line(&error));
                }
                Err(error) => return Err(error),
            }
        }
    }
    all.paused = is_paused()?;
    all.interrupted = false;
    Ok(all)
}

async fn head(client: &Client) -> Result<Height, Error> {
    Ok(client.head().await.map_err(Error::chain("where the chain stands"))?.value.height)
}

/// The height of the next block, as soon as a node tells of it; `None`: it is time to stop.
async fn next(
    client: &Client,
    hint: &BlockHint,
    height: Height,
    (end, should_stop): (Instant, ShouldStop<'_>),
) -> Result<Option<Height>, CallError> {
    loop {
        if Instant::now() >= end || should_stop() {
            return Ok(None);
        }
        let found = client.head().await?.value.height;
        if found > height {
            return Ok(Some(found));
        }
        // Woken early; late at most by a look, also to see whether to stop.
        tokio::select! {
            () = hint.heard() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// The orders that were made in the blocks after one height, up to another.
async fn new_orders(client: &Client, after: Height, to: Height) -> Result<Vec<OrderId>, CallError> {
    let network = client.network();
    let kind = format!("{}.market.v1.EventOrderCreated", network.package_prefix);
    let mut orders = Vec::new();
    for height in after.0 + 1..=to.0 {
        let Some(executed) = client.block_results(Height(height)).await?.value else { continue };
        orders.extend(executed.iter().flat_map(|one| created(one, &kind, network.address_prefix)));
    }
    Ok(orders)
}

/// The orders that a transaction made: typed events carry their ids as JSON.
fn created<'e>(executed: &'e Executed, kind: &'e str, prefix: &'e str) -> impl Iterator<Item = OrderId> + 'e {
    let events = executed.events.iter().filter(move |event| event.kind == kind);
    let ids = events.flat_map(|event| &event.attributes).filter(|attribute| attribute.key == "id");
    ids.filter_map(move |attribute| order_id(&attribute.value, prefix))
}

/// `{"owner":"ve1…","dseq":"7","gseq":1,"oseq":1}`; numbers of 64 bits are texts.
fn order_id(json: &str, prefix: &str) -> Option<OrderId> {
    let id: serde_json::Value = serde_json::from_str(json).ok()?;
    let number = |name: &str| match id.get(name)? {
        serde_json::Value::String(text) => text.parse::<u64>().ok(),
        number => number.as_u64(),
    };
    let short = |name: &str| number(name).and_then(|number| u32::try_from(number).ok());
    let owner = crate::domain::address::Address::parse(id.get("owner")?.as_str()?, prefix).ok()?;
    OrderId::of(owner, number("dseq")?, short("gseq")?, short("oseq")?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_events_are_read() {
        let owner = "ve17k2w5arzpf0305a6j85ggw6t90h9tvvfvkzrjw";
        let json = format!(r#"{{"owner":"{owner}","dseq":"28","gseq":1,"oseq":2}}"#);
        assert_eq!(order_id(&json, "ve").unwrap().to_string(), format!("{owner}/28/1/2"));
        for text in ["", "{}", "[]", r#"{"owner":"x","dseq":"1","gseq":1,"oseq":1}"#, &json.replace("28", "x")] {
            assert_eq!(order_id(text, "ve"), None, "{text}");
        }
    }
}
