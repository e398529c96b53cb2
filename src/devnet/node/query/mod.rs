//! Every gRPC method that the node answers, by its path: through gRPC itself, and through `abci_query`.
//!
//! Most are queries of the rules; a few are the node's own.

mod comet;
mod own;
mod rules;
mod tx;

pub use tx::{broadcast, simulate};

use super::Node;
use crate::chain::wire::{Call, CallType, calls};
use crate::devnet::context::Context;
use crate::devnet::fault::Effects;
use crate::devnet::kv::Broken;
use crate::devnet::refusal::{QueryError, Status};
use crate::domain::network::{Name, Network};
use prost::Message;
use std::collections::HashMap;
use std::sync::LazyLock;

/// How a query is asked.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Of the state after this height; none: after the last one.
    pub height: Option<i64>,
    /// What goes wrong on purpose.
    pub effects: Effects,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The message.
    pub bytes: Vec<u8>,
    /// The height that it is of.
    pub height: i64,
}

type OfRules = Box<dyn Fn(&Context<'_>, &[u8]) -> Result<Vec<u8>, QueryError> + Send + Sync>;
type OfNode = Box<dyn Fn(&Node, &Asked, &[u8]) -> Result<Vec<u8>, QueryError> + Send + Sync>;

enum Handler {
    Rules(OfRules),
    Node(OfNode),
}

/// A method with what answers it.
struct Method {
    call: &'static CallType,
    handler: Handler,
}

static METHODS: LazyLock<Vec<Method>> = LazyLock::new(|| {
    let mut methods = rules::methods();
    methods.extend(tx::methods());
    methods.extend(comet::methods());
    methods.extend(own::methods());
    methods
});

type Paths = HashMap<String, &'static Method>;

fn paths(network: &Network) -> &'static Paths {
    fn of(name: Name) -> Paths {
        let network = name.facts();
        let here = METHODS.iter().filter(|method| method.call.is_on(network));
        here.map(|method| (method.call.path(network), method)).collect()
    }
    static VIRTENGINE: LazyLock<Paths> = LazyLock::new(|| of(Name::Virtengine));
    static AKASH: LazyLock<Paths> = LazyLock::new(|| of(Name::Akash));
    match network.name {
        Name::Virtengine => &VIRTENGINE,
        Name::Akash => &AKASH,
    }
}

/// Whether there is such a method.
pub fn has_method(network: &Network, path: &str) -> bool {
    paths(network).contains_key(path)
}

/// Whether there is such a service: `cosmos.bank.v1beta1.Query`.
pub fn has_service(network: &Network, service: &str) -> bool {
    paths(network).keys().any(|path| path.trim_start_matches('/').split('/').next() == Some(service))
}

/// All paths of a network.
pub fn all_paths(network: &Network) -> impl Iterator<Item = &'static str> {
    paths(network).keys().map(String::as_str)
}

impl Node {
    /// Answers a gRPC method.
    pub fn answer(&self, path: &str, request: &[u8], asked: &Asked) -> Result<Answer, QueryError> {
        let method = paths(self.identity().network)
            .get(path)
            .ok_or_else(|| QueryError::new(Status::Unimplemented, format!("unknown method {path}")))?;
        match &method.handler {
            Handler::Rules(answer) => {
                let moment = self.moment(asked.effects.lag())?;
                let height = asked.height.unwrap_or_else(|| moment.height());
                let bytes = moment.ask(asked.height, |context| answer(context, request))?;
                Ok(Answer { bytes, height })
            }
            Handler::Node(answer) => {
                let bytes = answer(self, asked, request)?;
                let height = self.moment(asked.effects.lag())?.height();
                Ok(Answer { bytes, height })
            }
        }
    }
}

fn call_of<C: Call>() -> &'static CallType {
    #[allow(clippy::expect_used, reason = "the table of calls is made from the same types")]
    calls()
        .find(|call| {
            call.service == C::SERVICE
                && call.method == C::METHOD
                && call.request.name == C::NAME
                && call.request.package == C::PACKAGE
        })
        .expect("every call is in the table")
}

fn decode<C: Call>(request: &[u8]) -> Result<C, QueryError> {
    C::decode(request).map_err(|error| QueryError::internal(format!("grpc: error unmarshalling request: {error}")))
}

/// A query of the rules.
fn of_rules<C: Call>(answer: fn(&Context<'_>, &C) -> Result<C::Response, QueryError>) -> Method {
    let handler = move |context: &Context<'_>, request: &[u8]| Ok(answer(context, &decode(request)?)?.encode_to_vec());
    Method { call: call_of::<C>(), handler: Handler::Rules(Box::new(handler)) }
}

/// A question to the node itself.
fn of_node<C: Call>(answer: fn(&Node, &Asked, &C) -> Result<C::Response, QueryError>) -> Method {
    let handler =
        move |node: &Node, asked: &Asked, request: &[u8]| Ok(answer(node, asked, &decode(request)?)?.encode_to_vec());
    Method { call: call_of::<C>(), handler: Handler::Node(Box::new(handler)) }
}

/// A state that cannot be used, as a node's own answer.
fn broken(broken: &Broken) -> QueryError {
    QueryError::internal(broken.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_of_the_table_is_answered() {
        for name in Name::ALL {
            let network = name.facts();
            for call in calls().filter(|call| call.is_on(network)) {
                let path = call.path(network);
                assert!(has_method(network, &path), "nothing answers {path}");
            }
        }
    }
}
