//! A secret of the configuration, read from its place when it is needed.

use super::{Context, Failure, Status};
use crate::config::Secret;
use crate::observe::redact;

/// The most that is read of a secret's file, in bytes.
const LARGEST: u64 = 64 * 1024;

impl Context {
    /// The secret that a key of the configuration refers to, known to the logs as something to keep out of them.
    pub fn secret(&self, secret: &Secret) -> Result<String, Failure> {
        let text = match secret {
            Secret::Plain(text) => text.clone(),
            Secret::Variable(name) => {
                let missing = || Failure::new(Status::Configuration, format!("the variable {name} holds no secret"));
                self.environment.text(name).ok_or_else(missing)?.to_owned()
            }
            Secret::File(path) => {
                let cannot = |error: std::io::Error| {
                    let said = format!("cannot read the secret in {}", path.display());
                    Failure::new(Status::Configuration, said).caused_by(&error)
                };
                let mut text = String::new();
                let file = std::fs::File::open(path).map_err(cannot)?;
                std::io::Read::read_to_string(&mut std::io::Read::take(file, LARGEST), &mut text).map_err(cannot)?;
                text.trim_end_matches(['\n', '\r']).to_owned()
            }
        };
        redact::register(&text);
        Ok(text)
    }
}
