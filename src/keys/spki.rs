//! Public keys in the forms that other software reads.

use super::PublicKey;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

impl PublicKey {
    /// SubjectPublicKeyInfo in PEM, as OpenSSL reads it; ECDSA keys as compressed points.
    pub fn pem(&self) -> String {
        // Everything before the point is the same for all keys of a type.
        let head: &[u8] = match self {
            Self::Secp256k1(_) => &[
                0x30, 0x36, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b, 0x81,
                0x04, 0x00, 0x0a, 0x03, 0x22, 0x00,
            ],
            Self::P256(_) => &[
                0x30, 0x39, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86,
                0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x22, 0x00,
            ],
            Self::Ed25519(_) => &[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00],
            Self::X25519(_) => &[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x03, 0x21, 0x00],
        };
        let body = STANDARD.encode([head, self.bytes()].concat());
        let lines: Vec<&str> = body.as_bytes().chunks(64).filter_map(|line| std::str::from_utf8(line).ok()).collect();
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"))
    }

    /// The JSON of Cosmos programs: `{"@type":"/cosmos.crypto.secp256k1.PubKey","key":"…"}`; X25519 keys have none.
    pub fn cosmos_json(&self) -> Option<String> {
        let module = match self {
            Self::Secp256k1(_) => "secp256k1",
            Self::Ed25519(_) => "ed25519",
            Self::P256(_) => "secp256r1",
            Self::X25519(_) => return None,
        };
        Some(json!({"@type": format!("/cosmos.crypto.{module}.PubKey"), "key": self.base64()}).to_string())
    }
}
