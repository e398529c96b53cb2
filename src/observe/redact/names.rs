//! Names that say that what they name is secret.

/// Wherever one of these stands in a name (lower case, separators left out), the value is secret.
const PARTS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "mnemonic",
    "seedphrase",
    "privatekey",
    "privkey",
    "signingkey",
    "encryptionkey",
    "authorization",
    "apikey",
    "accesskey",
    "credential",
    "cookie",
];

/// Where one of these is a word of the name by itself, the value is secret.
const WORDS: &[&str] = &["pin", "pwd", "pass", "psk", "jwt", "mnemonics", "seed"];

/// A name that ends with one of these words says where a secret is or of what kind, not what it is.
const ABOUT: &[&str] = &["file", "path", "dir", "folder", "name", "env", "kind", "type", "count", "length"];

/// Whether the value of a field, key, header or variable with this name is to be kept secret.
///
/// ```
/// # use provider::observe::redact::is_secret_name;
/// assert!(is_secret_name("password") && is_secret_name("X-Api-Key") && is_secret_name("privateKeyPem"));
/// assert!(!is_secret_name("password_file") && !is_secret_name("key") && !is_secret_name("mapping"));
/// ```
pub fn is_secret_name(name: &str) -> bool {
    let words = words(name);
    if words.last().is_some_and(|last| ABOUT.contains(&last.as_str())) {
        return false;
    }
    let joined = words.concat();
    PARTS.iter().any(|part| joined.contains(part)) || words.iter().any(|word| WORDS.contains(&word.as_str()))
}

/// The words of a name in lower case: `apiKey`, `API_KEY` and `api-key` are all `api`, `key`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before_lower = false;
    for character in name.chars() {
        let begins = !character.is_alphanumeric() || (before_lower && character.is_uppercase());
        before_lower = character.is_lowercase() || character.is_numeric();
        if begins && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if character.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(character.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secret_names() {
        for name in [
            "password",
            "PASSWORD",
            "db_password",
            "dbPassword",
            "passphrase",
            "client-secret",
            "token",
            "auth_token",
            "accessToken",
            "mnemonic",
            "private_key",
            "privateKey",
            "Authorization",
            "Proxy-Authorization",
            "api_key",
            "X-API-Key",
            "aws_secret_access_key",
            "credentials",
            "Set-Cookie",
            "user_pin",
            "pin",
            "spec.pass",
            "PROVIDER_KEYS_PASSPHRASE",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn other_names() {
        for name in [
            "",
            "key",
            "public_key",
            "key_id",
            "price",
            "mapping",
            "spinning",
            "passed",
            "compass",
            "author",
            "password_file",
            "secretName",
            "token_type",
            "passphraseEnv",
            "order",
            "=",
            "bypass",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
    }
}
