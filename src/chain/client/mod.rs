//! A client of the chain: every question a provider asks, answered by the first of several endpoints that can.
//!
//! # What it promises
//! - **Lazy**: [`Client::new`] does no I/O; an endpoint is connected to when it is first needed.
//! - **Bounded**: each call to each endpoint has a deadline, each answer a largest size, each free text a length.
//! - **Present, absent, unknown**: a query for one thing gives `Some`, `None` or an error, and `None` only when a node
//!   of our chain said so. Whatever else happens is [`CallError`], and means that nothing is known.
//! - **Failover**: endpoints are tried in the configured order, those in step with the chain first; one of another
//!   chain is never asked for anything.
//! - **Belief**: each answer comes as a [`Reading`] that knows whose it is. A decision that cannot be taken back needs
//!   [`Reading::believed`], which only a node in step with the chain can give ([`belief`]).
//! - **Streams**: listings come page by page, end as complete or incomplete, and are never collected here.
//! - **Hints**: a websocket may tell that there is a new block ([`BlockHint`]); nothing depends on it.
//!
//! # What it does not do
//! It signs nothing, keeps nothing between runs, and retries nothing beyond its list of endpoints: the timer is the
//! retry.

pub mod belief;
mod call;
mod error;
mod grpc;
mod hint;
mod page;
mod query;
mod round;
mod rpc;
mod settings;
mod survey;

pub use crate::chain::from_wire::Malformed;
pub use belief::{Believed, Doubt, NodeStatus, Reading, Source, Standing};
pub use error::{Attempt, CallError, Problem};
pub use hint::BlockHint;
pub use page::{BelievedListing, Complete, Incomplete, Listing, Page, Pages, Why};
pub use query::account::Account;
pub use query::block::Block;
pub use query::deployment::DeploymentFilter;
pub use query::head::Head;
pub use query::market::{BidFilter, LeaseFilter, OrderFilter};
pub use query::settlement::UsageFilter;
pub use query::transaction::{Admission, Attribute, Event, Executed, Gas, Included};
pub use settings::Settings;
pub use survey::{Endpoint, Protocol};

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use grpc::GrpcEndpoint;
use rpc::{Http, RpcEndpoint};
use survey::Surveyed;

use crate::domain::height::Height;
use crate::domain::network::Network;

/// The most bytes of an answer that cannot be asked for in parts: a block, all that came of it, an order's usage.
const LARGEST_ANSWER: usize = 32 << 20;

/// A client of the chain. Cheap to clone; all clones share connections and what is known of the endpoints.
#[derive(Debug, Clone)]
pub struct Client(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    settings: Settings,
    grpc: Vec<GrpcEndpoint>,
    rpc: Vec<RpcEndpoint>,
    http: Http,
    survey: tokio::sync::Mutex<Option<Arc<Surveyed>>>,
    /// The best height that any endpoint of our chain has told.
    best: AtomicU64,
}

impl Client {
    /// A client with these settings. Nothing is asked yet.
    pub fn new(settings: Settings) -> Self {
        let grpc = settings.grpc.iter().map(|address| GrpcEndpoint::new(address)).collect();
        let rpc = settings.rpc.iter().map(|address| RpcEndpoint::new(address)).collect();
        let (http, survey, best) = (Http::default(), tokio::sync::Mutex::default(), AtomicU64::new(0));
        Self(Arc::new(Inner { settings, grpc, rpc, http, survey, best }))
    }

    /// What it was told.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// The network's facts.
    pub fn network(&self) -> &'static Network {
        self.0.settings.network
    }

    /// The prefix of this network's addresses.
    fn prefix(&self) -> &'static str {
        self.network().address_prefix
    }

    /// The best height that any endpoint of our chain has told.
    fn best(&self) -> Height {
        Height(self.0.best.load(Ordering::Relaxed))
    }

    fn heard(&self, height: Height) {
        self.0.best.fetch_max(height.0, Ordering::Relaxed);
    }
}
