//! `provider update`

use clap::Args;

use super::record::{Record, RecordEntry, RecordOptions};
use crate::chain::client::Reading;
use crate::chain::wire::provider::MsgUpdateProvider;
use crate::cli::output::OutputOption;
use crate::cli::passphrase::PassphraseOption;
use crate::cli::tx::delivery::Delivery;
use crate::cli::tx::sending::Sending;
use crate::cli::{Context, Failure, Report, wait_for};

/// Change the provider's record in the chain's register
///
/// What neither the options nor the configuration name stays as it is. Nothing is sent where nothing changes. A change that
/// comes late waits for a person where the register has another record by then (`provider tx confirm`).
#[derive(Debug, Args)]
pub struct Update {
    #[command(flatten)]
    record: RecordOptions,

    #[command(flatten)]
    passphrase: PassphraseOption,

    #[command(flatten)]
    output: OutputOption,
}

impl Update {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let sending = Sending::open(context, &configuration)?;
        let address = sending.address()?;
        // The whole record is replaced: what is merged must be what is there, not what it was once.
        let registered = wait_for(sending.client.provider(&address))?.and_then(Reading::believed)?.into_value();
        let Some(registered) = registered else {
            return Err(super::info::not_registered(&address));
        };
        let before = Record::from(&registered);
        let record = self.record.record(&configuration, before.clone())?;
        let message = MsgUpdateProvider {
            owner: address.to_string(),
            host_uri: record.host_uri.clone(),
            attributes: record.wire_attributes(),
            info: record.wire_info(),
        };
        let unchanged = record == before;
        let (job, purpose) = ("provider-update", "provider/update");
        let Delivery { sent, notes } = if unchanged {
            // What waits may be about to say something else.
            sending.waiting(purpose, &message)?
        } else {
            sending
                .send_based_on((job, purpose), &self.passphrase, &message, Some(&registered.digest()))
                .map_err(|failure| self.record.told_of_deposit(failure))?
        };
        let entry = RecordEntry::new(&address, (&before, record), sent);
        let said = unchanged.then(|| "the register says so already".to_owned());
        let notes = said.into_iter().chain(notes).chain(entry.note_of_rehearsal(context));
        let notes = notes.chain(self.record.note_of_deposit());
        Ok(notes.fold(Report::record(entry, self.output.output), Report::note))
    }
}
