//! The place of one order among those that would get a bid now.

use super::candidate::{Funded, win_rates};
use super::choose::{self, Judged};
use super::truth::{Moment, Truth};
use super::{BidRun, Error, Request, Scope, book};
use crate::domain::amount::Dec18;
use crate::domain::bid;

/// The place of an order among those that would get a bid now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Its place, the best being 1.
    pub rank: u64,
    /// How many there are, itself included.
    pub of: u64,
    /// What it is worth for what it takes of what is scarce.
    pub score: Dec18,
    /// It is not one of them: something refuses it, or a decision against it holds. It is the place that it would have.
    pub supposed: bool,
}

/// Ranks an order among the candidates of a run that would begin now. As many of the others are surveyed as that run would
/// survey, could it send all that it may; what is behind those has no better place.
pub(super) async fn among(
    truth: &Truth,
    moment: Moment<'_>,
    request: &Request<'_>,
    one: Funded,
    report: &mut BidRun,
) -> Result<Place, Error> {
    let mut read = BidRun::default();
    let book = book::look(truth, moment, request, &Scope::Book, None, &mut read).await?;
    let id = one.survivor.order.id.clone();
    let mut others = book.survivors;
    let before = others.len();
    others.retain(|other| other.order.id != id);
    let supposed = others.len() == before;
    others.truncate(choose::surveyed(choose::slots(truth, moment, request)?.left()));
    let judged = Judged::of(truth, request, others, &mut read).await;
    for trouble in read.troubles {
        report.trouble(trouble);
    }
    let rates = win_rates(moment, truth)?;
    let all = judged.funded.iter().chain([&one]);
    let candidates: Vec<bid::Candidate> = all.map(|funded| funded.candidate(truth, request, &rates)).collect();
    let ranked = bid::rank(&truth.ledger, &candidates);
    let declined = u64::try_from(judged.declined()).unwrap_or(u64::MAX);
    let of = book.passing.saturating_add(u64::from(supposed)).saturating_sub(declined);
    let ours = candidates.len().saturating_sub(1);
    let found = (1_u64..).zip(&ranked).find(|(_, ranked)| ranked.candidate == ours);
    let (rank, score) = found.map_or((of, Dec18::ZERO), |(rank, ranked)| (rank, ranked.score));
    Ok(Place { rank, of, score, supposed })
}
