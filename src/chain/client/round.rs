//! One question going round the endpoints, until one of them gives an answer that can be used.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::Arc;

use super::Client;
use super::belief::{Doubt, Reading, Source, Standing, lag};
use super::call::{Answered, Question, Told};
use super::error::{Attempt, CallError, Problem};
use super::survey::Protocol;
use crate::domain::height::Height;
use crate::domain::refusal::{Reason, Sdk};

/// An endpoint that may be asked.
#[derive(Debug)]
pub(super) struct Candidate {
    /// Its place among the endpoints of its protocol.
    pub(super) index: usize,
    address: Arc<str>,
    height: Height,
    doubt: Option<Doubt>,
    /// It was asked before, and the connection broke.
    again: bool,
    /// Its height was asked for within this round.
    fresh: bool,
}

const fn attempt(endpoint: Arc<str>, problem: Problem) -> Attempt {
    Attempt { endpoint, problem, asked: true }
}

/// The round: who is left, and what came of the others.
pub(super) struct Round<T> {
    of: Cow<'static, str>,
    at: Option<Height>,
    protocol: Protocol,
    asks_on: bool,
    left: VecDeque<Candidate>,
    attempts: Vec<Attempt>,
    /// Those that are not asked, and why.
    unusable: Vec<Attempt>,
    /// An answer of a node whose word is not enough: another may know better.
    doubted: Option<Reading<Answered<T>>>,
}

impl Client {
    /// Begins a round: the endpoints in step with the chain first, each kind as configured.
    pub(super) async fn round<T>(&self, protocol: Protocol, question: &Question) -> Round<T> {
        let surveyed = self.surveyed(protocol).await;
        let (mut believed, mut doubted, mut unusable) = (VecDeque::new(), VecDeque::new(), Vec::new());
        for (index, endpoint) in surveyed.of(protocol).iter().enumerate() {
            let address = endpoint.address.clone();
            match &endpoint.standing {
                Standing::Ours(status) => {
                    let (height, doubt) = (status.height, endpoint.doubt);
                    let candidate = Candidate { index, address, height, doubt, again: false, fresh: false };
                    if doubt.is_none() { believed.push_back(candidate) } else { doubted.push_back(candidate) }
                }
                Standing::Unusable(problem) => {
                    unusable.push(Attempt { endpoint: address, problem: problem.clone(), asked: false });
                }
            }
        }
        believed.append(&mut doubted);
        let (of, at, asks_on) = (question.of.clone(), question.at, question.asks_on);
        Round { of, at, protocol, asks_on, left: believed, attempts: Vec::new(), unusable, doubted: None }
    }
}

impl<T> Round<T> {
    /// Who is asked next.
    pub(super) fn next(&mut self) -> Option<Candidate> {
        self.left.pop_front()
    }

    /// What an endpoint told; the end of the round where that is one.
    pub(super) async fn heard(
        &mut self,
        client: &Client,
        candidate: Candidate,
        told: Result<Told<T>, Problem>,
    ) -> Option<Result<Reading<Answered<T>>, CallError>> {
        let (answered, height) = match told {
            Ok(Told::Found(value, height)) => (Answered::Found(value), height),
            Ok(Told::Absent(refusal)) => (Answered::Absent(refusal), None),
            Ok(Told::Refused(refusal)) if refusal.reason == Reason::Sdk(Sdk::InvalidHeight) => {
                // It does not have that state, not yet or not any more; another may.
                self.attempts.push(attempt(candidate.address, Problem::Busy(refusal.log)));
                return None;
            }
            Ok(Told::Refused(refusal)) if self.asks_on => {
                self.attempts.push(attempt(candidate.address, Problem::Refuses(refusal.into())));
                return None;
            }
            Ok(Told::Refused(refusal)) => {
                let (operation, endpoint) = (self.of.clone(), candidate.address);
                return Some(Err(CallError::Refused { operation, endpoint, refusal: refusal.into() }));
            }
            Err(Problem::Connection(_)) if !candidate.again => {
                // A connection that was open may have died since: once more, with a new one.
                self.left.push_front(Candidate { again: true, ..candidate });
                return None;
            }
            Err(problem) => {
                if matches!(problem, Problem::Connection(_) | Problem::Late(_)) {
                    client.demote(self.protocol, candidate.index, &problem).await;
                }
                self.attempts.push(attempt(candidate.address, problem));
                return None;
            }
        };
        // Where an answer does not tell its height, it is not older than what the endpoint told before.
        let told = self.at.or(height);
        let height = told.unwrap_or(candidate.height);
        client.heard(height);
        // What it told before may be long ago, and others have told of blocks since: it is asked where it is now, and then
        // once more, so that the answer is not older than its height.
        let is_behind = lag(height, client.best(), client.settings().max_lag).is_some();
        if told.is_none() && candidate.doubt.is_none() && is_behind && !candidate.fresh {
            let (height, doubt) = client.ask_again(self.protocol, candidate.index).await.unwrap_or((height, None));
            self.left.push_front(Candidate { height, doubt, fresh: true, ..candidate });
            return None;
        }
        let behind = || self.at.is_none().then(|| lag(height, client.best(), client.settings().max_lag)).flatten();
        let doubt = candidate.doubt.or_else(behind);
        let source = Source { endpoint: candidate.address, height, doubt };
        let reading = Reading::new(answered, source, self.of.clone()).told(told);
        if doubt.is_none() {
            return Some(Ok(reading));
        }
        self.doubted.get_or_insert(reading);
        None
    }

    /// Nobody is left.
    pub(super) fn end(self) -> Result<Reading<Answered<T>>, CallError> {
        let Self { of, attempts, unusable, doubted, .. } = self;
        doubted.ok_or_else(|| CallError::Unanswered {
            operation: of,
            attempts: attempts.into_iter().chain(unusable).collect(),
        })
    }
}
