//! `provider keys`

mod add;
mod delete;
mod key_entry;
mod keyring;
mod list;
mod role;
mod show;
mod test_sign;

use clap::{Args, Subcommand};

pub use keyring::open as open_keyring;

use super::{Context, Failure, Report};

/// Make, list, show, try and delete keys
///
/// Each key is sealed in a file of the key folder (keys.keyring_path) with a passphrase. The passphrase is read from
/// --passphrase-file, from the systemd credential `provider-passphrase`, or at the terminal; never from an argument or a
/// variable. Listing and showing need none.
#[derive(Debug, Args)]
pub struct Keys {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Add(add::Add),
    #[command(hide = true)]
    Generate(add::Generate),
    List(list::List),
    Show(show::Show),
    TestSign(test_sign::TestSign),
    Delete(delete::Delete),
}

impl Keys {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        match self.command {
            Command::Add(command) => command.run(context),
            Command::Generate(command) => command.run(context),
            Command::List(command) => command.run(context),
            Command::Show(command) => command.run(context),
            Command::TestSign(command) => command.run(context),
            Command::Delete(command) => command.run(context),
        }
    }
}
