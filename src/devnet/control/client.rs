//! The side of the commands.

use super::{Answer, Request, socket_of};
use crate::domain::fault::{Classified, Fault};
use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A way to the running chain.
pub struct Client {
    socket: PathBuf,
}

/// How long an answer may take: seeding and advancing take seconds.
const PATIENCE: Duration = Duration::from_mins(10);

/// Why the running chain could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing listens.
    #[error("no development chain runs in {home}")]
    NotRunning {
        /// The folder.
        home: PathBuf,
    },
    /// We may not look into the folder, or not talk to who runs there.
    #[error("not allowed to reach the development chain at {}", socket.display())]
    Denied {
        /// The socket.
        socket: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The conversation broke off.
    #[error("cannot {doing} the development chain at {socket}")]
    Talk {
        /// What was tried.
        doing: &'static str,
        /// The socket.
        socket: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// What was asked is wrong.
    #[error("the development chain refuses: {why}")]
    Refused {
        /// Its words.
        why: String,
    },
    /// It was ended meanwhile.
    #[error("the development chain is being ended: what was asked is done in part, or not at all")]
    Ending,
    /// The chain itself is at fault.
    #[error("the development chain failed: {why}")]
    Failed {
        /// Its words.
        why: String,
    },
    /// Its answer cannot be understood.
    #[error("the development chain gave an answer to another question")]
    Other,
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::NotRunning { .. } | Self::Talk { .. } | Self::Ending => Fault::Unavailable,
            Self::Refused { .. } => Fault::Invalid,
            Self::Denied { .. } => Fault::Denied,
            Self::Failed { .. } | Self::Other => Fault::Bug,
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::NotRunning { .. } | Self::Ending => Some("start it with `provider devnet start --background`".into()),
            Self::Talk { .. } => Some("see what `provider devnet status` says, and devnet.log in its folder".into()),
            Self::Failed { .. } => Some("see devnet.log in its folder".into()),
            Self::Denied { .. } => Some("be the user that started it, or name another folder with --home".into()),
            Self::Refused { .. } => None,
            Self::Other => Some("another version of this program may be running: stop it and start it again".into()),
        }
    }
}

impl Client {
    /// A way to the chain in this folder.
    pub fn of(home: &Path) -> Self {
        Self { socket: socket_of(home) }
    }

    /// Asks, and waits for the answer. A refusal is an error.
    pub fn ask(&self, request: &Request) -> Result<Answer, Error> {
        let stream = UnixStream::connect(&self.socket).map_err(|error| self.unreached(error))?;
        let failed = |doing| move |source| Error::Talk { doing, socket: self.socket.clone(), source };
        stream.set_read_timeout(Some(PATIENCE)).map_err(failed("ask"))?;
        let mut line = serde_json::to_string(request).map_err(io::Error::from).map_err(failed("ask"))?;
        line.push('\n');
        (&stream).write_all(line.as_bytes()).map_err(failed("ask"))?;
        let mut answer = String::new();
        BufReader::new(&stream).read_line(&mut answer).map_err(failed("hear"))?;
        match serde_json::from_str(&answer).map_err(io::Error::from).map_err(failed("understand"))? {
            Answer::Refused { why } => Err(Error::Refused { why }),
            Answer::Ending => Err(Error::Ending),
            Answer::Failed { why } => Err(Error::Failed { why }),
            answer => Ok(answer),
        }
    }

    /// Only where there is no socket, or nobody at it, does nothing run there.
    fn unreached(&self, source: io::Error) -> Error {
        let socket = self.socket.clone();
        match source.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => {
                Error::NotRunning { home: socket.parent().map(Path::to_owned).unwrap_or_default() }
            }
            io::ErrorKind::PermissionDenied => Error::Denied { socket, source },
            _ => Error::Talk { doing: "reach", socket, source },
        }
    }

    /// Asks for something to be done; the height after it.
    pub fn perform(&self, request: &Request) -> Result<i64, Error> {
        match self.ask(request)? {
            Answer::Done { height } => Ok(height),
            _ => Err(Error::Other),
        }
    }
}
