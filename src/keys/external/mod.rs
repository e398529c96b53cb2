//! Keys with a program of the operator's: `non_custodial`. This process never sees a secret.
//!
//! # The contract
//! For each operation the program is started with the configured arguments, in an empty environment but for `PATH`,
//! `HOME` and `LANG`, and reads one JSON object from stdin:
//! ```json
//! {"version":1,"operation":"sign","key":"provider","type":"secp256k1","message":"<base64>"}
//! ```
//! | operation | further fields | answer |
//! |---|---|---|
//! | `generate` | | `{"public_key":"<base64>"}`: makes the key; fails with `exists` if there is one |
//! | `public_key` | | `{"public_key":"<base64>"}`: of a key that exists |
//! | `sign` | `message` | `{"signature":"<base64>"}`: 64 bytes; ECDSA: `r` and `s` over the SHA-256 of the message |
//! | `open` | `sender`, `nonce`, `ciphertext` | `{"plaintext":"<base64>"}`: NaCl's `crypto_box_open` |
//! | `remove` | | `{}`: deletes the key; that it is gone already is success |
//!
//! It writes one JSON object to stdout and exits with 0, or answers `{"error":"CODE","message":"…"}` with the code
//! `denied`, `not_found`, `exists`, `unavailable` or `invalid`, whatever its exit code. An ECDSA signature with a high
//! `s` is turned into the low one. Every signature is verified against the key's file. What it writes to stderr is not
//! read. A program that does not end in time, or when this process is asked to end (SIGINT, SIGTERM), is killed with
//! everything that it started in its process group. Nothing can be done when this process is killed outright: a program that
//! waits for a person should look whether its parent is still there before it signs.

mod process;

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::backend::{Backend, Capabilities, NewKey, Origin, SealedBox};
use super::file::{Described, Home, Key, KeyFile, Keyring};
use super::{BackendKind, KeyType, Name, PublicKey, Signature};
use crate::domain::fault::{Classified, Fault};

/// How the program is started.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The program and its arguments.
    pub command: Vec<String>,
    /// How long one operation may take.
    pub timeout: Duration,
    /// A person confirms each signature.
    pub confirms: bool,
    /// The environment of the program.
    pub environment: Vec<(String, String)>,
    /// Whether this process is to end, so that the program does not outlive it.
    pub stop: Stop,
}

/// Whether this process is to end.
#[derive(Clone)]
pub struct Stop(pub Arc<dyn Fn() -> bool + Send + Sync>);

impl fmt::Debug for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stop").finish_non_exhaustive()
    }
}

/// The version of the contract.
const VERSION: u32 = 1;

/// The most bytes of an answer to what is not `open`.
const LONGEST_ANSWER: usize = 64 * 1024;

/// Keys with a signer program.
#[derive(Debug)]
pub struct External<'a> {
    keyring: &'a Keyring,
    settings: Settings,
}

/// Why the program did not do what was asked of it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It cannot be started, or read from.
    #[error("cannot run the signer program {}", program.display())]
    Run {
        /// The program.
        program: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It took too long, and was killed.
    #[error("the signer program {} did not answer within {} s and was killed", program.display(), timeout.as_secs())]
    Slow {
        /// The program.
        program: PathBuf,
        /// How long it had.
        timeout: Duration,
    },
    /// This process was asked to end, and the program was killed.
    #[error("stopped on request; the signer program {} was killed", program.display())]
    Stopped {
        /// The program.
        program: PathBuf,
    },
    /// Its answer is not in the contract.
    #[error("the signer program {} answered {what} to `{operation}`", program.display())]
    Answer {
        /// The program.
        program: PathBuf,
        /// What was asked.
        operation: &'static str,
        /// What came.
        what: &'static str,
    },
    /// It refused.
    #[error("the signer program refuses `{operation}` for the key `{key}` ({}): {message}", code.word())]
    Refused {
        /// What was asked.
        operation: &'static str,
        /// The key.
        key: Name,
        /// Why.
        code: Code,
        /// In its words.
        message: String,
    },
}

/// Why a signer program refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// It will not, or a person said no.
    Denied,
    /// It has no such key.
    NotFound,
    /// It has such a key already.
    Exists,
    /// It cannot now.
    Unavailable,
    /// It cannot with this input.
    Invalid,
}

impl Code {
    const fn word(self) -> &'static str {
        match self {
            Self::Denied => "denied",
            Self::NotFound => "not_found",
            Self::Exists => "exists",
            Self::Unavailable => "unavailable",
            Self::Invalid => "invalid",
        }
    }
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::Run { source, .. } => match source.kind() {
                io::ErrorKind::NotFound => Fault::NotFound,
                io::ErrorKind::PermissionDenied => Fault::Denied,
                _ => Fault::Unavailable,
            },
            Self::Slow { .. } => Fault::Unavailable,
            // Somebody asked for it, and the next run goes on.
            Self::Stopped { .. } => Fault::Conflict,
            Self::Answer { .. } => Fault::Invalid,
            Self::Refused { code, .. } => match code {
                Code::Denied => Fault::Denied,
                Code::NotFound => Fault::NotFound,
                Code::Exists | Code::Invalid => Fault::Invalid,
                Code::Unavailable => Fault::Unavailable,
            },
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        let hint = match self {
            Self::Run { .. } => {
                "keys.signer.command names the program and its arguments; this user must be able to run it"
            }
            Self::Stopped { .. } => "run it again: what the program did in its own store stays done",
            Self::Slow { .. } => "try again, or give it more time with keys.signer.timeout",
            Self::Answer { .. } => {
                "the contract stands in provider-keys(1); run the program by hand with a request on stdin"
            }
            Self::Refused { code: Code::Exists, .. } => {
                "take the key that is there over with `provider keys add --existing`"
            }
            Self::Refused { .. } => "look into the signer program's own log",
        };
        Some(hint.into())
    }
}

