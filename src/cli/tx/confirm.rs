//! `provider tx confirm`

use clap::Args;

use super::flushed;
use super::retry::rows;
use super::sending::Sending;
use crate::cli::output::OutputOption;
use crate::cli::passphrase::PassphraseOption;
use crate::cli::{Context, Failure, Report, Status};
use crate::domain::outbox::intent::State;
use crate::jobs::tx_flush::{Decision, decide};
use crate::store::outbox::IntentId;
use crate::store::outbox::intents::{Filter, list};
use crate::store::outbox::transactions;
use crate::store::{self, Mode, Store};

/// Let messages go on that wait for a person, and send them while you are there
///
/// A message waits because its key must be touched, because the state file was restored from a backup, or because nobody
/// can say any more what became of it (`tx show` says which). In the last two cases it may be on the chain already: look
/// there first, and `tx abandon` what is; what you confirm is signed and sent.
#[derive(Debug, Args)]
pub struct Confirm {
    /// The numbers of the messages, as `tx list --state needs_confirmation` shows them
    #[arg(value_name = "ID", required_unless_present = "all", conflicts_with = "all")]
    ids: Vec<i64>,

    /// All that wait
    #[arg(long)]
    all: bool,

    #[command(flatten)]
    passphrase: PassphraseOption,

    #[command(flatten)]
    output: OutputOption,
}

impl Confirm {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        if context.global.dry_run {
            let store = context.open_state(&configuration.state_file, Mode::Read)?;
            return Ok(Report::listing(rows(&store, &self.wanted(&store)?)?, self.output.output));
        }
        let sending = Sending::open(context, &configuration)?;
        let (flushed, store) = sending.run("tx-confirm", (&self.passphrase, true), |begun| {
            for id in self.wanted(begun.store)? {
                decide(begun.store, IntentId(id), Decision::Confirm, begun.stamp)?;
            }
            Ok(())
        })?;
        let report = flushed::report(flushed, &store, self.output)?;
        Ok(if report.status == Status::Done { report } else { report.note("see `provider tx list --open`") })
    }

    fn wanted(&self, store: &Store) -> Result<Vec<i64>, store::Error> {
        if !self.all {
            return Ok(self.ids.clone());
        }
        let filter = Filter { state: Some(State::NeedsConfirmation), ..Filter::default() };
        store.read("list what waits for a person", |snapshot| {
            let mut ids = Vec::new();
            for intent in list(snapshot, &filter)?.into_iter().rev() {
                // What is out besides settles itself.
                if transactions::live_of(snapshot, intent.id)?.is_none() {
                    ids.push(intent.id.0);
                }
            }
            Ok(ids)
        })
    }
}
