//! `provider tx confirm`

use clap::Args;

use super::sending::Sending;
use super::{decision, flushed};
use crate::cli::output::OutputOption;
use crate::cli::passphrase::PassphraseOption;
use crate::cli::{Context, Failure, Report, Status};
use crate::domain::fault::in_one_line;
use crate::domain::outbox::intent::State;
use crate::jobs::tx_flush::{Decision, decide, rehearse_decision};
use crate::store::outbox::IntentId;
use crate::store::outbox::intents::{Filter, list};
use crate::store::outbox::transactions;
use crate::store::{self, Mode, Store};

/// Let messages go on that wait for a person, and send them while you are there
///
/// A message waits because its key must be touched, because the state file was restored from a backup, or because nobody
/// can say any more what became of it (`tx show` says which). What was restored or lost may be on the chain already: look
/// there first, and `tx abandon` what is; what you confirm is signed and sent. A record that was made from another one than
/// the register has by now waits as well: confirmed, it replaces what is there.
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
            let rehearsed = self.wanted(&store)?.into_iter().map(|id| {
                let decided = rehearse_decision(&store, IntentId(id), Decision::Confirm);
                (id, decided.map_err(Failure::from))
            });
            return decision::report(&store, rehearsed.collect(), self.output);
        }
        let sending = Sending::open(context, &configuration)?;
        let mut undecided = Vec::new();
        let (flushed, store) = sending.run("tx-confirm", (&self.passphrase, true), |begun| {
            let wanted = self.wanted(begun.store)?;
            let decidable = |id: &i64| rehearse_decision(begun.store, IntentId(*id), Decision::Confirm);
            if wanted.iter().any(|id| decidable(id).is_ok()) {
                // What nobody can sign is not let go: the next run of a timer would send it.
                begun.unlock()?;
            }
            for id in &wanted {
                match decide(begun.store, IntentId(*id), Decision::Confirm, begun.stamp) {
                    Ok(_) => {}
                    Err(error) if wanted.len() == 1 => return Err(error),
                    Err(error) => undecided.push(in_one_line(&error)),
                }
            }
            Ok(())
        })?;
        let report = flushed::report(flushed, &store, self.output)?;
        let report = if report.status == Status::Done { report } else { report.note("see `provider tx list --open`") };
        let all = undecided.is_empty();
        let report = undecided.into_iter().fold(report, Report::because);
        Ok(if all { report } else { report.status(Status::SomeFailed) })
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
