//! `provider keys show`

use clap::Args;

use super::key_entry::KeyEntry;
use super::keyring::{self, KeyringOption};
use super::life;
use crate::cli::output::OutputOption;
use crate::cli::{Context, Failure, Report, Status};
use crate::jobs::keys_inventory::Problem;
use crate::keys::Name;
use crate::keys::file::Access;

/// Show the public part of a key, without unlocking it
#[derive(Debug, Args)]
pub struct Show {
    /// The key
    #[arg(value_name = "NAME")]
    name: Name,

    /// Print only the address of its account
    #[arg(long, short, conflicts_with = "pubkey")]
    address: bool,

    /// Print only its public key, in base64
    #[arg(long, short)]
    pubkey: bool,

    #[command(flatten)]
    keyring: KeyringOption,

    #[command(flatten)]
    output: OutputOption,
}

impl Show {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = self.keyring.configuration(context)?;
        let keyring = keyring::open(&configuration, Access::Look)?;
        let key = keyring.find(&self.name)?;
        let mut entry = KeyEntry::new(&key, &configuration)?;
        if self.pubkey {
            return Ok(Report::verbatim(format!("{}\n", entry.public_key)));
        }
        if self.address {
            let without = || {
                let message = format!("the key `{}` is of type {} and has no account", entry.name, entry.r#type);
                Failure::new(Status::Data, message)
                    .hint("only secp256k1 keys have addresses; --pubkey prints its public key")
            };
            return Ok(Report::verbatim(format!("{}\n", entry.address.as_ref().ok_or_else(without)?)));
        }
        let kept = life::look(life::state_to_look_at(&configuration).as_ref(), &keyring)?;
        let kept = kept.kept.into_iter().find(|kept| kept.name == entry.name);
        if kept.as_ref().is_some_and(|kept| kept.problem == Some(Problem::OtherKey)) {
            return Err(life::not_the_key(&entry.name));
        }
        if let Some(row) = kept.and_then(|kept| kept.row) {
            (entry.state, entry.role) = (Some(row.state), row.role.or(entry.role));
        }
        Ok(Report::record(entry, self.output.output))
    }
}
