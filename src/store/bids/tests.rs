//! Bidding on a state file in memory.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use super::decisions::{Declined, Holds, key};
use super::*;
use crate::domain::amount::{Coin, DecCoin};
use crate::domain::bid::capacity::Footprint;
use crate::domain::bid::{Event, Reason, State};
use crate::store::job_runs::RunId;
use crate::store::outbox::{Because, Stamp};
use crate::store::{Retention, Store};

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + seconds).unwrap()
}

fn stamp(seconds: i64) -> Stamp {
    Stamp { at: at(seconds), run: Some(RunId(7)) }
}

fn store() -> Store {
    Store::in_memory().unwrap()
}

fn bid(store: &Store, order: &str, state: State, seconds: i64) -> Result<BidNumber, Error> {
    let (price, deposit): (DecCoin, Coin) = ("0.5uve".parse().unwrap(), "500000uve".parse().unwrap());
    let new = NewBid {
        chain: "chain-1",
        order,
        provider: "ve1provider",
        state,
        back_end: "kubernetes",
        price: &price,
        deposit: &deposit,
        class: "cpu",
        decision: "{}",
        origin: Origin::Run,
    };
    store.write("bid", |change| rows::insert(change, &new, stamp(seconds)))
}

fn apply(store: &Store, id: BidNumber, event: Event, seconds: i64) -> Result<State, Error> {
    let because = Because { reason: "test", detail: Some("in words") };
    store.write("change", |change| rows::apply(change, id, event, stamp(seconds), Some(because)))
}

fn read(store: &Store, id: BidNumber) -> Bid {
    store.read("read", |snapshot| rows::by_id(snapshot, id)).unwrap().unwrap()
}

#[test]
fn an_order_has_one_bid_of_ours_for_ever() {
    let store = store();
    let id = bid(&store, "ve1tenant/1/1/1", State::Queued, 0).unwrap();
    assert!(matches!(bid(&store, "ve1tenant/1/1/1", State::Queued, 1), Err(Error::Taken { .. })));
    apply(&store, id, Event::Included, 5).unwrap();
    apply(&store, id, Event::Closed, 10).unwrap();
    assert!(matches!(bid(&store, "ve1tenant/1/1/1", State::Proposed, 20), Err(Error::Taken { .. })));
    let row = read(&store, id);
    assert_eq!(
        (row.state, row.won, row.settled_at, row.opened_at),
        (State::Closed, Some(false), Some(at(10)), Some(at(5)))
    );
    assert_eq!((row.reason.as_deref(), row.detail.as_deref()), (Some("test"), Some("in words")));
    let told = store.read("read", |snapshot| rows::transitions(snapshot, id)).unwrap();
    let told: Vec<_> = told.into_iter().map(|one| (one.from, one.to)).collect();
    let (queued, open) = (Some(State::Queued), Some(State::Open));
    assert_eq!(told, [(None, State::Queued), (queued, State::Open), (open, State::Closed)]);
    assert!(matches!(apply(&store, id, Event::Retried, 11), Err(Error::Bid { .. })));
    // The chain's word counts, whatever we thought; only a lease is no open bid again.
    assert_eq!(apply(&store, id, Event::Won, 12).unwrap(), State::Active);
    assert!(matches!(apply(&store, id, Event::Included, 13), Err(Error::Bid { .. })));
}

#[test]
fn what_is_so_already_is_not_written_again() {
    let store = store();
    let id = bid(&store, "ve1tenant/1/1/1", State::Queued, 0).unwrap();
    for seconds in 1..4 {
        assert_eq!(apply(&store, id, Event::Included, seconds).unwrap(), State::Open);
    }
    assert_eq!(store.read("read", |snapshot| rows::transitions(snapshot, id)).unwrap().len(), 2);
}

#[test]
fn an_attempt_after_a_refusal_is_another_intent() {
    let store = store();
    let id = bid(&store, "ve1tenant/1/1/1", State::Queued, 0).unwrap();
    assert_eq!(read(&store, id).intent_key(), "bid/chain-1/ve1tenant/1/1/1");
    apply(&store, id, Event::Refused, 1).unwrap();
    store.write("retry", |change| rows::retry_at(change, id, at(6))).unwrap();
    assert_eq!((read(&store, id).retry_at, read(&store, id).attempts), (Some(at(6)), 1));
    apply(&store, id, Event::Retried, 7).unwrap();
    let row = read(&store, id);
    assert_eq!(
        (row.intent_key().as_str(), row.retry_at, row.settled_at),
        ("bid/chain-1/ve1tenant/1/1/1/2", None, None)
    );
}

