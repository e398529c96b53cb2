//! `provider register`

use clap::Args;

use super::record::{Record, RecordEntry, RecordOptions};
use crate::chain::client::Reading;
use crate::chain::wire::provider::MsgCreateProvider;
use crate::cli::output::OutputOption;
use crate::cli::passphrase::PassphraseOption;
use crate::cli::tx::delivery::Delivery;
use crate::cli::tx::sending::Sending;
use crate::cli::{Context, Failure, Report, Status, wait_for};

/// Enter the provider into the chain's register
///
/// The account of keys.signing_key registers; it must be the one of provider.address where that is set. Some chains take
/// no registration by transaction, and VirtEngine asks for an identity score: the chain's reason is told in plain words.
#[derive(Debug, Args)]
pub struct Register {
    #[command(flatten)]
    record: RecordOptions,

    #[command(flatten)]
    passphrase: PassphraseOption,

    #[command(flatten)]
    output: OutputOption,
}

impl Register {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let record = self.record.record(&configuration, Record::default())?;
        let sending = Sending::open(context, &configuration)?;
        let address = sending.address()?;
        if wait_for(sending.client.provider(&address))?.and_then(Reading::believed)?.value().is_some() {
            return Err(Failure::new(Status::Data, format!("{address} is registered already"))
                .hint("`provider update` changes the record, `provider info` shows it"));
        }
        let message = MsgCreateProvider {
            owner: address.to_string(),
            host_uri: record.host_uri.clone(),
            attributes: record.wire_attributes(),
            info: record.wire_info(),
        };
        let delivery = sending.send(("provider-register", "provider/register"), &self.passphrase, &message);
        let Delivery { sent, notes } = delivery.map_err(|failure| self.record.told_of_deposit(failure))?;
        let entry = RecordEntry::new(&address, (&Record::default(), record), sent);
        let notes = notes.into_iter().chain(entry.note_of_rehearsal(context)).chain(self.record.note_of_deposit());
        Ok(notes.fold(Report::record(entry, self.output.output), Report::note))
    }
}