#[derive(Serialize)]
struct Request<'a> {
    version: u32,
    operation: &'static str,
    key: &'a Name,
    #[serde(rename = "type")]
    key_type: KeyType,
    #[serde(flatten)]
    more: &'a serde_json::Map<String, serde_json::Value>,
}

#[derive(Deserialize)]
struct Answer {
    error: Option<Code>,
    message: Option<String>,
    public_key: Option<String>,
    signature: Option<String>,
    plaintext: Option<String>,
}

impl<'a> External<'a> {
    /// Keys with this program.
    pub const fn new(keyring: &'a Keyring, settings: Settings) -> Self {
        Self { keyring, settings }
    }

    fn program(&self) -> PathBuf {
        self.settings.command.first().map(PathBuf::from).unwrap_or_default()
    }

    fn ask(
        &self,
        operation: &'static str,
        (key, key_type): (&Name, KeyType),
        fields: &[(&str, &[u8])],
    ) -> Result<Answer, Error> {
        let wrong = |what| Error::Answer { program: self.program(), operation, what };
        let more = fields.iter().map(|(name, bytes)| ((*name).to_owned(), STANDARD.encode(bytes).into())).collect();
        let request = Request { version: VERSION, operation, key, key_type, more: &more };
        let request = serde_json::to_vec(&request).map_err(|_| wrong("nothing"))?;
        let longest = fields.iter().map(|(_, bytes)| bytes.len()).sum::<usize>().saturating_mul(2);
        let longest = longest.saturating_add(LONGEST_ANSWER);
        let (bytes, succeeded) = process::run(&self.settings, &request, longest)?;
        let Ok(answer) = serde_json::from_slice::<Answer>(&bytes) else {
            return Err(wrong(if bytes.is_empty() { "nothing" } else { "what is not the contract's JSON" }));
        };
        if let Some(code) = answer.error {
            let message = answer.message.unwrap_or_default().chars().take(300).collect();
            return Err(Error::Refused { operation, key: key.clone(), code, message });
        }
        if succeeded { Ok(answer) } else { Err(wrong("with a failing exit code and no error")) }
    }

    fn bytes(&self, operation: &'static str, text: Option<&str>) -> Result<Zeroizing<Vec<u8>>, Error> {
        let wrong = |what| Error::Answer { program: self.program(), operation, what };
        let text = text.ok_or(wrong("without the field that was asked for"))?;
        STANDARD.decode(text).map(Zeroizing::new).map_err(|_| wrong("what is no base64"))
    }
}

impl Backend for External<'_> {
    fn kind(&self) -> BackendKind {
        BackendKind::NonCustodial
    }

    fn keeps(&self, _: KeyType) -> bool {
        true
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { needs_touch: self.settings.confirms, json_only: false }
    }

    fn prepare(&self, new: NewKey<'_>) -> Result<KeyFile, super::Error> {
        let NewKey { name, origin, created_at } = new;
        let (operation, key_type) = match origin {
            Origin::New(key_type) => ("generate", key_type),
            Origin::Existing(key_type) => ("public_key", key_type),
            Origin::Given { .. } => {
                return Err(super::Error::Cannot { kind: self.kind(), what: "take a key that was made elsewhere" });
            }
        };
        let answer = self.ask(operation, (&name, key_type), &[])?;
        let bytes = self.bytes(operation, answer.public_key.as_deref())?;
        let wrong =
            |_| Error::Answer { program: self.program(), operation, what: "what is no public key of this type" };
        let public = PublicKey::from_bytes(key_type, &bytes).map_err(wrong)?;
        Ok(self.keyring.refer(Described { name, hd_path: None, created_at }, public, Home::NonCustodial)?)
    }

    fn sign(&self, key: &Key, message: &[u8]) -> Result<Signature, super::Error> {
        let operation = "sign";
        let answer = self.ask(operation, (&key.name, key.public.key_type()), &[("message", message)])?;
        let bytes = self.bytes(operation, answer.signature.as_deref())?;
        let wrong = || Error::Answer { program: self.program(), operation, what: "what is no signature of 64 bytes" };
        let signature: Signature = bytes.as_slice().try_into().map_err(|_| wrong())?;
        Ok(key.public.with_low_s(signature).ok_or_else(wrong)?)
    }

    fn open(&self, key: &Key, sealed: SealedBox<'_>) -> Result<Zeroizing<Vec<u8>>, super::Error> {
        let fields: [(&str, &[u8]); 3] =
            [("sender", sealed.sender), ("nonce", sealed.nonce), ("ciphertext", sealed.ciphertext)];
        let answer = self.ask("open", (&key.name, key.public.key_type()), &fields)?;
        let plaintext = answer.plaintext.map(Zeroizing::new);
        Ok(self.bytes("open", plaintext.as_ref().map(|text| text.as_str()))?)
    }

    fn remove(&self, key: &Key) -> Result<(), super::Error> {
        match self.ask("remove", (&key.name, key.public.key_type()), &[]) {
            Ok(_) | Err(Error::Refused { code: Code::NotFound, .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
