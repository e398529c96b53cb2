//! One question, several endpoints: the first answer that can be used.

use std::borrow::Cow;

use prost::Message;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tonic::codegen::http::uri::PathAndQuery;

use super::Client;
use super::belief::Reading;
use super::error::{Attempt, CallError, Problem};
use super::grpc::{GrpcAnswer, GrpcCall};
use super::rpc::RpcAnswer;
use super::survey::Protocol;
use crate::chain::wire::Call;
use crate::domain::height::Height;
use crate::domain::network::Network;
use crate::domain::refusal::Refusal;

/// The most bytes of an answer: four thousand rows of a thousand bytes.
const MOST: usize = 8 << 20;

/// How a question is asked.
#[derive(Debug, Clone)]
pub(super) struct Question {
    /// What is asked for, as a noun: `order …`, for messages.
    pub(super) of: Cow<'static, str>,
    /// The state to ask; `None`: the newest.
    pub(super) at: Option<Height>,
    /// The most bytes of the answer.
    pub(super) most: usize,
    /// How the text of a refusal is read.
    pub(super) refusal: fn(&str) -> Refusal,
    /// What one endpoint refuses, another may take.
    pub(super) asks_on: bool,
}

impl Question {
    pub(super) fn of(of: impl Into<Cow<'static, str>>) -> Self {
        Self { of: of.into(), at: None, most: MOST, refusal: Refusal::of_status, asks_on: false }
    }

    pub(super) fn at(self, at: Option<Height>) -> Self {
        Self { at, ..self }
    }

    pub(super) fn at_most(self, most: usize) -> Self {
        Self { most, ..self }
    }

    pub(super) fn refused_by(self, refusal: fn(&str) -> Refusal) -> Self {
        Self { refusal, ..self }
    }

    pub(super) fn asking_on(self) -> Self {
        Self { asks_on: true, ..self }
    }
}

/// What one endpoint told.
pub(super) enum Told<T> {
    /// The answer, and of which height it is, where the endpoint says so.
    Found(T, Option<Height>),
    /// There is no such thing.
    Absent(Refusal),
    /// It will not do that.
    Refused(Refusal),
}

/// The answer, or that there is none to be had.
pub(super) enum Answered<T> {
    Found(T),
    Absent(Refusal),
}

/// The path of a method.
pub(super) fn path<C: Call>(network: &Network) -> Result<PathAndQuery, Problem> {
    PathAndQuery::try_from(C::path(network)).map_err(|error| Problem::Address(Problem::words(&error)))
}

impl Client {
    /// Calls a gRPC method of the network: the plain messages, for what has no query of its own here.
    pub async fn call<C: Call>(&self, request: &C) -> Result<Reading<C::Response>, CallError> {
        self.ask(Question::of(C::METHOD), request, Ok).await
    }

    /// Asks for something that must be there.
    pub(super) async fn ask<C: Call, T>(
        &self,
        question: Question,
        request: &C,
        read: impl Fn(C::Response) -> Result<T, Problem>,
    ) -> Result<Reading<T>, CallError> {
        let of = question.of.clone();
        must(self.asked(question, request, read).await?, of)
    }

    /// Asks for something that may not be there.
    pub(super) async fn find<C: Call, T>(
        &self,
        question: Question,
        request: &C,
        read: impl Fn(C::Response) -> Result<T, Problem>,
    ) -> Result<Reading<Option<T>>, CallError> {
        Ok(may(self.asked(question, request, read).await?))
    }

