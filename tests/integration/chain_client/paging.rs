//! Listings, page by page: complete, or known to be not.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::fake::Fake;
use super::world::client_of;
use crate::devnet::client::start;
use prost::Message;
use prost::bytes::Bytes;
use provider::chain::client::{Client, Incomplete, OrderFilter, Why};
use provider::chain::wire::base::{Attribute, PlacementRequirements};
use provider::chain::wire::cosmos::page::PageResponse;
use provider::chain::wire::deployment::GroupSpec;
use provider::chain::wire::market::{Order, OrderId, QueryOrdersRequest, QueryOrdersResponse};
use provider::devnet::fault::{Fault, Rule};
use provider::devnet::seed;
use provider::domain::fault::{Classified, Fault as Kind};
use provider::domain::network::Name;
use provider::domain::order::OrderState;
use tempfile::tempdir;
use tonic::Status;

fn open() -> OrderFilter {
    OrderFilter { state: Some(OrderState::Open), ..OrderFilter::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_is_of_one_state_whatever_happens_meanwhile() {
    for name in [Name::Virtengine, Name::Akash] {
        let home = tempdir().unwrap();
        let server = start(home.path(), name, &[]).await;
        let group = [seed::usual_group(name.facts())];
        seed::orders(&server.node, 730, &group).unwrap();
        let client = client_of(&[&server]);
        let mut pages = client.orders(&open()).rows_a_page(100);
        let (mut seen, mut of_a_page) = (BTreeSet::new(), Vec::new());
        while let Some(page) = pages.next().await.unwrap() {
            of_a_page.push(page.rows.len());
            assert!(page.malformed.is_empty());
            assert!(page.rows.iter().all(|order| order.price().unwrap().is_some()));
            seen.extend(page.rows.into_iter().map(|order| order.id));
            seed::orders(&server.node, 10, &group).unwrap();
        }
        let complete = pages.finish().unwrap();
        assert_eq!(of_a_page, [100, 100, 100, 100, 100, 100, 100, 30]);
        assert_eq!((complete.rows(), seen.len()), (730, 730));
        complete.believed().unwrap();
        let all = client.orders(&open()).for_each(|_| {}).await.unwrap();
        assert_eq!(all.rows(), 810);
        server.stop().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_fails_for_the_moment_is_asked_for_again() {
    let home = tempdir().unwrap();
    let server = start(home.path(), Name::Virtengine, &[]).await;
    seed::orders(&server.node, 250, &[seed::usual_group(Name::Virtengine.facts())]).unwrap();
    let client = client_of(&[&server]);
    let faults = server.node.faults();
    let unavailable = Fault::Status { code: 14, message: "in a moment".to_owned() };
    for fault in [Fault::Drop, Fault::Half, unavailable.clone()] {
        faults.set(Rule { from: 2, times: Some(2), ..Rule::of(fault.clone(), Some("Orders")) });
        let mut seen = BTreeSet::new();
        let complete = client.orders(&open()).rows_a_page(100).for_each(|order| assert!(seen.insert(order.id))).await;
        assert_eq!((complete.unwrap().rows(), seen.len()), (250, 250), "{fault:?}");
        faults.clear();
    }
    // For good it is unknown how it goes on.
    faults.set(Rule { from: 2, ..Rule::of(unavailable, Some("Orders")) });
    let mut seen = 0;
    let incomplete = client.orders(&open()).rows_a_page(100).for_each(|_| seen += 1).await.unwrap_err();
    assert_eq!((seen, incomplete.rows, incomplete.fault()), (100, 100, Kind::Unavailable));
    assert_eq!(
        incomplete.to_string(),
        "the list of orders could not be read to the end; 100 were seen, of the rest nothing is known"
    );
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_that_is_not_read_to_its_end_proves_nothing() {
    let home = tempdir().unwrap();
    let server = start(home.path(), Name::Akash, &[]).await;
    seed::orders(&server.node, 20, &[seed::usual_group(Name::Akash.facts())]).unwrap();
    let client = client_of(&[&server]);
    let mut pages = client.orders(&open()).rows_a_page(15);
    assert_eq!(pages.next().await.unwrap().unwrap().rows.len(), 15);
    let incomplete = pages.finish().unwrap_err();
    assert!(matches!(incomplete, Incomplete { rows: 15, why: Why::Unfinished, .. }));
    let nothing = client.orders(&open());
    assert!(matches!(nothing.finish().unwrap_err().why, Why::Unfinished));
    // Complete, but of a node that is behind: nobody's absence follows.
    server.node.advance(20, jiff::SignedDuration::from_secs(1)).unwrap();
    client.head().await.unwrap();
    server.node.faults().set(Rule::of(Fault::Stale { blocks: 10 }, Some("Orders")));
    let complete = client.orders(&open()).for_each(|_| {}).await.unwrap();
    assert_eq!(complete.rows(), 20);
    assert_eq!(complete.believed().unwrap_err().fault(), Kind::Unavailable);
    server.stop().await.unwrap();
}

fn order(dseq: u64, filling: usize) -> Order {
    let owner = "ve17k2w5arzpf0305a6j85ggw6t90h9tvvfvkzrjw".to_owned();
    let attributes = vec![Attribute { key: "a".repeat(filling), value: String::new() }];
    let requirements = PlacementRequirements { attributes, ..PlacementRequirements::default() };
    let spec = GroupSpec { requirements, ..GroupSpec::default() };
    Order { id: OrderId { owner, dseq, gseq: 1, oseq: 1 }, state: 1, spec, ..Order::default() }
}

/// A node that lists orders so: of the limit and the key that it is asked with.
async fn listing(page: impl Fn(u64, &[u8]) -> (Vec<Order>, Vec<u8>) + Send + Sync + 'static) -> Fake {
    Fake::grpc(move |_, request: Bytes| {
        let asked = QueryOrdersRequest::decode(request).unwrap().pagination.unwrap();
        assert!(!asked.count_total && asked.offset == 0);
        let (orders, next_key) = page(asked.limit, &asked.key);
        // The total is the page's, as the real nodes say it.
        let pagination = Some(PageResponse { next_key, total: orders.len() as u64 });
        Ok(QueryOrdersResponse { orders, pagination }.encode_to_vec().into())
    })
    .await
}

async fn read(client: &Client) -> Result<u64, Incomplete> {
    Ok(client.orders(&open()).for_each(|_| {}).await?.rows())
}

fn key_of(number: u64) -> Vec<u8> {
    if number == 0 { Vec::new() } else { number.to_be_bytes().to_vec() }
}

fn number_of(key: &[u8]) -> u64 {
    if key.is_empty() { 0 } else { u64::from_be_bytes(key.try_into().unwrap()) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_lists_without_end_is_stopped() {
    let same_key = listing(|_, _| (vec![order(1, 1)], vec![7])).await;
    let error = read(&same_key.client()).await.unwrap_err();
    assert!(format!("{:?}", error.why).contains("the key of the same page again"), "{error:?}");
    let too_many = listing(|limit, _| ((0..=limit).map(|number| order(number + 1, 1)).collect(), Vec::new())).await;
    let error = read(&too_many.client()).await.unwrap_err();
    assert!(format!("{:?}", error.why).contains("501 rows when asked for 500"), "{error:?}");
    let empty = listing(|_, key| (Vec::new(), key_of(number_of(key) + 1))).await;
    let error = read(&empty.client()).await.unwrap_err();
    assert!(format!("{:?}", error.why).contains("empty pages without end"), "{error:?}");
    // Some empty pages are nothing.
    let sparse = listing(|_, key| {
        let number = number_of(key);
        let rows = if number.is_multiple_of(50) { vec![order(number + 1, 1)] } else { Vec::new() };
        (rows, key_of(if number == 120 { 0 } else { number + 1 }))
    })
    .await;
    assert_eq!(read(&sparse.client()).await.unwrap(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_are_too_large_are_asked_for_in_parts() {
    // 40 rows of half a MiB each.
    let large = listing(|limit, key| {
        let from = number_of(key);
        let rows: Vec<_> = (from..40.min(from + limit)).map(|number| order(number + 1, 512 << 10)).collect();
        let next = from + rows.len() as u64;
        (rows, key_of(if next == 40 { 0 } else { next }))
    })
    .await;
    assert_eq!(read(&large.client()).await.unwrap(), 40);
    let monstrous = listing(|_, _| (vec![order(1, 9 << 20)], Vec::new())).await;
    let error = read(&monstrous.client()).await.unwrap_err();
    assert!(format!("{:?}", error.why).contains("TooLarge"), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_cannot_be_read_hides_no_other_but_is_told() {
    let odd = listing(|_, _| {
        let mut broken = order(2, 1);
        broken.id.owner = "nobody".to_owned();
        (vec![order(1, 1), broken, order(3, 1)], Vec::new())
    })
    .await;
    let mut seen = Vec::new();
    let error = odd.client().orders(&open()).for_each(|order| seen.push(order.id.dseq())).await.unwrap_err();
    assert_eq!((seen, error.fault()), (vec![1, 3], Kind::Unavailable));
    let words = error.why.to_string();
    let begin =
        "rows could not be read (1), the first because the chain sent an Order with a malformed id: the address";
    assert!(words.starts_with(begin), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_page_is_not_asked_for_again() {
    let calls = Arc::new(AtomicU64::new(0));
    let counted = calls.clone();
    let refusing = Fake::grpc(move |_, _| {
        counted.fetch_add(1, Ordering::Relaxed);
        Err(Status::invalid_argument("invalid state value"))
    })
    .await;
    let error = read(&refusing.client()).await.unwrap_err();
    assert_eq!((error.fault(), calls.load(Ordering::Relaxed)), (Kind::Invalid, 1));
}
