//! `provider tx retry`

use clap::Args;

use super::intent_row::IntentRow;
use crate::cli::output::OutputOption;
use crate::cli::{Context, Failure, Report};
use crate::jobs::tx_flush::{Decision, decide};
use crate::store::outbox::{self, IntentId, Stamp, intents};
use crate::store::{Mode, Store};

/// Put messages that were refused, came too late or were abandoned back into the queue
#[derive(Debug, Args)]
pub struct Retry {
    /// The numbers of the messages, as `tx list` shows them
    #[arg(value_name = "ID", required = true)]
    ids: Vec<i64>,

    #[command(flatten)]
    output: OutputOption,
}

impl Retry {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        carry_out(context, &self.ids, Decision::Retry, self.output)
    }
}

/// Carries a decision out about each of these messages; the first that cannot be decided so ends it.
pub fn carry_out(context: &Context, ids: &[i64], decision: Decision, output: OutputOption) -> Result<Report, Failure> {
    let path = context.state_file()?;
    let mode = if context.global.dry_run { Mode::Read } else { Mode::WriteExisting };
    let store = context.open_state(&path, mode)?;
    if !context.global.dry_run {
        let stamp = Stamp { at: context.now(), run: None };
        for id in ids {
            decide(&store, IntentId(*id), decision, stamp)?;
        }
    }
    Ok(Report::listing(rows(&store, ids)?, output.output))
}

/// These messages as they stand now.
pub fn rows(store: &Store, ids: &[i64]) -> Result<Vec<IntentRow>, Failure> {
    let rows = store.read("read messages of the outbox", |snapshot| {
        let found = ids.iter().map(|id| {
            let id = IntentId(*id);
            let intent = intents::by_id(snapshot, id)?.ok_or(outbox::Error::NoIntent { id })?;
            Ok(IntentRow::read(snapshot, intent)?)
        });
        found.collect::<Result<Vec<_>, outbox::Error>>()
    });
    rows.map_err(|error| crate::jobs::tx_flush::Error::from(error).into())
}
