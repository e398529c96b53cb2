//! `provider keys`

mod add;
mod approve;
mod backup;
mod change;
mod destroy;
mod export_public;
mod import;
mod init;
mod key_entry;
mod keyring;
mod life;
mod list;
mod open;
mod policy;
mod restore;
mod role;
mod seal;
mod set_policy;
mod show;
mod status;
mod test_sign;

use clap::{Args, Subcommand};

pub use keyring::{open as open_keyring, places};
pub use life::check_in_use;

use super::{Context, Failure, Report};

/// Make, keep, use, rotate and end keys
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
    Init(init::Init),
    Add(add::Add),
    #[command(hide = true)]
    Generate(add::Generate),
    List(list::List),
    Show(show::Show),
    ExportPublic(export_public::ExportPublic),
    Import(import::Import),
    TestSign(test_sign::TestSign),
    Open(open::Open),
    Seal(seal::Seal),
    Backup(backup::Backup),
    Restore(restore::Restore),
    Status(status::Status),
    SetPolicy(set_policy::SetPolicy),
    Approve(approve::Approve),
    Suspend(change::Suspend),
    Resume(change::Resume),
    Deactivate(change::Deactivate),
    Archive(change::Archive),
    Destroy(destroy::Destroy),
}

impl Keys {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        match self.command {
            Command::Init(command) => command.run(context),
            Command::Add(command) => command.run(context),
            Command::Generate(command) => command.run(context),
            Command::List(command) => command.run(context),
            Command::Show(command) => command.run(context),
            Command::ExportPublic(command) => command.run(context),
            Command::Import(command) => command.run(context),
            Command::TestSign(command) => command.run(context),
            Command::Open(command) => command.run(context),
            Command::Seal(command) => command.run(context),
            Command::Backup(command) => command.run(context),
            Command::Restore(command) => command.run(context),
            Command::Status(command) => command.run(context),
            Command::SetPolicy(command) => command.run(context),
            Command::Approve(command) => command.run(context),
            Command::Suspend(command) => command.run(context),
            Command::Resume(command) => command.run(context),
            Command::Deactivate(command) => command.run(context),
            Command::Archive(command) => command.run(context),
            Command::Destroy(command) => command.run(context),
        }
    }
}
