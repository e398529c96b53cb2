//! `provider bid status`

use std::collections::BTreeMap;
use std::time::Duration;

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::{Context, Failure, Report};
use crate::config::terms;
use crate::domain::bid::WinRate;
use crate::jobs::bid_run::NAME;
use crate::store::bids::{closings, decisions, pauses, rows};
use crate::store::job_runs::{self, History};
use crate::store::{self, Mode};

/// Say how bidding stands: limits, bids by state, what was declined and why
#[derive(Debug, Args)]
pub struct BidStatus {
    #[command(flatten)]
    output: OutputOption,
}

/// A limit and how much of it is used.
#[derive(Debug, Serialize)]
struct Limit {
    used: u64,
    limit: u64,
}

/// How bidding stands.
#[derive(Debug, Serialize)]
struct StatusEntry {
    enabled: bool,
    paused: Option<String>,
    paused_since: Option<Timestamp>,
    strategy: &'static str,
    approval: &'static str,
    back_ends: Vec<String>,
    last_run: Option<Timestamp>,
    last_outcome: Option<&'static str>,
    bids: BTreeMap<&'static str, u64>,
    declined: BTreeMap<String, u64>,
    won: u64,
    decided: u64,
    limits: BTreeMap<&'static str, Limit>,
}

impl Entry for StatusEntry {
    fn parts(&self) -> Vec<(&'static str, String)> {
        let yes = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
        let list = |pairs: Vec<String>| pairs.join(", ");
        let paused = match (&self.paused, self.paused_since) {
            (Some(reason), Some(since)) => format!("since {since}: {reason}"),
            _ => "no".to_owned(),
        };
        let mut parts = vec![
            ("enabled", yes(self.enabled)),
            ("paused", paused),
            ("strategy", self.strategy.to_owned()),
            ("approval", self.approval.to_owned()),
            ("back ends", self.back_ends.join(", ")),
            ("last run", self.last_run.map(|time| time.to_string()).unwrap_or_default()),
            ("outcome", self.last_outcome.unwrap_or_default().to_owned()),
            ("bids", list(self.bids.iter().map(|(state, count)| format!("{state} {count}")).collect())),
            ("declined", list(self.declined.iter().map(|(code, count)| format!("{code} {count}")).collect())),
            ("won", format!("{} of {} in 30 days", self.won, self.decided)),
        ];
        parts.extend(self.limits.iter().map(|(name, limit)| (*name, format!("{} of {}", limit.used, limit.limit))));
        parts
    }
}

impl BidStatus {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        use crate::config::Choice;
        let configuration = context.configuration()?;
        let (bidding, settings) = (&configuration.settings.bidding, &configuration.settings);
        let limits = terms::limits(bidding);
        let now = context.now();
        let ago = |span: Duration| now.checked_sub(span).unwrap_or(now);
        let store = context.open_state(&configuration.state_file, Mode::Read)?;
        let (pause, last, mut bids, declined, rates, minute, hour, arrived, closings) =
            store.read("read how bidding stands", |snapshot| {
                let history = History { job: Some(NAME), limit: Some(1), ..History::default() };
                Ok::<_, store::Error>((
                    pauses::in_force(snapshot)?,
                    job_runs::history(snapshot, &history)?.into_iter().next(),
                    rows::counts(snapshot)?,
                    decisions::counts(snapshot)?,
                    rows::win_rates(snapshot, ago(Duration::from_hours(30 * 24)))?,
                    rows::sent_since(snapshot, ago(Duration::from_mins(1)))?,
                    rows::sent_since(snapshot, ago(Duration::from_hours(1)))?,
                    rows::arrived(snapshot)?,
                    closings::since(snapshot, ago(Duration::from_hours(1)))?,
                ))
            })?;
        // What `tx flush` has brought onto the chain is written down as open by the next run.
        if arrived > 0 {
            let queued = bids.get("queued").copied().unwrap_or(0).saturating_sub(arrived);
            bids.insert("queued", queued);
            *bids.entry("open").or_default() += arrived;
            bids.retain(|_, count| *count > 0);
        }
        let of = |state: &str| bids.get(state).copied().unwrap_or(0);
        let open = of("proposed") + of("queued") + of("open");
        let all = rates.values().fold(WinRate::default(), |sum, rate| WinRate {
            won: sum.won + rate.won,
            decided: sum.decided + rate.decided,
        });
        let entry = StatusEntry {
            enabled: bidding.enabled,
            paused_since: pause.as_ref().map(|pause| pause.at),
            paused: pause.map(|pause| pause.reason),
            strategy: bidding.strategy.word(),
            approval: if bidding.auto_accept.enabled { "automatic" } else { "by a person (`provider bid approve`)" },
            back_ends: settings.orchestration.enabled().into_iter().map(|back_end| back_end.word().into()).collect(),
            last_run: last.as_ref().map(|run| run.started_at),
            last_outcome: last.as_ref().map(|run| run.outcome.word()),
            declined: declined.into_iter().collect(),
            won: all.won,
            decided: all.decided,
            limits: BTreeMap::from([
                ("bids in this minute", Limit { used: minute, limit: limits.per_minute.get() }),
                ("bids in this hour", Limit { used: hour, limit: limits.per_hour.get() }),
                ("bids under way", Limit { used: of("queued"), limit: limits.in_flight.get() }),
                ("bids open", Limit { used: open, limit: limits.open.get() }),
                (
                    "closings in this hour",
                    Limit {
                        used: u64::try_from(closings.len()).unwrap_or(u64::MAX),
                        limit: bidding.max_closings_per_hour,
                    },
                ),
                ("workloads", Limit { used: open + of("active"), limit: settings.workloads.max_concurrent }),
            ]),
            bids,
        };
        Ok(Report::record(entry, self.output.output))
    }
}