#[test]
fn a_run_reads_what_lives_and_finds_the_rest_by_order_or_intent() {
    let store = store();
    let place = ("chain-1", "ve1provider");
    for number in 1..=9 {
        let id = bid(&store, &format!("ve1tenant/{number}/1/1"), State::Queued, 0).unwrap();
        if number > 2 {
            apply(&store, id, Event::Lost, 1).unwrap();
        }
    }
    let (live, found, other, plan) = store
        .read("read", |snapshot| {
            let sql = "EXPLAIN QUERY PLAN SELECT id FROM bids
                       WHERE chain = 'a' AND provider = 'b' AND settled_at IS NULL ORDER BY id DESC";
            Ok::<_, crate::store::Error>((
                rows::live(snapshot, place)?,
                rows::of_intent(snapshot, place, "bid/chain-1/ve1tenant/7/1/1")?,
                rows::of_intent(snapshot, place, "bid/chain-1/ve1tenant/7/1/1/2")?,
                snapshot.rows(sql, [], |row| row.get::<_, String>(3))?,
            ))
        })
        .unwrap();
    assert_eq!(live.len(), 2);
    assert_eq!((found.unwrap().order.as_str(), other), ("ve1tenant/7/1/1", None));
    assert!(plan[0].contains("bids_live"), "{plan:?}");
}

#[test]
fn what_cannot_be_read_is_left_alone_after_the_third_time() {
    let store = store();
    let reason = Reason::Unseen { why: "away".into() };
    let known = || store.read("read", |snapshot| decisions::known(snapshot, key("chain-1", "a"))).unwrap();
    for (tries, holds) in [(1, Holds::Run), (2, Holds::Run), (3, Holds::Until(at(60)))] {
        let unseen = |change: &crate::store::Change<'_>| {
            decisions::unseen(change, (key("chain-1", "a"), "a"), &reason, (3, at(60)), stamp(tries))
        };
        store.write("unseen", unseen).unwrap();
        assert_eq!(known(), Some(holds), "{tries}");
    }
    let declined = Declined { key: key("chain-1", "a"), order: "a", reason: &reason, holds: Holds::Run };
    store.write("decline", |change| decisions::record(change, &[declined], stamp(9))).unwrap();
    assert_eq!(known(), Some(Holds::Run));
}

#[test]
fn rates_count_what_was_queued_whoever_queued_it() {
    let store = store();
    bid(&store, "ve1tenant/1/1/1", State::Queued, 0).unwrap();
    let proposal = bid(&store, "ve1tenant/2/1/1", State::Proposed, 0).unwrap();
    let since = |seconds: i64| store.read("count", |snapshot| rows::sent_since(snapshot, at(seconds))).unwrap();
    assert_eq!(since(-1), 1);
    apply(&store, proposal, Event::Approved, 30).unwrap();
    assert_eq!((since(-1), since(20), since(31)), (2, 1, 0));
    store.write("forget", |change| rows::forget_sends(change, at(10))).unwrap();
    assert_eq!(since(-1), 1);
}

#[test]
fn classes_have_their_own_rate_of_bids_that_win() {
    let store = store();
    for (place, event) in [Event::Won, Event::Lost, Event::Closed].into_iter().enumerate() {
        let id = bid(&store, &format!("ve1tenant/{}/1/1", place + 1), State::Queued, 0).unwrap();
        apply(&store, id, Event::Included, 1).unwrap();
        apply(&store, id, event, 2).unwrap();
    }
    bid(&store, "ve1tenant/9/1/1", State::Open, 0).unwrap();
    let rates = store.read("rates", |snapshot| rows::win_rates(snapshot, at(-1))).unwrap();
    let rate = crate::domain::bid::WinRate { won: 1, decided: 3 };
    assert_eq!(rates, BTreeMap::from([("cpu".to_owned(), rate)]));
    let counts = store.read("counts", rows::counts).unwrap();
    assert_eq!(counts, BTreeMap::from([("active", 1), ("closed", 1), ("lost", 1), ("open", 1)]));
}

