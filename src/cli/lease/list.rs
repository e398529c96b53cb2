//! `provider lease list`

use std::collections::HashMap;

use clap::Args;
use clap::builder::PossibleValuesParser;
use serde::Serialize;

use super::leasing::{Leasing, hours};
use crate::chain::client::LeaseFilter;
use crate::cli::output::OutputOption;
use crate::cli::output::listing::Row;
use crate::cli::{Context, Failure, Report, Status, wait_for};
use crate::domain::fault::in_one_line;
use crate::domain::lease::{Lease, LeaseState};
use crate::jobs::lease_monitor::{Monitored, Watched};
use crate::store::Mode;
use crate::store::bids::leases;

const STATES: [&str; 5] = ["active", "insufficient_funds", "closed", "reclaiming", "all"];

/// List our leases: what they earn, and how long the tenant's money lasts
///
/// Without --state those that run, each with the money behind it.
#[derive(Debug, Args)]
pub struct List {
    /// In this state, without a look at the money
    #[arg(long, value_name = "STATE", value_parser = PossibleValuesParser::new(STATES))]
    state: Option<String>,

    /// So many at most
    #[arg(long, value_name = "NUMBER", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    limit: u32,

    #[command(flatten)]
    output: OutputOption,
}

/// A lease.
#[derive(Debug, Serialize)]
struct LeaseRow {
    lease: String,
    state: &'static str,
    price: String,
    created_at: u64,
    earned: Option<String>,
    left: Option<String>,
    hours_left: Option<String>,
    funded_until: Option<String>,
    withdrawal_due: Option<&'static str>,
    back_end: Option<String>,
    closed_on: Option<u64>,
    reason: Option<String>,
}

impl Row for LeaseRow {
    const HEADINGS: &'static [&'static str] = &["lease", "state", "a block", "earned", "left", "hours left", "reason"];
    const FIELDS: &'static [&'static str] = &[
        "lease",
        "state",
        "price",
        "created_at",
        "earned",
        "left",
        "hours_left",
        "funded_until",
        "withdrawal_due",
        "back_end",
        "closed_on",
        "reason",
    ];

    fn cells(&self) -> Vec<String> {
        let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
        vec![
            self.lease.clone(),
            self.state.to_owned(),
            self.price.clone(),
            text(&self.earned),
            text(&self.left),
            text(&self.hours_left),
            text(&self.reason),
        ]
    }

    fn csv(&self) -> Vec<String> {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        vec![
            self.lease.clone(),
            self.state.to_owned(),
            self.price.clone(),
            self.created_at.to_string(),
            text(&self.earned),
            text(&self.left),
            text(&self.hours_left),
            text(&self.funded_until),
            self.withdrawal_due.unwrap_or_default().to_owned(),
            text(&self.back_end),
            self.closed_on.map(|height| height.to_string()).unwrap_or_default(),
            text(&self.reason),
        ]
    }
}

impl LeaseRow {
    fn bare(lease: &Lease, known: Option<&leases::Lease>) -> Self {
        Self {
            lease: lease.id.to_string(),
            state: lease.state.word(),
            price: lease.price.to_string(),
            created_at: lease.created_at.0,
            earned: None,
            left: None,
            hours_left: None,
            funded_until: None,
            withdrawal_due: None,
            back_end: known.and_then(|known| known.back_end.clone()),
            closed_on: lease.closed_on.map(|height| height.0),
            reason: match lease.reason {
                Some(reason) => Some(reason.word().to_owned()),
                None => known.and_then(|known| known.reason.as_ref()).map(|(reason, _)| reason.clone()),
            },
        }
    }

    fn watched(watched: &Watched, known: Option<&leases::Lease>) -> Self {
        Self {
            earned: Some(watched.earned.to_string()),
            left: watched.funds.as_ref().map(|funds| format!("{}{}", funds.left, funds.denomination)),
            hours_left: hours(watched.funds.as_ref()),
            funded_until: watched.until.map(|time| time.to_string()),
            withdrawal_due: watched.due,
            ..Self::bare(&watched.lease, known)
        }
    }
}

impl List {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let leasing = Leasing::to_look(context, &configuration)?;
        let store = context.open_state(&configuration.state_file, Mode::Read)?;
        let chain = &leasing.sending.client.settings().chain_id;
        let known = store.read("read our leases", |snapshot| leases::all(snapshot, chain))?;
        let known: HashMap<&str, &leases::Lease> = known.iter().map(|row| (row.id.as_str(), row)).collect();
        let of = |lease: &Lease| known.get(lease.id.to_string().as_str()).copied();
        let mut rows: Vec<LeaseRow> = Vec::new();
        let mut notes = Vec::new();
        if let Some(word) = &self.state {
            let state = LeaseState::ALL.iter().copied().find(|state| state.word() == word);
            let provider = Some(leasing.sending.address()?);
            // The node lists a provider's leases of a state only while they run, so the state is looked at here.
            let pages = leasing.sending.client.leases(&LeaseFilter { provider, ..LeaseFilter::default() });
            let read = wait_for(pages.for_each(|lease| {
                if state.is_none_or(|state| lease.state == state) {
                    rows.push(LeaseRow::bare(&lease, of(&lease)));
                }
            }))?;
            let listing = read.map_err(|error| Failure::from_error(&error))?;
            notes.push(format!("as of height {}", listing.height()));
            notes.extend(listing.believed().err().map(|error| in_one_line(&error)));
        } else {
            let Monitored { leases, troubles, height, .. } = leasing.running()?;
            rows.extend(leases.iter().map(|watched| LeaseRow::watched(watched, of(&watched.lease))));
            notes.push(format!("as of height {height}"));
            notes.extend(troubles);
        }
        let doubtful = notes.len() > 1;
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        if rows.len() > limit {
            notes.push(format!("{} more leases; --limit shows more", rows.len() - limit));
            rows.truncate(limit);
        }
        let report = notes.into_iter().fold(Report::listing(rows, self.output.output), Report::note);
        Ok(if doubtful { report.status(Status::TryLater) } else { report })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_can_be_named() {
        let words: Vec<&str> = LeaseState::ALL.iter().map(|state| state.word()).chain(["all"]).collect();
        assert_eq!(words, STATES);
    }
}
