//! What came of a person's decisions, a row for each message.

use serde::Serialize;

use crate::cli::output::OutputOption;
use crate::cli::output::listing::Row;
use crate::cli::{Context, Failure, Report, Status};
use crate::domain::outbox::intent::State;
use crate::jobs::tx_flush::{Decision, decide, rehearse_decision};
use crate::store::outbox::intents::{self, Intent};
use crate::store::outbox::{IntentId, Stamp};
use crate::store::{Mode, Store};

/// What came of a decision about a message.
#[derive(Serialize)]
struct DecisionRow {
    intent: i64,
    message: Option<String>,
    key: Option<String>,
    /// Where it stands now; in a rehearsal, where it would stand.
    state: Option<&'static str>,
    /// Why it was not decided so.
    error: Option<String>,
}

impl Row for DecisionRow {
    const HEADINGS: &'static [&'static str] = &["intent", "message", "key", "state", "error"];
    const FIELDS: &'static [&'static str] = &["intent", "message", "key", "state", "error"];

    fn cells(&self) -> Vec<String> {
        let text = |text: Option<&str>| text.unwrap_or("-").to_owned();
        vec![
            self.intent.to_string(),
            text(self.message.as_deref()),
            text(self.key.as_deref()),
            text(self.state),
            text(self.error.as_deref()),
        ]
    }

    fn csv(&self) -> Vec<String> {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        vec![
            self.intent.to_string(),
            text(self.message.as_deref()),
            text(self.key.as_deref()),
            text(self.state),
            text(self.error.as_deref()),
        ]
    }
}

/// Carries a decision out about each of these messages; one that cannot be decided so stops no other.
pub fn carry_out(context: &Context, ids: &[i64], decision: Decision, output: OutputOption) -> Result<Report, Failure> {
    let mode = if context.global.dry_run { Mode::Read } else { Mode::WriteExisting };
    let store = context.open_state(&context.state_file()?, mode)?;
    let stamp = Stamp { at: context.now(), run: None };
    let decided = ids.iter().map(|id| {
        let decided = if context.global.dry_run {
            rehearse_decision(&store, IntentId(*id), decision)
        } else {
            decide(&store, IntentId(*id), decision, stamp)
        };
        (*id, decided.map_err(Failure::from))
    });
    report(&store, decided.collect(), output)
}

/// The decisions as rows. Where there was one message and it could not be decided about, that is the failure.
pub fn report(
    store: &Store,
    decided: Vec<(i64, Result<State, Failure>)>,
    output: OutputOption,
) -> Result<Report, Failure> {
    let alone = decided.len() == 1;
    let (mut rows, mut failed) = (Vec::new(), false);
    for (id, decided) in decided {
        let found = store.read("read a message", |snapshot| intents::by_id(snapshot, IntentId(id)))?;
        let (state, error) = match decided {
            Ok(state) => (Some(state), None),
            Err(failure) if alone => return Err(failure),
            Err(failure) => (found.as_ref().map(|intent| intent.state), Some(failure.in_one_line())),
        };
        failed |= error.is_some();
        let name = |intent: &Intent| intent.type_url.rsplit('.').next().unwrap_or_default().to_owned();
        rows.push(DecisionRow {
            intent: id,
            message: found.as_ref().map(name),
            key: found.map(|intent| intent.key),
            state: state.map(State::word),
            error,
        });
    }
    let report = Report::listing(rows, output.output);
    Ok(if failed { report.status(Status::SomeFailed) } else { report })
}
