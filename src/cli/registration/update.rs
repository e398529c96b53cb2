//! `provider update`

use clap::Args;

use super::record::{Record, RecordEntry, RecordOptions};
use crate::chain::wire::provider::MsgUpdateProvider;
use crate::cli::output::OutputOption;
use crate::cli::passphrase::PassphraseOption;
use crate::cli::tx::sending::Sending;
use crate::cli::{Context, Failure, Report, wait_for};

/// Change the provider's record in the chain's register
///
/// What neither the options nor the configuration name stays as it is. Nothing is sent where nothing changes.
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
        let Some(registered) = wait_for(sending.client.provider(&address))??.value else {
            return Err(super::info::not_registered(&address));
        };
        let before = Record::from(&registered);
        let record = self.record.record(&configuration, before.clone())?;
        let sent = if record == before {
            None
        } else {
            let message = MsgUpdateProvider {
                owner: address.to_string(),
                host_uri: record.host_uri.clone(),
                attributes: record.wire_attributes(),
                info: record.wire_info(),
            };
            sending.send(("provider-update", "provider/update"), &self.passphrase, &message)?
        };
        let unchanged = record == before;
        let report = Report::record(RecordEntry::new(&address, record, sent), self.output.output);
        let notes = unchanged.then(|| "the register says so already".to_owned()).into_iter();
        Ok(notes.chain(self.record.note_of_deposit()).fold(report, Report::note))
    }
}
