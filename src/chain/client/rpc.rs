//! One CometBFT JSON-RPC call to one endpoint.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::error::Problem;
use super::settings::with_scheme;
use crate::domain::refusal::Log;

/// A CometBFT RPC endpoint.
#[derive(Debug)]
pub(super) struct RpcEndpoint {
    pub(super) address: Arc<str>,
    url: String,
}

/// The HTTP client of all RPC endpoints; made when it is first used.
#[derive(Debug, Default)]
pub(super) struct Http(OnceLock<reqwest::Client>);

/// What a node answered.
#[derive(Debug)]
pub(super) enum RpcAnswer<T> {
    /// The result.
    Result(T),
    /// It will not do that, or has no such thing, in its words: the protocol does not tell these apart.
    Refused(String),
}

#[derive(Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
struct Envelope<T> {
    result: Option<T>,
    error: Option<RpcError>,
}

#[derive(Deserialize)]
struct RpcError {
    #[serde(default)]
    message: String,
    #[serde(default)]
    data: Option<Value>,
}

impl Http {
    fn client(&self) -> Result<&reqwest::Client, Problem> {
        if let Some(client) = self.0.get() {
            return Ok(client);
        }
        // No proxy and no redirect: who answers is who is configured.
        let builder = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        let client = builder.build().map_err(|error| Problem::Connection(Problem::words(&error)))?;
        Ok(self.0.get_or_init(|| client))
    }
}

impl RpcEndpoint {
    pub(super) fn new(address: &str) -> Self {
        Self { address: address.into(), url: with_scheme(address) }
    }

    /// Calls a method and waits for the whole answer: at most for `timeout`, and at most `most` bytes of it.
    pub(super) async fn call<T: DeserializeOwned>(
        &self,
        http: &Http,
        method: &str,
        parameters: &Value,
        most: usize,
        timeout: Duration,
    ) -> Result<RpcAnswer<T>, Problem> {
        let client = http.client()?;
        let asking = async {
            let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": parameters });
            let mut answer = client.post(&self.url).json(&body).send().await.map_err(sorted)?;
            let status = answer.status();
            let mut bytes = Vec::new();
            while let Some(part) = answer.chunk().await.map_err(sorted)? {
                if bytes.len().saturating_add(part.len()) > most {
                    return Err(Problem::TooLarge { most });
                }
                bytes.extend_from_slice(&part);
            }
            read(&bytes, status.is_success()).map_err(|problem| problem.unwrap_or(Problem::Http(status.as_u16())))
        };
        tokio::time::timeout(timeout, asking).await.unwrap_or(Err(Problem::Late(timeout)))
    }
}

fn sorted(error: reqwest::Error) -> Problem {
    let words = Problem::words(&error.without_url());
    Problem::Connection(words)
}

/// The answer in a body; no problem is named where the HTTP status says more than a body that is no answer.
fn read<T: DeserializeOwned>(bytes: &[u8], success: bool) -> Result<RpcAnswer<T>, Option<Problem>> {
    let envelope: Envelope<T> =
        serde_json::from_slice(bytes).map_err(|error| success.then(|| Problem::Garbage(Problem::words(&error))))?;
    match envelope {
        Envelope { error: Some(RpcError { message, data }), .. } => {
            // The message is `Internal error` for everything; the reason is in the data.
            Ok(RpcAnswer::Refused(match data {
                Some(Value::String(data)) if !data.is_empty() => data,
                _ => message,
            }))
        }
        Envelope { result: Some(result), .. } => Ok(RpcAnswer::Result(result)),
        Envelope { .. } => Err(Some(Problem::Garbage(Log::of(b"neither a result nor an error")))),
    }
}

/// What an error of a node means that is none of the expected ones: it cannot answer now, or not any more.
pub(super) fn trouble(words: &str) -> Problem {
    pruned(words).map_or_else(|| Problem::Busy(Log::of(words.as_bytes())), |lowest| Problem::Pruned { lowest })
}

/// `height 7 is not available, lowest height is 9`: how CometBFT says that it has a block no more.
fn pruned(words: &str) -> Option<u64> {
    let (height, lowest) = words.split_once("height ")?.1.split_once(" is not available, lowest height is ")?;
    let (height, lowest): (u64, u64) = (height.parse().ok()?, lowest.trim().parse().ok()?);
    (height < lowest).then_some(lowest)
}

/// Numbers that CometBFT writes as text.
pub(super) mod text {
    use serde::{Deserialize, Deserializer, de::Error as _};
    use std::str::FromStr;

    pub(in crate::chain::client) fn number<'de, D: Deserializer<'de>, N: FromStr>(from: D) -> Result<N, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(|_| D::Error::custom(format_args!("a number as text is malformed")))
    }

    pub(in crate::chain::client) fn time<'de, D: Deserializer<'de>>(from: D) -> Result<jiff::Timestamp, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(|_| D::Error::custom(format_args!("a time is malformed")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_node_that_names_its_lowest_block_has_pruned_one() {
        let cases = [
            ("height 7 is not available, lowest height is 9", Some(9)),
            ("height 9 is not available, lowest height is 9", None),
            ("height 7 is not available", None),
            ("height 7 is not available, lowest height is", None),
            ("could not find results for height #7", None),
            ("Internal error", None),
            ("", None),
        ];
        for (words, lowest) in cases {
            assert_eq!(pruned(words), lowest, "{words}");
        }
        assert!(matches!(trouble("context canceled"), Problem::Busy(_)));
    }
}