#[test]
fn a_promise_counts_until_its_time() {
    let store = store();
    let one = bid(&store, "ve1tenant/1/1/1", State::Open, 0).unwrap();
    let two = bid(&store, "ve1tenant/2/1/1", State::Active, 0).unwrap();
    let print = Footprint { leased_ips: 3, ..Footprint::default() };
    store
        .write("hold", |change| {
            reservations::hold(change, one, "kubernetes", &print, Some(at(60)))?;
            reservations::hold(change, two, "slurm", &print, None)
        })
        .unwrap();
    let standing = |seconds: i64| {
        let rows = store.read("read", |snapshot| reservations::standing(snapshot, at(seconds))).unwrap();
        rows.into_iter().map(|row| (row.bid, row.state, row.back_end)).collect::<Vec<_>>()
    };
    let lease = (two, State::Active, "slurm".to_owned());
    assert_eq!(standing(59), [(one, State::Open, "kubernetes".to_owned()), lease.clone()]);
    assert_eq!(standing(60), std::slice::from_ref(&lease));
    store.write("extend", |change| reservations::extend(change, one, Some(at(120)))).unwrap();
    assert_eq!(standing(60).len(), 2);
    assert_eq!(store.write("forget", |change| reservations::forget(change, at(120))).unwrap(), 1);
    assert!(store.read("read", |snapshot| reservations::of(snapshot, one)).unwrap().is_none());
    store.write("free", |change| reservations::free(change, two)).unwrap();
    assert_eq!(standing(0), []);
}

