//! What the section `keys` says that cannot work.

use super::schema::{KeyStore, Settings};
use crate::domain::network;

/// Each problem: the key, what is wrong, what to do.
pub(super) fn problems(settings: &Settings) -> Vec<(&'static str, String, &'static str)> {
    let keys = &settings.keys;
    let mut found = Vec::new();
    match keys.keyring_backend {
        KeyStore::Hardware if keys.hsm.library_path.is_none() => found.push((
            "keys.keyring_backend",
            "keys are to be kept on a token, and keys.hsm.library_path does not say how it is reached".to_owned(),
            "set keys.hsm.library_path to the PKCS#11 library of the token's vendor",
        )),
        KeyStore::NonCustodial if keys.signer.command.is_empty() => found.push((
            "keys.keyring_backend",
            "keys are to be kept by a signer program, and keys.signer.command does not name one".to_owned(),
            "set keys.signer.command to the program and its arguments",
        )),
        KeyStore::File | KeyStore::Ledger | KeyStore::Hardware | KeyStore::NonCustodial => {}
        KeyStore::Memory => {
            let chain_id = settings.chain_id();
            if !network::is_of_tests(&chain_id) {
                let message = format!("keys in memory are for tests, and `{chain_id}` may be a real chain");
                found.push(("keys.keyring_backend", message, "keep keys in files: keyring_backend: file"));
            }
        }
    }
    found
}
