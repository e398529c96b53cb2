//! Following the chain: a run that stays, and reacts to each new block.
//!
//! New orders are read out of the results of each block and decided at once. A block that says something of our bids, or a
//! bid of ours whose time has come, is looked at with it. The whole book is read at the beginning and then once a minute,
//! so that nothing depends on having seen a block; while orders wait for room, more often. A node that announces its blocks is heard; besides,
//! it is asked for its height, so that one that does not is only a little later.

use std::time::{Duration, Instant};

use super::{BidRun, Error, NAME, Request, Scope, pass, reconcile, truth};
use crate::chain::client::{BlockHint, CallError, Client, Executed};
use crate::domain::fault::in_one_line;
use crate::domain::height::Height;
use crate::domain::id::OrderId;
use crate::jobs::{Circumstances, Run};
use crate::store::ShouldStop;
use crate::store::bids::{pauses, rows};

/// The whole book is read this often.
const WHOLE: Duration = Duration::from_mins(1);
/// The same while orders that could get a bid wait for a limit to let them through.
const WHILE_SOME_WAIT: Duration = Duration::from_secs(15);
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
    let mut some_wait = !all.passed.is_empty();
    let mut looked = (given.now)();
    let provider = truth::address(request)?;
    let place = (client.settings().chain_id.as_str(), provider.as_str());
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
        let wait = if some_wait { WHILE_SOME_WAIT } else { WHOLE };
        let scope = if missed || resumed || whole.elapsed() >= wait {
            Some(Scope::Book)
        } else {
            let until = (given.now)();
            let span = (looked, until);
            let due = given.store.read("read what of our bids is due", |snapshot| {
                rows::due(snapshot, place, span, request.limits.timeout)
            })?;
            looked = until;
            match news(client, height, now, place.1).await {
                Ok(news) => news.with(&due, client.network().address_prefix).scope(),
                // What was not seen is seen with the book.
                Err(error) => {
                    all.trouble(in_one_line(&error));
                    Some(Scope::Book)
                }
            }
        };
        if matches!(scope, Some(Scope::Book)) {
            (whole, looked) = (Instant::now(), (given.now)());
        }
        height = now;
        if let Some(scope) = scope {
            match Box::pin(pass(run, given, request, &scope)).await {
                Ok(one) => {
                    let is_whole = matches!(scope, Scope::Book);
                    some_wait = !one.passed.is_empty() || (some_wait && !is_whole);
                    all.add(one);
                }
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
    reconcile::refresh(given.store, &mut all)?;
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

/// What blocks say that concerns us.
#[derive(Debug, Default)]
struct News {
    /// New orders, and such as may be tried again.
    orders: Vec<OrderId>,
    /// Something became of a bid of ours, or is due.
    ours: bool,
}

impl News {
    /// With what is due by itself.
    fn with(mut self, due: &rows::Due, prefix: &str) -> Self {
        self.ours |= due.timeouts;
        self.orders.extend(due.retries.iter().filter_map(|order| OrderId::parse(order, prefix).ok()));
        self
    }

    /// What is to be looked at because of it.
    fn scope(self) -> Option<Scope> {
        (self.ours || !self.orders.is_empty()).then_some(Scope::Orders(self.orders))
    }
}

/// What the blocks after one height say, up to another.
async fn news(client: &Client, after: Height, to: Height, provider: &str) -> Result<News, CallError> {
    let network = client.network();
    let kind = |name: &str| format!("{}.market.v1.{name}", network.package_prefix);
    let made = kind("EventOrderCreated");
    let ends = ["EventLeaseCreated", "EventLeaseClosed", "EventBidClosed"].map(kind);
    let mut news = News::default();
    for height in after.0 + 1..=to.0 {
        let Some(executed) = client.block_results(Height(height)).await?.value else { continue };
        news.orders.extend(executed.iter().flat_map(|one| created(one, &made, network.address_prefix)));
        let of_ours = executed.iter().flat_map(|one| &one.events).filter(|event| ends.contains(&event.kind));
        let mut ids = of_ours.flat_map(|event| &event.attributes).filter(|attribute| attribute.key == "id");
        news.ours |= ids.any(|id| id.value.contains(provider));
    }
    Ok(news)
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
    fn what_is_due_is_looked_at() {
        let order = "ve17k2w5arzpf0305a6j85ggw6t90h9tvvfvkzrjw/28/1/2";
        assert!(News::default().with(&rows::Due::default(), "ve").scope().is_none());
        let due = rows::Due { timeouts: true, retries: Vec::new() };
        assert!(matches!(News::default().with(&due, "ve").scope(), Some(Scope::Orders(orders)) if orders.is_empty()));
        let due = rows::Due { timeouts: false, retries: vec![order.to_owned()] };
        let scope = News::default().with(&due, "ve").scope();
        assert!(matches!(scope, Some(Scope::Orders(orders)) if orders[0].to_string() == order));
    }

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
