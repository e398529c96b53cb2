//! Secrets: written as references, never shown, read from their place only when they are needed.

use std::fmt;
use std::path::PathBuf;

use serde_json::{Value as Json, json};

use super::Value;
use crate::config::reading::Reading;
use crate::domain::yaml::{Node, Value as Yaml};
use crate::observe::redact;

/// Where a secret is to be found.
#[derive(Clone, PartialEq, Eq)]
pub enum Secret {
    /// In an environment variable: `${NAME}` or `env:NAME`.
    Variable(String),
    /// In a file, without the line end: `file:/path`.
    File(PathBuf),
    /// In the configuration itself, which is warned about.
    Plain(String),
}

/// Shows where, never what.
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => write!(f, "Secret(env:{name})"),
            Self::File(path) => write!(f, "Secret(file:{})", path.display()),
            Self::Plain(_) => f.write_str("Secret(plain)"),
        }
    }
}

impl Value for Secret {
    fn schema() -> Json {
        json!({ "type": "string", "minLength": 1 })
    }

    fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Self> {
        let Yaml::Scalar { text, .. } = &node.value else {
            reading.error(node, format!("expected a secret, found {}", node.value.noun()));
            return None;
        };
        let reference =
            text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')).or_else(|| text.strip_prefix("env:"));
        if let Some(name) = reference {
            redact::register(reading.variable(node, name)?);
            return Some(Self::Variable(name.to_owned()));
        }
        if let Some(path) = text.strip_prefix("file:") {
            let path = reading.path(node, path)?;
            return match readable(&path) {
                Ok(()) => Some(Self::File(path)),
                Err(why) => {
                    reading.error(node, format!("the secret's file {} cannot be used: {why}", path.display()));
                    None
                }
            };
        }
        if text.contains("${") {
            let help = "write the reference alone, and put the whole secret behind it";
            reading.error_with_help(node, "a secret is a reference or a text, not a mixture of both", help);
            return None;
        }
        if text.is_empty() {
            reading.error(node, "expected a secret, found an empty text");
            return None;
        }
        if !reading.inline {
            let help = "write ${NAME}, env:NAME or file:/path, so that the secret stays out of this file";
            reading.warning(node, "a secret stands here in plain text", help);
        }
        redact::register(text);
        Some(Self::Plain(text.clone()))
    }

    fn show(&self) -> Json {
        Json::String(match self {
            Self::Variable(name) => format!("(secret in env:{name})"),
            Self::File(path) => format!("(secret in file:{})", path.display()),
            Self::Plain(_) => "(secret)".to_owned(),
        })
    }

    fn outside(&self, _: &str, _: &str) -> bool {
        false
    }

    const SECRET: bool = true;
}

/// The most that a secret may have, in bytes: a key in PEM is far smaller.
const LARGEST: u64 = 64 * 1024;

/// Whether a file can hold a secret. A pipe or a device is not even opened: it could hang the program.
fn readable(path: &std::path::Path) -> Result<(), String> {
    let metadata = std::fs::metadata(path).map_err(|error| error.to_string())?;
    if !metadata.is_file() {
        return Err("it is no regular file".to_owned());
    }
    match metadata.len() {
        0 => Err("it is empty".to_owned()),
        length if length > LARGEST => Err(format!("it has {length} bytes; a secret has at most {LARGEST}")),
        _ => std::fs::File::open(path).map(drop).map_err(|error| error.to_string()),
    }
}
