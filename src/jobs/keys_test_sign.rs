//! Whether a key can do its work: record it, unlock it, sign a text that means nothing, verify the signature.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, json};

use super::audit::Trail;
use super::key_usage::{self, Use};
use crate::domain::fault::{Classified, Fault};
use crate::keys::file::Key;
use crate::keys::{self, Name, Signature, Signer};
use crate::store;

/// What is signed. No transaction and no usage record begins like this.
pub const MESSAGE: &[u8] = b"provider keys test-sign\n";

/// Why the key cannot do its work.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It did not sign.
    #[error(transparent)]
    Sign(#[from] keys::Error),
    /// What it signed does not verify: a defect of this program, or of the machine.
    #[error("the signature of the key `{key}` does not verify")]
    Unverified {
        /// The key.
        key: Name,
    },
    /// What cannot be recorded is not done.
    #[error(transparent)]
    Record(#[from] store::Error),
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::Sign(error) => error.fault(),
            Self::Unverified { .. } => Fault::Bug,
            Self::Record(error) => error.fault(),
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Sign(error) => error.hint(),
            Self::Unverified { .. } => Some("test the memory of this machine, and do not use the key here".into()),
            Self::Record(error) => error.hint(),
        }
    }
}

/// Signs [`MESSAGE`] and verifies the signature by the public key of the key's file. A device that shows what it signs
/// gets the message in the form that it shows: the off-chain message of ADR-36, which no chain takes.
pub fn run(signer: &Signer<'_>, prefix: &str, trail: Option<&Trail<'_>>) -> Result<Signature, Error> {
    let key = signer.key();
    let mut about = Map::new();
    about.insert("what".into(), "test".into());
    let message = if signer.capabilities().json_only { off_chain(key, prefix) } else { MESSAGE.to_vec() };
    let signature = key_usage::recorded(trail, (Use::Sign, key), &about, || Ok::<_, Error>(signer.sign(&message)?))?;
    if key.public.verifies(&message, &signature) {
        Ok(signature)
    } else {
        Err(Error::Unverified { key: key.name.clone() })
    }
}

/// [`MESSAGE`] as an off-chain message: its fields in the order of the alphabet, without spaces.
fn off_chain(key: &Key, prefix: &str) -> Vec<u8> {
    let signer = key.public.address(prefix).and_then(Result::ok).map(|address| address.to_string());
    let value = json!({"data": STANDARD.encode(MESSAGE), "signer": signer.unwrap_or_default()});
    let text = json!({
        "account_number": "0",
        "chain_id": "",
        "fee": {"amount": [], "gas": "0"},
        "memo": "",
        "msgs": [{"type": "sign/MsgSignData", "value": value}],
        "sequence": "0",
    });
    text.to_string().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::file::Home;
    use crate::keys::{KeyType, PrivateKey};

    #[test]
    fn the_off_chain_message_is_sorted() {
        let key = Key {
            name: "provider".parse().unwrap(),
            public: PrivateKey::generate(KeyType::Secp256k1).unwrap().public(),
            hd_path: None,
            created_at: jiff::Timestamp::UNIX_EPOCH,
            home: Home::Ledger,
            path: "provider.key".into(),
        };
        let address = key.public.address("ve").unwrap().unwrap();
        let expected = format!(
            "{{\"account_number\":\"0\",\"chain_id\":\"\",\"fee\":{{\"amount\":[],\"gas\":\"0\"}},\"memo\":\"\",\"msgs\":[{{\
             \"type\":\"sign/MsgSignData\",\"value\":{{\"data\":\"cHJvdmlkZXIga2V5cyB0ZXN0LXNpZ24K\",\"signer\":\"{address}\"}}}}],\
             \"sequence\":\"0\"}}"
        );
        assert_eq!(String::from_utf8(off_chain(&key, "ve")).unwrap(), expected);
    }
}
