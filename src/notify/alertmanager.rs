//! Prometheus's Alertmanager: `POST /api/v2/alerts`.
//!
//! An alert there ends by itself unless it has an end, so one that is raised gets an end a year ahead, and one that is
//! resolved gets its own. The labels name it: the same alert again is the same alert there.

use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use url::Url;

use super::{Channel, Error, Notice, Told, http, judged};

/// An Alertmanager.
pub struct Alertmanager {
    address: Url,
    timeout: Duration,
}

#[derive(Serialize)]
struct Labels<'n> {
    alertname: &'n str,
    job: &'static str,
    severity: &'n str,
    subject: &'n str,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<&'n str>,
}

#[derive(Serialize)]
struct Annotations<'n> {
    summary: &'n str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Posted<'n> {
    labels: Labels<'n>,
    annotations: Annotations<'n>,
    starts_at: Timestamp,
    ends_at: Timestamp,
}

/// How far ahead the end of what has none lies.
const YEAR: Duration = Duration::from_hours(365 * 24);

impl Alertmanager {
    /// The Alertmanager at an address.
    pub const fn new(address: Url, timeout: Duration) -> Self {
        Self { address, timeout }
    }

    async fn send(&self, notice: &Notice) -> Result<(), Error> {
        let mut address = self.address.clone();
        let path = format!("{}/api/v2/alerts", address.path().trim_end_matches('/'));
        address.set_path(&path);
        let client = match http(self.timeout) {
            Ok(client) => client,
            Err(source) => return judged(self.name(), &address, Err(source)),
        };
        let post = |severity| Posted {
            labels: Labels {
                alertname: notice.kind,
                job: "provider",
                severity,
                subject: &notice.subject,
                provider: notice.provider.as_deref(),
            },
            annotations: Annotations { summary: &notice.summary },
            starts_at: notice.raised_at,
            ends_at: notice.resolved_at.unwrap_or_else(|| notice.raised_at.checked_add(YEAR).unwrap_or(Timestamp::MAX)),
        };
        let mut posted = vec![post(notice.severity)];
        if notice.change == "regraded" {
            // Another severity is another alert there: the one before ends now.
            let other = if notice.severity == "critical" { "warning" } else { "critical" };
            posted.push(Posted { ends_at: notice.raised_at, ..post(other) });
        }
        judged(self.name(), &address, client.post(address.clone()).json(&posted).send().await)
    }
}

impl Channel for Alertmanager {
    fn name(&self) -> &'static str {
        "alertmanager"
    }

    fn tell<'a>(&'a self, notice: &'a Notice) -> Told<'a> {
        Box::pin(self.send(notice))
    }
}
