//! `provider keys destroy`

use clap::Args;

use super::emergency;
use super::keyring::{self, KeyringOption};
use super::life::{Life, LifeEntry};
use crate::cli::output::OutputOption;
use crate::cli::passphrase::{Asking, PassphraseOption};
use crate::cli::terminal::Terminal;
use crate::cli::{Configuration, Context, Failure, Report, Status};
use crate::jobs::keys_life;
use crate::keys::file::Access;
use crate::keys::{Backends, Name, PublicKey};
use crate::store::keys::KeyRow;

/// Delete an archived or compromised key for good
///
/// Only a mnemonic or a backup brings it back. What it signed stays valid; what was sealed to it cannot be opened any
/// more. An archived key is kept as long as the policy says, and where it asks for an approval, `keys approve` comes
/// first.
///
/// The key of an account is the only one that moves its money and closes its leases: the chain is asked whether there are
/// any, and where it does not answer, nothing is deleted without --force.
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

    /// Delete it even if others may still seal for it, if its file cannot be read, or if its account may not be empty
    #[arg(long)]
    force: bool,

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
        let before = super::life::look(Some(&life.store), &life.keyring)?;
        let row_before = before.named(name).and_then(|kept| kept.row.as_ref());
        let under_way = row_before.filter(|row| row.destroying_at.is_some()).map(|row| row.id);
        let kept = if rehearsal {
            super::life::look(Some(&life.store), &life.keyring)?
        } else {
            life.recorded("keys-destroy", |trail| life.sync(trail))?
        };
        let unknown = || keys_life::Error::Unknown { key: name.to_owned() };
        // A run that was killed after the file was gone is ended by looking: that is what was asked for.
        if let Some(row) = kept.gone.iter().find(|row| Some(row.id) == under_way) {
            return Ok(Report::record(LifeEntry::new(row.clone(), true), self.output.output));
        }
        let found = kept.kept.into_iter().find(|kept| kept.name == name).ok_or_else(unknown)?;
        let row = found.row.ok_or_else(unknown)?;
        let option = PassphraseOption::default();
        let ask = Asking::new(context, &option, &configuration);
        let backends = Backends::new(&life.keyring, &ask, keyring::places(&configuration, context)?);
        let how = keys_life::Destruction {
            key: found.key.as_ref(),
            problem: found.problem.as_ref(),
            backends: &backends,
            policy: &life.policy.policy,
            early: self.early,
            force: self.force,
        };
        how.check(&row, life.now())?;
        if !self.force {
            check_account(&configuration, &row)?;
        }
        if rehearsal {
            return Ok(Report::record(LifeEntry::new(row, false), self.output.output));
        }
        if !self.yes {
            let prefix = configuration.network().address_prefix;
            let address = found.key.as_ref().and_then(|key| key.public.address(prefix)).and_then(Result::ok);
            let of = address.map_or_else(String::new, |address| format!(" of the account {address}"));
            confirm(name, &format!("{} key{of}", row.key_type))?;
        }
        let row = life.recorded("keys-destroy", |trail| {
            let deed = life.deed(name, self.reason.as_deref());
            Ok(keys_life::destroy(&life.store, deed, how, trail)?)
        })?;
        Ok(Report::record(LifeEntry::new(row, true), self.output.output))
    }
}

/// Refuses to delete the only key of an account that may still have money or leases.
fn check_account(configuration: &Configuration, row: &KeyRow) -> Result<(), Failure> {
    let public = PublicKey::from_bytes(row.key_type, &row.public_key).ok();
    let address = public.and_then(|public| public.address(configuration.network().address_prefix));
    let Some(address) = address else { return Ok(()) };
    let address = address.map_err(|error| Failure::new(Status::Bug, "cannot form an address").caused_by(&error))?;
    let name = &row.name;
    let way_out = format!(
        "`provider keys compromise {name} --sweep-to ADDRESS --close-leases` empties it; --force deletes its key all the same"
    );
    match emergency::remains(configuration, &address) {
        Ok(left) if left.is_empty() => Ok(()),
        Ok(left) => {
            let message = format!("the account {address} of the key `{name}` still has {}", left.join(", "));
            Err(Failure::new(Status::Denied, message).hint(way_out))
        }
        Err(failure) => Err(Failure::new(
            Status::TryLater,
            format!("nobody knows whether the account {address} of the key `{name}` is empty"),
        )
        .beneath(failure.in_one_line())
        .hint("try again when a node answers; --force deletes the key all the same, and with it what the account has")),
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