#[test]
fn decisions_come_back_with_how_long_they_hold() {
    let store = store();
    let reason = Reason::NoBackEnd {};
    let orders = ["ve1tenant/1/1/1", "ve1tenant/2/1/1", "ve1tenant/3/1/1", "ve1tenant/4/1/1", "ve1tenant/5/1/1"];
    let holds = [
        Holds::ForEver,
        Holds::Digest(u64::MAX - 5),
        Holds::Until(at(9)),
        Holds::Run,
        Holds::UntilOn(at(9), u64::MAX - 6),
    ];
    let declined: Vec<Declined<'_>> = orders
        .into_iter()
        .zip(holds)
        .map(|(order, holds)| Declined { key: key("chain-1", order), order, reason: &reason, holds })
        .collect();
    store.write("record", |change| decisions::record(change, &declined, stamp(0))).unwrap();
    let known = || {
        let mut known = BTreeMap::new();
        let look = |key, holds| {
            known.insert(key, holds);
        };
        store.read("read", |snapshot| decisions::each_known(snapshot, look)).unwrap();
        known
    };
    let expected: BTreeMap<_, _> = orders.into_iter().map(|order| key("chain-1", order)).zip(holds).collect();
    assert_eq!(known(), expected);
    let first = key("chain-1", orders[0]);
    assert_ne!(first, key("chain-2", orders[0]));
    store.write("gone", |change| decisions::gone(change, [first], at(5))).unwrap();
    assert_eq!(known().len(), 4);
    let kept = store.read("read", |snapshot| decisions::of(snapshot, first)).unwrap().unwrap();
    assert_eq!((kept.code.as_str(), kept.reason.as_str()), ("insufficient_resources", r#"{"reason":"no_back_end"}"#));
    assert_eq!((kept.run, kept.gone_at), (Some(RunId(7)), Some(at(5))));
    store.write("record", |change| decisions::record(change, &declined[..1], stamp(6))).unwrap();
    assert_eq!(known().len(), 5, "an order that is listed again is known again");
    assert_eq!(store.read("c", decisions::counts).unwrap(), [("insufficient_resources".to_owned(), 5)]);
    store.write("forget", |change| decisions::forget(change, first)).unwrap();
    assert_eq!(known().len(), 4);
}

#[test]
fn declines_are_counted_by_reason_and_never_less() {
    let store = store();
    let short = |resource| Reason::Unpriced { resource };
    let (first, second) = (short(crate::domain::bid::Resource::Cpu), Reason::NoBackEnd {});
    let decline = |order: u32, reason: &Reason| {
        let order = format!("ve1tenant/{order}/1/1");
        let one = Declined { key: key("chain-1", &order), order: &order, reason, holds: Holds::Run };
        store.write("record", |change| decisions::record(change, std::slice::from_ref(&one), stamp(0))).unwrap();
        one.key
    };
    let totals = || -> Vec<(String, u64)> {
        let totals = store.read("totals", declines::totals).unwrap();
        totals.into_iter().map(|one| (format!("{}/{}", one.code, one.reason), one.count)).collect()
    };
    let of = |words: &[(&str, u64)]| -> Vec<(String, u64)> {
        words.iter().map(|(word, count)| ((*word).to_owned(), *count)).collect()
    };
    let keys: Vec<_> = (0..3).map(|order| decline(order, &first)).collect();
    assert_eq!(totals(), of(&[("no_price/unpriced", 3)]));
    // Each run decides it anew, for another resource even: it is declined for the same reason.
    decline(0, &first);
    decline(1, &short(crate::domain::bid::Resource::Gpu));
    assert_eq!(totals(), of(&[("no_price/unpriced", 3)]));
    decline(0, &second);
    let unseen = Reason::Unseen { why: "away".into() };
    for _ in 0..4 {
        let look = |change: &crate::store::Change<'_>| {
            decisions::unseen(change, (keys[2], "ve1tenant/2/1/1"), &unseen, (3, at(60)), stamp(0))
        };
        store.write("unseen", look).unwrap();
    }
    let all = of(&[("insufficient_resources/no_back_end", 1), ("no_price/unpriced", 3), ("unseen/unseen", 1)]);
    assert_eq!(totals(), all);
    // It gets a bid after all, is not listed any more, is pruned.
    store.write("forget", |change| decisions::forget(change, keys[0])).unwrap();
    store.write("gone", |change| decisions::gone(change, keys.clone(), at(5))).unwrap();
    let retention = Retention { decisions: Some(Duration::from_hours(1)), ..Retention::default() };
    store.prune(&retention, at(90_000), &|| false).unwrap();
    assert_eq!(store.read("c", decisions::counts).unwrap(), []);
    assert_eq!(totals(), all);
    decline(0, &second);
    assert_eq!(totals()[0].1, 2, "it comes back, and is declined again");
}

/// It may be in the next block: whether it is void, only the outbox knows.
#[test]
fn what_is_on_its_way_keeps_its_promise() {
    let store = store();
    let print = Footprint { leased_ips: 3, ..Footprint::default() };
    let ids: Vec<_> = [State::Queued, State::Open, State::Proposed]
        .into_iter()
        .map(|state| bid(&store, &format!("ve1tenant/{state}/1/1"), state, 0).unwrap())
        .collect();
    for id in &ids {
        store.write("hold", |change| reservations::hold(change, *id, "local", &print, Some(at(300)))).unwrap();
    }
    let standing = |seconds: i64| {
        let standing = store.read("standing", |snapshot| reservations::standing(snapshot, at(seconds))).unwrap();
        standing.into_iter().map(|one| one.bid).collect::<Vec<_>>()
    };
    assert_eq!((standing(299), standing(301)), (ids.clone(), vec![ids[0]]));
    store.write("forget", |change| reservations::forget(change, at(301))).unwrap();
    assert_eq!(standing(9_000), [ids[0]]);
    apply(&store, ids[0], Event::Refused, 9_000).unwrap();
    assert_eq!(standing(9_001), []);
}

#[test]
fn what_is_due_by_itself_is_due_once() {
    let store = store();
    let open = bid(&store, "ve1tenant/1/1/1", State::Queued, 0).unwrap();
    apply(&store, open, Event::Included, 10).unwrap();
    let refused = bid(&store, "ve1tenant/2/1/1", State::Queued, 0).unwrap();
    apply(&store, refused, Event::Refused, 10).unwrap();
    store.write("retry", |change| rows::retry_at(change, refused, at(25))).unwrap();
    let due = |after: i64, until: i64| {
        let place = ("chain-1", "ve1provider");
        let read = |snapshot: &crate::store::Snapshot<'_>| {
            rows::due(snapshot, place, (at(after), at(until)), Duration::from_secs(20))
        };
        let due = store.read("due", read).unwrap();
        (due.timeouts, due.retries.join(" "))
    };
    assert_eq!(due(0, 24), (false, String::new()));
    assert_eq!(due(24, 25), (false, "ve1tenant/2/1/1".to_owned()));
    assert_eq!(due(25, 30), (true, String::new()));
    assert_eq!(due(30, 900), (false, String::new()));
}

#[test]
fn a_closing_counts_once_and_for_an_hour() {
    let store = store();
    let bids: Vec<_> =
        (0..3).map(|order| bid(&store, &format!("ve1tenant/{order}/1/1"), State::Open, 0).unwrap()).collect();
    let note = |bid: usize, seconds: i64| {
        store.write("note", |change| closings::note(change, bids[bid], at(seconds))).unwrap();
    };
    let since = |seconds: i64| {
        let found = store.read("since", |snapshot| closings::since(snapshot, at(seconds))).unwrap();
        found.into_iter().collect::<Vec<_>>()
    };
    note(0, 10);
    note(1, 20);
    note(0, 30);
    assert_eq!((since(0), since(25), since(31)), (bids[..2].to_vec(), vec![bids[0]], vec![]));
    // A clock that goes back takes nothing away.
    note(1, 5);
    assert_eq!(since(20), bids[..2]);
    store.write("forget", |change| closings::forget(change, at(25))).unwrap();
    assert_eq!(since(0), [bids[0]]);
}