    async fn asked<C: Call, T>(
        &self,
        question: Question,
        request: &C,
        read: impl Fn(C::Response) -> Result<T, Problem>,
    ) -> Result<Reading<Answered<T>>, CallError> {
        let network = self.network();
        if !C::is_on(network) {
            return Err(CallError::NotOnNetwork { operation: question.of, network: network.word });
        }
        let nowhere = |problem| {
            let attempt = Attempt { endpoint: C::METHOD.into(), problem, asked: false };
            CallError::Unanswered { operation: question.of.clone(), attempts: vec![attempt] }
        };
        let path = path::<C>(network).map_err(nowhere)?;
        let call = GrpcCall { path, request: request.encode_to_vec().into(), at: question.at, most: question.most };
        let mut round = self.round(Protocol::Grpc, &question).await;
        while let Some(candidate) = round.next() {
            let Some(endpoint) = self.0.grpc.get(candidate.index) else { continue };
            let told = endpoint.call(call.clone(), self.0.settings.timeout).await.and_then(|answer| match answer {
                GrpcAnswer::Message(bytes, height) => {
                    let message = C::Response::decode(bytes);
                    let message = message.map_err(|error| Problem::Garbage(Problem::words(&error)))?;
                    Ok(Told::Found(read(message)?, height))
                }
                GrpcAnswer::Absent(words) => Ok(Told::Absent((question.refusal)(&words))),
                GrpcAnswer::Refused(words) => Ok(Told::Refused((question.refusal)(&words))),
            });
            if let Some(end) = round.heard(self, candidate, told).await {
                return end;
            }
        }
        round.end()
    }

    /// Asks for something by CometBFT's RPC that must be there; `read` also says of which height it is.
    pub(super) async fn ask_rpc<R: DeserializeOwned, T>(
        &self,
        question: Question,
        (method, parameters): (&'static str, Value),
        read: impl Fn(R) -> Result<(T, Option<Height>), Problem>,
    ) -> Result<Reading<T>, CallError> {
        let of = question.of.clone();
        must(self.asked_rpc(question, (method, parameters), read, |_| false).await?, of)
    }

    /// Asks for something by CometBFT's RPC that may not be there: `absent` knows a node's words for that.
    pub(super) async fn find_rpc<R: DeserializeOwned, T>(
        &self,
        question: Question,
        (method, parameters): (&'static str, Value),
        read: impl Fn(R) -> Result<(T, Option<Height>), Problem>,
        absent: impl Fn(&str) -> bool,
    ) -> Result<Reading<Option<T>>, CallError> {
        Ok(may(self.asked_rpc(question, (method, parameters), read, absent).await?))
    }

    async fn asked_rpc<R: DeserializeOwned, T>(
        &self,
        question: Question,
        (method, parameters): (&'static str, Value),
        read: impl Fn(R) -> Result<(T, Option<Height>), Problem>,
        absent: impl Fn(&str) -> bool,
    ) -> Result<Reading<Answered<T>>, CallError> {
        let (http, timeout) = (&self.0.http, self.0.settings.timeout);
        let mut round = self.round(Protocol::Rpc, &question).await;
        while let Some(candidate) = round.next() {
            let Some(endpoint) = self.0.rpc.get(candidate.index) else { continue };
            let answer = endpoint.call::<R>(http, method, &parameters, question.most, timeout).await;
            let told = answer.and_then(|answer| match answer {
                RpcAnswer::Result(result) => read(result).map(|(value, height)| Told::Found(value, height)),
                RpcAnswer::Refused(words) if absent(&words) => Ok(Told::Absent((question.refusal)(&words))),
                // The protocol has one error for everything: nothing follows from it, and another endpoint may know.
                RpcAnswer::Refused(words) => Err(super::rpc::trouble(&words)),
            });
            if let Some(end) = round.heard(self, candidate, told).await {
                return end;
            }
        }
        round.end()
    }
}

/// What must be there: its absence is an error.
fn must<T>(reading: Reading<Answered<T>>, of: Cow<'static, str>) -> Result<Reading<T>, CallError> {
    let told = reading.told_height();
    match reading.value {
        Answered::Found(value) => Ok(Reading::new(value, reading.source, of).told(told)),
        Answered::Absent(refusal) => {
            Err(CallError::Absent { operation: of, endpoint: reading.source.endpoint, refusal: refusal.into() })
        }
    }
}

/// What may not be there.
fn may<T>(reading: Reading<Answered<T>>) -> Reading<Option<T>> {
    reading.map(|answered| match answered {
        Answered::Found(value) => Some(value),
        Answered::Absent(_) => None,
    })
}
