//! `provider keys destroy`

use clap::Args;

use super::keyring::{self, KeyringOption};
use super::life::{Life, LifeEntry};
use crate::cli::output::OutputOption;
use crate::cli::passphrase::{Asking, PassphraseOption};
use crate::cli::terminal::Terminal;
use crate::cli::{Context, Failure, Report, Status};
use crate::domain::key::Event;
use crate::jobs::keys_life;
use crate::keys::file::Access;
use crate::keys::{Backends, Name};

/// Delete an archived or compromised key for good
///
/// Only a mnemonic or a backup brings it back. What it signed stays valid; what was sealed to it cannot be opened any
/// more. An archived key is kept as long as the policy says, and where it asks for an approval, `keys approve` comes
/// first.
#[derive(Debug, Args)]
pub struct Destroy {
    /// The key
    #[arg(value_name = "NAME")]
    name: Name,

    /// Do not ask
    #[arg(long, short)]
    yes: bool,

    /// Do not wait until the policy's time is over
    #[arg(long)]
    early: bool,

    /// Why, for the record
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,

    #[command(flatten)]
    keyring: KeyringOption,

    #[command(flatten)]
    output: OutputOption,
}

impl Destroy {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = self.keyring.configuration(context)?;
        let rehearsal = context.global.dry_run;
        let life = Life::open(context, &configuration, if rehearsal { Access::Look } else { Access::Use })?;
        let name = self.name.as_str();
        let kept = if rehearsal {
            super::life::look(Some(&life.store), &life.keyring)?
        } else {
            life.recorded("keys-destroy", |trail| life.sync(trail))?
        };
        let unknown = || keys_life::Error::Unknown { key: name.to_owned() };
        let found = kept.into_iter().find(|kept| kept.name == name).ok_or_else(unknown)?;
        let row = found.row.ok_or_else(unknown)?;
        let illegal = |source| keys_life::Error::Illegal { key: name.to_owned(), source };
        row.state.next(Event::Destroy).map_err(illegal)?;
        if rehearsal {
            return Ok(Report::record(LifeEntry::new(row, false), self.output.output));
        }
        if !self.yes {
            let prefix = configuration.network().address_prefix;
            let address = found.key.as_ref().and_then(|key| key.public.address(prefix)).and_then(Result::ok);
            let of = address.map_or_else(String::new, |address| format!(" of the account {address}"));
            confirm(name, &format!("{} key{of}", row.key_type))?;
        }
        let option = PassphraseOption::default();
        let ask = Asking::new(context, &option, &configuration);
        let backends = Backends::new(&life.keyring, &ask, keyring::places(&configuration, context)?);
        let row = life.recorded("keys-destroy", |trail| {
            let deed = life.deed(name, self.reason.as_deref());
            let rules = (&life.policy.policy, self.early);
            Ok(keys_life::destroy(&life.store, deed, (found.key.as_ref(), &backends), rules, trail)?)
        })?;
        Ok(Report::record(LifeEntry::new(row, true), self.output.output))
    }
}

/// Has a person type the name of the key.
fn confirm(name: &str, what: &str) -> Result<(), Failure> {
    let unsure = |message: String| Failure::new(Status::Usage, message).hint("nothing was deleted; --yes does not ask");
    let mut terminal =
        Terminal::open().ok_or_else(|| unsure(format!("nobody can be asked whether to delete the key `{name}`")))?;
    let question = format!("Delete the {what} for good? Type its name ({name}) to go on: ");
    let answer = terminal.ask(&question).map_err(|error| unsure("there was no answer".to_owned()).caused_by(&error))?;
    if answer.trim() == name { Ok(()) } else { Err(unsure("the answer is not the name of the key".to_owned())) }
}