#[test]
fn one_pause_at_a_time() {
    let store = store();
    let pause = |reason: &str| pauses::Pause { at: at(0), reason: reason.to_owned(), user: Some("ops".to_owned()) };
    assert_eq!(store.read("read", pauses::current).unwrap(), None);
    assert!(store.write("pause", |change| pauses::begin(change, &pause("update"))).unwrap());
    assert!(!store.write("pause", |change| pauses::begin(change, &pause("longer update"))).unwrap());
    assert_eq!(store.read("read", pauses::current).unwrap().unwrap().reason, "longer update");
    assert!(store.write("resume", |change| pauses::end(change, at(9))).unwrap());
    assert!(!store.write("resume", |change| pauses::end(change, at(9))).unwrap());
    assert_eq!(store.read("read", pauses::current).unwrap(), None);
}

#[test]
fn pace_and_leases_come_back() {
    let store = store();
    let pace = pace::Pace { block: Duration::from_millis(5_001), height: 77, time: at(3) };
    store.write("set", |change| pace::set(change, "chain-1", pace)).unwrap();
    assert_eq!(store.read("read", |snapshot| pace::of(snapshot, "chain-1")).unwrap(), Some(pace));
    let lease = leases::Lease {
        id: "ve1tenant/1/1/1/ve1provider".to_owned(),
        chain: "chain-1".to_owned(),
        state: "active".to_owned(),
        price: "0.5uve".parse().unwrap(),
        back_end: Some("slurm".to_owned()),
        created_at: 12,
        closed_height: None,
        reason: None,
        first_seen: at(0),
        last_seen: at(0),
        withdrawn_at: None,
        funded_until: Some(at(500)),
        warned_at: None,
    };
    let see = |lease: &leases::Lease| store.write("see", |change| leases::see(change, lease)).unwrap();
    let seen = || store.read("read", |snapshot| leases::of(snapshot, &lease.id)).unwrap().unwrap();
    see(&lease);
    assert_eq!(seen(), lease);
    store.write("w", |change| leases::withdrawn(change, &lease.id, at(7))).unwrap();
    let reason = Some(("lease_closed_owner".to_owned(), "event".to_owned()));
    let ended = leases::Lease {
        state: "closed".to_owned(),
        closed_height: Some(99),
        reason,
        back_end: None,
        first_seen: at(8),
        last_seen: at(8),
        ..lease.clone()
    };
    see(&ended);
    let expected =
        leases::Lease { first_seen: at(0), back_end: lease.back_end.clone(), withdrawn_at: Some(at(7)), ..ended };
    assert_eq!(seen(), expected);
    assert_eq!(store.read("read", |snapshot| leases::running(snapshot, "chain-1")).unwrap(), []);
}

#[test]
fn what_is_over_and_old_goes() {
    let store = store();
    let over = bid(&store, "ve1tenant/1/1/1", State::Queued, 0).unwrap();
    apply(&store, over, Event::Closed, 1).unwrap();
    bid(&store, "ve1tenant/2/1/1", State::Open, 0).unwrap();
    let (order, reason) = ("ve1tenant/3/1/1", Reason::NoBackEnd {});
    let one = Declined { key: key("chain-1", order), order, reason: &reason, holds: Holds::ForEver };
    store.write("record", |change| decisions::record(change, std::slice::from_ref(&one), stamp(0))).unwrap();
    let day = Some(Duration::from_hours(24));
    let retention = Retention { bids: day, decisions: day, ..Retention::default() };
    let prune = |seconds: i64| {
        let pruned = store.prune(&retention, at(seconds), &|| false).unwrap();
        pruned.into_iter().map(|one| one.rows).sum::<u64>()
    };
    assert_eq!(prune(86_400), 0);
    assert_eq!(prune(86_402), 1, "an order that is still listed is not forgotten");
    store.write("gone", |change| decisions::gone(change, [one.key], at(2))).unwrap();
    assert_eq!((prune(86_402), prune(86_403)), (0, 1));
    assert_eq!(store.read("list", |snapshot| rows::list(snapshot, &rows::Filter::default())).unwrap().len(), 1);
}
