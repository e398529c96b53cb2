//! Why a server said nothing of a metric.

use std::borrow::Cow;
use std::path::PathBuf;

use crate::domain::fault::{Classified, Fault};

/// Why a server said nothing of a metric.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There can be no client.
    #[error("cannot make a client for Prometheus")]
    Client {
        /// Why.
        #[source]
        source: reqwest::Error,
    },
    /// The certificates cannot be used.
    #[error("the certificates in {} cannot be used for Prometheus", path.display())]
    Certificates {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// It did not answer, or not in time.
    #[error("Prometheus did not answer the query for {metric}")]
    Ask {
        /// Of what.
        metric: &'static str,
        /// Why.
        #[source]
        source: reqwest::Error,
    },
    /// It answered with an HTTP error.
    #[error("Prometheus answered the query for {metric} with HTTP {status}")]
    Status {
        /// Of what.
        metric: &'static str,
        /// The status.
        status: u16,
    },
    /// It did not like the query.
    #[error("Prometheus refused the query for {metric}: {words}")]
    Refused {
        /// Of what.
        metric: &'static str,
        /// Its own words.
        words: String,
    },
    /// It is something else.
    #[error("what answered the query for {metric} is no Prometheus")]
    Form {
        /// Of what.
        metric: &'static str,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// The query gives no value for each series now.
    #[error("the query for {metric} gives no vector")]
    NoVector {
        /// Of what.
        metric: &'static str,
    },
    /// The answer is beyond all that we serve.
    #[error("the answer to the query for {metric} is too large")]
    TooLarge {
        /// Of what.
        metric: &'static str,
    },
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::Status { status, .. } if *status == 401 || *status == 403 => Fault::Denied,
            Self::Ask { .. } | Self::Status { .. } => Fault::Unavailable,
            Self::Client { .. }
            | Self::Certificates { .. }
            | Self::Refused { .. }
            | Self::Form { .. }
            | Self::NoVector { .. }
            | Self::TooLarge { .. } => Fault::Invalid,
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Status { status: 401 | 403, .. } => {
                Some("give usage.prometheus.username and password, or bearer_token".into())
            }
            Self::Refused { metric, .. } | Self::NoVector { metric } => {
                let key = if *metric == "cpu_milli_seconds" { "cpu_seconds" } else { metric };
                Some(format!("try usage.prometheus.{key} in the server's own web page").into())
            }
            Self::Form { .. } => Some("usage.prometheus.address is the server's address without /api".into()),
            Self::TooLarge { .. } => Some("narrow the query to the workloads of this provider".into()),
            Self::Client { .. } | Self::Certificates { .. } | Self::Ask { .. } | Self::Status { .. } => None,
        }
    }
}
