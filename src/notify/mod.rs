//! Rank 2, notification: how an operator is told of an alert.
//!
//! - [`Webhook`]: a JSON object by POST.
//! - [`Alertmanager`]: its API v2.
//! - [`Command`]: a program of the operator's, with the JSON object on its standard input.
//!
//! Each change goes to each channel once; whether it arrived is the answer of [`Channel::tell`], and trying again is the
//! caller's. Nothing of a secret is in an error.

mod alertmanager;
mod command;
mod webhook;

use std::borrow::Cow;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

pub use alertmanager::Alertmanager;
pub use command::Command;
pub use webhook::Webhook;

use crate::domain::fault::{Classified, Fault};

/// A change of an alert, as it is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// The alert's number in the state file.
    pub id: i64,
    /// `raised`, `regraded` or `resolved`.
    pub change: String,
    /// What it is about.
    pub kind: &'static str,
    /// Which one.
    pub subject: String,
    /// How bad it is.
    pub severity: &'static str,
    /// A sentence with the numbers.
    pub summary: String,
    /// Since when it fires.
    pub raised_at: Timestamp,
    /// When it ended.
    pub resolved_at: Option<Timestamp>,
    /// Who says so.
    pub provider: Option<String>,
}

/// Why a channel was not told.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It could not be reached, or did not answer in time.
    #[error("{channel} at {address} cannot be told of an alert")]
    Send {
        /// Which channel.
        channel: &'static str,
        /// Where it is, without credentials.
        address: String,
        /// Why.
        #[source]
        source: reqwest::Error,
    },
    /// It answered that it does not take it.
    #[error("{channel} at {address} refused an alert with HTTP {status}")]
    Refused {
        /// Which channel.
        channel: &'static str,
        /// Where it is, without credentials.
        address: String,
        /// Its answer.
        status: u16,
    },
    /// The program could not be run.
    #[error("the program {program} cannot be run")]
    Run {
        /// Which.
        program: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The program failed.
    #[error("the program {program} {ended}")]
    Ended {
        /// Which.
        program: String,
        /// How it ended.
        ended: String,
    },
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::Send { .. } => Fault::Unavailable,
            Self::Refused { status, .. } if *status >= 500 => Fault::Unavailable,
            Self::Refused { .. } => Fault::Denied,
            Self::Run { .. } | Self::Ended { .. } => Fault::Invalid,
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        Some("`provider alerts test` tries every channel of alerts.notify".into())
    }
}

/// What a channel says in the end.
pub type Told<'a> = Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 'a>>;

/// Somebody who is told.
pub trait Channel: Send + Sync {
    /// What it is called in the state file.
    fn name(&self) -> &'static str;

    /// Tells it.
    fn tell<'a>(&'a self, notice: &'a Notice) -> Told<'a>;
}

/// An HTTP client that waits no longer than this, and follows no redirection: a token is for one address.
fn http(timeout: Duration) -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder().timeout(timeout).redirect(reqwest::redirect::Policy::none()).build()
}

/// An address without what may be a secret: its query and its user.
fn shown(address: &url::Url) -> String {
    let mut shown = address.clone();
    shown.set_query(None);
    let _ = shown.set_username("");
    let _ = shown.set_password(None);
    shown.to_string()
}

/// What an HTTP answer means.
fn judged(
    channel: &'static str,
    address: &url::Url,
    answer: Result<reqwest::Response, reqwest::Error>,
) -> Result<(), Error> {
    match answer {
        Ok(answer) if answer.status().is_success() => Ok(()),
        Ok(answer) => Err(Error::Refused { channel, address: shown(address), status: answer.status().as_u16() }),
        Err(source) => Err(Error::Send { channel, address: shown(address), source: source.without_url() }),
    }
}
