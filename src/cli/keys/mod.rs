//! `provider keys`

mod add;
mod approve;
mod backup;
mod change;
mod compromise;
mod destroy;
mod emergency;
mod export_public;
mod import;
mod init;
mod key_entry;
mod keyring;
mod life;
mod list;
mod open;
mod policy;
mod register;
mod restore;
mod role;
mod rotate;
mod seal;
mod set_policy;
mod show;
mod status;
mod test_sign;

use clap::{Args, Subcommand};

pub use keyring::{open as open_keyring, places};
pub use life::{check_in_use, look, state_to_look_at};
pub use open::{open as open_envelope, remarks as envelope_remarks};
pub use policy::in_force as key_policy;

use super::{Context, Failure, Report};

/// Make, keep, use, rotate and end keys
///
/// Each key has a file in the key folder (keys.keyring_path). It holds the key, sealed with a passphrase, or says where it
/// is kept: on a PKCS#11 token, on a Ledger device, or by a signer program. Passphrases are read from --passphrase-file,
/// from the systemd credential `provider-passphrase-NAME` or `provider-passphrase`, or at the terminal; never from an
/// argument or a variable. Listing and showing need none.
///
/// A key lives as the state file says: created, pending, active, rotating, suspended, deactivated, archived, compromised,
/// destroyed. `keys status` shows it, `keys rotate --if-due` is for a timer.
#[derive(Debug, Args)]
#[command(after_long_help = SIGNER_PROGRAMS)]
pub struct Keys {
    #[command(subcommand)]
    command: Command,
}

/// The contract of `keys::external`, for those who write such a program.
const SIGNER_PROGRAMS: &str = "\
Signer programs:

With keys.keyring_backend: non_custodial a program of the operator's keeps the keys. keys.signer.command names it with its \
arguments. For each operation it is started anew, with PATH, HOME and LANG in its environment and nothing else, and reads \
one JSON object from stdin: version (1), operation, key (its name), type (secp256k1, ed25519, x25519 or p256) and the \
fields of the operation, bytes in base64. It writes one JSON object to stdout and ends with exit code 0.

The operations: `generate` makes a key and answers public_key; `public_key` answers that of a key which exists; `sign` has \
the field message and answers signature, 64 bytes, for ECDSA r and s over the SHA-256 of the message; `open` has sender, \
nonce and ciphertext and answers plaintext, as crypto_box_open of NaCl does; `remove` deletes a key and answers an empty \
object. Points are compressed.

Where it cannot, it answers error and message instead; error is denied, not_found, exists, unavailable or invalid. Every \
signature is verified by the key's file before it is used. A program that has not ended after keys.signer.timeout, or \
when a signal ends the command, is killed, with everything that it started in its process group. Only when the command itself \
is killed (SIGKILL) does it live on: one that waits for a person should look whether its parent is still there before it signs.";

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Init),
    Add(add::Add),
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
    Register(register::Register),
    Revoke(register::Revoke),
    Rotate(rotate::Rotate),
    Status(status::Status),
    SetPolicy(set_policy::SetPolicy),
    Approve(approve::Approve),
    Suspend(change::Suspend),
    Resume(change::Resume),
    Deactivate(change::Deactivate),
    Compromise(compromise::Compromise),
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
            Command::Register(command) => command.run(context),
            Command::Revoke(command) => command.run(context),
            Command::Rotate(command) => command.run(context),
            Command::Status(command) => command.run(context),
            Command::SetPolicy(command) => command.run(context),
            Command::Approve(command) => command.run(context),
            Command::Suspend(command) => command.run(context),
            Command::Resume(command) => command.run(context),
            Command::Deactivate(command) => command.run(context),
            Command::Compromise(command) => command.run(context),
            Command::Archive(command) => command.run(context),
            Command::Destroy(command) => command.run(context),
        }
    }
}
