//! `provider usage list`

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::record_row::UsageRow;
use crate::cli::output::OutputOption;
use crate::cli::{Context, Failure, Report, Status};
use crate::domain::address::Address;
use crate::domain::id::LeaseId;
use crate::domain::usage::state::State;
use crate::domain::when;
use crate::store::Mode;
use crate::store::usage::{Filter, records};

/// Which records.
#[derive(Debug, Default, Args)]
pub(super) struct FilterOptions {
    /// Only records of this lease
    #[arg(long, value_name = "LEASE")]
    lease: Option<String>,

    /// Only records of this tenant's leases
    #[arg(long, value_name = "ADDRESS")]
    tenant: Option<String>,

    /// Only records in this state; may be given several times
    #[arg(long, value_name = "STATE", value_parser = states())]
    record_state: Vec<State>,

    /// Only windows that begin then or later: RFC 3339, a date, or a span as in 48h
    #[arg(long, value_name = "TIME")]
    start: Option<String>,

    /// Only windows that begin before then
    #[arg(long, value_name = "TIME")]
    end: Option<String>,

    /// Corrected revisions, too
    #[arg(long)]
    pub(super) superseded: bool,
}

fn states() -> impl TypedValueParser<Value = State> {
    PossibleValuesParser::new(State::WORDS).try_map(|word| State::of_word(&word).ok_or("no state of a usage record"))
}

impl FilterOptions {
    /// The filter of the rows.
    pub(super) fn filter(self, context: &Context) -> Result<Filter, Failure> {
        let time = |name: &str, text: Option<String>| {
            let time = text.map(|text| when::parse(&text, context.now())).transpose();
            time.map_err(|error| Failure::new(Status::Usage, format!("--{name}: {error}")))
        };
        let (start, end) = (time("start", self.start)?, time("end", self.end)?);
        if start.zip(end).is_some_and(|(start, end)| start >= end) {
            return Err(Failure::new(Status::Usage, "--end is not after --start: no window begins between them"));
        }
        // The prefix of an address is the network's, which the text itself tells.
        let prefix = |text: &str| text.split_once('1').map(|(prefix, _)| prefix.to_owned()).unwrap_or_default();
        if let Some(lease) = &self.lease {
            LeaseId::parse(lease, &prefix(lease)).map_err(|error| Failure::with_status(Status::Usage, &error))?;
        }
        if let Some(tenant) = &self.tenant {
            Address::parse(tenant, &prefix(tenant)).map_err(|error| Failure::with_status(Status::Usage, &error))?;
        }
        Ok(Filter {
            lease: self.lease,
            tenant: self.tenant,
            states: self.record_state,
            start,
            end,
            superseded: self.superseded,
            limit: None,
            newest_first: false,
        })
    }
}

/// List usage records, in the order of their windows
#[derive(Debug, Args)]
pub struct List {
    /// Only records that somebody still has to do something with
    #[arg(long, conflicts_with = "record_state")]
    pending: bool,

    #[command(flatten)]
    filter: FilterOptions,

    /// That many at most, the newest ones
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,

    #[command(flatten)]
    output: OutputOption,
}

impl List {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let mut filter = self.filter.filter(context)?;
        if self.pending {
            filter.states = State::ALL.iter().copied().filter(|state| state.is_open()).collect();
        }
        filter.limit = self.limit;
        filter.newest_first = self.limit.is_some();
        rows(context, &filter, self.output)
    }
}

/// Lists the records of a filter.
pub(super) fn rows(context: &Context, filter: &Filter, output: OutputOption) -> Result<Report, Failure> {
    let store = context.open_state(&context.state_file()?, Mode::Read)?;
    let mut rows = store.read("list usage records", |snapshot| records::list(snapshot, filter))?;
    if filter.newest_first && filter.limit.is_some() {
        rows.reverse();
    }
    Ok(Report::listing(rows.into_iter().map(UsageRow::from).collect(), output.output))
}
