//! Listings, page by page: a whole book is never collected.
//!
//! [`Pages::next`] gives one page after the other and `None` after the last; [`Pages::finish`] then proves that it was
//! the last: [`Complete`]. Whatever else happens is [`Incomplete`], and what was not seen is unknown.
//!
//! - All pages are of one state: the height of the first page is asked for with each following one, so that a row
//!   that moves while the listing is read is neither missed nor seen twice, whichever endpoint answers.
//! - A page that fails for the moment is asked for again, a few times; one that is too large is asked for in parts.
//! - `pagination.total` is never looked at: on this chain it is the number of rows of the page.
//! - A row that cannot be read does not hide the others, but the listing is incomplete then.
//! - A node that gives the same key again, more rows than were asked for, or empty pages without end, is stopped.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use super::Client;
use super::belief::{Doubt, Reading};
use super::call::Question;
use super::error::{CallError, Problem};
use crate::chain::from_wire::Malformed;
use crate::chain::wire::Call;
use crate::chain::wire::cosmos::page::{PageRequest, PageResponse};
use crate::domain::fault::{Classified, Fault};
use crate::domain::height::Height;
use crate::domain::refusal::Log;

/// How many rows a page has at most.
const ROWS: u64 = 500;
/// The most bytes of a page; one that is larger is asked for with fewer rows.
const LARGEST: usize = 4 << 20;
/// The most bytes of a page of a single row.
const LARGEST_ROW: usize = 8 << 20;
/// How long a page is waited for before it is asked for again: as often as there are times here.
const WAITS: &[Duration] =
    &[Duration::from_millis(200), Duration::from_millis(400), Duration::from_millis(800), Duration::from_millis(1_600)];
/// How many empty pages may follow each other.
const EMPTY_PAGES: u32 = 100;

/// A method that lists.
pub trait Listing: Call + Clone {
    /// One row, as on the wire.
    type Row;

    /// The same question for another page.
    #[must_use]
    fn of_page(&self, page: PageRequest) -> Self;

    /// The rows of an answer, and what follows.
    fn rows(answer: Self::Response) -> (Vec<Self::Row>, Option<PageResponse>);
}

/// Declares which field of an answer the rows are in.
macro_rules! listings {
    ($($request:path => $field:ident: $row:ty;)+) => {
        $(impl Listing for $request {
            type Row = $row;

            fn of_page(&self, page: PageRequest) -> Self {
                let mut asked = self.clone();
                asked.pagination = Some(page);
                asked
            }

            fn rows(answer: Self::Response) -> (Vec<Self::Row>, Option<PageResponse>) {
                (answer.$field, answer.pagination)
            }
        })+
    };
}

mod listed {
    use super::{Listing, PageRequest, PageResponse};
    use crate::chain::wire::{cert, deployment, market, provider};

    listings! {
        market::QueryOrdersRequest => orders: market::Order;
        market::QueryBidsRequest => bids: market::QueryBidResponse;
        market::QueryLeasesRequest => leases: market::QueryLeaseResponse;
        deployment::QueryDeploymentsRequest => deployments: deployment::QueryDeploymentResponse;
        provider::QueryProvidersRequest => providers: provider::Provider;
        cert::QueryCertificatesRequest => certificates: cert::CertificateResponse;
    }
}

type Read<L, T> = dyn Fn(<L as Listing>::Row) -> Result<T, Malformed> + Send + Sync;

/// A listing that is being read.
pub struct Pages<L: Listing, T> {
    client: Client,
    of: Cow<'static, str>,
    request: L,
    read: Box<Read<L, T>>,
    /// Where the next page begins; empty for the first.
    key: Vec<u8>,
    rows_a_page: u64,
    /// The state that all pages are of, where answers tell theirs.
    snapshot: Option<Height>,
    height: Option<Height>,
    doubt: Option<(Arc<str>, Doubt)>,
    rows: u64,
    empty_in_a_row: u32,
    malformed: u64,
    first_malformed: Option<String>,
    ended: bool,
}

/// A page.
#[derive(Debug)]
pub struct Page<T> {
    /// The rows that could be read.
    pub rows: Vec<T>,
    /// Why the others could not.
    pub malformed: Vec<Malformed>,
}

