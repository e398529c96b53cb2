//! What can go wrong with a Ledger, in the words of an operator.

use std::borrow::Cow;
use std::io;
use std::time::Duration;

use crate::domain::fault::{Classified, Fault};

/// Why the device did not do what was asked of it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// None is plugged in.
    #[error("there is no Ledger on the USB")]
    NoDevice,
    /// More than one is plugged in.
    #[error("there are {count} Ledgers on the USB, and one is needed")]
    Several {
        /// How many.
        count: usize,
    },
    /// The USB fails.
    #[error("cannot {doing}")]
    Usb {
        /// What was tried.
        doing: &'static str,
        /// What the system said.
        #[source]
        source: hidapi::HidError,
    },
    /// The emulator's connection fails.
    #[error("cannot {doing} the Ledger emulator")]
    Emulator {
        /// What was tried.
        doing: &'static str,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// Nobody pressed a button in time.
    #[error("the Ledger did not answer within {} s", patience.as_secs())]
    Slow {
        /// How long it had.
        patience: Duration,
    },
    /// The connection was lost.
    #[error("the connection to the Ledger was lost")]
    Lost,
    /// It is locked.
    #[error("the Ledger is locked")]
    Locked,
    /// Another app, or none, is open.
    #[error("the Ledger has {} open, not the Cosmos app", if name.is_empty() { "no app" } else { name })]
    OtherApp {
        /// Its name.
        name: String,
    },
    /// The app is too old.
    #[error("the Cosmos app of the Ledger is version {}.{}.{}, and 1.5.3 or newer is needed", found.0, found.1, found.2)]
    Old {
        /// Its version.
        found: (u32, u32, u32),
    },
    /// The app signs with a key that everybody knows.
    #[error("the Cosmos app of the Ledger is in test mode")]
    TestMode,
    /// A person said no.
    #[error("it was refused on the Ledger")]
    Denied,
    /// The app does not take what was sent.
    #[error("the Cosmos app of the Ledger refuses the data (status {status:04x}){}", if text.is_empty() { String::new() } else { format!(": {text}") })]
    Refused {
        /// Its status.
        status: u16,
        /// In its words.
        text: String,
    },
    /// It answers what it should not.
    #[error("the Ledger answers {what}")]
    Answer {
        /// What it answers.
        what: &'static str,
    },
    /// What is to be signed is no text that the device shows.
    #[error("a Ledger signs transactions in JSON (SIGN_MODE_LEGACY_AMINO_JSON), and nothing else")]
    NotJson,
    /// What is to be signed is too long.
    #[error("a text of {length} bytes does not fit into the Ledger")]
    Long {
        /// Its length.
        length: usize,
    },
    /// The path has not five steps.
    #[error("the Cosmos app takes paths of five steps, not {path}")]
    Path {
        /// The path.
        path: String,
    },
    /// The prefix of addresses cannot be shown.
    #[error("the prefix of the addresses has not 1 to 83 characters")]
    Prefix,
}

impl Error {
    /// What a status other than success means.
    pub(super) fn of_status(status: u16, data: &[u8]) -> Self {
        match status {
            0x6985 | 0x6986 => Self::Denied,
            0x5303 | 0x5515 | 0x6804 | 0x6982 => Self::Locked,
            // The dashboard, or another app, does not know the command.
            0x6511 | 0x6d00 | 0x6e00 | 0x6e01 => Self::OtherApp { name: String::new() },
            status => {
                let text = data.iter().map(|byte| char::from(*byte)).filter(|c| c.is_ascii_graphic() || *c == ' ');
                Self::Refused { status, text: text.take(200).collect() }
            }
        }
    }

    /// Whether the connection, not the app, is at fault.
    pub(super) const fn is_of_the_line(&self) -> bool {
        matches!(self, Self::Usb { .. } | Self::Emulator { .. } | Self::Slow { .. } | Self::Lost | Self::Answer { .. })
    }
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::NoDevice
            | Self::Several { .. }
            | Self::Usb { .. }
            | Self::Emulator { .. }
            | Self::Slow { .. }
            | Self::Lost
            | Self::Locked
            | Self::OtherApp { .. }
            | Self::Answer { .. } => Fault::Unavailable,
            Self::Denied | Self::TestMode => Fault::Denied,
            Self::Old { .. }
            | Self::Refused { .. }
            | Self::NotJson
            | Self::Long { .. }
            | Self::Path { .. }
            | Self::Prefix => Fault::Invalid,
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        let hint = match self {
            Self::NoDevice | Self::Lost => {
                "plug it in, unlock it and open the Cosmos app; this user needs access to its /dev/hidraw*"
            }
            Self::Several { .. } => "unplug the others",
            Self::Usb { .. } => {
                "this user needs access to the device's /dev/hidraw* (Ledger's udev rules), and no wallet program may hold it"
            }
            Self::Emulator { .. } => "keys.ledger.emulator is for tests only; start Speculos there, or remove the key",
            Self::Slow { .. } => "nothing was signed; run it again with somebody at the device",
            Self::Locked => "enter its PIN, then open the Cosmos app",
            Self::OtherApp { .. } => "open the Cosmos app on the device",
            Self::Old { .. } => "update the Cosmos app with Ledger's own program",
            Self::TestMode => "switch the app's test mode off: everybody knows its key",
            Self::Denied => "nothing was signed; compare what the device shows with `--dry-run` of the command",
            Self::Long { .. } => "put fewer messages into one transaction",
            Self::NotJson => "keep the keys of usage records and sealed orders in files (--keyring-backend file)",
            Self::Path { .. } => "set keys.ledger.derivation_path to a path such as m/44'/118'/0'/0/0",
            Self::Refused { .. } => "the app may be too old, or its expert mode may be needed",
            Self::Answer { .. } | Self::Prefix => return None,
        };
        Some(hint.into())
    }
}
