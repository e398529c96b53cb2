//! Health checks that a manifest asks for.

use serde::{Deserialize, Serialize};

/// How a service is asked whether it is well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Probe {
    /// A GET is answered with a status from 200 to 399.
    Http {
        /// The port that the service listens at.
        port: u16,
        /// The path, beginning with `/`.
        path: String,
    },
    /// A connection is taken.
    Tcp {
        /// The port that the service listens at.
        port: u16,
    },
    /// A command, run beside the service, ends with 0. Never through a shell.
    Command {
        /// The program and its arguments.
        command: Vec<String>,
    },
}

impl Probe {
    /// The word for its kind.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Http { .. } => "http",
            Self::Tcp { .. } => "tcp",
            Self::Command { .. } => "command",
        }
    }
}