/// The proof that a listing was read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complete {
    rows: u64,
    height: Height,
    of: Cow<'static, str>,
    doubt: Option<(Arc<str>, Doubt)>,
}

/// The proof that a listing was read to its end, from nodes in step with the chain: what is not in it was not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BelievedListing {
    rows: u64,
    height: Height,
}

/// A listing that was not read to its end: what was not seen is unknown.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{of} could not be read to the end; {rows} were seen, of the rest nothing is known")]
pub struct Incomplete {
    /// What was listed.
    pub of: Cow<'static, str>,
    /// How many rows were read.
    pub rows: u64,
    /// Why it ended.
    #[source]
    pub why: Why,
}

/// Why a listing ended too early.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Why {
    /// A page could not be had.
    #[error("the next page could not be had")]
    Page(#[source] CallError),
    /// Some rows could not be read.
    #[error("rows could not be read ({count}), the first because {first}")]
    Malformed {
        /// How many.
        count: u64,
        /// The first, and what was wrong with it.
        first: String,
    },
    /// It was not read further.
    #[error("it was not read further")]
    Unfinished,
}

impl Classified for Incomplete {
    fn fault(&self) -> Fault {
        match &self.why {
            Why::Page(error) => error.fault(),
            Why::Malformed { .. } | Why::Unfinished => Fault::Unavailable,
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match &self.why {
            Why::Page(error) => error.hint(),
            Why::Malformed { .. } | Why::Unfinished => None,
        }
    }
}

impl Complete {
    /// How many rows there were.
    pub const fn rows(&self) -> u64 {
        self.rows
    }

    /// The height of the state that was listed, or one before it.
    pub const fn height(&self) -> Height {
        self.height
    }

    /// The listing as one on which a decision may rest that cannot be taken back: what is not in it was not there.
    pub fn believed(self) -> Result<BelievedListing, CallError> {
        match self.doubt {
            None => Ok(BelievedListing { rows: self.rows, height: self.height }),
            Some((endpoint, doubt)) => Err(CallError::Unbelieved { operation: self.of, endpoint, doubt }),
        }
    }
}

impl BelievedListing {
    /// How many rows there were.
    pub const fn rows(&self) -> u64 {
        self.rows
    }

    /// The height of the state that was listed, or one before it.
    pub const fn height(&self) -> Height {
        self.height
    }
}

impl Client {
    /// A listing; nothing is asked before its first page is.
    pub(super) fn pages<L: Listing, T>(
        &self,
        of: impl Into<Cow<'static, str>>,
        request: L,
        read: impl Fn(L::Row) -> Result<T, Malformed> + Send + Sync + 'static,
    ) -> Pages<L, T> {
        Pages {
            client: self.clone(),
            of: of.into(),
            request,
            read: Box::new(read),
            key: Vec::new(),
            rows_a_page: ROWS,
            snapshot: None,
            height: None,
            doubt: None,
            rows: 0,
            empty_in_a_row: 0,
            malformed: 0,
            first_malformed: None,
            ended: false,
        }
    }
}

impl<L: Listing, T> Pages<L, T> {
    /// The same listing with at most so many rows a page.
    #[must_use]
    pub fn rows_a_page(self, rows: u64) -> Self {
        Self { rows_a_page: rows.max(1), ..self }
    }

    /// The next page; `None` after the last. After a failure the same page may be asked for once more.
    pub async fn next(&mut self) -> Result<Option<Page<T>>, Incomplete> {
        if self.ended {
            return Ok(None);
        }
        let reading = self.answer().await.map_err(|error| self.incomplete(Why::Page(error)))?;
        self.snapshot = self.snapshot.or(reading.told_height());
        self.height.get_or_insert(reading.height());
        if let Some(doubt) = reading.source.doubt {
            self.doubt.get_or_insert((reading.source.endpoint.clone(), doubt));
        }
        let (rows, follows) = reading.value;
        let next_key = follows.map(|page| page.next_key).unwrap_or_default();
        self.check(&rows, &next_key, &reading.source.endpoint).map_err(|why| self.incomplete(why))?;
        self.ended = next_key.is_empty();
        self.key = next_key;
        Ok(Some(self.read_rows(rows)))
    }

