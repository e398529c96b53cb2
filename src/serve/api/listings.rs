//! Lists, page by page.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::serve::{Access, Problem, Route, Shared};
use crate::store::listings::{self, Listing, Page};

/// The parameters of a request.
pub(super) type Parameters = Result<Query<Vec<(String, String)>>, QueryRejection>;

/// The rows of a page when nothing is asked for, and the most.
const USUAL: u32 = 100;
const MOST: u32 = 1000;

/// Every list: its path, what it is, and its listing.
pub(super) const LISTS: &[(&str, &str, &Listing)] = &[
    ("/api/v1/workloads", "Workloads.", &listings::WORKLOADS),
    ("/api/v1/orders", "Orders that got no bid, and why.", &listings::ORDERS),
    ("/api/v1/bids", "Our bids, the newest first.", &listings::BIDS),
    ("/api/v1/leases", "Our leases.", &listings::LEASES),
    ("/api/v1/usage", "Usage records, the newest first.", &listings::USAGE),
    ("/api/v1/earnings", "What was earned, as it was noticed, the newest first.", &listings::EARNINGS),
    ("/api/v1/alerts", "Alerts, the newest first.", &listings::ALERTS),
    ("/api/v1/jobs", "Runs of jobs, the newest first.", &listings::RUNS),
];

/// A page as it is sent.
#[derive(Serialize)]
pub(super) struct Sent {
    items: Vec<Map<String, Value>>,
    /// What `after` must be for the next page; null at the end.
    next: Option<String>,
}

impl From<Page> for Sent {
    fn from(page: Page) -> Self {
        Self { items: page.items, next: page.next }
    }
}

pub(super) fn routes() -> Vec<Route> {
    let route = |(path, about, listing): &(&'static str, &'static str, &'static Listing)| {
        let listing = *listing;
        let list =
            move |State(shared): State<Shared>, parameters: Parameters| list(shared, listing, parameters, Vec::new());
        Route::get(path, Access::Operators, about, list)
    };
    LISTS.iter().map(route).collect()
}

/// A page of a listing; `fixed` filters are the path's.
pub(super) async fn list(
    shared: Shared,
    listing: &'static Listing,
    parameters: Parameters,
    fixed: Vec<(String, String)>,
) -> Result<Json<Sent>, Problem> {
    let Query(parameters) = parameters.map_err(|_| Problem::bad_request("the parameters cannot be read"))?;
    let (mut limit, mut after, mut filters) = (USUAL, None, fixed);
    for (name, value) in parameters {
        match name.as_str() {
            "limit" => {
                let wanted = value.parse().ok().filter(|wanted| (1..=MOST).contains(wanted));
                limit = wanted.ok_or_else(|| Problem::bad_request(format!("limit is a number from 1 to {MOST}")))?;
            }
            "after" => after = Some(value),
            known if listing.filters.iter().any(|(filter, _)| *filter == known) => filters.push((name, value)),
            _ => {
                let known: Vec<&str> = listing.filters.iter().map(|(name, _)| *name).collect();
                return Err(Problem::bad_request(format!(
                    "no such parameter; there are limit, after, {}",
                    known.join(", ")
                )));
            }
        }
    }
    let read = move |snapshot: &crate::store::Snapshot<'_>| {
        listings::page(snapshot, listing, &filters, after.as_deref(), limit)
    };
    shared.state.read("read a page", read).await.map(|page| Json(page.into()))
}