    /// Runs through the rest, one row at a time.
    pub async fn for_each(mut self, mut each: impl FnMut(T)) -> Result<Complete, Incomplete> {
        while let Some(page) = self.next().await? {
            page.rows.into_iter().for_each(&mut each);
        }
        self.finish()
    }

    /// Proves that the listing was read to its end.
    pub fn finish(self) -> Result<Complete, Incomplete> {
        if !self.ended {
            return Err(self.incomplete(Why::Unfinished));
        }
        if let Some(first) = &self.first_malformed {
            let why = Why::Malformed { count: self.malformed, first: first.clone() };
            return Err(self.incomplete(why));
        }
        Ok(Complete { rows: self.rows, height: self.height.unwrap_or_default(), of: self.of, doubt: self.doubt })
    }

    /// The page at the key, asked for until there is an answer or no hope.
    async fn answer(&mut self) -> Result<Reading<(Vec<L::Row>, Option<PageResponse>)>, CallError> {
        let mut waits = WAITS.iter();
        loop {
            let page = PageRequest { key: self.key.clone(), limit: self.rows_a_page, ..PageRequest::default() };
            let most = if self.rows_a_page == 1 { LARGEST_ROW } else { LARGEST };
            // A key is only worth something in the state that it was made of.
            let at = self.snapshot.filter(|_| !self.key.is_empty());
            let question = Question::of(self.of.clone()).at_most(most).at(at);
            let answer = self.client.ask(question, &self.request.of_page(page), |answer| Ok(L::rows(answer))).await;
            let Err(CallError::Unanswered { attempts, .. }) = &answer else { return answer };
            let too_large = attempts.iter().any(|attempt| matches!(attempt.problem, Problem::TooLarge { .. }));
            if too_large && self.rows_a_page > 1 {
                self.rows_a_page = (self.rows_a_page / 4).max(1);
                continue;
            }
            if !attempts.iter().any(|attempt| attempt.problem.is_for_the_moment()) {
                return answer;
            }
            let Some(wait) = waits.next() else { return answer };
            tokio::time::sleep(*wait).await;
        }
    }

    /// Stops a node that would be listened to without end.
    fn check(&mut self, rows: &[L::Row], next_key: &[u8], endpoint: &Arc<str>) -> Result<(), Why> {
        self.empty_in_a_row = if rows.is_empty() { self.empty_in_a_row.saturating_add(1) } else { 0 };
        let count = u64::try_from(rows.len()).unwrap_or(u64::MAX);
        let what = if count > self.rows_a_page {
            format!("{count} rows when asked for {}", self.rows_a_page)
        } else if !next_key.is_empty() && next_key == self.key {
            "the key of the same page again".to_owned()
        } else if self.empty_in_a_row > EMPTY_PAGES && !next_key.is_empty() {
            "empty pages without end".to_owned()
        } else {
            return Ok(());
        };
        let problem = Problem::Garbage(Log::of(what.as_bytes()));
        Err(Why::Page(CallError::unanswered(self.of.clone(), endpoint.clone(), problem)))
    }

    fn read_rows(&mut self, rows: Vec<L::Row>) -> Page<T> {
        let mut page = Page { rows: Vec::with_capacity(rows.len()), malformed: Vec::new() };
        for row in rows {
            match (self.read)(row) {
                Ok(row) => page.rows.push(row),
                Err(malformed) => page.malformed.push(malformed),
            }
        }
        if let Some(first) = page.malformed.first() {
            // What was wrong may quote what was sent.
            self.first_malformed.get_or_insert_with(|| Problem::words(first).to_string());
        }
        let count = |rows: usize| u64::try_from(rows).unwrap_or(u64::MAX);
        self.rows = self.rows.saturating_add(count(page.rows.len()));
        self.malformed = self.malformed.saturating_add(count(page.malformed.len()));
        page
    }

    fn incomplete(&self, why: Why) -> Incomplete {
        Incomplete { of: self.of.clone(), rows: self.rows, why }
    }
}
